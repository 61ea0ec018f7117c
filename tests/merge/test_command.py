"""`hmsbook merge` as a person and a program meet it."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from tests.cli.run import run
from tests.merge.real import ME, Circle

PAGE = Path(__file__).resolve().parents[2] / "docs" / "usage.md"
EXAMPLE = 'hmsbook merge bok.xlsx "svar Kari Ås.xlsx" "svar Ola Øy.xlsx"'


@pytest.fixture
def circle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Circle:
    found = Circle(tmp_path)
    found.send("Kari Ås", "Ola Øy")
    found.type("""
        | who     | table     | row     | column      | typed       |
        | Kari Ås | measures  | T01     | status      | Gjennomført |
        | Kari Ås | measures  | T02     | responsible | Kari Ås     |
        | Kari Ås | proposals | P03     | proposal    | Mer lys     |
        | Ola Øy  | proposals | P03     | proposal    | Pauser      |
        | Ola Øy  | proposals | P03     | effect      | 4           |
        | Ola Øy  | values    | 2025-04 | I01         | 'seks       |
        | vi      | measures  | T02     | responsible | Gro Hagen   |
    """)
    monkeypatch.chdir(tmp_path)
    return found


def _files(circle: Circle) -> list[str]:
    return [circle.path(name).name for name in (ME, "Kari Ås", "Ola Øy")]


def test_the_page_shows_what_is_printed(circle: Circle) -> None:
    done = run("merge", *_files(circle))
    assert done.exit == 1
    assert f"```text\n$ {EXAMPLE}\n{done.out}```" in PAGE.read_text(encoding="utf-8")


def test_programs_get_all_sides(circle: Circle) -> None:
    found = run("merge", *_files(circle), "--json").json
    assert (found["conflicts"], found["written"], found["edition"]) == (1, True, 1)
    kari, ola = found["copies"]
    assert (kari["person"], kari["known"], kari["edition"], kari["audience"]) == ("Kari Ås", True, 1, "group")
    (conflict,) = [it for it in kari["findings"] if it["open"]]
    assert {key: conflict[key] for key in ("table", "row", "column", "base", "mine", "theirs")} == {
        "table": "measures",
        "row": "T02",
        "column": "responsible",
        "base": "Ola Øy",
        "mine": "Gro Hagen",
        "theirs": "Kari Ås",
    }
    added = next(it for it in ola["findings"] if it["what"] == "added")
    assert added["theirs"] == {"id": "P04", "proposal": "Pauser"}


def test_exit_codes(circle: Circle) -> None:
    assert run("merge", *_files(circle), "--dry-run").exit == 1
    assert run("merge", *_files(circle), "--take", "mine").exit == 0
    again = run("merge", *_files(circle))
    assert (again.exit, again.out.split("\n")[0]) == (0, "Ingenting nytt å hente i bok.xlsx.")
    assert run("merge", *_files(circle), "--take", "both").exit == 2


def test_a_conflict_that_waits_is_told_each_time(circle: Circle) -> None:
    run("merge", *_files(circle))
    for names in (_files(circle), _files(circle)[:1]):
        again = run("merge", *names)
        assert (again.exit, "1 konflikt venter" in again.out) == (1, True)
    assert run("merge", "bok.xlsx", "--json").json["conflicts"] == 1


@pytest.mark.parametrize(
    ("answers", "responsible"), [("2\n", "Kari Ås"), ("x\n1\n", "Gro Hagen"), ("\n", "Gro Hagen")]
)
def test_it_asks(circle: Circle, monkeypatch: pytest.MonkeyPatch, answers: str, responsible: str) -> None:
    monkeypatch.setattr(sys, "stdin", _Terminal(answers))
    done = run("merge", *_files(circle), "--take", "ask")
    assert circle.row("measures", "T02")["responsible"] == responsible
    assert done.exit == (1 if answers == "\n" else 0)
    assert "vårt: Gro Hagen" in done.out


class _Terminal(io.StringIO):
    """Somebody who answers."""

    def isatty(self) -> bool:
        return True


def test_nobody_is_asked_where_nobody_is(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("2\n"))
    done = run("merge", *_files(circle), "--take", "ask")
    assert (done.exit, "ingen å spørre" in done.err) == (2, True)


def test_the_workbook_as_it_was_is_kept_on_request(circle: Circle) -> None:
    before = circle.master.read_bytes()
    run("merge", *_files(circle), "--backup")
    kept = [path for path in circle.folder.glob("bok (*.xlsx") if path.read_bytes() == before]
    assert len(kept) == 1


@pytest.mark.parametrize(("lang", "words"), [("nn", "1 konflikt ventar"), ("en", "1 conflict waits")])
def test_it_answers_in_other_languages(circle: Circle, lang: str, words: str) -> None:
    assert words in run("merge", *_files(circle), "--lang", lang, "--dry-run").out


def test_nothing_is_written_where_what_is_left_over_cannot_be_put_aside(circle: Circle) -> None:
    (circle.folder / "ut").write_text("en fil")
    before = circle.master.read_bytes()
    assert run("merge", *_files(circle), "--save-out", "ut").exit == 2
    assert circle.master.read_bytes() == before
