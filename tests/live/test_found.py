"""Which workbook is meant, and what xlwings must not do on its own account."""

from __future__ import annotations

import atexit
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import xlwings

from hmsbook.actions.live import Asked, live
from hmsbook.errors import ExcelError
from hmsbook.flow.fill import Fill
from hmsbook.hosts import com
from hmsbook.hosts.excel import ExcelHost
from hmsbook.hosts.running import _named
from hmsbook.standard.book import regions
from tests.hosts.books import TODAY, book
from tests.live.seen import differences, opened, seen
from tests.support.xlwings_uno.engine import UnoEngine

ONE, OTHER = r"D:\2025\avdeling.xlsx", r"D:\2026\avdeling.xlsx"
ADDRESS = "https://firma.sharepoint.com/sites/hms/Delte%20dokumenter/avdeling.xlsx"


def open_books(*full: str) -> list[Any]:
    """Open workbooks, as far as their names go."""
    return [SimpleNamespace(api=SimpleNamespace(FullName=name)) for name in full]


@pytest.mark.parametrize(
    ("name", "full", "found"),
    [
        (ONE, [ONE], ONE),
        (ONE.upper(), [OTHER, ONE], ONE),
        (ONE, [OTHER], None),
        ("avdeling.xlsx", [OTHER], OTHER),
        (ONE, [ADDRESS], ADDRESS),
        (ADDRESS, [ONE], ONE),
        ("Mappe1", ["Mappe1"], "Mappe1"),
        ("Mappe1", [ONE], None),
    ],
)
def test_a_workbook_is_found_by_its_name(name: str, full: list[str], found: str | None) -> None:
    book = _named(name, open_books(*full))
    assert (book and com.full_name(book)) == found


def test_one_of_two_that_may_be_meant_is_not_taken() -> None:
    with pytest.raises(ExcelError, match="excel_two_books"):
        _named("avdeling.xlsx", open_books(ONE, OTHER))


def test_xlwings_ends_no_other_excel(engine: UnoEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """At its end it would kill every Excel without a window of a workbook."""
    assert engine
    windows = ModuleType("xlwings._xlwindows")
    windows.cleanup = lambda: None  # type: ignore[attr-defined]
    taken_off: list[object] = []
    monkeypatch.setitem(sys.modules, windows.__name__, windows)
    monkeypatch.setattr(atexit, "unregister", taken_off.append)
    assert com.xlwings() is xlwings
    assert taken_off == [windows.cleanup]
    assert 0 < windows.N_COM_ATTEMPTS < 10_000


def test_nothing_is_written_where_cells_have_moved(engine: UnoEngine, tmp_path: Path) -> None:
    """From a terminal, and with others in the same workbook, a row may come between reading and writing."""
    with opened(book(tmp_path / "bok.xlsx", updated=False)) as found:
        host = ExcelHost(found)
        fill = Fill({"status_chance": [["Skrevet"]]}, {})
        assert "status_chance" in regions(24)
        assert host.differs(fill)
        name = found.sheets[0].name
        engine.document(found).insert_rows(name, 3, 1)
        before = seen(found)
        with pytest.raises(ExcelError, match="excel_moved"):
            host.write(fill)
        assert differences(before, seen(found)) == []
        assert ExcelHost(found).write(fill) == {name: 1}


def test_a_new_workbook_needs_no_open_one(
    engine: UnoEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An Excel without a workbook cannot be found; what a double click does opens the new one."""
    assert engine
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setattr(type(xlwings.apps.impl), "__iter__", lambda _: iter(()))
    monkeypatch.setattr(type(xlwings.apps.impl), "__len__", lambda _: 0)
    started: list[str] = []
    monkeypatch.setattr("os.startfile", started.append, raising=False)
    assert live(Asked("help")).kind == "note"
    answer = live(Asked("new", "skoen", lang="nb", today=TODAY))
    assert started == [str(tmp_path / "HMS-arbeidsbok.xlsx")]
    assert started[0] in answer.text
    assert Path(started[0]).is_file()
