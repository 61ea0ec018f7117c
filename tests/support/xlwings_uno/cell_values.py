"""Cell values between Excel's COM and what goes over the bridge."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

Value = float | int | str | bool | datetime | None
Rows = list[list[Value]]

# Excel gives an error as an integer, the only kind of integer that a cell gives.
ERROR_NUMBERS = {
    "#NULL!": -2146826288,
    "#DIV/0!": -2146826281,
    "#VALUE!": -2146826273,
    "#REF!": -2146826265,
    "#NAME?": -2146826259,
    "#NUM!": -2146826252,
    "#N/A": -2146826246,
}

LAST_DAY = 2958466 - 1462  # the end of year 9999, in books that count from 1904 too; Excel shows no later day


def epoch(date1904: bool) -> datetime:
    """Return the day that a book counts its days from."""
    return datetime(1904, 1, 1) if date1904 else datetime(1899, 12, 30)


def _places(rectangles: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
    for top, left, bottom, right in rectangles:
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                yield row, column


def values(reply: dict[str, Any]) -> Rows:
    """Return the values of a block as Value2 gives them: serial numbers for dates, None for empty cells."""
    rows: Rows = [list(row) for row in reply["rows"]]
    texts = set(_places(reply["texts"]))
    for down, row in enumerate(rows):
        for across, value in enumerate(row):
            if value == "" and (down, across) not in texts:
                row[across] = None
    for down, across in _places(reply["truths"]):
        if isinstance(value := rows[down][across], float):
            rows[down][across] = value != 0
    for down, across, name in reply["errors"]:
        rows[down][across] = ERROR_NUMBERS[name]
    return rows


def formulas(reply: dict[str, Any]) -> list[list[str]]:
    """Return the formulas and contents of a block, still as LibreOffice writes formulas."""
    rows: list[list[str]] = reply["rows"]
    for down, across in _places(reply["truths"]):
        rows[down][across] = {"1": "TRUE", "0": "FALSE"}.get(rows[down][across], rows[down][across])
    return rows


def with_dates(rows: Rows, dates: Sequence[Sequence[int]], first_day: datetime) -> Rows:
    """Return values as Value gives them: the numbers of cells that show a date are dates."""
    for down, across in _places(dates):
        if isinstance(value := rows[down][across], float) and 0 <= value < LAST_DAY:
            rows[down][across] = first_day + timedelta(milliseconds=round(value * 86400000))
    return rows


def block(value: object, height: int, width: int) -> list[list[object]]:
    """Return what is put into a range as rows: one value fills it, a flat sequence is one row."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        return [[value] * width for _ in range(height)]
    rows = [list(row) for row in value] if value and isinstance(value[0], (list, tuple)) else [list(value)]
    if len(rows) != height or any(len(row) != width for row in rows):
        raise NotImplementedError(f"a block of another shape than the range's {height} x {width}")
    return rows


def serial(value: date, first_day: datetime) -> float:
    """Return the number that a book stores for a date."""
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    return (moment.replace(tzinfo=None) - first_day) / timedelta(days=1)


class Put:
    """A block on its way into cells, as `write` takes it."""

    def __init__(self, rows: list[list[object]], first_day: datetime) -> None:
        self.truths: list[tuple[int, int]] = []
        self.dates: list[tuple[int, int]] = []
        self._first_day = first_day
        self.rows = [
            [self._plain(value, (down, across)) for across, value in enumerate(row)]
            for down, row in enumerate(rows)
        ]

    def _plain(self, value: object, place: tuple[int, int]) -> float | str:
        if isinstance(value, str) and value.casefold() in {"true", "false"}:
            value = value.casefold() == "true"  # as when it is typed
        if isinstance(value, bool):
            self.truths.append(place)
        elif isinstance(value, date):
            self.dates.append(place)
            return serial(value, self._first_day)
        return "" if value is None else value if isinstance(value, str) else _number(value)


def _number(value: object) -> float:
    if not isinstance(value, (int, float)) or not math.isfinite(value):
        raise TypeError(f"COM carries no {type(value).__name__} {value!r}")
    return float(value)
