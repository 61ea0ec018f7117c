"""Which cells a copy may not show, for their own sake."""

from __future__ import annotations

import pytest

from hmsbook.sharing.limits import Limits, limits
from hmsbook.sharing.masking import mask
from tests.rules.support import book
from tests.sharing.drawn_books import masked, rows_of

ONE_VALUE = "| month | I01 |\n| 2026-01 | 6,4 |"


def indicator(**cells: str) -> str:
    """I01 with these cells."""
    cells = {"id": "I01", "name": "Fravær", "about_persons": "ja"} | cells
    return f"| {' | '.join(cells)} |\n| {' | '.join(cells.values())} |"


def limits_of(**cells: str) -> list[object]:
    """The two limits of a form with these cells, what was lowered, and what was refused."""
    drawing = (
        f"| {' | '.join(cells)} |\n| {' | '.join(cells.values())} |" if cells else "| contact |\n| Ida |"
    )
    found = limits(book(unit=drawing).unit)
    return [found.general, found.bullying, *found.lowered, *(f"-{field}" for field in found.refused)]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({}, [5, 10]),
        ({"smallest_group": "8"}, [8, 10]),
        ({"smallest_group": "12"}, [12, 12]),
        ({"smallest_bullying_group": "15"}, [5, 15]),
        ({"smallest_group": "3"}, [5, 10, "-smallest_group"]),
        ({"smallest_group": "3", "smaller_because": "Avtalt i AMU"}, [3, 10, "smallest_group"]),
        ({"smallest_group": "3", "smaller_because": " "}, [5, 10, "-smallest_group"]),
        ({"smallest_bullying_group": "6"}, [5, 10, "-smallest_bullying_group"]),
        (
            {"smallest_bullying_group": "6", "smaller_because": "Avtalt i AMU"},
            [5, 6, "smallest_bullying_group"],
        ),
        (
            {"smallest_group": "7", "smallest_bullying_group": "6", "smaller_because": "Avtalt"},
            [7, 7, "smallest_bullying_group"],
        ),
    ],
)
def test_limits_go_up_at_will_and_down_with_a_reason(cells: dict[str, str], expected: list[object]) -> None:
    assert limits_of(**cells) == expected


def test_the_reason_is_told_when_it_is_used() -> None:
    form = "| smallest_group | smaller_because |\n| {} | Avtalt i AMU |"
    assert mask(book(unit=form.format(3))).limits.reason == "Avtalt i AMU"
    assert mask(book(unit=form.format(5))).limits == Limits()


@pytest.mark.parametrize(
    ("cells", "hidden"),
    [
        ({"fewest_people": "5"}, []),
        ({"fewest_people": "4"}, ["0 fewest_people: few", "0 I01: few"]),
        ({}, ["0 I01: unknown"]),
        ({"about_persons": ""}, ["0 I01: unknown"]),
        ({"about_persons": "", "fewest_people": "5"}, []),
        ({"about_persons": "nei"}, []),
        ({"about_persons": "nei", "fewest_people": "4"}, []),
        ({"name": "Opplevd mobbing", "fewest_people": "10"}, []),
        ({"name": "Opplevd mobbing", "fewest_people": "9"}, ["0 fewest_people: few", "0 I01: few"]),
        ({"name": "Bullied at work", "fewest_people": "9"}, ["0 fewest_people: few", "0 I01: few"]),
        ({"name": "Seksuell merksemd", "fewest_people": "9"}, ["0 fewest_people: few", "0 I01: few"]),
    ],
)
def test_a_typed_value(cells: dict[str, str], hidden: list[str]) -> None:
    assert masked(book(indicators=indicator(**cells), values=ONE_VALUE)) == hidden


def test_bullying_is_told_by_the_challenge_too() -> None:
    challenges = "| id | factor |\n| U01 | time_pressure |\n| U02 | harassment |"
    for challenge, hidden in (("U01", []), ("U01, U02", ["0 I01: few"])):
        facts = indicator(challenges=challenge, fewest_people="9")
        assert masked(book(challenges=challenges, indicators=facts, values=ONE_VALUE), "values") == hidden


def test_a_value_nobody_has_described_is_masked() -> None:
    assert masked(book(values="| month | I07 |\n| 2026-01 | 3 |")) == ["0 I07: unknown"]


@pytest.mark.parametrize(
    ("people", "fewest", "hidden"),
    [
        ("4", "", ["0 denominator: few", "0 numerator: few", "0 people: few", "0 I01: few"]),
        ("4", "40", ["0 denominator: few", "0 numerator: few", "0 people: few", "0 I01: few"]),
        ("5", "", []),
        ("", "5", []),
        ("", "", ["0 denominator: unknown", "0 numerator: unknown", "0 I01: unknown"]),
    ],
)
def test_a_value_goes_with_what_is_behind_it(people: str, fewest: str, hidden: list[str]) -> None:
    row = "| 2026-01 | I01 | 5 | 100 |"
    about = book(
        indicators=indicator(fewest_people=fewest),
        values="| month | I01 |\n| 2026-01 | 5 |",
        basis=f"| month | indicator | numerator | denominator | people |\n{row} {people} |",
    )
    assert masked(about) == hidden


TWO_SOURCES = """
    | month   | indicator | numerator | denominator | people | source |
    | 2026-01 | I01       | 5         | 60          | 3      | A      |
    | 2026-01 | I01       | 45        | 800         | 40     | B      |
    | 2026-02 | I01       | 41        | 800         | 40     | B      |
"""


def test_rows_of_one_figure_are_masked_together_and_their_total_stands() -> None:
    about = book(
        indicators=indicator(unit="%"), values="| month | I01 |\n| 2026-01 | 5,8 |", basis=TWO_SOURCES
    )
    assert masked(about, "values") == []
    assert rows_of(about, "basis", "few") == [0]
    assert rows_of(about, "basis", "derivable") == [1]


def test_people_of_several_rows_may_be_the_same_people() -> None:
    rows = TWO_SOURCES.replace("40 ", "4  ")
    facts = {"unit": "%"}
    typed = "| month | I01 |\n| 2026-01 | 5,8 |"
    assert masked(book(indicators=indicator(**facts), values=typed, basis=rows), "values") == ["0 I01: few"]
    counted = indicator(**facts, fewest_people="7")
    assert masked(book(indicators=counted, values=typed, basis=rows), "values") == []


@pytest.mark.parametrize(
    ("row", "hidden"),
    [
        ("| Samarbeid | 3,9 | 0,8 | 5 | 9 |", []),
        ("| Samarbeid | 3,9 | 0,8 | 4 | 9 |", ["0 answered: few", "0 deviation: few", "0 mean: few"]),
        ("| Samarbeid | 3,9 | 0,8 |   | 9 |", ["0 deviation: unknown", "0 mean: unknown"]),
        ("| Mobbing   | 1,2 |     | 9 | 20 |", ["0 answered: few", "0 mean: few"]),
        ("| Mobbing   | 1,2 |     | 10 | 20 |", []),
        ("| Samarbeid | 3,9 |     | 4 | 4 |", ["0 answered: few", "0 invited: few", "0 mean: few"]),
    ],
)
def test_a_row_of_the_survey(row: str, hidden: list[str]) -> None:
    assert masked(book(survey=f"| theme | mean | deviation | answered | invited |\n{row}")) == hidden


@pytest.mark.parametrize(
    ("row", "hidden"),
    [
        ("| smiley | control | 20 | 40 |", []),
        ("| smiley | control | 4 | 40 |", ["0 agree: few"]),
        ("| smiley | control | 0 | 40 |", ["0 agree: few"]),
        ("| smiley | control | 36 | 40 |", ["0 agree: few"]),
        ("| smiley | control | 35 | 40 |", []),
        ("| smiley | harassment | 9 | 40 |", ["0 agree: few"]),
        ("| smiley | control | 2 | 4 |", ["0 agree: few", "0 of_all: few"]),
        ("| smiley | control | 20 |  |", ["0 agree: unknown"]),
        ("|        | control | 4 | 40 |", ["0 agree: few"]),
        ("| note   | control | 1 | 4 |", []),
        ("| card   | control | 1 | 4 |", []),
    ],
)
def test_a_row_of_the_mapping(row: str, hidden: list[str]) -> None:
    assert masked(book(mapping=f"| count_kind | category | agree | of_all |\n{row}")) == hidden


def test_a_small_unit_does_not_say_how_small() -> None:
    assert masked(book(unit="| headcount |\n| 4 |")) == ["0 headcount: few"]
    assert masked(book(unit="| headcount |\n| 5 |")) == []


@pytest.mark.parametrize("kind", ["", "Skift"])
def test_all_may_be_a_subgroup_among_the_others(kind: str) -> None:
    rows = [("Alle", "3,5", 20), ("Dag", "3,4", 16), ("Natt", "3,9", 4)]
    lines = [f"| Ros | {kind} | {subgroup} | {mean} | {answered} |" for subgroup, mean, answered in rows]
    about = book(survey="\n".join(["| theme | subgroup_kind | subgroup | mean | answered |", *lines]))
    assert masked(about, reason="few") == ["2 answered: few", "2 mean: few"]
    assert masked(about, reason="derivable") == ["1 answered: derivable", "1 mean: derivable"]
