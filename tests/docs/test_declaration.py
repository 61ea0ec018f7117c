"""One added line in the declaration, and its words, give a column that everything knows."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.office import Office
from tests.support.package import Package, Table

ROOT = Path(__file__).resolve().parents[2]
BEFORE = '        Column("role", Choice(choices="roles")'
# The one line. A whole number, so that there is something to validate.
LINE = '        Column("locker", Integer(minimum=1, maximum=99)),\n'
WORDS = {
    "nb": ("Skap", "Nummeret på skapet."),
    "nn": ("Skåp", "Nummeret på skåpet."),
    "en": ("Locker", "The locker."),
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program with one more column."""
    folder = tmp_path_factory.mktemp("tree")
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(
        ROOT / "workbook_templates", folder / "workbook_templates", ignore=shutil.ignore_patterns("*.xlsx")
    )
    insert(folder / "src/hmsbook/standard/sheets/group.py", BEFORE, LINE)
    for lang, (label, help_text) in WORDS.items():
        line = f'locker = {{ label = "{label}", help = "{help_text}" }}\n'
        insert(folder / f"workbook_templates/texts/{lang}/words.toml", "[columns.challenges]", line)
    return folder


def insert(path: Path, before: str, line: str) -> None:
    """Put a line before the only line that begins so."""
    text = path.read_text(encoding="utf-8")
    assert text.count(f"\n{before}") == 1
    path.write_text(text.replace(f"\n{before}", f"\n{line}{before}"), encoding="utf-8")


def hmsbook(tree: Path, *arguments: str) -> str:
    setting = os.environ | {"PYTHONPATH": str(tree / "src"), "HMSBOOK_TODAY": "2026-11-16"}
    command = [sys.executable, "-m", "hmsbook", *arguments]
    done = subprocess.run(command, cwd=tree, env=setting, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def book(tree: Path) -> Path:
    """A new workbook of that program."""
    hmsbook(tree, "new", "book.xlsx")
    return tree / "book.xlsx"


def group(book: Path) -> Table:
    return next(table for table in Package(book).tables if table.name == "hms_group")


def first_cell(book: Path) -> tuple[str, str]:
    """The sheet, and the cell under the new header."""
    table = group(book)
    letter = chr(64 + table.area.left + table.columns.index("Skap"))
    return table.sheet, f"{letter}{table.area.top + 1}"


def test_it_is_drawn(book: Path) -> None:
    assert group(book).columns == ["Navn", "Skap", "Rolle", "E-post", "Kan beslutte", "Får e-post", "Merknad"]


def test_it_is_validated(book: Path) -> None:
    sheet, cell = first_cell(book)
    xml = next(found for found in Package(book).sheets if found.name == sheet)
    rules = [rule for rule in xml.element.iter() if rule.tag.endswith("}dataValidation")]
    mine = next(rule for rule in rules if re.match(rf"{cell}\b", rule.get("sqref", "")))
    assert mine.get("type") == "whole"
    assert [part.text for part in mine] == ["1", "99"]
    assert mine.get("prompt") == "Nummeret på skapet."


def test_it_is_read_and_exported(tree: Path, book: Path, office: Office) -> None:
    sheet, cell = first_cell(book)
    filled = tree / "filled.xlsx"
    with office.open(book) as opened:
        opened.put(sheet, {cell: 17})
        opened.save_as(filled)
    rows = json.loads(hmsbook(tree, "export", "filled.xlsx", "--table", "group"))["group"]
    assert rows == [{"locker": 17}]
    csv = hmsbook(tree, "export", "filled.xlsx", "--table", "group", "--format", "csv")
    assert csv.splitlines()[0] == "name,locker,role,email,can_decide,receives_mail,note"


def test_it_is_checked(tree: Path, book: Path, office: Office) -> None:
    sheet, cell = first_cell(book)
    wrong = tree / "wrong.xlsx"
    with office.open(book) as opened:
        opened.put(sheet, {cell: "sytten"})
        opened.save_as(wrong)
    found = json.loads(hmsbook(tree, "check", "wrong.xlsx", "--json"))["problems"]
    assert any(problem["cell"] == cell and "Skap" in problem["text"] for problem in found)


def test_it_is_in_the_reference(tree: Path) -> None:
    assert "| `locker` | Skap | heltall 1–99 | Nummeret på skapet. | dere |" in hmsbook(tree, "reference")
    assert "| `locker` | Locker |" in hmsbook(tree, "reference", "--lang", "en")
