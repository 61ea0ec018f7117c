"""Meetings and deadlines as calendars read them (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hmsbook.letters.dates import Entry
from hmsbook.model.frozen import Frozen

_PRODUCT = "-//hmsbook//hmsbook//NO"


class Calendar(Frozen):
    """What a calendar holds: its name, the workbook it is of, and how often that has been sent."""

    name: str
    workbook_id: str
    edition: int
    today: date
    entries: tuple[Entry, ...]


def as_ical(calendar: Calendar) -> bytes:
    """The calendar as a file; made again it moves the same entries, and makes no new ones."""
    import icalendar

    found: Any = icalendar.Calendar()
    # Published, not an invitation: nobody is asked to answer, and so nobody may stand as an attendee.
    for name, value in (("prodid", _PRODUCT), ("version", "2.0"), ("method", "PUBLISH")):
        found.add(name, value)
    found.add("x-wr-calname", _line(calendar.name))
    for event in _events(calendar):
        found.add_component(event)
    data: bytes = found.to_ical()
    return data


def _events(calendar: Calendar) -> Iterable[Any]:
    return (_event(calendar, entry) for entry in calendar.entries)


def _event(calendar: Calendar, entry: Entry) -> Any:
    import icalendar

    event: Any = icalendar.Event()
    event.add("uid", f"{entry.key}-{calendar.workbook_id}@hmsbook")
    event.add("sequence", calendar.edition)
    event.add("dtstamp", datetime.combine(calendar.today, time(0), UTC))
    event.add("summary", _line(entry.title))
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + timedelta(days=1))
    # A whole day in the calendar, and still free for other things.
    event.add("transp", "TRANSPARENT")
    text = "\n".join(entry.text.splitlines())
    for name, value in (
        ("location", _line(entry.place)),
        ("description", text),
        ("contact", _line(entry.who)),
    ):
        if value:
            event.add(name, value)
    return event


def _line(text: str) -> str:
    """A text in one line, which no entry of its own can begin in."""
    return " ".join(text.split())
