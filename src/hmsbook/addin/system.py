"""What hmsbook asks of the machine it runs on: one record of facts, so that any machine can be drawn."""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path, PureWindowsPath
from typing import NamedTuple

from hmsbook.addin.registry import Registry
from hmsbook.model.frozen import Frozen

_PATIENCE = 30.0
_VARIABLE = re.compile(r"%([^%]+)%")


class Answer(NamedTuple):
    """What a program printed, and how long it took in seconds; the text is empty when it failed."""

    text: str
    seconds: float


class Python(Frozen):
    """The interpreter that runs hmsbook."""

    executable: Path
    base: str
    version: str
    bits: int


class System(Frozen):
    """A machine as hmsbook sees it."""

    platform: str
    name: str
    environment: Mapping[str, str]
    home: Path
    root: Path
    temp: Path
    package: Path
    registry: Registry
    python: Python
    libraries: Mapping[str, str | None]
    ask: Callable[[Sequence[str]], Answer]

    @property
    def is_windows(self) -> bool:
        """Whether this is Windows."""
        return self.platform == "win32"

    @property
    def kind(self) -> str:
        """What people call such machines."""
        return {"win32": "Windows", "darwin": "macOS"}.get(self.platform, self.platform.capitalize())

    @property
    def may_have_excel(self) -> bool:
        """Whether Excel exists for such machines."""
        return self.platform in ("win32", "darwin")

    def variable(self, name: str) -> str:
        """A variable of the environment, whatever its case; empty when it is not set."""
        wanted = name.upper()
        return next((value for key, value in self.environment.items() if key.upper() == wanted), "")

    def path(self, text: str) -> Path:
        """A path as the system's own settings state it, its %VARIABLES% filled in."""
        if not self.is_windows:
            return Path(text)
        filled = _VARIABLE.sub(lambda found: self.variable(found[1]) or found[0], text)
        return Path(PureWindowsPath(filled).as_posix())

    def shown(self, path: str | Path) -> str:
        """A path as people of this system write it, the name of the user left out."""
        return self._at_home(path, "~")

    def typed(self, path: str | Path) -> str:
        """A path to paste into a terminal, the name of the user left out."""
        text = self._at_home(path, "%USERPROFILE%" if self.is_windows else "~")
        return f'"{text}"' if self.is_windows else text.replace(" ", "\\ ")

    def _at_home(self, path: str | Path, home: str) -> str:
        """The path with another beginning where it begins with the user's own folder."""
        if not self.is_windows:
            found = Path(path)
            return str(home / found.relative_to(self.home)) if found.is_relative_to(self.home) else str(path)
        inside = PureWindowsPath(path)
        below = inside.is_relative_to(PureWindowsPath(self.home))
        return str(home / inside.relative_to(PureWindowsPath(self.home))) if below else str(inside)


def this_system() -> System:
    """The machine this runs on."""
    return System(
        platform=sys.platform,
        name=platform.platform(terse=True),
        environment=dict(os.environ),
        home=Path.home(),
        root=Path(Path.home().anchor),
        temp=Path(tempfile.gettempdir()),
        package=Path(__file__).resolve().parents[1],
        registry=_registry(),
        python=Python(
            Path(sys.executable),
            sys.base_prefix,
            platform.python_version(),
            64 if sys.maxsize > 2**32 else 32,
        ),
        libraries=_libraries(),
        ask=ask,
    )


def _registry() -> Registry:
    return Registry(importlib.import_module("winreg") if sys.platform == "win32" else None)


def ask(command: Sequence[str]) -> Answer:
    """Run a program without a window, and give what it printed."""
    begun = time.perf_counter()
    text = ""
    with suppress(OSError, subprocess.SubprocessError):
        text = subprocess.run(
            command,
            capture_output=True,
            check=True,
            encoding="utf-8",
            errors="replace",
            stdin=subprocess.DEVNULL,
            timeout=_PATIENCE,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        ).stdout.strip()
    return Answer(text, time.perf_counter() - begun)


def _libraries() -> dict[str, str | None]:
    """The libraries hmsbook declares that it needs, the one for Excel among them, with their versions."""
    found: dict[str, str | None] = {}
    with suppress(importlib.metadata.PackageNotFoundError):
        for line in importlib.metadata.requires("hmsbook") or ():
            name, _, condition = line.partition(";")
            if "extra" not in condition or "excel" in condition:
                library = re.split(r"[\s<>=!~\[(]", name.strip())[0]
                found[library] = _version(library)
    return found


def _version(library: str) -> str | None:
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return None
