"""What the tests of upgrades share: rows as exported, and hands that add what people add."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from hmsbook.actions.export import export
from hmsbook.opc.cells import Write, cell_name
from tests.hosts.books import package, put, replace_parts, table

Rows = dict[str, list[dict[str, Any]]]


def rows(path: Path) -> Rows:
    """Everything a workbook holds, as `export` gives it."""
    found: Rows = json.loads(export(path).files["hmsbook.json"])
    return found


def without_words(found: Rows) -> Rows:
    """The rows without what is ours to say in another language or for another method."""
    kept = {key: list(entries) for key, entries in found.items()}
    kept["unit"] = [_but(kept["unit"][0], "language", "method")]
    kept["process"] = []
    return kept


def _but(row: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in keys}


def add_column(path: Path, key: str, header: str, values: Iterable[Write]) -> None:
    """Add a column at the right end of a table, as typing beside it does in Excel."""
    found = table(path, key)
    area = found.area
    part = found.part
    xml = package(path).parts[part].decode()
    old = f"{cell_name((area.top, area.left))}:{cell_name((area.bottom, area.right))}"
    new = f"{cell_name((area.top, area.left))}:{cell_name((area.bottom, area.right + 1))}"
    count = len(found.columns)
    xml = xml.replace(old, new).replace(f'count="{count}"', f'count="{count + 1}"', 1)
    escaped = header.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    column = f'<tableColumn id="{count + 1}" name="{escaped}"/></tableColumns>'
    xml = xml.replace("</tableColumns>", column)
    replace_parts(path, {part: xml.encode()})
    cells: dict[tuple[str, str], Write] = {(found.sheet, cell_name((area.top, area.right + 1))): header}
    for row, value in enumerate(values, area.top + 1):
        cells[found.sheet, cell_name((row, area.right + 1))] = value
    put(path, cells)
