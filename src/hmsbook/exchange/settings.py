"""The person's settings for mail: a file with a section, never with a password."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import tomli

from hmsbook.errors import MailError
from hmsbook.exchange.home import settings_file
from hmsbook.letters.recipients import is_mailable
from hmsbook.model.frozen import Frozen

# How the way to a server is made safe, and the port that usually goes with it. There is no third way.
PORTS = {"starttls": 587, "tls": 465}
_KNOWN = ("host", "port", "security", "user", "from", "name")
# What to write, as settings are asked for.
EXAMPLE = """
[smtp]
host = "smtp.example.no"
security = "starttls"
user = "kari@example.no"
from = "kari@example.no"
name = "Kari Nes"
"""


class Smtp(Frozen):
    """A mail server and who sends: without `user` the server asks for no password."""

    host: str
    port: int
    security: str
    sender: str
    user: str = ""
    name: str = ""


def smtp_settings(path: Path | None = None) -> Smtp:
    """The settings of the mail server; MailError says where they belong, and which is wrong."""
    file = path or settings_file()
    found = _section(file)
    if unknown := set(found) - set(_KNOWN):
        raise _wrong(file, min(unknown), found[min(unknown)])
    security = found.get("security", "starttls")
    if security not in PORTS:
        raise _wrong(file, "security", security)
    port = found.get("port", PORTS[security])
    if type(port) is not int or not 0 < port < 65536:
        raise _wrong(file, "port", port)
    texts = {key: _text(file, found, key) for key in ("host", "user", "from", "name")}
    sender = texts["from"] or texts["user"]
    if not texts["host"]:
        raise _wrong(file, "host", "")
    if not is_mailable(sender):
        raise _wrong(file, "from", sender)
    return Smtp(texts["host"], port, security, sender, texts["user"], texts["name"])


def mail_user() -> str:
    """Who logs in to the mail server; MailError where nobody does, and so no password is needed."""
    settings = smtp_settings()
    if not settings.user:
        raise MailError("no_user", path=str(settings_file()))
    return settings.user


def _section(file: Path) -> dict[str, Any]:
    try:
        found = tomli.loads(file.read_text(encoding="utf-8-sig")).get("smtp")
    except FileNotFoundError:
        found = None
    except (OSError, ValueError) as reason:
        raise MailError("mail_settings_unread", path=str(file), reason=str(reason)) from None
    if not isinstance(found, dict):
        raise MailError("mail_settings_missing", path=str(file), example=EXAMPLE)
    return found


def _text(file: Path, found: dict[str, Any], key: str) -> str:
    text = found.get(key, "")
    if not isinstance(text, str) or not text.isprintable():
        raise _wrong(file, key, text)
    return text.strip()


def _wrong(file: Path, key: str, found: object) -> MailError:
    # A password that was written here by mistake is not repeated on the screen.
    shown = "…" if key not in _KNOWN else found
    return MailError("mail_setting_wrong", path=str(file), setting=key, found=shown, known=", ".join(_KNOWN))
