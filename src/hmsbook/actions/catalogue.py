"""The starting indicators."""

from __future__ import annotations

from dataclasses import dataclass

from hmsbook.errors import UsageError
from hmsbook.texts.files import load
from hmsbook.texts.words import find_choice, words


@dataclass(frozen=True)
class Entry:
    """One indicator of the catalogue, in words."""

    id: str
    name: str
    unit: str
    better: str
    frequency: str
    factors: tuple[str, ...]
    definition: str
    data: str
    source: str
    note: str


def catalogue(*, factor: str | None = None, lang: str = "nb") -> tuple[Entry, ...]:
    """The catalogue in a language; with `factor` (key or label) only what says something about it."""
    language = words(lang)
    wanted = find_choice("factors", factor, lang) if factor else None
    if factor and wanted is None:
        raise UsageError(
            "unknown_factor", factor=factor, known=", ".join(language.choices("factors").values())
        )
    facts = load("catalogue.toml")
    return tuple(_entry(key, lang) for key in facts if wanted is None or wanted in facts[key]["factors"])


def _entry(key: str, lang: str) -> Entry:
    language, facts = words(lang), load("catalogue.toml")[key]
    text = language.get(f"indicators.{key}")
    return Entry(
        id=key,
        name=text["name"],
        unit=language.text(f"units.{facts['unit']}"),
        better=language.choice("better", facts["better"]),
        frequency=language.choice("frequencies", facts["frequency"]),
        factors=tuple(language.choice("factors", found) for found in facts["factors"]),
        definition=text["definition"],
        data=text["data"],
        source=text["source"],
        note=text.get("note", ""),
    )
