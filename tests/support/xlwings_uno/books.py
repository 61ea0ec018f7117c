"""Application, Workbook and Window, with Excel's members and meanings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.support.office import FILTERS, Document, Office
from tests.support.xlwings_uno import areas
from tests.support.xlwings_uno.com import Bridge, ComCollection, ComObject, refused
from tests.support.xlwings_uno.file_facts import FileFacts, file_facts
from tests.support.xlwings_uno.ranges import Range
from tests.support.xlwings_uno.sheets import Worksheet, Worksheets
from tests.support.xlwings_uno.tables import Names

# What makes a book one that is not saved.
CHANGES = frozenset(
    "add_name clear protect protect_book remove_name "
    "set_height set_hidden set_number_format set_width write".split()
)
AUTOMATIC, MANUAL = -4105, -4135
WINDOW_HANDLE = 0x10000  # handles of windows are large numbers, and no two are the same


class Window(ComObject):
    """The window of a book."""

    def __init__(self, book: Workbook) -> None:
        super().__init__(book._bridge)
        self._book = book

    def _title(self) -> str:
        return str(self._state()["caption"])

    def _state(self) -> dict[str, Any]:
        state: dict[str, Any] = self._book._ask("window")
        return state

    @property
    def Parent(self) -> Workbook:
        """The book."""
        return self._book

    @property
    def Caption(self) -> str:
        """The name in the title bar, without the program's."""
        return self._title()

    @property
    def Hwnd(self) -> int:
        """A number that no other window has."""
        return WINDOW_HANDLE + self._book._number

    @property
    def ActiveSheet(self) -> Worksheet:
        """The sheet that shows."""
        return Worksheet(self._book, self._state()["sheet"])

    @property
    def ScrollRow(self) -> int:
        """The first row that shows below frozen ones, counted from 1."""
        return int(self._state()["row"]) + 1

    @ScrollRow.setter
    def ScrollRow(self, value: int) -> None:
        self._book._ask("scroll", row=value - 1, column=None)

    @property
    def ScrollColumn(self) -> int:
        """The first column that shows beside frozen ones, counted from 1."""
        return int(self._state()["column"]) + 1

    @ScrollColumn.setter
    def ScrollColumn(self, value: int) -> None:
        self._book._ask("scroll", row=None, column=value - 1)

    @property
    def RangeSelection(self) -> Range:
        """The selected cells."""
        return self._book._selection()

    @property
    def FreezePanes(self) -> bool:
        """Whether rows or columns are frozen."""
        return bool(self._state()["frozen"])

    @FreezePanes.setter
    def FreezePanes(self, value: bool) -> None:
        first = self._book._selection()._first if value else areas.Area(1, 1, 1, 1)
        self._book._ask("freeze", row=first.top - 1, column=first.left - 1)

    @property
    def SplitRow(self) -> int:
        """How many rows are frozen."""
        return int(self._state()["split"][0])

    @property
    def SplitColumn(self) -> int:
        """How many columns are frozen."""
        return int(self._state()["split"][1])


class Workbook(ComObject):
    """A book."""

    def __init__(self, app: Application, number: int, facts: FileFacts) -> None:
        super().__init__(app._bridge)
        self._app = app
        self._number = number
        self._facts = facts
        self._very_hidden = set(facts.very_hidden)
        self._open = True
        self._told_saved = False
        self._date1904 = bool(self._fact("date1904"))

    def _ask(self, operation: str, **arguments: object) -> Any:
        if not self._open:
            raise refused("the workbook is closed")
        self._told_saved = self._told_saved and operation not in CHANGES
        return self._bridge.ask(operation, doc=self._number, **arguments)

    def _general(self, operation: str, **arguments: object) -> Any:
        self._told_saved = False
        return self._bridge.general(operation, doc=self._number, **arguments)

    def _fact(self, fact: str) -> Any:
        return self._ask("book", fact=fact)

    def _title(self) -> str:
        return str(self._fact("title"))

    def _protected(self) -> bool:
        return bool(self._fact("protected"))

    def _sheet(self, name: str) -> Worksheet:
        return Worksheet(self, name)

    def _active_sheet(self) -> Worksheet:
        return Worksheet(self, self._ask("window")["sheet"])

    def _selection(self) -> Range:
        state = self._ask("window")
        if not state["selected"]:
            raise refused("no cells are selected")
        sheet = Worksheet(self, state["sheet"])
        return Range(sheet, [areas.from_corners(corners) for corners in state["selected"]])

    def _named(self, name: str) -> Range:
        for found in Names(self)._items():
            if found._title().casefold() == name.casefold():
                return found.RefersToRange
        for sheet in Worksheets(self)._items():
            for table in sheet.ListObjects._items():
                if table._title().casefold() == name.casefold():
                    return Range(sheet, [table._area.within(2, 1, table._area.height - 1, table._area.width)])
        raise refused(f"Method 'Range' of object '_Worksheet' failed: {name}")

    @property
    def Parent(self) -> Application:
        """The program."""
        return self._app

    Application = Parent

    @property
    def Name(self) -> str:
        """The name of the file."""
        return self._title()

    @property
    def FullName(self) -> str:
        """The name of the file with its folder; a new book has a name only."""
        return self._fact("path") or self._title()

    @property
    def Path(self) -> str:
        """The folder, empty for a new book."""
        path = self._fact("path")
        return str(Path(path).parent) if path else ""

    @property
    def ReadOnly(self) -> bool:
        """Whether it can only be read."""
        return bool(self._fact("read_only"))

    @property
    def Saved(self) -> bool:
        """Whether nothing has changed since it was saved."""
        return self._told_saved or not self._fact("modified")

    @Saved.setter
    def Saved(self, value: bool) -> None:
        self._ask("set_modified", modified=not value)
        self._told_saved = value  # LibreOffice believes the charts of a book instead

    @property
    def ProtectStructure(self) -> bool:
        """Whether sheets can neither be added, moved, hidden nor shown."""
        return self._protected()

    def Protect(self, Password: str = "", Structure: bool = True) -> None:
        """Protect the structure."""
        if Password or not Structure:
            raise NotImplementedError("protecting a book with a password, or anything but its structure")
        self._ask("protect_book", on=True)

    def Unprotect(self) -> None:
        """Take the protection away."""
        self._ask("protect_book", on=False)

    @property
    def Date1904(self) -> bool:
        """Whether days are counted from 1904."""
        return self._date1904

    @property
    def Worksheets(self) -> Worksheets:
        """The sheets."""
        return Worksheets(self)

    Sheets = Worksheets

    @property
    def ActiveSheet(self) -> Worksheet:
        """The sheet that shows."""
        return self._active_sheet()

    @property
    def Names(self) -> Names:
        """The defined names."""
        return Names(self)

    @property
    def Windows(self) -> Windows:
        """The book's windows, of which there is one."""
        return Windows(self._bridge, [self])

    def Activate(self) -> None:
        """Bring the book to the front."""
        self._ask("activate_book")
        self._app._front = self

    def Save(self) -> None:
        """Save where it is; a new book must be given a name first."""
        if not self._fact("path"):
            raise NotImplementedError("saving a new book without a name")
        self._ask("save", path=None, filter_name=None)

    def SaveAs(self, Filename: str, FileFormat: int | None = None) -> None:
        """Save under another name, in the format that its ending says."""
        if FileFormat is not None:
            raise NotImplementedError("a file format by its number: the ending of the name says it")
        path = Path(Filename).absolute()
        self._ask("save", path=str(path), filter_name=FILTERS[path.suffix])

    def Close(self, SaveChanges: bool = False) -> None:
        """Close the book."""
        if SaveChanges:
            self.Save()
        self._ask("close_book")
        self._open = False
        self._app._closed(self)

    @property
    def _document(self) -> Document:
        return Document(self._app._office, self._number)


class Workbooks(ComCollection[Workbook]):
    """The open books."""

    def __init__(self, app: Application) -> None:
        super().__init__(app._bridge)
        self._app = app

    def _items(self) -> list[Workbook]:
        self._bridge.answers()
        return self._app._books

    def Open(self, Filename: str, UpdateLinks: object = None, ReadOnly: bool | None = False) -> Workbook:
        """Open a file, compute it if it asks for that, and return the book."""
        if UpdateLinks:
            raise NotImplementedError("updating links")
        path = Path(Filename).absolute()
        return self._app._opened(path, file_facts(path), bool(ReadOnly))

    def Add(self) -> Workbook:
        """Return a new book."""
        return self._app._opened(None, FileFacts(), False)


class Windows(ComCollection[Window]):
    """The windows of books, the one in front first."""

    def __init__(self, bridge: Bridge, books: list[Workbook]) -> None:
        super().__init__(bridge)
        self._books = books

    def _items(self) -> list[Window]:
        return [Window(book) for book in self._books]


class ProtectedViewWindows(ComObject):
    """The windows in Protected View: as many as a test says."""

    def __init__(self, app: Application) -> None:
        super().__init__(app._bridge)
        self._app = app

    @property
    def Count(self) -> int:
        """How many there are."""
        return self._app._protected_views


class AutoCorrect(ComObject):
    """What Excel does by itself to tables (only remembered: LibreOffice does nothing of it)."""

    def __init__(self, app: Application) -> None:
        super().__init__(app._bridge)
        self._app = app

    @property
    def AutoFillFormulasInLists(self) -> bool:
        """Whether a formula fills the column of its table."""
        return self._app._fills

    @AutoFillFormulasInLists.setter
    def AutoFillFormulasInLists(self, value: bool) -> None:
        self._bridge.answers()
        self._app._fills = value

    @property
    def AutoExpandListRange(self) -> bool:
        """Whether what is put below or beside a table makes it larger."""
        return self._app._expands

    @AutoExpandListRange.setter
    def AutoExpandListRange(self, value: bool) -> None:
        self._bridge.answers()
        self._app._expands = value


class Application(ComObject):
    """The program. What it only remembers is said in the README."""

    def __init__(self, office: Office) -> None:
        super().__init__(Bridge(office))
        self._office = office
        self._books: list[Workbook] = []
        self._front: Workbook | None = None
        self._protected_views = 0
        self._chosen: tuple[str, ...] = ()
        self._asked_for = ""
        self._status: str | bool = False
        self._calculation = AUTOMATIC
        self._drawing = True
        self._events = True
        self._alerts = True
        self._interactive = True
        self._seen = True
        self._fills = True
        self._expands = True

    def _title(self) -> str:
        return "Microsoft Excel"

    def _opened(self, path: Path | None, facts: FileFacts, read_only: bool) -> Workbook:
        number = self._bridge.number()
        self._bridge.ask("open_book", doc=number, path=path and str(path), read_only=read_only)
        book = Workbook(self, number, facts)
        if facts.calculate:
            book._ask("calculate", everything=True)
        self._apply(book)
        self._books.append(book)
        self._front = book
        return book

    def _apply(self, book: Workbook) -> None:
        if self._calculation == MANUAL:
            book._ask("set_automatic", on=False)
        if not self._drawing:
            book._ask("lock", on=True)

    def _closed(self, book: Workbook) -> None:
        self._books.remove(book)
        if self._front is book:
            self._front = self._books[-1] if self._books else None

    def _active(self) -> Workbook:
        self._bridge.answers()
        if self._front is None:
            raise refused("no workbook is open")
        return self._front

    @property
    def Name(self) -> str:
        """Excel's name."""
        return self._title()

    @property
    def Version(self) -> str:
        """The version of Excel that is imitated."""
        return "16.0"

    @property
    def Hwnd(self) -> int:
        """The window in front."""
        return WINDOW_HANDLE + (self._front._number if self._front else 0)

    @property
    def Ready(self) -> bool:
        """Whether no cell is being edited."""
        return not self._bridge.editing

    @property
    def Interactive(self) -> bool:
        """Whether a person can use it (only remembered)."""
        return self._interactive

    @Interactive.setter
    def Interactive(self, value: bool) -> None:
        self._bridge.answers()
        self._interactive = value

    def GetOpenFilename(
        self,
        _filter: str = "",
        _index: int = 1,
        Title: str = "",
        _button: str = "",
        MultiSelect: bool = False,
    ) -> tuple[str, ...] | str | bool:
        """The files a person chooses: those the engine was told, False where that is none."""
        self._bridge.answers()
        self._asked_for = Title
        if not self._chosen:
            return False
        return tuple(self._chosen) if MultiSelect else self._chosen[0]

    @property
    def AutoCorrect(self) -> AutoCorrect:
        """What it does by itself."""
        return AutoCorrect(self)

    @property
    def EnableEvents(self) -> bool:
        """Whether events run (only remembered)."""
        return self._events

    @EnableEvents.setter
    def EnableEvents(self, value: bool) -> None:
        self._bridge.answers()
        self._events = value

    @property
    def DisplayAlerts(self) -> bool:
        """Whether it asks (only remembered: without a screen it never does)."""
        return self._alerts

    @DisplayAlerts.setter
    def DisplayAlerts(self, value: bool) -> None:
        self._bridge.answers()
        self._alerts = value

    @property
    def Visible(self) -> bool:
        """Whether it shows (only remembered: there is no screen)."""
        return self._seen

    @Visible.setter
    def Visible(self, value: bool) -> None:
        self._bridge.answers()
        self._seen = value

    @property
    def ScreenUpdating(self) -> bool:
        """Whether windows are drawn."""
        return self._drawing

    @ScreenUpdating.setter
    def ScreenUpdating(self, value: bool) -> None:
        self._bridge.answers()
        if value != self._drawing:
            for book in self._books:
                book._ask("lock", on=not value)
        self._drawing = value

    @property
    def Calculation(self) -> int:
        """-4105 when formulas are computed at each change, -4135 when asked only."""
        return self._calculation

    @Calculation.setter
    def Calculation(self, value: int) -> None:
        if value not in {AUTOMATIC, MANUAL}:
            raise NotImplementedError(f"calculation mode {value}")
        self._bridge.answers()
        for book in self._books:
            book._ask("set_automatic", on=value == AUTOMATIC)
        self._calculation = value

    def Calculate(self) -> None:
        """Compute what has changed in all open books."""
        for book in self._books:
            book._ask("calculate", everything=False)

    def CalculateFull(self) -> None:
        """Compute every formula in all open books."""
        for book in self._books:
            book._ask("calculate", everything=True)

    @property
    def StatusBar(self) -> str | bool:
        """The text in the status bar, False when it is the program's own."""
        return self._status

    @StatusBar.setter
    def StatusBar(self, value: str | bool) -> None:
        self._bridge.answers()
        for book in self._books:
            book._ask("set_status", text=None if value is False else str(value))
        self._status = value

    @property
    def Workbooks(self) -> Workbooks:
        """The open books."""
        return Workbooks(self)

    @property
    def ActiveWorkbook(self) -> Workbook | None:
        """The book in front, None when none is open."""
        return self._active() if self._front else None

    @property
    def ActiveSheet(self) -> Worksheet:
        """The sheet that shows in front."""
        return self._active()._active_sheet()

    @property
    def ActiveWindow(self) -> Window | None:
        """The window in front, None when none is open."""
        return Window(self._active()) if self._front else None

    @property
    def Windows(self) -> Windows:
        """The windows, the one in front first."""
        books = sorted(self._books, key=lambda book: book is not self._front)
        return Windows(self._bridge, books)

    @property
    def Selection(self) -> Range:
        """The selected cells in front."""
        return self._active()._selection()

    @property
    def ProtectedViewWindows(self) -> ProtectedViewWindows:
        """The windows in Protected View."""
        return ProtectedViewWindows(self)

    def Union(self, *ranges: Range) -> Range:
        """Return ranges of one sheet as one."""
        if len({(cells._sheet._book._number, cells._sheet._name) for cells in ranges}) != 1:
            raise refused("Method 'Union' of object '_Application' failed: ranges of several sheets")
        return Range(ranges[0]._sheet, [area for cells in ranges for area in cells._areas])

    def Run(self, Macro: str, *arguments: object) -> object:
        """Run `'book'!Project.Module.Name`, by default of the book in front, and return its result."""
        place, _, name = Macro.rpartition("!")
        book = Workbooks(self)(place.strip("'").replace("''", "'")) if place else self._active()
        return book._general("run_macro", macro=name, arguments=arguments)
