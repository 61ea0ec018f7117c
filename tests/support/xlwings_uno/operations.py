"""What the engine asks of LibreOffice about cells, one trip each."""

import re
from collections.abc import Iterable
from typing import Any

from com.sun.star.lang import Locale
from com.sun.star.uno import RuntimeException

from tests.support.uno_server import ERRORS, Operations
from tests.support.xlwings_uno.book_operations import Books, Corners, RefusedError, corners

Place = tuple[int, str, Corners]

LAST_ROW, LAST_COLUMN = 1048575, 16383

# com.sun.star.sheet.CellFlags and FormulaResult, com.sun.star.util.NumberFormat
CONTENTS = 1 | 2 | 4 | 16
ANY_RESULT, TEXT_RESULT, ERROR_RESULT = 7, 2, 4
DATE, TIME, LOGICAL = 2, 4, 1024
GENERAL = 0  # the key of the number format

ENGLISH = Locale("en", "US", "")
MANY = 50  # more error cells than this are asked about as a block

# Excel reads a text that is put into a cell as if it were typed: these may become something else.
TYPED = re.compile(r"(?!').*[=\d#]")

# Of errors, Excel has seven only.
NULL = 521
EXCEL_ERRORS = {**ERRORS, NULL: "#NULL!"}


def cell_count(addresses: Iterable[Any]) -> int:
    """Return how many cells addresses hold together."""
    return sum((a.EndRow - a.StartRow + 1) * (a.EndColumn - a.StartColumn + 1) for a in addresses)


def error_name(code: int) -> str:
    """Return Excel's name of an error; what only LibreOffice has is a wrong value."""
    return EXCEL_ERRORS.get(code, "#VALUE!")


def is_truth(formula: str) -> bool:
    """Return whether a formula is what LibreOffice makes of a stored truth."""
    return formula in {"=TRUE()", "=FALSE()"}


def typed(formula: str, content: float | str | None) -> str:
    """Return what a cell holds as Excel gives it: truths, texts and array formulas without signs around."""
    if is_truth(formula) or formula.startswith("{="):
        return formula[1:-2] if is_truth(formula) else formula[1:-1]
    return formula[1:] if formula == f"'{content}" else formula


def literal(value: float | str) -> float | str:
    """Return a value without the apostrophe that says a text is a text."""
    return value.removeprefix("'") if isinstance(value, str) else value


def runs(places: list[tuple[int, int]]) -> list[Corners]:
    """Return places as rectangles one column wide."""
    found: list[Corners] = []
    for row, column in sorted(places, key=lambda place: (place[1], place[0])):
        if found and found[-1][3] == column and found[-1][2] == row - 1:
            found[-1][2] = row
        else:
            found.append([row, column, row, column])
    return found


def steps(filled: list[bool]) -> int | None:
    """Return how many cells Ctrl and an arrow key pass, nothing when to the edge of the sheet.

    The first cell is the one they are pressed in, the last one the last that may be filled.
    """
    if filled[:2] == [True, True]:
        return (filled.index(False) if False in filled else len(filled)) - 1
    return filled.index(True, 1) if True in filled[1:] else None


def one_of(states: set[bool]) -> bool | None:
    """Return the only state, or nothing when there are several."""
    return states.pop() if len(states) == 1 else None


class Cells(Books):
    """What cells hold and how they look."""

    def __init__(self, general: Operations) -> None:
        super().__init__(general)
        self._kinds: dict[tuple[int, int], int] = {}
        self._last: tuple[int, Place, dict[str, list[Corners]]] | None = None

    def read(self, doc: int, sheet: str, area: Corners) -> dict[str, object]:
        """Return the values of a rectangle, and which cells hold errors or show truths or dates."""
        cells = self._cells(doc, sheet, area)
        return {
            "rows": cells.getDataArray(),
            "texts": self._within(area, cells.queryFormulaCells(TEXT_RESULT).RangeAddresses),
            "errors": self._errors(cells, area),
            **self._formatted(doc, sheet, area),
        }

    @staticmethod
    def _within(area: Corners, addresses: Iterable[Any]) -> list[Corners]:
        top, left = area[:2]
        return [
            [first_row - top, first_column - left, last_row - top, last_column - left]
            for first_row, first_column, last_row, last_column in map(corners, addresses)
        ]

    def _errors(self, cells: Any, area: Corners) -> list[list[object]]:
        found = cells.queryFormulaCells(ERROR_RESULT)
        if cell_count(found.RangeAddresses) <= MANY:
            return [self._error(cell, area) for cell in found.Cells]
        return self._many_errors(cells, found, area)

    @staticmethod
    def _error(cell: Any, area: Corners) -> list[object]:
        place = cell.CellAddress
        return [place.Row - area[0], place.Column - area[1], error_name(cell.getError())]

    def _many_errors(self, cells: Any, found: Any, area: Corners) -> list[list[object]]:
        # A cell costs more than a millisecond; which of them are #N/A, as nearly all are, is one question.
        absent = self._functions().callFunction("ISNA", (cells,))
        errors: list[list[object]] = []
        for top, left, bottom, right in self._within(area, found.RangeAddresses):
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    if absent[row][column]:
                        errors.append([row, column, "#N/A"])
                    else:
                        errors.append(self._error(cells.getCellByPosition(column, row), area))
        return errors

    def _functions(self) -> Any:
        return self._general.program.service("com.sun.star.sheet.FunctionAccess")

    def _formatted(self, doc: int, sheet: str, area: Corners) -> dict[str, list[Corners]]:
        """Return where truths and dates are shown.

        Formats cost more than the rest of a block, and values and formulas are often read one after the
        other: what was found stands for the same cells if nothing else was asked in between.
        """
        asked, place = self._general.asked, (doc, sheet, area)
        if self._last is None or self._last[:2] != (asked - 1, place):
            self._last = asked, place, self._find_formatted(doc, self._cells(doc, sheet, area), area)
        return self._last[2]

    def _find_formatted(self, doc: int, cells: Any, area: Corners) -> dict[str, list[Corners]]:
        found: dict[str, list[Corners]] = {"truths": [], "dates": []}
        for ranges in cells.getUniqueCellFormatRanges():
            kind = self._kind(doc, ranges.NumberFormat)
            if kind & (LOGICAL | DATE):
                found["truths" if kind & LOGICAL else "dates"] += self._within(area, ranges.RangeAddresses)
        return found

    def _kind(self, doc: int, key: int) -> int:
        if (doc, key) not in self._kinds:
            self._kinds[doc, key] = self._document(doc).NumberFormats.getByKey(key).Type
        return self._kinds[doc, key]

    def formulas(self, doc: int, sheet: str, area: Corners) -> dict[str, object]:
        """Return formulas, or contents where there is none, in LibreOffice's English, and the truths."""
        cells = self._cells(doc, sheet, area)
        both = zip(cells.getFormulaArray(), cells.getDataArray(), strict=True)
        return {
            "rows": [list(map(typed, texts, contents)) for texts, contents in both],
            "truths": self._formatted(doc, sheet, area)["truths"],
        }

    def formula_kinds(self, doc: int, sheet: str, area: Corners) -> dict[str, bool | None]:
        """Return whether cells hold formulas and array formulas: all, none, or some of them (nothing)."""
        cells = self._cells(doc, sheet, area)
        texts = [text for row in cells.getFormulaArray() for text in row]
        # LibreOffice reads a stored truth as a formula.
        count = cell_count(cells.queryFormulaCells(ANY_RESULT).RangeAddresses) - sum(map(is_truth, texts))
        arrays = {text.startswith("{=") for text in texts}
        return {"formula": {0: False, len(texts): True}.get(count), "array": one_of(arrays)}

    def write(
        self,
        doc: int,
        sheet: str,
        area: Corners,
        rows: list[list[float | str]],
        truths: list[list[int]],
        dates: list[list[int]],
    ) -> None:
        """Put a block into a rectangle: numbers as they are, texts as Excel takes them, "" for nothing."""
        cells = self._cells(doc, sheet, area)
        self._check_unlocked(self._sheet(doc, sheet), cells)
        hidden = self._filtered(cells) if len(rows) > 1 else set()
        try:
            if hidden:
                self._put_where_it_shows(cells, rows[0], hidden)
            else:
                self._put(cells, rows)
        except RuntimeException:
            raise RefusedError(
                "the cells cannot be changed: the book is read-only, or an array is cut"
            ) from None
        self._show_numbers(doc, cells, area, rows)
        self._show_as(doc, cells, truths, LOGICAL)
        self._show_as(doc, cells, dates, DATE)

    @staticmethod
    def _filtered(cells: Any) -> set[int]:
        """Return which rows of a range a filter hides."""
        if cell_count(cells.queryVisibleCells().RangeAddresses) == cell_count([cells.RangeAddress]):
            return set()
        return {place for place, row in enumerate(cells.Rows) if row.IsFiltered}

    def _put_where_it_shows(self, cells: Any, row: list[float | str], hidden: set[int]) -> None:
        # As Excel does, to the surprise of many: see https://github.com/xlwings/xlwings/issues/747
        last = len(row) - 1
        for place in set(range(cells.Rows.Count)) - hidden:
            self._put(cells.getCellRangeByPosition(0, place, last, place), [row])

    def _put(self, cells: Any, rows: list[list[float | str]]) -> None:
        if all(isinstance(value, str) and value[:1] != "'" for row in rows for value in row):
            cells.setFormulaArray(tuple(map(tuple, rows)))
            return
        cells.setDataArray(tuple(tuple(map(literal, row)) for row in rows))
        places = [
            (down, across)
            for down, row in enumerate(rows)
            for across, value in enumerate(row)
            if isinstance(value, str) and TYPED.match(value)
        ]
        for top, column, bottom, _ in runs(places):
            texts = tuple((row[column],) for row in rows[top : bottom + 1])
            cells.getCellRangeByPosition(column, top, column, bottom).setFormulaArray(texts)

    def _show_numbers(self, doc: int, cells: Any, area: Corners, rows: list[list[float | str]]) -> None:
        """Let numbers be numbers where truths were: in LibreOffice the format makes the difference."""
        if not any(isinstance(value, float) for row in rows for value in row):
            return
        for top, left, bottom, right in self._find_formatted(doc, cells, area)["truths"]:
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    if isinstance(rows[row][column], float):
                        cells.getCellByPosition(column, row).NumberFormat = GENERAL

    def _show_as(self, doc: int, cells: Any, places: list[list[int]], kind: int) -> None:
        formats = self._document(doc).NumberFormats
        for row, column in places:
            cell = cells.getCellByPosition(column, row)
            if not self._kind(doc, cell.NumberFormat) & kind:
                cell.NumberFormat = formats.getStandardFormat(kind, ENGLISH)

    def locked(self, doc: int, sheet: str, area: Corners) -> bool | None:
        """Return whether cells are locked: all, none, or some of them (nothing)."""
        return self._locked(self._cells(doc, sheet, area))

    @staticmethod
    def _locked(cells: Any) -> bool | None:
        return one_of({ranges.CellProtection.IsLocked for ranges in cells.getUniqueCellFormatRanges()})

    def _check_unlocked(self, page: Any, cells: Any) -> None:
        if page.isProtected() and self._locked(cells) is not False:
            raise RefusedError("The cell or chart you're trying to change is on a protected sheet")

    def clear(self, doc: int, sheet: str, areas: list[Corners]) -> None:
        """Empty cells and leave how they look."""
        for area in areas:
            cells = self._cells(doc, sheet, area)
            self._check_unlocked(self._sheet(doc, sheet), cells)
            cells.clearContents(CONTENTS)

    def used(self, doc: int, sheet: str) -> Corners:
        """Return the rectangle of a sheet that is used, its first cell when nothing is."""
        cursor = self._sheet(doc, sheet).createCursor()
        cursor.gotoStartOfUsedArea(False)
        cursor.gotoEndOfUsedArea(True)
        return corners(cursor.RangeAddress)

    def region(self, doc: int, sheet: str, area: Corners) -> Corners:
        """Return the rectangle of filled cells around a cell."""
        cursor = self._sheet(doc, sheet).createCursorByRange(self._cells(doc, sheet, area))
        cursor.collapseToCurrentRegion()
        return corners(cursor.RangeAddress)

    def end(self, doc: int, sheet: str, row: int, column: int, down: int, across: int) -> list[int]:
        """Return the cell that Ctrl and an arrow key lead to."""
        _, _, last_row, last_column = self.used(doc, sheet)
        last = [max(row, last_row) if down > 0 else 0, max(column, last_column) if across > 0 else 0]
        far_row, far_column = last[0] if down else row, last[1] if across else column
        line = [min(row, far_row), min(column, far_column), max(row, far_row), max(column, far_column)]
        texts = [text for cells in self._cells(doc, sheet, line).getFormulaArray() for text in cells]
        far = steps([text != "" for text in (texts if down + across > 0 else reversed(texts))])
        if far is None:
            edge = [LAST_ROW, LAST_COLUMN] if down + across > 0 else [0, 0]
            return [edge[0] if down else row, edge[1] if across else column]
        return [row + down * far, column + across * far]

    def merged(self, doc: int, sheet: str, area: Corners) -> bool | None:
        """Return whether cells are merged: all, none, or some of them (nothing)."""
        cells = self._cells(doc, sheet, area)
        whole = self._merge_of(doc, sheet, area)
        if not cells.getIsMerged() and whole == area:
            return False
        return True if self._merge_of(doc, sheet, [area[0], area[1], area[0], area[1]]) == whole else None

    def _merge_of(self, doc: int, sheet: str, area: Corners) -> Corners:
        cursor = self._sheet(doc, sheet).createCursorByRange(self._cells(doc, sheet, area))
        cursor.collapseToMergedArea()
        return corners(cursor.RangeAddress)

    def visible(self, doc: int, sheet: str, areas: list[Corners]) -> list[Corners]:
        """Return the rectangles of cells that neither hidden rows nor hidden columns hold."""
        ranges = [self._cells(doc, sheet, area).queryVisibleCells().RangeAddresses for area in areas]
        return sorted(corners(address) for addresses in ranges for address in addresses)

    def hidden(self, doc: int, sheet: str, rows: bool, spans: list[list[int]]) -> bool | None:
        """Return whether rows or columns are hidden: all, none, or some of them (nothing)."""
        states: set[bool] = set()
        for first, last in spans:
            whole = [first, 0, last, LAST_COLUMN] if rows else [0, first, LAST_ROW, last]
            seen = self._cells(doc, sheet, whole).queryVisibleCells().RangeAddresses
            showing = {place for address in seen for place in self._along(address, rows)}
            states |= {place not in showing for place in range(first, last + 1)}
        return one_of(states)

    @staticmethod
    def _along(address: Any, rows: bool) -> range:
        if rows:
            return range(address.StartRow, address.EndRow + 1)
        return range(address.StartColumn, address.EndColumn + 1)

    def set_hidden(self, doc: int, sheet: str, rows: bool, spans: list[list[int]], hidden: bool) -> None:
        """Hide or show rows or columns."""
        if self._sheet(doc, sheet).isProtected():
            raise RefusedError("Unable to set the Hidden property of the Range class: the sheet is protected")
        for lines in self._lines(doc, sheet, rows, spans):
            lines.IsVisible = not hidden

    def _lines(self, doc: int, sheet: str, rows: bool, spans: list[list[int]]) -> list[Any]:
        if rows:
            return [self._cells(doc, sheet, [first, 0, last, 0]).Rows for first, last in spans]
        return [self._cells(doc, sheet, [0, first, 0, last]).Columns for first, last in spans]

    def heights(self, doc: int, sheet: str, first: int, last: int) -> list[int]:
        """Return the heights of rows in hundredths of a millimetre."""
        return [row.Height for row in self._lines(doc, sheet, True, [[first, last]])[0]]

    def widths(self, doc: int, sheet: str, first: int, last: int) -> list[int]:
        """Return the widths of columns in hundredths of a millimetre."""
        return [column.Width for column in self._lines(doc, sheet, False, [[first, last]])[0]]

    def set_height(self, doc: int, sheet: str, first: int, last: int, height: int) -> None:
        """Set the height of rows in hundredths of a millimetre."""
        self._lines(doc, sheet, True, [[first, last]])[0].Height = height

    def set_width(self, doc: int, sheet: str, first: int, last: int, width: int) -> None:
        """Set the width of columns in hundredths of a millimetre."""
        self._lines(doc, sheet, False, [[first, last]])[0].Width = width

    def number_format(self, doc: int, sheet: str, area: Corners) -> dict[str, object] | None:
        """Return code and kind of the number format in English, nothing when cells differ."""
        keys = {ranges.NumberFormat for ranges in self._cells(doc, sheet, area).getUniqueCellFormatRanges()}
        return self._english(doc, keys.pop()) if len(keys) == 1 else None

    def _english(self, doc: int, key: int) -> dict[str, object]:
        formats = self._document(doc).NumberFormats
        found = formats.getByKey(key)
        date = bool(found.Type & (DATE | TIME))
        # Converting would make a date's full stops strokes; the letters are the same in Norwegian.
        if not date and found.Locale.Language != ENGLISH.Language:
            found = formats.getByKey(formats.addNewConverted(found.FormatString, found.Locale, ENGLISH))
        return {"code": found.FormatString, "date": date}

    def set_number_format(self, doc: int, sheet: str, area: Corners, code: str) -> None:
        """Set the number format by its English code."""
        formats = self._document(doc).NumberFormats
        key = formats.queryKey(code, ENGLISH, False)
        if key < 0:
            key = formats.addNew(code, ENGLISH)
        self._cells(doc, sheet, area).NumberFormat = key


def operations(general: Operations) -> Cells:
    """Return the operations that `load` offers."""
    return Cells(general)
