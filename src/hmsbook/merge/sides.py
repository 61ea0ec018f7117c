"""The workbook and a copy that came back side by side: which tables, columns and values of theirs count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from hmsbook.merge.base import Base
from hmsbook.merge.draft import Draft, missing_columns, unreadable
from hmsbook.merge.findings import OWN, Finding, Person, get, whole
from hmsbook.merge.rows import Paired
from hmsbook.merge.values import bare
from hmsbook.model.book import Book
from hmsbook.model.frozen import NOTHING, Frozen
from hmsbook.model.records import Row
from hmsbook.standard.kinds import Reference, References
from hmsbook.standard.schema import Table

# What no copy says anything about.
NEVER = frozenset(("received",))


class Returned(Frozen):
    """A copy that came back: its rows, those it was sent with, whose it is, and what it is called.

    `own` are the headers of people's own columns by table; `beside` is what the copy holds beside its tables.
    """

    book: Book
    base: Base
    person: Person
    audience: str = "group"
    edition: int = 0
    file: str = ""
    own: Mapping[str, frozenset[str]] = NOTHING
    beside: tuple[Finding, ...] = ()


class Trio(NamedTuple):
    """A row in all three: as it was sent, as it came back, and where it stands in the workbook, else -1."""

    base: Row
    theirs: Row | None
    mine: int
    key: str


class Sides:
    """The two sides, and the rows of the base each with its row in the copy."""

    def __init__(self, draft: Draft, copy: Returned) -> None:
        self.draft, self.copy = draft, copy
        self.paired = {key: self._pair(table) for key, table in self._tables().items()}
        # The new numbers of rows they added, by table and the number they gave them.
        self.ids: dict[str, dict[str, str]] = {}
        self._odd = unreadable(copy.book)

    def _tables(self) -> dict[str, Table]:
        """The tables that both sides have, and that a copy says anything about."""
        theirs = self.copy.book.drawn_rows
        return {
            key: table
            for key, table in self.draft.tables.items()
            if key not in NEVER and key in theirs and key in self.draft.rows
        }

    def _pair(self, table: Table) -> Paired:
        rows = self.copy.base.rows.get(table.key, ())
        base = rows if table.key == "values" else filter(table.is_filled, rows)
        return Paired(table, base, self.copy.book.drawn_rows[table.key])

    def sent(self, key: str) -> list[Row]:
        """The rows of a table that were sent with anything in them."""
        return list(filter(self.draft.tables[key].is_filled, self.copy.base.rows.get(key, ())))

    # Columns

    def columns(self, key: str, trio: Trio) -> Iterator[str]:
        """The columns that people fill in and that both sides have."""
        missing = {*self.missing.get(key, ()), *self.draft.missing.get(key, ())}
        left_out = {"id", *missing, *self._moved(key)}
        for column in self.draft.tables[key].columns:
            if not column.owned and column.key not in left_out:
                yield column.key
        own = {*(trio.base.extra or ()), *((trio.theirs and trio.theirs.extra) or ())}
        known = self.copy.own.get(key, frozenset()) & self.draft.own.get(key, frozenset())
        yield from (OWN + header for header in sorted(own & known))

    def _moved(self, key: str) -> set[str]:
        """The columns of indicators that have got another number, and so another column."""
        new = self.ids.get("indicators", {}) if key == "values" else {}
        return set(new) - set(new.values())

    @cached_property
    def missing(self) -> dict[str, frozenset[str]]:
        """The columns that did not come back, by table."""
        return missing_columns(self.copy.book)

    # Values

    def theirs(self, key: str, row: Row | None, column: str) -> Any:
        """What they wrote, referring to rows by the numbers these have now."""
        if key == "values":
            old = {new: old for old, new in self.ids.get("indicators", {}).items()}
            return get(row, old.get(column, column))
        return self._renumbered(key, column, get(row, column))

    def whole(self, key: str, row: Row) -> dict[str, Any]:
        """All that they wrote in a row, also what could not be read."""
        found = {column: self._renumbered(key, column, value) for column, value in whole(row).items()}
        return found | {
            column: text for column in row.cells or () if (text := self.odd(row, column)) is not None
        }

    def _renumbered(self, key: str, column: str, value: Any) -> Any:
        kind = None if column.startswith(OWN) else self.draft.tables[key].column(column).kind
        if not isinstance(kind, Reference) or value is None:
            return value
        new = self.ids.get(kind.table, {})
        if isinstance(kind, References):
            return tuple(new.get(it, it) for it in value)
        return new.get(value, value)

    def odd(self, row: Row | None, column: str) -> str | None:
        """What stands in a cell of theirs that could not be read."""
        if row is None or column.startswith(OWN):
            return None
        return self._odd.get((row.sheet, (row.cells or {}).get(column, "")))

    def is_empty(self, key: str, row: Row) -> bool:
        """Whether nothing stands in a row of theirs, readable or not."""
        odd = any((row.sheet, cell) in self._odd for cell in (row.cells or {}).values())
        return not (odd or self.draft.tables[key].is_filled(row))

    def is_masked(self, key: str, trio: Trio, column: str) -> bool:
        """Whether a number was hidden in the copy."""
        return (key, trio.base.index, column) in self.copy.base.masked

    def is_mark(self, key: str, row: Row | None, column: str) -> bool:
        """Whether what stands in a cell of theirs says that a number is hidden."""
        return row is not None and (key, row.index, column) in self.copy.book.masked

    def own_texts(self, key: str, header: str) -> Iterator[tuple[Row, Any]]:
        """What stands in a column they made, row by row."""
        for row in self.copy.book.drawn_rows[key]:
            value = (row.extra or {}).get(header)
            if bare(value) is not None:
                yield row, value
