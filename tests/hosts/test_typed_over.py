"""What a person types where hmsbook writes: reported with its cell, put right, and kept in the log."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hmsbook.actions.reading import check_book
from hmsbook.actions.update import update
from hmsbook.hosts.others import skeleton, spelled
from hmsbook.opc.cells import Formula
from hmsbook.standard.book import TABLES
from tests.cli.run import run
from tests.hosts.books import (
    TODAY,
    book,
    change,
    formula,
    package,
    put,
    region_spot,
    repack,
    replace_parts,
    spot,
    value,
)
from tests.hosts.by_hand import drop_table
from tests.reliability.rows import Row, shows
from tests.support.crosscheck import crosscheck
from tests.support.office import Office
from tests.support.ooxml import lint, sdk_errors
from tests.support.package import CONTENT_TYPES

VALUE, COMPUTED, FORMULA = "a value typed over", "a formula typed over", "a formula typed over a value"
ANOTHER = "another formula in the place of ours"
EMPTIED, NOTED = "an owned cell emptied", "a line of their own in the log"
BACK = "as it was"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return book(tmp_path / "bok.xlsx")


def _reported(path: Path) -> list[tuple[str, str, str]]:
    found = check_book(path, today=TODAY).problems
    return [(it.case, it.place.sheet, it.place.cell) for it in found if it.code == "WBK-1"]


def _log(path: Path) -> str:
    cells = next(sheet for sheet in package(path).sheets if sheet.name == "Logg").cells
    return "\n".join(cell.text for cell in cells.values() if cell.text)


@shows("owned", VALUE, COMPUTED)
def test_values_and_formulas_come_back_and_what_was_typed_is_kept(path: Path, office: Office) -> list[Row]:
    fact = region_spot(path, "status_indicators", 0, 2)
    count = region_spot(path, "status_counts")
    days, score = spot(path, "measures", "days_left"), spot(path, "proposals", "score", 1)
    head = region_spot(path, "value_heads", 0, 1)
    places = [fact, count, days, score, head]
    before = {place: (value(path, *place), formula(path, *place)) for place in places}
    typed = {fact: "Min egen sum", count: 99, days: "snart", score: 5, head: "=ikke en formel"}
    put(path, {place: Formula("", content) for place, content in typed.items()})

    cases = {
        fact: "typed_over",
        count: "typed_over",
        days: "formula_gone",
        score: "formula_gone",
        head: "typed_over",
    }
    assert sorted(_reported(path)) == sorted((case, *place) for place, case in cases.items())

    done = update(path, today=TODAY)
    assert {(it.sheet, it.cell): it.found for it in done.restored} == typed
    assert {(it.sheet, it.cell): it.value for it in done.restored} == {
        place: content for place, (content, _) in before.items()
    }
    assert {place: (value(path, *place), formula(path, *place)) for place in places} == before
    assert _reported(path) == []
    for (sheet, cell), content in typed.items():
        assert f"{sheet}!{cell}: " in _log(path)
        assert f"«{content}»" in _log(path)
    assert not update(path, today=TODAY).written
    assert (lint(path), sdk_errors(path)) == ([], [])
    assert crosscheck(office, path) == []
    return [(name, BACK, "WBK-1, with the cell", "what was typed") for name in (VALUE, COMPUTED)]


@shows("owned", ANOTHER)
def test_another_formula_in_the_place_of_ours_goes_and_is_kept(path: Path, office: Office) -> Row:
    """In every kind of place that holds a formula, whatever it looks like beside ours."""
    count, head, due = (region_spot(path, name) for name in ("status_counts", "value_heads", "values_due"))
    days, score = spot(path, "measures", "days_left"), spot(path, "proposals", "score", 1)
    places = [count, head, due, days, score]
    before = {place: (value(path, *place), formula(path, *place)) for place in places}
    own = {
        count: "COUNTA(hms_measures[Tiltak])",
        head: '"Mitt"',
        due: "1+1",
        days: "40-2",
        score: "AVERAGE(4,5)",
    }
    put(path, {place: Formula(text, 2) for place, text in own.items()})
    assert sorted(place[1:] for place in _reported(path)) == sorted(places)
    said = " ".join(run("check", path).out.split())
    assert all(f"«={text}»" in said for text in own.values())

    done = update(path, today=TODAY)
    assert {(it.sheet, it.cell): it.found for it in done.restored} == {
        place: f"={text}" for place, text in own.items()
    }
    assert {place: (value(path, *place), formula(path, *place)) for place in places} == before
    assert all(f"«={text}»" in _log(path) for text in own.values())
    assert _reported(path) == []
    assert not update(path, today=TODAY).written
    assert (lint(path), sdk_errors(path)) == ([], [])
    assert crosscheck(office, path) == []
    return (ANOTHER, BACK, "WBK-1, with the cell", "the formula")


def test_another_formula_typed_in_libreoffice_goes_and_ours_stay(
    path: Path, tmp_path: Path, office: Office
) -> None:
    """LibreOffice writes every formula anew; only the one that somebody typed counts."""
    days, count = spot(path, "measures", "days_left"), region_spot(path, "status_counts", 0, 1)
    with office.open(path) as doc:
        for sheet, cell in (days, count):
            doc.type(sheet, {cell: "=40-2"})
        saved = doc.save_as(tmp_path / "lagret.xlsx")
    assert sorted(it[1:] for it in _reported(saved)) == sorted([count, days])
    assert {it.found for it in update(saved, today=TODAY).restored} == {"=40-2"}
    assert _reported(saved) == []
    assert not update(saved, today=TODAY).written


def test_formulas_written_by_another_hand_are_left(path: Path) -> None:
    """Where most differ, a program or another edition of ours has written them."""
    rows = range(60)
    cells = {
        spot(path, "measures", key, row): Formula(f"1+{row}", 1)
        for key in ("days_left", "urgency")
        for row in rows
    }
    cells |= {
        spot(path, "proposals", key, row): Formula(f"1+{row}", 1)
        for key in ("score", "rank", "voters")
        for row in range(40)
    }
    put(path, cells)
    assert _reported(path) == []


def test_a_formula_filled_down_is_left_rather_than_the_update_refused(path: Path) -> None:
    """Excel stores it once for all its cells; it cannot be taken out of one of them."""
    sheet, first = spot(path, "measures", "days_left")
    _, second = spot(path, "measures", "days_left", 1)
    part = next(found.part for found in package(path).sheets if found.name == sheet)

    def shared(xml: str) -> str:
        for cell, text in (
            (first, f'<f t="shared" ref="{first}:{second}" si="0">40-2</f>'),
            (second, '<f t="shared" si="0"/>'),
        ):
            xml = re.sub(rf'(<c r="{cell}"[^>]*>)<f>.*?</f>', lambda it, text=text: it[1] + text, xml)
        return xml

    change(path, part, shared)
    put(path, {spot(path, "values", "I01", 21): 5.0})
    assert _reported(path) == []
    assert update(path, today=TODAY).written
    assert formula(path, sheet, first) == "40-2"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ('COUNTIF(hms_measures[Status],"a b")', 'countif( Tiltak!$I$5:$I$64 , "a b" )', True),
        ('COUNTIF(hms_measures[Status],"a b")', 'COUNTIF(hms_measures[Status],"a  b")', False),
        ("hms_m[[#This Row],[Frist '[dag']]]-hms_today", "F5-'Ark ''1'!$A$1", True),
        ("1E-11*MAX(1,A1)", "0.00000000001*MAX(1, B2)", True),
        ("A1+1", "A1+2", False),
        ("A1+1", "A1-1", False),
        ("_xlfn.IFNA(A1,TRUE)", "IFNA(B1,true)", True),
        ("IFERROR(A1,TRUE)", "IFERROR(A1,FALSE)", False),
        ("SUM(A1:A9)", "SUM(A1,A9)", False),
        ("A1", "5", False),
        ("hms_m[[#This Row],[Frist]]-1", "[@Frist]-1", True),
        ("hms_m[[#This Row],[Frist i dag]]-1", "[@[Frist i dag]]-1", True),
        ("SUM(hms_m[Frist '[dag']])", "SUM([Frist '[dag']])", True),
        ("hms_m[[#This Row],[Frist]]-1", "[@Frist]+1", False),
    ],
)
def test_what_counts_as_the_same_formula(one: str, other: str, same: bool) -> None:
    assert (skeleton(one) == skeleton(other)) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("hms_m[[#This Row],[Frist]]-1", "[@Frist]-1", True),
        ("hms_m[[#This Row],[Frist i dag]]", "hms_m[@[Frist i dag]]", True),
        ("hms_m[[#This Row],[Frist]]", "[@Start]", False),
        ("hms_m[[#This Row],[Frist]]", "hms_m[Frist]", False),
        ("SUM(hms_m[Frist],'Ark'!$A$1)", "sum( hms_m[Frist] ,Ark!A1)", True),
        ("SUM(hms_m[Frist])", "SUM(hms_p[Frist])", False),
        ("_hms!$D$49", "_hms!$D$50", False),
    ],
)
def test_where_a_formula_looks_is_told_apart(one: str, other: str, same: bool) -> None:
    assert (spelled(one) == spelled(other)) is same


@shows("owned", FORMULA)
def test_a_formula_typed_over_a_value_goes_and_is_kept_in_the_log(path: Path) -> Row:
    place = region_spot(path, "status_facts", 1)
    before = value(path, *place)
    put(path, {place: Formula("SUM(1,2)", 3)})
    assert _reported(path) == [("typed_over", *place)]
    assert "«=SUM(1,2)»" in " ".join(run("check", path).out.split())
    done = update(path, today=TODAY)
    assert [(it.found, it.value) for it in done.restored] == [("=SUM(1,2)", before)]
    assert (value(path, *place), formula(path, *place)) == (before, None)
    assert "«=SUM(1,2)»" in _log(path)
    assert not update(path, today=TODAY).written
    return (FORMULA, BACK, "WBK-1, with the cell", "the formula")


def test_a_formula_that_goes_leaves_excels_list_of_formulas(path: Path) -> None:
    place = region_spot(path, "status_facts", 1)
    put(path, {place: Formula("SUM(1,2)", 3)})
    _with_calc_chain(path, f'<c r="{place[1]}" i="1"/><c r="C99"/><c r="A1" i="2"/>')
    update(path, today=TODAY)
    chain = package(path).parts["xl/calcChain.xml"].decode()
    assert '<c r="C99" i="1"/><c r="A1" i="2"/>' in chain
    assert f'r="{place[1]}"' not in chain


def _with_calc_chain(path: Path, cells: str) -> None:
    """The list of formulas that Excel adds when it saves."""
    name, links = "xl/calcChain.xml", "xl/_rels/workbook.xml.rels"
    parts = package(path).parts
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
    content = "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
    link = f'<Relationship Id="rIdChain" Type="{kind}" Target="calcChain.xml"/></Relationships>'
    override = f'<Override PartName="/{name}" ContentType="{content}"/></Types>'
    new = {
        name: f'<?xml version="1.0"?><calcChain xmlns="{main}">{cells}</calcChain>'.encode(),
        links: parts[links].replace(b"</Relationships>", link.encode()),
        CONTENT_TYPES: parts[CONTENT_TYPES].replace(b"</Types>", override.encode()),
    }
    repack(path, new)


@shows("owned", EMPTIED)
def test_an_emptied_cell_is_filled_again_and_nothing_is_said_of_it(path: Path) -> Row:
    fact, days = region_spot(path, "status_indicators", 0, 2), spot(path, "measures", "days_left")
    before = {place: (value(path, *place), formula(path, *place)) for place in (fact, days)}
    put(path, {place: Formula("", None) for place in (fact, days)})
    assert _reported(path) == []
    assert update(path, today=TODAY).restored == ()
    assert {place: (value(path, *place), formula(path, *place)) for place in before} == before
    return (EMPTIED, BACK, "nothing", "nothing")


@shows("owned", NOTED)
def test_what_people_write_in_the_log_stays(path: Path) -> Row:
    row = 12
    place, number = region_spot(path, "log", row, 2), region_spot(path, "log", row, 0)
    put(path, {place: "Egen merknad", number: 46000})
    put(path, {spot(path, "values", "I01", 21): 5.0})
    assert update(path, today=TODAY).written
    assert (value(path, *place), value(path, *number)) == ("Egen merknad", 46000)
    assert value(path, *region_spot(path, "log", row + 1, 3)) is not None
    return (NOTED, "as they wrote it", "nothing", "the line")


def test_the_command_says_what_came_back(path: Path) -> None:
    sheet, cell = spot(path, "measures", "days_left")
    put(path, {(sheet, cell): Formula("", "snart")})
    said = run("update", path)
    assert said.exit == 0
    assert f"{sheet}!{cell}" in said.out
    assert "«snart»" in said.out


def test_a_formula_stays_away_while_its_column_is_gone(path: Path) -> None:
    """Excel refuses a file in which a formula names a column that no table has."""
    sheet, cell = spot(path, "measures", "days_left")
    part = next(found.part for found in package(path).tables if found.name == "hms_measures")
    stored = package(path).parts[part].replace(b'name="Frist"', b'name="Innen"')
    replace_parts(path, {part: stored})
    header = spot(path, "measures", "responsible", -1)
    put(path, {(sheet, cell): Formula("", "snart"), (header[0], _right(header[1])): "Innen"})
    done = update(path, today=TODAY)
    assert (formula(path, sheet, cell), done.restored) == (None, ())
    assert ("formula_gone", sheet, cell) in _reported(path)
    assert not update(path, today=TODAY).written


@pytest.mark.parametrize("key", TABLES)
def test_an_update_settles_when_a_table_is_gone(key: str, path: Path) -> None:
    """Values stand where formulas that named its columns cannot."""
    drop_table(path, key)
    update(path, today=TODAY)
    done = update(path, today=TODAY)
    assert (done.written, done.restored) == (False, ())
    assert [it for it in _reported(path) if it[0] != "table_missing"] == []


def test_what_is_typed_over_a_value_in_a_formulas_place_is_kept(path: Path) -> None:
    drop_table(path, "measures")
    place = region_spot(path, "status_counts", 0, 1)
    update(path, today=TODAY)
    assert (value(path, *place), formula(path, *place)) == (0, None)
    put(path, {place: 12})
    assert ("typed_over", *place) in _reported(path)
    done = update(path, today=TODAY)
    assert [(it.found, it.value) for it in done.restored] == [(12, 0)]
    assert "«12»" in _log(path)
    assert not update(path, today=TODAY).written


def _right(cell: str) -> str:
    return chr(ord(cell[0]) + 1) + cell[1:]
