"""A workbook as a host found it: cells under headers, with their addresses, not yet understood."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from hmsbook.model.frozen import NOTHING, Frozen

Value = bool | int | float | str | None
Grid = list[list[Value]]


class RawCell(NamedTuple):
    """One cell: its value, where it stands, and whether a formula or an error is behind it.

    `source` is the formula's text where the cell has one of its own.
    """

    value: Value
    address: str
    formula: bool = False
    error: bool = False
    source: str = ""


class RawRow(NamedTuple):
    """The cells of one table row, in the order of the table's headers."""

    number: int
    cells: tuple[RawCell, ...]


class RawTable(Frozen):
    """One table: its sheet's present name, its headers as they stand, and its rows."""

    name: str
    sheet: str
    headers: tuple[RawCell, ...]
    rows: tuple[RawRow, ...]
    merged: tuple[str, ...] = ()


class RawBook(Frozen):
    """All tables and owned regions of a workbook, by their language-neutral names."""

    tables: Mapping[str, RawTable]
    regions: Mapping[str, tuple[tuple[RawCell, ...], ...]]
    sheets: Mapping[str, str] = NOTHING
    date1904: bool = False
