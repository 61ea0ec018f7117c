"""`hmsbook send` and `hmsbook invite` as a person meets them."""

from __future__ import annotations

import getpass
import ssl
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import keyring
import pytest

from hmsbook.actions.reading import open_book
from hmsbook.exchange.home import settings_file
from hmsbook.exchange.settings import EXAMPLE
from tests.cli.run import run
from tests.mail.books import book
from tests.mail.server import serving
from tests.mail.test_post import set_up

GROUP = """
    | name    | role   | email             | receives_mail |
    | Kari Ås | leader | kari@bygg.example | ja            |
    | Åse Bø  | leader |                   | ja            |
    | Liv Moe | leader | liv at bygg       | ja            |
"""


def draft(path: Path) -> EmailMessage:
    found = message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(found, EmailMessage)
    return found


def test_a_draft_lies_beside_the_workbook_and_the_log_tells_of_it(tmp_path: Path) -> None:
    path = book(tmp_path / "Året.xlsx", GROUP)
    done = run("send", path)
    file = tmp_path / "Året – utgave 1.eml"
    assert (done.exit, done.err) == (0, "")
    assert done.out.splitlines()[:3] == [
        f"Utgave 1 ligger som utkast i {file}. Åpne det, se over, og send.",
        "  Til: Kari Ås",
        "  Svarfrist: 2. desember 2026",
    ]
    assert "  Åse Bø får ikke e-posten: adressen mangler (Gruppe!" in done.out
    assert "  Liv Moe får ikke e-posten: «liv at bygg» kan ikke være en e-postadresse (Gruppe!" in done.out
    assert next(draft(file).iter_attachments()).get_filename() == "Året – utgave 1.xlsx"
    lines = [str(row[2].value) for row in open_book(path).host.region("log")]
    assert "Utgave 1: utkast til e-post til Kari Ås." in lines


def test_a_draft_replaces_no_file_and_then_nothing_is_noted(tmp_path: Path) -> None:
    path = book(tmp_path / "bok.xlsx")
    before = path.read_bytes()
    taken = tmp_path / "x.eml"
    taken.write_text("mitt")
    done = run("send", path, "--draft", taken)
    assert (done.exit, taken.read_text(), path.read_bytes()) == (2, "mitt", before)
    assert run("send", path, "--draft", tmp_path / "borte" / "x.eml").exit == 2
    assert path.read_bytes() == before


def test_a_dry_run_shows_the_letter_and_writes_nothing(tmp_path: Path) -> None:
    path = book(tmp_path / "bok.xlsx")
    before = path.read_bytes()
    done = run("send", path, "--dry-run")
    assert "Ville sendt utgave 1. Ingenting er skrevet eller sendt." in done.out
    assert "Hei, alle sammen!" in done.out
    assert path.read_bytes() == before
    assert [it.name for it in tmp_path.iterdir() if it.is_file()] == ["bok.xlsx"]


def test_programs_are_told_all(tmp_path: Path) -> None:
    done = run("send", book(tmp_path / "bok.xlsx", GROUP), "--json", "--to", "kari, ny@annen.example").json
    assert [it["address"] for it in done["recipients"]] == ["kari@bygg.example", "ny@annen.example"]
    assert (done["way"], done["edition"], done["by"]) == ("draft", 1, "2026-12-02")
    assert done["letters"][0]["subject"].startswith("Lag Ø: HMS-arbeidsboka, utgave 1")
    assert Path(done["files"][0]).is_file()
    assert {"what": "vote", "why": "secret", "count": 2} in done["left_out"]


def test_each_who_scores_gets_a_draft(tmp_path: Path) -> None:
    path = book(tmp_path / "bok.xlsx")
    done = run("send", path, "--for", "score", "--to", "Ola Øy, Åse Bø")
    folder = tmp_path / "bok – utgave 1"
    assert "som 2 utkast i mappen" in done.out
    assert sorted(it.name for it in folder.iterdir()) == ["Ola Øy.eml", "Åse Bø.eml"]
    mail = draft(folder / "Ola Øy.eml")
    assert [it.addr_spec for it in mail["To"].addresses] == ["ola@bygg.example"]
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().startswith("Hei, Ola!")


def test_two_of_one_name_get_a_draft_each(tmp_path: Path) -> None:
    group = """
        | name    | role     | email             | receives_mail |
        | Ola Øy  | leader   | ola@bygg.example  | ja            |
        | OLA ØY: | employee | ola2@bygg.example | ja            |
        | OLA ØY? | employee | ola3@bygg.example | ja            |
    """
    run("send", book(tmp_path / "bok.xlsx", group), "--for", "score")
    folder = tmp_path / "bok – utgave 1"
    mails = [draft(it)["To"].addresses[0].addr_spec for it in folder.iterdir()]
    assert sorted(mails) == ["ola2@bygg.example", "ola3@bygg.example", "ola@bygg.example"]


def test_a_copy_to_score_in_belongs_to_a_member(tmp_path: Path) -> None:
    done = run("send", book(tmp_path / "bok.xlsx"), "--for", "score", "--to", "ny@annen.example")
    assert done.exit == 2
    assert "ny@annen.example" in done.err


def test_a_copy_that_came_back_is_not_sent_on(tmp_path: Path) -> None:
    path = book(tmp_path / "bok.xlsx")
    run("send", path)
    attached = next(draft(tmp_path / "bok – utgave 1.eml").iter_attachments())
    copy = tmp_path / "kopi.xlsx"
    copy.write_bytes(attached.get_content())
    assert run("send", copy).exit == 2
    assert run("invite", copy).exit == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--smtp", "--outlook"), "--outlook, --smtp kan ikke brukes sammen"),
        (("--for", "alle"), "alle"),
        (("--to", "Nina"), "Ingen i gruppa heter «Nina»"),
        (("--outlook",), "Outlook nås bare fra Windows"),
        (("--smtp",), 'host = "smtp.example.no"'),
    ],
)
def test_what_makes_no_sense_is_told_and_nothing_is_written(
    tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    path = book(tmp_path / "bok.xlsx")
    before = path.read_bytes()
    done = run("send", path, *arguments)
    assert (done.exit, path.read_bytes()) == (2, before)
    assert told in done.err


def test_without_a_workbook_there_is_nothing_to_send() -> None:
    assert run("send").exit == 2


def test_a_password_is_asked_for_and_kept_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    settings_file().parent.mkdir(parents=True)
    settings_file().write_text(EXAMPLE, encoding="utf-8")
    monkeypatch.setattr(getpass, "getpass", lambda prompt: f"hemmelig for {prompt}")
    done = run("send", "--password")
    assert (done.exit, done.err) == (0, "")
    assert done.out == "Passordet til kari@example.no er lagret i maskinens nøkkelring.\n"
    kept = keyring.get_password("hmsbook", "kari@example.no")
    assert kept == "hemmelig for Passord for kari@example.no: "
    assert "hemmelig" not in settings_file().read_text("utf-8")


def test_a_run_with_a_server_tells_who_got_it(tmp_path: Path, trusted: ssl.SSLContext) -> None:
    path = book(tmp_path / "bok.xlsx")
    with serving(trusted) as (handler, settings):
        set_up(settings)
        handler.refuse["ola@bygg.example"] = "550 finnes ikke"
        done = run("send", path, "--smtp")
        assert done.exit == 1
        assert done.out.splitlines() == [
            "Utgave 1 er ikke sendt til alle.",
            "  Sendt: Kari Ås",
            "  Ikke levert: Ola Øy (finnes ikke)",
            "  Sendt: Åse Bø",
        ]


def test_meetings_and_deadlines_for_the_calendar(tmp_path: Path) -> None:
    path = book(tmp_path / "bok.xlsx")
    done = run("invite", path)
    assert done.out.startswith(f"Skrev {tmp_path / 'bok.ics'}: 1 møte, 1 frist eller evaluering.")
    assert run("invite", path, "--json", "--meetings").json == {
        "path": str(tmp_path / "bok.ics"),
        "meetings": 1,
        "days": 0,
    }
