"""The file host: reads tables and owned regions from a closed workbook, and writes owned cells into it.

Nothing else in the file changes: parts that hold no owned cell are copied byte for byte, and inside the
others only the owned cells are spliced.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from hmsbook.errors import PackageError
from hmsbook.flow.fill import Fill
from hmsbook.hosts import window
from hmsbook.hosts.calc_chain import sheet_ids, without
from hmsbook.hosts.changes import EMPTY, PREFIX, WINDOW, Area, Changes, Placing, headers, plain
from hmsbook.hosts.frame import require_names, require_tables
from hmsbook.model.raw import RawBook, RawCell, RawRow, RawTable, Value
from hmsbook.opc.cells import ErrorValue, Formula, Position, Write, cell_name, column_letters
from hmsbook.opc.chart import refresh_caches
from hmsbook.opc.package import Package, receipt
from hmsbook.opc.rels import targets
from hmsbook.opc.save import Fingerprint, Saved, fingerprint, save, sweep
from hmsbook.opc.sheet import Cell, SheetScan, scan, splice
from hmsbook.opc.workbook import SheetInfo, TableInfo, Workbook

OWNED_CHARTS = ("hms_trend_", "hms_priorities")
_REFERENCE = re.compile(rb"<c:f>([^<]*)</c:f>")


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
        require_names(self.workbook)

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
        """All tables of the standard and the regions asked for; PackageError where a table is broken."""
        require_tables(self.workbook, self._scan)
        found = {
            table.name: self._table(table) for table in self.workbook.tables if table.name.startswith(PREFIX)
        }
        named = {key: self.region(key) for key in regions if self._spot(key) is not None}
        return RawBook(found, named, date1904=self.workbook.date1904)

    def region(self, key: str) -> tuple[tuple[RawCell, ...], ...]:
        """The cells of an owned region, row by row; PackageError when its name is gone."""
        sheet, top, left, bottom, right = self._need(key)
        cells, columns = self._scan(sheet).cells, _lettered(range(left, right + 1))
        return tuple(_raw_row(cells, row, columns) for row in range(top, bottom + 1))

    def _table(self, table: TableInfo) -> RawTable:
        top, left, bottom, right = table.ref
        scanned = self._scan(table.sheet)
        columns = _lettered(range(left, right + 1))
        first = top + table.header_rows
        rows = range(first, bottom - table.totals_rows + 1)
        return RawTable(
            table.name,
            table.sheet.name,
            tuple(
                RawCell(text, cell_name((top, left + index)))
                for index, text in enumerate(headers(scanned, table))
            ),
            tuple(RawRow(row, _raw_row(scanned.cells, row, columns)) for row in rows),
            tuple(_overlapping(scanned, table)),
        )

    @cached_property
    def _scans(self) -> dict[str, SheetScan]:
        return {}

    def _scan(self, sheet: SheetInfo) -> SheetScan:
        if sheet.part not in self._scans:
            self._scans[sheet.part] = self._scanned(sheet, self._rows_read(sheet))
        return self._scans[sheet.part]

    def _scanned(self, sheet: SheetInfo, rows: tuple[int, int] | None = None) -> SheetScan:
        xml = self.package.read(sheet.part)
        return scan(xml, lambda: self.workbook.shared_strings, rows, part=sheet.part)

    def _rows_read(self, sheet: SheetInfo) -> tuple[int, int] | None:
        """The rows to read: on the calculation sheet all but the chart window, which is most of the file."""
        spot = self._spot(WINDOW)
        return (1, spot[1] - 1) if spot and spot[0].part == sheet.part else None

    def _shows_window(self, spot: Area, grid: Sequence[Sequence[Value]]) -> bool:
        """Whether the chart window shows these values already; where that is unclear its cells are read."""
        found = window.holds(self.package.read(spot[0].part), (spot[1], spot[3]), grid)
        if found is None:
            self._scans[spot[0].part] = self._scanned(spot[0])
        return bool(found)

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
        value = self._scan(spot[0]).cells.get(spot[1:3], EMPTY).value if spot else None
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def sheet_name(self, region: str) -> str:
        """The present name of the sheet an owned region lies on."""
        return self._need(region)[0].name

    # Writing

    def differs(self, fill: Fill) -> bool:
        """Whether writing the fill would change any cell or hide or show anything."""
        return bool(self._changes(fill) or self._states(fill))

    def has_formula(self, table: str, column: str) -> bool:
        """Whether the formula of a computed column can stand in this workbook."""
        return bool(self._placing.column_formula(table, column))

    @cached_property
    def _placing(self) -> Placing:
        language = str(self.manifest["language"])
        return Placing(self.workbook, self._scan, language, self.slots, self._shows_window)

    def _changes(self, fill: Fill) -> dict[str, Changes]:
        """What the fill would change, by sheet part."""
        return {part: change for part, change in self._placing.changes(fill).items() if change}

    def rewrite(self, fill: Fill) -> Rewritten:
        """The workbook with the fill in its owned cells; everything else as it was, which is checked."""
        if self.workbook.date1904:
            # What is written counts days from 1900.
            raise PackageError("date1904", path=str(self.path))
        changes = self._changes(fill)
        parts = {part: self._spliced(part, change) for part, change in changes.items()}
        parts |= self._charts(changes) | self._calc_chain(changes)
        states = self._states(fill)
        if parts or states:
            parts[self.workbook.part] = self.workbook.workbook_xml_with(states, full_calc_on_load=True)
        changed = {part: xml for part, xml in parts.items() if xml != self.package.read(part)}
        data = self.package.replace(changed)
        receipt(self.package, data, set(changed))
        return Rewritten(
            data, {self._name(part): len(change.cells) for part, change in changes.items() if change.cells}
        )

    def save(self, data: bytes, path: Path | None = None) -> Saved:
        """Put new bytes in the file's place in one step; the old file stays whole until then."""
        sweep(str(self.path))
        return save(str(path or self.path), data, expected=None if path else self.before)

    def _name(self, part: str) -> str:
        return next(sheet.name for sheet in self.workbook.sheets if sheet.part == part)

    @property
    def slots(self) -> int:
        """How many indicator slots the workbook was drawn with."""
        return int(str(self.manifest["slots"]))

    def _spliced(self, part: str, change: Changes) -> bytes:
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

    def _calc_chain(self, changes: Mapping[str, Changes]) -> dict[str, bytes]:
        """Excel's list of formulas without those that are taken away."""
        gone = {
            (part, at) for part, change in changes.items() for at in change.cells if _taken(change.cells[at])
        }
        parts = targets(self.package, self.workbook.part, "calcChain") if gone else []
        if not parts:
            return {}
        numbers = sheet_ids(self.workbook)
        cells = {(numbers[part], at) for part, at in gone}
        return {parts[0]: without(self.package.read(parts[0]), cells, parts[0])}

    def _charts(self, changes: Mapping[str, Changes]) -> dict[str, bytes]:
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

    def _shows_change(self, reference: str, changes: Mapping[str, Changes]) -> bool:
        area = self.workbook.locate(reference)
        if area is None or area[0].part not in changes:
            return False
        cells = changes[area[0].part].cells
        return any(at in cells for at in _positions(area))

    def _values(self, reference: str, changes: Mapping[str, Changes]) -> list[Value] | None:
        """What the cells of a chart's reference hold after the rewrite."""
        area = self.workbook.locate(reference)
        if area is None:
            return None
        new = changes[area[0].part].cells if area[0].part in changes else {}
        old = self._scan(area[0]).cells
        return [plain(new[at]) if at in new else old.get(at, EMPTY).value for at in _positions(area)]


def _positions(area: tuple[SheetInfo, int, int, int, int]) -> Iterator[Position]:
    _, top, left, bottom, right = area
    return ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))


def _taken(value: Write) -> bool:
    """Whether a formula is taken away."""
    return isinstance(value, Formula) and not value.text


def _lettered(columns: range) -> list[tuple[int, str]]:
    return [(column, column_letters(column)) for column in columns]


def _raw_row(
    cells: Mapping[Position, Cell], row: int, columns: Sequence[tuple[int, str]]
) -> tuple[RawCell, ...]:
    """The cells of a row; most of them are empty, and cost no more than their address."""
    number = str(row)
    return tuple(
        RawCell(None, letters + number)
        if (cell := cells.get((row, column))) is None
        else _raw(cell, letters + number)
        for column, letters in columns
    )


def _raw(cell: Cell, address: str) -> RawCell:
    is_error = isinstance(cell.value, ErrorValue)
    return RawCell(cell.value, address, cell.is_formula, is_error, cell.formula or "")


def _overlapping(scanned: SheetScan, table: TableInfo) -> Iterator[str]:
    top, left, bottom, right = table.ref
    for first_row, first_column, last_row, last_column in scanned.merges:
        if first_row <= bottom and last_row >= top and first_column <= right and last_column >= left:
            yield f"{cell_name((first_row, first_column))}:{cell_name((last_row, last_column))}"
