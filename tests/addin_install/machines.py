"""Machines drawn in a folder: Windows, macOS and Linux with a user, a Python, perhaps an Excel."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from hmsbook.actions.version import VERSION
from hmsbook.addin.files import NAME
from hmsbook.addin.findings import Finding
from hmsbook.addin.places import MAC_OFFICE, SHELL_FOLDERS
from hmsbook.addin.policies import ASR_RULES, CHILD_PROCESSES
from hmsbook.addin.registry import Registry
from hmsbook.addin.system import Answer, Python, System, ask
from hmsbook.cli.show_addin import finding_json
from hmsbook.texts.files import LANGUAGES
from hmsbook.texts.words import words
from tests.addin_install.winreg_table import WinregTable

USER = "Kari Nordmann"
SHIPPED = b"PK the add-in of today"
OLDER = b"PK the add-in of last year"
# A Windows machine that needs nothing: Excel installed by the click, the user's folders in their place.
EXCEL = rf"""
HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration | VersionToReport | 16.0.17928.20114
HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration | Platform | x64
{SHELL_FOLDERS} | AppData | %USERPROFILE%\AppData\Roaming
HKCU\Software\Microsoft\Office\16.0\Common\LanguageResources | UILanguageTag | nb-NO
"""
LIBRARIES = {
    "openpyxl": "3.1.5",
    "pandas": "2.2.3",
    "tomli": "2.2.1",
    "xlsxwriter": "3.2.0",
    "xlwings": "0.33.4",
}


def windows(
    folder: Path,
    registry: str = EXCEL,
    *,
    denied: Collection[str] = (),
    environment: Mapping[str, str] | None = None,
    base: str = r"C:\Program Files\Python312",
) -> System:
    """A machine with Windows; the folder of Excel's settings is there, the start-up folder not yet."""
    home = folder / "Users" / USER
    roaming = home / "AppData" / "Roaming"
    (roaming / "Microsoft").mkdir(parents=True, exist_ok=True)
    scripts = home / "hms" / ".venv" / "Scripts"
    for name in ("python.exe", "pythonw.exe"):
        answering(scripts / name)
    usual = {"USERPROFILE": home, "APPDATA": roaming, "ProgramFiles": folder / "Program Files"}
    return _system(folder, home, scripts / "python.exe", ("win32", "Windows-11")).but(
        temp=made(home / "AppData" / "Local" / "Temp"),
        python=Python(scripts / "python.exe", base, "3.12.7", 64),
        environment={name: str(path) for name, path in usual.items()} | dict(environment or {}),
        registry=Registry(WinregTable(registry, denied)),
    )


def blocked_pc(folder: Path) -> System:
    """A PC that lacks the library for the buttons, and where Office may not start programs."""
    system = windows(folder, EXCEL + rf"{ASR_RULES} | {CHILD_PROCESSES} | 1")
    return system.but(
        libraries={**system.libraries, "xlwings": None}, ask=lambda _: Answer(f"hmsbook {VERSION}", 0.3)
    )


def mac(folder: Path, *, started: bool = True) -> System:
    """A machine with macOS; `started` when Excel has run once and so has made its folders."""
    home = folder / "Users" / "kari"
    home.mkdir(parents=True, exist_ok=True)
    if started:
        home.joinpath(*MAC_OFFICE).mkdir(parents=True, exist_ok=True)
    python = home / "hms" / ".venv" / "bin" / "python"
    answering(python)
    return _system(folder, home, python, ("darwin", "macOS-15.1"))


def linux(folder: Path) -> System:
    """A machine with Linux."""
    home = folder / "home" / "kari"
    answering(home / "bin" / "python")
    return _system(folder, home, home / "bin" / "python", ("linux", "Linux-6.1"))


def _system(folder: Path, home: Path, python: Path, kind: tuple[str, str]) -> System:
    platform, name = kind
    package = python.parents[1] / "hmsbook"
    write(package / "macros" / NAME, SHIPPED)
    return System(
        platform=platform,
        name=name,
        environment={"HOME": str(home), "LANG": "nb_NO.UTF-8"},
        home=home,
        root=folder,
        temp=made(folder / "temp"),
        package=package,
        registry=Registry(),
        python=Python(python, "/usr", "3.12.7", 64),
        libraries=LIBRARIES,
        ask=ask,
    )


def answering(python: Path, says: str = f"hmsbook {VERSION}") -> None:
    """Draw an interpreter that answers what hmsbook says of itself."""
    write(python, f"#!/bin/sh\necho '{says}'\n".encode())
    python.chmod(0o755)


def write(path: Path, data: bytes) -> Path:
    """Put a file there, with the folders it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def made(folder: Path) -> Path:
    """Make a folder, if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def state(system: System) -> tuple[dict[str, bytes | None], list[str]]:
    """Every file and folder with its bytes, and every key and value of the registry."""
    found = sorted(system.root.rglob("*"))
    files = {
        str(path.relative_to(system.root)): path.read_bytes() if path.is_file() else None for path in found
    }
    table = system.registry._api
    return files, table.table() if table else []


def cases(findings: Iterable[Finding], topics: Collection[str] = ()) -> list[str]:
    """The cases of findings, each of which every language can say; of the topics named, if any."""
    found = list(findings)
    assert all(finding_json(finding, words(lang))["text"] for finding in found for lang in LANGUAGES)
    return [finding.case for finding in found if not topics or finding.topic in topics]
