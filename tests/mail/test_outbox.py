"""What waits to be sent survives whatever happens, and tells what has become of each mail."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hmsbook.errors import MailError
from hmsbook.exchange.home import settings_file, state_folder
from hmsbook.exchange.outbox import (
    LATER,
    LOGGED,
    READY,
    REFUSED,
    SENT,
    TRYING,
    Outbox,
    held,
    pending,
    put_out,
)
from hmsbook.letters.recipients import Recipient

MAILS = [(Recipient("Kari Ås", "kari@x.no"), b"kari"), (Recipient("", "ola@x.no"), b"ola")]
KARI, OLA = "kari@x.no", "ola@x.no"


def outbox(*, ready: bool = True) -> Outbox:
    found = put_out("abc", 3, MAILS)
    if ready:
        found.note("", READY)
    return found


def test_what_is_put_out_is_found_again() -> None:
    before = outbox()
    found = pending("abc")
    assert found == before
    assert [found.read(mail) for mail in found.mails] == [b"kari", b"ola"]
    assert pending("def") is None


def test_what_the_workbook_never_knew_of_is_taken_away() -> None:
    found = outbox(ready=False)
    assert pending("abc") is None
    assert not found.folder.exists()


def test_what_a_killed_run_was_putting_out_is_taken_away() -> None:
    stray = state_folder() / "outbox" / f".new-{outbox().folder.name}-abc"
    stray.mkdir()
    found = pending("abc")
    assert found is not None
    found.clear()
    outbox()
    assert not stray.exists()


def test_the_last_note_counts() -> None:
    found = outbox()
    assert [mail.to.address for mail in found.those(None)] == [KARI, OLA]
    found.note(KARI, TRYING)
    found.note(KARI, SENT)
    found.note(OLA, LATER, "opptatt")
    assert [mail.to.address for mail in found.those(SENT)] == [KARI]
    assert found.notes[OLA].reason == "opptatt"
    assert [mail.to.address for mail in found.those(None, LATER)] == [OLA]


def test_the_log_is_told_once() -> None:
    found = outbox()
    found.note(KARI, SENT)
    assert set(found.unlogged) == {KARI}
    found.note("", LOGGED)
    found.note(OLA, REFUSED, "nei")
    assert set(found.unlogged) == {OLA}
    assert set(found.notes) == {KARI, OLA}


def test_a_mail_that_is_sent_does_not_stay_on_the_disk() -> None:
    found = outbox()
    found.note(KARI, SENT)
    assert not (found.folder / found.mails[0].file).exists()
    assert (found.folder / found.mails[1].file).exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_nobody_else_reads_it() -> None:
    found = outbox()
    assert found.folder.stat().st_mode & 0o077 == 0
    assert {file.stat().st_mode & 0o077 for file in found.folder.iterdir()} == {0}


def test_a_mail_that_somebody_changed_is_not_sent() -> None:
    found = outbox()
    (found.folder / found.mails[0].file).write_bytes(b"noe annet")
    with pytest.raises(MailError, match="outbox_damaged"):
        found.read(found.mails[0])


@pytest.mark.parametrize("text", ["", "{", '{"edition": 3}', "[]"])
def test_a_damaged_list_is_told_of(text: str) -> None:
    (outbox().folder / "list.json").write_text(text)
    with pytest.raises(MailError, match="outbox_damaged"):
        pending("abc")


def test_two_runs_at_once_are_one_too_many() -> None:
    with held("abc"):
        with pytest.raises(MailError, match="outbox_busy"), held("abc"):
            pass
        with held("def"):
            pass
    with held("abc"):
        pass


@given(st.integers(min_value=0, max_value=400))
def test_wherever_a_note_is_cut_off_no_mail_is_taken_for_less_than_it_is(cut: int) -> None:
    """A run that is killed in the middle of a note leaves the note before it in force."""
    found = pending("abc") or outbox()
    journal = found.folder / "journal.txt"
    journal.write_bytes(b"")
    for state in (READY, TRYING, SENT):
        found.note("" if state == READY else OLA, state)
    whole = journal.read_bytes()
    journal.write_bytes(whole[:cut])
    states = {mail.to.address for mail in found.those(None)}
    begun = whole.find(b"trying") + len(b'trying", "reason": ""}')
    assert (OLA in states) == (cut < begun)
    # What is noted next is whole.
    found.note(KARI, REFUSED)
    assert found.notes[KARI].state == REFUSED


def test_settings_and_state_lie_where_the_system_keeps_such(home: Path) -> None:
    assert settings_file() == home / "config" / "hmsbook" / "hmsbook.toml"
    assert state_folder() == home / "state" / "hmsbook"


@pytest.mark.parametrize(
    ("platform", "settings", "state"),
    [
        ("win32", "roaming/hmsbook/hmsbook.toml", "local/hmsbook"),
        (
            "darwin",
            "home/Library/Application Support/hmsbook/hmsbook.toml",
            "home/Library/Application Support/hmsbook",
        ),
        ("linux", "home/.config/hmsbook/hmsbook.toml", "home/.local/state/hmsbook"),
    ],
)
def test_each_system_has_its_own_places(
    monkeypatch: pytest.MonkeyPatch, home: Path, platform: str, settings: str, state: str
) -> None:
    for variable, place in {"APPDATA": "roaming", "LOCALAPPDATA": "local", "HOME": "home"}.items():
        monkeypatch.setenv(variable, str(home / place))
    for variable in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(variable, "relativ/som/ikke/teller")
    monkeypatch.setattr(sys, "platform", platform)
    assert settings_file() == home / settings
    assert state_folder() == home / state


@pytest.mark.parametrize("file", ["../list.json", "/etc/hosts", "list.json"])
def test_a_list_that_names_other_files_is_damaged(file: str) -> None:
    before = outbox()
    listed = before.folder / "list.json"
    listed.write_text(listed.read_text("utf-8").replace("001.eml", file), "utf-8")
    with pytest.raises(MailError, match="outbox_damaged"):
        pending("abc")


def test_a_journal_that_is_gone_or_no_text_is_damage() -> None:
    journal = outbox().folder / "journal.txt"
    journal.write_bytes(b"\xff\xfe")
    with pytest.raises(MailError, match="outbox_damaged"):
        pending("abc")
    journal.unlink()
    with pytest.raises(MailError, match="outbox_damaged"):
        pending("abc")


def test_a_note_of_something_else_tells_nothing_and_stops_nothing() -> None:
    found = outbox()
    with (found.folder / "journal.txt").open("ab") as journal:
        journal.write(b'\n[1]\n{"to": ["x"], "state": {}, "reason": []}\n{"to": 1}\n')
    assert [mail.to.address for mail in found.those(None)] == [KARI, OLA]
