"""Parts put into a workbook by hand, with the links, content types and places that Excel wants."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.parsers import expat

from tests.support.package import CONTENT_TYPES, WORKBOOK, Package

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MARKUP = "http://schemas.openxmlformats.org/markup-compatibility/2006"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
MICROSOFT = "http://schemas.microsoft.com/office"
X14 = f"{MICROSOFT}/spreadsheetml/2009/9/main"
X15 = f"{MICROSOFT}/spreadsheetml/2010/11/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

# The children of a worksheet and of the workbook that matter here, in the order of the schema.
SHEET_ORDER = (
    "sheetData conditionalFormatting dataValidations hyperlinks printOptions pageMargins pageSetup "
    "headerFooter drawing legacyDrawing legacyDrawingHF picture controls tableParts extLst"
).split()
WORKBOOK_ORDER = "sheets externalReferences definedNames calcPr pivotCaches extLst".split()


class Assembly:
    """The parts of a workbook while more are put in."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.stored = Package(path)
        self.parts: dict[str, bytes] = dict(self.stored.parts)
        self.sheets = {sheet.name: sheet.part for sheet in self.stored.sheets}
        self.tables = {table.name: table for table in self.stored.tables}

    def save(self) -> None:
        """Write the workbook anew."""
        with zipfile.ZipFile(self.path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self.parts.items():
                archive.writestr(zipfile.ZipInfo(name, (2026, 11, 16, 9, 0, 0)), content)

    def add(self, part: str, content: str | bytes, kind: str = "", *, head: bool = True) -> str:
        """Put in a part, with its content type unless its extension tells it, and return its name."""
        text = (HEAD if head else "") + content if isinstance(content, str) else content
        self.parts[part] = text.encode() if isinstance(text, str) else text
        if kind:
            override = f'<Override PartName="/{part}" ContentType="{kind}"/></Types>'
            self.change(CONTENT_TYPES, "</Types>", override)
        return part

    def default(self, extension: str, kind: str) -> None:
        """Say what the parts with an extension are, unless it is said already."""
        if f'Extension="{extension}"'.encode() not in self.parts[CONTENT_TYPES]:
            default = f'<Default Extension="{extension}" ContentType="{kind}"/><Override'
            self.change(CONTENT_TYPES, "<Override", default)

    def link(self, part: str, kind: str, target: str, *, external: bool = False) -> str:
        """Relate a part to another, or to a file outside, and return the id."""
        folder, name = posixpath.split(part)
        where = posixpath.join(folder, "_rels", f"{name}.rels")
        empty = f'{HEAD}<Relationships xmlns="{PACKAGE}"></Relationships>'.encode()
        text = self.parts.setdefault(where, empty).decode()
        number = f"rIdX{text.count('<Relationship ') + 1}"
        mode = ' TargetMode="External"' if external else ""
        kind = kind if "://" in kind else f"{OFFICE}/{kind}"
        place = target if external else posixpath.relpath(target, folder or ".")
        new = f'<Relationship Id="{number}" Type="{kind}" Target="{place}"{mode}/></Relationships>'
        self.parts[where] = text.replace("</Relationships>", new).encode()
        return number

    def change(self, part: str, old: str, new: str) -> None:
        """Replace the first occurrence of a text in a part."""
        text = self.parts[part].decode()
        assert old in text, f"nothing to change in {part}: {old}"
        self.parts[part] = text.replace(old, new, 1).encode()

    def insert(self, part: str, element: str, xml: str) -> None:
        """Put an element where the schema wants it in a worksheet or the workbook."""
        order = WORKBOOK_ORDER if part == WORKBOOK else SHEET_ORDER
        later = order[order.index(element) + 1 :]
        content = self.parts[part]
        found = [start for name, start in children(content) if name in later]
        at = min(found, default=content.rindex(b"</"))
        self.parts[part] = content[:at] + xml.encode() + content[at:]

    def extend(self, part: str, uri: str, spaces: Mapping[str, str], xml: str) -> None:
        """Put an extension into the list at the end of a worksheet or the workbook."""
        declared = "".join(f' xmlns:{prefix}="{space}"' for prefix, space in spaces.items())
        extension = f'<ext uri="{uri}"{declared}>{xml}</ext>'
        content = self.parts[part]
        if any(name == "extLst" for name, _ in children(content)):
            at = content.rindex(b"</extLst>")
            self.parts[part] = content[:at] + extension.encode() + content[at:]
        else:
            self.insert(part, "extLst", f"<extLst>{extension}</extLst>")

    def relate_sheet(self, sheet: str, kind: str, target: str) -> str:
        """Relate a worksheet, by name, to a part."""
        return self.link(self.sheets[sheet], kind, target)

    def related(self, part: str, kind: str) -> str:
        """The part that another is related to by a type."""
        self_links = Package.relations(self._view(), part)
        return next(found.target for found in self_links if found.kind.endswith(f"/{kind}"))

    def _view(self) -> Package:
        """The parts as they are now, for reading links."""
        view = object.__new__(Package)
        view.parts, view._trees = self.parts, {}
        return view


def children(xml: bytes) -> list[tuple[str, int]]:
    """The elements directly inside the root, each with where it begins."""
    found: list[tuple[str, int]] = []
    depth = 0

    def start(name: str, _: dict[str, str]) -> None:
        nonlocal depth
        if depth == 1:
            found.append((name.rpartition(":")[2], parser.CurrentByteIndex))
        depth += 1

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(xml, True)
    return found
