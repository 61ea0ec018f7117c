"""What people do to a workbook in Excel, written into the file the way Excel stores it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from hmsbook.opc.cells import Formula, Write, cell_name
from hmsbook.texts.words import words
from tests.hosts.books import change, package, put, repack, replace_parts, spot, table
from tests.support.package import CONTENT_TYPES, WORKBOOK, Cell

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082"
)


def rename_headers(path: Path, headers: Mapping[tuple[str, str], str]) -> None:
    """Type other headers, by table and column: Excel follows in the table and in every formula."""
    old = {(key, column): words("nb").text(f"columns.{key}.{column}.label") for key, column in headers}
    put(path, {spot(path, key, column, -1): header for (key, column), header in headers.items()})
    new = {(f"hms_{key}", old[key, column]): header for (key, column), header in headers.items()}

    def in_formula(found: re.Match[str]) -> str:
        return f"{found[1]}{found[2]}{new.get((found[1], found[3]), found[3])}]"

    stored = package(path)
    changed: dict[str, bytes] = {}
    for name, content in stored.parts.items():
        if name.startswith(("xl/worksheets/sheet", "xl/tables/")):
            changed[name] = _REFERENCE.sub(in_formula, content.decode()).encode()
    for found in stored.tables:
        named = re.sub(
            r'(<tableColumn id="\d+" name=")([^"]*)',
            lambda it, found=found: it[1] + new.get((found.name, it[2]), it[2]),
            changed[found.part].decode(),
        )
        changed[found.part] = named.encode()
    replace_parts(path, changed)


_REFERENCE = re.compile(r"(hms_\w+)(\[(?:\[#This Row\],\[)?)([^\[\]]*)\]")


def drop_table(path: Path, key: str) -> None:
    """Make plain cells of a table."""
    found, stored = table(path, key), package(path)
    sheet = next(it for it in stored.sheets if it.name == found.sheet).part
    link = next(it for it in stored.relations(sheet) if it.target == found.part)
    where = sheet.replace("worksheets/", "worksheets/_rels/") + ".rels"
    tag = rf'<Relationship [^>]*Id="{link.id}"[^>]*/>'.encode()
    parts = {
        where: re.sub(tag, b"", stored.parts[where]),
        sheet: re.sub(rf'<tablePart r:id="{link.id}"/>'.encode(), b"", stored.parts[sheet]),
    }
    override = rf'<Override PartName="/{found.part}"[^>]*/>'.encode()
    parts[CONTENT_TYPES] = re.sub(override, b"", stored.parts[CONTENT_TYPES])
    repack(path, parts, without=[found.part])


def swap_columns(path: Path, key: str, one: int, other: int) -> None:
    """Move a column of a table past another: cells, headers, formulas and the table's own list."""
    found = table(path, key)
    cells = next(sheet for sheet in package(path).sheets if sheet.name == found.sheet).cells
    writes: dict[tuple[str, str], Write] = {}
    for row in range(found.area.top, found.area.bottom + 1):
        for target, source in ((one, other), (other, one)):
            place = cell_name((row, found.area.left + target))
            writes[found.sheet, place] = _write(cells.get(cell_name((row, found.area.left + source))))
    put(path, writes)
    change(path, found.part, lambda xml: _swapped(xml, one, other))


def _write(cell: Cell | None) -> Write:
    if cell is None:
        return None
    return Formula(cell.formula or "", cell.cached)


def _swapped(xml: str, one: int, other: int) -> str:
    columns = re.findall(r"<tableColumn\b.*?(?:/>|</tableColumn>)(?=<tableColumn\b|</tableColumns>)", xml)
    moved = list(columns)
    moved[one], moved[other] = columns[other], columns[one]
    return xml.replace("".join(columns), "".join(moved))


def rename_sheets(path: Path, names: dict[str, str]) -> None:
    """Give sheets other names: Excel follows in every reference."""

    def renamed(content: bytes) -> bytes:
        text = content.decode()
        for old, new in names.items():
            quoted = new.replace("'", "''")
            text = text.replace(f"'{old}'!", f"'{quoted}'!").replace(f'name="{old}"', f'name="{new}"')
            text = re.sub(rf"(?<![\w'.]){old}!", lambda _, quoted=quoted: f"'{quoted}'!", text)
        return text.encode()

    parts = package(path).parts
    kinds = ("xl/workbook.xml", "xl/worksheets/sheet", "xl/charts/chart")
    replace_parts(path, {name: renamed(content) for name, content in parts.items() if name.startswith(kinds)})


def reverse_sheets(path: Path) -> None:
    """Drag the sheets into the opposite order."""

    def reversed_order(xml: str) -> str:
        sheets = re.findall(r"<sheet .*?/>", xml)
        last = len(sheets) - 1
        xml = xml.replace("".join(sheets), "".join(reversed(sheets)))
        xml = re.sub(r'localSheetId="(\d+)"', lambda found: f'localSheetId="{last - int(found[1])}"', xml)
        tab = f'<workbookView activeTab="{last}" firstSheet="0" '
        return re.sub(r'<workbookView (?:(?:activeTab|firstSheet)="\d+" )*', tab, xml)

    change(path, WORKBOOK, reversed_order)


def filter_rows(path: Path, key: str, column: int, text: str, hidden: Sequence[int]) -> None:
    """Choose one value in a table's filter: the other rows are hidden."""
    found = table(path, key)
    sheet = next(sheet for sheet in package(path).sheets if sheet.name == found.sheet)
    chosen = f'<filterColumn colId="{column}"><filters><filter val="{text}"/></filters></filterColumn>'
    area = re.search(r'<autoFilter ref="([^"]+)"/>', package(path).parts[found.part].decode())
    assert area is not None
    rows = [found.area.top + 1 + row for row in hidden]
    change(path, found.part, lambda xml: xml.replace(area[0], f"{area[0][:-2]}>{chosen}</autoFilter>"))
    pattern = rf'<row r="({"|".join(map(str, rows))})"'
    change(path, sheet.part, lambda xml: re.sub(pattern, r'<row hidden="1" r="\1"', xml))


def swap_rows(path: Path, key: str, one: int, other: int, columns: Sequence[str]) -> None:
    """Sort two rows past each other: the typed cells change places."""
    found = table(path, key)
    cells = next(sheet for sheet in package(path).sheets if sheet.name == found.sheet).cells
    writes: dict[tuple[str, str], Write] = {}
    for column in columns:
        for target, source in ((one, other), (other, one)):
            cell = cells.get(spot(path, key, column, source)[1])
            writes[spot(path, key, column, target)] = None if cell is None else cell.cached
    put(path, writes)


def add_own(path: Path, sheet: str, drawing_sheet: str) -> dict[str, bytes]:
    """Add a comment on one sheet, a picture and a chart on another; returns the parts that are new."""
    stored = package(path)
    target = next(found.part for found in stored.sheets if found.name == sheet)
    drawn = next(found.part for found in stored.sheets if found.name == drawing_sheet)
    drawing = next(link.target for link in stored.relations(drawn) if link.kind.endswith("/drawing"))
    parts = dict(stored.parts)
    new = {
        "xl/comments9.xml": _comments(),
        "xl/drawings/vmlDrawing9.vml": _VML.encode(),
        "xl/media/image9.png": PNG,
        "xl/charts/chart99.xml": parts["xl/charts/chart1.xml"],
    }
    parts |= new
    _relate(
        parts,
        target,
        {"rIdC": ("comments", "../comments9.xml"), "rIdV": ("vmlDrawing", "../drawings/vmlDrawing9.vml")},
    )
    _relate(
        parts, drawing, {"rIdP": ("image", "../media/image9.png"), "rIdK": ("chart", "../charts/chart99.xml")}
    )
    anchors = _anchor(1, 4, _PICTURE) + _anchor(6, 16, _CHART)
    legacy = b'<legacyDrawing r:id="rIdV"/>'
    anchor = next(mark for mark in (b"<tableParts", b"<extLst", b"</worksheet>") if mark in parts[target])
    parts[target] = parts[target].replace(anchor, legacy + anchor, 1)
    parts[drawing] = parts[drawing].replace(b"</xdr:wsDr>", anchors.encode() + b"</xdr:wsDr>")
    parts[CONTENT_TYPES] = parts[CONTENT_TYPES].replace(b"</Types>", _TYPES.encode() + b"</Types>")
    repack(path, parts)
    return new


def _relate(parts: dict[str, bytes], part: str, links: dict[str, tuple[str, str]]) -> None:
    folder, name = posixpath.split(part)
    where = f"{folder}/_rels/{name}.rels"
    empty = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    text = "".join(
        f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for key, (kind, target) in links.items()
    )
    parts[where] = parts.get(where, empty).replace(b"</Relationships>", text.encode() + b"</Relationships>")


def _comments() -> bytes:
    return (
        f'<comments xmlns="{MAIN}"><authors><author>Kari Ås</author></authors><commentList>'
        '<comment ref="C8" authorId="0"><text><t>Husk å spørre Ola 🙂</t></text></comment>'
        "</commentList></comments>"
    ).encode()


_VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel">'
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"/>'
    '<v:shape id="_x0000_s1025" type="#_x0000_t202" style="visibility:hidden">'
    '<x:ClientData ObjectType="Note"><x:Row>7</x:Row><x:Column>2</x:Column></x:ClientData></v:shape></xml>'
)
_PLACE = (
    "<xdr:{end}><xdr:col>{column}</xdr:col><xdr:colOff>0</xdr:colOff>"
    "<xdr:row>{row}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:{end}>"
)


def _anchor(top: int, bottom: int, content: str) -> str:
    first = _PLACE.format(end="from", column=9, row=top)
    last = _PLACE.format(end="to", column=12, row=bottom)
    return f"<xdr:twoCellAnchor>{first}{last}{content}<xdr:clientData/></xdr:twoCellAnchor>"


_PICTURE = (
    '<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="901" name="Bilde av oss"/><xdr:cNvPicPr/></xdr:nvPicPr>'
    f'<xdr:blipFill><a:blip xmlns:r="{OFFICE}" r:embed="rIdP"/><a:stretch><a:fillRect/></a:stretch>'
    '</xdr:blipFill><xdr:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic>'
)
_CHART = (
    '<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="902" name="Mitt diagram"/>'
    '<xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/>'
    '</xdr:xfrm><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
    '<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    f'xmlns:r="{OFFICE}" r:id="rIdK"/></a:graphicData></a:graphic></xdr:graphicFrame>'
)
_TYPES = (
    '<Default Extension="png" ContentType="image/png"/>'
    '<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>'
    '<Override PartName="/xl/comments9.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"/>'
    '<Override PartName="/xl/charts/chart99.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.drawingml.chart+xml"/>'
)
