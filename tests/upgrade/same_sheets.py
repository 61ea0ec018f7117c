"""Two sheets of two workbooks compared, with readers that are not hmsbook's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.formula import ArrayFormula

from tests.support.package import MAIN, Package, Sheet

# What is a number of a format or a text, and so another in each workbook; or which sheet is in front.
_NUMBERS = ("s", "style", "dxfId", "tabSelected", "fontId")
_LOOK = ("number_format", "font", "fill", "border", "alignment", "protection", "quotePrefix")


class _Read(NamedTuple):
    """A workbook as both readers see it."""

    package: Package
    book: Workbook


def _read(path: Path) -> _Read:
    """A workbook as it is stored now, read once for all of its sheets."""
    return _read_once(path, path.stat().st_mtime_ns, path.stat().st_size)


@lru_cache(maxsize=2)
def _read_once(path: Path, *_stamp: int) -> _Read:
    return _Read(Package(path), load_workbook(path, rich_text=True))


def differences(old: Path, new: Path, name: str) -> list[str]:
    """What a sheet shows, holds or has on it in one of the workbooks and not in the other."""
    read = [_read(path) for path in (old, new)]
    stored = [it.package for it in read]
    sheets = [next(sheet for sheet in package.sheets if sheet.name == name) for package in stored]
    pairs = list(zip(stored, sheets, strict=True))
    return [
        *_unlike("element", *(_shapes(sheet) for sheet in sheets)),
        *_unlike("cell", *(_values(sheet) for sheet in sheets)),
        *_unlike("look", *(_looks(it.book, name) for it in read)),
        *_unlike("rule", *(_rules(*pair) for pair in pairs)),
        *_unlike("part", *(_parts(package, sheet.part) for package, sheet in pairs)),
    ]


def _unlike(what: str, one: dict[str, Any], other: dict[str, Any]) -> Iterator[str]:
    for key in sorted(one.keys() | other.keys()):
        if one.get(key) != other.get(key):
            yield f"{what} {key}: {one.get(key)!r} became {other.get(key)!r}"


def _shapes(sheet: Sheet) -> dict[str, Any]:
    """Every element of a sheet by its place, without the numbers of formats and texts."""
    found: dict[str, Any] = {"state": sheet.state}

    def walk(element: Element, path: str) -> None:
        stated = {key: value for key, value in element.attrib.items() if key not in _NUMBERS}
        is_text = element.tag == f"{MAIN}v"
        found[path] = (element.tag, stated, None if is_text else (element.text or "").strip())
        for at, child in enumerate(element):
            walk(child, f"{path}/{at}")

    walk(sheet.element, "")
    return found


def _values(sheet: Sheet) -> dict[str, Any]:
    """Kind, formula and value of each cell; texts as they read, wherever they are stored."""
    return {
        at: (cell.kind, cell.formula, cell.stored if cell.text is None else cell.text)
        for at, cell in sheet.cells.items()
    }


def _looks(book: Workbook, name: str) -> dict[str, Any]:
    page = book[name]
    found: dict[str, Any] = {
        cell.coordinate: {key: repr(getattr(cell, key)) for key in _LOOK} | {"value": _value(cell.value)}
        for row in page.iter_rows()
        for cell in row
    }
    for key, column in page.column_dimensions.items():
        found[f"column {key}"] = (column.width, column.hidden, repr(column.fill), repr(column.font))
    for key, row in page.row_dimensions.items():
        found[f"row {key}"] = (row.height, row.hidden, repr(row.fill), repr(row.font))
    found["print"] = (
        page.print_area,
        page.print_title_rows,
        page.freeze_panes,
        page.sheet_properties.tabColor,
    )
    return found


def _value(value: object) -> str:
    return f"{value.ref} {value.text}" if isinstance(value, ArrayFormula) else repr(value)


def _rules(package: Package, sheet: Sheet) -> dict[str, Any]:
    """The formats of the conditional formats, without the numbers of their number formats."""
    found = (ElementTree.tostring(node).decode() for node in package.tree("xl/styles.xml").iter(f"{MAIN}dxf"))
    formats = [re.sub(r'numFmtId="\d+"', "", text) for text in found]
    return {
        f"{at}": formats[int(rule.get("dxfId", "-1"))] if rule.get("dxfId") else None
        for at, rule in enumerate(sheet.element.iter(f"{MAIN}cfRule"))
    }


def _parts(package: Package, part: str, path: str = "") -> dict[str, Any]:
    """The parts on a sheet by the way to them: raw, but for the number of a table."""
    found: dict[str, Any] = {}
    for link in package.relations(part):
        way = f"{path}/{link.id}"
        if not link.kind.endswith("/hyperlink"):
            content = package.parts[link.target]
            is_table = link.kind.endswith("/table")
            found[way] = re.sub(rb' id="\d+"', b"", content, count=1) if is_table else content
            found |= _parts(package, link.target, way)
    outside = (link for link in _links(package, part) if link.get("TargetMode") == "External")
    return found | {f"{path}/{link.get('Id')}": link.get("Target") for link in outside}


def _links(package: Package, part: str) -> Iterator[Element]:
    folder, _, name = part.rpartition("/")
    where = f"{folder}/_rels/{name}.rels"
    yield from package.tree(where) if where in package.parts else ()


def names(path: Path) -> dict[tuple[str, str], str]:
    """The defined names that are not ours, by sheet and name."""
    package = Package(path)
    titles = [entry.get("name", "") for entry in package.workbook.iter(f"{MAIN}sheet")]
    found: dict[tuple[str, str], str] = {}
    for entry in package.defined_names:
        local, name = entry.get("localSheetId"), entry.get("name", "")
        if not name.startswith("hms_"):
            found[titles[int(local)] if local else "", name] = entry.text or ""
    return found
