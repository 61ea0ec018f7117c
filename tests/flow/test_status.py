from __future__ import annotations

from datetime import date

import pytest

from hmsbook.analysis.summary import Summary, summarise
from hmsbook.flow.status import assurance_icon, short, target_text, urgent, variation_icon
from hmsbook.texts.words import words
from tests.flow.cases import BY_NAME, STABLE, drawn, signal
from tests.rules.support import book

TODAY = date(2026, 11, 16)
NB = words("nb")


def summary(count: int, *, proposed: int = 0) -> Summary:
    """A book with so many measures under way, one a day from yesterday on, and so many proposed."""
    rows = [f"| T{number:02d} | Tak | 2026-11-{14 + number} | decided |" for number in range(1, count + 1)]
    rows += [f"| T{number:02d} | Kurs |  | proposed |" for number in range(50, 50 + proposed)]
    drawing = "\n".join(["| id | measure | deadline | status |", *rows])
    return summarise(book(measures=drawing), TODAY)


@pytest.mark.parametrize(
    ("under_way", "proposed", "shown", "last"),
    [
        (3, 0, 3, "T03  Tak"),
        (6, 0, 6, "T06  Tak"),
        (7, 0, 6, "og 2 til på arket Tiltak"),
        (6, 1, 6, "og 2 til på arket Tiltak"),
        (2, 1, 3, "og 1 til på arket Tiltak"),
        (0, 1, 1, "og 1 til på arket Tiltak"),
        (0, 0, 0, None),
    ],
)
def test_every_open_measure_is_named_or_counted(
    under_way: int, proposed: int, shown: int, last: str | None
) -> None:
    rows = urgent(summary(under_way, proposed=proposed), 6, NB)
    assert len(rows) == shown
    assert (rows[-1][0] if rows else None) == last


def test_days_left_are_counted_from_today() -> None:
    assert [row[3] for row in urgent(summary(3), 6, NB)] == [-1, 0, 1]


def test_the_page_in_one_line() -> None:
    assert short(summary(0), NB) == "Ingenting peker seg ut."
    assert short(summary(1), NB) == "1 tiltak er forfalt."


def test_the_line_counts_numbers_that_are_missing() -> None:
    lists = "| id | name | frequency |\n| I01 | Tid | month |\n| I02 | Tall | month |"
    values = "| month | I01 | I02 |\n| 2026-09 | 5 | 7 |\n| 2026-10 | 4 |   |"
    found = summarise(book(indicators=lists, values=values), TODAY)
    assert short(found, NB) == "1 indikator mangler tall."


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("one_side.low", "▲ Bedre"),
        ("one_side.high", "◆ Verre"),
        ("neutral", "■ Endret"),
        ("possible.concern", "◆ Verre?"),
        ("possible.improvement", "▲ Bedre?"),
        ("common", "○ Som før"),
        ("early", "… For få tall"),
        ("few", "… For få tall"),
        ("season_same", "– Ikke vurdert"),
        ("no_values", None),
    ],
)
def test_the_sign_for_change(name: str, expected: str | None) -> None:
    assert variation_icon(BY_NAME[name], NB) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("common_pass", "✓ Trygt"),
        ("common_sometimes", "~ Av og til"),
        ("common_fail_low", "✗ Neppe"),
        ("common", None),
    ],
)
def test_the_sign_for_the_target(name: str, expected: str | None) -> None:
    assert assurance_icon(BY_NAME[name], NB) == expected


def test_without_limits_the_last_value_is_held_against_the_target() -> None:
    few = drawn(STABLE[:8], target=STABLE[7])
    assert assurance_icon(few, NB) == "Sist: ja"
    assert assurance_icon(drawn(STABLE[:8], target=STABLE[7] - 1), NB) == "Sist: nei"


def test_limits_of_another_level_promise_nothing() -> None:
    """The old limits hold both levels, so a target between them would be reached «now and then»."""
    worse = signal("held", "high", "concern")
    target = (worse.chart.phases[-1].mean or 0) - 1
    held = signal("held", "high", "concern", target=target)
    assert held.chart.assurance == "inconsistent"
    assert held.assurance is None
    assert assurance_icon(held, NB) == "Sist: nei"


def test_a_target_says_which_side_is_good() -> None:
    assert target_text(drawn(STABLE, target=3.5), NB) == "≤ 3,5"
    assert target_text(drawn(STABLE, target=90, better="higher"), NB) == "≥ 90"
    assert target_text(drawn(STABLE, target=4, better="neutral"), NB) == "4"
    assert target_text(drawn(STABLE), NB) is None
