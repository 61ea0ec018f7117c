"""The chart window: what the charts draw, looked up by month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property

from hmsbook.analysis.series import value_of
from hmsbook.flow.live.numbers import NA, differs, excel_round
from hmsbook.flow.live.slots import Slot
from hmsbook.flow.results import KINDS
from hmsbook.model.book import Book
from hmsbook.model.dates import add_months, to_serial
from hmsbook.model.frozen import Frozen
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

Results = Mapping[date, Mapping[tuple[int, str], float]]

STORED = ("mean", "lower", "upper")
_KINDS = {number: kind for kind, number in KINDS.items()}


def window(book: Book, slots: Sequence[Slot], results: Results) -> Grid:
    """A row a month shown, a group of columns a slot."""
    numbers = {month: number for number, month in enumerate(sorted(results), 1)}
    blocks = [_Block(book, index, slot, results, numbers).rows() for index, slot in enumerate(slots)]
    return [[cell for block in blocks for cell in block[row]] for row in range(WINDOW_ROWS)]


class _Block(Frozen):
    """The columns of one slot; `back` counts points from the newest one."""

    book: Book
    index: int
    slot: Slot
    results: Results
    numbers: Mapping[date, int]

    def rows(self) -> Grid:
        """The row with nothing but a date, then one a point, the newest last."""
        first = to_serial(self._day(self.slot.count - 1))
        rows: Grid = [[first if key == "date" else None for key in WINDOW]]
        return rows + [self._row(back) for back in reversed(range(WINDOW_ROWS - 1))]

    def _day(self, back: int) -> date:
        return add_months(self.slot.end, -self.slot.step * min(self.slot.count - 1, back))

    def _row(self, back: int) -> list[Value]:
        day = self._day(back)
        cells = self._point(day) if back < self.slot.count else {}
        cells["date"] = to_serial(day)
        return [NA if (cell := cells.get(key)) is None else cell for key in WINDOW]

    def _point(self, day: date) -> dict[str, Value]:
        value = self._value(day)
        cells: dict[str, Value] = {"value": value, "target": self.slot.target, "row": self.numbers.get(day)}
        found = self.results.get(day, {})
        cells |= {key: found.get((self.index, key)) for key in STORED}
        cells["measure"] = self._measure(day)
        if event := found.get((self.index, "event")):
            cells["event"] = EVENT_HEIGHT + event / DAY_SECONDS
        if kind := self._kind(value, found):
            cells[kind] = value
        if day in self._ends and value is not None:
            cells["ends"] = excel_round(value, self.slot.decimals)
        return cells

    def _measure(self, day: date) -> float | None:
        """The number of a measure, raised where the one before it would be in its way."""
        number = self.results.get(day, {}).get((self.index, "measure"))
        first = day == self._day(self.slot.count - 1)
        if number is None or first or self.slot.count <= MOST_APART or number > MOST_SECONDS:
            return number
        before = self._measure(add_months(day, -self.slot.step))
        return number if before is None or before >= EVENT_HEIGHT else RAISED_HEIGHT + number / DAY_SECONDS

    @cached_property
    def _ends(self) -> tuple[date | None, ...]:
        """The months of the first value shown and of the newest."""
        days = (self._day(back) for back in reversed(range(self.slot.count)))
        return next((day for day in days if self._value(day) is not None), None), self.slot.last

    def _value(self, day: date) -> float | None:
        typed = self.book.values.get(self.slot.id, {})
        basis = self.book.basis_sums.get(self.slot.id, {})
        return value_of(typed, basis, day, self.slot.step, self.slot.factor)

    def _kind(self, value: float | None, found: Mapping[tuple[int, str], float]) -> str | None:
        """Which signal a value is, as long as it is the value the signal was found for."""
        stored = found.get((self.index, "value"))
        if value is None or stored is None or differs(stored, value, 1e-9):
            return None
        return _KINDS.get(int(found.get((self.index, "kind"), 0)))
