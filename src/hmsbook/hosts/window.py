"""The chart window: twenty thousand live formulas that nobody types in, so only their values are touched."""

from __future__ import annotations

from collections.abc import Sequence
from math import isclose
from typing import NamedTuple

from hmsbook.model.raw import Value
from hmsbook.opc.cells import ErrorValue, column_letters, number_text
from hmsbook.opc.formula_rows import CELL_END, ROW_END, formula_row, showing, shown, unshown
from hmsbook.opc.markup import escape_xml
from hmsbook.opc.sheet import Sheet

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
    found = _formulas(sheet, top, len(grid))
    if found is None:
        return None
    letters = [column_letters(left + at).encode() for at in range(max(map(len, grid), default=0))]
    endings = _Endings()
    contents: dict[int, bytes] = {}
    count = 0
    for number, (cells, values) in enumerate(zip(found, grid, strict=True), top):
        pairs = zip(letters, values, strict=False)
        tags = [b'<c r="%s%d"' % (at, number) for at, value in pairs if value is not None]
        if len(tags) != len(cells) or not all(map(bytes.startswith, cells, tags)):
            return None
        try:
            wrong = endings.wrong(cells, values)
        except ValueError:
            return None
        if wrong:
            contents[number] = _with(cells, wrong)
            count += len(wrong)
    return Rewritten(contents, count)


def is_right(before: Sheet, after: Sheet, top: int, grid: Grid) -> bool:
    """Whether rows of formulas show these values afterwards, and nothing else in them is different."""
    old = _formulas(before, top, len(grid))
    rows = [sheet.rows.numbered(top, top + len(grid) - 1) if sheet.rows else [] for sheet in (before, after)]
    if old is None or not len(rows[0]) == len(rows[1]) == len(grid):
        return False
    endings = _Endings()
    return all(
        before.xml[was.start : was.tag_end] == after.xml[now.start : now.tag_end]
        and _is_row_right(cells, formula_row(after.xml[now.tag_end : now.end]), endings, values)
        for was, now, cells, values in zip(*rows, old, grid, strict=True)
    )


def _is_row_right(
    old: Sequence[bytes], new: Sequence[bytes] | None, endings: _Endings, values: Sequence[Value]
) -> bool:
    if new is None or len(new) != len(old):
        return False
    is_same = all(one == other or unshown(one) == unshown(other) for one, other in zip(old, new, strict=True))
    return is_same and endings.are_right(new, values)


def _formulas(sheet: Sheet, top: int, count: int) -> list[Sequence[bytes]] | None:
    """The cells of so many rows of formulas; None where one of them is anything else."""
    found = sheet.rows.formulas if sheet.rows else {}
    wanted = range(top, top + count)
    return [found[number] for number in wanted] if all(number in found for number in wanted) else None


def _with(cells: Sequence[bytes], wrong: dict[int, Value]) -> bytes:
    """The contents of a row in which these cells show other values."""
    new = [*cells, ROW_END]
    for at, value in wrong.items():
        new[at] = showing(cells[at], _text(value), is_error=isinstance(value, ErrorValue))
    return CELL_END.join(new)


class _Endings:
    """How cells end that show a value, each of them worked out once."""

    def __init__(self) -> None:
        self._known: dict[Value, bytes] = {}

    def wrong(self, cells: Sequence[bytes], values: Sequence[Value]) -> dict[int, Value]:
        """The cells of a row that show something else, by place, and what they should.

        ValueError where a value is neither a number nor an error, or there are more or fewer cells.
        """
        wanted = [value for value in values if value is not None]
        ends = [self._known.get(value) or self._ending(value) for value in wanted]
        if len(ends) == len(cells) and all(map(bytes.endswith, cells, ends)):
            return {}
        return {
            at: value
            for at, (value, end, cell) in enumerate(zip(wanted, ends, cells, strict=True))
            if not cell.endswith(end) and not _same(shown(cell), value)
        }

    def are_right(self, cells: Sequence[bytes], values: Sequence[Value]) -> bool:
        """Whether the cells of a row show just these values."""
        try:
            return not self.wrong(cells, values)
        except ValueError:
            return False

    def _ending(self, value: Value) -> bytes:
        self._known[value] = end = b"</f><v>" + _text(value)
        return end


def _text(value: Value) -> bytes:
    """How a number or an error is written; ValueError for anything else."""
    if isinstance(value, ErrorValue):
        return escape_xml(value)
    if value is None or isinstance(value, str | bool):
        raise ValueError(value)
    return number_text(value).encode()


def _same(text: bytes, value: Value) -> bool:
    if isinstance(value, str):
        return False
    try:
        return isclose(float(text), value or 0.0, rel_tol=_NOISE)
    except ValueError:
        return False
