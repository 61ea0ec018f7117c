"""What the figures of the indicators tell of each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property

from hmsbook.analysis.series import closing, step_of
from hmsbook.analysis.units import UnitFacts, unit_facts
from hmsbook.model.book import Book
from hmsbook.model.dates import months_between
from hmsbook.model.records import Basis, Indicator
from hmsbook.sharing.people import BASIS, People
from hmsbook.sharing.relations import (
    Builder,
    Cell,
    Terms,
    added,
    exact,
    half_digit,
    roomy,
    step_size,
)
from hmsbook.texts.words import plain

YEAR = 12
WHOLE = Fraction(100)
EPOCH = date(1900, 1, 1)


class Numbers:
    """The figures of one indicator: typed values, and the rows behind them by the month ending a period."""

    def __init__(
        self, builder: Builder, book: Book, indicator: Indicator, people: People, limit: int
    ) -> None:
        self.builder = builder
        self.indicator = indicator
        self.limit = limit
        self.people = people
        self.step = step_of(indicator)
        self.facts: UnitFacts = unit_facts(indicator.unit, book.language)
        self.headcount = book.unit.headcount
        self._typed = book.values.get(indicator.id, {})
        self._cells = _value_cells(book, indicator.id)
        self._basis = [row for row in book.basis if row.indicator == indicator.id and row.month]
        self._by_point = self._points()
        self.value_parts: dict[date, int] = {}
        self.row_parts = {point: self._row_part(point, rows) for point, rows in self._by_point.items()}
        for month in sorted(self._typed.keys() - self.value_parts.keys()):
            self.value_parts[month] = builder.part(self._cells[month], _age(month))
        self.values = self._values()
        self.persons = {row.row.index: found for row in self._basis if (found := self._persons(row))}
        self.numerators = self._amounts("numerator")
        self.denominators = self.persons if self._counts_persons() else self._amounts("denominator")

    @property
    def span(self) -> int:
        """How many months a value tells of."""
        return YEAR if self.indicator.rolling else self.step

    @property
    def kind(self) -> tuple[str, int, bool]:
        """What two indicators have in common whose values can be added month by month."""
        return plain(self.indicator.unit or ""), self.step, bool(self.indicator.rolling)

    @cached_property
    def _typed_in(self) -> Mapping[date, list[date]]:
        found: dict[date, list[date]] = {}
        for month in self._typed:
            found.setdefault(self.point(month), []).append(month)
        return found

    def _points(self) -> dict[date, list[Basis]]:
        found: dict[date, list[Basis]] = {}
        for row in self._basis:
            found.setdefault(self.point(row.month or EPOCH), []).append(row)
        return found

    def point(self, month: date) -> date:
        """The month that closes the period of a month."""
        return closing(month, self.step)

    def _row_part(self, point: date, rows: Sequence[Basis]) -> int:
        """The rows of a point are hidden with the values typed for it, but for values told without them."""
        cells = [
            ("basis", row.row.index, key) for row in rows for key in BASIS if row.row.get(key) is not None
        ]
        months = self._typed_in.get(point, [])
        typed = [cell for month in months for cell in self._cells[month]]
        primary = self.builder.primary
        if any(cell in primary for cell in cells) and not all(cell in primary for cell in typed):
            return self.builder.part(cells, _age(point))
        part = self.builder.part([*cells, *typed], _age(point))
        self.value_parts |= dict.fromkeys(months, part)
        return part

    def _values(self) -> dict[date, Terms]:
        """The typed values as quantities, by their months."""
        values = {month: exact(value) for month, value in self._typed.items()}
        step, slack = step_size(values.values()), half_digit(self._typed.values())
        bounds = self._bounds(values.values())
        found = {
            month: self.builder.quantity(
                value, step, bounds, [self.value_parts[month]], needs=self.limit, grain=self._grain(month)
            )
            for month, value in values.items()
        }
        slack = Fraction(0) if self.counts else slack
        return {month: Terms(one.terms, one.true, slack) for month, one in found.items()}

    def _bounds(self, values: Iterable[Fraction]) -> tuple[Fraction, Fraction]:
        if self.facts.between:
            return Fraction(self.facts.between[0]), Fraction(self.facts.between[1])
        if self.facts.share:
            return Fraction(0), WHOLE
        known = list(values)
        most = Fraction(roomy(float(max(map(abs, known), default=Fraction())), self.limit))
        return (-most if min(known, default=Fraction()) < 0 else Fraction(0)), most

    @cached_property
    def counts(self) -> bool:
        """Whether a value is itself a number of times or of things."""
        if self.facts.counts is None and self.facts.multiplier == 1:
            return all(float(value).is_integer() for value in self._typed.values())
        return bool(self.facts.counts)

    def _grain(self, month: date) -> Fraction:
        """What one more case does to a value: the multiplier over what it is counted in, or its people."""
        if self.counts:
            return Fraction(1)
        whole = sum(row.denominator or 0 for row in self._by_point.get(self.point(month), ()))
        people = self.people.of_figure(self.indicator.id, month) or self.limit
        return Fraction(self.facts.multiplier) / (exact(whole) if whole > 0 else people)

    def _persons(self, row: Basis) -> Terms | None:
        if row.people is None or row.people < 0:
            return None
        part = self.row_parts[self.point(row.month or EPOCH)]
        return self.builder.persons(row.people, self.limit, [part])

    def _amounts(self, key: str) -> dict[int, Terms]:
        """The numerators or denominators by row."""
        values = {
            row.row.index: exact(row.row.get(key)) for row in self._basis if row.row.get(key) is not None
        }
        step = step_size(values.values())
        most = Fraction(roomy(float(max(values.values(), default=Fraction())), self.limit))
        parts = {row.row.index: self.row_parts[self.point(row.month or EPOCH)] for row in self._basis}
        return {
            index: self.builder.quantity(value, step, (Fraction(0), most), [parts[index]], needs=self.limit)
            for index, value in values.items()
        }

    def _counts_persons(self) -> bool:
        """Whether each row counts its persons: the denominator is the people behind."""
        return bool(self._basis) and all(
            row.row.index in self.persons and row.denominator == row.people for row in self._basis
        )

    @cached_property
    def rows(self) -> Mapping[date, tuple[int, ...]]:
        """The rows of each point whose every row has numerator and denominator."""
        found = {month: tuple(row.row.index for row in rows) for month, rows in self._by_point.items()}
        both = self.numerators.keys() & self.denominators.keys()
        return {month: rows for month, rows in found.items() if both.issuperset(rows)}

    @cached_property
    def persons_by_point(self) -> Mapping[date, Terms]:
        """The people behind each point whose every row has counted them."""
        return {
            month: added(self.persons[row] for row in rows) for month, rows in self.persons_by_rows.items()
        }

    @cached_property
    def persons_by_rows(self) -> Mapping[date, tuple[int, ...]]:
        """The rows of each point whose every row has counted its people."""
        found = {month: tuple(row.row.index for row in rows) for month, rows in self._by_point.items()}
        return {month: rows for month, rows in found.items() if self.persons.keys() >= set(rows)}

    @cached_property
    def parts_of_whole(self) -> Mapping[date, Terms]:
        """The denominator of each point."""
        return {month: added(self.denominators[row] for row in rows) for month, rows in self.rows.items()}

    @cached_property
    def cases(self) -> Mapping[date, Terms]:
        """The whole count behind each point: its numerator, or the value where that is a count."""
        found = {month: added(self.numerators[row] for row in rows) for month, rows in self.rows.items()}
        return {**self.single, **found} if self.counts else found or self._of_headcount

    @cached_property
    def single(self) -> Mapping[date, Terms]:
        """The typed value of each point that has but one and no rows behind it."""
        return {
            point: self.values[months[0]]
            for point, months in self._typed_in.items()
            if len(months) == 1 and point not in self.rows
        }

    @cached_property
    def _of_headcount(self) -> Mapping[date, Terms]:
        """The counts of values that are shares of the unit's headcount, if all of them can be."""
        whole, slack = self.headcount or 0, half_digit(self._typed.values())
        if self.facts.multiplier != WHOLE or not whole:
            return {}
        counts = {month: round(one.true * whole / WHOLE) for month, one in self.single.items()}
        if not counts or any(
            abs(WHOLE * count / whole - self.single[month].true) > slack for month, count in counts.items()
        ):
            return {}
        return {month: self._headcount_share(month, count, whole) for month, count in counts.items()}

    def _headcount_share(self, month: date, count: int, whole: int) -> Terms:
        part = self.value_parts[self._typed_in[month][0]]
        bounds = Fraction(0), Fraction(max(whole, count))
        return self.builder.quantity(Fraction(count), Fraction(1), bounds, [part], needs=self.limit)


def _value_cells(book: Book, indicator: str) -> Mapping[date, list[Cell]]:
    found: dict[date, list[Cell]] = {}
    for row in book.rows.get("values", ()):
        if row.get("month") and row.get(indicator) is not None:
            found.setdefault(row.get("month"), []).append(("values", row.index, indicator))
    return found


def _age(month: date) -> int:
    """Older months are hidden sooner; people look at the newest."""
    return min(max(months_between(EPOCH, month) // 3, 0), 999)
