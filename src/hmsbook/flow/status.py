"""Status and Trender in words and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from hmsbook.analysis.summary import IndicatorSummary, Summary
from hmsbook.flow.check import sentences
from hmsbook.flow.coverage import followed
from hmsbook.flow.live import Live
from hmsbook.flow.results import marks
from hmsbook.model.book import Book
from hmsbook.model.dates import to_serial
from hmsbook.model.problems import Problem
from hmsbook.model.raw import Grid, Value
from hmsbook.model.records import Indicator
from hmsbook.standard.book import slot_ids
from hmsbook.standard.sheets.status import INDICATORS
from hmsbook.standard.sheets.trends import BLOCK_ROWS
from hmsbook.texts.files import load
from hmsbook.texts.words import Words

# How many characters one row has room for.
MARK_ROOM = 70
# Rules that say what the method asks for; the others are about cells.
CHALLENGE_KINDS = ("improve", "preserve", "wish")
METHOD_RULES = ("GRP", "IND-1", "CHA", "SUR", "APU", "PRO", "MEA-5", "PRI-2")


def facts(book: Book, summary: Summary, live: Live, updated: str, language: Words) -> list[str]:
    """Unit, period, step reached, next meeting, when updated."""
    unit = " · ".join(part for part in (book.unit.unit, book.unit.organisation) if part)
    return [
        unit,
        _period(summary, language),
        _step(book, language),
        _next_meeting(live, language),
        language.date(date.fromisoformat(updated)) if updated else "",
    ]


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
    """A row a slot: name, numbers, icons and one sentence."""
    rows: Grid = []
    for slot_id in slot_ids(book.manifest.slots):
        entry = summary.indicators.get(slot_id)
        used = entry is not None and entry.indicator.in_use
        rows.append(_indicator_row(entry, language) if entry and used else [None] * len(INDICATORS.columns))
    if not book.active:
        rows[0] = [language.text("ui.status.no_indicators"), *rows[0][1:]]
    return rows


def _indicator_row(entry: IndicatorSummary, language: Words) -> list[Value]:
    found = entry.indicator
    name = f"{found.name or found.id} ({found.unit})" if found.unit else found.name or found.id
    last = entry.last
    return [
        name,
        None,
        _rounded(last[1] if last else None, entry.decimals),
        language.month(last[0], short=True) if last else None,
        _rounded(entry.change, entry.decimals),
        _rounded(entry.last_year, entry.decimals),
        _rounded(entry.mean, max(1, entry.decimals)),
        found.target,
        None,
        _target_icon(entry, language),
        sentence(entry, language),
    ]


def _target_icon(entry: IndicatorSummary, language: Words) -> str | None:
    if entry.target_met is None:
        return None
    return language.text(f"ui.icons.assurance.{'improvement' if entry.target_met else 'concern'}")


def _rounded(value: float | None, decimals: int) -> float | None:
    """A number with the decimals people type; the full number stays in the results block."""
    return None if value is None else round(value, decimals)


def sentence(entry: IndicatorSummary, language: Words) -> str:
    """One plain sentence about an indicator."""
    if entry.last is None:
        return language.text("sentences.no_values")
    month, value = entry.last
    values = {"month": language.month(month), "value": language.number(value, entry.decimals)}
    if entry.missing_last:
        values["missing"] = language.month(entry.series.months[-1])
        return language.text("sentences.missing_last", **values)
    if entry.target_met is not None:
        key = "target_met" if entry.target_met else "target_not_met"
        return language.text(
            f"sentences.{key}", target=language.number(entry.indicator.target or 0.0), **values
        )
    return language.text("sentences.value", **values)


def urgent(summary: Summary, rows: int) -> Grid:
    """The measures that are most urgent: what, who, by when, days left."""
    return [
        [
            f"{found.id}  {found.measure or ''}",
            found.responsible,
            to_serial(found.deadline),
            (found.deadline - summary.today).days,
        ]
        for found in summary.measures.urgent[:rows]
        if found.deadline
    ]


def challenges_by_factor(book: Book, language: Words) -> Grid:
    """A row a factor: how many challenges of each kind, and what follows them."""
    rows: Grid = []
    for key, label in language.choices("factors").items():
        found = [challenge for challenge in book.challenges if challenge.factor == key]
        kinds = [sum(challenge.kind == kind for challenge in found) for kind in CHALLENGE_KINDS]
        rows.append([label, *kinds, *followed(book, {challenge.id for challenge in found})])
    return rows


def missing(problems: Sequence[Problem], rows: int, updated: str, language: Words) -> Grid:
    """What the method asks for that is not there, most important first."""
    if not updated:
        return []
    found = [problem for problem in problems if problem.code.startswith(METHOD_RULES)]
    if not found:
        return [[language.text("ui.status.nothing_missing")]]
    return [[sentences(problem, language)[0]] for problem in found[:rows]]


def trend_texts(book: Book, summary: Summary, language: Words) -> Grid:
    """The sentence above each chart and, below it, what its marks stand for."""
    grid: Grid = []
    for slot_id in slot_ids(book.manifest.slots):
        entry = summary.indicators.get(slot_id)
        block: Grid = [[None] for _ in range(BLOCK_ROWS)]
        if entry is not None and entry.indicator.in_use:
            block[0] = [sentence(entry, language)]
            block[-1] = [_marks(book, entry.indicator, language)]
        grid += block
    return grid


def _marks(book: Book, indicator: Indicator, language: Words) -> str | None:
    """What happened in the marked months, the newest first: ids of measures and names of events."""
    notes = sorted(marks(book, indicator), reverse=True)
    parts = [f"{text} ({language.month(month, short=True)})" for month, text in notes]
    return language.text("ui.trends.marks", marks=_fitting(parts)) if parts else None


def _fitting(parts: Sequence[str]) -> str:
    """As many parts, the newest first, as one row has room for."""
    shown = parts[0]
    for part in parts[1:]:
        if len(shown) + len(part) > MARK_ROOM:
            return f"{shown} …"
        shown = f"{shown} · {part}"
    return shown
