"""The coordinator's workbook while what came back goes into it: cell by cell, and nothing else changes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hmsbook.merge.findings import OWN
from hmsbook.model.book import Book
from hmsbook.model.frozen import NOTHING
from hmsbook.model.raw import Value
from hmsbook.model.records import Row
from hmsbook.standard.book import tables
from hmsbook.standard.schema import Table
from hmsbook.texts.words import words

Cell = tuple[str, int, str]

_NUMBER = re.compile(r"\D*(\d{1,7})\Z")


class Draft:
    """Rows by table and place, with what was put into them.

    `own` are the headers of people's own columns by table, `highest` the highest number each table has used,
    and `room` how many rows each table can still be given.
    """

    def __init__(
        self,
        book: Book,
        *,
        own: Mapping[str, frozenset[str]] = NOTHING,
        highest: Mapping[str, int] = NOTHING,
        room: Mapping[str, int] = NOTHING,
    ) -> None:
        self.before, self.own = book, own
        self.tables: Mapping[str, Table] = tables(book.manifest.slots)
        self.rows: dict[str, list[Row]] = {key: list(found) for key, found in book.drawn_rows.items()}
        self.written: dict[Cell, Any] = {}
        # Whose copy is being merged, and whose each cell is that copies have written so far.
        self.hand, self.hands = "", dict[Cell, str]()
        self._highest, self._room = dict(highest), dict(room)
        self._taken: set[tuple[str, int]] = set()
        self._odd = unreadable(book)
        self.missing = missing_columns(book)

    @property
    def book(self) -> Book:
        """The workbook as it is now."""
        drawn = {key: tuple(found) for key, found in self.rows.items()}
        filled = {key: tuple(filter(self.tables[key].is_filled, found)) for key, found in drawn.items()}
        return self.before.but(rows={**self.before.rows, **filled}, drawn_rows=drawn)

    @property
    def cells(self) -> dict[Cell, Value]:
        """What has to be written, as cells hold it."""
        language = words(self.before.language)
        return {
            (table, index, column): self._kept(table, column, value, language)
            for (table, index, column), value in self.written.items()
        }

    def _kept(self, table: str, column: str, value: Any, language: Any) -> Value:
        if column.startswith(OWN):
            return value  # type: ignore[no-any-return]
        return self.tables[table].column(column).kind.write(value, language)

    def value(self, table: str, index: int, column: str) -> Any:
        """What stands in a cell: its value, or the text that no value could be read from."""
        row = self.rows[table][index]
        if column.startswith(OWN):
            return (row.extra or {}).get(column.removeprefix(OWN))
        found = row.get(column)
        return self._odd.get(_place(row, column)) if found is None else found

    def put(self, table: str, index: int, column: str, value: Any) -> None:
        """Put a value into a cell."""
        row = self.rows[table][index]
        if column.startswith(OWN):
            extra = _with(row.extra or {}, column.removeprefix(OWN), value)
            self.rows[table][index] = row.but(extra=extra or None)
        else:
            self.rows[table][index] = row.but(values=_with(row.values, column, value))
            self._odd.pop(_place(row, column), None)
        self.written[table, index, column] = value
        self.hands[table, index, column] = self.hand

    def whose(self, table: str, index: int, column: str = "") -> str:
        """Whose copy has written a cell, or any of a row where no column is given; nobody's otherwise."""
        hands = self.hands
        if column:
            return hands.get((table, index, column), "")
        return next((who for (key, at, _), who in hands.items() if (key, at) == (table, index) and who), "")

    def clear(self, table: str, index: int) -> None:
        """Empty a row; its number stays, and is nobody's any more."""
        row = self.rows[table][index]
        values = (key for key in row.values if key != "id")
        for column in [*values, *self.odd(table, index), *(OWN + it for it in row.extra or ())]:
            self.put(table, index, column, None)
        self._taken.add((table, index))

    def is_filled(self, table: str, index: int) -> bool:
        """Whether anything stands in a row, were it only a text that no value could be read from."""
        return self.tables[table].is_filled(self.rows[table][index]) or bool(self.odd(table, index))

    def odd(self, table: str, index: int) -> dict[str, str]:
        """The texts in a row from which no value could be read, by column."""
        row = self.rows[table][index]
        mine = (it.key for it in self.tables[table].columns if not it.owned) if self._odd else ()
        return {key: self._odd[_place(row, key)] for key in mine if _place(row, key) in self._odd}

    def reserve(self, table: str, index: int) -> None:
        """Keep a row from being given to anything new."""
        self._taken.add((table, index))

    def place(self, table: str, wanted: str = "", *, growing: bool = True) -> int | None:
        """An empty row for something new, numbered as wanted where that is free; None where all are full.

        A table that is `growing` gets one more row where it can.
        """
        empty = list(self._empty(table))
        index = next((at for at in empty if wanted and self.rows[table][at].get("id") == wanted), None)
        if index is None:
            index = next(self._below(table, empty), None)
        if index is None and growing:
            index = self._grown(table)
        if index is not None:
            self._taken.add((table, index))
            self._number(table, index)
        return index

    def _empty(self, table: str) -> Iterator[int]:
        """The rows that are nobody's; a month's row is always somebody's."""
        if not self.tables[table].slots_written:
            for at in range(len(self.rows.get(table, ()))):
                if (table, at) not in self._taken and not self.is_filled(table, at):
                    yield at

    def _below(self, table: str, empty: Sequence[int]) -> Iterator[int]:
        """Those of the empty rows that stand below all that are in use, whose numbers nobody has seen."""
        used = set(range(len(self.rows.get(table, ())))) - set(empty)
        return (at for at in empty if at > max(used, default=-1))

    def _grown(self, table: str) -> int | None:
        """A new row below the last one, where there is room for it."""
        found = self.rows.get(table)
        if not found or self._room.get(table, 0) <= 0:
            return None
        self._room[table] -= 1
        found.append(Row(table, {}, found[-1].sheet, None, len(found)))
        return len(found) - 1

    def _number(self, table: str, index: int) -> None:
        if self.tables[table].id_kind is not None and not self.rows[table][index].get("id"):
            self.renumber(table, index)

    def renumber(self, table: str, index: int) -> None:
        """Give a row the next number that was never used."""
        kind = self.tables[table].id_kind
        if kind is not None:
            highest = max([self._highest.get(table, 0), *map(number_of, self.rows[table])])
            self.put(table, index, "id", kind.number(highest + 1))


def number_of(row: Row) -> int:
    """The number in a row's id, nought where there is none."""
    found = _NUMBER.match(str(row.get("id") or ""))
    return int(found[1]) if found else 0


def _with(values: Mapping[str, Any], key: str, value: Any) -> dict[str, Any]:
    found = {name: it for name, it in values.items() if name != key}
    return found if value in (None, (), "") else {**found, key: value}


def _place(row: Row, column: str) -> tuple[str, str]:
    return row.sheet, (row.cells or {}).get(column, "")


def missing_columns(book: Book) -> dict[str, frozenset[str]]:
    """The columns of ours that a workbook has no more, by table."""
    found: dict[str, set[str]] = {}
    for problem in book.problems:
        if problem.case == "column_missing":
            found.setdefault(str(problem.values["table"]), set()).add(str(problem.values["column"]))
    return {key: frozenset(columns) for key, columns in found.items()}


def unreadable(book: Book) -> dict[tuple[str, str], str]:
    """What stands in cells from which no value could be read, by sheet and cell."""
    return {
        (it.place.sheet, it.place.cell): str(it.values["found"])
        for it in book.problems
        if it.severity == "E" and "found" in it.values and "column" in it.values
    }
