"""The book of a new workbook: empty numbered rows, and whatever rows it starts with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from hmsbook.errors import UsageError
from hmsbook.model.book import Book, Manifest
from hmsbook.model.dates import add_months
from hmsbook.model.records import Row
from hmsbook.standard.book import VERSION, tables
from hmsbook.standard.drawn import filled_rows
from hmsbook.standard.kinds import Id
from hmsbook.standard.schema import Table
from hmsbook.texts.files import load
from hmsbook.texts.words import words

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
SPARE = {"values": 12}
DEFAULT_SPARE = 10


def new_book(
    rows: Rows, *, language: str, method: str, first_month: date, slots: int, pinned_today: date | None = None
) -> Book:
    """A book with the rows given and empty rows to fill, as the frame of a new workbook."""
    extra = {"pinned_today": pinned_today} if pinned_today else {}
    manifest = Manifest(standard=VERSION, language=language, slots=slots, values=extra)
    drawn: dict[str, tuple[Row, ...]] = {}
    for key, table in tables(slots).items():
        given = _given(table, rows.get(key, ()), language, method, first_month)
        drawn[key] = tuple(Row(key, values, index=index) for index, values in enumerate(given))
    return Book(
        manifest, {key: filled_rows(tables(slots)[key], found) for key, found in drawn.items()}, (), drawn
    )


def _given(
    table: Table, rows: Sequence[Mapping[str, Any]], language: str, method: str, first_month: date
) -> list[dict[str, Any]]:
    if table.key == "values":
        return _months(table, rows, first_month)
    if table.key == "process":
        given = {row["id"]: row for row in rows}
        return [{**step, **given.get(step["id"], {})} for step in steps(language, method)]
    if table.key == "weights" and not rows:
        return [{column.key: 1 for column in table.columns}]
    if kind := table.id_kind:
        return _numbered(table, kind, rows)
    spare = 0 if table.form or table.key == "weights" else DEFAULT_SPARE
    found = [dict(row) for row in rows]
    return found + [{} for _ in range(max(table.rows, len(found) + spare) - len(found))]


def _numbered(table: Table, kind: Id, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows at the place their id says; numbered empty rows between and after them."""
    key = table.columns[0].key
    given = {row[key]: dict(row) for row in rows if row.get(key)}
    if len(given) < len(rows):
        raise UsageError("rows_without_id", table=table.key)
    ids = [kind.number(number) for number in range(1, max(table.rows, len(given)) + 1)]
    ids += sorted(set(given) - set(ids))
    return [given.get(row_id, {key: row_id}) for row_id in ids]


def _months(table: Table, rows: Sequence[Mapping[str, Any]], first_month: date) -> list[dict[str, Any]]:
    given = {row["month"]: dict(row) for row in rows}
    first = min([first_month, *given])
    last = max([add_months(first, table.rows - 1), *(add_months(month, SPARE["values"]) for month in given)])
    months = [first]
    while months[-1] < last:
        months.append(add_months(months[-1], 1))
    return [given.get(month, {"month": month}) for month in months]


def steps(language: str, method: str) -> list[dict[str, Any]]:
    """The rows of a method's steps, none begun, in its words."""
    titles = (
        words(language).text(f"steps.{method}.{step}.title") for step in load("methods.toml")[method]["steps"]
    )
    return [
        {"id": f"S{number:02d}", "step": title, "status": "not_started"}
        for number, title in enumerate(titles, 1)
    ]
