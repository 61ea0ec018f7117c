"""Cells that are not what their column asks for: each is named with sheet and cell, and the rest is read."""

from __future__ import annotations

import json
import shutil
import time
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pytest

from hmsbook.actions.create import new
from hmsbook.actions.reading import check_book, open_book
from hmsbook.actions.update import update
from hmsbook.model.problems import Problem
from hmsbook.model.records import Place
from hmsbook.opc.cells import ErrorValue, Formula, Write, parse_cell
from hmsbook.texts.words import words
from tests.cli.run import run
from tests.hosts.books import SLOTS, TODAY, book, change, put, region_spot, spot, table, type_in, value
from tests.support.drawn import drawn
from tests.support.package import Package

# What is typed, where, and what is said of it: as text, as a number, or as a formula that shows an error.
TABLE = drawn("""
    | table     | column     | row | as     | typed      | code  | case           | says                   |
    |-----------|------------|-----|--------|------------|-------|----------------|------------------------|
    | values    | I01        | 3   | text   | mange      | IND-3 | not_a_number   | er ikke et tall        |
    | values    | I01        | 4   | text   | 6,4        | IND-3 | number_as_text | ligner på 6,4          |
    | values    | I01        | 5   | text   | 6,4 %      | IND-3 | number_as_text | ligner på 6,4          |
    | values    | I01        | 6   | number | 0.064      | IND-3 | fraction       | 6,4                    |
    | values    | I01        | 7   | error  | #DIV/0!    | IND-3 | error_value    | viser feilen #DIV/0!   |
    | values    | month      | 8   | text   | jan. 25    | IND-3 | month_as_text  | 1. januar 2025         |
    | values    | month      | 9   | text   | 31.12.2025 | IND-3 | month_as_text  | 31. desember 2025      |
    | values    | month      | 10  | text   | i fjor     | IND-3 | not_a_month    | er ikke en måned       |
    | values    | month      | 12  | number | 45717      | IND-3 | month_twice    | mars 2025              |
    | values    | month      | 13  | number | -7         | IND-3 | not_a_month    | er ikke en måned       |
    | measures  | deadline   | 10  | text   | 31.12.2025 | WBK-2 | date_as_text   | 31. desember 2025      |
    | measures  | deadline   | 11  | text   | jan. 25    | WBK-2 | date_as_text   | 1. januar 2025         |
    | measures  | deadline   | 0   | text   | snart      | WBK-2 | not_a_date     | er ikke en dato        |
    | measures  | deadline   | 13  | error  | #REF!      | WBK-2 | error_value    | viser feilen #REF!     |
    | measures  | status     | 14  | text   | i boks     | WBK-2 | not_a_choice   | Foreslått              |
    | group     | can_decide | 1   | text   | kanskje    | WBK-2 | not_a_choice   | Ja, Nei                |
    | unit      | headcount  | 0   | text   | ca. 40     | WBK-2 | not_a_number   | er ikke et tall        |
    | proposals | effect     | 10  | text   | fem        | PRI-1 | not_a_number   | er ikke et tall        |
    | proposals | effect     | 0   | number | 7          | PRI-1 | score          | 7                      |
    | votes     | ease       | 1   | text   | 3,5        | PRI-1 | number_as_text | ligner på 3,5          |
""")


def _typed(line: dict[str, str]) -> Write:
    if line["as"] == "number":
        return float(line["typed"])
    return Formula("1/0", ErrorValue(line["typed"])) if line["as"] == "error" else line["typed"]


@cache
def _usual() -> tuple[frozenset[tuple[str, str, Place]], dict[str, list[dict[str, Any]]]]:
    """What there is to say of the book anyhow, and its rows."""
    with TemporaryDirectory() as folder:
        path = book(Path(folder) / "bok.xlsx")
        said = frozenset(map(_known, check_book(path, today=TODAY).problems))
        return said, _rows(path)


def _known(problem: Problem) -> tuple[str, str, Place]:
    return problem.code, problem.case, problem.place


def _rows(path: Path) -> dict[str, list[dict[str, Any]]]:
    return {key: [dict(row.values) for row in rows] for key, rows in open_book(path).book.rows.items()}


def _new_problems(path: Path) -> list[Problem]:
    """What is found beyond what there is to say of the book anyhow."""
    return [found for found in check_book(path, today=TODAY).problems if _known(found) not in _usual()[0]]


def _place(path: Path, line: dict[str, str]) -> tuple[str, str]:
    if line["table"] != "unit":
        return spot(path, line["table"], line["column"], int(line["row"]))
    form = table(path, "unit")
    return form.sheet, f"C{form.area.top + 8}"


class Wrong(NamedTuple):
    """The book with everything of the table typed in: what is said, what is read, what became of the file."""

    problems: dict[tuple[str, str], dict[str, str]]
    places: dict[int, tuple[str, str]]
    exit: int
    rows: dict[str, list[dict[str, Any]]]
    untouched: bool


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> Wrong:
    path = book(tmp_path_factory.mktemp("feil") / "bok.xlsx")
    places = {number: _place(path, line) for number, line in enumerate(TABLE)}
    put(path, {places[number]: _typed(line) for number, line in enumerate(TABLE)})
    before = path.read_bytes()
    said = run("check", path, "--json")
    known = {(code, case, place.sheet, place.cell) for code, case, place in _usual()[0]}
    codes = {line["code"] for line in TABLE}
    found = [it for it in said.json["problems"] if it["code"] in codes]
    new = [it for it in found if (it["code"], it["case"], it["sheet"], it["cell"]) not in known]
    problems = {(it["sheet"], it["cell"]): it for it in new}
    assert len(problems) == len(new), "one message a cell"
    return Wrong(problems, places, said.exit, _rows(path), path.read_bytes() == before)


@pytest.mark.parametrize("number", range(len(TABLE)), ids=[f"{it['column']} {it['typed']}" for it in TABLE])
def test_an_odd_cell_gives_one_clear_message(number: int, wrong: Wrong) -> None:
    line, found = TABLE[number], wrong.problems[wrong.places[number]]
    assert (found["code"], found["case"]) == (line["code"], line["case"])
    assert line["says"] in found["text"] + found["fix"]


def test_nothing_else_is_said_and_the_rest_is_read(wrong: Wrong) -> None:
    assert set(wrong.problems) == set(wrong.places.values())
    assert wrong.exit == 1
    assert wrong.untouched
    odd = {(line["table"], int(line["row"]), line["column"]) for line in TABLE}
    assert _without(wrong.rows, odd) == _without(_usual()[1], odd)


def _without(rows: dict[str, list[dict[str, Any]]], odd: set[tuple[str, int, str]]) -> dict[str, Any]:
    """All rows that hold something besides the odd cells."""
    return {
        table: [
            {column: value for column, value in row.items() if (table, at, column) not in odd}
            for at, row in enumerate(found)
        ]
        for table, found in rows.items()
    }


@pytest.mark.parametrize(
    ("lang", "text", "fix"),
    [
        ("nb", "«6,4» i kolonnen I01 er lagret som tekst", "Skriv tallet på nytt"),
        ("nn", "«6,4» i kolonnen I01 er lagra som tekst", "Skriv talet på nytt"),
        ("en", "“6,4” in the column I01 is stored as text", "again"),
    ],
)
def test_the_message_is_in_the_books_language(lang: str, text: str, fix: str, tmp_path: Path) -> None:
    path = book(tmp_path / "bok.xlsx", lang)
    sheet, cell = spot(path, "values", "I01", 3, lang)
    put(path, {(sheet, cell): "6,4"})
    said = run("check", path).out
    assert f"{sheet}!{cell}" in said
    assert text in " ".join(said.split())
    assert fix in said


def test_a_table_that_is_gone_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    path = book(tmp_path / "bok.xlsx")
    change(path, table(path, "events").part, lambda xml: xml.replace("hms_events", "Tabell1"))
    (found,) = _new_problems(path)
    assert (found.code, found.severity, found.case) == ("WBK-1", "W", "table_missing")
    assert "Tabellen Hendelser finnes ikke" in run("check", path).out
    assert len(open_book(path).book.measures) == 2
    assert update(path, today=TODAY).written
    assert not update(path, today=TODAY).written


def _rename(path: Path, key: str, column: str, header: str) -> tuple[str, str]:
    """Type another header, as Excel stores it: in the cell and in the table."""
    sheet, cell = spot(path, key, column, -1)
    found = table(path, key)
    old = found.columns[_column_number(found.area.left, cell)]
    put(path, {(sheet, cell): header})
    change(path, found.part, lambda xml: xml.replace(f'name="{old}"', f'name="{header}"', 1))
    return sheet, cell


def _column_number(left: int, cell: str) -> int:
    return parse_cell(cell)[1] - left


def test_a_renamed_header_is_found_and_its_column_is_kept_as_ones_own(tmp_path: Path) -> None:
    path = book(tmp_path / "bok.xlsx")
    sheet, cell = _rename(path, "measures", "achieve", "Hva vi vil")
    (found,) = _new_problems(path)
    assert (found.case, found.place.sheet, found.place.cell) == ("column_missing", sheet, cell)
    column = words("nb").text("columns.measures.achieve.label")
    assert f"Kolonnen {column} i tabellen Tiltak finnes ikke lenger" in " ".join(
        run("check", path).out.split()
    )
    row = open_book(path).book.rows["measures"][0]
    assert row.values["deadline"] == date(2026, 12, 1)
    assert row.extra == {"Hva vi vil": "Ro i uka"}


def test_of_a_doubled_header_the_first_column_is_read(tmp_path: Path) -> None:
    path = book(tmp_path / "bok.xlsx")
    sheet, cell = _rename(path, "measures", "resources", "Ansvarlig")
    type_second = {(sheet, spot_below(cell)): "Per"}
    put(path, type_second)
    found = {problem.case: problem for problem in _new_problems(path)}
    assert set(found) == {"header_twice", "column_missing"}
    assert (found["header_twice"].place.sheet, found["header_twice"].place.cell) == (sheet, cell)
    assert open_book(path).book.measures[0].responsible == "Kari Ås"


def spot_below(cell: str) -> str:
    """The address of the cell below."""
    letters = cell.rstrip("0123456789")
    return f"{letters}{int(cell[len(letters) :]) + 1}"


def test_merged_cells_in_a_table_are_named(tmp_path: Path) -> None:
    path = book(tmp_path / "bok.xlsx")
    sheet, cell = spot(path, "measures", "achieve")
    area = f"{cell}:{spot_below(cell)}"
    part = next(found.part for found in Package(path).sheets if found.name == sheet)
    merges = f'<mergeCells count="1"><mergeCell ref="{area}"/></mergeCells>'
    change(path, part, lambda xml: xml.replace("</sheetData>", f"</sheetData>{merges}"))
    (found,) = _new_problems(path)
    assert (found.code, found.severity, found.case) == ("WBK-2", "E", "merged")
    assert (found.place.sheet, found.place.cell, found.values["range"]) == (sheet, cell, area)
    assert len(open_book(path).book.measures) == 2


def test_everything_wrong_at_once_is_told_at_once(tmp_path: Path) -> None:
    path = book(tmp_path / "bok.xlsx")
    type_in(
        path,
        ("values", "I01", 2, "6,4"),
        ("values", "I02", 4, "mye"),
        ("values", "month", 6, "jan. 25"),
        ("measures", "deadline", 1, "31.12.2025"),
        ("measures", "status", 0, "nesten"),
    )
    cases = sorted(found.case for found in _new_problems(path))
    assert cases == ["date_as_text", "month_as_text", "not_a_choice", "not_a_number", "number_as_text"]
    assert update(path, today=TODAY).written
    assert sorted(found.case for found in _new_problems(path)) == cases


def test_ten_thousand_rows_take_under_three_seconds(tmp_path: Path) -> None:
    months = [f"{2000 + at % 300 // 12}-{at % 12 + 1:02d}" for at in range(10_000)]
    basis = [
        {"month": month, "indicator": "I01", "numerator": 6, "denominator": 100, "source": f"Rad {at} æøå 🙂"}
        for at, month in enumerate(months)
    ]
    data, path = tmp_path / "data.json", tmp_path / "bok.xlsx"
    data.write_text(json.dumps({"basis": basis, "indicators": [{"id": "I01", "name": "Fravær"}]}))
    new(path, data=data, slots=SLOTS, today=TODAY)
    reading, updating = [], []
    for turn in range(3):
        copy = shutil.copyfile(path, tmp_path / f"{turn}.xlsx")
        started = time.process_time()
        assert len(open_book(copy).book.basis) == 10_000
        read = time.process_time()
        assert update(copy, today=TODAY).written
        reading.append(read - started)
        updating.append(time.process_time() - read)
    # Others at work on the machine slow the one turn or the other.
    assert min(reading) < 3
    assert min(updating) < 3


@pytest.mark.parametrize("absurd", ["T99999999999999", "T" + "9" * 5000])
def test_numbers_do_not_follow_an_absurd_id(absurd: str, tmp_path: Path) -> None:
    path = book(tmp_path / "bok.xlsx")
    type_in(
        path,
        ("measures", "id", 1, absurd),
        ("measures", "start", 1, 46000),
        ("measures", "status", 1, "Pågår"),
    )
    type_in(
        path,
        ("measures", "indicators", 1, "I01"),
        ("measures", "measure", 9, "Nytt"),
        ("measures", "id", 9, None),
    )
    done = update(path, today=TODAY)
    assert done.numbered == {("measures", 9): "T61"}
    assert [it.place.cell for it in done.problems if it.case == "too_long"] == [
        spot(path, "measures", "id", 1)[1]
    ]
    assert "measures=61;" in str(value(path, *region_spot(path, "manifest", 10, 1)))
    assert not update(path, today=TODAY).written


def test_an_id_is_never_given_twice_at_the_end_of_all_numbers(tmp_path: Path) -> None:
    path = book(tmp_path / "bok.xlsx")
    type_in(path, ("measures", "id", 1, "T9999999"))
    for row, number in ((9, "T10000000"), (10, "T10000001")):
        type_in(path, ("measures", "measure", row, "Nytt"), ("measures", "id", row, None))
        assert update(path, today=TODAY).numbered == {("measures", row): number}
