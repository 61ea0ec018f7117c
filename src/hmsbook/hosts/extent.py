"""How far down a table is in use: people and programs drag tables to the end of the sheet."""

from __future__ import annotations

from collections.abc import Set

from hmsbook.errors import PackageError
from hmsbook.hosts.changes import DRAWN, headers
from hmsbook.opc.cells import MAX_AREA
from hmsbook.opc.sheet import Cell, SheetScan
from hmsbook.opc.workbook import TableInfo
from hmsbook.reading.headers import find_column
from hmsbook.standard.schema import Table


def last_row(table: TableInfo, scanned: SheetScan, declared: Table | None, language: str) -> int:
    """The last row to read; PackageError when there is too much above it to go through cell by cell.

    Far down only what people entered counts, not the formulas that Excel fills a column of ours with.
    """
    top, left, bottom, right = table.ref
    first, last = top + table.header_rows, bottom - table.totals_rows
    if last - first < DRAWN:
        return last
    ours = _computed(table, scanned, declared, language)
    used = (
        at[0]
        for at, cell in scanned.cells.items()
        if left <= at[1] <= right and _used(cell, computed=at[1] in ours)
    )
    last = max((row for row in used if row <= last), default=0)
    last = max(last, first + DRAWN - 1)
    if (last - first + 1) * (right - left + 1) > MAX_AREA:
        raise PackageError("table_too_tall", table=table.name, sheet=table.sheet.name, row=last)
    return last


def _computed(table: TableInfo, scanned: SheetScan, declared: Table | None, language: str) -> Set[int]:
    """The columns of the sheet that a formula of ours stands in."""
    if declared is None:
        return frozenset()
    keys = (find_column(declared, str(header), language) for header in headers(scanned, table))
    owned = {column.key for column in declared.columns if column.owned}
    return {table.ref[1] + index for index, key in enumerate(keys) if key in owned}


def _used(cell: Cell, *, computed: bool) -> bool:
    return cell.value not in (None, "") and not (computed and cell.is_formula)
