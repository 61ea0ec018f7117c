"""A result replaces a file whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hmsbook.errors import SaveError
from hmsbook.opc import save as saving
from hmsbook.opc.save import fingerprint, save, sweep, who_has_open


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "bok æøå.xlsx"
    path.write_bytes(b"old")
    return path


def left(target: Path) -> list[str]:
    """What else stands in the folder."""
    return sorted(path.name for path in target.parent.iterdir() if path != target)


def refused(target: Path, **options) -> SaveError:
    with pytest.raises(SaveError) as caught:
        save(target, b"new", **options)
    return caught.value


def test_the_file_is_replaced_and_keeps_its_mode(target):
    target.chmod(0o640)
    assert save(target, b"new", expected=fingerprint(target)) == (target, False)
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert left(target) == []


def test_a_new_file_is_made(tmp_path):
    assert save(str(tmp_path / "new.xlsx"), b"new").path.read_bytes() == b"new"


def test_a_link_stays_and_its_target_is_replaced(target):
    link = target.with_name("link.xlsx")
    link.symlink_to(target.name)
    assert save(link, b"new").path == target
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


@pytest.mark.parametrize("change", [b"different", b"olD"])
def test_a_file_that_changed_is_not_replaced(target, change):
    before = fingerprint(target)
    target.write_bytes(change)
    error = refused(target, expected=before)
    assert (error.key, error.params) == ("changed_meanwhile", {"path": str(target)})
    assert target.read_bytes() == change
    assert left(target) == []


def test_a_file_that_is_gone_has_changed(target):
    before = fingerprint(b"old")
    target.unlink()
    assert refused(target, expected=before).key == "changed_meanwhile"
    assert list(target.parent.iterdir()) == []


def test_a_touched_file_has_not_changed(target):
    before = fingerprint(target)
    os.utime(target, (1, 1))
    assert not save(target, b"new", expected=before).beside


def test_a_folder_that_cannot_be_written():
    # Even root cannot make files here.
    assert refused(Path("/sys/book.xlsx")).key == "no_permission"


def test_a_folder_that_is_missing(tmp_path):
    assert refused(tmp_path / "none" / "book.xlsx").key == "not_saved"


# Run apart, so that the limit on file sizes does not outlive the test: a write then fails as on a full disk.
FULL = """
import resource, signal, sys
sys.path[:0] = sys.argv[2:]
from hmsbook.errors import SaveError
from hmsbook.opc.save import save
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    save(sys.argv[1], bytes(5000))
except SaveError as error:
    print(error.key)
"""


def test_a_full_disk(target):
    command = [sys.executable, "-c", FULL, str(target), *sys.path]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "disk_full"
    assert target.read_bytes() == b"old"
    assert left(target) == []


def locked(winerror: int | None, times: int):
    """An `os.replace` as Windows answers it while another program has the file open."""
    real = os.replace
    tries = []

    def replace(source, target):
        tries.append(source)
        if len(tries) <= times and "(hmsbook" not in str(target):
            error = PermissionError(errno.EACCES, "in use")
            error.winerror = winerror
            raise error
        return real(source, target)

    return replace


@pytest.mark.parametrize("winerror", [5, 32, 33])
def test_a_file_in_use_is_tried_again(target, monkeypatch, winerror):
    monkeypatch.setattr(saving, "_RETRY_PAUSE", 0.001)
    monkeypatch.setattr(os, "replace", locked(winerror, 3))
    assert save(target, b"new") == (target, False)
    assert target.read_bytes() == b"new"
    assert left(target) == []


def test_a_file_that_stays_in_use_gets_a_neighbour(target, monkeypatch):
    monkeypatch.setattr(saving, "_RETRY_SECONDS", 0.01)
    monkeypatch.setattr(saving, "_RETRY_PAUSE", 0.001)
    monkeypatch.setattr(os, "replace", locked(32, 10**6))
    first, second = save(target, b"new"), save(target, b"newer")
    assert (first.path.name, first.beside) == ("bok æøå (hmsbook).xlsx", True)
    assert (second.path.name, second.beside) == ("bok æøå (hmsbook 2).xlsx", True)
    assert (target.read_bytes(), first.path.read_bytes(), second.path.read_bytes()) == (
        b"old",
        b"new",
        b"newer",
    )
    assert left(target) == sorted([first.path.name, second.path.name])


def test_a_refusal_of_another_kind_is_not_tried_again(target, monkeypatch):
    monkeypatch.setattr(os, "replace", locked(None, 10**6))
    started = time.monotonic()
    assert refused(target).key == "no_permission"
    assert time.monotonic() - started < 1
    assert (target.read_bytes(), left(target)) == (b"old", [])


def test_sweeping_takes_only_old_temporary_files_of_this_target(target):
    folder = target.parent
    prefix = saving._own_prefix(target)
    stray, fresh = folder / f"{prefix}0000.tmp", folder / f"{prefix}1111.tmp"
    other, mine, link = (
        folder / ".hmsbook-00000000-2.tmp",
        folder / f"{prefix}notes.txt",
        folder / f"{prefix}3.tmp",
    )
    for path in (stray, fresh, other, mine):
        path.write_bytes(b"")
        os.utime(path, (1, 1))
    os.utime(fresh)
    link.symlink_to(target)
    assert sweep(target) == [stray]
    assert left(target) == sorted(path.name for path in (fresh, other, mine, link))
    assert sweep(folder / "none" / "x.xlsx") == []


def test_very_long_names_can_be_saved(tmp_path):
    path = tmp_path / ("å" * 120 + ".xlsx")
    assert save(path, b"new").path.read_bytes() == b"new"


def excel_note(name: str) -> bytes:
    latin = bytes([len(name)]) + name.encode("latin-1", "replace").ljust(54)
    return latin + bytes([len(name), 0]) + name.encode("utf-16-le").ljust(108)


@pytest.mark.parametrize("name", ["Kari Nordmann", "Åse Ødegård", "Łukasz"])
def test_excel_says_who_has_it_open(target, name):
    assert who_has_open(target) is None
    note = excel_note(name)
    assert len(note) == 165
    target.with_name(f"~${target.name}").write_bytes(note)
    assert who_has_open(target) == name


@pytest.mark.parametrize(
    ("note", "name"), [(b"\x04Kari", "Kari"), (b"", ""), (b"\x00", ""), (bytes(165), "")]
)
def test_other_notes_of_excel(target, note, name):
    target.with_name(f"~${target.name}").write_bytes(note)
    assert who_has_open(target) == name


@pytest.mark.parametrize(
    ("note", "name"),
    [
        ("Kari Nordmann,kari,pc,01.02.2024 10:00,file:///home;", "Kari Nordmann"),
        (",kari,pc,,;", "kari"),
        ("", ""),
    ],
)
def test_libreoffice_says_who_has_it_open(target, note, name):
    target.with_name(f".~lock.{target.name}#").write_text(note, encoding="utf-8")
    assert who_has_open(target) == name


def test_fingerprints_of_bytes_and_files_agree(target):
    assert fingerprint(b"old") == fingerprint(target) == fingerprint(str(target))
    assert fingerprint(b"new") != fingerprint(target)
