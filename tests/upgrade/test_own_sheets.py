"""Sheets and names that people made move with an upgrade as they are, or are told with the reason."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from hmsbook.actions.reading import open_book
from hmsbook.actions.update import update
from hmsbook.actions.upgrade import upgrade
from hmsbook.hosts.foreign import stays
from hmsbook.hosts.own_sheets import choose
from hmsbook.hosts.side import Side
from tests.cli.run import run
from tests.hosts.books import SLOTS, TODAY, book, change, formula, package, spot
from tests.support.crosscheck import crosscheck, formula_count
from tests.support.office import Office
from tests.support.ooxml import lint, sdk_errors
from tests.support.package import WORKBOOK
from tests.upgrade.own import FIRST, HIDDEN, SECOND, add_sheet, cells, own_book
from tests.upgrade.same_sheets import differences, names

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
OLDER = Path(__file__).parents[1] / "standards" / "1.0.xlsx"
OWN = (FIRST, SECOND, HIDDEN)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return book(tmp_path / "bok.xlsx")


def moved(path: Path, **options: object) -> Path:
    """Upgrade into another file; everything must go along."""
    new = path.with_name("ny.xlsx")
    done = upgrade(path, today=TODAY, out=new, **options)  # type: ignore[arg-type]
    assert done.left == ()
    assert (lint(new), sdk_errors(new)) == ([], [])
    return new


def side(data: bytes, path: Path) -> Side:
    """A workbook as a whole."""
    path.write_bytes(data)
    opened = open_book(path)
    return Side(opened.host.package, opened.book.manifest)


@cache
def upgraded(**options: object) -> Side:
    """The workbook of these tests, without anything of people's own, after an upgrade."""
    with TemporaryDirectory() as folder:
        path = book(Path(folder) / "bok.xlsx")
        upgrade(path, today=TODAY, **options)  # type: ignore[arg-type]
        return side(path.read_bytes(), path)


def left(path: Path, **options: object) -> list[tuple[str, str, str, str]]:
    """What would stay: kind, name, reason and cell."""
    found = stays(choose(side(path.read_bytes(), path), upgraded(**options)))
    return [(it.case, it.name, it.reason, it.at) for it in found]


@pytest.mark.parametrize("options", [{"slots": 24}, {"method": "skoen"}])
def test_everything_on_a_sheet_of_their_own_goes_along(
    tmp_path: Path, office: Office, options: dict[str, object]
) -> None:
    path = own_book(tmp_path / "bok.xlsx")
    new = moved(path, **options)
    assert [line for name in OWN for line in differences(path, new, name)] == []
    before, after = names(path), names(new)
    mine = {key for key in before if key[0] in ("", *OWN)}
    assert len(mine) == 5
    assert package(new).parts["xl/persons/person1.xml"] == package(path).parts["xl/persons/person.xml"]
    assert {key: after.get(key) for key in mine} == {key: before[key] for key in mine}
    assert not update(new, today=TODAY).written
    assert formula_count(new) > 20
    assert crosscheck(office, new) == []


def test_it_goes_along_twice(tmp_path: Path) -> None:
    path = own_book(tmp_path / "bok.xlsx")
    once = moved(path, slots=24)
    twice = moved(once.rename(tmp_path / "to.xlsx"), slots=30)
    assert [line for name in OWN for line in differences(path, twice, name)] == []


def test_a_sheet_keeps_its_place(path: Path) -> None:
    add_sheet(path, "Mitt", cells("1+1"), after="Tiltak")
    before = [sheet.name for sheet in package(path).sheets]
    new = moved(path, slots=24)
    assert [sheet.name for sheet in package(new).sheets] == before
    areas = names(new)
    assert areas["Logg", "_xlnm.Print_Area"].startswith("Logg!")
    assert areas["Status", "_xlnm.Print_Area"].startswith("Status!")


def test_sheets_of_an_older_standard(tmp_path: Path) -> None:
    path = Path(shutil.copy(OLDER, tmp_path / "bok.xlsx"))
    add_sheet(path, "Mitt", cells("COUNTA(hms_measures[Tiltak])", "hms_today", "Tiltak!$C$5"))
    new = moved(path)
    assert differences(path, new, "Mitt") == []


def test_formulas_follow_a_sheet_with_another_name(path: Path) -> None:
    sheet, cell = spot(path, "measures", "measure")
    add_sheet(path, "Mitt", cells(f"{sheet}!{cell}", f'"{sheet}!"&amp;hms_today'.replace("&amp;", "&")))
    new = moved(path, lang="en")
    assert formula(new, "Mitt", "A1") == f"'Measures'!{cell}"
    assert formula(new, "Mitt", "A2") == f'"{sheet}!"&hms_today'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('INDIRECT("Tiltak!C5")', "unsure"),
        ("SUM(OFFSET(Tiltak!C5,0,1,3,1))", "unsure"),
        ("SUM(Tiltak!A1:INDEX(Tiltak!A:A,3))", "unsure"),
        ("SUM(Status:Tiltak!A1)", "unsure"),
        ("[1]Ark1!A1", "external"),
        ("'[1]Ark 1'!A1", "external"),
        ("hms_measures[Finnes ikke]", "unsure"),
        ("SUM(hms_measures[#Totals])", "unsure"),
        ("Borte!A1", "unsure"),
        # There are more of these after the upgrade.
        ("ROWS(hms_indicators[Indikator])", "unsure"),
        ('COUNTIF(hms_indicators[Indikator],"")', "unsure"),
        ("COUNTA(hms_indicators[Id])", "unsure"),
        ("SUM(hms_values)", "unsure"),
        ("SUM(Trender!A1:XFD1048576)", "unsure"),
    ],
)
def test_a_formula_that_may_become_another_keeps_the_sheet_back(path: Path, text: str, reason: str) -> None:
    add_sheet(path, "Mitt", cells("1+1", text))
    assert left(path, slots=24) == [("sheet", "Mitt", reason, "A2")]


@pytest.mark.parametrize(
    "text",
    ["COUNTA(hms_indicators[Indikator])", "SUM(hms_values[I01])", 'COUNTIF(hms_indicators[Måleenhet],"%")'],
)
def test_more_rows_do_no_harm_to_a_sum(path: Path, text: str) -> None:
    add_sheet(path, "Mitt", cells(text))
    assert left(path, slots=24) == []


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ('COUNTIF(hms_measures[Status],"Pågår")', "en"),
        ("COUNTA(hms_measures[Ansvarlig])", "nn"),
        ("Tiltak!$C$4", "en"),
    ],
)
def test_words_of_another_language_keep_the_sheet_back(path: Path, text: str, lang: str) -> None:
    add_sheet(path, "Mitt", cells(text))
    assert left(path, lang=lang) == [("sheet", "Mitt", "unsure", "A1")]


def test_what_needs_what_stays_stays_too(path: Path) -> None:
    """A name rests on a sheet, a second sheet on the name."""
    add_sheet(path, "Mitt", cells('INDIRECT("A2")'))
    change(path, WORKBOOK, lambda xml: xml.replace("</definedNames>", _NAME, 1))
    assert left(path, slots=24) == [("sheet", "Mitt", "unsure", "A1"), ("name", "Mitt_navn", "unsure", "")]


_NAME = '<definedName name="Mitt_navn">Mitt!$A$1</definedName></definedNames>'


@pytest.mark.parametrize("title", ["Measures", "measures"])
def test_a_name_that_is_taken_keeps_the_sheet_back(path: Path, title: str) -> None:
    add_sheet(path, title, cells("1+1"))
    assert left(path, lang="en") == [("sheet", title, "title", "")]
    assert left(path, slots=24) == []


@pytest.mark.parametrize(
    ("inside", "reason", "at"),
    [
        ('<sheetData/><scenarios><scenario name="a"/></scenarios>', "other", ""),
        ('<sheetData/><customSheetViews><customSheetView guid="{0}"/></customSheetViews>', "protection", ""),
        ('<sheetData/><noe xmlns="urn:ukjent"/>', "other", ""),
        ('<sheetData/><extLst><ext uri="{0}"/></extLst>', "other", ""),
        ('<sheetData><row r="3"><c r="B3" cm="1"><v>1</v></c></row></sheetData>', "spill", "B3"),
        ('<sheetData><row r="3"><c r="B3" vm="1" t="e"><v>#VALUE!</v></c></row></sheetData>', "spill", "B3"),
        ('<sheetData><row r="3"><c r="B3" s="9999"><v>1</v></c></row></sheetData>', "other", ""),
        ('<sheetData><row r="3"><c r="B3" t="s"><v>99999</v></c></row></sheetData>', "other", ""),
        ('<sheetViews><sheetView workbookViewId="1"/></sheetViews><sheetData/>', "protection", ""),
        (
            '<sheetData/><conditionalFormatting pivot="1" sqref="A1"><cfRule type="cellIs" priority="1" '
            'operator="equal"><formula>1</formula></cfRule></conditionalFormatting>',
            "pivot",
            "",
        ),
        (
            '<sheetData/><conditionalFormatting sqref="C2:C9"><cfRule type="expression" priority="1">'
            "<formula>hms_measures[Borte]=1</formula></cfRule></conditionalFormatting>",
            "unsure",
            "C2:C9",
        ),
    ],
)
def test_what_is_not_on_the_list_keeps_the_sheet_back(path: Path, inside: str, reason: str, at: str) -> None:
    add_sheet(path, "Mitt", inside)
    assert left(path, slots=24) == [("sheet", "Mitt", reason, at)]


@pytest.mark.parametrize(("rows", "expected"), [(1, []), (2, [("sheet", "Mitt", "unsure", "A1")])])
def test_a_shared_formula_is_followed_to_its_last_cell(
    path: Path, rows: int, expected: list[tuple[str, str, str, str]]
) -> None:
    """The first row refers to the last indicator, and the second to a cell that an upgrade fills."""
    sheet, cell = spot(path, "indicators", "id", SLOTS - 1)
    first = f'<f t="shared" ref="A1:A{rows}" si="0">{sheet}!{cell}</f><v>0</v>'
    add_sheet(path, "Mitt", f'<sheetData><row r="1"><c r="A1">{first}</c></row></sheetData>')
    assert left(path, slots=24) == expected


def test_the_reason_is_said(path: Path) -> None:
    add_sheet(path, "Mitt", cells('INDIRECT("A2")'))
    told = run("upgrade", path, "--slots", "24")
    assert told.exit == 2
    assert "eget ark (Mitt). Grunn: en formel viser til noe som kan bli et annet (A1)\n" in told.out
    found = run("upgrade", path, "--slots", "24", "--json").json["left"]
    assert [(it["reason"], it["at"]) for it in found] == [("unsure", "A1")]


def test_a_sheet_of_their_own_stays_when_a_new_year_begins(path: Path) -> None:
    add_sheet(path, "Mitt", cells("1+1"))
    told = run("new", path.with_name("2027.xlsx"), "--from", path)
    assert "  eget ark (Mitt)\n" in told.out
