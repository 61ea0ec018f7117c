"""Sending through a real server: everybody once, whatever happens on the way, and the log knows."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import keyring
import pytest

from hmsbook.actions.post import Posted, post
from hmsbook.actions.reading import open_book
from hmsbook.actions.send import SendAsked
from hmsbook.errors import MailError, SaveError
from hmsbook.exchange.home import settings_file, state_folder
from hmsbook.exchange.settings import Smtp
from hmsbook.opc import save
from hmsbook.opc.save import notes
from tests.hosts.books import put
from tests.mail.books import TODAY, book
from tests.mail.server import PASSWORD, USER, Handler, serving
from tests.merge.real import cell_of

KARI, OLA, AASE = "kari@bygg.example", "ola@bygg.example", "aase@bygg.example"
ALL = [KARI, OLA, AASE]


@pytest.fixture
def server(trusted: ssl.SSLContext) -> Iterator[Handler]:
    with serving(trusted) as (handler, settings):
        set_up(settings)
        yield handler


def set_up(settings: Smtp) -> None:
    keyring.set_password("hmsbook", USER, PASSWORD)
    file = settings_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    values = {
        "host": settings.host,
        "port": settings.port,
        "security": settings.security,
        "user": settings.user,
        "from": settings.sender,
        "name": settings.name,
    }
    lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items())
    file.write_text("\n".join(("[smtp]", *lines)), encoding="utf-8")


def run(path: Path, asked: SendAsked | None = None) -> Posted:
    return post(path, asked or SendAsked(), today=TODAY, patience=5)


def states(done: Posted) -> dict[str, str]:
    return {it.to.address: it.state for it in done.delivered}


def log(path: Path) -> list[str]:
    rows = open_book(path).host.region("log")
    return [str(row[2].value) for row in rows if row[2].value]


def edition(path: Path) -> int:
    return open_book(path).book.manifest.edition


def left_over() -> list[str]:
    """What is kept for another run, but for the locks."""
    folder = state_folder() / "outbox"
    return [it.name for it in folder.iterdir() if it.is_dir()] if folder.is_dir() else []


def test_everybody_gets_their_own_letter_and_the_copy(tmp_path: Path, server: Handler) -> None:
    path = book(tmp_path / "bok.xlsx")
    done = run(path)
    assert (states(done), done.is_done, done.logged) == (dict.fromkeys(ALL, "sent"), True, True)
    assert server.got == ALL
    for to, name in zip(ALL, ("Kari", "Ola", "Åse"), strict=True):
        mail = server.mail(to)
        assert [it.addr_spec for it in mail["To"].addresses] == [to]
        body = mail.get_body(("plain",))
        assert body is not None
        assert body.get_content().startswith(f"Hei, {name}!")
        assert body.get_content().split()[-3:] == ["Hilsen", "Kari", "Ås"]
        assert next(mail.iter_attachments()).get_content()[:2] == b"PK"
    assert "Utgave 1 er sendt på e-post til Kari Ås, Ola Øy, Åse Bø." in log(path)
    assert left_over() == []


@pytest.mark.usefixtures("server")
def test_the_workbook_knows_before_anything_leaves(tmp_path: Path) -> None:
    path = book(tmp_path / "bok.xlsx")
    run(path)
    lines = log(path)
    ready = next(at for at, line in enumerate(lines) if "klar til å sendes" in line)
    assert "Kari Ås, Ola Øy, Åse Bø" in lines[ready]
    assert ready < next(at for at, line in enumerate(lines) if "er sendt på e-post" in line)
    assert edition(path) == 1


def test_a_workbook_that_is_open_elsewhere_is_not_sent(tmp_path: Path, server: Handler) -> None:
    path = book(tmp_path / "bok.xlsx")
    before = path.read_bytes()
    note = next(file for file, _ in notes(path))
    note.write_bytes(b"\x03Kari".ljust(165, b"\x00"))
    with pytest.raises(SaveError):
        run(path)
    assert (server.got, path.read_bytes(), left_over()) == ([], before, [])
    note.unlink()
    assert run(path).is_done
    assert server.got == ALL


def test_one_who_is_refused_is_told_of_and_the_others_get_theirs(tmp_path: Path, server: Handler) -> None:
    path = book(tmp_path / "bok.xlsx")
    server.refuse[OLA] = "550 5.1.1 finnes ikke"
    done = run(path)
    assert states(done) == {KARI: "sent", OLA: "refused", AASE: "sent"}
    assert next(it.reason for it in done.delivered if it.to.address == OLA) == "5.1.1 finnes ikke"
    assert any(line.startswith("Utgave 1 kom ikke fram til Ola Øy.") for line in log(path))
    assert left_over() == []


def test_one_who_is_to_wait_gets_theirs_with_the_next_run(tmp_path: Path, server: Handler) -> None:
    path = book(tmp_path / "bok.xlsx")
    server.refuse[OLA] = "451 prøv igjen"
    assert states(run(path)) == {KARI: "sent", OLA: "later", AASE: "sent"}
    server.refuse.clear()
    done = run(path)
    assert (done.resumed, done.is_done, done.edition) == (True, True, 1)
    assert server.got == [KARI, AASE, OLA]
    assert edition(path) == 1
    assert left_over() == []


def test_a_connection_that_breaks_is_made_again(tmp_path: Path, server: Handler) -> None:
    server.drop_before.add(OLA)
    assert run(book(tmp_path / "bok.xlsx")).is_done
    assert sorted(server.got) == sorted(ALL)


def test_who_may_have_got_it_does_not_get_it_again_unasked(tmp_path: Path, server: Handler) -> None:
    path = book(tmp_path / "bok.xlsx")
    server.drop_after.add(OLA)
    assert states(run(path)) == {KARI: "sent", OLA: "unsure", AASE: "sent"}
    assert server.got == ALL
    with pytest.raises(MailError, match="outbox_unsure"):
        run(path)
    assert server.got == ALL
    again = run(path, SendAsked(again=True))
    assert (again.is_done, again.edition) == (True, 1)
    assert server.got == [*ALL, OLA]
    # A mail program that got it twice sees by its id that it is the same.
    assert len({data for to, data in server.taken if to == OLA}) == 1


def test_what_is_left_can_be_forgotten(tmp_path: Path, server: Handler) -> None:
    path = book(tmp_path / "bok.xlsx")
    server.refuse[OLA] = "451 prøv igjen"
    run(path)
    server.refuse.clear()
    done = run(path, SendAsked(forget=True))
    assert (done.resumed, done.is_done, done.edition) == (False, True, 2)
    assert edition(path) == 2


def test_a_server_that_is_gone_leaves_the_rest_for_later(tmp_path: Path, trusted: ssl.SSLContext) -> None:
    path = book(tmp_path / "bok.xlsx")
    with serving(trusted) as (handler, settings):
        set_up(settings)
        handler.refuse.update({OLA: "421 stenger", AASE: "421 stenger"})
        assert states(run(path)) == {KARI: "sent", OLA: "later", AASE: "later"}
    with pytest.raises(MailError, match="mail_unreachable"):
        run(path)
    with serving(trusted) as (handler, settings):
        set_up(settings)
        assert run(path).is_done
        assert handler.got == [OLA, AASE]


def test_one_who_has_left_the_group_meanwhile_gets_nothing(tmp_path: Path, server: Handler) -> None:
    path = book(tmp_path / "bok.xlsx")
    server.refuse.update({OLA: "451 senere", AASE: "451 senere"})
    run(path)
    put(path, {cell_of(path, "group", "email", 1): "ola.ny@bygg.example"})
    server.refuse.clear()
    done = run(path)
    assert states(done) == {KARI: "sent", OLA: "refused", AASE: "sent"}
    assert server.got == [KARI, AASE]
    assert any(line.startswith("Utgave 1 kom ikke fram til Ola Øy.") for line in log(path))
    assert left_over() == []


def test_nothing_is_written_when_the_server_lets_nobody_in(tmp_path: Path, server: Handler) -> None:
    path = book(tmp_path / "bok.xlsx")
    before = path.read_bytes()
    keyring.set_password("hmsbook", USER, "feil")
    with pytest.raises(MailError, match="mail_login"):
        run(path)
    assert (path.read_bytes(), left_over(), server.got) == (before, [], [])


def test_a_mail_too_large_for_the_server_is_not_begun(tmp_path: Path, trusted: ssl.SSLContext) -> None:
    path = book(tmp_path / "bok.xlsx")
    before = path.read_bytes()
    with serving(trusted, size=100_000) as (handler, settings):
        set_up(settings)
        with pytest.raises(MailError) as caught:
            run(path)
        assert (caught.value.key, caught.value.params["limit"]) == ("mail_too_large", "0.1")
        assert (path.read_bytes(), handler.got) == (before, [])


def test_somebody_without_an_address_stops_it_unless_asked(tmp_path: Path, server: Handler) -> None:
    group = """
        | name    | role   | email             | receives_mail |
        | Kari Ås | leader | kari@bygg.example | ja            |
        | Åse Bø  | leader |                   | ja            |
    """
    path = book(tmp_path / "bok.xlsx", group)
    with pytest.raises(MailError) as caught:
        run(path)
    assert str(caught.value.params["names"]).startswith("Åse Bø (Gruppe!")
    assert server.got == []
    done = run(path, SendAsked(skip_missing=True))
    assert [it.name for it in done.unreached] == ["Åse Bø"]
    assert server.got == [KARI]


def test_each_gets_a_copy_of_their_own_to_score_in(tmp_path: Path, server: Handler) -> None:
    assert run(book(tmp_path / "bok.xlsx"), SendAsked("score", ("Kari Ås", "Ola Øy"))).is_done
    copies = {to: next(server.mail(to).iter_attachments()) for to in (KARI, OLA)}
    assert "Kari Ås" in str(copies[KARI].get_filename())
    assert copies[KARI].get_content() != copies[OLA].get_content()


def test_nobody_to_send_to(tmp_path: Path, server: Handler) -> None:
    with pytest.raises(MailError, match="nobody_to_mail"):
        run(book(tmp_path / "bok.xlsx"), SendAsked("everyone"))
    assert server.got == []


def test_a_log_that_cannot_be_written_now_is_told_later(tmp_path: Path, server: Handler) -> None:
    """Somebody opens the workbook while the mails are on their way."""
    path = book(tmp_path / "bok.xlsx")
    note = next(file for file, _ in notes(path))
    server.at_mail = lambda: note.write_bytes(b"\x03Kari".ljust(165, b"\x00"))
    done = run(path)
    assert (done.is_done, done.logged) == (True, False)
    server.at_mail = None
    note.unlink()
    again = run(path)
    assert (again.resumed, again.logged, again.edition) == (True, True, 1)
    assert server.got == ALL
    assert sum("er sendt på e-post" in line for line in log(path)) == 1
    assert left_over() == []


def test_a_log_that_can_only_be_written_beside_is_told_later(
    tmp_path: Path, server: Handler, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program on Windows holds the file: what is saved then lies beside it, where nobody looks."""
    path = book(tmp_path / "bok.xlsx")
    held = PermissionError(13, "in use")
    held.winerror = 32
    replace = os.replace

    def refuse(source: object, target: object) -> None:
        if server.got and Path(str(target)).name == "bok.xlsx":
            raise held
        replace(str(source), str(target))

    with monkeypatch.context() as patched:
        patched.setattr(save, "_RETRY_SECONDS", 0)
        patched.setattr(os, "replace", refuse)
        done = run(path)
    assert (done.is_done, done.logged) == (True, False)
    assert [it.name for it in tmp_path.glob("*.xlsx")] == ["bok.xlsx"]
    assert run(path).logged
    assert sum("er sendt på e-post" in line for line in log(path)) == 1


# Killed on the way


@contextmanager
def running(path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A run in a process of its own, which is killed at the end."""
    environment = os.environ | {
        "PYTHON_KEYRING_BACKEND": "tests.mail.store.OneStore",
        "HMSBOOK_TODAY": TODAY.isoformat(),
    }
    command = [sys.executable, "-m", "hmsbook", "send", str(path), "--smtp"]
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        command, cwd=root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for(server: Handler, process: subprocess.Popen[bytes]) -> None:
    """Wait until the server keeps the process waiting."""
    while not server.stalled.wait(0.05):
        assert process.poll() is None, process.communicate()[0].decode()


def test_killed_while_a_mail_is_taken_it_is_asked_about(tmp_path: Path, server: Handler) -> None:
    path = book(tmp_path / "bok.xlsx")
    server.stall.add(OLA)
    with running(path) as process:
        wait_for(server, process)
    server.stall.clear()
    assert server.got == [KARI, OLA]
    done = run(path)
    assert (done.resumed, states(done)) == (True, {KARI: "sent", OLA: "unsure", AASE: "sent"})
    assert server.got == ALL
    assert any("usikkert om Ola Øy fikk den" in line for line in log(path))


def test_killed_between_two_mails_it_goes_on_with_the_second(tmp_path: Path, server: Handler) -> None:
    path = book(tmp_path / "bok.xlsx")
    server.stall_before.add(OLA)
    with running(path) as process:
        wait_for(server, process)
    server.stall_before.clear()
    assert server.got == [KARI]
    assert run(path).is_done
    assert server.got == ALL


def test_two_runs_at_once_send_once(tmp_path: Path, server: Handler) -> None:
    path = book(tmp_path / "bok.xlsx")
    server.stall_before.add(OLA)
    with running(path) as process:
        wait_for(server, process)
        with pytest.raises(MailError, match="outbox_busy"):
            run(path)
    assert server.got == [KARI]
