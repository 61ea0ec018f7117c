"""Rules about the steps of the method: stop points that the parties confirm."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from hmsbook.model.dates import months_between
from hmsbook.model.records import Step
from hmsbook.rules.base import Finding, Findings, Subject, at, rule

STARTED = ("ongoing", "done")
SILENT_MONTHS = 3


@rule(
    "PRO-1",
    "R",
    cases=("not_finished", "not_confirmed", "leader_silent", "leader_never_asked"),
    source="All four methods: the parties confirm a step before the next; the superior leader keeps asking.",
)
def steps_follow_each_other(subject: Subject) -> Findings:
    """No step starts before the one before it is confirmed, and the superior leader asks how it goes."""
    steps = sorted(subject.book.steps, key=lambda step: step.id or "")
    for before, step in pairwise(steps):
        if step.status in STARTED:
            yield from _unconfirmed(subject, before, step)
    yield from _silence(subject, steps)


def _unconfirmed(subject: Subject, before: Step, step: Step) -> Findings:
    values = {"step": _title(step), "before": _title(before)}
    if before.status != "done":
        yield Finding("not_finished", step.place("status"), values)
    elif place := subject.gap(before.row, "confirmed_by"):
        yield Finding("not_confirmed", place, values)


def _silence(subject: Subject, steps: list[Step]) -> Findings:
    """The latest time anyone was asked counts, or else the first thing that was done."""
    current = next((step for step in steps if step.status == "ongoing"), None) or next(
        (step for step in reversed(steps) if step.status in STARTED), None
    )
    if current is None or all(step.status == "done" for step in steps):
        return
    asked = max((found for step in steps if (found := step.row.get("leader_asked"))), default=None)
    since = asked or _begun(subject, steps)
    if since and _whole_months(since, subject.today) >= SILENT_MONTHS:
        case = "leader_silent" if asked else "leader_never_asked"
        values = at("process", "leader_asked") | {"date": since, "step": _title(current)}
        yield Finding(case, current.place("leader_asked"), values)


def _begun(subject: Subject, steps: list[Step]) -> date | None:
    """The first day something was confirmed or a meeting was held."""
    days = [step.date for step in steps] + [meeting.date for meeting in subject.book.meetings]
    return min((day for day in days if day), default=None)


def _whole_months(earlier: date, later: date) -> int:
    return months_between(earlier, later) - (later.day < earlier.day)


def _title(step: Step) -> str:
    return step.row.get("step") or step.id or ""
