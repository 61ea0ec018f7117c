from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hmsbook.analysis.fitness import REASONS
from hmsbook.analysis.profile import MDC
from hmsbook.analysis.spc import SMALLEST_BASELINE
from hmsbook.analysis.summary import summarise
from hmsbook.model.book import Book
from hmsbook.model.dates import add_months
from hmsbook.rules.registry import check
from tests.rules.support import CASES, STABLE, TODAY, book, months, problems, said, values

LINKED = "24 25 24 21 20 21 20 19 21 22 23 21 22 22 19 22 22 26 24 23 24 23 24 22".split()
TIGHTLY_LINKED = "20 21 23 22 24 26 25 23 24 22 20 19 21 20 18 17 19 20 22 23 21 22 24 25".split()
SEASON = "30 28 26 22 18 16 15 17 20 24 27 29 31 28 25 22 19 16 14 17 21 24 26 30".split()
RARE = "2 0 0 0 1 0 0 2 2 0 0 0 1 0 1 0 0 0 2 0 1 2 0 0".split()
FEW = "2 1 3 2 0 4 2 1 2 3 2 1 4 0 2 3 1 2 2 3 1 2 4 2".split()
MORE = "4 3 5 4 2 6 4 3 4 5 4 3 6 2 4 5 3 4 4 5 3 4 6 4".split()
NEAR_ALL = "96 99 94 100 92 98 95 97 93 100 96 91 99 97 94 98".split()
WORSE = "27 29 28 30 27 29 28".split()
BETTER = "15 13 14 12 15 13 14".split()
OUTLIER = ["40"]
START = date(2024, 1, 1)


def indicator(**facts: str) -> str:
    """One indicator of which fewer is better, with other facts than the usual."""
    row = {"id": "I01", "name": "Overtid", "unit": "%", "better": "lower", "frequency": "month"} | facts
    return f"| {' | '.join(row)} |\n| {' | '.join(row.values())} |"


def told(*typed: str, first: str = "2024-01", **facts: str) -> list[str]:
    """What IND-5 says of an indicator with these values."""
    return said("IND-5", book(indicators=indicator(**facts), values=months(first, *typed)))


def basis(*percent: str, denominator: int = 1000, people: str = "") -> str:
    """The basis of these shares from January 2024 on."""
    numerators = [f"{int(value) * denominator / 100:.2f}".replace(".", ",") for value in percent]
    lines = [
        f"| {add_months(START, n).isoformat()[:7]} | I01 | {numerator} | {denominator} | {people} |"
        for n, numerator in enumerate(numerators)
    ]
    return "\n".join(["| month | indicator | numerator | denominator | people |", *lines])


def recalculated(*asked: str) -> str:
    """Recalculations of I01 from these months."""
    lines = [f"| I01 | Ny app | Ida | {month} |" for month in asked]
    return "\n".join(["| indicator | reason | author | from_month |", *lines])


def why(month: str, key: str = "I01", text: str = "Ferie") -> str:
    return f"| indicator | month | text | by |\n| {key} | {month} | {text} | Ida |"


# IND-5: points


@pytest.mark.parametrize(
    ("count", "said_of_it"), [(0, []), (1, ["R too_few_points B2"]), (12, ["R too_few_points B2"]), (13, [])]
)
def test_thirteen_points(count: int, said_of_it: list[str]) -> None:
    about = book(indicators=indicator(), values=months("2025-10", *STABLE[:count], ""))
    assert said("IND-5", about) == said_of_it
    expected = [{"indicator": "I01 (Overtid)", "n": count, "minimum": MDC.minimum_points}] * len(said_of_it)
    assert [problem.values for problem in problems("IND-5", about)] == expected


def test_what_is_not_in_use_needs_no_points() -> None:
    assert told("6", active="nei") == []


@pytest.mark.parametrize("typed", [["6"], STABLE, RARE, SEASON])
def test_a_rolling_figure_has_no_limits_by_choice(typed: list[str]) -> None:
    assert told(*typed, rolling="ja") == []


@pytest.mark.parametrize(("asked", "n"), [("2025-01", 12), ("2025-12", 1)])
def test_points_are_counted_from_the_last_recalculation(asked: str, n: int) -> None:
    about = book(
        indicators=indicator(),
        values=months("2024-01", *STABLE),
        recalculations=recalculated("2024-03", asked),
    )
    assert said("IND-5", about) == ["R too_few_since B2"]
    since = {"indicator": "I01 (Overtid)", "n": n, "minimum": 13, "month": date.fromisoformat(f"{asked}-01")}
    assert values("IND-5", about) == since


def test_points_enough_since_the_recalculation() -> None:
    about = book(
        indicators=indicator(), values=months("2024-01", *STABLE), recalculations=recalculated("2024-12")
    )
    assert said("IND-5", about) == []


def test_a_baseline_starts_afresh_too() -> None:
    assert told(*STABLE, baseline_from="2025-02") == ["R too_few_since B2"]
    assert told(*STABLE, baseline_from="2024-12") == []


# IND-5: numbers that limits suit badly


@pytest.mark.parametrize(
    ("typed", "facts", "case"),
    [
        (SEASON, {}, "season"),
        (LINKED, {}, "autocorrelation"),
        (TIGHTLY_LINKED, {}, "autocorrelation"),
        (RARE, {"unit": "antall"}, "rare_counts"),
        (FEW, {"unit": "antall"}, "rare_counts"),
        (NEAR_ALL, {"better": "higher"}, "near_bounds"),
        (STABLE, {"fewest_people": "4"}, "small_denominator"),
    ],
)
def test_limits_suit_badly(typed: list[str], facts: dict[str, str], case: str) -> None:
    assert told(*typed, **facts) == [f"R {case} B2"]
    assert told(*typed, **facts, active="nei") == []


@pytest.mark.parametrize(
    ("typed", "facts"),
    [
        (STABLE, {}),
        (LINKED[:19], {}),
        (MORE, {"unit": "antall"}),
        (NEAR_ALL, {"unit": "timer"}),
        (STABLE, {"fewest_people": "5"}),
    ],
)
def test_limits_suit(typed: list[str], facts: dict[str, str]) -> None:
    assert told(*typed, **facts) == []


@pytest.mark.parametrize(
    ("denominator", "people", "said_of_it"),
    [
        (20, "", ["R few_cases B2"]),
        (40, "", []),
        (40, "4", ["R small_denominator B2"]),
        (40, "5", []),
        (4, "", ["R small_denominator B2"]),
    ],
)
def test_what_stands_behind_a_share(denominator: int, people: str, said_of_it: list[str]) -> None:
    about = book(indicators=indicator(), basis=basis(*STABLE, denominator=denominator, people=people))
    assert said("IND-5", about) == said_of_it


def test_the_smallest_group_is_the_units_own() -> None:
    about = book(
        unit="| smallest_group |\n| 10 |",
        indicators=indicator(fewest_people="9"),
        values=months("2024-01", *STABLE),
    )
    assert said("IND-5", about) == ["R small_denominator B2"]
    assert values("IND-5", about) == {"indicator": "I01 (Overtid)", "found": 9.0, "bound": 10}


def test_where_a_scale_ends() -> None:
    about = book(indicators=indicator(better="higher"), values=months("2024-01", *NEAR_ALL))
    assert values("IND-5", about)["bound"] == 100


def test_no_limits_will_come_however_many_points() -> None:
    assert told(*RARE[:12], unit="antall") == ["R rare_counts B2"]


def test_what_takes_limits_away_is_all_that_is_said() -> None:
    assert told(*SEASON, fewest_people="4") == ["R season B2"]
    assert told(*NEAR_ALL, better="higher", fewest_people="4") == [
        "R near_bounds B2",
        "R small_denominator B2",
    ]


def test_every_reason_has_a_case() -> None:
    assert set(REASONS) - set(CASES["IND-5"]) == {"rolling"}


# IND-5: baselines and recalculations


@pytest.mark.parametrize(
    ("first", "last", "n"),
    [
        ("", "2024-11", 11),
        ("", "2024-12", None),
        ("2024-01", "2024-11", 11),
        ("2024-07", "2025-05", 11),
        ("2024-07", "2025-06", None),
        ("2024-07", "", None),
        ("2020-01", "2020-12", 0),
        ("2024-06", "2024-05", 0),
    ],
)
def test_a_baseline_of_a_year(first: str, last: str, n: int | None) -> None:
    about = book(
        indicators=indicator(baseline_from=first, baseline_to=last), values=months("2024-01", *STABLE)
    )
    assert said("IND-5", about) == ([] if n is None else ["R short_baseline O2"])
    if n is not None:
        assert values("IND-5", about) == {
            "indicator": "I01 (Overtid)",
            "n": n,
            "minimum": SMALLEST_BASELINE,
            "table": "indicators",
            "column": ("baseline_from", "baseline_to"),
        }


def test_a_short_baseline_that_no_longer_matters() -> None:
    about = {"indicators": indicator(baseline_to="2024-06"), "values": months("2024-01", *STABLE)}
    assert said("IND-5", book(**about)) == ["R short_baseline O2"]
    assert said("IND-5", book(**about, recalculations=recalculated("2024-12"))) == []
    late = indicator(baseline_from="2024-07", baseline_to="2024-12")
    assert told(*STABLE, baseline_from="2024-07", baseline_to="2024-12") == ["R short_baseline O2"]
    for asked, said_of_it in (("2024-07", ["R short_baseline O2"]), ("2024-08", [])):
        made = book(indicators=late, values=about["values"], recalculations=recalculated(asked))
        assert said("IND-5", made) == said_of_it
    assert told(*SEASON, baseline_to="2024-06") == ["R season B2"]
    assert told(baseline_to="2024-06") == []


@pytest.mark.parametrize(
    ("asked", "outside"),
    [
        ("2023-12", True),
        ("2024-01", False),
        ("2024-06", False),
        ("2025-12", False),
        ("2026-01", False),
        ("2026-11", False),
        ("2026-12", True),
        ("2042-06", True),
    ],
)
def test_a_recalculation_outside_the_numbers(asked: str, outside: bool) -> None:
    about = book(
        indicators=indicator(), values=months("2024-01", *STABLE), recalculations=recalculated(asked)
    )
    found = [problem for problem in problems("IND-5", about) if problem.case == "recalculation_outside"]
    assert [problem.place.cell for problem in found] == (["D2"] if outside else [])
    shown = {"indicator": "I01 (Overtid)", "month": date.fromisoformat(f"{asked}-01")}
    assert all(problem.values == shown for problem in found)


def test_a_recalculation_of_months_to_come_that_have_numbers() -> None:
    typed = months("2025-06", *STABLE)
    about = book(indicators=indicator(), values=typed, recalculations=recalculated("2027-01"))
    assert said("IND-5", about) == ["R too_few_since B2"]


def test_a_recalculation_within_the_first_quarter() -> None:
    drawn = {"indicators": indicator(frequency="quarter"), "values": months("2020-03", *STABLE[:22])}
    assert said("IND-5", book(**drawn, recalculations=recalculated("2019-12"))) == [
        "R too_few_points B2",
        "R recalculation_outside D2",
    ]
    assert said("IND-5", book(**drawn, recalculations=recalculated("2020-01"))) == ["R too_few_points B2"]


def test_recalculations_of_what_has_no_numbers_or_is_not_followed() -> None:
    asked = recalculated("1999-01")
    assert said("IND-5", book(indicators=indicator(), recalculations=asked)) == []
    assert said("IND-5", book(recalculations=asked)) == []
    typed = months("2024-01", *STABLE)
    about = book(indicators=indicator(active="nei"), values=typed, recalculations=asked)
    assert said("IND-5", about) == []


# IND-6


def concern(*typed: str, notes: str = "", **facts: str) -> Book:
    """An indicator after two stable years."""
    return book(indicators=indicator(**facts), values=months("2024-01", *STABLE, *typed), why=notes)


@pytest.mark.parametrize(
    ("typed", "cell", "since"),
    [(WORSE, "B32", "2026-01"), ([*WORSE, "", ""], "B32", "2026-01"), (OUTLIER, "B26", "2026-01")],
)
def test_a_concern_that_nobody_has_explained(typed: list[str], cell: str, since: str) -> None:
    about = concern(*typed, owner="Ida")
    assert said("IND-6", about) == [f"R unexplained {cell}"]
    assert values("IND-6", about) == {
        "indicator": "I01 (Overtid)",
        "month": date.fromisoformat(f"{since}-01"),
        "owner": "Ida",
        "table": "why",
        "column": "text",
    }
    assert said("IND-6", concern(*typed)) == [f"R unexplained_without_owner {cell}"]


@pytest.mark.parametrize("month", ["2026-01", "2026-07", "2025-12"])
def test_a_note_about_its_months_or_just_before_answers(month: str) -> None:
    assert said("IND-6", concern(*WORSE, notes=why(month))) == []


@pytest.mark.parametrize(
    "notes", [why("2025-08"), why("2026-08"), why("2026-01", "I02"), why("2026-01", text="")]
)
def test_a_note_about_something_else_does_not(notes: str) -> None:
    assert said("IND-6", concern(*WORSE, notes=notes)) == ["R unexplained_without_owner B32"]


@pytest.mark.parametrize(
    ("typed", "facts"),
    [
        ((), {}),
        (WORSE[:6], {}),
        (BETTER, {}),
        (WORSE, {"better": "higher"}),
        (WORSE, {"better": "neutral"}),
        (WORSE, {"active": "nei"}),
        (WORSE, {"rolling": "ja"}),
    ],
)
def test_nothing_to_ask_about(typed: list[str], facts: dict[str, str]) -> None:
    assert said("IND-6", concern(*typed, **facts)) == []


def test_numbers_from_a_basis_are_asked_about_at_the_indicator() -> None:
    about = book(indicators=indicator(), basis=basis(*STABLE, *OUTLIER))
    assert said("IND-6", about) == ["R unexplained_without_owner B2"]


@given(st.lists(st.integers(0, 30), max_size=30))
def test_one_question_for_each_unexplained_concern(typed: list[int]) -> None:
    """Whatever the numbers say: a question where they are a concern, and none once there is a note."""
    drawn = {"indicators": indicator(unit="timer"), "values": months("2024-01", *map(str, typed))}
    about = summarise(book(**drawn), TODAY).indicators["I01"].assessment
    asked = said("IND-6", book(**drawn))
    assert len(asked) == (about.kind == "concern")
    if about.span:
        note = why(about.months[about.span[1]].isoformat()[:7])
        assert said("IND-6", book(**drawn, why=note)) == []


@given(st.lists(st.integers(0, 9), max_size=30), st.sampled_from(["%", "antall", "timer"]))
def test_limits_are_judged_once(typed: list[int], unit: str) -> None:
    """Too few points, or the reasons of the assessment, never both."""
    made = book(indicators=indicator(unit=unit), values=months("2024-01", *map(str, typed)))
    summary = summarise(made, TODAY)
    cases = [problem.case for problem in check(made, summary) if problem.code == "IND-5"]
    reasons = {reason.key for reason in summary.indicators["I01"].assessment.unfit}
    assert len(set(cases)) == len(cases)
    assert cases == ["too_few_points"] or set(cases) <= reasons
