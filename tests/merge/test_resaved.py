"""Copies that came back from other programs: what was typed is merged, and nothing is made up."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from hmsbook.opc.cells import cell_name
from tests.hosts.books import change, package, put
from tests.hosts.by_hand import drop_table
from tests.merge.real import Circle, cell_of, place, told
from tests.resaved.programs import PROGRAMS, Step, opened, saved
from tests.support.office import Office
from tests.support.package import WORKBOOK

# Gnumeric types in the first sheet only without its window.
TYPING = [program for program in PROGRAMS if program != "Gnumeric"]


@pytest.fixture
def circle(tmp_path: Path) -> Circle:
    found = Circle(tmp_path)
    found.send("Kari Ås")
    return found


@pytest.mark.parametrize("program", PROGRAMS)
def test_saved_again_and_else_untouched_says_nothing(program: str, circle: Circle, office: Office) -> None:
    path = circle.path("Kari Ås")
    PROGRAMS[program]([opened(path), saved(path.with_name("x.xlsx"))], office)
    path.with_name("x.xlsx").replace(path)
    before = circle.master.read_bytes()
    found = circle.fetch("Kari Ås")
    assert [(it.case, it.theirs, it.values) for it in found.findings] == []
    assert found.refused == ()
    assert circle.master.read_bytes() == before


@pytest.mark.parametrize("program", TYPING)
def test_what_was_typed_there_is_taken(program: str, circle: Circle, office: Office) -> None:
    path = circle.path("Kari Ås")
    steps = [
        Step("text", *cell_of(path, "measures", "status", 0), "Gjennomført"),
        Step("number", *cell_of(path, "values", "I01", place(path, "values", "2026-10")), "5.25"),
        Step("text", *cell_of(path, "measures", "measure", 2), "Ny vaktplan æøå"),
        Step("date", *cell_of(path, "measures", "deadline", 2), "2026-12-24"),
    ]
    PROGRAMS[program]([opened(path), *steps, saved(path.with_name("x.xlsx"))], office)
    path.with_name("x.xlsx").replace(path)
    found = circle.fetch("Kari Ås")
    assert sorted(told(found.findings)) == [
        ("added", "measures", "T03", ""),
        ("change", "measures", "T01", "status"),
        ("change", "values", "2026-10", "I01"),
    ]


@pytest.fixture
def as_google(circle: Circle) -> Path:
    """A copy as Google Sheets gives it back: without tables, and with hidden sheets that anybody may show."""
    path = circle.path("Kari Ås")
    for found in package(path).tables:
        drop_table(path, found.name.removeprefix("hms_"))
    change(path, WORKBOOK, lambda xml: xml.replace('state="veryHidden"', 'state="hidden"'))
    return path


def _without_names(path: Path) -> None:
    change(path, WORKBOOK, lambda xml: re.sub("<definedNames>.*</definedNames>", "", xml))


@pytest.mark.parametrize("names", [True, False])
def test_without_tables_and_names_rows_are_found_by_their_headers(
    circle: Circle, as_google: Path, *, names: bool
) -> None:
    shutil.copy(as_google, as_google.with_name("svar urørt.xlsx"))
    for path in (as_google, as_google.with_name("svar urørt.xlsx")):
        if not names:
            _without_names(path)
    assert told(circle.fetch("urørt").findings) == []
    kept = circle.master
    sheet, cell = cell_of(kept, "measures", "measure", 2)
    put(
        as_google,
        {
            (sheet, cell): "Ny vaktplan",
            cell_of(kept, "events", "text", 0): "Ny formann begynte",
            cell_of(kept, "unit", "headcount", 0): 41,
            cell_of(kept, "values", "I01", 21): 4.5,
            cell_of(kept, "meetings", "place", 0): "Kantina",
        },
    )
    found = circle.fetch("Kari Ås")
    assert found.refused == ()
    assert sorted(told(found.findings)) == [
        ("added", "measures", "T03", ""),
        ("change", "events", "2025-06, Ny formann", "text"),
        ("change", "meetings", "M01", "place"),
        ("change", "unit", "", "headcount"),
        ("change", "values", "2026-10", "I01"),
    ]


def test_a_table_whose_headers_are_gone_is_told_and_deletes_nothing(circle: Circle, as_google: Path) -> None:
    sheet, cell = cell_of(circle.master, "measures", "id", 0)
    row = int(re.sub(r"\D", "", cell)) - 1
    put(as_google, {(sheet, cell_name((row, column))): None for column in range(1, 30)})
    found = circle.fetch("Kari Ås")
    assert ("left_out", "measures", "", "", "table_missing") in told(found.findings)
    assert circle.row("measures", "T01")["measure"] == "Fast ukeplan 🙂"


def test_without_the_rows_as_sent_nothing_is_taken(circle: Circle, as_google: Path) -> None:
    put(as_google, {("_hms_base", "A2"): "0001|{}|"})
    (refused,) = circle.fetch("Kari Ås").refused
    assert refused.error.key == "base_damaged"
