"""What status says of Excel, the add-in and the interpreter behind it, each case drawn."""

from __future__ import annotations

import hashlib
import plistlib
import sys
from pathlib import Path

import pytest

from hmsbook.actions.version import VERSION
from hmsbook.addin import settings
from hmsbook.addin.excel import excel, language
from hmsbook.addin.files import NAME
from hmsbook.addin.findings import ERROR, OK, WARNING
from hmsbook.addin.install import install
from hmsbook.addin.places import start_folder
from hmsbook.addin.status import status
from hmsbook.addin.system import System
from tests.addin_install.machines import SHIPPED, answering, cases, linux, mac, windows, write

CLICK = r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration"
OUTLOOK = r"HKLM\SOFTWARE\Microsoft\Office\16.0\Outlook | Bitness | "
OUTLOOK_32 = r"HKLM\SOFTWARE\WOW6432Node\Microsoft\Office\16.0\Outlook | Bitness | "
APP = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
EXE = r"C:\Program Files\Microsoft Office\root\Office16\EXCEL.EXE"

# The registry, and what is said of Excel.
EXCELS = [
    (
        f"{CLICK} | VersionToReport | 16.0.17928.20114\n{CLICK} | Platform | x64",
        ("excel_found", "16.0.17928.20114", 64),
    ),
    (
        f"{CLICK} | VersionToReport | 16.0.10417.20007\n{CLICK} | Platform | x86",
        ("excel_found", "16.0.10417.20007", 32),
    ),
    (f"{CLICK} | VersionToReport | 16.0.1", ("excel_version", "16.0.1", None)),
    (OUTLOOK + "x64", ("excel_found", "16.0", 64)),
    (OUTLOOK_32 + "x86", ("excel_found", "16.0", 32)),
    ("", ("excel_not_found", None, None)),
]


@pytest.mark.parametrize(("registry", "expected"), EXCELS)
def test_excel_on_windows(
    tmp_path: Path, registry: str, expected: tuple[str, str | None, int | None]
) -> None:
    found = excel(windows(tmp_path, registry))
    assert (found.case, found.values.get("version"), found.values.get("bits")) == expected
    assert found.severity == (WARNING if found.case == "excel_not_found" else OK)


def test_an_excel_without_version_is_told_by_its_program(tmp_path: Path) -> None:
    system = windows(tmp_path, "")
    system.registry.write(APP, {"": EXE})
    assert excel(system).values == {"path": EXE}


@pytest.mark.parametrize("user", [True, False])
def test_excel_on_mac(tmp_path: Path, user: bool) -> None:
    system = mac(tmp_path)
    assert excel(system).case == "excel_not_found"
    about = plistlib.dumps({"CFBundleShortVersionString": "16.91"})
    folder = system.home if user else tmp_path
    write(folder / "Applications" / "Microsoft Excel.app" / "Contents" / "Info.plist", about)
    assert excel(system).values == {"version": "16.91"}


def test_a_damaged_description_is_no_excel(tmp_path: Path) -> None:
    write(tmp_path / "Applications" / "Microsoft Excel.app" / "Contents" / "Info.plist", b"not a list")
    assert excel(mac(tmp_path)).case == "excel_not_found"


def test_the_language_is_that_of_excel_else_of_the_user(tmp_path: Path) -> None:
    assert language(windows(tmp_path)) == "nb-NO"
    assert language(mac(tmp_path)) == "nb_NO.UTF-8"
    assert language(linux(tmp_path).but(environment={})) == ""


# The add-in


def installed(folder: Path) -> System:
    system = windows(folder)
    install(system)
    return system


def target(system: System) -> Path:
    folder = start_folder(system)
    assert folder is not None
    return folder / NAME


def test_it_may_be_compared_by_its_sum(tmp_path: Path) -> None:
    system = installed(tmp_path)
    found = next(it for it in status(system) if it.topic == "addin")
    assert found.values["sum"] == found.values["own"] == hashlib.sha256(SHIPPED).hexdigest()


def test_all_is_well(tmp_path: Path) -> None:
    found = status(installed(tmp_path))
    assert cases(found) == ["excel_found", "installed", "python_ready", "no_policy"]
    assert {it.severity for it in found} == {OK}


def test_two_of_them_are_one_too_many(tmp_path: Path) -> None:
    system = installed(tmp_path)
    other = write(tmp_path / "Program Files/Microsoft Office/root/Office16/XLSTART" / NAME, SHIPPED)
    (found,) = (it for it in status(system) if it.case == "copy")
    assert found.severity == WARNING
    assert str(found.values["path"]).replace("\\", "/") == other.as_posix()


@pytest.mark.parametrize(
    ("zone", "expected"),
    [("3", ["installed", "marked"]), ("4", ["installed", "marked"]), ("1", ["installed"])],
)
def test_only_a_mark_of_the_internet_counts(tmp_path: Path, zone: str, expected: list[str]) -> None:
    system = installed(tmp_path)
    write(Path(f"{target(system)}:Zone.Identifier"), f"[ZoneTransfer]\nZoneId={zone}\n".encode())
    assert cases(status(system), ["addin"]) == expected


# The interpreter behind it


def started(system: System) -> list[tuple[str, str]]:
    return [(it.severity, it.case) for it in status(system) if it.topic == "starts"]


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        (f"hmsbook {VERSION}", (OK, "python_ready")),
        ("hmsbook 99.1", (WARNING, "python_other")),
        ("Python 3.12", (ERROR, "python_without")),
        ("", (ERROR, "python_without")),
    ],
)
def test_it_must_answer_with_this_hmsbook(tmp_path: Path, says: str, expected: tuple[str, str]) -> None:
    system = installed(tmp_path)
    answering(Path(settings.read(system)["python"]), says)
    assert started(system) == [expected]


def test_it_must_be_there(tmp_path: Path) -> None:
    system = installed(tmp_path)
    Path(settings.read(system)["python"]).unlink()
    assert started(system) == [(ERROR, "python_gone")]


def test_it_must_be_known(tmp_path: Path) -> None:
    system = installed(tmp_path)
    settings.remove(system)
    assert started(system) == [(ERROR, "python_unknown")]


def test_from_the_store_it_is_no_good(tmp_path: Path) -> None:
    system = installed(tmp_path)
    store = system.python.but(base=r"C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.12")
    assert started(system.but(python=store)) == [(ERROR, "store_python"), (OK, "python_ready")]


def test_the_interpreter_of_the_tests_answers_for_itself(tmp_path: Path) -> None:
    """Not a drawn one: the very command the add-in begins with."""
    system = windows(tmp_path)
    install(system.but(python=system.python.but(executable=Path(sys.executable))))
    assert started(system) == [(OK, "python_ready")]


def test_a_mac_says_that_its_buttons_cannot_start_anything(tmp_path: Path) -> None:
    assert "mac_buttons" in cases(status(mac(tmp_path)))
    assert "mac_buttons" not in cases(status(windows(tmp_path)))
