"""Workbooks to measure with: a new month typed in, and people's own sheets of many megabytes (not measured).

python benchmarks/prepare.py month BOOK TARGET              the next month of each indicator, typed in
python benchmarks/prepare.py large BOOK TARGET MEGABYTES    people's own sheets, until the file is that large
"""

from __future__ import annotations

import random
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from hmsbook.actions.reading import open_book
from hmsbook.opc.sheet import splice

SHEET = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
COLUMNS, ROWS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", 20_000


def month(source: str, target: str) -> None:
    opened = open_book(source)
    table = next(it for it in opened.host.workbook.tables if it.name == "hms_values")
    rows = opened.book.drawn_rows["values"]
    used = [number for number, row in enumerate(rows) if len(row.values) > 1]
    row = table.ref[0] + table.header_rows + max(used) + 1
    ids = [indicator.id for indicator in opened.book.active]
    cells = {(row, table.ref[1] + table.columns.index(key)): 5 + at / 10 for at, key in enumerate(ids)}
    package, part = opened.host.package, table.sheet.part
    Path(target).write_bytes(package.replace({part: splice(package.read(part), cells)}))


def large(source: str, target: str, megabytes: str) -> None:
    with zipfile.ZipFile(source) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    sheets: list[str] = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        while new.fp is not None and new.fp.tell() < (float(megabytes) - 0.5) * 1e6:
            sheets.append(f"own{len(sheets)}")
            new.writestr(f"xl/worksheets/{sheets[-1]}.xml", "".join(_sheet(len(sheets))))
        for name, content in _listed(parts, sheets).items():
            new.writestr(name, content)


def _sheet(seed: int) -> Iterator[str]:
    """A sheet of numbers that pack about as badly as measured ones."""
    chance = random.Random(seed)
    yield f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="{MAIN}"><sheetData>'
    for row in range(1, ROWS + 1):
        cells = "".join(f'<c r="{column}{row}"><v>{chance.random():.9f}</v></c>' for column in COLUMNS)
        yield f'<row r="{row}">{cells}</row>'
    yield "</sheetData></worksheet>"


def _listed(parts: dict[str, bytes], sheets: list[str]) -> dict[str, bytes]:
    """The parts with the sheets named where a workbook names its sheets."""
    types = "".join(
        f'<Override PartName="/xl/worksheets/{name}.xml" ContentType="{TYPE}"/>' for name in sheets
    )
    links = "".join(
        f'<Relationship Id="{name}" Type="{SHEET}" Target="worksheets/{name}.xml"/>' for name in sheets
    )
    entries = "".join(
        f'<sheet name="{name}" sheetId="{900 + at}" r:id="{name}"/>' for at, name in enumerate(sheets)
    )
    ends = {
        "[Content_Types].xml": ("</Types>", types),
        "xl/_rels/workbook.xml.rels": ("</Relationships>", links),
        "xl/workbook.xml": ("</sheets>", entries),
    }
    for name, (end, more) in ends.items():
        parts[name] = parts[name].replace(end.encode(), (more + end).encode(), 1)
    return parts


PROGRAMS = {"month": month, "large": large}

if __name__ == "__main__":
    PROGRAMS[sys.argv[1]](*sys.argv[2:])
