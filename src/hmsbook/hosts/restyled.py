"""Cells, rows, columns and tables of our sheets that people gave another look.

A look is what it means, never its number: a program that only saves a workbook numbers all formats anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from hmsbook.hosts.changes import EMPTY, PREFIX
from hmsbook.hosts.pair import Left, Looker, Pair, cells_text
from hmsbook.hosts.side import Side, column_styles, row_styles
from hmsbook.opc.cells import Position, cell_name, column_letters, contains
from hmsbook.opc.looks import Look
from hmsbook.opc.tree import Node
from hmsbook.opc.workbook import SheetInfo, TableInfo

# The formats that a frame gives the numbers of an indicator, by how many decimals they are typed with.
_VALUES = f"{PREFIX}values"
_DECIMALS = ("general", "#,##0", "#,##0.0", "#,##0.00")
# A cell without any look, in a row that a program has added: there is nothing to lose.
_BARE = Look().meaning


class _Group(NamedTuple):
    """Cells of a table that look alike: a column, or its header. `key` is None for people's own columns."""

    table: str
    key: object
    is_head: bool


def _formats(on: Pair) -> Iterator[Left]:
    """Cells that people gave another look."""
    if on.ours is None:
        return
    own = sorted({*_in_tables(on, on.ours), *_outside(on, on.ours)})
    if own:
        yield Left("format", on.sheet.name, len(own), cells_text(map(cell_name, own)))


# In tables, where rows and columns change places


def _in_tables(on: Pair, ours: SheetInfo) -> Iterator[Position]:
    known = _known(on.fresh, ours)
    cells = on.old.scan(on.sheet).cells
    for group, places in _groups(on.old, on.sheet):
        usual = _usual(on, group, known)
        for at in filter(cells.__contains__, places):
            look = on.old.looks.meaning(cells[at].style)
            if _compared(look, group) not in usual and not _was_ours(look, on):
                yield at


def _usual(on: Pair, group: _Group, known: dict[_Group, set[Look]]) -> set[Look]:
    """How the cells of a column may look: as in a new frame, or like nothing at all."""
    looks = known.get(group, set())
    if group.key is None or group not in known:
        # A column of people's own may look as any other does.
        looks = {look for other, found in known.items() if other.table == group.table for look in found}
    elif not on.old.is_current:
        looks = {*on.fresh.looks.meanings}
    return {_compared(look, group) for look in (*looks, _BARE)}


def _compared(look: Look, group: _Group) -> Look:
    """A look without how it shows numbers where that is carried, or follows the numbers that are typed."""
    follows = group.table == _VALUES and look.number_format in _DECIMALS
    return look._replace(number_format="") if follows or group.key is None else look


def _known(side: Side, sheet: SheetInfo) -> dict[_Group, set[Look]]:
    """How the cells of our tables look in a frame that nobody has changed."""
    cells = side.scan(sheet).cells
    return {
        group: {side.looks.meaning(cells.get(at, EMPTY).style) for at in places}
        for group, places in _groups(side, sheet)
    }


def _groups(side: Side, sheet: SheetInfo) -> Iterator[tuple[_Group, list[Position]]]:
    for table in side.tables_on(sheet):
        top, left, bottom, _ = side.carried(table)
        first = top + table.header_rows
        for offset, key in enumerate(_columns(side, table)):
            for is_head, rows in ((True, range(top, first)), (False, range(first, bottom + 1))):
                yield _Group(table.name, key, is_head), [(row, left + offset) for row in rows]


def _columns(side: Side, table: TableInfo) -> Iterable[object]:
    """What the columns of a table are: of a form the labels and the answers."""
    return (0, 1) if side.declared[table.name].form else side.keys(table)


# Everywhere else, where cells stay in their places


def _outside(on: Pair, ours: SheetInfo) -> Iterator[Position]:
    taken = [table.ref for side, it in _sides(on, ours) for table in side.tables_on(it)]
    cells, fresh = (side.scan(it).cells for side, it in _sides(on, ours))
    is_same = on.old.is_current and on.old.anchors(on.sheet) == on.fresh.anchors(ours)
    lines = _line_styles(on.old, on.sheet)
    for at, cell in cells.items():
        look = on.old.looks.meaning(cell.style)
        expected = on.fresh.looks.meaning(fresh.get(at, EMPTY).style)
        if look == expected or any(contains(area, at) for area in taken):
            continue
        told = at not in fresh and cell.style in (lines[0].get(at[0]), lines[1].get(at[1]))
        if not told and (is_same or (look not in on.fresh.looks.meanings and not _was_ours(look, on))):
            yield at


def _was_ours(look: Look, on: Pair) -> bool:
    """Whether cells of the workbook's own, older frame looked so."""
    return look.text in on.old.once_ours.get("look", ())


def _sides(on: Pair, ours: SheetInfo) -> tuple[tuple[Side, SheetInfo], tuple[Side, SheetInfo]]:
    return (on.old, on.sheet), (on.fresh, ours)


def _lines(on: Pair) -> Iterator[Left]:
    """Whole rows and columns that people gave another look."""
    rows, columns = _line_styles(on.old, on.sheet)
    names = (*(f"{row}:{row}" for row in rows), *(f"{it}:{it}" for it in map(column_letters, columns)))
    if names:
        yield Left("lines", on.sheet.name, len(names), cells_text(names))


def _line_styles(side: Side, sheet: SheetInfo) -> tuple[dict[int, int], dict[int, int]]:
    """The formats of whole rows and columns that are not a workbook's usual one, as all are in our frames."""
    usual = side.looks.meaning(0)
    rows = row_styles(side.package.read(sheet.part), sheet.part)
    found = rows, column_styles(side.tree(sheet.part))
    one, other = (
        {number: style for number, style in it.items() if side.looks.meaning(style) != usual} for it in found
    )
    return one, other


def _tables(on: Pair) -> Iterator[Left]:
    """Tables that were given a style."""
    names = [table.name for table in on.old.tables_on(on.sheet) if _style(on.old, table)]
    if names:
        yield Left("tablestyle", on.sheet.name, len(names))


def _style(side: Side, table: TableInfo) -> str:
    info: Node = side.tree(table.part).child("tableStyleInfo")
    return info.attributes.get("name", "")


RESTYLED: tuple[Looker, ...] = (_formats, _lines, _tables)
