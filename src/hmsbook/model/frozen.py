"""Frozen records that cost nothing to import.

A dataclass writes and compiles its methods for each class, which for all the small classes of the model
takes longer than reading a workbook. These classes share theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import FrozenInstanceError
from inspect import get_annotations
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

    def __init_subclass__(cls) -> None:
        own = (name for name, kind in get_annotations(cls).items() if _is_field(kind))
        cls._fields = tuple(dict.fromkeys((*cls._fields, *own)))
        cls._required = frozenset(name for name in cls._fields if not hasattr(cls, name))

    def __init__(self, *args: Any, **values: Any) -> None:
        given = dict(zip(self._fields, args, strict=False))
        if len(args) > len(self._fields) or given.keys() & values.keys():
            raise TypeError(f"{type(self).__name__} takes its fields once: {', '.join(self._fields)}")
        given |= values
        self._refuse(given)
        self.__dict__.update(given)

    def _refuse(self, given: Mapping[str, object]) -> None:
        if wrong := self._required - given.keys() or given.keys() - set(self._fields):
            raise TypeError(f"{type(self).__name__} lacks or does not have: {', '.join(sorted(wrong))}")

    def but(self, **values: Any) -> Self:
        """The same with other values in some fields."""
        return type(self)(**{name: getattr(self, name) for name in self._fields} | values)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> NoReturn:
        raise FrozenInstanceError(f"cannot delete field {name!r}")

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
