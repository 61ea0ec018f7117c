"""Copies that came back from other programs: what was typed is merged, and nothing is made up."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.merge.real import Circle, cell_of, place, told
from tests.resaved.programs import PROGRAMS, REFUSED, Step, opened, saved
from tests.support.office import Office

MERGED = [program for program in PROGRAMS if program not in REFUSED]


@pytest.fixture
def circle(tmp_path: Path) -> Circle:
    found = Circle(tmp_path)
    found.send("Kari Ås")
    return found


@pytest.mark.parametrize("program", MERGED)
def test_saved_again_and_else_untouched_says_nothing(program: str, circle: Circle, office: Office) -> None:
    path = circle.path("Kari Ås")
    PROGRAMS[program]([opened(path), saved(path.with_name("x.xlsx"))], office)
    path.with_name("x.xlsx").replace(path)
    before = circle.master.read_bytes()
    found = circle.fetch("Kari Ås")
    assert [(it.case, it.theirs, it.values) for it in found.findings] == []
    assert found.refused == ()
    assert circle.master.read_bytes() == before


@pytest.mark.parametrize("program", [it for it in MERGED if it != "Gnumeric"])
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


@pytest.mark.parametrize("program", REFUSED)
def test_what_lost_its_names_is_refused_with_a_word(program: str, circle: Circle, office: Office) -> None:
    path = circle.path("Kari Ås")
    PROGRAMS[program]([opened(path), saved(path.with_name("x.xlsx"))], office)
    path.with_name("x.xlsx").replace(path)
    before = circle.master.read_bytes()
    (refused,) = circle.fetch("Kari Ås").refused
    assert refused.error.key
    assert circle.master.read_bytes() == before
