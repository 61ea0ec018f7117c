"""What the live formulas show, computed in Python.

Mail previews, phones and other programs read a formula's stored value, so every formula has a twin here;
a test holds each against LibreOffice's own recalculation.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import Any

from hmsbook.analysis.summary import Summary
from hmsbook.flow.live import measures, meeting, proposals, slots, stale, votes, window
from hmsbook.flow.live.slots import Slot
from hmsbook.flow.live.stale import Stored
from hmsbook.model.book import Book
from hmsbook.model.dates import to_serial
from hmsbook.model.raw import Grid, Value
from hmsbook.texts.words import Words

__all__ = ["Live", "Stored"]


class Live:
    """The stored values of every live formula of a book on a day."""

    def __init__(
        self, book: Book, summary: Summary, words: Words, slots: tuple[Slot, ...], stored: Stored
    ) -> None:
        self.book = book
        self.summary = summary
        self.words = words
        self.slots = slots
        self.stored = stored

    @cached_property
    def slot_rows(self) -> Grid:
        """The slot region, row by row."""
        return slots.rows(self.slots, self.stored.slot_sums, self.words)

    @property
    def newest_row(self) -> list[Value]:
        """The first month of the table, and the newest month with a value."""
        first = slots.first_month(self.book)
        return [to_serial(first), to_serial(self.summary.last_month or first)]

    @property
    def heads(self) -> Grid:
        """What stands above the columns of the monthly values."""
        return slots.heads(self.slots)

    @property
    def due(self) -> str:
        """Who owes a number, in words."""
        return slots.due_text(self.slots, self.words)

    @property
    def window(self) -> Grid:
        """The chart window: a row a month shown, a group of columns a slot."""
        return window.window(self.book, self.slots, self.stored.results)

    @cached_property
    def proposals(self) -> dict[str, list[Value]]:
        """The computed columns of the proposals, a value a drawn row."""
        return proposals.columns(self.book, self.words)

    @property
    def plot(self) -> Grid:
        """The points of the diagram, spread where several stand on the same spot."""
        return proposals.plot(self.book, self.proposals)

    @cached_property
    def ballots(self) -> Grid:
        """A row a member of the group: whether the member has voted, and who so far has not."""
        return votes.ballots(self.book)

    @cached_property
    def talks(self) -> Grid:
        """A row a proposal: those so far to talk about before the group chooses."""
        return votes.talks(self.book, self.proposals)

    @property
    def votes_said(self) -> Grid:
        """Who has voted and what to talk about, in words."""
        return votes.said(self.ballots, self.talks, self.proposals, self.words)

    @property
    def plot_mark(self) -> str:
        """What the question mark in the diagram means, where there is one."""
        return votes.mark(self.proposals, self.words)

    @cached_property
    def measures(self) -> dict[str, list[Value]]:
        """The computed columns of the measures, a value a drawn row."""
        return measures.columns(self.book, self.summary.today, self.words)

    @property
    def counts(self) -> list[Value]:
        """Measures open, overdue, waiting for evaluation, done."""
        return measures.counts(self.summary.measures, self.measures["urgency"], self.words)

    @cached_property
    def sums(self) -> dict[str, float]:
        """The sums that tell whether something changed since the last update."""
        return stale.sums(self.book, self.slots, self.stored.slot_sums)

    @cached_property
    def stale(self) -> Grid:
        """The stale region: sum now, sum stored, whether they differ, the parts so far in words."""
        return stale.rows(self.sums, self.stored.sums, self.words)

    def stale_text(self, updated: bool) -> str:
        """The banner on Status."""
        return stale.banner(self.stale, self.words) if updated else self.words.text("ui.stale.never")

    @cached_property
    def next_meeting(self) -> tuple[date | None, str | None]:
        """Date and type of the next meeting: the first one that is today or later."""
        return meeting.coming(self.book, self.summary.today)

    @property
    def next_meeting_row(self) -> list[Value]:
        """The next meeting as the calculation sheet holds it: day number and number of the type."""
        return meeting.row(*self.next_meeting)

    def agenda(self, rows: int, entry: Callable[[str, str], Any]) -> Grid:
        """The printable agenda: heading, purpose, items; `entry` gives a meeting type's words by field."""
        lines = meeting.lines(*self.next_meeting, entry) or [self.words.text("ui.agenda.none")]
        return [[line] for line in [*lines, *[""] * rows][:rows]]
