"""What people do to the open workbook between two updates, and what the next update makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import xlwings

from hmsbook.actions.live import Answer, Asked, live
from hmsbook.actions.update import update
from tests.hosts.books import TODAY, book
from tests.live.seen import SeenSheet, cell, differences, opened, seen
from tests.support.xlwings_uno.engine import UnoEngine

pytestmark = pytest.mark.usefixtures("engine")


def _update(open_book: xlwings.Book) -> Answer:
    return live(Asked("update", book=open_book.name, today=TODAY))


def _without_very(found: dict[str, SeenSheet]) -> dict[str, SeenSheet]:
    """The same, with sheets that LibreOffice has made merely hidden."""
    return {name: sheet._replace(state=min(sheet.state, 0)) for name, sheet in found.items()}


@pytest.fixture
def open_book(tmp_path: Path) -> Iterator[xlwings.Book]:
    with opened(book(tmp_path / "bok.xlsx")) as found:
        yield found


def _log(open_book: xlwings.Book) -> str:
    return "\n".join(row[2] for row in open_book.sheets["Logg"].range("B5:E60").value if row[2])


def test_what_people_do_gives_the_same_in_both_hosts(
    open_book: xlwings.Book, engine: UnoEngine, tmp_path: Path
) -> None:
    by_hand = engine.document(open_book)
    # The next month, read as typed.
    by_hand.type("Månedsverdier", {"C30": "7,4", "D30": "5"})
    # Measures sorted the other way, and one more in a row of their own, without a number.
    by_hand.sort("Tiltak", "B5:Y6", "C", descending=True)
    by_hand.insert_rows("Tiltak", 7)
    by_hand.type("Tiltak", {"C7": "Ny vaktordning", "E7": "Kari Ås"})
    # Columns of people's own, between ours.
    by_hand.insert_columns("Månedsverdier", "E")
    by_hand.type("Månedsverdier", {"E8": "Vår kolonne", "E9": "12-3", "E5": "Mitt"})
    by_hand.insert_columns("Tiltak", "E")
    by_hand.type("Tiltak", {"E4": "Vårt", "E5": "egen tekst"})
    # A sheet with another name, in another place.
    by_hand.rename_sheet("Prioritering", "Våre 'forslag' & mer")
    by_hand.move_sheet("Våre 'forslag' & mer", 1)
    # What is hmsbook's, typed over.
    by_hand.type("Status", {"D12": "Min egen sum", "B24": "=1+1"})
    by_hand.type("Tiltak", {"H5": "snart", "H6": "=40-2"})
    saved = by_hand.save_as(tmp_path / "lagret.xlsx")

    answer = _update(open_book)
    live_seen = seen(open_book)
    assert "celler som var skrevet over" in answer.text
    log = _log(open_book)
    assert all(f"«{text}»" in log for text in ("Min egen sum", "snart", "=40-2"))
    assert cell(open_book, "measures", "Id", 2).Value2 == "T61"
    assert cell(open_book, "values", "Vår kolonne").Value2 == live_seen["Månedsverdier"].values["E9"]
    assert _update(open_book).text == "Alt er oppdatert fra før"

    assert update(saved, today=TODAY).written
    with opened(saved) as found:
        assert differences(_without_very(live_seen), _without_very(seen(found))) == []


def test_names_that_lead_nowhere_are_left_alone(open_book: xlwings.Book) -> None:
    given = {"borte": "=#REF!$A$1", "fast": "=1.5", "hms_egen": "=Status!$A$1:$B$2"}
    for name, refers_to in given.items():
        open_book.names.add(name, refers_to)
    assert _update(open_book).text == "Alt er oppdatert fra før"
    assert given.keys() <= {name.name for name in open_book.names}


def test_filtered_rows_are_written_where_they_belong(open_book: xlwings.Book, engine: UnoEngine) -> None:
    """Excel puts the first row of a block into every row that shows; what is written is looked at."""
    by_hand = engine.document(open_book)
    places = [cell(open_book, "measures", "Dager igjen", row) for row in range(6)]
    before = [place.Formula for place in places]
    by_hand.filter("Tiltak", "B4:Y64", "B", "T02")
    assert open_book.sheets["Tiltak"].api.Range("5:5").EntireRow.Hidden is True
    by_hand.type("Tiltak", {f"G{row}": f"over {row}" for row in range(5, 11)})
    shown = open_book.sheets["Tiltak"].api.Range("A1:A70").SpecialCells(12).GetAddress()
    answer = _update(open_book)
    assert "6 celler som var skrevet over" in answer.text
    assert [place.Formula for place in places] == before
    assert open_book.sheets["Tiltak"].api.Range("A1:A70").SpecialCells(12).GetAddress() == shown
    assert _update(open_book).text == "Alt er oppdatert fra før"
