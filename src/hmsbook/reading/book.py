"""The book of a raw workbook: rows by table, and a problem for each thing that could not be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from hmsbook.model.book import Book, Manifest
from hmsbook.model.problems import Problem
from hmsbook.model.raw import RawBook, RawCell, RawRow, RawTable
from hmsbook.model.records import Place, Row
from hmsbook.reading.headers import Headers, read_headers
from hmsbook.standard.book import tables
from hmsbook.standard.kinds import Kind, Number, Score, Unreadable
from hmsbook.standard.masks import find_mask
from hmsbook.standard.schema import Column, Table


def read_book(raw: RawBook, manifest: Manifest) -> Book:
    """All rows of all tables; what cannot be read becomes a problem, and the rest is still read."""
    read: dict[str, tuple[Row, ...]] = {}
    drawn: dict[str, tuple[Row, ...]] = {}
    problems: list[Problem] = []
    masked: dict[tuple[str, int, str], tuple[str, int]] = {}
    for key, table in tables(manifest.slots).items():
        found = raw.tables.get(table.name)
        if found is None:
            problems.append(Problem("WBK-1", "W", "table_missing", values={"table": key}))
            continue
        reader = _Reader(table, manifest.language, raw.date1904, is_copy=bool(manifest.values.get("copy")))
        rows = reader.form(found) if table.form else reader.rows(found)
        drawn[key] = tuple(rows)
        read[key] = tuple(row for row in rows if table.is_filled(row))
        problems += reader.problems
        masked |= reader.masked
    return Book(manifest, read, tuple(problems), drawn, masked)


class _Reader:
    """Reads one table, collecting problems."""

    def __init__(self, table: Table, language: str, date1904: bool, *, is_copy: bool) -> None:
        self.table = table
        self.language = language
        self.date1904 = date1904
        self.is_copy = is_copy
        self.problems: list[Problem] = []
        self.masked: dict[tuple[str, int, str], tuple[str, int]] = {}

    @cached_property
    def _columns(self) -> dict[str, Column]:
        return {column.key: column for column in self.table.columns}

    def rows(self, raw: RawTable) -> list[Row]:
        headers = read_headers(self.table, raw.headers, self.language)
        self._report(raw, headers)
        return [self._row(raw, headers, raw.headers, index, row) for index, row in enumerate(raw.rows)]

    def form(self, raw: RawTable) -> list[Row]:
        """A form is a table on its side: labels in the first column, answers in the second."""
        labels = tuple(row.cells[0] for row in raw.rows)
        answers = tuple(row.cells[1] if len(row.cells) > 1 else RawCell(None, "") for row in raw.rows)
        headers = read_headers(self.table, labels, self.language)
        self._report(raw, headers)
        return [self._row(raw, headers, labels, 0, RawRow(0, answers))]

    def _report(self, raw: RawTable, headers: Headers) -> None:
        for cell in headers.doubled:
            self._add("WBK-1", "W", "header_twice", Place(raw.sheet, cell.address), header=cell.value)
        # One missing and one unknown are most likely the same column under a new name.
        likely = headers.own if len(headers.own) == len(headers.missing) == 1 else raw.headers
        for key in headers.missing:
            place = Place(raw.sheet, likely[0].address)
            self._add("WBK-1", "W", "column_missing", place, table=self.table.key, column=key)
        for merged in raw.merged:
            self._add("WBK-2", "E", "merged", Place(raw.sheet, merged.split(":")[0]), range=merged)

    def _row(self, raw: RawTable, headers: Headers, shown: Sequence[RawCell], index: int, row: RawRow) -> Row:
        """One row; `shown` are the headers as they stand, of a form the labels beside its answers."""
        values: dict[str, Any] = {}
        extra: dict[str, Any] = {}
        for position, (key, cell) in enumerate(zip(headers.keys, row.cells, strict=False)):
            if cell.value is None or (isinstance(cell.value, str) and not cell.value.strip()):
                continue
            if key is not None:
                self._cell(self._columns[key], cell, raw.sheet, index, values)
            else:
                extra[_own_header(shown, position)] = cell.value
        known = zip(headers.keys, row.cells, strict=False)
        cells = {key: cell.address for key, cell in known if key is not None}
        return Row(self.table.key, values, raw.sheet, cells, index, extra or None)

    def _cell(self, column: Column, cell: RawCell, sheet: str, index: int, values: dict[str, Any]) -> None:
        if column.owned:
            self._owned(column, cell, Place(sheet, cell.address), index)
            return
        hidden = find_mask(cell.value) if self.is_copy and isinstance(column.kind, Number) else None
        if hidden:
            self.masked[self.table.key, index, column.key] = hidden
            return
        if cell.error:
            self._unreadable(column, Place(sheet, cell.address), "error_value", {"found": cell.value})
            return
        try:
            values[column.key] = column.kind.read(cell, self.language, date1904=self.date1904)
        except Unreadable as reason:
            self._unreadable(column, Place(sheet, cell.address), reason.key, reason.params)

    def _owned(self, column: Column, cell: RawCell, place: Place, index: int) -> None:
        """A computed cell says nothing that is read, but it has to be computed."""
        if not cell.formula:
            where = {"table": self.table.key, "column": column.key, "row": index}
            self._add("WBK-1", "W", "formula_gone", place, **where, found=cell.value)

    def _unreadable(self, column: Column, place: Place, case: str, values: Mapping[str, object]) -> None:
        where = {"table": self.table.key, "column": column.key}
        self._add(_code(self.table, column.kind), "E", case, place, **where, **values)

    def _add(self, code: str, severity: str, case: str, place: Place, **values: object) -> None:
        self.problems.append(Problem(code, severity, case, place, values))


def _own_header(shown: Sequence[RawCell], position: int) -> str:
    return str(shown[position].value or f"#{position + 1}")


def _code(table: Table, kind: Kind) -> str:
    if table.key in ("values", "basis"):
        return "IND-3"
    return "PRI-1" if isinstance(kind, Score) else "WBK-2"
