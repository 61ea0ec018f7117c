"""What a workbook holds that a fresh frame with the same rows does not: what an upgrade cannot carry.

The two are compared, so that nothing has to be known here about how our own sheets look.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from hmsbook.hosts.changes import EMPTY, PREFIX
from hmsbook.hosts.layout import LOOKERS
from hmsbook.hosts.own_sheets import Luggage
from hmsbook.hosts.pair import MOST_CELLS, Left, Looker, Pair, cells_text
from hmsbook.hosts.restyled import RESTYLED
from hmsbook.hosts.side import OTHERS, Side, column_widths
from hmsbook.model.book import Manifest
from hmsbook.opc.cells import Position, cell_name, parse_range
from hmsbook.opc.package import Package
from hmsbook.opc.rels import Relationship, targets
from hmsbook.opc.saved_by import saved_by
from hmsbook.opc.tree import Node, tree
from hmsbook.opc.workbook import SheetInfo, TableInfo
from hmsbook.standard.sheets.priorities import VOTED

_CHARTS = ("hms_trend_", "hms_priorities")
_ANCHORS = ("twoCellAnchor", "oneCellAnchor", "absoluteAnchor")
_OPENPYXL_CHART = re.compile(r"Chart \d+")
_REFERENCE = re.compile(r"\$?[A-Z]{1,3}\$?[0-9]+")
# What every workbook has, what is told of in another way, and what a program makes again by itself.
_USUAL = {
    "worksheet",
    "theme",
    "styles",
    "sharedStrings",
    "calcChain",
    "sheetMetadata",
    "officeDocument",
    "core-properties",
    "extended-properties",
    "thumbnail",
    "person",
    "table",
    "drawing",
    "hyperlink",
    "vmlDrawing",
    "comments",
    "printerSettings",
    "pivotCacheDefinition",
    "slicerCache",
    "timelineCache",
    "chartsheet",
    "dialogsheet",
    "xlMacrosheet",
}
_CASES = {
    "threadedComment": "comment",
    "vbaProject": "macros",
    "attachedToolbars": "macros",
    "customUI": "macros",
    "extensibility": "macros",
    "pivotTable": "pivot",
    "slicer": "slicer",
    "timeline": "slicer",
    "connections": "connection",
    "queryTable": "connection",
    "powerPivotData": "connection",
    "externalLink": "external",
    "externalLinkPath": "external",
    "image": "drawing",
    "ctrlProp": "control",
    "FeaturePropertyBag": "control",
    "control": "control",
    "oleObject": "control",
    "custom-properties": "properties",
    "customXml": "properties",
    "classificationlabels": "properties",
}
# The kinds of validation that compare a value with one or two others.
_COMPARING = ("whole", "decimal", "date", "time", "textLength")
# Excel's width of a column that nothing is said of.
_USUAL_WIDTH = "8.43"
_WIDTH_NOISE = 0.6


def left_behind(old: Package, fresh: Package, manifest: Manifest) -> tuple[Left, ...]:
    """All that the old workbook has and the fresh one, drawn with its rows, has not.

    People's own sheets and names are not among it.
    """
    ours, theirs = Side(fresh, manifest), Side(old, manifest, manifest.standard)
    found: list[Left] = []
    for key, sheet in theirs.sheets.items():
        for look in _LOOKERS:
            found += look(Pair(theirs, ours, sheet, ours.sheets.get(key)))
    return (*found, *_package(theirs))


def own_things(old: Package, manifest: Manifest) -> tuple[Left, ...]:
    """People's own sheets and names."""
    side = Side(old, manifest)
    return (*(Left("sheet", name=sheet.name) for sheet in side.own_sheets), *_names(side))


def stays(luggage: Luggage) -> Iterator[Left]:
    """People's own sheets and names that cannot be moved, with the reason."""
    for case, found in (("sheet", luggage.sheets_left), ("name", luggage.names_left)):
        for it in found:
            kind, _, part = it.obstacle.reason.partition(":")
            reason = _CASES.get(part, "other") if kind == "part" else it.obstacle.reason
            cell = "" if "/" in it.obstacle.at else it.obstacle.at
            yield Left(case, name=it.name, reason=reason, at=cell)


def _related(on: Pair) -> Iterator[Left]:
    """What hangs on a sheet by a relationship: comments, pivot tables, controls, other tables."""
    counts: dict[str, int] = {}
    for kind, link in on.old.relations(on.sheet.part):
        if kind == "comments":
            counts["comment"] = sum(1 for _ in on.old.tree(link.target).all("comment"))
        elif kind not in _USUAL:
            case = _CASES.get(kind, "other")
            counts[case] = max(counts.get(case, 0), 1)
    own = [
        table.name
        for table in on.old.workbook.tables
        if table.sheet.part == on.sheet.part and table.name not in on.old.declared
    ]
    yield from (Left(case, on.sheet.name, count) for case, count in counts.items())
    yield from (Left("table", on.sheet.name, name=name) for name in own)


def _drawn(on: Pair) -> Iterator[Left]:
    """Pictures, shapes and charts that are not ours."""
    names = [
        next((node.attributes.get("name", "") for node in anchor.all("cNvPr")), "")
        for part in targets(on.old.package, on.sheet.part, "drawing")
        for anchor in on.old.tree(part).all(*_ANCHORS)
    ]
    own = [name for name in names if not name.startswith(_CHARTS)]
    if own and not _are_renamed(on, own):
        yield Left("drawing", on.sheet.name, len(own), ", ".join(own[:MOST_CELLS]))
    if any(on.old.tree(on.sheet.part).all("legacyDrawingHF", "picture")):
        yield Left("drawing", on.sheet.name)


def _are_renamed(on: Pair, names: list[str]) -> bool:
    """Whether these are our charts, which openpyxl draws again under other names."""
    if saved_by(on.old.package) != "openpyxl" or on.ours is None:
        return False
    drawings = targets(on.fresh.package, on.ours.part, "drawing")
    ours = sum(1 for part in drawings for _ in on.fresh.tree(part).all(*_ANCHORS))
    return len(names) == ours and all(map(_OPENPYXL_CHART.fullmatch, names))


def _more(case: str, elements: tuple[str, ...], signature: Callable[[Node], object]) -> Looker:
    """A looker for elements of a sheet whose signature no element of the fresh sheet has."""

    def look(on: Pair) -> Iterator[Left]:
        fresh = on.fresh.tree(on.ours.part).all(*elements) if on.ours else ()
        known = {*map(signature, fresh), *on.old.once_ours.get(case, ())}
        own = [node for node in on.old.tree(on.sheet.part).all(*elements) if signature(node) not in known]
        if own:
            yield Left(case, on.sheet.name, len(own))

    return look


def _rules(on: Pair) -> Iterator[Left]:
    """Conditional formats that are not ours, or that people gave other colours."""
    known = set(_stated_rules(on.fresh, on.ours)) if on.ours else set()
    once, plain = on.old.once_ours.get("rule", ()), {rule for rule, _ in known}
    own = [
        found
        for found in _stated_rules(on.old, on.sheet)
        if found not in known and (on.old.is_current or found[0] not in {*plain, *once})
    ]
    if own:
        yield Left("rule", on.sheet.name, len(own))


def _stated_rules(side: Side, sheet: SheetInfo) -> Iterator[tuple[str, object]]:
    """The conditional formats of a sheet: what each says, and how cells then look."""
    for node in side.tree(sheet.part).all("cfRule"):
        yield _rule(node), side.looks.of_rule(node.attributes.get("dxfId"))


def _rule(node: Node) -> str:
    """A conditional format: its type, what it compares with, and how it is coloured."""
    formulas = tuple(_REFERENCE.sub("#", found.text) for found in node.all("formula", "f"))
    scale = (
        found.attributes.get("type") or found.attributes.get("rgb") or ""
        for found in node.all("cfvo", "color", "fillColor")
    )
    stated = (node.attributes.get(key, "") for key in ("type", "operator", "text"))
    return "|".join((*stated, *formulas, *scale))


def _validation(node: Node) -> object:
    """A validation: its kind and what it compares with; programs also write what does not count."""
    kind = node.attributes.get("type", "none")
    operator = node.attributes.get("operator", "between") if kind in _COMPARING else ""
    counting = {"none": 0}.get(kind, 2 if operator in ("between", "notBetween") else 1)
    stated = [node.child(name) for name in ("formula1", "formula2")][:counting]
    return kind, operator, tuple(_REFERENCE.sub("#", found.text or found.child("f").text) for found in stated)


def _sparkline(node: Node) -> object:
    return _REFERENCE.sub("#", node.child("f").text)


def _plain(node: Node) -> object:
    return node.name


def _links(on: Pair) -> Iterator[Left]:
    """Links that people put into cells."""
    mine = [node for node in on.old.tree(on.sheet.part).all("hyperlink") if not _is_our_link(node)]
    if mine:
        yield Left(
            "link", on.sheet.name, len(mine), cells_text(node.attributes.get("ref", "") for node in mine)
        )


def _is_our_link(node: Node) -> bool:
    return node.attributes.get("location", "").startswith(f"{PREFIX}sheet_")


def _outside(on: Pair) -> Iterator[Left]:
    """What people typed beside our tables."""
    fresh = _loose(on.fresh, on.ours).values() if on.ours else ()
    known = {*(value for value, _ in fresh), *on.old.once_ours.get("cells", ())}
    found = [
        at
        for at, (value, formula) in _loose(on.old, on.sheet).items()
        if formula is not None or value not in known
    ]
    if found:
        yield Left("cells", on.sheet.name, len(found), cells_text(map(cell_name, found)))


def _loose(side: Side, sheet: SheetInfo) -> dict[Position, tuple[object, str | None]]:
    """The cells of a sheet that stand in no table and no region of ours."""
    taken = [spot[1:] for spot in side.regions if spot[0].part == sheet.part]
    taken += [side.carried(table) for table in side.tables_on(sheet)]
    # A link to another sheet says what that sheet is called now.
    links = filter(_is_our_link, side.tree(sheet.part).all("hyperlink"))
    taken += [parse_range(link.attributes.get("ref", "A1")) for link in links]
    return {
        at: (cell.value, cell.formula)
        for at, cell in side.scan(sheet).cells.items()
        if (cell.formula is not None or cell.value not in (None, "")) and not _in(at, taken)
    }


def _in(at: Position, areas: Iterable[tuple[int, int, int, int]]) -> bool:
    row, column = at
    return any(top <= row <= bottom and left <= column <= right for top, left, bottom, right in areas)


def _formulas(on: Pair) -> Iterator[Left]:
    """Formulas where values belong: the value is carried, the formula is not."""
    cells = on.old.scan(on.sheet).cells
    found = [
        at
        for table in on.old.tables_on(on.sheet)
        for at in _typedcells_text(on.old, table)
        if cells.get(at, EMPTY).is_formula and not cells[at].array
    ]
    if found:
        yield Left("formula", on.sheet.name, len(found), cells_text(map(cell_name, found)))


def _typedcells_text(side: Side, table: TableInfo) -> Iterator[Position]:
    """The cells of a table that people fill in."""
    declared = side.declared[table.name]
    owned = {column.key for column in declared.columns if column.owned}
    top, left, bottom, right = side.carried(table)
    offsets = range(1, 2) if declared.form else range(right - left + 1)
    keys = side.keys(table)
    for offset in offsets:
        if declared.form or keys[offset] not in owned:
            yield from ((row, left + offset) for row in range(top + table.header_rows, bottom + 1))


def _widths(on: Pair) -> Iterator[Left]:
    """Columns of our tables that people made wider or narrower, hid or showed."""
    ours = list(_columns(on.fresh, on.ours)) if on.ours else []
    # Columns that change places leave their widths behind in Excel, and take them along elsewhere.
    expected = {(table, name): stated for table, names, stated in ours for name in names}
    once = [float(width) for width in on.old.once_ours.get("width", ())]
    own = [
        names
        for table, names, stated in _columns(on.old, on.sheet)
        if all(_differ(stated, expected.get((table, name), stated), once) for name in names)
    ]
    if own:
        yield Left("width", on.sheet.name, len(own))


def _differ(one: tuple[float, bool], other: tuple[float, bool], once: Iterable[float]) -> bool:
    """Whether a column is hidden or not as in our frame, or has a width that no frame of ours gave it."""
    return one[1] != other[1] or all(abs(one[0] - width) > _WIDTH_NOISE for width in (other[0], *once))


def _columns(side: Side, sheet: SheetInfo) -> Iterator[tuple[str, tuple[str, int], tuple[float, bool]]]:
    """Table, key and place, width and hidden of the columns of our tables on a sheet."""
    root = side.tree(sheet.part)
    stored = column_widths(root)
    usual = float(root.child("sheetFormatPr").attributes.get("defaultColWidth", _USUAL_WIDTH)), False
    for table in side.tables_on(sheet):
        for offset, key in enumerate(side.keys(table)):
            width, hidden = stored.get(table.ref[1] + offset, usual)
            # Which columns of indicators and of votes are hidden is ours to say.
            if key is not None and (key == "month" or table.name != f"{PREFIX}values"):
                yield table.name, (key, offset), (width, hidden and key not in VOTED)


def _totals(on: Pair) -> Iterator[Left]:
    """Rows of totals that people switched on."""
    for table in on.old.tables_on(on.sheet):
        if table.totals_rows:
            yield Left("totals", on.sheet.name)


def _filters(on: Pair) -> Iterator[Left]:
    """Filters that hide rows now."""
    filtered = [
        table for table in on.old.tables_on(on.sheet) if any(on.old.tree(table.part).all("filterColumn"))
    ]
    if filtered:
        yield Left("filter", on.sheet.name, len(filtered))


def _rich(on: Pair) -> Iterator[Left]:
    """Texts of which some words look different."""
    rich = on.old.rich_texts
    cells = on.old.scan(on.sheet).cells if rich else {}
    found = [
        at
        for table in on.old.tables_on(on.sheet)
        for at in _typedcells_text(on.old, table)
        if cells.get(at, EMPTY).value in rich
    ]
    if found:
        yield Left("format", on.sheet.name, len(found), cells_text(map(cell_name, found)))


_LOOKERS: tuple[Looker, ...] = (
    _related,
    _drawn,
    _outside,
    _formulas,
    _rules,
    _more("validation", ("dataValidation",), _validation),
    _more("sparkline", ("sparkline",), _sparkline),
    _more("protection", ("sheetProtection",), _plain),
    _links,
    *RESTYLED,
    _rich,
    _widths,
    _totals,
    _filters,
    *LOOKERS,
)


def _names(old: Side) -> Iterator[Left]:
    """Names that people gave to cells."""
    for name in old.workbook.defined_names:
        if not name.startswith((PREFIX, *OTHERS)):
            yield Left("name", name=name)


def _package(old: Side) -> Iterator[Left]:
    """What belongs to the whole workbook: macros, connections, links to other files, properties."""
    counts: dict[str, int] = {}
    for part in ("", old.workbook.part):
        for kind, link in old.relations(part):
            if kind not in _USUAL and not _is_empty(old, kind, link):
                case = "drawing" if kind.startswith("rd") else _CASES.get(kind, "other")
                counts[case] = counts.get(case, 0) + 1
    yield from (Left(case, count=count) for case, count in counts.items())
    if any(map(_protects, tree(old.workbook.xml).all("workbookProtection", "customWorkbookView"))):
        yield Left("protection")


def _is_empty(old: Side, kind: str, link: Relationship) -> bool:
    """Whether a part says nothing, as LibreOffice's list of properties where there are none."""
    return kind == "custom-properties" and not old.tree(link.target).children


def _protects(node: Node) -> bool:
    """Whether an element does anything: LibreOffice writes one without a word where nothing is locked."""
    return any(value not in ("0", "false") for value in node.attributes.values())
