"""What tells of something that stays: ids, texts and names, found in the texts that would go along.

Texts are compared by their words without endings, so that «den harde tonen i lag 3» is known again in «Hard
tone i lag 3», and without the signs that nobody sees.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache, cached_property

from hmsbook.model.frozen import Frozen
from hmsbook.sharing.figures import tells, tells_share
from hmsbook.texts.files import LANGUAGES
from hmsbook.texts.words import words

# So many words in a row are no chance: whoever writes them repeats what somebody else wrote. What is said
# of how and when is said alike of much else.
RUN, LONG_RUN = 4, 6
# All that a text is about may stand in so many words more than it has itself.
_AROUND = 4
_WORD = re.compile(r"[^\W_]+")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.\w+")
_ID = re.compile(r"([A-ZÆØÅ]+)0*([0-9]+)\Z")
# Shorter parts of names are too often words, and so are single names that are written small.
_SHORTEST_NAME = 3
_SHORTEST_STEM = 3
# What signs may part an id, and what may stand between the numbers of several.
_GAP = r"(?:[^\w\n]|_){0,2}"
_AND = r"\s*(?:,|/|\+|&|-|og|and|samt|eller|or)\s*"


class Traces(Frozen):
    """What may not be told of: ids of rows by table, their texts, people's names, hidden numbers.

    `texts` say what rows are about, `more_texts` what else is said of them. `shares` are hidden numbers with
    those that they are of, which tell something together however small they are.
    """

    ids: tuple[tuple[str, str], ...] = ()
    texts: tuple[str, ...] = ()
    more_texts: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    numbers: tuple[float, ...] = ()
    shares: tuple[tuple[float, float], ...] = ()

    def told_in(self, text: object, *, people: bool) -> str:
        """Of what a text tells that it may not: "sensitive", "secrets", "names", or nothing.

        Names count where `people` is set.
        """
        if not isinstance(text, str):
            return ""
        shown = visible(text)
        if self._names_row(shown) or self._repeats(_stems(shown)):
            return "sensitive"
        if tells(shown, self._numbers) or tells_share(shown, self.shares):
            return "secrets"
        return "names" if people and self._names_somebody(shown) else ""

    # Ids

    def _names_row(self, text: str) -> bool:
        return any(found.search(text) for found in self._odd_ids) or any(
            not numbers.isdisjoint(map(int, re.findall(r"\d+", found[0])))
            for pattern, numbers in self._ids
            for found in pattern.finditer(text)
        )

    @cached_property
    def _ids(self) -> tuple[tuple[re.Pattern[str], set[int]], ...]:
        """How people name the rows of each table, and which numbers may not be named."""
        numbers: dict[tuple[str, str], set[int]] = {}
        for table, row_id in self.ids:
            if parts := _ID.match(row_id):
                numbers.setdefault((table, parts[1]), set()).add(int(parts[2]))
        return tuple((_mention(*named), found) for named, found in numbers.items())

    @cached_property
    def _odd_ids(self) -> tuple[re.Pattern[str], ...]:
        """The ids that are no letter and number."""
        odd = (row_id for _, row_id in self.ids if not _ID.match(row_id))
        return tuple(re.compile(rf"(?<!\w){re.escape(it)}(?!\w)", re.IGNORECASE) for it in map(visible, odd))

    # Texts

    @cached_property
    def _runs(self) -> frozenset[tuple[str, ...]]:
        main = {run for text in self.texts for run in _runs(_stems(text), RUN)}
        long = (found for text in self.more_texts if len(found := _stems(text)) >= LONG_RUN)
        return frozenset(main.union(*(_runs(found, LONG_RUN) for found in long)))

    @cached_property
    def _whole(self) -> frozenset[tuple[str, ...]]:
        return frozenset(tuple(_stems(text)) for text in self.texts)

    @cached_property
    def _abouts(self) -> frozenset[frozenset[str]]:
        """What each text is about: its words but for the small ones, where that is more than one."""
        found = (frozenset(_stems(text)) - _small() for text in self.texts)
        return frozenset(about for about in found if len(about) > 1)

    def _repeats(self, found: Sequence[str]) -> bool:
        lengths = {len(run) for run in self._runs}
        runs = {tuple(found[at : at + length]) for length in lengths for at in range(len(found) + 1 - length)}
        if tuple(found) in self._whole or not self._runs.isdisjoint(runs):
            return True
        return any(_stand_together(found, about) for about in self._abouts)

    @cached_property
    def _numbers(self) -> tuple[Decimal, ...]:
        return tuple({abs(Decimal(repr(number))) for number in self.numbers})

    # Names

    def _names_somebody(self, text: str) -> bool:
        found = _WORD.findall(text)
        small = tuple(word.casefold() for word in found)
        return (
            _ADDRESS.search(text) is not None
            or any(self._is_name(word) for word in found)
            or any(
                small[at : at + len(name)] == name for name in self._full_names for at in range(len(small))
            )
        )

    def _is_name(self, word: str) -> bool:
        """Whether a word is part of a name, also as «Karis» and «KARI»."""
        forms = {word, word.title()} if word.isupper() else {word}
        return any({form, form.removesuffix("s")} & self._name_parts for form in forms)

    @cached_property
    def _name_parts(self) -> frozenset[str]:
        parts = (part for name in self.names for part in _parts(visible(name)))
        return frozenset(part for part in parts if len(part) >= _SHORTEST_NAME and part[0].isupper())

    @cached_property
    def _full_names(self) -> frozenset[tuple[str, ...]]:
        names = (tuple(_WORD.findall(visible(name).casefold())) for name in self.names)
        return frozenset(name for name in names if len(name) > 1)


def _parts(name: str) -> list[str]:
    """The parts of a name; «HMS» is none, but where all is in capitals."""
    parts = _WORD.findall(name)
    return [part.title() for part in parts] if name.isupper() else [it for it in parts if not it.isupper()]


def visible(text: str) -> str:
    """A text as it is read: one way to write each sign, and none that is not seen."""
    read = unicodedata.normalize("NFKC", text)
    shown = (sign for sign in read if unicodedata.category(sign) != "Cf")
    return "".join("-" if unicodedata.category(sign) == "Pd" else sign for sign in shown)


def holds_address(text: object) -> bool:
    """Whether an e-mail address stands in a text."""
    return isinstance(text, str) and _ADDRESS.search(visible(text)) is not None


def _stems(text: str) -> list[str]:
    return [_stem(word) for word in _WORD.findall(visible(text).casefold())]


def _stem(word: str) -> str:
    """A word without its endings, in bokmål and nynorsk; what is left need not be a word."""
    for ending in _endings():
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return _stem(word.removesuffix(ending))
    return word


@cache
def _endings() -> tuple[str, ...]:
    return tuple(sorted(_listed("endings"), key=len, reverse=True))


@cache
def _small() -> frozenset[str]:
    return frozenset(map(_stem, _listed("small_words")))


def _listed(key: str) -> set[str]:
    """What the text files list for each language."""
    return {word for language in LANGUAGES for word in words(language).text(f"privacy.{key}").split()}


def _runs(found: Sequence[str], length: int) -> Iterator[tuple[str, ...]]:
    """The runs of words by which a text is known again; a single word is only known where it stands alone."""
    if 1 < len(found) <= length:
        yield tuple(found)
    for at in range(len(found) - length + 1):
        run = tuple(found[at : at + length])
        if len(set(run) - _small()) > 1:
            yield run


def _stand_together(found: Sequence[str], about: frozenset[str]) -> bool:
    """Whether all that a text is about stands close together, in whatever order."""
    if not about.issubset(found):
        return False
    around = len(about) + _AROUND
    return any(about.issubset(found[at : at + around]) for at in range(max(1, len(found) - around + 1)))


def _mention(table: str, letters: str) -> re.Pattern[str]:
    """How people write ids: «T07», «t7», «T-07», «tiltak nr. 7», «tiltak 6 og 7»."""
    called = "|".join(re.escape(name) for name in _called(table))
    numbered = r"(?:(?:nr|no|nummer|number)\W{0,2})?"
    return re.compile(
        rf"(?<![^\W_])(?:{letters}|(?:{called})\w*\W){_GAP}{numbered}\d+(?:{_AND}(?:{letters}{_GAP})?\d+)*",
        re.IGNORECASE,
    )


def _called(table: str) -> list[str]:
    """What one row of a table is called, in each language."""
    return [words(language).text(f"copies.called.{table}") for language in LANGUAGES]
