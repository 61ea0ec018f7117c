"""The same workbook as other programs pack and write it: rewritten from its parts, cell by cell the same."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable, Mapping
from xml.etree import ElementTree

from tests.opc import build
from tests.opc.build import Unseekable
from tests.support.package import CONTENT_TYPES, WORKBOOK

STATUS, MEASURES = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet8.xml"
Parts = dict[str, bytes]
_STRICT = {
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": build.STRICT_OFFICE.encode(),
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": build.STRICT.encode(),
    b"http://schemas.openxmlformats.org/drawingml/2006/": b"http://purl.oclc.org/ooxml/drawingml/",
}
_SHEETS = re.compile(r"xl/worksheets/sheet\d+\.xml")
_MINE = re.compile(r"xl/(worksheets/sheet\d+|workbook|sharedStrings|tables/table\d+)\.xml")


# The zip


def zipped_with(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED, **about: bytes) -> bytes:
    """The parts as zipfile packs them, with a comment on each entry and on the archive if asked for."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        archive.comment = about.get("comment", b"")
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, (2020, 1, 2, 3, 4, 6))
            info.comment, info.extra = about.get("note", b""), about.get("extra", b"")
            archive.writestr(info, content, method)
    return stream.getvalue()


def with_descriptors(parts: Mapping[str, bytes]) -> bytes:
    """The parts as a stream writes them, the sizes behind the data."""
    stream = Unseekable()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return bytes(stream.data)


def backwards(parts: Mapping[str, bytes]) -> bytes:
    """The parts in the opposite order, the content types last."""
    return zipped_with(dict(reversed(parts.items())))


def directory_backwards(parts: Mapping[str, bytes]) -> bytes:
    """The directory in another order than the parts lie in."""
    data = zipped_with(parts)
    *_, count, _, size, start, _ = struct.unpack_from("<4s4H2IH", data, len(data) - 22)
    assert count
    records = re.findall(rb"PK\x01\x02.*?(?=PK\x01\x02|\Z)", data[start : start + size], re.DOTALL)
    return data[:start] + b"".join(reversed(records)) + data[start + size :]


# The markup


def absolute_targets(parts: Parts) -> Parts:
    """Every relationship says where its part is from the root, as Apple's programs and ExcelJS do."""
    return _links(parts, lambda folder, target: f"/{_joined(folder, target)}")


def roundabout_targets(parts: Parts) -> Parts:
    """Every relationship goes up and down again."""
    return _links(parts, lambda folder, target: "/".join([*[".."] * len(folder), _joined(folder, target)]))


def _joined(folder: list[str], target: str) -> str:
    steps = [] if target.startswith("/") else list(folder)
    for step in target.strip("/").split("/"):
        if step == "..":
            steps.pop()
        else:
            steps.append(step)
    return "/".join(steps)


def _links(parts: Parts, place: Callable[[list[str], str], str]) -> Parts:
    def written(name: str, xml: str) -> str:
        folder = [step for step in name.split("/")[:-2] if step]
        return re.sub(
            r'Target="([^"]*)"(?! TargetMode="External")',
            lambda found: f'Target="{place(folder, found[1])}"',
            xml,
        )

    return {
        name: written(name, content.decode()).encode() if name.endswith(".rels") else content
        for name, content in parts.items()
    }


def prefixed(parts: Parts) -> Parts:
    """`x:` before every element of the spreadsheet's own vocabulary, as the SDK and SheetJS may write it."""
    return {name: _prefixed(content) if _MINE.fullmatch(name) else content for name, content in parts.items()}


def _prefixed(xml: bytes) -> bytes:
    text = re.sub(r"<(/?)(?=[A-Za-z]+[ />])(?![A-Za-z0-9]+:)", r"<\1x:", xml.decode())
    return text.replace('xmlns="', 'xmlns:x="').encode()


def strict(parts: Parts) -> Parts:
    """The strict namespaces of ISO 29500, which Excel writes when asked to."""
    return {name: _strict(content) if _is_xml(name) else content for name, content in parts.items()}


def _strict(xml: bytes) -> bytes:
    for old, new in _STRICT.items():
        xml = xml.replace(old, new)
    return xml


def _is_xml(name: str) -> bool:
    return name.endswith((".xml", ".rels")) and name != CONTENT_TYPES and not name.startswith("docProps/")


def marked(parts: Parts) -> Parts:
    """A byte order mark before every part."""
    return {
        name: b"\xef\xbb\xbf" + content if name.endswith((".xml", ".rels")) else content
        for name, content in parts.items()
    }


def utf16(pattern: str) -> Callable[[Parts], Parts]:
    """The parts of this name in UTF-16."""

    def recoded(parts: Parts) -> Parts:
        return {
            name: _utf16(content) if re.fullmatch(pattern, name) else content
            for name, content in parts.items()
        }

    return recoded


def _utf16(xml: bytes) -> bytes:
    return xml.decode().replace("UTF-8", "UTF-16").encode("utf-16")


def without_references(parts: Parts) -> Parts:
    """No `r=` on rows and cells: each follows the one before, and the gaps are filled with empty ones."""
    return {
        name: _unreferenced(content) if _SHEETS.fullmatch(name) else content
        for name, content in parts.items()
    }


_ROW = re.compile(r'<row r="(\d+)"([^>]*?)(?:/>|>(.*?)</row>)', re.DOTALL)
_CELL = re.compile(r'<c r="([A-Z]+)\d+"')


def _unreferenced(xml: bytes) -> bytes:
    row = 0

    def plain_row(found: re.Match[str]) -> str:
        nonlocal row
        gap = "<row/>" * (int(found[1]) - row - 1)
        row = int(found[1])
        return f"{gap}<row{found[2]}>{_unreferenced_cells(found[3] or '')}</row>"

    return _ROW.sub(plain_row, xml.decode()).encode()


def _unreferenced_cells(cells: str) -> str:
    column = 0

    def plain_cell(found: re.Match[str]) -> str:
        nonlocal column
        at = 0
        for letter in found[1]:
            at = at * 26 + ord(letter) - 64
        gap = "<c/>" * (at - column - 1)
        column = at
        return f"{gap}<c"

    return _CELL.sub(plain_cell, cells)


def shared_formulas(parts: Parts) -> Parts:
    """Each computed column of the measures says its formula once, as Excel does where it is filled down."""
    xml = parts[MEASURES].decode()
    for number, column in enumerate(("G", "H")):
        cells = re.findall(rf'<c r="{column}(\d+)"[^>]*><f>', xml)
        area = f"{column}{cells[0]}:{column}{cells[-1]}"
        first = f'<f t="shared" ref="{area}" si="{number}">'
        xml = re.sub(rf'(<c r="{column}{cells[0]}"[^>]*>)<f>', rf"\1{first}", xml)
        xml = re.sub(rf'(<c r="{column}\d+"[^>]*>)<f>[^<]*</f>', rf'\1<f t="shared" si="{number}"/>', xml)
    return {**parts, MEASURES: xml.encode()}


def array_over_a_computed_column(parts: Parts) -> Parts:
    """A person has made one array formula of the days left."""
    return _formula(parts, MEASURES, "G5", '<f t="array" ref="G5:G11">hms_today-F5:F11</f>')


def spill_over_a_computed_column(parts: Parts) -> Parts:
    """A person's dynamic array spills over the days left."""
    return _formula(parts, MEASURES, "G5", '<f t="array" aca="1" ref="G5:G8" ca="1">SEQUENCE(4)</f>')


def shared_over_a_value(parts: Parts) -> Parts:
    """A person has filled a formula over what hmsbook says."""
    return _formula(parts, STATUS, "C4", '<f t="shared" ref="C4:C5" si="7">1+1</f>')


def _formula(parts: Parts, part: str, cell: str, formula: str) -> Parts:
    before = parts[part].decode()
    after = re.sub(rf'(<c r="{cell}"(?: s="\d+")?)[^>]*>(?:<f>[^<]*</f>)?', rf"\1>{formula}", before)
    assert after != before
    return {**parts, part: after.encode()}


def date1904(parts: Parts) -> Parts:
    """Days counted from 1904, as on old Macs."""
    xml = parts[WORKBOOK].replace(b"<workbookPr ", b'<workbookPr date1904="1" ')
    assert xml != parts[WORKBOOK]
    return {**parts, WORKBOOK: xml}


def cells_of(data: bytes) -> dict[tuple[str, str], tuple[object, str | None]]:
    """What every cell of a package shows, read with ElementTree and not by the code under test."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    return {
        key: cell
        for name in archive.namelist()
        if _SHEETS.fullmatch(name)
        for key, cell in _cells(name, archive)
    }


def _strings(archive: zipfile.ZipFile) -> list[str]:
    root = ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
    return ["".join(text.text or "" for text in item.iter("{*}t")) for item in _named(root, "si")]


def _named(root: ElementTree.Element, local: str) -> list[ElementTree.Element]:
    return [element for element in root.iter() if element.tag.rpartition("}")[2] == local]


def _cells(name: str, archive: zipfile.ZipFile):
    strings = _strings(archive)
    at_row = 0
    for row in _named(ElementTree.fromstring(archive.read(name)), "row"):
        at_row = int(row.get("r", at_row + 1))
        column = 0
        for cell in row:
            letters = (cell.get("r") or "").rstrip("0123456789")
            column = _number(letters) if letters else column + 1
            shown = _shown(cell, strings)
            if shown != (None, None):
                yield (name, f"{at_row}:{column}"), shown


def _number(letters: str) -> int:
    at = 0
    for letter in letters:
        at = at * 26 + ord(letter) - 64
    return at


def _shown(cell: ElementTree.Element, strings: list[str]) -> tuple[object, str | None]:
    value, formula = cell.find("{*}v"), cell.find("{*}f")
    text: object = None
    if cell.get("t") == "inlineStr":
        text = "".join(run.text or "" for run in cell.iter() if run.tag.endswith("}t"))
    elif value is not None and cell.get("t") == "s":
        text = strings[int(value.text or 0)]
    elif value is not None:
        text = value.text if cell.get("t") in ("str", "e") else float(value.text or 0)
    return text or None if text == "" else text, None if formula is None else formula.text or ""
