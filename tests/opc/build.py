"""Workbooks for these tests: drawn with XlsxWriter, or put together by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import xlsxwriter

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def sheet(rows: str = "", *, before: str = "", after: str = "", space: str = MAIN) -> bytes:
    """A worksheet part with these rows."""
    data = f"<sheetData>{rows}</sheetData>" if rows else "<sheetData/>"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f'{head}<worksheet xmlns="{space}" xmlns:r="{OFFICE}">{before}{data}{after}</worksheet>'.encode()


def rels(*links: tuple[str, str, str], space: str = OFFICE) -> bytes:
    """A relationships part: id, type, target."""
    inside = "".join(
        f'<Relationship Id="{key}" Type="{space}/{kind}" Target="{target}"/>' for key, kind, target in links
    )
    return f'<Relationships xmlns="{PACKAGE}">{inside}</Relationships>'.encode()


def minimal(**changes: bytes | None) -> dict[str, bytes]:
    """The parts of the smallest workbook; names in `changes` are those of `_NAMES`."""
    parts = {
        "types": (
            f'<Types xmlns="{TYPES}"><Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET_TYPE}"/></Types>'
        ).encode(),
        "rels": rels(("rId1", "officeDocument", "xl/workbook.xml")),
        "workbook": workbook('<sheet name="One" sheetId="1" r:id="rId1"/>'),
        "workbook_rels": rels(("rId1", "worksheet", "worksheets/sheet1.xml")),
        "sheet": sheet('<row r="1"><c r="A1"><v>1</v></c></row>'),
    }
    chosen = {**parts, **changes}
    return {_NAMES[key]: content for key, content in chosen.items() if content is not None}


_NAMES = {
    "types": "[Content_Types].xml",
    "rels": "_rels/.rels",
    "workbook": "xl/workbook.xml",
    "workbook_rels": "xl/_rels/workbook.xml.rels",
    "sheet": "xl/worksheets/sheet1.xml",
}


def workbook(sheets: str, *, before: str = "", after: str = "", space: str = MAIN) -> bytes:
    """A workbook part with these sheets."""
    inside = f"{before}<sheets>{sheets}</sheets>{after}"
    return f'<workbook xmlns="{space}" xmlns:r="{OFFICE}">{inside}</workbook>'.encode()


def zipped(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The parts as a zip archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


class Unseekable(io.RawIOBase):
    """A stream that cannot go back, so that zipfile writes data descriptors."""

    def __init__(self) -> None:
        self.data = bytearray()

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, data) -> int:
        """Keep the bytes."""
        self.data += data
        return len(data)


def streamed(parts: Mapping[str, bytes]) -> bytes:
    """The parts as a zip archive with a data descriptor after each."""
    stream = Unseekable()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return bytes(stream.data)


def drawn() -> bytes:
    """A workbook with the things people use: tables, names, charts, hidden sheets, formulas."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    data = book.add_worksheet("Data")
    other = book.add_worksheet("It's mine")
    hidden = book.add_worksheet("Secret")
    bold = book.add_format({"bold": True})
    data.add_table(
        "B2:D6",
        {
            "name": "tblData",
            "total_row": True,
            "columns": [{"header": "Month"}, {"header": "Value"}, {"header": "Line\nbreak"}],
            "data": [["jan", 1, True], ["feb", 2.5, False], ["mar", 3, True]],
        },
    )
    data.write_formula("F3", "=SUM(C3:C5)", bold, 6.5)
    data.write_formula("F4", '="a"&B3', None, "ajan")
    data.write_rich_string("F5", "plain ", bold, "bold", " end")
    data.write_array_formula("H3:H5", "{=C3:C5*2}", None, 2)
    data.merge_range("A10:C10", "merged")
    data.set_column("G:I", 12, None, {"hidden": True})
    data.set_row(7, None, None, {"hidden": True})
    data.write_comment("B3", "a comment")
    chart = book.add_chart({"type": "line"})
    chart.add_series({"categories": "=Data!$B$3:$B$5", "values": "=Data!$C$3:$C$5", "name": "=Data!$C$2"})
    data.insert_chart("J2", chart, {"description": "the chart", "object_position": 1})
    chart.set_title({"name": "Title"})
    other.insert_image("B2", "dot.png", {"image_data": io.BytesIO(PNG)})
    other.write_string("A1", " _x0041_ <&> ")
    hidden.very_hidden()
    book.define_name("hms_data", "=Data!$B$2:$D$5")
    book.define_name("hms_cell", "='It''s mine'!$A$1")
    book.define_name("hms_sum", "=SUM(Data!$C$3:$C$5)")
    book.define_name("hms_two", "=Data!$B$2,Data!$C$3")
    book.define_name("hms_moving", "=Data!B2")
    book.define_name("Data!local", "=Data!$B$2")
    book.close()
    return stream.getvalue()


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)
