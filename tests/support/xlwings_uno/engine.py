"""The engine: xlwings' interface over the imitated COM objects, as its Windows engine is over Excel's.

    with running(office) as engine:
        book = xlwings.books.open(path)
        book.sheets["Status"].range("B2").value

A member of xlwings that is not here raises NotImplementedError: that is what xlwings' base classes do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import xlwings
from xlwings import base_classes

from tests.support.office import Document, Office
from tests.support.xlwings_uno import books as com_books
from tests.support.xlwings_uno.areas import Area
from tests.support.xlwings_uno.books import AUTOMATIC, MANUAL, Application, Workbook
from tests.support.xlwings_uno.cell_values import ERROR_NUMBERS
from tests.support.xlwings_uno.com import Calls, ComCollection, ComError, ComObject
from tests.support.xlwings_uno.ranges import Range as ComRange
from tests.support.xlwings_uno.sheets import Worksheet
from tests.support.xlwings_uno.tables import ListObject
from tests.support.xlwings_uno.tables import Name as ComName

ERROR_NAMES = {number: name for name, number in ERROR_NUMBERS.items()}
MODES = {"automatic": AUTOMATIC, "manual": MANUAL}
DIRECTIONS = {"up": -4162, "down": -4121, "left": -4159, "right": -4161}


def _member(name: str, *, settable: bool = False) -> Any:
    """Return a property that is a COM member of the same meaning."""

    def get(wrapper: Any) -> Any:
        return getattr(wrapper.xl, name)

    def put(wrapper: Any, value: object) -> None:
        setattr(wrapper.xl, name, value)

    return property(get, put if settable else None)


class UnoEngine:
    """LibreOffice as xlwings sees it, one program. What tests need beside Excel's interface stands here.

    `calls` counts, `editing` plays a person who is in a cell, `protected_views` says how many windows are in
    Protected View, and `document` gives a book's LibreOffice document.
    """

    name = "uno"
    type = "desktop"

    def __init__(self, office: Office) -> None:
        self.application = Application(office)

    @property
    def apps(self) -> Apps:
        """The programs, of which there is one."""
        return Apps(self)

    @property
    def calls(self) -> Calls:
        """How often the program was reached."""
        return self.application._bridge.calls

    @property
    def editing(self) -> bool:
        """Whether every call is rejected, as while a person is in a cell."""
        return self.application._bridge.editing

    @editing.setter
    def editing(self, value: bool) -> None:
        self.application._bridge.editing = value

    @property
    def protected_views(self) -> int:
        """How many windows are in Protected View."""
        return self.application._protected_views

    @protected_views.setter
    def protected_views(self, value: int) -> None:
        self.application._protected_views = value

    @property
    def chosen_files(self) -> tuple[str, ...]:
        """The files that a person chooses when Excel asks for some."""
        return self.application._chosen

    @chosen_files.setter
    def chosen_files(self, value: tuple[str, ...]) -> None:
        self.application._chosen = value

    @property
    def asked_for(self) -> str:
        """What Excel asked for files with."""
        return self.application._asked_for

    def document(self, book: xlwings.Book) -> Document:
        """Return a book's document, to do with it what a person does by hand."""
        workbook: Workbook = book.api
        return workbook._document

    @staticmethod
    def prepare_xl_data_element(value: Any, _options: object) -> object:
        """Return a value as COM takes it: whatever means "nothing" empties the cell."""
        if value is None or (not isinstance(value, str) and value != value):  # noqa: PLR0124  (NaN and NaT)
            return ""
        if isinstance(value, (bool, int, float, str)):
            return value
        if isinstance(value, date):
            return value
        return value.item() if hasattr(value, "item") else value

    @staticmethod
    def clean_value_data(
        data: list[list[object]],
        dates: Callable[..., object],
        empty: object,
        numbers: Callable[[float], object] | None,
        err_to_str: bool,
    ) -> list[list[object]]:
        """Return values as xlwings gives them."""
        return [[_clean(value, dates, empty, numbers, err_to_str) for value in row] for row in data]


def _clean(
    value: object,
    dates: Callable[..., object],
    empty: object,
    numbers: Callable[[float], object] | None,
    err_to_str: bool,
) -> object:
    if value is None or value == "":
        return empty
    if isinstance(value, datetime):
        parts = ("year", "month", "day", "hour", "minute", "second", "microsecond")
        return dates(**{part: getattr(value, part) for part in parts}, tzinfo=None)
    if isinstance(value, float):
        return numbers(value) if numbers else value
    if isinstance(value, int) and not isinstance(value, bool):
        return ERROR_NAMES[value] if err_to_str else None
    return value


class Apps(base_classes.Apps):
    """The one program."""

    def __init__(self, engine: UnoEngine) -> None:
        self._engine = engine

    def keys(self) -> list[int]:
        """Return the numbers of the programs."""
        return [app.pid for app in self]

    def __iter__(self) -> Iterator[App]:
        yield App(self._engine)

    def __len__(self) -> int:
        return 1

    def __getitem__(self, pid: int) -> App:
        (app,) = self
        if app.pid != pid:
            raise KeyError(pid)
        return app


class App(base_classes.App):
    """The program."""

    def __init__(self, engine: UnoEngine) -> None:
        self.engine = engine

    @property
    def api(self) -> Application:
        """The COM object."""
        return self.engine.application

    xl: Any = property(lambda self: self.engine.application)
    hwnd = _member("Hwnd")
    version = _member("Version")
    visible = _member("Visible", settable=True)
    screen_updating = _member("ScreenUpdating", settable=True)
    display_alerts = _member("DisplayAlerts", settable=True)
    enable_events = _member("EnableEvents", settable=True)
    interactive = _member("Interactive", settable=True)
    status_bar = _member("StatusBar", settable=True)

    @property
    def pid(self) -> int:
        """The process."""
        return self.engine.application._office.process

    @property
    def books(self) -> Books:
        """The open books."""
        return Books(self.xl.Workbooks, self)

    @property
    def selection(self) -> Range | None:
        """The selected cells, None when something else is."""
        try:
            return Range(self.xl.Selection)
        except ComError:
            return None

    @property
    def calculation(self) -> str:
        """When formulas are computed."""
        return next(name for name, mode in MODES.items() if mode == self.xl.Calculation)

    @calculation.setter
    def calculation(self, value: str) -> None:
        if value not in MODES:
            raise NotImplementedError(f"calculation mode {value!r}")
        self.xl.Calculation = MODES[value]

    def calculate(self) -> None:
        """Compute what has changed."""
        self.xl.Calculate()

    def activate(self, steal_focus: bool = False) -> None:
        """Bring the book in front to the front."""
        if steal_focus:
            raise NotImplementedError("there is no focus to steal")
        self.xl._active().Activate()

    def run(self, macro: str, args: list[object]) -> object:
        """Run a macro."""
        return self.xl.Run(macro, *args)


class _Collection(base_classes.Collection):
    """A COM collection in xlwings' form."""

    wrap: Callable[[Any], Any]

    def __init__(self, xl: ComCollection[Any]) -> None:
        self.xl = xl

    @property
    def api(self) -> ComCollection[Any]:
        """The COM object."""
        return self.xl

    def __call__(self, key: int | str) -> Any:
        try:
            return type(self).wrap(self.xl(key))
        except ComError:
            raise KeyError(key) from None

    def __len__(self) -> int:
        return self.xl.Count

    def __iter__(self) -> Iterator[Any]:
        return (type(self).wrap(item) for item in self.xl)

    def __contains__(self, key: int | str) -> bool:
        try:
            self(key)
        except KeyError:
            return False
        return True


class _Wrapper:
    """What stands for one COM object."""

    def __init__(self, xl: Any) -> None:
        self.xl = xl

    @property
    def api(self) -> Any:
        """The COM object."""
        return self.xl


class Name(_Wrapper, base_classes.Name):
    """A defined name."""

    xl: ComName
    name = _member("Name")
    refers_to = _member("RefersTo")

    @property
    def refers_to_range(self) -> Range:
        """The cells it stands for."""
        return Range(self.xl.RefersToRange)

    def delete(self) -> None:
        """Remove it."""
        self.xl.Delete()


class Names(_Collection, base_classes.Names):
    """Defined names."""

    wrap = Name

    def snapshot(self) -> list[tuple[str, Name]]:
        """Return every name with its object, in one trip."""
        return [(name._title(), Name(name)) for name in self.xl]

    def contains(self, name_or_index: int | str) -> bool:
        """Return whether there is one of a name or number."""
        return name_or_index in self

    def add(self, name: str, refers_to: str) -> Name:
        """Define a name and return it."""
        return Name(self.xl.Add(name, refers_to))


class Range(base_classes.Range):
    """Cells. Places that xlwings works out itself reach the program only when they are used."""

    def __init__(self, xl: ComRange) -> None:
        self.xl = xl

    @property
    def api(self) -> ComRange:
        """The COM object."""
        return self.xl

    number_format = _member("NumberFormat", settable=True)
    column_width = _member("ColumnWidth", settable=True)
    row_height = _member("RowHeight", settable=True)
    formula = _member("Formula", settable=True)
    formula2 = _member("Formula2", settable=True)
    raw_value = _member("Value", settable=True)
    address = _member("Address")
    row = _member("Row")
    column = _member("Column")
    has_array = _member("HasArray")
    merge_cells = _member("MergeCells")

    @property
    def coords(self) -> tuple[Worksheet, int, int, int, int]:
        """Sheet, first row, first column, rows and columns."""
        first = self.xl._first
        return self.xl._sheet, first.top, first.left, first.height, first.width

    @property
    def shape(self) -> tuple[int, int]:
        """How many rows and columns."""
        return self.coords[3], self.coords[4]

    @property
    def sheet(self) -> Sheet:
        """The sheet."""
        return Sheet(self.xl.Worksheet)

    @property
    def current_region(self) -> Range:
        """The filled cells around."""
        return Range(self.xl.CurrentRegion)

    @property
    def table(self) -> Table | None:
        """The table the cells stand in."""
        found = self.xl.ListObject
        return Table(found) if found else None

    @property
    def row_hidden(self) -> bool | None:
        """Whether the rows are hidden, None when only some are."""
        return self.xl.EntireRow.Hidden

    @row_hidden.setter
    def row_hidden(self, value: bool) -> None:
        self.xl.EntireRow.Hidden = value

    @property
    def column_hidden(self) -> bool | None:
        """Whether the columns are hidden, None when only some are."""
        return self.xl.EntireColumn.Hidden

    @column_hidden.setter
    def column_hidden(self, value: bool) -> None:
        self.xl.EntireColumn.Hidden = value

    def __len__(self) -> int:
        return self.xl.Count

    def __call__(self, arg1: int, arg2: int | None = None) -> Range:
        """Return a cell by its place."""
        return Range(self.xl(arg1, arg2))

    def get_address(self, row_absolute: bool, col_absolute: bool, external: bool) -> str:
        """Return the address."""
        return self.xl.GetAddress(row_absolute, col_absolute, 1, external)

    def end(self, direction: str) -> Range:
        """Return the cell at the end of the filled ones in a direction."""
        return Range(self.xl.End(DIRECTIONS[direction]))

    def clear_contents(self) -> None:
        """Empty the cells."""
        self.xl.ClearContents()

    def select(self) -> None:
        """Select the cells."""
        self.xl.Select()

    def get_special_cells(self, cell_type: str, value_type: str | None) -> list[Range]:
        """Return the rectangles of visible cells."""
        if (cell_type, value_type) != ("visible", None):
            raise NotImplementedError(f"special cells of kind {cell_type!r}")
        return [Range(area) for area in self.xl.SpecialCells(12).Areas]


class Table(_Wrapper, base_classes.Table):
    """A table."""

    xl: ListObject
    name = _member("Name")
    display_name = _member("DisplayName")
    show_autofilter = _member("ShowAutoFilter")
    show_headers = _member("ShowHeaders")
    show_totals = _member("ShowTotals")

    @property
    def parent(self) -> Sheet:
        """The sheet."""
        return Sheet(self.xl.Parent)

    @property
    def range(self) -> Range:
        """Headers, rows and totals."""
        return Range(self.xl.Range)

    @property
    def header_row_range(self) -> Range | None:
        """The headers."""
        return _cells(self.xl.HeaderRowRange)

    @property
    def data_body_range(self) -> Range | None:
        """The rows between headers and totals."""
        return _cells(self.xl.DataBodyRange)

    @property
    def totals_row_range(self) -> Range | None:
        """The totals."""
        return _cells(self.xl.TotalsRowRange)


def _cells(xl: ComRange | None) -> Range | None:
    return None if xl is None else Range(xl)


class Tables(_Collection, base_classes.Tables):
    """The tables of a sheet."""

    wrap = Table


class Chart(_Wrapper, base_classes.Chart):
    """A chart."""

    name = _member("Name")

    @property
    def parent(self) -> Sheet:
        """The sheet."""
        return Sheet(self.xl.Parent)


class Charts(_Collection, base_classes.Charts):
    """The charts of a sheet."""

    wrap = Chart


class Sheet(_Wrapper, base_classes.Sheet):
    """A sheet."""

    xl: Worksheet
    name = _member("Name", settable=True)
    index = _member("Index")
    visible = _member("Visible", settable=True)

    @property
    def book(self) -> Book:
        """The book."""
        return Book(self.xl.Parent)

    @property
    def names(self) -> Names:
        """The names that belong to the sheet alone."""
        return Names(self.xl.Names)

    @property
    def tables(self) -> Tables:
        """The tables."""
        return Tables(self.xl.ListObjects)

    @property
    def charts(self) -> Charts:
        """The charts."""
        return Charts(self.xl.ChartObjects())

    @property
    def cells(self) -> Range:
        """All cells."""
        return Range(self.xl.Cells)

    @property
    def used_range(self) -> Range:
        """The cells in use."""
        return Range(self.xl.UsedRange)

    def range(self, arg1: Any, arg2: Any = None) -> Range:
        """Return cells by address, by name, by place, or between two corners."""
        if isinstance(arg1, tuple) and len(arg1) == 4:
            row, column, height, width = arg1
            return Range(ComRange(self.xl, [Area(row, column, row + height - 1, column + width - 1)]))
        first = self._corner(arg1)
        return Range(first if arg2 is None else self.xl.Range(first, self._corner(arg2)))

    def _corner(self, place: Any) -> ComRange:
        if isinstance(place, Range):
            return place.xl
        if isinstance(place, tuple):
            if 0 in place:
                raise IndexError("rows and columns count from 1")
            return self.xl.Cells(*place)
        return self.xl.Range(place)

    def activate(self) -> None:
        """Show the sheet."""
        self.xl.Activate()

    def select(self) -> None:
        """Show the sheet."""
        self.xl.Select()

    def delete(self) -> None:
        """Remove the sheet."""
        self.xl.Delete()

    def clear_contents(self) -> None:
        """Empty all cells."""
        self.xl.Cells.ClearContents()


class Sheets(_Collection, base_classes.Sheets):
    """The sheets of a book."""

    wrap = Sheet

    @property
    def active(self) -> Sheet:
        """The sheet that shows."""
        return Sheet(self.xl.Parent.ActiveSheet)

    def add(self, before: Sheet | None = None, after: Sheet | None = None, name: str | None = None) -> Sheet:
        """Insert a sheet and return it."""
        sheet = Sheet(self.xl.Add(before and before.xl, after and after.xl))
        if name is not None:
            sheet.name = name
        return sheet


class Book(_Wrapper, base_classes.Book):
    """A book."""

    xl: Workbook
    name = _member("Name")
    fullname = _member("FullName")

    @property
    def app(self) -> App:
        """The program."""
        return App(_engine_of(self.xl))

    @property
    def sheets(self) -> Sheets:
        """The sheets."""
        return Sheets(self.xl.Worksheets)

    @property
    def names(self) -> Names:
        """The defined names."""
        return Names(self.xl.Names)

    def activate(self) -> None:
        """Bring it to the front."""
        self.xl.Activate()

    def save(self, path: str | None = None, password: str | None = None) -> None:
        """Save where it is, or under another name."""
        if password:
            raise NotImplementedError("saving with a password")
        if path:
            self.xl.SaveAs(path)
        else:
            self.xl.Save()

    def close(self) -> None:
        """Close without saving."""
        self.xl.Close(SaveChanges=False)


class Books(_Collection, base_classes.Books):
    """The open books."""

    wrap = Book

    def __init__(self, xl: com_books.Workbooks, app: App) -> None:
        super().__init__(xl)
        self.app = app

    @property
    def active(self) -> Book:
        """The book in front."""
        return Book(self.app.xl._active())

    def open(
        self, fullname: str, update_links: object = None, read_only: bool | None = None, *others: object
    ) -> Book:
        """Open a file."""
        if any(option is not None for option in others):
            raise NotImplementedError("options for opening other than read_only")
        return Book(self.xl.Open(fullname, update_links, read_only))

    def add(self) -> Book:
        """Return a new book."""
        return Book(self.xl.Add())


def _engine_of(xl: ComObject) -> UnoEngine:
    (found,) = (
        engine.impl
        for engine in xlwings.engines
        if isinstance(engine.impl, UnoEngine) and engine.impl.application._bridge is xl._bridge
    )
    return found


@contextmanager
def running(office: Office) -> Iterator[UnoEngine]:
    """Let xlwings drive a LibreOffice for a while, as its active engine; its books are closed at the end."""
    engine = xlwings.Engine(impl=UnoEngine(office))
    before, others = xlwings.engines.active, dict(xlwings.engines.engines_by_name)
    xlwings.engines.add(engine)
    engine.activate()
    try:
        yield engine.impl
    finally:
        xlwings.engines.active = before
        xlwings.engines.engines.remove(engine)
        xlwings.engines.engines_by_name = others
        _close_all(engine.impl)


def _close_all(engine: UnoEngine) -> None:
    engine.editing = False
    for book in list(engine.application._books):
        book.Close()
