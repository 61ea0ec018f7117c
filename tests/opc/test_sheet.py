"""Cells are read as they are, and written between bytes that stay."""

from __future__ import annotations

import io
from xml.parsers import expat

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hmsbook.errors import PackageError
from hmsbook.opc.cells import (
    ErrorValue,
    Formula,
    IsoDate,
    column_letters,
    column_number,
    parse_range,
    range_name,
)
from hmsbook.opc.markup import MAIN
from hmsbook.opc.package import Package, receipt
from hmsbook.opc.patch import Edit
from hmsbook.opc.sheet import Cell, Sheet, scan, splice
from hmsbook.opc.workbook import Workbook
from tests.opc import build

STRINGS = ["zero", "one", "to & tre", ""]
# A comment anywhere sends a part the slow way, through expat's handlers.
SLOW = "<!-- read by expat -->"


def strings() -> list[str]:
    return STRINGS


def rows_of(xml: bytes) -> str:
    """What stands between the sheetData tags."""
    text = xml.decode()
    return text[text.index("<sheetData") : text.rindex("</worksheet>")].replace(SLOW, "")


def spliced(rows: str, writes, **options) -> str:
    """The rows after a splice, made both ways and checked for a second splice that changes nothing."""
    results = []
    for after in ("", SLOW):
        xml = build.sheet(rows, after=after)
        edit = Edit(writes, **options)
        plan = Sheet(xml).plan(edit, strings)
        new = plan.result()
        again = Sheet(new).plan(edit, strings)
        assert again.result() is new
        assert again.rest() == plan.rest()
        assert again.kept(plan.found.cells) == plan.kept(plan.found.cells)
        results.append(rows_of(new))
    assert results[0] == results[1]
    return results[0].removeprefix("<sheetData>").removesuffix("</sheetData>")


def values(markup: str, **options) -> dict[tuple[int, int], Cell]:
    fast = scan(build.sheet(markup), strings, **options)
    slow = scan(build.sheet(markup, after=SLOW), strings, **options)
    assert fast.cells == slow.cells
    assert [type(cell.value) for cell in fast.cells.values()] == [type(c.value) for c in slow.cells.values()]
    assert fast.hidden_rows == slow.hidden_rows
    return fast.cells


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="A1"><v>12</v></c>', 12),
        ('<c r="A1" t="n"><v>-3</v></c>', -3),
        ('<c r="A1"><v>1.5E3</v></c>', 1500.0),
        ('<c r="A1"><v>1.0</v></c>', 1.0),
        ('<c r="A1" t="b"><v>1</v></c>', True),
        ('<c r="A1" t="b"><v>0</v></c>', False),
        ('<c r="A1" t="s"><v>2</v></c>', "to & tre"),
        ('<c r="A1" t="str"><f>A2</f><v>x &amp; y &#230;&#xE6;</v></c>', "x & y ææ"),
        ('<c r="A1" t="str"><f>A2</f><v></v></c>', ""),
        ('<c r="A1" t="e"><v>#N/A</v></c>', ErrorValue("#N/A")),
        ('<c r="A1" t="d"><v>2024-01-31</v></c>', IsoDate("2024-01-31")),
        ('<c r="A1" t="inlineStr"><is><t xml:space="preserve"> a </t></is></c>', " a "),
        ('<c r="A1" t="inlineStr"><is><t>_x005F_x0041_ _x000D_</t></is></c>', "_x0041_ \r"),
        ('<c r="A1" t="inlineStr"><is><r><rPr><b/></rPr><t>a</t></r><r><t>b</t></r></is></c>', "ab"),
        ('<c r="A1" t="inlineStr"><is><t>a</t><rPh sb="0" eb="1"><t>b</t></rPh></is></c>', "a"),
        ('<c r="A1" t="inlineStr"><is><t>_xD83D__xDE00_</t></is></c>', "😀"),
    ],
)
def test_types(cell, value):
    found = values(f'<row r="1">{cell}</row>')[1, 1].value
    assert found == value
    assert type(found) is type(value)


def test_cells_without_a_value_are_left_out_unless_asked_for():
    rows = '<row r="1"><c r="A1" s="3"/><c r="B1" s="2"><f>A1</f></c></row>'
    assert values(rows) == {(1, 2): Cell(None, "A1", 2)}
    assert values(rows, blanks=True) == {(1, 1): Cell(None, None, 3), (1, 2): Cell(None, "A1", 2)}


def test_formulas_shared_and_array():
    rows = (
        '<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">B1*2</f><v>2</v></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0"/><v>4</v></c><c r="B2"><v>1</v></c></row>'
    )
    assert values(rows) == {(1, 1): Cell(2, "B1*2", 0), (2, 1): Cell(4, "", 0), (2, 2): Cell(1, None, 0)}
    assert values(rows)[2, 1].is_formula
    assert not values(rows)[2, 2].is_formula
    rows = (
        '<row r="1"><c r="A1"><f t="array" ref="A1:B1">C1:D1</f><v>1</v></c><c r="B1"><v>2</v></c></row>'
        '<row r="2"><c r="A2"><v>3</v></c></row>'
    )
    assert {at: cell.array for at, cell in values(rows).items()} == {
        (1, 1): True,
        (1, 2): True,
        (2, 1): False,
    }


def test_cells_and_rows_without_references_count_on():
    rows = (
        '<row><c><v>1</v></c><c r="D1"><v>2</v></c><c><v>3</v></c></row><row r="5"/><row><c>'
        "<v>4</v></c></row>"
    )
    found = {at: cell.value for at, cell in values(rows).items()}
    assert found == {(1, 1): 1, (1, 4): 2, (1, 5): 3, (6, 1): 4}


def test_only_some_rows():
    rows = "".join(f'<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>' for row in range(1, 9))
    assert sorted(values(rows, rows=(3, 5))) == [(3, 1), (4, 1), (5, 1)]


def test_the_frame_of_a_sheet():
    xml = build.sheet(
        '<row r="2" hidden="1"/><row r="3" hidden="0"/><row r="4" hidden="true"/>',
        before='<dimension ref="B2:D9"/><cols><col min="2" max="4" hidden="1"/><col min="6" max="6"/></cols>',
        after='<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>',
    )
    found = scan(xml, strings)
    assert found.dimension == (2, 2, 9, 4)
    assert found.hidden_cols == {2, 3, 4}
    assert found.hidden_rows == {2, 4}
    assert found.merges == [(1, 1, 2, 2)]


def prefixed(rows: str) -> bytes:
    text = rows.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:")
    return f'<x:worksheet xmlns:x="{build.MAIN}"><x:sheetData>{text}</x:sheetData></x:worksheet>'.encode()


def test_prefixes_and_strict_and_utf16():
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>'
    strict = build.sheet(rows, space=build.STRICT)
    wide = strict.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
    for xml in (prefixed(rows), strict, wide, b"\xef\xbb\xbf" + strict):
        assert scan(xml, strings).cells == {(1, 1): Cell("a", None, 0)}


def test_splicing_with_prefixes_and_byte_order_mark():
    new = splice(prefixed('<row r="1"><c r="A1"><v>1</v></c></row>'), {(1, 1): "a", (1, 2): 2, (3, 1): True})
    inside = new[new.index(b"<x:sheetData>") : new.index(b"</x:worksheet>")]
    assert inside == (
        b'<x:sheetData><x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>a</x:t></x:is></x:c>'
        b'<x:c r="B1"><x:v>2</x:v></x:c></x:row><x:row r="3"><x:c r="A3" t="b"><x:v>1</x:v></x:c></x:row>'
        b"</x:sheetData>"
    )
    marked = b"\xef\xbb\xbf" + build.sheet('<row r="1"><c r="A1"><v>1</v></c></row>')
    assert splice(marked, {(1, 1): 2}) == marked.replace(b"<v>1</v>", b"<v>2</v>")


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1"])
def test_other_encodings_are_not_spliced(encoding):
    text = build.sheet().decode().replace("UTF-8", encoding)
    with pytest.raises(PackageError, match="unsupported_encoding") as caught:
        splice(text.encode(encoding), {(1, 1): 1}, part="p")
    assert caught.value.params["part"] == "p"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, '<c r="A1" s="4"/>'),
        (2, '<c r="A1" s="4"><v>2</v></c>'),
        (2.0, '<c r="A1" s="4"><v>2</v></c>'),
        (0.1 + 0.2, '<c r="A1" s="4"><v>0.30000000000000004</v></c>'),
        (1e300, '<c r="A1" s="4"><v>1e+300</v></c>'),
        (True, '<c r="A1" s="4" t="b"><v>1</v></c>'),
        (False, '<c r="A1" s="4" t="b"><v>0</v></c>'),
        (ErrorValue("#N/A"), '<c r="A1" s="4" t="e"><v>#N/A</v></c>'),
        (IsoDate("2024-01-31"), '<c r="A1" s="4" t="d"><v>2024-01-31</v></c>'),
        ("", '<c r="A1" s="4" t="inlineStr"><is><t></t></is></c>'),
        ("=1+1", '<c r="A1" s="4" t="inlineStr"><is><t>=1+1</t></is></c>'),
        ("<&>", '<c r="A1" s="4" t="inlineStr"><is><t>&lt;&amp;&gt;</t></is></c>'),
        (" a", '<c r="A1" s="4" t="inlineStr"><is><t xml:space="preserve"> a</t></is></c>'),
        ("a\nb\r", '<c r="A1" s="4" t="inlineStr"><is><t xml:space="preserve">a\nb_x000D_</t></is></c>'),
        ("\x00_x0041_", '<c r="A1" s="4" t="inlineStr"><is><t>_x0000__x005F_x0041_</t></is></c>'),
    ],
)
def test_values_replace_values_and_styles_stay(value, cell):
    rows = '<row r="1"><c r="A1" s="4" t="s"><v>1</v></c></row>'
    assert spliced(rows, {(1, 1): value}) == f'<row r="1">{cell}</row>'


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_what_is_no_number_is_refused(number):
    with pytest.raises(ValueError, match="not a number"):
        splice(build.sheet(), {(1, 1): number})


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="A1" t="s"><v>1</v></c>', "one"),
        ('<c r="A1"><v>1.50</v></c>', 1.5),
        ('<c r="A1"><v>2.0</v></c>', 2),
        ('<c r="A1" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>', "ab"),
        ('<c r="A1" t="str"><f>B1</f><v>x</v></c>', "x"),
        ('<c r="A1" s="3"></c>', None),
        ('<c r="A1" t="b"><v>true</v></c>', True),
        ('<c r="A1" vm="1" t="e"><v>#N/A</v></c>', ErrorValue("#N/A")),
    ],
)
def test_the_same_value_changes_nothing(cell, value):
    for after in ("", SLOW):
        xml = build.sheet(f'<row r="1" >{cell}</row>', after=after)
        assert splice(xml, {(1, 1): value}, strings=strings) is xml


@pytest.mark.parametrize(("old", "new"), [("1", True), ("0", False), ("0", None), ("1", "1"), ("1", "")])
def test_the_same_look_of_another_type_is_a_change(old, new):
    rows = f'<row r="1"><c r="A1"><v>{old}</v></c></row>'
    assert spliced(rows, {(1, 1): new}) != rows


def test_formulas_stay_and_get_their_value():
    rows = '<row r="1"><c r="A1" s="1"><f ca="1">B1&amp;"x"</f><v>1</v></c></row>'
    formula = '<f ca="1">B1&amp;"x"</f>'
    for value, attributes, content in (
        (2, "", "<v>2</v>"),
        ("a<b", ' t="str"', "<v>a&lt;b</v>"),
        (None, "", ""),
        (ErrorValue("#N/A"), ' t="e"', "<v>#N/A</v>"),
    ):
        wanted = f'<row r="1"><c r="A1" s="1"{attributes}>{formula}{content}</c></row>'
        assert spliced(rows, {(1, 1): value}) == wanted


def test_a_formula_is_restored_only_when_it_is_not_there():
    wanted = '<row r="1"><c r="A1" s="1"><f>B1&lt;2</f><v>5</v></c></row>'
    for cell in (
        '<c r="A1" s="1" t="s"><v>1</v></c>',
        '<c r="A1" s="1"><f>B9</f><v>5</v></c>',
        '<c r="A1" s="1"/>',
    ):
        assert spliced(f'<row r="1">{cell}</row>', {(1, 1): Formula("=B1<2", 5)}) == wanted
    same = '<row r="1"><c r="A1"><f aca="false">B1&lt;2</f><v>5.0</v></c></row>'
    assert spliced(same, {(1, 1): Formula("B1<2", 5)}) == same
    assert (
        spliced("", {(1, 1): Formula("B1", "a")})
        == '<row r="1"><c r="A1" t="str"><f>B1</f><v>a</v></c></row>'
    )


def test_shared_formulas_keep_their_master():
    rows = (
        '<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">B1*2</f><v>2</v></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0"/><v>4</v></c></row>'
    )
    assert spliced(rows, {(1, 1): 3, (2, 1): 5}) == rows.replace("<v>2", "<v>3").replace("<v>4", "<v>5")
    assert "<f>B2*3</f><v>4</v>" in spliced(rows, {(2, 1): Formula("B2*3", 4)})
    with pytest.raises(PackageError, match="shared_formula"):
        splice(build.sheet(rows), {(1, 1): Formula("B1*3", 3)})


@pytest.mark.parametrize("at", [(1, 1), (1, 2), (2, 2), (2, 1)])
@pytest.mark.parametrize("kind", ["array", "dataTable"])
def test_array_formulas_and_what_they_spill_are_not_touched(at, kind):
    rows = (
        f'<row r="1"><c r="A1" cm="1"><f t="{kind}" ref="A1:B2">C1:D2</f><v>1</v></c>'
        f'<c r="B1"><v>2</v></c></row>'
        '<row r="2"><c r="A2"><v>2</v></c></row>'
    )
    with pytest.raises(PackageError, match="array_cell") as caught:
        splice(build.sheet(rows), {at: 7}, part="p")
    assert caught.value.params == {"part": "p", "cell": range_name((*at, *at))}


def test_metadata_goes_and_unknown_attributes_and_extensions_stay():
    rows = (
        '<row r="1"><c  r = \'A1\' cm="1" vm="2" foo:bar="a>b" t="e" xmlns:foo="urn:x"><v>#VALUE!</v>'
        "<extLst><ext uri='u'/></extLst></c></row>"
    )
    assert spliced(rows, {(1, 1): 1}) == (
        '<row r="1"><c  r = \'A1\' foo:bar="a>b" xmlns:foo="urn:x"><v>1</v><extLst>'
        "<ext uri='u'/></extLst></c></row>"
    )
    kept = spliced('<row r="1"><c r="A1" s="2" vm="1" t="e"><v>#VALUE!</v></c></row>', {(1, 1): 1})
    assert kept == '<row r="1"><c r="A1" s="2"><v>1</v></c></row>'


def test_cells_and_rows_are_inserted_in_order():
    rows = (
        '<row r="2" spans="2:4"><c r="B2" s="1"><v>1</v></c><c r="D2" s="3"><v>2</v></c></row>'
        '<row r="5"/><row r="7" ht="20"><c r="C7"><v>3</v></c></row>'
    )
    writes = {(row, column): row * 10 + column for row in (1, 2, 3, 5, 7, 8) for column in (1, 3, 5)}
    result = spliced(rows, writes, styles=dict.fromkeys(writes, 0))
    found = values(result)
    assert list(found) == sorted(found)
    assert {at: cell.value for at, cell in found.items()} == {(2, 2): 1, (2, 4): 2, **writes}
    assert '<row r="2" spans="1:5">' in result
    assert '<row r="7" ht="20"><c r="A7">' in result


def test_a_new_cell_takes_the_given_style_or_that_of_the_cell_above():
    rows = (
        '<row r="1"><c r="A1" s="1"/><c r="B1" s="7"/><c r="C1"/></row><row r="2"><c r="A2" s="2"/></row>'
        '<row r="4"><c r="D4" s="9"/></row>'
    )
    result = spliced(
        rows, {(4, 1): 1, (4, 2): 1, (4, 3): 1, (4, 5): 1, (6, 4): 1, (6, 1): 1}, styles={(6, 1): 5}
    )
    styles = {at: cell.style for at, cell in values(result).items()}
    assert styles == {(4, 1): 2, (4, 2): 7, (4, 3): 0, (4, 5): 0, (6, 4): 9, (6, 1): 5}


def test_nothing_is_inserted_for_blanks():
    xml = build.sheet('<row r="2"/>')
    blank = splice(
        xml, {(1, 1): None, (2, 1): None, (3, 1): None}, hidden_rows={1: False}, hidden_cols={3: False}
    )
    assert blank is xml


def test_the_dimension_grows():
    xml = build.sheet('<row r="2"><c r="B2"><v>1</v></c></row>', before='<dimension ref="B2"/>')
    assert b'<dimension ref="A2:B9"/>' in splice(xml, {(9, 1): 1})
    assert b'<dimension ref="B2"/>' in splice(xml, {(2, 2): 5})


def test_rows_hide_and_show():
    rows = (
        '<row r="1" ht="9"/><row r="2" hidden="1" ht="8"><c r="A2"><v>1</v></c></row>'
        '<row r="3" hidden="true"/>'
    )
    hidden = {1: True, 2: False, 3: True, 5: True, 6: False}
    result = spliced(rows, {(5, 1): 4}, hidden_rows=hidden)
    assert result == (
        '<row r="1" ht="9" hidden="1"/><row r="2" ht="8"><c r="A2"><v>1</v></c></row>'
        '<row r="3" hidden="true"/>'
        '<row r="5" hidden="1"><c r="A5"><v>4</v></c></row>'
    )
    assert spliced("", {}, hidden_rows={4: True}) == '<row r="4" hidden="1"/>'


def columns(cols: str, hidden: dict[int, bool], before: str = "") -> str:
    xml = build.sheet('<row r="1"/>', before=before + cols)
    new = splice(xml, {}, hidden_cols=hidden)
    assert splice(new, {}, hidden_cols=hidden) is new
    text = new.decode()
    return text[text.index("<cols") : text.index("<sheetData")] if "<cols" in text else ""


def test_columns_hide_and_show_and_ranges_split():
    cols = (
        '<cols><col min="2" max="6" width="12.5" style="3" customWidth="1"/>'
        '<col min="9" max="9" hidden="1"/></cols>'
    )
    hidden = {1: True, 3: True, 4: True, 6: False, 7: True, 8: True, 9: False, 12: True}
    assert columns(cols, hidden) == (
        '<cols><col min="1" max="1" width="9.140625" hidden="1"/>'
        '<col min="2" max="2" width="12.5" style="3" customWidth="1"/>'
        '<col min="3" max="4" width="12.5" style="3" customWidth="1" hidden="1"/>'
        '<col min="5" max="6" width="12.5" style="3" customWidth="1"/>'
        '<col min="7" max="8" width="9.140625" hidden="1"/>'
        '<col min="9" max="9"/>'
        '<col min="12" max="12" width="9.140625" hidden="1"/></cols>'
    )


def test_columns_come_where_they_belong():
    frame = '<sheetFormatPr defaultRowHeight="15" defaultColWidth="11"/>'
    new = '<cols><col min="2" max="3" width="11" hidden="1"/></cols>'
    assert columns("", {2: True, 3: True}, frame) == new
    assert columns("<cols/>", {2: True, 3: True}, frame) == new
    assert columns("", {2: False}) == ""
    assert columns(
        '<cols><col min="1" max="1" width="0" hidden="1" customWidth="1"></col></cols>', {1: False}
    ) == ('<cols><col min="1" max="1" width="9.140625"/></cols>')


@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(1, 4), st.booleans()), max_size=5),
    st.dictionaries(st.integers(1, 25), st.booleans(), max_size=12),
)
def test_columns_end_up_as_wanted_and_keep_their_widths(parts, wanted):
    at, cols = 1, []
    for gap, size, hidden in parts:
        cols.append((at + gap, at + gap + size - 1, hidden))
        at += gap + size
    mark = {True: ' hidden="1"', False: ""}
    tags = "".join(
        f'<col min="{low}" max="{high}" width="{low + 0.5}"{mark[hid]}/>' for low, high, hid in cols
    )
    xml = build.sheet('<row r="1"/>', before=f"<cols>{tags}</cols>" if tags else "")
    new = splice(xml, {}, hidden_cols=wanted)
    was, now = scan(xml, strings).hidden_cols, scan(new, strings).hidden_cols
    assert now == {column for column in range(1, 40) if wanted.get(column, column in was)}
    widths = {column: low + 0.5 for low, high, _ in cols for column in range(low, high + 1)}
    assert {column: width for column, width in all_widths(new).items() if column in widths} == widths
    assert splice(new, {}, hidden_cols=wanted) is new


def all_widths(xml: bytes) -> dict[int, float]:
    """The width of each column; ranges that overlap or go backwards fail."""
    found: dict[int, float] = {}

    def start(name, attributes):
        if name == "col":
            for column in range(int(attributes["min"]), int(attributes["max"]) + 1):
                assert not found or column > max(found)
                found[column] = float(attributes["width"])

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(xml, True)
    return found


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2"/><row r="1"/>',
        '<row r="1"><c r="B1"/><c r="A1"/></row>',
        '<row r="1"><c r="A1"><v>x</v></c></row>',
        '<row r="1"><c r="1"/></row>',
        '<row r="one"/>',
        '<row r="1"><c r="A1" t="nope"><v>1</v></c></row>',
        '<row r="1"><c r="A1"></row>',
    ],
)
def test_broken_sheets_are_refused(rows):
    with pytest.raises(PackageError, match="broken_part"):
        splice(build.sheet(rows), {(1, 1): 1, (3, 1): 1}, part="p")


def test_what_only_reading_can_find_broken():
    for rows in (
        '<row r="1"><c r="A1" t="s"><v>99</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>a</v></c></row>',
    ):
        for after in ("", SLOW):
            with pytest.raises(PackageError, match="broken_part"):
                scan(build.sheet(rows, after=after), strings)


def test_a_doctype_is_refused():
    xml = b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>'
    for act in (lambda: scan(xml, strings), lambda: splice(xml, {(1, 1): 1})):
        with pytest.raises(PackageError, match="dtd"):
            act()


def test_a_part_without_cells_is_not_spliced():
    with pytest.raises(PackageError, match="broken_part"):
        splice(f'<chartsheet xmlns="{build.MAIN}"/>'.encode(), {(1, 1): 1})


def test_comments_and_sections_do_not_mislead():
    rows = (
        '<!-- <row r="1"><c r="A1"> --><row r="1"><!-- </row> --><c r="A1" t="str"><v>'
        '<![CDATA[<c r="B1">]]></v></c></row>'
    )
    assert values(rows) == {(1, 1): Cell('<c r="B1">', None, 0)}
    assert spliced(rows, {(1, 2): 1, (2, 1): 2}).endswith(
        '</c><c r="B1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>'
    )


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    [
        "_x0041_",
        "_x005F_",
        "__x0041_x0042_",
        " a",
        "a\r\nb",
        "]]>",
        "&lt;",
        "\ufffd",
        "\uffff",
        "=1",
        "one",
        "zero",
    ]
)
floats = st.floats(allow_nan=False, allow_infinity=False)
plain_values = st.none() | st.booleans() | st.integers(-(10**12), 10**12) | floats | texts
any_values = plain_values | st.just(ErrorValue("#N/A")) | st.just(IsoDate("2024-01-31T00:00:00"))
places = st.tuples(st.integers(1, 7), st.integers(1, 6))


@given(
    st.dictionaries(places, any_values, max_size=14),
    st.dictionaries(places, any_values, max_size=14),
    st.data(),
)
@settings(max_examples=150)
def test_a_sheet_holds_what_was_written_last(first, second, data):
    after = data.draw(st.sampled_from(["", SLOW]))
    xml = splice(build.sheet(after=after), first)
    new = splice(xml, second)
    assert splice(new, second) is new
    found = scan(new, strings)
    assert list(found.cells) == sorted(found.cells)
    wanted = {at: value for at, value in {**first, **second}.items() if value is not None}
    assert {at: cell.value for at, cell in found.cells.items()} == wanted
    kinds = {at: type(value) is float and not value.is_integer() for at, value in wanted.items()}
    assert {at: type(cell.value) is float for at, cell in found.cells.items() if kinds[at]} == {
        at: True for at in wanted if kinds[at]
    }


cell_markup = st.sampled_from(
    [
        "",
        ' s="2"/',
        ' t="s"><v>1</v></c',
        " ><v>1</v></c",
        "><v>1.5</v></c",
        ' s="1" t="str"><f>A1&amp;"&lt;"</f><v>a</v></c',
        '><f t="shared" ref="A1:B2" si="0">A9</f><v>1</v></c',
        '><f t="shared" si="0"/><v>1</v></c',
        ' t="inlineStr"><is><t>a&#10;b</t></is></c',
        ' t="inlineStr"><is><r><t>a</t></r></is></c',
        ' t="b"><v>0</v></c',
        "><f>A1</f></c",
        "><f>A1</f><v/></c",
        ' t="e"><f>A1</f><v>#N/A</v><extLst><ext/></extLst></c',
        ' t="str"><v>tab\there</v></c',
    ]
)


@given(
    st.lists(st.lists(cell_markup, max_size=5), max_size=6),
    st.dictionaries(places, any_values, max_size=8),
    st.dictionaries(st.integers(1, 8), st.booleans(), max_size=4),
    st.integers(0, 9),
)
@settings(max_examples=150)
def test_both_ways_of_reading_agree_and_what_is_not_written_stays(layout, writes, hidden, odd):
    parts = {}
    rows = ""
    for number, cells in enumerate(layout, 1):
        inside = ""
        for column, markup in enumerate(cells, 1):
            if markup:
                parts[number, column] = f'<c r="{column_letters(column)}{number}"{markup}>'
                inside += parts[number, column]
        rows += f'<row r="{number}" spans="1:5">{inside}</row>' + ("\r\n" if number == odd else "")
    values(rows)
    new = spliced(rows, writes, hidden_rows=hidden)
    for position, markup in parts.items():
        assert (markup.replace("\r\n", "\n") in new) or position in writes


@pytest.mark.parametrize(
    "odd",
    [
        '<row r="1"><c r="A1"><v>5</v></c ></row>',
        '<row r="1"><c r="A1"><v>&#53;</v></c></row>',
        f'<row r="1"/><x:row xmlns:x="{MAIN[0]}" r="2"><x:c r="A2"><x:v>5</x:v></x:c></x:row>',
        '<row r="1" xmlns="urn:foreign"><c r="A1"><v>5</v></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><v>5</v><is><t>x</t></is></c></row>',
    ],
)
def test_what_is_written_oddly_is_read_alike(odd):
    values(odd)


@pytest.mark.parametrize("blank", ["", "\n", "\n  "])
def test_blanks_between_rows_stay(blank):
    rows = f'<row r="2"></row>{blank}<row r="6"><c r="A6"><v>1</v></c></row>{blank}'
    new = spliced(rows, {(2, 3): 5.0, (6, 1): 2}, hidden_rows={2: True})
    assert new.count(blank) >= 2
    assert '<c r="C2"><v>5</v></c></row>' in new


def test_only_the_rows_of_the_sheet_itself_are_written():
    foreign = '<q xmlns="urn:q"><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></q>'
    xml = (
        f'<worksheet xmlns="{MAIN[0]}"><sheetData/><extLst><ext uri="u">{foreign}</ext></extLst></worksheet>'
    )
    new = splice(xml.encode(), {(1, 1): 7.0})
    row = '<sheetData><row r="1"><c r="A1"><v>7</v></c></row></sheetData>'
    assert new.decode() == xml.replace("<sheetData/>", row)


def test_references():
    for number in (1, 26, 27, 702, 703, 16384):
        assert column_number(column_letters(number)) == number
    assert column_letters(16384) == "XFD"
    assert parse_range("$B$3:A1") == (1, 1, 3, 2)
    for wrong in ("", "A", "1", "A0", "XFE1", "A1048577", "A:B", "Ø1", "AAAA1"):
        with pytest.raises(ValueError):  # noqa: PT011 - the caller says what was wrong
            parse_range(wrong)


def test_openpyxl_reads_what_was_spliced_and_the_rest_is_raw_identical():
    package = Package.from_bytes(build.drawn())
    book = Workbook(package)
    part = book.sheets[0].part
    writes = {(3, 2): "januar", (4, 3): 7.25, (3, 6): 13.75, (30, 2): " <&> ", (5, 2): None, (6, 2): True}
    new = splice(
        package.read(part),
        writes,
        strings=lambda: book.shared_strings,
        hidden_rows={8: False, 9: True},
        part=part,
    )
    after = package.replace({part: new})
    receipt(package, after, {part})
    cached = openpyxl.load_workbook(io.BytesIO(after), data_only=True)["Data"]
    assert {at: cached.cell(*at).value for at in writes} == writes
    assert cached.row_dimensions[9].hidden
    assert not cached.row_dimensions[8].hidden
    assert openpyxl.load_workbook(io.BytesIO(after))["Data"]["F3"].value == "=SUM(C3:C5)"


def test_a_drawn_sheet_reads_as_openpyxl_reads_it():
    package = Package.from_bytes(build.drawn())
    book = Workbook(package)
    data = scan(package.read(book.sheets[0].part), lambda: book.shared_strings)
    other = openpyxl.load_workbook(io.BytesIO(package.data), data_only=True)["Data"]
    theirs = {(c.row, c.column): c.value for row in other.iter_rows() for c in row if c.value is not None}
    assert {at: cell.value for at, cell in data.cells.items() if cell.value is not None} == theirs
    assert data.hidden_cols == {7, 8, 9}
    assert data.hidden_rows == {8}
    assert data.merges == [(10, 1, 10, 3)]
    assert [at for at, cell in data.cells.items() if cell.array] == [(3, 8), (4, 8), (5, 8)]


@pytest.mark.parametrize("number", ["1e999", "NaN", "-INF", "1_000", "1" * 400, "&bogus;", "&#x110000;"])
def test_what_no_cell_can_hold_is_refused(number):
    with pytest.raises(PackageError, match="broken_part"):
        scan(build.sheet(f'<row r="1"><c r="A1"><v>{number}</v></c></row>'), tuple)


@pytest.mark.parametrize("number", ["-1", "1", "x", "9" * 30])
def test_a_shared_string_that_is_not_there_is_refused(number):
    xml = build.sheet(f'<row r="1"><c r="A1" t="s"><v>{number}</v></c></row>')
    with pytest.raises(PackageError, match="broken_part"):
        scan(xml, lambda: ["one"])
    assert b"<t>new</t>" in splice(xml, {(1, 1): "new"}, strings=lambda: ["one"])


@pytest.mark.parametrize("before", ['<dimension ref="A0"/>', '<cols><col max="2"/></cols>'])
def test_a_frame_that_makes_no_sense_is_refused(before):
    xml = build.sheet('<row r="1"/>', before=before)
    with pytest.raises(PackageError, match="broken_part"):
        splice(xml, {(1, 1): 1}, hidden_cols={1: True})


def test_hidden_columns_end_where_sheets_do():
    xml = build.sheet(before='<cols><col min="16383" max="4000000000" hidden="1"/></cols>')
    assert scan(xml, tuple).hidden_cols == {16383, 16384}


def test_spans_that_say_nothing_go():
    xml = build.sheet('<row r="1" spans="x"><c r="B1"><v>1</v></c></row>')
    assert b'<row r="1"><c r="A1"><v>2</v></c>' in splice(xml, {(1, 1): 2})


def test_odd_attributes_of_a_rewritten_cell_stay_escaped():
    xml = build.sheet('<row r="1"><c r="A1" ph="&quot;&lt;"><v>1</v></c></row>')
    assert b'<c r="A1" ph="&quot;&lt;"><v>2</v></c>' in splice(xml, {(1, 1): 2})


def test_half_a_character_is_read_as_none():
    xml = build.sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>a_xD83D_</t></is></c></row>')
    assert scan(xml, tuple).cells[1, 1].value == "a\ufffd"
