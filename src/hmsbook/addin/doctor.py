"""What a support person asks first; nothing is changed, and nothing leaves the machine."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from hmsbook.actions.version import VERSION
from hmsbook.addin.excel import language
from hmsbook.addin.findings import ERROR, OK, WARNING, Finding
from hmsbook.addin.places import is_store_python
from hmsbook.addin.status import start, status
from hmsbook.addin.system import System
from hmsbook.errors import LOG_PREFIX
from hmsbook.standard.book import VERSION as STANDARD

# Longer than this from a click until hmsbook has begun, and people wonder whether it heard them.
SLOW_SECONDS = 2.0
_RIBBON = "xlwings"


def doctor(system: System, book: Path | None = None, source: Path | None = None) -> tuple[Finding, ...]:
    """Everything about this machine, its Excel, the add-in and perhaps a workbook that support asks for."""
    return (*_machine(system), *status(system, source), *(_book(system, book) if book else ()))


def _book(system: System, book: Path) -> Iterator[Finding]:
    from hmsbook.addin.book import about_book

    return about_book(system, book)


def _machine(system: System) -> Iterator[Finding]:
    python = system.python
    yield Finding("program", OK, "program", {"version": VERSION, "standard": STANDARD})
    where = {"version": python.version, "bits": python.bits, "path": system.shown(python.executable)}
    yield Finding("python", OK, "python", where)
    if is_store_python(system):
        yield Finding("python", ERROR, "store_python")
    yield Finding("platform", OK, "platform", {"name": system.name})
    yield Finding("place", OK, "place", {"path": system.shown(system.package)})
    yield from _libraries(system)
    yield _start(system)
    yield Finding("language", OK, "language", {"found": language(system) or "?"})
    yield _temp(system)
    yield _log(system)


def _libraries(system: System) -> Iterator[Finding]:
    versions = system.libraries
    own = {name: version for name, version in versions.items() if name != _RIBBON}
    there = [f"{name} {version}" for name, version in own.items() if version]
    yield Finding("libraries", OK, "libraries", {"found": there})
    for name in (name for name, version in own.items() if not version):
        yield Finding("libraries", ERROR, "library_missing", _pip(system, name))
    if not system.may_have_excel:
        return
    if version := versions.get(_RIBBON):
        yield Finding("ribbon", OK, "ribbon_library", {"name": _RIBBON, "version": version})
    else:
        yield Finding("ribbon", ERROR, "ribbon_library_missing", _pip(system, _RIBBON))


def _pip(system: System, name: str) -> dict[str, str]:
    return {"name": name, "command": f"{system.typed(system.python.executable)} -m pip install {name}"}


def _start(system: System) -> Finding:
    """How long Python and hmsbook take to begin, as after a click in Excel."""
    answer = system.ask(start(str(system.python.executable)))
    if not answer.text:
        return Finding("start", ERROR, "start_failed", {"python": system.shown(system.python.executable)})
    if answer.seconds > SLOW_SECONDS:
        return Finding("start", WARNING, "start_slow", {"seconds": round(answer.seconds, 1)})
    return Finding("start", OK, "start_fast", {"seconds": SLOW_SECONDS})


def _temp(system: System) -> Finding:
    where = {"folder": system.shown(system.temp)}
    try:
        with tempfile.TemporaryFile(dir=system.temp) as file:
            file.write(b"hmsbook")
    except OSError as error:
        return Finding("temp", ERROR, "temp_closed", {**where, "reason": error.strerror or ""})
    return Finding("temp", OK, "temp_open", where)


def _log(system: System) -> Finding:
    """Where the logs of unexpected errors go, and the last one."""
    logs: list[tuple[float, Path]] = []
    with suppress(OSError):
        logs = [(log.stat().st_mtime, log) for log in system.temp.glob(f"{LOG_PREFIX}*.log")]
    if not logs:
        return Finding("log", OK, "no_log", {"folder": system.shown(system.temp)})
    seconds, last = max(logs)
    day = dt.datetime.fromtimestamp(seconds, dt.UTC).astimezone().date()
    return Finding("log", WARNING, "last_log", {"path": system.shown(last), "day": day})
