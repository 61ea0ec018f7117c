"""Votes: who has answered, and which proposals to talk about before the group chooses."""

from __future__ import annotations

from collections.abc import Iterator

from hmsbook.analysis.votes import has_scores
from hmsbook.flow.live.proposals import Columns
from hmsbook.model.book import Book
from hmsbook.model.raw import Grid
from hmsbook.standard.sheets.priorities import BALLOT_ROWS
from hmsbook.texts.words import Words, plain


def ballots(book: Book) -> Grid:
    """A row a member: name, whether the member has voted, and the list so far of those who have not."""
    voted = {plain(vote.member) for vote in book.votes if vote.member and vote.proposal and has_scores(vote)}
    rows: Grid = []
    waiting = ""
    for name in _names(book):
        has_voted = plain(name) in voted
        if name and not has_voted:
            waiting = f"{waiting}, {name}" if waiting else name
        rows.append([name, int(has_voted), waiting])
    return rows


def _names(book: Book) -> Iterator[str]:
    drawn = book.drawn_rows.get("group", ())[:BALLOT_ROWS]
    yield from (" ".join(str(row.get("name") or "").split()) for row in drawn)
    yield from [""] * (BALLOT_ROWS - len(drawn))


def talks(book: Book, found: Columns) -> Grid:
    """A row a proposal: the list so far of those to talk about, of which none is chosen or turned down."""
    rows: Grid = []
    listed = ""
    for row, talk in zip(book.drawn_rows.get("proposals", ()), found["talk"], strict=True):
        if talk and row.get("chosen") is None:
            name = str(row.get("id") or "")
            listed = f"{listed}, {name}" if listed else name
        rows.append([listed])
    return rows


def said(ballots: Grid, talks: Grid, found: Columns, words: Words) -> Grid:
    """Above the table: who has voted and who has not, and what to talk about."""
    listed = talks[-1][0] if talks else ""
    apart = f"{words.text('ui.priorities.apart')}{listed}{words.text('ui.priorities.talk')}"
    return [[_answered(ballots, found, words)], [apart if listed else ""]]


def _answered(ballots: Grid, found: Columns, words: Words) -> str:
    members = [has_voted for name, has_voted, _ in ballots if name]
    if not members or not any(found["voters"]):
        return ""
    waiting = ballots[-1][-1]
    if not waiting:
        return words.text("ui.priorities.all")
    counts = f"{members.count(1)}{words.text('ui.priorities.of')}{len(members)}"
    parts = ("answered", "waiting")
    before, between = (words.text(f"ui.priorities.{part}") for part in parts)
    return f"{before}{counts}{between}{waiting}."


def mark(found: Columns, words: Words) -> str:
    """What the question mark in the diagram means, where there is one."""
    return words.text("ui.priorities.mark") if any(found["talk"]) else ""
