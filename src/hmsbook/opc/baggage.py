"""What a worksheet holds, and whether another workbook can hold it just so: by a list of what is known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from hmsbook.errors import PackageError
from hmsbook.opc.cells import Range, parse_range
from hmsbook.opc.markup import MAIN, Attributes, declared_utf8, make_parser, run
from hmsbook.opc.package import Package
from hmsbook.opc.rels import Relationship, relationships
from hmsbook.opc.tree import Node, tree
from hmsbook.opc.workbook import SheetInfo

# Parts that go along, by the kind of the relationship: where they are put, and what may hang on them.
PLACES = {
    "worksheet": "xl/worksheets/sheet{}.xml",
    "drawing": "xl/drawings/drawing{}.xml",
    "chartUserShapes": "xl/drawings/drawing{}.xml",
    "chart": "xl/charts/chart{}.xml",
    "chartStyle": "xl/charts/style{}.xml",
    "chartColorStyle": "xl/charts/colors{}.xml",
    "themeOverride": "xl/theme/themeOverride{}.xml",
    "image": "xl/media/image{}",
    "vmlDrawing": "xl/drawings/vmlDrawing{}.vml",
    "comments": "xl/comments{}.xml",
    "threadedComment": "xl/threadedComments/threadedComment{}.xml",
    "table": "xl/tables/table{}.xml",
    "printerSettings": "xl/printerSettings/printerSettings{}.bin",
    "person": "xl/persons/person{}.xml",
}
_ON_PART = {
    "worksheet": {
        "drawing",
        "vmlDrawing",
        "comments",
        "threadedComment",
        "table",
        "printerSettings",
        "hyperlink",
        "image",
    },
    "drawing": {"image", "chart", "hyperlink"},
    "chartUserShapes": {"image"},
    "chart": {"chartStyle", "chartColorStyle", "chartUserShapes", "themeOverride", "image"},
    "vmlDrawing": {"image"},
}
_OUTSIDE = ("hyperlink", "image")
_ELEMENTS = frozenset(
    (
        "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection "
        "protectedRanges autoFilter sortState mergeCells phoneticPr conditionalFormatting dataValidations "
        "hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks ignoredErrors "
        "drawing legacyDrawing legacyDrawingHF picture tableParts extLst"
    ).split()
)
# The extensions that rest on nothing outside the sheet: rules, validations and sparklines of Excel 2010, and
# the number by which a rule finds its extension.
_EXTENSIONS = {
    "{78C0D931-6437-407D-A8EE-F0AAD7539E65}",
    "{CCE6A557-97BC-4B89-ADB6-D9C93CAAB3DF}",
    "{05C60535-1F16-4FD2-B633-F4F36F0B64E0}",
    "{B025F937-C7B1-47D3-B67F-A62EFF666E3E}",
    # Whether a number stored as text is pointed out, and the words that describe a table.
    "{504A1905-F514-4F6F-8877-14C23A59335A}",
}
_TEXTS = {
    "f": "cell",
    "formula": "rule",
    "formula1": "rule",
    "formula2": "rule",
    "calculatedColumnFormula": "table",
    "totalsRowFormula": "table",
}
_CASES = {
    "controls": "control",
    "oleObjects": "control",
    "AlternateContent": "control",
    "scenarios": "other",
    "customSheetViews": "protection",
}
_CHART_URI = re.compile(r"/chart$")
_NOTE = re.compile(rb'ObjectType="(\w+)"')
_ACTION = re.compile(rb"Fmla(?:Macro|Link|Range|Pict)")


class Obstacle(NamedTuple):
    """Why a sheet cannot be moved: a key, and the cell or part it is found in."""

    reason: str
    at: str = ""


class Stated(NamedTuple):
    """A formula that a sheet holds: its text, what holds it, and the cells that it counts for."""

    text: str
    holder: str
    area: Range = (1, 1, 1, 1)
    at: str = ""


class Contents(NamedTuple):
    """What a sheet and the parts on it hold."""

    obstacles: list[Obstacle]
    formulas: list[Stated]
    tables: list[str]
    uses_theme: bool


def contents(package: Package, sheet: SheetInfo) -> Contents:
    """What stands in the way of moving a sheet, and the formulas and tables on it."""
    reader = _Reader(package)
    if sheet.kind != "worksheet":
        reader.obstacles.append(Obstacle("kind"))
    else:
        reader.take(sheet.part, "worksheet")
    return Contents(reader.obstacles, reader.formulas, reader.tables, reader.uses_theme)


class _Reader:
    """Goes through a sheet and all parts on it."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.parts: dict[str, str] = {}
        self.obstacles: list[Obstacle] = []
        self.formulas: list[Stated] = []
        self.tables: list[str] = []
        self.uses_theme = False

    def take(self, part: str, kind: str) -> None:
        """Note a part and what hangs on it."""
        if part in self.parts:
            return
        self.parts[part] = kind
        xml = self.package.read(part)
        look = _LOOKS.get(kind)
        if look is not None and not declared_utf8(xml):
            self.obstacles.append(Obstacle("other", part))
            return
        if look is not None:
            look(self, part, xml)
        for link in relationships(self.package, part):
            self._follow(part, kind, link)

    def _follow(self, part: str, kind: str, link: Relationship) -> None:
        found = link.type.rpartition("/")[2]
        if found not in _ON_PART.get(kind, ()) or (link.external and found not in _OUTSIDE):
            self.obstacles.append(Obstacle(f"part:{found}", part))
        elif not link.external and found != "hyperlink":
            if link.target not in self.package:
                self.obstacles.append(Obstacle("other", link.target))
            else:
                self.take(link.target, found)

    def sheet(self, part: str, xml: bytes) -> None:
        """Note the formulas of a worksheet and what of it is not known."""
        found = _SheetReader(part, xml)
        self.obstacles += found.obstacles
        self.formulas += found.formulas
        self.uses_theme = self.uses_theme or found.uses_theme

    def drawing(self, part: str, xml: bytes) -> None:
        """Note what shapes on a drawing show or run."""
        root = tree(xml, part)
        self._note_theme(root)
        if any(root.all("AlternateContent")) or any(
            not _CHART_URI.search(node.attributes.get("uri", "")) for node in root.all("graphicData")
        ):
            self.obstacles.append(Obstacle("drawing", part))
        for node in _inside(root):
            if node.attributes.get("macro") or "cellRange" in node.attributes:
                self.obstacles.append(Obstacle("macros", part))
            if text := node.attributes.get("textlink"):
                self.formulas.append(Stated(text.removeprefix("="), "drawing"))

    def chart(self, part: str, xml: bytes) -> None:
        """Note what a chart draws."""
        root = tree(xml, part)
        self._note_theme(root)
        if any(root.all("pivotSource")):
            self.obstacles.append(Obstacle("pivot", part))
        self.formulas += [Stated(node.text, "drawing") for node in root.all("f", "sqref") if node.text]

    def _note_theme(self, root: Node) -> None:
        self.uses_theme = (
            self.uses_theme
            or any(root.all("schemeClr"))
            or any(
                node.attributes.get("typeface", "").startswith("+") for node in root.all("latin", "ea", "cs")
            )
        )

    def vml(self, part: str, xml: bytes) -> None:
        """Note form controls and buttons: among notes and header pictures, nothing else moves."""
        if set(_NOTE.findall(xml)) - {b"Note"} or _ACTION.search(xml):
            self.obstacles.append(Obstacle("control", part))

    def table(self, part: str, xml: bytes) -> None:
        """Note a table's name and formulas."""
        root = tree(xml, part)
        get = root.attributes.get
        self.tables += sorted({get("displayName", ""), get("name", "")} - {""})
        if get("tableType", "worksheet") != "worksheet" or any(root.all("xmlColumnPr")):
            self.obstacles.append(Obstacle("connection", part))
        area = _area(get("ref", "A1"))
        self.obstacles += _unknown_extensions(root.all("ext"), part)
        found = root.all("calculatedColumnFormula", "totalsRowFormula")
        self.formulas += [Stated(node.text, "table", area) for node in found]


_LOOKS = {
    "worksheet": _Reader.sheet,
    "drawing": _Reader.drawing,
    "chartUserShapes": _Reader.drawing,
    "chart": _Reader.chart,
    "vmlDrawing": _Reader.vml,
    "table": _Reader.table,
}


def _inside(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _inside(child)


def _unknown_extensions(found: Iterable[Node], at: str) -> list[Obstacle]:
    return [
        Obstacle("other", at) for node in found if node.attributes.get("uri", "").upper() not in _EXTENSIONS
    ]


class _SheetReader:
    """The expat handlers: the formulas of a sheet with their cells, and what is not on the list."""

    def __init__(self, part: str, xml: bytes) -> None:
        self.obstacles: list[Obstacle] = []
        self.formulas: list[Stated] = []
        self.path: list[str] = []
        self.cell = self.area = ""
        self.pieces: list[str] = []
        self.pending: list[str] = []
        self.uses_theme = False
        parser = make_parser(part)
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self.pieces.append
        run(parser, xml, part)

    def _start(self, name: str, attributes: Attributes) -> None:
        space, _, local = name.rpartition(" ")
        if not self.path and space != MAIN[0]:
            self._stop("other")
        if len(self.path) == 1 and local not in _ELEMENTS:
            self._stop(_CASES.get(local, "other"))
        self.uses_theme = self.uses_theme or "theme" in attributes
        self.path.append(local)
        self.pieces.clear()
        check = _CHECKS.get(local)
        if check is not None:
            check(self, attributes)

    def _end(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        self.path.pop()
        text = "".join(self.pieces)
        self.pieces.clear()
        if local == "sqref":
            # Excel 2010's rules state where they count after their formulas.
            self._settle(text)
        elif local in _TEXTS and text:
            self._formula(text, local)

    def _formula(self, text: str, local: str) -> None:
        if local == "f" and self.path[-1:] != ["c"]:
            self.pending.append(text)
        elif local == "f":
            self.formulas.append(Stated(text, "cell", _area(self.area or self.cell), self.cell))
        else:
            self.formulas.append(Stated(text, _TEXTS[local], _area(self.area), self.area.split(" ")[0]))

    def _settle(self, sqref: str) -> None:
        at = sqref.split(" ", 1)[0]
        self.formulas += [Stated(text, "rule", _area(sqref), at) for text in self.pending]
        self.pending.clear()

    def _stop(self, reason: str) -> None:
        self.obstacles.append(Obstacle(reason, self.cell))

    # What is looked at, by element

    def _a_cell(self, attributes: Attributes) -> None:
        self.cell, self.area = attributes.get("r", ""), ""
        if not self.cell:
            self._stop("other")
        if attributes.get("cm", "0") != "0" or attributes.get("vm", "0") != "0":
            self._stop("spill")

    def _a_formula(self, attributes: Attributes) -> None:
        if self.path[-2:-1] != ["c"]:
            return
        self.area = attributes.get("ref", "")
        if attributes.get("t") == "dataTable":
            self._stop("other")

    def _rules(self, attributes: Attributes) -> None:
        self.area = attributes.get("sqref", "")
        if attributes.get("pivot") in ("1", "true"):
            self._stop("pivot")

    def _view(self, attributes: Attributes) -> None:
        if attributes.get("workbookViewId", "0") != "0":
            self._stop("protection")

    def _link(self, attributes: Attributes) -> None:
        if attributes.get("location"):
            self.formulas.append(Stated(attributes["location"], "link", at=attributes.get("ref", "")))

    def _extension(self, attributes: Attributes) -> None:
        node = Node("ext", attributes)
        self.obstacles += _unknown_extensions([node], "")


_CHECKS = {
    "c": _SheetReader._a_cell,
    "f": _SheetReader._a_formula,
    "conditionalFormatting": _SheetReader._rules,
    "dataValidation": _SheetReader._rules,
    "sheetView": _SheetReader._view,
    "hyperlink": _SheetReader._link,
    "ext": _SheetReader._extension,
}


def _area(sqref: str) -> Range:
    """The smallest range around all the ranges stated."""
    try:
        found = [parse_range(piece) for piece in sqref.split()]
    except ValueError as error:
        raise PackageError("broken_part", part="", reason=sqref[:40]) from error
    if not found:
        return 1, 1, 1, 1
    tops, lefts, bottoms, rights = zip(*found, strict=True)
    return min(tops), min(lefts), max(bottoms), max(rights)
