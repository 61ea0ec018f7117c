"""A new year's workbook goes on with what is open, and says what it leaves behind."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from hmsbook.actions.create import new
from hmsbook.actions.reading import open_book
from hmsbook.actions.update import update
from hmsbook.errors import PackageError, UsageError
from hmsbook.texts.words import words
from tests.cli.run import run
from tests.hosts.books import TODAY, book, type_in
from tests.hosts.by_hand import add_own
from tests.support.ooxml import lint, sdk_errors
from tests.upgrade.support import add_column, rows

CARRIED = ("group", "challenges", "indicators", "recalculations", "values", "why", "basis", "events")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = book(tmp_path / "2026.xlsx")
    type_in(
        path,
        ("measures", "status", 1, "Lukket"),
        ("measures", "measure", 2, "Ny rutine"),
        ("measures", "status", 2, "Gjennomført"),
        ("meetings", "date", 0, 46000),
        ("meetings", "place", 1, "Brakka"),
        ("process", "status", 0, "Ferdig"),
        ("values", "I02", 5, "om lag 4"),
        ("received", "what", 0, "Kommentar"),
    )
    add_column(path, "measures", "Merknad", ["Haster", "Ferdig", "Seint"])
    return path


def test_open_work_goes_on(old: Path, tmp_path: Path) -> None:
    before, kept = rows(old), old.read_bytes()
    made = new(tmp_path / "2027.xlsx", after=old, today=TODAY)
    after = rows(made.path)
    assert {key: after[key] for key in CARRIED} == {key: before[key] for key in CARRIED}
    assert [row["id"] for row in after["measures"]] == ["T01", "T03"]
    assert [row["extra"] for row in after["measures"]] == [{"Merknad": "Haster"}, {"Merknad": "Seint"}]
    assert [row["id"] for row in after["proposals"]] == ["P01"]
    assert [row["id"] for row in after["meetings"]] == ["M02"]
    assert (after["votes"], after["received"]) == ([], [])
    assert {row["status"] for row in after["process"]} == {"not_started"}
    assert after["unit"] == [{**before["unit"][0], "first_month": "2027-01"}]
    assert dict(made.left_out) == {
        "measures": 1,
        "proposals": 1,
        "meetings": 1,
        "votes": 2,
        "received": 1,
    }
    assert old.read_bytes() == kept
    assert (lint(made.path), sdk_errors(made.path)) == ([], [])


def test_ids_go_on_and_the_workbook_is_another(old: Path, tmp_path: Path) -> None:
    path = new(tmp_path / "2027.xlsx", after=old, today=TODAY).path
    now, then = open_book(path).book, open_book(old).book
    ids = {row.get("id") for row in now.drawn_rows["measures"]}
    assert "T02" not in ids
    assert "T61" in ids
    assert now.manifest.values["counters"]
    assert "pinned_today" not in {key for key, value in now.manifest.values.items() if value}
    update(path, today=date(2027, 1, 10))
    assert open_book(path).book.manifest.workbook_id not in ("", then.manifest.workbook_id)
    assert not update(path, today=date(2027, 1, 10)).written


def test_what_is_stated_goes_first(old: Path, tmp_path: Path) -> None:
    path = tmp_path / "2027.xlsx"
    new(
        path,
        after=old,
        lang="en",
        method="apu",
        first_month=date(2027, 3, 1),
        unit="Lag Å",
        slots=30,
        today=TODAY,
    )
    found = open_book(path).book
    assert (found.language, found.method, found.manifest.slots) == ("en", "apu", 30)
    assert (found.unit.unit, found.unit.first_month) == ("Lag Å", date(2027, 3, 1))
    assert len(found.steps) == 5


def test_what_cannot_be_carried_is_told(old: Path, tmp_path: Path) -> None:
    add_own(old, "Tiltak", "Trender")
    told = run("new", tmp_path / "2027.xlsx", "--from", old)
    assert (told.exit, told.err.replace("Arbeider …\n", "")) == (0, "")
    assert "Tiltak: 1 rad\n" in told.out
    assert "Tiltak: 1 kommentar\n" in told.out
    found = run("new", tmp_path / "json.xlsx", "--from", old, "--json").json
    assert {it["case"] for it in found["left"]} == {"comment", "drawing"}
    assert found["left_out"]["votes"] == 2


@pytest.mark.parametrize("start", ["2026-13", "26-01", "fjoråret", "mappe", "2026-01-01"])
def test_from_is_a_month_or_a_workbook(tmp_path: Path, start: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mappe").mkdir()
    told = run("new", "ny.xlsx", "--from", start, "--lang", "en")
    assert (told.exit, told.out) == (2, "")
    assert told.err == f"Error: {words('en').text('errors.bad_start', found=start)}\n"
    assert not Path("ny.xlsx").exists()


@pytest.mark.parametrize("start", ["borte.xlsx", "2026-01.xlsx"])
def test_a_workbook_that_is_not_there_is_told(tmp_path: Path, start: str) -> None:
    told = run("new", tmp_path / "ny.xlsx", "--from", start, "--json")
    assert (told.exit, told.json["error"]["key"]) == (2, "file_missing")


def test_from_a_month(tmp_path: Path) -> None:
    assert run("new", tmp_path / "ny.xlsx", "--from", "2027-03").exit == 0
    assert open_book(tmp_path / "ny.xlsx").book.unit.first_month == date(2027, 3, 1)


def test_it_is_refused(old: Path, tmp_path: Path) -> None:
    data = tmp_path / "data.json"
    data.write_text(json.dumps({}))
    before = old.read_bytes()
    with pytest.raises(UsageError, match="after_alone"):
        new(tmp_path / "ny.xlsx", after=old, data=data)
    with pytest.raises(UsageError, match="too_few_slots"):
        new(tmp_path / "ny.xlsx", after=old, slots=1)
    with pytest.raises(UsageError, match="out_exists"):
        new(old, after=old, force=True)
    with pytest.raises(PackageError, match="file_missing"):
        new(tmp_path / "ny.xlsx", after=tmp_path / "finnes ikke.xlsx")
    assert old.read_bytes() == before
    assert not (tmp_path / "ny.xlsx").exists()
