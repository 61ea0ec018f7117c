"""Words of one language: looked up by dotted key, filled with values written the language's way."""

from __future__ import annotations

import datetime as dt
from functools import cache, cached_property
from typing import Any

from hmsbook.errors import UsageError
from hmsbook.texts.files import LANGUAGES, load

# Which file of a language holds which sections; each is read only when one of its sections is asked for.
_FILES = {
    "methods": "guide",
    "steps": "guide",
    "meetings": "guide",
    "factors": "guide",
    "law": "guide",
    "guide": "guide",
    "units": "catalogue",
    "indicators": "catalogue",
    "rules": "rules",
    "errors": "messages",
    "reading": "messages",
    "sentences": "numbers",
    "explain": "numbers",
    "next_steps": "numbers",
    "news": "numbers",
    "log": "messages",
    "commands": "messages",
    "cli": "messages",
    "reference": "reference",
    "live": "live",
    "letter": "letter",
    "mail": "letter",
    "invite": "letter",
    "ribbon": "ribbon",
    "addin": "addin",
    "copies": "sharing",
    "mask": "sharing",
    "merge": "merge",
}

_met: list[str] = []


class Words:
    """The words of one language."""

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise UsageError("unknown_language", language=language, known=", ".join(LANGUAGES))
        self.language = language

    def get(self, key: str) -> Any:
        """What the text files hold under a dotted key; KeyError when there is nothing."""
        section, *rest = key.split(".")
        found: Any = load("texts", self.language, _FILES.get(section, "words") + ".toml")[section]
        for part in rest:
            found = found[part]
        return found

    def has(self, key: str) -> bool:
        """Whether the text files hold anything under this key."""
        try:
            self.get(key)
        except (KeyError, TypeError):
            return False
        return True

    def text(self, key: str, /, **values: object) -> str:
        """The sentence under a key, its blanks filled with values written the language's way."""
        pattern = self.get(key)
        if isinstance(pattern, dict):
            pattern = pattern["one" if values.get("n") == 1 else "other"]
        shown = {name: self.show(value) for name, value in values.items()}
        return str(pattern).format_map(shown) if shown else str(pattern)

    def show(self, value: object) -> str:
        """A value as people write it in this language."""
        if isinstance(value, bool):
            return self.text("choices.yes_no.yes" if value else "choices.yes_no.no")
        if isinstance(value, float):
            return self.number(value)
        if isinstance(value, dt.date):
            return self.date(value)
        if isinstance(value, tuple | list | set | frozenset):
            return ", ".join(self.show(item) for item in value)
        return printable(str(value))

    def number(self, value: float, decimals: int | None = None) -> str:
        """A number with the language's decimal sign and thin groups of thousands."""
        shown = f"{value:,.{decimals}f}" if decimals is not None else f"{value:,.10g}"
        return shown.translate(self._signs)

    @cached_property
    def _signs(self) -> dict[int, str]:
        """What stands for each sign of a number as Python writes it."""
        signs = self.get("format")
        return str.maketrans({",": signs["thousands"], ".": signs["decimal"], "-": "\N{MINUS SIGN}"})

    def date(self, day: dt.date) -> str:
        """A date as «3. mars 2026»."""
        return str(self.get("format.date")).format(
            day=day.day, month=self.get("format.months")[day.month - 1], year=day.year
        )

    def month(self, day: dt.date, *, short: bool = False) -> str:
        """A month as «mars 2026», or «mars 26» when there is little room."""
        name = self.get("format.months_short" if short else "format.months")[day.month - 1]
        return f"{name} {day.year % 100:02d}" if short else f"{name} {day.year}"

    def choice(self, choices: str, key: str) -> str:
        """The label of one allowed value."""
        return str(self.get(f"choices.{choices}.{key}"))

    def choices(self, choices: str) -> dict[str, str]:
        """Allowed values of one list, key to label, in the order people see them."""
        return dict(self.get(f"choices.{choices}"))


@cache
def words(language: str) -> Words:
    """The words of a language; UsageError when it is not shipped."""
    return Words(language)


def met(language: str) -> None:
    """Note the language of a workbook that has been opened."""
    _met.append(language)


def newest_words() -> Words:
    """The words of the workbook that this process has opened last; bokmål before there is one."""
    return words(_met[-1] if _met else LANGUAGES[0])


def printable(text: str) -> str:
    """Text without the control characters that could steer a terminal; line ends and tabs stay."""
    if text.isprintable():
        return text
    return "".join(
        sign if sign in "\n\t" or sign.isprintable() or sign.isspace() else "\ufffd" for sign in text
    )


def plain(text: str) -> str:
    """A label as it is compared: case, blanks and no-break spaces make no difference."""
    return " ".join(text.casefold().split())


@cache
def choice_keys(choices: str, language: str) -> dict[str, str]:
    """Plain label to key for one list of allowed values in one language; keys match too."""
    labels = words(language).choices(choices)
    return {plain(label): key for key, label in labels.items()} | {plain(key): key for key in labels}


def find_choice(choices: str, label: str, language: str) -> str | None:
    """The key of a label in the book's language, else in any shipped one; None when there is none."""
    wanted = plain(label)
    for candidate in (language, *(other for other in LANGUAGES if other != language)):
        if key := choice_keys(choices, candidate).get(wanted):
            return key
    return None
