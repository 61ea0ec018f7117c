"""The command line destroys nothing, and passes nothing on that could steer a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from hmsbook.cli.main import main
from hmsbook.texts.words import printable, words


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "bok.xlsx"
    assert main(["new", str(path), "--indicators", "F01,F01"]) == 0
    return path


def test_an_export_never_takes_the_place_of_the_workbook(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = book.read_bytes()
    assert main(["export", str(book), "--out", str(book)]) == 2
    assert "finnes fra før" in capsys.readouterr().err
    assert book.read_bytes() == before


def test_an_export_takes_the_place_of_an_earlier_one(book: Path) -> None:
    out = book.with_suffix(".json")
    assert [main(["export", str(book), "--out", str(out)]) for _ in range(2)] == [0, 0]


def test_an_indicator_asked_for_twice_is_taken_once(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    main(["export", str(book), "--table", "indicators"])
    assert capsys.readouterr().out.count('"I0') == 1


@pytest.mark.parametrize("name", ["bok.xlsm", "bok.txt", "bok"])
def test_a_workbook_is_only_made_with_its_own_ending(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", str(tmp_path / name)]) == 2
    assert ".xlsx" in capsys.readouterr().err
    assert not (tmp_path / name).exists()


def test_control_characters_are_shown_not_sent() -> None:
    hostile = "\x1b[31mHEI\x07 æøå\N{NO-BREAK SPACE}✓\n"
    assert printable(hostile) == "\ufffd[31mHEI\ufffd æøå\N{NO-BREAK SPACE}✓\n"
    assert words("nb").show(hostile) == printable(hostile)


@pytest.mark.parametrize("arguments", [["--from", "9999-12"], ["--from", "1800-01"]])
def test_a_month_no_workbook_can_hold_is_refused(arguments: list[str], tmp_path: Path) -> None:
    assert main(["new", str(tmp_path / "bok.xlsx"), *arguments]) == 2
