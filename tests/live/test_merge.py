"""The merge from the ribbon: a person chooses files, and the open workbook gets what the closed one would."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import xlwings

from hmsbook.actions.live import Answer, Asked, live
from hmsbook.actions.merge import merge
from hmsbook.actions.reading import open_book, opened_in
from hmsbook.hosts.excel import ExcelHost
from hmsbook.model.book import Book
from hmsbook.opc.cells import Write
from tests.hosts.books import TODAY, put
from tests.live.seen import opened
from tests.merge.real import Circle, finder
from tests.support.xlwings_uno.engine import UnoEngine

pytestmark = pytest.mark.usefixtures("engine")


@pytest.fixture
def circle(tmp_path: Path) -> Circle:
    """A workbook with a table of events that is full by now, and two copies with answers."""
    found = Circle(tmp_path)
    found.send("Kari Ås", "Ola Øy")
    find = finder(found.master)
    events: dict[tuple[str, str], Write] = {find("events", "text", at): f"Sak {at}" for at in range(1, 40)}
    put(found.master, events)
    found.type("""
        | who     | table     | row | column      | typed       |
        | Kari Ås | measures  | T01 | status      | Gjennomført |
        | Kari Ås | measures  | T02 | responsible | Kari Ås     |
        | Kari Ås | events    | 1   | text        | Ny bas      |
        | Kari Ås | proposals | P03 | proposal    | =1+1 pauser |
        | Kari Ås | unit      | 0   | headcount   | 41          |
        | Ola Øy  | proposals | P03 | proposal    | Mer lys     |
        | Ola Øy  | proposals | P03 | effect      | 4           |
        | Ola Øy  | events    | 1   | text        | Ny heis     |
        | vi      | measures  | T02 | responsible | Gro Hagen   |
    """)
    return found


@pytest.fixture
def chosen(engine: UnoEngine, circle: Circle) -> Iterator[UnoEngine]:
    engine.chosen_files = tuple(str(circle.path(name)) for name in ("Kari Ås", "Ola Øy"))
    yield engine
    engine.chosen_files = ()


def _merge(book: xlwings.Book) -> Answer:
    return live(Asked("merge", book=book.name, today=TODAY))


def _rows(book: Book) -> Mapping[str, Any]:
    return {key: [row.values for row in found] for key, found in book.rows.items()}


def test_the_open_workbook_gets_what_the_closed_one_would(
    circle: Circle, chosen: UnoEngine, tmp_path: Path
) -> None:
    closed = tmp_path / "lukket.xlsx"
    shutil.copy(circle.master, closed)
    merge(closed, [circle.path("Kari Ås"), circle.path("Ola Øy")], today=TODAY)
    with opened(circle.master) as book:
        answer = _merge(book)
        assert chosen.asked_for == "Velg kopiene som kom tilbake"
        assert answer.kind == "note"
        assert "1 konflikt venter" in answer.text
        found = opened_in(ExcelHost(book)).book
        assert _rows(found) == _rows(open_book(closed).book)
        assert [row.get("text") for row in found.rows["events"][-2:]] == ["Ny bas", "Ny heis"]
        again = _merge(book).text.split("\n\n")
        assert (again[0], again[1].partition(":")[0]) == ("Ingenting nytt å hente", "1 konflikt venter")


def test_a_choice_made_in_the_open_workbook_is_done(circle: Circle, chosen: UnoEngine) -> None:
    with opened(circle.master) as book:
        _merge(book)
        chosen.chosen_files = ()
        host = ExcelHost(book)
        rows = opened_in(host).book.rows["received"]
        (conflict,) = [row for row in rows if row.get("what") == "conflict"]
        book.sheets[conflict.sheet].range((conflict.cells or {})["choice"]).value = "Deres"
        _merge(book)
        measures = opened_in(ExcelHost(book)).book.rows["measures"]
        assert measures[1].get("responsible") == "Kari Ås"


def test_nothing_is_chosen_and_nothing_happens(circle: Circle) -> None:
    with opened(circle.master) as book:
        before = book.sheets["Tiltak"].range("A1:Z80").value
        assert _merge(book).text == "Ingenting nytt å hente"
        assert book.sheets["Tiltak"].range("A1:Z80").value == before


def test_a_file_that_is_none_is_told_by_its_name(circle: Circle, chosen: UnoEngine) -> None:
    chosen.chosen_files = (str(circle.master),)
    with opened(circle.master) as book:
        answer = _merge(book)
        assert "bok.xlsx er selve arbeidsboka" in answer.text
        assert str(circle.folder) not in answer.text
