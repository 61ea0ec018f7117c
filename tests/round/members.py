"""Eight members and what each does with the copy that came by mail, in a program of their own."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import openpyxl

from hmsbook.opc.cells import cell_name, parse_cell
from tests.hosts.books import change, package, put, table
from tests.hosts.by_hand import add_own, drop_table
from tests.merge.real import finder, place, rows_of
from tests.support.office import Office
from tests.support.package import WORKBOOK

CORE = "docProps/core.xml"
# Days as cells hold them: 1 October 2026, and 31 December.
OCTOBER, END_OF_YEAR = 46296, 46387


def types_in_libreoffice(path: Path, office: Office) -> None:
    """Sindre types a number, a date and a status as people type them, and saves."""
    cell = finder(path)
    overtime = place(path, "values", "2026-10")
    tap = place(path, "measures", "T05")
    with office.open(path, window=True) as book:
        for column, text in (("deadline", "24.12.2026"), ("status", "Pågår")):
            sheet, address = cell("measures", column, tap)
            book.type(sheet, {address: text})
        sheet, address = cell("values", "I02", overtime)
        book.type(sheet, {address: "8,4"})
        book.save_as(path)


def sorts_and_saves_twice(path: Path, office: Office) -> None:
    """Torunn writes how far a measure has come, sorts the measures by who is responsible, and saves twice."""
    cell = finder(path)
    found = table(path, "measures")
    sheet, address = cell("measures", "progress", place(path, "measures", "T06"))
    area = (
        f"{cell_name((found.area.top, found.area.left))}:{cell_name((found.area.bottom, found.area.right))}"
    )
    by = re.sub(r"\d", "", cell("measures", "responsible", 0)[1])
    with office.open(path, window=True) as book:
        book.put(sheet, {address: 80})
        book.sort(sheet, area, by, header=True)
        book.save_as(path)
    with office.open(path, window=True) as book:
        book.save_as(path)


def saves_with_a_program_that_loses_much(path: Path, _: Office) -> None:
    """Kaja corrects a text, explains a month and takes over a measure, in a program that drops charts."""
    cell = finder(path)
    free = first_free(path, "why")
    edits = {
        ("challenges", "description", place(path, "challenges", "U07")): "Lærlingene lærer av fagfolk",
        ("measures", "responsible", place(path, "measures", "T12")): "Kaja Solbu",
        ("why", "indicator", free): "I02",
        ("why", "month", free): OCTOBER,
        ("why", "text", free): "To lag jobbet lørdager",
        ("why", "by", free): "Kaja Solbu",
    }
    with warnings.catch_warnings():
        # It says itself what it drops.
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path)
    for (key, column, row), value in edits.items():
        sheet, address = cell(key, column, row)
        book[sheet][address] = value
    book.save(path)


def edits_in_excel(path: Path, _: Office) -> None:
    """Jonas moves a deadline that Sindre moves too, proposes something, and moves the meeting."""
    cell = finder(path)
    new = place(path, "proposals", "P16")
    put(
        path,
        {
            cell("measures", "deadline", place(path, "measures", "T05")): END_OF_YEAR,
            cell("proposals", "proposal", new): "Sand i kassene ved adkomstveien",
            cell("proposals", "challenge", new): "U05",
            cell("meetings", "place", place(path, "meetings", "M08")): "Møterigg A",
        },
    )
    change(path, CORE, lambda xml: _saved_by(xml, "Jonas Krogsæter"))


def gives_back_from_google(path: Path, _: Office) -> None:
    """Piotr reports a measure as done, adds an event, and types a number where one was hidden."""
    cell = finder(path)
    event = first_free(path, "events")
    put(
        path,
        {
            cell("measures", "status", place(path, "measures", "T06")): "Gjennomført",
            cell("events", "month", event): OCTOBER,
            cell("events", "text", event): "Polsk tolk på plassen",
            cell("values", "I07", place(path, "values", "2026-05")): 7.5,
        },
    )
    for found in package(path).tables:
        drop_table(path, found.name.removeprefix("hms_"))
    change(path, WORKBOOK, lambda xml: xml.replace('state="veryHidden"', 'state="hidden"'))


def types_on_a_phone(path: Path, _: Office) -> None:
    """Even changes a status."""
    put(path, {finder(path)("measures", "status", place(path, "measures", "T04")): "Venter på evaluering"})


def fills_in_scores(path: Path, _: Office) -> None:
    """Amalie scores two proposals in the copy that was made for her."""
    cell = finder(path)
    scores = {"P12": (5, 4, 3, 2), "P15": (1, 2, 4, 5)}
    put(
        path,
        {
            cell("proposals", column, place(path, "proposals", key)): score
            for key, given in scores.items()
            for column, score in zip(("effect", "ease", "quality", "cost"), given, strict=True)
        },
    )


def makes_a_mess(path: Path, office: Office) -> None:
    """Ida deletes rows, takes a number that Jonas takes, adds a column, a sheet, a comment and a picture."""
    add_own(path, "Tiltak", "Trender")
    _with_own_column(path)
    cell = finder(path)
    new = place(path, "proposals", "P16")
    last = table(path, "measures").area
    with office.open(path, window=True) as book:
        for key in ("T08", "T12"):
            sheet, address = cell("measures", "id", place(path, "measures", key))
            row, left = parse_cell(address)
            book.put(sheet, {cell_name((row, at)): None for at in range(left, last.right + 1)})
        sheet, address = cell("proposals", "proposal", new)
        book.put(sheet, {address: "Lys over trappa"})
        book.add_sheet("Idas ark", 3)
        book.put("Idas ark", {"B2": "Ring Dag om krana"})
        book.save_as(path)


def _with_own_column(path: Path) -> None:
    """A column beside the table that the table takes in, as Excel lets it."""
    found = table(path, "measures")
    right = found.area.right + 1
    old = f"{cell_name((found.area.top, found.area.left))}:{cell_name((found.area.bottom, found.area.right))}"
    new = f"{cell_name((found.area.top, found.area.left))}:{cell_name((found.area.bottom, right))}"
    count = len(found.columns)

    def grown(xml: str) -> str:
        xml = xml.replace(f'ref="{old}"', f'ref="{new}"')
        xml = xml.replace(f'<tableColumns count="{count}"', f'<tableColumns count="{count + 1}"')
        return xml.replace("</tableColumns>", '<tableColumn id="99" name="Hva tror vi?"/></tableColumns>')

    put(
        path,
        {
            (found.sheet, cell_name((found.area.top, right))): "Hva tror vi?",
            (found.sheet, cell_name((found.area.top + 1, right))): "Dette går bra",
        },
    )
    change(path, found.part, grown)


def _saved_by(xml: str, name: str) -> str:
    tag = f"<cp:lastModifiedBy>{name}</cp:lastModifiedBy>"
    xml = re.sub(r"<cp:lastModifiedBy>.*?</cp:lastModifiedBy>|<cp:lastModifiedBy/>", "", xml)
    return xml.replace("</cp:coreProperties>", f"{tag}</cp:coreProperties>")


def first_free(path: Path, key: str) -> int:
    """The place of the first empty row of a table."""
    return next(row.index for row in rows_of(path, key) if not row.values)
