"""What people changed about our own sheets, kind by kind: carried by an upgrade, or told before it writes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from hmsbook.actions.reading import open_book
from hmsbook.actions.upgrade import not_carried, upgrade
from tests.hosts.books import TODAY, book, change, package, type_in
from tests.hosts.by_hand import add_own, rename_sheets, reverse_sheets
from tests.support.package import WORKBOOK
from tests.upgrade.support import add_column

OLDER = Path(__file__).parents[1] / "standards" / "1.0.xlsx"
Edit = Callable[[str], str]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return book(tmp_path / "bok.xlsx")


def told(path: Path) -> set[tuple[str, str]]:
    """The kinds of things that stay in the workbook, with their sheets."""
    opened = open_book(path)
    return {(it.case, it.sheet) for it in not_carried(opened, TODAY)}


def swap(old: str, new: str) -> Edit:
    """An edit that finds what it changes."""

    def edit(xml: str) -> str:
        assert re.search(old, xml), old
        return re.sub(old, new, xml, count=1)

    return edit


def row(number: int, attributes: str) -> Edit:
    """An edit of one row's attributes."""
    return swap(rf'<row r="{number}"( spans="[^"]*")?[^>]*>', rf'<row r="{number}" {attributes}>')


CHANGES: list[tuple[str, str, Edit]] = [
    ("height", "Tiltak", row(6, 'ht="80" customHeight="1"')),
    ("height", "Tiltak", row(6, 'hidden="1"')),
    ("height", "Status", row(4, 'ht="77" customHeight="1"')),
    ("width", "Tiltak", swap(r'<col min="3" max="3" width="[^"]*"', '<col min="3" max="3" width="91"')),
    ("width", "Status", swap(r'<col min="2" max="2" width="[^"]*"', '<col min="2" max="2" width="91"')),
    ("width", "Status", swap(r'<col min="2" max="2"', '<col min="2" max="2" hidden="1"')),
    ("view", "Tiltak", swap(r"<pane [^>]*/>", "")),
    ("view", "Tiltak", swap(r'ySplit="\d+"', 'ySplit="9"')),
    ("view", "Tiltak", swap(r'showGridLines="0"', "")),
    ("view", "Logg", swap("<sheetView ", '<sheetView view="pageBreakPreview" ')),
    ("page", "Tiltak", swap('orientation="landscape"', 'orientation="portrait"')),
    ("page", "Tiltak", swap('paperSize="9"', 'paperSize="8"')),
    ("page", "Trender", swap(r'scale="\d+"', 'scale="50"')),
    ("page", "Tiltak", swap(r'<pageMargins left="[^"]*"', '<pageMargins left="2"')),
    ("page", "Tiltak", swap("<oddFooter>[^<]*<", "<oddFooter>Vår egen<")),
    ("page", "Tiltak", swap("<oddFooter>", "<oddHeader>Vår egen</oddHeader><oddFooter>")),
    (
        "page",
        "Tiltak",
        swap("(</headerFooter>)", r'\1<rowBreaks count="1"><brk id="9" man="1"/></rowBreaks>'),
    ),
    ("merge", "Tiltak", swap("(</sheetData>)", r'\1<mergeCells><mergeCell ref="B90:C91"/></mergeCells>')),
    ("tab", "Tiltak", swap("<sheetPr>", '<sheetPr><tabColor rgb="FFFF9900"/>')),
    ("drawing", "Tiltak", swap("(<tableParts)", r'<picture r:id="rId1"/>\1')),
    (
        "rule",
        "Tiltak",
        swap(
            "(<conditionalFormatting)",
            r'<conditionalFormatting sqref="C5"><cfRule type="expression" priority="90">'
            r'<formula>$C5="Å"</formula></cfRule></conditionalFormatting>\1',
        ),
    ),
    ("validation", "Tiltak", swap("(<dataValidation )", r'<dataValidation type="date" sqref="AA1"/>\1')),
]


def test_nothing_is_told_of_a_workbook_that_is_as_it_was_drawn(path: Path, tmp_path: Path) -> None:
    assert told(path) == set()
    assert told(Path(shutil.copy(OLDER, tmp_path / "1.0.xlsx"))) == set()
    type_in(path, ("measures", "measure", 5, "Et langt tiltak " * 30), ("values", "I01", 60, 3))
    add_column(path, "measures", "Merknad", ["Haster"])
    assert told(path) == set()


@pytest.mark.parametrize(("case", "sheet", "edit"), CHANGES)
def test_what_people_change_is_told(path: Path, case: str, sheet: str, edit: Edit) -> None:
    part = next(found.part for found in package(path).sheets if found.name == sheet)
    change(path, part, edit)
    assert told(path) == {(case, sheet)}


@pytest.mark.parametrize(
    "edit",
    [
        swap(r"('?Tiltak'?!\$A\$1:\$[A-Z]+\$)\d+(?=</definedName>)", r"\g<1>7"),
        swap(r"('?Tiltak'?!)\$A\$1(:\$[A-Z]+\$\d+</definedName>)", r"\1$C$3\2"),
        swap(r"('?Tiltak'?!)\$4:\$4(</definedName>)", r"\1$1:$9\2"),
        swap(r'<definedName name="_xlnm.Print_Area" localSheetId="\d+">\'?Tiltak.*?</definedName>', ""),
    ],
)
def test_what_is_printed_is_told(path: Path, edit: Edit) -> None:
    change(path, WORKBOOK, edit)
    assert told(path) == {("page", "Tiltak")}


def test_less_to_print_is_told_where_a_sheet_holds_more(path: Path) -> None:
    change(path, WORKBOOK, swap(r"(Status!\$A\$1:\$L\$)\d+", r"\g<1>20"))
    assert told(path) == {("page", "Status")}


@pytest.mark.parametrize(
    ("sheet", "edit"),
    [
        ("Trender", swap(r'scale="\d+"', 'scale="50"')),
        ("Status", swap(r'<col min="2" max="2" width="[^"]*"', '<col min="2" max="2" width="91"')),
        ("Status", row(4, 'ht="77" customHeight="1"')),
        ("Tiltak", swap(r"<pane [^>]*/>", "")),
    ],
)
def test_it_is_told_of_an_older_standard_too(tmp_path: Path, sheet: str, edit: Edit) -> None:
    path = Path(shutil.copy(OLDER, tmp_path / "bok.xlsx"))
    change(path, next(found.part for found in package(path).sheets if found.name == sheet), edit)
    assert {where for _, where in told(path)} == {sheet}


def test_notes_pictures_and_charts_are_told(path: Path) -> None:
    add_own(path, "Tiltak", "Trender")
    assert told(path) == {("comment", "Tiltak"), ("drawing", "Trender")}


def test_names_places_and_hidden_sheets_are_carried(path: Path) -> None:
    rename_sheets(path, {"Tiltak": "Kari's tiltak", "Status": "Oversikt"})
    reverse_sheets(path)
    change(path, WORKBOOK, swap('name="Dekning"', 'name="Dekning" state="hidden"'))
    change(
        path, WORKBOOK, swap("<definedNames>", '<definedNames><definedName name="Mitt">12.5</definedName>')
    )
    assert told(path) == set()
    before = [(sheet.name, sheet.state) for sheet in package(path).sheets]
    assert upgrade(path, slots=24, today=TODAY).written
    after = [(sheet.name, sheet.state) for sheet in package(path).sheets]
    assert [it for it in after if it[0][0] != "_"] == [it for it in before if it[0][0] != "_"]
    assert {it.get("name"): it.text for it in package(path).defined_names}["Mitt"] == "12.5"


def test_a_name_of_a_sheet_that_cannot_be_kept_is_told(path: Path) -> None:
    """The new frame has a sheet of that name already."""
    rename_sheets(path, {"Gruppe": "Møteplass", "Tiltak": "Gruppe"})
    done = upgrade(path, slots=24, today=TODAY, dry_run=True)
    assert [(it.case, it.sheet) for it in done.left] == [("title", "Gruppe")]
