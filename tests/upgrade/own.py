"""A workbook of ours with sheets that people made, and everything on them that an upgrade moves."""

from __future__ import annotations

import io
import json
import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock
from xml.sax.saxutils import escape

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from hmsbook.actions.create import new
from hmsbook.actions.update import update
from tests.hosts.books import DATA, SLOTS, TODAY
from tests.hosts.foreign.assembly import MAIN, MICROSOFT, OFFICE, Assembly
from tests.hosts.foreign.drawn import png
from tests.support.package import WORKBOOK

FIRST, SECOND, HIDDEN = "Regnskap & <vårt>", "Kari's tall", "Skjult"
ROWS = [("Lag A", 12.5, 46000), ("Lag B", 7, 46031), ("Lag C", -3.25, 46062), ("Lag D", 0, 46093)]


@cache
def _made() -> bytes:
    close = Workbook.close

    def close_with_more(workbook: Workbook) -> None:
        _draw(workbook)
        close(workbook)

    with TemporaryDirectory() as folder:
        data, path = Path(folder) / "data.json", Path(folder) / "bok.xlsx"
        data.write_text(json.dumps(DATA), encoding="utf-8")
        with mock.patch.object(Workbook, "close", close_with_more):
            new(path, data=data, slots=SLOTS, today=TODAY, pin_today=True)
        _add(Assembly(path))
        update(path, today=TODAY)
        return path.read_bytes()


def _add(book: Assembly) -> None:
    """What only Excel makes: a thread and who wrote it, what a printer remembers, the style of a chart."""
    space = f"{MICROSOFT}/spreadsheetml/2018/threadedcomments"
    person, thread = (f"{{{letter * 8}-0000-4000-8000-000000000001}}" for letter in "BA")
    people = f'<personList xmlns="{space}"><person displayName="Kari Ås" id="{person}"/></personList>'
    book.add("xl/persons/person.xml", people, "application/vnd.ms-excel.person+xml")
    book.link(WORKBOOK, f"{MICROSOFT}/2017/10/relationships/person", "xl/persons/person.xml")
    said = (
        f'<ThreadedComments xmlns="{space}"><threadedComment ref="A5" dT="2026-11-16T09:00:00.00" '
        f'personId="{person}" id="{thread}"><text>Hvem følger opp? 🙂</text></threadedComment>'
        "</ThreadedComments>"
    )
    kind = "application/vnd.ms-excel.threadedcomments+xml"
    part = book.add("xl/threadedComments/threadedComment1.xml", said, kind)
    book.relate_sheet(FIRST, f"{MICROSOFT}/2017/10/relationships/threadedComment", part)
    book.default("bin", "application/vnd.openxmlformats-officedocument.spreadsheetml.printerSettings")
    part = book.add("xl/printerSettings/printerSettings1.bin", b"\0\1HP LaserJet" * 40)
    link = book.relate_sheet(FIRST, "printerSettings", part)
    book.change(book.sheets[FIRST], "<pageSetup ", f'<pageSetup r:id="{link}" ')
    chart = book.related(book.related(book.sheets[FIRST], "drawing"), "chart")
    colours = (
        '<cs:colorStyle xmlns:cs="http://schemas.microsoft.com/office/drawing/2012/chartStyle" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" meth="cycle" id="10">'
        '<a:schemeClr val="accent1"/></cs:colorStyle>'
    )
    part = book.add("xl/charts/colors1.xml", colours, "application/vnd.ms-office.chartcolorstyle+xml")
    book.link(chart, f"{MICROSOFT}/2011/relationships/chartColorStyle", part)
    book.save()


def own_book(path: Path) -> Path:
    """Put the workbook at a path and return it."""
    path.write_bytes(_made())
    return path


def add_sheet(path: Path, name: str, inside: str, *, after: str = "") -> None:
    """Add a sheet with these elements to a workbook, at the right end or after another one."""
    book = Assembly(path)
    part = "xl/worksheets/mitt.xml"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
    book.add(part, f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}">{inside}</worksheet>', kind)
    link = book.link(WORKBOOK, "worksheet", part)
    listed = f'<sheet name="{name}" sheetId="99" r:id="{link}"/>'
    place = re.search(f'<sheet name="{after}"[^>]*/>', book.parts[WORKBOOK].decode()) if after else None
    if place:
        index = [sheet.name for sheet in book.stored.sheets].index(after) + 1
        book.parts[WORKBOOK] = _shifted(book.parts[WORKBOOK].decode(), index).encode()
    book.change(
        WORKBOOK, place[0] if place else "</sheets>", place[0] + listed if place else f"{listed}</sheets>"
    )
    book.save()


def _shifted(xml: str, index: int) -> str:
    """The workbook where names of sheets from a place on belong to the next one."""

    def number(found: re.Match[str]) -> str:
        return f'localSheetId="{int(found[1]) + (int(found[1]) >= index)}"'

    return re.sub(r'localSheetId="(\d+)"', number, xml)


def cells(*formulas: str) -> str:
    """The cells of a sheet: a formula a row."""
    rows = (
        f'<row r="{at}"><c r="A{at}"><f>{escape(formula)}</f><v>0</v></c></row>'
        for at, formula in enumerate(formulas, 1)
    )
    return f"<sheetData>{''.join(rows)}</sheetData>"


def _draw(workbook: Workbook) -> None:
    first, second, hidden = (workbook.add_worksheet(name) for name in (FIRST, SECOND, HIDDEN))
    _cells(workbook, first)
    _frame(workbook, first)
    _rules(workbook, first)
    _on_top(workbook, first)
    _references(second)
    _tables(second)
    hidden.hide()
    hidden.write_row(0, 0, ["Sats", 1.5])
    workbook.define_name("VårSats", f"={HIDDEN}!$B$1")
    workbook.define_name("Grense", "=3.5")


def _cells(workbook: Workbook, page: Worksheet) -> None:
    add = workbook.add_format
    title = add({"bold": True, "font_size": 16, "font_name": "Georgia", "font_color": "#A00000"})
    date = add({"num_format": "d. mmmm yyyy", "align": "center", "bottom": 6, "bottom_color": "#00AA00"})
    money = add({"num_format": '#,##0.00 "kr";[Red]-#,##0.00 "kr"', "bg_color": "#FFF2CC", "pattern": 4})
    tilted = add({"rotation": 45, "text_wrap": True, "valign": "top", "locked": False, "border": 1})
    page.write_string(0, 0, "Regnskap for laget", title)
    page.write_rich_string(1, 0, "Husk ", add({"italic": True}), "dette", " og\nlinje to", tilted)
    for row, (name, number, day) in enumerate(ROWS, 4):
        page.write_string(row, 0, name)
        page.write_number(row, 1, number, money)
        page.write_datetime(row, 2, _day(day), date)
    page.write_boolean(9, 0, True)
    page.write_string(9, 1, "=ikke en formel", add({"quote_prefix": True}))
    page.write_string(9, 2, " blanke og _x0041_ 🙂 ")
    page.write_formula(10, 1, "=SUM(B5:B8)", money, 16.25)
    page.write_formula(10, 2, '=IF(B11>Grense,"over","under")', None, "over")
    page.write_formula(11, 1, "=1/0", None, "#DIV/0!")
    page.write_array_formula(12, 1, 13, 1, "{=B5:B6*2}", money, 25)
    page.write_number(13, 1, 14, money)
    page.write_formula(14, 1, "=B11*VårSats", money, 24.375)
    page.write_url(15, 0, "https://example.com/side?a=1&b=2", None, "Nettside")
    page.write_url(15, 1, "internal:'Tiltak'!B7", None, "Tiltakene")
    page.write_url(15, 2, f"internal:'{SECOND.replace(chr(39), chr(39) * 2)}'!A1", None, "Tallene")
    page.merge_range(16, 0, 16, 3, "Slått sammen", title)
    page.write_comment(4, 0, "Et notat 🙂", {"author": "Kari Ås", "visible": True})


def _day(number: int) -> object:
    from datetime import datetime, timedelta

    return datetime(1899, 12, 30) + timedelta(days=number)


def _frame(workbook: Workbook, page: Worksheet) -> None:
    page.set_column(0, 0, 31.5)
    page.set_column(1, 2, 14, workbook.add_format({"bg_color": "#EEF5EE"}))
    page.set_column(5, 7, None, None, {"level": 1, "hidden": True})
    page.set_row(0, 42)
    page.set_row(2, None, workbook.add_format({"bg_color": "#DDDDFF", "italic": True}))
    page.set_row(3, None, None, {"hidden": True})
    page.freeze_panes(4, 1)
    page.set_zoom(120)
    page.set_tab_color("#FF9900")
    page.hide_gridlines(2)
    page.set_landscape()
    page.set_paper(8)
    page.set_margins(left=0.3, top=1.1)
    page.print_area(0, 0, 20, 5)
    page.repeat_rows(0, 1)
    page.fit_to_pages(1, 2)
    page.set_h_pagebreaks([12])
    image = {"image_left": "logo.png", "image_data_left": io.BytesIO(png(77))}
    page.set_header("&L&G&RMitt topptekst", image)
    page.set_footer("&CSide &P av &N")
    page.autofilter(3, 0, 7, 2)
    page.protect("", {"format_cells": True})


def _rules(workbook: Workbook, page: Worksheet) -> None:
    red = workbook.add_format({"bg_color": "#FFC7CE", "font_color": "#9C0006", "num_format": "0.000"})
    page.conditional_format("B5:B8", {"type": "cell", "criteria": "<", "value": 0, "format": red})
    page.conditional_format("B5:B8", {"type": "data_bar", "data_bar_2010": True, "bar_solid": True})
    page.conditional_format("A5:A8", {"type": "formula", "criteria": "=$B5>10", "format": red})
    page.conditional_format("C5:C8", {"type": "3_color_scale"})
    page.data_validation("A20:A30", {"validate": "list", "source": ["Ja", "Nei"], "input_title": "Velg"})
    page.data_validation("B20:B30", {"validate": "list", "source": "=hms_list_yes_no"})
    page.add_sparkline("E5", {"range": f"'{FIRST}'!B5:B8", "markers": True, "series_color": "#00AA00"})


def _on_top(workbook: Workbook, page: Worksheet) -> None:
    page.insert_image("I2", "bilde.png", {"image_data": io.BytesIO(png(200)), "description": "Oss"})
    page.insert_textbox("I8", "Vår egen boks", {"textlink": "=$A$1"})
    chart = workbook.add_chart({"type": "column"})
    where = f"'{FIRST}'!"
    chart.add_series(
        {"categories": f"={where}$A$5:$A$8", "values": f"={where}$B$5:$B$8", "name": f"={where}$A$1"}
    )
    chart.set_title({"name": "Eget diagram"})
    page.insert_chart("I14", chart)


def _references(page: Worksheet) -> None:
    """Formulas that look into our tables, names and cells."""
    found = [
        ("=COUNTA(hms_measures[Tiltak])", 2),
        ("=SUM(hms_values[I02])", 93),
        ('=COUNTIF(hms_measures[Status],"Pågår")', 1),
        ("=INDEX(hms_indicators[Indikator],2)", "Avvik"),
        ("=Tiltak!$C$5", "Fast ukeplan 🙂"),
        ("=SUM(B1:B2)*VårSats", 142.5),
    ]
    for row, (formula, value) in enumerate(found):
        page.write_string(row, 0, formula[1:])
        page.write_formula(row, 1, formula, None, value)


def _tables(page: Worksheet) -> None:
    page.add_table(
        "D2:F6",
        {
            "name": "VåreTimer",
            "total_row": True,
            "style": "Table Style Medium 4",
            "data": [["A", 1], ["B", 2], ["C", 4]],
            "columns": [
                {"header": "Lag", "total_string": "Sum"},
                {"header": "Timer"},
                {"header": "Dobbelt", "formula": "=VåreTimer[[#This Row],[Timer]]*2"},
            ],
        },
    )
    for row, value in enumerate((2, 4, 8), 2):
        page.write_formula(row, 5, "=VåreTimer[[#This Row],[Timer]]*2", None, value)
    page.write_formula("E8", "=SUM(VåreTimer[Timer])", None, 7)
