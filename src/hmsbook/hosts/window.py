"""The chart window: twenty thousand live formulas that nobody types in, so only their values are touched."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import isclose
from typing import NamedTuple

from hmsbook.model.raw import Value
from hmsbook.opc.cells import ErrorValue, column_letters, number_text
from hmsbook.opc.markup import escape_xml
from hmsbook.opc.sheet import Sheet

_REFERENCE = re.compile(rb'<c r="([A-Z]+[0-9]+)"')
_CELL_END = b"</v></c>"
_END = b"</v></c></row>"
_VALUE_START = b"</f><v>"
_ERROR = b' t="e"'
_NOISE = 1e-13

Grid = Sequence[Sequence[Value]]


class Rewritten(NamedTuple):
    """What makes the window show a grid: new contents of rows by number, and how many cells that changes."""

    rows: dict[int, bytes]
    cells: int


def rewritten(sheet: Sheet, top: int, left: int, grid: Grid) -> Rewritten | None:
    """What makes the formulas from the cell in row `top` and column `left` on show just these values.

    None where that is unclear: where a formula is gone, or the rows are written in an unusual way.
    """
    rows = sheet.rows.numbered(top, top + len(grid) - 1) if sheet.rows else []
    if [row.number for row in rows] != [*range(top, top + len(grid))]:
        return None
    letters = [column_letters(left + at).encode() for at in range(max(map(len, grid), default=0))]
    changer = _Changer()
    contents: dict[int, bytes] = {}
    for row, values in zip(rows, grid, strict=True):
        wanted = {at: it for at, it in zip(letters, values, strict=False) if it is not None}
        inside = sheet.xml[row.tag_end : row.end]
        if not _is_plain(inside, row.number, list(wanted)):
            return None
        try:
            new = changer.changed(inside, list(wanted.values()))
        except ValueError:
            return None
        if new is None:
            return None
        if new is not inside:
            contents[row.number] = new
    return Rewritten(contents, changer.count)


def is_right(before: Sheet, after: Sheet, top: int, grid: Grid) -> bool:
    """Whether rows of formulas show these values afterwards, and nothing else in them is different."""
    found = [sheet.rows.numbered(top, top + len(grid) - 1) if sheet.rows else [] for sheet in (before, after)]
    if not len(found[0]) == len(found[1]) == len(grid):
        return False
    changer = _Changer()
    for old, new, values in zip(*found, grid, strict=True):
        inside = after.xml[new.tag_end : new.end]
        tags = before.xml[old.start : old.tag_end], after.xml[new.start : new.tag_end]
        wanted = [value for value in values if value is not None]
        if tags[0] != tags[1] or not _same_formulas(before.xml[old.tag_end : old.end], inside):
            return False
        if changer.changed(inside, wanted) is not inside:
            return False
    return True


def _same_formulas(old: bytes, new: bytes) -> bool:
    """Whether two rows differ in nothing but what their formulas show, and say what kind of value that is."""
    before, after = old.split(_CELL_END), new.split(_CELL_END)
    return len(before) == len(after) and all(
        one == other or (_says_kind(other) and _formula(one) == _formula(other))
        for one, other in zip(before, after, strict=True)
    )


def _says_kind(piece: bytes) -> bool:
    head, _, shown = piece.rpartition(_VALUE_START)
    return (_ERROR in head.partition(b">")[0]) == shown.startswith(b"#")


def _formula(piece: bytes) -> list[bytes]:
    tag, end, formula = piece.rpartition(_VALUE_START)[0].partition(b">")
    return [tag.replace(_ERROR, b""), end, formula]


def _is_plain(inside: bytes, number: int, letters: Sequence[bytes]) -> bool:
    """Whether a row has just the cells of these columns, formulas that show a number or an error."""
    if any(inside.count(tag) != len(letters) for tag in (b"<c ", b"<f>", _VALUE_START, _CELL_END)):
        return False
    if not inside.count(b' t="') == inside.count(_ERROR) == inside.count(b"<v>#"):
        return False
    names = [b"%s%d" % (column, number) for column in letters]
    return _REFERENCE.findall(inside) == names and inside.endswith(_END)


class _Changer:
    """Puts values into rows of formulas, and counts the cells that showed others."""

    def __init__(self) -> None:
        self.count = 0
        self._known: dict[Value, bytes] = {}

    def changed(self, inside: bytes, values: Sequence[Value]) -> bytes | None:
        """The contents of a row with these values, the same when it shows them; None where it is unclear."""
        *pieces, end = inside.split(_CELL_END)
        if len(pieces) != len(values):
            return None
        known, before = self._known, self.count
        for at, (piece, value) in enumerate(zip(pieces, values, strict=True)):
            if piece.endswith(known.get(value) or self._ending(value)):
                continue
            head, mark, shown = piece.rpartition(_VALUE_START)
            if not mark:
                return None
            if not _same(shown, value):
                self.count += 1
                pieces[at] = _typed(head, is_error=isinstance(value, ErrorValue)) + known[value]
        return inside if self.count == before else _CELL_END.join([*pieces, end])

    def _ending(self, value: Value) -> bytes:
        """How a cell that shows a value ends."""
        self._known[value] = _VALUE_START + _text(value)
        return self._known[value]


def _text(value: Value) -> bytes:
    """How a number or an error is written; ValueError for anything else."""
    if isinstance(value, ErrorValue):
        return escape_xml(value)
    if value is None or isinstance(value, str | bool):
        raise ValueError(value)
    return number_text(value).encode()


def _same(shown: bytes, value: Value) -> bool:
    if isinstance(value, str):
        return False
    try:
        return isclose(float(shown), value or 0.0, rel_tol=_NOISE)
    except ValueError:
        return False


def _typed(head: bytes, *, is_error: bool) -> bytes:
    """The cell's first tag and formula, with the type of its new value."""
    end = head.index(b">")
    tag = head[:end].replace(_ERROR, b"") + (_ERROR if is_error else b"")
    return tag + head[end:]
