"""Which rows of a workbook go into a copy and which stay, and what would tell of those that stay."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property

from hmsbook.errors import LeakError
from hmsbook.model.book import Book
from hmsbook.model.frozen import Frozen
from hmsbook.model.records import Place, Row
from hmsbook.sharing.audiences import Audience
from hmsbook.sharing.masking import Hidden
from hmsbook.sharing.scan import Traces
from hmsbook.standard.book import TABLES
from hmsbook.standard.kinds import Text

Cell = tuple[str, int, str]
# The tables whose rows can be sensitive, or belong to nothing but what is, and what one row is called.
SENSITIVE = {"challenges": "challenge", "measures": "measure", "proposals": "proposal"}
_TITLES = {"challenges": "description", "measures": "measure", "proposals": "proposal"}
_MARKED = ("challenges", "measures")
# To what a row belongs: it is sensitive where all of that is, unless its own mark says that it is not.
_UNDER = {"measures": "challenges", "proposals": "challenge"}


class Split(Frozen):
    """A workbook taken apart for an audience; `hidden` are the cells whose values are masked."""

    book: Book
    audience: Audience
    hidden: Mapping[Cell, Hidden]

    def require_known(self) -> None:
        """Raise LeakError where a column is gone that says what is sensitive."""
        for table in _MARKED:
            for row in self.book.rows.get(table, ())[:1]:
                if row.cells is not None and "sensitive" not in row.cells:
                    raise LeakError("sensitive_unknown", sheet=row.sheet)

    @cached_property
    def sensitive(self) -> Mapping[tuple[str, int], Row]:
        """The sensitive rows by table and index; one whose mark cannot be read is among them."""
        marked = (row for table in _MARKED for row in self._drawn(table) if self._is_marked(row))
        found = {(row.table, row.index): row for row in marked}
        ids = {row.get("id") for row in found.values()}
        for table, column in _UNDER.items():
            for row in self._drawn(table):
                if row.get("sensitive") is None and _only_about(row.get(column), ids):
                    found[table, row.index] = row
        return found

    def _is_marked(self, row: Row) -> bool:
        return bool(row.get("sensitive")) or row.place("sensitive") in self._unread

    @cached_property
    def _unread(self) -> frozenset[Place]:
        return frozenset(it.place for it in self.book.problems if it.values.get("column") and it.place.cell)

    def _drawn(self, table: str) -> Sequence[Row]:
        return self.book.drawn_rows.get(table, ())

    def is_sensitive(self, table: str, row_id: str) -> bool:
        """Whether the row with an id is sensitive."""
        return row_id in self._sensitive_ids.get(table, ())

    @cached_property
    def _sensitive_ids(self) -> Mapping[str, set[str]]:
        found: dict[str, set[str]] = {}
        for (table, _), row in self.sensitive.items():
            found.setdefault(table, set()).add(str(row.get("id") or ""))
        return found

    def takes(self, row: Row) -> bool:
        """Whether a row goes along: the audience gets such rows, and this one has nothing to hide."""
        if (row.table, row.index) in self.sensitive:
            return False
        if row.table == "indicators" and not row.values.keys() - {"id"}:
            return True
        return self.audience.takes(row) and row not in self.with_secrets

    @cached_property
    def with_secrets(self) -> tuple[Row, ...]:
        """The indicators that stay because a value of theirs is hidden."""
        if not self.audience.nameless:
            return ()
        hiding = {indicator for indicator, _ in self.hidden_months}
        return tuple(row for row in self._drawn("indicators") if row.get("id") in hiding)

    @cached_property
    def stays_known(self) -> Mapping[str, frozenset[str]]:
        """The ids of the filled rows that go along, by table."""
        return {
            table: frozenset(str(row.get("id")) for row in self.book.rows.get(table, ()) if self.takes(row))
            for table in TABLES
        }

    def goes(self, table: str, row_id: object) -> bool:
        """Whether the row with an id goes along."""
        return row_id in self.stays_known[table]

    # Values

    @cached_property
    def hidden_months(self) -> frozenset[tuple[str, date | None]]:
        """The indicators and months of which a value is hidden."""
        return frozenset(self._months())

    def _months(self) -> Iterator[tuple[str, date | None]]:
        for table, index, column in self.hidden:
            if table in ("values", "basis"):
                row = self._drawn(table)[index]
                yield column if table == "values" else str(row.get("indicator") or ""), row.get("month")

    # Texts

    @cached_property
    def traces(self) -> Traces:
        """What the texts that go along may not tell of."""
        rows = self.sensitive.values()
        return Traces(
            ids=tuple((row.table, str(row.get("id"))) for row in rows if row.get("id")),
            texts=tuple(str(row.get(_TITLES[row.table])) for row in rows if row.get(_TITLES[row.table])),
            more_texts=tuple(str(value) for row in rows for value in _texts(row)),
            names=tuple(str(name) for name in self._names() if name),
            numbers=tuple(self._numbers()),
        )

    def _names(self) -> Iterator[object]:
        form = self.book.unit
        yield from (it.name for it in self.book.group)
        yield from (form.process_leader, form.minute_taker, form.row.get("contact"))

    def _numbers(self) -> Iterator[float]:
        for table, index, column in self.hidden:
            value = self._drawn(table)[index].get(column)
            if isinstance(value, int | float):
                yield value


def _only_about(named: Sequence[str] | str | None, ids: Collection[str | None]) -> bool:
    """Whether all that a row belongs to is among these ids."""
    found = (named,) if isinstance(named, str) else named or ()
    return bool(found) and all(row_id in ids for row_id in found)


def _texts(row: Row) -> Iterator[object]:
    """What people wrote in a row in words of their own."""
    table = TABLES[row.table]
    yield from (value for key, value in row.values.items() if isinstance(table.column(key).kind, Text))
