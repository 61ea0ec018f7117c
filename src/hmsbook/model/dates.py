"""Excel's day numbers and whole months."""

from __future__ import annotations

from datetime import date, timedelta

_EPOCH = date(1899, 12, 30)
_OFFSET_1904 = 1462
_LAST_SERIAL = 2_958_465


def from_serial(serial: float, *, date1904: bool = False) -> date | None:
    """The date of Excel's day number, or None when no date has that number."""
    days = int(serial) + (_OFFSET_1904 if date1904 else 0)
    return _EPOCH + timedelta(days=days) if 0 < days <= _LAST_SERIAL else None


def to_serial(day: date, *, date1904: bool = False) -> int:
    """Excel's day number of a date."""
    return (day - _EPOCH).days - (_OFFSET_1904 if date1904 else 0)


def first_of_month(day: date) -> date:
    """The first day of the month that holds this day."""
    return day.replace(day=1)


def add_months(month: date, count: int) -> date:
    """The first of the month that lies `count` months after the month of this day."""
    index = month.year * 12 + month.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)


def months_between(earlier: date, later: date) -> int:
    """How many months the later date's month lies after the earlier one's."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month
