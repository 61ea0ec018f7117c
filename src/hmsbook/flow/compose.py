"""The fill of a book: what every owned cell should hold today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

from hmsbook.analysis.snapshot import NO_SNAPSHOTS, Snapshots, snapshot
from hmsbook.analysis.summary import Summary
from hmsbook.flow.check import problem_rows
from hmsbook.flow.coverage import coverage, law_coverage
from hmsbook.flow.fill import Fill
from hmsbook.flow.live import Live
from hmsbook.flow.live.slots import Slot, slots
from hmsbook.flow.live.stale import Stored, sums
from hmsbook.flow.news import chance, news
from hmsbook.flow.numbers import counters_text, new_ids
from hmsbook.flow.prints import prints
from hmsbook.flow.results import results
from hmsbook.flow.show import visibility
from hmsbook.flow.status import challenges_by_factor, facts, indicator_rows, missing, urgent
from hmsbook.flow.trends import trend_texts
from hmsbook.model.book import Book
from hmsbook.model.dates import to_serial
from hmsbook.model.frozen import NOTHING, Frozen
from hmsbook.model.problems import Problem
from hmsbook.model.raw import Grid, Value
from hmsbook.standard.book import regions
from hmsbook.standard.calc import (
    AGENDA_LINES,
    CROSS_ENDS,
    MANIFEST_KEYS,
    MEETING_TYPES,
    PROBLEM_ROWS,
    QUADRANT_SPOTS,
    RESULT_COLUMNS,
)
from hmsbook.standard.schema import Region
from hmsbook.texts.words import Words, words


class Stamp(Frozen):
    """Who updates, when, and what is written about it in the log; a new workbook is never updated yet."""

    program: str
    updated: str = ""
    who: str = ""
    workbook_id: str = ""
    edition: int = 0
    as_of: str = ""
    kept: Snapshots = NO_SNAPSHOTS
    log: tuple[tuple[Value, ...], ...] = ()
    merged: tuple[tuple[Value, ...], ...] = ()
    copy: str = ""
    copy_for: str = ""


def compose(
    book: Book, summary: Summary, problems: Sequence[Problem], stamp: Stamp, months_shown: int
) -> Fill:
    """Everything hmsbook writes into the workbook."""
    return Composition(book, summary, problems, months_shown, updated=bool(stamp.updated)).fill(stamp)


class Composition:
    """What a book's cells should hold, put together once for all that may be written about an update."""

    def __init__(
        self, book: Book, summary: Summary, problems: Sequence[Problem], months_shown: int, *, updated: bool
    ) -> None:
        language = words(book.language)
        found = slots(book, summary, months_shown)
        stored = _stored(book, summary, found) if updated else Stored()
        self.live = Live(book, summary, language, found, stored)
        self.declared = regions(book.manifest.slots)
        self.shown = visibility(book, problems, updated=updated)
        self.grids = _visible(self.live, problems, self.declared, updated=updated)
        self.prints = prints(self.grids, self.declared) if updated else {}
        self.grids |= _calculated(self.live, problems)

    def fill(self, stamp: Stamp) -> Fill:
        """Everything to write, with what is written about the update itself."""
        live = self.live
        book, updated = live.book, bool(stamp.updated)
        if updated:
            now = snapshot(book, live.summary, stamp.updated)
            stamp = stamp.but(kept=stamp.kept.advanced(now))
        stamped = _stamped(live, stamp, self.declared)
        seen = self.prints | prints(stamped, self.declared)
        stamped |= _kept(book, stamp)
        stamped["prints"] = [[key, seen[key]] for key in self.declared if key in seen] if updated else []
        columns = {("proposals", key): values for key, values in live.proposals.items()}
        columns |= {("measures", key): values for key, values in live.measures.items()}
        shown = self.shown
        return Fill(self.grids | stamped, columns, shown.rows, shown.columns, shown.sheets, new_ids(book))


def _stored(book: Book, summary: Summary, found: Sequence[Slot]) -> Stored:
    """What this update stores for the live formulas to compare with."""
    slot_sums = [slot.live for slot in found]
    return Stored(results(book, summary), sums(book, found, slot_sums), slot_sums)


def _visible(
    live: Live, problems: Sequence[Problem], declared: Mapping[str, Region], *, updated: bool
) -> dict[str, Grid]:
    """The owned regions people see, but for what tells of the update."""
    book, summary, language = live.book, live.summary, live.words
    rows, more = problem_rows(problems, declared["problems"].rows, language, updated=updated)
    return {
        "status_stale": [[live.stale_text(updated)]],
        "status_indicators": indicator_rows(book, summary, language),
        "status_chance": [[chance(summary, language) if updated else ""]],
        "status_counts": [live.counts],
        "status_urgent": urgent(summary, declared["status_urgent"].rows, language),
        "status_challenges": challenges_by_factor(book, language),
        "status_missing": missing(problems, declared["status_missing"].rows, language) if updated else [],
        "value_heads": live.heads,
        "values_due": [[live.due]],
        "priorities_said": live.votes_said,
        "priorities_mark": [[live.plot_mark]],
        "trend_blocks": trend_texts(book, summary, language),
        "agenda": live.agenda(
            declared["agenda"].rows, lambda kind, entry: language.get(f"meetings.{kind}.{entry}")
        ),
        "problems": rows,
        "problems_more": [[more]],
        "coverage": coverage(book, language),
        "coverage_law": law_coverage(book, language),
    }


def _stamped(live: Live, stamp: Stamp, declared: Mapping[str, Region]) -> dict[str, Grid]:
    """The owned regions people see that tell of the update, or compare with the one before."""
    book, summary, language = live.book, live.summary, live.words
    talk = news(book, summary, stamp.kept, declared["status_news"].rows, language) if stamp.updated else []
    return {
        "status_facts": [[fact] for fact in facts(book, summary, live, stamp.updated, language)],
        "status_news": talk,
        "log": [list(entry) for entry in stamp.log],
    }


def _kept(book: Book, stamp: Stamp) -> dict[str, Grid]:
    """What the workbook keeps of the update for the next one."""
    return {
        "manifest": _manifest(book, stamp),
        "snapshots": [list(kept.cells) for kept in (stamp.kept.before, stamp.kept.latest, stamp.kept.sent)],
        "merged": [list(entry) for entry in stamp.merged],
    }


def _calculated(live: Live, problems: Sequence[Problem]) -> dict[str, Grid]:
    """The regions of the calculation sheets."""
    return {
        "today": [[to_serial(live.summary.today)]],
        "slots": live.slot_rows,
        "newest": [live.newest_row],
        "stale": live.stale,
        "next_meeting": [live.next_meeting_row],
        "agendas": _agendas(live.words),
        "jumps": [[problem.place.sheet, problem.place.cell] for problem in problems[:PROBLEM_ROWS]],
        "quadrants": [[live.words.choice("quadrants", key), x, y] for key, x, y in QUADRANT_SPOTS],
        "cross": [list(ends) for ends in CROSS_ENDS],
        "plot": live.plot,
        "talks": live.talks,
        "ballots": live.ballots,
        "window": live.window,
        "results": _results_grid(live.stored, live.book.manifest.slots),
    }


def _manifest(book: Book, stamp: Stamp) -> Grid:
    known: dict[str, str | int] = {
        "product": "hmsbook",
        "standard": book.manifest.standard,
        "program": stamp.program,
        "language": book.language,
        "workbook_id": stamp.workbook_id,
        "edition": stamp.edition,
        "slots": book.manifest.slots,
        "months": len(book.drawn_rows.get("values", ())),
        "updated": stamp.updated,
        "as_of": stamp.as_of,
        "counters": counters_text(book) if stamp.updated else "",
        "pinned_today": str(book.manifest.values.get("pinned_today") or ""),
        "copy": stamp.copy,
        "copy_for": stamp.copy_for,
    }
    return [[key, known[key]] for key in MANIFEST_KEYS]


def _agendas(language: Words) -> Grid:
    """Heading, purpose and items of each meeting type, for the live agenda."""
    rows: Grid = []
    for kind in MEETING_TYPES:
        entry = language.get(f"meetings.{kind}")
        items = [*entry["agenda"], *[""] * AGENDA_LINES][:AGENDA_LINES]
        rows.append([language.choice("meeting_types", kind), entry["title"], entry["purpose"], *items])
    return rows


def _results_grid(stored: Stored, slots: int) -> Grid:
    """Results by month, one group of columns a slot; nothing where there is no result."""
    rows: Grid = []
    for month, found in sorted(stored.results.items()):
        blocks = (map(found.get(slot, NOTHING).get, RESULT_COLUMNS) for slot in range(slots))
        rows.append([to_serial(month), *chain.from_iterable(blocks)])
    return rows
