from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hmsbook.model.dates import add_months
from hmsbook.model.problems import Problem
from hmsbook.model.records import Place
from hmsbook.rules.indicators import rounds_to
from tests.rules.support import book, months, problems, said, values

OVERTIME = """
    | id  | name    | unit | better | frequency | owner | challenges | data_source |
    | I01 | Overtid | %    | lower  | month     | Ida   | U01        | Timer       |
"""


def named(*rows: str, columns: str = "name") -> str:
    """Indicators from I01 on, with what stands in these columns."""
    lines = [f"| I{number:02d} | {row} |" for number, row in enumerate(rows, start=1)]
    return "\n".join([f"| id | {columns} |", *lines])


@pytest.mark.parametrize(("count", "case"), [(0, "none"), (1, "too_few"), (5, "too_few"), (11, "too_many")])
def test_too_few_or_too_many(count: int, case: str) -> None:
    about = book(indicators=named(*["Overtid"] * count) if count else "")
    assert said("IND-1", about) == [f"W {case} B2"]
    assert values("IND-1", about) == {
        "n": count,
        "minimum": 6,
        "maximum": 10,
        "table": "indicators",
        "column": "active",
    }


@pytest.mark.parametrize("count", [6, 10])
def test_enough(count: int) -> None:
    assert said("IND-1", book(indicators=named(*["Overtid"] * count))) == []


def test_only_those_in_use_count() -> None:
    indicators = named(*["Overtid | "] * 6, "Fravær | nei", columns="name | active")
    assert said("IND-1", book(indicators=indicators)) == []
    indicators = named(*["Overtid | "] * 5, "Fravær | nei", columns="name | active")
    assert said("IND-1", book(indicators=indicators)) == ["W too_few B2"]


@pytest.mark.parametrize("method", ["skoen", "apu", "survey"])
def test_other_methods_ask_for_no_number(method: str) -> None:
    assert said("IND-1", book(method)) == []


def test_described() -> None:
    assert said("IND-2", book(indicators=OVERTIME)) == []
    assert said("IND-2", book()) == []


def test_one_problem_an_indicator_at_its_first_gap() -> None:
    about = book(indicators=named("Overtid | % | | month", columns="name | unit | better | frequency"))
    assert said("IND-2", about) == ["W not_described D2"]
    assert values("IND-2", about) == {
        "indicator": "I01 (Overtid)",
        "table": "indicators",
        "column": ("better", "owner", "challenges", "data_source"),
    }


def test_indicators_not_in_use_may_lack_anything() -> None:
    assert said("IND-2", book(indicators=named("Overtid | nei", columns="name | active"))) == []


def test_a_cell_that_could_not_be_read_is_not_missing_too() -> None:
    indicators = OVERTIME.replace("| lower  |", "|        |")
    unreadable = Problem("WBK-2", "E", "not_a_choice", Place("indicators", "D2"))
    assert said("IND-2", book(indicators=indicators)) == ["W not_described D2"]
    assert said("IND-2", book(indicators=indicators, reported=(unreadable,))) == []


def test_a_month_twice() -> None:
    about = book(
        indicators=OVERTIME, values="| month | I01 |\n| 2026-01 | 6,4 |\n| 2026-02 | 6 |\n| 2026-01 | 7 |"
    )
    assert said("IND-3", about) == ["E month_twice A4"]
    assert values("IND-3", about) == {"month": date(2026, 1, 1), "other": "A2"}


def test_an_empty_row_of_the_same_month_does_no_harm() -> None:
    about = book(indicators=OVERTIME, values="| month | I01 |\n| 2026-01 | 6,4 |\n| 2026-01 | |")
    assert said("IND-3", about) == []


def test_numbers_without_a_month() -> None:
    about = book(indicators=OVERTIME, values="| month | I01 |\n| | 6,4 |")
    assert said("IND-3", about) == ["E no_month A2"]
    unreadable = Problem("IND-3", "E", "month_as_text", Place("values", "A2"))
    told = book(indicators=OVERTIME, values="| month | I01 |\n| | 6,4 |", reported=(unreadable,))
    assert said("IND-3", told) == []


@pytest.mark.parametrize(
    ("row", "said_of_it"),
    [
        ("2026-01 | I01 | 60 | 1000 |", []),
        ("2026-01 | I01 | 0 | 1000 |", []),
        ("2026-01 | I01 | | | 51", []),
        (" | I01 | 60 | 1000 |", ["E no_month A2"]),
        ("2026-01 | | 60 | 1000 |", ["E no_indicator B2"]),
        ("2026-01 | I01 | 60 | |", ["E half_basis D2"]),
        ("2026-01 | I01 | | 1000 |", ["E half_basis C2"]),
        ("2026-01 | I01 | 60 | 0 |", ["E denominator_zero D2"]),
        ("2026-01 | I01 | 0 | -5 |", ["E denominator_zero D2"]),
        ("2026-01 | I01 | 1001 | 1000 |", ["E basis_over_100 C2"]),
        ("2026-01 | I01 | 1000 | 1000 |", []),
        ("2026-12 | I01 | 60 | 1000 |", ["W future_month A2"]),
    ],
)
def test_a_row_of_the_basis(row: str, said_of_it: list[str]) -> None:
    basis = f"| month | indicator | numerator | denominator | people |\n| {row} |"
    assert said("IND-3", book(indicators=OVERTIME, basis=basis)) == said_of_it


def test_what_a_bad_basis_says() -> None:
    header = "| month | indicator | numerator | denominator |"
    half = book(indicators=OVERTIME, basis=f"{header}\n| 2026-01 | I01 | 60 | |")
    assert values("IND-3", half) == {"table": "basis", "column": "denominator"}
    zero = book(indicators=OVERTIME, basis=f"{header}\n| 2026-01 | I01 | 60 | 0 |")
    assert values("IND-3", zero) == {"found": 0}
    over = book(indicators=OVERTIME, basis=f"{header}\n| 2026-01 | I01 | 60 | 50 |")
    assert values("IND-3", over) == {"indicator": "I01", "numerator": 60, "denominator": 50}


@pytest.mark.parametrize(
    ("unit", "typed", "said_of_it"),
    [
        ("%", "100,5", ["E over_100 B2"]),
        ("%", "100", []),
        ("% av avtalt tid", "104", []),
        ("timer", "640", []),
        ("", "640", []),
    ],
)
def test_a_share_over_100(unit: str, typed: str, said_of_it: list[str]) -> None:
    about = book(
        indicators=named(f"Overtid | {unit}", columns="name | unit"), values=months("2026-01", typed)
    )
    assert said("IND-3", about) == said_of_it


def test_what_a_share_over_100_says() -> None:
    about = book(indicators=OVERTIME, values=months("2026-03", "640"))
    assert values("IND-3", about) == {"indicator": "I01 (Overtid)", "month": date(2026, 3, 1), "found": 640}


def test_a_percentage_typed_as_a_fraction() -> None:
    about = book(indicators=OVERTIME, values=months("2026-01", "6,4", "5,9", "7,1", "0,064"))
    assert said("IND-3", about) == ["W fraction B5"]
    shown = {"indicator": "I01 (Overtid)", "month": date(2026, 4, 1), "found": 0.064, "guess": 6.4}
    assert values("IND-3", about) == shown


@pytest.mark.parametrize(
    "typed",
    [
        ("6,4", "5,9", "7,1", "0"),
        ("6,4", "5,9", "7,1", "0,5"),
        ("6,4", "5,9", "0,064"),
        ("0,064", "0,061", "0,058", "0,07"),
        ("0,8", "0,4", "1,1", "0,011"),
    ],
)
def test_small_values_that_may_well_be_right(typed: tuple[str, ...]) -> None:
    assert said("IND-3", book(indicators=OVERTIME, values=months("2026-01", *typed))) == []


def test_fractions_are_for_units_of_percent() -> None:
    indicators = OVERTIME.replace("| %    |", "| timer |")
    about = book(indicators=indicators, values=months("2026-01", "6,4", "5,9", "7,1", "0,064"))
    assert said("IND-3", about) == []


def test_values_of_a_month_to_come() -> None:
    about = book(indicators=OVERTIME, values=months("2026-10", "6,4", "6,1", "6,2"))
    assert said("IND-3", about) == ["W future_month A4"]
    assert values("IND-3", about) == {"month": date(2026, 12, 1)}


@pytest.mark.parametrize(
    ("frequency", "last_day_of_patience"),
    [("month", date(2026, 9, 30)), ("quarter", date(2026, 11, 30)), ("half_year", date(2027, 2, 28))],
)
def test_a_period_and_two_months_after_june(frequency: str, last_day_of_patience: date) -> None:
    indicators = OVERTIME.replace("month  ", frequency)
    about = book(indicators=indicators, values=months("2026-06", "6,4"))
    assert said("IND-4", about, last_day_of_patience) == []
    late = add_months(last_day_of_patience, 1)
    assert said("IND-4", about, late) == ["R late B2"]


def test_the_cell_to_fill_and_who_owes_it() -> None:
    about = book(indicators=OVERTIME, values=months("2026-05", "6,4", "6,1", "", ""))
    assert said("IND-4", about) == ["R late B4"]
    assert values("IND-4", about) == {
        "indicator": "I01 (Overtid)",
        "month": date(2026, 6, 1),
        "owner": "Ida",
        "table": "indicators",
        "column": "active",
    }


def test_nobody_owes_it() -> None:
    about = book(indicators=OVERTIME.replace("Ida", "   "), values=months("2026-06", "6,4"))
    assert said("IND-4", about) == ["R late_without_owner B2"]


def test_never_a_value_while_others_have_had_theirs() -> None:
    indicators = named("Overtid", "Fravær")
    assert said("IND-4", book(indicators=indicators)) == []
    assert said("IND-4", book(indicators=indicators, values=months("2026-10", "6,4"))) == []
    late = book(indicators=indicators, values=months("2026-06", "6", "6", "6", "6", "6"))
    assert said("IND-4", late) == ["R never B3"]


@pytest.mark.parametrize("instead", [("month  ", "occasion"), ("Overtid |", "Overtid | nei |")])
def test_no_value_is_expected(instead: tuple[str, str]) -> None:
    indicators = (
        OVERTIME.replace("| id  | name    |", "| id  | name    | active |")
        if "nei" in instead[1]
        else OVERTIME
    )
    about = book(indicators=indicators.replace(*instead), values=months("2025-06", "6,4"))
    assert said("IND-4", about) == []


@pytest.mark.parametrize(
    ("row", "said_of_it"),
    [
        ("I01 | Ny app | Ida |", []),
        ("I01 | | Ida |", ["W no_reason B2"]),
        ("I01 | Ny app | |", ["R no_author C2"]),
        ("I01 | | |", ["W no_reason B2"]),
        (" | | |", []),
        (" | Ny app | |", []),
    ],
)
def test_grounds_of_a_recalculation(row: str, said_of_it: list[str]) -> None:
    recalculations = f"| indicator | reason | author | from_month |\n| {row} 2025-01 |"
    about = book(indicators=OVERTIME, recalculations=recalculations)
    assert said("IND-7", about) == said_of_it
    expected = [{"indicator": "I01"}] * len(said_of_it)
    assert [problem.values for problem in problems("IND-7", about)] == expected


def test_who_decided_is_not_asked_for_while_the_reason_cannot_be_read() -> None:
    unreadable = Problem("WBK-2", "E", "no_text", Place("indicators", "B2"))
    recalculations = "| indicator | reason | author | from_month |\n| I01 | | | 2025-01 |"
    assert said("IND-7", book(recalculations=recalculations, reported=(unreadable,))) == []


@pytest.mark.parametrize(
    ("typed", "differs"), [("6,4", False), ("6,44", False), ("6", False), ("6,5", True), ("7", True)]
)
def test_typed_beside_a_basis(typed: str, differs: bool) -> None:
    basis = "| month | indicator | numerator | denominator |\n| 2026-01 | I01 | 64,37 | 1000 |"
    about = book(indicators=OVERTIME, values=months("2026-01", typed), basis=basis)
    assert said("IND-7", about) == (["W differs B2"] if differs else [])


def test_what_a_difference_says() -> None:
    basis = "| month | indicator | numerator | denominator |\n| 2026-01 | I01 | 75,799 | 1000 |"
    about = book(indicators=OVERTIME, values=months("2026-01", "5,6"), basis=basis)
    shown = {"indicator": "I01 (Overtid)", "month": date(2026, 1, 1), "found": 5.6, "expected": 7.58}
    assert values("IND-7", about) == shown


def test_a_quarter_adds_the_basis_of_its_months() -> None:
    basis = """
        | month   | indicator | numerator | denominator |
        | 2026-01 | I01       | 10        | 100         |
        | 2026-02 | I01       | 20        | 100         |
        | 2026-03 | I01       | 60        | 100         |
    """
    indicators = OVERTIME.replace("month  ", "quarter")
    assert said("IND-7", book(indicators=indicators, values=months("2026-03", "30"), basis=basis)) == []
    assert said("IND-7", book(indicators=indicators, values=months("2026-03", "60"), basis=basis)) == [
        "W differs B2"
    ]


def test_a_basis_of_another_month_says_nothing_of_this_one() -> None:
    basis = "| month | indicator | numerator | denominator |\n| 2026-02 | I01 | 64 | 1000 |"
    assert said("IND-7", book(indicators=OVERTIME, values=months("2026-01", "5"), basis=basis)) == []


@given(st.floats(-1e6, 1e6), st.integers(0, 6))
def test_rounding_what_is_typed_is_never_a_difference(exact: float, decimals: int) -> None:
    assert rounds_to(exact, round(exact, decimals))


@given(st.integers(-(10**6), 10**6), st.integers(0, 4))
def test_one_more_in_the_last_place_is_a_difference(whole: int, decimals: int) -> None:
    typed = (whole * 10 + 1) / 10**decimals
    assert not rounds_to(typed + 1.01 / 10**decimals, typed)
