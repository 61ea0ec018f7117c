"""The workbook works with nobody's Python: what people type moves charts, scores, deadlines and banners.

Each test types into a real spreadsheet program and looks at what the live formulas then show.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hmsbook.actions.create import new
from hmsbook.actions.update import update
from hmsbook.opc.cells import cell_name
from hmsbook.opc.package import Package
from hmsbook.opc.workbook import Workbook
from hmsbook.standard.calc import DAY_SECONDS, EVENT_HEIGHT, RAISED_HEIGHT, WINDOW_ROWS, window_region
from tests.support.office import Document, Office

TODAY = date(2026, 11, 16)
FIRST_ROW = 9
DATA: dict[str, Any] = {
    "unit": [{"unit": "Prøveenhet", "method": "proind", "language": "nb", "first_month": "2026-01"}],
    "indicators": [
        {
            "id": "I01",
            "name": "Fravær",
            "unit": "%",
            "better": "lower",
            "frequency": "month",
            "owner": "Kari",
        },
        {"id": "I02", "name": "Runder", "unit": "%", "frequency": "quarter", "owner": "Ola", "target": 90},
        {"id": "I03", "name": "Skader", "unit": "antall", "frequency": "month"},
    ],
    "values": [
        *({"month": f"2026-{month:02d}", "I01": 5 + month / 10, "I03": 0} for month in range(1, 10)),
        {"month": "2026-10", "I03": 1},
    ],
    "proposals": [
        {"id": "P01", "proposal": "Pauser", "effect": 5, "ease": 4, "quality": 3, "cost": 4},
        {"id": "P02", "proposal": "Kurs", "effect": 2, "ease": 2, "quality": 2, "cost": 2},
        {"id": "P03", "proposal": "Turnus"},
    ],
    "measures": [
        {
            "id": "T01",
            "measure": "Pauser",
            "status": "ongoing",
            "deadline": "2026-12-01",
            "start": "2026-10-05",
            "indicators": ["I01"],
        },
        {"id": "T02", "measure": "Kurs", "status": "decided", "deadline": "2027-03-01"},
        {
            "id": "T03",
            "measure": "Lys",
            "status": "ongoing",
            "start": "2026-09-01",
            "indicators": ["I01"],
        },
    ],
    "events": [{"month": "2026-03", "text": "Flytting"}],
    "meetings": [{"id": "M01", "type": "process", "date": "2026-11-26"}],
}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("live")
    source = folder / "data.json"
    source.write_text(json.dumps(DATA), encoding="utf-8")
    book = folder / "prøve.xlsx"
    new(book, data=source, today=TODAY, pin_today=True)
    update(book)
    return book


@pytest.fixture
def book(path: Path, office: Office) -> Iterator[Document]:
    with office.open(path) as opened:
        yield opened


def window(path: Path, slot: int, key: str, row: int = WINDOW_ROWS - 1) -> str:
    """The address of a cell of the chart window; the last row is the newest month."""
    found = Workbook(Package.open(path)).resolve("hms_window")
    assert found is not None
    _, top, left, *_ = found
    return cell_name((top + row, left + window_region(24).columns.index(f"{slot}_{key}")))


def test_a_typed_value_moves_the_chart_and_gets_no_verdict(path: Path, book: Document) -> None:
    assert book.text("_hms", window(path, 0, "value")) == "#N/A"
    book.put("Månedsverdier", {f"C{FIRST_ROW + 9}": 7.5})
    assert book.value("_hms", window(path, 0, "value")) == 7.5
    assert book.text("_hms", window(path, 0, "concern")) == "#N/A"


def test_a_new_month_moves_every_chart_on(path: Path, book: Document) -> None:
    before = book.value("_hms", window(path, 0, "date"))
    book.put("Månedsverdier", {f"C{FIRST_ROW + 10}": 7.5})
    assert isinstance(before, float)
    assert book.value("_hms", window(path, 0, "date")) == before + 31
    assert book.value("_hms", window(path, 2, "date")) == before + 31
    assert book.value("_hms", window(path, 0, "mean", WINDOW_ROWS - 2)) == pytest.approx(5.5)


def test_the_first_and_the_newest_value_are_labelled_as_exactly_as_people_type(
    path: Path, book: Document
) -> None:
    first, newest = WINDOW_ROWS - 10, WINDOW_ROWS - 2
    shown = [book.text("_hms", window(path, 0, "ends", row)) for row in range(1, WINDOW_ROWS)]
    assert [row for row, text in enumerate(shown, 1) if text != "#N/A"] == [first, newest]
    book.put("Månedsverdier", {f"C{FIRST_ROW}": 5.16})
    assert book.value("_hms", window(path, 0, "value", first)) == 5.16
    assert book.value("_hms", window(path, 0, "ends", first)) == 5.2
    book.put("Månedsverdier", {f"C{FIRST_ROW + 9}": 7.5})
    assert book.text("_hms", window(path, 0, "ends", newest)) == "#N/A"
    assert book.value("_hms", window(path, 0, "ends")) == 7.5


def test_a_start_is_marked_in_a_month_without_a_value(path: Path, book: Document) -> None:
    assert book.text("_hms", window(path, 0, "value")) == "#N/A"
    assert book.value("_hms", window(path, 0, "measure")) == 1
    assert book.text("_hms", window(path, 2, "measure")) == "#N/A"


def test_a_start_just_after_another_is_raised_where_months_stand_close(path: Path, book: Document) -> None:
    book.put("Trender", {"C3": 60})
    assert book.value("_hms", window(path, 0, "measure", WINDOW_ROWS - 2)) == 3
    raised = book.value("_hms", window(path, 0, "measure"))
    assert isinstance(raised, float)
    assert (raised - RAISED_HEIGHT) * DAY_SECONDS == pytest.approx(1)


def test_an_event_is_marked_with_its_number_as_seconds(path: Path, book: Document) -> None:
    marked = book.value("_hms", window(path, 2, "event", WINDOW_ROWS - 8))
    assert isinstance(marked, float)
    assert (marked - EVENT_HEIGHT) * DAY_SECONDS == pytest.approx(1)


def test_status_says_what_is_stale_until_the_value_is_typed_back(book: Document) -> None:
    assert book.text("Status", "B3") == ""
    book.put("Månedsverdier", {f"C{FIRST_ROW}": 9.9})
    assert book.text("Status", "B3") == "Verdier er endret siden sist. Trykk Oppdater diagrammer."
    book.put("Tiltak", {"F5": date(2026, 12, 2)})
    assert book.text("Status", "B3").startswith("Verdier, Tiltak er endret")
    book.put("Månedsverdier", {f"C{FIRST_ROW}": 5.1})
    book.put("Tiltak", {"F5": date(2026, 12, 1)})
    assert book.text("Status", "B3") == ""


def test_sorting_the_months_raises_no_alarm(path: Path, book: Document) -> None:
    last = FIRST_ROW + 119
    book.sort("Månedsverdier", f"B{FIRST_ROW}:Z{last}", by="B", descending=True)
    assert book.text("Status", "B3") == ""
    assert book.value("_hms", window(path, 2, "value")) == 1


def test_who_owes_a_number_is_listed(book: Document) -> None:
    assert book.text("Månedsverdier", "B3") == "Vi venter på tall fra: Kari (Fravær), Ola (Runder)"
    book.put("Månedsverdier", {f"C{FIRST_ROW + 9}": 6.1, f"D{FIRST_ROW + 8}": 85})
    assert book.text("Månedsverdier", "B3") == "Alle tall er på plass."


def test_a_quarterly_indicator_takes_any_month_of_its_quarter(path: Path, book: Document) -> None:
    book.put("Månedsverdier", {f"D{FIRST_ROW + 1}": 70, f"D{FIRST_ROW + 8}": 80})
    values = [book.text("_hms", window(path, 1, "value", WINDOW_ROWS - back)) for back in (1, 2, 3)]
    assert [text.replace(",", ".") for text in values] == ["80", "#N/A", "70"]
    assert book.value("_hms", window(path, 1, "target")) == 90


def test_a_basis_goes_before_the_typed_value(path: Path, book: Document) -> None:
    book.put("Grunnlag", {"B5": date(2026, 10, 1), "C5": "I01", "D5": 12, "E5": 150})
    assert book.value("_hms", window(path, 0, "value")) == pytest.approx(8)
    assert "Grunnlag" in book.text("Status", "B3")


def test_the_months_shown_are_chosen_in_a_cell(path: Path, book: Document) -> None:
    cell = window(path, 0, "value", WINDOW_ROWS - 1 - 14)
    book.put("Trender", {"C3": 12})
    assert book.text("_hms", cell) == "#N/A"
    first = book.value("_hms", window(path, 0, "date", 0))
    newest = book.value("_hms", window(path, 0, "date"))
    assert isinstance(first, float)
    assert isinstance(newest, float)
    assert 330 < newest - first < 340


def test_scores_rank_themselves(book: Document) -> None:
    assert [book.text("Prioritering", cell) for cell in ("P9", "P10", "P11")] == ["1", "2", ""]
    book.put("Prioritering", {"E10": 5, "F10": 5, "G10": 5, "H10": 5})
    assert [book.text("Prioritering", cell) for cell in ("P9", "P10")] == ["2", "1"]
    assert book.text("Prioritering", "Q10") == "Gjør nå"


def test_votes_go_before_the_typed_score(book: Document) -> None:
    votes = {"B5": "Kari", "C5": "P02", "B6": "Ola", "C6": "P02"}
    scores = {f"{column}{row}": value for row, value in ((5, 5), (6, 4)) for column in "DEFG"}
    book.put("Stemmer", votes | scores)
    assert book.value("Prioritering", "O10") == pytest.approx(4.5)
    assert book.text("Prioritering", "P10") == "1"


def test_a_passed_deadline_turns_visible(book: Document) -> None:
    assert book.text("Tiltak", "H5") == ""
    book.put("Tiltak", {"F5": date(2026, 11, 1)})
    assert (book.value("Tiltak", "G5"), book.text("Tiltak", "H5")) == (-15, "Forfalt")
    book.type("Tiltak", {"I5": "Gjennomført"})
    assert (book.text("Tiltak", "G5"), book.text("Tiltak", "H5")) == ("", "")


def test_the_agenda_follows_the_next_meeting(book: Document) -> None:
    texts = [book.text("Møter", f"C{row}") for row in range(20, 45)]
    assert "Prosessmøte 26.11.2026" in texts
    book.put("Møter", {"E13": date(2026, 11, 20)})
    book.type("Møter", {"D13": "Tiltak"})
    assert "Tiltaksmøte 20.11.2026" in [book.text("Møter", f"C{row}") for row in range(20, 45)]
