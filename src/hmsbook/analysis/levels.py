"""What is left of a series when its level is taken away: phase means, then a straight line or a step.

A real change of level is no season and no autocorrelation, so it must not be taken for one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from operator import mul

from hmsbook.analysis.signals import mean, present
from hmsbook.analysis.spc import SpcResult

# Fewer points than this on one side make no level.
SHORTEST_STEP = 3

Points = list[tuple[int, float]]


def squares(values: Sequence[float]) -> float:
    """The sum of squares."""
    return dot(values, values)


def points_off_phase_means(chart: SpcResult) -> Points:
    """Row and value less the mean of the values of its own phase, for rows that have a value."""
    found: Points = []
    for phase in chart.phases:
        rows = chart.values[phase.start : phase.end]
        centre = mean(present(rows)) or 0.0
        found += [(phase.start + row, value - centre) for row, value in enumerate(rows) if value is not None]
    return found


def residuals(points: Points) -> list[float]:
    """What a straight line or one step leaves, whichever leaves least squares."""
    values = [value for _, value in points]
    return min((_off_line(points), _off_step(values)), key=squares)


def dot(ones: Sequence[float], others: Sequence[float]) -> float:
    """The sum of products."""
    found: float = sum(map(mul, ones, others))
    return found


def slope(rows: Sequence[float], values: Sequence[float]) -> float:
    """The least-squares slope through the origin of centred rows and values."""
    size = squares(rows)
    return dot(rows, values) / size if size else 0.0


def centred(values: Sequence[float]) -> list[float]:
    """Values less their mean."""
    centre = mean(values) or 0.0
    return [value - centre for value in values]


def _off_line(points: Points) -> list[float]:
    rows, values = centred([row for row, _ in points]), centred([value for _, value in points])
    rise = slope(rows, values)
    return [value - rise * row for row, value in zip(rows, values, strict=True)]


def _off_step(values: Sequence[float]) -> list[float]:
    """What two levels leave, split where the squares between them are greatest."""
    best = max(_between(values), default=(0.0, 0))[1]
    return centred(values[:best]) + centred(values[best:])


def _between(values: Sequence[float]) -> Iterator[tuple[float, int]]:
    """Squares between two levels, and where the second one starts."""
    count, sums = len(values), list(accumulate(values))
    for split in range(SHORTEST_STEP, count - SHORTEST_STEP + 1):
        before = sums[split - 1]
        after = sums[-1] - before
        yield before * before / split + after * after / (count - split), split


def paired(points: Points, left: Sequence[float]) -> Iterator[tuple[float, float]]:
    """Residuals of neighbouring rows; those on either side of a gap are none."""
    rows = [row for row, _ in points]
    for index, (before, after) in enumerate(pairwise(left)):
        if rows[index + 1] - rows[index] == 1:
            yield before, after
