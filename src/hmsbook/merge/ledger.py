"""What was taken from copies before: the same is never taken twice, and later returns go on from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from hmsbook.model.raw import Value

_BETWEEN = "|"


class Ledger:
    """Keys and values in the order they were noted; the oldest give way."""

    def __init__(self, entries: Iterable[Sequence[Value]] = ()) -> None:
        self._entries = {str(key): str(value or "") for key, value, *_ in entries if key not in (None, "")}

    def rows(self, most: int) -> tuple[tuple[Value, ...], ...]:
        """The newest entries, as the workbook keeps them."""
        return tuple(self._entries.items())[-most:]

    def space(self, *parts: object) -> Space:
        """The entries of one copy."""
        return Space(self._entries, _joined(*parts))


class Space:
    """What was taken from one copy: by table, row and column, what stood there in it."""

    def __init__(self, entries: dict[str, str], prefix: str) -> None:
        self._all, self._prefix = entries, prefix + _BETWEEN

    def get(self, *parts: object) -> str | None:
        """What was noted; None where nothing was."""
        return self._all.get(self._prefix + _joined(*parts))

    def note(self, value: str, *parts: object) -> None:
        """Note that this was taken, or is known to have been left."""
        key = self._prefix + _joined(*parts)
        self._all.pop(key, None)
        self._all[key] = value

    def entries(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """All that was noted of the copy."""
        for key, value in self._all.items():
            if key.startswith(self._prefix):
                yield tuple(key.removeprefix(self._prefix).split(_BETWEEN)), value


def _joined(*parts: object) -> str:
    """The parts of a key as one text; what parts them stands in none."""
    return _BETWEEN.join(str(part).replace(_BETWEEN, "/") for part in parts)
