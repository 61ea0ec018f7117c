"""Which figures are about persons, and how many people are behind each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property

from hmsbook.analysis.series import closing, period, step_of
from hmsbook.model.book import Book
from hmsbook.model.frozen import Frozen
from hmsbook.model.records import Basis, Indicator, Row
from hmsbook.sharing.limits import HARASSMENT, Limits, speaks_of_bullying

# What is masked together in a row of the basis, and in one of the survey.
BASIS = ("numerator", "denominator", "people")
SURVEY = ("mean", "deviation", "percentage", "answered")
# What is counted in tables tells nothing of a person: one at a table is enough for the table to count.
COUNTED_IN_TABLES = ("note", "card")


def about_persons(indicator: Indicator) -> bool:
    """Whether a copy treats an indicator's figures as figures about persons.

    Only a «nei» says that they are not. The catalogue answers for each of its indicators, so what is blank is
    an indicator of the group's own that nobody has thought about; it costs one cell to answer, and a figure
    that has gone out cannot be taken back.
    """
    return indicator.about_persons is not False


def counts_persons(row: Row) -> bool:
    """Whether a row of the mapping counts persons; what nobody has said is not taken for tables."""
    return row.get("count_kind") not in COUNTED_IN_TABLES


def survey_limit(limits: Limits, row: Row) -> int:
    """The smallest group a row of the survey may tell of."""
    return limits.of(speaks_of_bullying(row.get("theme"), row.get("theme_group")))


def mapping_limit(limits: Limits, row: Row) -> int:
    """The smallest group a row of the mapping may tell of."""
    return limits.of(row.get("category") == HARASSMENT or speaks_of_bullying(row.get("text")))


class People(Frozen):
    """How many people are behind the figures of a book; None where nobody has said."""

    book: Book

    @cached_property
    def _rows(self) -> Mapping[tuple[str, date], tuple[Basis, ...]]:
        found: dict[tuple[str, date], tuple[Basis, ...]] = {}
        for basis in self.book.basis:
            if basis.indicator and basis.month:
                key = basis.indicator, basis.month
                found[key] = (*found.get(key, ()), basis)
        return found

    @cached_property
    def _indicators(self) -> Mapping[str, Indicator]:
        return {indicator.id: indicator for indicator in self.book.indicators}

    def indicator(self, key: str) -> Indicator:
        """The indicator with this id; one nobody has described when there is none."""
        return self._indicators.get(key) or Indicator(Row("indicators", {}), id=key)

    def rows(self, indicator: str, month: date) -> tuple[Basis, ...]:
        """The rows of the basis for an indicator and a month."""
        return self._rows.get((indicator, month), ())

    def of_figure(self, indicator: str, month: date) -> int | None:
        """The people behind a figure that stands in a month: the most that any month of its period had."""
        counted = [self._of_month(indicator, other) for other in months_of(self.indicator(indicator), month)]
        known = [people for people in counted if people is not None]
        return max(known) if known else self._stated(indicator)

    def of_row(self, basis: Basis) -> int | None:
        """The people behind a row of the basis, which are those of the figure where it stands alone."""
        indicator, month = basis.indicator or "", basis.month
        if basis.people is not None or month is None or len(self.rows(indicator, month)) > 1:
            return basis.people
        return self._stated(indicator)

    def _of_month(self, indicator: str, month: date) -> int | None:
        """The people of a month whose basis has counted them.

        Several rows may tell of the same people, so their sum counts as far as the indicator's fewest people
        confirms it, and else only the largest of them.
        """
        counts = [row.people for row in self.rows(indicator, month) if row.people is not None]
        if not counts:
            return None
        return max(*counts, min(sum(counts), self._stated(indicator) or 0))

    def _stated(self, indicator: str) -> int | None:
        return self.indicator(indicator).fewest_people


def months_of(indicator: Indicator, month: date) -> list[date]:
    """The months that a figure tells of when it stands in this month: its quarter, half-year or year."""
    step = step_of(indicator)
    return period(closing(month, step), step)
