"""From the declaration: whatever people type in the tables is read as typed, and an update leaves it so."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hmsbook.actions.reading import open_book
from hmsbook.actions.update import update
from hmsbook.opc.package import Package as Stored
from hmsbook.opc.workbook import Workbook
from hmsbook.standard.book import tables
from hmsbook.standard.schema import Column, Table
from hmsbook.texts.words import words
from tests.fuzz.small import SLOTS, small_parts, zipped
from tests.hosts.books import TODAY, put, spot
from tests.reading.test_kinds import VALUES
from tests.reliability.rows import Row, shows

# The form has one row, and in these two the first column says what the row is and stands there already.
TABLES = {key: table for key, table in tables(SLOTS).items() if not table.form}
FIXED = {("values", "month"), ("votes", "id")}
TYPED = "rounds of typing in tables at random, reading, updating"
Typed = dict[tuple[str, str, int], Any]


def _free(table: Table) -> list[Column]:
    """The columns people fill in as they like."""
    return [
        column
        for column in table.columns
        if not column.owned and column.kind.name != "id" and (table.key, column.key) not in FIXED
    ]


@cache
def _rows() -> dict[str, int]:
    """How many rows each table of the small workbook has."""
    found = Workbook(Stored.from_bytes(zipped(small_parts()))).tables
    return {it.name.removeprefix("hms_"): it.ref[2] - it.ref[0] - it.totals_rows for it in found}


@st.composite
def edits(draw: st.DrawFn) -> Typed:
    """Values by table, column and row, a few in each of a few tables, each of its column's kind."""
    typed: Typed = {}
    for key in draw(st.lists(st.sampled_from(sorted(TABLES)), min_size=1, max_size=5, unique=True)):
        columns = _free(TABLES[key])
        if columns:
            last = _rows()[key] - 1
            for _ in range(draw(st.integers(1, 8))):
                column = draw(st.sampled_from(columns))
                value = draw(VALUES[column.kind.name](column.kind))
                typed[key, column.key, draw(st.integers(0, last))] = value
    return typed


def _type(path: Path, typed: Typed) -> None:
    put(
        path,
        {
            spot(path, key, column, row): TABLES[key].column(column).kind.write(value, words("nb"))
            for (key, column, row), value in typed.items()
        },
    )


def _read(path: Path, typed: Typed) -> Typed:
    """What is read where something was typed."""
    rows = {(key, row.index): row for key, found in open_book(path).book.rows.items() for row in found}
    return {
        (key, column, row): rows[key, row].values.get(column) if (key, row) in rows else None
        for key, column, row in typed
    }


@shows("tried", TYPED)
def test_what_is_typed_is_read_and_stays_through_updates() -> Row:
    rounds = 0

    # Making a failing case smaller would take minutes; it is small enough to read.
    @settings(
        max_examples=25,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(typed=edits(), later=edits())
    def rounds_of_typing(typed: Typed, later: Typed) -> None:
        nonlocal rounds
        with TemporaryDirectory() as folder:
            path = Path(folder) / "bok.xlsx"
            path.write_bytes(zipped(small_parts()))
            for edit in (typed, later):
                _round(path, edit)
                rounds += 1

    rounds_of_typing()
    return (TYPED, str(rounds), "0")


def _round(path: Path, edit: Typed) -> None:
    """Type, read, update, read again; the update leaves all else, and has nothing to do a second time."""
    _type(path, edit)
    assert _read(path, edit) == edit
    before = Stored.open(path)
    update(path, today=TODAY)
    assert _read(path, edit) == edit
    _check_kept(before, Stored.open(path))
    assert not update(path, today=TODAY).written


def _check_kept(before: Stored, after: Stored) -> None:
    """Only the workbook part, sheets and charts may differ from before."""
    after.verify()
    assert after.names == before.names
    different = {name for name in before.names if before.raw(name) != after.raw(name)}
    assert all(
        name.startswith(("xl/workbook.xml", "xl/worksheets/sheet", "xl/charts/")) for name in different
    )
