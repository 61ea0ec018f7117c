"""Which rows of a workbook go into a copy and which stay, and what would tell of those that stay."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache, cached_property
from itertools import chain

from hmsbook.errors import LeakError
from hmsbook.model.book import Book
from hmsbook.model.frozen import Frozen
from hmsbook.model.records import Indicator, Place, Row
from hmsbook.sharing.audiences import Audience
from hmsbook.sharing.limits import HARASSMENT, limits, speaks_of_bullying
from hmsbook.sharing.masking import DERIVABLE, FEW, Hidden
from hmsbook.sharing.people import People, months_of
from hmsbook.sharing.scan import Traces
from hmsbook.standard.book import TABLES
from hmsbook.standard.kinds import Person, Text

Cell = tuple[str, int, str]
# The tables whose rows can be sensitive, or belong to nothing but what is, and what one row is called.
SENSITIVE = {"challenges": "challenge", "measures": "measure", "proposals": "proposal"}
_TITLES = {"challenges": "description", "measures": "measure", "proposals": "proposal"}
_MARKED = ("challenges", "measures")
# To what a row belongs: it is sensitive where all of that is, unless its own mark says that it is not.
_UNDER = {"measures": "challenges", "proposals": "challenge"}
# Which number of a row is part of which.
_SHARES = {
    "basis": (("numerator", "denominator"), ("numerator", "people")),
    "survey": (("answered", "invited"),),
    "mapping": (("agree", "of_all"),),
}
_DIGITS = re.compile(r"[0-9]+")
_BETWEEN_NAMES = re.compile(r"\s*(?:[,;/&+]|\b(?:og|and)\b)\s*")


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
        secret = {_number(row.get("id")) for row in found.values() if row.table == "challenges"}
        known = {_number(row.get("id")) for row in self.book.rows.get("challenges", ())}
        for table, column in _UNDER.items():
            for row in self._drawn(table):
                named = _numbers(row.get(column)) & known
                if row.get("sensitive") is None and named and named <= secret:
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
        """Every month that a hidden figure tells of: all of a quarter, and not only where it stands."""
        people = People(self.book)
        for table, index, column in self.hidden:
            if table in ("values", "basis"):
                row = self._drawn(table)[index]
                key, month = (
                    column if table == "values" else str(row.get("indicator") or ""),
                    row.get("month"),
                )
                months = months_of(people.indicator(key), month) if month else [None]
                yield from ((key, each) for each in months)

    @cached_property
    def hidden_rows(self) -> frozenset[tuple[str, int]]:
        """The rows of which a value is hidden, by table and index."""
        return frozenset((table, index) for table, index, _ in self.hidden)

    def shown_as(self, cell: Cell, hidden: Hidden) -> Hidden:
        """Why a value is hidden, as a copy may say it.

        Where only a sensitive challenge makes an indicator one about bullying, the higher limit would tell
        of that challenge.
        """
        table, index, column = cell
        if hidden.reason != FEW or table not in ("values", "basis", "indicators"):
            return hidden
        key = {"values": column, "basis": "indicator", "indicators": "id"}[table]
        found = self.book.indicator(column if table == "values" else self._drawn(table)[index].get(key))
        known = found is not None and self._is_known_bullying(found)
        return (
            hidden
            if known or hidden.limit <= limits(self.book.unit).general
            else hidden.but(reason=DERIVABLE)
        )

    def _is_known_bullying(self, indicator: Indicator) -> bool:
        factors = (
            it.factor for it in self.book.challenges if it.id in indicator.challenges and self.takes(it.row)
        )
        return speaks_of_bullying(indicator.name) or HARASSMENT in factors

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
            shares=tuple(self._shares()),
        )

    def _names(self) -> Iterator[object]:
        form = self.book.unit
        yield from (it.name for it in self.book.group)
        yield from (form.process_leader, form.minute_taker, form.row.get("contact"))
        for row in chain.from_iterable(self.book.rows.values()):
            for key, value in row.values.items():
                if isinstance(value, str) and key in _persons(row.table):
                    yield from _full_names(value)

    def _shares(self) -> Iterator[tuple[float, float]]:
        for table, index in self.hidden_rows:
            row = self._drawn(table)[index]
            for part, whole in _SHARES.get(table, ()):
                if row.get(part) is not None and row.get(whole) is not None:
                    yield row.get(part), row.get(whole)

    def _numbers(self) -> Iterator[float]:
        for table, index, column in self.hidden:
            value = self._drawn(table)[index].get(column)
            if isinstance(value, int | float):
                yield value


def _number(row_id: str | None) -> str:
    """The number in an id, which people write as «U02», «u2» and «U 02»."""
    return "".join(_DIGITS.findall(row_id or "")).lstrip("0")


def _numbers(named: Sequence[str] | str | None) -> set[str]:
    return {_number(row_id) for row_id in ((named,) if isinstance(named, str) else named or ())}


def _full_names(text: str) -> Iterator[str]:
    """The people that a cell names; a role or a team is no name of somebody."""
    for part in _BETWEEN_NAMES.split(text):
        words = part.split()
        if len(words) > 1 and all(word[0].isupper() for word in words):
            yield part


@cache
def _persons(table: str) -> frozenset[str]:
    """The columns of a table that name people."""
    known = TABLES.get(table)
    return frozenset(it.key for it in known.columns if isinstance(it.kind, Person)) if known else frozenset()


def _texts(row: Row) -> Iterator[object]:
    """What people wrote in a row in words of their own."""
    table = TABLES[row.table]
    yield from (value for key, value in row.values.items() if isinstance(table.column(key).kind, Text))
