"""What stands under each chart on Trender: the sentence, why, and what the lines through the chart mark."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import shorten

from hmsbook.analysis.summary import IndicatorSummary, Summary
from hmsbook.flow.explanations import explanation
from hmsbook.flow.results import Mark, marks
from hmsbook.flow.sentences import sentence
from hmsbook.model.book import Book
from hmsbook.model.raw import Grid
from hmsbook.standard.book import slot_ids
from hmsbook.standard.sheets.trends import BLOCK_ROWS, EXPLANATION, MARKS, SENTENCE
from hmsbook.texts.words import Words

# How many characters two lines have room for.
ROOM = 235
# How long the texts of measures and of events may be, the best first: the sheet of measures has theirs too.
LENGTHS = ((60, 60), (40, 60), (0, 60), (0, 40), (0, 25))


def trend_texts(book: Book, summary: Summary, language: Words) -> Grid:
    """The texts of all blocks, row by row; nothing for a slot that is not in use."""
    grid: Grid = []
    for slot_id in slot_ids(book.manifest.slots):
        entry = summary.indicators.get(slot_id)
        texts = _texts(book, summary, entry, language) if entry and entry.indicator.in_use else {}
        grid += [[texts.get(row)] for row in range(BLOCK_ROWS)]
    return grid


def _texts(book: Book, summary: Summary, entry: IndicatorSummary, language: Words) -> dict[int, str]:
    return {
        SENTENCE: sentence(entry.assessment, language),
        EXPLANATION: "" if entry.assessment.hidden else explanation(entry.assessment, language),
        MARKS: marked(marks(book, summary, entry), language),
    }


def marked(found: Sequence[Mark], language: Words) -> str:
    """What the lines through a chart mark: all of them with shorter texts, else the newest ones."""
    by_age = sorted(found, key=lambda mark: mark.month)
    for left_out in range(len(by_age)):
        for lengths in LENGTHS:
            shown = _paragraph(by_age[left_out:], lengths, language)
            if len(shown) <= ROOM:
                return shown
    return ""


def _paragraph(found: Sequence[Mark], lengths: tuple[int, int], language: Words) -> str:
    """A sentence on measures and one on events, where there are any."""
    parts = []
    for key, length in zip(("measure", "event"), lengths, strict=True):
        mine = " · ".join(_named(mark, length, language) for mark in found if mark.key == key)
        parts += [language.text(f"ui.trends.{key}_marks", marks=mine)] if mine else []
    return " ".join(parts)


def _named(mark: Mark, length: int, language: Words) -> str:
    text = shorten(mark.text, length, placeholder=" …") if length else ""
    return " ".join(filter(None, (mark.label, text, f"({language.month(mark.month, short=True)})")))
