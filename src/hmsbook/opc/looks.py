"""How cells look, as far as people change it: number format, weight, colours."""

from __future__ import annotations

from typing import NamedTuple

from hmsbook.opc.package import Package
from hmsbook.opc.rels import targets
from hmsbook.opc.tree import Node, tree

# The formats that every program knows by number (ECMA-376, part 1, 18.8.30).
_BUILT_IN = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "dd.mm.yyyy",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "dd.mm.yyyy h:mm",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    49: "@",
}
_OFF = ("0", "false", "none")


class Look(NamedTuple):
    """What a person sees of a cell's format."""

    number_format: str = "General"
    marks: tuple[str, ...] = ()
    colour: str = ""
    fill: str = ""


class Looks:
    """The formats of a workbook by the number that cells refer to."""

    def __init__(self, package: Package, workbook_part: str) -> None:
        found = targets(package, workbook_part, "styles")
        root = tree(package.read(found[0]), found[0]) if found else Node("styleSheet", {})
        formats = {
            int(node.attributes["numFmtId"]): node.attributes.get("formatCode", "")
            for node in root.child("numFmts").children
        }
        self._formats = _BUILT_IN | formats
        self._fonts = root.child("fonts").children
        self._fills = root.child("fills").children
        self._cells = root.child("cellXfs").children

    def __getitem__(self, style: int) -> Look:
        if style >= len(self._cells):
            return Look()
        cell = self._cells[style].attributes
        font, fill = (
            _at(found, cell.get(key)) for found, key in ((self._fonts, "fontId"), (self._fills, "fillId"))
        )
        number = self._formats.get(int(cell.get("numFmtId", 0)), "General")
        return Look(number, _marks(font), _colour(font.child("color")), _painted(fill))


def _at(found: list[Node], number: str | None) -> Node:
    at = int(number or 0)
    return found[at] if at < len(found) else Node("", {})


def _marks(font: Node) -> tuple[str, ...]:
    return tuple(
        name for name in ("b", "i", "u", "strike") if any(_is_on(node, name) for node in font.children)
    )


def _is_on(node: Node, name: str) -> bool:
    return node.name == name and node.attributes.get("val") not in _OFF


def _colour(node: Node) -> str:
    if "rgb" in node.attributes:
        return node.attributes["rgb"][-6:].upper()
    theme = node.attributes.get("theme", "")
    # Black by theme and no colour at all look alike.
    return "" if theme in ("", "1") else f"{theme}/{node.attributes.get('tint', '')}"


def _painted(fill: Node) -> str:
    pattern = fill.child("patternFill")
    return (
        "" if pattern.attributes.get("patternType", "none") == "none" else _colour(pattern.child("fgColor"))
    )
