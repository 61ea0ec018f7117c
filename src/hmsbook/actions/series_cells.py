"""What the cells of a file of numbers say: a number, a day or a month, or that a number is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from hmsbook.standard.guess import guess_date
from hmsbook.standard.kinds import FIRST_DATE, LAST_DATE
from hmsbook.texts.files import LANGUAGES
from hmsbook.texts.words import plain, words

# What people, Excel (#N/A in two languages) and statistical agencies (. .. :) write where there is no number.
MISSING = frozenset(("", "-", "–", "—", "na", "n/a", "#n/a", "#i/t", ".", "..", ":"))
# No number and no date is longer.
LONGEST = 60
_BLANKS = " \u00a0\u2009\u202f"
_MINUS = str.maketrans("\u2212\u2013", "--")
_SPACED = re.compile(rf"([-+]?\d{{1,3}}(?:[{_BLANKS}]\d{{3}})+)((?:[.,]\d+)?)")
_TIME = re.compile(r"[t ]\d{1,2}:\d{2}.*")
_CODED = re.compile(r"(?P<year>\d{4})[ -]?(?P<kind>[mkqh])(?P<number>\d{1,2})")
# The months of what a code counts in: months, quarters (kvartal) and half-years.
_MONTHS = {"m": 1, "k": 3, "q": 3, "h": 6}
_BLANKS_OF_PERIODS = {"number": r"(?P<number>\d)", "year": r"(?P<year>\d{4})", "yy": r"(?P<year>\d{2})"}
_YEAR = re.compile(r"\d{4}")


def is_missing(text: str) -> bool:
    """Whether a cell says that there is no number."""
    return text.strip().casefold() in MISSING


class Writing(NamedTuple):
    """How a column writes its numbers: the decimal sign, and the sign between thousands if there is one."""

    decimal: str
    thousands: str = ""


# Between them these two read every number.
WRITINGS = (Writing(",", "."), Writing(".", ","))


def writing(texts: Iterable[str]) -> Writing:
    """How texts write numbers: as the first that leaves no doubt does, else by the first sign there is."""
    bare = [_bare(text) for text in texts]
    sure = (found for text in bare if (found := _sure(text)))
    signs = (sign for text in bare for sign in text if sign in ",.")
    return next(sure, None) or Writing(next(signs, "."))


def _sure(text: str) -> Writing | None:
    """The writing of a number with both signs, or with one of them twice."""
    signs = [sign for sign in text if sign in ",."]
    if len(signs) < 2:
        return None
    decimal = signs[-1] if signs[-1] != signs[0] else ",."[signs[0] == ","]
    return Writing(decimal, ",."[decimal == ","])


def number(text: str, how: Writing) -> float | None:
    """The number a text is in a way of writing; None when it is none."""
    bare = _bare(text)
    whole = rf"\d{{1,3}}(?:\{how.thousands}\d{{3}})+|\d+" if how.thousands else r"\d+"
    if not re.fullmatch(
        rf"[-+]?(?:(?:{whole})(?:\{how.decimal}\d+)?|\{how.decimal}\d+)(?:e[-+]?\d+)?", bare, re.IGNORECASE
    ):
        return None
    ungrouped = bare.replace(how.thousands, "") if how.thousands else bare
    return float(ungrouped.replace(how.decimal, "."))


def _bare(text: str) -> str:
    """A number's text with a plain minus, without a percent sign and blanks between thousands."""
    if len(text) > LONGEST:
        return ""
    bare = text.strip().translate(_MINUS).removesuffix("%").rstrip()
    spaced = _SPACED.fullmatch(bare)
    return re.sub(rf"[{_BLANKS}]", "", spaced[1]) + spaced[2] if spaced else bare


def is_number(text: str) -> bool:
    """Whether a text is a number in some way of writing."""
    return any(number(text, how) is not None for how in WRITINGS)


def day(text: str) -> date | None:
    """The day a text names, the first where it names a month, any month of it for quarters and half-years."""
    if len(text) > LONGEST:
        return None
    bare = _TIME.sub("", plain(text))
    found = _coded(bare) or guess_date(bare) or _named(bare)
    return found if found and FIRST_DATE <= found <= LAST_DATE else None


def _coded(text: str) -> date | None:
    """The last month of a period as statistics write it: 2025M01, 2025K1."""
    match = _CODED.fullmatch(text)
    return _end(match["year"], int(match["number"]) * _MONTHS[match["kind"]]) if match else None


def _named(text: str) -> date | None:
    """The last month of a period as hmsbook writes it in some language: 3. kvartal 2025, Q3 2025."""
    for pattern, months in _periods():
        if match := pattern.fullmatch(text):
            return _end(match["year"], int(match["number"]) * months)
    return None


@cache
def _periods() -> tuple[tuple[re.Pattern[str], int], ...]:
    """How quarters and half-years are written, with the months of each."""
    sizes = {"quarter": 3, "half_year": 6}
    keys = [f"sentences.{form}.{size}" for form in ("period", "period_short") for size in sizes]
    return tuple(
        (_pattern(words(language).text(key)), sizes[key.rpartition(".")[2]])
        for language in LANGUAGES
        for key in keys
    )


def _pattern(written: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", plain(written))
    return re.compile("".join(_BLANKS_OF_PERIODS.get(part) or re.escape(part) for part in parts))


def _end(year: str, month: int) -> date | None:
    number = int(year) + (2000 if len(year) == 2 else 0)
    return date(number, month, 1) if 1 <= month <= 12 and number else None


def days(texts: Sequence[str], *, beside_numbers: bool) -> list[date | None] | None:
    """The day of each text, None where it names none; None for a column that is no column of days.

    What can be read as numbers too, years alone and 09.2025, are days only beside a column of numbers.
    """
    filled = [text for text in texts if not is_missing(text)]
    if _are_years(filled):
        return [_last_of_year(text) for text in texts] if beside_numbers else None
    found = [day(text) for text in texts]
    if 2 * sum(it is not None for it in found) <= len(filled):
        return None
    return found if beside_numbers or not all(map(is_number, filled)) else None


def _are_years(texts: Sequence[str]) -> bool:
    """Whether texts are years in order, as no other numbers would be."""
    if not texts or not all(map(_YEAR.fullmatch, texts)):
        return False
    steps = {int(after) > int(before) for before, after in pairwise(texts) if after != before}
    known = all(FIRST_DATE.year <= int(text) <= LAST_DATE.year for text in texts)
    return known and len(set(texts)) == len(texts) and len(steps) <= 1


def _last_of_year(text: str) -> date | None:
    return None if is_missing(text) else date(int(text), 12, 1)
