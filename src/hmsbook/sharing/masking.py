"""Which cells of a book no copy may show: figures about few people, or nobody knows how many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from hmsbook.model.book import Book
from hmsbook.model.frozen import Frozen
from hmsbook.model.records import Basis, Row
from hmsbook.sharing.limits import (
    HARASSMENT,
    Limits,
    indicator_about_bullying,
    limits,
    speaks_of_bullying,
)
from hmsbook.sharing.people import People, about_persons, months_of

FEW, UNKNOWN, DERIVABLE = "few", "unknown", "derivable"
BASIS = ("numerator", "denominator", "people")
SURVEY = ("mean", "deviation", "percentage", "answered")
# What is counted in tables tells nothing of a person: one at a table is enough for the table to count.
COUNTED_IN_TABLES = ("note", "card")

Cell = tuple[str, int, str]


class Hidden(Frozen):
    """Why a cell is masked: "few", "unknown" or "derivable"; and the smallest group that could be shown."""

    reason: str
    limit: int


class Masked(Frozen):
    """The cells no copy may show, by table, row and column; and the limits that decided it."""

    cells: Mapping[Cell, Hidden]
    limits: Limits = Limits()


def mask(book: Book) -> Masked:
    """The cells of a book that a copy may not show."""
    primary = Primary(book)
    return Masked(primary.cells(), primary.limits)


class Primary:
    """What is masked for its own sake."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.limits = limits(book.unit)
        self.people = People(book)

    def cells(self) -> dict[Cell, Hidden]:
        """The cells about few people, or about nobody knows how many."""
        tables = (self._unit, self._indicators, self._values, self._basis, self._survey, self._mapping)
        return {cell: hidden for table in tables for cell, hidden in table()}

    def limit_of(self, indicator: str) -> int:
        """The smallest group that a figure of an indicator may tell of."""
        return self.limits.of(indicator_about_bullying(self.book, self.people.indicator(indicator)))

    def _unit(self) -> Iterator[tuple[Cell, Hidden]]:
        yield from self._count(
            self.book.unit.row, ("headcount",), self.book.unit.headcount, self.limits.general
        )

    def _indicators(self) -> Iterator[tuple[Cell, Hidden]]:
        for indicator in self.book.indicators:
            if about_persons(indicator):
                limit = self.limit_of(indicator.id)
                yield from self._count(indicator.row, ("fewest_people",), indicator.fewest_people, limit)

    def _count(
        self, row: Row, keys: Iterable[str], people: int | None, limit: int
    ) -> Iterator[tuple[Cell, Hidden]]:
        if people is not None and people < limit:
            yield from _cells(row, keys, Hidden(FEW, limit))

    def _values(self) -> Iterator[tuple[Cell, Hidden]]:
        for row in self.book.rows.get("values", ()):
            for key in row.values:
                if key != "month" and (hidden := self._figure(key, row.get("month"))):
                    yield (row.table, row.index, key), hidden

    def _figure(self, indicator: str, month: date | None) -> Hidden | None:
        """Why a figure is masked; one without a month has the people of its indicator."""
        facts = self.people.indicator(indicator)
        if not about_persons(facts):
            return None
        people = self.people.of_figure(indicator, month) if month else facts.fewest_people
        return judged(people, self.limit_of(indicator))

    def _basis(self) -> Iterator[tuple[Cell, Hidden]]:
        found = {basis.row.index: hidden for basis in self.book.basis if (hidden := self._basis_row(basis))}
        for basis in self.book.basis:
            hidden = found.get(basis.row.index) or self._beside(basis, found)
            if hidden:
                yield from _cells(basis.row, BASIS, hidden)

    def _basis_row(self, basis: Basis) -> Hidden | None:
        indicator = basis.indicator or ""
        if not about_persons(self.people.indicator(indicator)):
            return None
        return judged(self.people.of_row(basis), self.limit_of(indicator))

    def _beside(self, basis: Basis, found: Mapping[int, Hidden]) -> Hidden | None:
        """Masked since another row of the same figure is: what is left would pass for the whole."""
        if not basis.indicator or not basis.month:
            return None
        months = months_of(self.people.indicator(basis.indicator), basis.month)
        rows = (other for month in months for other in self.people.rows(basis.indicator, month))
        if any(other.row.index in found for other in rows):
            return Hidden(DERIVABLE, self.limit_of(basis.indicator))
        return None

    def _survey(self) -> Iterator[tuple[Cell, Hidden]]:
        for result in self.book.survey:
            row = result.row
            limit = self.limits.of(speaks_of_bullying(result.theme, row.get("theme_group")))
            yield from self._count(row, ("invited",), result.invited, limit)
            if hidden := judged(result.answered, limit):
                yield from _cells(row, SURVEY, hidden)

    def _mapping(self) -> Iterator[tuple[Cell, Hidden]]:
        for row in self.book.rows.get("mapping", ()):
            if row.get("count_kind") not in COUNTED_IN_TABLES:
                limit = self.limits.of(
                    row.get("category") == HARASSMENT or speaks_of_bullying(row.get("text"))
                )
                yield from self._count(row, ("of_all",), row.get("of_all"), limit)
                if hidden := judged(_fewest_alike(row), limit):
                    yield from _cells(row, ("agree",), hidden)


def judged(people: int | None, limit: int) -> Hidden | None:
    """Why a figure with so many people behind it is masked; None where it may be shown."""
    if people is None:
        return Hidden(UNKNOWN, limit)
    return Hidden(FEW, limit) if people < limit else None


def _fewest_alike(row: Row) -> int | None:
    """The smaller of those who agree and those who do not: each is a number of persons."""
    agree, of_all = row.get("agree"), row.get("of_all")
    return None if agree is None or of_all is None else min(agree, of_all - agree)


def _cells(row: Row, keys: Iterable[str], hidden: Hidden) -> Iterator[tuple[Cell, Hidden]]:
    for key in keys:
        if row.get(key) is not None:
            yield (row.table, row.index, key), hidden
