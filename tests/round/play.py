"""The coordinator's side of a round: the real command in a folder, and letters as mail programs open them."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from tests.samples.expect import hmsbook

MASTER = "byggeplass.xlsx"
TODAY = "2026-11-16"

Done = dict[str, Any]


class Coordinator:
    """A folder with the workbook of the building site, and what is done there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def master(self) -> Path:
        """The workbook."""
        return self.folder / MASTER

    def make_demo(self) -> None:
        """Make the workbook as `hmsbook demo` makes it."""
        self.run("demo", "demo")
        shutil.move(self.folder / "demo" / MASTER, self.master)

    def copied(self, folder: Path) -> Coordinator:
        """The same in another folder."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return Coordinator(folder)

    def run(self, *arguments: str, code: int = 0) -> str:
        """What a command prints."""
        done = hmsbook(arguments, self.folder, TODAY)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    def merge(self, *arguments: str, code: int = 0) -> Done:
        """What a merge says to programs."""
        found: Done = json.loads(self.run("merge", MASTER, *arguments, "--json", code=code))
        return found


def letter(path: Path) -> EmailMessage:
    """A draft as a mail program opens it."""
    found = message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(found, EmailMessage)
    return found


def text(mail: EmailMessage, kind: str = "plain") -> str:
    """What a letter says."""
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def attached(mail: EmailMessage) -> bytes:
    """The workbook that comes with a letter."""
    (found,) = mail.iter_attachments()
    return bytes(found.get_content())


def zipped(*contents: bytes) -> bytes:
    """Contents as a file of parts."""
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        for number, content in enumerate(contents):
            archive.writestr(str(number), content)
    return stored.getvalue()


def findings(done: Done) -> Iterator[tuple[str, ...]]:
    """Who did what, in the words of a test."""
    for copy in done["copies"]:
        for it in copy["findings"]:
            said = (it["person"], it["what"], it["table"], it["row"], it["column"], it["case"])
            yield tuple(filter(None, said))
