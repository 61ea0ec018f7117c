"""An update leaves a person where they were: selection, scroll, filters, calculation, and the rest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import xlwings

from hmsbook.actions.live import Answer, Asked, live
from hmsbook.errors import ExcelError
from tests.hosts.books import TODAY, book
from tests.live.seen import cell, opened, spot
from tests.support.xlwings_uno import com
from tests.support.xlwings_uno.books import AUTOMATIC, MANUAL
from tests.support.xlwings_uno.com import REJECTED, ComError
from tests.support.xlwings_uno.engine import UnoEngine


@pytest.fixture
def open_book(engine: UnoEngine, tmp_path: Path) -> Iterator[xlwings.Book]:
    """A workbook as somebody has it before them: in the middle of a filtered table, far down."""
    assert len(engine.application.Workbooks) == 0
    with opened(book(tmp_path / "bok.xlsx")) as found:
        found.sheets["Månedsverdier"].activate()
        found.sheets["Månedsverdier"].range("C12:D14").select()
        found.sheets["Tiltak"].activate()
        engine.document(found).filter("Tiltak", "B4:Y64", "B", "T02")
        found.sheets["Tiltak"].api.Range("C6,E6:F6").Select()
        found.app.api.ActiveWindow.ScrollRow, found.app.api.ActiveWindow.ScrollColumn = 6, 3
        yield found


def _place(open_book: xlwings.Book) -> dict[str, Any]:
    """Where a person is, and how the program is set."""
    api = open_book.app.api
    window, sheet = api.ActiveWindow, open_book.sheets["Tiltak"].api
    return {
        "front": (api.ActiveWorkbook.FullName, api.ActiveSheet.Name),
        "selection": window.RangeSelection.GetAddress(),
        "scroll": (window.ScrollRow, window.ScrollColumn),
        "frozen": (window.FreezePanes, window.SplitRow, window.SplitColumn),
        "filter": (sheet.FilterMode, sheet.Range("A1:A70").SpecialCells(12).GetAddress()),
        "program": (api.ScreenUpdating, api.EnableEvents, api.Interactive, api.DisplayAlerts),
        "tables": (api.AutoCorrect.AutoFillFormulasInLists, api.AutoCorrect.AutoExpandListRange),
        "calculation": api.Calculation,
        "status": api.StatusBar,
    }


def _update(open_book: xlwings.Book) -> Answer:
    return live(Asked("update", book=open_book.name, today=TODAY))


@pytest.mark.parametrize("mode", [AUTOMATIC, MANUAL])
def test_everything_is_where_it_was(open_book: xlwings.Book, engine: UnoEngine, mode: int) -> None:
    api = open_book.app.api
    api.Calculation, api.EnableEvents = mode, False
    api.AutoCorrect.AutoExpandListRange = False
    try:
        cell(open_book, "values", "I01", 21).Value2 = 9.5
        cell(open_book, "measures", "Dager igjen").Value2 = "snart"
        before = _place(open_book)
        assert before["filter"][0] is True
        engine.calls.reset()
        assert _update(open_book).text.startswith("Oppdatert: ")
        assert engine.calls.operations["write"] > 2
        assert _place(open_book) == before
        # What is computed is new all the same.
        assert spot(open_book, "hms_status_indicators", 0, 3).Value2 == "okt. 26"
        assert cell(open_book, "measures", "Dager igjen").Value2 == 15
    finally:
        api.Calculation, api.EnableEvents = AUTOMATIC, True
        api.AutoCorrect.AutoExpandListRange = True
    open_book.sheets["Månedsverdier"].activate()
    assert api.ActiveWindow.RangeSelection.GetAddress() == "$C$12:$D$14"


def test_a_failure_leaves_everything_where_it_was_too(
    open_book: xlwings.Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    cell(open_book, "values", "I01", 21).Value2 = 9.5
    before = _place(open_book)
    ask, left = com.Bridge.ask, [2, 3, 4]

    def failing(bridge: com.Bridge, operation: str, **arguments: object) -> object:
        if operation == "write" and left and left.pop(0) == 4:
            raise ComError(REJECTED, "Call was rejected by callee.")
        return ask(bridge, operation, **arguments)

    with monkeypatch.context() as broken:
        broken.setattr(com.Bridge, "ask", failing)
        with pytest.raises(ExcelError):
            _update(open_book)
    assert left == []
    assert _place(open_book) == before


def test_the_status_bar_tells_what_goes_on(open_book: xlwings.Book, monkeypatch: pytest.MonkeyPatch) -> None:
    cell(open_book, "values", "I01", 21).Value2 = 9.5
    said: list[object] = []
    ask = com.Bridge.ask

    def listening(bridge: com.Bridge, operation: str, **arguments: object) -> object:
        if operation == "set_status":
            said.append(arguments["text"])
        return ask(bridge, operation, **arguments)

    monkeypatch.setattr(com.Bridge, "ask", listening)
    _update(open_book)
    assert said == ["hmsbook leser arbeidsboka …", "hmsbook fyller ut …", None]


def test_the_screen_is_still_and_nobody_types_while_it_writes(
    open_book: xlwings.Book, engine: UnoEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    cell(open_book, "values", "I01", 21).Value2 = 9.5
    states = set()
    ask, app = com.Bridge.ask, engine.application

    def watching(bridge: com.Bridge, operation: str, **arguments: object) -> object:
        if operation in ("write", "set_hidden"):
            correct = app._fills, app._expands
            states.add((app._drawing, app._events, app._interactive, app._calculation, correct))
        return ask(bridge, operation, **arguments)

    monkeypatch.setattr(com.Bridge, "ask", watching)
    _update(open_book)
    assert states == {(False, False, False, MANUAL, (False, False))}
