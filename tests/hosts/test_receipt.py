"""Nothing is saved that differs from the workbook before in anything but the cells that were to change."""

from __future__ import annotations

import re

import pytest

from hmsbook.actions.reading import open_book, problems_left
from hmsbook.actions.update import stamp_of
from hmsbook.analysis.summary import summarise
from hmsbook.errors import PackageError
from hmsbook.flow.compose import compose
from hmsbook.hosts.rewriting import Rewriting
from hmsbook.opc.package import Package, receipt
from tests.hosts.books import TODAY, book, type_in
from tests.reliability.rows import Row, shows

CALCULATION, STATUS, CHART, WORKBOOK = "calculation", "status", "chart", "workbook"


@pytest.fixture(scope="module")
def rewriting(tmp_path_factory: pytest.TempPathFactory) -> Rewriting:
    """An update of a workbook in which two things were typed."""
    path = book(tmp_path_factory.mktemp("receipt") / "bok.xlsx")
    type_in(path, ("values", "I01", 21, 5.5), ("measures", "status", 0, "Gjennomført"))
    opened = open_book(path)
    summary = summarise(opened.book, TODAY)
    found = problems_left(opened, summary)
    fill = compose(opened.book, summary, found, stamp_of(opened), opened.months_shown)
    return opened.host.rewriting(fill)


@pytest.fixture(scope="module")
def after(rewriting: Rewriting) -> Package:
    return Package.from_bytes(rewriting.data(), "bok.xlsx")


@pytest.fixture(scope="module")
def parts(rewriting: Rewriting, after: Package) -> dict[str, str]:
    """A part of each kind that the update changes."""
    workbook = rewriting.workbook
    spots = {key: workbook.resolve(f"hms_{name}") for key, name in KINDS.items()}
    changed = sorted(it for it in after.names if after.raw(it) != rewriting.package.raw(it))
    chart = next(it for it in changed if "/charts/" in it)
    found = {key: spot[0].part for key, spot in spots.items() if spot}
    assert set(found.values()) < set(changed)
    return found | {CHART: chart, WORKBOOK: workbook.part}


KINDS = {CALCULATION: "window", STATUS: "status_indicators"}

# What to change in the result: part, pattern, what takes its place.
TAMPERED = {
    "a text changed that was not to be written": (
        STATUS,
        rb'(<c r="[A-Z]+[0-9]+"[^>]* t="s"><v>)[0-9]+',
        rb"\g<1>1",
    ),
    "the look of a cell changed": (STATUS, rb'( s=")[0-9]+("[^>]* t="inlineStr")', rb"\g<1>1\2"),
    "a text not written as it was meant": (STATUS, rb"(<is><t[^>]*>)", rb"\1x"),
    "the height of a row changed": (STATUS, rb'(<row [^>]*ht=")', rb"\g<1>1"),
    "the width of a column changed": (STATUS, rb'(<col [^>]*width=")', rb"\g<1>1"),
    "a sparkline changed": (STATUS, rb"<xm:f>", rb"<xm:f>_"),
    "a rule for colours changed": (STATUS, rb'(<cfRule [^>]*priority=")', rb"\g<1>9"),
    "a formula on the calculation sheet changed": (CALCULATION, rb"(<f>)(EDATE)", rb"\1-\2"),
    "a value on the calculation sheet wrong": (CALCULATION, rb"(</f><v>[0-9])", rb"\g<1>1"),
    "a cell gone": (CALCULATION, rb"<c r=[^>]*><f>[^<]*</f><v>[^<]*</v></c></row>", rb"</row>"),
    "a colour of a chart changed": (CHART, rb'(<a:srgbClr val=")[0-9A-F]', rb"\g<1>9"),
    "the title of a chart changed": (CHART, rb"(<c:strCache>.*?<c:pt [^>]*><c:v>)", rb"\g<1>1"),
    "a point of a chart wrong": (CHART, rb"(<c:val>.*?<c:pt [^>]*><c:v>)", rb"\g<1>1"),
    "other cells shown by a chart": (CHART, rb"(<c:f>[^<]*\$)[0-9]+(</c:f>)", rb"\g<1>9\2"),
    "a name that points elsewhere": (WORKBOOK, rb"(<definedName [^>]*>[^<]*\$)[0-9]+(<)", rb"\g<1>9\2"),
    "a sheet renamed": (WORKBOOK, rb'(<sheet name=")', rb"\1x"),
    "a sheet hidden": (WORKBOOK, rb"(<sheet [^>]*)/>", rb'\1 state="hidden"/>'),
    "Excel not told to calculate": (WORKBOOK, rb' fullCalcOnLoad="1"', rb""),
}


def changed_parts(rewriting: Rewriting, after: Package) -> set[str]:
    return {it for it in after.names if after.raw(it) != rewriting.package.raw(it)}


def test_what_was_to_change_is_in_order(rewriting: Rewriting, after: Package) -> None:
    rewriting.inspect(after, changed_parts(rewriting, after))


@pytest.mark.parametrize("what", TAMPERED)
@shows("receipt", *TAMPERED)
def test_what_was_not_to_change_is_seen(
    rewriting: Rewriting, after: Package, parts: dict[str, str], what: str
) -> Row:
    kind, pattern, new = TAMPERED[what]
    part = parts[kind]
    tampered = re.sub(pattern, new, after.read(part), count=1)
    assert tampered != after.read(part)
    data = after.replace({part: tampered})
    found = receipt(rewriting.package, data, {part} | changed_parts(rewriting, after))
    with pytest.raises(PackageError, match="receipt_failed") as refused:
        rewriting.inspect(found, {part})
    assert refused.value.params["part"] == part
    return what, "nothing is saved"


def test_a_part_that_nobody_meant_to_change_is_seen(rewriting: Rewriting, after: Package) -> None:
    with pytest.raises(PackageError, match="receipt_failed"):
        rewriting.inspect(after, {"xl/styles.xml"})
