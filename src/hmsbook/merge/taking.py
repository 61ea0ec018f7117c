"""Doing in the workbook what a copy did, once somebody has said so."""

from __future__ import annotations

from hmsbook.merge.draft import Draft
from hmsbook.merge.findings import Finding


def take(draft: Draft, conflict: Finding) -> bool:
    """Do in a draft what they did; whether there was room for it."""
    if conflict.column:
        draft.put(conflict.table, conflict.at, conflict.column, conflict.theirs)
        return True
    if conflict.theirs is None:
        draft.clear(conflict.table, conflict.at)
        return True
    return _put_row(draft, conflict)


def _put_row(draft: Draft, conflict: Finding) -> bool:
    """Put a whole row where it was, else in an empty one."""
    at: int | None = conflict.at
    if conflict.at < 0 or draft.is_filled(conflict.table, conflict.at):
        at = draft.place(conflict.table, str(conflict.theirs.get("id") or ""))
    if at is None:
        return False
    for column, value in conflict.theirs.items():
        if column != "id":
            draft.put(conflict.table, at, column, value)
    return True
