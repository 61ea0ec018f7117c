"""The indicator slots: what the calculation sheet knows of each, and the heads of the monthly values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import cached_property

from hmsbook.analysis.series import STEPS, closing
from hmsbook.analysis.summary import Summary, due_month
from hmsbook.analysis.units import unit_facts
from hmsbook.flow.live.numbers import differs
from hmsbook.model.book import Book
from hmsbook.model.dates import to_serial
from hmsbook.model.frozen import Frozen
from hmsbook.model.raw import Grid, Value
from hmsbook.model.records import Indicator
from hmsbook.standard.book import slot_ids
from hmsbook.standard.calc import WINDOW_POINTS
from hmsbook.standard.sheets.values import HEAD_ROWS
from hmsbook.texts.words import Words


class Slot(Frozen):
    """The facts of one indicator slot, as the calculation sheet shows them."""

    id: str
    position: int
    indicator: Indicator | None
    step: int
    active: bool
    basis_rows: int
    factor: float
    decimals: int
    last: date | None
    hidden: bool
    end: date
    count: int
    live: float
    due: date

    @property
    def name(self) -> str:
        """The name of the indicator, empty when there is none."""
        return (self.indicator and self.indicator.name) or ""

    @property
    def unit(self) -> str:
        """The unit of the indicator, empty when there is none."""
        return (self.indicator and self.indicator.unit) or ""

    @property
    def owner(self) -> str:
        """Who brings the indicator's numbers, empty when nobody is named."""
        return (self.indicator and self.indicator.owner) or ""

    @property
    def target(self) -> float | None:
        """What the group aims at."""
        return self.indicator.target if self.indicator else None

    @property
    def frequency(self) -> str | None:
        """How often the indicator has a value."""
        return self.indicator.frequency if self.indicator else None

    @property
    def owes(self) -> bool:
        """Whether the newest expected value is missing."""
        late = self.last is None or closing(self.last, self.step) < self.due
        return self.active and self.frequency != "occasion" and late and not self.hidden


def first_month(book: Book) -> date:
    """Where the charts start when nothing is filled in."""
    months = [row.get("month") for row in book.drawn_rows.get("values", ()) if row.get("month")]
    return min(months, default=book.unit.first_month or date(2026, 1, 1))


def slots(book: Book, summary: Summary, months_shown: int) -> tuple[Slot, ...]:
    """The facts of all slots, in order."""
    facts = _Facts(book, summary, months_shown)
    return tuple(facts.slot(slot_id) for slot_id in slot_ids(book.manifest.slots))


class _Facts(Frozen):
    """What the facts of all slots are made of."""

    book: Book
    summary: Summary
    months_shown: int

    @cached_property
    def positions(self) -> dict[str, int]:
        """In which row of its table each indicator stands, counted from 1."""
        positions: dict[str, int] = {}
        for number, row in enumerate(self.book.drawn_rows.get("indicators", ()), 1):
            positions.setdefault(str(row.get("id") or ""), number)
        return positions

    @cached_property
    def first(self) -> date:
        """Where the charts start when nothing is filled in."""
        return first_month(self.book)

    @cached_property
    def basis_rows(self) -> Counter[str | None]:
        """How many rows of the basis are about each indicator."""
        return Counter(basis.indicator for basis in self.book.basis)

    @cached_property
    def terms(self) -> dict[str, list[float]]:
        """What each typed value adds to the sum of its indicator: 1, and itself weighted by its month."""
        terms: dict[str, list[float]] = {}
        for row in self.book.rows.get("values", ()):
            month = row.get("month")
            serial = to_serial(month) if month else 0
            for key, value in row.values.items():
                if key != "month":
                    terms.setdefault(key, []).append(serial * value)
        return terms

    def slot(self, slot_id: str) -> Slot:
        """The facts of one slot."""
        book, summary = self.book, self.summary
        indicator, entry = book.indicator(slot_id), summary.indicators.get(slot_id)
        step = STEPS.get((indicator and indicator.frequency) or "", 1)
        last, terms = _last(book, slot_id), self.terms.get(slot_id, [])
        return Slot(
            id=slot_id,
            position=self.positions.get(slot_id, 0),
            indicator=indicator,
            step=step,
            active=indicator is not None and bool(indicator.name) and indicator.in_use,
            basis_rows=self.basis_rows[slot_id],
            factor=unit_facts(indicator.unit, book.language).multiplier if indicator else 1,
            decimals=entry.decimals if entry else 1,
            last=last,
            hidden=bool(entry and entry.assessment.hidden),
            end=(summary.last_month if step == 1 else last and closing(last, step)) or self.first,
            count=min(WINDOW_POINTS, max(2, -(-self.months_shown // step))),
            live=sum(terms) + len(terms),
            due=due_month(summary.today, step),
        )


def _last(book: Book, slot_id: str) -> date | None:
    months = [*book.values.get(slot_id, ()), *book.basis_sums.get(slot_id, ())]
    return max(months, default=None)


def rows(slots: Sequence[Slot], stored: Sequence[float], words: Words) -> Grid:
    """The slot region, row by row; `stored` holds the sums of the last update, if there was one."""
    found: Grid = []
    owes = ""
    for slot, before in zip(slots, stored or [0.0] * len(slots), strict=True):
        owes = ", ".join(filter(None, (owes, owed([slot], words))))
        found.append(_row(slot, before, owes, words))
    return found


def _row(slot: Slot, stored: float, owes: str, words: Words) -> list[Value]:
    last = to_serial(slot.last) if slot.last else 0
    return [
        slot.id,
        slot.position,
        slot.name,
        slot.unit,
        slot.owner,
        words.choice("frequencies", slot.frequency) if slot.frequency else "",
        "" if slot.target is None else slot.target,
        slot.step,
        int(slot.active),
        slot.basis_rows,
        slot.factor,
        slot.decimals,
        last,
        last,
        int(slot.hidden),
        to_serial(slot.end),
        slot.count,
        slot.live,
        stored,
        int(differs(slot.live, stored)),
        to_serial(slot.due),
        owes,
        f"{slot.name} ({slot.unit})" if slot.name and slot.unit else slot.name or slot.id,
    ]


def owed(slots: Sequence[Slot], words: Words) -> str:
    """Who owes a number among these slots, and which."""
    nobody = words.text("ui.values.nobody")
    return ", ".join(f"{slot.owner or nobody} ({slot.name})" for slot in slots if slot.owes)


def due_text(slots: Sequence[Slot], words: Words) -> str:
    """Who owes a number, in words."""
    owes = owed(slots, words)
    if not any(slot.active for slot in slots):
        return ""
    return f"{words.text('ui.values.owes')}{owes}" if owes else words.text("ui.values.all_in")


def heads(slots: Sequence[Slot]) -> Grid:
    """What stands above the columns of the monthly values."""
    return [[_head(slot, row) for slot in slots] for row in HEAD_ROWS]


def _head(slot: Slot, row: str) -> Value:
    if row == "due":
        return to_serial(slot.due) if slot.owes else ""
    found: Value = getattr(slot.indicator, row) if slot.indicator else None
    return found or ""
