"""The rows of a copy as it was sent, as lines of text that every program which saves the copy keeps."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from hmsbook.errors import PackageError
from hmsbook.model.book import Book
from hmsbook.model.frozen import NOTHING, Frozen
from hmsbook.model.records import Row
from hmsbook.opc.cells import MAX_ROW
from hmsbook.standard.book import MAX_SLOTS, tables
from hmsbook.standard.schema import Table

FORMAT = 1
# Excel's cells hold 32,767 characters, and some signs count as two there.
_LONGEST = 15_000
# What a line begins and ends with, so that no program takes blanks away from it or a number for a formula.
_BEGIN, _END = "{:04d}|", "|"


class Base(Frozen):
    """What a copy held when it was sent: its drawn rows by table, and which of its cells were masked.

    `said` are the sentences that only this copy has beside its tables, `heights` the rows of each table.
    """

    rows: Mapping[str, tuple[Row, ...]] = NOTHING
    masked: frozenset[tuple[str, int, str]] = frozenset()
    said: frozenset[str] = frozenset()
    heights: Mapping[str, int] = NOTHING


def base_lines(
    book: Book, masked: Collection[tuple[str, int, str]] = (), said: Collection[str] = ()
) -> tuple[str, ...]:
    """The drawn rows of the book that a copy is made of; nothing of what stands in its masked cells.

    `said` are the sentences that only this copy has.
    """
    found = {
        "slots": book.manifest.slots,
        "masked": sorted(map(list, masked)),
        "said": sorted(said),
        "heights": {key: len(book.drawn_rows[key]) for key in _tables(book)},
        "rows": {key: _packed(table, book, masked) for key, table in _tables(book).items()},
    }
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    parts = [text[at : at + _LONGEST] for at in range(0, len(text), _LONGEST)]
    head = json.dumps({"hmsbook_base": FORMAT, "lines": len(parts), "sha256": _digest(text)})
    return (head, *(f"{_BEGIN.format(number)}{part}{_END}" for number, part in enumerate(parts, 1)))


def _tables(book: Book) -> dict[str, Table]:
    known = tables(book.manifest.slots)
    return {key: known[key] for key in book.drawn_rows if key in known}


def _packed(table: Table, book: Book, masked: Collection[tuple[str, int, str]]) -> list[list[Any]]:
    """The rows of a table that hold anything, each as its index, its values and those of people's columns."""
    found = ((row, _values(table, row, masked)) for row in book.drawn_rows[table.key])
    return [[row.index, values, dict(row.extra or NOTHING)] for row, values in found if values or row.extra]


def _values(table: Table, row: Row, masked: Collection[tuple[str, int, str]]) -> dict[str, Any]:
    return {
        key: table.column(key).kind.json(value)
        for key, value in row.values.items()
        if (table.key, row.index, key) not in masked
    }


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def read_base(lines: Sequence[str]) -> Base:
    """What a copy held when it was sent; PackageError when the lines are not those that were written."""
    try:
        return _base(json.loads(_whole(lines)))
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        raise PackageError("base_damaged") from None


def _whole(lines: Sequence[str]) -> str:
    """The text of all lines; ValueError when one is missing or changed."""
    head = json.loads(lines[0])
    if head["hmsbook_base"] != FORMAT:
        raise ValueError
    text = "".join(_parts(lines[1 : head["lines"] + 1]))
    if _digest(text) != head["sha256"]:
        raise ValueError
    return text


def _parts(lines: Iterable[str]) -> Iterator[str]:
    """What stands between the marks of each line."""
    start = len(_BEGIN.format(1))
    return (line.strip()[start : -len(_END)] for line in lines)


def _base(found: Mapping[str, Any]) -> Base:
    known = tables(_number(found["slots"], MAX_SLOTS))
    rows = {key: tuple(_rows(known[key], packed)) for key, packed in found["rows"].items()}
    masked = frozenset((table, index, column) for table, index, column in found["masked"])
    heights = {str(key): _number(it, MAX_ROW) for key, it in found["heights"].items()}
    return Base(rows, masked, frozenset(map(str, found["said"])), heights)


def _number(found: Any, most: int) -> int:
    """A number that can be one; ValueError for any other, which would make work without end."""
    if type(found) is not int or not 0 <= found <= most:
        raise ValueError
    return found


def _rows(table: Table, packed: Iterable[tuple[int, Mapping[str, Any], Mapping[str, Any]]]) -> Iterator[Row]:
    for index, values, extra in packed:
        read = {key: table.column(key).kind.parse(value) for key, value in values.items()}
        yield Row(table.key, read, index=_number(index, MAX_ROW), extra=dict(extra.items()) or None)
