"""The registry of Windows: the only module that touches it, through Python's own `winreg`."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

_HIVES = {"HKCU": "HKEY_CURRENT_USER", "HKLM": "HKEY_LOCAL_MACHINE"}


class Registry:
    r"""Values by key and name, keys as `HKCU\Software\...`; nothing at all where there is no registry.

    What may not be read counts as absent. Always the 64-bit view: the other one is named `WOW6432Node`.
    """

    def __init__(self, winreg: Any = None) -> None:
        self._api = winreg

    def read(self, key: str, name: str) -> Any:
        """The value, None when there is none."""
        return self.values(key).get(name.casefold())

    def values(self, key: str) -> dict[str, Any]:
        """All values of a key by their names in small letters, as Windows compares them."""
        found: dict[str, Any] = {}
        if self._api is None:
            return found
        with suppress(OSError), self._opened(key, self._api.KEY_READ) as handle:
            for place in range(self._api.QueryInfoKey(handle)[1]):
                name, value, _ = self._api.EnumValue(handle, place)
                found[name.casefold()] = value
        return found

    def has(self, key: str) -> bool:
        """Whether there is such a key."""
        if self._api is None:
            return False
        with suppress(OSError), self._opened(key, self._api.KEY_READ):
            return True
        return False

    def write(self, key: str, values: Mapping[str, str]) -> None:
        """Set these values as texts, in a key that is made when it is not there; OSError when refused."""
        access = self._api.KEY_WRITE | self._api.KEY_WOW64_64KEY
        with self._api.CreateKeyEx(*self._place(key), 0, access) as handle:
            for name, value in values.items():
                self._api.SetValueEx(handle, name, 0, self._api.REG_SZ, value)

    def delete(self, key: str, name: str) -> None:
        """Remove a value; OSError when refused."""
        with suppress(FileNotFoundError), self._opened(key, self._api.KEY_SET_VALUE) as handle:
            self._api.DeleteValue(handle, name)

    def delete_empty(self, key: str) -> bool:
        """Remove a key without values and keys below; False when it is not there or not empty."""
        with suppress(FileNotFoundError):
            with self._opened(key, self._api.KEY_READ) as handle:
                below, values, _ = self._api.QueryInfoKey(handle)
            if below == values == 0:
                self._api.DeleteKeyEx(*self._place(key), self._api.KEY_WOW64_64KEY, 0)
                return True
        return False

    def _opened(self, key: str, access: int) -> Any:
        return self._api.OpenKeyEx(*self._place(key), 0, access | self._api.KEY_WOW64_64KEY)

    def _place(self, key: str) -> tuple[Any, str]:
        hive, _, below = key.partition("\\")
        return getattr(self._api, _HIVES[hive]), below
