"""Books of a few rows, made from drawn tables or at random, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from hmsbook.model.book import Book, Manifest
from hmsbook.model.records import Row
from hmsbook.standard.book import tables
from hmsbook.standard.schema import Table
from tests.reading.test_kinds import TEXTS, VALUES

SLOTS = 4
TABLES: dict[str, Table] = tables(SLOTS)

Rows = Sequence[Mapping[str, Any]]


def book_of(rows: Mapping[str, Rows], **manifest: Any) -> Book:
    """A book with these drawn rows, their values as Python has them."""
    drawn = {
        key: tuple(
            Row(
                key,
                {name: value for name, value in row.items() if name != "extra"},
                key,
                None,
                at,
                row.get("extra"),
            )
            for at, row in enumerate(found)
        )
        for key, found in rows.items()
    }
    kept = {key: tuple(row for row in found if _is_filled(key, row)) for key, found in drawn.items()}
    return Book(Manifest(slots=SLOTS, **manifest), kept, (), drawn)


def _is_filled(key: str, row: Row) -> bool:
    table = TABLES[key]
    drawn = {table.columns[0].key} if table.id_kind or table.slots_written else set()
    return bool(row.extra) or any(name not in drawn for name in row.values)


@st.composite
def rows(draw: st.DrawFn, key: str, count: int = 4) -> list[dict[str, Any]]:
    """Rows of a table, their values of each column's kind, some of them without any."""
    columns = [column for column in TABLES[key].columns if not column.owned]
    return [
        {
            column.key: draw(VALUES[column.kind.name](column.kind))
            for column in draw(st.lists(st.sampled_from(columns), max_size=4, unique_by=lambda it: it.key))
        }
        | ({"extra": {draw(TEXTS): draw(TEXTS)}} if draw(st.integers(0, 5)) == 0 else {})
        for _ in range(draw(st.integers(0, count)))
    ]


@st.composite
def books(draw: st.DrawFn) -> Book:
    """A book with a few rows in a few tables."""
    keys = draw(st.lists(st.sampled_from(sorted(TABLES)), min_size=1, max_size=4, unique=True))
    return book_of({key: draw(rows(key)) for key in keys})
