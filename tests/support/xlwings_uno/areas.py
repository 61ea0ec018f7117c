"""Addresses as Excel writes them: "B2", "$A$1:C3", "5:7", "A:C", and several of them with commas."""

from __future__ import annotations

import re
from dataclasses import dataclass

ROWS = 1048576
COLUMNS = 16384

_CELL = r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})"
_CELLS = re.compile(rf"{_CELL}(?::{_CELL})?", re.IGNORECASE)
_WHOLE_ROWS = re.compile(r"\$?([1-9]\d{0,6}):\$?([1-9]\d{0,6})")
_WHOLE_COLUMNS = re.compile(r"\$?([A-Z]{1,3}):\$?([A-Z]{1,3})", re.IGNORECASE)


def letters(column: int) -> str:
    """Return the letters of a column counted from 1."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def number(column: str) -> int:
    """Return the column counted from 1 that the letters name."""
    total = 0
    for letter in column.upper():
        total = total * 26 + ord(letter) - 64
    return total


@dataclass(frozen=True)
class Area:
    """A rectangle of cells; rows and columns count from 1, and the last ones belong to it."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        """The number of rows."""
        return self.bottom - self.top + 1

    @property
    def width(self) -> int:
        """The number of columns."""
        return self.right - self.left + 1

    @property
    def whole_rows(self) -> bool:
        """Whether every column belongs to it."""
        return self.width == COLUMNS

    @property
    def whole_columns(self) -> bool:
        """Whether every row belongs to it."""
        return self.height == ROWS

    def within(self, top: int, left: int, height: int, width: int) -> Area:
        """Return the rectangle of a size whose first cell is at a place of this one, both counted from 1."""
        first_row, first_column = self.top + top - 1, self.left + left - 1
        return Area(first_row, first_column, first_row + height - 1, first_column + width - 1)

    def around(self, other: Area) -> Area:
        """Return the smallest rectangle that holds both."""
        return Area(
            min(self.top, other.top),
            min(self.left, other.left),
            max(self.bottom, other.bottom),
            max(self.right, other.right),
        )

    def address(self, *, row_absolute: bool = True, column_absolute: bool = True) -> str:
        """Return the address, with dollar signs unless told otherwise."""
        row, column = "$" * row_absolute, "$" * column_absolute
        if self.whole_rows:
            return f"{row}{self.top}:{row}{self.bottom}"
        if self.whole_columns:
            return f"{column}{letters(self.left)}:{column}{letters(self.right)}"
        first = f"{column}{letters(self.left)}{row}{self.top}"
        last = f"{column}{letters(self.right)}{row}{self.bottom}"
        return first if first == last else f"{first}:{last}"

    @property
    def corners(self) -> list[int]:
        """The first row and column and the last ones, counted from 0 as UNO does."""
        return [self.top - 1, self.left - 1, self.bottom - 1, self.right - 1]


def from_corners(corners: list[int]) -> Area:
    """Return the rectangle that UNO's corners name."""
    top, left, bottom, right = (corner + 1 for corner in corners)
    return Area(top, left, bottom, right)


def _one(address: str) -> Area | None:
    if found := _CELLS.fullmatch(address):
        left, top, right, bottom = found.groups()
        first = Area(int(top), number(left), int(top), number(left))
        return first.around(Area(int(bottom), number(right), int(bottom), number(right))) if right else first
    if found := _WHOLE_ROWS.fullmatch(address):
        rows = sorted(int(row) for row in found.groups())
        return Area(rows[0], 1, rows[1], COLUMNS)
    if found := _WHOLE_COLUMNS.fullmatch(address):
        columns = sorted(number(column) for column in found.groups())
        return Area(1, columns[0], ROWS, columns[1])
    return None


def _inside(area: Area) -> bool:
    return area.bottom <= ROWS and area.right <= COLUMNS


def parse(address: str) -> tuple[Area, ...] | None:
    """Return the rectangles that an address names, or None when it is no address."""
    areas = tuple(area for part in address.split(",") if (area := _one(part.strip())) and _inside(area))
    return areas if len(areas) == address.count(",") + 1 else None


def _reference(text: str) -> tuple[str, str] | None:
    found = re.fullmatch(r"=?(?:'((?:[^']|'')+)'|([^'!]+))!(.+)", text)
    if found is None:
        return None
    quoted, plain, address = found.groups()
    return quoted.replace("''", "'") if quoted else plain, address


def reference(text: str) -> tuple[str, tuple[Area, ...]] | None:
    """Return sheet and rectangles of a reference such as "='My sheet'!$A$1", or None for anything else."""
    parts = _reference(text)
    areas = parse(parts[1]) if parts else None
    return (parts[0], areas) if parts and areas else None


def quoted(sheet: str) -> str:
    """Return the name of a sheet as it stands before an exclamation mark."""
    plain = re.fullmatch(r"[^\W\d][\w.]*", sheet) and not parse(sheet)
    return sheet if plain else "'" + sheet.replace("'", "''") + "'"
