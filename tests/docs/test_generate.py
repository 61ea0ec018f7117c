"""What is generated is kept as it would be generated now, and is the same every time."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hmsbook import generate
from tests.support.ooxml import lint

ROOT = Path(__file__).resolve().parents[2]


def test_kept_files_are_the_ones_of_today() -> None:
    differing = [name for name, _ in generate.differences(ROOT)]
    assert differing == [], "run python -m hmsbook.generate"


@pytest.mark.parametrize("seed", ["1", "2"])
def test_bytes_are_the_same_in_another_process(seed: str) -> None:
    program = "import sys, hmsbook.generate as g; sys.stdout.buffer.write(g.blank_book('proind', 'nb'))"
    setting = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT / "src"), "TZ": "Asia/Tokyo"}
    done = subprocess.run([sys.executable, "-c", program], env=setting, capture_output=True, check=True)
    assert done.stdout == generate.blank_book("proind", "nb")


@pytest.mark.parametrize("blank", generate.BLANKS, ids="-".join)
def test_blank_workbooks_are_sound(blank: tuple[str, str]) -> None:
    path = ROOT / generate.blank_name(*blank)
    assert lint(path) == []


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of one generated page and nothing else."""
    (tmp_path / "workbook_templates").mkdir()
    (tmp_path / "docs").mkdir()
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    monkeypatch.setattr(generate, "templates", lambda: tmp_path / "workbook_templates")
    monkeypatch.setattr(generate, "files", lambda: {"docs/page.md": lambda: b"right"})
    return tmp_path


def test_check_names_what_differs_and_changes_nothing(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (checkout / "docs/page.md").write_text("wrong")
    (checkout / "workbook_templates/old.xlsx").write_text("nobody's")
    assert generate.main(["--check"]) == 1
    assert capsys.readouterr().out == "differs: docs/page.md\ndiffers: workbook_templates/old.xlsx\n"
    assert (checkout / "docs/page.md").read_text() == "wrong"


def test_generate_writes_and_removes(checkout: Path) -> None:
    (checkout / "workbook_templates/old.xlsx").write_text("nobody's")
    assert generate.main([]) == 0
    assert (checkout / "docs/page.md").read_text() == "right"
    assert not (checkout / "workbook_templates/old.xlsx").exists()
    assert generate.main(["--check"]) == 0


def test_generate_needs_a_checkout(checkout: Path) -> None:
    (checkout / "pyproject.toml").unlink()
    assert generate.main([]) == 2
