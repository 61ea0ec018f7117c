"""Which Excel there is on this machine."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from hmsbook.addin.findings import OK, WARNING, Finding
from hmsbook.addin.system import System

CLICK_TO_RUN = r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration"
APP_PATHS = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
# Office from an installation package says its bitness beside Outlook, in the view of its own bitness.
OUTLOOK = (
    r"HKLM\SOFTWARE\Microsoft\Office\16.0\Outlook",
    r"HKLM\SOFTWARE\WOW6432Node\Microsoft\Office\16.0\Outlook",
)
LANGUAGE = r"HKCU\Software\Microsoft\Office\16.0\Common\LanguageResources"
_BITS = {"x86": 32, "x64": 64, "arm64": 64}
_MAC_APP = ("Applications", "Microsoft Excel.app", "Contents", "Info.plist")
_NO_VALUE = ""


def excel(system: System) -> Finding:
    """Which Excel was found: its version and bitness, as far as they can be told."""
    if system.is_windows:
        return _windows(system)
    if system.platform == "darwin":
        return _mac(system)
    return Finding("excel", WARNING, "excel_not_for_platform", {"platform": system.kind})


def _windows(system: System) -> Finding:
    read = system.registry.read
    version = read(CLICK_TO_RUN, "VersionToReport")
    platform = read(CLICK_TO_RUN, "Platform")
    if not version:
        platform = next((found for key in OUTLOOK if (found := read(key, "Bitness"))), None)
        version = "16.0" if platform else None
    bits = _BITS.get(str(platform).casefold())
    if version:
        case = "excel_found" if bits else "excel_version"
        return Finding("excel", OK, case, {"version": version, "bits": bits})
    if program := read(APP_PATHS, _NO_VALUE):
        return Finding("excel", OK, "excel_program", {"path": system.shown(str(program))})
    return Finding("excel", WARNING, "excel_not_found")


def _mac(system: System) -> Finding:
    for folder in (system.root, system.home):
        if version := _mac_version(folder.joinpath(*_MAC_APP)):
            return Finding("excel", OK, "excel_version", {"version": version})
    return Finding("excel", WARNING, "excel_not_found")


def _mac_version(about: Path) -> str:
    import plistlib

    with suppress(OSError, plistlib.InvalidFileException):
        return str(plistlib.loads(about.read_bytes()).get("CFBundleShortVersionString", ""))
    return ""


def language(system: System) -> str:
    """The language of Excel's own texts, else of the user's programs; empty when neither is told."""
    told = system.registry.read(LANGUAGE, "UILanguageTag")
    variables = (system.variable(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return str(told) if told else next((found for found in variables if found), "")
