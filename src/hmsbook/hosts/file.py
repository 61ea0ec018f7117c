"""The file host: reads tables and owned regions from a closed workbook, and writes owned cells into it.

Nothing else in the file changes: parts that hold no owned cell are copied byte for byte, and inside the
others only the owned cells are spliced.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from hmsbook.errors import PackageError
from hmsbook.flow.fill import Fill
from hmsbook.hosts import window
from hmsbook.hosts.changes import WINDOW, Area
from hmsbook.hosts.frame import require_names
from hmsbook.hosts.host import Host
from hmsbook.hosts.rewriting import Rewriting
from hmsbook.hosts.window import Grid
from hmsbook.model.frozen import Frozen
from hmsbook.opc.package import Package
from hmsbook.opc.save import Fingerprint, Saved, fingerprint, save, sweep
from hmsbook.opc.sheet import Sheet, SheetScan
from hmsbook.opc.workbook import SheetInfo, Workbook


class Rewritten(Frozen):
    """A workbook with the fill written into it, and how many cells of each sheet differ."""

    data: bytes
    changed: Mapping[str, int]

    @property
    def cells(self) -> int:
        """How many cells differ in all."""
        return sum(self.changed.values())


class FileHost(Host):
    """A closed workbook, or one that is no file yet and goes by the name that its file will have."""

    def __init__(self, path: Path | str, data: bytes | None = None) -> None:
        self.path = Path(path)
        self.package = Package.open(str(path)) if data is None else Package.from_bytes(data, str(path))
        self.workbook: Workbook = Workbook(self.package)
        self.before: Fingerprint = fingerprint(bytes(self.package.data))
        require_names(self.workbook)

    @property
    def shared_strings(self) -> list[str]:
        """The workbook's shared strings."""
        return list(self.workbook.shared_strings)

    @cached_property
    def _scans(self) -> dict[str, SheetScan]:
        return {}

    @cached_property
    def _sheets(self) -> dict[str, Sheet]:
        return {}

    def _sheet(self, part: str) -> Sheet:
        if part not in self._sheets:
            spot = self._spot(WINDOW)
            formulas = (spot[1], spot[3]) if spot and spot[0].part == part else None
            self._sheets[part] = Sheet(self.package.read(part), part, formulas=formulas)
        return self._sheets[part]

    def scan(self, sheet: SheetInfo) -> SheetScan:
        """The cells of a sheet, and what is hidden on it; without the chart window."""
        if sheet.part not in self._scans:
            self._scans[sheet.part] = self._scanned(sheet, self._rows_read(sheet))
        return self._scans[sheet.part]

    def _scanned(self, sheet: SheetInfo, rows: tuple[int, int] | None = None) -> SheetScan:
        return self._sheet(sheet.part).scan(lambda: self.workbook.shared_strings, rows)

    def _rows_read(self, sheet: SheetInfo) -> tuple[int, int] | None:
        """The rows to read: on the calculation sheet all but the chart window, which is most of the file."""
        spot = self._spot(WINDOW)
        return (1, spot[1] - 1) if spot and spot[0].part == sheet.part else None

    def window_change(self, spot: Area, grid: Grid, /) -> window.Rewritten | None:
        """What makes the chart window show these values; where that is unclear its cells are read."""
        found = window.rewritten(self._sheet(spot[0].part), spot[1], spot[2], grid)
        if found is None:
            self._scans[spot[0].part] = self._scanned(spot[0])
        return found

    def rewrite(self, fill: Fill) -> Rewritten:
        """The workbook with the fill in its owned cells; everything else as it was, which is checked."""
        rewriting = self.rewriting(fill)
        cells = {self._name(part): change.count for part, change in rewriting.changes.items() if change.count}
        return Rewritten(rewriting.data(), cells)

    def rewriting(self, fill: Fill) -> Rewriting:
        """What has to change in the workbook for a fill."""
        if self.workbook.date1904:
            # What is written counts days from 1900.
            raise PackageError("date1904", path=str(self.path))
        changes, states = self._changes(fill), self._states(fill)
        grown = {table.part: area for table, area in self._placing.grown(fill)}
        return Rewriting(self.workbook, changes, states, self._sheet, self.scan, grown=grown)

    def save(self, data: bytes, path: Path | None = None) -> Saved:
        """Put new bytes in the file's place in one step; the old file stays whole until then."""
        sweep(str(self.path))
        return save(str(path or self.path), data, expected=None if path else self.before)

    def _name(self, part: str) -> str:
        return next(sheet.name for sheet in self.workbook.sheets if sheet.part == part)
