"""Dekning: what the group has looked at, factor by factor; a prompt, never a verdict."""

from __future__ import annotations

from collections.abc import Callable

from hmsbook.flow.live import Grid
from hmsbook.model.book import Book
from hmsbook.model.records import Challenge
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
    return [
        _row(book, label, lambda found, key=key: found.factor == key, language)
        for key, label in language.choices("factors").items()
    ]


def law_coverage(book: Book, language: Words) -> Grid:
    """A row for each of the four factors that the law names."""
    return [
        _row(
            book,
            language.text(f"law.letters.{letter}"),
            lambda found, keys=keys: found.factor in keys,
            language,
        )
        for letter, keys in LAW.items()
    ]


def _row(
    book: Book, label: str, belongs: Callable[[Challenge], bool], language: Words
) -> list[str | int | float | bool | None]:
    ids = {challenge.id for challenge in book.challenges if belongs(challenge)}
    indicators = sum(bool(ids & set(indicator.challenges)) for indicator in book.active)
    measures = sum(bool(ids & set(measure.challenges)) for measure in book.measures)
    prompt = "nothing" if not ids else "no_measure" if not measures else "covered"
    return [label, len(ids), indicators, measures, language.text(f"ui.coverage.{prompt}")]
