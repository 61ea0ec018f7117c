"""Rules about development over time: whether limits can be relied on, and whether somebody asked why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from hmsbook.analysis.assessment import Assessment
from hmsbook.analysis.fitness import REASONS
from hmsbook.analysis.spc import SMALLEST_BASELINE
from hmsbook.model.dates import add_months
from hmsbook.rules.base import Finding, Findings, Subject, at, called, rule

# Reasons that numbers give; that a figure covers twelve months is the group's choice.
UNFIT = tuple(key for key in REASONS if key != "rolling")


def _assessments(subject: Subject) -> Iterator[Assessment]:
    """What the numbers say of each indicator in use."""
    for indicator in subject.book.active:
        yield subject.summary.indicators[indicator.id].assessment


def _called(about: Assessment) -> dict[str, object]:
    return {"indicator": called(about.indicator.id, about.indicator.name)}


@rule(
    "IND-5",
    "R",
    cases=("too_few_points", "too_few_since", *UNFIT, "short_baseline", "recalculation_outside"),
    source="NHS England, Making Data Count: limits from 13 points. Wheeler and Bartlett: what misleads them.",
)
def limits_can_be_relied_on(subject: Subject) -> Findings:
    """An indicator in use has points enough for limits, of a kind that limits suit."""
    for about in _assessments(subject):
        yield from _points(about)
        yield from _baseline(about)
    yield from _recalculations(subject)


def _points(about: Assessment) -> Findings:
    """What speaks against limits: too few points, or the weightiest reasons why they suit badly."""
    if about.indicator.rolling:
        return
    if about.barred is None and 0 < about.verdict.points < about.verdict.needed:
        yield _too_few(about)
        return
    for reason in about.unfit:
        if reason.weight == about.unfit[0].weight:
            values = _called(about) | {"found": reason.found, "bound": reason.bound}
            yield Finding(reason.key, about.indicator.place("name"), values)


def _too_few(about: Assessment) -> Finding:
    values = _called(about) | {"n": about.verdict.points, "minimum": about.verdict.needed}
    phase, place = about.chart.last_phase, about.indicator.place("name")
    if phase is None or phase.start == 0:
        return Finding("too_few_points", place, values)
    return Finding("too_few_since", place, values | {"month": about.months[phase.start]})


def _baseline(about: Assessment) -> Findings:
    """A baseline too short to set limits, unless none are drawn or a later calculation took over."""
    first, last = about.indicator.baseline_from or date.min, about.indicator.baseline_to
    if last is None or about.barred or not about.months:
        return
    rows = [row for row, month in enumerate(about.months) if first <= month <= last]
    begun = sum(month < first for month in about.months)
    if len(rows) < SMALLEST_BASELINE and about.chart.phases[-1].start <= begun:
        count = sum(about.chart.values[row] is not None for row in rows)
        values = at("indicators", ("baseline_from", "baseline_to")) | _called(about)
        yield Finding(
            "short_baseline",
            about.indicator.place("baseline_to"),
            values | {"n": count, "minimum": SMALLEST_BASELINE},
        )


def _recalculations(subject: Subject) -> Findings:
    about = {found.indicator.id: found for found in _assessments(subject)}
    for row in subject.book.recalculations:
        found, month = about.get(row.indicator or ""), row.from_month
        if found and month and _outside(month, found, subject.today):
            values = _called(found) | {"month": month}
            yield Finding("recalculation_outside", row.place("from_month"), values)


def _outside(month: date, about: Assessment, today: date) -> bool:
    """Whether a month lies before the numbers, or after both them and today: a number may only be late."""
    if not about.months:
        return False
    first = add_months(about.months[0], 1 - about.step)
    return month < first or month > max(about.months[-1], today)


@rule(
    "IND-6",
    "R",
    cases=("unexplained", "unexplained_without_owner"),
    source="PRoIND: ask why a number changed before anyone decides on a measure.",
)
def concern_has_a_why(subject: Subject) -> Findings:
    """Somebody has written why an indicator in use is going the wrong way, where it is."""
    for about in _assessments(subject):
        if about.kind == "concern" and about.span and not about.explained:
            first, last = (about.months[row] for row in about.span)
            owner = about.indicator.owner or ""
            values = at("why", "text") | _called(about) | {"month": first, "owner": owner}
            case = "unexplained" if owner else "unexplained_without_owner"
            newest = subject.book.value_places.get((about.indicator.id, last))
            yield Finding(case, newest or about.indicator.place("name"), values)
