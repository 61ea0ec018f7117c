"""What became of the add-in: where it is, which one, whom it starts, what stops it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from hmsbook.actions.version import VERSION
from hmsbook.addin import settings
from hmsbook.addin.excel import excel
from hmsbook.addin.files import NAME
from hmsbook.addin.findings import ERROR, OK, WARNING, Finding
from hmsbook.addin.places import is_store_python, is_there, other_copies, shipped, start_folder
from hmsbook.addin.policies import blocking
from hmsbook.addin.system import System

# Windows keeps where a file came from in a second stream of it; from 3 on it is the internet.
MARK = ":Zone.Identifier"
_INTERNET = ("ZoneId=3", "ZoneId=4")


def status(system: System, source: Path | None = None) -> tuple[Finding, ...]:
    """Everything there is to say of the add-in on this machine; nothing is changed."""
    folder = start_folder(system)
    if folder is None:
        return (excel(system),)
    target = folder / NAME
    return (
        excel(system),
        _installed(system, target, source or shipped(system)),
        *_marked(target),
        *_copies(system),
        *_python(system, is_installed=is_there(target)),
        *blocking(system, folder),
        *_mac(system),
    )


def start(python: str) -> tuple[str, ...]:
    """What starts hmsbook as the add-in does, for the shortest of answers.

    `-P`: the folder Excel happens to stand in lends Python no modules.
    """
    return python, "-P", "-m", "hmsbook", "--version"


def _installed(system: System, target: Path, source: Path) -> Finding:
    """Which add-in is in place, compared with the one that came with hmsbook."""
    found, own = _sum(target), _sum(source)
    values = {"path": system.shown(target), "sum": found, "own": own, "version": VERSION}
    if not is_there(target):
        return Finding("addin", ERROR, "not_installed", values)
    if found == own:
        return Finding("addin", OK, "installed", values)
    values["found"] = settings.read(system).get(settings.VERSION, "?")
    return Finding("addin", WARNING, "other_installed", values)


def _sum(path: Path) -> str:
    """The SHA-256 of a file, which IT may compare; empty when it cannot be read."""
    with suppress(OSError):
        return hashlib.sha256(path.read_bytes()).hexdigest()
    return ""


def _marked(target: Path) -> Iterator[Finding]:
    with suppress(OSError):
        about = Path(f"{target}{MARK}").read_text(encoding="ascii", errors="replace")
        if any(zone in about for zone in _INTERNET):
            yield Finding("addin", ERROR, "marked")


def _copies(system: System) -> Iterator[Finding]:
    for copy in other_copies(system):
        yield Finding("addin", WARNING, "copy", {"path": system.shown(copy)})


def _python(system: System, *, is_installed: bool) -> Iterator[Finding]:
    """Whether the interpreter that the add-in starts is there, with the same hmsbook."""
    if is_store_python(system):
        yield Finding("starts", ERROR, "store_python")
    told = settings.read(system).get(settings.PYTHON)
    if told is None:
        if is_installed:
            yield Finding("starts", ERROR, "python_unknown", {"place": settings.place(system)})
        return
    values = {"python": system.shown(told), "version": VERSION}
    if not is_there(Path(told)):
        yield Finding("starts", ERROR, "python_gone", values)
        return
    yield _answers(system, told, values)


def _answers(system: System, python: str, values: dict[str, str]) -> Finding:
    said = system.ask(start(python)).text
    if not said.startswith("hmsbook "):
        return Finding("starts", ERROR, "python_without", values)
    found = said.removeprefix("hmsbook ")
    if found != VERSION:
        return Finding("starts", WARNING, "python_other", {**values, "found": found})
    return Finding("starts", OK, "python_ready", values)


def _mac(system: System) -> Iterator[Finding]:
    """A warning that Excel for Mac starts no programs."""
    if not system.is_windows:
        yield Finding("ribbon", WARNING, "mac_buttons")
