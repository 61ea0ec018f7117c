"""What tells of something that stays: ids, texts and names, found in the texts that would go along."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from hmsbook.model.frozen import Frozen
from hmsbook.texts.files import LANGUAGES
from hmsbook.texts.words import words

# So many words in a row are no chance: whoever writes them repeats what somebody else wrote. What is said
# of how and when is said alike of much else.
RUN, LONG_RUN = 5, 8
_WORD = re.compile(r"\w+")
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_TELLING = 100
_ID = re.compile(r"([A-ZÆØÅ]+)0*([0-9]+)\Z")
# Shorter parts of names are too often words.
_SHORTEST_NAME = 3


class Traces(Frozen):
    """What may not be told of: ids of rows by table, their texts, people's names, hidden numbers.

    `texts` say what rows are about, `more_texts` what else is said of them.
    """

    ids: tuple[tuple[str, str], ...] = ()
    texts: tuple[str, ...] = ()
    more_texts: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    numbers: tuple[float, ...] = ()

    def told_in(self, text: object, *, people: bool) -> str:
        """Of what a text tells that it may not: "sensitive", "secrets", "names", or nothing.

        Names count where `people` is set.
        """
        if not isinstance(text, str):
            return ""
        if (self._ids and self._ids.search(text)) or self._repeats(_words(text)):
            return "sensitive"
        if not self._figures.isdisjoint(_FIGURE.findall(text.replace(",", "."))):
            return "secrets"
        return "names" if people and not self._name_parts.isdisjoint(_WORD.findall(text)) else ""

    @cached_property
    def _ids(self) -> re.Pattern[str] | None:
        patterns = [pattern for table, row_id in self.ids for pattern in _spellings(table, row_id)]
        return re.compile("|".join(patterns), re.IGNORECASE) if patterns else None

    @cached_property
    def _runs(self) -> frozenset[tuple[str, ...]]:
        main = {run for text in self.texts for run in _runs(_words(text), RUN)}
        long = (found for text in self.more_texts if len(found := _words(text)) >= LONG_RUN)
        return frozenset(main.union(*(_runs(found, LONG_RUN) for found in long)))

    @cached_property
    def _whole(self) -> frozenset[tuple[str, ...]]:
        return frozenset(tuple(_words(text)) for text in self.texts)

    @cached_property
    def _figures(self) -> frozenset[str]:
        """Hidden numbers as people write them; small whole ones stand for too much else."""
        telling = (number for number in self.numbers if number != int(number) or abs(number) >= _TELLING)
        return frozenset(figure for number in telling for figure in _written(number))

    @cached_property
    def _name_parts(self) -> frozenset[str]:
        parts = (part for name in self.names for part in _WORD.findall(name))
        return frozenset(part for part in parts if len(part) >= _SHORTEST_NAME and part[0].isupper())

    def _repeats(self, found: Sequence[str]) -> bool:
        lengths = {len(run) for run in self._runs}
        runs = {tuple(found[at : at + length]) for length in lengths for at in range(len(found) + 1 - length)}
        return tuple(found) in self._whole or not self._runs.isdisjoint(runs)


def _written(number: float) -> Iterator[str]:
    """A number in full, and with the decimals that still tell it."""
    yield f"{number:.10g}"
    for places in range(0 if number == int(number) else 1, 3):
        yield f"{number:.{places}f}"


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _runs(found: Sequence[str], length: int) -> Iterator[tuple[str, ...]]:
    """The runs of words by which a text is known again; a single word is only known where it stands alone."""
    if 1 < len(found) <= length:
        yield tuple(found)
    for at in range(len(found) - length + 1):
        yield tuple(found[at : at + length])


def _spellings(table: str, row_id: str) -> Iterable[str]:
    """How people write an id: «T07», «t7», «T 07», «tiltak nr. 7»."""
    found = _ID.match(row_id)
    if found is None:
        return [rf"(?<!\w){re.escape(row_id)}(?!\w)"]
    letters, number = found.groups()
    called = "|".join(re.escape(name) for name in _called(table))
    return [
        rf"(?<!\w){letters}[ .-]?0*{number}(?!\d)",
        rf"(?<!\w)(?:{called})\w*\W{{1,3}}(?:(?:nr|no|nummer|number)\W{{1,2}})?0*{number}(?!\d)",
    ]


def _called(table: str) -> list[str]:
    """What one row of a table is called, in each language."""
    return [words(language).text(f"copies.called.{table}") for language in LANGUAGES]
