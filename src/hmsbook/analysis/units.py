"""What a unit of measurement means for computing: its multiplier, and whether it is a share of a whole."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from hmsbook.texts.files import LANGUAGES, load
from hmsbook.texts.words import plain, words


class UnitFacts(NamedTuple):
    """Numerator / denominator times `multiplier` is the value; a share cannot be over 100.

    counts: whether a value counts how often something happened; None where nobody knows. between: what a
    value always lies between, where there is such a thing.
    """

    multiplier: float
    share: bool
    counts: bool | None = False
    between: tuple[float, float] | None = None


@cache
def unit_facts(unit: str | None, language: str) -> UnitFacts:
    """The facts of a unit by its label in any shipped language; a unit of people's own is a plain ratio."""
    if unit is None:
        return UnitFacts(1, share=False, counts=None)
    wanted = plain(unit)
    for candidate in (language, *LANGUAGES):
        for key, label in words(candidate).get("units").items():
            if plain(str(label)) == wanted:
                return _shipped(load("units.toml")[key])
    return UnitFacts(100 if "%" in wanted else 1, share=wanted == "%", counts=None)


def _shipped(facts: Mapping[str, Any]) -> UnitFacts:
    between = facts.get("between")
    return UnitFacts(
        facts["multiplier"],
        facts["share"],
        facts.get("counts", False),
        (between[0], between[1]) if between else None,
    )
