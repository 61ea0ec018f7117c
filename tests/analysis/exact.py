"""Limits, rules and labels once more, slowly and in fractions, straight from the description of the rules."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from hmsbook.analysis.profile import Profile

Exact = Fraction | None


def exact_rules(
    values: Sequence[int | None], starts: Sequence[int], baseline: int | None, profile: Profile
) -> list[set[tuple[str, int]]]:
    """Which rules fire at each row, and whether up (1) or down (-1)."""
    edges = [*sorted({0, *starts}), len(values)]
    found: list[set[tuple[str, int]]] = []
    for start, end in pairwise(edges):
        rows = [None if value is None else Fraction(value) for value in values[start:end]]
        found += _phase_rules(rows, baseline, profile)
    return found


def _phase_rules(rows: list[Exact], baseline: int | None, profile: Profile) -> list[set[tuple[str, int]]]:
    found: list[set[tuple[str, int]]] = [set() for _ in rows]
    limits = exact_limits(rows, baseline, profile)
    if limits is None:
        return found
    mean, spread = limits
    far, near = Fraction(266, 100) * spread, Fraction(2, 3) * Fraction(266, 100) * spread
    side = [0 if row is None else (row > mean) - (row < mean) for row in rows]
    out = [row is not None and abs(row - mean) > far for row in rows]
    close = [row is not None and abs(row - mean) > near for row in rows]
    if profile.two_in_three == "between":
        close = [is_close and not is_out for is_close, is_out in zip(close, out, strict=True)]
    for row, is_out in enumerate(out):
        if is_out:
            found[row].add(("outside", side[row]))
    for window in _windows(rows, 3):
        if abs(sum(side[row] for row in window)) == 3 and sum(close[row] for row in window) >= 2:
            _mark(found, [row for row in window if close[row]], "two_in_three", side[window[0]])
    for window in _windows(rows, profile.run_length):
        if abs(sum(side[row] for row in window)) == profile.run_length:
            _mark(found, window, "one_side", side[window[0]])
    _mark_trends(found, rows, profile.trend_length)
    return found


def _mark_trends(found: list[set[tuple[str, int]]], rows: list[Exact], length: int) -> None:
    for window in _windows(rows, length):
        parts = [part for part in (rows[row] for row in window) if part is not None]
        for sign in (1, -1):
            if len(parts) == length and parts == sorted(set(parts), reverse=sign < 0):
                _mark(found, window, "trend", sign)


def exact_limits(
    rows: Sequence[Exact], baseline: int | None, profile: Profile
) -> tuple[Fraction, Fraction] | None:
    """Mean and mean moving range, None where the phase has no limits."""
    have = [row for row in rows if row is not None]
    used = list(rows[:baseline])
    base = [row for row in used if row is not None]
    ranges = [abs(b - a) for a, b in pairwise(used) if a is not None and b is not None]
    if len(have) < profile.minimum_points or not ranges or len(set(have)) == 1:
        return None
    spread = sum(ranges, Fraction()) / len(ranges)
    if profile.screen and spread:
        kept = [size for size in ranges if size < Fraction(3267, 1000) * spread]
        spread = sum(kept, Fraction()) / len(kept)
    return (sum(base, Fraction()) / len(base), spread) if spread else None


def _windows(rows: Sequence[Exact], length: int) -> list[range]:
    return [range(start, start + length) for start in range(len(rows) - length + 1)]


def _mark(found: list[set[tuple[str, int]]], rows: Sequence[int], rule: str, sign: int) -> None:
    for row in rows:
        found[row].add((rule, sign))
