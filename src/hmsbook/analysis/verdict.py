"""What may be said of an indicator with the points it has: nothing, a run chart's word or a control chart's.

Under 6 values nothing, which is our choice, as advice differs from 5 to 20; under the profile's minimum a run
chart; limits from 13 as in the NHS's «Making Data Count».
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile

from hmsbook.analysis.meaning import RULES, Point
from hmsbook.analysis.profile import MDC, Profile
from hmsbook.analysis.runchart import RunChart, run_chart
from hmsbook.analysis.signals import Value, marks, steps
from hmsbook.analysis.spc import Phase, SpcResult, analyse
from hmsbook.model.frozen import Frozen

FEWEST = 6
METHODS = ("none", "run_chart", "control_chart")


class Pattern(Frozen):
    """What the last value is part of: the rule, rows start to end (excluded), count of points."""

    rule: str
    high: bool
    kind: str
    start: int
    end: int
    count: int


class Verdict(Frozen):
    """What may be said of a series now, by the values of its last phase.

    kind: "common_cause", "improvement", "concern", "neutral", or None where nothing may be said. points:
    values in the last phase; needed: values it takes to have limits.
    """

    method: str
    kind: str | None
    high: bool | None
    points: int
    needed: int
    chart: SpcResult
    run: RunChart | None = None
    pattern: Pattern | None = None


def judge(
    values: Iterable[Value],
    *,
    better: str,
    target: float | None = None,
    phase_starts: Iterable[int] = (),
    baseline: int | None = None,
    profile: Profile = MDC,
) -> Verdict:
    """The verdict on values, oldest first; arguments as those of `analyse`."""
    chart = analyse(
        values, better=better, target=target, phase_starts=phase_starts, baseline=baseline, profile=profile
    )
    phase = chart.last_phase
    points, needed = (phase.present if phase else 0), profile.minimum_points
    if phase is None or chart.last is None or points < FEWEST:
        return Verdict("none", None, None, points, needed, chart)
    run = run_chart(chart.values[phase.start : phase.end], better=better)
    if chart.variation is None:
        return Verdict("run_chart", run.kind, run.high, points, needed, chart, run)
    last = chart.points[chart.last]
    return Verdict("control_chart", last.kind, last.high, points, needed, chart, run, pattern(chart))


def pattern(chart: SpcResult) -> Pattern | None:
    """The longest pattern of the last value that points where the value does; None for common cause."""
    phase = chart.last_phase
    if phase is None or chart.last is None or (point := chart.points[chart.last]).rule is None:
        return None
    lengths = {rule: _count(chart, phase, chart.last, point, rule) for rule in RULES if rule in point.rules}
    rule = max(lengths, key=lambda name: (lengths[name], name == point.rule))
    start, end = chart.last + 1 - lengths[rule], chart.last + 1
    shown = sum(rule in found.rules for found in chart.points[start:end])
    return Pattern(rule, bool(point.high), point.kind, start, end, shown)


def _count(chart: SpcResult, phase: Phase, last: int, point: Point, rule: str) -> int:
    """How many rows up to the last value a rule's pattern holds; none where it points the other way."""
    rows = chart.values[phase.start : last + 1]
    if rule == "trend":
        return 1 + _streak(steps(rows, phase.tolerance), point.high)
    if rule == "two_in_three":
        back = [found.rules for found in chart.points[max(last - 2, phase.start) : last + 1]]
        return len(back) - next(index for index, rules in enumerate(back) if "two_in_three" in rules)
    low, high = (phase.lower, phase.upper) if rule == "outside" else (phase.mean, phase.mean)
    return _streak(marks(rows, (low or 0) - phase.tolerance, (high or 0) + phase.tolerance), point.high)


def _streak(found: Sequence[int], high: bool | None) -> int:
    """How many marks at the end point the same way."""
    wanted = 1 if high else -1
    return sum(1 for _ in takewhile(lambda mark: mark == wanted, reversed(found)))
