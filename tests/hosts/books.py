"""A small filled workbook for these tests, and hands that change it as people and programs do.

Cells are named by table and column of the standard and counted by row from 0, so that tests say what they
change and not where it happens to stand.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hmsbook.actions.create import new
from hmsbook.actions.update import update
from hmsbook.opc.cells import Write, cell_name, parse_cell
from hmsbook.opc.package import Package as Stored
from hmsbook.opc.sheet import splice
from hmsbook.texts.words import words
from tests.support.package import Package, Table

TODAY = date(2026, 11, 16)
SLOTS = 8
MONTHS = [f"{2025 + at // 12}-{at % 12 + 1:02d}" for at in range(21)]
SICK = [
    6.4,
    6.1,
    5.9,
    6.6,
    6.2,
    5.8,
    5.1,
    5.6,
    6.3,
    6.5,
    6.9,
    7.1,
    6.8,
    6.6,
    6.0,
    6.2,
    6.4,
    5.7,
    5.3,
    5.9,
    6.1,
]

DATA: dict[str, list[dict[str, Any]]] = {
    "unit": [{"organisation": "Ærlig Bygg", "unit": "Lag Ø", "method": "proind", "first_month": "2025-01"}],
    "group": [
        {"name": "Kari Ås", "role": "leader", "email": "kari@bygg.example", "can_decide": True},
        {"name": "Ola Øy", "role": "safety_representative", "receives_mail": False},
    ],
    "challenges": [
        {"id": "U01", "description": "Ukeplanen endres ofte", "factor": "time_pressure", "kind": "improve"},
        {
            "id": "U02",
            "description": "Godt samhold",
            "factor": "relations",
            "kind": "preserve",
            "chosen": True,
        },
    ],
    "indicators": [
        {
            "id": "I01",
            "name": "Sykefravær",
            "unit": "%",
            "better": "lower",
            "frequency": "month",
            "owner": "Kari Ås",
            "challenges": ["U01", "U02"],
            "data_source": "Lønn",
        },
        {"id": "I02", "name": "Avvik", "unit": "antall", "better": "neutral", "frequency": "month"},
        {"id": "I03", "name": "Trivsel", "unit": "poeng", "better": "higher", "frequency": "quarter"},
    ],
    "values": [
        {"month": month, "I01": sick, "I02": 3 + at % 4} | ({"I03": 4.1} if at % 3 == 2 else {})
        for at, (month, sick) in enumerate(zip(MONTHS, SICK, strict=True))
    ],
    "why": [{"indicator": "I01", "month": "2025-12", "text": "Influensa"}],
    "proposals": [
        {
            "id": "P01",
            "proposal": "Fast ukeplan",
            "challenge": "U01",
            "effect": 5,
            "ease": 4,
            "quality": 4,
            "cost": 3,
        },
        {
            "id": "P02",
            "proposal": "Felles lunsj",
            "effect": 2,
            "ease": 5,
            "quality": 3,
            "cost": 5,
            "chosen": True,
        },
    ],
    "votes": [
        {"member": "Kari Ås", "proposal": "P01", "effect": 5, "ease": 3, "quality": 4, "cost": 3},
        {"member": "Ola Øy", "proposal": "P01", "effect": 4, "ease": 4, "quality": 5, "cost": 2},
    ],
    "measures": [
        {
            "id": "T01",
            "measure": "Fast ukeplan 🙂",
            "challenges": ["U01"],
            "responsible": "Kari Ås",
            "deadline": "2026-12-01",
            "status": "ongoing",
            "achieve": "Ro i uka",
            "sources": ["dialogue", "survey"],
            "sensitive": False,
        },
        {
            "id": "T02",
            "measure": "Felles lunsj",
            "responsible": "Ola Øy",
            "deadline": "2026-10-01",
            "status": "decided",
        },
    ],
    "meetings": [{"id": "M01", "type": "measures", "date": "2026-12-03", "place": "Brakka"}],
    "events": [{"month": "2025-06", "text": "Ny formann"}],
}


@cache
def _drawn(lang: str, *, updated: bool) -> bytes:
    with TemporaryDirectory() as folder:
        data = Path(folder) / "data.json"
        data.write_text(json.dumps(DATA), encoding="utf-8")
        path = Path(folder) / "bok.xlsx"
        new(path, data=data, lang=lang, slots=SLOTS, today=TODAY, pin_today=True)
        if updated:
            update(path, today=TODAY)
        return path.read_bytes()


def book(path: Path, lang: str = "nb", *, updated: bool = True) -> Path:
    """Put the filled workbook at a path and return it."""
    path.write_bytes(_drawn(lang, updated=updated))
    return path


def package(path: Path) -> Package:
    """A workbook as it is stored now, read once for as long as it stays the same."""
    return _package(path, path.stat().st_mtime_ns, path.stat().st_size)


@lru_cache(maxsize=4)
def _package(path: Path, *_stamp: int) -> Package:
    return Package(path)


def table(path: Path, key: str) -> Table:
    """One table of a workbook, as it is stored."""
    return next(found for found in package(path).tables if found.name == f"hms_{key}")


def spot(path: Path, key: str, column: str, row: int = 0, lang: str = "nb") -> tuple[str, str]:
    """The sheet and the address of a cell of a table."""
    found = table(path, key)
    header = column if column[1:].isdigit() else words(lang).text(f"columns.{key}.{column}.label")
    place = (found.area.top + 1 + row, found.area.left + found.columns.index(header))
    return found.sheet, cell_name(place)


def region_spot(path: Path, name: str, row: int = 0, column: int = 0) -> tuple[str, str]:
    """The sheet and the address of a cell of an owned region."""
    text = next(
        entry.text or "" for entry in package(path).defined_names if entry.get("name") == f"hms_{name}"
    )
    sheet, _, area = text.rpartition("!")
    top, left = parse_cell(area.split(":")[0])
    return sheet.strip("'"), cell_name((top + row, left + column))


def put(path: Path, cells: Mapping[tuple[str, str], Write]) -> None:
    """Write cells, by sheet and address, and leave everything else alone."""
    now = package(path)
    parts = {sheet.name: sheet.part for sheet in now.sheets}
    changed = {
        parts[name]: splice(
            now.parts[parts[name]],
            {parse_cell(cell): value for (sheet, cell), value in cells.items() if sheet == name},
            strings=lambda: now.strings,
        )
        for name in {sheet for sheet, _ in cells}
    }
    replace_parts(path, changed)


def type_in(path: Path, *cells: tuple[str, str, int, Write]) -> None:
    """Write cells of tables: table, column, row, value."""
    put(path, {spot(path, key, column, row): value for key, column, row, value in cells})


def replace_parts(path: Path, parts: Mapping[str, bytes]) -> None:
    """Give some parts other contents."""
    path.write_bytes(Stored.open(path).replace(parts))


def repack(
    path: Path,
    parts: Mapping[str, bytes],
    *,
    without: Iterable[str] = (),
    method: int = zipfile.ZIP_DEFLATED,
) -> None:
    """Write the zip file anew, with other contents for some parts, more parts or fewer."""
    parts = package(path).parts | dict(parts)
    gone = set(without)
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in parts.items():
            if name not in gone:
                archive.writestr(name, content)


def change(path: Path, part: str, edit: Callable[[str], str]) -> None:
    """Change the text of one part."""
    before = package(path).parts[part].decode()
    after = edit(before)
    assert after != before, f"nothing to change in {part}"
    replace_parts(path, {part: after.encode()})


def value(path: Path, sheet: str, cell: str) -> float | str | None:
    """What a cell holds, as a reader without a formula engine sees it."""
    found = next(entry for entry in package(path).sheets if entry.name == sheet).cells.get(cell)
    return None if found is None else found.cached


def formula(path: Path, sheet: str, cell: str) -> str | None:
    """The formula of a cell."""
    return next(entry for entry in package(path).sheets if entry.name == sheet).cells[cell].formula
