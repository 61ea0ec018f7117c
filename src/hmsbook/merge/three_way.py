"""One copy that came back, merged: its base, the coordinator's rows as they are, and the copy's own.

What the copy leaves as it was sent keeps what the coordinator has; what the coordinator left is taken; what
both made the same is nothing; and what both changed is for the coordinator to choose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from hmsbook.merge.before import space_of
from hmsbook.merge.draft import Draft
from hmsbook.merge.findings import OWN, Finding, get, whole
from hmsbook.merge.ledger import Ledger
from hmsbook.merge.placing import Placing
from hmsbook.merge.rows import SINGLE, content, key_of, ledger_name, ledger_names, print_of, row_name
from hmsbook.merge.sides import Returned, Sides, Trio
from hmsbook.merge.taking import take
from hmsbook.merge.told import told
from hmsbook.merge.values import Lists, digest
from hmsbook.model.records import Row
from hmsbook.standard.kinds import Choices, References
from hmsbook.standard.sheets.priorities import CRITERIA

SCORE_COPY = "score"
# Rows that are never deleted, only emptied cell by cell: these stand there from the start.
_CELLS_ONLY = frozenset((*SINGLE, "values", "process"))
# So many rows gone from a table at once, and most of them, are more likely a program's doing.
_MANY = 4

Decide = Callable[[Finding], str]


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
        self.sides = Sides(draft, copy)
        self.space = space_of(self.sides, ledger)

    def run(self) -> Iterator[Finding]:
        self.draft.hand = self.copy.person.name
        for found in self._all():
            person = found.person if found.person.name else self.copy.person
            yield found.but(person=person, edition=self.copy.edition, file=self.copy.file)

    def _all(self) -> Iterator[Finding]:
        keys, placing = list(self.sides.paired), Placing(self.sides, self.space)
        trios = {key: list(placing.trios(key)) for key in keys}
        added = {key: list(placing.added(key)) for key in keys}
        # First of all the numbers, so that what refers to a row follows it.
        names = {key: ledger_names(self.draft.tables[key], rows) for key, rows in added.items()}
        placed = {key: [*map(partial(placing.place, key), added[key], names[key])] for key in keys}
        yield from self._once(told(self.sides))
        for key in keys:
            yield from self._rows_sent(key, trios[key])
            for row, name, index in zip(added[key], names[key], placed[key], strict=True):
                yield from self._new(key, row, name, index)
        yield from self._once(self.copy.beside)

    def _once(self, found: Iterable[Finding]) -> Iterator[Finding]:
        """What is told the first time only."""
        for it in found:
            name = digest(repr(it))
            if self.space.get("!", name) is None:
                self.space.note("told", "!", name)
                yield it

    # Rows that were sent

    def _rows_sent(self, key: str, trios: Sequence[Trio]) -> Iterator[Finding]:
        gone = [trio for trio in trios if self._is_gone(key, trio)]
        many = len(gone) >= _MANY and 2 * len(gone) > len(trios)
        for trio in trios:
            yield from self._deleted(key, trio, many=many) if trio in gone else self._changed(key, trio)

    def _is_gone(self, key: str, trio: Trio) -> bool:
        """Whether a row is gone, or emptied where that means the same."""
        return trio.theirs is None or (key not in _CELLS_ONLY and self.sides.is_empty(key, trio.theirs))

    def _changed(self, key: str, trio: Trio) -> Iterator[Finding]:
        """What they changed in a row that was sent."""
        edits = [column for column in self.sides.columns(key, trio) if self._is_edited(key, trio, column)]
        if not self._is_here(key, trio):
            if edits and trio.theirs is not None:
                yield self._row_conflict(key, trio, trio.theirs)
                self._note_row(key, trio)
            return
        for column in edits:
            yield from self._field(key, trio, column)

    def _is_here(self, key: str, trio: Trio) -> bool:
        """Whether the workbook still has a row."""
        return trio.mine >= 0 and (key in _CELLS_ONLY or self.draft.is_filled(key, trio.mine))

    def _is_edited(self, key: str, trio: Trio, column: str) -> bool:
        if self.sides.odd(trio.theirs, column) is not None:
            return True
        if self.sides.is_mark(key, trio.theirs, column):
            return False
        theirs = digest(self.sides.theirs(key, trio.theirs, column))
        if self.sides.is_masked(key, trio, column) and not theirs:
            return False
        return theirs != self._base_mark(key, trio, column)

    def _base_mark(self, key: str, trio: Trio, column: str) -> str:
        """What stands for what they had before: what was taken last, else what was sent."""
        noted = self.space.get(key, trio.key, column)
        return digest(get(trio.base, column)) if noted is None else noted

    def _field(self, key: str, trio: Trio, column: str) -> Iterator[Finding]:
        odd = self.sides.odd(trio.theirs, column)
        if odd is not None:
            yield from self._told_odd(key, trio, column, odd)
            return
        theirs = self.sides.theirs(key, trio.theirs, column)
        if self._is_vote(key, trio, column):
            yield from self._vote(key, trio, column, theirs)
        else:
            mine = self.draft.value(key, trio.mine, column)
            found = self._finding("change", key, trio.mine, column, get(trio.base, column), mine, theirs)
            before = self._base_mark(key, trio, column)
            yield from self._settled(found, before, masked=self.sides.is_masked(key, trio, column))
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
        ours = self.draft.whose(found.table, found.at, found.column)
        is_anothers = ours not in ("", self.copy.person.name)
        values = {**found.values, "ours": ours} if is_anothers else found.values
        conflict = found.but(what="conflict", values=values)
        choice = self.decide(conflict)
        if choice == "theirs" and not take(self.draft, conflict):
            choice = ""
        return conflict.but(choice=choice)

    # Rows that are gone

    def _deleted(self, key: str, trio: Trio, *, many: bool) -> Iterator[Finding]:
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

    def _row_conflict(self, key: str, trio: Trio, row: Row) -> Finding:
        """A row that is gone here and was changed there."""
        theirs = self.sides.whole(key, row)
        name = row_name(self.draft.tables[key], trio.base)
        found = Finding(
            "conflict", key, name, "", whole(trio.base), None, theirs, trio.mine, case="gone_here"
        )
        return self._conflict(found)

    def _note_row(self, key: str, trio: Trio) -> None:
        for column in self.sides.columns(key, trio):
            self.space.note(digest(self.sides.theirs(key, trio.theirs, column)), key, trio.key, column)

    # Rows that are new

    def _new(self, key: str, row: Row, new: str, index: int | None) -> Iterator[Finding]:
        """A row they added."""
        if index is None:
            yield from self._no_room(key, row, new)
            return
        trio = Trio(Row(key, {}, index=-1), row, index, new)
        was_filled = self.draft.is_filled(key, index)
        edits = [column for column in self.sides.columns(key, trio) if self._is_edited(key, trio, column)]
        found: list[Finding] = []
        for column in edits:
            found += self._field(key, trio, column)
        here = self.draft.rows[key][index]
        self.space.note(str(here.get("id") or ledger_name(self.draft.tables[key], here)), key, new, "")
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
            theirs = self.sides.whole(key, row)
            name = row_name(self.draft.tables[key], row)
            yield self._conflict(Finding("conflict", key, name, "", None, None, theirs, case="no_room"))

    # Votes

    def _is_vote(self, key: str, trio: Trio, column: str) -> bool:
        """Whether a score is this member's own: in a copy made for it, or where none had been given."""
        if key != "proposals" or column not in CRITERIA or not self.copy.person.known:
            return False
        return self.copy.audience == SCORE_COPY or get(trio.base, column) is None

    def _vote(self, key: str, trio: Trio, column: str, score: Any) -> Iterator[Finding]:
        proposal = str(self.draft.rows[key][trio.mine].get("id") or "")
        index = self._ballot(proposal)
        if index is None:
            values = {"member": self.copy.person.name, "proposal": proposal, column: score}
            name = f"{self.copy.person.name}, {proposal}"
            yield self._conflict(Finding("conflict", "votes", name, "", None, None, values, case="no_room"))
            return
        mine = self.draft.value("votes", index, column)
        found = self._finding("vote", "votes", index, column, get(trio.base, column), mine, score)
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

    def _told_odd(self, key: str, trio: Trio, column: str, text: str) -> Iterator[Finding]:
        """A cell that could not be read, with what stands in it."""
        mark = f"?{digest(text)}"
        if self.space.get(key, trio.key, column) == mark:
            return
        self.space.note(mark, key, trio.key, column)
        mine = self.draft.value(key, trio.mine, column)
        found = self._finding("left_out", key, trio.mine, column, get(trio.base, column), mine, text)
        yield found.but(case="unreadable")
