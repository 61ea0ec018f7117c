"""The only place that reads the clock."""

from __future__ import annotations

import time
from datetime import date


def current_day() -> date:
    """Today where the person sits: deadlines and months follow the calendar on their wall."""
    return date.today()  # noqa: DTZ011 - a zone would give another day than the wall does


def wall_clock(pattern: str) -> str:
    """Day or time where the person sits, written by a pattern of `strftime`."""
    return time.strftime(pattern)
