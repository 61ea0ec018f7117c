"""When two values are the same to a person, whatever programs made of them on their way."""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable, Sequence
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any

from hmsbook.model.frozen import Frozen

_DIGITS = 12


def bare(value: Any) -> Hashable:
    """A value as it is compared; None for all that is nothing."""
    if isinstance(value, bool):
        return "truth", value
    if isinstance(value, int | float):
        # Nought is nought, whichever side it was reached from.
        return "number", f"{value + 0:.{_DIGITS}g}"
    if isinstance(value, date):
        return "day", value.isoformat()
    if isinstance(value, tuple | list):
        return tuple(map(bare, value)) or None
    text = _text("" if value is None else str(value))
    return ("text", text) if text else None


@lru_cache(maxsize=1 << 14)
def _text(text: str) -> str:
    """A text without what programs change: how signs are put together, line ends, blanks at ends."""
    lines = unicodedata.normalize("NFC", text).splitlines()
    return "\n".join(line.rstrip() for line in lines).strip()


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same to a person."""
    return bare(one) == bare(other)


def digest(value: Any) -> str:
    """A few letters that stand for a value; none for nothing."""
    found = bare(value)
    return "" if found is None else sha256(repr(found).encode()).hexdigest()[:12]


class Lists(Frozen):
    """Three lists of which two sides made something else of the first."""

    base: Sequence[Any]
    mine: Sequence[Any]
    theirs: Sequence[Any]

    @property
    def both(self) -> tuple[Any, ...]:
        """What is left and what was added on both sides."""
        gone = set(self.base) - set(self.theirs)
        kept = [item for item in self.mine if item not in gone]
        added = [item for item in self.theirs if item not in self.base and item not in kept]
        return (*kept, *dict.fromkeys(added))
