"""Dekning: what the group has looked at, factor by factor; a prompt, never a verdict."""

from __future__ import annotations

from collections.abc import Set

from hmsbook.model.book import Book
from hmsbook.model.raw import Grid, Value
from hmsbook.texts.words import Words

# The psychosocial factors that the working environment act names, and the factors here that touch them.
LAW = {
    "a": ("formal_structure", "control"),
    "b": ("harassment", "relations"),
    "c": ("time_pressure",),
    "d": ("social_support",),
}


def coverage(book: Book, language: Words) -> Grid:
    """A row a factor: challenges, indicators, measures, and a question where something is bare."""
    return [_row(book, label, (key,), language) for key, label in language.choices("factors").items()]


def law_coverage(book: Book, language: Words) -> Grid:
    """A row for each of the four factors that the law names."""
    return [
        _row(book, language.text(f"law.letters.{letter}"), factors, language)
        for letter, factors in LAW.items()
    ]


def _row(book: Book, label: str, factors: tuple[str, ...], language: Words) -> list[Value]:
    ids = {challenge.id for challenge in book.challenges if challenge.factor in factors}
    indicators, measures = followed(book, ids)
    prompt = "nothing" if not ids else "no_measure" if not measures else "covered"
    return [label, len(ids), indicators, measures, language.text(f"ui.coverage.{prompt}")]


def followed(book: Book, challenges: Set[str | None]) -> tuple[int, int]:
    """How many indicators in use, and how many measures, belong to any of these challenges."""
    indicators = sum(not challenges.isdisjoint(found.challenges) for found in book.active)
    measures = sum(not challenges.isdisjoint(found.challenges) for found in book.measures)
    return indicators, measures
