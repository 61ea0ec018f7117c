"""Rules about ids: each stands once, and what points to it finds it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from hmsbook.model.records import Row
from hmsbook.rules.base import Finding, Findings, Subject, rule
from hmsbook.standard.book import TABLES
from hmsbook.standard.kinds import MOST_DIGITS, Reference
from hmsbook.standard.schema import Table

_TOO_LONG = re.compile(rf"[0-9]{{{MOST_DIGITS + 1}}}\Z")
_SHOWN = 24

# Every column that points to rows of another table, by the declaration: (table, column, table pointed to).
POINTERS = tuple(
    (table.key, column.key, column.kind.table)
    for table in TABLES.values()
    for column in table.columns
    if isinstance(column.kind, Reference)
)


@rule(
    "REF-1",
    "E",
    cases=("unknown", "twice", "too_long", "values_of_nothing"),
    source="Convention of this workbook: ids join the tables, so each has to be found, and once.",
)
def ids_are_found_once(subject: Subject) -> Findings:
    """No id points to nothing, is used twice, or has a number that nobody counts to."""
    for table in TABLES.values():
        yield from _twice(subject, table)
        yield from _too_long(subject, table)
    for table_key, column, target in POINTERS:
        yield from _unknown(subject, table_key, column, target)
    yield from _values_of_nothing(subject)


def _twice(subject: Subject, table: Table) -> Findings:
    if table.id_kind is None:
        return
    key, first = table.columns[0].key, dict[str, Row]()
    for row in subject.filled(table.key):
        found = row.get(key)
        if found and (earlier := first.setdefault(found, row)) is not row:
            yield Finding("twice", row.place(key), {"found": found, "other": earlier.place(key).cell})


def _too_long(subject: Subject, table: Table) -> Findings:
    key = table.columns[0].key
    for row in subject.filled(table.key) if table.id_kind else ():
        found = str(row.get(key) or "")
        if _TOO_LONG.search(found):
            shown = found if len(found) <= _SHOWN else f"{found[:_SHOWN]}…"
            yield Finding("too_long", row.place(key), {"found": shown, "maximum": MOST_DIGITS})


def _unknown(subject: Subject, table: str, column: str, target: str) -> Findings:
    known = ids_of(subject, target)
    for row in subject.filled(table):
        found = row.values.get(column)
        if found is not None and found not in known:
            for missing in _missing(found, known):
                yield Finding("unknown", row.place(column), {"found": missing, "table": target})


def _missing(found: str | Iterable[str], known: set[str]) -> Iterator[str]:
    ids = (found,) if isinstance(found, str) else found
    return (one for one in dict.fromkeys(ids) if one not in known)


def _values_of_nothing(subject: Subject) -> Findings:
    """One finding a column of values whose indicator is not described, at its first value."""
    known = ids_of(subject, "indicators")
    for key, typed in subject.book.values.items():
        if key not in known and typed:
            yield Finding("values_of_nothing", subject.months[next(iter(typed))].place(key), {"found": key})


def ids_of(subject: Subject, table: str) -> set[str]:
    """The ids of the rows of a table that hold something."""
    key = TABLES[table].columns[0].key
    return {row.values[key] for row in subject.filled(table) if row.values.get(key)}
