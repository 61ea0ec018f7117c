"""What a copy holds beside its tables: nothing of it is lost silently, and all of it can be put aside."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment

from hmsbook.actions.reading import open_book
from hmsbook.opc.cells import Formula, cell_name
from tests.hosts.books import change, package, put, region_spot, repack, replace_parts, table
from tests.hosts.by_hand import MAIN, PNG, add_own
from tests.merge.real import Circle, cell_of, told
from tests.support.package import CONTENT_TYPES

NEWER = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"


@pytest.fixture
def circle(tmp_path: Path) -> Circle:
    found = Circle(tmp_path)
    found.send("Kari Ås")
    return found


def _with_openpyxl(path: Path, edit: Callable[[openpyxl.Workbook], None]) -> None:
    with warnings.catch_warnings(), path.open("rb") as file:
        # It says itself what it drops.
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(file)
    edit(book)
    book.save(path)


def test_a_comment_is_kept_with_its_author_and_row(circle: Circle) -> None:
    path = circle.path("Kari Ås")
    sheet, cell = cell_of(path, "measures", "deadline", 1)
    status = Comment("Ola Øy:\nFint ark!", "Ola Øy")

    def edit(book: openpyxl.Workbook) -> None:
        book[sheet][cell].comment = Comment("Rekker vi dette?", "Kari Ås")
        book["Status"]["C4"].comment = status

    _with_openpyxl(path, edit)
    found = [it for it in circle.fetch("Kari Ås").findings if it.what == "comment"]
    assert [(it.table, it.row, it.column, it.theirs, it.person.name) for it in found] == [
        ("", "C4", "", "Fint ark!", "Ola Øy"),
        ("measures", "T02", "deadline", "Rekker vi dette?", "Kari Ås"),
    ]
    kept = [it for it in circle.received() if it.get("what") == "comment"]
    assert [(it.get("where"), it.get("row"), it.get("theirs"), it.get("who")) for it in kept] == [
        ("Status", "C4", "Fint ark!", "Ola Øy"),
        ("Tiltak", "T02", "Rekker vi dette?", "Kari Ås"),
    ]
    assert not circle.fetch("Kari Ås").is_news


def test_a_thread_is_kept_answer_by_answer(circle: Circle) -> None:
    path = circle.path("Kari Ås")
    sheet, cell = cell_of(path, "measures", "measure", 0)
    _add_thread(path, sheet, cell)
    found = [it for it in circle.fetch("Kari Ås").findings if it.what == "comment"]
    assert [(it.row, it.theirs, it.person.name) for it in found] == [
        ("T01", "Hvem gjør dette?", "Kari Ås"),
        ("T01", "Jeg!", "Ola Øy"),
    ]


def _add_thread(path: Path, sheet: str, cell: str) -> None:
    """A comment with an answer, as Excel stores it: in its own parts, and once more for older programs."""
    stored = package(path)
    part = next(it.part for it in stored.sheets if it.name == sheet)
    said = ("Hvem gjør dette?", "A", ""), ("Jeg!", "B", ' parentId="{1}"')
    threads = "".join(
        f'<threadedComment ref="{cell}" personId="{{{who}}}" id="{{{at}}}"{more}><text>{text}</text>'
        "</threadedComment>"
        for at, (text, who, more) in enumerate(said, 1)
    )
    people = "".join(
        f'<person displayName="{name}" id="{{{who}}}"/>' for name, who in (("Kari Ås", "A"), ("Ola Øy", "B"))
    )
    old = (
        f'<comments xmlns="{MAIN}"><authors><author>tc={{1}}</author></authors><commentList>'
        f'<comment ref="{cell}" authorId="0"><text><t>[Threaded comment] Hvem?</t></text></comment>'
        "</commentList></comments>"
    )
    kind = "http://schemas.microsoft.com/office/2017/10/relationships/"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    parts = {
        "xl/threadedComments/threadedComment1.xml": _root("ThreadedComments", threads),
        "xl/persons/person.xml": _root("personList", people),
        "xl/comments9.xml": old.encode(),
    }
    parts |= _linked(
        stored.parts, part, {f"{kind}threadedComment": "/xl/threadedComments/threadedComment1.xml"}
    )
    parts |= _linked({**stored.parts, **parts}, part, {f"{office}comments": "/xl/comments9.xml"})
    parts |= _linked(stored.parts, "xl/workbook.xml", {f"{kind}person": "/xl/persons/person.xml"})
    types = stored.parts[CONTENT_TYPES]
    for name in parts.keys() - stored.parts.keys():
        new = f'<Override PartName="/{name}" ContentType="application/xml"/></Types>'
        types = types.replace(b"</Types>", new.encode())
    repack(path, {**parts, CONTENT_TYPES: types})


def _root(name: str, inside: str) -> bytes:
    return f'<{name} xmlns="{NEWER}">{inside}</{name}>'.encode()


def _linked(parts: Mapping[str, bytes], part: str, links: dict[str, str]) -> dict[str, bytes]:
    folder, _, name = part.rpartition("/")
    where = f"{folder}/_rels/{name}.rels"
    new = "".join(
        f'<Relationship Id="n{abs(hash(kind))}" Type="{kind}" Target="{target}"/>'
        for kind, target in links.items()
    )
    return {where: parts[where].replace(b"</Relationships>", f"{new}</Relationships>".encode())}


def test_pictures_and_charts_are_told_and_put_aside(circle: Circle, tmp_path: Path) -> None:
    path = circle.path("Kari Ås")
    add_own(path, "Tiltak", "Trender")
    found = circle.fetch("Kari Ås", save_out=tmp_path / "aside")
    extra = [(it.case, it.values) for it in found.findings if it.what == "left_out"]
    assert extra == [("picture", {"sheet": "Trender", "n": 2})]
    saved = {it.name: it.read_bytes() for it in found.saved}
    assert saved["svar Kari Ås image9.png"] == PNG
    assert saved["svar Kari Ås.xlsx"] == path.read_bytes()


def test_a_new_sheet_is_told_with_all_that_stands_on_it(circle: Circle) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book.create_sheet("Mine tanker")["B2"] = "Vi trenger pauser"

    _with_openpyxl(circle.path("Kari Ås"), edit)
    found = [it for it in circle.fetch("Kari Ås").findings if it.case == "sheet"]
    assert [(it.values["sheet"], it.theirs) for it in found] == [("Mine tanker", "B2: Vi trenger pauser")]


def test_what_is_typed_beside_or_below_a_table_is_told(circle: Circle) -> None:
    path = circle.path("Kari Ås")
    area = table(path, "measures").area
    below = cell_name((area.bottom + 1, area.left + 1))
    put(path, {("Tiltak", below): "Et tiltak til", ("Status", "Z40"): 12})
    found = [it for it in circle.fetch("Kari Ås").findings if it.case == "cells"]
    assert sorted((it.values["sheet"], it.theirs) for it in found) == [
        ("Status", "Z40: 12"),
        ("Tiltak", f"{below}: Et tiltak til"),
    ]


def test_what_is_typed_over_our_cells_is_told_and_never_taken(circle: Circle) -> None:
    path = circle.path("Kari Ås")
    sheet, cell = cell_of(path, "measures", "days_left", 0)
    status = region_spot(path, "status_facts", 0, 0)
    put(path, {(sheet, cell): Formula("", "for sent"), status: "Enig!"})
    found = [it for it in circle.fetch("Kari Ås").findings if it.case == "typed_over"]
    assert sorted((it.values["sheet"], it.theirs) for it in found) == [
        ("Status", f"{status[1]}: Enig!"),
        ("Tiltak", f"{cell}: for sent"),
    ]


def test_a_new_column_is_told_and_one_that_is_here_is_merged(circle: Circle) -> None:
    path = circle.path("Kari Ås")
    for target, header in ((path, "Vår merknad"), (path, "Min merknad"), (circle.master, "Vår merknad")):
        _add_column(target, "measures", header)
    _in_own_column(path, "Vår merknad", "fra Kari")
    _in_own_column(path, "Min merknad", "bare min")
    found = list(circle.fetch("Kari Ås").findings)
    assert [(it.what, it.column, it.case) for it in found] == [
        ("left_out", "own:Min merknad", "own_column"),
        ("change", "own:Vår merknad", ""),
    ]
    assert found[0].theirs == {"T01": "bare min"}
    row = open_book(circle.master).book.drawn_rows["measures"][0]
    assert row.extra == {"Vår merknad": "fra Kari"}


def _add_column(path: Path, key: str, header: str) -> None:
    """A column of one's own, right of the table."""
    found, count = table(path, key), len(table(path, key).columns)
    top, bottom, right = found.area.top, found.area.bottom, found.area.right
    put(path, {(found.sheet, cell_name((top, right + 1))): header})
    old, new = (f':{cell_name((bottom, column))}"' for column in (right, right + 1))
    change(path, found.part, lambda xml: _with_column(xml.replace(old, new), count, header))


def _with_column(xml: str, count: int, header: str) -> str:
    more = f'<tableColumn id="{count + 90}" name="{header}"/></tableColumns>'
    xml = xml.replace(f'<tableColumns count="{count}">', f'<tableColumns count="{count + 1}">')
    return xml.replace("</tableColumns>", more)


def _in_own_column(path: Path, header: str, text: str) -> None:
    found = table(path, "measures")
    at = (found.area.top + 1, found.area.left + found.columns.index(header))
    put(path, {(found.sheet, cell_name(at)): text})


def test_headers_in_other_words_and_sorted_rows_are_understood(circle: Circle) -> None:
    path = circle.path("Kari Ås")
    found = table(path, "measures")
    header = found.columns.index("Ansvarlig")
    put(path, {(found.sheet, cell_name((found.area.top, found.area.left + header))): "Responsible"})
    part = found.part
    xml = package(path).parts[part].decode().replace('name="Ansvarlig"', 'name="Responsible"')
    replace_parts(path, {part: xml.encode()})
    circle.type("""
        | who     | table    | row | column      | typed  |
        | Kari Ås | measures | T02 | responsible | Gro Li |
    """)
    assert told(circle.fetch("Kari Ås").findings) == [("change", "measures", "T02", "responsible")]


def test_a_copied_row_with_the_same_number_is_a_new_row(circle: Circle) -> None:
    circle.type("""
        | who     | table    | row | column  | typed                |
        | Kari Ås | measures | 2   | id      | T01                  |
        | Kari Ås | measures | 2   | measure | Fast ukeplan for ledere |
    """)
    found = list(circle.fetch("Kari Ås").findings)
    assert told(found) == [("added", "measures", "T03", "", "renumbered")]
    assert found[0].values["sent"] == "T01"
    assert circle.row("measures", "T01")["measure"] == "Fast ukeplan 🙂"
    assert circle.row("measures", "T03")["measure"] == "Fast ukeplan for ledere"
