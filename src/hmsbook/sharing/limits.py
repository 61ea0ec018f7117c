"""How many people a figure must have behind it before a copy may show it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from hmsbook.model.book import Book
from hmsbook.model.frozen import Frozen
from hmsbook.model.records import Indicator, Unit
from hmsbook.texts.files import LANGUAGES
from hmsbook.texts.words import plain, words

GENERAL = 5
BULLYING = 10
HARASSMENT = "harassment"


class Limits(Frozen):
    """The smallest group of a figure, and of one about bullying and harassment.

    lowered: the fields of the form that ask for less than is usual, and get it because of `reason`. refused:
    those that ask for less and give no reason, so that the usual limit holds.
    """

    general: int = GENERAL
    bullying: int = BULLYING
    lowered: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    reason: str = ""

    def of(self, about_bullying: bool) -> int:
        """The limit of a figure."""
        return self.bullying if about_bullying else self.general


def limits(unit: Unit) -> Limits:
    """The limits a unit's form sets: upwards at will, downwards only with a reason."""
    reason = (unit.smaller_because or "").strip()
    asked = {
        "smallest_group": (unit.smallest_group or GENERAL, GENERAL),
        "smallest_bullying_group": (unit.smallest_bullying_group or BULLYING, BULLYING),
    }
    smaller = tuple(field for field, (wanted, usual) in asked.items() if wanted < usual)
    general, bullying = (wanted if reason else max(wanted, usual) for wanted, usual in asked.values())
    lowered, refused = (smaller, ()) if reason else ((), smaller)
    return Limits(general, max(general, bullying), lowered, refused, reason if lowered else "")


def indicator_about_bullying(book: Book, indicator: Indicator) -> bool:
    """Whether an indicator's name, or the factor of one of its challenges, is bullying or harassment."""
    return speaks_of_bullying(indicator.name) or not _harassment(book).isdisjoint(indicator.challenges)


def speaks_of_bullying(*texts: str | None) -> bool:
    """Whether one of the texts speaks of bullying or harassment, in any language."""
    return any(stem in plain(text) for text in texts if text for stem in _stems())


def _harassment(book: Book) -> set[str]:
    return {found.id for found in book.challenges if found.id and found.factor == HARASSMENT}


@cache
def _stems() -> tuple[str, ...]:
    lists: Iterable[list[str]] = (words(language).get("privacy.bullying") for language in LANGUAGES)
    return tuple(dict.fromkeys(stem for stems in lists for stem in stems))
