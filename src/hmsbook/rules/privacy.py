"""Rules about privacy that hold for the master itself."""

from __future__ import annotations

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
    seen: dict[object, bool] = {}
    for rows in subject.book.rows.values():
        for row in rows:
            yield from _in_row(row, seen)


def _in_row(row: Row, seen: dict[object, bool]) -> Findings:
    """Most texts stand in many rows, so each is looked at once."""
    for key, value in row.values.items():
        if value not in seen:
            seen[value] = holds_identity_number(value)
        if seen[value]:
            yield Finding("identity_number", row.place(key))
    for header, value in (row.extra or {}).items():
        if holds_identity_number(value):
            yield Finding("identity_number_own_column", row.place(), {"header": header})
