"""What an update must leave: a worksheet part without the cells, rows and columns that it may change.

Two versions of a part that have the same rest differ in nothing else, byte for byte.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from hmsbook.opc import plain
from hmsbook.opc.markup import Attributes, Splice, apply, opened, with_attributes
from hmsbook.opc.survey import CellPlace, Element, Survey

# What says how a cell's value is to be read; the rest of its tag stays.
_TYPES = ("t", "cm", "vm")
# What changes when a row is hidden or shown, or gets a new cell.
_HINTS = ("spans", "hidden")
# What changes when a column is hidden or shown; one that never had a width gets one then.
_COLUMN = ("hidden", "width", "customWidth")

Segment = tuple[int, int, Attributes]


def rest(xml: bytes, found: Survey, columns: Collection[int], rows: Iterable[plain.Row]) -> bytes:
    """The part without what was found in it, the states of columns, and whole rows."""
    cuts = [Splice(row.start, row.end, b"") for row in rows]
    for number, cells in _by_row(found).items():
        cuts += _row(xml, found.rows[number], cells)
    if found.dimension:
        cuts.append(Splice(found.dimension.start, found.dimension.tag_end, b""))
    if columns:
        cuts += _columns(found, columns)
    if found.sheet_data:
        cuts.append(_without_end(xml, found.sheet_data))
    return apply(xml, cuts)


def _without_end(xml: bytes, element: Element) -> Splice:
    """The element as if it had no end tag, so that an empty one is like one that was opened."""
    if element.end == element.tag_end:
        return Splice(element.start, element.end, opened(element.tag(xml)))
    return Splice(element.inner_end, element.end, b"")


def _by_row(found: Survey) -> dict[int, list[CellPlace]]:
    cells: dict[int, list[CellPlace]] = {number: [] for number in found.rows}
    for (number, _), cell in found.cells.items():
        cells[number].append(cell)
    return cells


def _row(xml: bytes, row: Element, cells: Sequence[CellPlace]) -> Iterator[Splice]:
    """A row without these cells and as if it were not hidden; nothing of one that holds and says no more."""
    inside = max(row.inner_end - row.tag_end, 0)
    says = row.attributes.keys() - {"r", *_HINTS}
    if not says and inside == sum(cell.end - cell.start for cell in cells):
        yield Splice(row.start, row.end, b"")
        return
    tag = opened(with_attributes(row.tag(xml), dict.fromkeys(_HINTS)))
    if inside == 0:
        yield Splice(row.start, row.end, tag)
        return
    yield Splice(row.start, row.tag_end, tag)
    yield from (Splice(cell.start, cell.end, b"") for cell in cells)
    yield Splice(row.inner_end, row.end, b"")


def _columns(found: Survey, columns: Collection[int]) -> Iterator[Splice]:
    """What is said of columns, in a form that does not depend on how neighbours are grouped."""
    shown = repr(_merged(_segments(found, columns))).encode()
    if found.cols:
        yield Splice(found.cols.start, found.cols.end, shown)
    elif found.sheet_data:
        yield Splice(found.sheet_data.start, found.sheet_data.start, shown)


def _segments(found: Survey, columns: Collection[int]) -> Iterator[Segment]:
    for col in found.col:
        said = {name: value for name, value in col.attributes.items() if name not in ("min", "max")}
        at, last = int(col.attributes["min"]), int(col.attributes["max"])
        for column in sorted(column for column in columns if at <= column <= last):
            if at < column:
                yield at, column - 1, said
            yield column, column, {name: value for name, value in said.items() if name not in _COLUMN}
            at = column + 1
        if at <= last:
            yield at, last, said


def _merged(segments: Iterable[Segment]) -> list[Segment]:
    """Neighbours that say the same as one; a column of which nothing is said is left out."""
    merged: list[Segment] = []
    for low, high, said in segments:
        if merged and merged[-1][1] == low - 1 and merged[-1][2] == said:
            merged[-1] = merged[-1][0], high, said
        elif said:
            merged.append((low, high, said))
    return merged


def kept(xml: bytes, cell: CellPlace) -> tuple[dict[str, str], list[bytes]]:
    """What stays of a cell whatever is written into it: its style and extensions."""
    said = {name: value for name, value in cell.attributes.items() if name not in _TYPES}
    return said, [extension.raw(xml) for extension in cell.extensions]
