"""Excel's list of formula cells: one whose formula goes must leave it, or Excel calls the file damaged."""

from __future__ import annotations

from collections.abc import Set

from hmsbook.opc.cells import Position, parse_cell
from hmsbook.opc.markup import (
    MAIN,
    Attributes,
    Splice,
    apply,
    dispatch,
    make_parser,
    run,
    starter,
    tag_end,
    walk,
    with_attributes,
)
from hmsbook.opc.workbook import Workbook


def sheet_ids(workbook: Workbook) -> dict[str, str]:
    """The number by which the list knows each sheet, by part."""
    found: list[str] = []
    handlers = dispatch(MAIN, {"sheet": lambda attributes: found.append(attributes.get("sheetId", ""))})
    walk(workbook.xml, handlers, workbook.part)
    return {sheet.part: number for sheet, number in zip(workbook.sheets, found, strict=True)}


def listed(xml: bytes, part: str) -> list[tuple[str, Position]]:
    """The cells in the list, each a sheet's number and a position."""
    found: list[tuple[str, Position]] = []

    def note(attributes: Attributes) -> None:
        # A cell without a sheet of its own belongs to the sheet of the cell before it.
        number = attributes.get("i", found[-1][0] if found else "")
        found.append((number, parse_cell(attributes["r"])))

    walk(xml, dispatch(MAIN, {"c": note}), part)
    return found


def without(xml: bytes, gone: Set[tuple[str, Position]], part: str) -> bytes:
    """The list without these cells, each a sheet's number and a position."""
    splices: list[Splice] = []
    stated = meant = ""

    def note(attributes: Attributes) -> None:
        nonlocal stated, meant
        # A cell without a sheet of its own belongs to the sheet of the cell before it.
        meant = attributes.get("i", meant)
        start = parser.CurrentByteIndex
        end = tag_end(xml, start)
        if (meant, parse_cell(attributes["r"])) in gone:
            splices.append(Splice(start, end, b""))
            return
        if "i" not in attributes and stated != meant:
            splices.append(Splice(start, end, with_attributes(xml[start:end], {"i": meant})))
        stated = meant

    parser = make_parser(part)
    parser.StartElementHandler = starter(dispatch(MAIN, {"c": note}))
    run(parser, xml, part)
    return apply(xml, splices)
