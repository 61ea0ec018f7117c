"""The book that may leave the building, made of what is allowed, and what was left out of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from hmsbook.model.book import Book, Manifest
from hmsbook.model.frozen import NOTHING, Frozen
from hmsbook.model.records import Place, Row
from hmsbook.sharing.audiences import WHOLE, Audience
from hmsbook.sharing.masking import Hidden, Masked
from hmsbook.sharing.scan import holds_address
from hmsbook.sharing.split import SENSITIVE, Cell, Split
from hmsbook.standard.book import TABLES, VERSION, tables
from hmsbook.standard.drawn import filled_rows, highest
from hmsbook.standard.kinds import Person, Reference, References, Text, as_text
from hmsbook.standard.schema import Column, Table
from hmsbook.standard.sheets.priorities import CRITERIA
from hmsbook.texts.words import plain

# What a row is about: where that is left out, a row without a number says nothing any more.
_MAIN = {
    "challenges": "description",
    "proposals": "proposal",
    "measures": "measure",
    "why": "text",
    "events": "text",
    "mapping": "text",
    "communication": "message",
}
# Rows that are nothing without the one of another table that they belong to: by which column, and of which.
_BELONGS = {
    "basis": ("indicator", "indicators"),
    "why": ("indicator", "indicators"),
    "recalculations": ("indicator", "indicators"),
    "votes": ("proposal", "proposals"),
}
# Tables whose empty rows are months, slots and steps: they are the same in every copy.
_DRAWN = ("values", "indicators", "process")


class LeftOut(Frozen):
    """One thing that a copy does not hold: what it is, why, and where it stands in the workbook."""

    what: str
    why: str
    place: Place


class Permitted(Frozen):
    """The book of a copy, and what was left out of it."""

    book: Book
    left_out: tuple[LeftOut, ...]


def permitted(split: Split, member: str = "", columns: Mapping[str, Collection[str]] = NOTHING) -> Permitted:
    """What of a workbook its audience may have; LeakError where it cannot be told what is sensitive.

    `member` is whose own scores a copy for scoring holds; `columns` are people's own columns that go along,
    by table.
    """
    return _Sieve(split, member, columns).permitted()


def split_for(book: Book, audience: Audience, masked: Masked) -> Split:
    """A workbook taken apart for an audience."""
    return Split(book, _with_votes(audience, book), masked.cells)


def _with_votes(audience: Audience, book: Book) -> Audience:
    """The audience with the votes, where the group has agreed that all may see who voted what."""
    if audience.key != "group" or not book.unit.votes_open:
        return audience
    return audience.but(columns={**audience.columns, "votes": WHOLE})


class _Sieve:
    """Lets through what may go, and notes what may not."""

    def __init__(self, split: Split, member: str, columns: Mapping[str, Collection[str]]) -> None:
        self.split, self.book, self.audience = split, split.book, split.audience
        self.member, self.columns = member, columns
        self.left: list[LeftOut] = []
        self.masked: dict[Cell, tuple[str, int]] = {}

    def permitted(self) -> Permitted:
        """The book, and what was left out."""
        self.split.require_known()
        declared = tables(self.book.manifest.slots)
        drawn = {key: tuple(self._table(table)) for key, table in declared.items()}
        filled = {key: filled_rows(declared[key], rows) for key, rows in drawn.items()}
        found = Book(self._manifest, filled, (), drawn, self.masked)
        return Permitted(found, (*self.left, *self._unreadable()))

    @property
    def _manifest(self) -> Manifest:
        """What the copy says of itself: its numbers go on after the highest of the workbook."""
        old = self.book.manifest
        counters = ";".join(f"{key}={highest(self.book, key)}" for key, it in TABLES.items() if it.id_kind)
        kept = {"counters": counters, "pinned_today": old.values.get("pinned_today") or ""}
        return Manifest(VERSION, old.language, old.workbook_id, old.edition, old.slots, kept)

    # Rows

    def _table(self, table: Table) -> Iterator[Row]:
        """The rows of a table one after another, then empty ones in the place of those that stay."""
        index = 0
        for row in self.book.drawn_rows.get(table.key, ()):
            values = self._row(table, row, index)
            if values is not None:
                yield Row(table.key, values, index=index, extra=self._extra(row))
                index += 1
        for more, values in enumerate(self._spare(table, index)):
            yield Row(table.key, values, index=index + more)

    def _row(self, table: Table, row: Row, index: int) -> dict[str, Any] | None:
        """What may go of a row, which then stands at this index; None where it stays."""
        if table.key not in self.audience.columns:
            if table.key == "votes" and row.values:
                self._leave("vote", "secret", row.place())
            return _bare(table, row)
        if not self.split.takes(row):
            self._note(row)
            return None
        if not self._belongs(row):
            return None
        found = dict(self._values(table, row, index))
        if self._is_scored(table):
            found |= self._own_scores(row)
        return found if self._says_something(table, row, found) else None

    def _note(self, row: Row) -> None:
        """Tell of a row that stays for what it is, not for whom the copy is for."""
        if (row.table, row.index) in self.split.sensitive:
            self._leave(SENSITIVE[row.table], "sensitive", row.place())
        elif row in self.split.with_secrets:
            self._leave("indicator", "secrets", row.place())

    def _belongs(self, row: Row) -> bool:
        """Whether what a row belongs to goes along, and it explains no value that is hidden."""
        column, table = _BELONGS.get(row.table, ("", ""))
        owner = row.get(column)
        if owner is None:
            return True
        if row.table == "why" and (owner, row.get("month")) in self.split.hidden_months:
            self._leave("text", "secrets", row.place())
            return False
        return self.split.goes(table, owner)

    def _says_something(self, table: Table, row: Row, found: Mapping[str, Any]) -> bool:
        """Whether a row still is about anything, where it was."""
        main = _MAIN.get(table.key)
        lost = main is not None and row.get(main) is not None and main not in found
        return not lost or (table.id_kind is not None and not self.audience.nameless)

    def _spare(self, table: Table, used: int) -> list[dict[str, Any]]:
        """Empty rows to fill, so that a copy has as many as the workbook; no number comes twice."""
        if table.form or table.key in ("weights", *_DRAWN):
            return [] if used else [{}]
        wanted = max(table.rows, len(self.book.drawn_rows.get(table.key, ()))) - used
        if table.id_kind is None:
            return [{} for _ in range(wanted)]
        first = highest(self.book, table.key) + 1
        return [] if used else [{"id": table.id_kind.number(first + at)} for at in range(wanted)]

    # Cells

    def _values(self, table: Table, row: Row, index: int) -> Iterator[tuple[str, Any]]:
        for key, value in row.values.items():
            column, place = table.column(key), row.place(key)
            if not self._holds(table, key):
                continue
            if column.private:
                self._leave("note", "private", place)
            elif hidden := self.split.hidden.get((table.key, row.index, key)):
                shown = self.split.shown_as((table.key, row.index, key), hidden)
                self._hide((table.key, index, key), shown, place)
            elif (left := self._value(column, value, place)) is not None:
                yield key, left

    def _holds(self, table: Table, key: str) -> bool:
        """Whether a column is in the copy, with what stands in it in the workbook."""
        if self._is_scored(table) and key in CRITERIA:
            return False
        if table.slots_written and key != "month":
            return self.split.goes("indicators", key)
        return self.audience.holds(table.key, key)

    def _hide(self, cell: Cell, hidden: Hidden, place: Place) -> None:
        self.masked[cell] = (hidden.reason, hidden.limit)
        self._leave("number", hidden.reason, place)

    def _value(self, column: Column, value: Any, place: Place) -> Any:
        """What may go of a value; None where nothing may."""
        kind = column.kind
        if isinstance(kind, Reference):
            return self._references(kind, value, place)
        if isinstance(kind, Text | Person):
            return value if self._may_say(value, place, person=isinstance(kind, Person)) else None
        return value

    def _references(self, kind: Reference, value: Any, place: Place) -> Any:
        """The ids of rows that are in the copy too, as the column holds them."""
        named = value if isinstance(kind, References) else (value,)
        for row_id in named:
            if self.split.is_sensitive(kind.table, row_id):
                self._leave("reference", "sensitive", place)
        found = tuple(row_id for row_id in named if self.split.goes(kind.table, row_id))
        return (found or None) if isinstance(kind, References) else next(iter(found), None)

    def _may_say(self, value: object, place: Place, *, person: bool) -> bool:
        """Whether a text tells nothing of what stays, and names nobody where it may not."""
        why = self.split.traces.told_in(value, people=self.audience.nameless and not person)
        if not why and self.audience.nameless and holds_address(value):
            why = "names"
        if why:
            self._leave("text", why, place)
        return not why

    def _extra(self, row: Row) -> dict[str, Any] | None:
        """What stands in people's own columns that go along, but for beside a hidden value."""
        wanted = self.columns.get(row.table, ())
        if (row.table, row.index) in self.split.hidden_rows:
            for _ in filter(wanted.__contains__, row.extra or ()):
                self._leave("text", "secrets", row.place())
            return None
        found = {
            header: value
            for header, value in (row.extra or {}).items()
            if header in wanted and self._may_say(as_text(value), row.place(), person=False)
        }
        return found or None

    # Scores

    def _is_scored(self, table: Table) -> bool:
        """Whether a member fills in their own scores in a table of this copy."""
        return self.audience.key == "score" and table.key == "proposals"

    def _own_scores(self, row: Row) -> dict[str, Any]:
        """The scores that the member has given a proposal; the last ones count."""
        found: dict[str, Any] = {}
        for vote in self.book.votes:
            if vote.proposal and vote.proposal == row.get("id") and _same(vote.member, self.member):
                found = {key: vote.row.get(key) for key in CRITERIA if vote.row.get(key) is not None}
        return found

    # What is told

    def _leave(self, what: str, why: str, place: Place) -> None:
        self.left.append(LeftOut(what, why, place))

    def _unreadable(self) -> Iterator[LeftOut]:
        """Cells that could not be read, and so are not in the copy either."""
        for problem in self.book.problems:
            table, column = problem.values.get("table"), problem.values.get("column")
            if problem.severity == "E" and column and self.audience.holds(str(table), str(column)):
                yield LeftOut("cell", "unreadable", problem.place)


def _bare(table: Table, row: Row) -> dict[str, Any] | None:
    """What an empty row is drawn with, for a table that stays empty: months and slots are no secret."""
    key = table.columns[0].key
    if table.key in ("values", "indicators"):
        return {key: row.get(key)} if row.get(key) else {}
    return None


def _same(one: str | None, other: str) -> bool:
    return bool(other) and plain(one or "") == plain(other)
