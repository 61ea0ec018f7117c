"""Anhøj's rules against his published table, and what a verdict with few points says."""

from __future__ import annotations

from itertools import product

import pytest

from hmsbook.analysis.runchart import FEWEST_USEFUL, bounds, median, run_chart
from hmsbook.analysis.verdict import judge

# The table «Critical values for longest run and number of crossings» of Anhøj's R package qicharts2, from
# 10 to 60 useful points.
LONGEST = """
    6 6 7 7 7 7 7 7 7 7 7 7 7 8 8 8 8 8 8 8 8 8 8 8 8 8 8 8 8 8 8 8 8 8 8 8 9 9 9 9 9 9 9 9 9 9 9 9 9 9
    9
"""
FEWEST = """
    2 2 3 3 4 4 4 5 5 6 6 6 7 7 8 8 8 9 9 10 10 11 11 11 12 12 13 13 14 14 14 15 15 16 16 17 17 17 18 18
    19 19 20 20 21 21 21 22 22 23 23
"""


def test_published_table() -> None:
    published = list(zip(map(int, LONGEST.split()), map(int, FEWEST.split()), strict=True))
    assert [bounds(useful) for useful in range(10, 61)] == published


def test_crossings_are_the_exact_binomial_point() -> None:
    """All 2^(n-1) ways of crossing or not, counted one by one."""
    for useful in range(2, 15):
        ways = [sum(way) for way in product((0, 1), repeat=useful - 1)]
        fewest = bounds(useful)[1]
        assert sum(way <= fewest for way in ways) >= 0.05 * len(ways)
        assert sum(way < fewest for way in ways) < 0.05 * len(ways)


@pytest.mark.parametrize("useful", range(2, FEWEST_USEFUL, 2))
def test_no_arrangement_of_few_points_can_signal(useful: int) -> None:
    assert not run_chart([1.0] * (useful // 2) + [9.0] * (useful // 2)).signal


def test_ten_points_can() -> None:
    run = run_chart([1, 2, 1, 2, 1, 8, 9, 8, 9, 8], better="lower")
    assert (run.useful, run.longest_run, run.crossings, run.fewest_crossings) == (10, 5, 1, 2)
    assert (run.signal, run.kind, run.high, run.can_signal) == (True, "concern", True, True)


def test_median() -> None:
    assert median([]) is None
    assert median([3, 1, 2]) == 2
    assert median([4, 1, 2, 3]) == 2.5


def test_a_value_on_the_median_is_not_useful() -> None:
    run = run_chart([1, 5, None, 9])
    assert (run.median, run.points, run.useful) == (5, 3, 2)


@pytest.mark.parametrize(
    ("count", "method"),
    [
        (0, "none"),
        (5, "none"),
        (6, "run_chart"),
        (12, "run_chart"),
        (13, "control_chart"),
        (40, "control_chart"),
    ],
)
def test_points_decide_the_method(count: int, method: str) -> None:
    values = [5.0, 7.0, 6.0, 8.0] * 10
    verdict = judge([*values[:count], None], better="lower", target=6)
    assert (verdict.method, verdict.points, verdict.needed) == (method, count, 13)
    assert verdict.kind == (None if method == "none" else "common_cause")


def test_a_new_phase_starts_with_nothing_to_say() -> None:
    values = [5.0, 7.0, 6.0, 8.0] * 5
    assert judge(values, better="lower", phase_starts=[16]).method == "none"
    assert judge(values, better="lower", phase_starts=[12]).method == "run_chart"
    assert judge(values, better="lower", phase_starts=[7]).method == "control_chart"


def test_pattern_of_a_run() -> None:
    verdict = judge([8, 9, 8, 9, 8, 9, 8, 9, 8, 9, 4, 5, 4, 5, 4, 5, 4, 5], better="lower")
    found = verdict.pattern
    assert found is not None
    assert (verdict.kind, verdict.high) == ("improvement", False)
    assert (found.rule, found.start, found.end, found.count) == ("one_side", 10, 18, 8)


def test_pattern_of_a_trend() -> None:
    found = judge([5, 7, 6, 8, 5, 7, 6, 8, 5, 4, 4.5, 5, 5.5, 6, 6.5, 7, 7.5], better="lower").pattern
    assert found is not None
    assert (found.rule, found.high, found.kind, found.start, found.count) == ("trend", True, "concern", 9, 8)


def test_pattern_of_a_point_outside() -> None:
    found = judge([5, 7, 6, 8, 5, 7, 6, 8, 5, 7, 6, 8, 5, 30, None], better="lower").pattern
    assert found is not None
    assert (found.rule, found.start, found.end, found.count) == ("outside", 13, 14, 1)


def test_pattern_of_two_in_three() -> None:
    values = [5, 7, 6, 8, 5, 7, 6, 8, 5, 7, 6, 8, 5, 7, 6, 8, 5, 12, 8, 12]
    found = judge(values, better="lower").pattern
    assert found is not None
    assert (found.rule, found.start, found.end, found.count) == ("two_in_three", 17, 20, 2)


def test_a_gap_ends_the_pattern() -> None:
    values = [8, 9, 8, 9, 8, 9, 8, 9, 8, 9, 4, 5, None, 4, 5, 4, 5, 4, 5, 4, 5]
    found = judge(values, better="lower").pattern
    assert found is not None
    assert (found.start, found.count) == (13, 8)


def test_a_constant_series_has_no_change() -> None:
    verdict = judge([0.0] * 20, better="lower", target=0)
    assert (verdict.method, verdict.kind, verdict.chart.assurance) == ("control_chart", "common_cause", None)
