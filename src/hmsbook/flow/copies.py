"""The pages that only copies have: what the copy is, and in brief what leaders and everyone need to know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from hmsbook.analysis.summary import IndicatorSummary, Summary
from hmsbook.flow.figures import Figures, period_name
from hmsbook.flow.news import questions
from hmsbook.flow.sentences import sentence
from hmsbook.model.book import Book
from hmsbook.model.frozen import Frozen
from hmsbook.model.raw import Grid, Value
from hmsbook.model.records import Measure
from hmsbook.sharing.audiences import DECIDED, Audience
from hmsbook.sharing.limits import limits
from hmsbook.sharing.permitted import LeftOut
from hmsbook.sharing.told import lines
from hmsbook.standard.sheets.about_copy import ABOUT
from hmsbook.standard.sheets.digest import DIGEST
from hmsbook.standard.sheets.status import FINISHED
from hmsbook.texts.words import Words, words

# A heading above its rows; an empty row between a part and the next.
Part = tuple[list[Value], Grid]


class Sending(Frozen):
    """What a copy says of itself: which edition it is, made when and for whom, and who wants it back."""

    audience: Audience
    edition: int
    day: date
    member: str = ""
    back_to: str = ""

    def said(self, book: Book, language: Words) -> dict[str, str]:
        """What the texts of copies have blanks for."""
        return {
            "edition": str(self.edition),
            "member": self.member,
            "unit": book.unit.unit or book.unit.organisation or "",
            "to": self.back_to or language.text("copies.sender"),
        }


def lead(sending: Sending, book: Book) -> str:
    """What the first row of a copy says: what it is, and what is asked of whoever gets it."""
    language = words(book.language)
    return language.text(f"copies.lead.{sending.audience.key}", **sending.said(book, language))


def whom(sending: Sending, language: Words) -> str:
    """Whom a copy is for, in words."""
    return language.text(f"copies.audience.{sending.audience.key}", member=sending.member)


def about(sending: Sending, book: Book, left_out: Sequence[LeftOut]) -> Grid:
    """The rows of the page on the copy itself: what it is, what to do with it, and what is not in it."""
    language = words(book.language)
    said = sending.said(book, language)
    parts = {
        "this": _facts(sending, said, language),
        "how": [
            [step.format_map(said), None] for step in language.get(f"copies.steps.{sending.audience.key}")
        ],
        "with": [[language.text(f"copies.holds.{sending.audience.key}"), None]],
        "left_out": _told(sending, book, left_out, language),
    }
    headed: list[Part] = [([language.text(f"copies.{key}"), None], rows) for key, rows in parts.items()]
    return _page(headed, ABOUT.rows, language)


def _facts(sending: Sending, said: Mapping[str, str], language: Words) -> Grid:
    facts = {
        "edition": said["edition"],
        "made": language.date(sending.day),
        "whom": whom(sending, language),
        "ask": said["to"] if sending.audience.returned else "",
    }
    return [[language.text(f"copies.{key}"), text] for key, text in facts.items() if text]


def _told(sending: Sending, book: Book, left_out: Sequence[LeftOut], language: Words) -> Grid:
    """What was left out, counted, and how few people are too few.

    What hangs on a wall says the same whether or not anything is sensitive: a number is enough to guess.
    """
    on_a_wall = sending.audience.nameless
    counted = [it for it in left_out if not (on_a_wall and it.why == "sensitive")]
    told: Grid = [list(line) for line in lines(counted, language)]
    if on_a_wall:
        told.insert(0, [language.text("copies.sensitive.label"), language.text("copies.sensitive.text")])
    told = told or [[language.text("copies.nothing_left_out"), None]]
    return [*told, [language.text("copies.limits.label"), _limits(book, language)]]


def _limits(book: Book, language: Words) -> str:
    """How few people are too few, and why fewer are enough than is usual."""
    found = limits(book.unit)
    text = language.text("copies.limits.text", group=found.general, bullying=found.bullying)
    if not found.lowered:
        return text
    return f"{text} {language.text('copies.limits.lowered', reason=found.reason)}"


def digest(sending: Sending, book: Book, summary: Summary) -> Grid:
    """The rows of the page in brief; none for those who get the whole workbook."""
    language = words(book.language)
    if sending.audience.key == "everyone":
        return _page(list(_for_everyone(book, summary, language)), DIGEST.rows, language)
    if sending.audience.key == "leader":
        return _page(list(_for_leader(summary, language)), DIGEST.rows, language)
    return []


def _for_everyone(book: Book, summary: Summary, language: Words) -> Iterator[Part]:
    """What is worked with, what is decided and by whom it is done, and how the numbers go."""
    factors = language.choices("factors")
    yield _part(
        "working_on",
        ([it.description, factors.get(it.factor or ""), None, None] for it in book.challenges),
        language,
    )
    decided = sorted((it for it in book.measures if it.status in DECIDED), key=_open_first)
    yield _part("decided", (_measure(it, language) for it in decided), language)
    yield _part("numbers", (_number(it, language) for it in _in_use(summary)), language)


def _for_leader(summary: Summary, language: Words) -> Iterator[Part]:
    """What is late, what waits for an evaluation, which numbers are missing, and what to ask about."""
    overdue = sorted(summary.measures.overdue, key=_by_deadline)
    yield _part("overdue", (_measure(it, language) for it in overdue), language)
    awaiting: Iterator[list[Value]] = (
        [_called(it), it.achieve, it.responsible, _day(it.evaluate_on, language)]
        for it in summary.measures.awaiting
    )
    yield _part("awaiting", awaiting, language)
    yield _part("missing", _missing(summary, language), language)
    yield _part("questions", _questions(summary, language), language)
    yield _part("numbers", (_number(it, language) for it in _in_use(summary)), language)


def _part(key: str, rows: Iterable[list[Value]], language: Words) -> Part:
    heads = language.get(f"copies.digest.{key}")
    found = list(rows) or [[heads["none"], None, None, None]]
    return [heads.get(name) for name in DIGEST.columns], found


def _measure(it: Measure, language: Words) -> list[Value]:
    status = language.choice("statuses", it.status) if it.status else None
    return [_called(it), status, it.responsible, _day(it.deadline, language)]


def _called(it: Measure) -> str:
    return f"{it.id}  {it.measure or ''}".strip()


def _by_deadline(it: Measure) -> tuple[date, str]:
    return it.deadline or date.max, it.id or ""


def _open_first(it: Measure) -> tuple[bool, date, str]:
    return it.status in FINISHED, *_by_deadline(it)


def _day(day: date | None, language: Words) -> str | None:
    return language.date(day) if day else None


def _in_use(summary: Summary) -> Iterator[IndicatorSummary]:
    return (it for it in summary.indicators.values() if it.indicator.in_use)


def _number(it: IndicatorSummary, language: Words) -> list[Value]:
    about = it.assessment
    found = it.indicator
    name = f"{found.known_as} ({found.unit})" if found.unit else found.known_as
    row = about.chart.last
    if about.hidden or row is None:
        return [name, sentence(about, language), None, None]
    month = period_name(about.months[row], about.step, language, short=True)
    return [name, sentence(about, language), Figures(about, language).value(about.last), month]


def _missing(summary: Summary, language: Words) -> Iterator[list[Value]]:
    for indicator, due in summary.owed:
        last = summary.indicators[indicator.id].last
        newest = language.text("copies.digest.newest", month=language.month(last[0])) if last else None
        yield [indicator.known_as, newest, indicator.owner, language.month(due)]


def _questions(summary: Summary, language: Words) -> Iterator[list[Value]]:
    """What nobody has answered yet, each with the question to ask."""
    for text, owner in questions(summary, language):
        what, _, question = str(text).partition("\n")
        yield [what, question, owner, None]


def _page(parts: Sequence[Part], room: int, language: Words) -> Grid:
    """The parts below each other, an empty row between them; the last row counts what found no room."""
    grid: Grid = []
    for head, rows in parts:
        grid += [[], head, *rows] if grid else [head, *rows]
    if len(grid) <= room:
        return grid
    return [*grid[: room - 1], [language.text("copies.more", n=len(grid) - room + 1)]]
