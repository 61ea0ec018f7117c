"""What the engine asks of LibreOffice about books, their windows, names and tables, one trip each.

This and `operations.py` run in the process that holds LibreOffice. Sheets go by name, rectangles as
[first row, first column, last row, last column] counted from 0.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import unohelper
from com.sun.star.lang import IllegalArgumentException
from com.sun.star.table import CellRangeAddress

from tests.support.uno_server import Operations, properties

Corners = list[int]


class RefusedError(Exception):
    """Excel would not do this either."""


def corners(address: Any) -> Corners:
    """Return the corners of a range address of UNO."""
    return [address.StartRow, address.StartColumn, address.EndRow, address.EndColumn]


def path_of(document: Any) -> str:
    """Return where a document's file is, an empty text when it has none."""
    return unohelper.fileUrlToSystemPath(document.URL) if document.URL else ""


def title_of(document: Any) -> str:
    """Return the name of a document's file, or that of a new document."""
    return Path(path_of(document)).name or str(document.Title)


FACTS: dict[str, Callable[[Any], object]] = {
    "title": title_of,
    "path": path_of,
    "read_only": lambda document: document.isReadonly(),
    "modified": lambda document: document.isModified(),
    "protected": lambda document: document.isProtected(),
    "date1904": lambda document: document.NullDate.Year == 1904,
}


class Books:
    """Books, their windows, and what else they hold."""

    def __init__(self, general: Operations) -> None:
        self._general = general
        self._indicators: dict[int, Any] = {}
        self._left: dict[tuple[int, str], tuple[list[Corners], int, int]] = {}

    def open_book(self, doc: int, path: str | None, read_only: bool) -> None:
        """Open a file, or a new book when there is none."""
        url = unohelper.systemPathToFileUrl(path) if path else "private:factory/scalc"
        arguments = properties(ReadOnly=read_only, MacroExecutionMode=4)
        document = self._general.program.desktop.loadComponentFromURL(url, "_blank", 0, arguments)
        if document is None or not document.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
            raise RefusedError(f"The file {path} could not be opened as a workbook")
        self._general.documents[doc] = document

    def close_book(self, doc: int) -> None:
        """Close a book without saving it."""
        self._general.close(doc)
        self._indicators.pop(doc, None)

    def book(self, doc: int, fact: str) -> object:
        """Return one of the facts about a book."""
        return FACTS[fact](self._document(doc))

    def set_modified(self, doc: int, modified: bool) -> None:
        """Say whether a book has changes that are not saved."""
        self._document(doc).setModified(modified)

    def save(self, doc: int, path: str | None, filter_name: str | None) -> None:
        """Save a book where it is, or under another name."""
        document = self._document(doc)
        if path:
            document.storeAsURL(unohelper.systemPathToFileUrl(path), properties(FilterName=filter_name))
        elif document.isReadonly():
            raise RefusedError(f"{document.Title} is read-only")
        else:
            document.store()

    def protect_book(self, doc: int, on: bool) -> None:
        """Protect a book's structure without a password, or take the protection away."""
        document = self._document(doc)
        if on:
            document.protect("")
        else:
            document.unprotect("")

    def calculate(self, doc: int, everything: bool) -> None:
        """Compute what has changed, or every formula."""
        document = self._document(doc)
        if everything:
            document.calculateAll()
        else:
            document.calculate()

    def set_automatic(self, doc: int, on: bool) -> None:
        """Let formulas be computed at each change, or when asked only."""
        self._document(doc).enableAutomaticCalculation(on)

    def lock(self, doc: int, on: bool) -> None:
        """Stop drawing the window, or draw again."""
        document = self._document(doc)
        if on:
            document.lockControllers()
        else:
            document.unlockControllers()

    def set_status(self, doc: int, text: str | None) -> None:
        """Show a text in the status bar, or what the program has to say."""
        if doc not in self._indicators:
            self._indicators[doc] = self._document(doc).CurrentController.Frame.createStatusIndicator()
        if text is not None:
            self._indicators[doc].start(text, 100)
        else:
            self._indicators[doc].end()

    def activate_book(self, doc: int) -> None:
        """Bring a book's window to the front."""
        self._document(doc).CurrentController.Frame.activate()

    def window(self, doc: int) -> dict[str, Any]:
        """Return what a book's window shows and what is selected in it."""
        document = self._document(doc)
        controller = document.CurrentController
        pane = controller.getByIndex(controller.Count - 1)
        return {
            "sheet": controller.ActiveSheet.Name,
            "selected": self._selected(document),
            "row": pane.FirstVisibleRow,
            "column": pane.FirstVisibleColumn,
            "frozen": controller.hasFrozenPanes(),
            "split": [controller.SplitRow, controller.SplitColumn],
            "caption": document.Title,
        }

    @staticmethod
    def _selected(document: Any) -> list[Corners]:
        selection = document.CurrentSelection
        if hasattr(selection, "RangeAddresses"):
            return [corners(address) for address in selection.RangeAddresses]
        return [corners(selection.RangeAddress)] if hasattr(selection, "RangeAddress") else []

    def activate_sheet(self, doc: int, sheet: str) -> None:
        """Let a window show a sheet."""
        page = self._sheet(doc, sheet)
        if not page.IsVisible:
            raise RefusedError(f"Activate method of Worksheet class failed: {sheet} is hidden")
        window = self.window(doc)
        self._left[doc, window["sheet"]] = window["selected"], window["row"], window["column"]
        self._document(doc).CurrentController.ActiveSheet = page
        # LibreOffice keeps no selection for a sheet that does not show; Excel does.
        if (doc, sheet) in self._left:
            areas, row, column = self._left[doc, sheet]
            self.select(doc, sheet, areas)
            self.scroll(doc, row, column)

    def select(self, doc: int, sheet: str, areas: list[Corners]) -> None:
        """Select cells of the sheet that shows."""
        document = self._document(doc)
        if document.CurrentController.ActiveSheet.Name != sheet:
            raise RefusedError(f"Select method of Range class failed: {sheet} is not the active sheet")
        document.CurrentController.select(self._ranges(doc, sheet, areas))

    def scroll(self, doc: int, row: int | None, column: int | None) -> None:
        """Let a window begin at a row and a column."""
        controller = self._document(doc).CurrentController
        pane = controller.getByIndex(controller.Count - 1)
        if row is not None:
            pane.FirstVisibleRow = row
        if column is not None:
            pane.FirstVisibleColumn = column

    def freeze(self, doc: int, row: int, column: int) -> None:
        """Freeze the panes above a row and left of a column; at the first cell nothing is frozen."""
        self._document(doc).CurrentController.freezeAtPosition(column, row)

    def sheets(self, doc: int) -> list[str]:
        """Return the names of the sheets."""
        return list(self._document(doc).Sheets.ElementNames)

    def showing(self, doc: int) -> list[str]:
        """Return the names of the sheets that show."""
        return [sheet.Name for sheet in self._document(doc).Sheets if sheet.IsVisible]

    def sheet(self, doc: int, sheet: str) -> dict[str, Any]:
        """Return a sheet's place counted from 1, whether it shows, and whether it is protected."""
        page = self._sheet(doc, sheet)
        return {
            "index": page.RangeAddress.Sheet + 1,
            "shows": page.IsVisible,
            "protected": page.isProtected(),
        }

    def protect(self, doc: int, sheet: str, password: str, on: bool) -> None:
        """Protect a sheet, or take the protection away."""
        page = self._sheet(doc, sheet)
        try:
            if on:
                page.protect(password)
            else:
                page.unprotect(password)
        except IllegalArgumentException:
            raise RefusedError("The password you supplied is not correct") from None

    def charts(self, doc: int, sheet: str) -> list[str]:
        """Return the names of a sheet's charts."""
        return list(self._sheet(doc, sheet).Charts.ElementNames)

    def names(self, doc: int) -> list[list[str | None]]:
        """Return of each defined name the name, what it refers to, and the sheet it belongs to."""
        document = self._document(doc)
        found = self._names(document.NamedRanges, None)
        for sheet in document.Sheets:
            found += self._names(sheet.NamedRanges, sheet.Name)
        return found

    @staticmethod
    def _names(named: Any, sheet: str | None) -> list[list[str | None]]:
        return [[name, named.getByName(name).Content, sheet] for name in named.ElementNames]

    def add_name(self, doc: int, name: str, content: str) -> None:
        """Define a name for the whole book, or define it anew."""
        document = self._document(doc)
        named = document.NamedRanges
        if named.hasByName(name):
            named.getByName(name).Content = content
        else:
            first = document.Sheets.getByIndex(0).getCellByPosition(0, 0).CellAddress
            named.addNewByName(name, content, first, 0)

    def remove_name(self, doc: int, name: str, sheet: str | None) -> None:
        """Remove a defined name."""
        (self._sheet(doc, sheet) if sheet else self._document(doc)).NamedRanges.removeByName(name)

    def tables(self, doc: int, sheet: str) -> list[dict[str, object]]:
        """Return the tables of a sheet with their places."""
        index = self._sheet(doc, sheet).RangeAddress.Sheet
        placed = [(table, table.DataArea) for table in self._document(doc).DatabaseRanges]
        return [self._table(table, area) for table, area in placed if area.Sheet == index]

    @staticmethod
    def _table(table: Any, area: Any) -> dict[str, object]:
        return {
            "name": table.Name,
            "area": corners(area),
            "headers": table.ContainsHeader,
            "totals": table.TotalsRow,
            "buttons": table.AutoFilter,
            "filtered": bool(table.FilterDescriptor.FilterFields),
        }

    def resize_table(self, doc: int, sheet: str, name: str, area: Corners) -> None:
        """Let a table reach over an area."""
        if self._sheet(doc, sheet).isProtected():
            raise RefusedError("Method 'Resize' of object 'ListObject' failed: the sheet is protected")
        top, left, bottom, right = area
        index = self._sheet(doc, sheet).RangeAddress.Sheet
        found = self._document(doc).DatabaseRanges.getByName(name)
        found.setDataArea(CellRangeAddress(index, left, top, right, bottom))

    def sheet_filter(self, doc: int, sheet: str) -> dict[str, bool]:
        """Return whether a sheet has filter buttons outside tables, and whether they filter."""
        index = self._sheet(doc, sheet).RangeAddress.Sheet
        unnamed = self._document(doc).getPropertyValue("UnnamedDatabaseRanges")
        if not unnamed.hasByTable(index):
            return {"buttons": False, "filtered": False}
        found = unnamed.getByTable(index)
        return {"buttons": found.AutoFilter, "filtered": bool(found.FilterDescriptor.FilterFields)}

    def _document(self, doc: int) -> Any:
        return self._general.documents[doc]

    def _sheet(self, doc: int, sheet: str) -> Any:
        sheets = self._document(doc).Sheets
        if not sheets.hasByName(sheet):
            raise RefusedError(f"no sheet {sheet!r}")
        return sheets.getByName(sheet)

    def _cells(self, doc: int, sheet: str, area: Corners) -> Any:
        top, left, bottom, right = area
        return self._sheet(doc, sheet).getCellRangeByPosition(left, top, right, bottom)

    def _ranges(self, doc: int, sheet: str, areas: list[Corners]) -> Any:
        if len(areas) == 1:
            return self._cells(doc, sheet, areas[0])
        index = self._sheet(doc, sheet).RangeAddress.Sheet
        ranges = self._document(doc).createInstance("com.sun.star.sheet.SheetCellRanges")
        for top, left, bottom, right in areas:
            ranges.addRangeAddress(CellRangeAddress(index, left, top, right, bottom), False)
        return ranges
