"""Tables and defined names, with Excel's members and meanings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.support.xlwings_uno import areas, ranges
from tests.support.xlwings_uno.areas import Area
from tests.support.xlwings_uno.com import ComCollection, ComObject, refused
from tests.support.xlwings_uno.formula_text import to_calc, to_excel

if TYPE_CHECKING:
    from tests.support.xlwings_uno.books import Workbook
    from tests.support.xlwings_uno.sheets import Worksheet


class ListObject(ComObject):
    """A table, as it was when it was asked for."""

    def __init__(self, sheet: Worksheet, facts: dict[str, Any]) -> None:
        super().__init__(sheet._bridge)
        self._sheet = sheet
        self._facts = facts
        self._area = areas.from_corners(facts["area"])

    def _title(self) -> str:
        return str(self._facts["name"])

    def _rows(self, top: int, height: int) -> ranges.Range | None:
        if height < 1:
            return None
        return ranges.Range(self._sheet, [self._area.within(top, 1, height, self._area.width)])

    @property
    def Parent(self) -> Worksheet:
        """The sheet."""
        return self._sheet

    @property
    def Name(self) -> str:
        """The name."""
        return self._title()

    DisplayName = Name

    @property
    def Range(self) -> ranges.Range:
        """Headers, rows and totals."""
        return ranges.Range(self._sheet, [self._area])

    def Resize(self, Range: ranges.Range) -> None:
        """Let the table reach over other cells; its headers stay where they are."""
        area = Range._first
        if (area.top, area.left, area.width) != (self._area.top, self._area.left, self._area.width):
            raise refused("Method 'Resize' of object 'ListObject' failed")
        self._sheet._ask("resize_table", name=self._title(), area=area.corners)
        self._area = area

    @property
    def ShowHeaders(self) -> bool:
        """Whether the first row holds headers."""
        return bool(self._facts["headers"])

    @property
    def ShowTotals(self) -> bool:
        """Whether the last row holds totals."""
        return bool(self._facts["totals"])

    @property
    def ShowAutoFilter(self) -> bool:
        """Whether the headers have filter buttons."""
        return bool(self._facts["buttons"])

    @property
    def ListRows(self) -> ListRows:
        """The rows between headers and totals."""
        return ListRows(self)

    @property
    def AutoFilter(self) -> AutoFilter | None:
        """What filters the rows, None without filter buttons."""
        return AutoFilter(self) if self._facts["buttons"] else None

    @property
    def HeaderRowRange(self) -> ranges.Range | None:
        """The headers."""
        return self._rows(1, int(self._facts["headers"]))

    @property
    def DataBodyRange(self) -> ranges.Range | None:
        """The rows between headers and totals, None when there are none."""
        return self._body()

    def _body(self) -> ranges.Range | None:
        headers, totals = int(self._facts["headers"]), int(self._facts["totals"])
        return self._rows(1 + headers, self._area.height - headers - totals)

    @property
    def TotalsRowRange(self) -> ranges.Range | None:
        """The totals, None without them."""
        return self._rows(self._area.height, int(self._facts["totals"]))

    @property
    def ListColumns(self) -> ListColumns:
        """The columns."""
        return ListColumns(self)


class ListRows(ComObject):
    """The rows of a table, as a number only."""

    def __init__(self, table: ListObject) -> None:
        super().__init__(table._bridge)
        self._table = table

    @property
    def Count(self) -> int:
        """How many there are."""
        body = self._table._body()
        return body._first.height if body else 0


class AutoFilter(ComObject):
    """What filters a table."""

    def __init__(self, table: ListObject) -> None:
        super().__init__(table._bridge)
        self._table = table

    @property
    def FilterMode(self) -> bool:
        """Whether a filter is set."""
        return bool(self._table._facts["filtered"])

    @property
    def Range(self) -> ranges.Range:
        """The cells that are filtered, with their headers."""
        table = self._table
        return ranges.Range(
            table._sheet,
            [table._area.within(1, 1, table._area.height - int(table._facts["totals"]), table._area.width)],
        )


class ListColumn(ComObject):
    """A column of a table."""

    def __init__(self, table: ListObject, index: int, name: str) -> None:
        super().__init__(table._bridge)
        self._table = table
        self._index = index
        self._text = name

    def _title(self) -> str:
        return self._text

    def _of(self, cells: ranges.Range | None) -> ranges.Range | None:
        if cells is None:
            return None
        return ranges.Range(self._table._sheet, [cells._first.within(1, self._index, cells._first.height, 1)])

    @property
    def Name(self) -> str:
        """The header."""
        return self._text

    @property
    def Index(self) -> int:
        """The place in the table, counted from 1."""
        return self._index

    @property
    def Range(self) -> ranges.Range | None:
        """The cells with header and total."""
        return self._of(self._table._rows(1, self._table._area.height))

    @property
    def DataBodyRange(self) -> ranges.Range | None:
        """The cells between header and total."""
        return self._of(self._table._body())


class ListColumns(ComCollection[ListColumn]):
    """The columns of a table; their names are the headers' texts."""

    def __init__(self, table: ListObject) -> None:
        super().__init__(table._bridge)
        self._table = table

    def _items(self) -> list[ListColumn]:
        headers = self._table._rows(1, int(self._table._facts["headers"]))
        if headers is None:
            raise NotImplementedError("columns of a table without headers")
        (names,) = headers._read(dates=False)
        return [ListColumn(self._table, index, str(name)) for index, name in enumerate(names, 1)]


class ListObjects(ComCollection[ListObject]):
    """The tables of a sheet."""

    def __init__(self, sheet: Worksheet) -> None:
        super().__init__(sheet._bridge)
        self._sheet = sheet

    def _items(self) -> list[ListObject]:
        return [ListObject(self._sheet, facts) for facts in self._sheet._ask("tables")]

    def _at(self, cell: Area) -> ListObject | None:
        return next((table for table in self._items() if table._area.around(cell) == table._area), None)


class Name(ComObject):
    """A defined name, as it was when it was asked for."""

    def __init__(self, book: Workbook, name: str, content: str, sheet: str | None) -> None:
        super().__init__(book._bridge)
        self._book = book
        self._text = name
        self._content = content
        self._sheet = sheet

    def _title(self) -> str:
        name = self._text.removeprefix("_xlnm.")  # files have it before the names that Excel defines itself
        return f"{areas.quoted(self._sheet)}!{name}" if self._sheet else name

    @property
    def Name(self) -> str:
        """The name, after that of its sheet when it belongs to one."""
        return self._title()

    @property
    def RefersTo(self) -> str:
        """What it stands for, as a formula."""
        return to_excel("=" + self._content)

    @property
    def RefersToRange(self) -> ranges.Range:
        """The cells it stands for; an error when it stands for something else."""
        found = areas.reference(to_excel("=" + self._content))
        if found is None:
            raise refused(f"{self._title()} refers to no range")
        return ranges.Range(self._book._sheet(found[0]), found[1])

    @property
    def Visible(self) -> bool:
        """Whether lists of names show it, as the file said when it was opened."""
        return self._text.casefold() not in self._book._facts.hidden_names

    def Delete(self) -> None:
        """Remove the name."""
        self._book._ask("remove_name", name=self._text, sheet=self._sheet)


class Names(ComCollection[Name]):
    """The defined names of a book, or those that belong to one sheet."""

    def __init__(self, book: Workbook, sheet: str | None = None) -> None:
        super().__init__(book._bridge)
        self._book = book
        self._sheet = sheet

    def _items(self) -> list[Name]:
        found = [Name(self._book, *facts) for facts in self._book._ask("names")]
        return [name for name in found if self._sheet in {None, name._sheet}]

    def Add(self, Name: str, RefersTo: str) -> Name:
        """Define a name for the book and return it."""
        self._book._ask("add_name", name=Name, content=to_calc(RefersTo)[1:])
        return self(Name)
