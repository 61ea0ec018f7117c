"""A workbook of ours looked at as a whole: its sheets, tables and regions by what they are to hmsbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from hmsbook.hosts.changes import PREFIX, headers
from hmsbook.model.book import Manifest
from hmsbook.opc.cells import Position, Range, contains
from hmsbook.opc.looks import Looks
from hmsbook.opc.markup import MAIN, Attributes, dispatch, walk
from hmsbook.opc.package import Package
from hmsbook.opc.rels import Relationship, relationships, targets
from hmsbook.opc.sheet import SheetScan, scan
from hmsbook.opc.tree import Node, tree
from hmsbook.opc.workbook import SheetInfo, TableInfo, Workbook
from hmsbook.reading.headers import find_column
from hmsbook.standard.book import BASE_SHEET, CALC_SHEET, LISTS_SHEET, SEPARATE, SHEETS, VERSION, tables
from hmsbook.standard.schema import Table
from hmsbook.texts.files import LANGUAGES, load
from hmsbook.texts.words import words

# Names that programs make by themselves.
OTHERS = ("_xl", "Slicer_", "NativeTimeline_")
HIDDEN = (CALC_SHEET, *SEPARATE.values(), LISTS_SHEET, BASE_SHEET)
_TRUE = ("1", "true")
USUAL_ZOOM = 100
_LEAST_ZOOM, _MOST_ZOOM = 10, 400
# Names of ours that say where something is offered or stands, not what hmsbook fills in.
PLACES = (f"{PREFIX}sheet_", f"{PREFIX}list_", f"{PREFIX}ids_")


class Side:
    """A workbook that is compared with another."""

    def __init__(self, package: Package, manifest: Manifest, standard: str = "") -> None:
        self.package = package
        self.language = manifest.language
        self.workbook = Workbook(package)
        self.declared: Mapping[str, Table] = {table.name: table for table in tables(manifest.slots).values()}
        self.standard = standard
        # What stood in frames of an older standard, and stands in today's no longer.
        self.once_ours: Mapping[str, Sequence[str]] = load("older.toml").get(standard, {})
        self._trees: dict[str, Node] = {}
        self._scans: dict[str, SheetScan] = {}
        self._rows: dict[str, dict[int, tuple[float | None, bool]]] = {}
        self._known_areas: dict[str, list[tuple[str, Range, list[object]]]] = {}

    @cached_property
    def sheets(self) -> dict[str, SheetInfo]:
        """Our visible sheets by key, whatever they are called now."""
        spots = ((sheet.key, self.workbook.resolve(f"{PREFIX}sheet_{sheet.key}")) for sheet in SHEETS)
        found = {key: spot[0] for key, spot in spots if spot is not None}
        for sheet in SHEETS:
            for table in self.workbook.tables:
                if table.name in {declared.name for declared in sheet.tables}:
                    found.setdefault(sheet.key, table.sheet)
        return found

    @cached_property
    def hidden(self) -> dict[str, SheetInfo]:
        """Our sheets that nobody sees, by name."""
        return {sheet.name: sheet for sheet in self.workbook.sheets if sheet.name in HIDDEN}

    @cached_property
    def all_sheets(self) -> dict[str, SheetInfo]:
        """All our sheets, the hidden ones by their names."""
        return {**self.sheets, **self.hidden}

    @cached_property
    def own_sheets(self) -> list[SheetInfo]:
        """The sheets that people made."""
        ours = {sheet.part for sheet in self.all_sheets.values()}
        return [sheet for sheet in self.workbook.sheets if sheet.part not in ours]

    @property
    def has_own(self) -> bool:
        """Whether there are sheets or names that people made."""
        known = (PREFIX, *OTHERS)
        return bool(self.own_sheets) or any(
            not name.startswith(known) for name in self.workbook.defined_names
        )

    @cached_property
    def looks(self) -> Looks:
        """How the workbook's cells look."""
        return Looks(self.package, self.workbook.part)

    @cached_property
    def rich_texts(self) -> frozenset[object]:
        """The shared texts of which some words have a format of their own."""
        parts = targets(self.package, self.workbook.part, "sharedStrings")
        items = self.tree(parts[0]).children if parts else []
        rich = zip(self.workbook.shared_strings, items, strict=False)
        return frozenset(text for text, item in rich if any(item.all("rPr")))

    def tree(self, part: str) -> Node:
        """The markup of a part, read once."""
        if part not in self._trees:
            self._trees[part] = tree(self.package.read(part), part)
        return self._trees[part]

    def scan(self, sheet: SheetInfo) -> SheetScan:
        """The cells of a sheet, read once."""
        if sheet.part not in self._scans:
            xml = self.package.read(sheet.part)
            self._scans[sheet.part] = scan(
                xml, lambda: self.workbook.shared_strings, blanks=True, part=sheet.part
            )
        return self._scans[sheet.part]

    def relations(self, part: str) -> list[tuple[str, Relationship]]:
        """The links of a part, each with its kind."""
        return [(link.type.rpartition("/")[2], link) for link in relationships(self.package, part)]

    def tables_on(self, sheet: SheetInfo) -> list[TableInfo]:
        """Our tables on a sheet."""
        return [
            table
            for table in self.workbook.tables
            if table.sheet.part == sheet.part and table.name in self.declared
        ]

    def keys(self, table: TableInfo) -> list[str | None]:
        """The column keys of one of our tables; None for people's own."""
        declared, found = self.declared[table.name], list[str | None]()
        for header in headers(self.scan(table.sheet), table):
            key = find_column(declared, str(header or ""), self.language)
            found.append(None if key in found else key)
        return found

    def carried(self, table: TableInfo) -> Range:
        """The cells of a table that are carried: not its totals, and of a form the labels and answers."""
        top, left, bottom, right = table.ref
        right = left + 1 if self.declared[table.name].form else right
        return top, left, bottom - table.totals_rows, right

    @cached_property
    def regions(self) -> list[tuple[SheetInfo, int, int, int, int]]:
        """Where hmsbook fills in cells."""
        names = (name for name in self.workbook.defined_names if name.startswith(PREFIX))
        spots = (self.workbook.resolve(name) for name in names if not name.startswith(PLACES))
        return [spot for spot in spots if spot is not None]

    def table(self, name: str) -> TableInfo | None:
        """A table by its name."""
        return next((table for table in self.workbook.tables if table.name == name), None)

    def extent(self, sheet: SheetInfo) -> Position:
        """The last row and the last column with a cell."""
        cells = self.scan(sheet).cells
        return max((row for row, _ in cells), default=1), max((column for _, column in cells), default=1)

    def meaning(self, sheet: SheetInfo, at: Position) -> object:
        """What a cell is to hmsbook: of which table or region, and where in it; nothing for any other."""
        for name, area, keys in self._areas(sheet):
            if contains(area, at):
                row, column = at[0] - area[0], at[1] - area[1]
                return name, row, keys[column] if column < len(keys) else column
        return None

    def _areas(self, sheet: SheetInfo) -> list[tuple[str, Range, list[object]]]:
        if sheet.part not in self._known_areas:
            found: list[tuple[str, Range, list[object]]] = []
            for table in self.tables_on(sheet):
                keys = zip(self.keys(table), table.columns, strict=False)
                found.append((table.name, table.ref, [key or header for key, header in keys]))
            for name in self.workbook.defined_names:
                spot = self.workbook.resolve(name) if name.startswith(PREFIX) else None
                if spot is not None and spot[0].part == sheet.part and not name.startswith(PLACES):
                    found.append((name, spot[1:], []))
            self._known_areas[sheet.part] = found
        return self._known_areas[sheet.part]

    def anchors(self, sheet: SheetInfo) -> set[tuple[str, int, int]]:
        """Where the tables and regions of ours on a sheet begin, by name."""
        return {(name, top, left) for name, (top, left, *_), _ in self._areas(sheet)}

    @property
    def is_current(self) -> bool:
        """Whether today's frame is the one that the workbook was drawn with."""
        return self.standard in ("", VERSION)

    def rows(self, sheet: SheetInfo) -> dict[int, tuple[float | None, bool]]:
        """The height that was set, if any, and whether a row is hidden, by number of the row."""
        if sheet.part not in self._rows:
            self._rows[sheet.part] = stated_rows(self.package.read(sheet.part), sheet.part)
        return self._rows[sheet.part]

    def titles(self, sheet: SheetInfo) -> set[str]:
        """What one of our sheets is called, and what it is called where nobody has renamed it."""
        keys = [key for key, found in self.sheets.items() if found == sheet]
        return {sheet.name}.union(*map(usual_titles, keys))

    def widths(self, sheet: SheetInfo) -> dict[int, tuple[float, bool]]:
        """Width and hidden of the columns that were given a width."""
        return column_widths(self.tree(sheet.part))

    def local_names(self, sheet: SheetInfo) -> dict[str, str]:
        """The names that count on one sheet only."""
        listed = tree(self.workbook.xml, self.workbook.part).child("definedNames").children
        number = str(self.workbook.sheets.index(sheet))
        return {
            node.attributes.get("name", ""): node.text
            for node in listed
            if node.attributes.get("localSheetId") == number
        }


def usual_titles(key: str) -> set[str]:
    """What one of our sheets is called where nobody has renamed it, in every language."""
    return {words(language).text(f"sheets.{key}.title") for language in LANGUAGES}


def stated_rows(xml: bytes, part: str = "") -> dict[int, tuple[float | None, bool]]:
    """The height that was set, if any, and whether it is hidden, of each row of a sheet."""
    found: dict[int, tuple[float | None, bool]] = {}

    def note(attributes: Attributes) -> None:
        own = attributes.get("customHeight") in _TRUE
        height = float(attributes["ht"]) if own and "ht" in attributes else None
        number = int(attributes.get("r", len(found) + 1))
        found[number] = height, attributes.get("hidden") in _TRUE

    walk(xml, dispatch(MAIN, {"row": note}), part)
    return found


def zoom(sheet: Node) -> int:
    """At how many percent a sheet is looked at when it is looked at in the usual way."""
    stated = next(sheet.all("sheetView"), Node("sheetView", {})).attributes
    is_usual = stated.get("view", "normal") == "normal"
    percent = stated.get("zoomScale" if is_usual else "zoomScaleNormal", "")
    # Nought is how some programs write that nobody has chosen.
    return int(percent) if percent.isdecimal() and _LEAST_ZOOM <= int(percent) <= _MOST_ZOOM else USUAL_ZOOM


def row_styles(xml: bytes, part: str = "") -> dict[int, int]:
    """The format of each row that was given one as a whole."""
    found: dict[int, int] = {}

    def note(attributes: Attributes) -> None:
        if attributes.get("customFormat") in _TRUE and "r" in attributes:
            found[int(attributes["r"])] = int(attributes.get("s", 0))

    walk(xml, dispatch(MAIN, {"row": note}), part)
    return found


def column_styles(sheet: Node) -> dict[int, int]:
    """The format of each column that was given one as a whole."""
    return {
        number: int(node.attributes.get("style", 0))
        for node in sheet.all("col")
        for number in _columns_of(node)
    }


def column_widths(sheet: Node) -> dict[int, tuple[float, bool]]:
    """Width and hidden by number of the column, as a sheet states them."""
    found: dict[int, tuple[float, bool]] = {}
    for node in sheet.all("col"):
        get = node.attributes.get
        stated = float(get("width", "0")), get("hidden") in ("1", "true")
        # A column that was only given a look has the usual width.
        if stated[1] or "style" not in node.attributes or get("customWidth") in _TRUE:
            found |= dict.fromkeys(_columns_of(node), stated)
    return found


def _columns_of(node: Node) -> range:
    """The columns that an element counts for: a format up to the right end is stated for thousands."""
    get = node.attributes.get
    return range(int(get("min", "1")), min(int(get("max", "1")), 300) + 1)
