"""Whether something changed since the last update: sums of what people fill in, compared with stored ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from hmsbook.flow.live.numbers import differs
from hmsbook.flow.live.slots import Slot
from hmsbook.model.book import Book
from hmsbook.model.dates import to_serial
from hmsbook.model.frozen import NOTHING, Frozen
from hmsbook.model.raw import Grid
from hmsbook.standard.calc import STALE_PARTS, STATUS_KEYS
from hmsbook.standard.sheets.priorities import CRITERIA
from hmsbook.texts.words import Words


class Stored(Frozen):
    """What the last update wrote that live formulas compare with or look up."""

    results: Mapping[date, Mapping[int, Mapping[str, float]]] = NOTHING
    sums: Mapping[str, float] = NOTHING
    slot_sums: Sequence[float] = ()


def sums(book: Book, slots: Sequence[Slot], stored: Sequence[float]) -> dict[str, float]:
    """One sum a part of the workbook; `stored` holds the slots' sums of the last update, if there was one."""
    before = stored or [0.0] * len(slots)
    return {
        "values": sum(differs(slot.live, old) for slot, old in zip(slots, before, strict=True)),
        "basis": _basis_sum(book, "numerator") + 3 * _basis_sum(book, "denominator"),
        "measures": _date_sum(book) + 1_000_000 * _status_sum(book),
        "scores": _score_sum(book, "proposals") + 11 * _score_sum(book, "votes"),
    }


def _basis_sum(book: Book, key: str) -> float:
    rows = book.drawn_rows.get("basis", ())
    filled = (row for row in rows if row.get("month") and row.get(key))
    total: float = sum(to_serial(row.get("month")) * row.get(key) for row in filled)
    return total


def _date_sum(book: Book) -> int:
    rows = book.drawn_rows.get("measures", ())
    dates = (row.get(key) for row in rows for key in ("deadline", "evaluate_on"))
    return sum(to_serial(day) for day in dates if day)


def _status_sum(book: Book) -> int:
    statuses = (row.get("status") for row in book.drawn_rows.get("measures", ()))
    return sum(STATUS_KEYS.index(status) + 1 for status in statuses if status)


def _score_sum(book: Book, table: str) -> float:
    rows = book.drawn_rows.get(table, ())
    total: float = sum(7**power * (row.get(key) or 0) for power, key in enumerate(CRITERIA) for row in rows)
    return total


def rows(now: Mapping[str, float], stored: Mapping[str, float], words: Words) -> Grid:
    """A row a part: sum now, sum stored, whether they differ, the parts so far in words."""
    found: Grid = []
    parts: list[str] = []
    for key in STALE_PARTS:
        before = stored.get(key, 0.0)
        stale = differs(now[key], before)
        parts += [words.text(f"ui.stale.{key}")] if stale else []
        found.append([now[key], before, int(stale), ", ".join(parts)])
    return found


def banner(rows: Grid, words: Words) -> str:
    """What has changed, in words; nothing when nothing has."""
    parts = rows[-1][-1]
    return f"{parts}{words.text('ui.stale.changed')}" if parts else ""
