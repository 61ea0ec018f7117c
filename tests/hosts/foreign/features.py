"""What people put in a workbook, by name: where it stands, and which bytes show it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from hmsbook.opc.package import Package as Stored
from tests.hosts.foreign.drawn import LIST, OWN, PIVOT
from tests.support.package import WORKBOOK, Package

_SHEET = r"xl/worksheets/sheet\d+\.xml"
_WHOLE = r"(?s:.+)"
Found = list[tuple[str, bytes]]


class Feature(NamedTuple):
    """Something people add: the part of the file it stands in, from a sheet on, and its bytes there."""

    part: str
    shown: str = _WHOLE
    own: str = OWN
    ours: str = "Tiltak"


# On the sheets people add, and on ours.
ON_SHEETS = {
    "sparklines": Feature(_SHEET, r"<x14:sparklineGroup .*?</x14:sparklineGroup>"),
    "data bars of Excel 2010 (x14)": Feature(_SHEET, r'<x14:cfRule type="dataBar".*?</x14:cfRule>'),
    "rules of Excel 2010 (x14)": Feature(_SHEET, r'<x14:cfRule type="expression".*?</x14:cfRule>'),
    "icon sets": Feature(_SHEET, r'<cfRule type="iconSet".*?</cfRule>'),
    "slicers": Feature(r"xl/slicers/slicer\d\.xml", own=PIVOT),
    "pivot tables": Feature(r"xl/pivotTables/pivotTable\d\.xml", own=PIVOT),
    "pivot caches and their records": Feature(r"xl/pivotCache/pivotCache\w+\d\.xml", own=PIVOT),
    "tables": Feature(r"xl/tables/table\d+\.xml", r'<table [^>]*displayName="Mine.*', own=LIST),
    "threaded comments": Feature(r"xl/threadedComments/threadedComment\d\.xml"),
    "notes": Feature(r"xl/comments\d+\.xml"),
    "shapes and text boxes": Feature(r"xl/drawings/drawing\d+\.xml", "<xdr:sp .*?</xdr:sp>", ours="Status"),
    "pictures": Feature(r"xl/media/image\d+\.png", ours="Status"),
    "pictures in cells": Feature(_SHEET, r'<c r="AC11"[^>]* vm="\d+"[^>]*>.*?</c>'),
    "pictures in headers": Feature(_SHEET, "<legacyDrawingHF [^>]*>", ours="Status"),
    "charts with trend lines": Feature(
        r"xl/charts/chart\d+\.xml", "<c:trendline>.*?</c:trendline>", ours="Status"
    ),
    "charts with error bars": Feature(
        r"xl/charts/chart\d+\.xml", "<c:errBars>.*?</c:errBars>", ours="Status"
    ),
    "charts with linked labels": Feature(
        r"xl/charts/chart\d+\.xml", r"<c:dLbl>.*?Mitt ark'!\$A.*?</c:dLbl>", ours="Status"
    ),
    "rich text": Feature(_SHEET, "<is><r><t>Ro i </t>.*?</is>"),
    "formulas that spill": Feature(_SHEET, r'<c r="AC6"[^>]* cm="1"><f t="array".*?</c>'),
    "checkboxes": Feature(_SHEET, r'<c r="AC9" s="\d+" t="b">.*?</c>'),
    "links to other workbooks": Feature(_SHEET, r"<f>\[1\]Ark1.*?</f>"),
    "printer settings": Feature(r"xl/printerSettings/printerSettings\d\.bin"),
    "form controls": Feature(r"xl/ctrlProps/ctrlProp\d\.xml", ours="Status"),
    "buttons": Feature(
        r"xl/drawings/vmlDrawing\d+\.vml",
        '(?s:<x:ClientData ObjectType="Button">.*?</x:ClientData>)',
        ours="Status",
    ),
}
# What belongs to the workbook as a whole.
IN_THE_BOOK = {
    "persons who comment": r"xl/persons/person\.xml",
    "metadata of spills and pictures": r"xl/metadata\.xml|xl/richData/.*",
    "checkbox properties": r"xl/featurePropertyBag/.*",
    "slicer caches": r"xl/slicerCaches/.*",
    "connections": r"xl/connections\.xml",
    "queries": r"xl/queryTables/.*",
    "a data model": r"xl/model/item\.data",
    "links to other workbooks": r"xl/externalLinks/.*",
    "custom XML": r"customXml/.*",
    "custom properties": r"docProps/custom\.xml",
    "a sensitivity label": r"docMetadata/LabelInfo\.xml",
    "macros (VBA), in .xlsm": r"xl/vbaProject\.bin",
    "formats and shared texts": r"xl/(styles|sharedStrings)\.xml",
}


def on_sheet(feature: Feature, sheet_part: str, stored: Stored, links: Package) -> Found:
    """The bytes that show a feature, in a sheet's own part and in all that the sheet leads to."""
    return [
        (part, shown)
        for part in _led_to(sheet_part, links)
        if re.fullmatch(feature.part, part)
        for shown in re.findall(feature.shown.encode(), stored.read(part))
    ]


def _led_to(part: str, links: Package) -> Iterator[str]:
    """A part and those its relationships lead to, each once; never the workbook again."""
    seen, left = {WORKBOOK}, [part]
    while left:
        name = left.pop()
        if name not in seen:
            seen.add(name)
            left += [link.target for link in links.relations(name)]
            yield name
