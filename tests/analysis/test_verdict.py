"""What may be said with the points there are, and which pattern the last value is part of."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hmsbook.analysis.verdict import Pattern, Verdict, judge

# Numbers round 50 in which nothing happens.
STABLE = [50.0, 52, 49, 51, 48, 50, 52, 49, 51, 50, 48, 51, 49, 50]
# The same, wider.
WIDE = [46.0, 54] * 6


def judged(values: Any, better: str = "lower", **options: Any) -> Verdict:
    return judge(values, better=better, **options)


def pattern(values: Any, better: str = "lower", **options: Any) -> Pattern:
    found = judged(values, better, **options).pattern
    assert found is not None
    return found


def facts(found: Pattern) -> tuple[str, bool, int, int, int]:
    return found.rule, found.high, found.start, found.end, found.count


@pytest.mark.parametrize(
    ("points", "method"),
    [(0, "none"), (5, "none"), (6, "run_chart"), (12, "run_chart"), (13, "control_chart")],
)
def test_the_method_follows_the_number_of_values(points: int, method: str) -> None:
    found = judged([None, *STABLE[:points], None])
    assert (found.method, found.points, found.needed) == (method, points, 13)
    assert (found.kind is None) == (method == "none")


def test_only_values_of_the_last_phase_count() -> None:
    assert judged(STABLE, phase_starts=[9]).method == "none"
    assert judged([*STABLE, None], phase_starts=[14]).method == "control_chart"


def test_the_longest_pattern_is_told_and_not_the_one_that_gives_the_label() -> None:
    """The newest value is far out, and the seventh in a row above the mean."""
    values = [*STABLE, 56, 55, 56, 55, 56, 55, 66]
    found = judged(values)
    assert found.chart.points[-1].rule == "outside"
    assert facts(pattern(values)) == ("one_side", True, 14, 21, 7)


def test_of_equally_long_patterns_the_one_that_gives_the_label_is_told() -> None:
    values = [*STABLE * 2, *[90.0, 91] * 3, 90]
    assert judged(values).chart.points[-1].rules >= {"outside", "one_side"}
    assert facts(pattern(values)) == ("outside", True, 28, 35, 7)


def test_a_value_outside_after_one_that_nearly_was_is_two_of_three() -> None:
    """The three rows of the pattern are more than the one outside."""
    values = [*WIDE, 74, 56, 84]
    assert judged(values).chart.points[-1].rules == {"outside", "two_in_three"}
    assert facts(pattern(values)) == ("two_in_three", True, 12, 15, 2)


def test_patterns_in_the_other_direction_do_not_count() -> None:
    """A rise that is still below the mean: improvement is shown, whichever direction that is."""
    values = [*[60.0, 64] * 6, 50, 51, 52, 53, 54, 55, 56, 57]
    assert judged(values).chart.points[-1].rules == {"trend", "one_side"}
    assert facts(pattern(values, "lower")) == ("one_side", False, 12, 20, 8)
    assert facts(pattern(values, "higher")) == ("trend", True, 12, 20, 8)
    assert (pattern(values, "lower").kind, pattern(values, "higher").kind) == ("improvement", "improvement")


def test_a_longer_pattern_in_the_other_direction_does_not_count_either() -> None:
    values = [*[60.0, 64] * 6, 41, 40, 41, 40, 41, 40, 41, 42, 43, 44, 45, 46]
    assert facts(pattern(values, "higher")) == ("trend", True, 17, 24, 7)
    assert facts(pattern(values, "lower")) == ("one_side", False, 12, 24, 12)


def test_a_pattern_is_counted_from_a_gap_and_from_the_start_of_its_phase() -> None:
    high = [56.0, 55] * 4
    assert facts(pattern([*STABLE, *high, None, *high])) == ("one_side", True, 23, 31, 8)
    assert facts(pattern([*high, *STABLE, *high], phase_starts=[8])) == ("one_side", True, 22, 30, 8)


def test_common_cause_and_too_few_values_have_no_pattern() -> None:
    assert judged(STABLE).pattern is None
    assert judged([*STABLE[:8], 90.0]).pattern is None
    assert judged([]).pattern is None


VALUES = st.lists(st.one_of(st.none(), st.integers(0, 9)), max_size=40)


@given(VALUES, st.sampled_from(("higher", "lower", "neutral")), st.lists(st.integers(0, 39), max_size=2))
def test_a_pattern_ends_at_the_last_value_within_its_phase(values: Any, better: str, starts: Any) -> None:
    found = judged(values, better, phase_starts=[start for start in starts if start < len(values)])
    chart = found.chart
    if chart.last is None or (point := chart.points[chart.last]).rule is None:
        assert found.pattern is None
        return
    shape, phase = found.pattern, chart.last_phase
    assert shape is not None
    assert phase is not None
    assert (shape.end, shape.high, shape.kind) == (chart.last + 1, point.high, point.kind)
    assert shape.rule in point.rules
    assert phase.start <= shape.start
    assert 1 <= shape.count <= shape.end - shape.start
    assert None not in chart.values[shape.start : shape.end]
