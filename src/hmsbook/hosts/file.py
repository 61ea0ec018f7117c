"""The file host: reads tables and owned regions from a closed workbook, and writes owned cells into it.

Nothing else in the file changes: parts that hold no owned cell are copied byte for byte, and inside the
others only the owned cells are spliced.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from hmsbook.errors import PackageError
from hmsbook.flow.fill import Fill
from hmsbook.hosts.restore import names_in
from hmsbook.model.raw import RawBook, RawCell, RawRow, RawTable, Value
from hmsbook.opc.cells import ErrorValue, Formula, Position, Write, cell_name
from hmsbook.opc.chart import refresh_caches
from hmsbook.opc.package import Package, receipt
from hmsbook.opc.save import Fingerprint, Saved, fingerprint, save, sweep
from hmsbook.opc.sheet import Cell, SheetScan, scan, splice
from hmsbook.opc.workbook import SheetInfo, TableInfo, Workbook
from hmsbook.reading.headers import find_column
from hmsbook.standard.book import regions, tables
from hmsbook.standard.naming import BookNames
from hmsbook.standard.schema import Region, Table

PREFIX = "hms_"
OWNED_CHARTS = ("hms_trend_", "hms_priorities")
_REFERENCE = re.compile(rb"<c:f>([^<]*)</c:f>")
_EMPTY = Cell(None, None, 0, False)


@dataclass
class _Changes:
    """What is to be written into one sheet."""

    cells: dict[Position, Write] = field(default_factory=dict)
    rows: dict[int, bool] = field(default_factory=dict)
    columns: dict[int, bool] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.cells or self.rows or self.columns)


@dataclass(frozen=True)
class Rewritten:
    """A workbook with the fill written into it, and how many cells of each sheet differ."""

    data: bytes
    changed: Mapping[str, int]

    @property
    def cells(self) -> int:
        """How many cells differ in all."""
        return sum(self.changed.values())


class FileHost:
    """A closed workbook."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self.package = Package.open(str(path))
        self.workbook = Workbook(self.package)
        self.before: Fingerprint = fingerprint(bytes(self.package.data))
        if self._spot("manifest") is None:
            raise PackageError("not_ours", path=str(path))

    @property
    def shared_strings(self) -> list[str]:
        """The workbook's shared strings."""
        return list(self.workbook.shared_strings)

    # Reading

    @cached_property
    def manifest(self) -> dict[str, object]:
        """What hmsbook keeps about the workbook: key to value."""
        return {str(row[0].value): row[1].value for row in self.region("manifest")}

    def read(self, regions: tuple[str, ...] = ()) -> RawBook:
        """All tables of the standard, and the owned regions asked for."""
        found = {
            table.name: self._table(table) for table in self.workbook.tables if table.name.startswith(PREFIX)
        }
        named = {key: self.region(key) for key in regions if self._spot(key) is not None}
        return RawBook(found, named, date1904=self.workbook.date1904)

    def region(self, key: str) -> tuple[tuple[RawCell, ...], ...]:
        """The cells of an owned region, row by row; PackageError when its name is gone."""
        sheet, top, left, bottom, right = self._need(key)
        cells = self._scan(sheet).cells
        return tuple(
            tuple(_raw(cells.get((row, column), _EMPTY), row, column) for column in range(left, right + 1))
            for row in range(top, bottom + 1)
        )

    def _table(self, table: TableInfo) -> RawTable:
        top, left, bottom, right = table.ref
        scanned = self._scan(table.sheet)
        columns = range(left, right + 1)
        first = top + table.header_rows
        rows = range(first, bottom - table.totals_rows + 1)
        return RawTable(
            table.name,
            table.sheet.name,
            tuple(_header(scanned, table, top, left, index) for index in range(len(columns))),
            tuple(
                RawRow(
                    row,
                    tuple(_raw(scanned.cells.get((row, column), _EMPTY), row, column) for column in columns),
                )
                for row in rows
            ),
            tuple(_overlapping(scanned, table)),
        )

    @cached_property
    def _scans(self) -> dict[str, SheetScan]:
        return {}

    def _scan(self, sheet: SheetInfo) -> SheetScan:
        if sheet.part not in self._scans:
            xml = self.package.read(sheet.part)
            self._scans[sheet.part] = scan(xml, lambda: self.workbook.shared_strings, part=sheet.part)
        return self._scans[sheet.part]

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
        value = self._scan(spot[0]).cells.get(spot[1:3], _EMPTY).value if spot else None
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def sheet_name(self, region: str) -> str:
        """The present name of the sheet an owned region lies on."""
        return self._need(region)[0].name

    # Writing

    def differs(self, fill: Fill) -> bool:
        """Whether writing the fill would change any cell or hide or show anything."""
        return any(self._needed(part, change) for part, change in self._changes(fill).items()) or bool(
            self._states(fill)
        )

    def _changes(self, fill: Fill) -> dict[str, _Changes]:
        changes: dict[str, _Changes] = {}
        self._collect_regions(fill, changes)
        self._collect_tables(fill, changes)
        return changes

    def rewrite(self, fill: Fill) -> Rewritten:
        """The workbook with the fill in its owned cells; everything else as it was, which is checked."""
        changes = {part: self._needed(part, change) for part, change in self._changes(fill).items()}
        changes = {part: change for part, change in changes.items() if change}
        parts = {part: self._spliced(part, change) for part, change in changes.items()}
        parts |= self._charts(changes)
        states = self._states(fill)
        if parts or states:
            parts[self.workbook.part] = self.workbook.workbook_xml_with(states, full_calc_on_load=True)
        changed = {part: xml for part, xml in parts.items() if xml != self.package.read(part)}
        data = self.package.replace(changed)
        receipt(self.package, data, set(changed))
        return Rewritten(
            data, {self._name(part): len(change.cells) for part, change in changes.items() if change.cells}
        )

    def _needed(self, part: str, change: _Changes) -> _Changes:
        """The cells, rows and columns of a sheet that are not as they should be already."""
        sheet = next(sheet for sheet in self.workbook.sheets if sheet.part == part)
        found = self._scan(sheet)
        cells = {
            at: value
            for at, value in change.cells.items()
            if not _same(found.cells.get(at, _EMPTY).value, value)
        }
        rows = {row: hidden for row, hidden in change.rows.items() if (row in found.hidden_rows) != hidden}
        columns = {at: hidden for at, hidden in change.columns.items() if (at in found.hidden_cols) != hidden}
        return _Changes(cells, rows, columns)

    def save(self, data: bytes, path: Path | None = None) -> Saved:
        """Put new bytes in the file's place in one step; the old file stays whole until then."""
        sweep(str(self.path))
        return save(str(path or self.path), data, expected=None if path else self.before)

    def _name(self, part: str) -> str:
        return next(sheet.name for sheet in self.workbook.sheets if sheet.part == part)

    def _collect_regions(self, fill: Fill, changes: dict[str, _Changes]) -> None:
        for key, grid in fill.regions.items():
            spot = self._spot(key)
            if spot is None:
                continue
            sheet, top, left, bottom, right = spot
            change = changes.setdefault(sheet.part, _Changes())
            for row in range(top, bottom + 1):
                values = grid[row - top] if row - top < len(grid) else ()
                for column in range(left, right + 1):
                    value = values[column - left] if column - left < len(values) else None
                    change.cells[row, column] = value
            self._restore_region(key, spot, change)
            hidden = fill.hidden_rows.get(key)
            if hidden is not None:
                change.rows |= {row: row - top in hidden for row in range(top, bottom + 1)}

    def _restore_region(self, key: str, spot: tuple[SheetInfo, int, int, int, int], change: _Changes) -> None:
        """Put formulas back where a value has taken their place."""
        region = self._regions.get(key)
        if region is None or not region.formulas:
            return
        sheet, top, left, *_ = spot
        cells = self._scan(sheet).cells
        for row in range(region.rows):
            for offset, name in enumerate(region.columns):
                at = (top + row, left + offset)
                if name in region.formulas and not cells.get(at, _EMPTY).is_formula and at in change.cells:
                    text = region.formulas[name](self._names, row)
                    if text:
                        change.cells[at] = Formula(text[1:], _plain(change.cells[at]))

    @cached_property
    def _regions(self) -> dict[str, Region]:
        return regions(self.slots)

    @cached_property
    def _names(self) -> BookNames:
        plot, results = self._need("plot"), self._need("results")
        return names_in(
            self.workbook.tables,
            str(self.manifest["language"]),
            self.slots,
            plot[3] - plot[1] + 1,
            results[3] - results[1] + 1,
        )

    @property
    def slots(self) -> int:
        """How many indicator slots the workbook was drawn with."""
        return int(str(self.manifest["slots"]))

    def _collect_tables(self, fill: Fill, changes: dict[str, _Changes]) -> None:
        for table, columns in self._columns(fill):
            change = changes.setdefault(table.sheet.part, _Changes())
            top, left = table.ref[0] + table.header_rows, table.ref[1]
            for column, values in columns.values.items():
                key = columns.keys[column]
                for index, value in enumerate(values):
                    at = (top + index, left + column)
                    change.cells[at] = self._with_formula(table, key, at, value)
            for (row, column), value in columns.ids.items():
                change.cells[top + row, left + column] = value
            for column, hidden in columns.hidden.items():
                change.columns[left + column] = hidden

    def _with_formula(self, table: TableInfo, key: str, at: Position, value: Value) -> Write:
        """A computed cell's value; with its formula where that is gone."""
        if self._scan(table.sheet).cells.get(at, _EMPTY).is_formula:
            return value
        formula = tables(self.slots)[table.name.removeprefix(PREFIX)].column(key).formula
        return Formula(formula(self._names)[1:], value) if formula else value

    def _columns(self, fill: Fill) -> Iterator[tuple[TableInfo, _TableFill]]:
        declared = {table.name: table for table in tables(self.slots).values()}
        for found in self.workbook.tables:
            table = declared.get(found.name)
            if table is not None and not table.form:
                yield found, _table_fill(table, found, fill, str(self.manifest["language"]))

    def _spliced(self, part: str, change: _Changes) -> bytes:
        return splice(
            self.package.read(part),
            change.cells,
            hidden_rows=change.rows,
            hidden_cols=change.columns,
            strings=lambda: self.workbook.shared_strings,
            part=part,
        )

    def _states(self, fill: Fill) -> dict[str, str]:
        """Sheets to show, by part: found by what stands on them, whatever they are called now."""
        states: dict[str, str] = {}
        for key, shown in fill.sheets.items():
            spot = self.workbook.resolve(f"{PREFIX}sheet_{key}")
            if spot is not None and shown and spot[0].state == "hidden":
                states[spot[0].part] = "visible"
        return states

    def _charts(self, changes: Mapping[str, _Changes]) -> dict[str, bytes]:
        """Owned charts that show a changed cell, with what the cells now hold."""
        found: dict[str, bytes] = {}
        for chart in self._owned_charts():
            xml = self.package.read(chart)
            references = {
                match.decode().replace("&apos;", "'").replace("&amp;", "&")
                for match in _REFERENCE.findall(xml)
            }
            if any(self._shows_change(reference, changes) for reference in references):
                found[chart] = refresh_caches(
                    xml, lambda reference: self._values(reference, changes), part=chart
                )
        return found

    def _owned_charts(self) -> list[str]:
        named = [pair for sheet in self.workbook.sheets for pair in self.workbook.charts(sheet)]
        return sorted({chart for name, chart in named if name.startswith(OWNED_CHARTS)})

    def _shows_change(self, reference: str, changes: Mapping[str, _Changes]) -> bool:
        area = self.workbook.locate(reference)
        if area is None or area[0].part not in changes:
            return False
        cells = changes[area[0].part].cells
        return any(at in cells for at in _positions(area))

    def _values(self, reference: str, changes: Mapping[str, _Changes]) -> list[Value] | None:
        """What the cells of a chart's reference hold after the rewrite."""
        area = self.workbook.locate(reference)
        if area is None:
            return None
        new = changes[area[0].part].cells if area[0].part in changes else {}
        old = self._scan(area[0]).cells
        return [_plain(new[at]) if at in new else old.get(at, _EMPTY).value for at in _positions(area)]


def _positions(area: tuple[SheetInfo, int, int, int, int]) -> Iterator[Position]:
    _, top, left, bottom, right = area
    return ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))


@dataclass(frozen=True)
class _TableFill:
    """What is written into one table, by position of the column."""

    keys: Mapping[int, str]
    values: Mapping[int, list[Value]]
    ids: Mapping[Position, Write]
    hidden: Mapping[int, bool]


def _table_fill(table: Table, found: TableInfo, fill: Fill, language: str) -> _TableFill:
    keys = {
        find_column(table, header, language): index
        for index, header in reversed(list(enumerate(found.columns)))
    }
    values = {
        keys[key]: list(cells)
        for (name, key), cells in fill.columns.items()
        if name == table.key and key in keys
    }
    ids = {
        (row, keys["id"]): value
        for (name, row), value in fill.ids.items()
        if name == table.key and "id" in keys
    }
    unused = fill.hidden_columns.get(table.key)
    hidden = (
        {index: key in unused for key, index in keys.items() if key is not None and key != "month"}
        if unused is not None
        else {}
    )
    return _TableFill({index: key for key, index in keys.items() if key}, values, ids, hidden)


def _raw(cell: Cell, row: int, column: int) -> RawCell:
    return RawCell(cell.value, cell_name((row, column)), cell.is_formula, isinstance(cell.value, ErrorValue))


def _header(scanned: SheetScan, table: TableInfo, row: int, left: int, index: int) -> RawCell:
    """A header as the cell shows it; a table may have none of its own."""
    cell = scanned.cells.get((row, left + index), _EMPTY)
    text = table.columns[index] if not table.header_rows or cell.value is None else cell.value
    return RawCell(text, cell_name((row, left + index)))


def _overlapping(scanned: SheetScan, table: TableInfo) -> Iterator[str]:
    top, left, bottom, right = table.ref
    for first_row, first_column, last_row, last_column in scanned.merges:
        if first_row <= bottom and last_row >= top and first_column <= right and last_column >= left:
            yield f"{cell_name((first_row, first_column))}:{cell_name((last_row, last_column))}"


def _plain(value: Write) -> Value:
    return value.value if isinstance(value, Formula) else value


def _same(one: Value, other: Write) -> bool:
    """Whether a cell already holds this; nothing and empty text are alike, a formula to put back never is."""
    if isinstance(other, Formula):
        return False
    if one in (None, "") and other in (None, ""):
        return True
    if isinstance(one, bool) != isinstance(other, bool):
        return False
    return one == other
