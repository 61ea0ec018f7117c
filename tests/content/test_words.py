"""The words of the workbook and of hmsbook, in three languages, against the declaration and the glossary."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from hmsbook.standard.book import SHEETS, TABLES
from hmsbook.standard.kinds import Choice
from hmsbook.standard.schema import Column, Table
from hmsbook.standard.sheets import check, coverage, log, status, values
from tests.content.texts import (
    A_INFINITIVE,
    LANGUAGES,
    NOT_BRITISH,
    SENTENCE,
    blanks,
    every_language,
    glossary_rows,
    in_all_languages,
    sentences,
    strings,
)

FILES = ("words", "messages", "numbers", "addin", "letter")

TITLE, LEAD, LABEL, HELP = 31, 125, 24, 200
# The labels of a form stand in one column, above the names of the group.
FORM_LABEL = 30
# What Excel has room for in the box it shows when a cell refuses what was typed.
BOX_TITLE, BOX_TEXT = 32, 255

# Words that belong to no column: the two headers of a form, and what stands for every slot.
FORM_HEADERS = ("field", "answer")
SLOT = "slot"
# Lists of allowed values that no column offers, because rules use them.
OTHER_CHOICES = {"severities", "criteria"}
SEVERITIES = {"E": "error", "W": "warning", "R": "advice"}

# Long, but nothing out of the ordinary.
TYPICAL = {
    "asked": "6–10",
    "beside": "barnehagen-oppdatert.xlsx",
    "cell": "Månedsverdier!F12",
    "choices": "Forbedre, Bevare, Ønske",
    "column": "Spurt utenfor gruppa",
    "command": "hmsbook catalogue",
    "detail": "KeyError",
    "day": "31. desember 2026",
    "factor": "Tids- og arbeidspress",
    "folder": "hmsbook-demo",
    "found": "12,5 prosent",
    "guess": "31. desember 2026",
    "header": "Utfordring",
    "key": r"HKCU\Software\Policies\Microsoft\Office\16.0\Excel\Security",
    "known": "proind, skoen, apu, survey",
    "log": "hmsbook-feil.log",
    "marks": "T03 (sep. 26)",
    "month": "september 2026",
    "missing": "desember 2026",
    "name": "VBAWarnings",
    "part": "xl/worksheets/sheet3.xml",
    "path": "barnehagen.xlsx",
    "place": r"HKCU\Software\VB and VBA Program Settings\hmsbook\addin",
    "platform": "Linux",
    "python": r"~\hms\.venv\Scripts\pythonw.exe",
    "reason": "No space left",
    "region": "hms_status_facts",
    "sheet": "Månedsverdier",
    "table": "Arbeidsgruppa",
    "target": "1 200,5",
    "value": "1 234,5",
    "who": "Kari Nordmann",
}

BOKMAL_ONLY = re.compile(
    r"\b(ikke|hvor\w*|hva|hvem|hvis|hver\w*|hvilke\w*|noen|noe|jeg|dere\w*|mer|fra|være|bare|et|ble|blitt|gjøre\w*"
    r"|sykefravær\w*|ansatte?|uker?|hendelse\w*|verneombud\w*|tillitsvalgt\w*|oppgaver?|leder\w*|kolleger|måned\w*"
    r"|undersøkelse\w*|virksomhet\w*|enhet\w*|navn\w*|kilde\w*|mangler|velg\w*|tall|tallene|tallet|skrevet|skriver"
    r"|filen|cellen|mappen|uten|valgt|vedtatt|lukket|løftet|forbedr\w*"
    r"|\w*beregning\w*|vanlig\w*|åpne?)\b",
    re.IGNORECASE,
)
FOREIGN_TO_BOKMAL = re.compile(
    r"\b(ikkje|kva|kven|korleis|kvifor|nokon|noko|frå|sjukefråvær|tilsette|verneombod|eit|ein|gruppen|uken"
    r"|arbeidsboken|listen|linjen|frem\w*)\b",
    re.IGNORECASE,
)

# Labels of columns that are terms of the glossary.
TERMS = {
    "unit": {
        "organisation": "organisation",
        "unit": "unit",
        "unit_id": "unit_id",
        "parent_unit": "parent_unit",
        "method": "method",
        "headcount": "headcount",
        "smallest_group": "smallest_group",
        "process_leader": "process_leader",
        "minute_taker": "minute_taker",
        "success_criteria": "success_criteria",
        "time_frame": "time_frame",
    },
    "group": {"role": "role", "note": "note"},
    "challenges": {
        "description": "challenge",
        "factor": "factor",
        "source": "source",
        "mentions": "mentions",
        "chosen": "chosen",
        "followed_without_numbers": "followed_without_numbers",
        "note": "note",
    },
    "indicators": {
        "name": "indicator",
        "unit": "measurement_unit",
        "better": "better_when",
        "frequency": "frequency",
        "target": "target",
        "owner": "owner",
        "data_source": "data_source",
        "rolling": "rolling",
        "about_persons": "about_persons",
    },
    "why": {"text": "why"},
    "weights": {"effect": "effect", "ease": "ease", "quality": "quality", "cost": "cost"},
    "proposals": {
        "proposal": "proposal",
        "challenge": "challenge",
        "effect": "effect",
        "ease": "ease",
        "quality": "quality",
        "cost": "cost",
        "score": "score",
        "rank": "rank",
        "quadrant": "quadrant",
        "iglo": "iglo",
        "low_hanging": "low_hanging_fruit",
        "spread": "spread",
    },
    "measures": {
        "measure": "measure",
        "responsible": "responsible",
        "deadline": "deadline",
        "days_left": "days_left",
        "achieve": "should_achieve",
        "evaluate_on": "evaluate_on",
        "sensitive": "sensitive",
        "iglo": "iglo",
        "asked_beyond": "asked_beyond_group",
        "decided_by": "decided_by",
        "lifted_to": "lifted_to",
        "evaluation": "evaluation",
    },
    "process": {"step": "step", "confirmed_by": "confirmed_by"},
    "mapping": {"round": "round", "table": "table_group", "category": "factor"},
    "survey": {"round": "round", "theme": "theme", "deviation": "standard_deviation"},
    "basis": {"numerator": "numerator", "denominator": "denominator", "source": "source"},
    "events": {"text": "event"},
    "votes": {"effect": "effect", "ease": "ease", "quality": "quality", "cost": "cost"},
    "communication": {
        "message": "message",
        "audience": "audience",
        "channel": "channel",
        "interval": "frequency",
        "owner": "owner",
    },
}
# Lists of allowed values whose keys stand in the glossary under a prefix.
CHOICE_TERMS = {
    "methods": "method.",
    "roles": "role.",
    "factors": "factor.",
    "kinds": "kind.",
    "sources": "source.",
    "better": "better.",
    "frequencies": "frequency.",
    "iglo": "iglo.",
    "quadrants": "quadrant.",
    "statuses": "status.",
    "step_statuses": "step.",
    "channels": "channel.",
    "count_kinds": "count.",
    "survey_levels": "",
    "yes_no": "",
}


ALL = {file: in_all_languages(file) for file in FILES}
WORDS, MESSAGES = ALL["words"], ALL["messages"]


def everything(language: str) -> list[tuple[str, str]]:
    return [found for texts in ALL.values() for found in strings(texts[language])]


def filled(text: str) -> str:
    return text.format_map({name: TYPICAL.get(name, "123") for name in blanks(text)})


def columns() -> Iterator[tuple[Table, Column]]:
    for table in TABLES.values():
        for column in table.columns:
            yield table, column


def words_of(language: str, table: str, column: str) -> dict[str, Any]:
    found: dict[str, Any] = WORDS[language]["columns"][table][column]
    return found


def label(language: str, table: str, column: str) -> str:
    return str(words_of(language, table, column)["label"])


def names(language: str, table: str, column: str) -> set[str]:
    """What a reader of the workbook may find as this column's header, without case, blanks and hyphens."""
    entry = words_of(language, table, column)
    found = (entry["label"], *entry.get("aliases", ()), column)
    return {re.sub(r"[\s-]", "", name.casefold()) for name in found}


def pieces(text: str) -> list[str]:
    """What a header breaks into when its column is narrow."""
    return re.split(r" |(?<=-)", text)


every_file = pytest.mark.parametrize("file", FILES)


# The three languages against each other


@every_file
@every_language
def test_all_languages_have_the_same_keys_in_the_same_order(language: str, file: str) -> None:
    original = [path for path, _ in strings(ALL[file]["nb"])]
    assert [path for path, _ in strings(ALL[file][language])] == original


@every_file
@every_language
def test_all_languages_have_the_same_blanks(language: str, file: str) -> None:
    original = dict(strings(ALL[file]["nb"]))
    wrong = [
        (path, text)
        for path, text in strings(ALL[file][language])
        if path in original and blanks(text) != blanks(original[path])
    ]
    assert wrong == []


@every_file
@every_language
def test_blanks_at_the_ends_are_those_of_the_original(language: str, file: str) -> None:
    """Formulas join some of the texts, so that a blank at an end matters; there are no other stray ones."""
    original = dict(strings(ALL[file]["nb"]))
    wrong = []
    for path, text in strings(ALL[file][language]):
        if path.startswith("format."):
            continue
        before = original.get(path, "")
        ends = (text[:1] == " ", text[-1:] == " ")
        stray = "  " in text or "\n" in text or " ." in text.replace(" .xls", "") or " ," in text
        if stray or ends != (before[:1] == " ", before[-1:] == " "):
            wrong.append((path, text))
    assert wrong == []


@every_language
def test_only_the_label_of_a_slot_is_empty(language: str) -> None:
    assert [path for path, text in everything(language) if not text] == [f"columns.values.{SLOT}.label"]


@every_language
def test_links_name_the_same_sheets(language: str) -> None:
    assert WORDS[language]["ui"]["links"] == WORDS["nb"]["ui"]["links"]
    assert set(WORDS[language]["ui"]["links"]) <= {sheet.key for sheet in SHEETS}


@every_language
def test_icons_keep_their_symbol(language: str) -> None:
    original = dict(strings(WORDS["nb"]["ui"]["icons"]))
    for path, text in strings(WORDS[language]["ui"]["icons"]):
        symbol, word = text.split(" ", 1)
        before = original[path].split(" ", 1)[0]
        assert symbol == before or (symbol.endswith(":") and before.endswith(":")), path
        assert word, path
        assert '"' not in text, path


@every_language
def test_a_year_has_twelve_months(language: str) -> None:
    form = WORDS[language]["format"]
    for key in ("months", "months_short"):
        assert len(set(form[key])) == 12, key
    assert all(
        short.rstrip(".").casefold() == month[: len(short.rstrip("."))].casefold()
        for short, month in zip(form["months_short"], form["months"], strict=True)
    )
    assert blanks(form["date"]) == {"day", "month", "year"}
    assert form["decimal"] != form["thousands"]


# The words against the declaration


@every_language
def test_every_sheet_has_its_words_and_no_other_has(language: str) -> None:
    assert list(WORDS[language]["sheets"]) == [sheet.key for sheet in SHEETS]
    assert all(set(found) == {"title", "lead"} for found in WORDS[language]["sheets"].values())


@every_language
def test_every_table_has_its_words_and_no_other_has(language: str) -> None:
    assert set(WORDS[language]["tables"]) == set(TABLES)
    assert set(WORDS[language]["columns"]) == set(TABLES)


@every_language
@pytest.mark.parametrize("key", TABLES)
def test_every_column_has_its_words_and_no_other_has(language: str, key: str) -> None:
    table = TABLES[key]
    extra = (*(FORM_HEADERS if table.form else ()), *((SLOT,) if table.slots else ()))
    found = WORDS[language]["columns"][key]
    assert set(found) == {column.key for column in table.columns} | set(extra)
    for column, entry in found.items():
        allowed = {"label"} if column in FORM_HEADERS and table.form else {"label", "help", "aliases"}
        assert {"label", *allowed} - {"aliases"} <= set(entry) <= allowed, column


@every_language
def test_every_list_of_allowed_values_has_its_words_and_no_other_has(language: str) -> None:
    used = {column.kind.choices for _, column in columns() if isinstance(column.kind, Choice)}
    assert set(WORDS[language]["choices"]) == used | OTHER_CHOICES


@every_language
@pytest.mark.parametrize(
    ("place", "keys"),
    [
        ("values", values.HEAD_ROWS),
        ("status.facts", status.FACT_ROWS),
        ("status.indicator", status.INDICATORS.columns),
        ("status.counts", status.COUNTS.columns),
        ("status.urgent_columns", status.URGENT.columns),
        ("status.challenge", status.CHALLENGES.columns),
        ("check", check.PROBLEMS.columns),
        ("coverage", coverage.FACTORS.columns),
        ("log", log.LOG.columns),
    ],
)
def test_what_hmsbook_fills_has_its_headings(language: str, place: str, keys: tuple[str, ...]) -> None:
    found = WORDS[language]["ui"]
    for part in place.split("."):
        found = found[part]
    assert set(keys) <= set(found)


# Limits


@every_language
def test_sheet_titles_are_what_excel_allows(language: str) -> None:
    titles = [sheet["title"] for sheet in WORDS[language]["sheets"].values()]
    assert [title for title in titles if len(title) > TITLE or re.search(r"[\\/?*\[\]:']", title)] == []
    assert len({title.casefold() for title in titles}) == len(titles)


@every_language
def test_leads_fit_the_first_row(language: str) -> None:
    leads = [sheet["lead"] for sheet in WORDS[language]["sheets"].values()]
    assert [(len(lead), lead) for lead in leads if len(lead) > LEAD or lead[-1] not in ".?"] == []


@every_language
def test_labels_are_short_and_plain(language: str) -> None:
    wrong = [
        (table, column, len(text), text)
        for table, entries in WORDS[language]["columns"].items()
        for column, entry in entries.items()
        for text in (entry["label"], *entry.get("aliases", ()))
        if len(text) > (FORM_LABEL if TABLES[table].form else LABEL) or re.search(r"[\[\]#'\"\n]", text)
    ]
    assert wrong == []


@every_language
def test_labels_fit_their_columns_when_they_wrap(language: str) -> None:
    wrong = []
    for table, column in columns():
        width = column.width or column.kind.width
        longest = max(pieces(label(language, table.key, column.key)), key=len)
        if not table.form and len(longest) > width + 0.5:
            wrong.append((table.key, column.key, width, longest))
    assert wrong == []


@every_language
def test_headings_of_status_fit_without_wrapping(language: str) -> None:
    narrow = set(status.INDICATORS.columns) - {"name", "trend", "sentence"}
    heads = WORDS[language]["ui"]["status"]["indicator"]
    assert [heads[key] for key in narrow if len(heads[key]) > 10] == []
    icons = [word for _, text in strings(WORDS[language]["ui"]["icons"]) for word in pieces(text)]
    assert [word for word in icons if len(word) > 10] == []


@every_language
def test_help_is_short_whole_sentences(language: str) -> None:
    wrong = [
        (table, column, len(entry["help"]), entry["help"])
        for table, entries in WORDS[language]["columns"].items()
        for column, entry in entries.items()
        if "help" in entry and (len(entry["help"]) > HELP or entry["help"][-1] not in ".?")
    ]
    assert wrong == []


@every_language
def test_allowed_values_can_be_listed_and_quoted(language: str) -> None:
    wrong = []
    for key, choices in WORDS[language]["choices"].items():
        wrong += [(key, text) for text in choices.values() if re.search(r'[,;"\n]', text)]
        wrong += [(key, text) for text, n in Counter(map(str.casefold, choices.values())).items() if n > 1]
    assert wrong == []


@every_language
def test_messages_of_a_refused_cell_fit_their_box(language: str) -> None:
    found = WORDS[language]["ui"]["invalid"]
    assert len(found["title"]) <= BOX_TITLE
    assert [text for text in found.values() if len(text) > BOX_TEXT] == []


@every_language
def test_no_sentence_is_too_long(language: str) -> None:
    found = [*strings(MESSAGES[language]), *strings(ALL["addin"][language]), *strings(WORDS[language]["ui"])]
    long = [
        (path, len(sentence), sentence)
        for path, text in found
        for sentence in sentences(filled(text))
        if len(sentence) > SENTENCE
    ]
    assert long == []


# One name, one meaning


@pytest.mark.parametrize("key", TABLES)
def test_no_header_means_two_columns_in_any_language(key: str) -> None:
    meanings: dict[str, set[str]] = {}
    for language in LANGUAGES:
        for column in TABLES[key].columns:
            for name in names(language, key, column.key):
                meanings.setdefault(name, set()).add(column.key)
    assert {name: found for name, found in meanings.items() if len(found) > 1} == {}


@pytest.mark.parametrize("key", WORDS["nb"]["choices"])
def test_no_allowed_value_means_two_things_in_any_language(key: str) -> None:
    meanings: dict[str, set[str]] = {}
    for language in LANGUAGES:
        for choice, text in WORDS[language]["choices"][key].items():
            meanings.setdefault(text.casefold(), set()).add(choice)
            meanings.setdefault(choice.casefold(), set()).add(choice)
    assert {name: found for name, found in meanings.items() if len(found) > 1} == {}


# Language


def test_nynorsk_is_nynorsk() -> None:
    found = [
        (path, match[0])
        for path, text in everything("nn")
        for match in [BOKMAL_ONLY.search(text) or A_INFINITIVE.search(text)]
        if match
    ]
    assert found == []


def test_bokmal_is_bokmal() -> None:
    assert [(path, text) for path, text in everything("nb") if FOREIGN_TO_BOKMAL.search(text)] == []


def test_english_is_british() -> None:
    assert [(path, text) for path, text in everything("en") if NOT_BRITISH.search(text)] == []


def test_english_has_no_norwegian_left() -> None:
    kept = {"Bokmål", "Nynorsk", "Der skoen trykker"}
    found = [
        (path, text) for path, text in everything("en") if re.search(r"[æøåÆØÅ«»]", text) and text not in kept
    ]
    assert found == []


# docs/glossary.md


def glossary(language: str) -> dict[str, str]:
    return {row[0]: row[1 + LANGUAGES.index(language)] for row in glossary_rows()}


def bare(text: str) -> str:
    """A term without case, and without the hyphen that lets a header break."""
    return re.sub(r"-(?=[a-zæøå])", "", text.casefold())


@every_language
def test_sheet_titles_are_those_of_the_glossary(language: str) -> None:
    terms = glossary(language)
    for key, sheet in WORDS[language]["sheets"].items():
        assert sheet["title"] == terms[f"sheet.{key}"], key


@every_language
@pytest.mark.parametrize("key", CHOICE_TERMS)
def test_allowed_values_are_those_of_the_glossary(language: str, key: str) -> None:
    terms = glossary(language)
    found = WORDS[language]["choices"][key]
    assert {choice: text.casefold() for choice, text in found.items()} == {
        choice: terms[f"{CHOICE_TERMS[key]}{choice}"].casefold() for choice in found
    }


@every_language
def test_other_allowed_values_follow_the_glossary(language: str) -> None:
    terms, choices = glossary(language), WORDS[language]["choices"]
    for key, text in choices["meeting_types"].items():
        assert terms[f"meeting.{key}"].startswith(text.lower()), key
    for key, term in SEVERITIES.items():
        assert choices["severities"][key].lower() == terms[f"severity.{term}"], key
    assert choices["urgency"]["overdue"].lower() == terms["overdue"]
    assert choices["valences"]["strength"].lower() == terms["strength"]


@every_language
@pytest.mark.parametrize("table", TERMS)
def test_labels_are_terms_of_the_glossary(language: str, table: str) -> None:
    terms = glossary(language)
    found = {column: bare(label(language, table, column)) for column in TERMS[table]}
    assert found == {column: bare(terms[term]) for column, term in TERMS[table].items()}


@every_language
def test_headings_are_terms_of_the_glossary(language: str) -> None:
    terms, ui = glossary(language), WORDS[language]["ui"]
    for text, term in (
        (ui["agenda"]["heading"], "agenda"),
        (ui["trends"]["mean"], "centre_line"),
        (ui["trends"]["lower"], "process_limits"),
        (ui["trends"]["upper"], "upper_limit"),
        (ui["trends"]["target"], "target"),
        (ui["trends"]["improvement"], "improvement"),
        (ui["trends"]["concern"], "concern"),
        (ui["status"]["counts"]["overdue"], "overdue"),
        (ui["status"]["counts"]["done"], "status.done"),
        (ui["values"]["unit"], "measurement_unit"),
    ):
        assert text.lower() == terms[term].lower(), term
    assert ui["coverage"]["law"].lower() == f"{terms['law']} § 4-3".lower()


@every_language
def test_the_button_has_the_same_name_everywhere(language: str) -> None:
    """What people press is called what the command is called."""
    button = MESSAGES[language]["commands"]["update"]["title"]
    stale = WORDS[language]["ui"]["stale"]
    assert button in stale["changed"]
    assert button in stale["never"]
    assert button.split(" ", maxsplit=1)[0] in WORDS[language]["sheets"]["status"]["lead"]
