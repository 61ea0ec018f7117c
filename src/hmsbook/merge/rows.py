"""Which row of one workbook is which row of another, also where rows were sorted, copied or put in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from hmsbook.merge.values import bare, digest
from hmsbook.model.records import Row
from hmsbook.standard.schema import Table

# What tells a row without an id from the others: the best way first.
_WAYS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "values": (("month",),),
    "group": (("email",), ("name",)),
    "recalculations": (("indicator", "from_month"), ("indicator",)),
    "why": (("indicator", "month", "by"), ("indicator", "month")),
    "basis": (("month", "indicator", "source"), ("month", "indicator")),
    "votes": (("member", "proposal"),),
    "events": (("month", "text"), ("month",)),
    "survey": (("round", "theme", "subgroup_kind", "subgroup"),),
    "mapping": (("round", "table", "text"), ("round", "text")),
    "communication": (("message",),),
}
# Of these there is one for each person, month or theme: two that say the same of it are one.
ONLY_ONE = frozenset(("group", "recalculations", "basis", "votes", "survey"))
# Tables of one row, and those whose rows stand there from the start.
SINGLE = frozenset(("unit", "weights"))
# More pairs than this are not gone through to find which rows are alike.
_MOST_PAIRS = 250_000

Pairs = list[tuple[Row, Row | None]]
Key = tuple[Hashable, ...]


def ways(table: Table) -> tuple[tuple[str, ...], ...]:
    """The columns by which rows of a table are known, the best first."""
    if table.key in SINGLE:
        return ((),)
    return (("id",),) if table.id_kind else _WAYS.get(table.key, ())


def key_of(row: Row, columns: Sequence[str]) -> Key | None:
    """What a row holds in these columns; None where one of them is empty."""
    key = tuple(_folded(bare(row.get(column))) for column in columns)
    return None if None in key else key


def _folded(value: Hashable) -> Hashable:
    """A name is the same in capitals."""
    return (
        tuple(it.casefold() if isinstance(it, str) else it for it in value)
        if isinstance(value, tuple)
        else value
    )


def content(row: Row) -> frozenset[tuple[str, Hashable]]:
    """All that stands in a row but its id."""
    return frozenset((key, found) for key, value in _all(row) if (found := bare(value)) is not None)


def print_of(row: Row) -> str:
    """A few letters that stand for all that a row holds."""
    return digest(", ".join(sorted(map(repr, content(row)))))


def _all(row: Row) -> Iterator[tuple[str, Any]]:
    yield from ((key, value) for key, value in row.values.items() if key != "id")
    yield from ((f"#{header}", value) for header, value in (row.extra or {}).items())


class Paired:
    """The rows of a base, each with its row in another workbook, and the rows there that are none of them."""

    def __init__(self, table: Table, base: Iterable[Row], other: Iterable[Row]) -> None:
        self._base, self._other = list(base), list(other)
        self._found: dict[int, Row] = {}
        for columns in ways(table):
            self._match(lambda row, columns=columns: key_of(row, columns))  # type: ignore[misc]
        if table.key not in SINGLE and table.key != "values":
            self._match(lambda row: content(row) or None)
        if not (table.id_kind or table.key in SINGLE or table.key == "values"):
            self._match(lambda _row: True)

    @property
    def pairs(self) -> Pairs:
        """Each row of the base, with None where it is gone."""
        return [(row, self._found.get(at)) for at, row in enumerate(self._base)]

    @property
    def more(self) -> list[Row]:
        """The rows that are no row of the base."""
        taken = {id(row) for row in self._found.values()}
        return [row for row in self._other if id(row) not in taken]

    def _match(self, key: Callable[[Row], Hashable | None]) -> None:
        """Pair what has the same key and is not paired yet: those that are most alike first."""
        there: dict[Hashable, list[Row]] = {}
        for row in self.more:
            if (found := key(row)) is not None:
                there.setdefault(found, []).append(row)
        here: dict[Hashable, list[int]] = {}
        for at, row in enumerate(self._base):
            if at not in self._found and (found := key(row)) in there:
                here.setdefault(found, []).append(at)
        for found, places in here.items():
            self._most_alike(places, there[found], required=found is True)

    def _most_alike(self, places: Sequence[int], rows: Sequence[Row], *, required: bool) -> None:
        if len(places) * len(rows) > _MOST_PAIRS:
            return
        scored = [
            (-_alike(self._base[at], row), order, at) for at in places for order, row in enumerate(rows)
        ]
        taken: set[int] = set()
        for score, order, at in sorted(scored):
            enough = not required or -score * 2 >= max(1, len(self._base[at].values))
            if enough and at not in self._found and order not in taken:
                self._found[at] = rows[order]
                taken.add(order)


def _alike(one: Row, other: Row) -> int:
    """In how many columns two rows hold the same."""
    return sum(1 for key, value in _all(one) if bare(value) == bare(dict(_all(other)).get(key)))


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


def base_key(row: Row) -> str:
    """What a row of the base is called in the ledger: its number, else its place."""
    return str(row.get("id") or f"@{row.index}")


def ledger_name(table: Table, row: Row) -> str:
    """What a new row is called in the ledger: its number, else what tells it from others."""
    if row.get("id"):
        return f"+{row.get('id')}"
    columns = next((it for it in ways(table) if key_of(row, it) is not None), None)
    known = [row.get(column) for column in columns] if columns else print_of(row)
    return f"+#{digest(known)}"


def ledger_names(table: Table, rows: Sequence[Row]) -> list[str]:
    """The same for all new rows of a table, with a number where two are called the same."""
    found: list[str] = []
    used: Counter[str] = Counter()
    for name in (ledger_name(table, row) for row in rows):
        used[name] += 1
        found.append(f"{name}~{used[name]}" if used[name] > 1 else name)
    return found
