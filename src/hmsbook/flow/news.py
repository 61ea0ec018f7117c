"""What changed since the last update, with the question to ask about it and who answers it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from hmsbook.analysis.assessment import SIGNALS, Assessment
from hmsbook.analysis.false_signals import expected_false_signals
from hmsbook.analysis.snapshot import NO_SNAPSHOTS, Snapshots, State
from hmsbook.analysis.summary import IndicatorSummary, Summary
from hmsbook.flow.figures import Figures
from hmsbook.model.book import Book
from hmsbook.model.frozen import Frozen
from hmsbook.model.raw import Grid, Value
from hmsbook.texts.words import Words

# Cases in the order in which a meeting should take them.
ORDER = (
    "concern",
    "target_fail",
    "overdue",
    "maybe_concern",
    "evaluate",
    "improvement",
    "maybe_improvement",
    "neutral",
    "maybe_neutral",
    "target_pass",
    "ended",
    "finished",
    "started",
    "judged",
    "barred",
    "added",
    "removed",
    "missing",
)
# So many measures are named in one sentence.
NAMED = 8
MEASURES = ("overdue", "finished", "started")


class Item(Frozen):
    """One thing to talk about: its case, whether it is new, and what the sentence names."""

    case: str
    new: bool
    owner: str = ""
    indicator: str = ""
    month: str = ""
    measures: tuple[str, ...] = ()

    def row(self, words: Words) -> list[Value]:
        """What happened and the question, and who answers."""
        measures = self.measures if len(self.measures) <= NAMED else (*self.measures[:NAMED], "…")
        values = {"indicator": self.indicator, "month": self.month, "measures": measures}
        what = words.text(f"news.{'new' if self.new else 'standing'}.{self.case}", **values)
        question = self.case.removeprefix("maybe_")
        return [f"{what}\n{words.text(f'news.question.{question}')}", self.owner]


def news(book: Book, summary: Summary, kept: Snapshots, rows: int, words: Words) -> Grid:
    """A heading, then a row a thing to talk about, new ones first; the last row counts what found no room."""
    items = [*changes(book, summary, kept, words), *standing(summary, kept, words)]
    shown = items if len(items) < rows else items[: rows - 2]
    left = len(items) - len(shown)
    lines: Grid = [item.row(words) for item in shown]
    if not lines:
        lines = [[words.text("news.nothing" if kept.before.day else "news.calm"), ""]]
    if left:
        lines.append([words.text("news.more", n=left), ""])
    return [[_heading(kept, words), words.text("news.owner")], *lines]


def questions(summary: Summary, words: Words) -> Grid:
    """What nobody has answered yet, a row a thing with its question and who answers; not missing numbers."""
    found = standing(summary, NO_SNAPSHOTS, words)
    return [item.row(words) for item in found if item.case != "missing"]


def _heading(kept: Snapshots, words: Words) -> str:
    if not kept.before.day:
        return words.text("news.first")
    return words.text("news.since", date=date.fromisoformat(kept.before.day))


def changes(book: Book, summary: Summary, kept: Snapshots, words: Words) -> list[Item]:
    """What was not so at the update before, the most pressing first."""
    if not kept.before.day:
        return []
    found = [*_of_indicators(book, summary, kept, words), *_of_measures(book, kept)]
    return sorted(found, key=lambda item: ORDER.index(item.case))


def _of_indicators(book: Book, summary: Summary, kept: Snapshots, words: Words) -> Iterator[Item]:
    before, now = kept.before.indicators, kept.latest.indicators
    for key, state in now.items():
        case = _change(before.get(key), state)
        if case and key in summary.indicators:
            entry = summary.indicators[key]
            yield _item(_surely(case, entry.assessment), entry, words, new=True)
    for key in before.keys() - now.keys():
        gone = book.indicator(key)
        if gone is not None:
            yield Item("removed", new=True, owner=gone.owner or "", indicator=gone.known_as)


def _change(before: State | None, now: State) -> str | None:
    """What is new about an indicator; its kind goes before its target."""
    if before is None:
        return "added"
    if now.kind != before.kind:
        return _new_kind(before.kind, now.kind)
    if now.assurance != before.assurance and now.assurance in ("pass", "fail"):
        return f"target_{now.assurance}"
    return None


def _new_kind(before: str, now: str) -> str:
    if now in SIGNALS:
        return now
    if now == "common_cause":
        return "ended" if before in SIGNALS else "judged"
    return "barred"


def _of_measures(book: Book, kept: Snapshots) -> Iterator[Item]:
    """Measures that have come to a new point, an item a point, with those responsible."""
    before, now = kept.before.measures, kept.latest.measures
    for case in MEASURES:
        found = tuple(key for key, point in now.items() if point == case != before.get(key))
        if found:
            people = [it.responsible for it in book.measures if it.id in found and it.responsible]
            yield Item(case, new=True, owner=", ".join(dict.fromkeys(people)), measures=found)


def standing(summary: Summary, kept: Snapshots, words: Words) -> list[Item]:
    """What nobody has answered yet: unexplained signals, targets out of reach, numbers that are missing."""
    found = [
        _item(case, entry, words, new=False)
        for entry in summary.indicators.values()
        if entry.indicator.in_use
        for case in _unanswered(entry.assessment)
        if case in ("missing", "evaluate") or not _is_new(entry.indicator.id, kept)
    ]
    return sorted(found, key=lambda item: ORDER.index(item.case))


def _unanswered(about: Assessment) -> Iterator[str]:
    if about.kind == "improvement" and about.to_evaluate:
        yield "evaluate"
    elif about.is_signal and not about.explained:
        yield _surely(about.kind or "", about)
    elif about.assurance == "fail" and not about.is_signal:
        yield "target_fail"
    if about.missing:
        yield "missing"


def _surely(case: str, about: Assessment) -> str:
    """The case of a signal, or of what may be one where something calls for caution."""
    return f"maybe_{case}" if case in SIGNALS and not about.sure else case


def _is_new(key: str, kept: Snapshots) -> bool:
    if not kept.before.day or key not in kept.latest.indicators:
        return False
    return _change(kept.before.indicators.get(key), kept.latest.indicators[key]) is not None


def _item(case: str, entry: IndicatorSummary, words: Words, *, new: bool) -> Item:
    about, figures = entry.assessment, Figures(entry.assessment, words)
    month = figures.period(about.start) if about.start is not None else ""
    if case == "missing" and about.missing:
        month = figures.span(*about.missing)
    measures = (about.to_evaluate,) if case == "evaluate" and about.to_evaluate else ()
    return Item(case, new, entry.indicator.owner or "", entry.indicator.known_as, month, measures)


def chance(summary: Summary, words: Words) -> str:
    """How many false signals chance alone gives on the page; nothing where no chart has limits."""
    judged = [
        it.assessment.verdict.points
        for it in summary.indicators.values()
        if it.indicator.in_use and it.assessment.method == "control_chart"
    ]
    expected = expected_false_signals(judged)
    if not judged or expected is None:
        return ""
    return words.text(
        "news.chance",
        charts=str(expected.charts),
        somewhere=words.number(round(expected.somewhere, 1)),
        last=words.number(round(expected.at_last, 1)),
    )
