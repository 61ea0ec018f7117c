"""Whose copy it is that came back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import PurePath

from hmsbook.merge.findings import Person

_WORD = re.compile(r"[^\W_]+")
# A name of fewer words, such as «Kari», stands in too many file names.
_FEWEST = 2


def person(made_for: str, saved_by: str, file: str, members: Sequence[str]) -> Person:
    """The member a copy was made for, else who saved it last, else whose name the file has.

    Where that is nobody in the group, the person is unknown and goes by what the file tells.
    """
    if made_for:
        return Person(_member(made_for, members) or made_for, known=True)
    found = _member(saved_by, members) or _named_in(PurePath(file).stem, members)
    if found:
        return Person(found, known=True)
    return Person(saved_by.strip() or PurePath(file).name)


def _member(name: str, members: Sequence[str]) -> str:
    """The member with this name, in whatever order its words stand; none where it could be two."""
    wanted = _words(name)
    found = [member for member in members if wanted and _words(member) == wanted]
    return found[0] if len(found) == 1 else ""


def _named_in(text: str, members: Sequence[str]) -> str:
    """The member whose whole name stands in a text, of two of which one is part of the other the longer."""
    words = set(_words(text))
    found = [it for it in members if len(_words(it)) >= _FEWEST and set(_words(it)) <= words]
    longest = [it for it in found if not any(set(_words(it)) < set(_words(other)) for other in found)]
    return longest[0] if len(longest) == 1 else ""


def _words(name: str) -> list[str]:
    """The words of a name in an order of their own; some systems put signs of one letter in two."""
    return sorted(_WORD.findall(unicodedata.normalize("NFC", name).casefold()))
