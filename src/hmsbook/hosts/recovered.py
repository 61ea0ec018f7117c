"""A copy that a program saved without our tables or names: they are found again by what stands in cells.

Only reading is possible so, and only what is beyond doubt is found: a table by its headers, the manifest by
its first line, and the rows as sent by the name of their sheet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from hmsbook.errors import PackageError
from hmsbook.hosts.changes import PREFIX
from hmsbook.hosts.file import FileHost
from hmsbook.hosts.side import HIDDEN
from hmsbook.model.raw import Value
from hmsbook.opc.cells import Position, Range, column_letters
from hmsbook.opc.package import Package
from hmsbook.opc.save import fingerprint
from hmsbook.opc.workbook import SheetInfo, TableInfo, Workbook
from hmsbook.reading.headers import find_column
from hmsbook.standard.book import BASE_SHEET, CALC_SHEET, TABLES, tables
from hmsbook.standard.calc import BASE, MANIFEST
from hmsbook.standard.schema import Table

# So much of a table's headers must stand beside each other for them to be that table's.
_ENOUGH = 0.6

Cells = Mapping[Position, Value]


class _Candidate(NamedTuple):
    """Where a table may be: how much of what stands there is its own, its sheet, and its header row."""

    share: float
    sheet: SheetInfo
    area: Range


class RecoveredHost(FileHost):
    """A closed workbook whose tables and names were found again; it is only read."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self.package = Package.open(str(path))
        self.workbook = _Named(self.package)
        self.before = fingerprint(bytes(self.package.data))
        self.workbook.find_names({sheet.name: _values(self, sheet) for sheet in self._hidden})

    @property
    def _hidden(self) -> Iterator[SheetInfo]:
        return (sheet for sheet in self.workbook.sheets if sheet.name in (CALC_SHEET, BASE_SHEET))

    def find_tables(self, heights: Mapping[str, int]) -> None:
        """Find the tables, by how many rows each was drawn with; PackageError where there are none."""
        language = str(self.manifest.get("language") or "nb")
        sheets = [it for it in self.workbook.sheets if it.name not in HIDDEN and it.kind == "worksheet"]
        cells = {sheet.part: _values(self, sheet) for sheet in sheets}
        found: dict[str, _Candidate] = {}
        for table in tables(self.slots).values():
            best = max(_candidates(table, sheets, cells, language), key=lambda it: it.share, default=None)
            if best is not None:
                found[table.key] = best
        if not found:
            raise PackageError("tables_gone", path=str(self.path), sheets="")
        self.workbook.tables = [
            _table(key, it, cells[it.sheet.part], _bottom(key, it, found, heights, cells[it.sheet.part]))
            for key, it in found.items()
        ]


class _Named(Workbook):
    """A workbook whose most needed names are found where a program has dropped them."""

    def find_names(self, cells: Mapping[str, Cells]) -> None:
        """Find the manifest, and the rows as sent."""
        if self.resolve(f"{PREFIX}manifest") is None:
            for row, column in sorted(cells.get(CALC_SHEET, {})):
                here = cells[CALC_SHEET]
                if here[row, column] == "product" and here.get((row, column + 1)) == "hmsbook":
                    self._name("manifest", CALC_SHEET, (row, column, row + MANIFEST.rows - 1, column + 1))
                    break
        if self.resolve(f"{PREFIX}{BASE}") is None and cells.get(BASE_SHEET):
            last = max(row for row, _ in cells[BASE_SHEET])
            self._name(BASE, BASE_SHEET, (1, 1, last, 1))

    def _name(self, key: str, sheet: str, area: Range) -> None:
        top, left, bottom, right = area
        first, last = f"${column_letters(left)}${top}", f"${column_letters(right)}${bottom}"
        self._names[f"{PREFIX}{key}"] = f"{sheet}!{first}:{last}"


def _values(host: FileHost, sheet: SheetInfo) -> dict[Position, Value]:
    cells = host.scan(sheet).cells
    return {at: it.value for at, it in cells.items() if it.value not in (None, "")}


def _candidates(
    table: Table, sheets: list[SheetInfo], cells: Mapping[str, Cells], language: str
) -> Iterator[_Candidate]:
    for sheet in sheets:
        runs = _down(cells[sheet.part]) if table.form else _across(cells[sheet.part])
        for first, run in runs:
            keys = {find_column(table, str(it), language) for it in run} - {None}
            known = keys & {column.key for column in table.columns}
            share = len(known) / len(run)
            if len(known) >= _ENOUGH * len(table.columns):
                yield _Candidate(share, sheet, _header_row(table, first, run, language))


def _header_row(table: Table, first: Position, run: list[str], language: str) -> Range:
    """The area of the headers; of a form that of the two words at its head."""
    row, column = first
    if not table.form:
        return row, column, row, column + len(run) - 1
    labels = [find_column(table, it, language) for it in run]
    declared = {it.key for it in table.columns}
    start = next(at for at, key in enumerate(labels) if key in declared)
    return row + start - 1, column, row + start - 1, column + 1


def _across(cells: Cells) -> Iterator[tuple[Position, list[str]]]:
    """Texts that stand beside each other without a gap."""
    run: list[str] = []
    start = last = (0, 0)
    for at in sorted(at for at, value in cells.items() if isinstance(value, str)):
        if at != (last[0], last[1] + 1):
            if len(run) > 1:
                yield start, run
            run, start = [], at
        run.append(str(cells[at]))
        last = at
    if len(run) > 1:
        yield start, run


def _down(cells: Cells) -> Iterator[tuple[Position, list[str]]]:
    """Texts that stand below each other without a gap."""
    turned = {(column, row): value for (row, column), value in cells.items()}
    return (((row, column), run) for (column, row), run in _across(turned))


def _table(key: str, found: _Candidate, cells: Cells, bottom: int) -> TableInfo:
    top, left, _, right = found.area
    columns = [str(cells.get((top, column), "")) for column in range(left, right + 1)]
    return TableInfo(f"{PREFIX}{key}", (top, left, bottom, right), 1, 0, columns, found.sheet, "")


def _bottom(
    key: str, it: _Candidate, found: Mapping[str, _Candidate], heights: Mapping[str, int], cells: Cells
) -> int:
    """The last row: where it was drawn to, and what stands right below, where no other table follows."""
    top, left, _, right = it.area
    declared = TABLES[key]
    bottom = top + (len(declared.columns) if declared.form else heights.get(key, 1))
    below = [
        other.area[0]
        for other in found.values()
        if other.sheet.part == it.sheet.part
        and other.area[0] > top
        and other.area[1] <= right
        and left <= other.area[3]
    ]
    if below:
        return min(bottom, min(below) - 1)
    used = {row for row, column in cells if left <= column <= right}
    while bottom + 1 in used:
        bottom += 1
    return bottom
