"""Which program saved a workbook last, as far as its file tells."""

from __future__ import annotations

import pytest

from hmsbook.opc.package import Package
from hmsbook.opc.saved_by import saved_by
from tests.opc import build

EXTENDED = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
EXCELJS = '<fileVersion appName="xl" lastEdited="5" lowestEdited="5" rupBuild="9303"/>'


def _saved(properties: str | None, *, before: str = "", after: str = "") -> str:
    """The program that a workbook with these properties names."""
    links = [("rId1", "officeDocument", "xl/workbook.xml")]
    if properties is not None:
        links.append(("rId2", "extended-properties", "docProps/app.xml"))
    sheet = '<sheet name="One" sheetId="1" r:id="rId1"/>'
    parts = build.minimal(rels=build.rels(*links), workbook=build.workbook(sheet, before=before, after=after))
    if properties is not None:
        parts["docProps/app.xml"] = f'<Properties xmlns="{EXTENDED}">{properties}</Properties>'.encode()
    return saved_by(Package.from_bytes(build.zipped(parts)))


@pytest.mark.parametrize(
    ("said", "program"),
    [
        ("gnumeric", "Gnumeric"),
        ("SheetJS", "SheetJS"),
        ("LibreOffice/7.4.7.2$Linux_X86_64 LibreOffice_project/40$Build-2", "LibreOffice"),
        ("Microsoft Excel Compatible / Openpyxl 3.1.5", "openpyxl"),
        ("Apache POI", "Apache POI"),
        ("Regn &amp; Ark", "Regn & Ark"),
        ("Microsoft Excel", ""),
        ("Microsoft Macintosh Excel", ""),
        (" ", ""),
        ("x" * 300, "x" * 40),
    ],
)
def test_programs_are_known_by_the_name_they_give(said: str, program: str) -> None:
    assert _saved(f"<Application>{said}</Application><AppVersion>1.0</AppVersion>") == program


def test_a_prefix_makes_no_difference() -> None:
    assert _saved(f'<ap:Application xmlns:ap="{EXTENDED}">SheetJS</ap:Application>') == "SheetJS"


@pytest.mark.parametrize("properties", [None, "", "<TotalTime>0</TotalTime>"])
def test_a_file_that_says_nothing_names_none(properties: str | None) -> None:
    assert _saved(properties) == ""


def test_exceljs_is_known_though_it_passes_for_excel() -> None:
    says_excel = "<Application>Microsoft Excel</Application>"
    assert _saved(says_excel, before=EXCELJS, after='<calcPr calcId="171027"/>') == "ExcelJS"
    assert _saved(says_excel, before=EXCELJS, after='<calcPr calcId="191029"/>') == ""
