"""What people made themselves and asked to have in a copy: their columns and sheets, as plain cells.

Only what is typed goes along. A formula's value could come from anything, so it goes along only where all
formulas of its sheet stay on that sheet; formats, charts, pictures and comments never do.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from hmsbook.errors import LeakError, UsageError
from hmsbook.hosts.file import FileHost
from hmsbook.hosts.host import Host
from hmsbook.hosts.own_sheets import BLIND
from hmsbook.hosts.side import column_widths
from hmsbook.model.book import Book
from hmsbook.model.kept import KeptCell, OwnColumn, OwnSheet
from hmsbook.model.raw import RawBook
from hmsbook.model.records import Place, Row
from hmsbook.opc.cells import ErrorValue, Position, cell_name
from hmsbook.opc.formulas import functions, references
from hmsbook.opc.looks import Looks
from hmsbook.opc.rels import targets
from hmsbook.opc.sheet import Cell, SheetScan
from hmsbook.opc.tree import tree
from hmsbook.opc.workbook import SheetInfo
from hmsbook.sharing.permitted import LeftOut
from hmsbook.sharing.scan import Traces
from hmsbook.standard.book import SHEETS, TABLES
from hmsbook.standard.kinds import as_text
from hmsbook.texts.words import Words, plain

_OURS = "_hms"
_MOST_COLUMNS = 200
# A format may hold words of its own, between marks, after strokes or as a currency.
_WORDLESS = re.compile(r"(?!@\Z)(?:[-0#?.,%/: dmyhs;@()]|\\[-. /:]|\[\$-[0-9A-F]+\])+", re.ASCII)


def own_sheets(host: Host) -> list[SheetInfo]:
    """The sheets that people made, from the left."""
    spots = (host.workbook.resolve(f"hms_sheet_{sheet.key}") for sheet in SHEETS)
    ours = {spot[0].part for spot in spots if spot is not None}
    ours |= {it.sheet.part for it in host.workbook.tables if it.name.removeprefix("hms_") in TABLES}
    return [it for it in host.workbook.sheets if it.part not in ours and not it.name.startswith(_OURS)]


def own_columns(book: Book) -> dict[str, list[str]]:
    """The headers of the columns that people added, by table, as far as they hold anything."""
    found = ((row.table, header) for rows in book.rows.values() for row in rows for header in row.extra or ())
    listed: dict[str, list[str]] = {}
    for table, header in dict.fromkeys(found):
        listed.setdefault(table, []).append(header)
    return listed


def wanted_columns(book: Book, asked: Sequence[str]) -> dict[str, list[str]]:
    """Which of people's own columns go along; UsageError where one that is asked for is not there."""
    own = own_columns(book)
    known = {header for headers in own.values() for header in headers}
    _require_known("unknown_own_column", asked, known)
    wanted = set(map(plain, asked))
    return {table: [it for it in headers if plain(it) in wanted] for table, headers in own.items()}


def wanted_sheets(host: Host, asked: Sequence[str]) -> list[SheetInfo]:
    """Which of people's own sheets go along; UsageError where one that is asked for is not there."""
    own = own_sheets(host)
    _require_known("unknown_own_sheet", asked, {it.name for it in own})
    wanted = set(map(plain, asked))
    return [it for it in own if plain(it.name) in wanted]


def require_harmless_names(names: Iterable[str], traces: Traces, *, nameless: bool) -> None:
    """Raise LeakError where the name of a sheet or the header of a column tells of what stays."""
    for name in names:
        if traces.told_in(name, people=nameless):
            raise LeakError("own_name_tells", name=name)


def _require_known(key: str, asked: Sequence[str], known: Collection[str]) -> None:
    names = set(map(plain, known))
    for name in asked:
        if plain(name) not in names:
            raise UsageError(key, found=name, known=", ".join(sorted(known)))


def not_asked_for(
    host: Host, book: Book, sheets: Sequence[SheetInfo], columns: Mapping[str, Sequence[str]]
) -> Iterator[LeftOut]:
    """What people made and nobody asked to have in the copy."""
    for table, headers in own_columns(book).items():
        row = book.rows[table][0]
        for _ in set(headers) - set(columns.get(table, ())):
            yield LeftOut("column", "unnamed", Place(row.sheet))
    for sheet in own_sheets(host):
        if sheet not in sheets:
            yield LeftOut("sheet", "unnamed", Place(sheet.name))


# Columns


def without_formulas(book: Book, raw: RawBook) -> Book:
    """The book as if nothing were computed in people's own columns."""
    rows, drawn = (
        {table: tuple(_typed_only(row, raw) for row in found) for table, found in part.items()}
        for part in (book.rows, book.drawn_rows)
    )
    return book.but(rows=rows, drawn_rows=drawn)


def _typed_only(row: Row, raw: RawBook) -> Row:
    if not row.extra:
        return row
    table = raw.tables[TABLES[row.table].name]
    if TABLES[row.table].form:
        cells = {str(it.cells[0].value): it.cells[1] for it in table.rows if len(it.cells) > 1}
    else:
        shown = (str(header.value) for header in table.headers)
        cells = dict(zip(shown, table.rows[row.index].cells, strict=False))
    typed = {
        header: value
        for header, value in row.extra.items()
        if header in cells and not cells[header].formula and not cells[header].error
    }
    return Row(row.table, row.values, row.sheet, row.cells, row.index, typed or None)


def kept_columns(
    book: Book,
) -> tuple[dict[str, tuple[OwnColumn, ...]], dict[tuple[str, int, str], KeptCell]]:
    """People's own columns as a frame draws them, and their cells."""
    columns: dict[str, tuple[OwnColumn, ...]] = {}
    cells: dict[tuple[str, int, str], KeptCell] = {}
    for table, headers in own_columns(book).items():
        keys = {header: f"own:{number}" for number, header in enumerate(headers)}
        columns[table] = tuple(OwnColumn(key, header) for header, key in keys.items())
        for row in book.rows[table]:
            for header, value in (row.extra or {}).items():
                cells[table, row.index, keys[header]] = KeptCell(value)
    return columns, cells


# Sheets


class Sheets:
    """The sheets that people made and asked for, looked through, and what of them stays."""

    def __init__(self, host: Host, traces: Traces, *, nameless: bool, language: Words) -> None:
        self.host, self.traces, self.nameless = host, traces, nameless
        self.taken = {language.text(f"sheets.{sheet.key}.title").casefold() for sheet in SHEETS}
        self.left: list[LeftOut] = []

    def sheet(self, sheet: SheetInfo) -> OwnSheet:
        """One sheet as plain cells."""
        scanned = self.host.scan(sheet)
        formats = _formats(self.host)
        local, pivot = _stays_at_home(scanned), self._has_pivot(sheet)
        cells = {
            at: KeptCell(cell.value, number_format=formats(cell.style))
            for at, cell in scanned.cells.items()
            if self._may_go(sheet, scanned, at, cell, "computed" if pivot else "", local=local)
        }
        return OwnSheet(self._title(sheet.name), cells, _widths(self.host, sheet))

    def _may_go(
        self, sheet: SheetInfo, scanned: SheetScan, at: Position, cell: Cell, why: str, *, local: bool
    ) -> bool:
        why = why or self._why_not(scanned, at, cell, local=local)
        if why and cell.value is not None:
            self.left.append(LeftOut("cell", why, Place(sheet.name, cell_name(at))))
        return not why and cell.value is not None

    def _why_not(self, scanned: SheetScan, at: Position, cell: Cell, *, local: bool) -> str:
        """Why a cell stays: nobody sees it, nobody knows what it computes, or it tells of what stays."""
        if at[0] in scanned.hidden_rows or at[1] in scanned.hidden_cols:
            return "out_of_sight"
        if isinstance(cell.value, ErrorValue) or (cell.is_formula and not local):
            return "computed"
        return self.traces.told_in(as_text(cell.value), people=self.nameless)

    def _has_pivot(self, sheet: SheetInfo) -> bool:
        """Whether a pivot table, which computes from any table, writes what looks typed on a sheet."""
        return isinstance(self.host, FileHost) and bool(targets(self.host.package, sheet.part, "pivotTable"))

    def _title(self, name: str) -> str:
        """A name that no sheet of ours has, in this book's language."""
        if name.casefold() not in self.taken:
            return name
        return f"{name[:27]} (2)"


def _stays_at_home(scanned: SheetScan) -> bool:
    """Whether no formula of a sheet looks anywhere but on the sheet."""
    return all(_is_local(cell.formula) for cell in scanned.cells.values() if cell.is_formula)


def _is_local(formula: str | None) -> bool:
    found = list(references(formula or ""))
    named = all(it.kind == "area" and not it.sheet for it in found)
    return named and functions(formula or "").isdisjoint(BLIND)


def _formats(host: Host) -> _Formats:
    return _Formats(Looks(host.package, host.workbook.part) if isinstance(host, FileHost) else None)


class _Formats:
    """How numbers are shown, by number of the cell's format; nothing where that cannot be told."""

    def __init__(self, looks: Looks | None) -> None:
        self.looks = looks

    def __call__(self, style: int) -> str:
        shown = self.looks[style].number_format if self.looks else ""
        return wordless(shown)


def wordless(number_format: str) -> str:
    """A format that says nothing but how numbers are written, or none."""
    return number_format if _WORDLESS.fullmatch(number_format) else ""


def _widths(host: Host, sheet: SheetInfo) -> dict[int, float]:
    if not isinstance(host, FileHost):
        return {}
    stated = column_widths(tree(host.package.read(sheet.part), sheet.part))
    return {number: width for number, (width, _) in stated.items() if width and number <= _MOST_COLUMNS}
