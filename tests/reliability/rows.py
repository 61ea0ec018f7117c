"""The tables of docs/reliability.md, each row of which a test finds by running its case.

    @shows("refused", *FILES)
    def test_...(...) -> Row:
        ...
        return (name, what was said)

A test run compares each row found with the page, and the page's rows with those declared.

python -m tests.reliability.rows      run these tests and write what they find to the page; read it then
"""

from __future__ import annotations

import functools
import importlib
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reliability.md"
# The tests that show rows, in the order their rows have.
SOURCES = (
    "tests/hosts/foreign/test_foreign.py",
    "tests/hosts/test_receipt.py",
    "tests/hosts/test_typed_over.py",
    "tests/resaved/test_resaved.py",
    "tests/opc/test_packages.py",
    "tests/bad_input/test_files.py",
    "tests/bad_input/test_formula_text.py",
    "tests/faults/test_killed.py",
    "tests/faults/test_backup.py",
    "tests/faults/test_faults.py",
    "tests/bad_input/test_busy_files.py",
    "tests/fuzz/test_packages.py",
    "tests/fuzz/test_properties.py",
)
_SECTION = re.compile(r"(<!-- (?P<key>[a-z]+) -->\n(?P<head>\|.*\n\|.*\n))(?P<rows>(?:\|.*\n)*)<!-- end -->")

# What the row is called, and what was found.
Row = tuple[str, ...]
Test = Callable[..., Row | list[Row]]

declared: dict[str, list[str]] = {}


class Writing:
    """The rows found by a run that is to write the page; no such run, no rows."""

    found: dict[tuple[str, str], Row] | None = None


def shows(section: str, *names: str) -> Callable[[Test], Callable[..., None]]:
    """Mark a test that returns one or more of these rows of a section."""
    known = declared.setdefault(section, [])
    known += [name for name in names if name not in known]

    def decorate(test: Test) -> Callable[..., None]:
        @functools.wraps(test)
        def shown(*arguments: object, **named: object) -> None:
            found = test(*arguments, **named)
            for row in found if isinstance(found, list) else [found]:
                assert row[0] in names, f"a row that was not declared: {row}"
                _take(section, row)

        return pytest.mark.shows(shown)

    return decorate


def said(text: str, path: Path | str) -> str:
    """What was said of a file, without where the file is."""
    text = text.removeprefix("Working …\n").removeprefix("Error: ")
    return text.replace(str(path), "…").replace(Path(path).name, "…").strip()


def _take(section: str, row: Row) -> None:
    """Keep a row while the page is written; compare it with the page at any other time."""
    if Writing.found is not None:
        assert Writing.found.setdefault((section, row[0]), row) == row, "two cases of one row differ"
        return
    on_page = {old[0]: old for old in sections(PAGE.read_text(encoding="utf-8"))[section]}
    assert on_page.get(row[0]) == row, (
        "docs/reliability.md does not say so; if this is meant, run python -m tests.reliability.rows"
    )


def sections(page: str) -> dict[str, list[Row]]:
    """The rows that stand on the page, by section."""
    return {found["key"]: [_cells(line) for line in found["rows"].splitlines()] for found in _found(page)}


def _found(page: str) -> list[re.Match[str]]:
    return list(_SECTION.finditer(page))


def _cells(line: str) -> Row:
    return tuple(cell.strip() for cell in line[1:-1].split("|"))


def rewritten(page: str, found: dict[tuple[str, str], Row]) -> str:
    """The page with these rows under the headings that stand there."""

    def section(match: re.Match[str]) -> str:
        rows = (found[match["key"], name] for name in declared[match["key"]])
        return match[1] + "".join(f"| {' | '.join(row)} |\n" for row in rows) + "<!-- end -->"

    return _SECTION.sub(section, page)


def declare_all() -> dict[str, list[str]]:
    """The rows that all tests declare, by section, also those of tests that are not run now."""
    for source in SOURCES:
        importlib.import_module(source.removesuffix(".py").replace("/", "."))
    return declared


def main() -> int:
    """Run the tests that show rows, and write the page when all of them ran through."""
    Writing.found = {}
    # In this process: rows found by workers would stay with them.
    code = pytest.main(["-q", "-n=0", "-m", "shows", *(str(ROOT / source) for source in SOURCES)])
    if code == pytest.ExitCode.OK:
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(rewritten(page, Writing.found), encoding="utf-8")
    return code


if __name__ == "__main__":
    # The tests know this module by its full name, and not as the program that was started.
    sys.exit(importlib.import_module("tests.reliability.rows").main())
