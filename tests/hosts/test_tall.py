"""A table dragged to the end of its sheet costs no more than what is filled in in it."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from hmsbook.actions.reading import open_book
from hmsbook.actions.update import update
from hmsbook.opc.cells import Formula, Write, cell_name, range_name
from tests.hosts.books import TODAY, book, change, formula, package, put, spot, table, value

ROWS = 1_048_576
MEMORY = 400 << 20
SECONDS, WALL_SECONDS = 20, 120
# Below the others stands another table, which Excel lets no table grow over.
GROWING = (
    "challenges",
    "values",
    "why",
    "proposals",
    "measures",
    "mapping",
    "survey",
    "basis",
    "events",
    "votes",
    "communication",
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return book(tmp_path / "bok.xlsx")


def grow(path: Path, key: str, bottom: int) -> None:
    """Drag the corner of a table down to a row."""
    found = table(path, key)
    new = range_name((*found.area[:2], bottom, found.area.right))
    change(path, found.part, lambda xml: xml.replace(f'ref="{range_name(found.area)}"', f'ref="{new}"'))


def update_in_little_memory(path: Path) -> subprocess.CompletedProcess[str]:
    """An update in a process of its own, which ends badly where it asks for too much memory or time."""
    return subprocess.run(
        [sys.executable, "-m", "hmsbook", "update", str(path), "--today", TODAY.isoformat(), "--json"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=WALL_SECONDS,
        check=False,
        preexec_fn=_take_little,
    )


def _take_little() -> None:
    """Limit memory, and the time of the processor, which a busy machine does not stretch."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def _rows(path: Path) -> dict[str, list[dict[str, object]]]:
    return {key: [dict(row.values) for row in rows] for key, rows in open_book(path).book.rows.items()}


@pytest.mark.parametrize("bottom", [100_000, ROWS])
def test_tables_to_the_end_of_their_sheets(bottom: int, path: Path) -> None:
    before = _rows(path)
    for key in GROWING:
        grow(path, key, bottom)
    put(path, {spot(path, "values", "I01", 21): 5.5})
    ran = update_in_little_memory(path)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout)["written"]
    assert not update(path, today=TODAY).written
    before["values"].append({"month": date(2026, 10, 1), "I01": 5.5})
    assert _rows(path) == before


def _filled(first: int, last: int, cells: dict[str, str]) -> Iterator[str]:
    for row in range(first, last + 1):
        inner = "".join(
            f'<c r="{column}{row}" t="str"><f>{text}</f><v></v></c>' for column, text in cells.items()
        )
        yield f'<row r="{row}">{inner}</row>'


def test_formulas_that_excel_filled_down_to_the_end(path: Path) -> None:
    """Excel fills a computed column as far as the table is dragged."""
    days, urgency = (spot(path, "measures", column)[1] for column in ("days_left", "urgency"))
    sheet = table(path, "measures").sheet
    texts = {cell[0]: formula(path, sheet, cell) or "" for cell in (days, urgency)}
    part = next(found.part for found in package(path).sheets if found.name == sheet)
    bottom = table(path, "measures").area.bottom
    last = bottom + 50_000
    rows = "".join(_filled(bottom + 1, last, {key: _escaped(text) for key, text in texts.items()}))
    change(path, part, lambda xml: xml.replace("</sheetData>", rows + "</sheetData>"))
    grow(path, "measures", last)
    put(path, {spot(path, "measures", "deadline"): 46400})
    ran = update_in_little_memory(path)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert not update(path, today=TODAY).written
    assert value(path, sheet, days) == 46400 - 46342


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def test_what_is_typed_far_down_is_read_and_computed(path: Path) -> None:
    grow(path, "measures", 50_000)
    place = {key: spot(path, "measures", key, 1500) for key in ("id", "measure", "deadline", "days_left")}
    typed: dict[tuple[str, str], Write] = {place["measure"]: "Langt nede", place["deadline"]: 46343}
    put(path, typed)
    assert update(path, today=TODAY).numbered == {("measures", 1500): "T61"}
    assert value(path, *place["id"]) == "T61"
    assert (value(path, *place["days_left"]), formula(path, *place["days_left"])) == (
        1,
        formula(path, *spot(path, "measures", "days_left")),
    )
    assert not update(path, today=TODAY).written


def test_a_formula_of_ones_own_far_down_is_read(path: Path) -> None:
    grow(path, "basis", 5_000)
    places = {key: spot(path, "basis", key, 2_000) for key in ("month", "indicator", "numerator")}
    typed = dict(zip(places.values(), (46023, "I02", 7), strict=True))
    put(path, {place: Formula("1*1", content) for place, content in typed.items()})
    (row,) = open_book(path).book.rows["basis"]
    assert (row.index, row.values["numerator"]) == (2_000, 7)


@pytest.mark.parametrize("key", ["measures", "proposals", "votes"])
def test_something_at_the_very_end_is_refused_by_name(key: str, path: Path) -> None:
    grow(path, key, ROWS)
    found = table(path, key)
    put(path, {(found.sheet, cell_name((ROWS, found.area.left + 1))): "x"})
    before = path.read_bytes()
    ran = update_in_little_memory(path)
    assert (ran.returncode, ran.stderr) == (2, "")
    told = json.loads(ran.stdout)["error"]
    assert told["key"] == "table_too_tall"
    assert f"hms_{key} på arket {found.sheet}" in told["text"]
    assert f"helt ned til rad {ROWS}" in told["text"]
    assert path.read_bytes() == before
