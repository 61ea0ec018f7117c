"""Everything Excel can hold survives an update: parts to the raw zip record, sheets to the byte."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from hmsbook.actions.reading import open_book
from hmsbook.actions.update import update
from hmsbook.opc.package import Package as Stored
from tests.hosts.books import TODAY, package, put, replace_parts, spot, type_in
from tests.hosts.by_hand import rename_sheets, reverse_sheets
from tests.hosts.foreign.book import foreign_book
from tests.hosts.foreign.drawn import OWN
from tests.hosts.foreign.outside import outside, owned_areas
from tests.support.ooxml import sdk_errors
from tests.support.package import WORKBOOK

LATER = TODAY + timedelta(days=40)
NAMES = {"Status": "Vår status's", "Tiltak": "Tiltak 🙂", "Månedsverdier": "Tall", "Logg": "Dagbok"}
SHEETS = {"own": OWN, "measures": "Tiltak", "status": "Status", "book": "", "pivot": "Min pivot"}

# What shows that a feature is there: in the XML of a sheet or of the workbook, or in a part of its own.
FEATURES = [
    ("sparklines", "own measures", "<x14:sparkline>"),
    ("x14 data bars", "own measures", '<x14:cfRule type="dataBar"'),
    ("x14 rules", "own measures", '<x14:cfRule type="expression"'),
    ("slicers of a pivot table", "pivot", "<x14:slicer r:id="),
    ("slicers of a table", "measures", "<x14:slicer r:id="),
    ("spilling formulas", "own measures", ' cm="1"><f t="array"'),
    ("checkboxes", "own measures", '<c r="AC9" s="\\d+" t="b">'),
    ("pictures in cells", "own measures", ' vm="\\d+"'),
    ("rich text in the cell", "own measures", "<is><r><t>Ro i </t>"),
    ("links to other workbooks", "own measures", "<f>\\[1\\]Ark1"),
    ("printer settings", "own measures", "<pageSetup r:id="),
    ("form controls", "own status", "<control shapeId="),
    ("pictures in the header", "own status", "<legacyDrawingHF "),
    ("notes", "own measures", "<legacyDrawing "),
    ("a data model", "book", "<x15:dataModel>"),
]
PARTS = {
    "notes": "xl/comments\\d+.xml",
    "threaded comments": "xl/threadedComments/threadedComment\\d.xml",
    "persons": "xl/persons/person.xml",
    "shapes and text boxes": "xl/drawings/drawing\\d+.xml",
    "pictures": "xl/media/image\\d+.png",
    "pictures in cells": "xl/richData/richValueRel.xml",
    "dynamic arrays": "xl/metadata.xml",
    "checkboxes": "xl/featurePropertyBag/featurePropertyBag.xml",
    "pivot tables": "xl/pivotTables/pivotTable1.xml",
    "pivot caches": "xl/pivotCache/pivotCache(Definition|Records)1.xml",
    "slicers": "xl/slicers/slicer\\d.xml",
    "slicer caches": "xl/slicerCaches/slicerCache\\d.xml",
    "connections": "xl/connections.xml",
    "queries": "xl/queryTables/queryTable1.xml",
    "a data model": "xl/model/item.data",
    "external links": "xl/externalLinks/externalLink1.xml",
    "printer settings": "xl/printerSettings/printerSettings\\d.bin",
    "form controls": "xl/ctrlProps/ctrlProp\\d.xml",
    "buttons and controls": "xl/drawings/vmlDrawing\\d.vml",
    "custom XML": "customXml/item(Props)?1.xml",
    "custom properties": "docProps/custom.xml",
    "a sensitivity label": "docMetadata/LabelInfo.xml",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return foreign_book(tmp_path / "bok.xlsx")


def _by_hand(path: Path) -> None:
    """Restyle, move and rename the sheets hmsbook fills in."""
    replace_parts(
        path, {part: _restyled(package(path).parts[part], areas) for part, areas in owned_areas(path).items()}
    )
    rename_sheets(path, NAMES)
    reverse_sheets(path)


def _restyled(xml: bytes, areas: object) -> bytes:
    """Other looks for every cell, wider columns, taller rows, another zoom, a coloured tab."""
    assert areas
    xml = re.sub(rb'(<c r="[A-Z]+[0-9]+") s="[0-9]+"', rb'\1 s="3"', xml)
    xml = re.sub(rb' width="[0-9.]+"', b' width="31.5"', xml)
    xml = re.sub(rb'(<row r="[0-9]+"[^>]*?) ht="[0-9.]+"', rb'\1 ht="41.25"', xml)
    return re.sub(rb"<sheetView ", b'<sheetView zoomScale="85" ', xml)


CHANGES = {"as it was": lambda _: None, "restyled, moved and renamed": _by_hand}
each_way = pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)


def _typed(path: Path) -> Path:
    """A coordinator's afternoon: a number, a status, a measure without a number of its own."""
    type_in(path, ("values", "I01", 21, 5.5), ("measures", "status", 0, "Gjennomført"))
    type_in(path, ("measures", "measure", 9, "Nytt"), ("proposals", "effect", 1, 1))
    put(path, {spot(path, "measures", "id", 9): None})
    return path


def test_excel_would_accept_it(path: Path) -> None:
    assert sdk_errors(path) == []


@pytest.mark.parametrize(("feature", "sheets", "shown"), FEATURES, ids=[it[0] for it in FEATURES])
def test_it_holds_the_feature_in_its_sheets(feature: str, sheets: str, shown: str, path: Path) -> None:
    stored = package(path)
    parts = {sheet.name: sheet.part for sheet in stored.sheets} | {"": WORKBOOK}
    for sheet in sheets.split():
        assert re.search(shown, stored.parts[parts[SHEETS[sheet]]].decode()), f"no {feature} on {sheet}"


@pytest.mark.parametrize("feature", PARTS)
def test_it_holds_the_feature_in_its_parts(feature: str, path: Path) -> None:
    assert [name for name in package(path).names if re.fullmatch(PARTS[feature], name)]


@each_way
@pytest.mark.parametrize("suffix", [".xlsx", ".xlsm"])
def test_what_is_not_hmsbooks_is_identical(change, suffix: str, tmp_path: Path) -> None:
    path = foreign_book(tmp_path / f"bok{suffix}")
    change(path)
    before, owned = Stored.open(_typed(path)), owned_areas(path)
    done = update(path, today=LATER)
    assert done.cells > 20
    assert done.numbered == {("measures", 9): "T61"}
    after = Stored.open(path)
    assert after.names == before.names
    different = {name for name in before.names if before.raw(name) != after.raw(name)}
    ours = {sheet.part for sheet in package(path).sheets if sheet.name in {*NAMES, *NAMES.values()}}
    assert ours <= different, "every sheet of ours with foreign features on it was written"
    charts = {name for name in different if "/charts/" in name}
    assert different <= {WORKBOOK, *owned, *charts}
    assert {sheet.part for sheet in package(path).sheets if sheet.name == OWN}.isdisjoint(different)
    for name in different:
        same = outside(name, before.read(name), owned) == outside(name, after.read(name), owned)
        assert same, f"{name} changed outside what hmsbook owns"
    assert not update(path, today=LATER).written


@each_way
def test_only_its_own_charts_change(change, path: Path) -> None:
    change(path)
    stored = package(_typed(path))
    theirs = {name for name, chart in stored.charts() if chart.find(".//{*}trendline") is not None}
    assert len(theirs) == 2
    before = Stored.open(path)
    update(path, today=LATER)
    after = Stored.open(path)
    assert all(before.raw(name) == after.raw(name) for name in theirs)


def test_rich_text_is_read(path: Path) -> None:
    assert open_book(path).book.measures[0].achieve == "Ro i uka"


def test_it_is_still_accepted_after_an_update(path: Path) -> None:
    update(_typed(path), today=LATER)
    assert sdk_errors(path) == []
