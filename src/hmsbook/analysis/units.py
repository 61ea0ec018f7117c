"""What a unit of measurement means for computing: its multiplier, and whether it is a share of a whole."""

from __future__ import annotations

from typing import NamedTuple

from hmsbook.texts.files import LANGUAGES, load
from hmsbook.texts.words import plain, words


class UnitFacts(NamedTuple):
    """Numerator / denominator times `multiplier` is the value; a share cannot be over 100."""

    multiplier: float
    share: bool


def unit_facts(unit: str | None, language: str) -> UnitFacts:
    """The facts of a unit by its label in any shipped language; a unit of people's own is a plain ratio."""
    if unit is None:
        return UnitFacts(1, False)
    wanted = plain(unit)
    for candidate in (language, *LANGUAGES):
        for key, label in words(candidate).get("units").items():
            if plain(str(label)) == wanted:
                facts = load("units.toml")[key]
                return UnitFacts(facts["multiplier"], facts["share"])
    return UnitFacts(100 if "%" in wanted else 1, wanted == "%")
