"""Mail to a server: the only module of hmsbook that uses the network, and only when somebody asks it to.

The server is the one the person has set, the way to it is encrypted, and whose it is gets checked: always.
"""

from __future__ import annotations

import base64
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from hmsbook.errors import MailError
from hmsbook.exchange.mail import plain_address
from hmsbook.exchange.settings import Smtp

# So many seconds a server may be silent.
PATIENCE = 60.0
_LET_IN = 235


class RefusedError(MailError):
    """A mail that the server did not take: for good, or `again` may go well later."""

    @property
    def again(self) -> bool:
        """Whether the server asks for another try later."""
        return 400 <= int(str(self.params["code"])) < 500


class LostError(MailError):
    """The server was gone in the middle: `sure` says that it cannot have taken the mail."""

    @property
    def sure(self) -> bool:
        """Whether the mail is not sent, for sure."""
        return bool(self.params["sure"])


class Post:
    """A server that takes mail, logged in to."""

    def __init__(self, client: smtplib.SMTP, settings: Smtp) -> None:
        self._client = client
        self._settings = settings

    @property
    def largest(self) -> int | None:
        """The largest mail the server says it takes, in bytes; None where it does not say."""
        found = self._client.esmtp_features.get("size", "")
        return int(found) if found.isdecimal() and int(found) > 0 else None

    def send(self, data: bytes, to: str, begun: Callable[[], None]) -> None:
        """Send one mail to one address; `begun` is called at the last moment when it is not sent for sure.

        Raises RefusedError and LostError.
        """
        client, sure = self._client, True
        try:
            client.rset()
            _taken(client.mail(plain_address(self._settings.sender)))
            _taken(client.rcpt(plain_address(to)))
            begun()
            sure = False
            _taken(client.data(data))
        except smtplib.SMTPDataError as error:
            raise _refused(error.smtp_code, error.smtp_error) from None
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            raise LostError("mail_lost", sure=sure, reason=_said(error)) from None


def _taken(answer: tuple[int, bytes]) -> None:
    code, text = answer
    if code >= 400:
        raise _refused(code, text)


def _refused(code: int, text: bytes | str) -> RefusedError:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return RefusedError("mail_refused", code=code, reason=" ".join(said.split()))


@contextmanager
def connected(settings: Smtp, password: str, patience: float = PATIENCE) -> Iterator[Post]:
    """A server to send with; MailError where none is reached, it is not who it should be, or says no."""
    client = _opened(settings, patience)
    try:
        _log_in(client, settings, password)
        yield Post(client, settings)
    finally:
        with suppress(smtplib.SMTPException, OSError):
            client.quit()
        client.close()


def _opened(settings: Smtp, patience: float) -> smtplib.SMTP:
    where = {"host": settings.host, "port": settings.port}
    try:
        if settings.security == "tls":
            return smtplib.SMTP_SSL(settings.host, settings.port, timeout=patience, context=_trust())
        client = smtplib.SMTP(settings.host, settings.port, timeout=patience)
        try:
            client.starttls(context=_trust())
        except BaseException:
            client.close()
            raise
        else:
            return client
    except ssl.SSLCertVerificationError as error:
        raise MailError("mail_certificate", reason=error.verify_message, **where) from None
    except UnicodeError:
        # What no name of a server can be.
        raise MailError("mail_unreachable", reason=settings.host, **where) from None
    except smtplib.SMTPConnectError as error:
        raise MailError("mail_unreachable", reason=_said(error), **where) from None
    except (smtplib.SMTPNotSupportedError, smtplib.SMTPResponseException, ssl.SSLError) as error:
        raise MailError("mail_no_tls", reason=_said(error), **where) from None
    except (smtplib.SMTPException, OSError) as error:
        raise MailError("mail_unreachable", reason=_said(error), **where) from None


def _trust() -> ssl.SSLContext:
    """Encryption with whoever a known authority vouches for by name."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _log_in(client: smtplib.SMTP, settings: Smtp, password: str) -> None:
    try:
        client.ehlo_or_helo_if_needed()
        if settings.user and (settings.user + password).isascii():
            client.login(settings.user, password)
        elif settings.user:
            _log_in_plain(client, settings.user, password)
    except smtplib.SMTPAuthenticationError:
        # What the server says may hold what was sent.
        raise MailError("mail_login", user=settings.user, host=settings.host) from None
    except (smtplib.SMTPException, OSError) as error:
        raise MailError(
            "mail_unreachable", reason=_said(error), host=settings.host, port=settings.port
        ) from None


def _log_in_plain(client: smtplib.SMTP, user: str, password: str) -> None:
    """Log in with a password that has «æ» in it, which smtplib cannot write and RFC 4616 can."""
    secret = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
    code, said = client.docmd("AUTH", f"PLAIN {secret}")
    if code != _LET_IN:
        raise smtplib.SMTPAuthenticationError(code, said)


def _said(error: Exception) -> str:
    """What went wrong in the system's or the server's own words."""
    if isinstance(error, smtplib.SMTPResponseException):
        return str(_refused(error.smtp_code, error.smtp_error).params["reason"])
    if isinstance(error, TimeoutError):
        return "timeout"
    return str(getattr(error, "strerror", None) or error) or type(error).__name__
