"""Which column of the standard each header of a table is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from hmsbook.model.frozen import Frozen
from hmsbook.model.raw import RawCell
from hmsbook.standard.schema import Table
from hmsbook.texts.files import LANGUAGES
from hmsbook.texts.words import plain, words


class Headers(Frozen):
    """Column keys by position (None for a person's own column), and what is doubled, missing or own."""

    keys: tuple[str | None, ...]
    doubled: tuple[RawCell, ...]
    missing: tuple[str, ...]
    own: tuple[RawCell, ...]


def read_headers(table: Table, cells: Sequence[RawCell], language: str) -> Headers:
    """The column each header stands for, in the book's language, else in any other."""
    keys: list[str | None] = []
    known = {column.key for column in table.columns}
    doubled: list[RawCell] = []
    own: list[RawCell] = []
    for cell in cells:
        key = find_column(table, str(cell.value or ""), language)
        # The words at the head of a form are no field of it.
        key = key if key in known else None
        if key is None:
            own.append(cell)
        elif key in keys:
            doubled.append(cell)
            key = None
        keys.append(key)
    missing = tuple(column.key for column in table.columns if column.key not in keys)
    return Headers(tuple(keys), tuple(doubled), missing, tuple(own))


def find_column(table: Table, header: str, language: str) -> str | None:
    """The key of a header in any shipped language, or None when the column is a person's own."""
    wanted = _bare(header)
    if slot := _slot(table, wanted):
        return slot
    for candidate in (language, *LANGUAGES):
        if key := labels(table.key, candidate).get(wanted):
            return key
    return None


def _slot(table: Table, wanted: str) -> str | None:
    """The key of a slot's column, whose header is its id."""
    columns = table.columns if table.slots_written else ()
    return next((it.key for it in columns if it.key.isupper() and it.key.casefold() == wanted), None)


@cache
def labels(table: str, language: str) -> Mapping[str, str]:
    """Bare label to column key, with aliases and the keys themselves."""
    entries: dict[str, dict[str, Any]] = words(language).get(f"columns.{table}")
    found: dict[str, str] = {}
    for key, entry in entries.items():
        for label in _names(key, entry):
            found.setdefault(_bare(label), key)
    return found


def _names(key: str, entry: Mapping[str, Any]) -> Iterable[str]:
    return entry["label"], *entry.get("aliases", ()), key


def _bare(header: str) -> str:
    """A header without case, blanks, hyphens and final stops, which people change without noticing."""
    return plain(header).replace("-", "").replace("\N{SOFT HYPHEN}", "").replace(" ", "").rstrip(".:")
