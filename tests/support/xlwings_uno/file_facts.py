"""What a workbook file says that LibreOffice does not keep: read from the file when it is opened."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@dataclass(frozen=True)
class FileFacts:
    """Sheets that only code can show, names that no list shows, and whether opening computes everything."""

    very_hidden: frozenset[str] = frozenset()
    hidden_names: frozenset[str] = frozenset()
    calculate: bool = False


def file_facts(path: Path) -> FileFacts:
    """Return what workbook.xml says; files of other kinds say nothing."""
    if not zipfile.is_zipfile(path):
        return FileFacts()
    with zipfile.ZipFile(path) as package:
        if "xl/workbook.xml" not in package.namelist():
            return FileFacts()
        book = ElementTree.fromstring(package.read("xl/workbook.xml"))
    return FileFacts(
        frozenset(sheet.get("name", "") for sheet in _having(book, "sheet", "state", "veryHidden")),
        frozenset(name.get("name", "").casefold() for name in _having(book, "definedName", "hidden", "1")),
        bool(_having(book, "calcPr", "fullCalcOnLoad", "1")),
    )


def _having(book: ElementTree.Element, tag: str, attribute: str, value: str) -> list[ElementTree.Element]:
    same = {"1", "true"} if value == "1" else {value}
    return [element for element in book.iter(_MAIN + tag) if element.get(attribute) in same]
