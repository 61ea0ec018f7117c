"""Which owned cells a person has typed over since the last update.

An update keeps a short print of every value it writes. A cell that no longer matches its print was typed
over: the value comes back, and what was typed is reported and kept in the log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple
from zlib import crc32

from hmsbook.model.raw import RawCell, Value
from hmsbook.standard.schema import Region

# The log only grows, so nothing a person wrote in it is ever written over.
_UNWATCHED = ("log",)
_DIGITS = 4


# Whether the formula of a region's cell can stand in the workbook, by region, row and column.
Stands = Callable[[str, int, str], bool]
# Whether the formula of a region's cell is a person's own, by region and address.
IsOther = Callable[[str, str], bool]


class TypedOver(NamedTuple):
    """A value found where hmsbook had written another, or a formula's place taken by a value."""

    region: str
    row: int
    column: str
    found: Value
    address: str


def prints(grids: Mapping[str, Sequence[Sequence[Value]]], declared: Mapping[str, Region]) -> dict[str, str]:
    """The prints of a grid's cells one after another, by watched region."""
    watched = {key: region for key, region in _watched(declared) if key in grids}
    return {key: "".join(_region(grids[key], region)) for key, region in watched.items()}


def typed_over(
    found: Mapping[str, Sequence[Sequence[RawCell]]],
    stored: Mapping[str, str],
    declared: Mapping[str, Region],
    stands: Stands,
    is_other: IsOther,
) -> Iterator[TypedOver]:
    """The cells that no longer hold what the last update wrote."""
    for key, region in _watched(declared):
        if len(stored.get(key, "")) != region.rows * len(region.columns) * _DIGITS or not _whole(
            region, found.get(key)
        ):
            continue
        for row, cells in enumerate(found[key][: region.rows]):
            for offset, (name, cell) in enumerate(zip(region.columns, cells, strict=False)):
                at = (row * len(region.columns) + offset) * _DIGITS
                has_formula = name in region.formulas and (cell.formula or stands(key, row, name))
                if _changed(cell, stored[key][at : at + _DIGITS], has_formula=has_formula) or (
                    has_formula and cell.formula and is_other(key, cell.address)
                ):
                    yield TypedOver(key, row, name, _typed(cell), cell.address)


def _watched(declared: Mapping[str, Region]) -> Iterator[tuple[str, Region]]:
    return ((key, region) for key, region in declared.items() if key not in _UNWATCHED)


def _whole(region: Region, found: Sequence[Sequence[RawCell]] | None) -> bool:
    """Whether the region has its shape; where rows came between, no cell stands where it was printed."""
    return found is not None and [len(row) for row in found] == [len(region.columns)] * region.rows


def _changed(cell: RawCell, stored: str, *, has_formula: bool) -> bool:
    empty = cell.value in (None, "")
    if has_formula:
        return not cell.formula and not empty
    return cell.formula or (not empty and _print(cell.value) != stored)


def _typed(cell: RawCell) -> Value:
    """What a person typed: the formula itself where it was one."""
    return f"={cell.source}" if cell.source else cell.value


def _region(grid: Sequence[Sequence[Value]], region: Region) -> Iterator[str]:
    for row in range(region.rows):
        cells = grid[row] if row < len(grid) else ()
        for offset in range(len(region.columns)):
            yield _print(cells[offset] if offset < len(cells) else None)


def _print(value: Value) -> str:
    if value is None or value == "":
        return "0" * _DIGITS
    # A file keeps no sign of zero.
    text = f"{value + 0.0:.10g}" if isinstance(value, int | float) else value.replace("\r\n", "\n")
    return f"{crc32(text.encode()) & 0xFFFF:04x}"
