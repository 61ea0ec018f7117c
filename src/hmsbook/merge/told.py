"""What a copy lacks, and has beside its tables: told once, and never taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hmsbook.merge.findings import OWN, Finding, get
from hmsbook.merge.rows import row_name
from hmsbook.merge.sides import NEVER, Sides
from hmsbook.merge.values import digest


def told(sides: Sides) -> Iterator[Finding]:
    """Tables and columns that did not come back, which deletes nothing, and columns that are new."""
    sent = {key for key, rows in sides.copy.base.rows.items() if rows}
    for key in sorted(sent - set(sides.copy.book.drawn_rows) - NEVER):
        yield Finding("left_out", key, case="table_missing")
    for key in sides.paired:
        yield from _missing_columns(sides, key)
        yield from _own_columns(sides, key)
        yield from _gone_columns(sides, key)


def _missing_columns(sides: Sides, key: str) -> Iterator[Finding]:
    table = sides.draft.tables[key]
    for column in sorted(sides.missing.get(key, ())):
        if not table.column(column).owned:
            yield Finding("left_out", key, "", column, case="column_missing")


def _own_columns(sides: Sides, key: str) -> Iterator[Finding]:
    """The columns they made, with what stands in them."""
    table = sides.draft.tables[key]
    for header in sorted(sides.copy.own.get(key, frozenset()) - sides.draft.own.get(key, frozenset())):
        named = ((row_name(table, row) or str(row.index + 1), it) for row, it in sides.own_texts(key, header))
        yield from _no_column(key, OWN + header, dict(named))


def _gone_columns(sides: Sides, key: str) -> Iterator[Finding]:
    """What they wrote in columns of ours that the workbook has no more."""
    table = sides.draft.tables[key]
    for column in sorted(sides.draft.missing.get(key, ())):
        if not table.column(column).owned:
            yield from _no_column(key, column, dict(_written(sides, key, column)))


def _written(sides: Sides, key: str, column: str) -> Iterator[tuple[str, Any]]:
    """What they wrote in a column, by what people call the row."""
    table = sides.draft.tables[key]
    sent = {id(theirs): get(base, column) for base, theirs in sides.paired[key].pairs}
    for row in sides.copy.book.drawn_rows[key]:
        if digest(row.get(column)) not in ("", digest(sent.get(id(row)))):
            yield row_name(table, row) or str(row.index + 1), table.column(column).kind.json(row.get(column))


def _no_column(key: str, column: str, texts: Mapping[str, Any]) -> Iterator[Finding]:
    """What stands in a column that the workbook has not."""
    if texts:
        yield Finding("left_out", key, "", column, theirs=texts, case="own_column")
