"""The few things about Excel that xlwings' public interface does not offer: every use of `.api` is here.

Each call goes from process to process, so cells are read and written as blocks. The values of Excel's own
constants are those of its object model.
"""

from __future__ import annotations

import atexit
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from hmsbook.errors import ExcelError
from hmsbook.opc.cells import Range, range_name

VISIBLE, HIDDEN, VERY_HIDDEN = -1, 0, 2
_MANUAL = -4135
# Excel turns calls away while somebody is in a cell or a dialog is open.
_BUSY = (-2147418111, -2147417846, -2146777998)
_ATTEMPTS = 500
# How often, and after how many seconds, Excel is asked again for what must not be left undone.
_TIMES, _PAUSE = 50, 0.1
# What xlwings brings along for frames and pictures where it is installed: more than a second at each start.
_HEAVY = ("pandas", "numpy", "matplotlib", "PIL", "polars", "plotly")

Book = Any
Sheet = Any
App = Any


class Listed(NamedTuple):
    """A table as Excel lists it: its name, range, header and totals rows, and the names of its columns."""

    name: str
    address: str
    has_headers: bool
    has_totals: bool
    columns: list[str]


def xlwings() -> Any:
    """The library that drives Excel; ExcelError where it is not installed, or there is no Excel for it."""
    with _light():
        try:
            found: Any = import_module("xlwings")
        except ImportError as error:
            raise ExcelError("no_xlwings", reason=str(error)) from error
    # Excel for Mac offers its objects by other names, which are not spoken here.
    if found.engines.active is None or platform.system() == "Darwin":
        raise ExcelError("no_excel_here")
    windows: Any = sys.modules.get("xlwings._xlwindows")
    if windows is not None:
        # Left alone, it asks for ever while somebody is in a cell, and Excel waits for us.
        windows.N_COM_ATTEMPTS = _ATTEMPTS
        # At the end it would kill every Excel that has no window of a workbook, whoever works there.
        atexit.unregister(windows.cleanup)
    return found


@contextmanager
def _light() -> Iterator[None]:
    """Imports without what is heavy and not needed: an ImportError, which xlwings expects."""
    kept_out = [name for name in _HEAVY if name not in sys.modules]
    sys.modules.update(dict.fromkeys(kept_out))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in kept_out:
            del sys.modules[name]


@contextmanager
def asking(**where: object) -> Iterator[None]:
    """Tell what Excel refuses as an ExcelError; what is no refusal of Excel's passes."""
    try:
        yield
    except Exception as error:
        is_busy = _is_busy(error)
        if not is_busy and getattr(error, "hresult", None) is None:
            raise
        key = "excel_busy" if is_busy else "excel_refused"
        raise ExcelError(key, reason=_reason(error), **where) from error


def _is_busy(error: Exception) -> bool:
    """Whether Excel takes no calls now: it says so itself, in what it adds, or through xlwings."""
    details: tuple[object, ...] = getattr(error, "excepinfo", None) or ()
    numbers = getattr(error, "hresult", None), *details[5:6]
    return type(error).__name__ == "ExcelBusyError" or any(number in _BUSY for number in numbers)


def patiently(do: Callable[..., object], *arguments: object) -> None:
    """Do what must not be left undone, as soon as Excel takes calls again, if that is within seconds."""
    for _ in range(_TIMES):
        try:
            do(*arguments)
        except Exception as error:
            if not _is_busy(error):
                raise
            time.sleep(_PAUSE)
        else:
            return
    do(*arguments)


def _reason(error: Exception) -> str:
    """What Excel says itself of a refusal."""
    details: tuple[object, ...] = getattr(error, "excepinfo", None) or ()
    said = details[2] if len(details) > 2 else None
    return str(said or getattr(error, "strerror", "") or type(error).__name__).strip()


# The program


def start(path: Path) -> None:
    """Open a file as a double click on it does; ExcelError where the system knows no program for it."""
    open_with: Any = getattr(os, "startfile", None)
    try:
        open_with(str(path))
    except (OSError, TypeError) as error:
        raise ExcelError("excel_not_started", path=str(path), reason=str(error)) from error


def is_ready(app: App) -> bool:
    """Whether Excel takes calls now: nobody is in a cell."""
    return bool(app.api.Ready)


def has_protected_view(app: App) -> bool:
    """Whether a workbook stands in Protected View, where no program reaches it."""
    return bool(app.api.ProtectedViewWindows.Count)


@contextmanager
def quiet(app: App) -> Iterator[None]:
    """Excel without redrawing, computing, people or anything of its own in between; afterwards as it was."""
    with ExitStack() as back:
        for owner, name, wanted in _settings(app.api):
            # Turned back to automatic, which comes first, Excel computes what has changed, once.
            back.callback(patiently, setattr, owner, name, getattr(owner, name))
            setattr(owner, name, wanted)
        yield


def _settings(api: Any) -> tuple[tuple[Any, str, object], ...]:
    """What must not come in between, as it has to be set."""
    correct = api.AutoCorrect
    return (
        (api, "ScreenUpdating", False),
        (api, "Interactive", False),
        (api, "EnableEvents", False),
        # One formula put into a table would fill its column, and a value below it make it longer.
        (correct, "AutoFillFormulasInLists", False),
        (correct, "AutoExpandListRange", False),
        (api, "Calculation", _MANUAL),
    )


def compute(app: App) -> None:
    """Compute what has changed where a person has turned that off."""
    if app.api.Calculation == _MANUAL:
        app.api.Calculate()


def ask_files(app: App, title: str) -> tuple[str, ...]:
    """The workbooks that a person chooses; none where they think better of it."""
    found = app.api.GetOpenFilename("Excel (*.xlsx), *.xlsx", 1, title, "", True)
    return tuple(map(str, found)) if found else ()


def say(app: App, text: str | None) -> None:
    """Show a text in the status bar; None gives it back to Excel."""
    with suppress(ExcelError), asking():
        app.api.StatusBar = text or False


# The workbook


def full_name(book: Book) -> str:
    """Where a workbook is: a path, an address on the web, or only a name while it has never been saved."""
    return str(book.api.FullName)


def is_read_only(book: Book) -> bool:
    """Whether what is changed in the workbook could not be saved."""
    return bool(book.api.ReadOnly)


def counts_from_1904(book: Book) -> bool:
    """Whether days are counted from 1904."""
    return bool(book.api.Date1904)


def is_locked(book: Book) -> bool:
    """Whether somebody has protected which sheets there are and show."""
    return bool(book.api.ProtectStructure)


def names(book: Book) -> Iterator[tuple[str, str]]:
    """The names of a workbook and what they refer to."""
    return ((str(it.Name), str(it.RefersTo)) for it in book.api.Names)


def references(book: Book) -> Iterator[str]:
    """What the names of a workbook refer to."""
    return (str(it.RefersTo) for it in book.api.Names)


def table_addresses(sheet: Sheet) -> Iterator[str]:
    """The addresses of the tables of a sheet."""
    return (str(it.Range.GetAddress()) for it in sheet.api.ListObjects)


def listed(sheet: Sheet) -> Iterator[Listed]:
    """The tables of a sheet."""
    for it in sheet.api.ListObjects:
        has_headers = bool(it.ShowHeaders)
        columns = _rows(it.HeaderRowRange.Value2)[0] if has_headers else _columns(it)
        address = str(it.Range.GetAddress())
        yield Listed(str(it.Name), address, has_headers, bool(it.ShowTotals), list(map(str, columns)))


def resize(sheet: Sheet, table: str, area: Range) -> None:
    """Let a table reach over an area."""
    sheet.api.ListObjects(table).Resize(sheet.api.Range(range_name(area)))


def _columns(table: Any) -> Iterator[str]:
    """The names of the columns of a table whose headers do not show, one call each."""
    return (column.Name for column in table.ListColumns)


# The sheet


def visibility(sheet: Sheet) -> int:
    """Whether a sheet shows: VISIBLE, HIDDEN or VERY_HIDDEN."""
    return int(sheet.api.Visible)


def show(sheet: Sheet, state: int) -> None:
    """Show or hide a sheet."""
    sheet.api.Visible = state


def go(sheet: Sheet, cell: str | None = None) -> None:
    """Bring a sheet to the front, and a cell of it into view; a hidden sheet is shown first."""
    if visibility(sheet) != VISIBLE:
        show(sheet, VISIBLE)
    sheet.api.Parent.Activate()
    sheet.api.Activate()
    if cell:
        sheet.api.Range(cell).Select()


def is_protected(sheet: Sheet) -> bool:
    """Whether somebody has protected the cells of a sheet."""
    return bool(sheet.api.ProtectContents)


def used(sheet: Sheet) -> str:
    """The address of the part of a sheet that is in use."""
    return str(sheet.api.UsedRange.GetAddress())


def values(sheet: Sheet, area: Range) -> list[tuple[Any, ...]]:
    """What the cells of an area hold, row by row: dates as numbers, errors as Excel's own numbers."""
    return _rows(sheet.api.Range(range_name(area)).Value2)


def formulas(sheet: Sheet, area: Range) -> list[tuple[Any, ...]]:
    """What was typed into the cells of an area, row by row: formulas in English, all else as text."""
    return _rows(sheet.api.Range(range_name(area)).Formula)


def _rows(found: Any) -> list[tuple[Any, ...]]:
    """One cell comes alone."""
    return list(found) if isinstance(found, tuple) else [(found,)]


def put_values(sheet: Sheet, area: Range, rows: list[list[Any]]) -> None:
    """Put values into an area, in one go."""
    sheet.api.Range(range_name(area)).Value2 = _block(rows)


def put_formulas(sheet: Sheet, area: Range, rows: list[list[Any]]) -> None:
    """Put formulas into an area, in one go."""
    sheet.api.Range(range_name(area)).Formula = _block(rows)


def _block(rows: list[list[Any]]) -> Any:
    return rows[0][0] if len(rows) == len(rows[0]) == 1 else tuple(map(tuple, rows))


def hidden(sheet: Sheet, area: Range, *, rows: bool) -> bool | None:
    """Whether the rows, or columns, of an area are hidden; None where some are."""
    cells = sheet.api.Range(range_name(area))
    found = (cells.EntireRow if rows else cells.EntireColumn).Hidden
    return None if found is None else bool(found)


def hide(sheet: Sheet, area: Range, hidden: bool, *, rows: bool) -> None:
    """Hide or show the rows, or columns, of an area."""
    cells = sheet.api.Range(range_name(area))
    (cells.EntireRow if rows else cells.EntireColumn).Hidden = hidden
