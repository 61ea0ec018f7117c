"""Installed, looked at, taken away: the machine is as before, and never half done."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from hmsbook.actions.version import VERSION
from hmsbook.addin import settings
from hmsbook.addin.files import NAME
from hmsbook.addin.findings import OK, has_errors
from hmsbook.addin.install import install, uninstall
from hmsbook.addin.places import start_folder
from hmsbook.addin.status import status
from hmsbook.addin.system import System
from hmsbook.errors import HmsbookError, SaveError
from tests.addin_install.machines import (
    EXCEL,
    OLDER,
    SHIPPED,
    answering,
    cases,
    linux,
    mac,
    state,
    windows,
    write,
)

Draw = Callable[[Path], System]
SECTION = r"HKCU\Software\VB and VBA Program Settings"
STORE = r"C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.12_3.12.2032.0_x64__qbz5n2kfra8p0"


def others_settings(folder: Path) -> System:
    """A machine where other programs keep settings beside ours, and Excel has its start-up folder."""
    system = windows(folder, EXCEL + rf"{SECTION}\Other\Window | Left | 12")
    write(target(system).with_name("PERSONAL.XLSB"), b"macros of their own")
    return system


def own_neighbours(folder: Path) -> System:
    """A machine where something else stands under our own name."""
    return windows(folder, EXCEL + rf"{SECTION}\hmsbook\window | Left | 12")


def empty_section(folder: Path) -> System:
    """A machine where the section of all settings is there, and empty."""
    return windows(folder, EXCEL + SECTION)


def bare(folder: Path) -> System:
    """A machine where not even the folder for settings is there."""
    return windows(folder, EXCEL.replace("Roaming", r"Roaming\Moved\Twice"))


every_layout = pytest.mark.parametrize(
    "draw", [windows, mac, others_settings, own_neighbours, empty_section, bare]
)


def target(system: System) -> Path:
    folder = start_folder(system)
    assert folder is not None
    return folder / NAME


# There and back


@every_layout
def test_uninstall_leaves_the_machine_as_it_was(tmp_path: Path, draw: Draw) -> None:
    system = draw(tmp_path)
    before = state(system)
    install(system)
    assert target(system).read_bytes() == SHIPPED
    assert not has_errors(status(system))
    assert state(system) != before
    assert cases(uninstall(system)) == ["removed", "settings_removed"]
    assert state(system) == before


@every_layout
def test_twice_is_as_once(tmp_path: Path, draw: Draw) -> None:
    system = draw(tmp_path)
    before = state(system)
    assert cases(install(system))[:2] == ["copied", "python_told"]
    once = state(system)
    assert cases(install(system))[:2] == ["was_there", "python_was_told"]
    assert state(system) == once
    uninstall(system)
    assert cases(uninstall(system)) == ["nothing_there"]
    assert state(system) == before


@every_layout
def test_status_changes_nothing(tmp_path: Path, draw: Draw) -> None:
    system = draw(tmp_path)
    before = state(system)
    assert "not_installed" in cases(status(system))
    assert state(system) == before


@every_layout
def test_an_older_add_in_is_replaced(tmp_path: Path, draw: Draw) -> None:
    system = draw(tmp_path)
    before = state(system)
    older = write(tmp_path / "old" / NAME, OLDER)
    install(system, older)
    older.unlink()
    older.parent.rmdir()
    assert "other_installed" in cases(status(system))
    assert cases(install(system))[:2] == ["replaced", "python_was_told"]
    assert "installed" in cases(status(system))
    uninstall(system)
    assert state(system) == before


def test_a_file_of_another_name_is_nobodys(tmp_path: Path) -> None:
    system = others_settings(tmp_path)
    install(system)
    assert sorted(path.name for path in target(system).parent.iterdir()) == ["PERSONAL.XLSB", NAME]


# What the add-in is told


def test_vba_reads_the_interpreter_without_a_window(tmp_path: Path) -> None:
    system = windows(tmp_path)
    install(system)
    # There VBA's GetSetting looks, given the names hmsbook, addin and python.
    python = system.registry.read(r"HKCU\Software\VB and VBA Program Settings\hmsbook\addin", "python")
    assert python == str(system.python.executable.with_name("pythonw.exe"))
    assert system.registry.read(settings.SETTINGS, "version") == VERSION


def test_without_a_windowless_interpreter_the_usual_one_will_do(tmp_path: Path) -> None:
    system = windows(tmp_path)
    system.python.executable.with_name("pythonw.exe").unlink()
    install(system)
    assert settings.read(system)["python"] == str(system.python.executable)


def test_mac_keeps_it_in_a_file(tmp_path: Path) -> None:
    system = mac(tmp_path)
    install(system)
    kept = system.home / "Library" / "Group Containers" / "UBF8T346G9.Office" / "hmsbook.conf"
    assert f"python={system.python.executable}\n" in kept.read_text(encoding="utf-8")


def test_another_interpreter_takes_over(tmp_path: Path) -> None:
    system = windows(tmp_path)
    before = state(system)
    install(system)
    other = system.home / "new" / "python.exe"
    answering(other)
    newer = system.but(python=system.python.but(executable=other))
    assert cases(install(newer))[:2] == ["was_there", "python_told"]
    assert settings.read(newer)["python"] == str(other)
    uninstall(newer)
    other.unlink()
    other.parent.rmdir()
    assert state(system) == before


# What is said


def test_what_stops_it_is_said_at_once(tmp_path: Path) -> None:
    policy = r"HKCU\Software\Policies\Microsoft\Office\16.0\Excel\Security | RequireAddinSig | 1"
    found = install(windows(tmp_path, EXCEL + policy))
    assert cases(found) == ["copied", "python_told", "addins_signed"]
    assert has_errors(found)


def test_without_trouble_what_is_left_is_to_start_excel(tmp_path: Path) -> None:
    found = install(windows(tmp_path))
    assert cases(found) == ["copied", "python_told", "start_excel"]
    assert {finding.severity for finding in found} == {OK}


def test_no_excel_is_told_and_no_hindrance(tmp_path: Path) -> None:
    assert cases(install(windows(tmp_path, ""))) == [
        "copied",
        "python_told",
        "start_excel",
        "excel_not_found",
    ]


def test_a_marked_file_is_replaced_by_one_without(tmp_path: Path) -> None:
    system = windows(tmp_path)
    write(target(system), SHIPPED)
    mark = write(Path(f"{target(system)}:Zone.Identifier"), b"[ZoneTransfer]\r\nZoneId=3\r\n")
    assert "marked" in cases(status(system))
    assert cases(install(system))[0] == "replaced"
    assert not mark.exists()
    assert "marked" not in cases(status(system))


# What cannot be done


@pytest.mark.parametrize(
    ("draw", "key"),
    [
        (linux, "addin_no_excel"),
        (lambda folder: windows(folder, base=STORE), "addin_store_python"),
        (lambda folder: mac(folder, started=False), "addin_excel_never_started"),
    ],
)
def test_where_excel_would_not_find_it_nothing_is_done(tmp_path: Path, draw: Draw, key: str) -> None:
    system = draw(tmp_path)
    before = state(system)
    with pytest.raises(HmsbookError) as refused:
        install(system)
    assert refused.value.key == key
    assert state(system) == before


def test_linux_has_nothing_to_take_away_or_look_at(tmp_path: Path) -> None:
    system = linux(tmp_path)
    assert cases(uninstall(system)) == ["excel_not_for_platform"]
    assert cases(status(system)) == ["excel_not_for_platform"]


def test_an_add_in_that_was_not_shipped_is_missed(tmp_path: Path) -> None:
    system = windows(tmp_path)
    (system.package / "macros" / NAME).unlink()
    before = state(system)
    with pytest.raises(HmsbookError, match="addin_not_shipped"):
        install(system)
    assert state(system) == before


class Refused(NamedTuple):
    """A call on files that Windows refuses, how, and what hmsbook makes of it."""

    function: str
    error: OSError
    key: str

    def told(self, work: Callable[[System], object], system: System) -> SaveError:
        """What a piece of work raises while the call is refused."""

        def refuse(*_: object, **__: object) -> None:
            raise self.error

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Path, self.function, refuse)
            try:
                work(system)
            except SaveError as error:
                return error
        raise AssertionError("nothing was refused")


IN_USE = PermissionError(13, "The process cannot access the file because it is being used by another process")
FULL = OSError(28, "No space left on device")


@every_layout
@pytest.mark.parametrize(
    "refused",
    [
        Refused("replace", IN_USE, "addin_open"),
        Refused("replace", FULL, "addin_not_written"),
        Refused("mkdir", PermissionError(13, "Access is denied"), "addin_not_written"),
    ],
)
def test_a_refused_file_leaves_all_as_it_was(tmp_path: Path, draw: Draw, refused: Refused) -> None:
    system = draw(tmp_path)
    before = state(system)
    error = refused.told(install, system)
    assert (error.key, error.params["reason"]) == (refused.key, refused.error.strerror)
    assert state(system) == before


@pytest.mark.parametrize("draw", [windows, mac])
def test_an_add_in_that_excel_has_open_stays_with_its_settings(tmp_path: Path, draw: Draw) -> None:
    system = draw(tmp_path)
    install(system, write(tmp_path / "old" / NAME, OLDER))
    before = state(system)
    other = system.python.executable.with_name("python3")
    moved = system.but(python=system.python.but(executable=other))
    assert Refused("replace", IN_USE, "").told(install, moved).key == "addin_open"
    assert Refused("unlink", IN_USE, "").told(uninstall, moved).key == "addin_open"
    assert state(system) == before


def test_a_closed_registry_is_told_of(tmp_path: Path) -> None:
    system = windows(tmp_path, EXCEL, denied=[r"HKCU\Software\VB and VBA Program Settings"])
    before = state(system)
    with pytest.raises(SaveError) as refused:
        install(system)
    assert refused.value.key == "addin_settings_denied"
    assert refused.value.params["path"] == settings.SETTINGS
    assert state(system) == before


def test_a_folder_that_may_not_be_written_in_is_told_of(tmp_path: Path) -> None:
    """A file stands where a folder should: no user may make one there, not even the machine's own."""
    system = windows(tmp_path)
    write(system.home / "AppData" / "Roaming" / "Microsoft" / "Excel", b"not a folder")
    before = state(system)
    with pytest.raises(SaveError, match="addin_not_written"):
        install(system)
    assert state(system) == before


def test_a_folder_out_of_reach_is_told_of(tmp_path: Path) -> None:
    """No system takes such a name, as it does not take the address of a server that is off."""
    away = "x" * 300
    system = windows(tmp_path, EXCEL.replace("Roaming", away))
    before = state(system)
    assert cases(status(system), ["addin"]) == ["not_installed"]
    with pytest.raises(SaveError, match="addin_not_written"):
        install(system)
    assert state(system) == before


# Killed


KILLED = """
import os, signal, sys
from pathlib import Path
from hmsbook.addin.install import install
from tests.addin_install import machines

point, folder = sys.argv[1:]
owner = os if point == "fsync" else Path
def killing(*_):
    os.kill(os.getpid(), signal.SIGKILL)

system = machines.mac(Path(folder))
setattr(owner, point, killing)
install(system)
"""


@pytest.mark.parametrize("point", ["fsync", "replace"])
@pytest.mark.parametrize("old", [None, OLDER])
@pytest.mark.parametrize("again", ["install", "uninstall"])
def test_killed_half_way_the_old_file_is_whole(
    tmp_path: Path, point: str, old: bytes | None, again: str
) -> None:
    system = mac(tmp_path)
    before = state(system)
    if old is not None:
        older = write(tmp_path / "old" / NAME, old)
        install(system, older)
        older.unlink()
        older.parent.rmdir()
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", KILLED, point, str(tmp_path)], cwd=root, check=False, timeout=60
    )
    assert done.returncode == -signal.SIGKILL
    folder = target(system).parent
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == ({} if old is None else {NAME: old})
    if again == "install":
        assert cases(install(system))[0] == ("copied" if old is None else "replaced")
        assert not has_errors(status(system))
    uninstall(system)
    assert state(system) == before
