"""A new year's workbook: the group, the numbers and the open work of the old one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from hmsbook.actions.carry import Carried, Plan, carry
from hmsbook.actions.create import Created, check_frame, save_new
from hmsbook.actions.reading import Opened, open_book
from hmsbook.actions.upgrade import draw_carried, not_carried, refuse_other_calendar
from hmsbook.actions.version import VERSION
from hmsbook.errors import UsageError
from hmsbook.flow.compose import Stamp
from hmsbook.hosts.foreign import own_things
from hmsbook.model.book import Book
from hmsbook.model.records import Row

# Work that nobody has to come back to; a measure that is done still waits for its evaluation.
_FINISHED = ("closed", "cancelled", "lifted")


def new_year(
    path: Path, after: Path, stated: Mapping[str, Any], slots: int | None, day: date, *, pinned: bool
) -> Created:
    """Draw the workbook that goes on after another one; the old file is only read.

    Held meetings, votes, what came back in copies, decided proposals and finished measures stay in the old
    workbook, and the steps begin again. Ids go on where they were.
    """
    if path.exists() and path.samefile(after):
        raise UsageError("out_exists", path=str(path))
    opened = open_book(after)
    refuse_other_calendar(opened)
    plan = _plan(opened, stated, slots, day)
    carried = carry(opened, plan)
    values = {key: found for key, found in carried.book.manifest.values.items() if key != "pinned_today"}
    if pinned:
        values["pinned_today"] = day
    manifest = carried.book.manifest.but(workbook_id="", edition=0, values=values)
    carried = Carried(carried.book.but(manifest=manifest), carried.kept)
    left = (*own_things(opened.host.package, opened.book.manifest), *not_carried(opened, day))
    save_new(path, draw_carried(carried, Stamp(VERSION), opened.months_shown, day))
    return Created(path, plan.language, _left_out(opened.book, day), left)


def _plan(opened: Opened, stated: Mapping[str, Any], slots: int | None, day: date) -> Plan:
    book = opened.book
    first = stated.get("first_month") or _next_january(book, day)
    form = {key: value for key, value in stated.items() if value} | {"first_month": first}
    plan = Plan(
        language=str(stated.get("language") or book.language),
        slots=book.manifest.slots if slots is None else slots,
        method=stated.get("method"),
        form=form,
        keeps=lambda row: not _is_finished(row, day),
        new_steps=True,
        first_month=first,
    )
    check_frame(plan.method or book.method, plan.language, plan.slots)
    return plan


def _next_january(book: Book, day: date) -> date:
    """January after the last month with a number, though not later than next year."""
    months = [month for found in book.values.values() for month in found]
    return date(min(max(months, default=day).year, day.year) + 1, 1, 1)


def _is_finished(row: Row, day: date) -> bool:
    """Whether a row belongs to the year that is over."""
    if row.table == "votes":
        return len(row.values) > 0
    if row.table == "received":
        return bool(row.get("what"))
    if row.table == "measures":
        return row.get("status") in _FINISHED
    if row.table == "proposals":
        return row.get("chosen") is True or bool(row.get("answer"))
    return row.table == "meetings" and row.get("date") is not None and row.get("date") <= day


def _left_out(book: Book, day: date) -> dict[str, int]:
    """How many rows of finished work stay in the old workbook, by table."""
    return Counter(row.table for rows in book.rows.values() for row in rows if _is_finished(row, day))
