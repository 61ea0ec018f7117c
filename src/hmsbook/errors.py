"""What can go wrong, without words: keys that the text files turn into sentences."""

from __future__ import annotations

# How the name of a log begins, in the folder for temporary files.
LOG_PREFIX = "hmsbook-feil-"


class HmsbookError(Exception):
    """Something that cannot go on.

    `key` names a sentence under `errors` in the text files, `params` fill its blanks.
    """

    def __init__(self, key: str, **params: object) -> None:
        super().__init__(key, params)
        self.key = key
        self.params = params

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.key} ({details})" if details else self.key


class PackageError(HmsbookError):
    """A file that is no workbook we can read, or one we refuse to touch."""


class SaveError(HmsbookError):
    """A result that could not be put where it belongs; the old file is as it was."""


class ExcelError(HmsbookError):
    """An open workbook that cannot be read or written now; it is as it was."""


class UsageError(HmsbookError):
    """A request that makes no sense: an unknown option, key or value."""


class MailError(HmsbookError):
    """A mail that cannot be made or sent; what was sent before it is sent."""


class LeakError(HmsbookError):
    """Something that would leave the building and must not; nothing has been written."""
