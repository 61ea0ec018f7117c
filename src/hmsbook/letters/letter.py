"""What goes along with a mailed copy: what is new, what is asked of whom and by when, and how it stands.

Only the book that may leave is looked at, so that a letter never tells more than the copy does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from hmsbook.analysis.assessment import SIGNALS
from hmsbook.analysis.snapshot import Snapshot, Snapshots, snapshot
from hmsbook.analysis.summary import IndicatorSummary, Summary, summarise
from hmsbook.flow.figures import Figures, period_name
from hmsbook.flow.live.meeting import coming
from hmsbook.flow.news import Item, changes, standing
from hmsbook.flow.sentences import sentence
from hmsbook.flow.status import short, variation_icon
from hmsbook.letters.tasks import Task, by_person, called, day_in_letter, tasks, tasks_of, to_score
from hmsbook.model.book import Book
from hmsbook.model.frozen import Frozen
from hmsbook.model.records import Challenge, Measure, Proposal
from hmsbook.standard.sheets.measures import SOON_DAYS, UNDER_WAY
from hmsbook.texts.words import Words, words

# Without a meeting there are so many days to answer in.
_USUAL_DAYS = 7
# So many things are new in a letter that people read.
_MOST = 8
# Who is asked to send the copy back.
ANSWERING = ("group", "score")
# Whom the numbers are shown, and who meets.
_WITH_STATUS = ("group", "leader")
# What tasks tell already.
_TOLD = ("missing", "evaluate")


class About(Frozen):
    """What a letter is about: the copy's book and audience, its edition, and what the group was told last.

    `withheld` says that something was left out of the copy; `sender` signs. `answered` names those who have
    sent answers since, and `added` holds the numbers of the rows that came with them.
    """

    book: Book
    audience: str
    edition: int
    today: date
    by: date
    sent: Snapshot = Snapshot()
    withheld: bool = False
    sender: str = ""
    as_of: date | None = None
    answered: tuple[str, ...] = ()
    added: frozenset[str] = frozenset()


class Section(Frozen):
    """A heading and the lines below it, by whom they concern; nobody by name in a personal letter."""

    title: str
    lines: tuple[tuple[str, tuple[str, ...]], ...]


class StatusRow(Frozen):
    """One indicator: its newest value and month, a sign and its kind, and what the numbers say."""

    name: str
    value: str
    sign: str
    kind: str
    text: str


class Letter(Frozen):
    """A letter, part by part, in one language."""

    language: str
    subject: str
    greeting: str
    lead: tuple[str, ...]
    sections: tuple[Section, ...]
    status_title: str
    status: tuple[StatusRow, ...]
    closing: tuple[str, ...]


def letter(about: About, name: str | None = None) -> Letter:
    """The letter about a copy, to one person by name, or to all where there is none."""
    return _Writer(about, name).letter()


def reply_by(book: Book, today: date) -> date:
    """When an answer is due if nobody says: the day before the next meeting, else in a week."""
    meeting, _ = coming(book, today + timedelta(days=1))
    return meeting - timedelta(days=1) if meeting else today + timedelta(days=_USUAL_DAYS)


def told(about: About) -> Snapshot:
    """What a letter tells of indicators and measures, kept for the next one to say what is new."""
    return snapshot(about.book, summarise(about.book, about.today, about.as_of), about.today.isoformat())


class _Writer:
    """Writes one letter."""

    def __init__(self, about: About, name: str | None) -> None:
        self.about, self.book = about, about.book
        self.name = name
        self.words: Words = words(about.book.language)
        self.summary: Summary = summarise(about.book, about.today, about.as_of)
        kept = Snapshots(about.sent, told(about))
        found = [
            *changes(self.book, self.summary, kept, self.words),
            *standing(self.summary, kept, self.words),
        ]
        self.items = [item for item in found if item.case not in _TOLD]

    def letter(self) -> Letter:
        """The whole letter."""
        rows = tuple(self._status()) if self.about.audience in _WITH_STATUS else ()
        subject = self._say("subject", unit=self._unit, n=len(self._proposals))
        return Letter(
            self.book.language,
            subject.replace("\xa0", " "),
            self._greeting(),
            tuple(self._lead()),
            tuple(section for section in self._sections() if section.lines),
            self._text("status") if rows else "",
            rows,
            tuple(self._closing()),
        )

    def _text(self, key: str, **values: object) -> str:
        days = {name: self._day(it) for name, it in values.items() if isinstance(it, date)}
        return self.words.text(f"letter.{key}", **values | days)

    def _day(self, day: date) -> str:
        return day_in_letter(day, self.about.today, self.words)

    def _say(self, key: str, **values: object) -> str:
        """The words for this audience, which all know edition and day."""
        return self._text(
            f"{key}.{self.about.audience}", edition=self.about.edition, by=self.about.by, **values
        )

    @property
    def _unit(self) -> str:
        unit = self.book.unit
        return " ".join((unit.unit or unit.organisation or self._text("unit")).split())

    def _greeting(self) -> str:
        if self.name:
            return self._text("hello.one", name=self.name.split()[0])
        return self._text("hello.none" if self.about.audience == "leader" else "hello.all")

    def _lead(self) -> Iterator[str]:
        yield self._say("lead", unit=self._unit, n=len(self._proposals))
        if self.about.audience == "leader":
            yield short(self.summary, self.words)
        if self.about.audience != "everyone":
            yield from self._meeting()
        if self.about.audience in ANSWERING:
            yield self._say("answer")

    def _meeting(self) -> Iterator[str]:
        day, kind = coming(self.book, self.about.today)
        if day and kind:
            label = self.words.choice("meeting_types", kind).lower()
            yield self._text("meeting", day=day, kind=label)
        elif day:
            yield self._text("meeting_plain", day=day)

    def _sections(self) -> Iterator[Section]:
        parts: dict[str, Callable[[], Iterator[Section]]] = {
            "group": self._for_group,
            "leader": self._for_leader,
            "score": self._for_score,
            "everyone": self._for_everyone,
        }
        yield from parts[self.about.audience]()

    def _for_group(self) -> Iterator[Section]:
        yield from self._new()
        if self.name:
            mine = [task.text for task in tasks_of(self._tasks, self.name)]
            yield _plain(self._text("asked.you"), mine or [self._text("asked.nothing")])
        else:
            people = by_person(self._tasks).items()
            lines = [(who or self._text("asked.nobody"), tuple(it.text for it in its)) for who, its in people]
            yield Section(self._text("asked.all"), tuple(lines))
        waiting = len(self._proposals)
        if waiting:
            yield _plain(self._text("asked.everyone"), [self._text("asked.score", n=waiting)])

    def _for_leader(self) -> Iterator[Section]:
        measures = self.summary.measures
        yield self._measures("overdue", measures.overdue)
        yield self._measures("awaiting", measures.awaiting)
        yield _plain(self._text("leader.missing"), [found.known_as for found, _ in self.summary.owed])
        yield _plain(self._text("leader.questions"), self._questions)

    def _measures(self, key: str, found: Sequence[Measure]) -> Section:
        return _plain(self._text(f"leader.{key}"), [self._promise(measure) for measure in found])

    def _promise(self, measure: Measure) -> str:
        """A measure with who is responsible and the deadline, as far as they are known."""
        day = self._day(measure.deadline) if measure.deadline else ""
        aside = ", ".join(part for part in (measure.responsible, day) if part)
        return f"{called(measure)} ({aside})" if aside else called(measure)

    def _for_score(self) -> Iterator[Section]:
        yield _plain(self._text("proposals"), [called(found) for found in self._proposals])

    def _for_everyone(self) -> Iterator[Section]:
        yield _plain(self._text("decided"), [self._promise(found) for found in self._decided])

    def _new(self) -> Iterator[Section]:
        """What is new since the group was told last, and what was so then and nobody has answered."""
        if self.about.sent.day:
            since = date.fromisoformat(self.about.sent.day)
            found = [*self._came(), *self._listed([item for item in self.items if item.new])]
            yield _plain(self._text("new.since", day=since), found or [self._text("new.nothing")])
        yield _plain(self._text("new.stands"), self._listed([item for item in self.items if not item.new]))

    def _came(self) -> Iterator[str]:
        """Thanks to those who have answered, and the new rows that came with their answers."""
        if self.about.answered:
            yield self._text("came.thanks", names=self.about.answered)
        rows: dict[str, Sequence[Challenge | Proposal | Measure]] = {
            "challenge": self.book.challenges,
            "proposal": self.book.proposals,
            "measure": self.book.measures,
        }
        found = [
            self._text(f"came.{key}", row=called(it))
            for key, listed in rows.items()
            for it in listed
            if it.id in self.about.added
        ]
        yield from found[:_MOST]
        if found[_MOST:]:
            yield self._text("came.more", n=len(found) - _MOST)

    def _listed(self, items: Sequence[Item]) -> list[str]:
        lines = [self._happened(item) for item in items[:_MOST]]
        left = len(items) - len(lines)
        return [*lines, self._text("new.more", n=left)] if left else lines

    def _happened(self, item: Item) -> str:
        measures = {measure.id: called(measure) for measure in self.book.measures}
        named = [measures.get(key, key) for key in item.measures]
        text = f"letter.{'happened' if item.new else 'stands'}.{item.case}"
        values = {"indicator": item.indicator, "month": item.month, "measures": "; ".join(named)}
        return self.words.text(text, n=len(named), **values)

    @property
    def _questions(self) -> list[str]:
        found = [(item, item.case.removeprefix("maybe_")) for item in self.items if item.indicator]
        return [
            f"{item.indicator}: {self.words.text(f'news.question.{case}')}" for item, case in found[:_MOST]
        ]

    @property
    def _tasks(self) -> tuple[Task, ...]:
        until = max(self.about.by, self.about.today + timedelta(days=SOON_DAYS))
        return tasks(self.book, self.summary, items=self.items, until=until, words=self.words)

    @property
    def _decided(self) -> Iterator[Measure]:
        return (found for found in self.book.measures if found.status in UNDER_WAY)

    @property
    def _proposals(self) -> Sequence[Proposal]:
        return to_score(self.book.proposals)

    def _status(self) -> Iterator[StatusRow]:
        for entry in self.summary.indicators.values():
            if entry.indicator.in_use:
                yield self._status_row(entry)

    def _status_row(self, entry: IndicatorSummary) -> StatusRow:
        about, found = entry.assessment, entry.indicator
        row = about.chart.last
        month = "" if row is None else period_name(about.months[row], about.step, self.words)
        value = "" if about.hidden else Figures(about, self.words).value(about.last)
        kind = about.kind if about.kind in SIGNALS and not about.barred else "common_cause"
        return StatusRow(
            f"{found.known_as} ({found.unit})" if found.unit else found.known_as,
            self._text("value", value=value, month=month) if value else "",
            variation_icon(about, self.words) or "",
            str(kind),
            sentence(about, self.words),
        )

    def _closing(self) -> Iterator[str]:
        if self.about.audience != "everyone":
            yield self._text("open")
        if self.about.withheld and self.about.audience in _WITH_STATUS:
            yield self._text("withheld")
        yield f"{self._text('regards')}\n{self.about.sender}".rstrip()


def _plain(title: str, lines: Sequence[str]) -> Section:
    """A section of lines that concern nobody in particular."""
    return Section(title, (("", tuple(lines)),) if lines else ())
