"""Results by month and slot, for the block that charts look up."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date

from hmsbook.analysis.assessment import Assessment
from hmsbook.analysis.series import Series
from hmsbook.analysis.summary import IndicatorSummary, Summary
from hmsbook.flow.levels import Levels, levels
from hmsbook.model.book import Book
from hmsbook.model.dates import add_months, first_of_month, months_between
from hmsbook.model.frozen import Frozen
from hmsbook.model.records import Indicator, Measure
from hmsbook.standard.book import slot_ids
from hmsbook.standard.calc import MOST_SECONDS
from hmsbook.standard.kinds import MOST_DIGITS
from hmsbook.standard.sheets.trends import event_label

Cells = dict[str, float]
# By month, and by the place of the indicator's slot.
Results = dict[date, dict[int, Cells]]

KINDS = {"improvement": 1, "concern": 2, "neutral": 3}
# A start that is only planned is no cause of anything yet.
PLANNED = ("proposed", "decided")
_NUMBERED = re.compile(rf"T([0-9]{{1,{MOST_DIGITS}}})")


class Mark(Frozen):
    """What may have moved an indicator: a measure that started or an event.

    key: "measure" or "event". row: the month of the chart's point it stands at. label: as on the chart, for
    a measure its id. number: the one in the label, 0 where there is none and the chart shows nothing.
    """

    key: str
    row: date
    month: date
    number: int
    label: str
    text: str


def results(book: Book, summary: Summary) -> Results:
    """Values, levels, limits, signals and marks of every indicator in use, by month and slot."""
    found: Results = {}
    for slot, slot_id in enumerate(slot_ids(book.manifest.slots)):
        entry = summary.indicators.get(slot_id)
        if entry is not None and entry.indicator.in_use:
            for month, cells in _by_month(entry):
                found.setdefault(month, {})[slot] = cells
            # The lowest number last, so that it is the one that stays of several in a month.
            for mark in sorted(marks(book, summary, entry), key=lambda mark: -mark.number):
                there = found.setdefault(mark.row, {}).setdefault(slot, {})
                there |= {mark.key: mark.number} if mark.number else {}
    return found


def _by_month(entry: IndicatorSummary) -> Iterator[tuple[date, Cells]]:
    """Each month's value, the lines through it, and the number of its signal, as far as there are any."""
    about, months = entry.assessment, entry.series.months
    kinds = _kinds(about)
    for month, value, lines in zip(months, entry.series.values, _lines(about, months), strict=True):
        cells = dict(lines)
        if value is not None:
            cells["value"] = value
        if month in kinds:
            cells["kind"] = kinds[month]
        yield month, cells


def _kinds(about: Assessment) -> dict[date, int]:
    """The months with a signal, and the number of its kind."""
    if about.barred:
        return {}
    rows = zip(about.months, about.chart.points, strict=True)
    return {month: KINDS[point.kind] for month, point in rows if point.kind in KINDS}


def _lines(about: Assessment, months: Iterable[date]) -> Iterator[Cells]:
    """The centre line and the limits of the phase that each month is in; a month need not have a value."""
    lines = [_line(levels(about, phase)) for phase in about.chart.phases] or [{}]
    later = [about.months[phase.start] for phase in about.chart.phases[1:]]
    return (lines[bisect_right(later, month)] for month in months)


def _line(found: Levels) -> Cells:
    """Levels by column: there is one for the centre, mean or median."""
    return {"mean" if name == "median" else name: level for name, level in found.items()}


def marks(book: Book, summary: Summary, entry: IndicatorSummary) -> tuple[Mark, ...]:
    """Measures meant to move an indicator, then events that touched it, each from the first to the last."""
    return (*_measures(book, summary, entry), *_events(book, summary, entry))


def _measures(book: Book, summary: Summary, entry: IndicatorSummary) -> Iterator[Mark]:
    meant = (it for it in book.measures if it.start and _began(it, entry.indicator))
    found = sorted((first_of_month(it.start or date.min), it.id or "", it.measure or "") for it in meant)
    for month, label, text in found:
        if row := _row(month, summary, entry.series):
            yield Mark("measure", row, month, _number(label), label, text)


def _number(label: str) -> int:
    found = _NUMBERED.fullmatch(label)
    return int(found[1]) if found else 0


def _began(measure: Measure, indicator: Indicator) -> bool:
    """Whether a measure meant to move an indicator has begun, and may be told of beside its numbers."""
    return indicator.id in measure.indicators and measure.status not in PLANNED and not measure.sensitive


def _events(book: Book, summary: Summary, entry: IndicatorSummary) -> Iterator[Mark]:
    found = [
        (row, it.month, it.text)
        for it in book.events
        if it.month and it.text and it.touches(entry.indicator.id)
        if (row := _row(it.month, summary, entry.series))
    ]
    for number, (row, month, text) in enumerate(sorted(found), 1):
        shown = number if number <= MOST_SECONDS else 0
        yield Mark("event", row, month, shown, event_label(number), text)


def _row(month: date, summary: Summary, series: Series) -> date | None:
    """The month of the point whose period holds a month; None outside of what has been counted."""
    if not series.months or summary.first_month is None or month < summary.first_month:
        return None
    back = months_between(month, series.months[-1])
    return add_months(series.months[-1], -(back // series.step) * series.step) if back >= 0 else None
