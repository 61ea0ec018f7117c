"""The next meeting and its agenda."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from hmsbook.model.book import Book
from hmsbook.model.dates import to_serial
from hmsbook.model.raw import Value
from hmsbook.standard.calc import MEETING_TYPES


def coming(book: Book, today: date) -> tuple[date | None, str | None]:
    """Date and type of the first meeting that is today or later."""
    dated = [(found.date, found.type) for found in book.meetings if found.date and found.date >= today]
    return min(dated, key=lambda found: found[0], default=(None, None))


def row(day: date | None, kind: str | None) -> list[Value]:
    """The meeting as the calculation sheet holds it: day number and number of the type."""
    return [to_serial(day) if day else 0, MEETING_TYPES.index(kind) + 1 if kind else 0]


def lines(day: date | None, kind: str | None, entry: Callable[[str, str], Any]) -> list[Value]:
    """The lines of the agenda; none without a meeting of a known type."""
    if day is None or not kind:
        return []
    heading = f"{entry(kind, 'title')} {day.day}.{day.month}.{day.year}"
    return [heading, entry(kind, "purpose"), *entry(kind, "agenda")]
