"""The add-in put in Excel's start-up folder, and taken away without a trace."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import takewhile
from pathlib import Path

from hmsbook.actions.version import VERSION
from hmsbook.addin import settings
from hmsbook.addin.excel import excel
from hmsbook.addin.files import NAME
from hmsbook.addin.findings import OK, Finding, has_errors
from hmsbook.addin.places import require_start_folder, shipped, start_folder
from hmsbook.addin.status import MARK, status
from hmsbook.addin.system import System
from hmsbook.errors import HmsbookError, SaveError

_WITHOUT_WINDOW = "pythonw.exe"


def install(system: System, source: Path | None = None) -> tuple[Finding, ...]:
    """Put the add-in where Excel finds it, and say what was done and what will stop it.

    HmsbookError when it cannot be done; then everything is as before.
    """
    folder = require_start_folder(system)
    data = _read(source or shipped(system))
    before = settings.read(system)
    target = folder / NAME
    try:
        made = _missing(folder)
        with _undone(system, before, made):
            told = _tell(system, before, len(made))
            copied = _put(system, target, data)
    except OSError as error:
        raise _not_written(system, target, error) from error
    after = status(system, source or shipped(system))
    return (copied, told, *_last_words(system, after), *(it for it in after if it.severity != OK))


def _last_words(system: System, after: tuple[Finding, ...]) -> Iterator[Finding]:
    """What is left to do, unless something keeps it from helping."""
    if not has_errors(after):
        yield Finding("done", OK, "start_excel" if system.is_windows else "start_excel_mac")


def _read(source: Path) -> bytes:
    try:
        return source.read_bytes()
    except OSError as error:
        raise HmsbookError("addin_not_shipped", path=str(source)) from error


def _missing(folder: Path) -> list[Path]:
    """The folders that are not there yet, the outermost last."""
    return list(takewhile(lambda it: not it.exists(), (folder, *folder.parents)))


@contextmanager
def _undone(system: System, before: dict[str, str], made: list[Path]) -> Iterator[None]:
    """Leave settings and folders as they were when the work between fails."""
    try:
        yield
    except BaseException:
        with suppress(OSError):
            _restore(system, before)
        _remove_empty(made)
        raise


def _restore(system: System, before: dict[str, str]) -> None:
    if settings.read(system) != before:
        settings.remove(system)
        if before:
            settings.write(system, before)


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


def _tell(system: System, before: dict[str, str], made: int) -> Finding:
    """Write which interpreter the add-in starts."""
    python = _quiet(system)
    kept = {name: before[name] for name in (settings.KEY_MADE, settings.FOLDERS_MADE) if name in before}
    fresh = {settings.FOLDERS_MADE: str(made)} if made and not kept.get(settings.FOLDERS_MADE) else {}
    values = {settings.PYTHON: str(python), settings.VERSION: VERSION, **kept, **fresh}
    place = settings.place(system)
    try:
        if values != before:
            settings.write(system, values)
    except OSError as error:
        raise SaveError("addin_settings_denied", path=place, reason=error.strerror or "") from error
    case = "python_told" if values != before else "python_was_told"
    return Finding("done", OK, case, {"python": system.shown(python), "place": place})


def _quiet(system: System) -> Path:
    """The interpreter that opens no console window, where there is one beside the one that runs now."""
    quiet = system.python.executable.with_name(_WITHOUT_WINDOW)
    return quiet if system.is_windows and quiet.is_file() else system.python.executable


def _put(system: System, target: Path, data: bytes) -> Finding:
    """Put these bytes there in one step, unless they are there."""
    where = {"path": system.shown(target)}
    mark = Path(f"{target}{MARK}")
    old = target.exists()
    if _holds(target, data) and not mark.exists():
        return Finding("done", OK, "was_there", where)
    _replace(system, target, data)
    _gone(mark)
    return Finding("done", OK, "replaced" if old else "copied", where)


def _holds(target: Path, data: bytes) -> bool:
    with suppress(OSError):
        return target.read_bytes() == data
    return False


def _replace(system: System, target: Path, data: bytes) -> None:
    # Excel opens whatever lies in its start-up folder, so the half-written file lies beside that.
    temporary = _temporary(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        _gone(temporary)
        raise
    try:
        temporary.replace(target)
    except OSError as error:
        _gone(temporary)
        raise _in_use(system, target, error) from error


def _temporary(target: Path) -> Path:
    return target.parents[1] / f"{NAME}.tmp"


def _gone(path: Path) -> None:
    """Remove a file, if it is there and that is possible."""
    with suppress(OSError):
        path.unlink()


def _in_use(system: System, target: Path, error: OSError) -> SaveError:
    if not isinstance(error, PermissionError):
        return _not_written(system, target, error)
    return SaveError("addin_open", path=system.shown(target), reason=error.strerror or "")


def _not_written(system: System, target: Path, error: OSError) -> SaveError:
    return SaveError("addin_not_written", path=system.shown(target), reason=error.strerror or "")


def uninstall(system: System) -> tuple[Finding, ...]:
    """Take away the add-in, its settings and the folders that were made for it; say what is gone.

    SaveError when Excel has the add-in open; then nothing is taken away.
    """
    folder = start_folder(system)
    if folder is None:
        return (excel(system),)
    return tuple(_taken_away(system, folder / NAME)) or (Finding("done", OK, "nothing_there"),)


def _taken_away(system: System, target: Path) -> Iterator[Finding]:
    made = settings.read(system).get(settings.FOLDERS_MADE, "")
    if _removed(system, target):
        yield Finding("done", OK, "removed", {"path": system.shown(target)})
    _gone(_temporary(target))
    if _settings_removed(system):
        yield Finding("done", OK, "settings_removed", {"place": settings.place(system)})
    _remove_empty([target.parent, *target.parent.parents][: int(made) if made.isdecimal() else 0])


def _removed(system: System, target: Path) -> bool:
    try:
        target.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise _in_use(system, target, error) from error
    return True


def _settings_removed(system: System) -> bool:
    place = settings.place(system)
    try:
        return settings.remove(system)
    except OSError as error:
        raise SaveError("addin_settings_denied", path=place, reason=error.strerror or "") from error
