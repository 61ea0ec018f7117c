"""People's own sheets and names on their way to a new frame: which of them can go, and why the others stay.

A sheet goes where everything on it is known and every formula on it has the same to refer to, with the same
values in it. Whatever cannot be shown to be the same stays, and is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from math import isclose
from typing import NamedTuple

from hmsbook.errors import PackageError
from hmsbook.hosts.changes import EMPTY, PREFIX
from hmsbook.hosts.side import OTHERS, PLACES, Side
from hmsbook.opc.baggage import Contents, Obstacle, Stated, contents
from hmsbook.opc.cells import (
    MAX_COLUMN,
    MAX_ROW,
    Position,
    Range,
    Value,
    column_number,
    parse_range,
    same,
)
from hmsbook.opc.formulas import Reference, columns, functions, references, renamed, strings
from hmsbook.opc.restyle import UnmovableError
from hmsbook.opc.transplant import Name, Transplant, names_of
from hmsbook.opc.workbook import SheetInfo, TableInfo

_MOST_CELLS = 200_000
_NOISE = 1e-9
# Functions that reach cells their formula does not name, or that tell where something stands.
BLIND = frozenset(
    (
        "INDIRECT OFFSET CELL INFO SHEET SHEETS FORMULATEXT GETPIVOTDATA CALL REGISTER.ID EVALUATE RTD "
        "ANCHORARRAY CUBEVALUE CUBEMEMBER CUBESET CUBESETCOUNT CUBERANKEDMEMBER CUBEKPIMEMBER "
        "CUBEMEMBERPROPERTY"
    ).split()
)
# Functions to which a few more empty cells at the end make no difference.
_PATIENT = frozenset(
    (
        "SUM COUNT COUNTA AVERAGE MIN MAX MEDIAN SUMIF SUMIFS COUNTIF COUNTIFS AVERAGEIF AVERAGEIFS INDEX "
        "MATCH VLOOKUP IF IFERROR IFNA ROUND ROUNDUP ROUNDDOWN ABS AND OR NOT STDEV.S STDEV VAR VAR.S"
    ).split()
)
_COUNTING = frozenset(("COUNTIF", "COUNTIFS", "AVERAGEIF", "AVERAGEIFS"))
_SHEET_NAMES = "_xlnm."

Grid = list[list[tuple[object, Value]]]


class Stays(NamedTuple):
    """A sheet or name that stays in the old workbook, and why."""

    name: str
    obstacle: Obstacle


class Luggage(NamedTuple):
    """The sheets and names that go, and those that stay."""

    sheets: tuple[SheetInfo, ...]
    names: tuple[Name, ...]
    sheets_left: tuple[Stays, ...]
    names_left: tuple[Stays, ...]


def choose(old: Side, new: Side) -> Luggage:
    """What of the old workbook's own sheets and names the new one can hold as they are."""
    chooser = _Chooser(old, new)
    while chooser.drop():
        pass
    return chooser.luggage()


def move(old: Side, new: Side, luggage: Luggage) -> bytes:
    """The new workbook with the sheets and names that go; checked to be what they were."""
    moving = Transplant(old.workbook, new.workbook, _titles(old, new))
    for sheet in luggage.sheets:
        moving.take(sheet)
    return moving.result(luggage.names, _neighbours(old, new, moving.placed))


def require_moved(old: Side, found: Side, sheets: tuple[SheetInfo, ...]) -> None:
    """Raise PackageError where a sheet that was moved does not hold the same cells that look the same."""
    titles = _titles(old, found)
    by_name = {sheet.name: sheet for sheet in found.workbook.sheets}
    for sheet in sheets:
        there = by_name.get(sheet.name)
        if there is None or _held(old, sheet, titles) != _held(found, there, {}):
            raise PackageError("receipt_failed", part=sheet.name)


def _held(side: Side, sheet: SheetInfo, titles: Mapping[str, str]) -> dict[Position, tuple[object, ...]]:
    return {
        at: (
            cell.value,
            renamed(cell.formula, titles) if cell.formula else cell.formula,
            side.looks[cell.style],
        )
        for at, cell in side.scan(sheet).cells.items()
    }


def _titles(old: Side, new: Side) -> dict[str, str]:
    """The new names of our sheets, by their case-folded old ones."""
    return {
        sheet.name.casefold(): new.sheets[key].name
        for key, sheet in old.sheets.items()
        if key in new.sheets and new.sheets[key].name != sheet.name
    }


def _neighbours(old: Side, new: Side, placed: Mapping[str, str]) -> dict[str, str]:
    """The part at the left of each sheet that is moved, by the part it had."""
    ours = {sheet.part: new.sheets[key].part for key, sheet in old.all_sheets.items() if key in new.sheets}
    hidden = {old.hidden[name].part: sheet.part for name, sheet in new.hidden.items() if name in old.hidden}
    known = {**ours, **hidden, **placed}
    found: dict[str, str] = {}
    left = ""
    for sheet in old.workbook.sheets:
        if sheet in old.own_sheets and sheet.part in placed:
            found[sheet.part] = left
            left = placed[sheet.part]
        elif sheet not in old.own_sheets:
            left = known.get(sheet.part, left)
    return found


class _Chooser:
    """Takes sheets and names out of the luggage until what is left needs nothing that stays."""

    def __init__(self, old: Side, new: Side) -> None:
        self.old, self.new = old, new
        self.judge = _Judge(old, new)
        self.contents = {sheet.part: contents(old.package, sheet) for sheet in old.own_sheets}
        self.going = {sheet.name.casefold(): sheet for sheet in old.own_sheets}
        self.names = [name for name in names_of(old.workbook) if self._is_own(name)]
        self.sheets_left: dict[str, Stays] = {}
        self.names_left: list[Stays] = []
        self._looks: dict[str, Obstacle | None] = {}

    def _is_own(self, name: Name) -> bool:
        own = {sheet.part for sheet in self.old.own_sheets}
        if name.sheet in own:
            return True
        return not name.attributes.get("name", "").startswith((PREFIX, *OTHERS))

    def drop(self) -> bool:
        """Take out what cannot go now; whether there was any."""
        names = {name.attributes["name"].casefold() for name in self.names}
        self.judge.going, self.judge.names = set(self.going), names
        sheets = [(key, found) for key, sheet in self.going.items() if (found := self._in_the_way(sheet))]
        for key, obstacle in sheets:
            sheet = self.going.pop(key)
            self.sheets_left[sheet.part] = Stays(sheet.name, obstacle)
        gone = [(name, found) for name in self.names if (found := self._of_name(name))]
        for name, obstacle in gone:
            self.names.remove(name)
            if not name.attributes["name"].startswith(_SHEET_NAMES) and name.sheet not in self.sheets_left:
                self.names_left.append(Stays(name.attributes["name"], obstacle))
        return bool(sheets or gone)

    def luggage(self) -> Luggage:
        """What goes and what stays, in the order of the old workbook."""
        going = tuple(sheet for sheet in self.old.own_sheets if sheet.name.casefold() in self.going)
        left = tuple(
            self.sheets_left[sheet.part] for sheet in self.old.own_sheets if sheet.part in self.sheets_left
        )
        return Luggage(going, tuple(self.names), left, tuple(self.names_left))

    def _in_the_way(self, sheet: SheetInfo) -> Obstacle | None:
        found = self.contents[sheet.part]
        # What is known by name says more than what is not.
        known = sorted(found.obstacles, key=lambda it: it.reason == "other")
        return known[0] if known else next(filter(None, self._of_sheet(sheet, found)), None)

    def _of_sheet(self, sheet: SheetInfo, found: Contents) -> Iterator[Obstacle | None]:
        if sheet.name.casefold() in {it.name.casefold() for it in self.new.workbook.sheets}:
            yield Obstacle("title")
        taken = {table.name.casefold() for table in self.new.workbook.tables}
        if any(name.casefold() in taken | self._new_names for name in found.tables):
            yield Obstacle("title")
        if self._has_macros and any(functions(it.text) for it in found.formulas):
            yield Obstacle("macros")
        yield from (self.judge.of(stated) for stated in found.formulas)
        yield self._of_looks(sheet, found)

    @cached_property
    def _new_names(self) -> set[str]:
        return {name.casefold() for name in self.new.workbook.defined_names}

    @cached_property
    def _has_macros(self) -> bool:
        """Whether formulas may call functions that people programmed."""
        return any(kind == "vbaProject" for kind, _ in self.old.relations(self.old.workbook.part))

    def _of_looks(self, sheet: SheetInfo, found: Contents) -> Obstacle | None:
        """What of the sheet's formats the new workbook cannot show in the same way."""
        if sheet.part not in self._looks:
            self._looks[sheet.part] = self._try_looks(sheet, found)
        return self._looks[sheet.part]

    def _try_looks(self, sheet: SheetInfo, found: Contents) -> Obstacle | None:
        trial = Transplant(self.old.workbook, self.new.workbook, {})
        if found.uses_theme and not trial.styles.same_theme:
            return Obstacle("theme")
        try:
            trial.take(sheet)
        except UnmovableError as error:
            return Obstacle(str(error))
        return None

    def _of_name(self, name: Name) -> Obstacle | None:
        stated = name.attributes
        own = {sheet.part for sheet in self.going.values()}
        if name.sheet and name.sheet not in own:
            return Obstacle("unsure")
        if not name.sheet and stated["name"].casefold() in self._new_names:
            return Obstacle("title")
        if stated.get("function", "0") != "0" or stated.get("vbProcedure", "0") != "0" or self._has_macros:
            return Obstacle("macros")
        return self.judge.of(Stated(name.text, "name"))


class _Judge:
    """Tells whether a formula has the same to refer to in both workbooks, with the same values in it."""

    def __init__(self, old: Side, new: Side) -> None:
        self.old, self.new = old, new
        self.going: set[str] = set()
        self.names: set[str] = set()
        self.tables = {table.name.casefold(): table for table in old.workbook.tables}
        self.ours = {sheet.name.casefold(): key for key, sheet in old.all_sheets.items()}

    def of(self, stated: Stated) -> Obstacle | None:
        """Why a formula might come to show something else."""
        found = list(references(stated.text))
        if any(reference.kind == "external" for reference in found):
            return Obstacle("external", stated.at)
        known = all(self._is_same(reference, stated) for reference in found)
        mine = any(self._is_ours(reference) for reference in found)
        blind = functions(stated.text) & BLIND or any(reference.kind == "several" for reference in found)
        if not known or (blind and mine) or (functions(stated.text) & BLIND - {"OFFSET"}):
            return Obstacle("unsure", stated.at)
        return None

    def _is_ours(self, reference: Reference) -> bool:
        name = reference.text if reference.kind == "name" else reference.sheet
        return name.casefold().startswith(PREFIX) or reference.sheet.casefold() in self.ours

    def _is_same(self, reference: Reference, stated: Stated) -> bool:
        if reference.kind == "several":
            return not set(reference.sheet) & {":"}
        if reference.kind == "table":
            return self._same_table(self.tables.get(reference.sheet.casefold()), reference.text, stated)
        if reference.kind == "name":
            return self._same_name(reference, stated)
        sheet = reference.sheet.casefold()
        if not sheet or sheet in self.going:
            return True
        return sheet in self.ours and self._same_cells(self.ours[sheet], reference.text, stated)

    # Names

    def _same_name(self, reference: Reference, stated: Stated) -> bool:
        name = reference.text.casefold()
        if name in self.names:
            return not reference.sheet or reference.sheet.casefold() in self.going
        if name in self.tables:
            return self._same_table(self.tables[name], "", stated)
        if not any(name == known.casefold() for known in self.old.workbook.defined_names):
            # A name that means nothing, or the name of a value inside LET and LAMBDA.
            return not reference.sheet
        spots = [side.workbook.resolve(reference.text) for side in (self.old, self.new)]
        if spots[0] is None or spots[1] is None or not name.startswith(PREFIX):
            return False
        if stated.holder == "link" or name.startswith(PLACES[0]):
            return True
        grids = [
            self._grid(side, spot[0], spot[1:]) for side, spot in zip(self._sides, spots, strict=True) if spot
        ]
        return _agree(grids[0], grids[1], patient=_is_patient(stated.text))

    @property
    def _sides(self) -> tuple[Side, Side]:
        return self.old, self.new

    # Tables

    def _same_table(self, table: TableInfo | None, inside: str, stated: Stated) -> bool:
        if table is None:
            return False
        if table.name not in self.old.declared:
            return table.sheet.name.casefold() in self.going
        new = self.new.table(table.name)
        wanted = [name for name in columns(inside) if not name.startswith("#")]
        marks = {name for name in columns(inside) if name.startswith("#")}
        if new is None or marks - {"#All", "#Data", "#Headers"} or inside.startswith("@"):
            return False
        old_at, new_at = (_offsets(found, wanted, whole=":" in inside) for found in (table, new))
        if old_at is None or new_at is None:
            return False
        grids = [
            [[row[at] for at in chosen] for row in self._rows(side, found)]
            for side, found, chosen in ((self.old, table, old_at), (self.new, new, new_at))
        ]
        return _agree(grids[0], grids[1], patient=_is_patient(stated.text))

    def _rows(self, side: Side, table: TableInfo) -> Grid:
        """The rows of a table, its headers first."""
        top, left, bottom, right = table.ref
        return self._grid(side, table.sheet, (top, left, bottom - table.totals_rows, right))

    # Cells

    def _same_cells(self, key: str, area: str, stated: Stated) -> bool:
        old, new = self.old.all_sheets[key], self.new.all_sheets.get(key)
        if new is None:
            return False
        if stated.holder == "link":
            return True
        if stated.holder == "name" and "$" not in area:
            return False
        wanted = _clipped(_reach(area, stated.area), self.old.extent(old), self.new.extent(new))
        if (wanted[2] - wanted[0] + 1) * (wanted[3] - wanted[1] + 1) > _MOST_CELLS:
            return False
        return _agree(self._grid(self.old, old, wanted), self._grid(self.new, new, wanted), patient=False)

    def _grid(self, side: Side, sheet: SheetInfo, area: Range) -> Grid:
        """What each cell of an area is to hmsbook, and what it holds."""
        cells = side.scan(sheet).cells
        top, left, bottom, right = area
        return [
            [
                (side.meaning(sheet, (row, column)), cells.get((row, column), EMPTY).value)
                for column in range(left, right + 1)
            ]
            for row in range(top, bottom + 1)
        ]


def _offsets(table: TableInfo, wanted: list[str], *, whole: bool) -> list[int] | None:
    """The places of columns in a table, all of them if none is named; None where one is missing."""
    names = [name.casefold() for name in table.columns]
    if any(name.casefold() not in names for name in wanted):
        return None
    found = [names.index(name.casefold()) for name in wanted]
    if not found:
        return list(range(len(names)))
    return list(range(min(found), max(found) + 1)) if whole else found


def _agree(old: Grid, new: Grid, *, patient: bool) -> bool:
    """Whether two areas hold the same; `patient` where more empty rows at the end make no difference."""
    if len(new) < len(old) or (len(new) > len(old) and not patient):
        return False
    if any(value not in (None, "") for row in new[len(old) :] for _, value in row):
        return False
    return all(
        len(one) == len(other) and all(map(_same_cell, one, other))
        for one, other in zip(old, new, strict=False)
    )


def _same_cell(one: tuple[object, Value], other: tuple[object, Value]) -> bool:
    values = [None if found[1] == "" else found[1] for found in (one, other)]
    if all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values):
        numbers = [float(value or 0) for value in values]
        return one[0] == other[0] and isclose(*numbers, rel_tol=_NOISE, abs_tol=_NOISE)
    return one[0] == other[0] and same(values[0], values[1])


def _is_patient(formula: str) -> bool:
    """Whether more empty cells at the end of what a formula refers to make no difference to it."""
    called = functions(formula)
    if not called <= _PATIENT:
        return False
    if not called & _COUNTING:
        return bool(called)
    plain = all(reference.kind == "table" for reference in references(formula))
    return plain and not any(text == "" or text.startswith(("<>", "=")) for text in strings(formula))


def _reach(area: str, counts_for: Range) -> Range:
    """The cells that an area means from all the cells a formula counts for."""
    top, left, bottom, right = _parsed(area)
    if area.count("$") == 2 * (area.count(":") + 1):
        return top, left, bottom, right
    height, width = counts_for[2] - counts_for[0], counts_for[3] - counts_for[1]
    return top, max(1, left - width), min(MAX_ROW, bottom + height), min(MAX_COLUMN, right + width)


def _parsed(area: str) -> Range:
    """The range of an area, whole columns and rows among them."""
    first, _, last = area.replace("$", "").partition(":")
    if first.isdecimal():
        return int(first), 1, int(last), MAX_COLUMN
    if first.isalpha():
        return 1, column_number(first), MAX_ROW, column_number(last)
    return parse_range(area)


def _clipped(area: Range, *extents: Position) -> Range:
    """The area as far as there are cells in any of the sheets."""
    row, column = (max(found[at] for found in extents) for at in (0, 1))
    top, left, bottom, right = area
    return top, left, max(top, min(bottom, row)), max(left, min(right, column))
