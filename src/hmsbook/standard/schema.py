"""What a declaration is made of: columns, tables, forms, owned regions, sheets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from hmsbook.model.frozen import NOTHING, Frozen
from hmsbook.model.records import Row
from hmsbook.standard.kinds import Id, Kind


class Names(Protocol):
    """How formulas refer to tables and cells: by the headers and sheets as they are called in this book."""

    def column(self, table: str, column: str) -> str:
        """A whole column: `hms_measures[Frist]`."""

    def this(self, table: str, column: str) -> str:
        """The cell of a column in the formula's own row."""

    def choice(self, choices: str, key: str) -> str:
        """The label of an allowed value as a quoted string."""

    def text(self, key: str) -> str:
        """A piece of text as a quoted string."""

    def cell(self, region: str, row: int, column: str) -> str:
        """One cell of an owned region, absolute: `_hms!$C$12`; rows are counted from 0."""

    def block(self, region: str, column: str, rows: int | None = None) -> str:
        """One column of an owned region, absolute, all of it or its first rows."""


Formula = Callable[[Names], str]
CellFormula = Callable[[Names, int], str]


class Column(Frozen):
    """One column of a table, or one field of a form.

    A column with a formula is owned: hmsbook draws it and people read it. `aside` puts it in the collapsed
    group at the right. What is `private` leaves the building in no copy, whatever its table does.
    """

    key: str
    kind: Kind
    formula: Formula | None = None
    aside: bool = False
    width: float | None = None
    tint: str = ""
    private: bool = False

    @property
    def owned(self) -> bool:
        """Whether hmsbook, not a person, fills the column."""
        return self.formula is not None


class Table(Frozen):
    """A table people fill in; a form is a table of one row turned on its side.

    Only what is `shared` goes into copies for the group, and of that what the rules of a copy let through.
    """

    key: str
    columns: tuple[Column, ...]
    rows: int
    slots: Callable[[str], Column] | None = None
    form: bool = False
    right: bool = False
    slots_written: bool = False
    shared: bool = False

    @property
    def name(self) -> str:
        """The table's name in Excel: never translated, never changed."""
        return f"hms_{self.key}"

    @property
    def id_kind(self) -> Id | None:
        """The kind of the id column of a table whose rows are numbered."""
        first = self.columns[0].kind
        return first if isinstance(first, Id) else None

    def is_filled(self, row: Row) -> bool:
        """Whether a person filled anything besides the id and the month that are drawn in advance."""
        drawn = {self.columns[0].key} if self.id_kind or self.slots_written else set()
        return bool(row.extra) or any(key not in drawn for key in row.values)

    def column(self, key: str) -> Column:
        """The column with this key; KeyError when there is none."""
        return next((column for column in self.columns if column.key == key), None) or self._slot(key)

    def _slot(self, key: str) -> Column:
        if self.slots is None:
            raise KeyError(key)
        return self.slots(key)

    def with_slots(self, ids: tuple[str, ...]) -> Table:
        """The table with its one column a slot written out."""
        if self.slots is None:
            return self
        columns = (*self.columns, *map(self.slots, ids))
        return self.but(columns=columns, slots=None, slots_written=True)


class Region(Frozen):
    """A block of cells hmsbook owns, found by its defined name, never by address.

    Columns with a formula hold live formulas; an update refreshes only what they show. A row for which the
    formula is an empty text has none.
    """

    key: str
    rows: int
    columns: tuple[str, ...]
    formulas: Mapping[str, CellFormula] = NOTHING

    @property
    def name(self) -> str:
        """The defined name of the block."""
        return f"hms_{self.key}"

    @property
    def shape(self) -> tuple[int, int]:
        """How many rows and columns the block has."""
        return self.rows, len(self.columns)


class Sheet(Frozen):
    """One sheet: its tables from top to bottom (or beside each other) and its owned regions."""

    key: str
    tables: tuple[Table, ...] = ()
    regions: tuple[Region, ...] = ()
    shown: str = "always"
    landscape: bool = True
