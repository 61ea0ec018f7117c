"""Text that begins like a formula stays text: in tables, in all that hmsbook writes, and in CSV for Excel."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from hmsbook.actions.create import new
from hmsbook.actions.update import update
from hmsbook.opc.cells import Formula
from tests.cli.run import run
from tests.hosts.books import DATA, SLOTS, TODAY, book, package, put, region_spot, type_in

MARK = "kalk!A1"
TEXTS = [start + MARK for start in ("=", "+", "-", "@", "\t=", "\r=")]
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
# With both, each text stands once in a column of text and once where hmsbook repeats it as a problem.
each_way = pytest.mark.parametrize("first", [0, 3])


def _filled(path: Path, first: int) -> Path:
    """The texts wherever people can type, and typed over what hmsbook says."""
    book(path)
    texts = [*TEXTS[first:], *TEXTS[:first]] * 2
    type_in(path, *((*place, text) for place, text in zip(PLACES, texts, strict=False)))
    put(path, {region_spot(path, "status_facts", row): text for row, text in enumerate(texts[:6])})
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
    """How many cells of each sheet show the text, none of them by a formula of its own."""
    found: dict[str, int] = {}
    for sheet in package(path).sheets:
        cells = [cell for cell in sheet.cells.values() if MARK in (cell.text or "")]
        assert all(cell.kind in ("inlineStr", "s") or cell.formula for cell in cells), sheet.name
        found[sheet.name] = len(cells)
    return found


@each_way
def test_it_stays_text_in_every_cell(first: int, tmp_path: Path) -> None:
    path = _filled(tmp_path / "bok.xlsx", first)
    before = sorted(set(_formulas(path)))
    assert update(path, today=TODAY).written
    assert sorted(set(_formulas(path))) == before
    assert not any(MARK in formula for formula in _formulas(path))
    shown = _shown(path)
    assert all(shown[sheet] for sheet in ("Status", "Kontroll", "Logg", "Tiltak", "Utfordringer"))
    assert not update(path, today=TODAY).written


def test_formulas_typed_over_values_are_kept_as_text(tmp_path: Path) -> None:
    path = book(tmp_path / "bok.xlsx")
    put(
        path,
        {region_spot(path, "status_facts", row): Formula(MARK, text) for row, text in enumerate(TEXTS)},
    )
    assert len(update(path, today=TODAY).restored) == len(TEXTS)
    assert not any(MARK in formula for formula in _formulas(path))
    assert _shown(path)["Logg"] == len(TEXTS)


def test_a_new_workbook_holds_it_as_text(tmp_path: Path) -> None:
    measures = [{"id": f"T{at + 1:02d}", "measure": text} for at, text in enumerate(TEXTS)]
    data = {**DATA, "measures": measures, "events": [{"month": "2025-06", "text": TEXTS[0]}]}
    (tmp_path / "data.json").write_text(json.dumps(data), encoding="utf-8")
    path = tmp_path / "bok.xlsx"
    new(path, data=tmp_path / "data.json", slots=SLOTS, today=TODAY)
    assert not any(MARK in formula for formula in _formulas(path))
    assert _shown(path)["Tiltak"] == len(TEXTS)


@each_way
def test_csv_puts_an_apostrophe_before_it(first: int, tmp_path: Path) -> None:
    path = _filled(tmp_path / "bok.xlsx", first)
    folder = tmp_path / "ut"
    assert run("export", path, "--format", "csv", "--out", folder).exit == 0
    fields = [field for file in folder.iterdir() for row in _rows(file) for field in row]
    assert any(MARK in field for field in fields)
    assert not [field for field in fields if field.startswith(("=", "+", "@", "\t", "\r"))]
    assert not [field for field in fields if field.startswith("-") and not _is_number(field)]


def _rows(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def _is_number(field: str) -> bool:
    return re.fullmatch(r"-[0-9.]+", field) is not None
