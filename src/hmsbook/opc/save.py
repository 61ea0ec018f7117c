"""Putting a result where it belongs: all of it or nothing, and never over somebody else's work."""

from __future__ import annotations

import errno
import os
import time
import zlib
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from hmsbook.errors import SaveError

_PREFIX = ".hmsbook-"
_STALE_SECONDS = 3600
_RETRY_SECONDS = 2.5
_RETRY_PAUSE = 0.1
# What Windows answers when another program, Excel above all, has the file open.
_IN_USE = (5, 32, 33)
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Fingerprint(NamedTuple):
    """What tells whether a file is still the one that was read.

    The time is not part of it: a synchronised folder touches files whose contents stay the same.
    """

    size: int
    crc: int


class Saved(NamedTuple):
    """Where the result is; `beside` when it had to go beside the file that was meant."""

    path: Path
    beside: bool


def fingerprint(source: bytes | str | os.PathLike[str]) -> Fingerprint:
    """The fingerprint of these bytes, or of the file with this name."""
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    return Fingerprint(len(data), zlib.crc32(data))


def save(path: str | os.PathLike[str], data: bytes, *, expected: Fingerprint | None = None) -> Saved:
    """Replace the file by these bytes in one step, if it still is the `expected` one.

    SaveError `changed_meanwhile`, `disk_full`, `no_permission` or `not_saved` leaves the old file as it was.
    """
    target = Path(path).resolve()
    try:
        temporary = _write_beside(target, data)
        try:
            return _put(temporary, target, expected)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise SaveError(_reason(error), path=str(target), reason=error.strerror or "") from error


def _reason(error: OSError) -> str:
    if error.errno in _FULL:
        return "disk_full"
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return "no_permission"
    return "not_saved"


def _write_beside(target: Path, data: bytes) -> Path:
    temporary = target.with_name(f"{_own_prefix(target)}{os.urandom(4).hex()}.tmp")
    try:
        with temporary.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        with suppress(OSError):
            temporary.chmod(target.stat().st_mode & 0o7777)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _own_prefix(target: Path) -> str:
    """The beginning of temporary names for this target; the name itself might make them too long."""
    return f"{_PREFIX}{zlib.crc32(target.name.encode(errors='surrogateescape')):08x}-"


def _put(temporary: Path, target: Path, expected: Fingerprint | None) -> Saved:
    give_up = time.monotonic() + _RETRY_SECONDS
    while True:
        try:
            _check_unchanged(target, expected)
            temporary.replace(target)
        except PermissionError as error:
            if getattr(error, "winerror", None) not in _IN_USE:
                raise
            if time.monotonic() >= give_up:
                return _put_beside(temporary, target)
            time.sleep(_RETRY_PAUSE)
        else:
            _sync_folder(target.parent)
            return Saved(target, beside=False)


def _check_unchanged(target: Path, expected: Fingerprint | None) -> None:
    if expected is None:
        return
    try:
        now = fingerprint(target)
    except FileNotFoundError:
        now = None
    if now != expected:
        raise SaveError("changed_meanwhile", path=str(target))


def _put_beside(temporary: Path, target: Path) -> Saved:
    number = 1
    while True:
        mark = "hmsbook" if number == 1 else f"hmsbook {number}"
        beside = target.with_name(f"{target.stem} ({mark}){target.suffix}")
        if not beside.exists():
            temporary.replace(beside)
            _sync_folder(beside.parent)
            return Saved(beside, beside=True)
        number += 1


def _sync_folder(folder: Path) -> None:
    """Make the new name last; Windows has no such thing, and some network folders refuse it."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def sweep(path: str | os.PathLike[str]) -> list[Path]:
    """Remove what interrupted saves of this file left behind over an hour ago; returns what is gone."""
    target = Path(path).resolve()
    prefix = _own_prefix(target)
    gone: list[Path] = []
    with suppress(OSError):
        gone += [
            stray for stray in target.parent.iterdir() if stray.name.startswith(prefix) and _remove(stray)
        ]
    return gone


def _remove(stray: Path) -> bool:
    try:
        old = time.time() - stray.lstat().st_mtime > _STALE_SECONDS
        if old and stray.name.endswith(".tmp") and stray.is_file() and not stray.is_symlink():
            stray.unlink()
            return True
    except OSError:
        return False
    return False


def who_has_open(path: str | os.PathLike[str]) -> str | None:
    """The name of who has the file open, by the notes that office programs leave beside it.

    An empty text when somebody has it open without a name. A note may outlive the program that left it.
    """
    target = Path(path).resolve()
    notes = ((f"~${target.name}", _excel_owner), (f".~lock.{target.name}#", _libreoffice_owner))
    for name, read in notes:
        try:
            return read(target.with_name(name).read_bytes())
        except FileNotFoundError:
            continue
        except OSError:
            return ""
    return None


def _excel_owner(note: bytes) -> str:
    """A length byte and the name in the code page of the writer, then both again in UTF-16."""
    wide = note[57 : 57 + 2 * note[55]] if len(note) >= 165 else b""
    name = wide.decode("utf-16-le", "replace").strip("\0 ")
    return name or note[1 : 1 + note[0]].decode("latin-1").strip("\0 ") if note else ""


def _libreoffice_owner(note: bytes) -> str:
    fields = note.decode("utf-8", "replace").split(",")
    return next((field.strip() for field in fields[:2] if field.strip()), "")
