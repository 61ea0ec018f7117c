"""Rules that Excel enforces by refusing or repairing a file, and that Microsoft's SDK validator lets through.

Each rule takes a package and yields one line for each place that breaks it. `RULES` may rely on `relations`:
`ooxml.lint` runs them when no link leads nowhere.
"""

from __future__ import annotations

import math
import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from xml.etree.ElementTree import Element

from tests.support import formulas
from tests.support.package import (
    CHART,
    CONTENT_TYPES,
    EXCEL_FORMULA,
    MAIN,
    OFFICE_2009,
    WORKBOOK,
    Package,
    Sheet,
    Table,
    area_of,
    cell_place,
    unescaped,
)

LEGAL_NAME = re.compile(r"[^\W\d][\w.\\?]*\Z|\\[\w.\\?]+\Z")
LIKE_A_CELL = re.compile(r"(?:[A-Za-z]{1,3}\d+|[Rr]\d*[Cc]\d*|[RrCc])\Z")
ILLEGAL_IN_SHEET_NAME = re.compile(r"[\\/?*\[\]:]")
MAIN_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    ".xlsm": "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    ".xlam": "application/vnd.ms-excel.addin.macroEnabled.main+xml",
}
# Which link leads to a ribbon of which schema: that of Office 2007, and that of all newer ones.
RIBBON_LINKS = {
    f"http://schemas.microsoft.com/office/{schema}/customui": (
        f"http://schemas.microsoft.com/office/{link}/relationships/ui/extensibility"
    )
    for schema, link in (("2006/01", "2006"), ("2009/07", "2007"))
}
MOST_ROWS, MOST_COLUMNS, MOST_CHARACTERS, MOST_IN_LIST, LONGEST_NAME = 1_048_576, 16_384, 32_767, 255, 255
LONGEST_SHEET_NAME = 31
# Excel's dialogs stop people at these lengths, and a file beyond them is repaired.
MESSAGE_LENGTHS = {"promptTitle": 32, "prompt": 255, "errorTitle": 32, "error": 255}

Rule = Callable[[Package], Iterator[str]]


def repeated(values: Iterable[str]) -> list[str]:
    """Return the values that occur more than once, case ignored."""
    return [value for value, count in Counter(value.casefold() for value in values).items() if count > 1]


def known(package: Package, *, tables_allowed: bool = True) -> formulas.Known:
    """Return what the formulas of a workbook may refer to."""
    return formulas.Known(
        sheets={sheet.name.casefold() for sheet in package.sheets},
        names={name.get("name", "").casefold() for name in package.defined_names},
        columns={table.name.casefold(): {c.casefold() for c in table.columns} for table in package.tables},
        tables_allowed=tables_allowed,
    )


def content_types(package: Package) -> Iterator[str]:
    """Every part has a content type, and the workbook's is the one its extension promises."""
    tree = package.tree(CONTENT_TYPES)
    overrides = {entry.get("PartName", "").lstrip("/"): entry.get("ContentType") for entry in tree}
    defaults = {entry.get("Extension", "").casefold() for entry in tree}
    expected = MAIN_TYPES.get(package.path.suffix)
    if overrides.get(WORKBOOK) != expected:
        yield f"content type {overrides.get(WORKBOOK)} does not match {package.path.suffix}"
    for part in package.names:
        extension = posixpath.splitext(part)[1].lstrip(".").casefold()
        if part not in overrides and extension not in defaults and part != CONTENT_TYPES:
            yield f"{part}: no content type"


def relations(package: Package) -> Iterator[str]:
    """Links have ids of their own and lead to parts that exist."""
    for where in package.names:
        folder, name = posixpath.split(where)
        if not name.endswith(".rels"):
            continue
        part = posixpath.join(posixpath.dirname(folder), name.removesuffix(".rels"))
        links = package.relations(part)
        yield from (f"{where}: id {link} used twice" for link in repeated(link.id for link in links))
        yield from (f"{where}: no part {link.target}" for link in links if link.target not in package.parts)


def sheet_names(package: Package) -> Iterator[str]:
    """Sheet names are legal and differ by more than case."""
    names = [sheet.name for sheet in package.sheets]
    yield from (f"sheet name {name} used twice" for name in repeated(names))
    for name in names:
        edges = name.startswith("'") or name.endswith("'")
        if not name or len(name) > LONGEST_SHEET_NAME or ILLEGAL_IN_SHEET_NAME.search(name) or edges:
            yield f"illegal sheet name {name!r}"


def visible_sheets(package: Package) -> Iterator[str]:
    """The workbook opens at a sheet that shows."""
    view = package.workbook.find(f"{MAIN}bookViews/{MAIN}workbookView")
    active = 0 if view is None else int(view.get("activeTab", "0"))
    states = [sheet.state for sheet in package.sheets]
    if active >= len(states) or states[active] != "visible":
        yield f"the sheet it opens at, number {active + 1}, is hidden or missing"


def defined_names(package: Package) -> Iterator[str]:
    """Defined names are legal and given once in a scope, and what they stand for is a formula."""
    scopes = [f"{name.get('localSheetId', '')}!{name.get('name')}" for name in package.defined_names]
    yield from (f"defined name {name.partition('!')[2]} given twice" for name in repeated(scopes))
    for entry in package.defined_names:
        name = entry.get("name", "")
        if not name.startswith("_xlnm.") and not _legal(name):
            yield f"illegal defined name {name!r}"
        yield from _formula(f"name {name}", entry.text or "", known(package))


def _legal(name: str) -> bool:
    return bool(LEGAL_NAME.match(name)) and not LIKE_A_CELL.match(name) and len(name) <= LONGEST_NAME


def _formula(where: str, text: str, names: formulas.Known) -> Iterator[str]:
    yield from (f"{where}: formula {problem}: {text}" for problem in formulas.problems(text, names))


def table_names(package: Package) -> Iterator[str]:
    """Tables have legal names and numbers that nothing else in the workbook has."""
    names = [table.name for table in package.tables]
    globals_ = [name.get("name", "") for name in package.defined_names if name.get("localSheetId") is None]
    yield from (f"table name {name} is taken" for name in repeated([*names, *globals_]))
    yield from (f"illegal table name {name!r}" for name in names if not _legal(name))
    yield from (f"table id {i} used twice" for i in repeated(t.element.get("id", "") for t in package.tables))


def table_columns(package: Package) -> Iterator[str]:
    """A table has as many columns as it is wide, and each has a name of its own."""
    for table in package.tables:
        yield from (f"{table.name}: column {name!r} given twice" for name in repeated(table.columns))
        width = table.area.right - table.area.left + 1
        if width != len(table.columns):
            yield f"{table.name}: {len(table.columns)} columns in {table.element.get('ref')}"
        if table.area.bottom - table.area.top < int(table.has_header):
            yield f"{table.name}: has no row for data"
        for entry in table.element.iter(f"{MAIN}calculatedColumnFormula"):
            yield from _formula(table.name, entry.text or "", known(package))


def table_headers(package: Package) -> Iterator[str]:
    """The header cells of a table hold exactly the names of its columns, as text."""
    sheets = {sheet.name: sheet for sheet in package.sheets}
    for table in package.tables:
        if table.has_header:
            yield from _headers(table, sheets[table.sheet])


def _headers(table: Table, sheet: Sheet) -> Iterator[str]:
    texts = {cell.place: cell.text for cell in sheet.cells.values()}
    for column, name in enumerate(table.columns, table.area.left):
        found = texts.get((table.area.top, column))
        if found != name:
            yield f"{table.name}: header cell {found!r} is not the column {name!r}"


def table_places(package: Package) -> Iterator[str]:
    """Tables lie apart from each other and from merged cells, and filter only themselves."""
    for sheet in package.sheets:
        mine = [table for table in package.tables if table.sheet == sheet.name]
        for index, table in enumerate(mine):
            clashes = [other.name for other in mine[:index] if table.area.meets(other.area)]
            yield from (f"{table.name} overlaps {other}" for other in clashes)
            if any(table.area.meets(merge) for merge in sheet.merges):
                yield f"{table.name} overlaps a merged cell"
    for table in package.tables:
        for element in table.element.iter(f"{MAIN}autoFilter"):
            span = area_of(element.get("ref", ""))
            if (span.top, span.left, span.right) != (table.area.top, table.area.left, table.area.right):
                yield f"{table.name}: filters {element.get('ref')}"


def merges(package: Package) -> Iterator[str]:
    """Merged areas lie apart."""
    for sheet in package.sheets:
        found = sheet.merges
        overlaps = any(area.meets(other) for i, area in enumerate(found) for other in found[:i])
        if overlaps:
            yield f"{sheet.name}: overlapping merged cells"


def cell_order(package: Package) -> Iterator[str]:
    """Rows and cells come in order, once each, within the size of a sheet."""
    for sheet in package.sheets:
        rows = list(sheet.element.iter(f"{MAIN}row"))
        numbers = [int(row.get("r", "0")) for row in rows]
        yield from (f"{sheet.name}: row {b} out of order" for a, b in pairwise([0, *numbers]) if a >= b)
        for row, number in zip(rows, numbers, strict=True):
            yield from (f"{sheet.name}!{address}: cell out of order" for address in _misplaced(row, number))


def _misplaced(row: Element, number: int) -> Iterator[str]:
    last = 0
    for cell in row.iter(f"{MAIN}c"):
        line, column = cell_place(cell.get("r", ""))
        if line != number or column <= last or column > MOST_COLUMNS or line > MOST_ROWS:
            yield cell.get("r", "")
        last = column


def cell_values(package: Package) -> Iterator[str]:
    """Numbers are numbers, texts fit a cell, shared strings and styles exist."""
    styles = _count(package, "cellXfs")
    for sheet in package.sheets:
        for cell in sheet.cells.values():
            where = f"{sheet.name}!{cell.address}"
            if cell.style >= styles:
                yield f"{where}: style {cell.style} of {styles}"
            if cell.kind == "s" and cell.text is None:
                yield f"{where}: shared string {cell.stored} of {len(package.strings)}"
            if len(cell.text or "") > MOST_CHARACTERS:
                yield f"{where}: text of {len(cell.text or '')} characters"
            if cell.kind == "n" and cell.stored is not None and not _finite(cell.stored):
                yield f"{where}: {cell.stored!r} is no number"


def _count(package: Package, collection: str) -> int:
    if "xl/styles.xml" not in package.parts:
        return 1
    found = package.tree("xl/styles.xml").find(f"{MAIN}{collection}")
    return 0 if found is None else len(found)


def _finite(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def cell_formulas(package: Package) -> Iterator[str]:
    """The formulas of cells are in stored form and refer to what exists."""
    names = known(package)
    for sheet in package.sheets:
        for cell in sheet.cells.values():
            if cell.formula:
                yield from _formula(f"{sheet.name}!{cell.address}", cell.formula, names)


def validations(package: Package) -> Iterator[str]:
    """Drop-down lists and messages are short enough, and their formulas name no table."""
    names = known(package, tables_allowed=False)
    for sheet in package.sheets:
        for entry in sheet.element.iter(f"{MAIN}dataValidation"):
            where = f"{sheet.name} validation {entry.get('sqref')}"
            listed = entry.findtext(f"{MAIN}formula1") or ""
            if listed.startswith('"') and len(listed) - 2 > MOST_IN_LIST:
                yield f"{where}: list of {len(listed) - 2} characters (most {MOST_IN_LIST})"
            for attribute, most in MESSAGE_LENGTHS.items():
                length = len(unescaped(entry.get(attribute, "")))
                if length > most:
                    yield f"{where}: {attribute} of {length} characters (most {most})"
            for tag in ("formula1", "formula2"):
                yield from _formula(where, entry.findtext(f"{MAIN}{tag}") or "", names)


def conditional_formats(package: Package) -> Iterator[str]:
    """Conditional formats use formats that exist, and their formulas name no table."""
    names, formats = known(package, tables_allowed=False), _count(package, "dxfs")
    for sheet in package.sheets:
        for rule in sheet.element.iter(f"{MAIN}cfRule"):
            if int(rule.get("dxfId", "-1")) >= formats:
                yield f"{sheet.name}: conditional format {rule.get('dxfId')} of {formats}"
            for entry in rule.iter(f"{MAIN}formula"):
                yield from _formula(f"{sheet.name} conditional format", entry.text or "", names)


def drawings(package: Package) -> Iterator[str]:
    """Charts and sparklines, and the rules that Excel 2010 added, refer to what exists and name no table."""
    names = known(package, tables_allowed=False)
    for part, chart in package.charts():
        for entry in chart.iter(f"{CHART}f"):
            yield from _formula(part, entry.text or "", names)
    for sheet in package.sheets:
        for entry in sheet.element.iter(EXCEL_FORMULA):
            yield from _formula(f"{sheet.name} extension", entry.text or "", names)


def sparkline_sizes(package: Package) -> Iterator[str]:
    """A sparkline shows one row or one column."""
    for sheet in package.sheets:
        for entry in sheet.element.iter(f"{OFFICE_2009}sparkline"):
            span = (entry.findtext(EXCEL_FORMULA) or "").rpartition("!")[2]
            if span and "#" not in span and ":" in span:
                area = area_of(span)
                if area.top != area.bottom and area.left != area.right:
                    yield f"{sheet.name}: sparkline over the block {span}"


def links(package: Package) -> Iterator[str]:
    """Links inside the workbook lead to places that exist."""
    names = known(package)
    for sheet in package.sheets:
        for link in sheet.element.iter(f"{MAIN}hyperlink"):
            location = link.get("location")
            if location:
                yield from _formula(f"{sheet.name}!{link.get('ref')} link", location.lstrip("#"), names)


def ribbon(package: Package) -> Iterator[str]:
    """The ribbon is linked as its schema wants, gives each id once, and no property twice."""
    for relation in package.relations(""):
        if not relation.kind.endswith("ui/extensibility"):
            continue
        elements = list(package.tree(relation.target).iter())
        schema = elements[0].tag.partition("}")[0].lstrip("{")
        if RIBBON_LINKS.get(schema) != relation.kind:
            yield f"ribbon: {schema} belongs to another link than {relation.kind}"
        ids = [element.get("id", "") for element in elements if element.get("id")]
        yield from (f"ribbon: id {name} used twice" for name in repeated(ids))
        for element in elements:
            both = [name for name in element.attrib if f"get{name[:1].upper()}{name[1:]}" in element.attrib]
            yield from (f"ribbon: {element.get('id')} has both {name} and its callback" for name in both)


RULES: tuple[Rule, ...] = (
    content_types,
    sheet_names,
    visible_sheets,
    defined_names,
    table_names,
    table_columns,
    table_headers,
    table_places,
    merges,
    cell_order,
    cell_values,
    cell_formulas,
    validations,
    conditional_formats,
    drawings,
    sparkline_sizes,
    links,
    ribbon,
)
