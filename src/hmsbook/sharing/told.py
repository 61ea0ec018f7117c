"""What was left out of a copy, in words: counted for those who get it, with places for the coordinator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from hmsbook.sharing.permitted import LeftOut
from hmsbook.texts.words import Words

# In this order people are told.
_ORDER = (
    "measure",
    "challenge",
    "proposal",
    "indicator",
    "number",
    "text",
    "reference",
    "note",
    "vote",
    "cell",
    "column",
    "sheet",
)


def counted(left_out: Iterable[LeftOut]) -> Counter[tuple[str, str]]:
    """How many of each kind were left out, by what they are and why."""
    found = sorted(left_out, key=lambda it: _ORDER.index(it.what))
    return Counter((it.what, it.why) for it in found)


def lines(left_out: Iterable[LeftOut], language: Words) -> Iterator[tuple[str, str]]:
    """What was left out, a line a kind: how many, and why."""
    for (what, why), count in counted(left_out).items():
        yield language.text(f"copies.what.{what}", n=count), language.text(f"copies.why.{what}.{why}")


def short(left_out: Iterable[LeftOut], language: Words) -> str:
    """What was left out, in one line: «3 tiltak, 7 tall, 1 merknad»."""
    found: Counter[str] = Counter()
    for (what, _), count in counted(left_out).items():
        found[what] += count
    parts = [language.text(f"copies.what.{what}", n=count) for what, count in found.items()]
    return ", ".join(parts) or language.text("copies.nothing")
