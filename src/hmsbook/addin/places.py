"""Where things lie: Excel's start-up folder, the settings of the add-in, the add-in itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from hmsbook.addin.files import NAME, macros
from hmsbook.addin.system import System
from hmsbook.errors import HmsbookError

# Below %APPDATA% and the user's folder. Neither is translated on disk; the Finder only shows other names.
WINDOWS_START = ("Microsoft", "Excel", "XLSTART")
MAC_OFFICE = ("Library", "Group Containers", "UBF8T346G9.Office")
MAC_START = (*MAC_OFFICE, "User Content.localized", "Startup.localized", "Excel")
# Sandboxed Excel may read its group's folder without asking.
MAC_SETTINGS = (*MAC_OFFICE, "hmsbook.conf")
# Where VBA's GetSetting("hmsbook", "addin", "python") looks.
VBA_SETTINGS = r"HKCU\Software\VB and VBA Program Settings"
PROGRAM_SETTINGS = rf"{VBA_SETTINGS}\hmsbook"
SETTINGS = rf"{PROGRAM_SETTINGS}\addin"
# What Windows itself asks for the folder of roaming settings, which may be moved to a server.
SHELL_FOLDERS = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"
EXCEL_OPTIONS = r"HKCU\Software\Microsoft\Office\16.0\Excel\Options"
# Python from the Microsoft Store is shown a private copy of the user's folders and registry.
_STORE = "windowsapps"


def shipped(system: System) -> Path:
    """The add-in that came with hmsbook, installed or in a checkout."""
    return macros(system.package) / NAME


def start_folder(system: System) -> Path | None:
    """The user's own folder of files that Excel opens when it starts; None where there is no Excel."""
    if system.is_windows:
        return _roaming(system).joinpath(*WINDOWS_START)
    return system.home.joinpath(*MAC_START) if system.may_have_excel else None


def require_start_folder(system: System) -> Path:
    """The start-up folder; HmsbookError where Excel would not find what is put there."""
    folder = start_folder(system)
    if folder is None:
        raise HmsbookError("addin_no_excel", platform=system.kind)
    if is_store_python(system):
        raise HmsbookError("addin_store_python")
    if not system.is_windows and not system.home.joinpath(*MAC_OFFICE).is_dir():
        raise HmsbookError(
            "addin_excel_never_started", folder=system.shown(system.home.joinpath(*MAC_OFFICE))
        )
    return folder


def is_store_python(system: System) -> bool:
    """Whether Python came from the Microsoft Store, so that Excel never sees what it writes."""
    return system.is_windows and _STORE in system.python.base.casefold()


def _roaming(system: System) -> Path:
    told = system.registry.read(SHELL_FOLDERS, "AppData") or system.variable("APPDATA")
    return system.path(told) if told else system.home / "AppData" / "Roaming"


def is_there(path: Path) -> bool:
    """Whether there is such a file; not when the folder is out of reach."""
    with suppress(OSError):
        return path.is_file()
    return False


def is_on_server(path: Path) -> bool:
    """Whether a folder lies on a server, by its address."""
    return str(path).startswith(("\\\\", "//"))


def other_copies(system: System) -> Iterator[Path]:
    """Other add-ins of ours that Excel opens as well: in its second start-up folder, and in its own."""
    for folder in _other_start_folders(system):
        if is_there(copy := folder / NAME):
            yield copy


def _other_start_folders(system: System) -> Iterator[Path]:
    if told := system.registry.read(EXCEL_OPTIONS, "AltStartup"):
        yield system.path(told)
    for variable in ("ProgramFiles", "ProgramFiles(x86)"):
        if programs := system.variable(variable):
            for office in (("root", "Office16"), ("Office16",)):
                yield system.path(programs).joinpath("Microsoft Office", *office, "XLSTART")
    if system.platform == "darwin":
        yield system.root.joinpath("Library/Application Support/Microsoft/Office365", *MAC_START[-3:])
