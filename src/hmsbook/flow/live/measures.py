"""Measures: days left, urgency, and how many stand where."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from hmsbook.analysis.summary import MeasureSummary
from hmsbook.model.book import Book
from hmsbook.model.raw import Value
from hmsbook.model.records import Row
from hmsbook.standard.sheets.measures import FINISHED, SOON_DAYS
from hmsbook.texts.words import Words


def columns(book: Book, today: date, words: Words) -> dict[str, list[Value]]:
    """The computed columns, a value a drawn row."""
    rows = book.drawn_rows.get("measures", ())
    left = [_days_left(row, today) for row in rows]
    keys = [_urgency(row, days, today) for row, days in zip(rows, left, strict=True)]
    return {
        "days_left": ["" if days is None else days for days in left],
        "urgency": [words.choice("urgency", key) if key else "" for key in keys],
    }


def _days_left(row: Row, today: date) -> int | None:
    deadline: date | None = row.get("deadline")
    return None if deadline is None or row.get("status") in FINISHED else (deadline - today).days


def _urgency(row: Row, left: int | None, today: date) -> str:
    """The key of what is urgent about a measure, empty when nothing is."""
    evaluate_on: date | None = row.get("evaluate_on")
    if row.get("status") == "awaiting_evaluation" and evaluate_on is not None:
        return "evaluate" if evaluate_on < today else ""
    if left is None or left > SOON_DAYS:
        return ""
    return "overdue" if left < 0 else "soon"


def counts(measures: MeasureSummary, urgency: Sequence[Value], words: Words) -> list[Value]:
    """Measures open, overdue, waiting for evaluation, done."""
    late = urgency.count(words.choice("urgency", "overdue"))
    return [len(measures.open), late, len(measures.awaiting), len(measures.done)]
