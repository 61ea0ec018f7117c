"""A workbook as it is stored: parts, sheets, cells and tables, read without interpreting what they mean.

This is a second reading of the format on purpose: a mistake in the product's own reader must not hide here.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
OFFICE_2009 = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
EXCEL_FORMULA = "{http://schemas.microsoft.com/office/excel/2006/main}f"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
CONTENT_TYPES = "[Content_Types].xml"
WORKBOOK = "xl/workbook.xml"

ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9]\d*)\Z")
ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Area(NamedTuple):
    """A rectangle of cells, rows and columns counted from 1, both ends included."""

    top: int
    left: int
    bottom: int
    right: int

    def meets(self, other: Area) -> bool:
        """Return whether the two share a cell."""
        apart = self.bottom < other.top or other.bottom < self.top
        return not (apart or self.right < other.left or other.right < self.left)


def column_number(letters: str) -> int:
    """Return the number of a column, A being 1."""
    total = 0
    for letter in letters.upper():
        total = total * 26 + ord(letter) - 64
    return total


def cell_place(address: str) -> tuple[int, int]:
    """Return row and column of an address such as `$B$3`."""
    match = ADDRESS.match(address)
    if match is None:
        raise ValueError(f"{address!r} is no cell address")
    return int(match[2]), column_number(match[1])


def area_of(reference: str) -> Area:
    """Return the rectangle of a reference such as `B3` or `B3:D9`."""
    first, _, last = reference.partition(":")
    return Area(*cell_place(first), *cell_place(last or first))


def unescaped(text: str) -> str:
    """Return a stored text with `_x000A_` and its like turned into the characters they stand for."""
    return ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def rich_text(element: Element) -> str:
    """Return the characters of a shared or inline string, without its phonetic guide."""
    runs = [*element.findall(f"{MAIN}t"), *element.findall(f"{MAIN}r/{MAIN}t")]
    return unescaped("".join(run.text or "" for run in runs))


class Relation(NamedTuple):
    """A link from one part to another, the target as a part name."""

    id: str
    kind: str
    target: str


@dataclass(frozen=True)
class Cell:
    """One stored cell; `stored` is the text of its value, `text` the characters when it is a text."""

    address: str
    kind: str
    stored: str | None
    text: str | None
    formula: str | None
    style: int

    @property
    def place(self) -> tuple[int, int]:
        """Row and column, counted from 1."""
        return cell_place(self.address)

    @property
    def cached(self) -> float | str | None:
        """The value that a reader without a formula engine sees; truth values are 1 and 0."""
        if self.text is not None:
            return self.text
        if self.kind == "e" or self.stored is None:
            return self.stored
        return float(self.stored)


@dataclass(frozen=True)
class Table:
    """One table part."""

    sheet: str
    part: str
    element: Element

    @property
    def name(self) -> str:
        """The name that formulas use."""
        return self.element.get("displayName", "")

    @property
    def area(self) -> Area:
        """The cells of the table, header included."""
        return area_of(self.element.get("ref", ""))

    @cached_property
    def columns(self) -> list[str]:
        """The names of the columns, in order."""
        return [unescaped(column.get("name", "")) for column in self.element.iter(f"{MAIN}tableColumn")]

    @property
    def has_header(self) -> bool:
        """Whether the first row holds the column names."""
        return self.element.get("headerRowCount") != "0"


class Sheet:
    """One worksheet."""

    def __init__(self, name: str, part: str, state: str, element: Element, strings: list[str]) -> None:
        self.name = name
        self.part = part
        self.state = state
        self.element = element
        self._strings = strings

    @cached_property
    def cells(self) -> dict[str, Cell]:
        """The stored cells by address, in the order of the file."""
        return {cell.address: cell for cell in map(self._cell, self.element.iter(f"{MAIN}c"))}

    @property
    def merges(self) -> list[Area]:
        """The merged areas."""
        return [area_of(merge.get("ref", "")) for merge in self.element.iter(f"{MAIN}mergeCell")]

    def _cell(self, element: Element) -> Cell:
        formula = element.find(f"{MAIN}f")
        return Cell(
            address=element.get("r", ""),
            kind=element.get("t", "n"),
            stored=element.findtext(f"{MAIN}v"),
            text=self._text(element),
            # A cell of a shared formula has an empty element: the master holds the text.
            formula=None if formula is None else formula.text or "",
            style=int(element.get("s", "0")),
        )

    def _text(self, element: Element) -> str | None:
        kind, stored = element.get("t"), element.findtext(f"{MAIN}v")
        if kind == "inlineStr":
            inline = element.find(f"{MAIN}is")
            return "" if inline is None else rich_text(inline)
        if kind == "s":
            index = int(stored or -1)
            return self._strings[index] if 0 <= index < len(self._strings) else None
        return unescaped(stored or "") if kind == "str" else None


class Package:
    """A whole workbook file."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        with zipfile.ZipFile(path) as archive:
            self.names = archive.namelist()
            self.parts = {name: archive.read(name) for name in self.names}
        self._trees: dict[str, Element] = {}

    def tree(self, part: str) -> Element:
        """Return the parsed XML of a part."""
        if part not in self._trees:
            self._trees[part] = ElementTree.fromstring(self.parts[part])
        return self._trees[part]

    def relations(self, part: str) -> list[Relation]:
        """Return the links from a part to parts of the package; those of the package itself for ""."""
        folder, name = posixpath.split(part)
        where = posixpath.join(folder, "_rels", f"{name}.rels")
        if where not in self.parts:
            return []
        inside = (link for link in self.tree(where) if link.get("TargetMode") != "External")
        return [
            Relation(link.get("Id", ""), link.get("Type", ""), self._target(folder, link.get("Target", "")))
            for link in inside
        ]

    @staticmethod
    def _target(folder: str, target: str) -> str:
        whole = target if target.startswith("/") else posixpath.join("/", folder, target)
        return posixpath.normpath(whole).lstrip("/")

    @cached_property
    def workbook(self) -> Element:
        """The workbook part."""
        return self.tree(WORKBOOK)

    @cached_property
    def strings(self) -> list[str]:
        """The shared strings."""
        part = "xl/sharedStrings.xml"
        return [rich_text(item) for item in self.tree(part)] if part in self.parts else []

    @cached_property
    def sheets(self) -> list[Sheet]:
        """The worksheets, in order."""
        targets = {link.id: link.target for link in self.relations(WORKBOOK)}
        return [
            Sheet(
                entry.get("name", ""),
                targets[entry.get(f"{RELATION}id", "")],
                entry.get("state", "visible"),
                self.tree(targets[entry.get(f"{RELATION}id", "")]),
                self.strings,
            )
            for entry in self.workbook.iter(f"{MAIN}sheet")
        ]

    @cached_property
    def tables(self) -> list[Table]:
        """The tables of all sheets."""
        return [
            Table(sheet.name, link.target, self.tree(link.target))
            for sheet in self.sheets
            for link in self.relations(sheet.part)
            if link.kind.endswith("/table")
        ]

    @cached_property
    def defined_names(self) -> list[Element]:
        """The defined names."""
        return list(self.workbook.iter(f"{MAIN}definedName"))

    def charts(self) -> Iterator[tuple[str, Element]]:
        """Yield the chart parts."""
        for name in self.names:
            if name.startswith("xl/charts/chart"):
                yield name, self.tree(name)
