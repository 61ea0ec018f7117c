"""A disk, folder or neighbour fails: the file stays whole, and a sentence says what happened."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from hmsbook.opc import save as saving
from tests.cli.run import Ran
from tests.cli.run import run as run_here
from tests.faults import disk
from tests.faults.killing import books
from tests.faults.process import beside, run, start
from tests.faults.rooms import PAGE, become_nobody, full_disk, mounted
from tests.reliability.rows import Row, said, shows

ENGLISH = ("--lang", "en")
FULL, FULL_AFTER_COPY = "the disk is full", "the disk fills up after the copy of `--backup`"
READ_ONLY, READ_ONLY_DISK = "the file is marked read-only", "the disk is read-only"
QUICK, SLOW_ONE = "two updates: the quicker", "two updates: the slower"
LINK, RING, SLOW = "the file is a link", "a link to itself", "a slow disk or network folder"
WINDOWS = "open in Excel on Windows"
DELETED = "it is deleted meanwhile"
LOST = "the disk stops answering"


@pytest.fixture(scope="module")
def versions() -> tuple[bytes, bytes]:
    """The bytes of the workbook before and after its update."""
    with TemporaryDirectory() as made:
        return books(Path(made))[1]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every user reaches."""
    with TemporaryDirectory() as made:
        Path(made).chmod(0o777)
        yield Path(made)


@pytest.fixture
def path(folder: Path, versions: tuple[bytes, bytes]) -> Path:
    made = folder / "bok.xlsx"
    made.write_bytes(versions[0])
    return made


def untouched(ran: Ran, path: Path, content: bytes) -> str:
    """A refusal in one sentence, the file as it was, and nothing beside it; gives the sentence."""
    assert (ran.exit, ran.out) == (2, "")
    sentence = ran.err.removeprefix("Working …\n")
    assert sentence.startswith("Error: ")
    assert sentence.count("\n") == 1
    assert path.name in sentence
    assert path.read_bytes() == content
    assert beside(path) == []
    return said(sentence, path)


@shows("faults", FULL)
@pytest.mark.parametrize("share", [0, 0.5, 1])
@pytest.mark.parametrize("option", [[], ["--backup"]])
def test_a_full_disk(share: float, option: list[str], folder: Path, versions) -> Row:
    old, new = versions
    path = folder / "bok.xlsx"
    with full_disk(folder, len(old), int(share * (len(new) - PAGE))) as prepare:
        path.write_bytes(old)
        ran = run("update", path, *option, *ENGLISH, prepare=prepare)
        return (FULL, "old", str(ran.exit), untouched(ran, path, old))


def test_a_disk_with_just_enough_room(folder: Path, versions) -> None:
    path = folder / "bok.xlsx"
    with full_disk(folder, len(versions[0]), len(versions[1])) as prepare:
        path.write_bytes(versions[0])
        assert run("update", path, prepare=prepare).exit == 0
        assert (path.read_bytes(), beside(path)) == (versions[1], [])


@shows("faults", FULL_AFTER_COPY)
def test_a_disk_that_is_full_between_the_copy_and_the_result(folder: Path, versions) -> Row:
    path = folder / "bok.xlsx"
    with full_disk(folder, 2 * len(versions[0]) + PAGE, len(versions[1]) - 2 * PAGE) as prepare:
        path.write_bytes(versions[0])
        ran = run("update", path, "--backup", *ENGLISH, prepare=prepare)
        return (FULL_AFTER_COPY, "old", str(ran.exit), untouched(ran, path, versions[0]))


FORBIDDEN = {
    "no access to the file": (0o644, 0o777),
    "no access to the folder": (0o666, 0o555),
    "no access to either": (0o444, 0o555),
}


@shows("faults", *FORBIDDEN)
@pytest.mark.parametrize("name", FORBIDDEN)
def test_no_permission(name: str, path: Path, versions) -> Row | list[Row]:
    file_mode, folder_mode = FORBIDDEN[name]
    # Who is not root owns the file, and can only mark it read-only.
    path.chmod(file_mode if os.geteuid() == 0 or folder_mode == 0o555 else 0o444)
    path.parent.chmod(folder_mode)
    try:
        ran = run("update", path, "--backup", *ENGLISH, prepare=become_nobody)
    finally:
        path.parent.chmod(0o777)
    sentence = untouched(ran, path, versions[0])
    assert "You do not have access" in sentence or "read-only" in sentence
    # What the page says was found by root, who alone can give a file to somebody else.
    return (name, "old", str(ran.exit), sentence) if os.geteuid() == 0 else []


@shows("faults", READ_ONLY)
@pytest.mark.parametrize("option", [[], ["--backup"]])
def test_a_read_only_file_is_left_alone_even_by_root(option: list[str], path: Path, versions) -> Row:
    path.chmod(0o444)
    ran = run("update", path, *option, *ENGLISH)
    assert run("check", path).exit == 1
    return (READ_ONLY, "old", str(ran.exit), untouched(ran, path, versions[0]))


@shows("faults", READ_ONLY_DISK)
def test_a_read_only_disk(folder: Path, versions) -> Row:
    path = folder / "bok.xlsx"
    with mounted(folder, "size=4m") as is_mounted:
        path.write_bytes(versions[0])
        if is_mounted:
            subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        else:
            folder.chmod(0o555)
        ran = run("update", path, *ENGLISH)
        sentence = untouched(ran, path, versions[0])
    folder.chmod(0o777)
    return (READ_ONLY_DISK, "old", str(ran.exit), sentence)


def _replaced(path: Path, content: bytes) -> None:
    other = path.with_name("annen")
    other.write_bytes(content)
    other.replace(path)


MEANWHILE = {
    "it is replaced meanwhile": _replaced,
    "it is written meanwhile": Path.write_bytes,
}


@shows("faults", *MEANWHILE)
@pytest.mark.parametrize("stage", [disk.WRITING, disk.FLUSHING])
@pytest.mark.parametrize("how", MEANWHILE)
@pytest.mark.parametrize("option", [[], ["--backup"]])
def test_a_file_that_changes_meanwhile_keeps_the_change(
    stage: int, how: str, option: list[str], path: Path, versions
) -> Row:
    gauge = disk.Gauge()
    child = start("update", path, *option, *ENGLISH, prepare=lambda: disk.slow_down(gauge, 0.05))
    gauge.await_stage(stage)
    theirs = versions[0] + b"theirs"
    MEANWHILE[how](path, theirs)
    ran = child.wait()
    return (how, "theirs", str(ran.exit), untouched(ran, path, theirs))


def test_updates_in_pairs(folder: Path, versions) -> None:
    wrote = []
    for number in range(PAIRS):
        path = folder / f"{number}.xlsx"
        path.write_bytes(versions[0])
        option = ["--backup"] if number % 2 else []
        gauges = [disk.Gauge(), disk.Gauge()]
        pair = [
            start("update", path, *option, prepare=lambda gauge=gauge: disk.slow_down(gauge, 0.002))
            for gauge in gauges
        ]
        ran = [child.wait() for child in pair]
        assert path.read_bytes() == versions[1]
        kept = [name for name in beside(path) if name.startswith(f"{number} (før ")]
        assert [path.with_name(name).read_bytes() for name in kept] == [versions[0]] * bool(option)
        assert sum("Oppdaterte" in one.out for one in ran) == 1
        assert all(one.exit == 0 or "endret av noen andre" in one.err for one in ran)
        wrote.append(sum(one.exit == 2 for one in ran))
    assert list(folder.glob(".*")) == []
    sys.stdout.write(f"{PAIRS} pairs: in {sum(wrote)} of them both had begun before one was done\n")


@shows("faults", QUICK, SLOW_ONE)
def test_two_updates_at_once(path: Path, versions) -> list[Row]:
    gauge, other = disk.Gauge(), disk.Gauge()
    slow = start("update", path, *ENGLISH, prepare=lambda: _wait_with_writing(gauge, other))
    gauge.await_stage(disk.WRITING)
    quick = run("update", path, *ENGLISH)
    other.stage = disk.AFTER
    ran = {QUICK: quick, SLOW_ONE: slow.wait()}
    assert (path.read_bytes(), beside(path)) == (versions[1], [])
    return [(name, "new", str(one.exit), said(one.err, path)) for name, one in ran.items()]


def _wait_with_writing(gauge: disk.Gauge, other: disk.Gauge) -> None:
    """Open the temporary file, and write nothing to it before another update is done."""
    disk.slow_open(gauge)
    real = os.write

    def write(handle: int, data: bytes) -> int:
        other.await_stage(disk.AFTER)
        return real(handle, data)

    os.write = write


@shows("faults", LINK)
@pytest.mark.parametrize("to", ["ekte/bok.xlsx", "lenke2.xlsx"])
def test_a_link_stays_a_link(to: str, folder: Path, versions) -> Row:
    real, link = folder / "ekte" / "bok.xlsx", folder / "lenke.xlsx"
    real.parent.mkdir()
    real.write_bytes(versions[0])
    (folder / "lenke2.xlsx").symlink_to(real)
    link.symlink_to(to)
    ran = run("update", link, "--backup")
    assert ran.exit == 0
    assert str(link.readlink()) == to
    assert real.read_bytes() == versions[1]
    (kept,) = beside(real)
    assert str(real.with_name(kept)) in ran.out
    assert sorted(entry.name for entry in folder.iterdir()) == ["ekte", "lenke.xlsx", "lenke2.xlsx"]
    return (LINK, "new, behind the link", str(ran.exit), "")


@pytest.mark.parametrize("note", ["~$lenke.xlsx", "ekte/~$bok.xlsx", "ekte/.~lock.bok.xlsx#"])
def test_a_note_beside_the_link_or_the_file_says_who_has_it_open(note: str, folder: Path, versions) -> None:
    real, link = folder / "ekte" / "bok.xlsx", folder / "lenke.xlsx"
    real.parent.mkdir()
    real.write_bytes(versions[0])
    link.symlink_to(real)
    (folder / note).write_bytes(b"\x04Kari" if "~$" in note else b"Kari,k,pc,,;")
    ran = run("update", link, "--backup")
    assert ran.exit == 2
    assert "Kari har " in ran.err
    assert Path(note).name in ran.err
    assert real.read_bytes() == versions[0]


@shows("faults", RING)
def test_a_link_that_goes_in_a_ring_is_no_surprise(folder: Path) -> Row:
    link = folder / "bok.xlsx"
    link.symlink_to(link.name)
    ran = run("update", link, *ENGLISH)
    assert (ran.exit, ran.err.startswith("Error: ")) == (2, True)
    assert link.is_symlink()
    return (RING, "none", str(ran.exit), said(ran.err, link))


@shows("faults", SLOW)
def test_a_slow_disk_shows_the_old_file_until_the_new_one_is_whole(path: Path, versions) -> Row:
    gauge = disk.Gauge()
    child = start("update", path, *ENGLISH, prepare=lambda: disk.slow_down(gauge, 0.1))
    seen = set()
    while gauge.stage < disk.MOVED:
        seen.add(path.read_bytes())
        time.sleep(0.01)
    ran = child.wait()
    assert seen == {versions[0]} or seen == set(versions)
    assert (ran.exit, path.read_bytes(), beside(path)) == (0, versions[1], [])
    return (SLOW, "old until the new one is whole", str(ran.exit), ran.err.strip())


VANISHES = {
    "the folder vanishes before the save": disk.OPENING,
    "the folder vanishes during the save": disk.WRITING,
}


@shows("faults", *VANISHES)
@pytest.mark.parametrize("name", VANISHES)
def test_a_folder_that_vanishes(name: str, folder: Path, versions) -> Row:
    stage = VANISHES[name]
    place = folder / "avdeling"
    place.mkdir()
    path = place / "bok.xlsx"
    path.write_bytes(versions[0])
    away = folder / "flyttet"
    gauge = disk.Gauge()

    def vanish_first() -> None:
        real = os.open

        def opened(name, flags, *rest, **more) -> int:
            if disk.is_temporary(name) and place.exists():
                place.rename(away)
            return real(name, flags, *rest, **more)

        os.open = opened

    child = start(
        "update",
        path,
        *ENGLISH,
        prepare=vanish_first if stage == disk.OPENING else lambda: disk.slow_down(gauge, 0.05),
    )
    if stage == disk.WRITING:
        gauge.await_stage(stage)
        place.rename(away)
    ran = child.wait()
    assert ran.exit == 2
    assert not place.exists()
    assert (away / "bok.xlsx").read_bytes() == versions[0]
    # What was being written when the folder went away waits there for the next update.
    assert run("update", away / "bok.xlsx").exit == 0
    assert beside(away / "bok.xlsx") == []
    return (name, "old", str(ran.exit), said(ran.err, path).replace(str(place), "…"))


def _failing(call: str, number: int) -> Callable[[], None]:
    def fail(*_: object, **__: object) -> int:
        raise OSError(number, os.strerror(number))

    return lambda: setattr(os, call, fail)


@shows("faults", LOST)
@pytest.mark.parametrize("number", [errno.EIO, errno.ESTALE])
@pytest.mark.parametrize("call", ["write", "fsync", "replace"])
@pytest.mark.parametrize("option", [[], ["--backup"]])
def test_a_disk_that_does_not_answer(call: str, number: int, option, path: Path, versions) -> Row:
    ran = run("update", path, *option, *ENGLISH, prepare=_failing(call, number))
    return (LOST, "old", str(ran.exit), untouched(ran, path, versions[0]))


class Windows:
    """`os.replace` as Windows answers while Excel has the file open."""

    def __init__(self, winerror: int, target: Path) -> None:
        self._real, self._winerror, self._target = os.replace, winerror, target

    def __call__(self, source: Path, target: Path) -> None:
        """Refuse the file that is open, and move any other."""
        if Path(target) == self._target:
            error = PermissionError(errno.EACCES, "in use")
            error.winerror = self._winerror
            raise error
        self._real(source, target)


@shows("faults", WINDOWS)
@pytest.mark.parametrize("winerror", [5, 32, 33])
@pytest.mark.parametrize("links", [True, False])
def test_open_in_excel_on_windows(winerror: int, links: bool, path: Path, versions, monkeypatch) -> Row:
    monkeypatch.setattr(saving, "_RETRY_SECONDS", 0.01)
    monkeypatch.setattr(saving, "_RETRY_PAUSE", 0.001)
    monkeypatch.setattr(os, "replace", Windows(winerror, path))
    if not links:
        monkeypatch.setattr(os, "link", _failing_link)
    theirs = path.with_name("bok (hmsbook).xlsx")
    theirs.write_bytes(b"theirs")
    ran = run_here("update", path, *ENGLISH)
    made = path.with_name("bok (hmsbook 2).xlsx")
    assert ran.exit == 0
    (sentence,) = [line for line in ran.out.splitlines() if str(made) in line]
    assert (path.read_bytes(), made.read_bytes(), theirs.read_bytes()) == (*versions, b"theirs")
    again = run_here("update", path, "--json", "--backup").json
    assert again["beside"] == str(path.with_name("bok (hmsbook 3).xlsx"))
    assert Path(again["backup"]).read_bytes() == versions[0]
    assert [name for name in beside(path) if name.endswith(".tmp")] == []
    return (WINDOWS, "old", str(ran.exit), said(sentence.replace(str(made), "… (hmsbook 2).xlsx"), path))


def _failing_link(*_: object, **__: object) -> None:
    raise OSError(errno.EPERM, "no second names here")


@shows("faults", DELETED)
def test_a_file_that_is_deleted_meanwhile_stays_away(path: Path) -> Row:
    gauge = disk.Gauge()
    child = start("update", path, *ENGLISH, prepare=lambda: disk.slow_down(gauge, 0.05))
    gauge.await_stage(disk.WRITING)
    path.unlink()
    ran = child.wait()
    assert list(path.parent.iterdir()) == []
    return (DELETED, "gone", str(ran.exit), said(ran.err, path))


# A pair takes more than a second; those that meet by chance add little to the pair that is made to meet.
PAIRS = 8


def test_an_update_with_nothing_to_write_sweeps_as_well(path: Path, versions) -> None:
    gauge = disk.Gauge()
    child = start("update", path, prepare=lambda: disk.slow_down(gauge, 0.05))
    gauge.await_stage(disk.WRITING)
    child.kill()
    assert len(beside(path)) == 1
    path.write_bytes(versions[1])
    ran = run("update", path)
    assert "var oppdatert fra før" in ran.out
    assert beside(path) == []


def test_a_folder_that_is_gone_is_not_made_again(folder: Path, path: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()
    assert run("update", path).exit == 2
    assert list(folder.iterdir()) == []
