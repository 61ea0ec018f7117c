"""What was taken from a copy before: by the same person, where this return goes on from that one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from hmsbook.merge.findings import get
from hmsbook.merge.ledger import Ledger, Space
from hmsbook.merge.rows import base_key, ledger_name, print_of
from hmsbook.merge.sides import Sides
from hmsbook.merge.values import digest
from hmsbook.model.records import Row


def space_of(sides: Sides, ledger: Ledger) -> Space:
    """What was taken from this copy; of another return by the same person that goes its own way, not."""
    copy = sides.copy
    place = (copy.edition, copy.audience, copy.person.name)
    found = ledger.space(*place)
    if copy.person.known and _Before(sides).goes_on(found):
        return found
    return ledger.space(*place, _print(sides))


def _print(sides: Sides) -> str:
    """What stands for all that a copy holds."""
    rows = sides.copy.book.rows
    return digest(", ".join(sorted(print_of(row) for key in sides.paired for row in rows.get(key, ()))))


class _Before:
    """Whether a return goes on from one that was merged before."""

    def __init__(self, sides: Sides) -> None:
        self.sides = sides

    def goes_on(self, space: Space) -> bool:
        """Whether this return has more of what was taken before than it has as it was sent."""
        votes = [self._has(parts, value) for parts, value in space.entries()]
        return sum(vote for vote in votes if vote is not None) >= 0

    def _has(self, parts: Sequence[str], value: str) -> int | None:
        """1 where what was taken before is there, or something newer; -1 where all is as it was sent."""
        if len(parts) != 3 or parts[0] not in self.sides.paired:
            return None
        table, key, column = parts
        if key.startswith("+"):
            return self._has_added(table, key, column, value)
        pair = self._by_key[table].get(key)
        if pair is None:
            return None
        base, theirs = pair
        if column == "-":
            return 1 if theirs is None or self.sides.is_empty(table, theirs) else -1
        return -1 if digest(get(theirs, column)) == digest(get(base, column)) != value else 1

    def _has_added(self, table: str, key: str, column: str, value: str) -> int | None:
        if not column:
            return None
        declared = self.sides.draft.tables[table]
        called = key.partition("~")[0]
        rows = [row for row in self.sides.paired[table].more if ledger_name(declared, row) == called]
        return 1 if any(digest(get(row, column)) == value for row in rows) else -1

    @cached_property
    def _by_key(self) -> dict[str, dict[str, tuple[Row, Row | None]]]:
        paired = self.sides.paired
        return {key: {base_key(it[0]): it for it in found.pairs} for key, found in paired.items()}
