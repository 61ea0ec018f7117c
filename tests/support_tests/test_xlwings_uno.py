from __future__ import annotations

import re
import subprocess
import sys
import warnings
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
import xlsxwriter
import xlwings

from hmsbook.actions.demo import demo
from tests.support.office import Office, OfficeError
from tests.support.xlwings_uno.areas import parse, quoted, reference
from tests.support.xlwings_uno.cell_values import ERROR_NUMBERS
from tests.support.xlwings_uno.com import REJECTED, ComError
from tests.support.xlwings_uno.engine import UnoEngine, running
from tests.support.xlwings_uno.formula_text import to_calc, to_excel

ROWS = [
    ["Id", "Dato", "Tall", "Tekst", "Sant", "Dobbel"],
    ["T-01", date(2025, 1, 31), 1.5, "æøå", True],
    ["T-02", date(2025, 2, 28), 2, None, False],
    ["T-03", None, None, "1.", None],
]
ERRORS = {
    "#N/A": "=NA()",
    "#DIV/0!": "=1/0",
    "#VALUE!": '="a"+1',
    "#REF!": '=INDIRECT("XX")',
    "#NAME?": "=nosuch()",
    "#NUM!": "=10^300*10^300",
}


def _draw(path: Path) -> Path:
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("Mitt ark")
        shown = book.add_format({"num_format": "dd.mm.yyyy"})
        for down, row in enumerate(ROWS):
            page.write_row(down, 0, row)
        page.write_column("B2", [row[1] for row in ROWS[1:]], shown)
        headers = [{"header": header} for header in ROWS[0]]
        headers[-1]["formula"] = "=hms_t[@[Tall]]*2"
        page.add_table("A1:F4", {"name": "hms_t", "columns": headers})
        for down, formula in enumerate(ERRORS.values()):
            page.write_formula(down, 7, formula, None, next(iter(ERRORS)))
        page.write_formula("H8", '=""', None, "")
        page.merge_range("J1:K2", "slått sammen")
        page.write_array_formula("J4:J5", "{=A2:A3&1}", None, "T-011")
        page.freeze_panes(1, 0)
        book.add_worksheet("Skjult").hide()
        book.add_worksheet("Veldig").very_hidden()
        last = book.add_worksheet("Låst")
        last.write("A1", "låst")
        last.write("A2", "åpen", book.add_format({"locked": False}))
        last.protect()
        last.print_area("A1:B2")
        last.insert_chart("D1", _chart(book))
        book.define_name("hms_felt", "='Mitt ark'!$A$1:$B$2")
        book.define_name("hms_konstant", "=1.5")
        book.define_name("Låst!lokal", "=Låst!$A$2")
    return path


def _chart(book: xlsxwriter.Workbook) -> Any:
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "='Mitt ark'!$C$2:$C$4"})
    return chart


@pytest.fixture(scope="module")
def engine(office: Office) -> Iterator[UnoEngine]:
    with running(office) as engine:
        yield engine


@pytest.fixture
def book(engine: UnoEngine, tmp_path: Path) -> Iterator[xlwings.Book]:
    opened = xlwings.books.open(_draw(tmp_path / "tegnet bok æ.xlsx"))
    engine.calls.reset()
    yield opened
    opened.close()


@pytest.fixture
def sheet(book: xlwings.Book) -> xlwings.Sheet:
    return book.sheets["Mitt ark"]


@pytest.fixture(scope="module")
def sample(engine: UnoEngine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[xlwings.Book]:
    folder = tmp_path_factory.mktemp("demo")
    next(demo(folder))
    engine.calls.reset()
    book = xlwings.books.open(folder / "byggeplass.xlsx")
    assert (engine.calls.writes, engine.calls.operations["open_book"]) == (2, 1)  # and it is computed
    yield book
    book.close()


def test_values_have_the_types_that_excel_gives(sheet: xlwings.Sheet) -> None:
    cells = sheet.range("A2:F4").api
    assert cells.Value2 == (
        ("T-01", 45688.0, 1.5, "æøå", True, 3.0),
        ("T-02", 45716.0, 2.0, None, False, 4.0),
        ("T-03", None, None, "1.", None, 0.0),
    )
    assert [type(value) for value in cells.Value2[1]] == [str, float, float, type(None), bool, float]
    assert cells.Value[0][1] == datetime(2025, 1, 31)
    assert sheet.range("A2:F2").value == ["T-01", datetime(2025, 1, 31), 1.5, "æøå", True, 3.0]
    assert sheet.range("B2").options(dates=date).value == date(2025, 1, 31)
    assert sheet.range("C3").options(numbers=int).value == 2
    assert sheet.range("H8").api.Value2 == ""
    assert sheet.range("H9").api.Value2 is None


def test_errors_are_excels_integers(book: xlwings.Book, sheet: xlwings.Sheet) -> None:
    book.app.api.CalculateFull()
    found = [value for (value,) in sheet.range("H1:H6").api.Value2]
    assert found == [ERROR_NUMBERS[name] for name in ERRORS]
    assert sheet.range("H1:H2").value == [None, None]
    assert sheet.range("H1:H2").options(err_to_str=True).value == ["#N/A", "#DIV/0!"]


def test_many_errors_are_read_as_a_block(sheet: xlwings.Sheet) -> None:
    formulas = [["=NA()" if row % 3 else "=1/0", f"={row}"] for row in range(60)]
    sheet.range("M1:N60").api.Formula = formulas
    found = [row[0] for row in sheet.range("M1:N60").options(err_to_str=True).value]
    assert found == ["#N/A" if row % 3 else "#DIV/0!" for row in range(60)]
    sheet.range("A70:BZ70").api.Formula = [["=NA()"] * 78]
    assert set(sheet.range("A70:BZ70").api.Value2[0]) == {ERROR_NUMBERS["#N/A"]}
    assert set(sheet.range("M1:M60").api.Value2) == {(ERROR_NUMBERS[name],) for name in ("#N/A", "#DIV/0!")}


def test_blocks_go_in_and_out_in_one_trip(engine: UnoEngine, sheet: xlwings.Sheet) -> None:
    for rows in (2, 200):
        block = [[float(row * column) for column in range(20)] for row in range(rows)]
        cells = sheet.range((20, 1), (19 + rows, 20)).api
        engine.calls.reset()
        cells.Value2 = block
        assert (engine.calls.reads, engine.calls.writes) == (0, 1)
        assert [list(row) for row in cells.Value2] == block
        assert (engine.calls.reads, engine.calls.writes) == (1, 1)
        assert engine.calls.members == {"Range.Value2=": 1, "Range.Value2": 1}


def test_a_format_that_changes_between_two_readings_is_seen(engine: UnoEngine, sheet: xlwings.Sheet) -> None:
    cells = sheet.range("M1").api
    cells.Value2 = 1
    assert (cells.Value2, cells.Formula) == (1.0, "1")
    engine.document(sheet.book).type("Mitt ark", {"M1": "SANN"})
    assert (cells.Formula, cells.Value2) == ("TRUE", True)
    cells.Value2 = 0
    assert (type(cells.Value2), cells.Formula) == (float, "0")
    sheet.range("E1:E4").api.Value2 = [["Sant"], [1], [False], [None]]
    assert [(type(value), value) for (value,) in sheet.range("E2:E3").api.Value2] == [(float, 1), (bool, 0)]


def test_a_block_over_filtered_rows_goes_awry_as_in_excel(engine: UnoEngine, sheet: xlwings.Sheet) -> None:
    engine.document(sheet.book).put("Mitt ark", {f"M{row}": f"rad {row}" for row in range(20, 24)})
    engine.document(sheet.book).filter("Mitt ark", "M20:M23", "M", "rad 22")
    sheet.range("N20:N23").api.Value2 = [[1], [2], [3], [4]]
    assert sheet.range("N20:N23").api.Value2 == ((1.0,), (None,), (1.0,), (None,))
    for row in range(20, 24):
        sheet.range(f"N{row}").api.Value2 = row
    assert sheet.range("N20:N23").api.Value2 == ((20.0,), (21.0,), (22.0,), (23.0,))


def test_what_is_put_becomes_what_excel_makes_of_it(sheet: xlwings.Sheet) -> None:
    row = [1, 2.5, True, "tekst", "1.5", "=1+1", "'=1+1", None, datetime(2025, 1, 31, 12), date(2025, 1, 31)]
    cells = sheet.range("A20").resize(1, len(row))
    cells.api.Value = [row]
    expected = (1.0, 2.5, True, "tekst", 1.5, 2.0, "=1+1", None, 45688.5, 45688.0)
    assert cells.api.Value2 == (expected,)
    assert cells.value[8:] == [datetime(2025, 1, 31, 12), datetime(2025, 1, 31)]
    assert cells.api.Formula == (
        ("1", "2.5", "TRUE", "tekst", "1.5", "=1+1", "=1+1", "", "45688.5", "45688"),
    )
    sheet.range("A20:A22").api.Value2 = [["'123"], ["=2"], ["TRUE"]]
    assert sheet.range("A20:A22").api.Value2 == (("123",), (2.0,), (True,))
    assert sheet.range("A20:A22").api.Formula == (("123",), ("=2",), ("TRUE",))


def test_numbers_keep_every_digit(sheet: xlwings.Sheet) -> None:
    numbers = [0.1 + 0.2, 1e-300, 123456789.123456789, 2 / 3]
    sheet.range("A20:E20").api.Value2 = [[*numbers, "tekst"]]
    assert sheet.range("A20:D20").api.Value2 == (tuple(numbers),)


def test_what_com_cannot_carry_is_an_error(sheet: xlwings.Sheet) -> None:
    for value in (object(), float("nan"), {"a": 1}):
        with pytest.raises(TypeError, match="COM carries no"):
            sheet.range("A20").api.Value2 = value
    with pytest.raises(NotImplementedError, match="another shape"):
        sheet.range("A20:B21").api.Value2 = [[1, 2]]
    with pytest.raises(NotImplementedError, match="one formula for several cells"):
        sheet.range("A20:B21").api.Formula = "=A1"


def test_frames_and_arrays_go_through_xlwings_converters(sheet: xlwings.Sheet) -> None:
    frame = pd.DataFrame({"a": [1.0, np.nan], "b": ["x", None], "c": [pd.Timestamp(2025, 1, 31), pd.NaT]})
    sheet.range("A20").options(index=False).value = frame
    assert sheet.range("A20").expand().address == "$A$20:$C$21"
    read = sheet.range("A20:C22").options(pd.DataFrame, index=False).value
    assert read["a"].tolist()[0] == 1.0
    assert read.isna().iloc[1].all()
    assert read["c"].iloc[0] == datetime(2025, 1, 31)
    sheet.range("A30").value = np.array([[1, 2], [3, 4]])
    assert sheet.range("A30:B31").options(np.array).value.sum() == 10


def test_formulas_are_excels_english(sheet: xlwings.Sheet) -> None:
    formulas = [
        "=SUM('Mitt ark'!$C$2:$C$4,Låst!A1)",
        '=IF(AND($C$2>1,TRUE),"a,b;c!",{1,2;3,4})',
        "=EDATE(B2,1)",
        "=SUM(hms_t[Tall])",
        "=hms_konstant*2",
        "=SUM(C:C)",
        "tekst, med; tegn",
    ]
    cells = sheet.range("M1:M7").api
    cells.Formula = [[formula] for formula in formulas]
    assert [formula for (formula,) in cells.Formula] == formulas
    assert cells.Value2[:5] == ((3.5,), ("a,b;c!",), (45716.0,), (3.5,), (3.0,))
    assert sheet.range("F2").formula == "=hms_t[[#This Row],[Tall]]*2"
    assert sheet.range("A2:C2").formula == (("T-01", "45688", "1.5"),)
    assert sheet.range("H9").formula == ""
    assert sheet.range("J4").api.Formula == "=A2:A3&1"
    sheet.range("M8").formula2 = "=hms_t[@Tall]"
    assert sheet.range("M8").formula == "=hms_t[[#This Row],[Tall]]"


def test_formulas_and_arrays_are_told_apart(sheet: xlwings.Sheet) -> None:
    states = {"F2:F4": True, "A2:A4": False, "E2:F2": None}
    assert {address: sheet.range(address).api.HasFormula for address in states} == states
    arrays = {"J4:J5": True, "A2": False, "J3:J4": None}
    assert {address: sheet.range(address).has_array for address in arrays} == arrays
    merged = {"J1:K2": True, "K2": True, "A1:B2": False, "J1:K3": None}
    assert {address: sheet.range(address).merge_cells for address in merged} == merged


def test_places_are_excels(book: xlwings.Book, sheet: xlwings.Sheet) -> None:
    cells = sheet.range("B3:D5")
    assert (cells.row, cells.column, cells.shape, cells.count) == (3, 2, (3, 3), 9)
    assert (cells.rows.count, cells.columns.count) == (3, 3)
    assert [row.address for row in cells.rows][-1] == "$B$5:$D$5"
    assert cells.columns[0].address == "$B$3:$B$5"
    assert cells.get_address(False, True, include_sheetname=True) == "'Mitt ark'!$B3:$D5"
    assert cells.last_cell.address == "$D$5"
    assert cells.offset(1, 1).resize(2, 2).address == "$C$4:$D$5"
    api = sheet.api
    assert api.Range("A1", "C3").Address == "$A$1:$C$3"
    assert api.Range(api.Cells(2, 3), api.Cells(4, 5)).Address == "$C$2:$E$4"
    assert api.Range("5:7,9:9").Address == "$5:$7,$9:$9"
    assert api.Range("c:a").Address == "$A:$C"
    assert api.Cells(3, 4).EntireRow.Address == "$3:$3"
    assert api.Range("A1:B4").Rows.Count == 4
    assert api.Range("A1:B4").Columns(2).Address == "$B$1:$B$4"
    assert api.Range("A1:B4").Item(3).GetOffset(1, 1).GetResize(2, 1).Address == "$B$3:$B$4"
    assert [area.Address for area in api.Range("A1,C3:D4").Areas] == ["$A$1", "$C$3:$D$4"]
    assert sheet.range("hms_felt").address == "$A$1:$B$2"
    assert sheet.range("hms_t").address == "$A$2:$F$4"
    assert api.Range("Låst!A1").Parent.Name == "Låst"
    rows = book.app.api.Union(api.Range("2:3"), api.Range("7:7,9:9"))
    assert rows.EntireRow.Address == "$2:$3,$7:$7,$9:$9"
    with pytest.raises(ComError, match="several sheets"):
        book.app.api.Union(api.Range("A1"), api.Range("Låst!A1"))
    with pytest.raises(ComError, match="255 characters"):
        api.Range(",".join(f"{row}:{row}" for row in range(1, 99)))
    with pytest.raises(ComError, match="failed: ikke noe"):
        api.Range("ikke noe")


def test_the_used_cells_and_their_ends_are_found(sheet: xlwings.Sheet) -> None:
    assert sheet.used_range.address == "$A$1:$J$8"
    assert sheet.book.sheets["Skjult"].used_range.address == "$A$1"
    assert sheet.range("A1").end("down").address == "$A$4"
    assert sheet.range("A1").end("right").address == "$F$1"
    assert sheet.range("F2").end("right").address == "$H$2"
    assert sheet.range("A4").end("down").row == 1048576
    assert sheet.range("H8").end("up").address == "$H$6"
    assert sheet.range("A9").end("up").address == "$A$4"
    assert sheet.range("F4").end("left").address == "$D$4"
    assert sheet.range("C4").end("left").address == "$A$4"
    assert sheet.range("M9").end("left").address == "$A$9"
    assert sheet.range("M9").end("right").address == "$XFD$9"
    assert sheet.range("I9").end("up").address == "$I$1"
    assert sheet.range("A1").current_region.address == "$A$1:$F$4"


def test_number_formats_are_english(sheet: xlwings.Sheet) -> None:
    assert sheet.range("B2").number_format == "dd.mm.yyyy"
    assert sheet.range("M1").number_format == "General"
    assert sheet.range("B1:B2").number_format is None
    for code in ("0.00", "#,##0", "yyyy-mm-dd hh:mm", "@", "0%"):
        sheet.range("M2").number_format = code
        assert sheet.range("M2").number_format == code
    sheet.range("M3").number_format = "hh:mm"
    sheet.range("M3").value = 0.5
    assert sheet.range("M3").value == 0.5


def test_rows_and_columns_hide_and_say_so(engine: UnoEngine, sheet: xlwings.Sheet) -> None:
    api = sheet.api
    api.Range("5:7,9:9").EntireRow.Hidden = True
    states = {"5:7,9:9": True, "5:9": None, "8:8": False, "10:20": False, "A6:C6": True}
    engine.calls.reset()
    assert {rows: api.Range(rows).EntireRow.Hidden for rows in states} == states
    assert engine.calls.reads == len(states)
    api.Range("B:C").EntireColumn.Hidden = True
    assert [api.Range(columns).EntireColumn.Hidden for columns in ("B:C", "A:B", "D1")] == [True, None, False]
    assert [area.Address for area in api.Range("A4:D8").SpecialCells(12).Areas] == [
        "$A$4",
        "$D$4",
        "$A$8",
        "$D$8",
    ]
    assert [area.address for area in sheet.range("A4:A8").get_special_cells("visible")] == ["$A$4", "$A$8"]
    assert sheet.range("A5:A6").rows.hidden is True
    api.Range("5:9").EntireRow.Hidden = False
    assert api.Range("1:20").EntireRow.Hidden is False
    with pytest.raises(ComError, match="Hidden property"):
        _ = api.Range("A1:B2").Hidden
    with pytest.raises(ComError, match="No cells were found"):
        api.Range("B4").SpecialCells(12)


def test_rows_and_columns_have_sizes(sheet: xlwings.Sheet) -> None:
    sheet.range("A2:A3").row_height = 30
    sheet.range("B:B").column_width = 20
    assert sheet.range("A2").row_height == pytest.approx(30, abs=0.1)
    assert sheet.range("B1").column_width == pytest.approx(20, abs=0.1)
    assert sheet.range("A1:A2").row_height is None


def test_contents_are_cleared_and_looks_stay(sheet: xlwings.Sheet) -> None:
    sheet.range("A2:B3").clear_contents()
    assert sheet.range("A2:B3").value == [[None, None], [None, None]]
    assert sheet.range("B2").number_format == "dd.mm.yyyy"


def test_sheets_show_and_hide(book: xlwings.Book) -> None:
    assert [sheet.name for sheet in book.sheets] == ["Mitt ark", "Skjult", "Veldig", "Låst"]
    assert [sheet.visible for sheet in book.sheets] == [-1, 0, 2, -1]
    book.sheets["Veldig"].visible = True
    book.sheets["Skjult"].api.Visible = 2
    assert [sheet.visible for sheet in book.sheets] == [-1, 2, -1, -1]
    assert book.sheets["Skjult"].index == 2
    with pytest.raises(ComError, match="is hidden"):
        book.sheets["Skjult"].activate()
    for name in ("Veldig", "Låst"):
        book.sheets[name].visible = False
    with pytest.raises(ComError, match="needs a visible sheet"):
        book.sheets["Mitt ark"].visible = False


def test_sheets_are_added_named_and_removed(book: xlwings.Book) -> None:
    added = book.sheets.add("Mine notater", after="Mitt ark")
    assert (added.index, book.sheets.active.name) == (2, "Mine notater")
    added.name = "Notater"
    assert book.sheets.add().index == 2
    added.delete()
    assert "Notater" not in [sheet.name for sheet in book.sheets]
    with pytest.raises(KeyError):
        _ = book.sheets["Notater"]


def test_selection_scroll_and_frozen_rows_are_seen_and_set(book: xlwings.Book) -> None:
    book.sheets["Mitt ark"].range("B2:C3").select()
    window = book.app.api.ActiveWindow
    assert (window.RangeSelection.Address, book.app.selection.address) == ("$B$2:$C$3", "$B$2:$C$3")
    assert (window.FreezePanes, window.SplitRow, window.ScrollRow) == (True, 1, 2)
    book.sheets["Mitt ark"].api.Range("A1,C3:D4").Select()
    assert window.RangeSelection.Address == "$A$1,$C$3:$D$4"
    window.ScrollRow, window.ScrollColumn = 40, 3
    assert (window.ScrollRow, window.ScrollColumn) == (40, 3)
    assert window.Caption == book.name
    with pytest.raises(ComError, match="not the active sheet"):
        book.sheets["Låst"].range("A1").select()
    book.sheets["Låst"].activate()
    assert (window.ActiveSheet.Name, book.sheets.active.name) == ("Låst", "Låst")
    book.sheets["Mitt ark"].activate()
    assert (window.ScrollRow, window.RangeSelection.Address) == (40, "$A$1,$C$3:$D$4")
    window.FreezePanes = False
    assert window.FreezePanes is False


def test_calculation_waits_until_it_is_asked_for(book: xlwings.Book, sheet: xlwings.Sheet) -> None:
    api = book.app.api
    book.app.calculation = "manual"
    assert api.Calculation == -4135
    sheet.range("C2").value = 10
    assert sheet.range("F2").value == 3
    book.app.calculate()
    assert sheet.range("F2").value == 20
    api.Calculation = -4105
    assert book.app.calculation == "automatic"
    sheet.range("C2").value = 11
    assert sheet.range("F2").value == 22


def test_a_manual_program_opens_books_that_wait(book: xlwings.Book, tmp_path: Path) -> None:
    with book.app.properties(calculation="manual", screen_updating=False):
        other = xlwings.books.open(_draw(tmp_path / "annen.xlsx"))
        other.sheets[0].range("C2").value = 10
        assert other.sheets[0].range("F2").value == 3
    assert other.sheets[0].range("F2").value == 20
    other.close()


def test_the_program_remembers_what_it_is_told(book: xlwings.Book) -> None:
    app, api = book.app, book.app.api
    names = ["ScreenUpdating", "EnableEvents", "DisplayAlerts", "Interactive", "Visible"]
    for name in names:
        setattr(api, name, False)
    assert [getattr(api, name) for name in names] == [False] * 5
    assert (app.screen_updating, app.enable_events, app.display_alerts, app.interactive) == (False,) * 4
    for name in names:
        setattr(api, name, True)
    correct = api.AutoCorrect
    correct.AutoFillFormulasInLists, correct.AutoExpandListRange = False, False
    assert (api.AutoCorrect.AutoFillFormulasInLists, api.AutoCorrect.AutoExpandListRange) == (False, False)
    assert api.StatusBar is False
    app.status_bar = "Regner …"
    assert api.StatusBar == "Regner …"
    api.StatusBar = False
    assert app.status_bar is False


def test_the_program_says_who_it_is(book: xlwings.Book) -> None:
    app, api = book.app, book.app.api
    assert (app.version.major, api.Version) == (16, "16.0")
    assert xlwings.apps.keys() == [app.pid]
    assert xlwings.apps[app.pid] == app
    assert Path(f"/proc/{app.pid}").exists()
    assert api.Hwnd == api.ActiveWindow.Hwnd == app.hwnd
    assert api.ActiveWorkbook.FullName == book.fullname == xlwings.books.active.fullname
    assert (api.Ready, api.ProtectedViewWindows.Count) == (True, 0)
    assert [window.Caption for window in api.Windows] == [book.name]


def test_books_come_by_name_and_the_front_one_is_active(book: xlwings.Book, tmp_path: Path) -> None:
    other = xlwings.books.open(_draw(tmp_path / "annen.xlsx"))
    api = book.app.api
    assert [open_book.name for open_book in xlwings.books] == [book.name, "annen.xlsx"]
    assert (xlwings.books.active.name, api.ActiveWorkbook.Name) == ("annen.xlsx", "annen.xlsx")
    front = api.Hwnd
    book.activate()
    assert (xlwings.books.active.name, api.ActiveWorkbook.Name) == (book.name, book.name)
    assert api.Hwnd != front
    assert xlwings.books["annen.xlsx"].fullname == str(tmp_path / "annen.xlsx")
    assert xlwings.Book(other.fullname).name == "annen.xlsx"
    other.close()
    with pytest.raises(KeyError):
        _ = xlwings.books["annen.xlsx"]
    with pytest.raises(ComError, match="closed"):
        _ = other.api.Name


def test_a_book_knows_its_file_and_whether_it_is_saved(book: xlwings.Book, tmp_path: Path) -> None:
    api = book.api
    assert (api.Name, api.Path) == ("tegnet bok æ.xlsx", str(tmp_path))
    assert (api.ReadOnly, api.ProtectStructure, api.Date1904) == (False, False, False)
    assert api.Saved is False  # the file asks to be computed anew, and Excel says the same
    book.sheets[0].range("A2").value = "endret"
    book.save()
    assert api.Saved is True
    book.sheets[0].range("A3").value = "endret"
    assert api.Saved is False
    api.Saved = True
    assert api.Saved is True
    book.sheets.add()
    assert api.Saved is False
    book.save(tmp_path / "kopi.xlsx")
    assert book.name == "kopi.xlsx"
    again = xlwings.books.open(tmp_path / "tegnet bok æ.xlsx")
    assert again.sheets[0].range("A2").value == "endret"
    again.close()


@pytest.mark.usefixtures("engine")
def test_a_new_book_has_no_file() -> None:
    new = xlwings.books.add()
    new.sheets[0].range("A1").value = 1
    assert (new.api.Path, new.fullname) == ("", new.name)
    with pytest.raises(NotImplementedError, match="without a name"):
        new.save()
    new.close()


@pytest.mark.usefixtures("engine")
def test_days_are_counted_from_1904_where_the_book_says_so(tmp_path: Path) -> None:
    path = tmp_path / "1904.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": True}) as drawn:
        drawn.add_worksheet().write("A1", date(2025, 1, 31), drawn.add_format({"num_format": "dd.mm.yyyy"}))
    opened = xlwings.books.open(path)
    cells = opened.sheets[0].range("A1:A2")
    cells.value = [[cells.value[0]], [datetime(2025, 2, 28)]]
    assert opened.api.Date1904 is True
    assert cells.api.Value2 == ((44226.0,), (44254.0,))
    assert cells.value == [datetime(2025, 1, 31), datetime(2025, 2, 28)]
    opened.close()


def test_protected_cells_are_refused_and_open_ones_are_not(book: xlwings.Book) -> None:
    locked = book.sheets["Låst"]
    assert [sheet.api.ProtectContents for sheet in book.sheets] == [False, False, False, True]
    locked.range("A2").value = "endret"
    cells = ("A1", "A2", "A1:A2")
    assert [locked.api.Range(address).Locked for address in cells] == [True, False, None]
    assert [locked.api.Range(address).AllowEdit for address in cells] == [False, True, False]
    assert book.sheets["Mitt ark"].api.Range("A1").AllowEdit is True
    for change in (
        lambda: setattr(locked.range("A1").api, "Value2", "endret"),
        lambda: setattr(locked.range("A1:A2").api, "Formula", [["a"], ["b"]]),
        lambda: locked.range("A1").clear_contents(),
        lambda: setattr(locked.api.Range("1:1"), "Hidden", True),
    ):
        with pytest.raises(ComError, match="protected"):
            change()
    assert locked.range("A1:A2").value == ["låst", "endret"]
    locked.api.Unprotect()
    locked.range("A1").value = "endret"
    locked.api.Protect("hemmelig")
    with pytest.raises(ComError, match="password"):
        locked.api.Unprotect("feil")
    assert locked.api.ProtectContents is True
    book.api.Protect()
    assert book.api.ProtectStructure is True
    with pytest.raises(ComError, match="workbook is protected"):
        book.sheets["Skjult"].visible = True
    book.api.Unprotect()


@pytest.mark.usefixtures("engine")
def test_a_read_only_book_cannot_be_changed_or_saved(tmp_path: Path) -> None:
    opened = xlwings.books.open(_draw(tmp_path / "lest.xlsx"), read_only=True)
    assert opened.api.ReadOnly is True
    with pytest.raises(ComError, match="read-only"):
        opened.sheets[0].range("A2").value = "endret"
    with pytest.raises(ComError, match="read-only"):
        opened.save()
    opened.close()


def test_while_a_cell_is_edited_every_call_is_rejected(engine: UnoEngine, book: xlwings.Book) -> None:
    api = book.app.api
    engine.editing = True
    assert api.Ready is False
    for call in (
        lambda: book.sheets[0].range("A1").value,
        lambda: setattr(api, "Interactive", False),
        lambda: setattr(api, "StatusBar", "tekst"),
        lambda: api.ActiveWorkbook,
        lambda: book.name,
    ):
        with pytest.raises(ComError) as rejected:
            call()
        assert rejected.value.hresult == REJECTED
    engine.editing = False
    assert api.Ready is True


def test_protected_view_is_played(engine: UnoEngine) -> None:
    engine.protected_views = 1
    assert engine.application.ProtectedViewWindows.Count == 1
    engine.protected_views = 0


def test_tables_are_found_with_their_parts(book: xlwings.Book, sheet: xlwings.Sheet) -> None:
    (table,) = sheet.tables
    assert (table.name, table.display_name, table.parent.name) == ("hms_t", "hms_t", "Mitt ark")
    assert (table.range.address, table.header_row_range.address) == ("$A$1:$F$4", "$A$1:$F$1")
    assert (table.data_body_range.address, table.totals_row_range) == ("$A$2:$F$4", None)
    assert (table.show_autofilter, table.show_headers, table.show_totals) == (True, True, False)
    api = sheet.api.ListObjects("HMS_T")
    assert [column.Name for column in api.ListColumns] == ROWS[0]
    assert api.ListColumns("Tall").DataBodyRange.Address == "$C$2:$C$4"
    assert api.ListColumns(2).Range.Address == "$B$1:$B$4"
    assert (api.AutoFilter.FilterMode, api.ListRows.Count) == (False, 3)
    assert (sheet.api.FilterMode, sheet.api.AutoFilterMode) == (False, False)
    assert sheet.range("B2").table.name == "hms_t"
    assert sheet.range("M2").table is None
    assert len(book.sheets["Låst"].tables) == 0
    with pytest.raises(KeyError):
        _ = sheet.tables["borte"]


@pytest.mark.usefixtures("engine")
def test_filters_and_totals_are_seen(tmp_path: Path) -> None:
    path = tmp_path / "filter.xlsx"
    with xlsxwriter.Workbook(path) as drawn:
        page = drawn.add_worksheet("Tabell")
        page.add_table("A1:B4", {"name": "t", "total_row": True, "data": [[1, 2], [3, 4]]})
        other = drawn.add_worksheet("Liste")
        other.write_column("A1", ["Tall", 1, 2])
        other.autofilter("A1:A3")
        other.filter_column("A", "x == 1")
        other.set_row(2, options={"hidden": True})
    opened = xlwings.books.open(path)
    table = opened.sheets["Tabell"].tables["t"]
    assert (table.show_totals, table.totals_row_range.address) == (True, "$A$4:$B$4")
    assert table.data_body_range.address == "$A$2:$B$3"
    assert table.api.AutoFilter.Range.Address == "$A$1:$B$3"
    filtered = opened.sheets["Liste"].api
    assert (filtered.AutoFilterMode, filtered.FilterMode) == (True, True)
    assert (opened.sheets["Tabell"].api.AutoFilterMode, opened.sheets["Tabell"].api.FilterMode) == (
        False,
        False,
    )
    assert filtered.Range("3:3").Hidden is True
    opened.close()


@pytest.mark.usefixtures("engine")
def test_names_are_found_hidden_ones_too(tmp_path: Path) -> None:
    opened = xlwings.books.open(_with_hidden_name(_draw(tmp_path / "navn.xlsx"), "hms_felt"))
    names = {name.name: name.refers_to for name in opened.names}
    assert names == {
        "hms_felt": "='Mitt ark'!$A$1:$B$2",
        "hms_konstant": "=1.5",
        "Låst!lokal": "=Låst!$A$2",
        "Låst!Print_Area": "=Låst!$A$1:$B$2",
    }
    assert [opened.api.Names(name).Visible for name in names] == [False, True, True, True]
    assert opened.names["hms_felt"].refers_to_range.address == "$A$1:$B$2"
    assert [name.name for name in opened.sheets["Låst"].names] == ["Låst!lokal", "Låst!Print_Area"]
    with pytest.raises(ComError, match="refers to no range"):
        _ = opened.names["hms_konstant"].refers_to_range
    opened.names.add("ny", "=Låst!$A$1")
    assert opened.names["ny"].refers_to_range.value == "låst"
    opened.names["ny"].delete()
    assert "ny" not in opened.names
    opened.close()


def _with_hidden_name(path: Path, name: str) -> Path:
    import zipfile

    drawn = path.rename(path.with_suffix(".drawn"))
    with zipfile.ZipFile(drawn) as source, zipfile.ZipFile(path, "w") as target:
        for part in source.namelist():
            content = source.read(part).decode()
            target.writestr(part, content.replace(f'name="{name}"', f'name="{name}" hidden="1"'))
    return path


def test_charts_have_names(book: xlwings.Book) -> None:
    assert [len(sheet.charts) for sheet in book.sheets] == [0, 0, 0, 1]
    assert book.sheets["Låst"].charts[0].parent.name == "Låst"


def test_what_is_not_imitated_raises(book: xlwings.Book, sheet: xlwings.Sheet) -> None:
    with pytest.raises(NotImplementedError, match=r"Range\.Font is not imitated"):
        _ = sheet.range("A1").api.Font
    with pytest.raises(NotImplementedError, match=r"setting Range\.Row is not imitated"):
        sheet.range("A1").api.Row = 2
    with pytest.raises(NotImplementedError, match=r"setting Application\.Cursor is not imitated"):
        book.app.api.Cursor = 2
    with pytest.raises(NotImplementedError):
        _ = sheet.range("A1").color
    with pytest.raises(NotImplementedError, match="special cells"):
        sheet.range("A1:B2").get_special_cells("blanks")
    with pytest.raises(NotImplementedError, match="calculation mode"):
        book.app.calculation = "semiautomatic"
    assert not hasattr(sheet.api, "_nothing")


def test_the_engine_leaves_as_it_came(office: Office, engine: UnoEngine, tmp_path: Path) -> None:
    with running(office) as second:
        assert xlwings.engines.active.impl is second
        xlwings.books.open(_draw(tmp_path / "annen.xlsx"))
    assert xlwings.engines.active.impl is engine
    assert not second.application._books
    with pytest.raises(OfficeError, match="KeyError"):
        second.application._bridge.ask("book", doc=10**6, fact="title")


WITH_MACRO = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0"
 xmlns:ooo="http://openoffice.org/2004/office" xmlns:xlink="http://www.w3.org/1999/xlink"
 office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:scripts><office:script script:language="ooo:Basic"><ooo:libraries>
<ooo:library-embedded ooo:name="Standard"><ooo:module ooo:name="Module1"><ooo:source-code>
Function Twice(number)
    Twice = 2 * number
End Function
</ooo:source-code></ooo:module></ooo:library-embedded></ooo:libraries></office:script></office:scripts>
<office:body><office:spreadsheet><table:table table:name="Ark"/></office:spreadsheet></office:body>
</office:document>"""


@pytest.mark.usefixtures("engine")
def test_macros_run_and_a_missing_one_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "makro.fods"
    path.write_text(WITH_MACRO)
    opened = xlwings.books.open(path)
    assert opened.macro("Standard.Module1.Twice")(21) == 42
    with pytest.raises(OfficeError, match="Script"):
        opened.macro("Standard.Module1.Missing")()
    opened.close()


def test_a_persons_hands_are_played_by_the_document(engine: UnoEngine, book: xlwings.Book) -> None:
    engine.document(book).type("Mitt ark", {"M1": "6,5"})
    engine.document(book).insert_rows("Mitt ark", 1)
    assert book.sheets["Mitt ark"].range("M2").value == 6.5
    assert book.sheets["Mitt ark"].tables["hms_t"].range.address == "$A$2:$F$5"


@pytest.fixture(scope="module")
def stored(sample: xlwings.Book) -> openpyxl.Workbook:
    return _load(sample, data_only=True)


def _load(book: xlwings.Book, *, data_only: bool) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what it drops, nothing is compared
        return openpyxl.load_workbook(book.fullname, data_only=data_only)


def test_a_sample_is_read_as_the_file_says(sample: xlwings.Book, stored: openpyxl.Workbook) -> None:
    """Values, tables, names and visibility are those openpyxl finds in the same file."""
    assert [sheet.name for sheet in sample.sheets] == stored.sheetnames
    states = {"visible": -1, "hidden": 0, "veryHidden": 2}
    assert [sheet.visible for sheet in sample.sheets] == [states[page.sheet_state] for page in stored]
    named = {name: f"={value.attr_text}" for name, value in stored.defined_names.items()}
    found = {name.name: name.refers_to for name in sample.names if "!" not in name.name}
    # Which names of sheets are quoted is each program's own choice.
    bare = [{name: content.replace("'", "") for name, content in side.items()} for side in (named, found)]
    assert bare[0] == bare[1]
    for sheet in sample.sheets:
        tables = dict(stored[sheet.name].tables.items())
        assert {table.name: table.range.get_address(False, False) for table in sheet.tables} == tables


SHEETS = ["Status", "Månedsverdier", "Tiltak", "_hms_results"]


@pytest.mark.parametrize("name", SHEETS)
def test_a_samples_cells_are_those_of_the_file(
    sample: xlwings.Book, stored: openpyxl.Workbook, name: str
) -> None:
    page = stored[name]
    used = sample.sheets[name].used_range
    block = used.options(err_to_str=True).value
    expected = [
        [None if cell.value == "" else cell.value for cell in row]
        for row in page.iter_rows(used.row, used.last_cell.row, used.column, used.last_cell.column)
    ]
    different = [
        (page.cell(used.row + down, used.column + across).coordinate, got, want)
        for down, (row, wanted) in enumerate(zip(block, expected, strict=True))
        for across, (got, want) in enumerate(zip(row, wanted, strict=True))
        if got != want and not (isinstance(got, float) and got == pytest.approx(want))
    ]
    assert different == []


def test_a_samples_formulas_are_those_of_the_file(sample: xlwings.Book) -> None:
    page = _load(sample, data_only=False)["_hms"]
    used = sample.sheets["_hms"].range("B49:X160")
    formulas = used.formula
    cells = page[used.get_address(False, False)]
    pairs = [
        (cell.value, formula)
        for row, texts in zip(cells, formulas, strict=True)
        for cell, formula in zip(row, texts, strict=True)
        if isinstance(cell.value, str) and cell.value.startswith("=")
    ]
    assert len(pairs) > 400
    assert [pair for pair in pairs if _plain(pair[0]) != _plain(pair[1])] == []


def _plain(formula: str) -> str:
    """Return a formula without what may differ: quotes around sheets, and how a number is written."""
    bare = re.sub(r"\s|_xlfn\.|'", "", formula)
    return re.sub(r"(?<![\w.$])\d*\.?\d+(?:E-?\d+)?", lambda found: repr(float(found[0])), bare)


WITHOUT_PANDAS = """
import sys
heavy = "pandas numpy matplotlib PIL polars plotly".split()
sys.modules.update(dict.fromkeys(heavy))
import xlwings
for name in heavy:
    del sys.modules[name]
from pathlib import Path
from tests.support.office import Office
from tests.support.xlwings_uno.engine import running
with Office() as office, running(office):
    cells = xlwings.books.open(Path(sys.argv[1])).sheets[0].range("A2:C3")
    print(cells.raw_value == cells.api.Value, cells.value)
    cells.value = [["a", 1, None], ["b", 2, True]]
    print(cells.api.Value2, sorted(set(heavy) & set(sys.modules)))
    import pandas
    print(pandas.DataFrame(cells.value).shape)
"""


def test_blocks_are_read_where_pandas_was_kept_out(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WITHOUT_PANDAS, str(_draw(tmp_path / "bok.xlsx"))]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    first = "[['T-01', datetime.datetime(2025, 1, 31, 0, 0), 1.5], ['T-02', "
    assert printed == [
        f"True {first}datetime.datetime(2025, 2, 28, 0, 0), 2.0]]",
        "(('a', 1.0, None), ('b', 2.0, True)) []",
        "(2, 3)",
    ]


FORMULAS = {
    "=SUM('Mitt ark'!A1:B2,t[[#This Row],[I01]],{1,2;3,4})": (
        "=SUM($'Mitt ark'.A1:B2;t[[#This Row];[I01]];{1;2|3;4})"
    ),
    "=IF(A1=\"a,b;c!\"\"x\",'It''s'!$B$2,#REF!)": "=IF(A1=\"a,b;c!\"\"x\";$'It''s'.$B$2;#REF!)",
    "=STDEV.S('Uke 1.2'!A:A)": "=STDEV.S($'Uke 1.2'.A:A)",
    "=t[[Navn, fullt; kort]]": "=t[[Navn, fullt; kort]]",
    "=OR(TRUE,FALSE)": "=OR(TRUE();FALSE())",
    "tekst, med; tegn": "tekst, med; tegn",
}


@pytest.mark.parametrize("excel", FORMULAS)
def test_formulas_are_written_for_libreoffice_and_back(excel: str) -> None:
    assert to_calc(excel) == FORMULAS[excel]
    assert to_excel(FORMULAS[excel]) == excel


def test_what_only_one_side_writes_is_understood() -> None:
    assert to_calc("=t[@Navn]&t[@[Hele navnet]]") == "=t[[#This Row];[Navn]]&t[[#This Row];[Hele navnet]]"
    assert to_calc("=Uke.1!A1+Ark!$B$2") == "=$'Uke.1'.A1+$'Ark'.$B$2"
    assert to_excel("=$Møter.$A$1:$B$2") == "=Møter!$A$1:$B$2"
    assert to_excel("=COM.SUN.STAR.SHEET.ADDIN.ANALYSIS.GETEDATE(A1;1)") == "=EDATE(A1,1)"


@pytest.mark.parametrize(
    "text", ["", "A0", "1A", "ABCD1", "XFE1", "A1048577", "A1:", "hms_t", "A1;B2", "A1,"]
)
def test_what_is_no_address_is_none(text: str) -> None:
    assert parse(text) is None


def test_sheets_of_references_are_read_with_their_quotes() -> None:
    assert reference("='It''s, mitt'!$A$1:$B$2") == ("It's, mitt", parse("A1:B2"))
    assert reference("=Møter!$C$27") == ("Møter", parse("C27"))
    assert [reference(text) for text in ("=1.5", "=A1", "=Ark!navn", "=Ark!A1+1")] == [None] * 4
    assert [quoted(name) for name in ("_hms", "Mitt ark", "It's", "A1", "2025")] == [
        "_hms",
        "'Mitt ark'",
        "'It''s'",
        "'A1'",
        "'2025'",
    ]


def test_a_table_is_resized(book: xlwings.Book, sheet: xlwings.Sheet) -> None:
    api = sheet.api.ListObjects("hms_t")
    api.Resize(sheet.api.Range("A1:F6"))
    assert sheet.tables["hms_t"].range.address == "$A$1:$F$6"
    with pytest.raises(ComError):
        api.Resize(sheet.api.Range("B1:F6"))
    with pytest.raises(ComError):
        book.sheets["Mitt ark"].api.ListObjects("hms_t").Resize(sheet.api.Range("A2:F6"))


def test_a_person_chooses_files(engine: UnoEngine) -> None:
    ask = engine.application.GetOpenFilename
    assert ask("", 1, "Velg", "", True) is False
    engine.chosen_files = ("a.xlsx", "b.xlsx")
    assert ask("", 1, "Velg filer", "", True) == ("a.xlsx", "b.xlsx")
    assert ask() == "a.xlsx"
    engine.chosen_files = ()
