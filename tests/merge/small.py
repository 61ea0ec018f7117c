"""Books of a few rows, made from drawn tables or at random, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from hypothesis import strategies as st

from hmsbook.merge.base import base_lines, read_base
from hmsbook.merge.draft import Draft
from hmsbook.merge.findings import Finding, Person
from hmsbook.merge.ledger import Ledger
from hmsbook.merge.rows import content
from hmsbook.merge.sides import Returned
from hmsbook.merge.three_way import Decide, leave_open, merge_copy
from hmsbook.model.book import Book, Manifest
from hmsbook.model.records import Row
from hmsbook.standard.book import tables
from hmsbook.standard.schema import Column, Table
from tests.reading.test_kinds import TEXTS, VALUES

SLOTS = 4
TABLES: dict[str, Table] = tables(SLOTS)

KEYS = sorted(TABLES.keys() - {"received"})
_HEIGHT = {"unit": 1, "weights": 1}

Rows = Sequence[Mapping[str, Any]]


def book_of(rows: Mapping[str, Rows], **manifest: Any) -> Book:
    """A book with these drawn rows, their values as Python has them."""
    drawn = {
        key: tuple(
            Row(
                key,
                {name: value for name, value in row.items() if name != "extra"},
                key,
                None,
                at,
                row.get("extra"),
            )
            for at, row in enumerate(found)
        )
        for key, found in rows.items()
    }
    kept = {key: tuple(row for row in found if TABLES[key].is_filled(row)) for key, found in drawn.items()}
    return Book(Manifest(slots=SLOTS, **manifest), kept, (), drawn)


ID_TABLES = {key: table.id_kind for key, table in TABLES.items() if table.id_kind}


@st.composite
def edited(draw: st.DrawFn, book: Book, *, typing: bool = False) -> Book:
    """What somebody makes of a book: cells typed over and emptied, rows cleared, filled, sorted.

    Who is only `typing` empties nothing.
    """
    changed: dict[str, list[dict[str, Any]]] = {}
    for key, found in book.drawn_rows.items():
        now = [{**row.values} for row in found]
        for row in now:
            match draw(st.integers(0, 7)) if not typing else draw(st.sampled_from([0, 9])):
                case 0:
                    _type(draw, key, row)
                case 1 if key not in ("values", "process"):
                    _empty(row)
                case 2 if len(row) > 1:
                    row.pop(draw(st.sampled_from(sorted(row.keys() - {"id", "month"} or {"-"}))), None)
        changed[key] = draw(st.permutations(now)) if draw(st.booleans()) else now
    return book_of(changed, workbook_id=book.manifest.workbook_id)


def _type(draw: st.DrawFn, key: str, row: dict[str, Any]) -> None:
    column = draw(st.sampled_from(_free(key)))
    row[column.key] = draw(VALUES[column.kind.name](column.kind))


def _empty(row: dict[str, Any]) -> None:
    for name in row.keys() - {"id"}:
        del row[name]


def _free(key: str) -> list[Column]:
    """The columns people fill in but for what says which row it is."""
    fixed = ("id", "month") if key == "values" else ("id",)
    return [it for it in TABLES[key].columns if not it.owned and it.key not in fixed]


@st.composite
def frames(draw: st.DrawFn, among: Sequence[str] = KEYS) -> Book:
    """A book as hmsbook draws it: numbered rows, some of them filled."""
    keys = draw(st.lists(st.sampled_from(among), min_size=1, max_size=3, unique=True))
    return book_of({key: [draw(_drawn_row(key, at)) for at in range(_HEIGHT.get(key, 5))] for key in keys})


@st.composite
def _drawn_row(draw: st.DrawFn, key: str, at: int) -> dict[str, Any]:
    kind = ID_TABLES.get(key)
    row: dict[str, Any] = {"id": kind.number(at + 1)} if kind else {}
    if key == "values":
        row["month"] = date(2026, 1 + at, 1)
    if draw(st.booleans()):
        for _ in range(draw(st.integers(1, 3))):
            _type(draw, key, row)
    return row


@st.composite
def rows(draw: st.DrawFn, key: str, count: int = 4) -> list[dict[str, Any]]:
    """Rows of a table, their values of each column's kind, some of them without any."""
    columns = [column for column in TABLES[key].columns if not column.owned]
    return [
        {
            column.key: draw(VALUES[column.kind.name](column.kind))
            for column in draw(st.lists(st.sampled_from(columns), max_size=4, unique_by=lambda it: it.key))
        }
        | ({"extra": {draw(TEXTS): draw(TEXTS)}} if draw(st.integers(0, 5)) == 0 else {})
        for _ in range(draw(st.integers(0, count)))
    ]


@st.composite
def books(draw: st.DrawFn) -> Book:
    """A book with a few rows in a few tables."""
    keys = draw(st.lists(st.sampled_from(sorted(TABLES)), min_size=1, max_size=4, unique=True))
    return book_of({key: draw(rows(key)) for key in keys})


def merged(
    mine: Book, *copies: Returned, ledger: Ledger | None = None, decide: Decide = leave_open
) -> tuple[Book, list[Finding]]:
    """The workbook after these copies have come back, and what they said."""
    numbers = {key: len(found) for key, found in mine.drawn_rows.items()}
    draft = Draft(mine, own=own_of(mine), highest=numbers, room=dict.fromkeys(TABLES, 100))
    ledger = Ledger() if ledger is None else ledger
    found = [it for copy in copies for it in merge_copy(draft, copy, ledger, decide)]
    return draft.book, found


def returned(sent: Book, back: Book, who: str = "Kari Ås", **values: Any) -> Returned:
    """A copy that was sent and came back."""
    masked = values.pop("masked", ())
    base = read_base(base_lines(sent, masked))
    return Returned(back, base, Person(who, known=bool(who)), edition=3, own=own_of(back), **values)


def own_of(book: Book) -> dict[str, frozenset[str]]:
    """The headers of people's own columns."""
    return {
        key: frozenset(header for row in found for header in row.extra or ())
        for key, found in book.drawn_rows.items()
    }


def held(book: Book) -> dict[str, list[Any]]:
    """What stands in a book, however its rows are sorted."""
    return {
        key: sorted(repr(sorted(map(repr, (*content(row), ("id", row.get("id")))))) for row in found)
        for key, found in book.rows.items()
        if found
    }
