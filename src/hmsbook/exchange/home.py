"""Where hmsbook keeps what belongs to the person and to no workbook: settings, and mail not yet sent."""

from __future__ import annotations

import os
import sys
from pathlib import Path

# Below the folders that each system has for this.
FOLDER = "hmsbook"
SETTINGS = "hmsbook.toml"
WINDOWS_SETTINGS, WINDOWS_STATE = "APPDATA", "LOCALAPPDATA"
MAC = ("Library", "Application Support")


def settings_file() -> Path:
    """The file of the person's settings; it need not be there."""
    return _folder(WINDOWS_SETTINGS, ("AppData", "Roaming"), "XDG_CONFIG_HOME", (".config",)) / SETTINGS


def state_folder() -> Path:
    """The folder for what is to be gone on with; it need not be there."""
    return _folder(WINDOWS_STATE, ("AppData", "Local"), "XDG_STATE_HOME", (".local", "state"))


def _folder(windows: str, windows_usual: tuple[str, ...], others: str, others_usual: tuple[str, ...]) -> Path:
    if sys.platform == "darwin":
        return Path.home().joinpath(*MAC, FOLDER)
    variable, usual = (windows, windows_usual) if sys.platform == "win32" else (others, others_usual)
    told = os.environ.get(variable, "")
    base = Path(told) if Path(told).is_absolute() else Path.home().joinpath(*usual)
    return base / FOLDER
