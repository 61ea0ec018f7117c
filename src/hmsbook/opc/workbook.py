"""What a workbook consists of: sheets, names, tables, texts and charts, found by relationship."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from hmsbook.errors import PackageError
from hmsbook.opc.cells import MAX_AREA, Range, parse_range, size
from hmsbook.opc.markup import (
    CHART,
    DRAWING,
    MAIN,
    Attributes,
    Splice,
    apply,
    dispatch,
    make_parser,
    prefix_of,
    qualified,
    relationship_id,
    require_utf8,
    run,
    starter,
    tag_end,
    unescape_text,
    walk,
    with_attributes,
)
from hmsbook.opc.package import Package
from hmsbook.opc.rels import Relationship, of_type, relationships, targets
from hmsbook.opc.saved_by import saved_by

_TRUE = ("1", "true", "on")
_BEFORE_CALC = ("sheets", "functionGroups", "externalReferences", "definedNames")


class SheetInfo(NamedTuple):
    """A sheet as the workbook lists it; `kind` is the type of its relationship, such as `worksheet`."""

    name: str
    part: str
    state: str
    index: int  # type: ignore[assignment]
    kind: str = "worksheet"


class TableInfo(NamedTuple):
    """A table: its display name, its range with header and totals rows, and its column names."""

    name: str
    ref: Range
    header_rows: int
    totals_rows: int
    columns: list[str]
    sheet: SheetInfo
    part: str


class Workbook:
    """The workbook in a package, read as far as it is asked for."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.part = package.main_part
        self.xml = package.read(self.part)
        reader = _WorkbookReader(package, self.part)
        reader.read(self.xml)
        self.sheets: list[SheetInfo] = reader.sheets
        self.defined_names: dict[str, tuple[str, int | None]] = reader.names
        self.date1904: bool = reader.date1904
        self._reader = reader
        self._by_name = {sheet.name.casefold(): sheet for sheet in self.sheets}
        # A name for the whole workbook goes before one of a single sheet, however that is spelt.
        by_reach = sorted(self.defined_names.items(), key=lambda entry: entry[1][1] is None)
        self._names = {name.casefold(): text for name, (text, _) in by_reach}

    @property
    def path(self) -> str:
        """The path of the file, for what errors say."""
        return self.package.path

    @cached_property
    def program(self) -> str:
        """The program that saved the workbook last; empty where it says Excel, or nothing."""
        return saved_by(self.package)

    @property
    def active(self) -> list[SheetInfo]:
        """The sheets that are in front in a window; they are never hidden."""
        return [sheet for sheet in self.sheets if sheet.index in self._reader.active]

    @cached_property
    def tables(self) -> list[TableInfo]:
        """All tables of all sheets."""
        return [
            _read_table(self.package, part, sheet)
            for sheet in self.sheets
            for part in targets(self.package, sheet.part, "table")
        ]

    @cached_property
    def shared_strings(self) -> list[str]:
        """The texts that cells refer to by number, without their format and phonetic guides."""
        found = targets(self.package, self.part, "sharedStrings")
        return _StringReader().read(self.package.read(found[0]), found[0]) if found else []

    def resolve(self, name: str) -> tuple[SheetInfo, int, int, int, int] | None:
        """Where a defined name points, if that is one plain range on one sheet; a huge one is refused.

        Without dollar signs it points elsewhere from each cell, and so nowhere.
        """
        text = self._names.get(name.casefold(), "")
        found = self.locate(text) if is_fixed(text) else None
        if found and size(found[1:]) > MAX_AREA:
            raise PackageError("too_large", part=name, size=size(found[1:]), limit=MAX_AREA)
        return found

    def locate(self, reference: str) -> tuple[SheetInfo, int, int, int, int] | None:
        """The sheet and range of a reference such as `'My sheet'!$A$1:$B$2`; None for anything else."""
        found = parse_reference(reference)
        sheet = self._by_name.get(found[0].casefold()) if found else None
        return (sheet, *found[1]) if found and sheet else None

    def charts(self, sheet: SheetInfo) -> list[tuple[str, str]]:
        """The charts on a sheet: the name of each one's frame and its part."""
        return [
            found
            for drawing in targets(self.package, sheet.part, "drawing")
            for found in _read_drawing(self.package, drawing)
        ]

    def workbook_xml_with(self, sheet_states: Mapping[str, str], full_calc_on_load: bool) -> bytes:
        """The workbook part with other sheet states, and recalculation at the next opening if asked for.

        A sheet that is in front, and the last one that can be seen, stay visible. States go by sheet part.
        """
        require_utf8(self.xml, self.part)
        splices = self._state_splices(self.allowed(sheet_states))
        if full_calc_on_load:
            splices += self._calc_splices()
        return apply(self.xml, splices)

    def allowed(self, wanted: Mapping[str, str]) -> dict[str, str]:
        """Those of the wanted states that a workbook can have."""
        unknown = wanted.keys() - {sheet.part for sheet in self.sheets}
        if unknown:
            raise KeyError(*sorted(unknown))
        active = {sheet.part for sheet in self.active}
        states = {part: state for part, state in wanted.items() if part not in active or state == "visible"}
        if any(states.get(sheet.part, sheet.state) == "visible" for sheet in self.sheets):
            return states
        last = next((sheet.part for sheet in self.sheets if sheet.state == "visible"), "")
        return {part: state for part, state in states.items() if part != last}

    @property
    def full_calc(self) -> bool:
        """Whether everything is computed anew when the workbook is opened."""
        return self._reader.full_calc

    def rest(self) -> bytes:
        """The workbook part without the states of sheets and the order to compute when opened."""
        places = [(start, {"state": None}) for start in self._reader.sheet_starts]
        cuts = [_retag(self.xml, start, changes) for start, changes in places]
        if self._reader.calc_start is not None:
            calc = _retag(self.xml, self._reader.calc_start, {"fullCalcOnLoad": None})
            cuts.append(calc._replace(new=b"") if calc.new.endswith(b"calcPr/>") else calc)
        return apply(self.xml, cuts)

    def _state_splices(self, states: Mapping[str, str]) -> list[Splice]:
        splices: list[Splice] = []
        for sheet, start in zip(self.sheets, self._reader.sheet_starts, strict=True):
            state = states.get(sheet.part, sheet.state)
            if state != sheet.state:
                changes = {"state": None if state == "visible" else state}
                splices.append(_retag(self.xml, start, changes))
        return splices

    def _calc_splices(self) -> list[Splice]:
        start = self._reader.calc_start
        if start is None:
            prefix = prefix_of(self.xml, self._reader.sheets_start)
            at = self._reader.calc_place
            return [Splice(at, at, b'<%scalcPr fullCalcOnLoad="1"/>' % prefix)]
        if self._reader.full_calc:
            return []
        return [_retag(self.xml, start, {"fullCalcOnLoad": "1"})]


def _retag(xml: bytes, start: int, changes: Mapping[str, str | None]) -> Splice:
    end = tag_end(xml, start)
    return Splice(start, end, with_attributes(xml[start:end], changes))


def is_fixed(reference: str) -> bool:
    """Whether a reference points to the same cells from everywhere."""
    return "$" in reference.rpartition("!")[2]


def parse_reference(reference: str) -> tuple[str, Range] | None:
    """The sheet's name and the range of a reference like `'My sheet'!$A$1:$B$2`; None for anything else."""
    sheet, mark, cells = reference.strip().removeprefix("=").rpartition("!")
    try:
        return (_unquoted(sheet), parse_range(cells)) if mark else None
    except ValueError:
        return None


def _unquoted(name: str) -> str:
    """The sheet name in a reference; an empty text when it is not just that."""
    if name[:1] == "'" and name[-1:] == "'" and len(name) > 1:
        inner = name[1:-1]
        return inner.replace("''", "'") if "'" not in inner.replace("''", "") else ""
    return name


class _WorkbookReader:
    """The expat handlers of the workbook part."""

    def __init__(self, package: Package, part: str) -> None:
        self.package = package
        self.links = {link.id: link for link in relationships(package, part)}
        self.part = part
        self.sheets: list[SheetInfo] = []
        self.sheet_starts: list[int] = []
        self.names: dict[str, tuple[str, int | None]] = {}
        self.active: set[int] = set()
        self.date1904 = self.full_calc = False
        self.calc_start: int | None = None
        self.sheets_start = self.calc_place = 0
        self.name: Attributes = {}
        self.pieces: list[str] = []
        self.before_calc = {name for local in _BEFORE_CALC for name in qualified(MAIN, local)}
        self.name_ends = set(qualified(MAIN, "definedName"))

    def read(self, xml: bytes) -> None:
        self.xml = xml
        self.parser = make_parser(self.part)
        handlers = {
            "workbookPr": self._properties,
            "workbookView": self._view,
            "sheets": self._sheets,
            "sheet": self._sheet,
            "definedName": self._defined_name,
            "calcPr": self._calc,
        }
        self.parser.StartElementHandler = starter(dispatch(MAIN, handlers))
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self.pieces.append
        run(self.parser, xml, self.part)

    def _properties(self, attributes: Attributes) -> None:
        self.date1904 = attributes.get("date1904") in _TRUE

    def _view(self, attributes: Attributes) -> None:
        self.active.add(int(attributes.get("activeTab", 0)))

    def _sheets(self, _: Attributes) -> None:
        self.sheets_start = self.parser.CurrentByteIndex

    def _sheet(self, attributes: Attributes) -> None:
        link = self.links.get(relationship_id(attributes))
        if link is None:
            raise PackageError("broken_part", part=self.part, reason=attributes.get("name", ""))
        self._check_target(link)
        kind = link.type.rpartition("/")[2]
        state = attributes.get("state", "visible")
        index = len(self.sheets)
        self.sheets.append(SheetInfo(attributes.get("name", ""), link.target, state, index, kind))
        self.sheet_starts.append(self.parser.CurrentByteIndex)

    def _check_target(self, link: Relationship) -> None:
        """Refuse a sheet whose part is not there, or is another sheet's too."""
        taken = any(sheet.part == link.target for sheet in self.sheets)
        if taken or link.external or link.target not in self.package:
            raise PackageError("broken_part", part=link.target, reason=link.id)

    def _defined_name(self, attributes: Attributes) -> None:
        self.name = attributes
        self.pieces.clear()

    def _calc(self, attributes: Attributes) -> None:
        self.calc_start = self.parser.CurrentByteIndex
        self.full_calc = attributes.get("fullCalcOnLoad") in _TRUE

    def _end(self, name: str) -> None:
        if name in self.name_ends:
            self._take_name()
        elif name in self.before_calc:
            at = self.parser.CurrentByteIndex
            self.calc_place = self.xml.index(b">", at) + 1 if self.xml[at : at + 2] == b"</" else at

    def _take_name(self) -> None:
        name, local = self.name.get("name", ""), self.name.get("localSheetId")
        # A name may also be given once a sheet; the one for the whole workbook counts.
        if local is None or name not in self.names:
            self.names[name] = "".join(self.pieces), None if local is None else int(local)


def _read_table(package: Package, part: str, sheet: SheetInfo) -> TableInfo:
    table: Attributes = {}
    columns: list[str] = []

    def note_table(attributes: Attributes) -> None:
        table.update(attributes)

    def note_column(attributes: Attributes) -> None:
        columns.append(unescape_text(attributes.get("name", "")))

    walk(package.read(part), dispatch(MAIN, {"table": note_table, "tableColumn": note_column}), part)
    try:
        ref = parse_range(table.get("ref", ""))
    except ValueError as error:
        raise PackageError("broken_part", part=part, reason="ref") from error
    rows = int(table.get("headerRowCount", 1)), int(table.get("totalsRowCount", 0))
    return TableInfo(table.get("displayName", table.get("name", "")), ref, *rows, columns, sheet, part)


class _StringReader:
    """The expat handlers of the shared strings."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self.texts: list[str] = []
        self.pieces: list[str] = []
        self.phonetic = False
        self.text_ends, self.item_ends, self.phonetic_ends = (
            frozenset(qualified(MAIN, local)) for local in ("t", "si", "rPh")
        )

    def read(self, xml: bytes, part: str) -> list[str]:
        parser = make_parser(part)
        parser.StartElementHandler = starter(dispatch(MAIN, {"t": self._text, "rPh": self._phonetic}))
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self.pieces.append
        run(parser, xml, part)
        return self.strings

    def _text(self, _: Attributes) -> None:
        self.pieces.clear()

    def _phonetic(self, _: Attributes) -> None:
        self.phonetic = True

    def _end(self, name: str) -> None:
        if name in self.text_ends:
            if not self.phonetic:
                self.texts.append("".join(self.pieces))
        elif name in self.item_ends:
            self.strings.append(unescape_text("".join(self.texts)))
            self.texts.clear()
        elif name in self.phonetic_ends:
            self.phonetic = False


def _read_drawing(package: Package, part: str) -> list[tuple[str, str]]:
    """The name of the frame and the part of each chart on a drawing."""
    charts = {link.id: link.target for link in of_type(relationships(package, part), "chart")}
    names: list[str] = []
    found: list[tuple[str, str]] = []

    def note_name(attributes: Attributes) -> None:
        names.append(attributes.get("name", ""))

    def note_chart(attributes: Attributes) -> None:
        target = charts.get(relationship_id(attributes), "")
        if target in package:
            found.append((names[-1] if names else "", target))

    handlers = dispatch(DRAWING, {"cNvPr": note_name}) | dispatch(CHART, {"chart": note_chart})
    walk(package.read(part), handlers, part)
    return found
