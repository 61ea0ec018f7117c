"""One copy that came back, merged: its base, the coordinator's rows as they are, and the copy's own.

What the copy leaves as it was sent keeps what the coordinator has; what the coordinator left is taken; what
both made the same is nothing; and what both changed is for the coordinator to choose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any, NamedTuple

from hmsbook.merge.base import Base
from hmsbook.merge.draft import Draft, missing_columns, unreadable
from hmsbook.merge.findings import OWN, Finding, Person, whole
from hmsbook.merge.ledger import Ledger, Space
from hmsbook.merge.rows import ONLY_ONE, SINGLE, Paired, content, key_of, print_of, ways
from hmsbook.merge.values import Lists, bare, digest
from hmsbook.model.book import Book
from hmsbook.model.frozen import NOTHING, Frozen
from hmsbook.model.records import Row
from hmsbook.standard.kinds import Choices, Reference, References
from hmsbook.standard.schema import Column, Table
from hmsbook.standard.sheets.priorities import CRITERIA

SCORE_COPY = "score"
# What no copy says anything about.
_NEVER = frozenset(("received",))
# Rows that are never deleted or emptied as a whole, only cell by cell.
_CELLS_ONLY = frozenset((*SINGLE, "values", "process"))
# So many rows gone from a table at once, and most of them, are more likely a program's doing.
_MANY = 4

Decide = Callable[[Finding], str]


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


class _Trio(NamedTuple):
    """A row in all three: as it was sent, as it came back, and where it stands in the workbook."""

    base: Row
    theirs: Row | None
    mine: int
    key: str


def leave_open(_conflict: Finding) -> str:
    """Let the coordinator choose later."""
    return ""


def merge_copy(draft: Draft, copy: Returned, ledger: Ledger, decide: Decide = leave_open) -> list[Finding]:
    """Put into the draft what a copy says, and return all it says; nothing where it was merged before.

    `decide` is asked about each conflict: mine, theirs, or nothing for later.
    """
    return list(_Merging(draft, copy, ledger, decide).run())


class _Merging:
    """The merge of one copy."""

    def __init__(self, draft: Draft, copy: Returned, ledger: Ledger, decide: Decide) -> None:
        self.draft, self.copy, self.decide = draft, copy, decide
        self.odd = unreadable(copy.book)
        self.paired = {key: self._pair(table) for key, table in self._tables().items()}
        self.space = self._space(ledger)
        # The new numbers of rows they added, by table and the number they gave them.
        self.ids: dict[str, dict[str, str]] = {}
        # Rows that an earlier return of this copy had deleted.
        self._back: set[int] = set()

    def run(self) -> Iterator[Finding]:
        for found in self._all():
            person = found.person if found.person.name else self.copy.person
            yield found.but(person=person, edition=self.copy.edition, file=self.copy.file)

    def _all(self) -> Iterator[Finding]:
        trios = {key: list(self._trios(key)) for key in self.paired}
        added = {key: list(self._added(key)) for key in self.paired}
        # First of all the numbers, so that what refers to a row follows it.
        names = {key: self._names(key, rows) for key, rows in added.items()}
        placed = {key: [*map(partial(self._placed, key), added[key], names[key])] for key in self.paired}
        yield from self._missing()
        for key in self.paired:
            gone = [trio for trio in trios[key] if self._is_gone(key, trio)]
            many = len(gone) >= _MANY and 2 * len(gone) > len(trios[key])
            for trio in trios[key]:
                yield from self._deleted(key, trio, many=many) if trio in gone else self._changed(key, trio)
            for row, name, index in zip(added[key], names[key], placed[key], strict=True):
                yield from self._new(key, row, name, index)
        for found in self.copy.beside:
            yield from self._once(found, found.case, found.row, digest(repr(found)))

    # Which rows

    def _tables(self) -> dict[str, Table]:
        """The tables that both sides have, and that a copy says anything about."""
        theirs = self.copy.book.drawn_rows
        return {
            key: table
            for key, table in self.draft.tables.items()
            if key not in _NEVER and key in theirs and key in self.draft.rows
        }

    def _pair(self, table: Table) -> Paired:
        base = [
            row
            for row in self.copy.base.rows.get(table.key, ())
            if table.key == "values" or table.is_filled(row)
        ]
        return Paired(table, base, self.copy.book.drawn_rows[table.key])

    def _trios(self, key: str) -> Iterator[_Trio]:
        """The rows that were sent, but for those that an earlier return has deleted already."""
        table = self.draft.tables[key]
        pairs = [
            (base, theirs)
            for base, theirs in self.paired[key].pairs
            if self.space.get(key, _base_key(base), "-") is None
        ]
        there = dict(_by_identity(Paired(table, [base for base, _ in pairs], self.draft.rows[key]).pairs))
        for base, theirs in pairs:
            mine = there[id(base)]
            if mine is not None:
                self.draft.reserve(key, mine.index)
            yield _Trio(base, theirs, mine.index if mine is not None else -1, _base_key(base))

    def _added(self, key: str) -> Iterator[Row]:
        """The rows that came back and had not been sent."""
        table = self.draft.tables[key]
        back = [
            theirs
            for base, theirs in self.paired[key].pairs
            if theirs is not None and self.space.get(key, _base_key(base), "-") is not None
        ]
        self._back |= set(map(id, back))
        yield from (row for row in (*back, *self.paired[key].more) if table.is_filled(row))

    def _is_gone(self, key: str, trio: _Trio) -> bool:
        table = self.draft.tables[key]
        if key in _CELLS_ONLY:
            return trio.theirs is None
        return trio.theirs is None or not (table.is_filled(trio.theirs) or self._odd_in(trio.theirs))

    def _odd_in(self, row: Row) -> bool:
        """Whether a row holds anything that could not be read."""
        return any((row.sheet, cell) in self.odd for cell in (row.cells or {}).values())

    # What was taken before

    def _space(self, ledger: Ledger) -> Space:
        """What was taken from this copy; of another return by the same person that goes its own way, not."""
        copy = self.copy
        place = (copy.edition, copy.audience, copy.person.name)
        mine = ledger.space(*place)
        return mine if copy.person.known and self._goes_on(mine) else ledger.space(*place, self._print)

    def _goes_on(self, space: Space) -> bool:
        """Whether this return has more of what was taken before than it has as it was sent."""
        votes = [self._has(parts, value) for parts, value in space.entries()]
        return sum(vote for vote in votes if vote is not None) >= 0

    def _has(self, parts: Sequence[str], value: str) -> int | None:
        """1 where what was taken before is there, or something newer; -1 where all is as it was sent."""
        if len(parts) != 3 or parts[0] not in self.paired:
            return None
        table, key, column = parts
        if key.startswith("+"):
            return self._has_added(table, key, column, value)
        pair = self._by_key[table].get(key)
        if pair is None:
            return None
        base, theirs = pair
        if column == "-":
            return 1 if theirs is None or not self.draft.tables[table].is_filled(theirs) else -1
        return -1 if digest(_get(theirs, column)) == digest(_get(base, column)) != value else 1

    def _has_added(self, table: str, key: str, column: str, value: str) -> int | None:
        if not column:
            return None
        rows = [row for row in self.paired[table].more if self._name(table, row) == key.partition("~")[0]]
        return 1 if any(digest(_get(row, column)) == value for row in rows) else -1

    @cached_property
    def _by_key(self) -> dict[str, dict[str, tuple[Row, Row | None]]]:
        return {key: {_base_key(it[0]): it for it in found.pairs} for key, found in self.paired.items()}

    @cached_property
    def _print(self) -> str:
        """What stands for all that this copy holds."""
        rows = self.copy.book.rows
        return digest(", ".join(sorted(print_of(row) for key in self.paired for row in rows.get(key, ()))))

    # Rows that were sent

    def _changed(self, key: str, trio: _Trio) -> Iterator[Finding]:
        """What they changed in a row that was sent."""
        edits = [column for column in self._columns(key, trio) if self._is_edited(key, trio, column)]
        if not self._is_here(key, trio):
            if edits and trio.theirs is not None:
                yield self._row_conflict(key, trio, "gone_here")
                self._note_row(key, trio)
            return
        for column in edits:
            yield from self._field(key, trio, column)

    def _is_here(self, key: str, trio: _Trio) -> bool:
        """Whether the workbook still has a row."""
        return trio.mine >= 0 and (key in _CELLS_ONLY or self.draft.is_filled(key, trio.mine))

    def _columns(self, key: str, trio: _Trio) -> Iterator[str]:
        """The columns that people fill in and that both sides have."""
        none = frozenset[str]()
        missing = self._missing_columns.get(key, none) | self.draft.missing.get(key, none) | self._moved(key)
        for column in self.draft.tables[key].columns:
            if not column.owned and column.key != "id" and column.key not in missing:
                yield column.key
        own = {*(trio.base.extra or ()), *((trio.theirs and trio.theirs.extra) or ())}
        known = self.copy.own.get(key, frozenset()) & self.draft.own.get(key, frozenset())
        yield from (OWN + header for header in sorted(own & known))

    def _moved(self, key: str) -> set[str]:
        """The columns of indicators that have got another number, and so another column."""
        new = self.ids.get("indicators", {}) if key == "values" else {}
        return set(new) - set(new.values())

    def _is_edited(self, key: str, trio: _Trio, column: str) -> bool:
        if self._odd_text(trio.theirs, column) is not None:
            return True
        if trio.theirs is not None and (key, trio.theirs.index, column) in self.copy.book.masked:
            return False
        theirs = digest(self._theirs(key, trio.theirs, column))
        if self._is_masked(key, trio, column) and not theirs:
            return False
        return theirs != self._base_mark(key, trio, column)

    def _base_mark(self, key: str, trio: _Trio, column: str) -> str:
        """What stands for what they had before: what was taken last, else what was sent."""
        noted = self.space.get(key, trio.key, column)
        return digest(_get(trio.base, column)) if noted is None else noted

    def _is_masked(self, key: str, trio: _Trio, column: str) -> bool:
        return (key, trio.base.index, column) in self.copy.base.masked

    def _theirs(self, key: str, row: Row | None, column: str) -> Any:
        """What they wrote, referring to rows by the numbers these have now."""
        if key == "values":
            old = {new: old for old, new in self.ids.get("indicators", {}).items()}
            return _get(row, old.get(column, column))
        return self._renumbered(key, column, _get(row, column))

    def _field(self, key: str, trio: _Trio, column: str) -> Iterator[Finding]:
        odd = self._odd_text(trio.theirs, column)
        if odd is not None:
            yield from self._told_odd(key, trio, column, odd)
            return
        theirs = self._theirs(key, trio.theirs, column)
        if self._is_vote(key, trio, column):
            yield from self._vote(key, trio, column, theirs)
        else:
            mine = self.draft.value(key, trio.mine, column)
            found = self._finding("change", key, trio.mine, column, _get(trio.base, column), mine, theirs)
            before = self._base_mark(key, trio, column)
            yield from self._settled(found, before, masked=self._is_masked(key, trio, column))
        self.space.note(digest(theirs), key, trio.key, column)

    def _settled(self, found: Finding, before: str, *, masked: bool = False) -> Iterator[Finding]:
        """One cell, settled by the rule of three, or left open as a conflict."""
        mine, theirs = digest(found.mine), digest(found.theirs)
        if mine == theirs:
            return
        if mine == before and not masked:
            self.draft.put(found.table, found.at, found.column, found.theirs)
            yield found
            return
        both = self._both(found) if not masked else None
        if both is not None:
            self.draft.put(found.table, found.at, found.column, both)
            yield found
            return
        yield self._conflict(found.but(case="masked" if masked else ""))

    def _both(self, found: Finding) -> tuple[Any, ...] | None:
        """Lists hold what each side added; they stand against each other in nothing."""
        if found.column.startswith(OWN):
            return None
        kind = self.draft.tables[found.table].column(found.column).kind
        if not isinstance(kind, References | Choices):
            return None
        lists = (found.base or (), found.mine or (), found.theirs or ())
        return Lists(*lists).both if all(isinstance(it, tuple) for it in lists) else None

    def _conflict(self, found: Finding) -> Finding:
        """A conflict, settled at once where the coordinator has said how."""
        conflict = found.but(what="conflict")
        choice = self.decide(conflict)
        if choice == "theirs" and not take(self.draft, conflict):
            choice = ""
        return conflict.but(choice=choice)

    # Rows that are gone

    def _deleted(self, key: str, trio: _Trio, *, many: bool) -> Iterator[Finding]:
        """A row they deleted: gone where nobody has changed it since, else for the coordinator to choose.

        A month's row that is missing empties nothing: more likely its month was typed over.
        """
        self.space.note("gone", key, trio.key, "-")
        if not self._is_here(key, trio):
            return
        mine, odd = self.draft.rows[key][trio.mine], self.draft.odd(key, trio.mine)
        found = self._finding("deleted", key, trio.mine, "", whole(trio.base), whole(mine) | odd, None)
        if key in _CELLS_ONLY:
            if self.draft.tables[key].is_filled(trio.base):
                yield found.but(what="left_out", case="row_missing")
        elif many:
            yield self._conflict(found.but(case="many_gone"))
        elif odd or content(mine) != content(trio.base):
            yield self._conflict(found.but(case="gone_there"))
        else:
            self.draft.clear(key, trio.mine)
            yield found

    def _row_conflict(self, key: str, trio: _Trio, case: str) -> Finding:
        """A row that is gone here and was changed there."""
        theirs = self._whole(key, trio.theirs)
        name = row_name(self.draft.tables[key], trio.base)
        found = Finding("conflict", key, name, "", whole(trio.base), None, theirs, trio.mine, case=case)
        return self._conflict(found)

    def _note_row(self, key: str, trio: _Trio) -> None:
        for column in self._columns(key, trio):
            self.space.note(digest(self._theirs(key, trio.theirs, column)), key, trio.key, column)

    # Rows that are new

    def _placed(self, key: str, row: Row, name: str) -> int | None:
        """Where a new row goes: where it was put before, where the same stands already, else an empty row."""
        index = self._known(key, row, name)
        if index is None:
            wanted = str(row.get("id") or "")
            index = self.draft.place(key, wanted)
        if index is not None:
            self.draft.reserve(key, index)
            here, there = self.draft.rows[key][index].get("id"), row.get("id")
            if here and there and here != there and there not in self._sent(key):
                self.ids.setdefault(key, {})[str(there)] = str(here)
        return index

    @cached_property
    def _fresh(self) -> dict[str, dict[int, Row]]:
        """The rows of the workbook that no row of the base is."""
        found: dict[str, dict[int, Row]] = {}
        for key, table in self.draft.tables.items():
            if key in self.paired:
                base = [row for row in self.copy.base.rows.get(key, ()) if table.is_filled(row)]
                more = Paired(table, base, self.draft.rows[key]).more
                found[key] = {row.index: row for row in more if table.is_filled(row)}
        return found

    def _sent(self, key: str) -> set[str]:
        table = self.draft.tables[key]
        return {str(row.get("id")) for row in self.copy.base.rows.get(key, ()) if table.is_filled(row)}

    def _known(self, key: str, row: Row, name: str) -> int | None:
        """The row of the workbook that a new row is already."""
        if key == "values" or id(row) in self._back:
            rows = enumerate(self.draft.rows[key])
            return next((at for at, mine in rows if self._has_key(key, row, mine)), None)
        fresh = self._fresh[key]
        found = next((at for at, mine in fresh.items() if self._is_same(key, row, mine)), None)
        if found is None and (noted := self.space.get(key, name, "")) is not None:
            found = self._where(key, noted)
        if found is not None:
            fresh.pop(found, None)
        return found

    def _is_same(self, key: str, row: Row, mine: Row) -> bool:
        if key in ONLY_ONE and self._has_key(key, row, mine):
            return True
        # Of rows that hold the same, those with the same number are one.
        theirs = {it.get("id") for it in self.paired[key].more} - {row.get("id"), None}
        return content(row) == content(mine) and mine.get("id") not in theirs

    def _has_key(self, key: str, row: Row, mine: Row) -> bool:
        """Whether two rows say which row they are, and the same."""
        known = [(key_of(row, it), key_of(mine, it)) for it in ways(self.draft.tables[key])]
        return any(one is not None and one == other for one, other in known)

    def _where(self, key: str, noted: str) -> int | None:
        """The place of a row that was added before: by its number, else by what it held."""
        if self.draft.tables[key].id_kind:
            rows = self.draft.rows[key]
            return next((at for at, row in enumerate(rows) if row.get("id") == noted), None)
        return next((at for at, row in self._fresh[key].items() if self._name(key, row) == noted), None)

    def _name(self, key: str, row: Row) -> str:
        """What a new row is called in the ledger: its number, else what tells it from others."""
        if row.get("id"):
            return f"+{row.get('id')}"
        columns = next((it for it in ways(self.draft.tables[key]) if key_of(row, it) is not None), None)
        known = [row.get(column) for column in columns] if columns else print_of(row)
        return f"+#{digest(known)}"

    def _names(self, key: str, rows: Sequence[Row]) -> list[str]:
        """The same for all new rows of a table, with a number where two are called the same."""
        found: list[str] = []
        for row in rows:
            name = self._name(key, row)
            used = sum(1 for it in found if it.partition("~")[0] == name)
            found.append(f"{name}~{used + 1}" if used else name)
        return found

    def _new(self, key: str, row: Row, new: str, index: int | None) -> Iterator[Finding]:
        """A row they added."""
        if index is None:
            yield from self._no_room(key, row, new)
            return
        trio = _Trio(Row(key, {}, index=-1), row, index, new)
        was_filled = self.draft.is_filled(key, index)
        edits = [column for column in self._columns(key, trio) if self._is_edited(key, trio, column)]
        found: list[Finding] = []
        for column in edits:
            found += self._field(key, trio, column)
        here = self.draft.rows[key][index]
        self.space.note(str(here.get("id") or self._name(key, here)), key, new, "")
        yield from self._said_of_new(key, row, index, found, is_new=not was_filled)

    def _said_of_new(
        self, key: str, row: Row, index: int, found: list[Finding], *, is_new: bool
    ) -> Iterator[Finding]:
        """A new row as a whole, and beside it only what is no change of a cell of it."""
        if not is_new:
            yield from found
            return
        yield from (it for it in found if it.what != "change")
        here = self.draft.rows[key][index]
        if self.draft.is_filled(key, index):
            values = {"sent": str(row.get("id") or "")}
            case = "renumbered" if here.get("id") != row.get("id") and row.get("id") else ""
            added = self._finding("added", key, index, "", None, None, whole(here))
            yield added.but(case=case, values=values)

    def _no_room(self, key: str, row: Row, new: str) -> Iterator[Finding]:
        told = print_of(row)
        if self.space.get(key, new, "") != told:
            self.space.note(told, key, new, "")
            theirs = self._whole(key, row)
            name = row_name(self.draft.tables[key], row)
            yield self._conflict(Finding("conflict", key, name, "", None, None, theirs, case="no_room"))

    def _whole(self, key: str, row: Row | None) -> dict[str, Any]:
        return (
            {}
            if row is None
            else {column: self._renumbered(key, column, value) for column, value in whole(row).items()}
        )

    # Numbers

    def _renumbered(self, key: str, column: str, value: Any) -> Any:
        kind = None if column.startswith(OWN) else self._kind(key, column)
        if not isinstance(kind, Reference) or value is None:
            return value
        new = self.ids.get(kind.table, {})
        if isinstance(kind, References):
            return tuple(new.get(it, it) for it in value)
        return new.get(value, value)

    def _kind(self, key: str, column: str) -> Any:
        return self.draft.tables[key].column(column).kind

    # Votes

    def _is_vote(self, key: str, trio: _Trio, column: str) -> bool:
        """Whether a score is this member's own: in a copy made for it, or where none had been given."""
        if key != "proposals" or column not in CRITERIA or not self.copy.person.known:
            return False
        return self.copy.audience == SCORE_COPY or _get(trio.base, column) is None

    def _vote(self, key: str, trio: _Trio, column: str, score: Any) -> Iterator[Finding]:
        proposal = str(self.draft.rows[key][trio.mine].get("id") or "")
        index = self._ballot(proposal)
        if index is None:
            values = {"member": self.copy.person.name, "proposal": proposal, column: score}
            name = f"{self.copy.person.name}, {proposal}"
            yield self._conflict(Finding("conflict", "votes", name, "", None, None, values, case="no_room"))
            return
        mine = self.draft.value("votes", index, column)
        found = self._finding("vote", "votes", index, column, _get(trio.base, column), mine, score)
        yield from self._settled(found, digest(mine) if mine is None else self._base_mark(key, trio, column))

    def _ballot(self, proposal: str) -> int | None:
        """The row of this member's vote on a proposal."""
        member = self.copy.person.name
        wanted = key_of(Row("votes", {"member": member, "proposal": proposal}), ("member", "proposal"))
        rows = self.draft.rows.get("votes", [])
        index = next(
            (at for at, row in enumerate(rows) if key_of(row, ("member", "proposal")) == wanted), None
        )
        if index is None:
            index = self.draft.place("votes") if rows else None
            if index is not None:
                self.draft.put("votes", index, "member", member)
                self.draft.put("votes", index, "proposal", proposal)
        return index

    # What is told

    def _finding(self, what: str, key: str, index: int, column: str, *sides: Any) -> Finding:
        """Something about a row of the workbook: what was sent, what stands there, and what came back."""
        name = row_name(self.draft.tables[key], self.draft.rows[key][index])
        base, mine, theirs = sides
        return Finding(what, key, name, column, base, mine, theirs, index)

    def _odd_text(self, row: Row | None, column: str) -> str | None:
        """What stands in a cell of theirs that could not be read."""
        if row is None or column.startswith(OWN):
            return None
        return self.odd.get((row.sheet, (row.cells or {}).get(column, "")))

    def _told_odd(self, key: str, trio: _Trio, column: str, text: str) -> Iterator[Finding]:
        """A cell that could not be read, with what stands in it."""
        mark = f"?{digest(text)}"
        if self.space.get(key, trio.key, column) == mark:
            return
        self.space.note(mark, key, trio.key, column)
        mine = self.draft.value(key, trio.mine, column)
        found = self._finding("left_out", key, trio.mine, column, _get(trio.base, column), mine, text)
        yield found.but(case="unreadable")

    @cached_property
    def _missing_columns(self) -> dict[str, frozenset[str]]:
        return missing_columns(self.copy.book)

    def _missing(self) -> Iterator[Finding]:
        """Tables and columns that did not come back, which deletes nothing, and columns that are new."""
        sent = {key for key, rows in self.copy.base.rows.items() if rows}
        for key in sent - set(self.copy.book.drawn_rows) - _NEVER:
            yield from self._once(Finding("left_out", key, case="table_missing"), key)
        for key, columns in self._missing_columns.items():
            for column in sorted(columns):
                if key in self.paired and not self._column(key, column).owned:
                    yield from self._once(
                        Finding("left_out", key, "", column, case="column_missing"), key, column
                    )
        for key in self.paired:
            for header in sorted(self.copy.own.get(key, frozenset()) - self.draft.own.get(key, frozenset())):
                yield from self._own_column(key, header)
            for column in sorted(self.draft.missing.get(key, frozenset())):
                if not self._column(key, column).owned:
                    yield from self._gone_column(key, column)

    def _column(self, key: str, column: str) -> Column:
        return self.draft.tables[key].column(column)

    def _own_column(self, key: str, header: str) -> Iterator[Finding]:
        """A column they made, with what stands in it."""
        table = self.draft.tables[key]
        rows = (
            row for row in self.copy.book.drawn_rows[key] if bare((row.extra or {}).get(header)) is not None
        )
        texts = {row_name(table, row) or str(row.index + 1): (row.extra or {})[header] for row in rows}
        yield from self._no_column(key, OWN + header, texts)

    def _gone_column(self, key: str, column: str) -> Iterator[Finding]:
        """What they wrote in a column of ours that the workbook has no more."""
        sent = {_base_key(base): _get(base, column) for base, _ in self.paired[key].pairs}
        table, kind = self.draft.tables[key], self._kind(key, column)
        texts = {
            row_name(table, row) or str(row.index + 1): kind.json(row.get(column))
            for row in self.copy.book.drawn_rows[key]
            if digest(row.get(column)) not in ("", digest(sent.get(_base_key(row))))
        }
        yield from self._no_column(key, column, texts)

    def _no_column(self, key: str, column: str, texts: Mapping[str, Any]) -> Iterator[Finding]:
        """What stands in a column that the workbook has not."""
        if texts:
            found = Finding("left_out", key, "", column, theirs=texts, case="own_column")
            yield from self._once(found, key, column, digest(repr(texts)))

    def _once(self, found: Finding, *parts: str) -> Iterator[Finding]:
        """What is told the first time only."""
        if self.space.get("!", *parts) is None:
            self.space.note("told", "!", *parts)
            yield found


def take(draft: Draft, conflict: Finding) -> bool:
    """Do in a draft what they did; whether there was room for it."""
    if conflict.column:
        draft.put(conflict.table, conflict.at, conflict.column, conflict.theirs)
        return True
    if conflict.theirs is None:
        draft.clear(conflict.table, conflict.at)
        return True
    return _put_row(draft, conflict)


def _put_row(draft: Draft, conflict: Finding) -> bool:
    """Put a whole row where it was, else in an empty one."""
    at: int | None = conflict.at
    if conflict.at < 0 or draft.is_filled(conflict.table, conflict.at):
        at = draft.place(conflict.table, str(conflict.theirs.get("id") or ""))
    if at is None:
        return False
    for column, value in conflict.theirs.items():
        if column != "id":
            draft.put(conflict.table, at, column, value)
    return True


def row_name(table: Table, row: Row) -> str:
    """What people call a row: its number, else what tells it from others."""
    if row.get("id"):
        return str(row.get("id"))
    for columns in ways(table):
        if columns and key_of(row, columns) is not None:
            return ", ".join(_said(row.get(column)) for column in columns)
    return ""


def _said(value: Any) -> str:
    return value.isoformat()[:7] if hasattr(value, "isoformat") else str(value)


def _get(row: Row | None, column: str) -> Any:
    if row is None:
        return None
    if column.startswith(OWN):
        return (row.extra or {}).get(column.removeprefix(OWN))
    return row.get(column)


def _base_key(row: Row) -> str:
    return str(row.get("id") or f"@{row.index}")


def _by_identity(pairs: Sequence[tuple[Row, Row | None]]) -> Iterator[tuple[int, Row | None]]:
    return ((id(base), other) for base, other in pairs)
