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


def untouched(ran: Ran, path: Path, content: bytes, says: str) -> None:
    """A refusal in one sentence, the file as it was, and nothing beside it."""
    assert (ran.exit, ran.out) == (2, "")
    said = ran.err.removeprefix("Arbeider …\n")
    assert said.startswith("Feil: ")
    assert said.count("\n") == 1
    assert says in said
    assert path.name in said
    assert path.read_bytes() == content
    assert beside(path) == []


@pytest.mark.parametrize("share", [0, 0.5, 1])
@pytest.mark.parametrize("option", [[], ["--backup"]])
def test_a_full_disk(share: float, option: list[str], folder: Path, versions) -> None:
    old, new = versions
    path = folder / "bok.xlsx"
    with full_disk(folder, len(old), int(share * (len(new) - PAGE))) as prepare:
        path.write_bytes(old)
        untouched(run("update", path, *option, prepare=prepare), path, old, "Disken er full")


def test_a_disk_with_just_enough_room(folder: Path, versions) -> None:
    path = folder / "bok.xlsx"
    with full_disk(folder, len(versions[0]), len(versions[1])) as prepare:
        path.write_bytes(versions[0])
        assert run("update", path, prepare=prepare).exit == 0
        assert (path.read_bytes(), beside(path)) == (versions[1], [])


def test_a_disk_that_is_full_between_the_copy_and_the_result(folder: Path, versions) -> None:
    path = folder / "bok.xlsx"
    with full_disk(folder, 2 * len(versions[0]) + PAGE, len(versions[1]) - 2 * PAGE) as prepare:
        path.write_bytes(versions[0])
        ran = run("update", path, "--backup", prepare=prepare)
        untouched(ran, path, versions[0], "Disken er full")


FORBIDDEN = {
    "a file somebody else owns": (0o644, 0o777),
    "a folder one may only read": (0o666, 0o555),
    "a file and a folder one may only read": (0o444, 0o555),
}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_no_permission(name: str, path: Path, versions) -> None:
    file_mode, folder_mode = FORBIDDEN[name]
    # Who is not root owns the file, and can only mark it read-only.
    path.chmod(file_mode if os.geteuid() == 0 or folder_mode == 0o555 else 0o444)
    path.parent.chmod(folder_mode)
    try:
        ran = run("update", path, "--backup", prepare=become_nobody)
    finally:
        path.parent.chmod(0o777)
    assert "Du har ikke tilgang" in ran.err or "skrivebeskyttet" in ran.err
    untouched(ran, path, versions[0], "Filen er som før.")


@pytest.mark.parametrize("option", [[], ["--backup"]])
def test_a_read_only_file_is_left_alone_even_by_root(option: list[str], path: Path, versions) -> None:
    path.chmod(0o444)
    untouched(run("update", path, *option), path, versions[0], "skrivebeskyttet")
    assert run("check", path).exit == 1


def test_a_read_only_disk(folder: Path, versions) -> None:
    path = folder / "bok.xlsx"
    with mounted(folder, "size=4m") as is_mounted:
        path.write_bytes(versions[0])
        if is_mounted:
            subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        else:
            folder.chmod(0o555)
        untouched(run("update", path), path, versions[0], "Du har ikke tilgang")
    folder.chmod(0o777)


def _replaced(path: Path, content: bytes) -> None:
    other = path.with_name("annen")
    other.write_bytes(content)
    other.replace(path)


MEANWHILE = {"replaced": _replaced, "written": Path.write_bytes}


@pytest.mark.parametrize("stage", [disk.WRITING, disk.FLUSHING])
@pytest.mark.parametrize("how", MEANWHILE)
@pytest.mark.parametrize("option", [[], ["--backup"]])
def test_a_file_that_changes_meanwhile_keeps_the_change(
    stage: int, how: str, option: list[str], path: Path, versions
) -> None:
    gauge = disk.Gauge()
    child = start("update", path, *option, prepare=lambda: disk.slow_down(gauge, 0.05))
    gauge.await_stage(stage)
    theirs = versions[0] + b"theirs"
    MEANWHILE[how](path, theirs)
    untouched(child.wait(), path, theirs, "endret av noen andre")


def test_two_updates_at_once(folder: Path, versions) -> None:
    wrote = []
    for number in range(20):
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
    sys.stdout.write(f"20 pairs: in {sum(wrote)} of them both had begun before one was done\n")


@pytest.mark.parametrize("to", ["ekte/bok.xlsx", "lenke2.xlsx"])
def test_a_link_stays_a_link(to: str, folder: Path, versions) -> None:
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


def test_a_link_that_goes_in_a_ring_is_no_surprise(folder: Path) -> None:
    link = folder / "bok.xlsx"
    link.symlink_to(link.name)
    ran = run("update", link)
    assert (ran.exit, ran.err.startswith("Feil: ")) == (2, True)
    assert link.is_symlink()


def test_a_slow_disk_shows_the_old_file_until_the_new_one_is_whole(path: Path, versions) -> None:
    gauge = disk.Gauge()
    child = start("update", path, prepare=lambda: disk.slow_down(gauge, 0.1))
    seen = set()
    while gauge.stage < disk.MOVED:
        seen.add(path.read_bytes())
        time.sleep(0.01)
    ran = child.wait()
    assert seen == {versions[0]} or seen == set(versions)
    assert (ran.exit, path.read_bytes(), beside(path)) == (0, versions[1], [])
    assert "Arbeider" in ran.err


@pytest.mark.parametrize("stage", [disk.OPENING, disk.WRITING])
def test_a_folder_that_vanishes(stage: int, folder: Path, versions) -> None:
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
        prepare=vanish_first if stage == disk.OPENING else lambda: disk.slow_down(gauge, 0.05),
    )
    if stage == disk.WRITING:
        gauge.await_stage(stage)
        place.rename(away)
    ran = child.wait()
    assert ran.exit == 2
    assert ("er borte" if stage == disk.OPENING else "endret av noen andre") in ran.err
    assert not place.exists()
    assert (away / "bok.xlsx").read_bytes() == versions[0]
    # What was being written when the folder went away waits there for the next update.
    assert run("update", away / "bok.xlsx").exit == 0
    assert beside(away / "bok.xlsx") == []


def _failing(call: str, number: int) -> Callable[[], None]:
    def fail(*_: object, **__: object) -> int:
        raise OSError(number, os.strerror(number))

    return lambda: setattr(os, call, fail)


@pytest.mark.parametrize("number", [errno.EIO, errno.ESTALE])
@pytest.mark.parametrize("call", ["write", "fsync", "replace"])
@pytest.mark.parametrize("option", [[], ["--backup"]])
def test_a_disk_that_does_not_answer(call: str, number: int, option, path: Path, versions) -> None:
    ran = run("update", path, *option, prepare=_failing(call, number))
    untouched(ran, path, versions[0], "svarer ikke")


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


@pytest.mark.parametrize("winerror", [5, 32, 33])
@pytest.mark.parametrize("links", [True, False])
def test_open_in_excel_on_windows(winerror: int, links: bool, path: Path, versions, monkeypatch) -> None:
    monkeypatch.setattr(saving, "_RETRY_SECONDS", 0.01)
    monkeypatch.setattr(saving, "_RETRY_PAUSE", 0.001)
    monkeypatch.setattr(os, "replace", Windows(winerror, path))
    if not links:
        monkeypatch.setattr(os, "link", _failing_link)
    theirs = path.with_name("bok (hmsbook).xlsx")
    theirs.write_bytes(b"theirs")
    ran = run_here("update", path)
    made = path.with_name("bok (hmsbook 2).xlsx")
    assert ran.exit == 0
    assert f"er åpen i Excel. Resultatet ligger i {made}." in ran.out
    assert (path.read_bytes(), made.read_bytes(), theirs.read_bytes()) == (*versions, b"theirs")
    again = run_here("update", path, "--json", "--backup").json
    assert again["beside"] == str(path.with_name("bok (hmsbook 3).xlsx"))
    assert Path(again["backup"]).read_bytes() == versions[0]
    assert [name for name in beside(path) if name.endswith(".tmp")] == []


def _failing_link(*_: object, **__: object) -> None:
    raise OSError(errno.EPERM, "no second names here")


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
