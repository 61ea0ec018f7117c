"""How cells look, by what their formats mean: programs write the same format in different ways."""

from __future__ import annotations

from functools import cached_property
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
_OFF = ("0", "false", "none", "baseline")
_ON = (None, "1", "true", "single")
_MARKS = ("b", "i", "u", "strike", "vertAlign")
_SIDES = ("left", "right", "top", "bottom", "diagonal")
# Excel's own two colours by theme (ECMA-376, part 1, 20.1.6.2); white and black whatever the theme is called.
_THEME = {"0": "FFFFFF", "1": "000000"}
_BLACK = "000000"
# What counts where a cell says nothing of its place and its lock.
_PLACED = {
    "horizontal": "general",
    "vertical": "bottom",
    "textRotation": "0",
    "wrapText": "0",
    "indent": "0",
    "shrinkToFit": "0",
}
_LOCK = {"locked": "1", "hidden": "0"}
_TRUTH = {"true": "1", "false": "0"}


class Look(NamedTuple):
    """What a person sees of a cell's format."""

    number_format: str = "General"
    marks: tuple[str, ...] = ()
    colour: str = ""
    fill: str = ""
    font: tuple[str, float] = ("Calibri", 11.0)
    border: tuple[str, ...] = ()
    placed: tuple[str, ...] = tuple(_PLACED.values())
    lock: tuple[str, ...] = tuple(_LOCK.values())

    @property
    def meaning(self) -> Look:
        """The same look where ways to write a number format that mean one thing are one."""
        bare = self.number_format.translate(_WRITTEN).casefold()
        return self._replace(number_format=bare)

    @property
    def text(self) -> str:
        """The look in one line."""
        return "|".join(it if isinstance(it, str) else " ".join(map(str, it)) for it in self)


# Quotes and backslashes around texts, and the sign between the parts of a date, differ between programs.
_WRITTEN = str.maketrans({'"': None, "\\": None, "/": "."})


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
        self._borders = root.child("borders").children
        self._cells = root.child("cellXfs").children
        self._rules = root.child("dxfs").children
        self._meanings: dict[int, Look] = {}

    def __getitem__(self, style: int) -> Look:
        if style >= len(self._cells):
            return Look()
        cell = self._cells[style].attributes
        font, fill, border = (
            _at(found, cell.get(key))
            for found, key in ((self._fonts, "fontId"), (self._fills, "fillId"), (self._borders, "borderId"))
        )
        number = self._formats.get(int(cell.get("numFmtId", 0)), "General")
        colour = _colour(font.child("color"))
        placed, lock = (
            _stated(self._cells[style].child(name), usual)
            for name, usual in (("alignment", _PLACED), ("protection", _LOCK))
        )
        return Look(number, _marks(font), colour, _painted(fill), _font(font), _lines(border), placed, lock)

    def meaning(self, style: int) -> Look:
        """The look by what it means."""
        if style not in self._meanings:
            self._meanings[style] = self[style].meaning
        return self._meanings[style]

    def of_rule(self, number: str | None) -> tuple[tuple[str, ...], str, str]:
        """How a rule makes cells look: marks, colour and fill, which every program keeps."""
        found = _at(self._rules, number) if number else Node("", {})
        font, pattern = found.child("font"), found.child("fill").child("patternFill")
        # A rule that paints all over names the colour as the one behind.
        return _marks(font), _colour(font.child("color")), _colour(pattern.child("bgColor"))

    @cached_property
    def meanings(self) -> frozenset[Look]:
        """All looks that the workbook knows."""
        return frozenset(self.meaning(style) for style in range(len(self._cells)))


def _at(found: list[Node], number: str | None) -> Node:
    at = int(number or 0)
    return found[at] if at < len(found) else Node("", {})


def _marks(font: Node) -> tuple[str, ...]:
    return tuple(mark for name in _MARKS for mark in _mark(font, name))


def _mark(font: Node, name: str) -> tuple[str, ...]:
    """The mark of this name, with its kind where that is not the usual one."""
    value = next((node.attributes.get("val") for node in font.children if node.name == name), "none")
    return () if value in _OFF else (name,) if value in _ON else (name, str(value))


def _font(font: Node) -> tuple[str, float]:
    name, size = (font.child(key).attributes.get("val") for key in ("name", "sz"))
    return name or "Calibri", float(size or 11)


def _colour(node: Node) -> str:
    """The colour as six digits or by its name; nothing for black, which is what none at all looks like."""
    stated = node.attributes
    if "rgb" in stated:
        found = stated["rgb"][-6:].upper()
    elif stated.get("theme") in _THEME and not float(stated.get("tint", 0)):
        found = _THEME[stated["theme"]]
    else:
        found = "/".join(stated[key] for key in ("theme", "tint", "indexed") if key in stated)
    return "" if found in (_BLACK, "64") else found


def _painted(fill: Node) -> str:
    pattern = fill.child("patternFill")
    kind = pattern.attributes.get("patternType", "none")
    front, back = (_colour(pattern.child(name)) or _BLACK for name in ("fgColor", "bgColor"))
    if kind == "none":
        return " ".join(_colour(stop) or _BLACK for stop in fill.child("gradientFill").all("color"))
    # Of a cell that is painted all over, nobody sees the colour behind.
    return front if kind == "solid" else f"{kind} {front} {back}"


def _lines(border: Node) -> tuple[str, ...]:
    """The lines around a cell, each with its side, kind and colour."""
    sides = ((side, border.child(side)) for side in _SIDES)
    found = (
        (side, node.attributes.get("style", "none"), _colour(node.child("color"))) for side, node in sides
    )
    return tuple(f"{side} {style} {colour}" for side, style, colour in found if style != "none")


def _stated(node: Node, usual: dict[str, str]) -> tuple[str, ...]:
    found = (node.attributes.get(key, value) for key, value in usual.items())
    return tuple(_TRUTH.get(value, value) for value in found)
