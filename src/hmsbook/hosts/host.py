"""What every host does with a workbook it can look into: reads tables and owned regions, and finds changes.

A host says where the cells are (`workbook`) and what they hold (`scan`); how cells are written is its own.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from hmsbook.errors import PackageError
from hmsbook.flow.fill import Fill
from hmsbook.hosts import extent, window
from hmsbook.hosts.changes import EMPTY, PREFIX, Area, Changes, Placing, headers
from hmsbook.hosts.frame import require_tables
from hmsbook.hosts.view import BookView
from hmsbook.hosts.window import Grid
from hmsbook.model.raw import RawBook, RawCell, RawRow, RawTable
from hmsbook.opc.cells import ErrorValue, Position, cell_name, column_letters, contains, parse_cell
from hmsbook.opc.sheet import Cell, SheetScan
from hmsbook.opc.workbook import SheetInfo, TableInfo

_WHOLE = re.compile(r"([0-9]{1,9})(\.0)?")


class OtherFormula(NamedTuple):
    """A formula of a person's own in the place of ours: its table, column and row, and where it stands."""

    table: str
    column: str
    row: int
    sheet: str
    address: str
    formula: str


class Host(ABC):
    """A workbook, wherever it is."""

    path: Path
    workbook: BookView

    @abstractmethod
    def scan(self, sheet: SheetInfo) -> SheetScan:
        """The cells of a sheet, and what is hidden on it."""

    @abstractmethod
    def window_change(self, spot: Area, grid: Grid, /) -> window.Rewritten | None:
        """What makes the chart window show these values; None where its cells must be gone through."""

    @cached_property
    def manifest(self) -> dict[str, object]:
        """What hmsbook keeps about the workbook: key to value."""
        return {str(row[0].value): row[1].value for row in self.region("manifest") if len(row) > 1}

    def read(self, regions: tuple[str, ...] = ()) -> RawBook:
        """All tables of the standard and the regions asked for; PackageError where a table is broken."""
        require_tables(self.workbook, self.scan)
        found = {
            table.name: self._table(table) for table in self.workbook.tables if table.name.startswith(PREFIX)
        }
        named = {key: self.region(key) for key in regions if self._spot(key) is not None}
        return RawBook(found, named, date1904=self.workbook.date1904)

    def region(self, key: str) -> tuple[tuple[RawCell, ...], ...]:
        """The cells of an owned region, row by row; PackageError when its name is gone."""
        sheet, top, left, bottom, right = self._need(key)
        scanned, columns = self.scan(sheet), _lettered(range(left, right + 1))
        # Nobody asks where an empty row of ours stands, so that it is the same whichever it is.
        empty = tuple(RawCell(None, "") for _ in columns)
        return tuple(
            _raw_row(scanned.cells, row, columns) if row in scanned.rows_in_use else empty
            for row in range(top, bottom + 1)
        )

    def _table(self, table: TableInfo) -> RawTable:
        top, left, _, right = table.ref
        scanned = self.scan(table.sheet)
        columns = _lettered(range(left, right + 1))
        first = top + table.header_rows
        declared = self._placing.tables.get(table.name)
        last = extent.last_row(table, scanned, declared, self._placing.language)
        return RawTable(
            table.name,
            table.sheet.name,
            tuple(
                RawCell(text, cell_name((top, left + index)))
                for index, text in enumerate(headers(scanned, table))
            ),
            tuple(RawRow(row, _raw_row(scanned.cells, row, columns)) for row in range(first, last + 1)),
            tuple(_overlapping(scanned, table)),
        )

    def _spot(self, key: str) -> tuple[SheetInfo, int, int, int, int] | None:
        return self.workbook.resolve(PREFIX + key)

    def _need(self, key: str) -> tuple[SheetInfo, int, int, int, int]:
        spot = self._spot(key)
        if spot is None:
            raise PackageError("region_missing", path=str(self.path), region=key)
        return spot

    @property
    def months_shown(self) -> int | None:
        """How many months the person has chosen for the charts."""
        spot = self.workbook.resolve("hms_months_shown")
        value = self.scan(spot[0]).cells.get(spot[1:3], EMPTY).value if spot else None
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def sheet_name(self, region: str) -> str:
        """The present name of the sheet an owned region lies on."""
        return self._need(region)[0].name

    # What a fill changes

    def differs(self, fill: Fill) -> bool:
        """Whether writing the fill would change any cell or hide or show anything."""
        return bool(self._changes(fill) or self._states(fill))

    def has_formula(self, table: str, column: str) -> bool:
        """Whether the formula of a computed column can stand in this workbook."""
        return bool(self._placing.column_formula(table, column))

    def formula_stands(self, region: str, row: int, column: str) -> bool:
        """Whether the formula of a region's cell can stand in this workbook."""
        return bool(self._placing.region_formula(region, row, column))

    def is_other_formula(self, region: str, address: str) -> bool:
        """Whether a formula of a person's own stands in a region's cell, in the place of ours."""
        return (self._need(region)[0].part, parse_cell(address)) in self._placing.others

    def other_formulas(self) -> Iterator[OtherFormula]:
        """The formulas of people's own in the place of ours in tables."""
        for table in self.workbook.tables:
            for (part, at), formula in self._placing.others.items():
                if part == table.sheet.part and contains(table.ref, at):
                    key = self._placing.column_key(table, at[1])
                    row = at[0] - table.ref[0] - table.header_rows
                    yield OtherFormula(table.name, key, row, table.sheet.name, cell_name(at), formula)

    def room(self, table: str) -> int:
        """How many rows a table can be given."""
        return self._placing.room(table)

    @cached_property
    def _placing(self) -> Placing:
        language = str(self.manifest["language"])
        return Placing(self.workbook, self.scan, language, self.slots, self.window_change)

    def _changes(self, fill: Fill) -> dict[str, Changes]:
        """What the fill would change, by sheet part."""
        return {part: change for part, change in self._placing.changes(fill).items() if change}

    @property
    def slots(self) -> int:
        """How many indicator slots the workbook was drawn with; PackageError where it does not say."""
        number = whole_number(self.manifest.get("slots"))
        if number is None:
            raise PackageError("manifest_broken", path=str(self.path), field="slots", found="")
        return number

    def _states(self, fill: Fill) -> dict[str, str]:
        """Sheets to show, by part: found by what stands on them, whatever they are called now."""
        states: dict[str, str] = {}
        for key, shown in fill.sheets.items():
            spot = self.workbook.resolve(f"{PREFIX}sheet_{key}")
            if spot is not None and shown and spot[0].state == "hidden":
                states[spot[0].part] = "visible"
        return states


def whole_number(value: object) -> int | None:
    """The whole number that was noted, however a program wrote it since; None where it is none."""
    return int(found[1]) if (found := _WHOLE.fullmatch(str(value))) else None


def _lettered(columns: range) -> list[tuple[int, str]]:
    return [(column, column_letters(column)) for column in columns]


def _raw_row(
    cells: Mapping[Position, Cell], row: int, columns: Sequence[tuple[int, str]]
) -> tuple[RawCell, ...]:
    """The cells of a row; an empty one costs no more than its address."""
    number, find = str(row), cells.get
    return tuple(
        [
            RawCell(None, letters + number)
            if (cell := find((row, column))) is None
            else _raw(cell, letters + number)
            for column, letters in columns
        ]
    )


def _raw(cell: Cell, address: str) -> RawCell:
    is_error = isinstance(cell.value, ErrorValue)
    return RawCell(cell.value, address, cell.is_formula, is_error, cell.formula or "")


def _overlapping(scanned: SheetScan, table: TableInfo) -> Iterator[str]:
    top, left, bottom, right = table.ref
    for first_row, first_column, last_row, last_column in scanned.merges:
        if first_row <= bottom and last_row >= top and first_column <= right and last_column >= left:
            yield f"{cell_name((first_row, first_column))}:{cell_name((last_row, last_column))}"
