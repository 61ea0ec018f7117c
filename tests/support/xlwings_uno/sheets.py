"""Worksheet, with Excel's members and meanings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.support.xlwings_uno import areas, ranges
from tests.support.xlwings_uno.areas import COLUMNS, ROWS, Area
from tests.support.xlwings_uno.com import ComCollection, ComObject, refused
from tests.support.xlwings_uno.tables import ListObject, ListObjects, Names

if TYPE_CHECKING:
    from tests.support.xlwings_uno.books import Workbook

VISIBLE, HIDDEN, VERY_HIDDEN = -1, 0, 2
LONGEST_ADDRESS = 255


class Worksheet(ComObject):
    """A sheet, held by its name: after a new name only the object that gave it goes on working."""

    def __init__(self, book: Workbook, name: str) -> None:
        super().__init__(book._bridge)
        self._book = book
        self._name = name

    def _title(self) -> str:
        return self._name

    def _ask(self, operation: str, **arguments: object) -> Any:
        return self._book._ask(operation, sheet=self._name, **arguments)

    def _state(self) -> dict[str, Any]:
        state: dict[str, Any] = self._ask("sheet")
        return state

    @property
    def Parent(self) -> Workbook:
        """The book."""
        return self._book

    @property
    def Application(self) -> Any:
        """The program."""
        return self._book._app

    @property
    def Name(self) -> str:
        """The name."""
        return self._name

    @Name.setter
    def Name(self, value: str) -> None:
        self._book._general("rename_sheet", name=self._name, new=value)
        self._name = value

    @property
    def Index(self) -> int:
        """The place among the sheets, counted from 1."""
        return int(self._state()["index"])

    @property
    def Visible(self) -> int:
        """-1 when it shows, 0 when hidden, 2 when very hidden."""
        if self._state()["shows"]:
            return VISIBLE
        return VERY_HIDDEN if self._name in self._book._very_hidden else HIDDEN

    @Visible.setter
    def Visible(self, value: int) -> None:
        shows = value not in {HIDDEN, VERY_HIDDEN}
        if self._book._protected():
            raise refused("Unable to set the Visible property: the workbook is protected")
        if not shows and self._book._ask("showing") == [self._name]:
            raise refused("Unable to set the Visible property: a workbook needs a visible sheet")
        self._book._general("show_sheet", name=self._name, visible=shows)
        self._book._very_hidden.discard(self._name)
        if value == VERY_HIDDEN:
            self._book._very_hidden.add(self._name)

    @property
    def ProtectContents(self) -> bool:
        """Whether locked cells cannot be changed."""
        return bool(self._state()["protected"])

    def Protect(self, Password: str = "") -> None:
        """Protect the sheet."""
        self._ask("protect", password=Password, on=True)

    def Unprotect(self, Password: str = "") -> None:
        """Take the protection away."""
        self._ask("protect", password=Password, on=False)

    @property
    def AutoFilterMode(self) -> bool:
        """Whether there are filter buttons outside tables."""
        return bool(self._ask("sheet_filter")["buttons"])

    @property
    def FilterMode(self) -> bool:
        """Whether rows are filtered, in a table or outside one."""
        tables = ListObjects(self)._items()
        return any(table._facts["filtered"] for table in tables) or bool(
            self._ask("sheet_filter")["filtered"]
        )

    @property
    def UsedRange(self) -> ranges.Range:
        """The cells in use."""
        return ranges.Range(self, [areas.from_corners(self._ask("used"))])

    @property
    def Cells(self) -> ranges.Range:
        """All cells."""
        return ranges.Range(self, [Area(1, 1, ROWS, COLUMNS)])

    @property
    def Rows(self) -> ranges.Range:
        """All rows."""
        return ranges.Range(self, [Area(1, 1, ROWS, COLUMNS)], "rows")

    @property
    def Columns(self) -> ranges.Range:
        """All columns."""
        return ranges.Range(self, [Area(1, 1, ROWS, COLUMNS)], "columns")

    def Range(self, Cell1: str | ranges.Range, Cell2: str | ranges.Range | None = None) -> ranges.Range:
        """Return cells by address, by a name or a table, or between two corners."""
        first = self._range(Cell1)
        if Cell2 is None:
            return first
        return ranges.Range(first._sheet, [first._first.around(self._range(Cell2)._first)])

    def _range(self, cells: str | ranges.Range) -> ranges.Range:
        if isinstance(cells, ranges.Range):
            return cells
        if len(cells) > LONGEST_ADDRESS:
            raise refused("Method 'Range' of object '_Worksheet' failed: more than 255 characters")
        if found := areas.parse(cells):
            return ranges.Range(self, found)
        if referred := areas.reference(cells):
            return ranges.Range(self._book._sheet(referred[0]), referred[1])
        return self._book._named(cells)

    @property
    def ListObjects(self) -> ListObjects:
        """The tables."""
        return ListObjects(self)

    def _table_at(self, cell: Area) -> ListObject | None:
        return ListObjects(self)._at(cell)

    @property
    def Names(self) -> Names:
        """The names that belong to the sheet alone."""
        return Names(self._book, self._name)

    def ChartObjects(self) -> ChartObjects:
        """Return the charts."""
        return ChartObjects(self)

    def Activate(self) -> None:
        """Show the sheet in the book's window."""
        self._ask("activate_sheet")

    def Select(self) -> None:
        """Show the sheet in the book's window."""
        self.Activate()

    def Delete(self) -> None:
        """Remove the sheet."""
        self._book._general("remove_sheet", name=self._name)


class Worksheets(ComCollection[Worksheet]):
    """The sheets of a book."""

    def __init__(self, book: Workbook) -> None:
        super().__init__(book._bridge)
        self._book = book

    @property
    def Parent(self) -> Workbook:
        """The book."""
        return self._book

    def _items(self) -> list[Worksheet]:
        return [Worksheet(self._book, name) for name in self._book._ask("sheets")]

    def Add(self, Before: Worksheet | None = None, After: Worksheet | None = None) -> Worksheet:
        """Insert an empty sheet, before the active one unless told otherwise, show it and return it."""
        names = [sheet._name for sheet in self._items()]
        place = names.index((After or Before or self._book._active_sheet())._name) + (After is not None)
        number = next(number for number in range(1, len(names) + 2) if f"Sheet{number}" not in names)
        self._book._general("add_sheet", name=f"Sheet{number}", position=place)
        sheet = Worksheet(self._book, f"Sheet{number}")
        sheet.Activate()
        return sheet


class ChartObject(ComObject):
    """A chart, by name only."""

    def __init__(self, sheet: Worksheet, name: str) -> None:
        super().__init__(sheet._bridge)
        self._sheet = sheet
        self._text = name

    def _title(self) -> str:
        return self._text

    @property
    def Name(self) -> str:
        """The name."""
        return self._text

    @property
    def Parent(self) -> Worksheet:
        """The sheet."""
        return self._sheet


class ChartObjects(ComCollection[ChartObject]):
    """The charts of a sheet."""

    def __init__(self, sheet: Worksheet) -> None:
        super().__init__(sheet._bridge)
        self._sheet = sheet

    def _items(self) -> list[ChartObject]:
        return [ChartObject(self._sheet, name) for name in self._sheet._ask("charts")]
