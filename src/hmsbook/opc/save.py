"""Putting a result where it belongs: all of it or nothing, and never over somebody else's work."""

from __future__ import annotations

import errno
import os
import stat
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import NamedTuple

from hmsbook.errors import SaveError

if sys.platform != "win32":
    import fcntl

_PREFIX = ".hmsbook-"
_TEMPORARY = ".tmp"
# A temporary file named so is locked for as long as its writer lives; others are told by their age alone.
_HELD = ".held.tmp"
_STALE_SECONDS = 3600
_RETRY_SECONDS = 2.5
_RETRY_PAUSE = 0.1
_TURN_SECONDS = 5.0
_TURN_PAUSE = 0.01
_CHUNK = 1 << 20
_LONGEST_NAME = 255
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
# What Windows answers when another program, Excel above all, has the file open.
_IN_USE = (5, 32, 33)
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_LOST = (
    errno.EIO,
    errno.ENXIO,
    errno.ENODEV,
    errno.ESTALE,
    errno.ETIMEDOUT,
    errno.ENOTCONN,
    errno.EHOSTDOWN,
    errno.EHOSTUNREACH,
    errno.ENETDOWN,
    errno.ENETUNREACH,
)


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

    SaveError `changed_meanwhile`, `disk_full`, `disk_lost`, `folder_gone`, `read_only`, `no_permission` or
    `not_saved` leaves the old file as it was.
    """
    target = _real(path)
    with _told(target, was_there=expected is not None):
        _require_writable(target)
        with _temporary(target, data) as temporary:
            return _put(temporary, target, expected)


def keep(path: str | os.PathLike[str], mark: str, expected: Fingerprint) -> Path:
    """Copy the `expected` file to a free name beside it, the mark in brackets; safe on the disk on return.

    Raises SaveError as `save` does.
    """
    target = _real(path)
    with _told(target, was_there=True):
        _require_writable(target)
        data, times = target.read_bytes(), target.stat()
        if fingerprint(data) != expected:
            raise SaveError("changed_meanwhile", path=str(target))
        with _temporary(target, data) as temporary:
            os.utime(temporary, ns=(times.st_atime_ns, times.st_mtime_ns))
            return _put_new(temporary, target, mark, ", ")


def _real(path: str | os.PathLike[str]) -> Path:
    """The file itself where the path is a link; unlike `resolve`, links that go in a ring are no surprise."""
    return Path(os.path.realpath(path))


@contextmanager
def _told(target: Path, *, was_there: bool) -> Iterator[None]:
    """Turn what the system answers into a SaveError that says what happened."""
    try:
        yield
    except OSError as error:
        key = _reason(error, was_there=was_there)
        raise SaveError(
            key, path=str(target), folder=str(target.parent), reason=error.strerror or ""
        ) from error


def _reason(error: OSError, *, was_there: bool) -> str:
    if error.errno in _FULL:
        return "disk_full"
    if error.errno in _LOST:
        return "disk_lost"
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return "no_permission"
    gone = was_there and isinstance(error, (FileNotFoundError, NotADirectoryError))
    return "folder_gone" if gone else "not_saved"


def _require_writable(target: Path) -> None:
    """Leave a file that may not be written alone, though its folder would let another take its place."""
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return
    if not mode & 0o222:
        raise SaveError("read_only", path=str(target))
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


@contextmanager
def _temporary(target: Path, data: bytes) -> Iterator[Path]:
    """These bytes in a file beside the target, safe on the disk; gone afterwards unless it was moved."""
    handle, path = _create(target)
    try:
        _dress(path, target)
        _pour(handle, data)
        os.fsync(handle)
        if sys.platform == "win32":
            # Windows moves no open file; elsewhere it stays open, and so locked, until it has moved.
            handle = _closed(handle)
        yield path
    finally:
        _closed(handle)
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _create(target: Path) -> tuple[int, Path]:
    """A new file beside the target that nobody sweeps and nobody reads who could not read the target."""
    mode = 0o666
    with suppress(OSError):
        mode = target.stat().st_mode & 0o666 | 0o600
    while True:
        path = target.with_name(f"{_own_prefix(target)}{os.urandom(4).hex()}{_HELD}")
        handle = os.open(path, _NEW_FILE, mode)
        if _held(handle, path):
            return handle, path
        os.close(handle)


def _held(handle: int, path: Path) -> bool:
    """Lock a new temporary file; False when a sweep came between its making and this."""
    try:
        return _lock(handle) and path.exists()
    except OSError:
        # Some network folders know no locks.
        return True


def _lock(handle: int) -> bool:
    """Lock a file until it is closed; False when somebody else has it, OSError where there are no locks."""
    if sys.platform != "win32":
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def _closed(handle: int) -> int:
    """Close a file, once."""
    if handle >= 0:
        with suppress(OSError):
            os.close(handle)
    return -1


def _own_prefix(target: Path) -> str:
    """The beginning of temporary names for this target; the name itself might make them too long."""
    return f"{_PREFIX}{zlib.crc32(target.name.encode(errors='surrogateescape')):08x}-"


def _dress(temporary: Path, target: Path) -> None:
    """Give the new file the owner, the marks (access lists among them) and the mode of the old one."""
    with suppress(OSError):
        about = target.stat()
        if sys.platform != "win32":
            with suppress(OSError):
                os.chown(temporary, about.st_uid, about.st_gid)
        if sys.platform == "linux":
            _copy_marks(target, temporary)
        temporary.chmod(stat.S_IMODE(about.st_mode))


if sys.platform == "linux":

    def _copy_marks(source: Path, to: Path) -> None:
        with suppress(OSError):
            for name in os.listxattr(source):
                with suppress(OSError):
                    os.setxattr(to, name, os.getxattr(source, name))


def _pour(handle: int, data: bytes) -> None:
    """Write all the bytes, however few the system takes at a time."""
    left = memoryview(data)
    while left:
        left = left[os.write(handle, left[:_CHUNK]) :]


def _put(temporary: Path, target: Path, expected: Fingerprint | None) -> Saved:
    give_up = time.monotonic() + _RETRY_SECONDS
    while True:
        try:
            with _turn(target.parent):
                _check_unchanged(target, expected)
                temporary.replace(target)
        except PermissionError as error:
            if getattr(error, "winerror", None) not in _IN_USE:
                raise
            if time.monotonic() >= give_up:
                return Saved(_put_new(temporary, target, "hmsbook", " "), beside=True)
            time.sleep(_RETRY_PAUSE)
        else:
            _sync_folder(target.parent)
            return Saved(target, beside=False)


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """Let no other hmsbook look and replace in the folder meanwhile, where folders can be locked."""
    handle = -1
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        give_up = time.monotonic() + _TURN_SECONDS
        while not _lock(handle) and time.monotonic() < give_up:
            time.sleep(_TURN_PAUSE)
    try:
        yield
    finally:
        _closed(handle)


def _check_unchanged(target: Path, expected: Fingerprint | None) -> None:
    """Raise SaveError when the file is another now, also when it changed while it was looked at."""
    while expected is not None:
        try:
            mark = _mark(target)
            now = fingerprint(target)
            still = _mark(target) == mark
        except FileNotFoundError:
            if not target.parent.is_dir():
                raise  # the folder is gone, and the file with it as it was
            now, still = None, True
        if now != expected:
            raise SaveError("changed_meanwhile", path=str(target))
        if still:
            return


def _mark(target: Path) -> tuple[int, int, int]:
    """What changes at once when a file is written or replaced."""
    about = target.stat()
    return about.st_ino, about.st_size, about.st_mtime_ns


def _put_new(temporary: Path, target: Path, mark: str, gap: str) -> Path:
    """Move the file to the first free name beside the target, and return it."""
    for number in count(1):
        name = _beside(target, mark if number == 1 else f"{mark}{gap}{number}")
        if _move_new(temporary, name):
            _sync_folder(name.parent)
            return name
    raise AssertionError  # the numbers never end


def _beside(target: Path, mark: str) -> Path:
    """The name with a mark in brackets, cut where it would be too long for a folder."""
    stem, ending = target.stem, f" ({mark}){target.suffix}"
    while stem and len(os.fsencode(stem + ending)) > _LONGEST_NAME:
        stem = stem[:-1]
    return target.with_name(stem + ending)


def _move_new(temporary: Path, name: Path) -> bool:
    """Give a file another name; False when somebody has a file there, which stays."""
    try:
        if sys.platform == "win32":
            temporary.rename(name)
        else:
            _rename_new(temporary, name)
    except FileExistsError:
        return False
    return True


def _rename_new(temporary: Path, name: Path) -> None:
    """What Windows does: a second name cannot replace a file, and the first one is swept."""
    try:
        name.hardlink_to(temporary)
    except FileExistsError:
        raise
    except OSError:
        # Memory sticks and some network folders know no second names: the name is taken first.
        os.close(os.open(name, _NEW_FILE))
        try:
            temporary.replace(name)
        except BaseException:
            name.unlink(missing_ok=True)
            raise


def _sync_folder(folder: Path) -> None:
    """Make the new name last; Windows has no such thing, and some network folders refuse it."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def sweep(path: str | os.PathLike[str]) -> list[Path]:
    """Remove what interrupted saves of this file left behind; returns what is gone.

    Where files cannot be locked, nobody can tell whether a save was interrupted until an hour has passed.
    """
    target = _real(path)
    prefix = _own_prefix(target)
    gone: list[Path] = []
    with suppress(OSError):
        gone += [
            stray for stray in target.parent.iterdir() if stray.name.startswith(prefix) and _remove(stray)
        ]
    return gone


def _remove(stray: Path) -> bool:
    try:
        about = stray.lstat()
        if not (stray.name.endswith(_TEMPORARY) and stat.S_ISREG(about.st_mode)):
            return False
        with _forsaken(stray, old=time.time() - about.st_mtime > _STALE_SECONDS) as gone:
            if gone:
                stray.unlink()
            return gone
    except OSError:
        return False


@contextmanager
def _forsaken(stray: Path, *, old: bool) -> Iterator[bool]:
    """Whether nobody writes a temporary file any more: its lock is free, or else it is old."""
    if sys.platform == "win32" or not stray.name.endswith(_HELD):
        yield old
        return
    handle = os.open(stray, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        # The lock is held until the file is gone, so that a writer which comes now finds out.
        yield _free(handle, otherwise=old)
    finally:
        os.close(handle)


def _free(handle: int, *, otherwise: bool) -> bool:
    try:
        return _lock(handle)
    except OSError:
        return otherwise


def who_has_open(path: str | os.PathLike[str]) -> str | None:
    """The name of who has the file open, by the notes that office programs leave beside it.

    An empty text when somebody has it open without a name. A note may outlive the program that left it.
    """
    for note, read in notes(path):
        try:
            return read(note.read_bytes())
        except FileNotFoundError:
            continue
        except OSError:
            return ""
    return None


def notes(path: str | os.PathLike[str]) -> list[tuple[Path, Callable[[bytes], str]]]:
    """Where office programs leave a note about a file, and how each says who has it open.

    A program that was given a link may leave its note beside the link.
    """
    places = dict.fromkeys((_real(path), Path(path).absolute()))
    kinds = (("~${}", _excel_owner), (".~lock.{}#", _libreoffice_owner))
    return [(place.with_name(name.format(place.name)), read) for place in places for name, read in kinds]


def _excel_owner(note: bytes) -> str:
    """A length byte and the name in the code page of the writer, then both again in UTF-16."""
    wide = note[57 : 57 + 2 * note[55]] if len(note) >= 165 else b""
    name = wide.decode("utf-16-le", "replace").strip("\0 ")
    return name or note[1 : 1 + note[0]].decode("latin-1").strip("\0 ") if note else ""


def _libreoffice_owner(note: bytes) -> str:
    fields = note.decode("utf-8", "replace").split(",")
    return next((field.strip() for field in fields[:2] if field.strip()), "")
