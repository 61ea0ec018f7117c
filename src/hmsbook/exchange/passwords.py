"""The password of the mail server, in the system's own key store and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from hmsbook.errors import MailError

SERVICE = "hmsbook"


def password_of(user: str) -> str:
    """The password that was stored for a user; MailError where there is none."""
    with _store() as store:
        found = store.get_password(SERVICE, user)
    if not found:
        raise MailError("no_password", user=user)
    return str(found)


def keep_password(user: str, password: str) -> None:
    """Store a user's password in the system's key store."""
    with _store() as store:
        store.set_password(SERVICE, user, password)


@contextmanager
def _store() -> Iterator[ModuleType]:
    import keyring
    from keyring.errors import KeyringError

    try:
        yield keyring
    except KeyringError as reason:
        # What a key store says of itself may go on for lines.
        said = str(reason).partition("\n")[0]
        raise MailError("no_key_store", reason=said or type(reason).__name__) from None
