"""An open workbook as hosts see it: its sheets, tables and names, and what the cells hold, read in blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from hmsbook.errors import PackageError
from hmsbook.hosts import com
from hmsbook.opc.cells import (
    MAX_AREA,
    MAX_COLUMN,
    MAX_ROW,
    ErrorValue,
    Position,
    Range,
    column_letters,
    parse_range,
    size,
)
from hmsbook.opc.sheet import Cell, SheetScan
from hmsbook.opc.workbook import SheetInfo, TableInfo, is_fixed, parse_reference

# Excel's numbers for errors, as its object model gives them.
_ERRORS = {
    -2146826288: "#NULL!",
    -2146826281: "#DIV/0!",
    -2146826273: "#VALUE!",
    -2146826265: "#REF!",
    -2146826259: "#NAME?",
    -2146826252: "#NUM!",
    -2146826246: "#N/A",
    -2146826245: "#GETTING_DATA",
    -2146826243: "#SPILL!",
    -2146826238: "#CALC!",
}
_STATES = {com.VISIBLE: "visible", com.HIDDEN: "hidden", com.VERY_HIDDEN: "veryHidden"}
_WHOLE = 1e15


class OpenBook:
    """The sheets, tables and names of an open workbook; sheets go by their names."""

    def __init__(self, book: com.Book) -> None:
        self.book = book
        self.path = str(book.name)
        # Whatever saved the file last, it is Excel's now.
        self.program = ""
        self._at = {sheet.name: sheet for sheet in book.sheets}
        self.sheets = [
            SheetInfo(name, name, _STATES.get(com.visibility(sheet), "visible"), index)
            for index, (name, sheet) in enumerate(self._at.items())
        ]
        self._by_name = {sheet.name.casefold(): sheet for sheet in self.sheets}

    @property
    def date1904(self) -> bool:
        """Whether days are counted from 1904."""
        return com.counts_from_1904(self.book)

    def sheet(self, part: str) -> com.Sheet:
        """A sheet as Excel has it."""
        return self._at[part]

    def reach(self, sheet: SheetInfo) -> tuple[int, int]:
        """The last row and column on a sheet that a name or table speaks of."""
        named = (parse_reference(text) for text in self._names.values())
        areas = [found[1] for found in named if found and found[0].casefold() == sheet.name.casefold()]
        areas += [table.ref for table in self.tables if table.sheet is sheet]
        rows, columns = [area[2] for area in areas], [area[3] for area in areas]
        return max(rows, default=1), max(columns, default=1)

    @cached_property
    def tables(self) -> list[TableInfo]:
        """All tables of all sheets."""
        return [_table(found, info) for info in self.sheets for found in com.listed(self.sheet(info.part))]

    def forget_tables(self) -> None:
        """Ask for the tables anew the next time: some may reach further now."""
        self.__dict__.pop("tables", None)

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return {name.casefold(): text for name, text in com.names(self.book)}

    @property
    def has_moved(self) -> bool:
        """Whether the cells of a name or table are elsewhere than when they were asked for."""
        homes = dict.fromkeys(table.sheet.part for table in self.tables)
        areas = [area_of(it) for part in homes for it in com.table_addresses(self.sheet(part))]
        names = sorted(com.references(self.book))
        return names != sorted(self._names.values()) or areas != [table.ref for table in self.tables]

    def resolve(self, name: str) -> tuple[SheetInfo, int, int, int, int] | None:
        """Where a defined name points, if that is one plain range on one sheet; a huge one is refused."""
        text = self._names.get(name.casefold(), "")
        found = parse_reference(text) if is_fixed(text) else None
        sheet = self._by_name.get(found[0].casefold()) if found else None
        if found is None or sheet is None:
            return None
        if size(found[1]) > MAX_AREA:
            raise PackageError("too_large", part=name, size=size(found[1]), limit=MAX_AREA)
        return (sheet, *found[1])


def area_of(address: str) -> Range:
    """The area of an address as Excel gives it: of whole columns and rows it names nothing else."""
    first, _, last = address.replace("$", "").partition(":")
    if first.isalpha():
        return parse_range(f"{first}1:{last}{MAX_ROW}")
    if first.isdecimal():
        return parse_range(f"A{first}:{column_letters(MAX_COLUMN)}{last}")
    return parse_range(address)


def _table(found: com.Listed, sheet: SheetInfo) -> TableInfo:
    area = area_of(found.address)
    return TableInfo(
        found.name, area, int(found.has_headers), int(found.has_totals), found.columns, sheet, sheet.part
    )


class OpenScan(SheetScan):
    """The cells of a sheet down to a row, and what is hidden on it, asked for when somebody wants to know.

    `reach` is the last row and column that anybody may want to know of.
    """

    def __init__(self, sheet: com.Sheet, reach: tuple[int, int], last: int | None) -> None:
        super().__init__()
        # A file tells at once what is hidden; Excel is asked when somebody wants to know.
        del self.hidden_rows, self.hidden_cols
        self.sheet = sheet
        self.whole: Range = 1, 1, *reach
        top, left, bottom, right = area_of(com.used(sheet))
        self.area: Range = top, left, min(bottom, last or bottom), right
        if size(self.area) > MAX_AREA:
            raise PackageError("too_large", part=str(sheet.name), size=size(self.area), limit=MAX_AREA)
        if self.area[0] <= self.area[2]:
            self.cells = dict(read_cells(sheet, self.area))

    @cached_property
    def hidden_rows(self) -> set[int]:  # type: ignore[override] # it is set where a file is read
        """The rows that are hidden."""
        return set(_hidden(self.sheet, self.whole, rows=True))

    @cached_property
    def hidden_cols(self) -> set[int]:  # type: ignore[override]
        """The columns that are hidden."""
        return set(_hidden(self.sheet, self.whole, rows=False))


def read_cells(sheet: com.Sheet, area: Range) -> Iterator[tuple[Position, Cell]]:
    """What the cells of an area hold, in two reads; those that hold nothing are left out."""
    pairs = zip(com.values(sheet, area), com.formulas(sheet, area), strict=True)
    for row, (values, formulas) in enumerate(pairs, area[0]):
        for column, (value, formula) in enumerate(zip(values, formulas, strict=True), area[1]):
            if value is not None or formula:
                yield (row, column), Cell(_value(value), _formula(value, formula), 0)


def _value(found: Any) -> Any:
    """A cell's value as a file has it; Excel gives every number as a float, and errors as whole numbers."""
    if isinstance(found, float) and found.is_integer() and abs(found) < _WHOLE:
        return int(found)
    if isinstance(found, int) and not isinstance(found, bool):
        return ErrorValue(_ERRORS.get(found, "#VALUE!"))
    return None if found == "" else found


def _formula(value: Any, found: Any) -> str | None:
    """The formula of a cell; a text that only looks like one is its own value."""
    is_one = isinstance(found, str) and found.startswith("=") and found != value
    return found.removeprefix("=") if is_one else None


def _hidden(sheet: com.Sheet, area: Range, *, rows: bool) -> Iterator[int]:
    """The hidden rows or columns of an area, found by halving it where only some are."""
    first, last = (area[0], area[2]) if rows else (area[1], area[3])
    if first > last:
        return
    state = com.hidden(sheet, area, rows=rows)
    if state:
        yield from range(first, last + 1)
    elif state is None:
        middle = (first + last) // 2
        for part in ((first, middle), (middle + 1, last)):
            half = (part[0], area[1], part[1], area[3]) if rows else (area[0], part[0], area[2], part[1])
            yield from _hidden(sheet, half, rows=rows)
