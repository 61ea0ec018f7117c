"""What is asked of Outlook. There is none here: its objects are drawn, just so far as they are used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hmsbook.errors import MailError
from hmsbook.exchange import outlook
from hmsbook.exchange.mail import Attachment
from hmsbook.letters.letter import Letter
from hmsbook.letters.recipients import Recipient

LETTER = Letter("nb", "Lag Ø: utgave 3", "Hei!", ("Les.",), (), "", (), ("Hilsen",))
COPY = Attachment("Året – utgave 3.xlsx", b"PK")


class Item:
    """A mail in Outlook; Send is not offered, so that it cannot be used."""

    def __init__(self) -> None:
        self.Subject, self.HTMLBody = "", ""
        self.Recipients, self.Attachments = self, self
        self.done: list[tuple[str, Any]] = []

    def Add(self, what: str) -> Item:
        file = Path(what)
        self.done.append(("add", (file.name, file.read_bytes()) if file.is_absolute() else what))
        return self

    def ResolveAll(self) -> None:
        self.done.append(("resolve", None))

    def Display(self, modal: bool) -> None:
        self.done.append(("display", modal))


class Program:
    """Outlook, as COM hands it out."""

    def __init__(self) -> None:
        self.made: list[Item] = []

    def CreateItem(self, kind: int) -> Item:
        assert kind == 0
        self.made.append(Item())
        return self.made[-1]


def test_the_mail_is_shown_with_all_that_belongs_to_it() -> None:
    program = Program()
    outlook.show(program, LETTER, COPY, [Recipient("Kari Ås", "kari@x.no"), Recipient("", "ola@x.no")])
    item = program.made[0]
    assert item.Subject == LETTER.subject
    assert "Les." in item.HTMLBody
    assert item.done == [
        ("add", "Kari Ås <kari@x.no>"),
        ("add", "ola@x.no"),
        ("add", (COPY.name, COPY.data)),
        ("resolve", None),
        ("display", False),
    ]


class Refusal(Exception):
    """What COM raises."""

    hresult = -2147221021


class Closed:
    """COM on a PC where Outlook does not run."""

    def GetActiveObject(self, name: str) -> object:
        raise Refusal(name)


def test_an_outlook_that_does_not_run_is_told_of() -> None:
    with pytest.raises(MailError, match="outlook_not_running"):
        outlook.running(Closed())


def test_other_systems_have_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.system", lambda: "Linux")
    with pytest.raises(MailError, match="no_outlook_here"):
        outlook.outlook()
    monkeypatch.setattr("platform.system", lambda: "Windows")
    monkeypatch.setitem(__import__("sys").modules, "win32com.client", None)
    with pytest.raises(MailError, match="no_pywin32"):
        outlook.outlook()


def test_a_name_that_outlook_would_take_for_several_stays_away() -> None:
    program = Program()
    names = ("Ås; ola@x.no", "Kari <leder>", "Ås, Kari")
    outlook.show(program, LETTER, COPY, [Recipient(name, "kari@x.no") for name in names])
    assert program.made[0].done[:3] == [("add", "kari@x.no")] * 3
