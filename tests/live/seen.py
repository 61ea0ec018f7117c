"""What a person sees of an open workbook, to be compared, and hands that change it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import isclose
from pathlib import Path
from typing import Any, NamedTuple

import xlwings

from hmsbook.opc.cells import Position, cell_name, parse_range
from tests.support.xlwings_uno.com import ComError

VISIBLE_CELLS = 12


class SeenSheet(NamedTuple):
    """A sheet: its state, what each cell holds and says, and which parts of it are not hidden."""

    state: int
    values: dict[str, Any]
    formulas: dict[str, str]
    shown: list[str]


@contextmanager
def opened(path: Path, *, read_only: bool = False) -> Iterator[xlwings.Book]:
    """A file opened in the program; it is closed without being saved."""
    book = xlwings.books.open(path, read_only=read_only)
    try:
        yield book
    finally:
        book.close()


def seen(book: xlwings.Book) -> dict[str, SeenSheet]:
    """All that a person could see of a workbook, by sheet, in order."""
    return {sheet.name: _sheet(sheet.api) for sheet in book.sheets}


def _sheet(sheet: Any) -> SeenSheet:
    area = parse_range(sheet.UsedRange.GetAddress())
    values, formulas = (
        {cell_name(at): content for at, content in _cells(block, area[:2]) if content not in (None, "")}
        for block in (sheet.UsedRange.Value2, sheet.UsedRange.Formula)
    )
    own = {cell: text for cell, text in formulas.items() if text.startswith("=") and values.get(cell) != text}
    return SeenSheet(sheet.Visible, values, own, _shown(sheet))


def _cells(block: Any, first: Position) -> Iterator[tuple[Position, Any]]:
    rows = block if isinstance(block, tuple) else ((block,),)
    for down, row in enumerate(rows):
        for across, content in enumerate(row):
            yield (first[0] + down, first[1] + across), content


def _shown(sheet: Any) -> list[str]:
    try:
        return [area.GetAddress() for area in sheet.Range("A1:BZ700").SpecialCells(VISIBLE_CELLS).Areas]
    except ComError:
        return []


def differences(one: Mapping[str, SeenSheet], other: Mapping[str, SeenSheet]) -> list[str]:
    """Where two workbooks differ, in words: nothing when a person could not tell them apart."""
    found = [] if list(one) == list(other) else [f"sheets: {list(one)} and {list(other)}"]
    for name in one.keys() & other.keys():
        found += _different(name, one[name], other[name])
    return sorted(found)


def _different(name: str, one: SeenSheet, other: SeenSheet) -> Iterator[str]:
    for part in ("state", "shown"):
        if getattr(one, part) != getattr(other, part):
            yield f"{name} {part}: {getattr(one, part)} and {getattr(other, part)}"
    for part in ("values", "formulas"):
        first, second = getattr(one, part), getattr(other, part)
        for cell in first.keys() | second.keys():
            if not _alike(first.get(cell), second.get(cell)):
                yield f"{name}!{cell} {part}: {first.get(cell)!r} and {second.get(cell)!r}"


def _alike(one: object, other: object) -> bool:
    """Whether two contents are the same; LibreOffice writes numbers with fifteen digits into a file."""
    if isinstance(one, float) and isinstance(other, float):
        return isclose(one, other, rel_tol=1e-14)
    return one == other


def spot(book: xlwings.Book, name: str, row: int = 0, column: int = 0) -> Any:
    """A cell of a named region, counted from 0."""
    return book.names[name].refers_to_range.api.GetOffset(row, column).GetResize(1, 1)


def table(book: xlwings.Book, key: str) -> Any:
    """A table of the standard."""
    for sheet in book.sheets:
        for found in sheet.api.ListObjects:
            if found.Name == f"hms_{key}":
                return found
    raise KeyError(key)


def cell(book: xlwings.Book, key: str, header: str, row: int = 0) -> Any:
    """A cell of a table, by the header of its column, and its row counted from 0."""
    return table(book, key).ListColumns(header).DataBodyRange.GetOffset(row, 0).GetResize(1, 1)
