"""A table's part with another range: nothing but where the table and its filter reach changes."""

from __future__ import annotations

from collections.abc import Mapping

from hmsbook.opc.cells import Range, range_name
from hmsbook.opc.markup import (
    MAIN,
    Splice,
    apply,
    dispatch,
    make_parser,
    require_utf8,
    run,
    starter,
    tag_end,
    with_attributes,
)


def reaching(xml: bytes, area: Range, part: str) -> bytes:
    """The part of a table that reaches over an area."""
    require_utf8(xml, part)
    splices: list[Splice] = []

    def note(attributes: Mapping[str, str]) -> None:
        start = parser.CurrentByteIndex
        end = tag_end(xml, start)
        if attributes.get("ref"):
            splices.append(Splice(start, end, with_attributes(xml[start:end], {"ref": range_name(area)})))

    parser = make_parser(part)
    parser.StartElementHandler = starter(dispatch(MAIN, {"table": note, "autoFilter": note}))
    run(parser, xml, part)
    return apply(xml, splices)
