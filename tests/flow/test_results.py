"""What an update stores for the charts: each month's own phase, its signals, and what it marks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import sin

import pytest

from hmsbook.analysis.summary import IndicatorSummary, Summary, summarise
from hmsbook.flow.results import Mark, marks, results
from hmsbook.flow.trends import ROOM, marked, trend_texts
from hmsbook.model.book import Book
from hmsbook.model.dates import add_months
from hmsbook.standard.calc import RESULT_COLUMNS
from hmsbook.standard.sheets.trends import BLOCK_ROWS, EXPLANATION, MARKS, SENTENCE
from hmsbook.texts.words import words
from tests.rules.support import book

TODAY = date(2026, 11, 16)
FIRST = date(2025, 1, 1)
# Around 50, with nothing in it; then a jump.
CALM = [50, 52, 49, 51, 48, 50, 52, 49, 51, 50, 48, 51, 49, 50]
JUMP = [65, 66, 64]
Months = dict[str, dict[str, float]]


def about(
    values: Sequence[int | None],
    *,
    better: str = "lower",
    frequency: str = "month",
    rolling: str = "nei",
    **tables: str,
) -> Book:
    """A book with one indicator, its values from January 2025 on the grid of its frequency."""
    step = {"month": 1, "quarter": 3, "occasion": 1}[frequency]
    rows = [
        f"| {add_months(FIRST, row * step + step - 1):%Y-%m} | {value} |"
        for row, value in enumerate(values)
        if value is not None
    ]
    return book(
        indicators=f"""
            | id  | name  | unit  | better   | frequency   | rolling   |
            | I01 | Timer | timer | {better} | {frequency} | {rolling} |""",
        values="\n".join(["| month | I01 |", *rows]),
        **tables,
    )


def stored(found: Book) -> Months:
    """What is stored of the indicator, by month and column."""
    by_month = results(found, summarise(found, TODAY))
    assert all(cells.keys() == {0} for cells in by_month.values())
    assert {key for cells in by_month.values() for key in cells[0]} <= set(RESULT_COLUMNS)
    return {f"{month:%Y-%m}": cells[0] for month, cells in by_month.items()}


def columns(found: Months, key: str) -> dict[str, float]:
    return {month: cells[key] for month, cells in found.items() if key in cells}


def marks_of(found: Book) -> tuple[Mark, ...]:
    summary: Summary = summarise(found, TODAY)
    entry: IndicatorSummary = summary.indicators["I01"]
    return marks(found, summary, entry)


# Levels and limits


def test_each_month_has_the_limits_of_its_own_phase() -> None:
    recalculated = "| indicator | from_month |\n| I01 | 2026-03 |"
    found = stored(about([*CALM, *(value + 20 for value in CALM)], recalculations=recalculated))
    means = columns(found, "mean")
    assert means["2026-02"] == pytest.approx(50)
    assert means["2026-03"] == pytest.approx(70)
    for key in ("lower", "upper"):
        limits = columns(found, key)
        assert limits["2026-03"] - limits["2026-02"] == pytest.approx(20)


def test_a_missing_month_inside_a_phase_keeps_its_lines_and_has_no_value() -> None:
    found = stored(about([*CALM[:5], None, *CALM[5:]]))
    assert found["2025-06"].keys() == {"mean", "lower", "upper"}
    assert found["2025-06"]["mean"] == found["2025-05"]["mean"]


def test_signals_are_numbered_by_what_they_mean() -> None:
    for better, kind in (("lower", 2), ("higher", 1), ("neutral", 3)):
        kinds = columns(stored(about([*CALM, 65, *CALM], better=better)), "kind")
        assert kinds == {"2026-03": kind}


def test_a_run_chart_has_its_median_and_nothing_else() -> None:
    found = stored(about([1, 2, 4, 8, 16, 32, 64]))
    assert set(columns(found, "mean").values()) == {8.0}
    assert not columns(found, "upper")
    assert not columns(found, "kind")


def test_a_new_phase_leaves_the_one_before_as_it_was() -> None:
    recalculated = "| indicator | from_month |\n| I01 | 2026-03 |"
    seven = stored(about([*CALM, 70, 71, 73, 75, 70, 71, 73], recalculations=recalculated))
    assert columns(seven, "mean")["2026-09"] == 71
    assert columns(seven, "mean")["2026-02"] == pytest.approx(50)
    assert max(columns(seven, "upper")) == "2026-02"
    three = stored(about([*CALM, 70, 71, 73], recalculations=recalculated))
    assert max(columns(three, "mean")) == "2026-02"


def test_too_few_values_have_nothing_but_themselves() -> None:
    found = stored(about([1, 2, 4]))
    assert [cells.keys() for cells in found.values()] == [{"value"}] * 3


def test_figures_that_each_cover_a_year_have_no_lines() -> None:
    found = stored(about([*CALM, *JUMP], rolling="ja"))
    assert not columns(found, "mean")
    assert not columns(found, "kind")


def test_a_season_has_a_mean_and_no_limits() -> None:
    wave = [round(50 + 20 * sin(row * 3.14159 / 6)) for row in range(48)]
    rows = "\n".join(
        f"| {add_months(date(2022, 11, 1), row):%Y-%m} | {value} |" for row, value in enumerate(wave)
    )
    found = stored(
        book(
            indicators="""
                | id  | name  | better | frequency |
                | I01 | Timer | lower  | month     |""",
            values=f"| month | I01 |\n{rows}",
        )
    )
    (mean,) = set(columns(found, "mean").values())
    assert mean == pytest.approx(50, abs=1)
    assert not columns(found, "upper")
    assert not columns(found, "kind")


def test_a_limit_that_no_value_can_reach_is_not_drawn() -> None:
    found = stored(about([5, 9, 3, 8, 12, 4, 9, 6, 10, 3, 11, 7, 5, 9]))
    assert columns(found, "upper")
    assert not columns(found, "lower")


def test_what_is_counted_on_occasion_has_lines_between_its_points() -> None:
    values: list[int | None] = []
    for value in CALM:
        values += [value, None]
    found = stored(about(values[:-1], frequency="occasion"))
    assert len(columns(found, "value")) == len(CALM)
    assert len(columns(found, "mean")) == 2 * len(CALM) - 1
    assert len(columns(found, "upper")) == 2 * len(CALM) - 1


# Marks

MEASURES = """
    | id  | measure  | status  | indicators | start      | sensitive |
    | T02 | Pauser   | ongoing | I01        | 2025-05-20 |           |
    | T01 | Kurs     | closed  | I01        | 2025-05-03 |           |
    | T03 | Lys      | decided | I01        | 2025-06-01 |           |
    | T04 | Samtaler | ongoing | I01        | 2025-06-01 | ja        |
    | T05 | Skilt    | ongoing | I02        | 2025-06-01 |           |
    | T06 | Turnus   | ongoing | I01        | 2024-06-01 |           |"""


def test_a_measure_is_marked_where_it_started_by_the_lowest_number() -> None:
    found = about(CALM, measures=MEASURES)
    assert columns(stored(found), "measure") == {"2025-05": 1}
    assert [(mark.label, mark.text) for mark in marks_of(found)] == [("T01", "Kurs"), ("T02", "Pauser")]


EVENTS = """
    | month   | text    | indicators |
    | 2025-09 | Flytting |           |
    | 2025-03 | Ny leder | I01       |
    | 2025-04 | Streik   | I02       |"""


def test_events_are_numbered_as_time_goes() -> None:
    found = about(CALM, events=EVENTS)
    assert columns(stored(found), "event") == {"2025-03": 1, "2025-09": 2}
    assert [(mark.label, mark.text) for mark in marks_of(found)] == [("1)", "Ny leder"), ("2)", "Flytting")]


def test_a_month_without_a_value_can_be_marked() -> None:
    found = stored(about([*CALM[:8], None, *CALM[9:]], events=EVENTS))
    assert "value" not in found["2025-09"]
    assert found["2025-09"]["event"] == 2


def test_a_quarter_is_marked_at_its_point() -> None:
    found = stored(about(CALM[:5], frequency="quarter", events=EVENTS))
    assert columns(found, "event") == {"2025-03": 1, "2025-09": 2}
    measure = "| id | measure | status | indicators | start |\n| T07 | Lys | ongoing | I01 | 2025-07-02 |"
    assert columns(stored(about(CALM[:5], frequency="quarter", measures=measure)), "measure") == {
        "2025-09": 7
    }


def test_a_measure_with_an_id_of_its_own_kind_is_named_and_not_drawn() -> None:
    measure = "| id | measure | status | indicators | start |\n| HMS-3 | Lys | ongoing | I01 | 2025-05-02 |"
    found = about(CALM, measures=measure)
    assert not columns(stored(found), "measure")
    assert marked(marks_of(found), words("nb")) == "Tiltak startet: HMS-3 Lys (mai 25)."


# Texts


def test_under_the_chart_stand_the_sentence_why_and_the_marks() -> None:
    found = about([*CALM, *JUMP], measures=MEASURES, events=EVENTS)
    texts = [cell for (cell,) in trend_texts(found, summarise(found, TODAY), words("nb"))]
    assert str(texts[SENTENCE]).startswith("Reell forverring")
    assert "målinger siden jan. 2025" in str(texts[EXPLANATION])
    assert texts[MARKS] == (
        "Tiltak startet: T01 Kurs (mai 25) · T02 Pauser (mai 25). "
        "Hendelser: 1) Ny leder (mars 25) · 2) Flytting (sep. 25)."
    )
    assert [row % BLOCK_ROWS for row, text in enumerate(texts) if text] == [SENTENCE, EXPLANATION, MARKS]


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
@pytest.mark.parametrize("count", [1, 3, 8, 70])
def test_the_text_on_marks_has_room(language: str, count: int) -> None:
    long = "Et langt navn som sier nøye hva som ble gjort, av hvem, hvordan og hvorfor"
    events = [
        Mark("event", FIRST, add_months(FIRST, row), row + 1, f"{row + 1})", long) for row in range(count)
    ]
    measures = [Mark("measure", FIRST, FIRST, 1, "T01", long)]
    found = marked([*measures, *events], words(language))
    assert len(found) <= ROOM
    assert f"{count})" in found
