"""What stands in a calendar: the next meetings with their agenda, deadlines and evaluations of measures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from hmsbook.letters.tasks import called
from hmsbook.model.book import Book
from hmsbook.model.frozen import Frozen
from hmsbook.model.records import Measure, Meeting
from hmsbook.standard.sheets.measures import FINISHED, UNDER_WAY
from hmsbook.texts.words import Words, words

# These are finished, but not evaluated.
_TO_EVALUATE = tuple(status for status in FINISHED if status not in ("closed", "cancelled", "lifted"))


class Entry(Frozen):
    """One day in a calendar; `key` is the same each time the same thing is meant."""

    key: str
    day: date
    title: str
    text: str
    place: str = ""
    who: str = ""


def meeting_days(book: Book, today: date) -> tuple[Entry, ...]:
    """The meetings from today on."""
    found = (it for it in book.meetings if it.id and it.date and it.date >= today)
    return tuple(_meeting(it, it.date, book, words(book.language)) for it in found if it.date)


def measure_days(book: Book, today: date) -> tuple[Entry, ...]:
    """Deadlines of measures under way, and evaluations of those not evaluated, from today on."""
    language = words(book.language)
    found = (entry for measure in book.measures for entry in _days(measure, language))
    return tuple(entry for entry in found if entry.day >= today)


def _meeting(meeting: Meeting, day: date, book: Book, language: Words) -> Entry:
    unit = book.unit.unit or book.unit.organisation or ""
    kind = meeting.type
    title = language.text(f"meetings.{kind}.title") if kind else language.text("invite.meeting")
    return Entry(
        str(meeting.id),
        day,
        f"{title}: {unit}" if unit else title,
        "\n".join(_agenda(kind, language)) if kind else "",
        str(meeting.row.get("place") or ""),
    )


def _agenda(kind: str, language: Words) -> Iterator[str]:
    yield language.text(f"meetings.{kind}.purpose")
    for number, item in enumerate(language.get(f"meetings.{kind}.agenda"), 1):
        yield f"{number}. {item}"


def _days(measure: Measure, language: Words) -> Iterator[Entry]:
    under_way = measure.status in UNDER_WAY
    if measure.id and measure.deadline and under_way:
        yield _entry(measure, "deadline", measure.deadline, language)
    if measure.id and measure.evaluate_on and (under_way or measure.status in _TO_EVALUATE):
        yield _entry(measure, "evaluate", measure.evaluate_on, language)


def _entry(measure: Measure, key: str, day: date, language: Words) -> Entry:
    facts = {"who": measure.responsible, "achieve": measure.achieve}
    lines = (language.text(f"invite.{name}", value=value) for name, value in facts.items() if value)
    title = language.text(f"invite.{key}", measure=called(measure))
    return Entry(f"{measure.id}-{key}", day, title, "\n".join(lines), who=measure.responsible or "")
