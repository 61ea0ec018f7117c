"""The add-in as a file: the same at every build, what its text says, and nothing that Excel would refuse."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from oletools.olevba import VBA_Parser
from pyopenvba import ExcelFile
from pyvbaanalysis import DiagnosticSeverity, analyze_office_file
from pyvbaanalysis.host.event_signatures_data import HOST_EVENT_SIGNATURES

from hmsbook.addin.build import build, modules
from hmsbook.addin.files import macros
from tests.cli.run import run
from tests.support.ooxml import lint, sdk_errors, unanswered_callbacks

ROOT = Path(__file__).resolve().parents[2]
ADDIN = macros() / "hmsbook.xlam"
RIBBON_LINK = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
OFFICE_LIBRARY = "2DF8D04C-5BFA-101B-BDE5-00AA0044DE52"
# What stands in the project and not in an exported file: which library a class is of.
BASE = re.compile(r"^Attribute VB_Base = .*\r\n", re.MULTILINE)
# What stands in an exported file and not in the project: the mark of a class.
PREAMBLE = re.compile(r"\AVERSION 1\.0 CLASS\r\nBEGIN\r\n.*?\r\nEND\r\n", re.DOTALL)


def part(name: str) -> bytes:
    with zipfile.ZipFile(ADDIN) as archive:
        return archive.read(name)


def stored() -> dict[str, str]:
    """The VBA text of each module as olevba reads it."""
    parser = VBA_Parser(str(ADDIN))
    try:
        return {name: text for _, _, name, text in parser.extract_macros()}
    finally:
        parser.close()


# The same bytes


def test_the_shipped_file_is_the_one_built_now() -> None:
    assert ADDIN.read_bytes() == build(), "run python -m hmsbook.generate"


@pytest.mark.parametrize("seed", ["1", "2"])
def test_another_process_builds_the_same_bytes(seed: str) -> None:
    program = "import sys, hmsbook.addin.build as b; sys.stdout.buffer.write(b.build())"
    setting = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT / "src"), "TZ": "Asia/Tokyo"}
    done = subprocess.run([sys.executable, "-c", program], env=setting, capture_output=True, check=True)
    assert done.stdout == build()


def test_no_part_is_packed_or_dated() -> None:
    with zipfile.ZipFile(ADDIN) as archive:
        found = {(entry.compress_type, entry.date_time) for entry in archive.infolist()}
    assert found == {(zipfile.ZIP_STORED, (1980, 1, 1, 0, 0, 0))}


# The text


def test_the_modules_hold_what_was_written() -> None:
    expected = {name: PREAMBLE.sub("", text) for name, text in modules().items()}
    found = {name: BASE.sub("", text) for name, text in stored().items()}
    assert found.pop("Sheet1.cls").strip().splitlines()[0] == 'Attribute VB_Name = "Sheet1"'
    assert found == expected


def test_there_is_a_handful_of_modules() -> None:
    assert set(modules()) == {
        "HmsCommand.bas",
        "HmsEvents.cls",
        "HmsLabels.bas",
        "HmsProcess.bas",
        "HmsRibbon.bas",
        "ThisWorkbook.cls",
    }


@pytest.mark.parametrize("name", sorted(modules()))
def test_vba_is_in_its_code_page_with_windows_line_ends(name: str) -> None:
    data = (macros() / name).read_bytes()
    text = data.decode("cp1252")
    assert data.count(b"\n") == data.count(b"\r\n") == data.count(b"\r") > 5
    assert text.endswith("\r\n")
    assert name == "HmsLabels.bas" or text.isascii()
    # The editor breaks lines beyond this length when it reads them.
    assert max(map(len, text.splitlines())) < 1000


@pytest.mark.parametrize("name", [name for name in sorted(modules()) if name.endswith(".bas")])
def test_names_that_others_can_see_are_ours_alone(name: str) -> None:
    """A callback with a common name can hit the code of another add-in."""
    names = re.findall(r"(?m)^Public (?:Sub|Function|Const) (\w+)", modules()[name])
    assert names
    assert [found for found in names if not found.lower().startswith("hms")] == []
    assert "Option Explicit" in modules()[name]


def test_no_compiler_would_complain() -> None:
    serious = (DiagnosticSeverity.ERROR, DiagnosticSeverity.WARNING)
    found = analyze_office_file(str(ADDIN))
    assert set(found) == {Path(name).stem for name in modules()} | {"Sheet1"}
    wrong = [(name, entry.message) for name, entries in found.items() for entry in entries]
    assert [entry for entries in found.values() for entry in entries if entry.severity in serious] == [], (
        wrong
    )


def test_an_undeclared_name_would_be_found(tmp_path: Path) -> None:
    path = tmp_path / "wrong.xlam"
    path.write_bytes(build())
    with ExcelFile(path) as book:
        book.set_module("HmsRibbon", book.get_module("HmsRibbon").replace("running = True", "runing = True"))
        book.save()
    codes = {entry.code for entry in analyze_office_file(str(path))["HmsRibbon"]}
    assert "undeclared-variable" in codes


def test_the_events_are_excels_own() -> None:
    handlers = re.findall(r"Sub host_(\w+)\(([^)]*)\)", modules()["HmsEvents.cls"])
    known = HOST_EVENT_SIGNATURES["Excel.Application"]
    assert len(handlers) >= 3
    assert [name for name, taken in handlers if known.get(name) != taken] == []


# The package


def test_excel_would_take_it() -> None:
    assert lint(ADDIN) == []
    for version in ("Office2016", "Microsoft365"):
        assert sdk_errors(ADDIN, version=version) == []


def test_a_wrong_ribbon_would_be_found(tmp_path: Path) -> None:
    """The validator looks into the ribbon too."""
    path = tmp_path / "wrong.xlam"
    with zipfile.ZipFile(ADDIN) as good, zipfile.ZipFile(path, "w") as wrong:
        for name in good.namelist():
            wrong.writestr(name, good.read(name).replace(b'size="large"', b'size="huge"'))
    assert any("'size' has invalid value" in error for error in sdk_errors(path))


def test_every_callback_has_its_sub() -> None:
    assert unanswered_callbacks(part("customUI/customUI14.xml"), modules()) == []
    bare = {name: text.replace("Sub HmsGetKeytip", "Sub HmsGetTip") for name, text in modules().items()}
    assert unanswered_callbacks(part("customUI/customUI14.xml"), bare) != []


@pytest.mark.parametrize(
    ("callback", "taken"),
    [
        ("on(?!Load)", "control As IRibbonControl"),
        ("onLoad", "ui As IRibbonUI"),
        ("get", "control As IRibbonControl, ByRef returnedVal"),
    ],
)
def test_callbacks_take_what_office_gives(callback: str, taken: str) -> None:
    text = part("customUI/customUI14.xml").decode()
    named = set(re.findall(rf' {callback}\w*="(\w+)"', text))
    found = dict(re.findall(r"(?m)^Public Sub (\w+)\((.*)\)", modules()["HmsRibbon.bas"]))
    assert named
    assert {found[name] for name in named} == {taken}


def test_the_ribbon_is_linked_as_office_2010_wants_it() -> None:
    links = {link.get("Target"): link.get("Type") for link in ElementTree.fromstring(part("_rels/.rels"))}
    assert links["customUI/customUI14.xml"] == RIBBON_LINK
    assert part("customUI/customUI14.xml") == (macros() / "customUI14.xml").read_bytes()


def test_the_code_names_are_those_of_the_modules() -> None:
    assert b'<workbookPr codeName="ThisWorkbook"' in part("xl/workbook.xml")
    assert b'<sheetPr codeName="Sheet1"/>' in part("xl/worksheets/sheet1.xml")
    assert {"ThisWorkbook.cls", "Sheet1.cls"} <= set(stored())


def test_the_library_with_the_ribbon_is_referenced() -> None:
    with ExcelFile(ADDIN) as book:
        guids = [reference.guid.upper() for reference in book.references()]
    assert any(OFFICE_LIBRARY in guid for guid in guids)


def test_no_persons_name_and_no_day_is_in_it() -> None:
    core = part("docProps/core.xml").decode()
    assert re.findall(r"<dc:creator>(.*?)</dc:creator>", core) == ["hmsbook"]
    assert "lastModifiedBy" not in core
    assert "dcterms" not in core
    with zipfile.ZipFile(ADDIN) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"William" not in everything


def test_a_link_of_the_older_kind_would_be_found(tmp_path: Path) -> None:
    path = tmp_path / "wrong.xlam"
    with zipfile.ZipFile(ADDIN) as good, zipfile.ZipFile(path, "w") as wrong:
        for name in good.namelist():
            wrong.writestr(
                name, good.read(name).replace(b"/2007/relationships/ui", b"/2006/relationships/ui")
            )
    assert any("belongs to another link" in problem for problem in lint(path))


# The command


def test_the_command_builds_it(tmp_path: Path) -> None:
    ran = run("addin", "build", "--out", tmp_path / "ny.xlam")
    assert (ran.exit, ran.err) == (0, "")
    assert ran.out == f"Skrev {tmp_path / 'ny.xlam'}.\n"
    assert (tmp_path / "ny.xlam").read_bytes() == ADDIN.read_bytes()


def test_it_writes_over_nothing_but_an_add_in(tmp_path: Path) -> None:
    book = tmp_path / "bok.xlsx"
    book.write_bytes(b"ours")
    ran = run("addin", "build", "--out", book)
    assert ran.exit == 2
    assert ".xlam" in ran.err
    assert book.read_bytes() == b"ours"


def test_an_unknown_action_is_told_what_there_is() -> None:
    ran = run("addin", "bygg")
    assert ran.exit == 2
    assert "«bygg»" in ran.err
    assert "build" in ran.err


def test_without_what_builds_it_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyopenvba", None)
    ran = run("addin", "build")
    assert ran.exit == 2
    pinned = re.findall(r'"pyOpenVBA==(.+)"', (ROOT / "pyproject.toml").read_text("utf-8"))
    assert [f"pip install pyOpenVBA=={version}" in ran.err for version in pinned] == [True]
