"""`update --backup` keeps the version before beside the workbook, whole, and over nobody's file."""

from __future__ import annotations

import os
import re
import signal
import stat
import time
from pathlib import Path

import pytest

from tests.cli.run import run
from tests.faults import disk
from tests.faults.killing import books
from tests.faults.process import beside, start
from tests.hosts.books import book
from tests.reliability.rows import Row, shows

KILLED = "killed while it makes a copy and saves"
NAME = re.compile(r"bok \(før \d{4}-\d\d-\d\d kl\. \d\d\.\d\d(, \d+)?\)\.xlsx")


def test_the_version_before_is_kept_and_named(tmp_path: Path) -> None:
    path, (old, new) = books(tmp_path)
    path.chmod(0o640)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    ran = run("update", path, "--backup")
    (name,) = beside(path)
    kept = path.with_name(name)
    assert NAME.fullmatch(name)
    assert f"Utgaven fra før oppdateringen ligger i {kept}." in ran.out
    assert (kept.read_bytes(), path.read_bytes()) == (old, new)
    assert (kept.stat().st_mode & 0o777, int(kept.stat().st_mtime)) == (0o640, 1_700_000_000)
    assert kept.stat().st_nlink == 1


@pytest.mark.parametrize("links", [True, False])
def test_nobodys_file_is_replaced(links: bool, tmp_path: Path, monkeypatch) -> None:
    path, (old, _) = books(tmp_path)
    clock = {"%Y-%m-%d": "2026-11-23", "%H.%M": "02.15"}
    monkeypatch.setattr(time, "strftime", clock.__getitem__)
    if not links:
        monkeypatch.setattr(os, "link", _no_links)
    for name in ("bok (før 2026-11-23 kl. 02.15).xlsx", "bok (før 2026-11-23 kl. 02.15, 2).xlsx"):
        path.with_name(name).write_text("mine")
    told = run("update", path, "--backup", "--json").json
    assert told["backup"] == str(path.with_name("bok (før 2026-11-23 kl. 02.15, 3).xlsx"))
    assert Path(told["backup"]).read_bytes() == old
    assert [entry.read_bytes() for entry in tmp_path.iterdir()].count(b"mine") == 2
    assert len(beside(path)) == 3


def _no_links(*_: object, **__: object) -> None:
    raise OSError(1, "no second names here")


def test_without_need_nothing_is_kept(tmp_path: Path) -> None:
    path, (old, _) = books(tmp_path)
    assert run("update", path, "--backup", "--dry-run", "--json").json["backup"] is None
    assert (beside(path), path.read_bytes()) == ([], old)
    assert run("update", path, "--json").json["backup"] is None
    assert run("update", path, "--backup", "--json").json["backup"] is None
    assert beside(path) == []


@pytest.mark.parametrize(("lang", "mark"), [("nn", "før "), ("en", "before ")])
def test_the_name_follows_the_workbooks_language(lang: str, mark: str, tmp_path: Path) -> None:
    path = book(tmp_path / "bok.xlsx", lang, updated=False)
    assert run("update", path, "--backup").exit == 0
    (name,) = beside(path)
    assert name.startswith(f"bok ({mark}")


def test_a_name_that_is_too_long_is_cut(tmp_path: Path) -> None:
    path, (old, _) = books(tmp_path)
    long = path.rename(path.with_name("å" * 124 + ".xlsx"))
    told = run("update", long, "--backup", "--json").json
    assert Path(told["backup"]).read_bytes() == old
    assert len(os.fsencode(Path(told["backup"]).name)) <= 255


def test_the_copy_is_safe_on_the_disk_before_the_file_is_replaced(tmp_path: Path, monkeypatch) -> None:
    path, (old, _) = books(tmp_path)
    done: list[str] = []
    real_fsync, real_link, real_replace = os.fsync, os.link, os.replace

    def fsync(handle: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(handle).st_mode)
        done.append("folder" if is_folder else "old" if os.fstat(handle).st_size == len(old) else "new")
        real_fsync(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "link", lambda *names: (done.append("named"), real_link(*names)))
    monkeypatch.setattr(os, "replace", lambda *names: (done.append("replaced"), real_replace(*names)))
    assert run("update", path, "--backup").exit == 0
    assert done == ["old", "named", "folder", "new", "replaced", "folder"]


@shows("faults", KILLED)
@pytest.mark.parametrize("stage", [disk.WRITING, disk.FLUSHING, disk.LOOKING, disk.REPLACING, disk.MOVED])
def test_killed_meanwhile_a_copy_is_whole_or_not_there(stage: int, tmp_path: Path) -> Row:
    path, (old, new) = books(tmp_path)
    gauge = disk.Gauge()
    child = start("update", path, "--backup", prepare=lambda: disk.slow_down(gauge, 0.03))
    gauge.await_stage(stage)
    ended = child.kill().exit
    assert ended == -signal.SIGKILL
    assert path.read_bytes() in (old, new)
    assert run("update", path).exit == 0
    assert path.read_bytes() == new
    assert all(path.with_name(name).read_bytes() == old for name in beside(path))
    assert all(NAME.fullmatch(name) for name in beside(path))
    assert len(beside(path)) == 1 or stage < disk.REPLACING
    return (KILLED, "old or new; the copy whole or not there", "–", "")
