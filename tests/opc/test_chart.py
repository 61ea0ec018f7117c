"""What a chart keeps of its cells is renewed, and nothing else in it."""

from __future__ import annotations

import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hmsbook.errors import PackageError
from hmsbook.opc.cells import ErrorValue
from hmsbook.opc.chart import Caches, Chart
from hmsbook.opc.package import Package, receipt
from hmsbook.opc.workbook import Workbook
from tests.opc import build


def refresh_caches(xml: bytes, values) -> bytes:
    return Caches(values).refreshed(Chart(xml))


CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"


def chart(inside: str) -> bytes:
    return f'<c:chartSpace xmlns:c="{CHART}"><c:ser>{inside}</c:ser></c:chartSpace>'.encode()


def refreshed(inside: str, wanted) -> str:
    new = refresh_caches(chart(inside), wanted.get)
    assert refresh_caches(new, wanted.get) is new
    return (
        new.decode()
        .removeprefix(chart("").decode().removesuffix("</c:ser></c:chartSpace>"))
        .removesuffix("</c:ser></c:chartSpace>")
    )


NUMBERS = (
    "<c:val><c:numRef><c:f>S!$A$1:$A$2</c:f><c:numCache>"
    '<c:formatCode>0.0 &amp;</c:formatCode><c:ptCount val="2"/>'
    '<c:pt idx="0" formatCode="0%"><c:v>1</c:v></c:pt><c:pt idx="1"><c:v>2.50</c:v>'
    "</c:pt></c:numCache></c:numRef></c:val>"
)
TEXTS = (
    '<c:cat><c:strRef><c:f>S!$B$1</c:f><c:strCache><c:ptCount val="1"/>'
    '<c:pt idx="0"><c:v>a &amp; b</c:v></c:pt></c:strCache></c:strRef></c:cat>'
)


def test_the_same_values_change_nothing():
    xml = chart(NUMBERS + TEXTS)
    wanted = {"S!$A$1:$A$2": [1.0, 2.5], "S!$B$1": ["a & b"]}
    assert refresh_caches(xml, lambda formula: wanted[formula]) is xml
    assert refresh_caches(xml, lambda _: None) is xml


def test_numbers_are_renewed_and_formats_stay():
    result = refreshed(NUMBERS + TEXTS, {"S!$A$1:$A$2": [3, None, 0.1]})
    assert (
        result
        == NUMBERS.replace(
            '<c:ptCount val="2"/><c:pt idx="0" formatCode="0%"><c:v>1</c:v></c:pt><c:pt idx="1">'
            "<c:v>2.50</c:v></c:pt>",
            '<c:ptCount val="3"/><c:pt idx="0" formatCode="0%"><c:v>3</c:v></c:pt><c:pt idx="2">'
            "<c:v>0.1</c:v></c:pt>",
        )
        + TEXTS
    )


@pytest.mark.parametrize("missing", [None, "text", "", True, float("nan"), float("inf"), ErrorValue("#N/A")])
def test_what_is_no_number_is_a_missing_point(missing):
    assert refreshed(NUMBERS, {"S!$A$1:$A$2": [1, missing]}).count("<c:pt ") == 1


FORMAT = "<c:formatCode>General</c:formatCode>"
FORMATTED = '<c:pt idx="1" formatCode="0.0"><c:v>2</c:v></c:pt>'
POINTS = "".join(f'<c:pt idx="{at}"><c:v>{at + 1}</c:v></c:pt>' for at in range(2))


@pytest.mark.parametrize(
    "cache",
    [
        f"<c:numCache>{FORMAT}<c:ptCount val='2'/>{POINTS}</c:numCache>",
        f'<c:numCache>{FORMAT}<c:ptCount val="2" /></c:numCache>',
        f"<c:numCache>{FORMAT}</c:numCache>",
        f'<c:numCache>{FORMAT}<c:ptCount val="2"/>{POINTS}</c:numCache>',
        f'<c:numCache>{FORMAT}<c:ptCount val="2"/>{FORMATTED}</c:numCache>',
        "",
    ],
)
def test_what_stays_of_a_chart_is_the_same_however_its_cache_was_written(cache):
    """But not where its number format is another, or a value that was not to change."""
    caches = Caches({"S!A1": [5.0, None]}.get)
    old = Chart(chart(f"<c:numRef><c:f>S!A1</c:f>{cache}</c:numRef>{TEXTS}"))
    new = Chart(caches.refreshed(old))
    assert new.xml != old.xml
    assert caches.rest(new) == caches.rest(old)
    for was, wrong in (("General", "0.00"), ("a &amp; b", "c")):
        other = Chart(new.xml.replace(was.encode(), wrong.encode()))
        assert (caches.rest(other) == caches.rest(old)) is (other.xml == new.xml)


def test_text_that_is_none_is_refused():
    for inside in ("<c:numRef><c:f>\xff</c:f></c:numRef>", TEXTS.replace("a &amp; b", "\xff")):
        broken = chart(inside).decode().encode("latin-1")
        with pytest.raises(PackageError, match="broken_part"):
            refresh_caches(broken, lambda _: ["x"])


def test_texts_are_renewed():
    result = refreshed(TEXTS, {"S!$B$1": ["<x>", 1.5, None, ErrorValue("#N/A"), True, "", "a\r"]})
    assert '<c:ptCount val="7"/>' in result
    assert '<c:pt idx="0"><c:v>&lt;x&gt;</c:v></c:pt><c:pt idx="1"><c:v>1.5</c:v></c:pt>' in result
    assert '<c:pt idx="4"><c:v>TRUE</c:v></c:pt><c:pt idx="5"><c:v></c:v></c:pt>' in result
    assert "<c:v>a_x000D_</c:v>" in result


def test_a_missing_cache_is_made_and_extensions_stay():
    bare = "<c:numRef><c:f>S!A1</c:f><c:extLst><c:ext uri='u'/></c:extLst></c:numRef>"
    assert refreshed(bare, {"S!A1": [1]}) == bare.replace(
        "</c:f>", '</c:f><c:numCache><c:ptCount val="1"/><c:pt idx="0"><c:v>1</c:v></c:pt></c:numCache>'
    )
    kept = (
        '<c:numRef><c:f>S!A1</c:f><c:numCache><c:ptCount val="0"/><c:extLst>'
        "<c:ext uri='u'/></c:extLst></c:numCache>"
    )
    assert "</c:pt><c:extLst><c:ext uri='u'/></c:extLst></c:numCache>" in refreshed(
        f"{kept}</c:numRef>", {"S!A1": [1]}
    )
    empty = "<c:strRef><c:f>S!A1</c:f><c:strCache/></c:strRef>"
    assert '<c:strCache><c:ptCount val="0"/></c:strCache>' in refreshed(empty, {"S!A1": []})


def test_literals_and_levels_are_left_alone():
    inside = (
        '<c:numLit><c:ptCount val="1"/><c:pt idx="0"><c:v>1</c:v></c:pt></c:numLit>'
        "<c:multiLvlStrRef><c:f>S!A1</c:f>"
        '<c:multiLvlStrCache><c:ptCount val="1"/></c:multiLvlStrCache></c:multiLvlStrRef>'
    )
    xml = chart(inside)
    assert refresh_caches(xml, lambda _: [5]) is xml


def test_a_default_namespace_works():
    xml = f'<chartSpace xmlns="{CHART}"><numRef><f>S!A1</f><numCache/></numRef></chartSpace>'.encode()
    assert b'<numCache><ptCount val="1"/><pt idx="0"><v>7</v></pt></numCache>' in refresh_caches(
        xml, lambda _: [7]
    )


def test_broken_and_foreign_parts_are_refused():
    for xml, key in (
        (b"<a>", "broken_part"),
        (b"<!DOCTYPE a><a/>", "dtd"),
        (b"\xff\xfe<\0", "unsupported_encoding"),
    ):
        with pytest.raises(PackageError, match=key):
            refresh_caches(xml, lambda _: None)


@given(st.lists(st.none() | st.integers() | st.floats() | st.text(max_size=5) | st.booleans(), max_size=6))
def test_a_second_refresh_changes_nothing(wanted):
    refreshed(NUMBERS + TEXTS, {"S!$A$1:$A$2": wanted, "S!$B$1": wanted})


def test_a_drawn_chart_is_renewed_in_the_file():
    book = Workbook(Package.from_bytes(build.drawn()))
    ((_, part),) = book.charts(book.sheets[0])
    values = {"Data!$C$3:$C$5": [10, 20, ErrorValue("#N/A")], "Data!$B$3:$B$5": ["x", "y", "z"]}
    after = book.package.replace({part: refresh_caches(book.package.read(part), values.get)})
    receipt(book.package, after, {part})
    new = Package.from_bytes(after).read(part)
    assert b"<c:v>20</c:v>" in new
    assert b"<c:v>y</c:v>" in new
    assert len(openpyxl.load_workbook(io.BytesIO(after))["Data"]._charts) == 1
