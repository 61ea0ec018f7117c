"""`hmsbook copy`: which files it writes, what the workbook notes, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hmsbook.actions.reading import open_book
from hmsbook.actions.safe_copy import CopyAsked, copy_book, prepare_copies
from hmsbook.actions.update import update
from hmsbook.cli.main import main
from hmsbook.merge.base import read_base
from tests.copies.master import MEMBER, OTHER, master
from tests.hosts.books import TODAY

pytestmark = pytest.mark.usefixtures("_today")


@pytest.fixture
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HMSBOOK_TODAY", TODAY.isoformat())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return master(tmp_path / "Lag Ø.xlsx")


def _log(path: Path) -> list[str]:
    return [str(row[2].value) for row in open_book(path).raw.regions["log"] if row[2].value]


def test_a_copy_stands_beside_the_workbook_which_notes_its_edition(path: Path) -> None:
    assert main(["copy", str(path)]) == 0
    copy = open_book(path.with_name("Lag Ø – utgave 1.xlsx")).book.manifest
    noted = open_book(path).book.manifest
    assert (copy.values["copy"], copy.edition, noted.edition) == ("group", 1, 1)
    assert copy.workbook_id == noted.workbook_id != ""
    assert "Utgave 1: kopi laget til arbeidsgruppa. Ikke med: 2 tiltak, 1 utfordring" in "\n".join(_log(path))


def test_each_time_the_edition_is_the_next(path: Path) -> None:
    for _ in range(2):
        main(["copy", str(path), "--for", "leader"])
    assert open_book(path.with_name("Lag Ø – utgave 2.xlsx")).book.manifest.edition == 2


def test_for_scores_each_who_receives_mail_gets_one(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["copy", str(path), "--for", "score", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)["copies"]
    assert [it["member"] for it in made] == [MEMBER, OTHER]
    assert [open_book(it["file"]).book.manifest.values["copy_for"] for it in made] == [MEMBER, OTHER]
    assert {it["edition"] for it in made} == {1}


def test_json_says_what_was_left_out_and_where_it_stands(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["copy", str(path), "--dry-run", "--json"])
    left_out = json.loads(capsys.readouterr().out)["copies"][0]["left_out"]
    assert left_out[0] == {
        "what": "measure",
        "why": "sensitive",
        "count": 2,
        "text": "Sensitivt",
        "places": ["Tiltak!B6", "Tiltak!B8"],
    }


def test_a_dry_run_writes_nothing(path: Path) -> None:
    before = path.read_bytes()
    assert main(["copy", str(path), "--dry-run"]) == 0
    assert (path.read_bytes() == before, list(path.parent.iterdir())) == (True, [path])


def test_the_rows_as_sent_go_along_without_what_is_masked(path: Path) -> None:
    copied = copy_book(path, CopyAsked(), today=TODAY).copies[0]
    sent = open_book(path.with_name(copied.name))
    base = read_base([str(row[0].value) for row in sent.host.region("base")])
    assert base.masked == frozenset(sent.book.masked)
    assert [row.get("id") for row in base.rows["measures"] if row.get("measure")] == ["T01", "T03"]


def test_new_rows_in_a_copy_are_numbered_after_those_of_the_workbook(path: Path) -> None:
    copy_book(path, CopyAsked(), today=TODAY)
    sent = path.with_name("Lag Ø – utgave 1.xlsx")
    update(sent, today=TODAY)
    drawn = open_book(sent).book.drawn_rows["measures"]
    assert [row.get("id") for row in drawn][:4] == ["T01", "T03", "T05", "T06"]
    counters = str(open_book(sent).book.manifest.values["counters"])
    assert "measures=60" in counters


def _refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["copy", *arguments, "--json"]) == 2
    key = json.loads(capsys.readouterr().out)["error"]["key"]
    assert isinstance(key, str)
    return key


def test_what_makes_no_sense_is_refused_and_nothing_is_written(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, other = path.read_bytes(), path.with_name("finnes.xlsx")
    other.write_bytes(b"")
    book = str(path)
    assert _refused(capsys, book, "--for", "alle") == "unknown_audience"
    assert _refused(capsys, book, "--for", "score", "--member", "Per") == "unknown_member"
    assert _refused(capsys, book, "--with-sheet", "Borte") == "unknown_own_sheet"
    assert _refused(capsys, book, "--with-column", "Borte") == "unknown_own_column"
    assert _refused(capsys, book, "--out", str(other)) == "exists"
    assert _refused(capsys, book, "--out", book, "--force") == "copy_over_book"
    assert _refused(capsys, book, "--for", "score", "--out", str(other)) == "copies_need_folder"
    assert _refused(capsys, book, "--out", str(path.with_name("borte"))) == "folder_missing"
    assert (path.read_bytes() == before, other.read_bytes()) == (True, b"")


def test_a_copy_of_a_copy_is_refused(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["copy", str(path)])
    capsys.readouterr()
    assert _refused(capsys, str(path.with_name("Lag Ø – utgave 1.xlsx"))) == "is_copy"


def test_all_copies_made_together_are_of_one_edition(path: Path) -> None:
    asked = [CopyAsked(), CopyAsked("leader")]
    made = prepare_copies(open_book(path), asked, today=TODAY, extra_lines=("Sendt til gruppa",))
    assert [copied.edition for copied in made.copies] == [1, 1]
    assert made.planned.fill is not None
    lines = [row[2] for row in made.planned.fill.regions["log"] if row]
    assert "Sendt til gruppa" in lines
    assert open_book(path).book.manifest.edition == 0


def test_the_same_workbook_gives_the_same_copy(path: Path) -> None:
    data = [prepare_copies(open_book(path), [CopyAsked()], today=TODAY).copies[0].data for _ in range(2)]
    assert data[0] == data[1]
