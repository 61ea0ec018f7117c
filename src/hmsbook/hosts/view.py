"""What hosts need to know of a workbook, closed or open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from hmsbook.opc.workbook import SheetInfo, TableInfo


class BookView(Protocol):
    """The sheets, tables and names of a workbook."""

    @property
    def path(self) -> str:
        """What errors call the workbook."""

    @property
    def program(self) -> str:
        """The program that saved it last; empty for Excel."""

    @property
    def date1904(self) -> bool:
        """Whether days are counted from 1904."""

    @property
    def sheets(self) -> Sequence[SheetInfo]:
        """All sheets, from the left."""

    @property
    def tables(self) -> Sequence[TableInfo]:
        """All tables of all sheets."""

    def resolve(self, name: str) -> tuple[SheetInfo, int, int, int, int] | None:
        """Where a defined name points, if that is one plain range on one sheet."""
