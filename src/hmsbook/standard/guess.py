"""What a person meant by a number or date that was stored as text, for messages only.

The charts and live formulas cannot compute with such text, so hmsbook does not either: it says what the
text looks like, and where it stands.
"""

from __future__ import annotations

import re
from datetime import date

from hmsbook.texts.files import LANGUAGES
from hmsbook.texts.words import plain, words

_NUMBER = re.compile(r"[-+\u2212]?\d{1,3}(?:[ \u00a0\u202f]?\d{3})*(?:[.,]\d+)?\s*%?\Z")
_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})\Z")
_YEAR_FIRST = re.compile(r"(\d{4})[./-](\d{1,2})(?:[./-](\d{1,2}))?\Z")
_MONTH_YEAR = re.compile(r"(\d{1,2})[./-](\d{4})\Z")
_WORD_YEAR = re.compile(r"(?:(\d{1,2})\.?\s*)?([a-zæøå]+)\.?[\s-]*(\d{4}|\d{2})\Z")


def guess_number(text: str) -> float | None:
    """The number a text looks like: «6,4», «1 250», «−3,5 %»; None when it looks like none."""
    text = text.strip()
    if not _NUMBER.match(text):
        return None
    bare = re.sub(r"[ \u00a0\u202f%]", "", text).replace("\u2212", "-").replace(",", ".")
    return float(bare)


def guess_date(text: str) -> date | None:
    """The date a text looks like: «31.12.2025», «2025-12», «jan. 25», «3. mars 2026»."""
    text = plain(text)
    for pattern, order in ((_DAY_FIRST, "dmy"), (_YEAR_FIRST, "ymd"), (_MONTH_YEAR, "my")):
        if match := pattern.match(text):
            parts = {name: int(part or 1) for name, part in zip(order, match.groups(), strict=True)}
            return _date(parts["y"], parts["m"], parts.get("d", 1))
    if (match := _WORD_YEAR.match(text)) and (month := _month(match[2])):
        return _date(int(match[3]), month, int(match[1] or 1))
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None


def _month(name: str) -> int | None:
    for language in LANGUAGES:
        for number, month in enumerate(words(language).get("format.months"), 1):
            if len(name) >= 3 and plain(month).startswith(name):
                return number
    return None
