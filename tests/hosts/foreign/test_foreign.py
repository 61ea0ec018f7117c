"""Everything Excel can hold survives an update: parts to the raw zip record, sheets to the byte."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from hmsbook.actions.reading import open_book
from hmsbook.actions.update import Updated, update
from hmsbook.opc.package import Package as Stored
from tests.hosts.books import TODAY, package, put, replace_parts, spot, table, type_in
from tests.hosts.by_hand import rename_sheets, reverse_sheets, swap_columns
from tests.hosts.foreign.book import foreign_book
from tests.hosts.foreign.drawn import LIST, OWN, PIVOT
from tests.hosts.foreign.features import IN_THE_BOOK, ON_SHEETS, Feature, on_sheet
from tests.hosts.foreign.outside import outside, owned_areas
from tests.reliability.rows import Row, shows
from tests.support.ooxml import sdk_errors
from tests.support.package import WORKBOOK, Area

STYLES = "xl/styles.xml"
LATER = TODAY + timedelta(days=40)
NAMES = {"Status": "Vår status's", "Tiltak": "Tiltak 🙂", "Månedsverdier": "Tall", "Logg": "Dagbok"}
IDENTICAL = "identical"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return foreign_book(tmp_path / "bok.xlsx")


def _by_hand(path: Path) -> None:
    """Restyle, move and rename the sheets hmsbook fills in, and move columns of their tables."""
    styles, count = _more_styles(package(path).parts[STYLES])
    seen = [sheet.part for sheet in package(path).sheets if sheet.state == "visible"]
    ours = [part for part in owned_areas(path) if part in seen]
    sheets = {part: _restyled(package(path).parts[part], count) for part in ours}
    assert len(sheets) > 8
    replace_parts(path, {**sheets, STYLES: styles})
    for key, one, other in (("measures", "Ansvarlig", "Frist"), ("proposals", "Effekt", "Kvalitet")):
        columns = table(path, key).columns
        swap_columns(path, key, columns.index(one), columns.index(other))
    rename_sheets(path, NAMES)
    reverse_sheets(path)


def _more_styles(xml: bytes) -> tuple[bytes, int]:
    """Every style once more, in bold and with another fill, and how many there were."""
    found = re.search(rb'<cellXfs count="(\d+)">(.*?)</cellXfs>', xml, re.DOTALL)
    assert found is not None
    count = int(found[1])
    again = re.sub(rb'fontId="\d+" fillId="\d+"', b'fontId="1" fillId="3"', found[2])
    more = b'<cellXfs count="%d">%s%s</cellXfs>' % (2 * count, found[2], again)
    return xml.replace(found[0], more), count


def _restyled(xml: bytes, count: int) -> bytes:
    """The other style for every cell, wider columns, taller rows, another zoom."""
    xml, cells = re.subn(
        rb'(<c r="[A-Z]+[0-9]+") s="([0-9]+)"', lambda it: b'%s s="%d"' % (it[1], count + int(it[2])), xml
    )
    assert cells
    xml = re.sub(rb' width="[0-9.]+"', b' width="31.5"', xml)
    xml = re.sub(rb'(<row r="[0-9]+"[^>]*?) ht="[0-9.]+"', rb'\1 ht="41.25"', xml)
    return re.sub(rb"<sheetView ", b'<sheetView zoomScale="85" ', xml)


CHANGES = {"as it was": lambda _: None, "restyled, moved and renamed": _by_hand}
each_way = pytest.mark.parametrize("change", CHANGES)


class Ran(NamedTuple):
    """An update of the workbook with everything in it: what stood there before, and what does now."""

    path: Path
    before: Stored
    owned: dict[str, list[Area]]
    done: Updated

    @property
    def after(self) -> Stored:
        """The package it became."""
        return Stored.open(self.path)

    def part(self, sheet: str) -> str:
        """The part of a sheet, by the name it was drawn with."""
        names = {sheet, NAMES.get(sheet, sheet)}
        return next(found.part for found in package(self.path).sheets if found.name in names)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Ran]:
    """Each of the updates, made once."""

    @cache
    def ran(change: str, suffix: str) -> Ran:
        path = foreign_book(tmp_path_factory.mktemp("foreign") / f"bok{suffix}")
        CHANGES[change](path)
        before, owned = Stored.open(_typed(path)), owned_areas(path)
        return Ran(path, before, owned, update(path, today=LATER))

    return ran


def _typed(path: Path) -> Path:
    """A coordinator's afternoon: a number, a status, a measure without a number of its own."""
    type_in(path, ("values", "I01", 21, 5.5), ("measures", "status", 0, "Gjennomført"))
    type_in(path, ("measures", "measure", 9, "Nytt"), ("proposals", "effect", 1, 1))
    put(path, {spot(path, "measures", "id", 9): None})
    return path


def test_excel_would_accept_it(path: Path) -> None:
    assert sdk_errors(path) == []


@each_way
@pytest.mark.parametrize("suffix", [".xlsx", ".xlsm"])
def test_what_is_not_hmsbooks_is_identical(change: str, suffix: str, runs) -> None:
    ran = runs(change, suffix)
    assert ran.done.cells > 20
    assert ran.done.numbered == {("measures", 9): "T61"}
    before, after, owned = ran.before, ran.after, ran.owned
    assert after.names == before.names
    different = {name for name in before.names if before.raw(name) != after.raw(name)}
    assert {ran.part(sheet) for sheet in NAMES} <= different, "every sheet of ours with features was written"
    charts = {name for name in different if "/charts/" in name}
    assert different <= {WORKBOOK, *owned, *charts}
    assert {ran.part(sheet) for sheet in (OWN, PIVOT, LIST)}.isdisjoint(different)
    for name in different:
        same = outside(name, before.read(name), owned) == outside(name, after.read(name), owned)
        assert same, f"{name} changed outside what hmsbook owns"
    assert not update(ran.path, today=LATER).written


@shows("sheets", *ON_SHEETS)
@pytest.mark.parametrize("name", ON_SHEETS)
def test_what_people_put_on_sheets_is_identical(name: str, runs) -> Row:
    feature = ON_SHEETS[name]
    usual, changed = (runs(change, ".xlsx") for change in CHANGES)
    assert _became(feature, changed, feature.own) == IDENTICAL
    spots = ((usual, feature.own), (usual, feature.ours), (changed, feature.ours))
    return (name, *(_became(feature, *spot) for spot in spots))


def _became(feature: Feature, ran: Ran, sheet: str) -> str:
    links = package(ran.path)
    before, after = (on_sheet(feature, ran.part(sheet), stored, links) for stored in (ran.before, ran.after))
    assert before, f"there was nothing to lose on {sheet}"
    return IDENTICAL if before == after else "changed"


@shows("book", *IN_THE_BOOK)
@pytest.mark.parametrize("name", IN_THE_BOOK)
def test_what_people_put_in_the_workbook_is_identical(name: str, runs) -> Row:
    return (name, *(_parts_became(IN_THE_BOOK[name], runs(change, ".xlsm")) for change in CHANGES))


def _parts_became(pattern: str, ran: Ran) -> str:
    parts = [name for name in ran.before.names if re.fullmatch(pattern, name)]
    assert parts, "there was nothing to lose"
    return IDENTICAL if all(ran.before.raw(it) == ran.after.raw(it) for it in parts) else "changed"


@each_way
def test_only_its_own_charts_change(change: str, runs) -> None:
    ran = runs(change, ".xlsx")
    charts = package(ran.path).charts()
    theirs = {name for name, chart in charts if chart.find(".//{*}trendline") is not None}
    assert len(theirs) == 2
    assert all(ran.before.raw(name) == ran.after.raw(name) for name in theirs)


def test_rich_text_is_read(path: Path) -> None:
    assert open_book(path).book.measures[0].achieve == "Ro i uka"


@each_way
def test_it_is_still_accepted_after_an_update(change: str, runs) -> None:
    assert sdk_errors(runs(change, ".xlsx").path) == []
