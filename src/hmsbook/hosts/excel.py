"""The Excel host: the workbook that somebody has open, read in blocks and written only where hmsbook owns.

Live formulas compute themselves, so what they show is never written. What is written is kept until all of it
stands; where Excel refuses halfway, the cells get back what they held.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from hmsbook.errors import ExcelError, PackageError
from hmsbook.flow.fill import Fill
from hmsbook.hosts import com, window
from hmsbook.hosts.changes import EMPTY, WINDOW, Area, Changes
from hmsbook.hosts.frame import require_names
from hmsbook.hosts.host import Host
from hmsbook.hosts.open_book import OpenBook, OpenScan
from hmsbook.hosts.typing_in import blocks, content, is_formula
from hmsbook.hosts.window import Grid
from hmsbook.opc.cells import Formula, Position, Range, Write
from hmsbook.opc.sheet import Cell, SheetScan
from hmsbook.opc.workbook import SheetInfo

_NOTHING_TO_DO = window.Rewritten({}, 0)


class ExcelHost(Host):
    """An open workbook; ExcelError where it cannot be worked with now."""

    workbook: OpenBook

    def __init__(self, book: com.Book) -> None:
        self.book = book
        self.path = Path(str(book.name))
        with asking_about(book):
            if not com.is_ready(book.app):
                raise ExcelError("excel_busy", book=book.name)
            self.workbook = OpenBook(book)
            require_names(self.workbook)

    @cached_property
    def _scans(self) -> dict[str, SheetScan]:
        return {}

    def scan(self, sheet: SheetInfo) -> SheetScan:
        """The cells of a sheet; on the calculation sheet those above the chart window."""
        if sheet.part not in self._scans:
            spot = self._spot(WINDOW)
            last = spot[1] - 1 if spot and spot[0].part == sheet.part else None
            with asking_about(self.book):
                reach = self.workbook.reach(sheet)
                self._scans[sheet.part] = OpenScan(self.workbook.sheet(sheet.part), reach, last)
        return self._scans[sheet.part]

    def window_change(self, _spot: Area, _grid: Grid, /) -> window.Rewritten:
        """Nothing: the chart window's formulas compute themselves."""
        return _NOTHING_TO_DO

    def _changes(self, fill: Fill) -> dict[str, Changes]:
        with asking_about(self.book):
            found = super()._changes(fill)
        for part, change in found.items():
            cells = self._scans[part].cells
            change.cells = {at: it for at, it in change.cells.items() if _is_needed(cells.get(at, EMPTY), it)}
        return {part: change for part, change in found.items() if change}

    # Writing

    def write(self, fill: Fill) -> dict[str, int]:
        """Put a fill into the open workbook; how many cells of each sheet that changed.

        Raises ExcelError, and leaves the workbook as it was, where it cannot be written as a whole.
        """
        changes, states = self._changes(fill), self._states(fill)
        self._require_writable(changes, states)
        app = self.book.app
        if self.workbook.date1904:
            # What is written counts days from 1900.
            raise PackageError("date1904", path=str(self.path))
        with asking_about(self.book), com.quiet(app), self._undone() as done:
            for part, change in changes.items():
                self._put(part, change, done)
            for part in states:
                done.sheets.append(part)
                com.show(self.workbook.sheet(part), com.VISIBLE)
        with asking_about(self.book):
            com.compute(app)
        self._scans.clear()
        return {part: change.count for part, change in changes.items() if change.count}

    def show_months(self, months: int) -> None:
        """Let the charts show so many months, as if somebody had chosen them."""
        spot = self._need("months_shown")
        change = Changes()
        change.cells[spot[1:3]] = months
        self._require_writable({spot[0].part: change}, {})
        with asking_about(self.book), com.quiet(self.book.app):
            com.put_values(self.workbook.sheet(spot[0].part), spot[1:], [[months]])
            com.compute(self.book.app)

    def _require_writable(self, changes: Mapping[str, Changes], states: Mapping[str, str]) -> None:
        if com.is_read_only(self.book):
            raise ExcelError("excel_read_only", book=self.book.name)
        if states and com.is_locked(self.book):
            raise ExcelError("excel_locked", book=self.book.name)
        for part in changes:
            if com.is_protected(self.workbook.sheet(part)):
                raise ExcelError("excel_protected", book=self.book.name, sheet=part)

    def _put(self, part: str, change: Changes, done: _Done) -> None:
        sheet = self.workbook.sheet(part)
        for formulas in (False, True):
            cells = {at: content(it) for at, it in change.cells.items() if is_formula(it) is formulas}
            for block in blocks(cells):
                done.cells.append((part, block.area))
                put = com.put_formulas if formulas else com.put_values
                put(sheet, block.area, block.rows)
        for rows, wanted in ((True, change.rows), (False, change.columns)):
            for area, hide in _strips(wanted, rows=rows):
                done.hidden.append(_Hidden(part, area, rows=rows, before=not hide))
                com.hide(sheet, area, hide, rows=rows)

    @contextmanager
    def _undone(self) -> Iterator[_Done]:
        """What has been done, which is undone where anything goes wrong."""
        done = _Done()
        try:
            yield done
        except BaseException:
            # What cannot be undone either must not hide why it had to be.
            with suppress(ExcelError), asking_about(self.book):
                self._undo(done)
            raise

    def _undo(self, done: _Done) -> None:
        for part in reversed(done.sheets):
            com.show(self.workbook.sheet(part), com.HIDDEN)
        for it in reversed(done.hidden):
            com.hide(self.workbook.sheet(it.part), it.area, it.before, rows=it.rows)
        for part, area in reversed(done.cells):
            cells = self._scans[part].cells
            com.put_formulas(
                self.workbook.sheet(part),
                area,
                [
                    [_as_it_was(cells.get((row, column), EMPTY)) for column in range(area[1], area[3] + 1)]
                    for row in range(area[0], area[2] + 1)
                ],
            )


class _Hidden(NamedTuple):
    """Rows or columns that were hidden or shown, and how they were before."""

    part: str
    area: Range
    rows: bool
    before: bool


class _Done:
    """What has been changed so far, in order."""

    def __init__(self) -> None:
        self.cells: list[tuple[str, Range]] = []
        self.hidden: list[_Hidden] = []
        self.sheets: list[str] = []


def asking_about(book: com.Book) -> Any:
    """Tell what Excel refuses about a workbook as an ExcelError."""
    return com.asking(book=book.name)


def _is_needed(cell: Cell, write: Write) -> bool:
    """Whether a cell has to be written: not where a formula of ours shows what it computes."""
    return isinstance(write, Formula) or not cell.is_formula


def _as_it_was(cell: Cell) -> Any:
    return f"={cell.formula}" if cell.is_formula else content(cell.value)


def _strips(wanted: Mapping[int, bool], *, rows: bool) -> Iterator[tuple[Range, bool]]:
    """Neighbouring rows or columns that are all to be hidden, or all to be shown, as areas."""
    cells: dict[Position, Any] = {(at, 1) if rows else (1, at): None for at in wanted}
    for hide in (True, False):
        mine = {at: it for at, it in cells.items() if wanted[at[0] if rows else at[1]] is hide}
        yield from ((block.area, hide) for block in blocks(mine))
