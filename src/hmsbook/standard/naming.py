"""How formulas refer to tables, by their headers, and to cells of the calculation sheets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hmsbook.model.frozen import Frozen
from hmsbook.standard.book import CALC_SHEET, SEPARATE, TABLES
from hmsbook.standard.schema import Region
from hmsbook.texts.words import Words


class Spot(Frozen):
    """Where a region lies: its sheet and its first row and column, from 0."""

    sheet: str
    row: int
    column: int
    region: Region

    def cell(self, row: int, column: str) -> str:
        """One cell, absolute and with its sheet."""
        at = self.column + self.region.columns.index(column)
        return f"{self.sheet}!{absolute(self.row + row, at)}"

    def block(self, column: str, rows: int | None = None) -> str:
        """One column or its first rows, absolute and with its sheet."""
        at = self.column + self.region.columns.index(column)
        last = self.row + (rows or self.region.rows) - 1
        return f"{self.sheet}!{absolute(self.row, at)}:{absolute(last, at)}"

    def tail(self, column: str, rows: int) -> str:
        """The last rows of one column, absolute and with its sheet."""
        first = self.but(row=self.row + self.region.rows - rows)
        return first.block(column, rows)

    @property
    def area(self) -> str:
        """The whole region, absolute and with its sheet."""
        return f"{self.sheet}!{self.span}"

    @property
    def span(self) -> str:
        """The whole region, absolute, without its sheet."""
        last_row = self.row + self.region.rows - 1
        last_column = self.column + len(self.region.columns) - 1
        first, last = absolute(self.row, self.column), absolute(last_row, last_column)
        return first if first == last else f"{first}:{last}"


class BookNames:
    """References by the words of one language, or by the headers a table has now."""

    def __init__(
        self,
        words: Words,
        calc: Iterable[Region],
        results: Region,
        headers: Mapping[tuple[str, str], str] | None = None,
    ) -> None:
        self.words = words
        self.headers = headers or {}
        self.spots: dict[str, Spot] = {}
        row = 0
        for region in (*calc, results):
            # A row of column keys above each block, and a blank row between blocks.
            if region.key in SEPARATE:
                self.spots[region.key] = Spot(SEPARATE[region.key], 1, 0, region)
            else:
                self.spots[region.key] = Spot(CALC_SHEET, row + 1, 1, region)
                row += region.rows + 2

    def header(self, table: str, column: str) -> str:
        """The header of a column; a slot's header is its id."""
        if (table, column) in self.headers:
            return self.headers[table, column]
        if table in TABLES and column in {found.key for found in TABLES[table].columns}:
            return self.words.text(f"columns.{table}.{column}.label")
        return column

    def column(self, table: str, column: str) -> str:
        """A whole column of a table."""
        return f"hms_{table}[{_escaped(self.header(table, column))}]"

    def this(self, table: str, column: str) -> str:
        """The cell of a column in the formula's own row."""
        return f"hms_{table}[[#This Row],[{_escaped(self.header(table, column))}]]"

    def choice(self, choices: str, key: str) -> str:
        """The label of an allowed value as a quoted string."""
        return quoted(self.words.choice(choices, key))

    def text(self, key: str) -> str:
        """A piece of text as a quoted string."""
        return quoted(self.words.text(key))

    def cell(self, region: str, row: int, column: str) -> str:
        """One cell of a calculation region."""
        return self.spots[region].cell(row, column)

    def block(self, region: str, column: str, rows: int | None = None) -> str:
        """One column of a calculation region, or its first rows."""
        return self.spots[region].block(column, rows)

    def tail(self, region: str, column: str, rows: int) -> str:
        """The last rows of one column of a calculation region."""
        return self.spots[region].tail(column, rows)


def absolute(row: int, column: int) -> str:
    """A cell as `$C$12`, from row and column counted from 0."""
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(65 + letter) + letters
    return f"${letters}${row + 1}"


def quoted(text: str) -> str:
    """Text as it stands in a formula."""
    return '"' + text.replace('"', '""') + '"'


def _escaped(header: str) -> str:
    """A header inside a structured reference, where some characters need an apostrophe."""
    return "".join(f"'{char}" if char in "[]#'" else char for char in header)
