"""Patterns in a series: where values lie, streaks, trends, two in three, with the sign of each.

A list of marks holds 1 where a pattern points up, -1 where it points down, 0 elsewhere. A missing value has
mark 0 like a value that is equal to the line, because both break a pattern.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from math import fsum

# Two figures closer than this share of the largest value are equal: a thousand times what rounding in the
# computations of a chart amounts to, and far less than different figures of a workbook differ by.
TOLERANCE = 1e-12

Value = float | None


def mean(values: Sequence[float]) -> float | None:
    """The mean as exact arithmetic rounds it, None of nothing."""
    return fsum(values) / len(values) if values else None


def present(values: Iterable[Value]) -> list[float]:
    """The values that are not missing."""
    return [value for value in values if value is not None]


def slack(values: Iterable[Value]) -> float:
    """How much figures computed from the values may differ and still be equal."""
    return TOLERANCE * max(map(abs, present(values)), default=0.0)


def marks(values: Sequence[Value], low: float, high: float) -> list[int]:
    """1 for values above `high`, -1 below `low`, 0 for others and for missing ones."""
    return [0 if value is None else (value > high) - (value < low) for value in values]


def steps(values: Sequence[Value], tolerance: float) -> list[int]:
    """The sign of each step to the next value, 0 for a tie or where either is missing."""
    return marks(differences(values), -tolerance, tolerance)


def differences(values: Iterable[Value]) -> list[Value]:
    """Each value less the one before it, None where either is missing: gaps are not bridged."""
    return [None if after is None or before is None else after - before for before, after in pairwise(values)]


def streaks(found: Iterable[int], shortest: int) -> Iterator[tuple[int, int, int]]:
    """Start, end and mark of each streak of at least `shortest` equal marks other than 0."""
    start = 0
    for mark, group in groupby(found):
        end = start + len(list(group))
        if mark and end - start >= shortest:
            yield start, end, mark
        start = end


def one_side(sides: Sequence[int], length: int) -> list[int]:
    """Marks of all points in runs of at least `length` points on the same side of the mean."""
    found = [0] * len(sides)
    for start, end, mark in streaks(sides, length):
        found[start:end] = [mark] * (end - start)
    return found


def trends(changes: Sequence[int], length: int) -> tuple[list[int], list[int]]:
    """Marks of all points in trends of at least `length` points, twice.

    A turning point belongs to two trends: the first list has the one after it, the second the one before it.
    """
    after, before = [0] * (len(changes) + 1), [0] * (len(changes) + 1)
    for start, end, mark in streaks(changes, length - 1):
        after[start : end + 1] = [mark] * (end - start + 1)
        before[start + (before[start] != 0) : end + 1] = [mark] * (end - start + (before[start] == 0))
    return after, before


def two_in_three(sides: Sequence[int], close: Sequence[int]) -> list[int]:
    """Marks of close points, two or more of which stand among three in a row on the same side of the mean."""
    found = [0] * len(sides)
    for start, (one, two, three) in enumerate(zip(close, close[1:], close[2:], strict=False)):
        if abs(one + two + three) >= 2 and abs(sum(sides[start : start + 3])) == 3:
            for row, mark in enumerate((one, two, three), start):
                found[row] = found[row] or mark
    return found
