"""The whole workbook drawn from a book and its fill."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from io import BytesIO

from xlsxwriter.workbook import Workbook

from hmsbook.draw.canvas import Canvas, Desk, quoted_sheet
from hmsbook.draw.page import Page
from hmsbook.draw.sheets import (
    check,
    copies,
    coverage,
    factors,
    guide,
    log,
    meetings,
    priorities,
    status,
    tables,
    trends,
    values,
)
from hmsbook.draw.styles import FONT, Styles
from hmsbook.flow.fill import Fill
from hmsbook.model.book import Book
from hmsbook.model.kept import NOTHING_KEPT, Kept, OwnColumn, OwnSheet
from hmsbook.standard import book as standard
from hmsbook.standard.calc import BASE, MONTH_CHOICES, calc_regions, results_region
from hmsbook.standard.kinds import Choice, Text
from hmsbook.standard.naming import BookNames, Spot
from hmsbook.standard.schema import Column, Sheet, Table
from hmsbook.texts.words import words

_SHEETS: dict[str, Callable[[Canvas], None]] = {
    "status": status.draw,
    "values": values.draw,
    "trends": trends.draw,
    "priorities": priorities.draw,
    "meetings": meetings.draw,
    "check": check.draw,
    "coverage": coverage.draw,
    "factors": factors.draw,
    "guide": guide.draw,
    "log": log.draw,
    "digest": copies.draw,
    "about_copy": copies.draw,
}


def draw(
    book: Book,
    fill: Fill,
    *,
    created: date,
    months_shown: int = MONTH_CHOICES[1],
    kept: Kept = NOTHING_KEPT,
    base: Sequence[str] = (),
) -> bytes:
    """The bytes of a new workbook with the book's rows and the fill's values; the same bytes every time.

    `kept` is what it takes over from the workbook before it; `base` are the lines that a copy carries of the
    rows as they were sent.
    """
    target = BytesIO()
    workbook = Workbook(target, {"in_memory": True, "default_date_format": "dd.mm.yyyy"})
    desk = _desk(workbook, book, fill, months_shown, kept)
    _properties(desk, created)
    pages = {sheet.key: workbook.add_worksheet(desk.title(sheet.key), Page) for sheet in _in_order(kept)}
    for key, percent in kept.zooms.items():
        pages[key].set_zoom(percent)
    for own in kept.sheets:
        _own_sheet(desk, own)
    for name in (standard.CALC_SHEET, *standard.SEPARATE.values(), standard.LISTS_SHEET):
        workbook.add_worksheet(name, Page).very_hidden()
    for sheet in standard.SHEETS:
        _SHEETS.get(sheet.key, tables.draw)(Canvas(desk, sheet, pages[sheet.key]))
        desk.define(f"hms_sheet_{sheet.key}", f"{quoted_sheet(desk.title(sheet.key))}!$A$1")
    _hide(desk, pages)
    _calculation(desk)
    _lists(desk)
    if base:
        _base(desk, base)
    workbook.close()
    return target.getvalue()


def _in_order(kept: Kept) -> list[Sheet]:
    """The sheets as they stood from the left; a sheet that is new comes after the one it follows in ours."""
    found = [sheet for key in kept.order for sheet in standard.SHEETS if sheet.key == key]
    for at, sheet in enumerate(standard.SHEETS):
        if sheet not in found:
            found.insert(found.index(standard.SHEETS[at - 1]) + 1 if at else 0, sheet)
    return found


def _hide(desk: Desk, pages: Mapping[str, Page]) -> None:
    """Hide what is not shown, and open the workbook at the first sheet that is."""
    states = {
        key: desk.kept.states.get(key) or ("visible" if desk.fill.sheets[key] else "hidden") for key in pages
    }
    for key, page in pages.items():
        if states[key] == "hidden":
            page.hide()
        elif states[key] == "veryHidden":
            page.very_hidden()
    first = "status" if states["status"] == "visible" else None
    pages[first or next(key for key in pages if states[key] == "visible")].activate()


def _with_own(tables: Mapping[str, Table], kept: Kept) -> dict[str, Table]:
    """The tables with people's own columns at their right end."""
    return {
        key: table.but(columns=(*table.columns, *map(_own, kept.columns.get(key, ()))))
        for key, table in tables.items()
    }


def _own_sheet(desk: Desk, own: OwnSheet) -> None:
    """A sheet that people made, with what stands in its cells and how numbers are shown."""
    page = desk.workbook.add_worksheet(own.title, Page)
    for column, width in own.widths.items():
        page.set_column(column - 1, column - 1, width)
    for (row, column), cell in own.cells.items():
        look = desk.styles.get("plain", **({"num_format": cell.number_format} if cell.number_format else {}))
        Canvas(desk, standard.SHEETS[0], page).value(row - 1, column - 1, cell.value, look)
    page.set_paper(9)
    page.fit_to_pages(1, 0)


def _own(column: OwnColumn) -> Column:
    return Column(column.key, Text(), width=column.width)


def _desk(workbook: Workbook, book: Book, fill: Fill, months_shown: int, kept: Kept) -> Desk:
    language = words(book.language)
    slots = book.manifest.slots
    plot_rows = len(book.drawn_rows["proposals"])
    results = results_region(slots, max(len(fill.regions["results"]), results_rows(book)))
    own = {(table, column.key): column.header for table, found in kept.columns.items() for column in found}
    names = BookNames(language, calc_regions(slots, plot_rows), results, own)
    return Desk(
        workbook=workbook,
        styles=Styles(workbook),
        words=language,
        names=names,
        book=book,
        fill=fill,
        tables=_with_own(standard.tables(slots), kept),
        regions=standard.regions(slots),
        months_shown=months_shown,
        kept=kept,
    )


def results_rows(book: Book) -> int:
    """How many months the block of results has room for."""
    return len(book.drawn_rows["values"]) + 60


def _properties(desk: Desk, created: date) -> None:
    desk.workbook.formats[0].set_font_name(FONT)
    desk.workbook.set_properties(
        {
            "title": desk.book.unit.unit or "",
            "author": "hmsbook",
            "company": "",
            # The day alone: the time of day would make no two workbooks alike.
            "created": datetime.combine(created, time()),
        }
    )
    desk.workbook.set_size(24000, 14000)
    desk.workbook.set_calc_mode("auto")


def _calculation(desk: Desk) -> None:
    for spot in desk.names.spots.values():
        _region(desk, desk.workbook.get_worksheet_by_name(spot.sheet), spot)


def _region(desk: Desk, page: Page, spot: Spot) -> None:
    """One region of a calculation sheet, with its column keys above it."""
    canvas = Canvas(desk, standard.SHEETS[0], page)
    region = spot.region
    if region.key == "today" and desk.book.manifest.values.get("pinned_today"):
        spot = spot.but(region=region.but(formulas={}))
    for offset, name in enumerate(region.columns):
        canvas.page.write_string(spot.row - 1, spot.column + offset, name)
    canvas.cells(spot, desk.fill.regions[region.key], lambda _index, _name: None)
    desk.define(region.name, spot.area)


def _base(desk: Desk, lines: Sequence[str]) -> None:
    """The rows as they were sent, on a sheet of their own that nobody sees."""
    page = desk.workbook.add_worksheet(standard.BASE_SHEET, Page)
    page.very_hidden()
    for row, line in enumerate(lines):
        page.write_string(row, 0, line)
    desk.define(f"hms_{BASE}", f"{standard.BASE_SHEET}!$A$1:$A${len(lines)}")


def _lists(desk: Desk) -> None:
    """Allowed values, where validations find them by name; ids are offered from their own tables."""
    page = desk.workbook.get_worksheet_by_name(standard.LISTS_SHEET)
    kinds = [column.kind for table in desk.tables.values() for column in table.columns]
    for column, choices in enumerate(sorted({kind.choices for kind in kinds if isinstance(kind, Choice)})):
        labels = desk.words.choices(choices).values()
        for row, label in enumerate(labels):
            page.write_string(row, column, label)
        letter = chr(65 + column)
        desk.define(f"hms_list_{choices}", f"{standard.LISTS_SHEET}!${letter}$1:${letter}${len(labels)}")
