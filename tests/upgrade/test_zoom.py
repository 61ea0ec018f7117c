"""At how many percent people look at our sheets goes along with an upgrade, and into a new year."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from hmsbook.actions.create import new
from hmsbook.actions.upgrade import upgrade
from tests.hosts.books import TODAY, book, change, package
from tests.support.ooxml import lint, sdk_errors


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return book(tmp_path / "bok.xlsx")


def zoomed(percent: int) -> Callable[[str], str]:
    """An edit that sets the zoom of a sheet."""
    return lambda xml: xml.replace("<sheetView ", f'<sheetView zoomScale="{percent}" ', 1)


def zooms(path: Path) -> dict[str, str]:
    """The zoom of each sheet that has one."""
    parts = package(path).parts
    found = {
        sheet.name: parts[sheet.part].decode().partition('zoomScale="')[2] for sheet in package(path).sheets
    }
    return {name: text.partition('"')[0] for name, text in found.items() if text}


def test_zoom_is_carried(path: Path, tmp_path: Path) -> None:
    for sheet, edit in (("Tiltak", zoomed(85)), ("Status", zoomed(0)), ("Logg", zoomed(100))):
        change(path, next(it.part for it in package(path).sheets if it.name == sheet), edit)
    assert new(tmp_path / "2027.xlsx", after=path, today=TODAY).left == ()
    assert zooms(tmp_path / "2027.xlsx") == {"Tiltak": "85"}
    done = upgrade(path, slots=24, today=TODAY)
    assert (done.written, done.left) == (True, ())
    assert zooms(path) == {"Tiltak": "85"}
    assert (lint(path), sdk_errors(path)) == ([], [])
