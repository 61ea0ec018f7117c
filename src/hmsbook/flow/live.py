"""What the live formulas show, computed in Python.

Mail previews, phones and other programs read a formula's stored value, so every formula has a twin here;
a test holds each against LibreOffice's own recalculation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from math import sqrt
from typing import Any

from hmsbook.analysis.series import value_of
from hmsbook.analysis.summary import Summary, due_month
from hmsbook.analysis.units import unit_facts
from hmsbook.model.book import Book
from hmsbook.model.dates import add_months, to_serial
from hmsbook.model.raw import Value
from hmsbook.model.records import Indicator, Row
from hmsbook.opc.cells import ErrorValue
from hmsbook.standard.calc import (
    MEETING_TYPES,
    PLOT_ACROSS,
    PLOT_DOWN,
    PLOT_STACK,
    STALE_PARTS,
    STATUS_KEYS,
    WINDOW,
    WINDOW_POINTS,
    WINDOW_ROWS,
)
from hmsbook.standard.sheets.measures import FINISHED, SOON_DAYS
from hmsbook.standard.sheets.priorities import CRITERIA
from hmsbook.standard.sheets.values import HEAD_ROWS
from hmsbook.texts.words import Words

NA = ErrorValue("#N/A")
Grid = list[list[Value]]


@dataclass(frozen=True)
class Stored:
    """What the last update wrote that live formulas compare with or look up."""

    results: Mapping[date, Mapping[tuple[int, str], float]] = field(default_factory=dict)
    sums: Mapping[str, float] = field(default_factory=dict)
    slot_sums: Sequence[float] = ()


@dataclass(frozen=True)
class Slot:
    """The facts of one indicator slot, as the calculation sheet shows them."""

    id: str
    position: int
    indicator: Indicator | None
    step: int
    active: bool
    basis_rows: int
    factor: float
    last: date | None
    end: date
    count: int
    live: float
    due: date

    @property
    def owes(self) -> bool:
        """Whether the newest expected value is missing."""
        frequency = self.indicator.frequency if self.indicator else None
        return self.active and frequency != "occasion" and (self.last is None or self.last < self.due)


class Live:
    """The stored values of every live formula of a book on a day."""

    def __init__(self, book: Book, summary: Summary, words: Words, stored: Stored, months_shown: int) -> None:
        self.book = book
        self.summary = summary
        self.words = words
        self.stored = stored
        self.months_shown = months_shown

    # Indicator slots

    @cached_property
    def first(self) -> date:
        """Where the charts start when nothing is filled in."""
        months = [row.get("month") for row in self.book.drawn_rows.get("values", ()) if row.get("month")]
        return min(months, default=self.book.unit.first_month or date(2026, 1, 1))

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """The facts of all slots, in order."""
        positions: dict[str, int] = {}
        for number, row in enumerate(self.book.drawn_rows.get("indicators", ()), 1):
            positions.setdefault(str(row.get("id") or ""), number)
        ids = [f"I{number:02d}" for number in range(1, self.book.manifest.slots + 1)]
        return tuple(self._slot(slot_id, positions.get(slot_id, 0)) for slot_id in ids)

    def _slot(self, slot_id: str, position: int) -> Slot:
        indicator = self.book.indicator(slot_id)
        step = {"quarter": 3, "half_year": 6, "year": 12}.get((indicator and indicator.frequency) or "", 1)
        last = self._last(slot_id)
        newest = self.summary.last_month or self.first
        return Slot(
            id=slot_id,
            position=position,
            indicator=indicator,
            step=step,
            active=indicator is not None and bool(indicator.name) and indicator.in_use,
            basis_rows=sum(basis.indicator == slot_id for basis in self.book.basis),
            factor=unit_facts(indicator.unit, self.book.language).multiplier if indicator else 1,
            last=last,
            end=newest if step == 1 else last or self.first,
            count=min(WINDOW_POINTS, max(2, -(-self.months_shown // step))),
            live=self._live_sum(slot_id),
            due=due_month(self.summary.today, step),
        )

    def _last(self, slot_id: str) -> date | None:
        months = [*self.book.values.get(slot_id, ()), *self.book.basis_sums.get(slot_id, ())]
        return max(months, default=None)

    def _live_sum(self, slot_id: str) -> float:
        rows = self.book.rows.get("values", ())
        filled = [(row.get("month"), row.get(slot_id)) for row in rows if row.get(slot_id) is not None]
        return sum(to_serial(month) * value for month, value in filled if month) + len(filled)

    @cached_property
    def slot_rows(self) -> Grid:
        """The slot region, row by row."""
        owes, rows = "", []
        for index, slot in enumerate(self.slots):
            owes = self._grow(owes, slot)
            stored = self.stored.slot_sums[index] if self.stored.slot_sums else 0.0
            rows.append(self._slot_row(slot, stored, owes))
        return rows

    def _grow(self, owes: str, slot: Slot) -> str:
        if not slot.owes or slot.indicator is None:
            return owes
        owner = slot.indicator.owner or self.words.text("ui.values.nobody")
        return f"{owes}{', ' if owes else ''}{owner} ({slot.indicator.name})"

    def _slot_row(self, slot: Slot, stored: float, owes: str) -> list[Value]:
        found = slot.indicator
        name, unit = (found.name or "", found.unit or "") if found else ("", "")
        frequency = self.words.choice("frequencies", found.frequency) if found and found.frequency else ""
        last = to_serial(slot.last) if slot.last else 0
        return [
            slot.id,
            slot.position,
            name,
            unit,
            (found.owner or "") if found else "",
            frequency,
            found.target if found and found.target is not None else "",
            slot.step,
            int(slot.active),
            slot.basis_rows,
            slot.factor,
            last,
            last,
            to_serial(slot.end),
            slot.count,
            slot.live,
            stored,
            int(differs(slot.live, stored)),
            to_serial(slot.due),
            owes,
            f"{name} ({unit})" if name and unit else name,
        ]

    @property
    def newest_row(self) -> list[Value]:
        """The first month of the table, and the newest month with a value."""
        return [to_serial(self.first), to_serial(self.summary.last_month or self.first)]

    @property
    def heads(self) -> Grid:
        """What stands above the columns of the monthly values."""
        return [[self._head(slot, row) for slot in self.slots] for row in HEAD_ROWS]

    def _head(self, slot: Slot, row: str) -> Value:
        if row == "due":
            return to_serial(slot.due) if slot.owes else ""
        found = getattr(slot.indicator, row) if slot.indicator else None
        return found or ""

    @property
    def due(self) -> str:
        """Who owes a number, in words."""
        owes = self.slot_rows[-1][-2]
        return f"{self.words.text('ui.values.owes')}{owes}" if owes else self.words.text("ui.values.all_in")

    # Chart window

    @cached_property
    def window(self) -> Grid:
        """The chart window: a row a month shown, a group of columns a slot."""
        blocks = [self._window_slot(index, slot) for index, slot in enumerate(self.slots)]
        return [[cell for block in blocks for cell in block[row]] for row in range(WINDOW_ROWS)]

    def _window_slot(self, index: int, slot: Slot) -> Grid:
        typed = self.book.values.get(slot.id, {})
        basis = self.book.basis_sums.get(slot.id, {})
        keys = {month: number for number, month in enumerate(sorted(self.stored.results), 1)}
        rows: Grid = []
        first = add_months(slot.end, -slot.step * (slot.count - 1))
        rows.append([to_serial(first) if key == "date" else None for key in WINDOW])
        for row in range(1, WINDOW_ROWS):
            back = WINDOW_ROWS - 1 - row
            day = add_months(slot.end, -slot.step * min(slot.count - 1, back))
            value = value_of(typed, basis, day, slot.step, slot.factor) if back < slot.count else None
            found = self.stored.results.get(day) if back < slot.count else None
            cells = self._window_cells(index, slot, back, value, found or {})
            cells["date"] = to_serial(day)
            cells["row"] = keys[day] if found is not None else None
            rows.append([NA if cells.get(key) is None else cells[key] for key in WINDOW])
        return rows

    def _window_cells(
        self, index: int, slot: Slot, back: int, value: float | None, found: Mapping[tuple[int, str], float]
    ) -> dict[str, Value]:
        cells: dict[str, Value] = {"value": value}
        cells |= {key: found.get((index, key)) for key in ("mean", "lower", "upper")}
        if slot.indicator and slot.indicator.target is not None and back < slot.count:
            cells["target"] = slot.indicator.target
        stored = found.get((index, "value"))
        if value is not None and stored is not None and not differs(stored, value, 1e-9):
            kind = {1: "improvement", 2: "concern", 3: "neutral"}.get(int(found.get((index, "kind"), 0)))
            if kind:
                cells[kind] = value
        if found.get((index, "mark"), 0) > 0:
            cells["mark"] = value
        if back in (0, slot.count - 1):
            cells["ends"] = value
        return cells

    # Proposals

    @cached_property
    def proposals(self) -> dict[str, list[Value]]:
        """The computed columns of the proposals, a value a drawn row."""
        rows = [self._proposal(row) for row in self.book.drawn_rows.get("proposals", ())]
        scores = [row["score"] for row in rows if isinstance(row["score"], float)]
        for row in rows:
            score = row["score"]
            row["rank"] = 1 + sum(other > score for other in scores) if isinstance(score, float) else ""
        return {key: [row[key] for row in rows] for key in _PROPOSAL_COLUMNS}

    def _proposal(self, row: Row) -> dict[str, Value]:
        votes = [vote for vote in self.book.votes if vote.proposal and vote.proposal == row.get("id")]
        found: dict[str, Value] = {"voters": len(votes)}
        means = {key: _group_mean([getattr(vote, key) for vote in votes], row.get(key)) for key in CRITERIA}
        found |= {f"group_{key}": "" if mean is None else mean for key, mean in means.items()}
        found["score"] = self._score(means)
        found["quadrant"] = self._quadrant(means["effect"], means["ease"])
        found["spread"] = _spread(votes, means) if len(votes) > 1 else ""
        return found

    def _score(self, means: Mapping[str, float | None]) -> Value:
        weights = {key: getattr(self.book.weights, key) or 0 for key in CRITERIA}
        if None in means.values() or not sum(weights.values()):
            return ""
        total = sum((means[key] or 0) * weights[key] for key in CRITERIA)
        return float(excel_round(total / sum(weights.values()), 4))

    def _quadrant(self, effect: float | None, ease: float | None) -> Value:
        if effect is None or ease is None:
            return ""
        key = ("do_now" if ease > 3 else "plan") if effect > 3 else ("quick_win" if ease > 3 else "wait")
        return self.words.choice("quadrants", key)

    @property
    def plot(self) -> Grid:
        """The points of the diagram, spread where several stand on the same spot."""
        rows: Grid = []
        seen: dict[tuple[Value, Value], int] = {}
        columns = self.proposals
        for index, row in enumerate(self.book.drawn_rows.get("proposals", ())):
            x, y = columns["group_ease"][index], columns["group_effect"][index]
            label = str(row.get("id") or "")
            if not isinstance(x, int | float) or not isinstance(y, int | float):
                rows.append([label, NA, NA, 0, NA, NA])
                continue
            same = seen.get((x, y), 0)
            seen[x, y] = same + 1
            across, down = PLOT_ACROSS * (same // PLOT_STACK), PLOT_DOWN * (same % PLOT_STACK)
            rows.append([label, x, y, same, x + across, y - down])
        return rows

    # Measures

    @cached_property
    def measures(self) -> dict[str, list[Value]]:
        """The computed columns of the measures, a value a drawn row."""
        rows = self.book.drawn_rows.get("measures", ())
        left = [self._days_left(row) for row in rows]
        urgency = [self._urgency(row, days) for row, days in zip(rows, left, strict=True)]
        return {"days_left": left, "urgency": urgency}

    def _days_left(self, row: Row) -> Value:
        deadline = row.get("deadline")
        if deadline is None or row.get("status") in FINISHED:
            return ""
        return int((deadline - self.summary.today).days)

    def _urgency(self, row: Row, left: Value) -> Value:
        evaluate_on = row.get("evaluate_on")
        if row.get("status") == "awaiting_evaluation" and evaluate_on is not None:
            late = evaluate_on < self.summary.today
            return self.words.choice("urgency", "evaluate") if late else ""
        if not isinstance(left, int):
            return ""
        key = "overdue" if left < 0 else "soon" if left <= SOON_DAYS else ""
        return self.words.choice("urgency", key) if key else ""

    @property
    def counts(self) -> list[Value]:
        """Measures open, overdue, waiting for evaluation, done."""
        found = self.summary.measures
        overdue = self.words.choice("urgency", "overdue")
        late = self.measures["urgency"].count(overdue)
        return [len(found.open), late, len(found.awaiting), len(found.done)]

    # Staleness

    @cached_property
    def sums(self) -> dict[str, float]:
        """The sums that tell whether something changed since the last update."""
        measures = self.book.drawn_rows.get("measures", ())
        dates = sum(
            to_serial(row.get(key)) for row in measures for key in ("deadline", "evaluate_on") if row.get(key)
        )
        statuses = sum(STATUS_KEYS.index(row.get("status")) + 1 for row in measures if row.get("status"))
        stored = self.stored.slot_sums or [0.0] * len(self.slots)
        stale = sum(differs(slot.live, old) for slot, old in zip(self.slots, stored, strict=True))
        return {
            "values": stale,
            "basis": sum(
                self._basis_sum(key) * weight for key, weight in (("numerator", 1), ("denominator", 3))
            ),
            "measures": dates + 1_000_000 * statuses,
            "scores": self._score_sum("proposals") + 11 * self._score_sum("votes"),
        }

    def _basis_sum(self, key: str) -> float:
        rows = self.book.drawn_rows.get("basis", ())
        return sum(
            to_serial(row.get("month")) * row.get(key) for row in rows if row.get("month") and row.get(key)
        )

    def _score_sum(self, table: str) -> float:
        rows = self.book.drawn_rows.get(table, ())
        return sum(7**power * (row.get(key) or 0) for power, key in enumerate(CRITERIA) for row in rows)

    @cached_property
    def stale(self) -> Grid:
        """The stale region: sum now, sum stored, whether they differ, the parts so far in words."""
        rows: Grid = []
        parts: list[str] = []
        for key in STALE_PARTS:
            now, before = self.sums[key], self.stored.sums.get(key, 0.0)
            stale = differs(now, before)
            if stale:
                parts.append(self.words.text(f"ui.stale.{key}"))
            rows.append([now, before, int(stale), ", ".join(parts)])
        return rows

    def stale_text(self, updated: bool) -> str:
        """The banner on Status."""
        if not updated:
            return self.words.text("ui.stale.never")
        parts = self.stale[-1][-1]
        return f"{parts}{self.words.text('ui.stale.changed')}" if parts else ""

    # Next meeting

    @cached_property
    def next_meeting(self) -> tuple[date | None, str | None]:
        """Date and type of the next meeting: the first one that is today or later."""
        dated = [meeting for meeting in self.book.meetings if meeting.date]
        coming = sorted(
            meeting.date for meeting in dated if meeting.date and meeting.date >= self.summary.today
        )
        if not coming:
            return None, None
        return coming[0], next(meeting.type for meeting in dated if meeting.date == coming[0])

    @property
    def next_meeting_row(self) -> list[Value]:
        """The next meeting as the calculation sheet holds it: day number and number of the type."""
        day, kind = self.next_meeting
        return [to_serial(day) if day else 0, MEETING_TYPES.index(kind) + 1 if kind else 0]

    def agenda(self, rows: int, entry: Callable[[str, str], Any]) -> Grid:
        """The printable agenda: heading, purpose, items; `entry` gives a meeting type's words by field."""
        day, kind = self.next_meeting
        if not kind or day is None:
            return [[self.words.text("ui.agenda.none")], *([""] for _ in range(rows - 1))]
        heading = f"{entry(kind, 'title')} {day.day}.{day.month}.{day.year}"
        lines = [heading, entry(kind, "purpose"), *entry(kind, "agenda")]
        return [[line] for line in (lines + [""] * rows)[:rows]]


_PROPOSAL_COLUMNS = (
    "score",
    "rank",
    "quadrant",
    "voters",
    *(f"group_{key}" for key in CRITERIA),
    "spread",
)


def differs(one: float, other: float, tolerance: float = 1e-11) -> bool:
    """Whether two numbers differ by more than the noise of adding in another order."""
    return abs(one - other) > tolerance * max(1.0, abs(other))


def _group_mean(votes: Sequence[float | None], typed: Value) -> float | None:
    """The votes' mean where there are votes, else the score typed in the row."""
    given = [vote for vote in votes if vote is not None]
    if given:
        return float(excel_round(sum(given) / len(given), 6))
    return typed if isinstance(typed, int | float) else None


def _spread(votes: Sequence[Any], means: Mapping[str, float | None]) -> Value:
    if None in means.values():
        return ""
    variances = [
        sum((getattr(vote, key) or 0) ** 2 for vote in votes) / len(votes) - (means[key] or 0) ** 2
        for key in CRITERIA
    ]
    return float(excel_round(sqrt(max(0.0, *variances)), 2))


def excel_round(value: float, decimals: int) -> float:
    """The value rounded half away from zero, as Excel's ROUND does."""
    scale = 10**decimals
    shifted = abs(value) * scale
    # Excel rounds what it shows at 15 digits, so 2.675 becomes 2.68 although it is stored a hair below.
    whole = int(float(f"{shifted:.15g}") + 0.5)
    return (whole if value >= 0 else -whole) / scale
