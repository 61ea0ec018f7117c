"""People sort, filter, move, rename, translate and add: all of it reads right, survives, and updates once."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hmsbook.actions.reading import check_book, open_book
from hmsbook.actions.update import update
from hmsbook.opc.cells import Formula
from hmsbook.opc.package import Package as Stored
from hmsbook.texts.words import words
from tests.cli.run import run
from tests.hosts.books import (
    SICK,
    TODAY,
    book,
    formula,
    package,
    put,
    region_spot,
    repack,
    spot,
    table,
    type_in,
    value,
)
from tests.hosts.by_hand import (
    add_own,
    filter_rows,
    rename_headers,
    rename_sheets,
    reverse_sheets,
    swap_columns,
    swap_rows,
)
from tests.support.crosscheck import crosscheck
from tests.support.office import Document, Office
from tests.support.ooxml import lint, sdk_errors

NAMES = {"Status": "Vår status's", "Tiltak": "Tiltak 🙂", "Månedsverdier": "Tall", "Logg": "Dagbok"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return book(tmp_path / "bok.xlsx")


def _rows(path: Path) -> dict[str, list[dict[str, Any]]]:
    return {key: [dict(row.values) for row in rows] for key, rows in open_book(path).book.rows.items()}


def _wbk(path: Path) -> list[tuple[str, str, str]]:
    found = check_book(path, today=TODAY).problems
    return [(it.case, it.place.sheet, it.place.cell) for it in found if it.code.startswith("WBK")]


def _settled(path: Path) -> None:
    """Update once; the second time there is nothing left to do."""
    update(path, today=TODAY)
    assert not update(path, today=TODAY).written
    assert _wbk(path) == []


@pytest.mark.parametrize("lang", ["nn", "en"])
def test_headers_in_another_language_read_the_same(path: Path, lang: str) -> None:
    before = _rows(path)
    headers = {
        (key, column): words(lang).text(f"columns.{key}.{column}.label")
        for key in ("group", "challenges", "measures", "proposals", "votes", "events")
        for column in open_book(path).book.rows[key][0].cells or {}
    }
    rename_headers(path, headers)
    assert table(path, "measures").columns[3] == headers["measures", "responsible"]
    assert (_rows(path), _wbk(path)) == (before, [])
    _settled(path)
    assert _rows(path) == before


def test_columns_in_any_order_read_the_same(path: Path) -> None:
    before = _rows(path)
    count = len(table(path, "measures").columns)
    for one, other in ((0, count - 1), (1, 5), (2, 6), (3, 7)):
        swap_columns(path, "measures", one, other)
    assert (_rows(path), _wbk(path)) == (before, [])
    type_in(path, ("measures", "status", 1, "Gjennomført"), ("measures", "measure", 9, "Nytt"))
    put(path, {spot(path, "measures", "id", 9): None})
    done = update(path, today=TODAY)
    assert done.numbered == {("measures", 9): "T61"}
    assert value(path, *spot(path, "measures", "days_left", 1)) == ""
    _settled(path)
    assert lint(path) == []


def test_moved_indicator_columns_take_their_heads_with_them(path: Path) -> None:
    before = open_book(path).book.values
    swap_columns(path, "values", 1, 2)
    assert open_book(path).book.values == before
    update(path, today=TODAY)
    heads = [value(path, *region_spot(path, "value_heads", 0, at)) for at in range(3)]
    assert heads == ["Avvik", "Sykefravær", "Trivsel"]
    assert formula(path, *region_spot(path, "value_heads", 0, 0)) != formula(
        path, *region_spot(path, "value_heads", 0, 1)
    )
    _settled(path)
    assert lint(path) == []


def test_sheets_renamed_and_moved_are_found_by_their_tables(path: Path) -> None:
    before = _rows(path)
    rename_sheets(path, NAMES)
    reverse_sheets(path)
    assert (_rows(path), _wbk(path)) == (before, [])
    type_in(path, ("values", "I01", 21, 5.5))
    done = update(path, today=TODAY)
    assert set(done.changed) >= {"Vår status's", "Dagbok"}
    assert {sheet.name for sheet in package(path).sheets} >= set(NAMES.values())
    assert [sheet.name for sheet in package(path).sheets][-1] == "Vår status's"
    _settled(path)
    assert lint(path) == []


def test_sorted_and_filtered_rows_stay_so(path: Path) -> None:
    columns = ["id", "measure", "responsible", "deadline", "status", "achieve"]
    swap_rows(path, "measures", 0, 5, columns)
    filter_rows(path, "measures", 7, "Vedtatt", hidden=[0, 5])
    found = {row["id"]: row for row in _rows(path)["measures"] if "measure" in row}
    assert found["T01"]["deadline"] == date(2026, 12, 1)
    assert value(path, *spot(path, "measures", "id", 5)) == "T01"
    _settled(path)
    part = next(sheet for sheet in package(path).sheets if sheet.name == "Tiltak").part
    rows = re.findall(r'<row [^>]*hidden="1"[^>]*>', package(path).parts[part].decode())
    assert len(rows) == 2
    assert '<filter val="Vedtatt"/>' in package(path).parts[table(path, "measures").part].decode()
    assert value(path, *spot(path, "measures", "days_left", 5)) == 15


def test_months_in_any_order_give_the_same_charts(path: Path) -> None:
    before = {key: dict(months) for key, months in open_book(path).book.values.items()}
    swap_rows(path, "values", 0, 20, ["month", "I01", "I02", "I03"])
    assert {key: dict(months) for key, months in open_book(path).book.values.items()} == before
    assert not update(path, today=TODAY).written


def test_what_people_put_on_our_sheets_is_identical_after_an_update(path: Path) -> None:
    new = add_own(path, "Status", "Trender")
    type_in(path, ("values", "I01", 21, 5.5))
    before = Stored.open(str(path))
    assert update(path, today=TODAY).written
    after = Stored.open(str(path))
    kept = {*new, "xl/drawings/drawing1.xml", "xl/drawings/_rels/drawing1.xml.rels", "xl/styles.xml"}
    assert all(before.raw(name) == after.raw(name) for name in kept)
    assert before.raw("xl/charts/chart1.xml") != after.raw("xl/charts/chart1.xml")
    assert b'<legacyDrawing r:id="rIdV"/>' in after.read("xl/worksheets/sheet1.xml")
    _settled(path)
    assert sdk_errors(path) == []


def _delete_sheet(path: Path, title: str) -> None:
    """Delete a sheet as Excel does; what named its cells points nowhere."""
    stored = package(path)
    gone = next(sheet for sheet in stored.sheets if sheet.name == title)
    link = next(link for link in stored.relations("xl/workbook.xml") if link.target == gone.part)
    xml = stored.parts["xl/workbook.xml"].decode()
    xml = re.sub(rf'<sheet [^>]*r:id="{link.id}"/>', "", xml)
    number = [sheet.name for sheet in stored.sheets].index(title)
    xml = re.sub(rf'<definedName [^>]*localSheetId="{number}".*?</definedName>', "", xml)
    xml = re.sub(rf"(<definedName [^>]*>)'?{title}'?![^<]*<", r"\1#REF!<", xml)
    lower = lambda found: f'localSheetId="{int(found[1]) - (int(found[1]) > number)}"'  # noqa: E731
    repack(path, {"xl/workbook.xml": re.sub(r'localSheetId="(\d+)"', lower, xml).encode()})


@pytest.mark.parametrize(
    ("title", "key"), [("Dekning", "coverage"), ("Kontroll", "check"), ("Trender", "trends"), ("Logg", "log")]
)
def test_a_sheet_of_ours_that_was_deleted_is_done_without_and_missed(
    title: str, key: str, path: Path
) -> None:
    _delete_sheet(path, title)
    type_in(path, ("values", "I01", 21, 5.5))
    done = update(path, today=TODAY)
    missed = [(it.code, dict(it.values)) for it in done.problems if it.case == "sheet_missing"]
    assert (done.written, missed) == (True, [("WBK-1", {"sheet": key})])
    assert not update(path, today=TODAY).written
    said = run("check", path)
    assert (said.exit, f"Arket {title} finnes ikke i arbeidsboka" in " ".join(said.out.split())) == (1, True)


def _edit(doc: Document) -> None:
    """What a coordinator with LibreOffice does in an afternoon."""
    doc.add_sheet("Mine notater", 0)
    doc.type("Mine notater", {"A1": "Egne tall", "B1": "6,4", "C1": "=B1*2"})
    doc.rename_sheet("Tiltak", "Tiltak 🙂")
    doc.move_sheet("Status", 6)
    doc.insert_columns("Tiltak 🙂", "E", 1)
    doc.put("Tiltak 🙂", {"E4": "Egen merknad", "E5": "Ring NAV", "C4": "Measure"})
    doc.type("Tiltak 🙂", {"G6": "31.12.2026", "J6": "Gjennomført"})
    doc.insert_rows("Månedsverdier", 12, 2)
    doc.insert_columns("Månedsverdier", "D", 1)
    doc.delete_rows("Utfordringer", 20, 1)
    doc.delete_rows("Hendelser", 20, 3)


def test_an_afternoon_in_libreoffice(path: Path, tmp_path: Path, office: Office) -> None:
    before = _rows(path)
    first = spot(path, "values", "I01")
    assert first[1] == "C9", "the edits below count from here"
    with office.open(path) as doc:
        _edit(doc)
        doc.put("Månedsverdier", {"D8": "Vær", "D9": "Sol"})
        doc.sort("Hendelser", "B5:D10", "B", descending=True)
        saved = doc.save_as(tmp_path / "lagret.xlsx")

    rows = _rows(saved)
    measure = before["measures"][1] | {"deadline": date(2026, 12, 31), "status": "done"}
    assert rows["measures"][:2] == [before["measures"][0], measure]
    assert open_book(saved).book.rows["measures"][0].extra == {"Egen merknad": "Ring NAV"}
    assert [row["I01"] for row in rows["values"] if "I01" in row] == SICK
    assert open_book(saved).book.rows["values"][0].extra == {"Vær": "Sol"}
    unchanged = set(before) - {"measures", "values"}
    assert {key: rows[key] for key in unchanged} == {key: before[key] for key in unchanged}
    assert _wbk(saved) == []

    assert update(saved, today=TODAY).written
    assert not update(saved, today=TODAY).written
    heads = [value(saved, *region_spot(saved, "value_heads", 0, at)) for at in range(4)]
    assert [head or "" for head in heads] == ["Sykefravær", "", "Avvik", "Trivsel"]
    assert value(saved, *spot(saved, "measures", "days_left", 0)) == 15
    assert (value(saved, "Mine notater", "B1"), formula(saved, "Mine notater", "C1")) == (6.4, "B1*2")
    assert crosscheck(office, saved) == []


def test_typed_over_in_libreoffice_is_put_right(path: Path, tmp_path: Path, office: Office) -> None:
    fact, days = region_spot(path, "status_facts", 1), spot(path, "measures", "days_left")
    total = region_spot(path, "status_counts", 0, 1)
    before = {place: value(path, *place) for place in (fact, days, total)}
    with office.open(path) as doc:
        for sheet, cell in (fact, days, total):
            doc.put(sheet, {cell: "Mitt"})
        saved = doc.save_as(tmp_path / "lagret.xlsx")
    assert sorted(place[1:] for place in _wbk(saved)) == sorted(before)
    assert len(update(saved, today=TODAY).restored) == 3
    assert {place: value(saved, *place) for place in before} == before
    assert not update(saved, today=TODAY).written


def test_a_formula_typed_in_libreoffice_is_read_by_its_value(path: Path) -> None:
    put(path, {spot(path, "values", "I01", 21): Formula("3*2", 6)})
    assert open_book(path).book.values["I01"][date(2026, 10, 1)] == 6
    update(path, today=TODAY)
    assert formula(path, *spot(path, "values", "I01", 21)) == "3*2"
