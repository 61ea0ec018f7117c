"""What COM is made of: objects with Excel's members, errors as pywin32 raises them, and counted calls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Generic, TypeVar

from tests.support.office import Office, OfficeError

Member = TypeVar("Member", bound="ComObject")

EXCEPTION = -2147352567  # DISP_E_EXCEPTION: Excel refused, and says why
REJECTED = -2147418111  # RPC_E_CALL_REJECTED: a cell is being edited, or a dialog is open
REFUSED = -2146827284  # Excel's 1004

_WRITES = frozenset(
    "activate_book activate_sheet add_name calculate clear close_book freeze lock open_book protect "
    "protect_book remove_name resize_table save scroll select set_automatic set_height set_hidden "
    "set_modified set_number_format set_status set_width write".split()
)


class ComError(Exception):
    """What `pywintypes.com_error` is on Windows, with the same four parts."""

    def __init__(self, hresult: int, strerror: str, excepinfo: tuple[Any, ...] | None = None) -> None:
        super().__init__(hresult, strerror, excepinfo, None)
        self.hresult = hresult
        self.strerror = strerror
        self.excepinfo = excepinfo
        self.argerror = None


def refused(why: str) -> ComError:
    """Return the error of something Excel does not do, number 1004."""
    return ComError(EXCEPTION, "Exception occurred.", (0, "Microsoft Excel", why, None, 0, REFUSED))


class Calls:
    """How often the program was reached, and which COM members were used.

    `reads` and `writes` are trips to LibreOffice. `members` counts what a caller touched, each of which is a
    call between processes with Excel: it also shows a loop over cells that never reached the program.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Start counting anew."""
        self.reads = 0
        self.writes = 0
        self.operations: Counter[str] = Counter()
        self.members: Counter[str] = Counter()

    def trip(self, operation: str) -> None:
        """Count one trip to the program."""
        self.operations[operation] += 1
        if operation in _WRITES:
            self.writes += 1
        else:
            self.reads += 1


class Bridge:
    """The way to LibreOffice: one operation is one trip. `editing` plays a person who is in a cell."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self.calls = Calls()
        self.editing = False
        office.start()
        office.ask("load", {"name": "excel", "module": "tests.support.xlwings_uno.operations"})

    def ask(self, operation: str, **arguments: object) -> Any:
        """Let LibreOffice do one operation and return what it gave."""
        self.answers()
        self.calls.trip(operation)
        try:
            return self._office.ask(f"excel.{operation}", arguments)
        except OfficeError as problem:
            kind, _, why = str(problem).partition("\n")[0].partition(": ")
            if kind == "RefusedError":
                raise refused(why) from None
            raise

    def general(self, operation: str, **arguments: object) -> Any:
        """Let LibreOffice do one of the operations that every test has."""
        self.answers()
        self.calls.operations[operation] += 1
        self.calls.writes += 1
        return self._office.ask(operation, arguments)

    def number(self) -> int:
        """Return a number that no document has."""
        return self._office.number()

    def answers(self) -> None:
        """Raise what every call raises while a person is in a cell."""
        if self.editing:
            raise ComError(REJECTED, "Call was rejected by callee.")


class ComObject:
    """An object of Excel's model; what it does not have here raises, when read and when set."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    def _title(self) -> str:
        """Return the name that a collection finds it by."""
        raise NotImplementedError(f"a {type(self).__name__} by name")

    def __getattribute__(self, name: str) -> Any:
        if name[0].isupper():
            object.__getattribute__(self, "_bridge").calls.members[f"{type(self).__name__}.{name}"] += 1
        return object.__getattribute__(self, name)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        raise NotImplementedError(f"{type(self).__name__}.{name} is not imitated")

    def __setattr__(self, name: str, value: object) -> None:
        member = getattr(type(self), name, None)
        if not name.startswith("_") and getattr(member, "fset", None) is None:
            raise NotImplementedError(f"setting {type(self).__name__}.{name} is not imitated")
        if not name.startswith("_"):
            self._bridge.calls.members[f"{type(self).__name__}.{name}="] += 1
        object.__setattr__(self, name, value)


class ComCollection(ComObject, Generic[Member]):
    """A collection: counted from 1, and by name without regard to case."""

    def _items(self) -> Sequence[Member]:
        raise NotImplementedError(f"{type(self).__name__} is not imitated")

    @property
    def Count(self) -> int:
        """How many there are."""
        return len(self._items())

    def Item(self, key: int | str) -> Member:
        """Return one by its number or name."""
        return self(key)

    def __call__(self, key: int | str) -> Member:
        """Return one by its number or name."""
        items = self._items()
        if isinstance(key, str):
            for item in items:
                if item._title().casefold() == key.casefold():
                    return item
        elif 1 <= key <= len(items):
            return items[int(key) - 1]
        raise refused(f"Subscript out of range: {type(self).__name__}({key!r})")

    def __iter__(self) -> Iterator[Member]:
        return iter(self._items())

    def __len__(self) -> int:
        return len(self._items())
