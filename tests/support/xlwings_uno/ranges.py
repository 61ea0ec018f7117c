"""Range, with Excel's members and meanings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.support.xlwings_uno import areas, cell_values
from tests.support.xlwings_uno.areas import COLUMNS, ROWS, Area
from tests.support.xlwings_uno.cell_values import Put
from tests.support.xlwings_uno.com import ComCollection, ComObject, refused
from tests.support.xlwings_uno.formula_text import to_calc, to_excel

if TYPE_CHECKING:
    from tests.support.xlwings_uno.sheets import Worksheet

VISIBLE_CELLS = 12
STEPS = {-4162: (-1, 0), -4121: (1, 0), -4159: (0, -1), -4161: (0, 1)}  # xlUp, xlDown, xlToLeft, xlToRight

POINT = 2540 / 72  # hundredths of a millimetre
PIXEL = 2540 / 96
DIGIT = 7  # pixels that a digit of the standard font takes, with 5 to a cell's sides


def _points(length: float) -> float:
    return round(length / POINT, 2)


def _characters(length: float) -> float:
    return round((length / PIXEL - 5) / DIGIT, 2)


def _lower(code: str) -> str:
    """Return the code of a date in the small letters that Excel has, and leave texts in quotes."""
    return re.sub(r'"[^"]*"|[^"]+', lambda part: part[0] if part[0][0] == '"' else part[0].lower(), code)


def _plain(rows: Sequence[Sequence[Any]]) -> Any:
    """Return a block as COM does: the value itself for one cell, else tuples of rows."""
    return rows[0][0] if len(rows) == len(rows[0]) == 1 else tuple(map(tuple, rows))


class Range(ComObject):
    """Cells of a sheet: one rectangle or several. `unit` is what `Count` and `Item` go by."""

    def __init__(self, sheet: Worksheet, rectangles: Sequence[Area], unit: str = "cells") -> None:
        super().__init__(sheet._bridge)
        self._sheet = sheet
        self._areas = tuple(rectangles)
        self._unit = unit

    @property
    def _first(self) -> Area:
        return self._areas[0]

    def _ask(self, operation: str, **arguments: object) -> Any:
        return self._sheet._ask(operation, **arguments)

    def _corners(self) -> list[list[int]]:
        return [area.corners for area in self._areas]

    def _like(self, area: Area) -> Range:
        return Range(self._sheet, [area])

    # Where it is

    @property
    def Parent(self) -> Worksheet:
        """The sheet."""
        return self._sheet

    Worksheet = Parent

    @property
    def Application(self) -> Any:
        """The program."""
        return self._sheet._book._app

    @property
    def Address(self) -> str:
        """The address with dollar signs."""
        return ",".join(area.address() for area in self._areas)

    def GetAddress(
        self,
        RowAbsolute: bool = True,
        ColumnAbsolute: bool = True,
        ReferenceStyle: int = 1,
        External: bool = False,
    ) -> str:
        """Return the address in the A1 style, with book and sheet if asked."""
        if ReferenceStyle != 1:
            raise NotImplementedError("addresses in the R1C1 style")
        plain = ",".join(
            area.address(row_absolute=RowAbsolute, column_absolute=ColumnAbsolute) for area in self._areas
        )
        place = areas.quoted(f"[{self._sheet._book._title()}]{self._sheet._name}")
        return f"{place}!{plain}" if External else plain

    @property
    def Row(self) -> int:
        """The first row, counted from 1."""
        return self._first.top

    @property
    def Column(self) -> int:
        """The first column, counted from 1."""
        return self._first.left

    @property
    def Count(self) -> int:
        """How many cells, rows or columns there are."""
        if self._unit == "rows":
            return self._first.height
        if self._unit == "columns":
            return self._first.width
        return sum(area.height * area.width for area in self._areas)

    @property
    def Rows(self) -> Range:
        """The same cells, counted in rows."""
        return Range(self._sheet, self._areas, "rows")

    @property
    def Columns(self) -> Range:
        """The same cells, counted in columns."""
        return Range(self._sheet, self._areas, "columns")

    @property
    def Areas(self) -> Areas:
        """The rectangles one by one."""
        return Areas(self)

    @property
    def EntireRow(self) -> Range:
        """The whole rows."""
        return Range(self._sheet, [Area(area.top, 1, area.bottom, COLUMNS) for area in self._areas])

    @property
    def EntireColumn(self) -> Range:
        """The whole columns."""
        return Range(self._sheet, [Area(1, area.left, ROWS, area.right) for area in self._areas])

    @property
    def CurrentRegion(self) -> Range:
        """The filled cells around the first one."""
        return self._like(areas.from_corners(self._ask("region", area=self._first.corners)))

    @property
    def Cells(self) -> Range:
        """The same range, counted in cells."""
        return Range(self._sheet, self._areas)

    def Item(self, RowIndex: int, ColumnIndex: int | None = None) -> Range:
        """Return a cell by row and column, or the cell, row or column of a number; all count from 1."""
        return self(RowIndex, ColumnIndex)

    def __call__(self, row: int, column: int | None = None) -> Range:
        """Return what `Item` returns."""
        first = self._first
        if column is not None:
            return self._like(first.within(row, column, 1, 1))
        if self._unit == "rows":
            return self._like(first.within(row, 1, 1, first.width))
        if self._unit == "columns":
            return self._like(first.within(1, row, first.height, 1))
        down, across = divmod(row - 1, first.width)
        return self._like(first.within(down + 1, across + 1, 1, 1))

    def GetOffset(self, RowOffset: int = 0, ColumnOffset: int = 0) -> Range:
        """Return the range moved by rows and columns."""
        first = self._first
        return self._like(first.within(RowOffset + 1, ColumnOffset + 1, first.height, first.width))

    def GetResize(self, RowSize: int | None = None, ColumnSize: int | None = None) -> Range:
        """Return the range of another size with the same first cell."""
        first = self._first
        return self._like(first.within(1, 1, RowSize or first.height, ColumnSize or first.width))

    def End(self, Direction: int) -> Range:
        """Return the cell at the end of the filled cells in a direction."""
        down, across = STEPS[Direction]
        row, column = self._ask(
            "end", row=self._first.top - 1, column=self._first.left - 1, down=down, across=across
        )
        return self._like(Area(row + 1, column + 1, row + 1, column + 1))

    def SpecialCells(self, Type: int) -> Range:
        """Return the visible cells of the range (12); other kinds are not imitated."""
        if Type != VISIBLE_CELLS:
            raise NotImplementedError(f"SpecialCells({Type})")
        found = [areas.from_corners(corners) for corners in self._ask("visible", areas=self._corners())]
        if not found:
            raise refused("No cells were found.")
        return Range(self._sheet, found)

    # What it holds

    def _epoch(self) -> datetime:
        return cell_values.epoch(self._sheet._book._date1904)

    def _read(self, *, dates: bool) -> cell_values.Rows:
        reply = self._ask("read", area=self._first.corners)
        rows = cell_values.values(reply)
        return cell_values.with_dates(rows, reply["dates"], self._epoch()) if dates else rows

    def _write(self, rows: list[list[object]], area: Area) -> None:
        put = Put(rows, self._epoch())
        self._ask("write", area=area.corners, rows=put.rows, truths=put.truths, dates=put.dates)

    def _put(self, value: object) -> None:
        """Put values or formulas into each rectangle; a formula that fills several cells follows them."""
        for area in self._areas:
            rows = cell_values.block(value, area.height, area.width)
            if isinstance(value, str) and value.startswith("=") and len(rows) * len(rows[0]) > 1:
                raise NotImplementedError("one formula for several cells: put a block of formulas")
            texts = [[to_calc(item) if isinstance(item, str) else item for item in row] for row in rows]
            self._write(texts, area)

    @property
    def Value2(self) -> Any:
        """Values without dates: numbers as float, truths, texts, None when empty, errors as integers."""
        return _plain(self._read(dates=False))

    @Value2.setter
    def Value2(self, value: object) -> None:
        self._put(value)

    @property
    def Value(self) -> Any:
        """Values as Value2 has them, but with dates where a date is shown."""
        return _plain(self._read(dates=True))

    @Value.setter
    def Value(self, value: object) -> None:
        self._put(value)

    @property
    def Formula(self) -> Any:
        """Formulas in English; a constant is the text of it, and an empty cell an empty text."""
        texts = cell_values.formulas(self._ask("formulas", area=self._first.corners))
        return _plain([[to_excel(text) for text in row] for row in texts])

    @Formula.setter
    def Formula(self, value: object) -> None:
        self._put(value)

    Formula2 = Formula

    @property
    def HasFormula(self) -> bool | None:
        """Whether all cells hold formulas, None when only some do."""
        state: bool | None = self._ask("formula_kinds", area=self._first.corners)["formula"]
        return state

    @property
    def HasArray(self) -> bool | None:
        """Whether all cells belong to array formulas, None when only some do."""
        state: bool | None = self._ask("formula_kinds", area=self._first.corners)["array"]
        return state

    @property
    def MergeCells(self) -> bool | None:
        """Whether the cells are merged, None when only some are."""
        state: bool | None = self._ask("merged", area=self._first.corners)
        return state

    @property
    def Locked(self) -> bool | None:
        """Whether the cells cannot be changed once the sheet is protected, None when only some cannot."""
        state: bool | None = self._ask("locked", area=self._first.corners)
        return state

    @property
    def AllowEdit(self) -> bool:
        """Whether all cells can be changed now."""
        return not self._sheet._state()["protected"] or self._ask("locked", area=self._first.corners) is False

    @property
    def NumberFormat(self) -> str | None:
        """The number format in English, None when cells differ."""
        found = self._ask("number_format", area=self._first.corners)
        if found is None:
            return None
        code: str = found["code"]
        return _lower(code) if found["date"] else code

    @NumberFormat.setter
    def NumberFormat(self, value: str) -> None:
        self._ask("set_number_format", area=self._first.corners, code=value)

    def ClearContents(self) -> None:
        """Empty the cells and leave how they look."""
        self._ask("clear", areas=self._corners())

    # How it shows

    def Select(self) -> None:
        """Select the cells; their sheet must show."""
        self._ask("select", areas=self._corners())

    def Activate(self) -> None:
        """Select the cell."""
        self.Select()

    def _spans(self) -> tuple[bool, list[list[int]]]:
        if all(area.whole_rows for area in self._areas):
            return True, [[area.top - 1, area.bottom - 1] for area in self._areas]
        if all(area.whole_columns for area in self._areas):
            return False, [[area.left - 1, area.right - 1] for area in self._areas]
        raise refused("Unable to get the Hidden property of the Range class")

    @property
    def Hidden(self) -> bool | None:
        """Whether whole rows or columns are hidden, None when only some are."""
        rows, spans = self._spans()
        state: bool | None = self._ask("hidden", rows=rows, spans=spans)
        return state

    @Hidden.setter
    def Hidden(self, value: bool) -> None:
        rows, spans = self._spans()
        self._ask("set_hidden", rows=rows, spans=spans, hidden=bool(value))

    def _lengths(self, operation: str) -> set[int]:
        rows = operation == "heights"
        first, last = (self._first.top, self._first.bottom) if rows else (self._first.left, self._first.right)
        return set(self._ask(operation, first=first - 1, last=last - 1))

    @property
    def RowHeight(self) -> float | None:
        """The height of the rows in points, None when they differ."""
        found = self._lengths("heights")
        return _points(found.pop()) if len(found) == 1 else None

    @RowHeight.setter
    def RowHeight(self, value: float) -> None:
        first, last = self._first.top - 1, self._first.bottom - 1
        self._ask("set_height", first=first, last=last, height=round(value * POINT))

    @property
    def ColumnWidth(self) -> float | None:
        """The width of the columns in characters, None when they differ."""
        found = self._lengths("widths")
        return _characters(found.pop()) if len(found) == 1 else None

    @ColumnWidth.setter
    def ColumnWidth(self, value: float) -> None:
        first, last = self._first.left - 1, self._first.right - 1
        self._ask("set_width", first=first, last=last, width=round((value * DIGIT + 5) * PIXEL))

    @property
    def ListObject(self) -> Any:
        """The table that the first cell stands in, or None."""
        return self._sheet._table_at(self._first)

    def _title(self) -> str:
        return self.Address


class Areas(ComCollection[Range]):
    """The rectangles of a range."""

    def __init__(self, cells: Range) -> None:
        super().__init__(cells._bridge)
        self._cells = cells

    def _items(self) -> list[Range]:
        return [self._cells._like(area) for area in self._cells._areas]
