"""Mail reaches a real server, or it is said why not; never without encryption, never to a stranger."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable

import pytest

from hmsbook.errors import MailError
from hmsbook.exchange.settings import Smtp
from hmsbook.exchange.smtp import LostError, RefusedError, connected
from tests.mail.server import PASSWORD, serving

LETTER = b"Subject: Hei\r\n\r\nHei.\r\n.punktum\r\n"
ANNA, OLA = "anna@bygg.example", "ola@bygg.example"


def nothing() -> None:
    """Nobody needs to know."""


def refusal(settings: Smtp, password: str = PASSWORD) -> MailError:
    with pytest.raises(MailError) as caught, connected(settings, password, patience=5):
        pass
    return caught.value


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_letter_arrives(trusted: ssl.SSLContext, security: str) -> None:
    with serving(trusted, security=security) as (handler, settings):
        with connected(settings, PASSWORD) as post:
            post.send(LETTER, ANNA, nothing)
            post.send(LETTER, OLA, nothing)
        assert handler.taken == [(ANNA, LETTER), (OLA, LETTER)]


@pytest.mark.parametrize("password", ["feil", "helt-feil-å"])
def test_a_wrong_password_is_told_and_not_repeated(trusted: ssl.SSLContext, password: str) -> None:
    with serving(trusted) as (_, settings):
        found = refusal(settings, password)
    assert found.key == "mail_login"
    assert password not in str(found)


def test_a_server_nobody_vouches_for_gets_nothing(known: tuple[object, ssl.SSLContext]) -> None:
    with serving(known[1]) as (handler, settings):
        assert refusal(settings).key == "mail_certificate"
        assert handler.taken == []


def test_a_server_by_another_name_gets_nothing(trusted: ssl.SSLContext) -> None:
    with serving(trusted) as (_, settings):
        assert refusal(settings.but(host="localhost.localdomain")).key in (
            "mail_certificate",
            "mail_unreachable",
        )
        assert refusal(settings.but(host="127.0.0.2")).key in ("mail_certificate", "mail_unreachable")


def test_without_encryption_nothing_is_sent() -> None:
    with serving(None) as (handler, settings):
        assert refusal(settings).key == "mail_no_tls"
        assert refusal(settings.but(security="tls")).key == "mail_no_tls"
        assert handler.taken == []


def test_nobody_listens() -> None:
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    assert refusal(Smtp("localhost", port, "starttls", ANNA)).key == "mail_unreachable"
    assert refusal(Smtp("finnes-ikke.invalid", 587, "tls", ANNA)).key == "mail_unreachable"


def test_a_silent_server_is_given_up() -> None:
    with socket.socket() as silent:
        silent.bind(("localhost", 0))
        silent.listen()
        settings = Smtp("localhost", silent.getsockname()[1], "starttls", ANNA)
        with pytest.raises(MailError) as caught, connected(settings, "", patience=0.3):
            pass
    assert caught.value.key == "mail_unreachable"


def refuse_at_once(handler: object) -> None:
    handler.refuse[ANNA] = "550 ukjent"  # type: ignore[attr-defined]


def refuse_content(handler: object) -> None:
    handler.refuse_data[ANNA] = "554 nei takk"  # type: ignore[attr-defined]


def busy(handler: object) -> None:
    handler.refuse[ANNA] = "451 prøv igjen"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("tell", "code", "again"),
    [(refuse_at_once, 550, False), (refuse_content, 554, False), (busy, 451, True)],
)
def test_one_is_refused_and_the_next_is_not(
    trusted: ssl.SSLContext, tell: Callable[[object], None], code: int, again: bool
) -> None:
    with serving(trusted) as (handler, settings):
        tell(handler)
        with connected(settings, PASSWORD) as post:
            with pytest.raises(RefusedError) as caught:
                post.send(LETTER, ANNA, nothing)
            post.send(LETTER, OLA, nothing)
        assert (caught.value.params["code"], caught.value.again) == (code, again)
        assert handler.got == [OLA]


@pytest.mark.parametrize(("where", "sure"), [("drop_before", True), ("drop_after", False)])
def test_a_server_that_is_gone_may_have_taken_it_or_not(
    trusted: ssl.SSLContext, where: str, sure: bool
) -> None:
    begun = threading.Event()
    with serving(trusted) as (handler, settings):
        getattr(handler, where).add(ANNA)
        with pytest.raises(LostError) as caught, connected(settings, PASSWORD) as post:
            post.send(LETTER, ANNA, begun.set)
    assert caught.value.sure == sure
    assert begun.is_set() != sure


def test_the_server_says_how_much_it_takes(trusted: ssl.SSLContext) -> None:
    with serving(trusted, size=4000) as (_, settings), connected(settings, PASSWORD) as post:
        assert post.largest == 4000
        with pytest.raises(RefusedError):
            post.send(b"Subject: x\r\n\r\n" + b"x" * 70 + b"\r\n" * 4000, ANNA, nothing)


@pytest.mark.parametrize("host", ["smtp..example", ".example", "ø" * 70])
def test_a_name_that_no_server_has_is_told(host: str) -> None:
    assert refusal(Smtp(host, 587, "starttls", "kari@x.no")).key == "mail_unreachable"


def test_a_user_with_letters_of_its_own_is_refused_like_any_other(trusted: ssl.SSLContext) -> None:
    with serving(trusted) as (_, settings):
        error = refusal(settings.but(user="kåre"))
    assert error.key == "mail_login"
    assert PASSWORD not in str(error.params)
