"""What only Excel makes, written as it stores it: pivots, slicers, threads, queries, controls, labels."""

from __future__ import annotations

import re

from hmsbook.opc.cells import cell_name
from tests.hosts.foreign.assembly import DRAWING, MAIN, MARKUP, MICROSOFT, OFFICE, X14, X15, Assembly
from tests.hosts.foreign.drawn import LABEL, OWN, PIVOT, thread_id
from tests.support.package import CONTENT_TYPES, WORKBOOK

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
XML = "application/vnd.openxmlformats-officedocument"
PERSON = "{BBBBBBBB-0000-4000-8000-000000000001}"
BOTH = (OWN, "Tiltak")


def threads(book: Assembly) -> None:
    """Threaded comments, and the people who wrote them."""
    person = (
        f'<personList xmlns="{MICROSOFT}/spreadsheetml/2018/threadedcomments"><person displayName="Kari Ås" '
        f'id="{PERSON}" userId="kari@bygg.example" providerId="None"/></personList>'
    )
    book.add("xl/persons/person.xml", person, "application/vnd.ms-excel.person+xml")
    book.link(WORKBOOK, f"{MICROSOFT}/2017/10/relationships/person", "xl/persons/person.xml")
    for number, sheet in enumerate(BOTH, 1):
        part = f"xl/threadedComments/threadedComment{number}.xml"
        xml = (
            f'<ThreadedComments xmlns="{MICROSOFT}/spreadsheetml/2018/threadedcomments">'
            f'<threadedComment ref="AC13" dT="2026-11-16T09:00:00.00" personId="{PERSON}" '
            f'id="{thread_id(sheet)}"><text>Hvem følger opp? 🙂</text></threadedComment></ThreadedComments>'
        )
        book.add(part, xml, "application/vnd.ms-excel.threadedcomments+xml")
        book.relate_sheet(sheet, f"{MICROSOFT}/2017/10/relationships/threadedComment", part)


def pivot(book: Assembly) -> None:
    """Pivot tables with their cache and its records."""
    cache = "xl/pivotCache/pivotCacheDefinition1.xml"
    records = "xl/pivotCache/pivotCacheRecords1.xml"
    rows = "".join(
        f'<r><x v="{lag}"/><n v="{hours}"/></r>' for lag, hours in ((0, 1), (1, 2), (0, 3), (2, 5))
    )
    book.add(
        records,
        f'<pivotCacheRecords xmlns="{MAIN}" count="4">{rows}</pivotCacheRecords>',
        f"{SPREADSHEET}.pivotCacheRecords+xml",
    )
    link = book.link(cache, "pivotCacheRecords", records)
    book.add(cache, _cache(link), f"{SPREADSHEET}.pivotCacheDefinition+xml")
    for number, (sheet, place) in enumerate(((PIVOT, "D1:E5"), ("Tiltak", "AK3:AL7")), 1):
        xml = _PIVOT.format(number=number, place=place)
        table = book.add(f"xl/pivotTables/pivotTable{number}.xml", xml, f"{SPREADSHEET}.pivotTable+xml")
        book.link(table, "pivotCacheDefinition", cache)
        book.relate_sheet(sheet, "pivotTable", table)
    number = book.link(WORKBOOK, "pivotCacheDefinition", cache)
    book.insert(
        WORKBOOK,
        "pivotCaches",
        f'<pivotCaches><pivotCache cacheId="7" r:id="{number}"/></pivotCaches>',
    )


def _cache(records: str) -> str:
    lags = "".join(f'<s v="{lag}"/>' for lag in "ABC")
    return (
        f'<pivotCacheDefinition xmlns="{MAIN}" xmlns:r="{OFFICE}" r:id="{records}" refreshedBy="Kari Ås" '
        'refreshedDate="46000" createdVersion="6" refreshedVersion="6" minRefreshableVersion="3" '
        f'recordCount="4"><cacheSource type="worksheet"><worksheetSource ref="A1:B5" sheet="{PIVOT}"/>'
        '</cacheSource><cacheFields count="2"><cacheField name="Lag" numFmtId="0">'
        f'<sharedItems count="3">{lags}</sharedItems></cacheField><cacheField name="Timer" numFmtId="0">'
        '<sharedItems containsSemiMixedTypes="0" containsString="0" containsNumber="1" containsInteger="1" '
        'minValue="1" maxValue="5"/></cacheField></cacheFields>'
        f'<extLst><ext uri="{{725AE2AE-9491-48be-B2B4-4EB974FC3084}}" xmlns:x14="{X14}">'
        '<x14:pivotCacheDefinition pivotCacheId="77"/></ext></extLst></pivotCacheDefinition>'
    )


_PIVOT = (
    f'<pivotTableDefinition xmlns="{MAIN}"'
    ' name="Pivottabell{number}" cacheId="7" applyNumberFormats="0" '
    'applyBorderFormats="0" applyFontFormats="0" applyPatternFormats="0" applyAlignmentFormats="0" '
    'applyWidthHeightFormats="1" dataCaption="Verdier" updatedVersion="6" minRefreshableVersion="3" '
    'useAutoFormatting="1" itemPrintTitles="1" createdVersion="6" indent="0" outline="1" outlineData="1" '
    'multipleFieldFilters="0"><location ref="{place}" firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/>'
    '<pivotFields count="2"><pivotField axis="axisRow" showAll="0"><items count="4"><item x="0"/>'
    '<item x="1"/><item x="2"/><item t="default"/></items></pivotField>'
    '<pivotField dataField="1" showAll="0"/></pivotFields><rowFields count="1"><field x="0"/></rowFields>'
    '<rowItems count="4"><i><x/></i><i><x v="1"/></i><i><x v="2"/></i><i t="grand"><x/></i></rowItems>'
    '<colItems count="1"><i/></colItems><dataFields count="1"><dataField name="Sum av Timer" fld="1" '
    'baseField="0" baseItem="0"/></dataFields><pivotTableStyleInfo name="PivotStyleLight16" '
    'showRowHeaders="1" showColHeaders="1" showRowStripes="0" showColStripes="0" showLastColumn="1"/>'
    "</pivotTableDefinition>"
)


def slicers(book: Assembly) -> None:
    """Slicers of the pivot table, and of our table of measures."""
    sheet = [found.name for found in book.stored.sheets].index(PIVOT) + 1
    lag = (
        f'<pivotTables><pivotTable tabId="{sheet}" name="Pivottabell1"/></pivotTables><data>'
        '<tabular pivotCacheId="77"><items count="3"><i x="0" s="1"/><i x="1" s="1"/><i x="2" s="1"/>'
        "</items></tabular></data>"
    )
    measures = book.tables["hms_measures"]
    column = 1 + measures.columns.index("Status")
    status = (
        '<extLst><x:ext uri="{2F2917AC-EB37-4324-AD4E-5DD8C200BD13}" '
        f'xmlns:x="{MAIN}" xmlns:x15="{X15}"><x15:tableSlicerCache tableId="{measures.element.get("id")}" '
        f'column="{column}"/></x:ext></extLst>'
    )
    of_pivot, of_table = "{A8765BA9-456A-4dab-B4F3-ACF838C121DE}", "{3A4CF648-6AED-40f4-86FF-DC5316D8AED3}"
    first = _slicer(book, 1, field="Lag", sheet=PIVOT, inside=lag, uri=of_pivot)
    second = _slicer(book, 2, field="Status", sheet="Tiltak", inside=status, uri=of_table)
    book.extend(
        WORKBOOK,
        "{BBE1A952-AA13-448e-AADC-164F8A28A991}",
        {"x14": X14},
        f'<x14:slicerCaches><x14:slicerCache r:id="{first}"/></x14:slicerCaches>',
    )
    book.extend(
        WORKBOOK,
        "{46BE6895-7355-4a93-B00E-2C351335B9C9}",
        {"x14": X14, "x15": X15},
        f'<x15:slicerCaches><x14:slicerCache r:id="{second}"/></x15:slicerCaches>',
    )


def _slicer(book: Assembly, number: int, *, field: str, sheet: str, inside: str, uri: str) -> str:
    cache = book.add(
        f"xl/slicerCaches/slicerCache{number}.xml",
        f'<slicerCacheDefinition xmlns="{X14}" name="Slicer_{field}" sourceName="{field}">'
        f"{inside}</slicerCacheDefinition>",
        "application/vnd.ms-excel.slicerCache+xml",
    )
    slicer = book.add(
        f"xl/slicers/slicer{number}.xml",
        f'<slicers xmlns="{X14}"><slicer name="{field}" cache="Slicer_{field}" caption="{field}" '
        'rowHeight="241300"/></slicers>',
        "application/vnd.ms-excel.slicer+xml",
    )
    shown = book.relate_sheet(sheet, f"{MICROSOFT}/2007/relationships/slicer", slicer)
    spaces = {"x14": X14, "x15": X15}
    book.extend(
        book.sheets[sheet], uri, spaces, f'<x14:slicerList><x14:slicer r:id="{shown}"/></x14:slicerList>'
    )
    name = f'<definedName name="Slicer_{field}">#N/A</definedName></definedNames>'
    book.change(WORKBOOK, "</definedNames>", name)
    return book.link(WORKBOOK, f"{MICROSOFT}/2007/relationships/slicerCache", cache)


def queries(book: Assembly) -> None:
    """A query into a table of their own, a data model, and the connections of both."""
    connections = book.add("xl/connections.xml", _CONNECTIONS, f"{SPREADSHEET}.connections+xml")
    book.link(WORKBOOK, "connections", connections)
    part = book.tables["MineAvvik"].part
    fields = "".join(
        f'<queryTableField id="{at}" name="{name}" tableColumnId="{at}"/>'
        for at, name in enumerate(("Lag", "Avvik"), 1)
    )
    query = book.add(
        "xl/queryTables/queryTable1.xml",
        f'<queryTable xmlns="{MAIN}" name="EksterneData_1" connectionId="2" autoFormatId="16" '
        'applyNumberFormats="0" applyBorderFormats="0" applyFontFormats="0" applyPatternFormats="0" '
        'applyAlignmentFormats="0" applyWidthHeightFormats="0"><queryTableRefresh nextId="3">'
        f'<queryTableFields count="2">{fields}</queryTableFields></queryTableRefresh></queryTable>',
        f"{SPREADSHEET}.queryTable+xml",
    )
    book.link(part, "queryTable", query)
    text = (
        book.parts[part].decode().replace(' totalsRowShown="0"', ' tableType="queryTable" totalsRowShown="0"')
    )
    book.parts[part] = re.sub(
        r'(<tableColumn id="(\d)")', r'\1 uniqueName="\2" queryTableFieldId="\2"', text
    ).encode()
    model = book.add("xl/model/item.data", bytes(range(256)) * 8)
    book.default("data", f"{XML}.model+data")
    book.link(WORKBOOK, "powerPivotData", model)
    book.extend(
        WORKBOOK,
        "{FCE2AD5D-F65C-4FA6-A056-5C36A1767C68}",
        {"x15": X15},
        '<x15:dataModel><x15:modelTables><x15:modelTable id="Avvik_1" name="Avvik" '
        'connection="Spørring - Avvik"/></x15:modelTables></x15:dataModel>',
    )


_CONNECTIONS = (
    f'<connections xmlns="{MAIN}"><connection id="1" keepAlive="1" name="ThisWorkbookDataModel" '
    'description="Datamodell" type="5" refreshedVersion="6" minRefreshableVersion="5" background="1">'
    '<dbPr connection="Data Model Connection" command="Model" commandType="1"/>'
    '<olapPr sendLocale="1" rowDrillCount="1000"/><extLst>'
    f'<ext uri="{{DE250136-89BD-433C-8126-D09CA5730AF9}}" xmlns:x15="{X15}">'
    '<x15:connection id="" model="1"/></ext></extLst></connection>'
    '<connection id="2" name="Spørring - Avvik" type="5" refreshedVersion="6" background="1" saveData="1">'
    '<dbPr connection="Provider=Microsoft.Mashup.OleDb.1;Data Source=$Workbook$;Location=Avvik" '
    'command="SELECT * FROM [Avvik]"/></connection></connections>'
)


def external(book: Assembly) -> None:
    """What the formulas that point to another workbook rest on."""
    part = "xl/externalLinks/externalLink1.xml"
    number = book.link(part, "externalLinkPath", "fjoraaret.xlsx", external=True)
    xml = (
        f'<externalLink xmlns="{MAIN}" xmlns:r="{OFFICE}"><externalBook r:id="{number}"><sheetNames>'
        '<sheetName val="Ark1"/></sheetNames><sheetDataSet><sheetData sheetId="0"><row r="1">'
        '<cell r="A1"><v>42</v></cell></row></sheetData></sheetDataSet></externalBook></externalLink>'
    )
    book.add(part, xml, f"{SPREADSHEET}.externalLink+xml")
    link = book.link(WORKBOOK, "externalLink", part)
    book.insert(
        WORKBOOK,
        "externalReferences",
        f'<externalReferences><externalReference r:id="{link}"/></externalReferences>',
    )


def custom(book: Assembly) -> None:
    """XML of their own, with its properties."""
    item = book.add("customXml/item1.xml", '<mitt xmlns="urn:bygg:mitt">æøå 🙂</mitt>')
    properties = book.add(
        "customXml/itemProps1.xml",
        '<ds:datastoreItem xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml" '
        'ds:itemID="{CCCCCCCC-0000-4000-8000-000000000001}"><ds:schemaRefs/></ds:datastoreItem>',
        f"{XML}.customXmlProperties+xml",
    )
    book.link(item, "customXmlProps", properties)
    book.link(WORKBOOK, "customXml", item)


def label(book: Assembly) -> None:
    """The sensitivity label of the file."""
    part = book.add(
        "docMetadata/LabelInfo.xml",
        f'<clbl:labelList xmlns:clbl="{MICROSOFT}/2020/mipLabelMetadata"><clbl:label id="{{{LABEL}}}" '
        'enabled="1" method="Privileged" siteId="{DDDDDDDD-0000-4000-8000-000000000001}" removed="0"/>'
        "</clbl:labelList>",
        "application/vnd.ms-office.classificationlabels+xml",
    )
    book.link("", f"{MICROSOFT}/2020/02/relationships/classificationlabels", part)


def printers(book: Assembly) -> None:
    """What a printer remembers."""
    book.default("bin", f"{SPREADSHEET}.printerSettings")
    for number, sheet in enumerate(BOTH, 1):
        part = book.add(f"xl/printerSettings/printerSettings{number}.bin", b"\0\1HP LaserJet" * 40)
        link = book.relate_sheet(sheet, "printerSettings", part)
        text = book.parts[book.sheets[sheet]].decode()
        if "<pageSetup " not in text:
            book.insert(book.sheets[sheet], "pageSetup", '<pageSetup orientation="portrait"/>')
        book.change(book.sheets[sheet], "<pageSetup ", f'<pageSetup r:id="{link}" ')


def controls(book: Assembly) -> None:
    """Form controls: a checkbox and a drop-down list beside the button that is drawn."""
    for number, sheet in enumerate((OWN, "Status")):
        part = book.sheets[sheet]
        picture = book.related(part, "vmlDrawing")
        first = int(re.findall(r'id="_x0000_s(\d+)"', book.parts[picture].decode())[-1]) + 1
        pieces = []
        for offset, (kind, more) in enumerate(
            (("CheckBox", ' checked="Checked"'), ("Drop", ' dropStyle="combo"'))
        ):
            shape = first + offset
            properties = book.add(
                f"xl/ctrlProps/ctrlProp{2 * number + offset + 1}.xml",
                f'<formControlPr xmlns="{X14}" objectType="{kind}"{more} lockText="1"/>',
                "application/vnd.ms-excel.controlproperties+xml",
            )
            link = book.link(part, "ctrlProp", properties)
            pieces.append(_control(shape, link, f"{kind} {shape}"))
            vml = _SHAPE.format(shape=shape, kind="Checkbox" if kind == "CheckBox" else kind)
            book.change(picture, "</xml>", f"{vml}</xml>")
        inside = "".join(pieces)
        book.insert(part, "controls", _choice(f"<controls>{inside}</controls>", declare=True))


def _choice(xml: str, *, declare: bool = False) -> str:
    space = f' xmlns:mc="{MARKUP}"' if declare else ""
    return (
        f'<mc:AlternateContent{space}><mc:Choice xmlns:x14="{X14}" Requires="x14">{xml}</mc:Choice>'
        "</mc:AlternateContent>"
    )


def _control(shape: int, link: str, name: str) -> str:
    def corner(tag: str, column: int, row: int) -> str:
        return (
            f'<{tag}><xdr:col xmlns:xdr="{DRAWING}">{column}</xdr:col><xdr:colOff xmlns:xdr="{DRAWING}">0'
            f'</xdr:colOff><xdr:row xmlns:xdr="{DRAWING}">{row}</xdr:row>'
            f'<xdr:rowOff xmlns:xdr="{DRAWING}">0</xdr:rowOff></{tag}>'
        )

    anchor = corner("from", 32, 2) + corner("to", 34, 4)
    return _choice(
        f'<control shapeId="{shape}" r:id="{link}" name="{name}"><controlPr defaultSize="0" autoFill="0" '
        f'autoLine="0" autoPict="0"><anchor moveWithCells="1">{anchor}</anchor></controlPr></control>'
    )


_SHAPE = (
    '<v:shape id="_x0000_s{shape}" type="#_x0000_t201" style="position:absolute">'
    '<x:ClientData ObjectType="{kind}"><x:Anchor>32, 0, 2, 0, 34, 0, 4, 0</x:Anchor></x:ClientData></v:shape>'
)


def newer_rules(book: Assembly) -> None:
    """A rule with a formula that points to another sheet, which only Excel 2010's rules may have."""
    for sheet in BOTH:
        rule = (
            f'<x14:conditionalFormatting xmlns:xm="{MICROSOFT}/excel/2006/main"><x14:cfRule '
            'type="expression" priority="99" id="{EEEEEEEE-0000-4000-8000-000000000001}"><xm:f>'
            f"'{OWN}'!$B$2&gt;0</xm:f><x14:dxf><font><b/></font></x14:dxf></x14:cfRule>"
            "<xm:sqref>AC17</xm:sqref></x14:conditionalFormatting>"
        )
        text = book.parts[book.sheets[sheet]].decode()
        if "</x14:conditionalFormattings>" in text:
            book.change(
                book.sheets[sheet], "</x14:conditionalFormattings>", rule + "</x14:conditionalFormattings>"
            )
        else:
            book.extend(
                book.sheets[sheet],
                "{78C0D931-6437-407d-A8EE-F0AAD7539E65}",
                {"x14": X14},
                f"<x14:conditionalFormattings>{rule}</x14:conditionalFormattings>",
            )


def inline_runs(book: Assembly) -> None:
    """Rich text that stands in the cell itself: in one of their own, and in one that hmsbook reads."""
    row = f'<row r="90"><c r="AC90" t="inlineStr">{_RUNS}</c></row></sheetData>'
    book.change(book.sheets[OWN], "</sheetData>", row)
    measures = book.tables["hms_measures"]
    column = measures.area.left + measures.columns.index("Skal oppnå")
    cell = cell_name((measures.area.top + 1, column))
    text = book.parts[book.sheets["Tiltak"]].decode()
    rich = re.sub(rf'(<c r="{cell}" s="\d+") t="s"><v>\d+</v>', rf'\1 t="inlineStr">{_RUNS}', text)
    book.parts[book.sheets["Tiltak"]] = rich.encode()


_RUNS = "<is><r><t>Ro i </t></r><r><rPr><b/></rPr><t>uka</t></r></is>"


def macros(book: Assembly) -> None:
    """Make it a workbook with macros; the project itself is never looked into."""
    project = book.add("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2048))
    book.change(
        CONTENT_TYPES,
        "</Types>",
        f'<Override PartName="/{project}" ContentType="application/vnd.ms-office.vbaProject"/></Types>',
    )
    plain, macro = f"{SPREADSHEET}.sheet.main+xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    book.change(CONTENT_TYPES, plain, macro)
    book.link(WORKBOOK, f"{MICROSOFT}/2006/relationships/vbaProject", project)


FEATURES = (
    threads,
    pivot,
    slicers,
    queries,
    external,
    custom,
    label,
    printers,
    controls,
    newer_rules,
    inline_runs,
)
