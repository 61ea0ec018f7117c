"""Text that begins like a formula stays text: in tables, in all that hmsbook writes, and in CSV for Excel."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import hmsbook
from hmsbook.actions.create import new
from hmsbook.actions.update import update
from hmsbook.actions.upgrade import upgrade
from hmsbook.opc.cells import Formula
from tests.cli.run import run
from tests.hosts.books import DATA, SLOTS, TODAY, book, package, put, region_spot, type_in
from tests.reliability.rows import Row, shows

MARK = "kalk!A1"
TEXTS = [start + MARK for start in ("=", "+", "-", "@", "\t=", "\r=", "\n=")]
TEXT, AS_TYPED = "text", "text, as it was typed"
# Where it could come out as a formula.
PEOPLE, SAID_OF_IT, LOG = "cells that people fill", "what Status and Kontroll say", "the log"
FORMULA_LOG, MADE = "a formula typed over an owned cell, in the log", "`new --data`, `upgrade`, `new --from`"
CSV, JSON, FRAME = "`export --format csv`", "`export`, JSON", "a pandas frame"
CHECK, ANALYSE = "`check`, also as JSON", "`analyse` of a workbook or a CSV file, also as JSON"
PLACES = (
    ("measures", "measure", 0),
    ("challenges", "description", 0),
    ("indicators", "name", 0),
    ("values", "I01", 3),
    ("measures", "deadline", 1),
    ("measures", "status", 0),
    ("measures", "responsible", 1),
    ("events", "text", 0),
    ("group", "name", 0),
)
# The columns of these places that hold any text.
AS_TEXT = ("measure", "description", "text")
# With both, each text stands once in a column of text and once where hmsbook repeats it as a problem.
each_way = pytest.mark.parametrize("first", [0, 3])


def _typed(first: int) -> Iterator[tuple[tuple[str, str, int], str]]:
    """Each place with its text."""
    return zip(PLACES, [*TEXTS[first:], *TEXTS[:first]] * 2, strict=False)


def _filled(path: Path, first: int) -> Path:
    """The texts wherever people can type, and typed over what hmsbook says."""
    book(path)
    type_in(path, *((*place, text) for place, text in _typed(first)))
    facts = [text for _, text in _typed(first)][:6]
    put(path, {region_spot(path, "status_facts", row): text for row, text in enumerate(facts)})
    return path


def _formulas(path: Path) -> list[str]:
    """All formulas of cells, names and charts, as they are stored."""
    pattern = re.compile(rb"<(?:c:)?f(?: [^>]*)?>([^<]*)<|<definedName[^>]*>([^<]*)<")
    return [
        (one or other).decode()
        for content in package(path).parts.values()
        for one, other in pattern.findall(content)
    ]


def _shown(path: Path) -> dict[str, int]:
    """How many cells of each sheet show the text, all of them stored as text."""
    found: dict[str, int] = {}
    for sheet in package(path).sheets:
        cells = [cell for cell in sheet.cells.values() if MARK in (cell.text or "")]
        assert all(cell.kind in ("inlineStr", "s") or cell.formula for cell in cells), sheet.name
        found[sheet.name] = len(cells)
    return found


@shows("formulas", PEOPLE, SAID_OF_IT, LOG)
@each_way
def test_it_stays_text_in_every_cell(first: int, tmp_path: Path) -> list[Row]:
    path = _filled(tmp_path / "bok.xlsx", first)
    before = sorted(set(_formulas(path)))
    assert update(path, today=TODAY).written
    assert sorted(set(_formulas(path))) == before
    assert not any(MARK in formula for formula in _formulas(path))
    shown = _shown(path)
    assert all(shown[sheet] for sheet in ("Status", "Kontroll", "Logg", "Tiltak", "Utfordringer"))
    assert not update(path, today=TODAY).written
    return [(place, TEXT) for place in (PEOPLE, SAID_OF_IT, LOG)]


@shows("formulas", FORMULA_LOG)
def test_formulas_typed_over_values_are_kept_as_text(tmp_path: Path) -> Row:
    path = book(tmp_path / "bok.xlsx")
    put(
        path,
        {region_spot(path, "status_facts", row): Formula(MARK, text) for row, text in enumerate(TEXTS[:6])},
    )
    assert len(update(path, today=TODAY).restored) == 6
    assert not any(MARK in formula for formula in _formulas(path))
    assert _shown(path)["Logg"] == 6
    return (FORMULA_LOG, TEXT)


@shows("formulas", MADE)
def test_workbooks_made_of_it_hold_it_as_text(tmp_path: Path) -> Row:
    measures = [{"id": f"T{at + 1:02d}", "measure": text} for at, text in enumerate(TEXTS)]
    data = {**DATA, "measures": measures, "events": [{"month": "2025-06", "text": TEXTS[0]}]}
    (tmp_path / "data.json").write_text(json.dumps(data), encoding="utf-8")
    path, upgraded, later = (tmp_path / name for name in ("bok.xlsx", "oppgradert.xlsx", "neste.xlsx"))
    new(path, data=tmp_path / "data.json", slots=SLOTS, today=TODAY)
    upgrade(path, slots=SLOTS + 1, out=upgraded, today=TODAY)
    new(later, after=path, today=TODAY)
    for made in (path, upgraded, later):
        assert not any(MARK in formula for formula in _formulas(made))
        assert _shown(made)["Tiltak"] == len(TEXTS)
    return (MADE, TEXT)


@shows("formulas", CSV)
@each_way
def test_csv_puts_an_apostrophe_before_it(first: int, tmp_path: Path) -> Row:
    path = _filled(tmp_path / "bok.xlsx", first)
    folder = tmp_path / "ut"
    assert run("export", path, "--format", "csv", "--out", folder).exit == 0
    fields = [field for file in folder.iterdir() for row in _rows(file) for field in row]
    assert any(MARK in field for field in fields)
    assert not [field for field in fields if field.startswith(("=", "+", "@", "\t", "\r", "\n"))]
    assert not [field for field in fields if field.startswith("-") and not _is_number(field)]
    return (CSV, "text, with an apostrophe before it")


@shows("formulas", JSON, FRAME)
@each_way
def test_programs_get_it_as_it_was_typed(first: int, tmp_path: Path) -> list[Row]:
    path = _filled(tmp_path / "bok.xlsx", first)
    typed = {place: text.strip() for place, text in _typed(first) if place[1] in AS_TEXT}
    exported, opened = run("export", path).json, hmsbook.open(path)
    for (table, column, row), text in typed.items():
        assert exported[table][row][column] == text
        assert opened.frame(table)[column][row] == text
    return [(JSON, AS_TYPED), (FRAME, AS_TYPED)]


@shows("formulas", CHECK)
@each_way
def test_problems_quote_it(first: int, tmp_path: Path) -> Row:
    path = _filled(tmp_path / "bok.xlsx", first)
    printed, told = run("check", path), run("check", path, "--json")
    assert (printed.exit, printed.out.count(MARK) > len(TEXTS) // 2) == (1, True)
    assert MARK in json.dumps(told.json)
    return (CHECK, "text, inside a sentence")


@shows("formulas", ANALYSE)
@pytest.mark.parametrize("text", TEXTS[::3])
def test_an_analysis_gives_it_as_a_name_or_a_sentence(text: str, tmp_path: Path) -> Row:
    path = book(tmp_path / "bok.xlsx")
    type_in(path, ("indicators", "name", 0, text), ("indicators", "unit", 0, text))
    of_book = run("analyse", path, "--json").json["indicators"][0]
    series = tmp_path / "tall.csv"
    with series.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["maned", text], *([f"2026-{at:02d}", at % 5] for at in range(1, 10))])
    of_file = run("analyse", series, "--json").json
    assert {of_book["name"], of_file["name"]} == {text.strip()}
    assert MARK in run("analyse", path).out
    assert MARK in run("analyse", series).out
    return (ANALYSE, AS_TYPED)


def _rows(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def _is_number(field: str) -> bool:
    return re.fullmatch(r"-[0-9.]+", field) is not None
