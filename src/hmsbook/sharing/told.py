"""What was left out of a copy, in words: counted for those who get it, with places for the coordinator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from hmsbook.sharing.permitted import LeftOut
from hmsbook.texts.words import Words


def counted(left_out: Iterable[LeftOut]) -> Counter[tuple[str, str]]:
    """How many of each kind were left out, by what they are and why."""
    return Counter((it.what, it.why) for it in left_out)


def lines(left_out: Iterable[LeftOut], language: Words) -> Iterator[tuple[str, str]]:
    """What was left out, a line a kind: how many, and why."""
    for (what, why), count in counted(left_out).items():
        yield language.text(f"copies.what.{what}", n=count), language.text(f"copies.why.{what}.{why}")


def short(left_out: Iterable[LeftOut], language: Words) -> str:
    """What was left out, in one line: «3 tiltak, 7 tall, 1 merknad»."""
    found = Counter(it.what for it in left_out)
    parts = [language.text(f"copies.what.{what}", n=count) for what, count in found.items()]
    return ", ".join(parts) or "–"
