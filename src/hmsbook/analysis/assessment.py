"""What an indicator's numbers say now, how far that can be trusted, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property

from hmsbook.analysis.advice import Recalculate, recalculate
from hmsbook.analysis.effect import Effect, effect
from hmsbook.analysis.fitness import Unfit, fitness
from hmsbook.analysis.season import YearOnYear, year_on_year
from hmsbook.analysis.series import Series, period
from hmsbook.analysis.signals import marks, present, slack
from hmsbook.analysis.spc import MDC, SMALLEST_BASELINE, Profile, SpcResult, meets
from hmsbook.analysis.units import UnitFacts
from hmsbook.analysis.verdict import Verdict, judge
from hmsbook.model.book import Book
from hmsbook.model.dates import add_months, first_of_month, months_between
from hmsbook.model.frozen import NOTHING, Frozen
from hmsbook.model.records import Indicator, Measure, Why

# The fewest people a value may have behind it where the unit's form says nothing.
SMALLEST_GROUP = 5
# Measures that have begun, so that the numbers may show them.
STARTED = ("ongoing", "done", "awaiting_evaluation", "closed", "lifted")
# Closer than this to a rounded number is that number.
NEARLY = 1e-9
SIGNALS = ("improvement", "concern", "neutral")


class Assessment(Frozen):
    """What may be said of an indicator.

    months: those of `verdict.chart.values`, none where only their order is known. decimals: those people
    type, two at the most. year: the comparison with last year where it is seasonal. effects: by id of the
    measure. notes: why-notes about the months of the signal that the last value is part of. unevaluated: ids
    of measures nobody has evaluated yet. hidden: why a copy hides the newest value, and how few people are
    too few; nothing is then said of the values before it.
    """

    indicator: Indicator
    unit: UnitFacts
    months: tuple[date, ...]
    step: int
    decimals: int
    verdict: Verdict
    unfit: tuple[Unfit, ...] = ()
    year: YearOnYear | None = None
    advice: Recalculate | None = None
    effects: Mapping[str, Effect] = NOTHING
    notes: tuple[Why, ...] = ()
    unevaluated: tuple[str, ...] = ()
    hidden: tuple[str, int] | None = None

    @property
    def chart(self) -> SpcResult:
        """Limits, rules and icons of all phases."""
        return self.verdict.chart

    @cached_property
    def barred(self) -> Unfit | None:
        """Why neither limits nor signals may be shown, where they may not."""
        return next((found for found in self.unfit if found.weight == "no_verdict"), None)

    @property
    def method(self) -> str:
        """What the verdict rests on: "none", "run_chart" or "control_chart"."""
        return "none" if self.barred else self.verdict.method

    @property
    def kind(self) -> str | None:
        """What the newest value is part of: "common_cause" or a signal; None where nothing may be said."""
        return None if self.barred or self.hidden else self.verdict.kind

    @property
    def is_signal(self) -> bool:
        """Whether the newest value is part of a real change."""
        return self.kind in SIGNALS

    @property
    def sure(self) -> bool:
        """Whether nothing calls for caution."""
        return not self.unfit

    @property
    def assurance(self) -> str | None:
        """Whether the process will meet its target: "pass", "fail", "inconsistent"; None without limits.

        Where a level has changed since the limits were computed, they say too little of the new one: only a
        worse level that fails already, and a better one that passes already, are sure.
        """
        if self.method != "control_chart":
            return None
        sure = {"concern": "fail", "improvement": "pass"}.get(self.advice.kind) if self.advice else None
        return self.chart.assurance if self.advice is None or self.chart.assurance == sure else None

    @property
    def meets_target(self) -> bool | None:
        """Whether the newest value meets the target, equal included; None without target or direction."""
        return None if self.last is None else meets(self.last, self.chart.target, self.chart.better)

    @cached_property
    def start(self) -> int | None:
        """The first row of the signal that the newest value is part of; of the level that has held since."""
        if not self.is_signal or self.chart.last is None:
            return None
        if self.holds and self.advice:
            return self.advice.start
        return self.verdict.pattern.start if self.verdict.pattern else self._run_start

    @property
    def holds(self) -> bool:
        """Whether the signal is a level that has held since before the pattern at the newest value."""
        found, pattern = self.advice, self.verdict.pattern
        same = found is not None and found.kind == self.kind
        return bool(same and found and pattern and found.start < pattern.start)

    @property
    def span(self) -> tuple[int, int] | None:
        """First and last row of the signal that the newest value is part of."""
        return None if self.start is None or self.chart.last is None else (self.start, self.chart.last)

    @property
    def last(self) -> float | None:
        """The newest value."""
        return None if self.chart.last is None else self.chart.values[self.chart.last]

    @property
    def missing(self) -> tuple[int, int] | None:
        """First and last row of the expected values that are missing at the end."""
        rows = len(self.chart.values)
        return (
            (self.chart.last + 1, rows - 1)
            if self.chart.last is not None and self.chart.last_missing and not self.hidden
            else None
        )

    @property
    def _run_start(self) -> int:
        """Where the last run on one side of the median began, in a run chart."""
        run, last = self.verdict.run, self.chart.last or 0
        if run is None or run.median is None:
            return last
        rows = self.chart.values[: last + 1]
        tolerance = slack(rows)
        sides = marks(rows, run.median - tolerance, run.median + tolerance)
        useful = [row for row, side in enumerate(sides) if side]
        return useful[-(run.last_run or 1)]

    @property
    def to_evaluate(self) -> str | None:
        """The first measure that seems to have helped and that nobody has evaluated yet."""
        helped = (key for key, found in self.effects.items() if found.kind == "improvement")
        return next((key for key in helped if key in self.unevaluated), None)

    @property
    def explained(self) -> bool:
        """Whether somebody has written why, for the months of the signal."""
        return bool(self.notes)


def assess(book: Book, indicator: Indicator, unit: UnitFacts, series: Series) -> Assessment:
    """The assessment of an indicator by its points on the grid its frequency asks for."""
    found = series.occasional if indicator.frequency == "occasion" else series
    starts = phase_starts(book, indicator, found.months)
    bare = assess_series(
        found,
        indicator,
        unit,
        starts=starts,
        baseline=baseline(indicator, found.months, starts),
        denominators=denominators(book, indicator, found),
        smallest=book.unit.smallest_group or SMALLEST_GROUP,
    )
    return bare.but(
        decimals=decimals(book.values.get(indicator.id, {}).values()),
        hidden=_hidden(book, indicator, found),
        effects={} if bare.barred else effects(book, indicator, found, starts),
        unevaluated=tuple(it.id for it in book.measures if it.id and not it.evaluation),
        notes=notes_on(book, indicator, [bare.months[row] for row in bare.span or ()], found.step),
    )


def _hidden(book: Book, indicator: Indicator, series: Series) -> tuple[str, int] | None:
    """Why the newest value is hidden, where one is that is newer than all that are shown."""
    masked = book.masked_in(indicator.id)
    newest = max(masked, default=None)
    shown = max((month for month, _ in series.points), default=date.min)
    return masked[newest] if newest is not None and newest > shown else None


def assess_series(
    series: Series,
    indicator: Indicator,
    unit: UnitFacts,
    *,
    starts: Sequence[int] = (),
    baseline: int | None = None,
    denominators: Sequence[float | None] | None = None,
    smallest: float = SMALLEST_GROUP,
    profile: Profile = MDC,
) -> Assessment:
    """The assessment of a series by itself: without measures and notes; UsageError for what means nothing."""
    verdict = judge(
        series.values,
        better=indicator.better or "neutral",
        target=indicator.target,
        phase_starts=starts,
        baseline=baseline,
        profile=profile,
    )
    yearly = _points_a_year(indicator, series.step)
    unfit = fitness(
        verdict.chart,
        period=yearly,
        rolling=bool(indicator.rolling),
        count=unit.counts,
        bounds=unit.between,
        denominators=denominators,
        smallest=smallest,
    )
    seasonal = yearly and any(reason.key == "season" for reason in unfit)
    year = year_on_year(series.values, yearly) if seasonal and yearly else None
    found = Assessment(
        indicator, unit, series.months, series.step, decimals(series.values), verdict, unfit, year
    )
    return found if found.barred else found.but(advice=recalculate(verdict.chart))


def decimals(values: Iterable[float | None]) -> int:
    """The most decimals among values, two at the most; one where there are no values."""
    have = present(values)
    if not have:
        return 1
    near = (count for count in (0, 1) if all(abs(value - round(value, count)) < NEARLY for value in have))
    return next(near, 2)


def _points_a_year(indicator: Indicator, step: int) -> int | None:
    """Points a year, None where they come once a year or on occasion."""
    return 12 // step if indicator.frequency != "occasion" and step < 12 else None


def phase_starts(book: Book, indicator: Indicator, months: Sequence[date]) -> tuple[int, ...]:
    """The rows where limits start afresh: at the baseline and at each recalculation inside the series."""
    asked = [found.from_month for found in book.recalculations if found.indicator == indicator.id]
    firsts = (_row_of(month, months) for month in (*asked, indicator.baseline_from) if month)
    return tuple(sorted({row for row in firsts if row is not None and row > 0}))


def _row_of(month: date, months: Sequence[date]) -> int | None:
    """The first row whose period ends in a month or later; None past the end."""
    wanted = first_of_month(month)
    return next((row for row, found in enumerate(months) if found >= wanted), None)


def baseline(indicator: Indicator, months: Sequence[date], starts: Sequence[int]) -> int | None:
    """How many first rows of the phase set its limits; None without a baseline that can and still does."""
    if indicator.baseline_to is None or not months:
        return None
    first = _row_of(indicator.baseline_from, months) if indicator.baseline_from else 0
    if first is None or any(start > first for start in starts):
        return None
    count = sum(month <= first_of_month(indicator.baseline_to) for month in months[first:])
    return count if count >= SMALLEST_BASELINE else None


def denominators(book: Book, indicator: Indicator, series: Series) -> list[float | None] | None:
    """What is behind each row: people where they are fewer than allowed, else the sums of the basis."""
    smallest = book.unit.smallest_group or SMALLEST_GROUP
    people = [*_behind(book, indicator.id, series)] if indicator.id in book.people_behind else []
    if any(found and found < smallest for found in people):
        return people
    if indicator.fewest_people is not None and indicator.fewest_people < smallest:
        return [float(indicator.fewest_people)] * len(series.months)
    sums = book.basis_sums.get(indicator.id)
    return [_denominator(sums, month, series.step) for month in series.months] if sums else None


def _behind(book: Book, indicator: str, series: Series) -> Iterator[float | None]:
    """The people behind each row, where somebody has counted them."""
    sums = book.people_behind[indicator]
    for month in series.months:
        yield max((sums[day] for day in period(month, series.step) if day in sums), default=None)


def _denominator(sums: Mapping[date, tuple[float, float]], month: date, step: int) -> float | None:
    return sum(sums[day][1] for day in period(month, step) if day in sums) or None


def effects(book: Book, indicator: Indicator, series: Series, starts: Sequence[int]) -> dict[str, Effect]:
    """What changed when each measure that should move the indicator began, by the measure's id."""
    meant = [it for it in book.measures if _may_show(it, indicator)]
    rows = {
        it.id or "": row
        for it in meant
        if it.start and (row := first_row_after(it.start, series.months)) is not None
    }
    events = _event_rows(book, indicator, series.months)
    return {
        key: effect(
            series.values,
            row,
            better=indicator.better or "neutral",
            phase_starts=starts,
            events={**{other: at for other, at in rows.items() if other != key}, **events},
        )
        for key, row in rows.items()
    }


def _may_show(measure: Measure, indicator: Indicator) -> bool:
    """Whether a measure has begun, and the indicator's numbers may be told of beside it."""
    begun = measure.start is not None and measure.status in STARTED
    return begun and indicator.id in measure.indicators and not measure.sensitive


def first_row_after(start: date, months: Sequence[date]) -> int | None:
    """The first row that can show what began on a day: its own month up to the 15th, else the next."""
    shown = first_of_month(start) if start.day <= 15 else add_months(start, 1)
    return _row_of(shown, months)


def _event_rows(book: Book, indicator: Indicator, months: Sequence[date]) -> dict[str, int]:
    """The row of each event that may have touched the indicator, by its text."""
    touching = (it for it in book.events if it.month and it.touches(indicator.id))
    rows = ((it.text or "", _row_of(it.month, months)) for it in touching if it.month)
    return {text: row for text, row in rows if row is not None and text}


def notes_on(book: Book, indicator: Indicator, span: Sequence[date], step: int) -> tuple[Why, ...]:
    """Why-notes on an indicator about the months from first to last, or about the period just before them."""
    if not span:
        return ()
    first = add_months(span[0], -2 * step + 1)
    return tuple(
        note
        for note in book.why
        if note.indicator == indicator.id and note.text and note.month and first <= note.month <= span[-1]
    )


def as_at(series: Series, month: date) -> Series:
    """The series as it stood when a month was its newest."""
    rows = sum(months_between(found, month) >= 0 for found in series.months)
    return Series(series.months[:rows], series.values[:rows], series.step)
