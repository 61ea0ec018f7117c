"""Whether an indicator changed when a measure started; that it did is no proof that the measure did it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import sqrt

from hmsbook.analysis.meaning import COMMON_CAUSE, kind_of
from hmsbook.analysis.profile import MDC
from hmsbook.analysis.runchart import median, run_chart
from hmsbook.analysis.signals import Value, marks, mean, present, slack
from hmsbook.analysis.spc import analyse
from hmsbook.analysis.verdict import FEWEST
from hmsbook.model.frozen import Frozen

# Rows on either side that are compared at most: older or later ones have other causes.
WINDOW = 24
# The share of points after the start that must lie on the new side of the common median.
HELD = 0.75


class Effect(Frozen):
    """What a comparison of before and after says.

    method: "none" with fewer than 6 values on a side, else "run_chart" or "control_chart". high: whether the
    level rose, None where no change can be told. before, after: values compared; their levels are means, or
    medians in a run chart. start, end: rows of the window, end excluded. others: ids of other events in it,
    the nearest first. row: the first one that could show the measure.
    """

    method: str
    high: bool | None
    before: int
    after: int
    level_before: float | None
    level_after: float | None
    better: str = "neutral"
    start: int = 0
    end: int = 0
    others: tuple[str, ...] = ()
    row: int = 0

    @property
    def kind(self) -> str | None:
        """What the change means, "common_cause" where none can be told, None with too few values."""
        if self.high is not None:
            return kind_of(self.high, self.better)
        return None if self.method == "none" else COMMON_CAUSE

    @property
    def change(self) -> float | None:
        """Level after less level before."""
        if self.level_before is None or self.level_after is None:
            return None
        return self.level_after - self.level_before

    @property
    def cautions(self) -> tuple[str, ...]:
        """That timing is no proof, and that other things happened meanwhile."""
        return ("timing", "other_events") if self.others else ("timing",)


def effect(
    values: Sequence[Value],
    start: int,
    *,
    better: str,
    phase_starts: Iterable[int] = (),
    events: Mapping[str, int] | None = None,
) -> Effect:
    """The effect on values of a measure that row `start` is the first to show.

    Rows of another phase are left out on either side. events: the row of each other measure or event.
    """
    starts = sorted(phase_starts)
    first = max((start - WINDOW, 0, *(row for row in starts if row < start)))
    end = min((start + WINDOW, len(values), *(row for row in starts if row > start)))
    inside = {key: row for key, row in (events or {}).items() if first <= row < end}
    others = tuple(sorted(inside, key=lambda key: abs(inside[key] - start)))
    found = _compared(values[first:start], values[start:end])
    return Effect(*found, better, first, end, others, start)


# Method, whether the level rose, values before and after, level before and after.
Compared = tuple[str, bool | None, int, int, float | None, float | None]


def _compared(rows_before: Sequence[Value], rows_after: Sequence[Value]) -> Compared:
    """The comparison that the values allow."""
    before, after = present(rows_before), present(rows_after)
    if min(len(before), len(after)) < FEWEST:
        return "none", None, len(before), len(after), mean(before), mean(after)
    return _by_limits(rows_before, after) or _by_median(before, after)


def _by_limits(rows_before: Sequence[Value], after: Sequence[float]) -> Compared | None:
    """Whether the mean after lies outside limits for such means; None where there are no limits before.

    Shewhart's limits for a mean, 3 sigma / sqrt(n) with sigma from the moving ranges before (2.66 mean moving
    ranges are 3 sigma), widened because the mean before is itself a mean of so many points.
    """
    phase = analyse(rows_before, better="neutral", profile=MDC).last_phase
    level = mean(after)
    if phase is None or phase.upper is None or phase.mean is None or level is None:
        return None
    reach = (phase.upper - phase.mean) * sqrt(1 / phase.present + 1 / len(after)) + phase.tolerance
    high = level > phase.mean if abs(level - phase.mean) > reach else None
    return "control_chart", high, phase.present, len(after), phase.mean, level


def _by_median(before: Sequence[float], after: Sequence[float]) -> Compared:
    """Whether both sides together break Anhøj's rules, and three of four points after lie on one side.

    Both sides count equally many points, those nearest to the start.
    """
    same = min(len(before), len(after))
    before, after = before[-same:], after[:same]
    run = run_chart([*before, *after])
    tolerance, centre = slack((*before, *after)), run.median or 0.0
    sides = sum(marks(after, centre - tolerance, centre + tolerance))
    high = sides > 0 if run.signal and abs(sides) >= (2 * HELD - 1) * same else None
    return "run_chart", high, same, same, median(before), median(after)
