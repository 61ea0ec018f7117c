"""Where Excel's start-up folder is, whatever moved it; and paths that do not tell who the user is."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hmsbook.addin.places import other_copies, shipped, start_folder
from hmsbook.addin.system import System, this_system
from tests.addin_install.machines import USER, linux, mac, windows, write

SHELL = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders | AppData | "
OPTIONS = r"HKCU\Software\Microsoft\Office\16.0\Excel\Options | AltStartup | "
START = "Microsoft/Excel/XLSTART"

# What the registry says, what APPDATA says, and the folder.
LAYOUTS = [
    ("", "{user}/AppData/Roaming", f"{{user}}/AppData/Roaming/{START}"),
    ("", "{root}/moved", f"{{root}}/moved/{START}"),
    ("", "", f"{{user}}/AppData/Roaming/{START}"),
    # Windows itself goes by the registry, so it is right where the two differ.
    (SHELL + r"%USERPROFILE%\AppData\Roaming", "{root}/wrong", f"{{user}}/AppData/Roaming/{START}"),
    (SHELL + r"%userprofile%\Data", "", f"{{user}}/Data/{START}"),
    (SHELL + r"\\server\home$\kari\AppData", "", f"//server/home$/kari/AppData/{START}"),
    # A variable nobody set stays as it is, and so names a folder that is not there.
    (SHELL + r"%NOWHERE%\Data", "", f"%NOWHERE%/Data/{START}"),
]


@pytest.mark.parametrize(("registry", "appdata", "expected"), LAYOUTS)
def test_windows(tmp_path: Path, registry: str, appdata: str, expected: str) -> None:
    names = {"root": tmp_path.as_posix(), "user": f"{tmp_path.as_posix()}/Users/{USER}"}
    system = windows(tmp_path, registry, environment={"APPDATA": appdata.format(**names)})
    folder = start_folder(system)
    assert folder is not None
    assert folder.as_posix() == expected.format(**names)


def test_mac(tmp_path: Path) -> None:
    office = "Library/Group Containers/UBF8T346G9.Office"
    expected = tmp_path / "Users/kari" / office / "User Content.localized/Startup.localized/Excel"
    assert start_folder(mac(tmp_path)) == expected


def test_linux_has_none(tmp_path: Path) -> None:
    assert start_folder(linux(tmp_path)) is None


def test_the_second_start_up_folder_is_looked_in(tmp_path: Path) -> None:
    system = windows(tmp_path, OPTIONS + r"%USERPROFILE%\Makroer")
    assert list(other_copies(system)) == []
    copy = write(system.home / "Makroer" / "hmsbook.xlam", b"")
    assert list(other_copies(system)) == [copy]


def test_a_second_start_up_folder_out_of_reach_holds_nothing(tmp_path: Path) -> None:
    assert list(other_copies(windows(tmp_path, OPTIONS + "%USERPROFILE%\\" + "x" * 300))) == []


@pytest.mark.parametrize(
    ("draw", "place"),
    [
        (windows, "Program Files/Microsoft Office/root/Office16/XLSTART"),
        (windows, "Program Files/Microsoft Office/Office16/XLSTART"),
        (
            mac,
            "Library/Application Support/Microsoft/Office365/User Content.localized/Startup.localized/Excel",
        ),
    ],
)
def test_the_start_up_folder_of_the_whole_machine_is_looked_in(
    tmp_path: Path, draw: Callable[[Path], System], place: str
) -> None:
    copy = write(tmp_path / place / "hmsbook.xlam", b"")
    assert list(other_copies(draw(tmp_path))) == [copy]


def test_the_add_in_comes_with_the_package_or_lies_in_the_checkout(tmp_path: Path) -> None:
    system = linux(tmp_path)
    assert shipped(system) == system.package / "macros" / "hmsbook.xlam"
    checkout = system.but(package=tmp_path / "checkout" / "src" / "hmsbook")
    assert shipped(checkout) == tmp_path / "checkout" / "macros" / "hmsbook.xlam"


@pytest.mark.parametrize(
    ("path", "shown", "typed"),
    [
        ("{home}/hms/python.exe", r"~\hms\python.exe", r'"%USERPROFILE%\hms\python.exe"'),
        ("C:\\Program Files\\python.exe", r"C:\Program Files\python.exe", r'"C:\Program Files\python.exe"'),
        ("{home} 2/python.exe", None, None),
    ],
)
def test_windows_paths_do_not_name_the_user(
    tmp_path: Path, path: str, shown: str | None, typed: str | None
) -> None:
    system = windows(tmp_path)
    full = path.format(home=system.home)
    own = full.replace("/", "\\")
    assert system.shown(full) == (shown or own)
    assert system.typed(full) == (typed or f'"{own}"')


def test_mac_paths_do_not_name_the_user(tmp_path: Path) -> None:
    system = mac(tmp_path)
    assert system.shown(system.home / "My folder" / "python") == "~/My folder/python"
    assert system.typed(system.home / "My folder" / "python") == "~/My\\ folder/python"


def test_this_machine_is_the_one_it_runs_on() -> None:
    system = this_system()
    assert system.platform == sys.platform
    assert system.environment == dict(os.environ)
    assert system.python.executable == Path(sys.executable)
    assert (system.package / "addin").is_dir()
    assert set(system.libraries) == {
        "highspy",
        "icalendar",
        "keyring",
        "openpyxl",
        "pandas",
        "tomli",
        "xlsxwriter",
        "xlwings",
        "zlib-ng",
    }
    assert system.libraries["openpyxl"] is not None


def test_a_program_that_fails_or_is_not_there_answers_nothing(tmp_path: Path) -> None:
    ask = this_system().ask
    assert ask((sys.executable, "-c", "print('ja')")).text == "ja"
    assert ask((sys.executable, "-c", "print('nei'); raise SystemExit(3)")).text == ""
    assert ask((str(tmp_path / "python"), "--version")).text == ""
