"""The class that lets the ribbon ask again; pyOpenVBA connects no events, so its handlers are called here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyopenvba import ExcelFile
from pyopenvba.apps.excel import ExcelApplication

from hmsbook.addin.build import modules
from tests.addin.stage import stage_file

EVENTS = re.findall(r"Sub host_(\w+)\((.*)\)", modules()["HmsEvents.cls"])
FIRE = """Public Function Fire() As String
    Dim events As HmsEvents
    Set events = New HmsEvents
    Dim loaded As String
    loaded = StageLoad()
    StageLog = ""
    events.host_{name} {arguments}
    Fire = StageLog
End Function
"""


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The add-in with handlers that can be called."""
    path = stage_file(tmp_path_factory.mktemp("events"))
    with ExcelFile(path) as book:
        open_to_all = (
            book.get_module("HmsEvents").replace("WithEvents ", "").replace("Private Sub", "Public Sub")
        )
        book.set_module("HmsEvents", open_to_all)
        book.save()
    return path


@pytest.mark.parametrize(("name", "taken"), EVENTS, ids=[name for name, _ in EVENTS])
def test_each_event_lets_the_ribbon_ask_again(staged: Path, name: str, taken: str) -> None:
    excel = ExcelApplication.open(staged)
    arguments = ", ".join("Nothing" for _ in taken.split(","))
    excel.add_module(FIRE.format(name=name, arguments=arguments), name="Firing")
    assert excel.run("Fire") == "invalidate\t\r"


def test_opening_the_add_in_starts_to_listen(staged: Path) -> None:
    excel = ExcelApplication.open(staged)
    excel.run("ThisWorkbook.Workbook_Open")
    assert excel.evaluate("ThisWorkbook.Name") == "stage.xlam"
