"""The Excel host: the workbook that somebody has open, read in blocks and written only where hmsbook owns.

Live formulas compute themselves, so what they show is never written. What is written is kept until all of it
stands; where Excel refuses halfway, the cells get back what they held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, cast

from hmsbook.errors import ExcelError, PackageError
from hmsbook.flow.fill import Fill
from hmsbook.hosts import com, window
from hmsbook.hosts.changes import EMPTY, WINDOW, Area, Changes, plain, same
from hmsbook.hosts.frame import require_names
from hmsbook.hosts.host import Host
from hmsbook.hosts.open_book import OpenBook, OpenScan, read_cells
from hmsbook.hosts.others import skeleton
from hmsbook.hosts.typing_in import Block, around, blocks, content, is_formula, lines, positions
from hmsbook.hosts.window import Grid
from hmsbook.opc.cells import ErrorValue, Formula, Position, Range, Write, cell_name, contains
from hmsbook.opc.sheet import Cell, SheetScan
from hmsbook.opc.workbook import SheetInfo, TableInfo
from hmsbook.standard.book import CALC_SHEET

Cut = Callable[[Mapping[Position, Any]], list[Block]]

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
        with asking_about(self.book):
            self._require_writable(changes, states)
            with com.quiet(self.book.app), self._undone() as done:
                self._require_unmoved()
                for table, area in self._placing.grown(fill):
                    done.tables.append(table)
                    com.resize(self.workbook.sheet(table.sheet.part), table.name, area)
                for part, change in changes.items():
                    self._put(part, change, dict(self._between(part, change, fill)), done)
                for part in states:
                    done.sheets.append(part)
                    com.show(self.workbook.sheet(part), com.VISIBLE)
        self._compute()
        self._scans.clear()
        self.workbook.forget_tables()
        return {part: change.count for part, change in changes.items() if change.count}

    def show_months(self, months: int) -> None:
        """Let the charts show so many months, as if somebody had chosen them."""
        spot = self._need("months_shown")
        change = Changes()
        change.cells[spot[1:3]] = months
        with asking_about(self.book):
            self._require_writable({spot[0].part: change}, {})
            with com.quiet(self.book.app):
                com.put_values(self.workbook.sheet(spot[0].part), spot[1:], [[months]])
        self._compute()

    def _compute(self) -> None:
        """Compute what has changed; where Excel will not now, all is written all the same."""
        with suppress(ExcelError), asking_about(self.book):
            com.compute(self.book.app)

    def _require_unmoved(self) -> None:
        """Refuse where somebody has moved cells since they were read; now nobody can any more."""
        if self.workbook.has_moved:
            raise ExcelError("excel_moved", book=self.book.name)

    def _require_writable(self, changes: Mapping[str, Changes], states: Mapping[str, str]) -> None:
        if self.workbook.date1904:
            # What is written counts days from 1900.
            raise PackageError("date1904", path=str(self.path))
        if com.is_read_only(self.book):
            raise ExcelError("excel_read_only", book=self.book.name)
        if states and com.is_locked(self.book):
            raise ExcelError("excel_locked", book=self.book.name)
        for part in changes:
            if com.is_protected(self.workbook.sheet(part)):
                raise ExcelError("excel_protected", book=self.book.name, sheet=part)

    def _between(self, part: str, change: Changes, fill: Fill) -> Iterator[tuple[Position, Write]]:
        """What stands between the cells to write on sheets nobody sees: put in again, it saves many calls."""
        found = self._scans[part].cells
        spots = map(self._spot, fill.regions) if part.startswith(CALC_SHEET) else ()
        for spot in spots:
            mine = [at for at in change.cells if spot and spot[0].part == part and contains(spot[1:], at)]
            for at in positions(around(mine)) if mine else ():
                cell = found.get(at, EMPTY)
                if at not in change.cells and not cell.is_formula and not isinstance(cell.value, ErrorValue):
                    yield at, cell.value

    def _put(self, part: str, change: Changes, between: Mapping[Position, Write], done: _Done) -> None:
        self._fill(part, {**between, **change.cells}, done.cells.setdefault(part, set()))
        for rows, wanted in ((True, change.rows), (False, change.columns)):
            for area, hide in _strips(wanted, rows=rows):
                done.hidden.append(_Hidden(part, area, rows=rows, before=not hide))
                com.hide(self.workbook.sheet(part), area, hide, rows=rows)

    def _fill(self, part: str, cells: Mapping[Position, Write], begun: set[Position]) -> None:
        """Put contents into cells, and see that they got there; `begun` gets the cells as they are come to.

        Where rows are filtered, Excel puts the first value of a block into all cells that show; row by row it
        does not.
        """
        sheet, left = self.workbook.sheet(part), dict(cells)
        for cut in (blocks, lines):
            for block in _blocks(left, cut):
                begun.update(positions(block.area))
                put = com.put_formulas if block.formulas else com.put_values
                put(sheet, block.area, block.rows)
            left = {at: left[at] for at in _astray(sheet, left)}
            if not left:
                return
        raise ExcelError("excel_astray", book=self.book.name, sheet=part, cell=cell_name(min(left)))

    @contextmanager
    def _undone(self) -> Iterator[_Done]:
        """What has been done, which is undone where anything goes wrong."""
        done = _Done()
        try:
            yield done
        except BaseException as error:
            self._undo(done, error)
            raise

    def _undo(self, done: _Done, error: BaseException) -> None:
        """Undo all that can be; ExcelError where something could not."""
        steps: list[tuple[Any, ...]] = [
            *((com.show, self.workbook.sheet(part), com.HIDDEN) for part in reversed(done.sheets)),
            *((self._hide_again, it) for it in reversed(done.hidden)),
            *((self._refill, part, cells) for part, cells in done.cells.items()),
            *((com.resize, self.workbook.sheet(it.sheet.part), it.name, it.ref) for it in done.tables),
        ]
        failed = [problem for step in steps if (problem := _tried(*step))]
        if failed:
            raise ExcelError("excel_halfway", book=self.book.name, reason=str(failed[0])) from error

    def _hide_again(self, it: _Hidden) -> None:
        com.hide(self.workbook.sheet(it.part), it.area, it.before, rows=it.rows)

    def _refill(self, part: str, cells: set[Position]) -> None:
        before = self._scans[part].cells
        self._fill(part, {at: _as_it_was(before.get(at, EMPTY)) for at in cells}, set())


class _Put(NamedTuple):
    """A block of values or formulas and where it goes."""

    area: Range
    rows: list[list[Any]]
    formulas: bool


class _Hidden(NamedTuple):
    """Rows or columns that were hidden or shown, and how they were before."""

    part: str
    area: Range
    rows: bool
    before: bool


class _Done:
    """What has been changed so far, or was about to be."""

    def __init__(self) -> None:
        self.cells: dict[str, set[Position]] = {}
        self.hidden: list[_Hidden] = []
        self.tables: list[TableInfo] = []
        self.sheets: list[str] = []


def _tried(do: Callable[..., None], *arguments: object) -> Exception | None:
    """What kept something from being done, once Excel was not busy."""
    try:
        with com.asking():
            com.patiently(do, *arguments)
    except ExcelError as problem:
        return problem
    return None


def asking_about(book: com.Book) -> Any:
    """Tell what Excel refuses about a workbook as an ExcelError."""
    return com.asking(book=book.name)


def _is_needed(cell: Cell, write: Write) -> bool:
    """Whether a cell has to be written: not where a formula of ours shows what it computes."""
    return isinstance(write, Formula) or not cell.is_formula


def _as_it_was(cell: Cell) -> Write:
    return Formula(cell.formula or "", cell.value) if cell.is_formula else cell.value


def _blocks(cells: Mapping[Position, Write], cut: Cut) -> Iterator[_Put]:
    """The cells as blocks to put in, values first: a formula may be of use only when they stand."""
    for formulas in (False, True):
        wanted = {at: content(it) for at, it in cells.items() if is_formula(it) is formulas}
        yield from (_Put(block.area, block.rows, formulas) for block in cut(wanted))


def _astray(sheet: com.Sheet, cells: Mapping[Position, Write]) -> list[Position]:
    """The cells that do not hold what was put into them."""
    if not cells:
        return []
    found = dict(read_cells(sheet, around(cells)))
    return [at for at, write in cells.items() if not _holds(found.get(at, EMPTY), write)]


def _holds(cell: Cell, write: Write) -> bool:
    if is_formula(write):
        return cell.is_formula and skeleton(cell.formula or "") == skeleton(cast("Formula", write).text)
    return not cell.is_formula and same(cell.value, plain(write))


def _strips(wanted: Mapping[int, bool], *, rows: bool) -> Iterator[tuple[Range, bool]]:
    """Neighbouring rows or columns that are all to be hidden, or all to be shown, as areas."""
    cells: dict[Position, Any] = {(at, 1) if rows else (1, at): None for at in wanted}
    for hide in (True, False):
        mine = {at: it for at, it in cells.items() if wanted[at[0] if rows else at[1]] is hide}
        yield from ((block.area, hide) for block in blocks(mine))
