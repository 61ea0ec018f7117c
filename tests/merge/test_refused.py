"""What nothing can be taken from is refused by itself, with a clear word, and the other files go on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hmsbook.actions.merge import merge
from hmsbook.errors import PackageError, UsageError
from tests.cli.run import run
from tests.hosts.books import TODAY, book, put, region_spot
from tests.merge.real import ME, Circle, told


@pytest.fixture
def circle(tmp_path: Path) -> Circle:
    found = Circle(tmp_path)
    found.send("Kari Ås")
    return found


def _why(circle: Circle, path: Path) -> str:
    """Why a file is refused, while another is merged all the same."""
    circle.type("""
        | who     | table    | row | column | typed       |
        | Kari Ås | measures | T01 | status | Gjennomført |
    """)
    found = merge(circle.master, [path, circle.path("Kari Ås")], today=TODAY)
    assert told(found.findings) == [("change", "measures", "T01", "status")]
    (refused,) = found.refused
    assert refused.path == path
    return refused.error.key


def test_the_workbook_itself(circle: Circle) -> None:
    assert _why(circle, circle.master) == "not_a_copy"


def test_a_plain_copy_of_the_workbook(circle: Circle) -> None:
    path = circle.folder / "kopi.xlsx"
    shutil.copy(circle.master, path)
    assert _why(circle, path) == "not_a_copy"


def test_a_copy_of_another_workbook(circle: Circle, tmp_path: Path) -> None:
    other = Circle(_folder(tmp_path / "other"))
    put(other.master, {region_spot(other.master, "manifest", 4, 1): "another"})
    other.send("Ola Øy")
    assert _why(circle, other.path("Ola Øy")) == "other_workbook"


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


@pytest.mark.parametrize("audience", ["everyone", "leader"])
def test_a_copy_to_read(circle: Circle, audience: str) -> None:
    circle.send("Ola Øy", audience=audience)
    assert _why(circle, circle.path("Ola Øy")) == "copy_to_read"


def test_an_edition_that_the_workbook_does_not_know(circle: Circle) -> None:
    before = circle.master.read_bytes()
    circle.send("Ola Øy")
    circle.master.write_bytes(before)
    assert _why(circle, circle.path("Ola Øy")) == "newer_edition"


def test_a_copy_whose_rows_as_sent_are_damaged(circle: Circle) -> None:
    circle.send("Ola Øy")
    put(circle.path("Ola Øy"), {("_hms_base", "A2"): "0001|{}|"})
    assert _why(circle, circle.path("Ola Øy")) == "base_damaged"


@pytest.mark.parametrize("content", [b"", b"hei", b"PK\x03\x04"])
def test_what_is_no_workbook(circle: Circle, content: bytes) -> None:
    path = circle.folder / "svar.xlsx"
    path.write_bytes(content)
    assert _why(circle, path)


def test_what_is_not_there(circle: Circle) -> None:
    assert _why(circle, circle.folder / "borte.xlsx")


def test_nothing_is_merged_into_a_copy(circle: Circle) -> None:
    with pytest.raises(PackageError, match="is_copy"):
        merge(circle.path("Kari Ås"), [circle.master], today=TODAY)


def test_nobody_knows_how_to_take_both(circle: Circle) -> None:
    with pytest.raises(UsageError, match="bad_take"):
        circle.fetch("Kari Ås", take="both")


def test_a_workbook_that_was_never_updated_has_sent_nothing(circle: Circle) -> None:
    fresh = book(circle.folder / "ny.xlsx", updated=False)
    (refused,) = merge(fresh, [circle.path("Kari Ås")], today=TODAY).refused
    assert refused.error.key == "other_workbook"


def test_each_refusal_is_a_sentence_and_an_exit_code(circle: Circle) -> None:
    done = run("merge", circle.path(ME), circle.path(ME), "--json")
    assert done.exit == 1
    assert done.json["refused"][0]["key"] == "not_a_copy"
    assert "hmsbook copy" in done.json["refused"][0]["text"]
    assert not done.json["written"]
