"""A small workbook with one of everything that the lint rules look at, and a way to break it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import xlsxwriter

SHEET = "xl/worksheets/sheet1.xml"
TABLE = "xl/tables/table1.xml"
STRINGS = "xl/sharedStrings.xml"
BOOK = "xl/workbook.xml"


def specimen(path: Path) -> Path:
    """Draw the specimen and return its path."""
    book = xlsxwriter.Workbook(path)
    sheet, hidden = book.add_worksheet("Tall"), book.add_worksheet("Skjult ark")
    hidden.very_hidden()
    hidden.write_number("A1", 45000)
    book.define_name("hms_today", "='Skjult ark'!$A$1")
    for row, value in enumerate([1, 2, 3], 2):
        sheet.write_number(row, 0, value)
    columns = [
        {"header": "Verdi"},
        {"header": "Dobbel", "formula": "=tall[[#This Row],[Verdi]]*2"},
        {"header": "Tekst (m²)"},
    ]
    sheet.add_table("A2:C5", {"name": "tall", "columns": columns})
    for row, value in enumerate([2, 4, 6], 2):
        sheet.write_formula(row, 1, "=tall[[#This Row],[Verdi]]*2", None, value)
    sheet.add_table("E2:F4", {"name": "flere", "columns": [{"header": "En"}, {"header": "To"}]})
    sheet.write_formula("A8", "=SUM(tall[Dobbel])+hms_today", None, 45012)
    sheet.write_formula("B8", "='Skjult ark'!A1", None, 45000)
    sheet.write_formula("C8", '=IF(A3>0,"ja; «nei»","")', None, "ja; «nei»")
    sheet.write_formula("D8", "=_xlfn.STDEV.S(A3:A5)", None, 1)
    sheet.write_formula("E8", "=NA()", None, "#N/A")
    sheet.merge_range("A10:B10", "Flettet")
    sheet.merge_range("A11:B11", "Også")
    sheet.data_validation(
        "C3:C5",
        {"validate": "list", "source": ["ja", "nei"], "input_title": "Velg", "input_message": "Et svar"},
    )
    red = book.add_format({"bg_color": "#FFC7CE"})
    sheet.conditional_format("A3:A5", {"type": "formula", "criteria": "=$A3>2", "format": red})
    sheet.add_sparkline("G3", {"range": "Tall!A3:A5"})
    sheet.write_url("A12", "internal:'Skjult ark'!A1", string="Gå dit")
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=Tall!$A$3:$A$5", "name": "=Tall!$A$2"})
    sheet.insert_chart("H3", chart)
    book.close()
    return path


def altered(path: Path, part: str, old: str, new: str) -> Path:
    """Return a copy of a package in which one part says something else."""
    copy = path.with_stem(f"{path.stem}-altered")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == part:
                assert old.encode() in data, f"{part} does not say {old}"
                data = data.replace(old.encode(), new.encode(), 1)
            target.writestr(name, data)
    return copy
