"""Mail that is being sent, kept on the disk so that a broken run goes on where it stopped.

What happens to each mail is noted before and after, so that nobody gets it twice: also where the program is
killed between the server's yes and the note of it. Then it cannot be known, and the person is asked.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, cast

from hmsbook.errors import MailError
from hmsbook.exchange.home import state_folder
from hmsbook.letters.recipients import Recipient
from hmsbook.model.frozen import Frozen

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_FILE = re.compile(r"\d{3,}\.eml")
_LIST, _JOURNAL, _NEW = "list.json", "journal.txt", ".new-"
# What a note says of a mail; `trying` without anything after it is what nobody can know.
READY, TRYING, SENT, REFUSED, LATER = "ready", "trying", "sent", "refused", "later"
# What all that was noted before has come to: a line in the workbook's log.
LOGGED = "logged"


class Mail(Frozen):
    """One mail on its way: to whom, its file, and the sum of its bytes."""

    to: Recipient
    file: str
    sum: str


class Note(Frozen):
    """The last that was noted of a mail, and why."""

    state: str
    reason: str = ""


class Outbox(Frozen):
    """The mails of one edition of a workbook."""

    folder: Path
    edition: int
    mails: tuple[Mail, ...]

    def read(self, mail: Mail) -> bytes:
        """The bytes of a mail; MailError where they are not what was put there."""
        try:
            data = (self.folder / mail.file).read_bytes()
        except OSError:
            data = b""
        if _sum(data) != mail.sum:
            raise MailError("outbox_damaged", path=str(self.folder))
        return data

    def note(self, address: str, state: str, reason: str = "") -> None:
        """Write down what happened to a mail, safe on the disk on return."""
        line = json.dumps({"to": address, "state": state, "reason": reason})
        # The line before may have been cut off.
        _write(self.folder / _JOURNAL, f"\n{line}".encode(), "ab")
        if state == SENT:
            for mail in self.mails:
                if mail.to.address == address:
                    (self.folder / mail.file).unlink(missing_ok=True)

    def _entries(self) -> Iterator[tuple[str, Note]]:
        """All notes, by address, in order; those of the whole under none."""
        for line in (self.folder / _JOURNAL).read_text("utf-8").splitlines():
            # A killed run may have left half a line.
            with suppress(ValueError, KeyError, TypeError):
                entry = json.loads(line)
                yield str(entry["to"]), Note(str(entry["state"]), str(entry["reason"]))

    @property
    def notes(self) -> dict[str, Note]:
        """The last note of each address."""
        return {address: note for address, note in self._entries() if address}

    @property
    def unlogged(self) -> dict[str, Note]:
        """The last note of each address since the workbook's log was told."""
        found: dict[str, Note] = {}
        for address, note in self._entries():
            if note.state == LOGGED:
                found.clear()
            elif address:
                found[address] = note
        return found

    @property
    def is_ready(self) -> bool:
        """Whether the workbook knew of the edition before any mail was to be sent."""
        return any(note.state == READY for _, note in self._entries())

    def those(self, *states: str | None) -> tuple[Mail, ...]:
        """The mails whose last note is one of these; None for those not tried yet."""
        notes = self.notes
        return tuple(mail for mail in self.mails if _state(notes, mail) in states)

    def clear(self) -> None:
        """Take it all away."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _state(notes: Mapping[str, Note], mail: Mail) -> str | None:
    found = notes.get(mail.to.address)
    return found.state if found else None


@contextmanager
def held(workbook_id: str) -> Iterator[None]:
    """Keep other runs away from a workbook's mail; MailError where one is at it."""
    folder = _folder(workbook_id)
    _made(folder.parent)
    with _opened(folder.with_suffix(".lock"), "ab") as lock:
        try:
            _lock(lock.fileno())
        except OSError:
            raise MailError("outbox_busy") from None
        yield


def pending(workbook_id: str) -> Outbox | None:
    """What is left of an earlier run for a workbook; what the workbook never knew of is taken away."""
    folder = _folder(workbook_id)
    try:
        found = json.loads((folder / _LIST).read_text("utf-8"))
        outbox = Outbox(folder, found["edition"], tuple(map(_listed_mail, found["mails"])))
        is_ready = outbox.is_ready
    except FileNotFoundError:
        if not (folder / _LIST).exists():
            return None
        raise MailError("outbox_damaged", path=str(folder)) from None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise MailError("outbox_damaged", path=str(folder)) from None
    if is_ready:
        return outbox
    outbox.clear()
    return None


def _listed_mail(entry: Mapping[str, Any]) -> Mail:
    """A mail of the list; ValueError where its file is not one of the outbox, which are taken away."""
    found = Mail(Recipient(str(entry["name"]), str(entry["address"])), str(entry["file"]), str(entry["sum"]))
    if not _FILE.fullmatch(found.file):
        raise ValueError
    return found


def put_out(workbook_id: str, edition: int, mails: Sequence[tuple[Recipient, bytes]]) -> Outbox:
    """Put mails on the disk, all of them or none; nobody but the person can read them."""
    folder = _folder(workbook_id)
    listed = tuple(Mail(to, f"{at:03}.eml", _sum(data)) for at, (to, data) in enumerate(mails, 1))
    try:
        _made(folder.parent)
        _sweep(folder)
        new = Path(tempfile.mkdtemp(prefix=f"{_NEW}{folder.name}-", dir=folder.parent))
        for mail, (_, data) in zip(listed, mails, strict=True):
            _write(new / mail.file, data, "xb")
        _write(new / _JOURNAL, b"", "xb")
        _write(new / _LIST, _listed(edition, listed), "xb")
        new.rename(folder)
        _settle(folder.parent)
    except OSError as error:
        raise MailError("outbox_unwritten", path=str(folder), reason=error.strerror or "") from None
    return Outbox(folder, edition, listed)


def _sweep(folder: Path) -> None:
    """Take away what a killed run was putting out; nobody else is at it."""
    for stray in folder.parent.glob(f"{_NEW}{folder.name}-*"):
        shutil.rmtree(stray, ignore_errors=True)


def _settle(folder: Path) -> None:
    """Wait until the disk knows of a new name in a folder, where systems offer that."""
    if sys.platform != "win32":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _listed(edition: int, mails: Sequence[Mail]) -> bytes:
    entries = [{"name": it.to.name, "address": it.to.address, "file": it.file, "sum": it.sum} for it in mails]
    return json.dumps({"edition": edition, "mails": entries}).encode()


def _folder(workbook_id: str) -> Path:
    # What a workbook says its id is may be anything.
    return state_folder() / "outbox" / _sum(workbook_id.encode())[:24]


def _sum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _made(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise MailError("outbox_unwritten", path=str(folder), reason=error.strerror or "") from None


def _opened(path: Path, mode: str) -> BinaryIO:
    """A file that nobody else can read."""
    return cast("BinaryIO", open(path, mode, opener=_own))


def _write(path: Path, data: bytes, mode: str) -> None:
    with _opened(path, mode) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _own(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _lock(handle: int) -> None:
    """Lock a file until it is closed; OSError where somebody else has it."""
    if sys.platform == "win32":
        # Far behind the end, where nobody reads or writes.
        os.lseek(handle, 1 << 30, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
