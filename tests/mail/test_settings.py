"""The person's settings and password: right, or told what is wrong; the password never in a file."""

from __future__ import annotations

from pathlib import Path

import keyring
import pytest
from keyring.backends.fail import Keyring

from hmsbook.errors import MailError
from hmsbook.exchange.home import settings_file
from hmsbook.exchange.passwords import keep_password, password_of
from hmsbook.exchange.settings import EXAMPLE, Smtp, mail_user, smtp_settings


def put(text: str) -> Path:
    path = settings_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def key_of(text: str) -> str:
    put(text)
    with pytest.raises(MailError) as caught:
        smtp_settings()
    assert caught.value.params["path"] == str(settings_file())
    return str(caught.value.params.get("setting", caught.value.key))


def test_the_example_works_as_it_stands() -> None:
    put(EXAMPLE)
    expected = Smtp("smtp.example.no", 587, "starttls", "kari@example.no", "kari@example.no", "Kari Nes")
    assert smtp_settings() == expected
    assert mail_user() == "kari@example.no"


def test_the_page_on_use_shows_the_example() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "usage.md"
    assert f"```toml{EXAMPLE}```" in page.read_text("utf-8")


def test_few_settings_are_needed() -> None:
    put('[smtp]\nhost = "post"\nsecurity = "tls"\nfrom = "hms@bygg.example"')
    assert smtp_settings() == Smtp("post", 465, "tls", "hms@bygg.example")
    with pytest.raises(MailError, match="no_user"):
        mail_user()


def test_without_settings_it_is_told_what_to_write() -> None:
    with pytest.raises(MailError) as caught:
        smtp_settings()
    assert caught.value.key == "mail_settings_missing"
    assert caught.value.params == {"path": str(settings_file()), "example": EXAMPLE}


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "mail_settings_missing"),
        ("[smtp", "mail_settings_unread"),
        ('[smtp]\nfrom = "a@b.no"', "host"),
        ('[smtp]\nhost = "post"', "from"),
        ('[smtp]\nhost = "post"\nfrom = "a@b.no"\nsecurity = "none"', "security"),
        ('[smtp]\nhost = "post"\nfrom = "a@b.no"\nport = "25"', "port"),
        ('[smtp]\nhost = "post"\nfrom = "a@b.no"\nport = true', "port"),
        ('[smtp]\nhost = "post"\nfrom = "a@b.no"\nport = 0', "port"),
        ('[smtp]\nhost = 3\nfrom = "a@b.no"', "host"),
        ('[smtp]\nhost = "post"\nfrom = "a@b.no"\nuser = "k\\r\\nx"', "user"),
        ('[smtp]\nhost = "post"\nfrom = "a@b.no"\npassword = "hemmelig"', "password"),
    ],
)
def test_what_is_wrong_is_told_by_name(text: str, wrong: str) -> None:
    assert key_of(text) == wrong


def test_a_password_in_the_file_is_not_repeated() -> None:
    put('[smtp]\nhost = "post"\nfrom = "a@b.no"\npassword = "hemmelig"')
    with pytest.raises(MailError) as caught:
        smtp_settings()
    assert "hemmelig" not in str(caught.value)


def test_a_password_is_kept_in_the_key_store() -> None:
    with pytest.raises(MailError, match="no_password"):
        password_of("kari")
    keep_password("kari", "sjø")
    assert password_of("kari") == "sjø"
    assert keyring.get_password("hmsbook", "kari") == "sjø"


def test_a_machine_without_a_key_store_says_so() -> None:
    keyring.set_keyring(Keyring())
    with pytest.raises(MailError, match="no_key_store"):
        password_of("kari")
    with pytest.raises(MailError, match="no_key_store"):
        keep_password("kari", "x")
