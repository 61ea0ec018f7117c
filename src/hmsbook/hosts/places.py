"""Whether the names of a workbook point to cells of ours: on their sheet, in their shape, and apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import NamedTuple

from hmsbook.errors import PackageError
from hmsbook.hosts.changes import PREFIX, Area
from hmsbook.hosts.view import BookView
from hmsbook.opc.cells import Range, range_name
from hmsbook.opc.workbook import SheetInfo
from hmsbook.standard.book import CALC_SHEET, SEPARATE, SHEETS, regions
from hmsbook.standard.calc import MANIFEST, calc_regions, results_region
from hmsbook.standard.schema import Region

# How far people's own rows and columns may have stretched what hmsbook fills in on a sheet they see.
_STRETCH, _MORE = 2, 10
# How tall these are depends on how many rows the tables were drawn with.
_TALL = ("plot", "talks", "results")
_CALCULATED = tuple(region.key for region in calc_regions(1))

Spots = Mapping[str, Area]


class _Taken(NamedTuple):
    """Cells that are something's: its name, and whether it is ours."""

    name: str
    area: Range
    ours: bool


def require_places(workbook: BookView) -> None:
    """Raise PackageError where a name points to another sheet than its own, or to another's cells."""
    keys = (*_CALCULATED, "results", *(region.key for sheet in SHEETS for region in sheet.regions))
    spots = _spots(workbook, keys)
    homes = _homes(workbook, spots)
    for key, spot in spots.items():
        home = homes.get(key)
        if home is not None and home != spot[0].name:
            _refuse(workbook, "name_elsewhere", key, sheet=spot[0].name, home=home)
    _require_apart(workbook, spots)
    # What the others should look like stands in the manifest; a newer one may be taller.
    if _shape(spots["manifest"])[1] != len(MANIFEST.columns):
        _refuse_shape(workbook, MANIFEST, spots["manifest"])


def require_shapes(workbook: BookView, slots: int) -> None:
    """Raise PackageError where a name of today's standard has another shape than it was drawn with."""
    for region in (*calc_regions(slots), results_region(slots, 1)):
        spot = workbook.resolve(PREFIX + region.key)
        if spot is not None:
            _require_exact(workbook, region, spot)
        elif set(region.columns) - set(region.formulas):
            raise PackageError("region_missing", path=workbook.path, region=region.name)
    seen = regions(slots)
    for key, spot in _spots(workbook, seen).items():
        _require_near(workbook, seen[key], spot)


def _spots(workbook: BookView, keys: Iterable[str]) -> dict[str, Area]:
    """Where the names point that do."""
    found = ((key, workbook.resolve(PREFIX + key)) for key in keys)
    return {key: spot for key, spot in found if spot is not None}


# Sheets


def _homes(workbook: BookView, spots: Spots) -> dict[str, str]:
    """The sheet each region belongs to, by its present name, as far as the workbook tells."""
    homes: dict[str, str] = {}
    seen = {table.sheet.part for table in workbook.tables}
    for sheet in SHEETS:
        home = _home(workbook, sheet.key, (region.key for region in sheet.regions), spots)
        if home is not None:
            homes |= {region.key: home.name for region in sheet.regions}
            seen.add(home.part)
    return homes | dict(_calculated(workbook, spots, seen))


def _home(workbook: BookView, sheet: str, keys: Iterable[str], spots: Spots) -> SheetInfo | None:
    """The sheet its own name points to; where that is gone, the one that its first region stands on."""
    named = workbook.resolve(f"{PREFIX}sheet_{sheet}")
    if named is not None:
        return named[0]
    return next((spots[key][0] for key in keys if key in spots), None)


def _calculated(workbook: BookView, spots: Spots, seen: set[str]) -> Iterator[tuple[str, str]]:
    """Where the calculation regions belong: on a sheet of that name, else on none that people see."""
    names = {sheet.name for sheet in workbook.sheets}
    for key in (*_CALCULATED, "results"):
        usual = SEPARATE.get(key, CALC_SHEET)
        if key in spots and (usual in names or spots[key][0].part in seen):
            yield key, usual


# Cells


def _require_apart(workbook: BookView, spots: Spots) -> None:
    """Refuse cells that are to hold two things, one of them ours."""
    taken: dict[str, list[_Taken]] = {}
    for key, spot in spots.items():
        taken.setdefault(spot[0].name, []).append(_Taken(PREFIX + key, spot[1:], ours=True))
    for table in workbook.tables:
        ours = table.name.startswith(PREFIX)
        taken.setdefault(table.sheet.name, []).append(_Taken(table.name, table.ref, ours))
    for sheet, found in taken.items():
        for one, other in combinations(found, 2):
            if (one.ours or other.ours) and _meet(one.area, other.area):
                values = {"name": one.name, "other": other.name, "sheet": sheet}
                raise PackageError("names_overlap", path=workbook.path, **values)


def _meet(one: Range, other: Range) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


# Shapes


def _shape(spot: Area) -> tuple[int, int]:
    return spot[3] - spot[1] + 1, spot[4] - spot[2] + 1


def _require_exact(workbook: BookView, region: Region, spot: Area) -> None:
    """Nobody puts rows or columns into a calculation sheet."""
    rows, columns = _shape(spot)
    if columns != len(region.columns) or (rows != region.rows and region.key not in _TALL):
        _refuse_shape(workbook, region, spot)


def _require_near(workbook: BookView, region: Region, spot: Area) -> None:
    rows, columns = _shape(spot)
    if rows > _most(region.rows) or columns > _most(len(region.columns)):
        _refuse_shape(workbook, region, spot)


def _most(declared: int) -> int:
    """How many rows or columns there may be; nothing can come in between where there is but one."""
    return _STRETCH * declared + _MORE if declared > 1 else 1


def _refuse_shape(workbook: BookView, region: Region, spot: Area) -> None:
    values = {"rows": region.rows, "columns": len(region.columns)}
    _refuse(workbook, "name_shape", region.key, sheet=spot[0].name, found=range_name(spot[1:]), **values)


def _refuse(workbook: BookView, case: str, key: str, **values: object) -> None:
    raise PackageError(case, path=workbook.path, name=PREFIX + key, **values)
