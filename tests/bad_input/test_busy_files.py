"""Files that cannot be written now: open elsewhere, read-only, no room; the old one stays, and is named."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from hmsbook.errors import SaveError
from tests.cli.run import run
from tests.hosts.books import book, type_in
from tests.reliability.rows import Row, said, shows

EXCEL, LIBREOFFICE = "~$bok.xlsx", ".~lock.bok.xlsx#"
# Root may do everything, so the capabilities to pass over permissions are laid down first.
AS_ANYBODY = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []


def _excel_note(name: str) -> bytes:
    """The note that Excel leaves: the name in the writer's code page, then in UTF-16, 165 bytes in all."""
    narrow = bytes([len(name)]) + name.encode("latin-1").ljust(54)
    return (narrow + bytes([len(name), 0]) + name.encode("utf-16-le")).ljust(165, b"\0")


NOTES = {
    EXCEL: _excel_note("Kari Ås"),
    LIBREOFFICE: "Kari Ås,kari,pc12,16.11.2026 09:00,file:///home/kari;".encode(),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = book(tmp_path / "bok.xlsx")
    type_in(made, ("values", "I01", 21, 5.5))
    return made


OPEN = {"open in Excel elsewhere": EXCEL, "open in LibreOffice": LIBREOFFICE}


@shows("faults", *OPEN)
@pytest.mark.parametrize("name", OPEN)
def test_a_file_somebody_has_open_is_read_and_not_written(name: str, path: Path) -> Row:
    note = OPEN[name]
    beside = path.with_name(note)
    beside.write_bytes(NOTES[note])
    before = path.read_bytes()
    ran = run("update", path)
    assert (ran.exit, ran.out) == (2, "")
    assert ran.err.startswith("Feil: Kari Ås har ")
    assert note in ran.err
    assert path.read_bytes() == before
    assert sorted(entry.name for entry in path.parent.iterdir()) == sorted([path.name, note])
    assert run("update", path, "--json").json["error"]["key"] == "open_elsewhere"
    in_english = run("update", path, "--lang", "en")
    assert run("update", path, "--dry-run").exit == 0
    assert run("check", path).exit == 1
    assert run("export", path, "--table", "group").exit == 0
    assert path.read_bytes() == before
    beside.unlink()
    assert run("update", path).exit == 0
    return (name, "old", str(in_english.exit), said(in_english.err.replace(note, "its note"), path))


@pytest.mark.parametrize(("lang", "says"), [("nb", "Noen har"), ("en", "Someone has")])
def test_a_note_without_a_name_says_somebody_in_the_books_language(
    lang: str, says: str, tmp_path: Path
) -> None:
    path = book(tmp_path / "bok.xlsx", lang, updated=False)
    path.with_name(EXCEL).write_bytes(b"")
    assert says in run("update", path).err


def test_an_open_file_that_needs_no_update_is_no_problem(tmp_path: Path) -> None:
    path = book(tmp_path / "bok.xlsx")
    path.with_name(EXCEL).write_bytes(NOTES[EXCEL])
    assert run("update", path).exit == 0


def test_a_note_of_more_than_a_day_is_taken_for_forgotten(path: Path) -> None:
    note = path.with_name(EXCEL)
    note.write_bytes(NOTES[EXCEL])
    old = time.time() - 25 * 3600
    os.utime(note, (old, old))
    ran = run("update", path)
    assert ran.exit == 0
    assert f"{EXCEL} er over et døgn gammel" in ran.out
    assert note.exists()


def _child(arguments: Sequence[str | Path], *, limit: Callable[[], None] | None = None) -> tuple[int, str]:
    command = [*AS_ANYBODY, sys.executable, "-m", "hmsbook", *map(str, arguments)]
    environment = os.environ | {
        "PYTHONPATH": "src",
        "HMSBOOK_TODAY": "2026-11-16",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        env=environment,
        cwd=Path(__file__).parents[2],
        preexec_fn=limit,
        check=False,
    )
    return done.returncode, done.stderr


def test_a_read_only_folder_leaves_the_file_as_it_was(path: Path) -> None:
    before = path.read_bytes()
    path.parent.chmod(0o555)
    try:
        code, said = _child(["update", path])
        made, why = _child(["new", path.with_name("ny.xlsx")])
    finally:
        path.parent.chmod(0o755)
    assert code == made == 2
    assert "Du har ikke tilgang" in said
    assert "Du har ikke tilgang" in why
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_file_one_may_not_read_is_named(path: Path) -> None:
    path.chmod(0o000)
    code, said = _child(["check", path])
    assert (code, "Du har ikke tilgang" in said) == (2, True)


def test_a_full_disk_leaves_the_file_as_it_was(path: Path) -> None:
    before = path.read_bytes()
    room = 100_000
    code, said = _child(
        ["update", path], limit=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    )
    assert code == 2
    assert "Disken er full" in said
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_places_that_cannot_be_are_named(path: Path, tmp_path: Path) -> None:
    for command in (["new", path / "ny.xlsx"], ["new", tmp_path / "finnes ikke" / "ny.xlsx"]):
        ran = run(*command)
        assert (ran.exit, "finnes ikke" in ran.err) == (2, True)
    assert run("new", path).exit == 2
    ran = run("export", path, "--out", tmp_path / "borte" / "ut.json")
    assert (ran.exit, "finnes ikke" in ran.err) == (2, True)
    assert run("export", path, "--format", "csv", "--out", path).exit == 2


def test_a_file_that_another_changed_meanwhile_is_left_alone(path: Path) -> None:
    from hmsbook.hosts.file import FileHost

    host = FileHost(path)
    type_in(path, ("values", "I01", 20, 9.9))
    theirs = path.read_bytes()
    with pytest.raises(SaveError, match="changed_meanwhile"):
        host.save(b"ours")
    assert path.read_bytes() == theirs
