"""Hands that give cells, rows, columns and tables of a workbook another look, as Excel stores it."""

from __future__ import annotations

import re
from pathlib import Path

from hmsbook.opc.cells import parse_cell
from tests.hosts.books import change, package
from tests.support.package import Package

STYLES = "xl/styles.xml"
# Each look by the list it stands in, the attribute that names it, and what is put there.
_LISTS = {
    "font": ("fonts", "fontId"),
    "fill": ("fills", "fillId"),
    "border": ("borders", "borderId"),
    "format": ("numFmts", "numFmtId"),
}
# The number of a format of numbers that none of ours has.
_NUMBER = 400


def restyle(path: Path, sheet: str, cell: str, facet: str, content: str) -> None:
    """Change one facet of a cell's look: font, fill, border, number format, alignment or protection."""
    part = _part(package(path), sheet)
    tag = re.search(rf'<c r="{cell}"(?: s="(\d+)")?', package(path).parts[part].decode())
    style = _another(path, int(tag[1] or 0) if tag else 0, facet, content)
    if tag:
        change(path, part, lambda xml: xml.replace(tag[0], f'<c r="{cell}" s="{style}"', 1))
        return
    number = parse_cell(cell)[0]
    end = rf'(<row r="{number}"(?:(?!</row>).)*)(</row>)'
    change(path, part, lambda xml: re.sub(end, rf'\g<1><c r="{cell}" s="{style}"/>\g<2>', xml, count=1))


def restyle_row(path: Path, sheet: str, row: int, fill: str) -> None:
    """Fill a whole row, with the cells in it."""
    style = _another(path, 0, "fill", fill)
    mark = f'<row r="{row}" s="{style}" customFormat="1"'
    change(path, _part(package(path), sheet), lambda xml: xml.replace(f'<row r="{row}"', mark, 1))


def restyle_column(path: Path, sheet: str, column: int, fill: str) -> None:
    """Fill a whole column in which nothing stands."""
    style = _another(path, 0, "fill", fill)
    mark = f'<col min="{column}" max="{column}" width="9.14" style="{style}"/></cols>'
    change(path, _part(package(path), sheet), lambda xml: xml.replace("</cols>", mark, 1))


def _part(found: Package, sheet: str) -> str:
    return next(it.part for it in found.sheets if it.name == sheet)


def _another(path: Path, style: int, facet: str, content: str) -> int:
    """The number of a new format: one like this, but for one facet."""
    inside = re.search("<cellXfs.*?</cellXfs>", package(path).parts[STYLES].decode())
    assert inside is not None
    attributes, children = re.findall(r"<xf ([^>]*?)(?:/>|>(.*?)</xf>)", inside[0])[style]
    if facet in ("alignment", "protection"):
        others = re.sub(rf"<{facet}[^>]*/>", "", children)
        # An alignment stands before a protection (ECMA-376, part 1, 18.8.45).
        children = content + others if facet == "alignment" else others + content
    else:
        name, key = _LISTS[facet]
        number = _added(path, name, content)
        attributes = re.sub(
            rf'{key}="\d+"', f'{key}="{_NUMBER if facet == "format" else number}"', attributes
        )
    return _added(path, "cellXfs", f"<xf {attributes}>{children}</xf>")


def _added(path: Path, name: str, content: str) -> int:
    """The number of a new entry of a list."""
    found = re.search(rf'<{name} count="(\d+)"', package(path).parts[STYLES].decode())
    assert found is not None
    number = int(found[1])
    change(
        path,
        STYLES,
        lambda xml: xml.replace(found[0], f'<{name} count="{number + 1}"', 1).replace(
            f"</{name}>", f"{content}</{name}>", 1
        ),
    )
    return number
