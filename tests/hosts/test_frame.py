"""A workbook whose names or tables are gone is refused, not taken for an empty one."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from hmsbook.actions.reading import open_book
from hmsbook.actions.update import update
from tests.cli.run import run
from tests.hosts.books import TODAY, book, change, package, put, repack, spot, table
from tests.support.office import Office
from tests.support.package import WORKBOOK


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return book(tmp_path / "bok.xlsx")


def _without_tables(path: Path) -> None:
    """Every table becomes plain cells."""
    stored = package(path)
    sheets = {sheet.part: stored.parts[sheet.part] for sheet in stored.sheets}
    parts = {part: re.sub(rb"<tableParts.*?</tableParts>", b"", xml) for part, xml in sheets.items()}
    links = {name for name in stored.parts if name.startswith("xl/worksheets/_rels/")}
    parts |= {name: re.sub(rb"<Relationship [^>]*/table\"[^>]*/>", b"", stored.parts[name]) for name in links}
    repack(path, parts, without=[found.part for found in stored.tables])


def _without_names(path: Path) -> None:
    change(path, WORKBOOK, lambda xml: re.sub(r"<definedNames>.*</definedNames>", "", xml))


def _without_columns(path: Path) -> None:
    part = table(path, "measures").part
    change(path, part, lambda xml: re.sub(r'(<tableColumn id="6".*)</tableColumns>', "</tableColumns>", xml))


def _header_as_data(path: Path) -> None:
    change(path, table(path, "group").part, lambda xml: xml.replace("<table ", '<table headerRowCount="0" '))


BROKEN: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "no tables": (_without_tables, "tables_gone", "(ark: Gruppe, Utfordringer, Indikatorer, Månedsverdier, "),
    "no names": (_without_names, "names_gone", "navnene hmsbook finner cellene sine med"),
    "a table without its last columns": (_without_columns, "tables_broken", "(ark: Tiltak)"),
    "a header row among the data": (_header_as_data, "tables_broken", "(ark: Gruppe)"),
}


def _saved_by(path: Path, program: str) -> None:
    application = f"<Application>{program}</Application>"
    pattern = "<Application>.*</Application>"
    change(path, "docProps/app.xml", lambda xml: re.sub(pattern, application, xml))


@pytest.mark.parametrize("program", ["", "Regneark 3"])
@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_frame_is_refused_with_what_is_gone_and_by_whom(name: str, program: str, path: Path) -> None:
    damage, key, says = BROKEN[name]
    damage(path)
    if program:
        _saved_by(path, program)
    before = path.read_bytes()
    for command in ("update", "check", "export"):
        ran = run(command, path)
        assert (ran.exit, ran.out) == (2, "")
        assert says in ran.err
        assert "Hent en eldre kopi" in ran.err
        assert ran.err.startswith(f"Feil: {program}" if program else "Feil: ")
    assert run("check", path, "--json").json["error"]["key"] == (f"{key}_by" if program else key)
    assert path.read_bytes() == before


@pytest.mark.parametrize("lang", ["nn", "en"])
def test_the_message_is_in_the_books_language(lang: str, tmp_path: Path) -> None:
    path = book(tmp_path / "bok.xlsx", lang)
    _without_tables(path)
    assert {"nn": "Tabellane er borte frå", "en": "The tables are gone from"}[lang] in run("update", path).err


def test_dates_from_1904_are_read_and_not_written(path: Path) -> None:
    change(path, WORKBOOK, lambda xml: xml.replace("<workbookPr ", '<workbookPr date1904="1" '))
    before = path.read_bytes()
    assert min(open_book(path).book.values["I01"]).year == 2029
    ran = run("update", path)
    assert (ran.exit, "1904" in ran.err) == (2, True)
    assert path.read_bytes() == before


def test_one_table_less_is_no_broken_frame(path: Path) -> None:
    change(path, table(path, "events").part, lambda xml: xml.replace("hms_events", "Tabell1"))
    assert update(path, today=TODAY).written


def test_a_table_without_a_header_row_reads_by_its_column_names(path: Path) -> None:
    """Excel empties the header cells when it turns a header row off, and the table begins below them."""
    before = [dict(row.values) for row in open_book(path).book.rows["events"]]
    events = table(path, "events")
    places = {spot(path, "events", column, -1): None for column in ("month", "text")}
    put(path, places)
    old, new = (f'ref="B{row}:' for row in (events.area.top, events.area.top + 1))

    def off(xml: str) -> str:
        return re.sub(r"<autoFilter.*?/>", "", xml).replace(old, f'headerRowCount="0" {new}')

    change(path, events.part, off)
    assert [dict(row.values) for row in open_book(path).book.rows["events"]] == before


def test_the_words_at_the_head_of_a_form_are_no_field_of_it(path: Path) -> None:
    form = table(path, "unit")
    place = (form.sheet, f"B{form.area.top + 3}")
    put(path, {place: "Opplysning"})
    cases = [it.case for it in open_book(path).book.problems if it.place.sheet == form.sheet]
    assert cases == ["column_missing"]
    assert update(path, today=TODAY).written


def test_libreoffices_own_format_is_named_and_works_again_as_xlsx(
    path: Path, tmp_path: Path, office: Office
) -> None:
    before = [dict(row.values) for row in open_book(path).book.rows["measures"]]
    with office.open(path) as doc:
        own = doc.save_as(tmp_path / "bok.ods")
    ran = run("update", own)
    assert (ran.exit, run("check", own, "--json").json["error"]["key"]) == (2, "opendocument")
    assert ".ods" in ran.err
    with office.open(own) as doc:
        again = doc.save_as(tmp_path / "igjen.xlsx")
    assert [dict(row.values) for row in open_book(again).book.rows["measures"]] == before
    update(again, today=TODAY)
    assert not update(again, today=TODAY).written
