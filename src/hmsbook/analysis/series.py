"""The points an indicator is expected to have, from typed values or from numerators and denominators."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

from hmsbook.model.book import Book
from hmsbook.model.dates import add_months, months_between
from hmsbook.model.frozen import Frozen
from hmsbook.model.records import Indicator

# Months between two points; an occasional indicator is kept on a monthly grid and read on the points it has.
STEPS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12, "occasion": 1}


class Series(Frozen):
    """An indicator's values on its own grid of months, oldest first; None where a value is missing."""

    months: tuple[date, ...]
    values: tuple[float | None, ...]
    step: int = 1

    @property
    def points(self) -> tuple[tuple[date, float], ...]:
        """The points that have a value."""
        return tuple(
            (month, value) for month, value in zip(self.months, self.values, strict=True) if value is not None
        )

    @property
    def occasional(self) -> Series:
        """The points that have a value as a series of their own, for what is counted on occasion."""
        return Series(
            tuple(month for month, _ in self.points), tuple(value for _, value in self.points), self.step
        )

    def at(self, month: date) -> float | None:
        """The value of a month, None when it has none."""
        return dict(zip(self.months, self.values, strict=True)).get(month)


def step_of(indicator: Indicator) -> int:
    """Months between two expected values of an indicator."""
    return STEPS[indicator.frequency or "month"]


def months_with_values(book: Book, indicator: str, as_of: date | None = None) -> set[date]:
    """The months up to `as_of` for which an indicator has a typed value or a basis."""
    months = set(book.values.get(indicator, ())) | set(book.basis_sums.get(indicator, ()))
    return {month for month in months if as_of is None or month <= as_of}


def last_month(book: Book, as_of: date | None = None) -> date | None:
    """The newest month with a value of any indicator in use, not later than `as_of`."""
    newest = (max(months_with_values(book, found.id, as_of), default=None) for found in book.active)
    return max((month for month in newest if month), default=None)


def series(
    book: Book, indicator: Indicator, multiplier: float, newest: date | None, as_of: date | None = None
) -> Series:
    """The indicator's points up to `as_of`, on the grid its frequency asks for.

    Monthly indicators end at `newest`, the newest month of all, so that a missing last value is seen as
    missing; others end with the period of their own newest value.
    """
    step = step_of(indicator)
    have = months_with_values(book, indicator.id, as_of)
    if not have:
        return Series((), (), step)
    last = newest if newest and step == 1 and indicator.in_use else closing(max(have), step)
    months = grid(min(have), last, step)
    typed = book.values.get(indicator.id, {})
    basis = book.basis_sums.get(indicator.id, {})
    return Series(months, tuple(value_of(typed, basis, month, step, multiplier) for month in months), step)


def closing(month: date, step: int) -> date:
    """The last month of the calendar period that holds a month: of its quarter, half-year or year."""
    return add_months(month, -month.month % step)


@cache
def grid(first: date, last: date, step: int) -> tuple[date, ...]:
    """Months from the period that holds `first` to `last`, `step` months apart, counted back from `last`."""
    count = months_between(first, last) // step + 1
    return tuple(add_months(last, -step * back) for back in reversed(range(count)))


def period(month: date, step: int) -> list[date]:
    """The months of the period that ends with a month, the newest first."""
    return [month] if step == 1 else [add_months(month, -back) for back in range(step)]


def value_of(
    typed: Mapping[date, float],
    basis: Mapping[date, tuple[float, float]],
    month: date,
    step: int,
    multiplier: float,
) -> float | None:
    """The value of the period that ends with `month`: from its basis where there is one, else as typed.

    Numerators and denominators are added, never percentages averaged; several typed values in one period
    give their mean.
    """
    if step == 1 and month not in basis:
        # Nearly every value: the mean of one, which is no whole number any more.
        return typed[month] + 0.0 if month in typed else None
    months = period(month, step)
    sums = [basis[day] for day in months if day in basis]
    if sums:
        return sum(numerator for numerator, _ in sums) / sum(part for _, part in sums) * multiplier
    found = [typed[day] for day in months if day in typed]
    return sum(found) / len(found) if found else None
