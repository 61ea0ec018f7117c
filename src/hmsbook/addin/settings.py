"""What the add-in is told about this machine: in the registry on Windows, in a small file on macOS."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hmsbook.addin.places import MAC_SETTINGS, PROGRAM_SETTINGS, SETTINGS, VBA_SETTINGS
from hmsbook.addin.system import System

# Which interpreter to start, who wrote it, and what was made that an uninstall takes away again.
PYTHON, VERSION, KEY_MADE, FOLDERS_MADE = NAMES = ("python", "version", "key_made", "folders_made")


def place(system: System) -> str:
    """Where the settings are, as people of this system write it."""
    return SETTINGS if system.is_windows else system.shown(_file(system))


def read(system: System) -> dict[str, str]:
    """The settings; empty when there are none, or none that may be read."""
    if system.is_windows:
        found = system.registry.values(SETTINGS)
        return {name: str(found[name]) for name in NAMES if name in found}
    try:
        lines = _file(system).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return {}
    return {name: value for name, _, value in (line.partition("=") for line in lines) if name in NAMES}


def write(system: System, values: Mapping[str, str]) -> None:
    """Set the settings; OSError when the system refuses."""
    if not system.is_windows:
        text = "".join(f"{name}={value}\n" for name, value in values.items())
        _file(system).write_text(text, encoding="utf-8")
        return
    made = KEY_MADE in values or not system.registry.has(VBA_SETTINGS)
    system.registry.write(SETTINGS, {**values, **({KEY_MADE: "1"} if made else {})})


def remove(system: System) -> bool:
    """Take away the settings, and the keys that only they needed; False when there were none."""
    before = read(system)
    if not system.is_windows:
        _file(system).unlink(missing_ok=True)
        return bool(before)
    for name in before:
        system.registry.delete(SETTINGS, name)
    parents = (SETTINGS, PROGRAM_SETTINGS, *((VBA_SETTINGS,) if KEY_MADE in before else ()))
    gone = [system.registry.delete_empty(key) for key in parents]
    return bool(before) or any(gone)


def _file(system: System) -> Path:
    return system.home.joinpath(*MAC_SETTINGS)
