"""Whether two ways of writing a name can mean the same person."""

from __future__ import annotations

import re
from collections.abc import Iterable

from hmsbook.texts.words import plain

_BETWEEN = re.compile(r"[,;/\n&]|\bog\b|\band\b")
_ASIDE = re.compile(r"\([^)]*\)")


def same_person(written: str, name: str) -> bool:
    """Whether a written name can mean this one: whole, or each word of it the start of one of the name's."""
    parts, full = _words(written), _words(name)
    return bool(parts) and all(any(word.startswith(part) for word in full) for part in parts)


def anyone_of(written: str, names: Iterable[str]) -> bool:
    """Whether a list of people, as someone wrote it, has one of these names."""
    text = plain(written)
    listed = _BETWEEN.split(text)
    return any(plain(name) in text or any(same_person(part, name) for part in listed) for name in names)


def _words(name: str) -> list[str]:
    return [word.strip(".") for word in plain(_ASIDE.sub(" ", name)).split() if word.strip(".")]
