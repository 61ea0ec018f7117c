"""Rules about measures; all but the one on sensitive measures speak of those that are decided."""

from __future__ import annotations

from collections.abc import Iterator

from hmsbook.analysis.assessment import Assessment, as_at, assess_series, baseline, notes_on, phase_starts
from hmsbook.analysis.series import Series
from hmsbook.model.book import Book
from hmsbook.model.dates import add_months
from hmsbook.model.records import Measure
from hmsbook.rules.base import Finding, Findings, Subject, at, called, rule
from hmsbook.rules.people import anyone_of
from hmsbook.standard.sheets.measures import UNDER_WAY

OPEN = (*UNDER_WAY, "done", "awaiting_evaluation")
DECIDED = (*OPEN, "closed", "lifted")
IGLO = ("individual", "group", "leadership", "organisation")
FEWEST_SOURCES = 2
# The worst first.
TOO_EARLY = ("one_point", "no_why")


def _with_status(subject: Subject, statuses: tuple[str, ...]) -> Iterator[tuple[Measure, dict[str, object]]]:
    """Measures with one of these statuses, each with the values every sentence needs."""
    for measure in subject.book.measures:
        if measure.status in statuses:
            yield measure, {"measure": called(measure.id, measure.measure)}


@rule(
    "MEA-1",
    "W",
    cases=("no_responsible", "no_deadline", "no_achieve"),
    source="All four methods: one person, one date, and what will be different.",
)
def decided_measures_are_clear(subject: Subject) -> Findings:
    """A decided measure has a responsible person, a deadline and what it should achieve."""
    for measure, values in _with_status(subject, DECIDED):
        for key in ("responsible", "deadline", "achieve"):
            if place := subject.gap(measure.row, key):
                yield Finding(f"no_{key}", place, values)


@rule(
    "MEA-2",
    "W",
    cases=("overdue", "overdue_without_responsible", "evaluation_late", "responsible_gone"),
    source="All four methods: a measure is followed up until it is evaluated.",
)
def measures_are_followed_up(subject: Subject) -> Findings:
    """No decided measure is overdue, waits past its evaluation, or belongs to someone who has left."""
    names = [member.name for member in subject.book.group if member.name]
    for measure, values in _with_status(subject, OPEN):
        values["responsible"] = measure.responsible or ""
        yield from _overdue(subject, measure, values)
        yield from _evaluation_late(subject, measure, values)
        if names and measure.responsible and not anyone_of(measure.responsible, names):
            yield Finding("responsible_gone", measure.place("responsible"), values)


def _overdue(subject: Subject, measure: Measure, values: dict[str, object]) -> Findings:
    if measure.status in UNDER_WAY and measure.deadline and measure.deadline < subject.today:
        case = "overdue" if measure.responsible else "overdue_without_responsible"
        shown = {"deadline": measure.deadline, "status": "done"}
        yield Finding(case, measure.place("deadline"), values | shown)


def _evaluation_late(subject: Subject, measure: Measure, values: dict[str, object]) -> Findings:
    day = measure.evaluate_on
    if measure.status == "awaiting_evaluation" and day and day < subject.today:
        shown = at("measures", "evaluation") | {"date": day}
        yield Finding("evaluation_late", measure.place("evaluate_on"), values | shown)


@rule(
    "MEA-3",
    "R",
    cases=("few_sources", "no_when_changed", "nobody_asked"),
    source="PRoIND: decide on several sources, ask those it concerns, agree when to change it.",
)
def measures_are_well_founded(subject: Subject) -> Findings:
    """An open measure stands on two sources, says when it may change, and others were asked."""
    for measure, values in _with_status(subject, OPEN):
        count = len(set(measure.sources))
        if count < FEWEST_SOURCES and (count or subject.gap(measure.row, "sources")):
            shown = at("measures", "sources") | {"n": count}
            yield Finding("few_sources", measure.place("sources"), values | shown)
        for key, case in (("when_changed", "no_when_changed"), ("asked_beyond", "nobody_asked")):
            if place := subject.gap(measure.row, key):
                yield Finding(case, place, values | at("measures", key))


@rule(
    "MEA-4",
    "E",
    cases=("sensitive_channel",),
    source="Convention of this workbook: what is sensitive stays in the master.",
)
def sensitive_measures_stay(subject: Subject) -> Findings:
    """No sensitive measure has a channel, whatever its status."""
    for measure in subject.book.measures:
        if measure.sensitive and measure.channels:
            values = at("measures", "channels") | {"measure": called(measure.id, measure.measure)}
            yield Finding("sensitive_channel", measure.place("channels"), values)


@rule(
    "MEA-5",
    "R",
    cases=("level_empty", "only_individual"),
    source="The IGLO model: measures on the level of individual, group, leadership and organisation.",
)
def measures_cover_levels(subject: Subject) -> Findings:
    """Decided measures cover the four levels, and are not all on the individual one."""
    decided = [measure for measure, _ in _with_status(subject, DECIDED)]
    used = {measure.iglo for measure in decided}
    place = subject.book.column_place("measures", "iglo")
    empty = tuple(level for level in IGLO if level not in used)
    if used == {"individual"}:
        yield Finding("only_individual", place, {"n": len(decided)})
    elif decided and empty:
        yield Finding("level_empty", place, {"iglo": empty})


# Status, the column that has to say something, and the case when it does not.
_ENDINGS = {
    "closed": ("evaluation", "closed_without_evaluation"),
    "cancelled": ("evaluation", "cancelled_without_reason"),
    "lifted": ("lifted_to", "lifted_to_nobody"),
}


@rule(
    "MEA-6",
    "W",
    cases=tuple(case for _, case in _ENDINGS.values()),
    source="All four methods: a measure ends with what was learnt, or with someone who takes over.",
)
def measures_end_well(subject: Subject) -> Findings:
    """Closed with an evaluation or why none is needed, cancelled with a reason, lifted to someone."""
    for measure, values in _with_status(subject, tuple(_ENDINGS)):
        column, case = _ENDINGS[measure.status or ""]
        if place := subject.gap(measure.row, column):
            yield Finding(case, place, values | at("measures", column))


@rule(
    "MEA-7",
    "R",
    cases=TOO_EARLY,
    source="PRoIND: decide on several sources, not on one deviating point, and ask why first.",
)
def measures_wait_for_the_why(subject: Subject) -> Findings:
    """A measure under way answers more than one deviating point, and somebody asked why first."""
    for measure, values in _with_status(subject, UNDER_WAY):
        hasty = [it for about in _meant_for(subject, measure) for it in _hasty(subject.book, measure, about)]
        if hasty:
            case, shown = min(hasty, key=lambda found: TOO_EARLY.index(found[0]))
            yield Finding(case, measure.place("status"), values | shown)


def _meant_for(subject: Subject, measure: Measure) -> Iterator[Assessment]:
    """What is said of the indicators in use that a measure should move, where anything may be said."""
    for key in dict.fromkeys(measure.indicators):
        found = subject.summary.indicators.get(key)
        if found and found.indicator.in_use and not found.assessment.barred:
            yield found.assessment


def _hasty(book: Book, measure: Measure, about: Assessment) -> Iterator[tuple[str, dict[str, object]]]:
    """What was too early about answering an indicator's numbers as they stood when the measure began."""
    then = _when_begun(book, measure, about)
    if then.kind != "concern" or then.span is None:
        return
    months = [then.months[row] for row in then.span]
    shown = {"indicator": called(about.indicator.id, about.indicator.name), "month": months[0]}
    if _is_one_point(then) and len(set(measure.sources)) < FEWEST_SOURCES:
        yield "one_point", shown
    elif not _discussed(about) and not notes_on(book, about.indicator, months, then.step):
        yield "no_why", shown


def _when_begun(book: Book, measure: Measure, about: Assessment) -> Assessment:
    """What the months before a measure's first said; what is said now where nobody wrote when it began."""
    if measure.start is None:
        return about
    known = Series(about.months, about.chart.values, about.step)
    then = as_at(known, add_months(measure.start, -1))
    if then.months == about.months:
        return about
    starts = phase_starts(book, about.indicator, then.months)
    limits_from = baseline(about.indicator, then.months, starts)
    return assess_series(then, about.indicator, about.unit, starts=starts, baseline=limits_from)


def _is_one_point(then: Assessment) -> bool:
    """Whether a signal is a single value outside the limits."""
    pattern = then.verdict.pattern
    return pattern is not None and not then.holds and (pattern.rule, pattern.count) == ("outside", 1)


def _discussed(about: Assessment) -> bool:
    """Whether somebody has written why the indicator is going the wrong way now."""
    return about.kind == "concern" and about.explained
