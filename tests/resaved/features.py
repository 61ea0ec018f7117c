"""What a workbook holds, feature by feature, to be compared before and after a program saved it."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import NamedTuple
from xml.etree.ElementTree import Element

from tests.support.package import CHART, MAIN, Cell, Package, Sheet, area_of, unescaped

# What was found, each with what is to stay the same of it.
Found = Mapping[Hashable, object]

MOSTLY = 0.9
_DIGITS = 12
# Each program counts the width of a letter its own way.
_WIDTH, _USUAL = 2.0, 8.7
# Whole columns say little about each cell.
_LAST_ROW, _LAST_COLUMN = 2000, 200
_NUMBER = re.compile(r"(?<![\w$.])\d+(?:\.\d+)?(?:E[+-]?\d+)?(?![\w.])", re.IGNORECASE)


class Feature(NamedTuple):
    """One line of the table: how it is called, and what of it a workbook holds."""

    title: str
    find: Callable[[Package], Found]


def outcome(before: Found, after: Found) -> str:
    """What became of what was there."""
    assert before, "there was nothing to lose"
    same = sum(key in after and _alike(value, after[key]) for key, value in before.items())
    if same == len(before):
        return "kept"
    if same:
        return "mostly" if same >= MOSTLY * len(before) else "partly"
    return "damaged" if before.keys() & after.keys() else "lost"


def _alike(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, abs_tol=_WIDTH)
    return one == other


def _found(keys: Iterable[Hashable]) -> Found:
    return dict.fromkeys(keys)


# Cells


def _seen(package: Package) -> Iterator[tuple[Sheet, Cell]]:
    """The cells of the sheets that people see."""
    for sheet in package.sheets:
        if not sheet.name.startswith("_"):
            yield from ((sheet, cell) for cell in sheet.cells.values())


def _value(cell: Cell) -> str:
    """What a cell shows; numbers to as many digits as people type."""
    if cell.text is not None:
        return cell.text.replace("\r\n", "\n")
    if cell.kind in {"e", "d"} or not cell.stored:
        return cell.stored or ""
    return f"{float(cell.stored):.{_DIGITS}g}"


def _values(package: Package, *, computed: bool) -> Found:
    cells = (pair for pair in _seen(package) if (pair[1].formula is not None) is computed)
    values = {(sheet.name, cell.address): _value(cell) for sheet, cell in cells}
    return {place: value for place, value in values.items() if value}


def typed(package: Package) -> Found:
    """Texts, numbers and dates in cells that compute nothing."""
    return _values(package, computed=False)


def results(package: Package) -> Found:
    """The results stored beside the formulas, which programs that compute nothing show."""
    return _values(package, computed=True)


def formulas(package: Package) -> Found:
    """Formulas, whatever way their numbers, blanks and quotes are written."""
    return {
        (sheet.name, cell.address): _bare(cell.formula)
        for sheet in package.sheets
        for cell in sheet.cells.values()
        if cell.formula
    }


def _bare(formula: str) -> str:
    bare = re.sub(r"\s|'|\[#This Row\],|_xlfn\.|_xlws\.", "", formula).casefold()
    return _NUMBER.sub(lambda found: repr(float(found[0])), bare)


def looks(package: Package) -> Found:
    """Number format, weight and fill of each cell that holds something."""
    styles = _styles(package)
    return {
        (sheet.name, cell.address): styles[cell.style]
        for sheet, cell in _seen(package)
        if cell.formula is not None or _value(cell)
    }


def _styles(package: Package) -> list[tuple[str, bool, str]]:
    tree = package.tree("xl/styles.xml")
    codes = {it.get("numFmtId", ""): it.get("formatCode", "") for it in tree.iter(f"{MAIN}numFmt")}
    bold = [_is_bold(font) for font in tree.iterfind(f"{MAIN}fonts/{MAIN}font")]
    fills = [_colour(fill) for fill in tree.iterfind(f"{MAIN}fills/{MAIN}fill")]
    return [
        (
            _code(codes, style.get("numFmtId", "0")),
            bold[int(style.get("fontId", "0"))],
            fills[int(style.get("fillId", "0"))],
        )
        for style in tree.iterfind(f"{MAIN}cellXfs/{MAIN}xf")
    ]


def _is_bold(font: Element) -> bool:
    found = font.find(f"{MAIN}b")
    return found is not None and found.get("val", "1") in {"1", "true"}


def _colour(fill: Element) -> str:
    """The colour of a solid fill; nothing for none."""
    pattern = fill.find(f"{MAIN}patternFill")
    colour = None if pattern is None else pattern.find(f"{MAIN}fgColor")
    if pattern is None or colour is None or pattern.get("patternType") in {None, "none", "gray125"}:
        return ""
    return colour.get("rgb", "")[-6:]


# Excel's own numbers for some of the formats in use.
_BUILT_IN = {"0": "General", "1": "0", "2": "0.00", "3": "#,##0", "9": "0%", "14": "mm-dd-yy", "49": "@"}


def _code(codes: Mapping[str, str], number: str) -> str:
    """A number format without what makes no difference; a slash in a date is the country's own mark."""
    code = codes.get(number) or _BUILT_IN.get(number, number)
    return re.sub(r'[\\"]|_\)|;@$', "", code).replace("/", ".").casefold()


# Tables and names


def tables(package: Package) -> Found:
    """Tables with their place, their header row and all of their columns."""
    return {
        table.name: (table.element.get("ref"), table.has_header, table.columns) for table in package.tables
    }


def filters(package: Package) -> Found:
    """The filter buttons of tables."""
    entries = (
        (table, entry) for table in package.tables for entry in table.element.iter(f"{MAIN}autoFilter")
    )
    return {table.name: entry.get("ref") for table, entry in entries}


def names(package: Package) -> Found:
    """Names of cells, and where they lead."""
    found = {entry.get("name", ""): (entry.text or "").replace("'", "") for entry in package.defined_names}
    return {name: place for name, place in found.items() if name.startswith("hms_")}


# Sheets


def _states(*states: str) -> Callable[[Package], Found]:
    return lambda package: _found(sheet.name for sheet in package.sheets if sheet.state in states)


def hidden_rows_and_columns(package: Package) -> Found:
    """Rows and columns that are hidden."""
    rows = ((sheet.name, row.get("r")) for sheet, row in _elements(package, "row") if _is_on(row, "hidden"))
    columns = ((sheet.name, at) for sheet, col, at in _columns(package) if _is_on(col, "hidden"))
    return _found([*rows, *columns])


def _elements(package: Package, tag: str) -> Iterator[tuple[Sheet, Element]]:
    return ((sheet, entry) for sheet in package.sheets for entry in sheet.element.iter(f"{MAIN}{tag}"))


def _is_on(element: Element, attribute: str) -> bool:
    return element.get(attribute) in {"1", "true"}


def _columns(package: Package) -> Iterator[tuple[Sheet, Element, int]]:
    for sheet, col in _elements(package, "col"):
        last = min(int(col.get("max", "1")), _LAST_COLUMN)
        yield from ((sheet, col, at) for at in range(int(col.get("min", "1")), last + 1))


def widths(package: Package) -> Found:
    """Widths of the columns that show and are not as wide as any."""
    seen = (it for it in _columns(package) if not it[0].name.startswith("_") and not _is_on(it[1], "hidden"))
    found = {(sheet.name, at): float(col.get("width", _USUAL)) for sheet, col, at in seen}
    return {column: width for column, width in found.items() if abs(width - _USUAL) > _WIDTH}


def panes(package: Package) -> Found:
    """Frozen panes."""
    found = ((sheet, pane) for sheet, pane in _elements(package, "pane") if pane.get("state") == "frozen")
    return {sheet.name: pane.get("topLeftCell") for sheet, pane in found}


def validations(package: Package) -> Found:
    """Drop-down lists and limits, by the cells they hold for."""
    found: dict[Hashable, object] = {}
    for sheet, entry in _elements(package, "dataValidation"):
        kind = entry.get("type", "none")
        wanted = "" if kind == "none" else _bare(entry.findtext(f"{MAIN}formula1") or "")
        found |= {(sheet.name, cell): (kind, wanted) for cell in _cells(entry.get("sqref", ""))}
    return found


def _cells(areas: str) -> Iterator[tuple[int, int]]:
    for reference in areas.split():
        area = area_of(reference)
        rows = range(area.top, min(area.bottom, _LAST_ROW) + 1)
        yield from ((row, column) for row in rows for column in range(area.left, area.right + 1))


def rules(package: Package) -> Found:
    """Colours and other looks that follow the value, by the cells they hold for."""
    return _found(
        (sheet.name, rule.get("type"), cell)
        for sheet, entry in _elements(package, "conditionalFormatting")
        for rule in entry.iter(f"{MAIN}cfRule")
        for cell in _cells(entry.get("sqref", ""))
    )


def links(package: Package) -> Found:
    """Links to places in the workbook."""
    found = ((sheet, link) for sheet, link in _elements(package, "hyperlink") if link.get("location"))
    return {
        (sheet.name, link.get("ref")): re.sub("[#']", "", link.get("location", "")) for sheet, link in found
    }


def page_setup(package: Package) -> Found:
    """Orientation, fitting to pages, areas to print, rows to repeat."""
    fitted = {sheet.name for sheet, entry in _elements(package, "pageSetUpPr") if _is_on(entry, "fitToPage")}
    areas = (
        (entry.get("name"), re.sub("[$']", "", entry.text or ""))
        for entry in package.defined_names
        if entry.get("name", "").startswith("_xlnm.Print")
    )
    pages = (
        (sheet.name, it.get("orientation"), sheet.name in fitted)
        for sheet, it in _elements(package, "pageSetup")
    )
    return _found([*areas, *(page for page in pages if not page[0].startswith("_"))])


_CODE = re.compile(r'&("[^"]*"|K[0-9A-Fa-f]{6}|\d+|[A-Z])')


def headers(package: Package) -> Found:
    """Texts above and below each printed page, without colour and size."""
    return {
        (sheet.name, tag): _CODE.sub("", entry.text or "").split()
        for tag in ("oddHeader", "oddFooter")
        for sheet, entry in _elements(package, tag)
        if not sheet.name.startswith("_") and _CODE.sub("", entry.text or "").strip()
    }


# Charts


def _references(chart: Element, *, inside_title: bool) -> Iterator[str]:
    """The cells that a chart names, in its titles or elsewhere."""
    titles = {id(f) for title in chart.iter(f"{CHART}title") for f in title.iter(f"{CHART}f")}
    found = (f for f in chart.iter(f"{CHART}f") if (id(f) in titles) is inside_title)
    return (re.sub("[$']", "", f.text or "") for f in found)


def charts(package: Package) -> Found:
    """The cells that charts draw, error bars and labels too."""
    return _found(
        f for chart in _charts(package, theirs=False) for f in _references(chart, inside_title=False)
    )


def titles(package: Package) -> Found:
    """The cells that titles of charts show."""
    return _found(
        f for chart in _charts(package, theirs=False) for f in _references(chart, inside_title=True)
    )


def _marks(*tags: str, theirs: bool) -> Callable[[Package], Found]:
    """The elements of a kind in the charts that people made, or in ours, numbered."""

    def find(package: Package) -> Found:
        charts = _charts(package, theirs=theirs)
        hits = Counter(tag for chart in charts for tag in tags for _ in chart.iter(f"{CHART}{tag}"))
        return _numbered(hits)

    return find


def linked_labels(package: Package) -> Found:
    """The cells that labels of single points show."""
    labels = (label for chart in _charts(package, theirs=True) for label in chart.iter(f"{CHART}dLbl"))
    return _found(re.sub("[$']", "", f.text or "") for label in labels for f in label.iter(f"{CHART}f"))


def _charts(package: Package, *, theirs: bool) -> Iterator[Element]:
    """The charts that people made, which draw a sheet of their own, or all others."""
    for _, chart in package.charts():
        if any("Mitt ark" in (f.text or "") for f in chart.iter(f"{CHART}f")) is theirs:
            yield chart


# What stands in the XML of sheets and parts


def counted(pattern: str, *parts: str) -> Callable[[Package], Found]:
    """Each find of a pattern in the parts whose names fit, numbered."""

    def find(package: Package) -> Found:
        texts = (
            content for name, content in package.parts.items() if any(re.search(part, name) for part in parts)
        )
        hits = Counter(hit for text in texts for hit in re.findall(pattern, _text(text)))
        return _numbered(hits)

    return find


def _numbered(hits: Mapping[str, int]) -> Found:
    return _found((hit, number) for hit, count in hits.items() for number in range(count))


def _text(content: bytes) -> str:
    return unescaped(content.decode("utf-8", "replace"))


def held(*parts: str) -> Callable[[Package], Found]:
    """Which kinds of part there are."""
    return lambda package: _found(
        part for part in parts if any(re.search(part, name) for name in package.names)
    )


def spilled(package: Package) -> Found:
    """Formulas that spill, and that they may grow."""
    cells = (cell for _, cell in _elements(package, "c"))
    arrays = [cell for cell in cells if any(entry.get("t") == "array" for entry in cell.iter(f"{MAIN}f"))]
    return _found([*("array" for _ in arrays), *("grows" for cell in arrays if cell.get("cm"))])


_SHEET, _DRAWING = r"^xl/worksheets/[^/]+\.xml", r"^xl/drawings/[^/]+\.xml"
_RICH = r"<r>\s*(?:<rPr>.*?</rPr>)?<t[^>]*>(dette|det der)"

# What hmsbook draws and what people type into it.
OURS = (
    Feature("text, numbers, dates and ids that people typed", typed),
    Feature("tables, with all their columns", tables),
    Feature("names of cells", names),
    Feature("formulas", formulas),
    Feature("results stored beside the formulas", results),
    Feature("hidden sheets stay hidden", _states("hidden", "veryHidden")),
    Feature("the calculation sheets stay out of the menu", _states("veryHidden")),
    Feature("hidden rows and columns", hidden_rows_and_columns),
    Feature("drop-down lists and limits", validations),
    Feature("colours that follow the value", rules),
    Feature("data bars", counted(r"<\w+:cfRule [^>]*type=\"(dataBar)\"", _SHEET)),
    Feature("sparklines", counted(r"<\w+:sparkline>.*?<\w+:sqref>([^<]+)", _SHEET)),
    Feature("charts", charts),
    Feature("chart titles that follow a cell", titles),
    Feature("labels and lines at points of charts", _marks("dLbl", "errBars", theirs=False)),
    Feature("links inside the workbook", links),
    Feature("frozen panes", panes),
    Feature("filter buttons", filters),
    Feature("page set-up and print areas", page_setup),
    Feature("headers and footers", headers),
    Feature("column widths", widths),
    Feature("number formats, bold, fills", looks),
)
NEWER_RULES = Feature(
    "rules that look at another sheet", counted(r"<\w+:f>(?:'|&apos;)(Mitt ark)(?:'|&apos;)!\$B\$2", _SHEET)
)
# What people add.
THEIRS = (
    Feature("notes", counted("Et notat 🙂", "comment")),
    Feature("threaded comments", counted("Hvem følger opp", "threadedComment")),
    Feature("pictures", counted(r"<(?:\w+:)?(pic)>", _DRAWING)),
    Feature("pictures in cells", held("richValueRel.xml$")),
    Feature("pictures in headers", counted(r"<(?:\w+:)?(legacyDrawingHF) ", _SHEET)),
    Feature("shapes and text boxes", counted("Vår egen boks", _DRAWING)),
    Feature("trend lines and error bars", _marks("trendline", "errBars", theirs=True)),
    Feature("chart labels linked to cells", linked_labels),
    Feature("rich text in a cell", counted(_RICH, "sharedStrings", _SHEET)),
    NEWER_RULES,
    Feature("formulas that spill", spilled),
    Feature("checkboxes in cells", held("featurePropertyBag.xml$")),
    Feature("pivot tables", counted(r'<(?:\w+:)?pivotTableDefinition [^>]*?\bname="(\w+)', "pivotTable")),
    Feature("slicers", counted(r'<(?:\w+:)?slicer [^>]*?\bname="(\w+)', "slicers/")),
    Feature("form controls", counted(r'objectType="(CheckBox|Drop)"', "ctrlProp")),
    Feature("links to other workbooks", counted(r"<(?:\w+:)?f[^>]*>'?(\[1\]Ark1)'?!", _SHEET)),
    Feature("queries and data model", held("connections.xml$", "queryTable", "model/item")),
    Feature("custom properties", counted('name="(Prosjekt)"', "docProps/custom.xml")),
    Feature("custom XML", counted("urn:bygg:mitt", "customXml/")),
    Feature("sensitivity label", counted(r"MSIP_Label_|<\w+:label ", "docProps/custom.xml", "LabelInfo")),
    Feature("printer settings", held(r"printerSettings\d+.bin$")),
)
