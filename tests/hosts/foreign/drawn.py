"""What people make in Excel and XlsxWriter can draw too: on sheets of their own, and on ours."""

from __future__ import annotations

import io
import struct
import zlib
from datetime import date
from pathlib import Path
from unittest import mock

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from hmsbook.actions.create import new

OWN, PIVOT, LIST = "Mitt ark", "Min pivot", "Min liste"
LABEL = "11111111-2222-3333-4444-555555555555"


def png(red: int) -> bytes:
    """A small picture, another one for each shade."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    size = struct.pack(">2I5B", 4, 4, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + bytes([red, 120, 90]) * 4) * 4)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def draw(path: Path, data: Path, slots: int, today: date) -> None:
    """Draw a workbook of ours with everything in it that a coordinator has made."""
    close = Workbook.close

    def close_with_more(workbook: Workbook) -> None:
        _add(workbook)
        close(workbook)

    with mock.patch.object(Workbook, "close", close_with_more):
        new(path, data=data, slots=slots, today=today, pin_today=True)


def _add(workbook: Workbook) -> None:
    own, pivot, listed = (workbook.add_worksheet(name) for name in (OWN, PIVOT, LIST))
    _numbers(own)
    _numbers(pivot)
    _list(listed, "A1:B4", "MineAvvik")
    _list(workbook.get_worksheet_by_name("Tiltak"), "AH5:AI8", "MineTiltak")
    for number, page in enumerate((own, workbook.get_worksheet_by_name("Tiltak"))):
        _in_cells(workbook, page, column=28, shade=40 * number)
        _rules(page, column=28)
    for number, page in enumerate((own, workbook.get_worksheet_by_name("Status"))):
        _on_top(workbook, page, column=28, shade=150 + 40 * number)
    workbook.set_custom_property("Prosjekt", "Nordre Kai 🙂")
    workbook.set_custom_property(f"MSIP_Label_{LABEL}_Enabled", "true")
    workbook.set_custom_property(f"MSIP_Label_{LABEL}_Name", "Intern")


def _numbers(page: Worksheet) -> None:
    rows = [["Lag", "Timer"], ["A", 1], ["B", 2], ["A", 3], ["C", 5]]
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)


def _list(page: Worksheet, place: str, name: str) -> None:
    columns = [{"header": "Lag"}, {"header": "Avvik"}]
    page.add_table(place, {"name": name, "columns": columns, "data": [["A", 1], ["B", 2], ["C", 0]]})


def _in_cells(workbook: Workbook, page: Worksheet, *, column: int, shade: int) -> None:
    """Rich text, a spill, checkboxes, a picture in a cell, a link to another workbook, notes."""
    bold, red = workbook.add_format({"bold": True}), workbook.add_format({"font_color": "red"})
    page.write_rich_string(4, column, "Husk ", bold, "dette", " og ", red, "det der")
    page.write_dynamic_array_formula(5, column, 7, column, "=_xlfn._xlws.SORT({3;1;2})", None, 1)
    page.write_number(6, column, 2)
    page.write_number(7, column, 3)
    page.insert_checkbox(8, column, True)
    page.insert_checkbox(9, column, False)
    page.embed_image(10, column, "i cellen.png", {"image_data": io.BytesIO(png(shade))})
    page.write_formula(15, column, "=[1]Ark1!$A$1+1", None, 43)
    page.write_comment(11, column, "Et notat 🙂", {"author": "Kari Ås"})
    page.write_comment(12, column, "[Trådet kommentar]", {"author": _thread(page)})


def _thread(page: Worksheet) -> str:
    """The author that Excel gives the note behind a thread: its number."""
    return f"tc={thread_id(page.get_name())}"


def thread_id(sheet: str) -> str:
    """The number of the thread on a sheet."""
    return f"{{AAAAAAAA-0000-4000-8000-{zlib.crc32(sheet.encode()):012X}}}"


def _rules(page: Worksheet, *, column: int) -> None:
    """Sparklines, and rules that Excel 2010 added."""
    page.write_row(13, column, [3, 1, 2])
    source = f"'{page.get_name()}'!AC14:AE14"
    page.add_sparkline(13, column + 3, {"range": source, "type": "column", "markers": True})
    page.conditional_format(13, column, 13, column + 2, {"type": "data_bar", "data_bar_2010": True})
    icons = {"type": "icon_set", "icon_style": "3_traffic_lights"}
    page.conditional_format(14, column, 14, column + 2, icons)


def _on_top(workbook: Workbook, page: Worksheet, *, column: int, shade: int) -> None:
    """A shape, a picture, a chart, a picture in the header, a button."""
    picture = io.BytesIO(png(shade))
    page.insert_textbox(2, column, "Vår egen boks", {"object_position": 1})
    page.insert_image(8, column, "bilde.png", {"image_data": picture, "description": "Oss"})
    page.insert_chart(14, column, _chart(workbook))
    page.set_header("&L&G&RMitt topptekst", {"image_left": "logo.png", "image_data_left": picture})
    page.insert_button(32, column, {"macro": "MinMakro", "caption": "Trykk her"})


def _chart(workbook: Workbook) -> object:
    chart = workbook.add_chart({"type": "scatter"})
    labels = [{"value": f"='{OWN}'!$A${row}"} for row in (2, 3, 4)]
    chart.add_series(
        {
            "categories": f"='{OWN}'!$B$2:$B$4",
            "values": f"='{OWN}'!$B$2:$B$4",
            "trendline": {"type": "linear", "display_equation": True},
            "y_error_bars": {"type": "percentage", "value": 10},
            "data_labels": {"value": True, "custom": labels},
        }
    )
    chart.set_title({"name": f"='{OWN}'!$A$1"})
    return chart
