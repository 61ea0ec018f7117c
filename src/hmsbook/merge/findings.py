"""What a copy that came back says: who changed what, what stands against what, and what was not taken."""

from __future__ import annotations

from typing import Any

from hmsbook.model.frozen import NOTHING, Frozen
from hmsbook.model.records import Row

# What the name of people's own column begins with, where columns are called by their keys.
OWN = "own:"


class Person(Frozen):
    """Whose copy it is; `known` says whether that is a member of the group."""

    name: str
    known: bool = False


class Finding(Frozen):
    """One thing a copy says.

    `what` is a key of the choices `received`. `row` is what people call the row; `at` says which row of the
    workbook it is, by index. A whole row has no `column`, and its values as `theirs`. `case` is the key of
    what is said of it; `choice` says that it is settled, and how.
    """

    what: str
    table: str = ""
    row: str = ""
    column: str = ""
    base: Any = None
    mine: Any = None
    theirs: Any = None
    at: int = -1
    choice: str = ""
    case: str = ""
    values: Any = NOTHING
    person: Person = Person("")
    edition: int = 0
    file: str = ""

    @property
    def is_open(self) -> bool:
        """Whether somebody has to choose."""
        return self.what == "conflict" and not self.choice


def whole(row: Row) -> dict[str, Any]:
    """All that stands in a row, people's own columns by their headers."""
    return {**row.values, **{OWN + header: value for header, value in (row.extra or {}).items()}}


def get(row: Row | None, column: str) -> Any:
    """What stands in a column of a row, also in people's own."""
    if row is None:
        return None
    if column.startswith(OWN):
        return (row.extra or {}).get(column.removeprefix(OWN))
    return row.get(column)
