"""Which cells of a book no copy may show: figures about few people, or nobody knows how many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property

from hmsbook.model.book import Book
from hmsbook.model.frozen import Frozen
from hmsbook.model.records import Basis, Row
from hmsbook.sharing.answers import Survey, relate_mapping
from hmsbook.sharing.hiding import derivable, hide
from hmsbook.sharing.limits import Limits, indicator_about_bullying, limits
from hmsbook.sharing.numbers import Numbers
from hmsbook.sharing.overlaps import relate_numbers
from hmsbook.sharing.people import (
    BASIS,
    SURVEY,
    People,
    about_persons,
    counts_persons,
    mapping_limit,
    months_of,
    survey_limit,
)
from hmsbook.sharing.relations import Builder, Cell, Terms

FEW, UNKNOWN, DERIVABLE = "few", "unknown", "derivable"
# Hiding what everybody knows protects least.
DEAR = 10**6


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
    cells = primary.cells()
    return Masked(_derivable(primary, cells) | cells, primary.limits)


def _derivable(primary: Primary, cells: Mapping[Cell, Hidden]) -> dict[Cell, Hidden]:
    """The cells that are masked because others could be worked out from them."""
    if not cells:
        return {}
    builder = model_of(primary, cells)
    model = builder.model()
    return {
        cell: Hidden(DERIVABLE, primary.limit_of_cell(cell))
        for part in sorted(hide(model, builder.hidden))
        for cell in model.parts[part].cells
    }


def model_of(primary: Primary, cells: Mapping[Cell, Hidden]) -> Builder:
    """All that the figures of a book tell of each other, when these cells are masked."""
    book, builder = primary.book, Builder(cells.keys())
    headcount = _headcount(builder, primary)
    numbers = [
        Numbers(builder, book, one, primary.people, primary.limit_of(one.id)) for one in book.indicators
    ]
    relate_numbers(builder, numbers, headcount)
    Survey(builder, book, primary.limits, headcount).relate()
    relate_mapping(builder, book, primary.limits)
    return builder


def _headcount(builder: Builder, primary: Primary) -> Terms | None:
    """The unit's headcount, the last thing to hide: many know it anyway."""
    unit = primary.book.unit
    if unit.headcount is None or unit.headcount < 0:
        return None
    part = builder.part([("unit", unit.row.index, "headcount")], DEAR)
    return builder.persons(unit.headcount, primary.limits.general, [part])


class Offence(Frozen):
    """A cell that breaks a rule in a copy: it is "shown" (PRV-1), or masked and yet "derivable" (PRV-2)."""

    how: str
    cell: Cell
    hidden: Hidden


def offences(sent: Book, whole: Book) -> tuple[Offence, ...]:
    """What breaks PRV-1 or PRV-2 in a copy whose rows have the numbers they have in the whole book."""
    primary = Primary(whole)
    cells = primary.cells()
    held, all_cells = _filled(sent), _filled(whole)
    shown = [Offence("shown", cell, hidden) for cell, hidden in cells.items() if cell in held]
    builder = model_of(primary, dict.fromkeys(all_cells - held, Hidden(UNKNOWN, 0)))
    model = builder.model()
    hidden = {number for number, part in enumerate(model.parts) if held.isdisjoint(part.cells)}
    known = {
        cell
        for at in derivable(model, hidden)
        for p in model.figures[at].parts
        for cell in model.parts[p].cells
    }
    derived = [Offence(DERIVABLE, cell, hidden) for cell, hidden in cells.items() if cell in known]
    return (*shown, *derived)


def _filled(book: Book) -> set[Cell]:
    return {(row.table, row.index, key) for rows in book.rows.values() for row in rows for key in row.values}


class Primary:
    """What is masked for its own sake."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.limits = limits(book.unit)
        self.people = People(book)
        self._known: dict[str, int] = {}

    def cells(self) -> dict[Cell, Hidden]:
        """The cells about few people, or about nobody knows how many."""
        tables = (self._unit, self._indicators, self._values, self._basis, self._survey, self._mapping)
        return {cell: hidden for table in tables for cell, hidden in table()}

    def limit_of(self, indicator: str) -> int:
        """The smallest group that a figure of an indicator may tell of."""
        if indicator not in self._known:
            about_bullying = indicator_about_bullying(self.book, self.people.indicator(indicator))
            self._known[indicator] = self.limits.of(about_bullying)
        return self._known[indicator]

    @cached_property
    def _rows(self) -> Mapping[tuple[str, int], Row]:
        return {(table, row.index): row for table, rows in self.book.rows.items() for row in rows}

    def limit_of_cell(self, cell: Cell) -> int:
        """The smallest group that the figure in a cell may tell of."""
        table, index, key = cell
        row = self._rows[table, index]
        if table in ("values", "basis"):
            return self.limit_of(key if table == "values" else row.get("indicator") or "")
        if table == "unit":
            return self.limits.general
        return (survey_limit if table == "survey" else mapping_limit)(self.limits, row)

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
            limit = survey_limit(self.limits, row)
            yield from self._count(row, ("invited",), result.invited, limit)
            if hidden := judged(result.answered, limit):
                yield from _cells(row, SURVEY, hidden)

    def _mapping(self) -> Iterator[tuple[Cell, Hidden]]:
        for row in self.book.rows.get("mapping", ()):
            if counts_persons(row):
                limit = mapping_limit(self.limits, row)
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
