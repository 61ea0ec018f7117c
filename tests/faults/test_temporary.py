"""Temporary files: swept when their writer is gone and not before, dressed as the file they will replace."""

from __future__ import annotations

import fcntl
import os
import stat
import time
from pathlib import Path

import pytest

from hmsbook.errors import SaveError
from hmsbook.opc import save as saving
from hmsbook.opc.save import fingerprint, keep, save, sweep


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "bok æøå.xlsx"
    path.write_bytes(b"old")
    return path


@pytest.fixture
def stray(target: Path) -> Path:
    """What a save that was killed just now left."""
    handle, path = saving._create(target)
    os.close(handle)
    return path


def no_locks(*_: object) -> None:
    raise OSError(95, "no locks here")


def test_what_a_killed_save_left_is_swept_at_once(stray, target):
    assert sweep(target) == [stray]
    assert sweep(target) == []


def test_what_is_being_written_is_not_swept(target):
    handle, path = saving._create(target)
    try:
        os.utime(path, (1, 1))
        assert sweep(target) == []
    finally:
        os.close(handle)
    assert sweep(target) == [path]


def test_where_nothing_can_be_locked_age_tells(stray, target, monkeypatch):
    monkeypatch.setattr(fcntl, "flock", no_locks)
    assert save(target, b"new").path == target
    assert sweep(target) == []
    os.utime(stray, (1, 1))
    assert sweep(target) == [stray]


def test_a_file_that_was_swept_while_it_was_made_is_made_again(target, monkeypatch):
    real, tries = fcntl.flock, []

    def flock(handle: int, how: int) -> None:
        tries.append(handle)
        if len(tries) == 1:
            raise BlockingIOError
        if len(tries) == 2:
            next(target.parent.glob(".hmsbook-*")).unlink()
            for path in target.parent.glob(".hmsbook-*"):
                path.unlink()
        real(handle, how)

    monkeypatch.setattr(fcntl, "flock", flock)
    handle, path = saving._create(target)
    os.close(handle)
    assert path.exists()
    assert len(tries) == 3


def test_a_private_file_is_private_from_its_first_byte(target, monkeypatch):
    target.chmod(0o600)
    modes = []
    real = os.open

    def opened(path, flags, *rest, **more):
        handle = real(path, flags, *rest, **more)
        modes.append(stat.S_IMODE(os.fstat(handle).st_mode))
        return handle

    monkeypatch.setattr(os, "open", opened)
    save(target, b"new")
    assert modes[0] == 0o600


def test_the_new_file_belongs_to_the_same_people(target):
    if os.geteuid() == 0:
        os.chown(target, 1234, 4321)
    target.chmod(0o664)
    before = target.stat()
    save(target, b"new")
    after = target.stat()
    assert (after.st_uid, after.st_gid, after.st_mode) == (before.st_uid, before.st_gid, before.st_mode)


def test_marks_on_the_file_stay(target):
    try:
        os.setxattr(target, "user.hms", b"1")
    except OSError:
        # This disk keeps no marks: there are none to lose.
        assert save(target, b"new").path == target
        return
    save(target, b"new")
    assert os.getxattr(target, "user.hms") == b"1"


def test_a_disk_that_takes_few_bytes_at_a_time(target, monkeypatch):
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: real(handle, data[:7]))
    save(target, bytes(range(256)))
    assert target.read_bytes() == bytes(range(256))


def test_a_change_while_the_file_is_looked_at_is_seen(target, monkeypatch):
    before = fingerprint(target)
    real = saving.fingerprint

    def looked(source):
        found = real(source)
        if target.read_bytes() == b"old":
            target.write_bytes(b"theirs")
        return found

    monkeypatch.setattr(saving, "fingerprint", looked)
    with pytest.raises(SaveError, match="changed_meanwhile"):
        save(target, b"new", expected=before)
    assert target.read_bytes() == b"theirs"


def test_another_save_in_the_folder_is_waited_for_but_not_for_ever(target, monkeypatch):
    monkeypatch.setattr(saving, "_TURN_SECONDS", 0.1)
    handle = os.open(target.parent, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    began = time.monotonic()
    save(target, b"new")
    os.close(handle)
    assert time.monotonic() - began >= 0.1
    assert target.read_bytes() == b"new"


def test_a_copy_is_only_made_of_the_file_that_was_read(target):
    with pytest.raises(SaveError, match="changed_meanwhile"):
        keep(target, "før", fingerprint(b"another"))
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def test_a_name_that_was_taken_first_is_given_back(target, monkeypatch):
    def fail(*_: object) -> None:
        raise OSError(5, "the disk is gone")

    monkeypatch.setattr(os, "link", fail)
    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(SaveError, match="disk_lost"):
        keep(target, "før", fingerprint(target))
    assert [path.name for path in target.parent.iterdir()] == [target.name]
