"""Kinds of columns: each owns both directions between cell and value, and what a cell accepts."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from hmsbook.model.dates import first_of_month, from_serial, to_serial
from hmsbook.model.frozen import Frozen
from hmsbook.model.raw import RawCell, Value
from hmsbook.texts.words import Words, find_choice
from hmsbook.texts.words import words as words_of

LARGEST = 10**15
# An id with more digits than people count with is a slip, which the ids after it do not follow.
MOST_DIGITS = 7
FIRST_DATE = date(1950, 1, 1)
LAST_DATE = date(2150, 12, 31)


class Unreadable(ValueError):
    """A cell whose content is not what its column asks for; `key` and `params` say why."""

    def __init__(self, key: str, **params: object) -> None:
        super().__init__(key)
        self.key = key
        self.params = params


class Rule(Frozen):
    """What Excel's own validation of a cell enforces: its type and bounds, or the list it offers."""

    type: str
    minimum: Value | date = None
    maximum: Value | date = None
    source: tuple[str, ...] = ()
    table: str = ""
    strict: bool = True


class Kind(Frozen):
    """Any text; the base of the other kinds."""

    width: float = 14
    format: str = "General"
    align: str = "left"
    wrap: bool = True
    lines: int = 1

    name = "text"

    def read(self, cell: RawCell, language: str, *, date1904: bool = False) -> Any:
        """The value of a cell that is not empty; Unreadable when it is not of this kind."""
        return cell.value.strip() if isinstance(cell.value, str) else as_text(cell.value)

    def write(self, value: Any, words: Words) -> Value:
        """What a cell holds for this value."""
        return None if value is None else str(value)

    def rule(self, words: Words) -> Rule | None:
        """What the cell's validation enforces; None for anything goes."""
        return None

    def json(self, value: Any) -> Any:
        """The value as JSON and CSV carry it."""
        return value

    def parse(self, value: Any) -> Any:
        """The value of what JSON carries; Unreadable when it is not of this kind."""
        if not isinstance(value, str):
            raise Unreadable("not_text", found=value)
        return value


def as_text(value: Value) -> str:
    """A typed number or truth value as the text a person meant."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


class Text(Kind):
    """Free text."""

    width: float = 24


class Email(Kind):
    """An e-mail address; whether it can be one is a rule, not a reason to lose it."""

    width: float = 28
    name = "email"


class Number(Kind):
    """A number, within bounds where there are any."""

    width: float = 11
    format: str = "General"
    align: str = "right"
    minimum: float | None = None
    maximum: float | None = None
    name = "number"

    def read(self, cell: RawCell, language: str, *, date1904: bool = False) -> float | int:
        value = cell.value
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _no_number(value)
        low, high = self.bounds()
        if not low <= value <= high:
            raise Unreadable("out_of_range", found=value, minimum=low, maximum=high)
        return value

    def bounds(self) -> tuple[float, float]:
        """The smallest and the largest number that can be read."""
        low, high = self.minimum, self.maximum
        return (-LARGEST if low is None else low), (LARGEST if high is None else high)

    def write(self, value: Any, words: Words) -> Value:
        return None if value is None else value

    def parse(self, value: Any) -> Any:
        return self.read(RawCell(value, ""), "")

    def rule(self, words: Words) -> Rule | None:
        return Rule("decimal", *self.bounds())


def _no_number(value: Value) -> Unreadable:
    from hmsbook.standard.guess import guess_number

    guess = guess_number(value) if isinstance(value, str) else None
    if guess is None:
        return Unreadable("not_a_number", found=value)
    return Unreadable("number_as_text", found=value, guess=guess)


class Integer(Number):
    """A whole number."""

    width: float = 9
    format: str = "0"
    minimum: float | None = 0
    name = "integer"

    def read(self, cell: RawCell, language: str, *, date1904: bool = False) -> float | int:
        value = super().read(cell, language)
        if value != int(value):
            raise Unreadable("not_whole", found=value)
        return int(value)

    def rule(self, words: Words) -> Rule | None:
        low, high = self.minimum, self.maximum
        return Rule("integer", 0 if low is None else int(low), 10**9 if high is None else int(high))


class Score(Integer):
    """A score of one to five, five always the good end; another number is read and left to the rules."""

    width: float = 10.5
    align: str = "center"
    minimum: float | None = 1
    maximum: float | None = 5
    name = "score"

    def read(self, cell: RawCell, language: str, *, date1904: bool = False) -> float | int:
        return Number.read(self, cell, language)

    def bounds(self) -> tuple[float, float]:
        return -LARGEST, LARGEST


class Day(Kind):
    """A date."""

    width: float = 12
    format: str = "dd.mm.yyyy"
    align: str = "right"
    name = "date"

    def read(self, cell: RawCell, language: str, *, date1904: bool = False) -> date:
        value = cell.value
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _no_date(value)
        day = from_serial(value, date1904=date1904)
        if day is None or not FIRST_DATE <= day <= LAST_DATE:
            raise Unreadable("not_a_date", found=value)
        return day

    def write(self, value: Any, words: Words) -> Value:
        return None if value is None else to_serial(value)

    def rule(self, words: Words) -> Rule | None:
        return Rule("date", FIRST_DATE, LAST_DATE)

    def json(self, value: Any) -> Any:
        return value.isoformat()

    def parse(self, value: Any) -> Any:
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            raise Unreadable("not_a_date", found=value) from None


def _no_date(value: Value) -> Unreadable:
    from hmsbook.standard.guess import guess_date

    guess = guess_date(str(value))
    if guess is None:
        return Unreadable("not_a_date", found=value)
    return Unreadable("date_as_text", found=value, guess=guess)


class Month(Day):
    """A month, kept as its first day."""

    format: str = "mmm yyyy"
    name = "month"

    def read(self, cell: RawCell, language: str, *, date1904: bool = False) -> date:
        try:
            return first_of_month(super().read(cell, language, date1904=date1904))
        except Unreadable as reason:
            raise Unreadable(reason.key.replace("date", "month"), **reason.params) from None

    def json(self, value: Any) -> Any:
        return value.isoformat()[:7]

    def parse(self, value: Any) -> Any:
        return first_of_month(super().parse(f"{str(value)[:7]}-01"))


class Choice(Kind):
    """One of a list of allowed values, shown by its label and kept by its key."""

    choices: str = ""
    width: float = 16
    name = "choice"

    def read(self, cell: RawCell, language: str, *, date1904: bool = False) -> Any:
        key = find_choice(self.choices, as_text(cell.value), language)
        if key is None:
            raise Unreadable("not_a_choice", found=cell.value, choices=self.choices)
        return key

    def write(self, value: Any, words: Words) -> Value:
        return None if value is None else words.choice(self.choices, value)

    def parse(self, value: Any) -> Any:
        if value not in all_keys(self.choices):
            raise Unreadable("not_a_choice", found=value, choices=self.choices)
        return value

    def rule(self, words: Words) -> Rule | None:
        return Rule("list", source=tuple(words.choices(self.choices).values()))


def all_keys(choices: str) -> set[str]:
    """The keys of a list of allowed values; they are the same in every language."""
    return set(words_of("nb").choices(choices))


class YesNo(Choice):
    """Yes or no."""

    choices: str = "yes_no"
    width: float = 9
    align: str = "center"
    name = "yes_no"

    def read(self, cell: RawCell, language: str, *, date1904: bool = False) -> Any:
        if isinstance(cell.value, bool):
            return cell.value
        return super().read(cell, language) == "yes"

    def write(self, value: Any, words: Words) -> Value:
        return None if value is None else words.choice(self.choices, "yes" if value else "no")

    def parse(self, value: Any) -> Any:
        if not isinstance(value, bool):
            raise Unreadable("not_a_choice", found=value, choices=self.choices)
        return value


class Choices(Choice):
    """Several of a list of allowed values, separated by comma."""

    width: float = 22
    name = "choices"

    def read(self, cell: RawCell, language: str, *, date1904: bool = False) -> Any:
        parts = [part for part in re.split(r"[,;\n]", as_text(cell.value)) if part.strip()]
        return tuple(Choice.read(self, cell._replace(value=part), language) for part in parts)

    def write(self, value: Any, words: Words) -> Value:
        return ", ".join(words.choice(self.choices, key) for key in value) if value else None

    def parse(self, value: Any) -> Any:
        return tuple(Choice.parse(self, key) for key in value)

    def rule(self, words: Words) -> Rule | None:
        return Rule("list", source=tuple(words.choices(self.choices).values()), strict=False)

    def json(self, value: Any) -> Any:
        return list(value)


class Id(Kind):
    """The row's own id: a letter and a number."""

    prefix: str = ""
    width: float = 6.5
    align: str = "center"
    wrap: bool = False
    name = "id"

    def read(self, cell: RawCell, language: str, *, date1904: bool = False) -> str:
        return as_text(cell.value).strip().upper()

    def number(self, row: int) -> str:
        """The id of the row with this number, counted from 1."""
        return f"{self.prefix}{row:02d}"


class Reference(Kind):
    """The id of a row in another table."""

    table: str = ""
    width: float = 11
    align: str = "center"
    name = "reference"

    def read(self, cell: RawCell, language: str, *, date1904: bool = False) -> Any:
        return as_text(cell.value).strip().upper()

    def rule(self, words: Words) -> Rule | None:
        return Rule("list", table=self.table)


class References(Reference):
    """Ids of rows in another table, separated by comma."""

    width: float = 13
    name = "references"

    def read(self, cell: RawCell, language: str, *, date1904: bool = False) -> Any:
        return tuple(part.upper() for part in re.split(r"[\s,;]+", as_text(cell.value).strip()) if part)

    def write(self, value: Any, words: Words) -> Value:
        return ", ".join(value) if value else None

    def parse(self, value: Any) -> Any:
        return tuple(map(str, value))

    def rule(self, words: Words) -> Rule | None:
        return Rule("list", table=self.table, strict=False)

    def json(self, value: Any) -> Any:
        return list(value)


class Person(Kind):
    """A member of the group, by name; other names are allowed."""

    width: float = 18
    name = "person"

    def rule(self, words: Words) -> Rule | None:
        return Rule("list", table="group", strict=False)
