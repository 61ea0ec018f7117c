"""A real mail server on this machine, with an authority of its own, that can be told to misbehave."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hmsbook.exchange.settings import Smtp

USER, PASSWORD = "kari@bygg.example", "hemmelig-sjø-42"
DAY = dt.timedelta(days=1)


def authority(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """The certificate of a new authority, and what a server called localhost shows that it vouched for."""
    key, own = _key(), _name("Testautoritet")
    root = _certificate(own, own, key, key).add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
    server_key = _key()
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    leaf = _certificate(_name("localhost"), own, server_key, key)
    leaf = leaf.add_extension(x509.SubjectAlternativeName(names), False)
    trusted, shown = folder / "authority.pem", folder / "server.pem"
    trusted.write_bytes(root.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    secret = server_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    shown.write_bytes(leaf.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM) + secret)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(shown)
    return trusted, context


def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    authority_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - DAY).not_valid_after(now + DAY)
    return builder.add_extension(identifier, False).add_extension(authority_id, False)


class Handler:
    """Keeps what comes in, and does to some addresses what a test asks for."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, bytes]] = []
        self.refuse: dict[str, str] = {}
        self.refuse_data: dict[str, str] = {}
        self.drop_before: set[str] = set()
        self.drop_after: set[str] = set()
        self.stall: set[str] = set()
        self.stall_before: set[str] = set()
        self.at_mail: Callable[[], object] | None = None
        self.stalled = threading.Event()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take an address, or not."""
        if address in self.drop_before:
            self.drop_before.discard(address)
            _hang_up(server)
        if address in self.stall_before:
            await self._stall()
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep a mail, or not."""
        to = envelope.rcpt_tos[0]
        if to in self.refuse_data:
            return self.refuse_data[to]
        content = envelope.content
        assert isinstance(content, bytes)
        self.taken.append((to, content))
        if self.at_mail:
            self.at_mail()
        if to in self.stall:
            await self._stall()
        if to in self.drop_after:
            self.drop_after.discard(to)
            _hang_up(server)
        return "250 OK"

    async def _stall(self) -> None:
        """Let whoever waits for an answer wait, and tell the test."""
        self.stalled.set()
        await asyncio.sleep(60)

    @property
    def got(self) -> list[str]:
        """Who was sent something, in order."""
        return [to for to, _ in self.taken]

    def mail(self, to: str) -> EmailMessage:
        """The mail somebody got."""
        found = message_from_bytes(next(data for who, data in self.taken if who == to), policy=default)
        assert isinstance(found, EmailMessage)
        return found


def _hang_up(server: SMTP) -> None:
    """Be gone without a word."""
    transport: Any = server.transport
    transport.abort()


def _authenticate(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object
) -> AuthResult:
    fits = isinstance(data, LoginPassword)
    right = fits and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


class _Local(Controller):
    """A server on whichever port is free."""

    def _trigger_server(self) -> None:
        """Open a connection, as the controller wants: its own way would be to port 0."""
        self.port = self.server.sockets[0].getsockname()[1]
        with socket.create_connection((self.hostname, self.port), 5):
            pass


@contextmanager
def serving(
    context: ssl.SSLContext | None, *, security: str = "starttls", size: int = 33_554_432
) -> Iterator[tuple[Handler, Smtp]]:
    """A server, and the settings to reach it."""
    handler = Handler()
    way: dict[str, Any] = {"ssl_context": context, "auth_require_tls": False, "auth_required": False}
    if security == "starttls":
        encrypts = context is not None
        way = dict.fromkeys(("require_starttls", "auth_require_tls", "auth_required"), encrypts)
        way["tls_context"] = context
    controller = _Local(
        handler,
        hostname="localhost",
        port=0,
        data_size_limit=size,
        authenticator=_authenticate,
        **way,
    )
    controller.start()
    try:
        yield handler, Smtp("localhost", controller.port, security, USER, USER, "Kari Ås")
    finally:
        controller.stop(no_assert=True)
