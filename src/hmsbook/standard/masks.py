"""What stands in a cell of a copy in the place of a value that is hidden."""

from __future__ import annotations

import re
from functools import cache

from hmsbook.model.raw import Value
from hmsbook.texts.files import LANGUAGES
from hmsbook.texts.words import Words, plain, words

REASONS = ("few", "unknown", "derivable")


def mask_text(reason: str, limit: int, words: Words) -> str:
    """The few words that a cell has room for."""
    return words.text(f"mask.{reason}", limit=limit)


def find_mask(value: Value) -> tuple[str, int] | None:
    """Why a value is hidden, and how few people are too few, by the words in its cell, in any language."""
    if not isinstance(value, str):
        return None
    found = ((reason, pattern.fullmatch(plain(value))) for reason, pattern in _patterns())
    return next(((reason, int(match.groupdict().get("limit", 0))) for reason, match in found if match), None)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((reason, _pattern(reason, language)) for language in LANGUAGES for reason in REASONS)


def _pattern(reason: str, language: str) -> re.Pattern[str]:
    text = re.escape(plain(str(words(language).get(f"mask.{reason}"))))
    return re.compile(text.replace(re.escape("{limit}"), "(?P<limit>[0-9]{1,9})"))
