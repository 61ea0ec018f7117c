"""The key store of a process that a test starts."""

from __future__ import annotations

from keyring.backend import KeyringBackend

from tests.mail.server import PASSWORD


class OneStore(KeyringBackend):
    """Knows the password of the test's server, whoever asks."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:  # noqa: ARG002 - keyring's names
        """What the server wants to hear."""
        return PASSWORD

    def set_password(self, service: str, username: str, password: str) -> None:
        """Nothing is kept."""
