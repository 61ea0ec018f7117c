"""Where in the workbook the rows of a copy stand, and where new ones go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from functools import cached_property

from hmsbook.merge.ledger import Space
from hmsbook.merge.rows import ONLY_ONE, Paired, base_key, content, key_of, ledger_name, ways
from hmsbook.merge.sides import Sides, Trio
from hmsbook.model.records import Row
from hmsbook.standard.schema import Table

_CONTENT = "content"
_Mark = tuple[object, Hashable]


def _marks(table: Table, row: Row) -> Iterator[_Mark]:
    """What a row is found by: what it says it is, where there is only one of each, and all that it holds."""
    for columns in ways(table) if table.key in ONLY_ONE else ():
        key = key_of(row, columns)
        if key is not None:
            yield columns, key
    yield _CONTENT, content(row)


class Placing:
    """The places of a copy's rows in the workbook."""

    def __init__(self, sides: Sides, space: Space) -> None:
        self.sides, self.draft, self.space = sides, sides.draft, space
        # Rows that an earlier return of this copy had deleted.
        self._back: set[int] = set()

    def trios(self, key: str) -> Iterator[Trio]:
        """The rows that were sent, but for those that an earlier return has deleted already."""
        pairs = [it for it in self.sides.paired[key].pairs if not self._was_deleted(key, it[0])]
        here = Paired(self.draft.tables[key], [base for base, _ in pairs], self.draft.rows[key])
        for (base, theirs), (_, mine) in zip(pairs, here.pairs, strict=True):
            if mine is not None:
                self.draft.reserve(key, mine.index)
            yield Trio(base, theirs, mine.index if mine is not None else -1, base_key(base))

    def _was_deleted(self, key: str, base: Row) -> bool:
        return self.space.get(key, base_key(base), "-") is not None

    def added(self, key: str) -> Iterator[Row]:
        """The rows that came back and had not been sent."""
        pairs = self.sides.paired[key].pairs
        back = [theirs for base, theirs in pairs if theirs is not None and self._was_deleted(key, base)]
        self._back |= set(map(id, back))
        rows = (*back, *self.sides.paired[key].more)
        yield from (row for row in rows if not self.sides.is_empty(key, row))

    def place(self, key: str, row: Row, name: str) -> int | None:
        """Where a new row goes: where it was put before, where the same stands already, else an empty row."""
        index = self._known(key, row, name)
        if index is None:
            index = self.draft.place(key, str(row.get("id") or ""))
        if index is not None:
            self.draft.reserve(key, index)
            self._note_number(key, row, self.draft.rows[key][index])
        return index

    def _note_number(self, key: str, theirs: Row, mine: Row) -> None:
        """Note that a row has got another number; what refers to a copied row means the first one."""
        here, there = mine.get("id"), theirs.get("id")
        sent = {row.get("id") for row in self.sides.sent(key)}
        if here and there and here != there and there not in sent:
            self.sides.ids.setdefault(key, {})[str(there)] = str(here)

    @cached_property
    def _fresh(self) -> dict[str, dict[int, Row]]:
        """The rows of the workbook that no row of the base is."""
        found: dict[str, dict[int, Row]] = {}
        for key in self.sides.paired:
            table = self.draft.tables[key]
            more = Paired(table, self.sides.sent(key), self.draft.rows[key]).more
            found[key] = {row.index: row for row in more if table.is_filled(row)}
        return found

    def _known(self, key: str, row: Row, name: str) -> int | None:
        """The row of the workbook that a new row is already."""
        if key == "values" or id(row) in self._back:
            rows = enumerate(self.draft.rows[key])
            return next((at for at, mine in rows if self._has_key(key, row, mine)), None)
        fresh = self._fresh[key]
        found = next((at for at in self._alike(key, row) if at in fresh), None)
        if found is None and (noted := self.space.get(key, name, "")) is not None:
            found = self._where(key, noted)
        if found is not None:
            fresh.pop(found, None)
        return found

    def _alike(self, key: str, row: Row) -> Iterator[int]:
        """Rows of the workbook that hold the same, or that there is only one of."""
        known = self._known_by[key]
        for mark in _marks(self.draft.tables[key], row):
            yield from (
                known.get(mark, ()) if mark[0] != _CONTENT else self._unnumbered(key, row, known[mark])
            )

    def _unnumbered(self, key: str, row: Row, places: Iterable[int]) -> Iterator[int]:
        """Of rows that hold the same, those with the same number are one."""
        others = self._numbers[key] - {row.get("id"), None}
        return (at for at in places if self.draft.rows[key][at].get("id") not in others)

    @cached_property
    def _numbers(self) -> dict[str, set[object]]:
        """The numbers of the rows they added."""
        return {key: {row.get("id") for row in found.more} for key, found in self.sides.paired.items()}

    @cached_property
    def _known_by(self) -> dict[str, defaultdict[_Mark, list[int]]]:
        """The rows of the workbook that no row of the base is, by what they are found by."""
        found: dict[str, defaultdict[_Mark, list[int]]] = {}
        for key, rows in self._fresh.items():
            found[key] = defaultdict(list)
            for at, row in rows.items():
                for mark in _marks(self.draft.tables[key], row):
                    found[key][mark].append(at)
        return found

    def _has_key(self, key: str, row: Row, mine: Row) -> bool:
        """Whether two rows say which row they are, and the same."""
        known = [(key_of(row, it), key_of(mine, it)) for it in ways(self.draft.tables[key])]
        return any(one is not None and one == other for one, other in known)

    def _where(self, key: str, noted: str) -> int | None:
        """The place of a row that was added before: by its number, else by what it held."""
        table = self.draft.tables[key]
        if table.id_kind:
            rows = self.draft.rows[key]
            return next((at for at, row in enumerate(rows) if row.get("id") == noted), None)
        return next((at for at, row in self._fresh[key].items() if ledger_name(table, row) == noted), None)
