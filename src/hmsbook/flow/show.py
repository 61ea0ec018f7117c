"""Which rows, columns and sheets are in use and so are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from hmsbook.model.book import Book
from hmsbook.model.frozen import Frozen
from hmsbook.model.problems import Problem
from hmsbook.standard.book import SHEETS, slot_ids
from hmsbook.standard.calc import PROBLEM_ROWS
from hmsbook.standard.schema import Sheet
from hmsbook.standard.sheets.priorities import VOTED
from hmsbook.standard.sheets.trends import BLOCK_ROWS
from hmsbook.texts.files import load

# Without Python nobody shows more columns, so a new workbook has room for a method's usual number.
USUAL_INDICATORS = 8
# The sheets that links lead to in copies only.
IN_COPIES = ("about_copy",)
# When sheets come into view that were not from the start.
_COMING = ("used", "method", "agreed")


class Visibility(Frozen):
    """Hidden row offsets by region, columns to hide or show by table, and sheets to show or hide."""

    rows: Mapping[str, frozenset[int]]
    columns: Mapping[str, Mapping[str, bool]]
    sheets: Mapping[str, bool]


def link_text(title: str) -> str:
    """What a link to another sheet says."""
    return f"→ {title}"


def visibility(book: Book, problems: Sequence[Problem], *, updated: bool) -> Visibility:
    """What to show of a book; after the first update a sheet is only ever shown, never hidden again."""
    used = [indicator.id for indicator in book.active]
    ids = slot_ids(book.manifest.slots)
    charted = set(used) or set(ids[:USUAL_INDICATORS])
    last = max((ids.index(slot) for slot in used if slot in ids), default=-1)
    rows = {
        # One row stays when nothing is chosen yet: it says so.
        "status_indicators": _offsets(slot not in (set(used) or {ids[0]}) for slot in ids),
        "trend_blocks": _offsets(
            ids[row // BLOCK_ROWS] not in charted for row in range(len(ids) * BLOCK_ROWS)
        ),
        "problems": _from(max(1, len(problems)), PROBLEM_ROWS),
    }
    spare = max(USUAL_INDICATORS, last + 1)
    columns = {"values": {slot: number >= spare for number, slot in enumerate(ids)}}
    if book.votes:
        columns["proposals"] = dict.fromkeys(VOTED, False)
    return Visibility(rows, columns, _sheets(book, problems, updated=updated))


def _offsets(hidden: Iterable[bool]) -> frozenset[int]:
    return frozenset(offset for offset, flag in enumerate(hidden) if flag)


def _from(first: int, rows: int) -> frozenset[int]:
    return frozenset(range(first, rows))


def _sheets(book: Book, problems: Sequence[Problem], *, updated: bool) -> dict[str, bool]:
    method = set(load("methods.toml")[book.method]["sheets"])
    used = {sheet.key for sheet in SHEETS if any(book.rows.get(table.key) for table in sheet.tables)}
    used -= {
        sheet.key for sheet in SHEETS if sheet.shown == "agreed" and not _is_agreed(book, problems, sheet)
    }
    # Every drawn month and weight counts as a row; those sheets follow the method.
    shown = method | (used - {"values", "priorities", "meetings", "group"})
    # Links lead to these; Excel follows none to a hidden sheet.
    shown |= {sheet.key for sheet in SHEETS if sheet.shown == "link"}
    if updated:
        # Only what has come into use: a sheet that a person hid without using it stays hidden.
        coming = (sheet.key for sheet in SHEETS if sheet.key in used and sheet.shown in _COMING)
        return dict.fromkeys((*coming, "log"), True)
    return {sheet.key: sheet.key in shown for sheet in SHEETS}


def _is_agreed(book: Book, problems: Sequence[Problem], sheet: Sheet) -> bool:
    """Whether all may see who voted what, or somebody has to, since a link of Kontroll leads there."""
    titles = {row.sheet for table in sheet.tables for row in book.rows.get(table.key, ())}
    return bool(book.unit.votes_open) or any(problem.place.sheet in titles for problem in problems)
