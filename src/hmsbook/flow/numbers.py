"""Numbers for rows a person added without one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import count

from hmsbook.model.book import Book
from hmsbook.standard.book import TABLES, slot_ids
from hmsbook.standard.drawn import highest
from hmsbook.standard.kinds import Id


def new_ids(book: Book) -> dict[tuple[str, int], str]:
    """The next free id for each filled row without one, by table and index of the row.

    An indicator gets back the id its row was drawn with, since that is a column of the monthly values.
    """
    found = _lost_slots(book)
    for key, table in TABLES.items():
        kind = table.id_kind
        if kind is None or key in ("indicators", "process"):
            continue
        free = _free(book, key, kind)
        for row in book.rows.get(key, ()):
            if not row.get("id"):
                found[key, row.index] = next(free)
    return found


def _free(book: Book, table: str, kind: Id) -> Iterator[str]:
    """The ids after the highest so far that no row has."""
    taken = {row.get("id") for row in book.drawn_rows.get(table, ())}
    return (
        found for number in count(highest(book, table) + 1) if (found := kind.number(number)) not in taken
    )


def _lost_slots(book: Book) -> dict[tuple[str, int], str]:
    rows = book.drawn_rows.get("indicators", ())
    taken = {row.get("id") for row in rows}
    free = [slot for slot in slot_ids(book.manifest.slots) if slot not in taken]
    bare = [row.index for row in book.rows.get("indicators", ()) if not row.get("id")]
    return {("indicators", index): slot for index, slot in zip(bare, free, strict=False)}


def counters_text(book: Book) -> str:
    """The counters after numbering the new rows, as the manifest keeps them."""
    added = Counter(table for table, _ in new_ids(book))
    numbered = [key for key, table in TABLES.items() if table.id_kind]
    return ";".join(f"{key}={highest(book, key) + added[key]}" for key in numbered)
