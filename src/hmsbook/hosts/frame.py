"""Whether the frame of a workbook is whole: its names and tables, which some programs drop when they save."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hmsbook.errors import PackageError
from hmsbook.hosts.changes import EMPTY, PREFIX, Scan
from hmsbook.hosts.view import BookView
from hmsbook.opc.workbook import TableInfo
from hmsbook.standard.book import CALC_SHEET, SHEETS


def require_names(workbook: BookView) -> None:
    """Raise PackageError where the names are gone by which hmsbook finds its cells, or never were there."""
    if workbook.resolve(f"{PREFIX}manifest") is not None:
        return
    is_ours = any(sheet.name == CALC_SHEET for sheet in workbook.sheets)
    raise _error(workbook, "names_gone") if is_ours else PackageError("not_ours", path=workbook.path)


def require_tables(workbook: BookView, scan: Scan) -> None:
    """Raise PackageError where no table is left, or one has lost its headers or columns."""
    tables = _ours(workbook)
    if not tables:
        raise _error(workbook, "tables_gone", _table_sheets(workbook))
    _require_once(workbook, tables)
    broken = [table.sheet.name for table in tables if _is_broken(table, scan)]
    if broken:
        raise _error(workbook, "tables_broken", broken)


def _require_once(workbook: BookView, tables: Sequence[TableInfo]) -> None:
    """Refuse a table that is there twice: nobody can tell which of them people fill in."""
    for name, count in Counter(table.name for table in tables).items():
        if count > 1:
            sheets = ", ".join(dict.fromkeys(table.sheet.name for table in tables if table.name == name))
            raise PackageError("table_twice", path=workbook.path, table=name, sheets=sheets)


def _ours(workbook: BookView) -> list[TableInfo]:
    return [table for table in workbook.tables if table.name.startswith(PREFIX)]


def _is_broken(table: TableInfo, scan: Scan) -> bool:
    """Whether columns are missing, or the header row counts as data or stands on another sheet."""
    top, left, _, right = table.ref
    if len(table.columns) != right - left + 1:
        return True
    cells = scan(table.sheet).cells
    shown = [cells.get((top, left + at), EMPTY).value for at in range(len(table.columns))]
    if not table.header_rows:
        return shown == table.columns
    # A header may read otherwise than its column is called; most of them never do.
    same = sum(str(one) == other for one, other in zip(shown, table.columns, strict=True))
    return 2 * same < len(table.columns)


def _table_sheets(workbook: BookView) -> list[str]:
    """The present names of the sheets that have tables."""
    spots = (workbook.resolve(f"{PREFIX}sheet_{sheet.key}") for sheet in SHEETS if sheet.tables)
    return [spot[0].name for spot in spots if spot is not None]


def _error(workbook: BookView, key: str, sheets: Sequence[str] = ()) -> PackageError:
    """The error, which names the program where the file tells it."""
    program = workbook.program
    values = {"path": workbook.path, "sheets": ", ".join(dict.fromkeys(sheets))}
    return PackageError(f"{key}_by", program=program, **values) if program else PackageError(key, **values)
