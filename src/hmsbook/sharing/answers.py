"""What the rows of a survey, and the counts of a mapping, tell of each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

from hmsbook.model.book import Book
from hmsbook.model.records import Row
from hmsbook.sharing.limits import Limits
from hmsbook.sharing.people import SURVEY, counts_persons, mapping_limit, survey_limit
from hmsbook.sharing.relations import Builder, Terms, added, exact, half_digit, roomy, step_size, times
from hmsbook.texts.words import plain

PERCENT = 100
HALF = Fraction(1, 2)
_SCALE = re.compile(r"(\d+)\D+(\d+)")
Name = tuple[str, ...]


class Survey:
    """The rows of a survey as quantities: who answered, who was invited, and what they said in all."""

    def __init__(self, builder: Builder, book: Book, limits: Limits, headcount: Terms | None) -> None:
        self.builder = builder
        self.limits = limits
        self.headcount = headcount
        self.rows = [row for row in book.rows.get("survey", ()) if _known(row, "answered")]
        self.parts = {row.index: self._part(row) for row in self.rows}
        self.answered = self._persons("answered", lambda row: [self.parts[row.index]])
        self.invited = self._persons("invited", self._own_part)
        self.sums = self._amounts("mean", 1)
        self.agreeing = self._amounts("percentage", PERCENT)

    def _part(self, row: Row) -> int:
        cells = [("survey", row.index, key) for key in SURVEY if row.get(key) is not None]
        return self.builder.part(cells, min(row.get("answered"), 999))

    def _own_part(self, row: Row) -> list[int]:
        return [self.builder.part([("survey", row.index, "invited")], min(row.get("invited"), 999))]

    def _persons(self, key: str, parts: Callable[[Row], list[int]]) -> dict[int, Terms]:
        """Numbers of persons by row; the same number of the same people in the same round is but one."""
        found: dict[int, Terms] = {}
        rows = [row for row in self.rows if _known(row, key)]
        for same in _grouped(rows, lambda row: (*_who(row), str(row.get(key)))).values():
            shown = [part for row in same for part in parts(row)]
            limit = min(survey_limit(self.limits, row) for row in same)
            one = self.builder.persons(same[0].get(key), limit, shown)
            found |= {row.index: one for row in same}
        return found

    def _amounts(self, key: str, whole: int) -> dict[int, Terms]:
        """What the answers of each row come to: the sum of a mean, the number of those in a percentage."""
        slack = half_digit(row.get(key) for row in self.rows if row.get(key) is not None) / whole
        rows = [row for row in self.rows if row.get(key) is not None]
        return {row.index: self._amount(row, exact(row.get(key)) / whole, slack) for row in rows}

    def _amount(self, row: Row, each: Fraction, slack: Fraction) -> Terms:
        answered = row.get("answered")
        value, slack = each * answered, slack * answered
        if abs(round(value) - value) <= slack < HALF:
            value, slack = Fraction(round(value)), Fraction(0)
        bounds = Fraction(0), Fraction(roomy(float(value), survey_limit(self.limits, row)))
        parts, limit = [self.parts[row.index]], survey_limit(self.limits, row)
        one = self.builder.quantity(value, step_size([value]), bounds, parts, needs=limit)
        return Terms(one.terms, one.true, slack)

    def relate(self) -> None:
        """Note what the rows tell of each other."""
        for row in self.rows:
            self._within(row)
        for rows in _grouped(self.rows, lambda row: _texts(row, "round", "level", "theme")).values():
            self._divided(rows, self.invited, self.headcount)
            for quantities in (self.answered, self.sums, self.agreeing):
                self._divided(rows, quantities)

    def _within(self, row: Row) -> None:
        """No more answer than are invited, or agree than answer; a mean lies on its scale."""
        answered = self.answered[row.index]
        if row.index in self.invited:
            self.builder.at_most(answered, self.invited[row.index])
        if row.index in self.agreeing:
            self.builder.at_most(self.agreeing[row.index], answered)
        scale = _SCALE.search(row.get("scale") or "")
        if scale and row.index in self.sums:
            low, high = (times(answered, int(end)) for end in scale.groups())
            self.builder.at_most(low, self.sums[row.index])
            self.builder.at_most(self.sums[row.index], high)

    def _divided(
        self, rows: Iterable[Row], quantities: Mapping[int, Terms], all_: Terms | None = None
    ) -> None:
        """The groups of each kind add up to the whole, and so to those of each other kind."""
        kinds = _grouped((row for row in rows if row.index in quantities), _kind)
        parted = [part for same in kinds.values() for part in (same, *_without_whole(same))]
        wholes = [added(quantities[row.index] for row in same) for same in parted]
        for one, other in combinations([*wholes, all_] if all_ else wholes, 2):
            self.builder.equal(one, other)


def relate_mapping(builder: Builder, book: Book, limits: Limits) -> None:
    """Note what counts of persons in the mapping tell of each other."""
    rows = [row for row in book.rows.get("mapping", ()) if _is_counted(row)]
    agree = {row.index: _agree(builder, row, mapping_limit(limits, row)) for row in rows}
    whole = _whole(builder, rows, limits)
    for row in rows:
        builder.at_most(agree[row.index], whole[row.index])
    for same in _grouped(rows, lambda row: _texts(row, "round", "table", "text")).values():
        _choices(builder, [agree[row.index] for row in same], whole[same[0].index])
    for same in _grouped(rows, lambda row: _texts(row, "round", "text", "valence")).values():
        _tables(builder, [(agree[row.index], whole[row.index]) for row in same])


def _is_counted(row: Row) -> bool:
    return counts_persons(row) and row.get("agree") is not None and row.get("of_all") is not None


def _agree(builder: Builder, row: Row, limit: int) -> Terms:
    """Those who agree; where those who do not are few, that is what a masked cell says."""
    agree, of_all = row.get("agree"), row.get("of_all")
    part = builder.part([("mapping", row.index, "agree")], min(agree, 999))
    if agree < limit or of_all - agree >= limit:
        return builder.persons(agree, limit, [part])
    bounds = Fraction(max(0, of_all - limit + 1)), Fraction(of_all)
    return builder.quantity(Fraction(agree), Fraction(1), bounds, [part], needs=limit)


def _whole(builder: Builder, rows: Iterable[Row], limits: Limits) -> dict[int, Terms]:
    found: dict[int, Terms] = {}
    for same in _grouped(rows, lambda row: (*_texts(row, "round", "table"), str(row.get("of_all")))).values():
        parts = [
            builder.part([("mapping", row.index, "of_all")], min(row.get("of_all"), 999)) for row in same
        ]
        limit = min(mapping_limit(limits, row) for row in same)
        one = builder.persons(same[0].get("of_all"), limit, parts)
        found |= {row.index: one for row in same}
    return found


def _choices(builder: Builder, agree: list[Terms], whole: Terms) -> None:
    """Those who chose each of several faces are all who chose, or no more than that."""
    if len(agree) > 1 and not builder.equal(added(agree), whole):
        builder.at_most(added(agree), whole)


def _tables(builder: Builder, rows: list[tuple[Terms, Terms]]) -> None:
    """The row of all is the sum of its tables, in those who agree and in those who are there."""
    for number, (agree, whole) in enumerate(rows):
        rest = [*rows[:number], *rows[number + 1 :]]
        people = added(each for _, each in rest)
        if len(rest) > 1 and people.true == whole.true:
            builder.equal(whole, people)
            builder.equal(agree, added(each for each, _ in rest))


def _known(row: Row, key: str) -> bool:
    return row.get(key) is not None and row.get(key) >= 0


def _who(row: Row) -> Name:
    """Whom a row tells of: a round, and a group within it or all."""
    kind = _texts(row, "subgroup_kind", "subgroup") if row.get("subgroup") else ("", "")
    return *_texts(row, "round"), *kind


def _kind(row: Row) -> str:
    return plain(row.get("subgroup_kind") or "\N{BULLET}") if row.get("subgroup") else ""


def _without_whole(rows: Sequence[Row]) -> tuple[list[Row], ...]:
    """The one of a kind that may be all the others, and those: people call it «Alle» or «Totalt»."""
    everybody = sum(row.get("answered") for row in rows)
    for row in rows if len(rows) > 2 else ():
        if 2 * row.get("answered") == everybody:
            return [row], [other for other in rows if other is not row]
    return ()


def _texts(row: Row, *keys: str) -> Name:
    return tuple(plain(str(row.get(key) or "")) for key in keys)


def _grouped(rows: Iterable[Row], by: Callable[[Row], Any]) -> dict[Any, list[Row]]:
    found: dict[Any, list[Row]] = {}
    for row in rows:
        found.setdefault(by(row), []).append(row)
    return found
