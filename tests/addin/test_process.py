"""The module that reaches out, as it is shipped, on a PC where programs are really started."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName
from pyopenvba import ExcelFile, VBAModuleKind

from hmsbook.addin.build import build
from tests.addin.pc import PC
from tests.addin.stage import text_of

NOTE, WARNING = 64, 48
PRESS = """Public Sub Press(ByVal id As String, ByVal tag As String)
    Dim control As FakeControl
    Set control = New FakeControl
    control.ID = id
    control.Tag = tag
    HmsOnAction control
End Sub
"""


@pytest.fixture(scope="module")
def addin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The add-in as it is, but for a button to press and the keyword that pyOpenVBA does not know."""
    path = tmp_path_factory.mktemp("real") / "hmsbook.xlam"
    path.write_bytes(build())
    with ExcelFile(path) as book:
        book.set_module("HmsEvents", book.get_module("HmsEvents").replace("WithEvents ", ""))
        project = book.vba_project()
        project.add_module("FakeControl", text_of("FakeControl.cls"), kind=VBAModuleKind.other)
        project.add_module("Presser", PRESS.replace("\n", "\r\n"))
        book.save()
    return path


@pytest.fixture(scope="module")
def our_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the add-in takes for ours, quick to open."""
    book = Workbook()
    book.defined_names.add(DefinedName("hms_manifest", attr_text="Sheet!$A$1"))
    path = tmp_path_factory.mktemp("ours") / "bok æ & 100%.xlsx"
    book.save(path)
    return path


@pytest.fixture
def pc(addin: Path, our_book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PC:
    """A PC where one of our workbooks is in front."""
    found = PC(addin, tmp_path, monkeypatch)
    found.excel.open_workbook(our_book)
    return found


def install(pc: PC, program: str, *, mode: int = 0o755) -> Path:
    """Put a program where `hmsbook addin install` says Python is; its name needs care."""
    python = pc.temporary.parent / "Åse & Co 100 %TEMP%" / "pythonw"
    python.parent.mkdir()
    python.write_text(f"#!{sys.executable}\nimport sys, json\n{program}\n", encoding="utf-8")
    python.chmod(mode)
    pc.settings["hmsbook", "addin", "python"] = str(python)
    return python


def answering(first: str) -> str:
    """A program that answers with what it was given, in UTF-8 with Windows' line ends."""
    return (
        "place = sys.argv[sys.argv.index('--answer') + 1]\n"
        f"text = '{first}\\r\\n' + json.dumps(sys.argv, ensure_ascii=False) + ' Łódź ≥ σ\\r\\n'\n"
        "open(place, 'wb').write(text.encode())"
    )


def test_arguments_go_out_and_the_answer_comes_back(pc: PC, our_book: Path) -> None:
    python = install(pc, answering("note"))
    pc.excel.run("Press", "hms_months_24", "months 24")
    [(kind, text, title, icon)] = pc.excel.dialogs
    assert (kind, title[:3], icon) == ("MsgBox", "HMS", NOTE)
    arguments, end = text.removesuffix(" Łódź ≥ σ"), text[-len(" Łódź ≥ σ") :]
    assert end == " Łódź ≥ σ"
    answer = f"{pc.temporary}\\hmsbook-rad00000.tmp"
    expected = [str(python), "-P", "-m", "hmsbook", "live", "months", "24", "--book", str(our_book)]
    assert json.loads(arguments) == [*expected, "--hwnd", "263370", "--lang", "nn", "--answer", answer]


def test_excel_takes_keys_again_however_the_program_ended(pc: PC) -> None:
    """A program that was killed cannot put back what it turned off."""
    install(pc, "sys.exit(9)")
    assert pc.excel.application.takes_keys is False
    pc.excel.run("Press", "hms_update", "update")
    assert pc.excel.application.takes_keys is True


def test_nothing_is_left_behind(pc: PC) -> None:
    install(pc, answering("ok"))
    pc.excel.run("Press", "hms_update", "update")
    assert list(pc.temporary.parent.glob("*hmsbook*")) == []
    assert list(pc.temporary.iterdir()) == []


def test_the_status_bar_says_that_work_goes_on_and_then_the_result(pc: PC) -> None:
    install(pc, answering("ok"))
    pc.excel.run("Press", "hms_update", "update")
    assert pc.shown == ["HMS: arbeider …"]
    assert str(pc.excel.application.status_bar).endswith("Łódź ≥ σ")
    assert pc.excel.dialogs == []
    when, procedure = pc.excel.application.later
    assert procedure == "'hmsbook.xlam'!HmsClearStatus"
    pc.excel.run("HmsClearStatus")
    assert pc.excel.application.status_bar is False
    assert when


def test_where_nothing_was_installed_it_says_so(pc: PC) -> None:
    pc.excel.run("Press", "hms_update", "update")
    [(_, text, _, icon)] = pc.excel.dialogs
    assert (icon, pc.started) == (WARNING, [])
    assert text.startswith("hmsbook er ikkje sett opp for Excel")
    assert "hmsbook addin install" in text


def test_where_python_is_gone_it_says_what_is_missing(pc: PC) -> None:
    python = install(pc, "")
    python.unlink()
    pc.excel.run("Press", "hms_update", "update")
    [(_, text, _, icon)] = pc.excel.dialogs
    assert (icon, pc.started) == (WARNING, [])
    assert str(python) in text


def test_where_excel_may_start_nothing_it_says_what_to_do_instead(pc: PC) -> None:
    install(pc, "", mode=0o644)
    pc.excel.run("Press", "hms_update", "update")
    [(_, text, _, icon)] = pc.excel.dialogs
    assert icon == WARNING
    assert "(70: Permission denied)" in text
    assert "«hmsbook live update»" in text
    assert pc.excel.application.status_bar is False


def test_where_no_answer_comes_it_says_how_the_program_ended(pc: PC) -> None:
    install(pc, "sys.exit(7)")
    pc.excel.run("Press", "hms_update", "update")
    [(_, text, _, icon)] = pc.excel.dialogs
    assert icon == WARNING
    assert "(sluttkode 7)" in text


def test_a_long_answer_is_cut_where_the_box_ends(pc: PC) -> None:
    install(pc, "open(sys.argv[-1], 'w').write('error\\n' + 'x' * 5000)")
    pc.excel.run("Press", "hms_update", "update")
    [(_, text, _, icon)] = pc.excel.dialogs
    assert (icon, text) == (WARNING, "x" * 1000 + " ...")


def test_after_a_failure_the_next_press_works(pc: PC) -> None:
    python = install(pc, "", mode=0o644)
    pc.excel.run("Press", "hms_update", "update")
    python.write_text(f"#!{sys.executable}\nimport sys, json\n{answering('note')}\n", encoding="utf-8")
    python.chmod(0o755)
    pc.excel.run("Press", "hms_update", "update")
    assert [icon for *_, icon in pc.excel.dialogs] == [WARNING, NOTE]
