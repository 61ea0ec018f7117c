"""Rows from and to JSON: an object with a list of row objects a table, keys as in the standard."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hmsbook.errors import UsageError
from hmsbook.model.book import Book
from hmsbook.model.records import Row
from hmsbook.standard.book import tables
from hmsbook.standard.kinds import Unreadable
from hmsbook.standard.schema import Table

Rows = dict[str, list[dict[str, Any]]]


def read_data(path: Path, slots: int) -> Rows:
    """The typed rows of a data file; UsageError names the first thing that does not belong."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"), parse_constant=_no_number)
    except FileNotFoundError:
        raise UsageError("file_missing", path=str(path)) from None
    except (OSError, ValueError) as reason:
        raise UsageError("bad_data", path=str(path), reason=str(reason)) from None
    if not isinstance(found, dict) or not all(map(_is_rows, found.values())):
        raise UsageError("bad_data", path=str(path), reason="{table: [{column: value}]}")
    return parse_rows(found, slots)


def _no_number(name: str) -> None:
    raise ValueError(name)


def _is_rows(found: object) -> bool:
    return isinstance(found, list) and all(isinstance(row, dict) for row in found)


def parse_rows(found: Mapping[str, Sequence[Mapping[str, Any]]], slots: int) -> Rows:
    """Rows with values of their column's kind."""
    known = tables(slots)
    if unknown := set(found) - set(known):
        raise UsageError("unknown_table", table=min(unknown), known=", ".join(known))
    parsed = {key: [_row(known[key], row) for row in rows] for key, rows in found.items()}
    _check_months(parsed.get("values", ()))
    return parsed


def _check_months(rows: Sequence[Mapping[str, Any]]) -> None:
    """A month is the place of a row of values, so that two of them would be one."""
    if len({row["month"] for row in rows if "month" in row}) < len(rows):
        raise UsageError("rows_without_month", table="values")


def _row(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    values = {}
    for key, value in row.items():
        if key == "extra":
            continue
        try:
            column = table.column(key)
            if not column.owned:
                values[key] = column.kind.parse(value)
        except KeyError:
            raise UsageError("unknown_column", table=table.key, column=key) from None
        except Unreadable as reason:
            raise UsageError(
                "unknown_choice", table=table.key, column=key, found=reason.params["found"]
            ) from None
    return values


def to_json(book: Book, only: str | None = None) -> dict[str, list[dict[str, Any]]]:
    """Every table's rows as JSON carries them, or one table's."""
    known = tables(book.manifest.slots)
    if only is not None and only not in known:
        raise UsageError("unknown_table", table=only, known=", ".join(known))
    return {
        key: [_json_row(table, row) for row in book.rows.get(key, ())]
        for key, table in known.items()
        if only in (None, key)
    }


def _json_row(table: Table, row: Row) -> dict[str, Any]:
    found = {key: table.column(key).kind.json(value) for key, value in row.values.items()}
    if row.extra:
        found["extra"] = dict(row.extra)
    return found
