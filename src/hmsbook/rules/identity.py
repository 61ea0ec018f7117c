"""Norwegian national identity numbers: fødselsnummer and D-number, known by their date and check digits.

The check digits are the Tax Administration's modulus 11, as its page on national identity numbers gives it.
"""

from __future__ import annotations

import re

from hmsbook.standard.kinds import as_text

# Whole, or as people write them: «010190 12345», «01.01.1990 – 12345», «01/01/90-123 45». Whatever signs
# stand between, seen or not, and also where one such number begins inside another.
_CANDIDATE = re.compile(
    r"(?<!\d)(?=(\d{2})[\W_]{0,2}(\d{2})[\W_]{0,2}(?:19|20)?(\d{2})[\W_]{0,4}(\d{3})[\W_]{0,2}(\d{2})(?!\d))"
)
_FIRST = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_SECOND = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
# Days of D-numbers are 40 too high; months of help numbers and test numbers are 40, 65 or 80 too high.
_DAYS = frozenset((*range(1, 32), *range(41, 72)))
_MONTHS = frozenset(month + extra for month in range(1, 13) for extra in (0, 40, 65, 80))
_LENGTH = 11
# A number that has lost its leading zero has ten digits.
_SMALLEST = 10**9


def holds_identity_number(value: object) -> bool:
    """Whether something in a cell is, or contains, a national identity number."""
    if isinstance(value, str):
        return len(value) >= _LENGTH and _in_text(value)
    if isinstance(value, float | int):
        return value >= _SMALLEST and is_identity_number(as_text(value).zfill(_LENGTH))
    return isinstance(value, tuple) and any(map(holds_identity_number, value))


def is_identity_number(digits: str) -> bool:
    """Whether eleven digits have a possible birth date and both check digits right."""
    if len(digits) != _LENGTH or not digits.isdecimal():
        return False
    if int(digits[:2]) not in _DAYS or int(digits[2:4]) not in _MONTHS:
        return False
    return _remainder(digits, _FIRST) == 0 and _remainder(digits, _SECOND) == 0


def _in_text(text: str) -> bool:
    return any(is_identity_number("".join(found)) for found in _CANDIDATE.findall(text))


def _remainder(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False)) % 11
