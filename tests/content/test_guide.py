"""The words of methods, agendas, fact sheets and guide: complete, alike in three languages, short enough."""

from __future__ import annotations

import re

import pytest

from tests.content.texts import (
    A_INFINITIVE,
    LANGUAGES,
    NOT_BRITISH,
    SENTENCE,
    every_language,
    glossary_rows,
    in_all_languages,
    read,
    sentences,
    strings,
)

METHODS = ("proind", "skoen", "apu", "survey")
MEETINGS = ("mapping", "prioritisation", "process", "measures", "evaluation")
FACTORS = (
    "job_insecurity",
    "control",
    "social_support",
    "harassment",
    "time_pressure",
    "relations",
    "culture",
    "formal_structure",
    "technology",
    "other",
)
SHEETS = (
    "status",
    "group",
    "challenges",
    "indicators",
    "values",
    "trends",
    "priorities",
    "measures",
    "meetings",
    "mapping",
    "survey",
    "check",
    "coverage",
    "factors",
    "guide",
    "basis",
    "events",
    "votes",
    "communication",
    "log",
)
ALWAYS = ("status", "group", "challenges", "priorities", "measures", "meetings", "guide")
NUMBERS = ("indicators", "values", "trends")
ROLES = (
    "leader",
    "superior_leader",
    "middle_manager",
    "hr_hms",
    "safety_representative",
    "union_representative",
    "employee",
    "staff_resource",
    "occupational_health",
    "nav",
    "other_external",
)
UNIT_FIELDS = ("process_leader", "minute_taker", "success_criteria")

TITLE, AGENDA = 60, 90
BOKMAL_ONLY = re.compile(
    r"\b(ikke|hvor\w*|hva|hvem|hvilke\w*|noen|noe|sykefravær\w*|ansatte?|jeg|uker?|hendelse\w*|verneombud\w*"
    r"|tillitsvalgt\w*|oppgaver?|ledere?|fra|være|bare|kolleger|måned\w*|undersøkelse\w*|virksomhet\w*)\b",
    re.IGNORECASE,
)
FOREIGN_TO_BOKMAL = re.compile(
    r"\b(ikkje|kva|kven|korleis|kvifor|nokon|noko|frå|sjukefråvær|tilsette|verneombod)\b", re.IGNORECASE
)

GUIDES = in_all_languages("guide")
RULES = read("methods.toml")


def minutes(item: str) -> int:
    found = re.search(r" \((\d+) min\)$", item)
    assert found, item
    return int(found[1])


@every_language
def test_all_languages_have_the_same_keys_and_list_lengths(language: str) -> None:
    assert [path for path, _ in strings(GUIDES[language])] == [path for path, _ in strings(GUIDES["nb"])]


@every_language
def test_no_text_is_empty_or_has_stray_blanks(language: str) -> None:
    wrong = [
        (path, text)
        for path, text in strings(GUIDES[language])
        if not text or text != text.strip() or "  " in text or "\n" in text or " ." in text or " ," in text
    ]
    assert wrong == []


@every_language
def test_every_sentence_fits_its_row(language: str) -> None:
    long = [
        (path, len(sentence), sentence)
        for path, text in strings(GUIDES[language])
        for sentence in sentences(text)
        if len(sentence) > SENTENCE
    ]
    assert long == []


@every_language
def test_lines_and_questions_fit_as_a_whole(language: str) -> None:
    guide = GUIDES[language]
    whole = [
        *(line for section in guide["guide"]["sections"] for line in section["lines"]),
        *(line for method in guide["guide"]["methods"].values() for line in method["lines"]),
        *(question for factor in guide["factors"].values() for question in factor["questions"]),
        *(method["summary"] for method in guide["methods"].values()),
        *(meeting["purpose"] for meeting in guide["meetings"].values()),
    ]
    assert [line for line in whole if len(line) > SENTENCE] == []


@every_language
def test_titles_are_short(language: str) -> None:
    long = [
        text
        for path, text in strings(GUIDES[language])
        if path.endswith(".title") or path.startswith("law.letters")
        if len(text) > TITLE
    ]
    assert long == []


@every_language
def test_methods_and_steps_are_those_of_the_rules(language: str) -> None:
    guide = GUIDES[language]
    assert tuple(guide["methods"]) == tuple(guide["guide"]["methods"]) == METHODS
    assert {method: list(steps) for method, steps in guide["steps"].items()} == {
        method: RULES[method]["steps"] for method in METHODS
    }
    assert all(
        len(sentences(step["what"])) <= 2 for steps in guide["steps"].values() for step in steps.values()
    )


@every_language
def test_agendas_can_be_printed(language: str) -> None:
    guide = GUIDES[language]
    assert tuple(guide["meetings"]) == MEETINGS
    for key, meeting in guide["meetings"].items():
        assert 6 <= len(meeting["agenda"]) <= 8, key
        assert max(map(len, meeting["agenda"])) <= AGENDA, max(meeting["agenda"], key=len)
        assert 60 <= sum(map(minutes, meeting["agenda"])) <= 90, key


@every_language
def test_agendas_take_the_same_time_in_every_language(language: str) -> None:
    for key, meeting in GUIDES[language]["meetings"].items():
        assert list(map(minutes, meeting["agenda"])) == list(
            map(minutes, GUIDES["nb"]["meetings"][key]["agenda"])
        ), key


ASKS = {
    "nb": ("hvorfor", r"hvem (bestemmer|tar|kan|i rommet)", r"forteller vi"),
    "nn": ("kvifor", r"kven (avgjer|tek|kan|i rommet)", r"fortel vi"),
    "en": ("why", r"who (decides|makes|can|in the room)", r"do we tell"),
}


@every_language
@pytest.mark.parametrize("meeting", MEETINGS)
def test_every_meeting_asks_why_who_decides_and_who_is_told(language: str, meeting: str) -> None:
    agenda = GUIDES[language]["meetings"][meeting]["agenda"]
    for pattern in ASKS[language]:
        assert any(re.search(pattern, item, re.IGNORECASE) for item in agenda), pattern


@every_language
def test_fact_sheets_are_whole(language: str) -> None:
    guide = GUIDES[language]
    assert tuple(guide["factors"]) == FACTORS
    for key, factor in guide["factors"].items():
        assert set(factor) == {"what", "why", "questions"}
        assert 2 <= len(sentences(factor["what"])) <= 3, key
        assert 2 <= len(sentences(factor["why"])) <= 3, key
        assert 5 <= len(factor["questions"]) <= 8, key
        assert all(question.endswith("?") for question in factor["questions"]), key


CHANNEL = {"nb": "varslingskanalen", "nn": "varslingskanalen", "en": "whistleblowing channel"}


@every_language
def test_cases_of_persons_are_led_to_the_right_channel(language: str) -> None:
    guide = GUIDES[language]
    assert CHANNEL[language] in guide["factors"]["harassment"]["what"]
    assert any(CHANNEL[language] in text for path, text in strings(guide["guide"]))


@every_language
def test_the_guide_has_lines_enough_and_not_too_many(language: str) -> None:
    guide = GUIDES[language]
    assert all(1 <= len(section["lines"]) <= 8 for section in guide["guide"]["sections"])
    assert all(4 <= len(method["lines"]) <= 8 for method in guide["guide"]["methods"].values())
    assert len(guide["guide"]["sections"][-1]["lines"]) == 7
    assert list(guide["law"]["letters"]) == ["a", "b", "c", "d"]


def test_nynorsk_is_nynorsk() -> None:
    found = [
        (path, match[0])
        for path, text in strings(GUIDES["nn"])
        for match in [BOKMAL_ONLY.search(text) or A_INFINITIVE.search(text)]
        if match
    ]
    assert found == []


def test_bokmal_is_bokmal() -> None:
    assert [(path, text) for path, text in strings(GUIDES["nb"]) if FOREIGN_TO_BOKMAL.search(text)] == []


def test_english_is_british() -> None:
    assert [(path, text) for path, text in strings(GUIDES["en"]) if NOT_BRITISH.search(text)] == []


# methods.toml


@pytest.mark.parametrize("method", METHODS)
def test_a_method_names_only_what_exists(method: str) -> None:
    rules = RULES[method]
    known = {
        "steps",
        "meetings",
        "sheets",
        "indicators_min",
        "indicators_max",
        "required_roles",
        "required_unit_fields",
    }
    assert set(rules) <= known
    assert set(rules["meetings"]) <= set(MEETINGS)
    assert set(rules["sheets"]) <= set(SHEETS)
    assert set(rules["required_roles"]) <= set(ROLES)
    assert set(rules["required_unit_fields"]) <= set(UNIT_FIELDS)
    for name in ("steps", "meetings", "sheets", "required_roles", "required_unit_fields"):
        assert len(rules[name]) == len(set(rules[name])), name


def test_methods_are_the_four() -> None:
    assert tuple(RULES) == METHODS


@pytest.mark.parametrize("method", METHODS)
def test_sheets_shown_at_the_start_are_those_of_the_standard(method: str) -> None:
    own = {"proind": (), "skoen": ("mapping", "survey"), "apu": ("mapping",), "survey": ("survey",)}[method]
    numbers = () if method == "apu" else NUMBERS
    assert set(RULES[method]["sheets"]) == {*ALWAYS, *numbers, *own}


def test_only_proind_bounds_the_number_of_indicators() -> None:
    bounds = {
        method: (rules.get("indicators_min"), rules.get("indicators_max")) for method, rules in RULES.items()
    }
    assert bounds == {"proind": (6, 10), "skoen": (None, None), "apu": (None, None), "survey": (None, None)}


# docs/glossary.md

HEADER = ["key", "bokmål", "nynorsk", "English", "note"]


def terms() -> dict[str, list[str]]:
    return {row[0]: row[1:] for row in glossary_rows() if row != HEADER and set(row) != {"---"}}


def test_the_glossary_has_every_column_filled() -> None:
    assert [row for row in glossary_rows() if len(row) != len(HEADER) or not all(row)] == []


def test_the_glossary_has_each_key_once() -> None:
    keys = [row[0] for row in glossary_rows() if row != HEADER and set(row) != {"---"}]
    assert len(keys) == len(set(keys)) >= 80


@pytest.mark.parametrize(
    ("prefix", "keys"), [("method", METHODS), ("sheet", SHEETS), ("role", ROLES), ("factor", FACTORS)]
)
def test_the_glossary_covers_what_the_standard_lists(prefix: str, keys: tuple[str, ...]) -> None:
    assert [key for key in keys if f"{prefix}.{key}" not in terms()] == []


def test_sheet_names_differ_within_a_language() -> None:
    for column in range(len(LANGUAGES)):
        names = [terms()[f"sheet.{key}"][column] for key in SHEETS]
        assert len(set(names)) == len(names)


@every_language
def test_names_follow_the_glossary(language: str) -> None:
    guide, column = GUIDES[language], LANGUAGES.index(language)
    assert guide["guide"]["title"] == terms()["sheet.guide"][column]
    for key in MEETINGS:
        assert guide["meetings"][key]["title"].lower() == terms()[f"meeting.{key}"][column]


def test_the_nynorsk_column_is_nynorsk() -> None:
    assert [row[1] for row in terms().values() if BOKMAL_ONLY.search(row[1])] == []
