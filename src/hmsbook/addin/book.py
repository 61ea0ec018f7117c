"""What can be told of one workbook where it lies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from hmsbook.actions.reading import is_older, open_book
from hmsbook.addin.findings import ERROR, OK, WARNING, Finding
from hmsbook.addin.places import is_on_server
from hmsbook.addin.system import System
from hmsbook.errors import HmsbookError
from hmsbook.opc.save import who_has_open
from hmsbook.standard.book import VERSION as STANDARD

# The longest name with its folders that Excel opens and saves.
LONGEST_PATH = 218
_WEB = re.compile(r"https?:/", re.IGNORECASE)
_ONEDRIVE = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")
_MAC_ONEDRIVE = ("Library", "CloudStorage")


def about_book(system: System, book: Path) -> Iterator[Finding]:
    """Yield whether a workbook can be read, which it is, who has it open, and what its place may cause."""
    if _WEB.match(str(book)):
        yield Finding("book", ERROR, "book_on_web", {"path": str(book)})
        return
    yield _read(system, book)
    owner = who_has_open(book)
    if owner is not None:
        yield Finding("book", WARNING, "book_open" if owner else "book_open_unknown", {"who": owner})
    yield from _place(system, Path(book).absolute())


def _read(system: System, book: Path) -> Finding:
    values = {"path": system.shown(book), "known": STANDARD}
    try:
        manifest = open_book(book).book.manifest
    except HmsbookError as problem:
        # A person may send this on: their name in the path is nobody else's concern.
        problem.params["path"] = system.shown(book)
        return Finding("book", ERROR, "book_unreadable", values, problem)
    values["found"] = manifest.standard
    severity, case = (WARNING, "book_older") if is_older(manifest) else (OK, "book_read")
    return Finding("book", severity, case, values)


def _place(system: System, book: Path) -> Iterator[Finding]:
    if _is_synchronised(system, book):
        yield Finding("book", OK, "book_synchronised")
    if is_on_server(book):
        yield Finding("book", OK, "book_on_server")
    if len(str(book)) > LONGEST_PATH:
        yield Finding("book", WARNING, "book_long_path", {"found": len(str(book)), "known": LONGEST_PATH})


def _is_synchronised(system: System, book: Path) -> bool:
    """Whether OneDrive, or SharePoint through it, keeps the folder."""
    folders = [system.path(found) for name in _ONEDRIVE if (found := system.variable(name))]
    if system.platform == "darwin":
        folders.append(system.home.joinpath(*_MAC_ONEDRIVE))
    return any(book.is_relative_to(folder) for folder in folders)
