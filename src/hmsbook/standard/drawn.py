"""Rows as they are drawn: which of them hold something, and the highest number a table has used."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hmsbook.model.book import Book
from hmsbook.model.records import Row
from hmsbook.standard.kinds import MOST_DIGITS
from hmsbook.standard.schema import Table

_NUMBER = re.compile(rf"[A-ZÆØÅ]+([0-9]{{1,{MOST_DIGITS}}})\Z")
_COUNTER = re.compile(rf"(\w+)=([0-9]{{1,{MOST_DIGITS}}})\Z")


def filled_rows(table: Table, rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows with something besides the id or month they are drawn with."""
    drawn = {table.columns[0].key} if table.id_kind or table.slots_written else set()
    return tuple(row for row in rows if row.extra or row.values.keys() - drawn)


def highest(book: Book, table: str) -> int:
    """The highest number a table has used so far, also by rows that are gone."""
    ids = (_NUMBER.match(str(row.get("id") or "")) for row in book.drawn_rows.get(table, ()))
    drawn = max((int(found[1]) for found in ids if found), default=0)
    return max(drawn, counters(book).get(table, 0))


def counters(book: Book) -> dict[str, int]:
    """The highest number each table had at the last update, as the manifest keeps them."""
    text = str(book.manifest.values.get("counters") or "")
    found = map(_COUNTER.match, text.split(";"))
    return {pair[1]: int(pair[2]) for pair in found if pair}
