"""Frozen records that cost nothing to import.

A dataclass writes and compiles its methods for each class, which for all the small classes of the model
takes longer than reading a workbook. These classes share theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, NoReturn, Self, dataclass_transform

# The default of a mapping.
NOTHING: Mapping[Any, Any] = MappingProxyType({})


@dataclass_transform(frozen_default=True)
class Frozen:
    """A class whose annotated fields are its arguments, in their order, and never change afterwards.

    Defaults stay attributes of the class, so they must be values that never change either.
    """

    _fields: ClassVar[tuple[str, ...]] = ()
    _required: ClassVar[frozenset[str]] = frozenset()
    _fewest: ClassVar[int] = 0

    def __init_subclass__(cls) -> None:
        own = (name for name, kind in cls.__annotations__.items() if _is_field(kind))
        cls._fields = tuple(dict.fromkeys((*cls._fields, *own)))
        cls._required = frozenset(name for name in cls._fields if not hasattr(cls, name))
        # So many arguments in their order give all required fields a value.
        cls._fewest = max(
            (place for place, name in enumerate(cls._fields, 1) if name in cls._required), default=0
        )

    def __init__(self, *args: Any, **values: Any) -> None:
        if values or not self._fewest <= len(args) <= len(self._fields):
            self._refuse_wrong(args, values)
        self.__dict__.update(zip(self._fields, args, strict=False), **values)

    def _refuse_wrong(self, args: tuple[Any, ...], values: Mapping[str, object]) -> None:
        given = set(self._fields[: len(args)])
        if len(args) > len(self._fields) or given & values.keys():
            raise TypeError(f"{type(self).__name__} takes its fields once: {', '.join(self._fields)}")
        given |= values.keys()
        if wrong := self._required - given or given - set(self._fields):
            raise TypeError(f"{type(self).__name__} lacks or does not have: {', '.join(sorted(wrong))}")

    def but(self, **values: Any) -> Self:
        """The same with other values in some fields."""
        return type(self)(**{name: getattr(self, name) for name in self._fields} | values)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"cannot delete field {name!r}")

    def _values(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self._fields)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._values() == other._values()

    def __hash__(self) -> int:
        return hash(self._values())

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._fields)
        return f"{type(self).__qualname__}({shown})"


def _is_field(annotation: object) -> bool:
    return not str(annotation).startswith("ClassVar")
