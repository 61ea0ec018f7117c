"""The indicator slots: what the calculation sheet knows of each, and the heads of the monthly values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

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
        return self.active and self.frequency != "occasion" and late


def first_month(book: Book) -> date:
    """Where the charts start when nothing is filled in."""
    months = [row.get("month") for row in book.drawn_rows.get("values", ()) if row.get("month")]
    return min(months, default=book.unit.first_month or date(2026, 1, 1))


def slots(book: Book, summary: Summary, months_shown: int) -> tuple[Slot, ...]:
    """The facts of all slots, in order."""
    positions: dict[str, int] = {}
    for number, row in enumerate(book.drawn_rows.get("indicators", ()), 1):
        positions.setdefault(str(row.get("id") or ""), number)
    ids = slot_ids(book.manifest.slots)
    return tuple(_slot(book, summary, slot_id, positions.get(slot_id, 0), months_shown) for slot_id in ids)


def _slot(book: Book, summary: Summary, slot_id: str, position: int, months_shown: int) -> Slot:
    indicator = book.indicator(slot_id)
    step = STEPS.get((indicator and indicator.frequency) or "", 1)
    last, first = _last(book, slot_id), first_month(book)
    return Slot(
        id=slot_id,
        position=position,
        indicator=indicator,
        step=step,
        active=indicator is not None and bool(indicator.name) and indicator.in_use,
        basis_rows=sum(basis.indicator == slot_id for basis in book.basis),
        factor=unit_facts(indicator.unit, book.language).multiplier if indicator else 1,
        decimals=entry.decimals if (entry := summary.indicators.get(slot_id)) else 1,
        last=last,
        end=(summary.last_month if step == 1 else last and closing(last, step)) or first,
        count=min(WINDOW_POINTS, max(2, -(-months_shown // step))),
        live=_live_sum(book, slot_id),
        due=due_month(summary.today, step),
    )


def _last(book: Book, slot_id: str) -> date | None:
    months = [*book.values.get(slot_id, ()), *book.basis_sums.get(slot_id, ())]
    return max(months, default=None)


def _live_sum(book: Book, slot_id: str) -> float:
    rows = [row for row in book.rows.get("values", ()) if row.get(slot_id) is not None]
    total: float = sum(to_serial(row.get("month")) * row.get(slot_id) for row in rows if row.get("month"))
    return total + len(rows)


def rows(slots: Sequence[Slot], stored: Sequence[float], words: Words) -> Grid:
    """The slot region, row by row; `stored` holds the sums of the last update, if there was one."""
    found: Grid = []
    for index, slot in enumerate(slots):
        owes = owed(slots[: index + 1], words)
        found.append(_row(slot, stored[index] if stored else 0.0, owes, words))
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
