"""Rules about ids: each stands once, and what points to it finds it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hmsbook.model.records import Row
from hmsbook.rules.base import Finding, Findings, Subject, rule
from hmsbook.standard.book import TABLES
from hmsbook.standard.kinds import Reference
from hmsbook.standard.schema import Table

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
    cases=("unknown", "twice", "values_of_nothing"),
    source="Convention of this workbook: ids join the tables, so each has to be found, and once.",
)
def ids_are_found_once(subject: Subject) -> Findings:
    """No id points to nothing, and no id is used twice."""
    for table in TABLES.values():
        yield from _twice(subject, table)
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
