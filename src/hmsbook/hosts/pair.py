"""Two workbooks of ours compared sheet by sheet, and what is found that only the old one has."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from hmsbook.hosts.side import Side
from hmsbook.opc.workbook import SheetInfo

MOST_CELLS = 5


class Left(NamedTuple):
    """Something that stays in the old workbook: what, on which sheet, how many, which, and why.

    `at` is the cell in which the reason is found.
    """

    case: str
    sheet: str = ""
    count: int = 1  # type: ignore[assignment]
    name: str = ""
    reason: str = ""
    at: str = ""


class Pair(NamedTuple):
    """One of our sheets in the old workbook, and the same sheet drawn afresh."""

    old: Side
    fresh: Side
    sheet: SheetInfo
    ours: SheetInfo | None


Looker = Callable[[Pair], Iterable[Left]]


def cells_text(addresses: Iterable[str]) -> str:
    """The first few addresses."""
    found = list(addresses)
    return ", ".join(found[:MOST_CELLS]) + (" …" if len(found) > MOST_CELLS else "")
