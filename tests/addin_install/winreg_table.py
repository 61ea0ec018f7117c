r"""Python's `winreg` over a drawn table, so that the module that uses it runs anywhere.

A line is a key, or a key with a name and a value between bars:

HKCU\Software\Policies\Microsoft\Office\16.0\Excel\Security | VBAWarnings | 4

A value of digits is a number, `utf-16:...` is bytes, all else is text.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

HIVES = ("HKEY_CURRENT_USER", "HKEY_LOCAL_MACHINE")
_SHORT = {"HKCU": HIVES[0], "HKLM": HIVES[1]}
_LONG = {long: short for short, long in _SHORT.items()}


class Handle:
    """An open key."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __enter__(self) -> Handle:
        return self

    def __exit__(self, *_: object) -> None:
        pass


class WinregTable:
    """The functions and constants of `winreg` that hmsbook uses, as Windows answers them."""

    HKEY_CURRENT_USER, HKEY_LOCAL_MACHINE = HIVES
    KEY_READ, KEY_WRITE, KEY_SET_VALUE, KEY_WOW64_64KEY = 0x20019, 0x20006, 0x0002, 0x0100
    REG_SZ = 1

    def __init__(self, drawn: str = "", denied: Collection[str] = ()) -> None:
        # By the key in small letters, as Windows compares: the key as it was made, and its values.
        self.keys: dict[str, tuple[str, dict[str, tuple[str, Any]]]] = {}
        self.denied = {self._full(*self._split(key)).casefold() for key in denied}
        for hive in HIVES:
            self.keys[hive.casefold()] = (hive, {})
        for line in filter(None, map(str.strip, drawn.splitlines())):
            self._draw(*(part.strip() for part in line.split("|")))

    def _draw(self, key: str, name: str | None = None, value: str = "") -> None:
        path = self._make(self._full(*self._split(key)))
        if name is not None:
            self.keys[path.casefold()][1][name.casefold()] = (name, _typed(value))

    def table(self) -> list[str]:
        """All keys and values, drawn; what differs between two of them has changed."""
        lines = []
        for path, values in self.keys.values():
            hive, _, below = path.partition("\\")
            key = "\\".join(filter(None, (_LONG[hive], below)))
            lines += [key, *(f"{key} | {name} | {value!r}" for name, value in values.values())]
        return sorted(lines)

    @staticmethod
    def _split(key: str) -> tuple[str, str]:
        hive, _, below = key.partition("\\")
        return _SHORT[hive], below

    @staticmethod
    def _full(hive: str, below: str) -> str:
        return f"{hive}\\{below}" if below else hive

    def _make(self, path: str) -> str:
        parts = path.split("\\")
        for count in range(1, len(parts) + 1):
            part = "\\".join(parts[:count])
            self.keys.setdefault(part.casefold(), (part, {}))
        return path

    def _checked(self, path: str) -> Handle:
        if any(path.casefold().startswith(key) for key in self.denied):
            raise PermissionError(13, "Access is denied")
        return Handle(path.casefold())

    def OpenKeyEx(self, hive: str, below: str, reserved: int, access: int) -> Handle:  # noqa: N802
        """A key that is there."""
        assert (reserved, access & self.KEY_WOW64_64KEY) == (0, self.KEY_WOW64_64KEY)
        path = self._full(hive, below)
        if path.casefold() not in self.keys:
            raise FileNotFoundError(2, "The system cannot find the file specified")
        return self._checked(path)

    def CreateKeyEx(self, hive: str, below: str, reserved: int, access: int) -> Handle:  # noqa: N802
        """A key, made with those above it when it is not there."""
        assert (reserved, access & self.KEY_WRITE) == (0, self.KEY_WRITE)
        handle = self._checked(self._full(hive, below))
        self._make(self._full(hive, below))
        return handle

    def QueryInfoKey(self, handle: Handle) -> tuple[int, int, int]:  # noqa: N802
        """How many keys and values a key has."""
        return len(self._below(handle.path)), len(self.keys[handle.path][1]), 0

    def EnumValue(self, handle: Handle, place: int) -> tuple[str, Any, int]:  # noqa: N802
        """The name, value and kind of one value."""
        return (*list(self.keys[handle.path][1].values())[place], self.REG_SZ)

    def SetValueEx(self, handle: Handle, name: str, reserved: int, kind: int, value: str) -> None:  # noqa: N802
        """Set a text."""
        assert (reserved, kind, type(value)) == (0, self.REG_SZ, str)
        self.keys[handle.path][1][name.casefold()] = (name, value)

    def DeleteValue(self, handle: Handle, name: str) -> None:  # noqa: N802
        """Remove a value that is there."""
        if self.keys[handle.path][1].pop(name.casefold(), None) is None:
            raise FileNotFoundError(2, "The system cannot find the file specified")

    def DeleteKeyEx(self, hive: str, below: str, access: int, reserved: int) -> None:  # noqa: N802
        """Remove a key without keys below."""
        assert (access, reserved) == (self.KEY_WOW64_64KEY, 0)
        handle = self._checked(self._full(hive, below))
        if self._below(handle.path):
            raise PermissionError(13, "A key with keys below cannot be deleted")
        del self.keys[handle.path]

    def _below(self, path: str) -> list[str]:
        return [key for key in self.keys if key.rpartition("\\")[0] == path]


def _typed(value: str) -> Any:
    if value.startswith("utf-16:"):
        return value.removeprefix("utf-16:").encode("utf-16-le")
    return int(value) if value.isdecimal() else value
