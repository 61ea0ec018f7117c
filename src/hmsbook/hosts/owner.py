"""Who has a workbook open, by the note an office program leaves beside it."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from hmsbook.errors import SaveError
from hmsbook.opc.save import notes, who_has_open

# A program that crashed leaves its note for good; nobody is taken to keep a workbook open for longer.
_LASTS = 24 * 3600


class Note(NamedTuple):
    """A note beside a workbook: its file, who left it, and whether it is so old that it says nothing."""

    path: Path
    who: str
    stale: bool


def note_beside(path: Path) -> Note | None:
    """The note beside a workbook; None where Windows itself tells whether a file is open."""
    if os.name == "nt":
        return None
    for note, _ in notes(path):
        with suppress(OSError):
            stale = time.time() - note.stat().st_mtime > _LASTS
            return Note(note, who_has_open(path) or "", stale)
    return None


def refuse_open(path: Path) -> Note | None:
    """Raise SaveError when somebody has the workbook open: their next save would undo ours.

    Returns the note when it is too old to mean anything.
    """
    note = note_beside(path)
    if note is not None and not note.stale:
        raise SaveError("open_elsewhere", path=str(path), who=note.who, note=note.path.name)
    return note
