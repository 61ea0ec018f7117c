"""What of a workbook is not hmsbook's: everything but the cells it owns and what its charts keep of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from hmsbook.standard.book import tables
from tests.hosts.books import SLOTS
from tests.support.package import WORKBOOK, Area, Package, area_of, cell_place

# Names that say where something is, not what hmsbook fills in.
_PLACES = ("hms_sheet_", "hms_list_", "hms_months_shown")
_CELL = re.compile(rb'<c r="([A-Z]+[0-9]+)"[^>]*?(?:/>|>.*?</c>)', re.DOTALL)
_CACHE = re.compile(rb"<c:(num|str)Cache>.*?</c:\1Cache>", re.DOTALL)
# A row that hmsbook adds for its own cells holds nothing else, and widens the extent that the sheet states.
_ADDED = re.compile(rb'<row r="[0-9]+"></row>|<dimension [^>]*/>')
_CALCULATION = re.compile(rb"<calcPr [^>]*>")


def owned_areas(path: Path) -> dict[str, list[Area]]:
    """The cells hmsbook may write, by part: its regions, computed columns, ids."""
    stored = Package(path)
    parts = {sheet.name: sheet.part for sheet in stored.sheets}
    found: dict[str, list[Area]] = {}
    for entry in stored.defined_names:
        name = entry.get("name", "")
        if name.startswith("hms_") and not name.startswith(_PLACES):
            sheet, _, area = (entry.text or "").rpartition("!")
            found.setdefault(parts[_unquoted(sheet)], []).append(area_of(area))
    for key, declared in tables(SLOTS).items():
        table = next(table for table in stored.tables if table.name == f"hms_{key}")
        for number, column in enumerate(declared.columns):
            if column.owned or column.key == "id":
                at = table.area.left + number
                found.setdefault(parts[table.sheet], []).append(
                    Area(table.area.top + 1, at, table.area.bottom, at)
                )
    return found


def _unquoted(sheet: str) -> str:
    return sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet


def outside(part: str, xml: bytes, owned: Mapping[str, list[Area]]) -> bytes:
    """The bytes of a part without what hmsbook may write."""
    if part == WORKBOOK:
        return _CALCULATION.sub(b"", xml)
    if "/charts/" in part:
        return _CACHE.sub(b"", xml)
    areas = owned.get(part, [])
    left = _CELL.sub(lambda found: b"" if _inside(found[1].decode(), areas) else found[0], xml)
    return _ADDED.sub(b"", left)


def _inside(address: str, areas: list[Area]) -> bool:
    row, column = cell_place(address)
    return any(area.top <= row <= area.bottom and area.left <= column <= area.right for area in areas)
