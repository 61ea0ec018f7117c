"""A mail in the Outlook that runs on this PC: made, shown, and never sent by hmsbook."""

from __future__ import annotations

import platform
import tempfile
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from hmsbook.errors import MailError
from hmsbook.exchange.mail import Attachment
from hmsbook.letters.html import as_html
from hmsbook.letters.letter import Letter
from hmsbook.letters.recipients import Recipient

# Constants of Outlook's object model: a mail, and a recipient in the To line.
_MAIL, _TO = 0, 1


def outlook() -> Any:
    """The running Outlook; MailError where there is none that programs can reach."""
    if platform.system() != "Windows":
        raise MailError("no_outlook_here")
    try:
        client = import_module("win32com.client")
    except ImportError as error:
        raise MailError("no_pywin32", reason=str(error)) from None
    # The new Outlook for Windows has no such object, and neither has one that is closed.
    return running(client)


def running(client: Any) -> Any:
    """The Outlook that a COM library finds; MailError where it finds none."""
    try:
        return client.GetActiveObject("Outlook.Application")
    except Exception as error:
        if getattr(error, "hresult", None) is None:
            raise
        raise MailError("outlook_not_running") from None


def show(program: Any, letter: Letter, copy: Attachment, to: Sequence[Recipient]) -> None:
    """Open a new mail in Outlook for the person to look at and send."""
    with tempfile.TemporaryDirectory(prefix="hmsbook-") as folder:
        # Outlook attaches files only, and reads them at once.
        file = Path(folder) / copy.name
        file.write_bytes(copy.data)
        item = program.CreateItem(_MAIL)
        item.Subject = letter.subject
        for person in to:
            item.Recipients.Add(_typed(person)).Type = _TO
        item.HTMLBody = as_html(letter)
        item.Attachments.Add(str(file))
        item.Recipients.ResolveAll()
        item.Display(False)


def _typed(person: Recipient) -> str:
    """A recipient as typed into Outlook; a name with signs that part or begin addresses would be several."""
    is_plain = person.name and person.name.isprintable() and not set(person.name) & set(';,<>"')
    return f"{person.name} <{person.address}>" if is_plain else person.address
