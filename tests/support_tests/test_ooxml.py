from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from tests.support import lint_rules
from tests.support.office import Office
from tests.support.ooxml import (
    VALIDATOR,
    ValidatorError,
    lint,
    newer_functions,
    sdk_errors,
    unanswered_callbacks,
    validator,
)
from tests.support.package import Package
from tests.support_tests.specimen import BOOK, SHEET, STRINGS, TABLE, altered, specimen

LONG_LIST = ",".join(f"svar {number}" for number in range(40))

# part, what it says, what it is made to say, what the rules must answer
BROKEN = {
    "content type": (
        "[Content_Types].xml",
        "spreadsheetml.sheet.main+xml",
        "spreadsheetml.template.main+xml",
        "does not match .xlsx",
    ),
    "part without type": ("[Content_Types].xml", 'Extension="rels"', 'Extension="bin"', "no content type"),
    "broken XML": (SHEET, "</sheetData>", "", "mismatched tag"),
    "missing target": (
        "xl/worksheets/_rels/sheet1.xml.rels",
        "tables/table2.xml",
        "tables/table9.xml",
        "no part xl/tables/table9.xml",
    ),
    "relation id twice": (
        "xl/worksheets/_rels/sheet1.xml.rels",
        'Id="rId2"',
        'Id="rId1"',
        "id rid1 used twice",
    ),
    "sheet name twice": (BOOK, 'name="Skjult ark"', 'name="TALL"', "sheet name tall used twice"),
    "illegal sheet name": (BOOK, 'name="Tall"', 'name="T/all"', "illegal sheet name 'T/all'"),
    "opens hidden": (BOOK, 'name="Tall" sheetId="1"', 'name="Tall" sheetId="1" state="hidden"', "is hidden"),
    "illegal defined name": (BOOK, 'name="hms_today"', 'name="AB12"', "illegal defined name 'AB12'"),
    "defined name nowhere": (BOOK, "'Skjult ark'!$A$1<", "Borte!$A$1<", "unknown sheet Borte"),
    "table name is a cell": (TABLE, 'displayName="tall"', 'displayName="T1"', "illegal table name 'T1'"),
    "table name taken": (TABLE, 'displayName="tall"', 'displayName="HMS_today"', "hms_today is taken"),
    "table id twice": ("xl/tables/table2.xml", ' id="2"', ' id="1"', "table id 1 used twice"),
    "column twice": (TABLE, 'name="Dobbel"', 'name="verdi"', "column 'verdi' given twice"),
    "column is not header": (TABLE, 'name="Tekst (m²)"', 'name="Tekst"', "is not the column 'Tekst'"),
    "columns and width": (TABLE, 'ref="A2:C5"', 'ref="A2:D5"', "3 columns in A2:D5"),
    "tables overlap": ("xl/tables/table2.xml", 'ref="E2:F4"', 'ref="C2:D4"', "flere overlaps tall"),
    "table on a merge": (SHEET, '<mergeCell ref="A10:B10"/>', '<mergeCell ref="A5:B5"/>', "a merged cell"),
    "filter elsewhere": (TABLE, '<autoFilter ref="A2:C5"', '<autoFilter ref="A3:C5"', "filters A3:C5"),
    "merges overlap": (
        SHEET,
        '<mergeCell ref="A11:B11"/>',
        '<mergeCell ref="B10:B11"/>',
        "overlapping merged",
    ),
    "cells out of order": (SHEET, '<c r="A3"', '<c r="C3"', "Tall!B3: cell out of order"),
    "rows out of order": (SHEET, '<row r="4"', '<row r="3"', "row 3 out of order"),
    "shared string": (SHEET, '<c r="A2" t="s"><v>0</v>', '<c r="A2" t="s"><v>99</v>', "shared string 99"),
    "no number": (SHEET, '<c r="A3"><v>1</v>', '<c r="A3"><v>nan</v>', "'nan' is no number"),
    "no style": (SHEET, '<c r="A3"><v>1</v>', '<c r="A3" s="77"><v>1</v>', "style 77 of"),
    "text too long": (STRINGS, "<t>Flettet</t>", f"<t>{'x' * 32768}</t>", "text of 32768 characters"),
    "unknown table": (SHEET, "SUM(tall[Dobbel])", "SUM(tull[Dobbel])", "unknown table tull"),
    "unknown column": (SHEET, "SUM(tall[Dobbel])", "SUM(tall[Trippel])", "unknown column tall[Trippel]"),
    "display form": (SHEET, "SUM(tall[Dobbel])", "SUM(tall[@Dobbel])", "display form @"),
    "bare column": (SHEET, "SUM(tall[Dobbel])", "SUM(tall[[#This Row],Dobbel])", "outside brackets"),
    "semicolon": (SHEET, "IF(A3&gt;0,", "IF(A3&gt;0;", "separates with ';'"),
    "parentheses": (SHEET, "SUM(tall[Dobbel])", "SUM(tall[Dobbel]", "unbalanced parentheses"),
    "no prefix": (SHEET, "_xlfn.STDEV.S(", "STDEV.S(", "needs _xlfn.STDEV.S"),
    "unknown name": (SHEET, "+hms_today", "+hms_todag", "unknown name hms_todag"),
    "equals sign": (SHEET, "<f>NA()", "<f>=NA()", "begins with '='"),
    "lost reference": (SHEET, "<f>NA()", "<f>#REF!", "holds #REF!"),
    "year letter": (SHEET, "<f>NA()", '<f>TEXT(A3,"yyyy-mm")', "formats a year with TEXT"),
    "list too long": (SHEET, '"ja,nei"', f'"{LONG_LIST}"', f"list of {len(LONG_LIST)} characters"),
    "prompt too long": (SHEET, 'prompt="Et svar"', f'prompt="{"x" * 256}"', "prompt of 256 characters"),
    "table in validation": (SHEET, '"ja,nei"', "tall[Verdi]", "refers to a table where Excel allows none"),
    "no format": (SHEET, 'dxfId="0"', 'dxfId="9"', "conditional format 9 of 1"),
    "table in format": (SHEET, "<formula>$A3&gt;2", "<formula>tall[Verdi]&gt;2", "Excel allows none"),
    "chart elsewhere": ("xl/charts/chart1.xml", "Tall!$A$3", "Tell!$A$3", "unknown sheet Tell"),
    "sparkline block": (SHEET, "<xm:f>Tall!A3:A5", "<xm:f>Tall!A3:B5", "sparkline over the block A3:B5"),
    "link elsewhere": (SHEET, "location=\"'Skjult ark'!A1\"", 'location="Borte!A1"', "unknown sheet Borte"),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return specimen(tmp_path_factory.mktemp("specimen") / "book.xlsx")


def test_both_judges_accept_a_sound_workbook(whole: Path) -> None:
    assert lint(whole) == []
    assert sdk_errors(whole) == []
    assert sdk_errors(whole, version="Office2016") == []


@pytest.mark.parametrize(("part", "old", "new", "answer"), BROKEN.values(), ids=BROKEN.keys())
def test_each_rule_catches_what_it_is_for(whole: Path, part: str, old: str, new: str, answer: str) -> None:
    found = lint(altered(whole, part, old, new))
    assert any(answer in line for line in found), found


def test_each_rule_is_run_and_has_a_file_that_breaks_it(whole: Path) -> None:
    loud = {"ribbon"}  # no workbook has a ribbon: it is tried by itself below
    for name, (part, old, new, _) in BROKEN.items():
        if name not in {"broken XML", "missing target"}:  # lint stops at these before the rules
            package = Package(altered(whole, part, old, new))
            loud |= {rule.__name__ for rule in lint_rules.RULES if list(rule(package))}
    assert loud == {rule.__name__ for rule in lint_rules.RULES}


def test_a_part_stored_twice_is_caught(whole: Path, tmp_path: Path) -> None:
    copy = tmp_path / "twice.xlsx"
    copy.write_bytes(whole.read_bytes())
    with zipfile.ZipFile(copy, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(SHEET, "<worksheet/>")
    assert lint(copy) == [f"part {SHEET} stored twice"]


def test_half_a_file_is_caught(whole: Path, tmp_path: Path) -> None:
    half = tmp_path / "half.xlsx"
    half.write_bytes(whole.read_bytes()[:2000])
    assert "no readable zip file" in lint(half)[0]


def test_a_ribbon_with_an_id_twice_is_caught(whole: Path, tmp_path: Path) -> None:
    schema = "http://schemas.microsoft.com/office/2009/07/customui"
    ribbon = f'<ui xmlns="{schema}"><button id="a" label="A" getLabel="HmsLabel"/><button id="a"/></ui>'
    relation = (
        '<Relationship Id="rIdUi" Target="customUI/customUI14.xml" '
        'Type="http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"/></Relationships>'
    )
    linked = altered(whole, "_rels/.rels", "</Relationships>", relation)
    book = linked.rename(tmp_path / "ribbon.xlsx")
    with zipfile.ZipFile(book, "a") as archive:
        archive.writestr("customUI/customUI14.xml", ribbon)
    assert lint(book) == ["ribbon: id a used twice", "ribbon: a has both label and its callback"]


def test_callbacks_without_a_sub_are_found() -> None:
    ribbon = (
        b'<ui onLoad="HmsLoad"><button id="a" onAction="HmsDo"/><checkBox id="b" onAction="HmsDo"/>'
        b'<button id="c" getColour="HmsDo"/></ui>'
    )
    modules = {"HmsRibbon": "Public Sub HmsDo(control As IRibbonControl)\r\nEnd Sub\r\n"}
    assert unanswered_callbacks(ribbon, modules) == [
        "ribbon onLoad=HmsLoad: no Sub with 1 arguments",
        "b onAction=HmsDo: no Sub with 2 arguments",
        "c getColour=HmsDo: no Sub with None arguments",
    ]


def test_functions_newer_than_excel_2016_are_listed(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "new.xlsx")
    sheet = book.add_worksheet()
    sheet.write_formula("A1", "=_xlfn.MAXIFS(B:B,C:C,1)+SUM(B:B)+_xlfn.STDEV.S(B:B)")
    sheet.write_formula("A2", "=_xlfn._xlws.SORT(B1:B3)")
    book.close()
    assert newer_functions(tmp_path / "new.xlsx") == {"MAXIFS", "SORT"}


def test_a_workbook_saved_by_libreoffice_passes(office: Office, whole: Path, tmp_path: Path) -> None:
    with office.open(whole) as book:
        saved = book.save_as(tmp_path / "saved.xlsx")
    assert lint(saved) == []
    assert sdk_errors(saved, by_libreoffice=True) == []


def test_the_sdk_validator_catches_what_the_schema_forbids(whole: Path) -> None:
    wrong = altered(whole, SHEET, '<sheetFormatPr defaultRowHeight="15"/>', "<sheetTone/>")
    assert "sheetTone" in " ".join(sdk_errors(wrong))


def test_the_sdk_validator_says_where(whole: Path) -> None:
    (error,) = sdk_errors(altered(whole, SHEET, 'type="list"', 'type="lister"'))
    assert error.startswith("/xl/worksheets/sheet1.xml /x:worksheet[1]")


def test_a_missing_validator_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(VALIDATOR, str(tmp_path / "nothing"))
    with pytest.raises(ValidatorError, match="run tools/setup"):
        validator()


def test_a_validator_that_reports_nothing_is_an_error(monkeypatch: pytest.MonkeyPatch, whole: Path) -> None:
    monkeypatch.setenv(VALIDATOR, "/bin/true")
    with pytest.raises(ValidatorError, match="no report"):
        sdk_errors(whole)
