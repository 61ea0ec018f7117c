"""Export: typed, with ids that stay, and good enough to make the same workbook of."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from hmsbook.actions.create import new
from hmsbook.opc.cells import Formula
from tests.cli.run import run
from tests.hosts.books import DATA, SLOTS, TODAY, book, put, spot, table, type_in
from tests.support.package import Package


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return book(tmp_path / "bok.xlsx")


def test_a_workbook_made_of_an_export_exports_the_same(path: Path, tmp_path: Path) -> None:
    out, again = tmp_path / "ut.json", tmp_path / "ny.xlsx"
    assert run("export", path, "--out", out).out == f"Skrev {out}.\n"
    new(again, data=out, slots=SLOTS, today=TODAY)
    assert run("export", again).out == out.read_text(encoding="utf-8")


def test_json_carries_types_and_keys_of_the_standard(path: Path) -> None:
    data = run("export", path).json
    for key in ("group", "challenges", "proposals", "votes", "measures", "meetings", "events", "why"):
        assert data[key] == DATA[key], key
    assert data["values"][20] == DATA["values"][20]
    assert data["measures"][0]["sensitive"] is False
    assert data["unit"][0]["first_month"] == "2025-01"
    assert run("export", path, "--table", "votes").json == {"votes": DATA["votes"]}


def test_ids_stay_with_their_rows(path: Path) -> None:
    type_in(path, ("measures", "measure", 9, "Ny"), ("measures", "id", 0, "t77"))
    ids = [row.get("id") for row in run("export", path, "--table", "measures").json["measures"]]
    assert ids == ["T77", "T02", "T10"]


def test_own_columns_come_along(path: Path) -> None:
    sheet, cell = spot(path, "measures", "responsible", -1)
    part = table(path, "measures").part
    xml = Package(path).parts[part].replace(b'name="Ansvarlig"', b'name="=Eget"')
    from tests.hosts.books import replace_parts

    replace_parts(path, {part: xml})
    put(path, {(sheet, cell): "=Eget"})
    assert run("export", path).json["measures"][0]["extra"] == {"=Eget": "Kari Ås"}
    header = run("export", path, "--table", "measures", "--format", "csv").out.splitlines()[0]
    assert header.endswith(",'=Eget")


@pytest.mark.parametrize("text", ["=1+1", "+47 99", "-5 grader", "@Kari", "\tinnrykk"])
def test_csv_puts_an_apostrophe_before_what_looks_like_a_formula(text: str, path: Path) -> None:
    put(path, {spot(path, "measures", "achieve"): Formula("", text)})
    exported = run("export", path, "--table", "measures", "--format", "csv").out
    (row, _) = csv.DictReader(exported.splitlines())
    assert row["achieve"] in (f"'{text}", text.strip())
    assert run("export", path).json["measures"][0]["achieve"] == text.strip()


def test_csv_is_one_file_a_table_with_plain_values(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "ut"
    assert run("export", path, "--format", "csv", "--out", folder).exit == 0
    with (folder / "measures.csv").open(encoding="utf-8", newline="") as file:
        first = next(csv.DictReader(file))
    assert (first["deadline"], first["sensitive"], first["sources"]) == (
        "2026-12-01",
        "false",
        "dialogue, survey",
    )
    assert (folder / "values.csv").read_text(encoding="utf-8").splitlines()[:2] == [
        "month,I01,I02,I03",
        "2025-01,6.4,3,",
    ]
    assert {file.stem for file in folder.iterdir()} == set(run("export", path).json)


def test_csv_in_json_holds_the_files(path: Path) -> None:
    files = run("export", path, "--table", "events", "--format", "csv", "--json").json["files"]
    assert files == {"events.csv": "month,text,indicators\n2025-06,Ny formann,\n"}


def test_what_cannot_be_read_is_left_out_and_nothing_else(path: Path) -> None:
    type_in(path, ("values", "I01", 3, "mye"))
    found = run("export", path).json["values"]
    assert "I01" not in found[3]
    assert found[4] == DATA["values"][4]


def test_an_export_is_written_whole_or_not_at_all(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "ut.json"
    out.write_text("gammelt")
    assert run("export", path, "--out", out, "--force").exit == 0
    assert json.loads(out.read_text(encoding="utf-8"))["unit"]
    assert [entry.name for entry in tmp_path.iterdir() if "hmsbook" in entry.name] == []


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_a_file_that_somebody_has_worked_in_stays(kind: str, path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "ut"
    folder.mkdir()
    out = folder if kind == "csv" else folder / "ut.json"
    command = ("export", path, "--format", kind, "--out", out)
    assert [run(*command).exit for _ in range(2)] == [0, 0]
    (edited, *others) = sorted(folder.iterdir(), reverse=True)
    edited.write_text("Vårt eget\n", encoding="utf-8")
    for other in others:
        other.unlink()
    said = run(*command)
    assert (said.exit, said.out) == (2, "")
    assert f"{edited} finnes fra før" in said.err
    assert "--force" in said.err
    assert [file.name for file in folder.iterdir()] == [edited.name], "nothing is written beside it"
    assert edited.read_text(encoding="utf-8") == "Vårt eget\n"
    assert run(*command, "--force").exit == 0
    assert edited.read_text(encoding="utf-8") != "Vårt eget\n"


def test_no_force_lets_an_export_replace_the_workbook(path: Path) -> None:
    before = path.read_bytes()
    assert run("export", path, "--out", path, "--force").exit == 2
    assert path.read_bytes() == before
