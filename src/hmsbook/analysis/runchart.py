"""Run charts: a median, and Anhøj's rules for runs around it.

Anhøj & Olesen 2014, PLoS ONE e113825; Anhøj 2015, PLoS ONE e0121349; Anhøj & Wentzel-Larsen 2018,
doi 10.1186/s12874-018-0564-0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from math import comb, log2

from hmsbook.analysis.meaning import COMMON_CAUSE, kind_of
from hmsbook.analysis.signals import Value, marks, present, slack, streaks
from hmsbook.model.frozen import Frozen

# Below this many useful points no arrangement around a median can break the rules.
FEWEST_USEFUL = 10


# Where values stand now takes more than one of them to tell.
SHORTEST_LAST = 3


class RunChart(Frozen):
    """A series around its median.

    useful: values not on the median. A signal is a longest run over longest_allowed, or fewer crossings than
    fewest_crossings. kind and high tell where the values stand now, given a signal: on which side of the
    median the last run is, if it is of 3 values or more. last_run: its useful values. Figures are None where
    nothing is useful.
    """

    median: float | None
    points: int
    useful: int
    longest_run: int | None = None
    longest_allowed: int | None = None
    crossings: int | None = None
    fewest_crossings: int | None = None
    signal: bool = False
    kind: str = COMMON_CAUSE
    high: bool | None = None
    last_run: int | None = None

    @property
    def can_signal(self) -> bool:
        """Whether there are points enough for any change to show."""
        return self.useful >= FEWEST_USEFUL


def median(values: Iterable[float]) -> float | None:
    """The middle value, or the mean of the two in the middle; None of nothing."""
    ordered = sorted(values)
    half = len(ordered) // 2
    if not ordered:
        return None
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


@cache
def bounds(useful: int) -> tuple[int, int]:
    """The longest run and the fewest crossings that chance explains, for a number of useful points.

    round(log2 n) + 3, and the lower 5 % point of the binomial with n - 1 trials of 1/2 (Anhøj & Olesen 2014),
    computed exactly.
    """
    total, below, crossings = 2 ** (useful - 1), 1, 0
    while 20 * below < total:
        crossings += 1
        below += comb(useful - 1, crossings)
    return round(log2(useful)) + 3, crossings


def run_chart(values: Sequence[Value], *, better: str = "neutral") -> RunChart:
    """The run chart of values; missing ones are left out and runs go on across them."""
    have = present(values)
    centre = median(have)
    if centre is None:
        return RunChart(None, 0, 0)
    tolerance = slack(have)
    sides = [side for side in marks(have, centre - tolerance, centre + tolerance) if side]
    return _judged(centre, len(have), sides, better) if sides else RunChart(centre, len(have), 0)


def _judged(centre: float, points: int, sides: Sequence[int], better: str) -> RunChart:
    """The run chart of useful points by their sides of the median."""
    runs = [end - start for start, end, _ in streaks(sides, 1)]
    longest, newest = max(runs), runs[-1]
    crossings = sum(before != after for before, after in pairwise(sides))
    allowed, fewest = bounds(len(sides))
    signal = longest > allowed or crossings < fewest
    high = sides[-1] > 0
    told = signal and newest >= SHORTEST_LAST
    verdict = (kind_of(high, better), high) if told else (COMMON_CAUSE, None)
    found = RunChart(centre, points, len(sides), longest, allowed, crossings, fewest, signal, *verdict)
    return found.but(last_run=newest)
