"""What cannot be done now is refused in plain words, and the workbook is as it was, cell by cell."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import xlsxwriter
import xlwings

from hmsbook.actions.live import Asked, live
from hmsbook.errors import ExcelError, HmsbookError
from hmsbook.flow.fill import Fill
from hmsbook.hosts import com as host_com
from hmsbook.hosts.excel import ExcelHost
from hmsbook.hosts.running import find_book
from hmsbook.standard.book import SHEETS
from hmsbook.texts.words import words
from tests.hosts.books import TODAY, book, change
from tests.live.seen import SeenSheet, differences, opened, seen
from tests.support.xlwings_uno import com
from tests.support.xlwings_uno.books import AUTOMATIC
from tests.support.xlwings_uno.com import EXCEPTION, REJECTED, ComError
from tests.support.xlwings_uno.engine import UnoEngine

pytestmark = pytest.mark.usefixtures("engine")

OLDER = Path(__file__).parents[1] / "standards" / "1.0.xlsx"


@pytest.fixture(scope="module")
def drawn(engine: UnoEngine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[xlwings.Book]:
    """An open workbook with much to update, which none of these tests may change."""
    assert len(engine.application.Workbooks) == 0
    with opened(book(tmp_path_factory.mktemp("mappe") / "En bok på prøve.xlsx", updated=False)) as found:
        yield found


@pytest.fixture(scope="module")
def as_drawn(drawn: xlwings.Book) -> dict[str, SeenSheet]:
    """What it holds before anybody tries to update it."""
    return seen(drawn)


@pytest.fixture
def unchanged(drawn: xlwings.Book, as_drawn: dict[str, SeenSheet]) -> Iterator[xlwings.Book]:
    """The workbook, which must be as it was afterwards, and the program too."""
    api = drawn.app.api
    yield drawn
    assert differences(as_drawn, seen(drawn)) == []
    settings = api.ScreenUpdating, api.EnableEvents, api.Interactive, api.Calculation
    assert settings == (True, True, True, AUTOMATIC)
    assert (api.AutoCorrect.AutoFillFormulasInLists, api.AutoCorrect.AutoExpandListRange) == (True, True)
    assert api.StatusBar is False


def _update(name: str | None) -> str:
    """Why an update is refused, in words."""
    with pytest.raises(HmsbookError) as refused:
        live(Asked("update", book=name, today=TODAY))
    params = {"path": "", **refused.value.params}
    text = words("nb").text(f"errors.{refused.value.key}", **params)
    assert "{" not in text
    return refused.value.key


class Breaking:
    """The way to LibreOffice, where the write of a number given fails once, as Excel's would."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, at: int, error: ComError) -> None:
        self.left, self.error, self.broken = at, error, False
        ask = com.Bridge.ask

        def breaking(bridge: com.Bridge, operation: str, **arguments: object) -> Any:
            if operation in ("write", "set_hidden"):
                self.left -= 1
                if not self.left:
                    self.broken = True
                    raise self.error
            return ask(bridge, operation, **arguments)

        monkeypatch.setattr(com.Bridge, "ask", breaking)


BUSY = ComError(REJECTED, "Call was rejected by callee.")
BUSY_WITHIN = ComError(EXCEPTION, "Exception occurred.", (0, None, None, None, 0, -2146777998))
NO = ComError(EXCEPTION, "Exception occurred.", (0, "Microsoft Excel", "Nei", None, 0, -2146827284))


@pytest.mark.parametrize(
    ("at", "error", "key"),
    [
        (1, BUSY, "excel_busy"),
        (2, NO, "excel_refused"),
        (6, BUSY_WITHIN, "excel_busy"),
        (12, NO, "excel_refused"),
    ],
)
def test_what_fails_halfway_is_undone(
    unchanged: xlwings.Book, monkeypatch: pytest.MonkeyPatch, at: int, error: ComError, key: str
) -> None:
    breaking = Breaking(monkeypatch, at, error)
    assert _update(unchanged.name) == key
    assert breaking.broken


def test_what_cannot_be_put_back_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(book(tmp_path / "annen.xlsx", updated=False)) as other:
        for at in (5, 6, 7):
            Breaking(monkeypatch, at, NO)
        assert _update(other.name) == "excel_halfway"


VERBS_THAT_LOOK = ("update", "check", "go_status", "go_trends", "go_problem", "months", "export", "help")


@pytest.mark.parametrize("name", ["En bok på prøve.xlsx", None])
def test_a_cell_being_edited_is_waited_for_by_nobody(
    drawn: xlwings.Book, engine: UnoEngine, name: str | None
) -> None:
    assert drawn.name == "En bok på prøve.xlsx"
    told = set()
    engine.editing = True
    try:
        for verb in VERBS_THAT_LOOK:
            with pytest.raises(ExcelError) as refused:
                live(Asked(verb, choice="24", book=name, today=TODAY))
            told.add((refused.value.key, refused.value.params["book"]))
    finally:
        engine.editing = False
    assert told == {("excel_busy", name or "Arbeidsboka")}


def test_a_protected_sheet_is_named(unchanged: xlwings.Book) -> None:
    sheet = unchanged.sheets["Status"].api
    sheet.Protect()
    try:
        with pytest.raises(ExcelError) as refused:
            live(Asked("update", book=unchanged.name, today=TODAY))
    finally:
        sheet.Unprotect()
    assert (refused.value.key, refused.value.params["sheet"]) == ("excel_protected", "Status")


def test_a_protected_book_is_refused_where_a_sheet_has_to_show(unchanged: xlwings.Book) -> None:
    unchanged.api.Protect()
    try:
        with pytest.raises(ExcelError) as refused:
            ExcelHost(unchanged).write(Fill({}, {}, {}, {}, {sheet.key: True for sheet in SHEETS}))
    finally:
        unchanged.api.Unprotect()
    assert refused.value.key == "excel_locked"


def test_a_read_only_book_is_refused(tmp_path: Path) -> None:
    with opened(book(tmp_path / "lest.xlsx", updated=False), read_only=True) as found:
        assert _update(found.name) == "excel_read_only"


@pytest.mark.usefixtures("drawn")
def test_protected_view_is_told_apart(engine: UnoEngine) -> None:
    assert _update("borte.xlsx") == "excel_book_missing"
    engine.protected_views = 1
    try:
        assert _update("borte.xlsx") == "excel_protected_view"
    finally:
        engine.protected_views = 0


def test_a_book_of_others_is_refused_and_told(drawn: xlwings.Book, tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "andres.xlsx") as strange:
        strange.add_worksheet("Regnskap").write("A1", 1)
    with opened(tmp_path / "andres.xlsx") as found:
        assert _update(found.name) == "not_ours"
        assert _update(None) == "not_ours"
        assert found.sheets[0].range("A1").value == 1
    assert find_book(None).name == drawn.name


def test_two_books_of_one_name_are_not_guessed_at(drawn: xlwings.Book, tmp_path: Path) -> None:
    # Only two Excels can have them open at once, which xlwings keeps apart.
    second = drawn.app.api.Workbooks.Open(book(tmp_path / drawn.name, updated=False))
    try:
        assert _update(drawn.name) == "excel_two_books"
        assert _update(f"https://firma.example/{drawn.name}") == "excel_two_books"
        assert find_book(second.FullName).fullname == second.FullName
        assert find_book(drawn.fullname.upper()).fullname == drawn.fullname
    finally:
        second.Close()


def test_an_older_standard_is_refused(tmp_path: Path) -> None:
    with opened(Path(shutil.copy(OLDER, tmp_path / "eldre.xlsx"))) as found:
        before = seen(found)
        assert _update(found.name) == "older_standard"
        assert differences(before, seen(found)) == []


def test_days_from_1904_are_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "1904.xlsx", updated=False)
    change(path, "xl/workbook.xml", lambda text: text.replace("<workbookPr ", '<workbookPr date1904="1" '))
    with opened(path) as found:
        assert _update(found.name) == "date1904"


def test_without_a_book_or_a_program_that_is_said(engine: UnoEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine.application, "_books", [])
    monkeypatch.setattr(engine.application, "_front", None)
    assert _update(None) == "excel_no_book"
    monkeypatch.setattr(xlwings.engines, "active", None)
    assert _update(None) == "no_excel_here"


def test_without_xlwings_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xlwings", None)
    assert _update(None) == "no_xlwings"


def test_xlwings_gives_up_on_a_busy_excel(monkeypatch: pytest.MonkeyPatch) -> None:
    windows = ModuleType("xlwings._xlwindows")
    windows.cleanup = lambda: None  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "xlwings._xlwindows", windows)
    host_com.xlwings()
    assert 0 < windows.N_COM_ATTEMPTS <= 1000

    class ExcelBusyError(Exception):
        """What xlwings raises when it has given up."""

    with pytest.raises(ExcelError) as refused, host_com.asking(book="bok"):
        raise ExcelBusyError
    assert refused.value.key == "excel_busy"
