"""What a fill means for the sheets of one workbook: which cells, rows and columns, and which formulas."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from math import isclose
from typing import NamedTuple

from hmsbook.flow.fill import Fill
from hmsbook.hosts.others import Expected, others, spelled
from hmsbook.hosts.restore import complete, names_in
from hmsbook.hosts.view import BookView
from hmsbook.hosts.window import Grid, Rewritten
from hmsbook.merge.findings import OWN
from hmsbook.model.frozen import NOTHING
from hmsbook.model.raw import Value
from hmsbook.opc.cells import Formula, Position, Range, Write, size
from hmsbook.opc.patch import Edit
from hmsbook.opc.sheet import Cell, SheetScan
from hmsbook.opc.workbook import SheetInfo, TableInfo
from hmsbook.reading.headers import find_column
from hmsbook.standard.book import CALC_SHEET, regions, tables
from hmsbook.standard.naming import BookNames
from hmsbook.standard.schema import Column, Region, Table

PREFIX = "hms_"
WINDOW = "window"
# Further down than this, a table's rows get their formulas when somebody uses them.
DRAWN = 1000
# So many rows are never put into a table at once.
MOST_NEW = 1000
EMPTY = Cell(None, None, 0, False)
# A region that stands over a table: each of its columns belongs to the table's column below.
_OVER = {"value_heads": "values"}
_NOISE = 1e-13
_CALCULATION = f"{CALC_SHEET}!"
# Programs known to keep what a formula says, however they write it; Excel is the one without a name.
_FAITHFUL = ("", "LibreOffice")

Area = tuple[SheetInfo, int, int, int, int]
Scan = Callable[[SheetInfo], SheetScan]
Cells = dict[Position, Write]
Window = Callable[[Area, Grid], Rewritten | None]


class Block(NamedTuple):
    """A whole region with its values, and what makes the formulas in it show them."""

    spot: Area
    grid: Grid
    new: Rewritten

    def column(self, area: Area) -> list[Value] | None:
        """The values of a part of one of its columns; None for any other area."""
        _, top, left, bottom, right = self.spot
        if area[0].part != self.spot[0].part or not (top <= area[1] and area[3] <= bottom):
            return None
        if not left <= area[2] == area[4] <= right:
            return None
        return [row[area[2] - left] for row in self.grid[area[1] - top : area[3] - top + 1]]


class Changes:
    """What is to be written into one sheet."""

    def __init__(self) -> None:
        self.cells: dict[Position, Write] = {}
        self.rows: dict[int, bool] = {}
        self.columns: dict[int, bool] = {}
        self.block: Block | None = None
        # Without them a new cell looks like the one above it.
        self.styles: dict[Position, int] = {}

    def __bool__(self) -> bool:
        return bool(self.cells or self.rows or self.columns or self.block)

    @property
    def edit(self) -> Edit:
        """The changes as the package layer makes them."""
        rows = self.block.new.rows if self.block else NOTHING
        return Edit(self.cells, self.rows, self.columns, self.styles, rows)

    @property
    def count(self) -> int:
        """How many cells are written."""
        return len(self.cells) + (self.block.new.cells if self.block else 0)

    def add(self, found: SheetScan, rows: Mapping[int, bool], columns: Mapping[int, bool] = NOTHING) -> None:
        """Add the rows and columns that are not hidden or shown as they should be."""
        self.rows |= {row: hidden for row, hidden in rows.items() if (row in found.hidden_rows) != hidden}
        self.columns |= {at: hidden for at, hidden in columns.items() if (at in found.hidden_cols) != hidden}


class Placing:
    """Finds the cells of one workbook that a fill belongs in."""

    def __init__(self, workbook: BookView, scan: Scan, language: str, slots: int, window: Window) -> None:
        self.workbook = workbook
        self.scan = scan
        self.window = window
        self._known: dict[str, tuple[object, Cells]] = {}
        self._blocks: tuple[object, Block | None] = None, None
        self.language = language
        self.regions: Mapping[str, Region] = regions(slots)
        self.tables: Mapping[str, Table] = {table.name: table for table in tables(slots).values()}
        self.slots = slots

    def changes(self, fill: Fill) -> dict[str, Changes]:
        """What the fill writes, by sheet part."""
        found: dict[str, Changes] = {}
        for key, grid in fill.regions.items():
            spot = self.workbook.resolve(PREFIX + key)
            if spot is not None:
                change = found.setdefault(spot[0].part, Changes())
                block = self._window(spot, grid) if key == WINDOW else None
                if block is None:
                    self._region(key, spot, grid, change)
                elif block.new.rows:
                    change.block = block
                change.add(self.scan(spot[0]), _hidden_rows(fill.hidden_rows.get(key), spot))
        for table in self.workbook.tables:
            if table.name in self.tables:
                change = found.setdefault(table.sheet.part, Changes())
                change.cells |= self._typed(table, fill)
                if not self.tables[table.name].form:
                    self._table(table, fill, change)
        return found

    def grown(self, fill: Fill) -> Iterator[tuple[TableInfo, Range]]:
        """The tables that a fill has more rows for than they have, and where they then reach."""
        for table in self.workbook.tables:
            key = self.tables[table.name].key if table.name in self.tables else ""
            top, left, bottom, right = table.ref
            last = max((index for name, index, _ in fill.cells if name == key), default=0)
            if top + table.header_rows + last > bottom:
                yield table, (top, left, top + table.header_rows + last, right)

    def room(self, key: str) -> int:
        """How many rows a table can be given before something stands in its way."""
        table = next((it for it in self.workbook.tables if it.name == PREFIX + key), None)
        if table is None or table.totals_rows:
            return 0
        _, left, bottom, right = table.ref
        taken = [it.ref for it in self.workbook.tables if it.sheet.part == table.sheet.part]
        rows = [
            at[0] for at, it in self.scan(table.sheet).cells.items() if left <= at[1] <= right and _holds(it)
        ]
        rows += [area[0] for area in taken if left <= area[3] and area[1] <= right]
        return min((row for row in rows if row > bottom), default=bottom + MOST_NEW + 2) - bottom - 2

    # Regions

    def _region(self, key: str, spot: Area, grid: Grid, change: Changes) -> None:
        cells = self._once(key, spot, grid)
        change.cells |= cells
        if key not in self.regions:
            # Nobody looks at the calculation sheets.
            change.styles |= dict.fromkeys(cells, 0)

    def _window(self, spot: Area, grid: Grid) -> Block | None:
        """The chart window, if it is written in the usual way; else its cells are gone through one by one."""
        if self._blocks[0] is not grid:
            new = self.window(spot, grid)
            self._blocks = grid, Block(spot, grid, new) if new else None
        return self._blocks[1]

    def _once(self, key: str, spot: Area, grid: Grid) -> Cells:
        """What a region needs; an update that writes asks twice, mostly about the same values."""
        known = self._known.get(key)
        if known is None or known[0] is not grid:
            known = self._known[key] = grid, self._needed(key, spot, grid)
        return known[1]

    def _needed(self, key: str, spot: Area, grid: Grid) -> Cells:
        """The cells of a region that are not as they should be."""
        region, found = self.regions.get(key), self.scan(spot[0])
        if region is not None and (region.formulas or key in _OVER):
            return needed(found, dict(self._visible(region, spot, grid)))
        wanted: Cells = dict.fromkeys(_filled(found, spot)) | _values(spot, grid)
        if region is not None:
            wanted = {
                at: _write(found.cells.get(at, EMPTY), "", plain(value), again=False)
                for at, value in wanted.items()
            }
        # The calculation sheets are nobody's: their formulas are never looked at.
        return needed(found, wanted)

    def _visible(self, region: Region, spot: Area, grid: Grid) -> Iterator[tuple[Position, Write]]:
        """The cells of a region people see, where they may have typed over values and formulas."""
        sheet, top, _, bottom, _ = spot
        cells = self.scan(sheet).cells
        for column, offset in self._offsets(region, spot).items():
            for row in range(top, bottom + 1):
                cell = cells.get((row, column), EMPTY)
                if offset is None:
                    yield from _cleared((row, column), cell)
                    continue
                formula = self._formula(region, spot, row - top, offset)
                value = _at(grid, row - top, offset)
                again = column - spot[2] != offset or (sheet.part, (row, column)) in self.others
                yield (row, column), _write(cell, formula, value, again=again)

    def _offsets(self, region: Region, spot: Area) -> dict[int, int | None]:
        """The region's column for each column of the sheet; None over a column people added."""
        _, _, left, _, right = spot
        below = self._keys_below(region.key, spot[0])
        if not below:
            return {column: column - left for column in range(left, right + 1)}
        places = {key: offset for offset, key in enumerate(region.columns)}
        return {column: places.get(below.get(column) or "") for column in range(left, right + 1)}

    def _keys_below(self, region: str, sheet: SheetInfo) -> dict[int, str | None]:
        name = PREFIX + _OVER.get(region, "")
        for table in self.workbook.tables:
            if table.name == name and table.sheet.part == sheet.part:
                return {table.ref[1] + index: key for index, key in enumerate(self._keys(table))}
        return {}

    def _formula(self, region: Region, spot: Area, row: int, offset: int) -> str:
        """The formula of a cell; none where rows have come between and nothing is where it was."""
        name = region.columns[offset] if offset < len(region.columns) else ""
        if name not in region.formulas or spot[3] - spot[1] + 1 != region.rows:
            return ""
        return self._usable(region.formulas[name](self._names, row))

    # Tables

    def column_key(self, table: TableInfo, column: int) -> str:
        """The key of a column of the standard, by its place on the sheet."""
        return self._keys(table)[column - table.ref[1]] or ""

    def _keys(self, table: TableInfo) -> list[str | None]:
        """The column keys of a table as it stands, None for people's own and for a doubled one."""
        found: list[str | None] = []
        for header in headers(self.scan(table.sheet), table):
            key = find_column(self.tables[table.name], str(header), self.language)
            found.append(None if key in found else key)
        return found

    def _typed(self, table: TableInfo, fill: Fill) -> Cells:
        """What is written into people's own cells of a table, where something else stands now."""
        key = self.tables[table.name].key
        mine = {(index, column): it for (name, index, column), it in fill.cells.items() if name == key}
        places = dict(self._places(table)) if mine else {}
        found = self.scan(table.sheet)
        wanted = {}
        for (index, column), value in mine.items():
            if column in places:
                down, across = places[column]
                at = (down if self.tables[table.name].form else down + index, across)
                wanted[at] = _write(found.cells.get(at, EMPTY), "", value, again=False)
        return needed(found, wanted)

    def _places(self, table: TableInfo) -> Iterator[tuple[str, Position]]:
        """Where each column begins, people's own by their headers; of a form, where each answer stands."""
        top, left, bottom, _ = table.ref
        first = top + table.header_rows
        if self.tables[table.name].form:
            cells = self.scan(table.sheet).cells
            labels = (
                (row, str(cells.get((row, left), EMPTY).value or "")) for row in range(first, bottom + 1)
            )
            named = (((row, left + 1), label) for row, label in labels)
        else:
            shown = headers(self.scan(table.sheet), table)
            named = (((first, left + at), str(it or f"#{at + 1}")) for at, it in enumerate(shown))
        taken: set[str] = set()
        for at, label in named:
            key = find_column(self.tables[table.name], label, self.language)
            name = OWN + label if key is None or key in taken else key
            taken.add(name)
            yield name, at

    def _table(self, table: TableInfo, fill: Fill, change: Changes) -> None:
        declared = self.tables[table.name]
        top, left = table.ref[0] + table.header_rows, table.ref[1]
        columns = {key: left + index for index, key in enumerate(self._keys(table)) if key is not None}
        for (name, key), values in fill.columns.items():
            if name == declared.key and key in columns:
                wanted = self._column(table, key, (top, columns[key]), values)
                change.cells |= needed(self.scan(table.sheet), wanted)
        for (name, index), new_id in fill.ids.items():
            if name == declared.key and "id" in columns:
                change.cells |= needed(self.scan(table.sheet), {(top + index, columns["id"]): new_id})
        unused = fill.hidden_columns.get(declared.key, NOTHING)
        hidden = {columns[key]: is_hidden for key, is_hidden in unused.items() if key in columns}
        change.add(self.scan(table.sheet), NOTHING, hidden)

    def _column(
        self, table: TableInfo, key: str, first: Position, values: Sequence[Value]
    ) -> dict[Position, Write]:
        """A computed column's values; with its formula where that is gone and can come back."""
        cells = self.scan(table.sheet).cells
        text = self.column_formula(self.tables[table.name].key, key)
        found: dict[Position, Write] = {}
        for index, value in enumerate(values):
            at = (first[0] + index, first[1])
            if cells.get(at, EMPTY).is_formula and (table.sheet.part, at) not in self.others:
                found[at] = value
            elif text and (index < DRAWN or value not in (None, "")):
                found[at] = Formula(text, value)
        return found

    # Formulas

    def region_formula(self, key: str, row: int, column: str) -> str:
        """The formula of a region's cell as it reads here; none when it has none or what it names is gone."""
        region, spot = self.regions[key], self.workbook.resolve(PREFIX + key)
        return self._formula(region, spot, row, region.columns.index(column)) if spot else ""

    def column_formula(self, table: str, column: str) -> str:
        """The formula of a computed column as it reads here; none when what it names is gone."""
        formula = self.tables[PREFIX + table].column(column).formula
        return self._usable(formula(self._names)) if formula else ""

    def _usable(self, text: str) -> str:
        """A formula without its equals sign; none when it names a column or table that is gone."""
        bare = text.removeprefix("=")
        return bare if complete(bare, self._columns) else ""

    @cached_property
    def _columns(self) -> Mapping[str, frozenset[str]]:
        return {table.name: frozenset(table.columns) for table in self.workbook.tables}

    @cached_property
    def others(self) -> Mapping[tuple[str, Position], str]:
        """Formulas of people's own in the place of ours, by sheet part and position."""
        if self.workbook.program not in _FAITHFUL:
            return {}
        expected = list(self._expected())
        sheets = {sheet.part: sheet for sheet in self.workbook.sheets}
        return others(expected, {part: self.scan(sheets[part]) for part in {it.part for it in expected}})

    def _expected(self) -> Iterator[Expected]:
        """The cells people see that should hold a formula."""
        for key, region in self.regions.items():
            spot = self.workbook.resolve(PREFIX + key) if region.formulas else None
            # Where something has come in between, nobody can say what was typed over.
            if spot is not None and (spot[3] - spot[1] + 1, spot[4] - spot[2] + 1) == region.shape:
                yield from self._live(region, spot)
        for table in self.workbook.tables:
            if any(column.owned for column in self._columns_of(table)):
                yield from self._computed(table)

    def _columns_of(self, table: TableInfo) -> Sequence[Column]:
        return self.tables[table.name].columns if table.name in self.tables else ()

    def _live(self, region: Region, spot: Area) -> Iterator[Expected]:
        for column, offset in self._offsets(region, spot).items():
            for row in range(spot[1], spot[3] + 1) if offset is not None else ():
                formula = self._formula(region, spot, row - spot[1], offset or 0)
                yield Expected(spot[0].part, (row, column), formula)

    def _computed(self, table: TableInfo) -> Iterator[Expected]:
        declared, top = self.tables[table.name], table.ref[0] + table.header_rows
        for index, key in enumerate(self._keys(table)):
            text = self.column_formula(declared.key, key) if key and declared.column(key).owned else ""
            for row in range(top, min(table.ref[2], top + DRAWN) + 1) if text else ():
                yield Expected(table.sheet.part, (row, table.ref[1] + index), text)

    @cached_property
    def _names(self) -> BookNames:
        plot, results = self.workbook.resolve(f"{PREFIX}plot"), self.workbook.resolve(f"{PREFIX}results")
        return names_in(self.workbook.tables, self.language, self.slots, _height(plot), _height(results))


def headers(scanned: SheetScan, table: TableInfo) -> Iterator[Value]:
    """The headers of a table as its cells show them; a table may have none of its own."""
    top, left = table.ref[:2]
    for index, name in enumerate(table.columns):
        shown = scanned.cells.get((top, left + index), EMPTY).value
        yield name if not table.header_rows or shown is None else shown


def _holds(cell: Cell) -> bool:
    return cell.is_formula or cell.value not in (None, "")


def plain(value: Write) -> Value:
    """The value of what is written, with or without a formula."""
    return value.value if isinstance(value, Formula) else value


def _write(cell: Cell, formula: str, value: Value, *, again: bool) -> Write:
    """What goes into a cell: its value, and its formula where it has none, another column's or a person's."""
    if formula and (not cell.is_formula or (again and spelled(cell.formula or "") != spelled(formula))):
        return Formula(formula, value)
    # An empty formula takes away what a person typed where a value belongs.
    return Formula("", value) if cell.is_formula and not formula else value


def _cleared(at: Position, cell: Cell) -> Iterator[tuple[Position, Write]]:
    """Over a column people added: our formula, left by the column that stood there, goes; theirs stays."""
    if cell.formula and _CALCULATION in cell.formula:
        yield at, Formula("", None)


def needed(found: SheetScan, wanted: Cells) -> Cells:
    """Those that the cells do not hold already."""
    cells = found.cells
    return {at: new for at, new in wanted.items() if not same(cells.get(at, EMPTY).value, new)}


def _values(spot: Area, grid: Grid) -> Cells:
    """The values of a grid, by their cells, without those that are nothing."""
    _, top, left, bottom, right = spot
    return {
        (top + index, left + offset): value
        for index, row in enumerate(grid[: bottom - top + 1])
        for offset, value in enumerate(row[: right - left + 1])
        if value is not None
    }


def _filled(found: SheetScan, spot: Area) -> Iterator[Position]:
    """The cells of an area in which something stands, in whichever way looks at fewer cells."""
    _, top, left, bottom, right = spot
    if size(spot[1:]) < len(found.cells):
        area = ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
        return (at for at in area if at in found.cells)
    return (at for at in found.cells if top <= at[0] <= bottom and left <= at[1] <= right)


def _at(grid: Grid, row: int, column: int) -> Value:
    values = grid[row] if row < len(grid) else ()
    return values[column] if column < len(values) else None


def _hidden_rows(hidden: frozenset[int] | None, spot: Area) -> dict[int, bool]:
    if hidden is None:
        return {}
    return {row: row - spot[1] in hidden for row in range(spot[1], spot[3] + 1)}


def _height(spot: Area | None) -> int:
    return spot[3] - spot[1] + 1 if spot else 1


def same(one: Value, other: Write) -> bool:
    """Whether a cell already holds this; nothing and empty text are alike, a formula to put back never is.

    Numbers may differ by what adding in another order does, so that sorting rows changes nothing.
    """
    if type(one) is type(other) and one == other:
        return True
    if isinstance(other, Formula):
        return False
    if one in (None, "") and other in (None, ""):
        return True
    if isinstance(one, bool) != isinstance(other, bool):
        return False
    if isinstance(one, float) and isinstance(other, float):
        return isclose(one, other, rel_tol=_NOISE)
    return one == other
