"""The calendar file: read back as any calendar does, the same entries each time, and nothing sensitive."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import icalendar
import pytest

from hmsbook.actions.invite import invite
from hmsbook.actions.send import SendAsked, send_draft
from hmsbook.errors import HmsbookError, PackageError, UsageError
from tests.hosts.books import DATA
from tests.hosts.books import book as fresh
from tests.mail.books import TODAY, book
from tests.support.drawn import drawn

MEETINGS = """
    | id  | type     | date       | place        |
    | M01 | measures | 2026-11-16 | Brakka; «2» |
    | M02 | process  | 2026-11-15 |              |
    | M03 |          | 2027-01-08 | Teams        |
    | M04 | process  |            | Brakka       |
"""
MEASURES = """
    | id  | measure              | status              | deadline   | evaluate_on | responsible | sensitive |
    | T01 | Fast, ukeplan\\nhver | ongoing             | 2026-12-01 | 2027-02-01  | Kari Ås     |           |
    | T02 | Felles lunsj         | decided             | 2026-10-01 |             | Ola Øy      |           |
    | T03 | Lukket               | closed              | 2026-12-24 | 2027-02-01  |             |           |
    | T04 | Foreslått            | proposed            | 2026-12-24 | 2027-02-01  |             |           |
    | T05 | Venter               | awaiting_evaluation | 2026-10-01 | 2026-11-20  |             |           |
    | T06 | Hemmeligstein        | ongoing             | 2026-12-01 | 2027-02-01  | Kari Ås     | ja        |
"""


def rows(text: str) -> list[dict[str, Any]]:
    return [
        {key: value == "ja" if key == "sensitive" else value for key, value in row.items() if value}
        for row in drawn(text)
    ]


def workbook(folder: Path) -> Path:
    return book(folder / "bok.xlsx", meetings=rows(MEETINGS), measures=rows(MEASURES))


def events(path: Path) -> dict[str, Any]:
    found = icalendar.Calendar.from_ical(path.read_bytes())
    return {str(event["UID"]).split("-")[0] + _kind(event): event for event in found.walk("VEVENT")}


def _kind(event: Any) -> str:
    parts = str(event["UID"]).split("-")
    return f" {parts[1]}" if len(parts) > 2 else ""


def test_what_is_coming_is_in_it_and_nothing_else(tmp_path: Path) -> None:
    made = invite(workbook(tmp_path), today=TODAY)
    assert made.path == tmp_path / "bok.ics"
    assert (made.meetings, made.days) == (2, 3)
    assert list(events(made.path)) == ["M01", "M03", "T01 deadline", "T01 evaluate", "T05 evaluate"]


def test_a_calendar_reads_what_was_meant(tmp_path: Path) -> None:
    found = events(invite(workbook(tmp_path), today=TODAY).path)
    meeting, deadline = found["M01"], found["T01 deadline"]
    assert str(meeting["SUMMARY"]) == "Tiltaksmøte: Lag Ø"
    assert str(meeting["LOCATION"]) == "Brakka; «2»"
    assert str(meeting["DESCRIPTION"]).splitlines()[1].startswith("1. Velkommen")
    assert (meeting["DTSTART"].dt, meeting["DTEND"].dt) == (TODAY, date(2026, 11, 17))
    assert str(deadline["SUMMARY"]).startswith("Frist: T01 Fast, ukeplan")
    assert (str(deadline["CONTACT"]), deadline["DTSTART"].dt) == ("Kari Ås", date(2026, 12, 1))
    assert deadline["DTSTAMP"].dt == datetime(2026, 11, 16, tzinfo=UTC)


def test_it_is_published_and_asks_nobody_to_answer(tmp_path: Path) -> None:
    """RFC 5546: what is published has no attendees, so that no program mails them."""
    path = invite(workbook(tmp_path), today=TODAY).path
    found = icalendar.Calendar.from_ical(path.read_bytes())
    assert str(found["METHOD"]) == "PUBLISH"
    assert b"ATTENDEE" not in path.read_bytes()
    assert {str(event["TRANSP"]) for event in found.walk("VEVENT")} == {"TRANSPARENT"}


def test_lines_are_as_the_standard_wants_them(tmp_path: Path) -> None:
    data = invite(workbook(tmp_path), today=TODAY).path.read_bytes()
    lines = data.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 75
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2:] == [b"END:VCALENDAR", b""]


def test_what_is_sensitive_is_in_no_byte(tmp_path: Path) -> None:
    data = invite(workbook(tmp_path), today=TODAY).path.read_bytes()
    assert b"Hemmeligstein" not in data.replace(b"\r\n ", b"")
    assert b"T06" not in data


def test_made_again_it_moves_the_same_entries(tmp_path: Path) -> None:
    path = workbook(tmp_path)
    first = invite(path, today=TODAY).path.read_bytes()
    assert invite(path, today=TODAY).path.read_bytes() == first
    before = events(tmp_path / "bok.ics")
    send_draft(path, SendAsked(), today=TODAY)
    after = events(invite(path, today=TODAY).path)
    assert {key: str(event["UID"]) for key, event in after.items()} == {
        key: str(event["UID"]) for key, event in before.items()
    }
    assert {event["SEQUENCE"] for event in before.values()} == {0}
    assert {event["SEQUENCE"] for event in after.values()} == {1}


@pytest.mark.parametrize(
    ("wanted", "expected"), [({"meetings": True}, (2, 0)), ({"deadlines": True}, (0, 3))]
)
def test_one_kind_only(tmp_path: Path, wanted: dict[str, bool], expected: tuple[int, int]) -> None:
    made = invite(workbook(tmp_path), out=tmp_path / "x.ics", today=TODAY, **wanted)
    assert (made.path.name, made.meetings, made.days) == ("x.ics", *expected)


def refused(path: Path, kind: type[HmsbookError], **options: Any) -> str:
    with pytest.raises(kind) as caught:
        invite(path, today=TODAY, **options)
    return caught.value.key


def test_what_cannot_be_a_calendar_is_told(tmp_path: Path) -> None:
    path = workbook(tmp_path)
    assert refused(path, UsageError, out=tmp_path / "x.xlsx") == "not_ics"
    assert refused(fresh(tmp_path / "ny.xlsx", updated=False), PackageError) == "no_workbook_id"
    nothing = book(tmp_path / "tom.xlsx", meetings=[], measures=DATA["measures"][1:])
    assert refused(nothing, UsageError) == "nothing_to_invite"


def test_line_ends_begin_nothing_of_their_own(tmp_path: Path) -> None:
    unit = DATA["unit"][0] | {"unit": "Lag\nATTENDEE:mailto:x"}
    meetings = [{"id": "M01", "date": "2026-11-20", "place": "Rom\r\nEND:VEVENT"}]
    path = book(tmp_path / "bok.xlsx", unit=[unit], meetings=meetings)
    found = icalendar.Calendar.from_ical(invite(path, meetings=True, today=TODAY).path.read_bytes())
    (event,) = found.events
    assert str(event["LOCATION"]) == "Rom END:VEVENT"
    assert str(found["X-WR-CALNAME"]).endswith("Lag ATTENDEE:mailto:x")
    assert "ATTENDEE" not in {*event, *found}
