"""What people changed about the lay-out of our sheets: rows, columns, panes, print, merged cells, tabs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from hmsbook.hosts.pair import Left, Looker, Pair, cells_text
from hmsbook.hosts.side import Side
from hmsbook.opc.cells import Range, parse_range
from hmsbook.opc.tree import Node
from hmsbook.opc.workbook import SheetInfo

_TRUE = ("1", "true")
# Programs round heights and widths to the pixels of a screen.
_NOISE = 0.8
# Rows of tables grow by lines: what a frame gives a text of two lines or more, and a row of one.
_LINE, _AIR, _PLAIN = 15, 4, (15.0, 18.0)
_PAGE = {"orientation": "portrait", "paperSize": "1", "pageOrder": "downThenOver", "blackAndWhite": "0"}
_PRINTED = {"gridLines": "0", "headings": "0"}
_MARGINS = ("left", "right", "top", "bottom", "header", "footer")
_VIEW = {"view": "normal", "showGridLines": "1", "showRowColHeaders": "1", "rightToLeft": "0"}
_HEADERS = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")
# Programs write the colour of a header in small letters, or set it apart from a size before it.
_COLOUR = re.compile(r" ?(&K[0-9A-Fa-f]{6})")
_PRINT = ("_xlnm.Print_Area", "_xlnm.Print_Titles")


def _heights(on: Pair) -> Iterator[Left]:
    """Rows that people made higher or lower, and rows of tables that they hid."""
    ours = on.fresh.rows(on.ours) if on.ours else {}
    known = {height for height, _ in ours.values() if height is not None}
    known |= {float(one) for one in on.old.once_ours.get("height", ())}
    tables = [table.ref for table in on.old.tables_on(on.sheet)]
    filtered = any(any(on.old.tree(it.part).all("filterColumn")) for it in on.old.tables_on(on.sheet))
    found: list[str] = []
    for row, (height, hidden) in on.old.rows(on.sheet).items():
        inside = any(top < row <= bottom for top, _, bottom, _ in tables)
        expected = ours.get(row, (None, False))[0]
        own = height is not None and _is_own_height(height, expected, known, inside=inside, on=on)
        if own or (hidden and inside and not filtered):
            found.append(str(row))
    if found:
        yield Left("height", on.sheet.name, len(found), cells_text(found))


def _is_own_height(
    height: float, expected: float | None, known: set[float], *, inside: bool, on: Pair
) -> bool:
    if expected is not None and abs(height - expected) < _NOISE:
        return False
    if inside:
        lines = (height - _AIR) / _LINE
        usual = any(abs(height - plain) < _NOISE for plain in _PLAIN)
        return not usual and (lines < 2 - _NOISE / _LINE or abs(lines - round(lines)) > _NOISE / _LINE)
    return on.old.is_current or not any(abs(height - one) < _NOISE for one in known)


def _widths(on: Pair) -> Iterator[Left]:
    """Columns outside the tables that people made wider or narrower, hid or showed."""
    taken = {
        column
        for side, sheet in ((on.old, on.sheet), (on.fresh, on.ours))
        if sheet is not None
        for table in side.tables_on(sheet)
        for column in range(table.ref[1], table.ref[3] + 1)
    }
    ours = on.fresh.widths(on.ours) if on.ours else {}
    known = {width for width, _ in ours.values()} | {float(one) for one in on.old.once_ours.get("width", ())}
    found = [
        number
        for number, (width, hidden) in on.old.widths(on.sheet).items()
        if number not in taken and _is_own_width(width, hidden, ours.get(number), known, on=on)
    ]
    if found:
        yield Left("width", on.sheet.name, len(found))


def _is_own_width(
    width: float, hidden: bool, expected: tuple[float, bool] | None, known: set[float], *, on: Pair
) -> bool:
    if expected is not None and abs(width - expected[0]) < _NOISE:
        return hidden != expected[1]
    return on.old.is_current or not any(abs(width - one) < _NOISE for one in known)


def _panes(on: Pair) -> Iterator[Left]:
    """Frozen panes, grid lines and other ways to look at a sheet."""
    if on.ours and _view(on.old, on.sheet) != _view(on.fresh, on.ours):
        yield Left("view", on.sheet.name)


def _view(side: Side, sheet: SheetInfo) -> tuple[object, ...]:
    view = next(side.tree(sheet.part).all("sheetView"), Node("sheetView", {}))
    pane = view.child("pane").attributes
    splits = tuple(float(pane.get(key, 0)) for key in ("xSplit", "ySplit"))
    return splits, _plain(view.attributes, _VIEW)


def _plain(stated: Mapping[str, str], usual: Mapping[str, str]) -> tuple[str, ...]:
    """What is stated of these attributes, or what counts where nothing is."""
    truth = {"true": "1", "false": "0", "default": "portrait"}
    return tuple(truth.get(stated.get(key, value), stated.get(key, value)) for key, value in usual.items())


def _page(on: Pair) -> Iterator[Left]:
    """Paper, margins, scale, headers and footers, page breaks and areas to print."""
    if on.ours is None:
        return
    exact = on.old.is_current
    same = _paper(on.old, on.sheet, exact=exact) == _paper(on.fresh, on.ours, exact=exact)
    scale = _scale(on.old, on.sheet)
    same = same and (scale == _scale(on.fresh, on.ours) or scale in on.old.once_ours.get("scale", ()))
    if not same or not _same_areas(on, on.ours):
        yield Left("page", on.sheet.name)


def _paper(side: Side, sheet: SheetInfo, *, exact: bool) -> tuple[object, ...]:
    """How a sheet is printed; not at which rows its pages end, where an older frame had other rows."""
    root = side.tree(sheet.part)
    setup, margins, texts = (root.child(name) for name in ("pageSetup", "pageMargins", "headerFooter"))
    get = setup.attributes.get
    fits = root.child("sheetPr").child("pageSetUpPr").attributes.get("fitToPage") in _TRUE
    size = (get("fitToWidth", "1"), get("fitToHeight", "1")) if fits else ()
    words = [_untitled(texts.child(key).text, side.titles(sheet)) for key in _HEADERS]
    # Where a sheet has no header, programs differ in how far from the edge it would be.
    shown = {"header": any(words[::2]), "footer": any(words[1::2])}
    edges = [round(float(margins.attributes.get(key, 0)), 2) for key in _MARGINS if shown.get(key, True)]
    printed = _plain(root.child("printOptions").attributes, _PRINTED)
    ends = [
        it.attributes.get("id") for name in ("rowBreaks", "colBreaks") for it in root.child(name).children
    ]
    breaks = ends if exact else len(ends)
    return _plain(setup.attributes, _PAGE), fits, size, edges, words, printed, breaks


def _scale(side: Side, sheet: SheetInfo) -> str:
    """At how many percent a sheet is printed, which says nothing where it is fitted to pages."""
    root = side.tree(sheet.part)
    fits = root.child("sheetPr").child("pageSetUpPr").attributes.get("fitToPage") in _TRUE
    return "" if fits else root.child("pageSetup").attributes.get("scale", "100")


def _untitled(text: str, titles: Iterable[str]) -> str:
    """A header or footer without the name of its sheet, which people may have changed since it was drawn."""
    for title in sorted(titles, key=len, reverse=True):
        text = text.replace(title.replace("&", "&&"), "")
    return _COLOUR.sub(lambda found: found[1].upper(), text)


def _same_areas(on: Pair, ours: SheetInfo) -> bool:
    """Whether the same is printed, but for rows and columns that tables have got since."""
    old, new = (_areas(side, sheet) for side, sheet in ((on.old, on.sheet), (on.fresh, ours)))
    if old[1] != new[1]:
        return False
    if not on.old.is_current or not (old[0] and new[0]):
        return bool(old[0]) == bool(new[0])
    one, other = parse_range(old[0]), parse_range(new[0])
    grown = _grown(on, ours)
    # A table that grows by typing below it leaves the area to print as it was.
    below = other[2] - _more_rows(on) <= one[2] <= other[2] or _holds_all(on, one, other)
    return all(grown[at] or one[at] == other[at] or (at == 2 and below) for at in range(4))


def _holds_all(on: Pair, one: Range, other: Range) -> bool:
    """Whether a sheet that lists what is in use printed all it held, and would hold more today."""
    return not on.old.tables_on(on.sheet) and on.old.extent(on.sheet)[0] <= one[2] <= other[2]


def _more_rows(on: Pair) -> int:
    """How many rows a table has beyond those it was drawn with."""
    tables = [table for table in on.old.tables_on(on.sheet) if not on.old.declared[table.name].form]
    counts = ((it.ref[2] - it.ref[0] + 1 - it.header_rows, on.old.declared[it.name].rows) for it in tables)
    return max((0, *(found - drawn for found, drawn in counts)))


def _areas(side: Side, sheet: SheetInfo) -> tuple[str, str]:
    """The area that is printed, and the rows that are repeated on each page."""
    area, titles = (side.local_names(sheet).get(name, "").rpartition("!")[2] for name in _PRINT)
    return area, titles


def _grown(on: Pair, ours: SheetInfo) -> tuple[bool, bool, bool, bool]:
    """Which edges of what is printed may differ because the tables have other sizes now."""
    refs: list[dict[str, Range]] = [
        {table.name: table.ref for table in side.tables_on(sheet)}
        for side, sheet in ((on.old, on.sheet), (on.fresh, ours))
    ]
    pairs = [(ref, refs[1].get(name, ref)) for name, ref in refs[0].items()]
    own = any(key is None for table in on.old.tables_on(on.sheet) for key in on.old.keys(table))
    return (
        False,
        False,
        any(one[2] != other[2] for one, other in pairs),
        own or any(one[3] != other[3] for one, other in pairs),
    )


def _merges(on: Pair) -> Iterator[Left]:
    """Cells that people merged."""
    ours = (
        {node.attributes.get("ref") for node in on.fresh.tree(on.ours.part).all("mergeCell")}
        if on.ours
        else set()
    )
    merged = [node.attributes.get("ref", "") for node in on.old.tree(on.sheet.part).all("mergeCell")]
    found = [ref for ref in merged if ref not in ours]
    if found:
        yield Left("merge", on.sheet.name, len(found), cells_text(found))


def _tabs(on: Pair) -> Iterator[Left]:
    """Tabs that people coloured."""
    if any(on.old.tree(on.sheet.part).child("sheetPr").all("tabColor")):
        yield Left("tab", on.sheet.name)


LOOKERS: tuple[Looker, ...] = (_heights, _widths, _panes, _page, _merges, _tabs)
