"""Whether the time of year explains a series, and the comparison that is left when it does."""

from __future__ import annotations

from collections.abc import Sequence
from math import cbrt, inf, sqrt

from hmsbook.analysis.levels import Points, centred, slope, squares
from hmsbook.analysis.signals import Value, slack
from hmsbook.model.frozen import Frozen

# Two whole years, and degrees of freedom enough for the approximation below.
YEARS = 2
FEWEST_FREE = 6
# The normal distribution's upper 2 % point.
STRONG = 2.054


class YearOnYear(Frozen):
    """The newest value against the same time last year, and how the last year's values compared so.

    change: newest value less the one a year before. higher, lower: how many of the last year's values were
    above and below those a year before them; compared: how many had both.
    """

    change: float | None
    higher: int
    lower: int
    compared: int


def year_on_year(values: Sequence[Value], period: int) -> YearOnYear:
    """The comparison of the newest `period` rows with those a year before; missing values compare nothing."""
    last = len(values)
    while last and values[last - 1] is None:
        last -= 1
    changes = [_change(values, row, period) for row in range(max(last - period, period), last)]
    tolerance = slack(values)
    higher = sum(change is not None and change > tolerance for change in changes)
    lower = sum(change is not None and change < -tolerance for change in changes)
    compared = sum(change is not None for change in changes)
    return YearOnYear(changes[-1] if changes else None, higher, lower, compared)


def _change(values: Sequence[Value], row: int, period: int) -> float | None:
    now, then = values[row], values[row - period]
    return None if now is None or then is None else now - then


def seasonality(
    points: Points, alone: Sequence[float], period: int | None
) -> tuple[float, list[float]] | None:
    """How sure a season is, as a normal deviate, and what it and a line leave; None if that cannot be told.

    F-test of nested models (analysis of covariance): a mean for each time of year and a common slope, against
    a line or a step alone, whichever fits better and leaves `alone`.
    """
    if not period or not _enough(points, period):
        return None
    free = (period - 1, len(points) - period - 1)
    left = _off_season(points, period)
    more, less = squares(alone), squares(left)
    if less <= 0:
        return (inf if more > 0 else -inf), left
    ratio = ((more - less) / free[0]) / (less / free[1])
    return deviate(max(ratio, 0.0), *free), left


def _enough(points: Points, period: int) -> bool:
    """Whether every time of year has values of two years, over two whole years."""
    counts = [0] * period
    for row, _ in points:
        counts[row % period] += 1
    span = points[-1][0] - points[0][0] + 1 if points else 0
    free = len(points) - period - 1
    return period > 1 and span >= YEARS * period and min(counts) >= YEARS and free >= FEWEST_FREE


def _off_season(points: Points, period: int) -> list[float]:
    """What is left when each time of year has its own mean, and all share one slope."""
    left, rows = [0.0] * len(points), [0.0] * len(points)
    times: dict[int, list[int]] = {}
    for index, (row, _) in enumerate(points):
        times.setdefault(row % period, []).append(index)
    for found in times.values():
        values = centred([points[index][1] for index in found])
        places = centred([points[index][0] for index in found])
        for index, value, place in zip(found, values, places, strict=True):
            left[index], rows[index] = value, place
    rise = slope(rows, left)
    return [value - rise * row for value, row in zip(left, rows, strict=True)]


def deviate(ratio: float, above: int, below: int) -> float:
    """The normal deviate as far out as an F ratio (Paulson 1942, Ann. Math. Stat. 13:233)."""
    first, second, root = 2 / (9 * above), 2 / (9 * below), cbrt(ratio)
    return ((1 - second) * root - (1 - first)) / sqrt(second * root * root + first)
