"""Status in words and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from hmsbook.analysis.assessment import SIGNALS, Assessment
from hmsbook.analysis.meaning import COMMON_CAUSE
from hmsbook.analysis.summary import IndicatorSummary, Summary
from hmsbook.flow.check import sentences
from hmsbook.flow.coverage import followed
from hmsbook.flow.figures import period_name
from hmsbook.flow.live import Live
from hmsbook.flow.sentences import next_text, sentence
from hmsbook.model.book import Book
from hmsbook.model.dates import to_serial
from hmsbook.model.problems import Problem
from hmsbook.model.raw import Grid, Value
from hmsbook.standard.book import slot_ids
from hmsbook.standard.sheets.status import INDICATORS
from hmsbook.texts.files import load
from hmsbook.texts.words import Words

# Rules that say what the method asks for; the others are about cells.
CHALLENGE_KINDS = ("improve", "preserve", "wish")
METHOD_RULES = ("GRP", "IND-1", "CHA", "SUR", "APU", "PRO", "MEA-5", "PRI-2")


def facts(book: Book, summary: Summary, live: Live, updated: str, language: Words) -> list[str]:
    """The page in one line, unit, period, step reached, next meeting, when updated."""
    unit = " · ".join(part for part in (book.unit.unit, book.unit.organisation) if part)
    return [
        short(summary, language) if updated else "",
        unit,
        _period(summary, language),
        _step(book, language),
        _next_meeting(live, language),
        language.date(date.fromisoformat(updated)) if updated else "",
    ]


def short(summary: Summary, language: Words) -> str:
    """How many indicators changed, targets are out of reach, measures overdue and numbers missing."""
    used = [entry.assessment for entry in summary.indicators.values() if entry.indicator.in_use]
    counts = {kind: sum(about.kind == kind and about.sure for about in used) for kind in SIGNALS}
    counts["maybe"] = sum(about.is_signal and not about.sure for about in used)
    counts["fail"] = sum(about.assurance == "fail" for about in used)
    counts["overdue"] = len(summary.measures.overdue)
    counts["missing"] = sum(about.missing is not None for about in used)
    parts = [language.text(f"ui.status.short.{key}", n=count) for key, count in counts.items() if count]
    return f"{', '.join(parts)}." if parts else language.text("ui.status.short.calm")


def _period(summary: Summary, language: Words) -> str:
    if summary.first_month is None or summary.last_month is None:
        return ""
    return f"{language.month(summary.first_month)} – {language.month(summary.last_month)}"


def _step(book: Book, language: Words) -> str:
    steps = load("methods.toml")[book.method]["steps"]
    done = sum(step.status == "done" for step in book.steps)
    at = min(done, len(steps) - 1)
    title = language.text(f"steps.{book.method}.{steps[at]}.title")
    method = language.choice("methods", book.method)
    return f"{at + 1} {language.text('ui.status.of')} {len(steps)}: {title} ({method})"


def _next_meeting(live: Live, language: Words) -> str:
    day, kind = live.next_meeting
    if day is None:
        return language.text("ui.status.no_meeting")
    label = language.choice("meeting_types", kind) if kind else ""
    return f"{language.date(day)} · {label}" if label else language.date(day)


def indicator_rows(book: Book, summary: Summary, language: Words) -> Grid:
    """A row a slot: name, numbers, icons, one sentence and what to do."""
    rows: Grid = []
    for slot_id in slot_ids(book.manifest.slots):
        entry = summary.indicators.get(slot_id)
        used = entry is not None and entry.indicator.in_use
        rows.append(_indicator_row(entry, language) if entry and used else [None] * len(INDICATORS.columns))
    if not book.active:
        rows[0] = [language.text("ui.status.no_indicators"), *rows[0][1:]]
    return rows


def _indicator_row(entry: IndicatorSummary, language: Words) -> list[Value]:
    found, about = entry.indicator, entry.assessment
    name = f"{found.known_as} ({found.unit})" if found.unit else found.known_as
    if about.hidden:
        target = target_text(about, language)
        return [name, *[None] * 5, target, None, None, sentence(about, language), next_text(about, language)]
    return [
        name,
        None,
        _rounded(about.last, about.decimals),
        _newest(about, language),
        _rounded(entry.last_year if about.year else None, about.decimals),
        _rounded(_mean(about), max(1, about.decimals)),
        target_text(about, language),
        assurance_icon(about, language),
        variation_icon(about, language),
        sentence(about, language),
        next_text(about, language),
    ]


def _newest(about: Assessment, language: Words) -> str | None:
    """The period of the newest value."""
    row = about.chart.last
    return None if row is None else period_name(about.months[row], about.step, language, short=True)


def _mean(about: Assessment) -> float | None:
    """The mean of the newest phase; none of figures that each cover a year."""
    phase = about.chart.last_phase
    rolling = about.barred is not None and about.barred.key == "rolling"
    return None if phase is None or rolling else phase.mean


def target_text(about: Assessment, language: Words) -> str | None:
    """The target, with a sign that tells which side of it is the good one."""
    target, sign = about.chart.target, {"lower": "≤ ", "higher": "≥ "}.get(about.chart.better, "")
    return None if target is None else f"{sign}{language.number(target)}"


def variation_icon(about: Assessment, language: Words) -> str | None:
    """Whether the newest value is part of a real change, as a sign and a word."""
    if about.last is None:
        return None
    kind = "unfit" if about.barred else about.kind or "few"
    if kind == COMMON_CAUSE and about.method == "run_chart":
        kind = "few"
    if about.is_signal and not about.sure:
        kind = f"maybe_{kind}"
    return language.text(f"ui.icons.variation.{kind}")


def assurance_icon(about: Assessment, language: Words) -> str | None:
    """Whether the target will be met; where that cannot be told, whether the newest value meets it."""
    if about.assurance:
        return language.text(f"ui.icons.assurance.{about.assurance}")
    if about.meets_target is None:
        return None
    return language.text(f"ui.icons.assurance.{'last_met' if about.meets_target else 'last_missed'}")


def _rounded(value: float | None, decimals: int) -> float | None:
    """A number with the decimals people type; the full number stays in the results block."""
    return None if value is None else round(value, decimals)


def urgent(summary: Summary, rows: int, language: Words) -> Grid:
    """The measures that are most urgent: what, who, by when, days left; the last row counts the others."""
    found = [it for it in summary.measures.urgent if it.deadline]
    opened = len(summary.measures.open)
    shown = found[:rows] if opened <= min(len(found), rows) else found[: rows - 1]
    lines: Grid = [
        [
            f"{it.id}  {it.measure or ''}",
            it.responsible,
            to_serial(it.deadline or summary.today),
            ((it.deadline or summary.today) - summary.today).days,
        ]
        for it in shown
    ]
    if left := opened - len(shown):
        lines.append([language.text("ui.status.more_measures", n=left), None, None, None])
    return lines


def challenges_by_factor(book: Book, language: Words) -> Grid:
    """A row a factor: how many challenges of each kind, and what follows them."""
    rows: Grid = []
    for key, label in language.choices("factors").items():
        found = [challenge for challenge in book.challenges if challenge.factor == key]
        kinds = [sum(challenge.kind == kind for challenge in found) for kind in CHALLENGE_KINDS]
        rows.append([label, *kinds, *followed(book, {challenge.id for challenge in found})])
    return rows


def missing(problems: Sequence[Problem], rows: int, language: Words) -> Grid:
    """What the method asks for that is not there, most important first."""
    found = [problem for problem in problems if problem.code.startswith(METHOD_RULES)]
    if not found:
        return [[language.text("ui.status.nothing_missing")]]
    return [[sentences(problem, language)[0]] for problem in found[:rows]]
