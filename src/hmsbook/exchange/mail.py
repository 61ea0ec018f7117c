"""A letter and a copy as one mail, as any mail program reads it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from email.utils import format_datetime

from hmsbook.letters.html import as_html
from hmsbook.letters.letter import Letter
from hmsbook.letters.recipients import Recipient
from hmsbook.letters.text import as_text
from hmsbook.model.frozen import Frozen

# The largest mail that most servers take, and from where some begin to refuse; in bytes as it is sent.
LARGEST = 25_000_000
LARGE = 10_000_000
_XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")


class Attachment(Frozen):
    """A file that goes along: its name as people see it, and its bytes."""

    name: str
    data: bytes


def draft(letter: Letter, copy: Attachment, to: Iterable[Recipient]) -> bytes:
    """A mail that opens in the mail program as if somebody had just written it, not yet sent."""
    message = _written(letter, copy, to)
    # What mail programs take for a message still to be sent; they put in sender and date.
    message["X-Unsent"] = "1"
    return _bytes(message)


def mail(letter: Letter, copy: Attachment, to: Recipient, sender: Recipient, moment: datetime) -> bytes:
    """A mail ready for a server, the same bytes each time: sent twice, it is seen to be the same."""
    message = _written(letter, copy, [to])
    message["From"] = _address(sender)
    message["Date"] = format_datetime(moment)
    message["Message-ID"] = f"<{_digest(message)}@{plain_address(sender.address).rpartition('@')[2]}>"
    return _bytes(message)


def _written(letter: Letter, copy: Attachment, to: Iterable[Recipient]) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["Subject"] = " ".join(letter.subject.split())
    if people := tuple(map(_address, to)):
        message["To"] = people
    message["Content-Language"] = letter.language
    message.set_content(as_text(letter), cte="quoted-printable")
    message.add_alternative(as_html(letter), subtype="html", cte="quoted-printable")
    message.add_attachment(copy.data, maintype=_XLSX[0], subtype=_XLSX[1], filename=_line(copy.name))
    return message


def _address(person: Recipient) -> Address:
    """The address as servers want it: a domain with letters of its own in the form they know."""
    return Address(_line(person.name), addr_spec=plain_address(person.address))


def _line(text: str) -> str:
    """A name without signs that end a line, which no name in a head of mail takes."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def plain_address(address: str) -> str:
    """An address in the letters that servers know: ola@ærlig.no is ola@xn--rlig-uoa.no."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode()}"


def _digest(message: EmailMessage) -> str:
    content = "\n".join(f"{name}: {value}" for name, value in message.items())
    parts = (part.get_payload() for part in message.walk() if not part.is_multipart())
    return hashlib.sha256("\n".join((content, *map(str, parts))).encode()).hexdigest()[:32]


def _bytes(message: EmailMessage) -> bytes:
    """The message with boundaries that its content gives, not chance."""
    mark = _digest(message)
    for number, part in enumerate(_multiparts(message)):
        part.set_boundary(f"=_{number}_{mark}")
    return message.as_bytes()


def _multiparts(message: EmailMessage) -> Sequence[MIMEPart]:
    return [part for part in message.walk() if part.is_multipart()]
