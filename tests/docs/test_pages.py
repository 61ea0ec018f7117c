"""What the pages promise is true: links and paths exist, README stays short."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hmsbook import __version__
from hmsbook.commands import COMMANDS
from tests.docs.paths import named_paths

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "benchmarks").glob("*.md")])
WORDS_IN_README = 600

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
    inside = [link.partition("#")[0] for link in links if not link.startswith(("http", "#"))]
    assert [link for link in inside if not (page.parent / link).exists()] == []


def test_readme_is_short() -> None:
    assert len(re.findall(r"\w+", read("README.md"))) < WORDS_IN_README


def test_readme_has_a_picture_and_the_two_commands() -> None:
    text = read("README.md")
    assert "](samples/byggeplass/expected/status.png)" in text
    assert "tools/setup --user && .venv/bin/hmsbook demo" in text
    assert "tools/setup && .venv/bin/python -m pytest" in text


def test_contributing_names_what_exists() -> None:
    found = list(named_paths(read("CONTRIBUTING.md")))
    assert len(found) > 20
    assert [path for path in found if not any(ROOT.glob(path))] == []


@pytest.mark.parametrize("command", [command.key for command in COMMANDS])
def test_usage_shows_every_command(command: str) -> None:
    assert f"$ hmsbook {command}" in read("docs/usage.md")


def test_changelog_has_this_version() -> None:
    assert f"## {__version__}" in read("CHANGELOG.md")


def test_the_letter_that_is_shown_is_one_that_is_written() -> None:
    shown = re.search(r"```text\n(Byggeplass.*?)…\n```", read("docs/sende-og-hente.md"), re.DOTALL)
    assert shown is not None
    assert read("tests/mail/golden/byggeplass-group-nb.txt").startswith(shown[1])
