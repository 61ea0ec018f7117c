from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from string import Formatter
from time import perf_counter
from typing import Any

import pytest

from hmsbook.analysis.summary import summarise
from hmsbook.model.book import Book, Manifest
from hmsbook.model.dates import add_months
from hmsbook.model.problems import SEVERITIES
from hmsbook.model.records import Row
from hmsbook.rules.registry import RULES, check
from hmsbook.texts.files import LANGUAGES, load
from tests.rules.support import TODAY, book

CODES = """
    GRP-1 GRP-2 GRP-3 GRP-4 CHA-1 IND-1 IND-2 IND-3 IND-4 IND-5 IND-6 IND-7 PRV-3 PRI-1 PRI-2
    PRI-3 PRI-4 MEA-1 MEA-2 MEA-3 MEA-4 MEA-5 MEA-6 MEA-7 SUR-1 APU-1 PRO-1 REF-1
""".split()
LONGEST = 110
SENTENCES = ("text", "fix")

# What stands in a blank, as long as it usually gets; ids and titles are already shortened by the rules.
TYPICAL = {
    "answered": "45",
    "before": "Velge indikatorer",
    "bound": "100",
    "challenge": "U02 (Ukeplanen endres ofte på kort…)",
    "column": "Spurt utenfor gruppa",
    "criterion": "Effekt, Gjennomførbarhet, Kvalitet, Kostnad",
    "date": "18. september 2026",
    "deadline": "18. september 2026",
    "denominator": "1 044,5",
    "expected": "6,44",
    "found": "0,064",
    "guess": "6,4",
    "header": "Ansattnummer",
    "id": "P07",
    "iglo": "Individual, Group, Leadership, Organisation",
    "improve": "2",
    "indicator": "I04 (RUH lukket innen frist)",
    "invited": "92",
    "maximum": "10",
    "measure": "T05 (Tak for overtid per lag og uke)",
    "meeting": "M03",
    "member": "Kaja Solbu",
    "minimum": "6",
    "month": "september 2026",
    "n": "12",
    "name": "Kaja Solbu",
    "numerator": "1 095",
    "other": "A14",
    "owner": "Kaja Solbu",
    "percent": "48",
    "preserve": "3",
    "proposal": "P07 (Én koordinator med myndighet…)",
    "responsible": "Jonas Krogsæter",
    "round": "2026",
    "status": "Gjennomført",
    "step": "Følge utviklingen over tid",
    "table": "Hvorfor endret det seg?",
}

# All that a hospital's group may lack.
ROLES = {
    "nb": "Leder, Overordnet leder, Tillitsvalgt, Verneombud, Stabsressurs",
    "nn": "Leiar, Overordna leiar, Tillitsvald, Verneombod, Stabsressurs",
    "en": "Leader, Superior leader, Union representative, Safety representative, Staff resource",
}

each_language = pytest.mark.parametrize("language", LANGUAGES)


def sections(language: str) -> dict[str, Any]:
    found: dict[str, Any] = load("texts", language, "rules.toml")["rules"]
    return found


def patterns(sentence: str | Mapping[str, str]) -> list[str]:
    return [sentence] if isinstance(sentence, str) else list(sentence.values())


def blanks(sentence: str | Mapping[str, str]) -> set[str]:
    return {name for pattern in patterns(sentence) for _, name, _, _ in Formatter().parse(pattern) if name}


def written(language: str) -> list[tuple[str, str]]:
    """Every sentence of a language, with where it stands."""
    return [
        (f"{code}.{case}.{part}", pattern)
        for code, cases in sections(language).items()
        for case, sentences in cases.items()
        if case != "title"
        for part in SENTENCES
        for pattern in patterns(sentences[part])
    ]


def test_every_rule_is_listed_once_in_the_order_of_the_standard() -> None:
    assert [rule.code for rule in RULES] == CODES


@pytest.mark.parametrize("rule", RULES, ids=CODES)
def test_what_a_rule_declares(rule: Any) -> None:
    assert rule.severity in SEVERITIES
    assert rule.source.endswith(".")
    assert len(set(rule.cases)) == len(rule.cases) > 0
    assert rule.function.__doc__


@each_language
def test_every_case_has_its_sentences_and_no_other_has(language: str) -> None:
    declared = {rule.code: {"title", *rule.cases} for rule in RULES}
    assert {code: set(cases) for code, cases in sections(language).items()} == declared
    for rule in RULES:
        assert all(set(sections(language)[rule.code][case]) == set(SENTENCES) for case in rule.cases)


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "nb"])
def test_languages_say_the_same_things(language: str) -> None:
    """The same blanks in each sentence, and one or many told apart in the same ones."""
    for code, cases in sections("nb").items():
        for case, sentences in cases.items():
            other = sections(language)[code][case]
            if case != "title":
                assert {part: type(text) for part, text in other.items()} == {
                    part: type(text) for part, text in sentences.items()
                }, (code, case)
                assert all(blanks(other[part]) == blanks(sentences[part]) for part in SENTENCES), (code, case)


@each_language
def test_sentences_fit_their_row(language: str) -> None:
    filled = TYPICAL | {"role": ROLES[language]}
    long = {where: len(text.format_map(filled)) for where, text in written(language)}
    assert {where: length for where, length in long.items() if length > LONGEST} == {}


@each_language
def test_sentences_end_as_sentences(language: str) -> None:
    assert [where for where, text in written(language) if not re.search(r"[.?!]\Z", text)] == []
    titles = [cases["title"] for cases in sections(language).values()]
    assert all(title and title[-1] not in ".:" and len(title) <= 40 for title in titles)


def test_no_case_is_taken_for_one_of_reading() -> None:
    reading = set(load("texts", "nb", "messages.toml")["reading"])
    assert {case for rule in RULES for case in rule.cases} & reading == set()


def test_a_blank_book_of_any_method_has_few_problems() -> None:
    for method in ("proind", "skoen", "apu", "survey"):
        about = book(method)
        found = [problem.code for problem in check(about, summarise(about, TODAY))]
        assert len(found) == len(set(found)) <= 4


MIXED = {
    "group": "| name | email | can_decide |\n| Kaja | kaja | ja |\n| Ida | ida | |",
    "measures": """
        | id  | measure  | status | challenges |
        | T01 | Tak      | closed | U09        |
        | T02 | Ny tavle | ongoing |           |
    """,
    "votes": "| member | proposal | cost | effect |\n| Kaja | P01 | 9 | 9 |\n| Ida | P01 | 9 | |",
}


def test_errors_first_then_code_sheet_and_cell() -> None:
    about = book(**MIXED)
    found = check(about, summarise(about, TODAY))
    assert [problem.order for problem in found] == sorted(problem.order for problem in found)
    votes = [problem.place.cell for problem in found if problem.code == "PRI-1"]
    assert votes == ["C2", "F2", "F3"]
    unknown = [problem.place.sheet for problem in found if problem.code == "REF-1"]
    assert unknown == ["measures", "votes", "votes", "votes"][: len(unknown)]


def test_what_a_sentence_names_is_among_its_values() -> None:
    """Every blank of a sentence is filled by the problem it is for."""
    about = book(**MIXED)
    for problem in check(about, summarise(about, TODAY)):
        sentences = sections("nb")[problem.code][problem.case]
        assert all(blanks(sentences[part]) <= set(problem.values) for part in SENTENCES), problem


def large() -> Book:
    """24 indicators over 240 months, with 5,000 rows of basis."""
    start = date(2006, 11, 1)
    ids = [f"I{number:02d}" for number in range(1, 25)]
    months = [add_months(start, number) for number in range(240)]
    rows = {
        "indicators": [{"id": key, "name": "Fravær", "unit": "%", "frequency": "month"} for key in ids],
        "values": [{"month": month} | dict.fromkeys(ids, 5 + n % 7 / 10) for n, month in enumerate(months)],
        "basis": [
            {
                "month": months[n % 240],
                "indicator": ids[n // 240],
                "numerator": 50.0 + n % 240 % 7,
                "denominator": 1000.0,
                "people": 51,
                "source": "Timesystemet",
            }
            for n in range(5000)
        ],
    }
    made = {
        key: tuple(Row(key, values, key, dict.fromkeys(values, "A1"), n) for n, values in enumerate(found))
        for key, found in rows.items()
    }
    return Book(Manifest(), made, (), made)


def test_a_large_book_is_checked_at_once() -> None:
    about = large()
    summary = summarise(about, TODAY)
    times = []
    for _ in range(5):
        start = perf_counter()
        found = check(about, summary)
        times.append(perf_counter() - start)
    assert {problem.code for problem in found} <= {"GRP-1", "GRP-2", "GRP-3", "IND-1", "IND-2", "IND-5"}
    # Around 10 ms; the rest is for slow machines. A scan of all rows for each row would take seconds.
    assert min(times) < 0.1
