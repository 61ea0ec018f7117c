"""What a copy lacks, and has beside its tables: told once, and never taken."""

from __future__ import annotations

from collections.abc import Iterator

from hmsbook.merge.findings import OWN, Finding
from hmsbook.merge.rows import row_name
from hmsbook.merge.sides import NEVER, Sides


def told(sides: Sides) -> Iterator[Finding]:
    """Tables and columns that did not come back, which deletes nothing, and columns that are new."""
    sent = {key for key, rows in sides.copy.base.rows.items() if rows}
    for key in sorted(sent - set(sides.copy.book.drawn_rows) - NEVER):
        yield Finding("left_out", key, case="table_missing")
    for key in sides.paired:
        yield from _missing_columns(sides, key)
        yield from _own_columns(sides, key)


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
        texts = dict(named)
        if texts:
            yield Finding("left_out", key, "", OWN + header, theirs=texts, case="own_column")
