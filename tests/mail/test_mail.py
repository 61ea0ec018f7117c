"""A mail as any program reads it: names, letters in both forms, the copy, and the same bytes each time."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hmsbook.exchange.mail import Attachment, draft, mail
from hmsbook.letters.letter import Letter, Section
from hmsbook.letters.recipients import Recipient

NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)
COPY = Attachment("Året på prøve – utgave 3.xlsx", bytes(range(256)) * 9)
LETTER = Letter(
    "nb",
    "Lag Ø: HMS-arbeidsboka, utgave 3 – svar innen 2. desember og så litt til så linja blir lang nok",
    "Hei, alle sammen!",
    ("Først.", "Så."),
    (Section("Nytt", (("", ("Blåbær og «ost»",)),)),),
    "",
    (),
    ("Åpne den.", "Hilsen\nKari"),
)
KARI, OLA = Recipient("Kari Ås", "kari@bygg.example"), Recipient("", "ola@ærlig.example")


def read(data: bytes) -> EmailMessage:
    found = message_from_bytes(data, policy=default)
    assert isinstance(found, EmailMessage)
    return found


def test_a_draft_opens_unsent_with_all_that_belongs_to_it() -> None:
    found = read(draft(LETTER, COPY, [KARI, OLA]))
    assert found["X-Unsent"] == "1"
    assert found["Subject"] == LETTER.subject
    assert [(it.display_name, it.addr_spec) for it in found["To"].addresses] == [
        ("Kari Ås", "kari@bygg.example"),
        ("", "ola@xn--rlig-uoa.example"),
    ]
    assert found["From"] is None
    assert found["Date"] is None
    attached = next(found.iter_attachments())
    assert attached.get_filename() == COPY.name
    assert attached.get_content() == COPY.data
    assert attached.get_content_type().endswith("spreadsheetml.sheet")


def test_both_forms_are_there_the_plain_one_first() -> None:
    found = read(draft(LETTER, COPY, [KARI]))
    bodies = [part for part in found.walk() if part.get_content_maintype() == "text"]
    assert [part.get_content_subtype() for part in bodies] == ["plain", "html"]
    for part in bodies:
        assert part.get_content_charset() == "utf-8"
        assert "Blåbær og «ost»" in part.get_content()


def test_what_goes_over_the_wire_is_plain_letters_in_short_lines() -> None:
    data = mail(LETTER, COPY, KARI, OLA, NOON)
    lines = data.split(b"\r\n")
    assert data.isascii()
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 998
    assert max(len(line) for line in lines[:12]) <= 100


def test_the_same_letter_is_the_same_bytes() -> None:
    assert draft(LETTER, COPY, [KARI]) == draft(LETTER, COPY, [KARI])
    first = mail(LETTER, COPY, KARI, OLA, NOON)
    assert first == mail(LETTER, COPY, KARI, OLA, NOON)
    other = mail(LETTER, COPY, KARI.but(address="kari@annen.example"), OLA, NOON)
    assert read(first)["Message-ID"] != read(other)["Message-ID"]


def test_a_letter_that_is_sent_says_by_whom_and_when() -> None:
    found = read(mail(LETTER, COPY, KARI, Recipient("Ole Lie", "ole@bygg.example"), NOON))
    assert str(found["From"]) == "Ole Lie <ole@bygg.example>"
    assert parsedate_to_datetime(found["Date"]) == NOON
    assert found["Message-ID"].endswith("@bygg.example>")
    assert found["X-Unsent"] is None


def test_nobody_yet_to_send_to() -> None:
    assert read(draft(LETTER, COPY, []))["To"] is None


@pytest.mark.parametrize("name", ["Kari\r\nBcc: alle@bygg.example", "Kari\x00", 'Kari "K" <x@y>, Ola'])
def test_a_name_adds_no_header_and_no_address(name: str) -> None:
    found = read(draft(LETTER, COPY, [Recipient(name, "kari@bygg.example")]))
    assert found["Bcc"] is None
    assert [it.addr_spec for it in found["To"].addresses] == ["kari@bygg.example"]


@given(st.text(max_size=80), st.text(max_size=40))
def test_any_words_come_through(subject: str, name: str) -> None:
    found = read(draft(LETTER.but(subject=subject), COPY, [Recipient(name, "kari@bygg.example")]))
    assert [it.addr_spec for it in found["To"].addresses] == ["kari@bygg.example"]
    assert found["X-Unsent"] == "1"
    assert next(found.iter_attachments()).get_content() == COPY.data
