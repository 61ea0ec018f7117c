"""What may be said of an indicator: its grid and phases, what is behind its numbers and beside them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hmsbook.analysis.assessment import (
    Assessment,
    as_at,
    baseline,
    decimals,
    first_row_after,
    notes_on,
    phase_starts,
)
from hmsbook.analysis.series import Series, closing
from hmsbook.analysis.summary import summarise
from hmsbook.model.book import Book
from tests.flow.cases import BY_NAME, PATTERNS, drawn, signal
from tests.rules.support import book, months

TODAY = date(2027, 1, 16)
# Two years of numbers in which nothing happens.
STABLE = "50 52 49 51 48 50 52 49 51 50 48 51 49 50 52 49 51 48 50 52 49 51 50 48".split()
RISEN = [*STABLE, *"60 61 60 62 61 60 61 62".split()]


def indicator(**columns: str) -> str:
    """The drawing of one indicator that should be low."""
    cells = {"id": "I01", "name": "Overtid", "better": "lower", "frequency": "month"} | columns
    return f"| {' | '.join(cells)} |\n| {' | '.join(cells.values())} |"


def about(values: str = "", *, drawing: str = "", **tables: str) -> Book:
    return book(indicators=drawing or indicator(), values=values, **tables)


def assessed(found: Book, key: str = "I01") -> Assessment:
    return summarise(found, TODAY).indicators[key].assessment


def month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")


def rows_of(found: Book, values: list[date]) -> tuple[int, ...]:
    return phase_starts(found, found.indicators[0], values)


# The grid.


def test_months_without_a_number_are_rows() -> None:
    found = assessed(about("| month | I01 |\n| 2025-01 | 4 |\n| 2025-04 | 5 |"))
    assert found.chart.values == (4, None, None, 5)
    assert [day.month for day in found.months] == [1, 2, 3, 4]
    assert found.step == 1


def test_what_comes_on_occasion_has_only_the_rows_it_came_in() -> None:
    typed = months("2024-01", *(text for value in STABLE[:14] for text in (value, "", "")))
    found = assessed(about(typed, drawing=indicator(frequency="occasion")))
    assert len(found.months) == len(found.chart.values) == 14
    assert (found.months[0], found.months[-1]) == (month("2024-01"), month("2027-04"))
    assert None not in found.chart.values
    assert found.missing is None


def test_what_comes_on_occasion_is_never_seasonal() -> None:
    """Numbers that rise and fall each year, taken once a month."""
    year = "43 45 48 52 55 57 58 55 52 48 45 43".split()
    monthly, occasional = (
        assessed(about(months("2024-01", *year, *year, *year), drawing=indicator(frequency=frequency)))
        for frequency in ("month", "occasion")
    )
    assert monthly.barred is not None
    assert monthly.barred.key == "season"
    assert monthly.year is not None
    assert "season" not in [reason.key for reason in occasional.unfit]
    assert occasional.year is None


def test_quarters_are_rows_and_their_last_months_name_them() -> None:
    typed = "| month | I01 |\n| 2025-02 | 4 |\n| 2025-05 | 5 |\n| 2025-06 | 7 |\n| 2025-12 | 8 |"
    found = assessed(about(typed, drawing=indicator(frequency="quarter")))
    assert found.months == tuple(map(month, ("2025-03", "2025-06", "2025-09", "2025-12")))
    assert found.chart.values == (4, 6, None, 8)
    assert found.step == 3


# Phases.


def test_a_recalculation_starts_a_phase() -> None:
    recalculated = "| indicator | from_month |\n| I01 | 2025-03 |\n| I02 | 2025-05 |"
    found = assessed(about(months("2024-01", *STABLE), recalculations=recalculated))
    assert [(phase.start, phase.end) for phase in found.chart.phases] == [(0, 14), (14, 24)]


def test_a_baseline_starts_a_phase_and_sets_its_limits() -> None:
    drawing = indicator(baseline_from="2024-03", baseline_to="2025-02")
    found = assessed(about(months("2024-01", *STABLE, "90", "90"), drawing=drawing))
    first, last = found.chart.phases
    assert (first.start, last.start, last.end) == (0, 2, 26)
    numbers = [float(value) for value in STABLE[2:14]]
    assert last.mean == pytest.approx(sum(numbers) / 12)


def test_starts_fall_in_the_quarter_that_holds_them_and_never_outside() -> None:
    quarters = [month(f"{year}-{last:02d}") for year in (2024, 2025) for last in (3, 6, 9, 12)]
    recalculated = """
        | indicator | from_month |
        | I01       | 2024-01    |
        | I01       | 2024-08    |
        | I01       | 2025-03    |
        | I01       | 2026-01    |"""
    found = about(recalculations=recalculated)
    assert rows_of(found, quarters) == (2, 4)
    assert rows_of(found, []) == ()


@pytest.mark.parametrize(
    ("columns", "starts", "count"),
    [
        ({}, (), None),
        ({"baseline_to": "2024-12"}, (), 12),
        ({"baseline_to": "2024-11"}, (), None),
        ({"baseline_from": "2024-04", "baseline_to": "2025-06"}, (3,), 15),
        ({"baseline_from": "2024-04", "baseline_to": "2025-06"}, (3, 20), None),
        ({"baseline_from": "2030-01", "baseline_to": "2031-06"}, (), None),
    ],
)
def test_a_baseline_counts_until_limits_are_computed_anew(
    columns: dict[str, str], starts: tuple[int, ...], count: int | None
) -> None:
    found = assessed(about(months("2024-01", *STABLE)))
    asked = about(drawing=indicator(**columns)).indicators[0]
    assert baseline(asked, found.months, starts) == count
    assert baseline(asked, [], starts) is None


# What is behind the numbers.


def behind(*rows: str, fewest: str = "", smallest: str = "") -> Assessment:
    """Stable shares whose basis in the last months is given as `month denominator people`."""
    cells = "\n".join(f"| I01 | {row.replace(' ', ' | ')} | 5 |" for row in rows)
    return assessed(
        about(
            months("2024-01", *STABLE[:20]),
            drawing=indicator(unit="%", fewest_people=fewest),
            basis=f"| indicator | month | denominator | people | numerator |\n{cells}",
            unit=f"| smallest_group |\n| {smallest} |" if smallest else "",
        )
    )


def small(found: Assessment) -> list[tuple[str, float | None]]:
    return [(reason.key, reason.found) for reason in found.unfit if reason.key != "near_bounds"]


def test_people_are_what_is_behind_where_they_are_too_few() -> None:
    assert small(behind("2025-07 100 4", "2025-08 100 60")) == [("small_denominator", 4)]
    assert small(behind("2025-07 100 5", "2025-08 100 60")) == []
    assert small(behind("2025-07 100 5", smallest="6")) == [("small_denominator", 5)]


def test_people_of_several_rows_of_a_month_are_added() -> None:
    assert small(behind("2025-07 50 3", "2025-07 50 3", "2025-08 100 60")) == []


def test_denominators_are_what_is_behind_else() -> None:
    assert [key for key, _ in small(behind("2025-07 9 60", "2025-08 9 60"))] == ["few_cases"]
    assert small(behind("2025-07 3 60", "2025-08 90 60")) == [("small_denominator", 3)]


def test_the_fewest_people_of_the_indicator_count_where_nobody_counted() -> None:
    assert small(behind(fewest="4")) == [("small_denominator", 4)]
    assert small(behind(fewest="5")) == []
    assert small(behind("2025-07 100 60", fewest="4")) == [("small_denominator", 4)]
    assert small(behind()) == []


# Measures, events and notes.

MEASURES = """
    | id  | measure | status              | start      | indicators | sensitive |
    | T01 | Tak     | done                | 2025-12-15 | I01        |           |
    | T02 | Kurs    | ongoing             | 2026-01-16 | I01, I02   |           |
    | T03 | Sak     | done                | 2025-12-15 | I01        | ja        |
    | T04 | Ønske   | proposed            | 2025-12-15 | I01        |           |
    | T05 | Vedtak  | decided             | 2025-12-15 | I01        |           |
    | T06 | Uten    | done                |            | I01        |           |
    | T07 | Annet   | done                | 2025-12-15 | I02        |           |
    | T08 | Fram    | done                | 2027-12-15 | I01        |           |"""
EVENTS = """
    | month   | text      | indicators |
    | 2025-10 | Flytting  |            |
    | 2025-11 | Ny leder  | I01        |
    | 2025-12 | Innkjøp   | I02        |"""


def test_effects_are_of_measures_that_have_begun_and_may_be_told() -> None:
    found = assessed(about(months("2024-01", *RISEN), measures=MEASURES, events=EVENTS))
    assert set(found.effects) == {"T01", "T02"}
    first, second = found.effects["T01"], found.effects["T02"]
    assert (found.months[first.row], found.months[second.row]) == (month("2025-12"), month("2026-02"))
    assert first.kind == "concern"
    assert first.others == ("Ny leder", "T02", "Flytting")


def test_what_bars_a_verdict_bars_effects_too() -> None:
    found = assessed(about(months("2024-01", *RISEN), drawing=indicator(rolling="ja"), measures=MEASURES))
    assert found.barred is not None
    assert (found.method, found.kind, found.effects, found.start) == ("none", None, {}, None)


@pytest.mark.parametrize(
    ("day", "row"),
    [((2025, 1, 1), 0), ((2025, 2, 15), 1), ((2025, 2, 16), 2), ((2025, 3, 16), None), ((2024, 1, 1), 0)],
)
def test_a_month_shows_what_began_in_its_first_half(day: tuple[int, int, int], row: int | None) -> None:
    assert first_row_after(date(*day), [month(f"2025-0{number}") for number in (1, 2, 3)]) == row


@pytest.mark.parametrize(
    ("step", "first", "last"),
    [(1, "2025-12", "2026-08"), (3, "2025-08", "2026-08"), (12, "2024-02", "2026-08")],
)
def test_notes_are_about_the_signal_or_the_period_before_it(step: int, first: str, last: str) -> None:
    days = [date(year, number, 1) for year in range(2023, 2028) for number in range(1, 13)]
    lines = "\n".join(f"| I01 | {day:%Y-%m} | {day:%Y-%m} |" for day in days)
    found = about(
        why=f"| indicator | month | text |\n{lines}\n| I02 | 2026-08 | Andre |\n| I01 | 2026-08 |  |"
    )
    notes = notes_on(found, found.indicators[0], [month("2026-01"), month("2026-08")], step)
    assert (notes[0].text, notes[-1].text) == (first, last)
    assert {note.indicator for note in notes} == {"I01"}
    assert all(note.text for note in notes)
    assert notes_on(found, found.indicators[0], [], step) == ()


def test_a_note_explains_the_signal_of_its_months() -> None:
    why = "| indicator | month | text |\n| I01 | {} | Ny turnus |"
    found, other = (
        assessed(about(months("2024-01", *RISEN), why=why.format(month))) for month in ("2025-12", "2025-11")
    )
    assert found.months[found.start or 0] == month("2026-01")
    assert (found.explained, other.explained) == (True, False)


# The newest value, and what it is part of.


def test_a_signal_spans_its_pattern() -> None:
    found = signal("one_side", "high", "concern")
    assert (found.start, found.span, found.holds) == (11, (11, 18), False)


def test_a_level_that_holds_spans_all_of_it() -> None:
    found = signal("held", "high", "concern")
    pattern = found.verdict.pattern
    assert found.holds
    assert found.advice is not None
    assert pattern is not None
    assert found.start == found.advice.start < pattern.start
    assert found.span == (found.advice.start, len(PATTERNS["held"]) - 1)


def test_a_run_chart_spans_the_last_run() -> None:
    found = signal("median", "low", "improvement")
    assert found.verdict.pattern is None
    assert (found.start, found.span) == (6, (6, 11))


def test_nothing_spans_common_cause() -> None:
    found = drawn(PATTERNS["one_outside"][:-1])
    assert (found.kind, found.is_signal, found.start, found.span) == ("common_cause", False, None, None)


@pytest.mark.parametrize(
    ("values", "last", "missing"),
    [
        ([], None, None),
        ([None, None], None, None),
        ([4, 5], 5, None),
        ([4, None, 5, None], 5, (3, 3)),
        ([4, None, None, None], 4, (1, 3)),
    ],
)
def test_what_is_missing_is_after_the_newest_value(values: Any, last: Any, missing: Any) -> None:
    found = drawn(values)
    assert (found.last, found.missing) == (last, missing)


@pytest.mark.parametrize(
    ("better", "target", "meets"),
    [
        ("lower", 50, True),
        ("lower", 49.9, False),
        ("higher", 50, True),
        ("neutral", 50, None),
        ("lower", None, None),
    ],
)
def test_the_newest_value_meets_its_target_or_not(
    better: str, target: float | None, meets: bool | None
) -> None:
    assert drawn([40, 50, None], better=better, target=target).meets_target is meets
    assert drawn([None], better=better, target=target).meets_target is None


def test_a_caution_leaves_a_verdict_that_is_not_sure() -> None:
    unsure, sure = BY_NAME["possible.concern"], BY_NAME["one_side.high"]
    assert (unsure.kind, unsure.sure, unsure.barred) == ("concern", False, None)
    assert (sure.kind, sure.sure) == ("concern", True)


def test_a_target_needs_limits() -> None:
    assert drawn(PATTERNS["median"], target=40).assurance is None
    assert BY_NAME["common_fail_low"].assurance == "fail"
    assert drawn(PATTERNS["outside"], target=40, rolling=True).assurance is None


@pytest.mark.parametrize(
    ("values", "found"),
    [((), 1), ((None,), 1), ((4, 5), 0), ((4, 5.5), 1), ((4, 0.1 + 0.2), 1), ((4.25,), 2), ((1 / 3,), 2)],
)
def test_decimals_are_those_people_type(values: Any, found: int) -> None:
    assert decimals(values) == found


def test_a_series_can_be_seen_as_it_stood() -> None:
    series = Series((month("2025-01"), month("2025-02"), month("2025-03")), (1, 2, 3))
    assert as_at(series, month("2025-02")).values == (1, 2)
    assert as_at(series, month("2024-12")).months == ()


@pytest.mark.parametrize(
    ("step", "given", "expected"),
    [
        (1, "2026-08", "2026-08"),
        (3, "2026-08", "2026-09"),
        (3, "2026-09", "2026-09"),
        (6, "2026-07", "2026-12"),
    ],
)
def test_a_period_closes_with_its_last_month(step: int, given: str, expected: str) -> None:
    assert closing(month(given), step) == month(expected)


def test_a_quarterly_number_belongs_to_its_quarter_whichever_month_it_stands_in() -> None:
    drawing = "| id | name | unit | frequency |\n| I01 | Runder | % | quarter |"
    values = "| month | I01 |\n| 2026-02 | 80 |\n| 2026-06 | 90 |\n| 2026-07 | 70 |"
    found = assessed(book(indicators=drawing, values=values))
    assert found.months == (month("2026-03"), month("2026-06"), month("2026-09"))
    assert found.chart.values == (80, 90, 70)


def test_a_measure_that_helped_is_to_be_evaluated_until_it_is() -> None:
    drawing = """
        | id  | measure | status | start      | indicators | evaluation |
        | T01 | Tak     | done   | 2025-12-01 | I01        | {} |"""
    better = "| id | name | unit | better | frequency |\n| I01 | Runder | timer | higher | month |"
    values = months("2024-01", *RISEN)
    new = assessed(book(indicators=better, values=values, measures=drawing.format("")))
    assert (new.kind, new.to_evaluate) == ("improvement", "T01")
    old = assessed(book(indicators=better, values=values, measures=drawing.format("Virket")))
    assert (old.kind, old.to_evaluate) == ("improvement", None)
