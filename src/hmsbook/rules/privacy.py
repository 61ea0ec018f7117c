"""Rules about privacy that hold for the master itself."""

from __future__ import annotations

from collections.abc import Iterable

from hmsbook.model.records import Row
from hmsbook.rules.base import Finding, Findings, Subject, rule
from hmsbook.rules.identity import holds_identity_number


@rule(
    "PRV-3",
    "E",
    cases=("identity_number", "identity_number_own_column"),
    source="Personal Data Act § 12: a national identity number only where identification calls for it.",
)
def no_identity_numbers(subject: Subject) -> Findings:
    """Nothing in any table is a national identity number; the sentence never repeats the number."""
    for rows in subject.book.rows.values():
        # Most values stand in many rows, so each is looked at once.
        different = set[object]().union(*(row.values.values() for row in rows))
        yield from _cells(rows, {value for value in different if holds_identity_number(value)})
        yield from _own_columns(rows)


def _cells(rows: Iterable[Row], numbers: set[object]) -> Findings:
    for row in rows if numbers else ():
        for key, value in row.values.items():
            if value in numbers:
                yield Finding("identity_number", row.place(key))


def _own_columns(rows: Iterable[Row]) -> Findings:
    for row in rows:
        for header, value in (row.extra or {}).items():
            if holds_identity_number(value):
                yield Finding("identity_number_own_column", row.place(), {"header": header})
