"""Owned formulas that a person has replaced by formulas of their own.

Programs write a formula otherwise than we do: they name cells by address or by header, and space and spell as
they like. So only what stays through all of that is compared: functions, signs, texts and numbers, in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from hmsbook.opc.cells import Position
from hmsbook.opc.sheet import SheetScan

# Where more than one in so many differ, the workbook is not edited but written by another hand.
_FEW = 4
_TOKEN = re.compile(
    r"""
    (?P<text>"(?:[^"]|"")*")
    |(?P<where>
        (?:(?:'(?:[^']|'')+'|[^\W\d][\w.]*)!)?\$?[A-Z]{1,3}\$?[0-9]+(?::\$?[A-Z]{1,3}\$?[0-9]+)?(?![\w.(])
        |(?:[^\W\d][\w.]*)?\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\]
        |[^\W\d][\w.]*(?![\w.(])
    )
    |(?P<function>[^\W\d][\w.]*)
    |(?P<number>[0-9]+\.?[0-9]*(?:[Ee][+-]?[0-9]+)?)
    |\S
    """,
    re.VERBOSE,
)


class Expected(NamedTuple):
    """A cell that should hold a formula of ours: its sheet's part, its position, and the formula."""

    part: str
    at: Position
    formula: str


def others(expected: Iterable[Expected], scans: Mapping[str, SheetScan]) -> dict[tuple[str, Position], str]:
    """The formulas that stand where others of ours should, by sheet part and position.

    Formulas that share their text, or a range, with their neighbours cannot be put back alone, and are left.
    """
    found: dict[tuple[str, Position], str] = {}
    shared = {part: _columns_shared(scan) for part, scan in scans.items()}
    compared = 0
    for part, at, formula in expected:
        cell = scans[part].cells.get(at)
        if formula and cell is not None and cell.formula and not cell.array and at[1] not in shared[part]:
            compared += 1
            if cell.formula != formula and skeleton(cell.formula) != skeleton(formula):
                found[part, at] = cell.formula
    return found if len(found) * _FEW <= compared else {}


def _columns_shared(scan: SheetScan) -> frozenset[int]:
    """The columns in which a formula is the one of another cell."""
    return frozenset(at[1] for at, cell in scan.cells.items() if cell.formula == "")


def spelled(formula: str) -> list[str]:
    """A formula with its cells, spelled in one way: Excel leaves out the table a cell lies in, and quotes."""
    return [_spelling(found) for found in _TOKEN.finditer(formula)]


def _spelling(found: re.Match[str]) -> str:
    if not found["where"]:
        return _bone(found)
    where = found[0].upper().replace("[#THIS ROW],", "@")
    table, mark, cell = where.partition("[")
    if not mark:
        return where.replace("'", "").replace("$", "")
    # [@Frist] and [@[Frist]] and hms_measures[[#This Row],[Frist]] are the same cell.
    bare = cell.strip("[]").removeprefix("@").strip("[]")
    return f"@{bare}" if "@" in cell[:2] else f"{table}[{bare}"


def skeleton(formula: str) -> list[str]:
    """What of a formula every program writes alike."""
    return [_bone(found) for found in _TOKEN.finditer(formula)]


def _bone(found: re.Match[str]) -> str:
    if found["where"]:
        return found[0].upper() if found[0].upper() in ("TRUE", "FALSE") else "cell"
    if found["function"]:
        return found[0].upper().removeprefix("_XLFN.")
    return repr(float(found[0])) if found["number"] else found[0]
