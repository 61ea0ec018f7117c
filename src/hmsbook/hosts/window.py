"""The chart window: twenty thousand live formulas that nobody types in, so only their values are compared."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import isclose

from hmsbook.model.raw import Value
from hmsbook.opc import plain

_VALUE = re.compile(rb"<v>([^<]*)</v>")
_NOISE = 1e-13


def holds(xml: bytes, rows: tuple[int, int], grid: Sequence[Sequence[Value]]) -> bool | None:
    """Whether the formulas in the rows first to last show just these values; None where it is unclear."""
    area = plain.body(xml)
    if area is None:
        return None
    try:
        found = [row for row in plain.rows(xml, area) if rows[0] <= row.number <= rows[1]]
    except plain.IrregularError:
        return None
    if len(found) != len(grid):
        return False
    shown = (_VALUE.findall(xml, row.tag_end, row.end) for row in found)
    return all(map(_same_row, shown, grid))


def _same_row(shown: Sequence[bytes], values: Sequence[Value]) -> bool:
    expected = [value for value in values if value is not None]
    return len(shown) == len(expected) and all(map(_same, shown, expected))


def _same(shown: bytes, value: Value) -> bool:
    if isinstance(value, str):
        return shown == value.encode()
    try:
        return isclose(float(shown), value or 0.0, rel_tol=_NOISE)
    except ValueError:
        return False
