"""Results by month and slot, for the block that charts look up."""

from __future__ import annotations

from datetime import date

from hmsbook.analysis.summary import IndicatorSummary, Summary
from hmsbook.model.book import Book
from hmsbook.model.dates import first_of_month
from hmsbook.model.records import Indicator
from hmsbook.standard.book import slot_ids

Results = dict[date, dict[tuple[int, str], float]]


def results(book: Book, summary: Summary) -> Results:
    """Value, mean and marks of every indicator in use, by month and slot."""
    found: Results = {}
    for slot, slot_id in enumerate(slot_ids(book.manifest.slots)):
        entry = summary.indicators.get(slot_id)
        if entry is not None and entry.indicator.in_use:
            _add(found, slot, entry, marked_months(book, entry.indicator))
    return found


def _add(found: Results, slot: int, entry: IndicatorSummary, marks: set[date]) -> None:
    mean = entry.mean
    for month, value in zip(entry.series.months, entry.series.values, strict=True):
        cells = found.setdefault(month, {})
        if mean is not None:
            cells[slot, "mean"] = mean
        if value is not None:
            cells[slot, "value"] = value
            if month in marks:
                cells[slot, "mark"] = 1


def marked_months(book: Book, indicator: Indicator) -> set[date]:
    """The months of an indicator's chart that have a mark."""
    return {month for month, _ in marks(book, indicator)}


def marks(book: Book, indicator: Indicator) -> list[tuple[date, str]]:
    """When a measure meant to move the indicator started, or an event touched it, and what it is called."""
    starts = [
        (first_of_month(measure.start), measure.id or "")
        for measure in book.measures
        if measure.start and indicator.id in measure.indicators and not measure.sensitive
    ]
    events = [
        (event.month, event.text or "")
        for event in book.events
        if event.month and (not event.indicators or indicator.id in event.indicators)
    ]
    return starts + events
