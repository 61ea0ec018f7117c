"""The chart window: what the charts draw, looked up by month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property

from hmsbook.analysis.rounding import excel_round
from hmsbook.analysis.series import value_of
from hmsbook.flow.live.numbers import NA, differs
from hmsbook.flow.live.slots import Slot
from hmsbook.flow.results import KINDS
from hmsbook.model.book import Book
from hmsbook.model.dates import add_months, to_serial
from hmsbook.model.frozen import NOTHING, Frozen
from hmsbook.model.raw import Grid, Value
from hmsbook.standard.calc import (
    DAY_SECONDS,
    EVENT_HEIGHT,
    MOST_APART,
    MOST_SECONDS,
    RAISED_HEIGHT,
    WINDOW,
    WINDOW_ROWS,
)

Results = Mapping[date, Mapping[int, Mapping[str, float]]]

STORED = ("mean", "lower", "upper")
_KINDS = {number: kind for kind, number in KINDS.items()}


def window(book: Book, slots: Sequence[Slot], results: Results) -> Grid:
    """A row a month shown, a group of columns a slot."""
    numbers = {month: number for number, month in enumerate(sorted(results), 1)}
    blocks = [_Block(book, index, slot, results, numbers).rows() for index, slot in enumerate(slots)]
    return [[cell for block in blocks for cell in block[row]] for row in range(WINDOW_ROWS)]


class _Block(Frozen):
    """The columns of one slot."""

    book: Book
    index: int
    slot: Slot
    results: Results
    numbers: Mapping[date, int]

    def rows(self) -> Grid:
        """The row with nothing but a date, those that are not shown, then one a point, the newest last."""
        first = to_serial(self._days[0])
        left = WINDOW_ROWS - 1 - len(self._days)
        return [_only(first, None), *[_only(first, NA)] * left, *map(self._row, self._days)]

    @cached_property
    def _days(self) -> list[date]:
        """The months shown, the newest last."""
        back = reversed(range(self.slot.count))
        return [add_months(self.slot.end, -self.slot.step * points) for points in back]

    @cached_property
    def _shown(self) -> dict[date, float | None]:
        """The value of each month shown."""
        typed = self.book.values.get(self.slot.id, {})
        basis = self.book.basis_sums.get(self.slot.id, {})
        step, factor = self.slot.step, self.slot.factor
        return {day: value_of(typed, basis, day, step, factor) for day in self._days}

    def _row(self, day: date) -> list[Value]:
        cells = self._point(day)
        return [NA if (cell := cells.get(key)) is None else cell for key in WINDOW]

    def _point(self, day: date) -> dict[str, Value]:
        value, found = self._shown[day], self._found(day)
        cells: dict[str, Value] = {key: found.get(key) for key in STORED}
        cells |= {"date": to_serial(day), "value": value, "target": self.slot.target}
        cells["row"] = self.numbers.get(day)
        cells["measure"] = self._measure(day)
        if event := found.get("event"):
            cells["event"] = EVENT_HEIGHT + event / DAY_SECONDS
        if kind := _kind(value, found):
            cells[kind] = value
        if day in self._ends and value is not None:
            cells["ends"] = excel_round(value, self.slot.decimals)
        return cells

    def _found(self, day: date) -> Mapping[str, float]:
        """What is stored of a month."""
        found: Mapping[str, float] = self.results.get(day, NOTHING).get(self.index, NOTHING)
        return found

    def _measure(self, day: date) -> float | None:
        """The number of a measure, raised where the one before it would be in its way."""
        number = self._found(day).get("measure")
        first = day == self._days[0]
        if number is None or first or self.slot.count <= MOST_APART or number > MOST_SECONDS:
            return number
        before = self._measure(add_months(day, -self.slot.step))
        return number if before is None or before >= EVENT_HEIGHT else RAISED_HEIGHT + number / DAY_SECONDS

    @cached_property
    def _ends(self) -> tuple[date | None, ...]:
        """The months of the first value shown and of the newest."""
        return next((day for day, value in self._shown.items() if value is not None), None), self.slot.last


def _only(day: int, other: Value) -> list[Value]:
    """A row with nothing but its date."""
    return [day if key == "date" else other for key in WINDOW]


def _kind(value: float | None, found: Mapping[str, float]) -> str | None:
    """Which signal a value is, as long as it is the value the signal was found for."""
    stored = found.get("value")
    if value is None or stored is None or differs(stored, value, 1e-9):
        return None
    return _KINDS.get(int(found.get("kind", 0)))
