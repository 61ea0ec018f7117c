"""The only place that reads the clock."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from datetime import time as clock_time


def current_day() -> date:
    """Today where the person sits: deadlines and months follow the calendar on their wall."""
    return date.today()  # noqa: DTZ011 - a zone would give another day than the wall does


def moment_on(day: date | None) -> datetime:
    """This moment, with the zone of the wall; noon in Greenwich where a day was asked for."""
    return datetime.combine(day, clock_time(12), UTC) if day else datetime.now().astimezone()


def wall_clock(pattern: str) -> str:
    """Day or time where the person sits, written by a pattern of `strftime`."""
    return time.strftime(pattern)
