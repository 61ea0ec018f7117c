"""What is asked of each person: numbers, deadlines, evaluations, answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from hmsbook.analysis.series import step_of
from hmsbook.analysis.summary import Summary
from hmsbook.flow.figures import period_name
from hmsbook.flow.news import Item
from hmsbook.model.book import Book
from hmsbook.model.frozen import Frozen
from hmsbook.model.records import Challenge, Indicator, Measure, Proposal
from hmsbook.rules.people import anyone_of
from hmsbook.standard.sheets.measures import UNDER_WAY
from hmsbook.texts.words import Words

# Signals that somebody who knows the work should explain.
_ASKED_WHY = ("concern", "maybe_concern", "neutral", "maybe_neutral")
_EVALUATIONS = ("evaluate", "evaluate_soon")


class Task(Frozen):
    """What somebody is asked to do; nobody in particular where a row names nobody."""

    who: str
    text: str


def tasks(
    book: Book,
    summary: Summary,
    *,
    items: Iterable[Item],
    until: date,
    words: Words,
) -> tuple[Task, ...]:
    """Everything that is asked of somebody by name, up to a day."""
    return (
        *_numbers(summary.owed, words),
        *_answers(items, words),
        *_measures(book.measures, summary, until, words),
    )


def tasks_of(found: Iterable[Task], name: str) -> tuple[Task, ...]:
    """What is asked of one person."""
    return tuple(task for task in found if task.who and anyone_of(task.who, [name]))


def by_person(found: Iterable[Task]) -> Mapping[str, tuple[Task, ...]]:
    """What is asked, by who is asked as it is written, in the order they first come up; nobody last."""
    tasks = sorted(found, key=lambda task: not task.who)
    return {who: tuple(it for it in tasks if it.who == who) for who in dict.fromkeys(it.who for it in tasks)}


def _numbers(owed: Iterable[tuple[Indicator, date]], words: Words) -> Iterator[Task]:
    for indicator, month in owed:
        period = period_name(month, step_of(indicator), words)
        text = words.text("letter.task.number", indicator=indicator.known_as, month=period)
        yield Task(indicator.owner or "", text)


def _answers(items: Iterable[Item], words: Words) -> Iterator[Task]:
    """The question that a change calls for, to who owns the number."""
    for item in items:
        if item.case in _ASKED_WHY:
            question = words.text(f"news.question.{item.case.removeprefix('maybe_')}")
            yield Task(item.owner, f"{item.indicator}: {question}")


def _measures(measures: Iterable[Measure], summary: Summary, until: date, words: Words) -> Iterator[Task]:
    for measure in measures:
        if case := _case(measure, summary.today, until):
            day = measure.evaluate_on if case in _EVALUATIONS else measure.deadline
            shown = day_in_letter(day, summary.today, words) if day else ""
            values = {"measure": called(measure), "day": shown}
            key = case if day else f"{case}_undated"
            yield Task(measure.responsible or "", words.text(f"letter.task.{key}", **values))


def _case(measure: Measure, today: date, until: date) -> str | None:
    """What a measure asks of who is responsible for it, if anything."""
    if measure.status == "awaiting_evaluation":
        return _evaluation(measure.evaluate_on, today, until)
    if measure.status not in UNDER_WAY or not measure.deadline or measure.deadline > until:
        return None
    return "overdue" if measure.deadline < today else "deadline"


def _evaluation(day: date | None, today: date, until: date) -> str | None:
    """What an evaluation asks: whether it worked, from its day on; before that only to be ready for it."""
    if day is None or day <= today:
        return "evaluate"
    return "evaluate_soon" if day <= until else None


def day_in_letter(day: date, today: date, words: Words) -> str:
    """A day as a letter writes it: in one piece, and without the year where it is this one."""
    return words.date(day).removesuffix(f" {today.year}").replace(" ", "\xa0")


def called(found: Challenge | Measure | Proposal) -> str:
    """A challenge, measure or proposal as people find it: its id, then what it is."""
    if isinstance(found, Challenge):
        text = found.description
    else:
        text = found.measure if isinstance(found, Measure) else found.proposal
    return " ".join(part for part in (found.id, " ".join((text or "").split())) if part)


def to_score(proposals: Iterable[Proposal]) -> tuple[Proposal, ...]:
    """The proposals that are neither chosen nor answered yet."""
    return tuple(it for it in proposals if it.proposal and not it.chosen and not it.answer)
