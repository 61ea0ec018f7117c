"""What a busy leader asks of each indicator, and of the measures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property

from hmsbook.analysis.assessment import Assessment, assess
from hmsbook.analysis.series import Series, last_month, series, step_of
from hmsbook.analysis.units import UnitFacts, unit_facts
from hmsbook.model.book import Book
from hmsbook.model.dates import add_months, months_between
from hmsbook.model.frozen import Frozen
from hmsbook.model.records import Indicator, Measure
from hmsbook.standard.sheets.measures import FINISHED as ENDED
from hmsbook.standard.sheets.measures import UNDER_WAY
from hmsbook.standard.sheets.status import FINISHED, OPEN


class IndicatorSummary(Frozen):
    """The latest value of an indicator and what to compare it with; None where there is nothing to say."""

    indicator: Indicator
    series: Series
    unit: UnitFacts
    assessment: Assessment

    @cached_property
    def last(self) -> tuple[date, float] | None:
        """The newest month with a value, and the value."""
        points = self.series.points
        return points[-1] if points else None

    @property
    def last_year(self) -> float | None:
        """The value of the same month the year before."""
        return self.series.at(add_months(self.last[0], -12)) if self.last else None

    @property
    def decimals(self) -> int:
        """The most decimals among the values, two at the most: what people compare by."""
        return self.assessment.decimals


class MeasureSummary(Frozen):
    """How the measures stand today."""

    open: tuple[Measure, ...]
    overdue: tuple[Measure, ...]
    awaiting: tuple[Measure, ...]
    done: tuple[Measure, ...]

    @property
    def urgent(self) -> tuple[Measure, ...]:
        """Measures under way with a deadline, the most urgent first."""
        dated = [measure for measure in self.open if measure.deadline and measure.status in UNDER_WAY]
        return tuple(sorted(dated, key=lambda measure: (measure.deadline or date.max, measure.id or "")))


class Summary(Frozen):
    """What the workbook says today."""

    today: date
    last_month: date | None
    first_month: date | None
    indicators: Mapping[str, IndicatorSummary]
    measures: MeasureSummary
    owed: tuple[tuple[Indicator, date], ...]


def summarise(book: Book, today: date, as_of: date | None = None) -> Summary:
    """The summary of a book on a day, with values up to `as_of`."""
    newest = last_month(book, as_of)
    found = {indicator.id: _indicator(book, indicator, newest, as_of) for indicator in book.indicators}
    firsts = [entry.series.months[0] for entry in found.values() if entry.series.months]
    return Summary(
        today,
        newest,
        min(firsts, default=None),
        found,
        measure_summary(book.measures, today),
        tuple(_owed(book.active, found, today)),
    )


def _indicator(book: Book, indicator: Indicator, newest: date | None, as_of: date | None) -> IndicatorSummary:
    facts = unit_facts(indicator.unit, book.language)
    found = series(book, indicator, facts.multiplier, newest, as_of)
    return IndicatorSummary(indicator, found, facts, assess(book, indicator, facts, found))


def measure_summary(measures: Iterable[Measure], today: date) -> MeasureSummary:
    """Measures by how they stand; overdue means decided or under way past the deadline."""
    measures = tuple(measures)
    return MeasureSummary(
        open=tuple(found for found in measures if found.status in OPEN),
        overdue=tuple(found for found in measures if is_overdue(found, today)),
        awaiting=tuple(found for found in measures if found.status == "awaiting_evaluation"),
        done=tuple(found for found in measures if found.status in FINISHED),
    )


def is_overdue(measure: Measure, today: date) -> bool:
    """Whether a measure that is not finished is past its deadline."""
    running = measure.status not in ENDED
    return running and measure.deadline is not None and measure.deadline < today


def due_month(today: date, step: int) -> date:
    """The newest month that should have a value: the last one that ended with a period."""
    month = add_months(today, -1)
    return add_months(month, -(month.month % step))


def _owed(
    indicators: Iterable[Indicator], found: Mapping[str, IndicatorSummary], today: date
) -> Iterable[tuple[Indicator, date]]:
    """Active indicators whose newest expected month has no value yet, with that month."""
    for indicator in indicators:
        if indicator.frequency == "occasion" or found[indicator.id].assessment.hidden:
            continue
        due = due_month(today, step_of(indicator))
        last = found[indicator.id].last
        if last is None or months_between(last[0], due) > 0:
            yield indicator, due
