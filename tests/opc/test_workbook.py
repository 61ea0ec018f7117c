"""Sheets, names, tables, texts and charts are found by relationship, wherever a program puts them."""

from __future__ import annotations

import io

import openpyxl
import pytest

from hmsbook.errors import PackageError
from hmsbook.opc.package import Package, receipt
from hmsbook.opc.rels import absolute, relationships, rels_name
from hmsbook.opc.workbook import Workbook
from tests.opc import build


def opened(**changes: bytes | None) -> Workbook:
    return Workbook(Package.from_bytes(build.zipped(build.minimal(**changes))))


@pytest.fixture
def drawn() -> Workbook:
    return Workbook(Package.from_bytes(build.drawn()))


def test_sheets(drawn):
    assert [(sheet.name, sheet.state, sheet.index) for sheet in drawn.sheets] == [
        ("Data", "visible", 0),
        ("It's mine", "visible", 1),
        ("Secret", "veryHidden", 2),
    ]
    assert [sheet.name for sheet in drawn.active] == ["Data"]
    assert not drawn.date1904


def test_tables(drawn):
    (table,) = drawn.tables
    assert (table.name, table.ref, table.header_rows, table.totals_rows) == ("tblData", (2, 2, 6, 4), 1, 1)
    assert table.columns == ["Month", "Value", "Line\nbreak"]
    assert table.sheet is drawn.sheets[0]
    assert table.part == "xl/tables/table1.xml"


def test_names_that_are_one_range_resolve(drawn):
    assert drawn.resolve("hms_data") == (drawn.sheets[0], 2, 2, 5, 4)
    assert drawn.resolve("HMS_Cell") == (drawn.sheets[1], 1, 1, 1, 1)
    assert drawn.resolve("hms_sum") is None
    assert drawn.resolve("hms_two") is None
    assert drawn.resolve("hms_moving") is None
    assert drawn.resolve("no_such_name") is None
    assert drawn.defined_names["local"] == ("Data!$B$2", 0)
    assert drawn.defined_names["hms_data"] == ("Data!$B$2:$D$5", None)


@pytest.mark.parametrize(
    "reference",
    ["#REF!", "A1", "Nope!A1", "[1]Data!A1", "Data!#REF!", "Data:Secret!A1", "Data!A:A", "'Data'x!A1", ""],
)
def test_other_references_do_not_resolve(drawn, reference):
    assert drawn.locate(reference) is None


def test_the_name_of_the_whole_workbook_counts_before_one_of_a_sheet():
    names = (
        '<definedNames><definedName name="a" localSheetId="0">One!$A$1</definedName>'
        '<definedName name="a">One!$A$2'
        '</definedName><definedName name="a" localSheetId="0">One!$A$3</definedName></definedNames>'
    )
    book = opened(workbook=build.workbook('<sheet name="One" sheetId="1" r:id="rId1"/>', after=names))
    assert book.defined_names == {"a": ("One!$A$2", None)}


def test_charts_go_by_the_name_of_their_frame(drawn):
    assert drawn.charts(drawn.sheets[0]) == [("Chart 1", "xl/charts/chart1.xml")]
    assert drawn.charts(drawn.sheets[1]) == []


def test_shared_strings_are_plain_text(drawn):
    assert "plain bold end" in drawn.shared_strings
    assert " _x0041_ <&> " in drawn.shared_strings
    xml = (
        f'<sst xmlns="{build.MAIN}"><si><t>a_x000D_b</t></si><si><r><t>x</t></r><r>'
        f'<t xml:space="preserve"> y</t></r>'
        '<rPh sb="0" eb="1"><t>no</t></rPh></si><si/><si><t/></si></sst>'
    )
    parts = build.minimal(
        workbook_rels=build.rels(
            ("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "sharedStrings", "s.xml")
        )
    )
    book = Workbook(Package.from_bytes(build.zipped({**parts, "xl/s.xml": xml.encode()})))
    assert book.shared_strings == ["a\rb", "x y", "", ""]


def test_a_workbook_without_shared_strings_has_none():
    assert opened().shared_strings == []


@pytest.mark.parametrize(
    ("part", "target", "wanted"),
    [
        ("xl/workbook.xml", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
        ("xl/workbook.xml", "/xl/a.xml", "xl/a.xml"),
        ("xl/worksheets/sheet1.xml", "../tables/table1.xml", "xl/tables/table1.xml"),
        ("xl/worksheets/sheet1.xml", "./x.xml", "xl/worksheets/x.xml"),
        ("xl/worksheets/sheet1.xml", "..\\x.xml#here", "xl/x.xml"),
        ("", "xl/workbook.xml", "xl/workbook.xml"),
        ("a.xml", "../../b.xml", "b.xml"),
    ],
)
def test_targets_become_part_names(part, target, wanted):
    assert absolute(part, target) == wanted


def test_names_of_relationship_parts():
    assert rels_name("") == "_rels/.rels"
    assert rels_name("xl/workbook.xml") == "xl/_rels/workbook.xml.rels"


def test_targets_are_found_in_any_case_and_with_escapes_and_external_ones_stay():
    parts = build.minimal(
        workbook_rels=build.rels(("rId1", "worksheet", "Worksheets/SHEET%201.xml")), sheet=None
    )
    links = parts["xl/_rels/workbook.xml.rels"].replace(
        b"</Rel", b'<Relationship Id="e" Type="t" Target="http://a/../b" TargetMode="External"/></Rel', 1
    )
    parts |= {"xl/worksheets/sheet 1.xml": build.sheet(), "xl/_rels/workbook.xml.rels": links}
    package = Package.from_bytes(build.zipped(parts))
    assert Workbook(package).sheets[0].part == "xl/worksheets/sheet 1.xml"
    external = relationships(package, "xl/workbook.xml")[1]
    assert (external.external, external.target) == (True, "http://a/../b")


def test_a_strict_workbook_opens():
    book = Workbook(
        Package.from_bytes(
            build.zipped(
                build.minimal(
                    rels=build.rels(("rId1", "officeDocument", "xl/workbook.xml"), space=build.STRICT_OFFICE),
                    workbook_rels=build.rels(
                        ("rId1", "worksheet", "worksheets/sheet1.xml"), space=build.STRICT_OFFICE
                    ),
                    workbook=build.workbook(
                        '<sheet name="One" sheetId="1" r:id="rId1"/>',
                        before='<workbookPr date1904="true"/>',
                        space=build.STRICT,
                    ).replace(build.OFFICE.encode(), build.STRICT_OFFICE.encode()),
                )
            )
        )
    )
    assert [sheet.part for sheet in book.sheets] == ["xl/worksheets/sheet1.xml"]
    assert book.date1904


def test_a_sheet_without_relationship_is_refused():
    with pytest.raises(PackageError, match="broken_part"):
        opened(workbook_rels=build.rels())


def three(states: tuple[str, str, str], *, after: str = "", before: str = "") -> Workbook:
    sheets = "".join(
        f'<sheet name="S{number}" sheetId="{number}"{state} r:id="rId{number}"/>'
        for number, state in enumerate(states, 1)
    )
    links = build.rels(
        *((f"rId{number}", "worksheet", f"worksheets/sheet{number}.xml") for number in (1, 2, 3))
    )
    parts = build.minimal(workbook=build.workbook(sheets, before=before, after=after), workbook_rels=links)
    more = {f"xl/worksheets/sheet{number}.xml": build.sheet() for number in (2, 3)}
    return Workbook(Package.from_bytes(build.zipped({**parts, **more})))


HIDDEN = ' state="hidden"'
ONE, TWO, THREE = (f"xl/worksheets/sheet{number}.xml" for number in (1, 2, 3))


def test_sheet_states_change_and_nothing_else():
    book = three(("", HIDDEN, ' state="visible"'))
    assert book.workbook_xml_with({}, full_calc_on_load=False) is book.xml
    assert (
        book.workbook_xml_with({ONE: "visible", TWO: "hidden", THREE: "visible"}, full_calc_on_load=False)
        is book.xml
    )
    assert book.workbook_xml_with({TWO: "visible"}, full_calc_on_load=False) == book.xml.replace(
        HIDDEN.encode(), b""
    )
    very = book.workbook_xml_with({TWO: "veryHidden", THREE: "hidden"}, full_calc_on_load=False)
    assert very == book.xml.replace(b'"hidden"', b'"veryHidden"').replace(
        b'state="visible"', b'state="hidden"'
    )
    with pytest.raises(KeyError):
        book.workbook_xml_with({"xl/nothing.xml": "hidden"}, full_calc_on_load=False)


def test_the_sheet_in_front_and_the_last_visible_one_stay():
    view = '<bookViews><workbookView activeTab="1"/></bookViews>'
    book = three(("", "", ""), before=view)
    new = book.workbook_xml_with(dict.fromkeys((ONE, TWO, THREE), "hidden"), full_calc_on_load=False)
    assert new.count(b"hidden") == 2
    assert b'name="S2" sheetId="2" r:id' in new
    assert (
        three(("", HIDDEN, ""))
        .workbook_xml_with({ONE: "hidden", THREE: "hidden"}, full_calc_on_load=False)
        .count(b"hidden")
        == 2
    )


@pytest.mark.parametrize(
    ("after", "wanted"),
    [
        ("", '<calcPr fullCalcOnLoad="1"/>'),
        ("<calcPr/>", '<calcPr fullCalcOnLoad="1"/>'),
        ('<calcPr calcId="9" fullCalcOnLoad="0"/>', '<calcPr calcId="9" fullCalcOnLoad="1"/>'),
        ('<calcPr fullCalcOnLoad="true"/>', '<calcPr fullCalcOnLoad="true"/>'),
        (
            '<definedNames><definedName name="a">1</definedName></definedNames><oleSize ref="A1"/>',
            '<definedNames><definedName name="a">1</definedName></definedNames><calcPr fullCalcOnLoad="1"/>'
            '<oleSize ref="A1"/>',
        ),
        (
            '<externalReferences/><extLst><ext uri="u"/></extLst>',
            '<externalReferences/><calcPr fullCalcOnLoad="1"/><extLst><ext uri="u"/></extLst>',
        ),
    ],
)
def test_recalculation_is_asked_for_at_its_place(after, wanted):
    book = three(("", "", ""), after=after)
    new = book.workbook_xml_with({}, full_calc_on_load=True).decode()
    assert new[new.index("</sheets>") + 9 : -len("</workbook>")] == wanted


def test_openpyxl_sees_the_new_states(drawn):
    new = drawn.workbook_xml_with(
        {drawn.sheets[1].part: "hidden", drawn.sheets[2].part: "visible"}, full_calc_on_load=True
    )
    after = drawn.package.replace({drawn.part: new})
    receipt(drawn.package, after, {drawn.part})
    book = openpyxl.load_workbook(io.BytesIO(after))
    assert [sheet.sheet_state for sheet in book] == ["visible", "hidden", "visible"]
    assert book.calculation.fullCalcOnLoad


@pytest.mark.parametrize(
    "links",
    [
        (("rId1", "worksheet", "worksheets/none.xml"),),
        (("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "worksheet", "worksheets/sheet1.xml")),
    ],
)
def test_a_sheet_needs_a_part_of_its_own(links):
    names = '<sheet name="One" sheetId="1" r:id="rId1"/>'
    names += '<sheet name="Two" sheetId="2" r:id="rId2"/>' * (len(links) - 1)
    with pytest.raises(PackageError, match="broken_part"):
        opened(workbook=build.workbook(names), workbook_rels=build.rels(*links))


def test_a_name_for_more_cells_than_anyone_reads_is_refused():
    name = '<definedNames><definedName name="a">One!$A$1:$XFD$99</definedName></definedNames>'
    sheets = '<sheet name="One" sheetId="1" r:id="rId1"/>'
    book = opened(workbook=build.workbook(sheets, after=name))
    with pytest.raises(PackageError, match="too_large"):
        book.resolve("a")


@pytest.mark.parametrize(
    "before",
    ['<bookViews><workbookView activeTab="x"/></bookViews>', '<?xml version="1.0" encoding="bogus"?>'],
)
def test_what_the_workbook_part_says_must_make_sense(before):
    part = build.workbook('<sheet name="One" sheetId="1" r:id="rId1"/>', before=before)
    part = before.encode() + part.replace(before.encode(), b"") if before.startswith("<?") else part
    with pytest.raises(PackageError, match="broken_part"):
        opened(workbook=part)


def test_where_every_sheet_is_hidden_they_may_stay_so():
    book = three((HIDDEN, HIDDEN, HIDDEN))
    wanted = dict.fromkeys((ONE, TWO, THREE), "veryHidden")
    assert book.workbook_xml_with(wanted, full_calc_on_load=False).count(b"veryHidden") == 3
