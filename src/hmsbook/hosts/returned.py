"""What a copy that came back holds beside the rows of its tables: comments, pictures, sheets, loose cells."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Set
from pathlib import PurePath
from typing import NamedTuple

from hmsbook.hosts.changes import PREFIX
from hmsbook.hosts.file import FileHost
from hmsbook.hosts.host import Host
from hmsbook.hosts.side import Side, usual_titles
from hmsbook.model.book import Manifest
from hmsbook.opc.cells import Position, Range, cell_name, contains
from hmsbook.opc.rels import targets
from hmsbook.opc.tree import Node, tree
from hmsbook.opc.workbook import SheetInfo
from hmsbook.standard.book import SHEETS, regions

_OUR_CHARTS = ("hms_trend_", "hms_priorities")
_ANCHORS = ("twoCellAnchor", "oneCellAnchor", "absoluteAnchor")
_PICTURES = ("pic", "sp", "cxnSp", "grpSp")
# Newer comments stand in the file once more, for programs that know only the older kind.
_THREAD = "tc="
_HEAD = re.compile(r"\A[^\n:]{1,60}:\n")
_MEDIA = "image"
# What hmsbook writes as the one who made a workbook.
_OURS = "hmsbook"

Loose = dict[Position, object]


class Note(NamedTuple):
    """A comment: where it hangs, what it says and who wrote it."""

    sheet: str
    cell: str
    text: str
    author: str


class Extra(NamedTuple):
    """Something that no table holds: what it is, where, how many, and what can be told of it in words."""

    case: str
    sheet: str
    text: str = ""
    count: int = 1  # type: ignore[assignment]


def side_of(host: FileHost, manifest: Manifest) -> Side:
    """A copy looked at as a whole, with the tables that its host has found."""
    side = Side(host.package, manifest)
    side.workbook = host.workbook
    return side


def saved_last_by(host: FileHost) -> str:
    """Who saved a workbook last, as far as it tells; nobody where that is hmsbook itself."""
    found = _saved_by(host)
    return "" if found == _OURS else found


def _saved_by(host: FileHost) -> str:
    for part in targets(host.package, "", "core-properties"):
        return next((it.text for it in tree(host.package.read(part), part).all("lastModifiedBy")), "")
    return _core(host)


def _core(host: FileHost) -> str:
    """The same where the properties hang on the package by the name that the package standard has."""
    name = host.package.find("docProps/core.xml")
    found = tree(host.package.read(name), name).all("lastModifiedBy") if name else iter(())
    return next((it.text for it in found), "")


# Comments


def notes(side: Side) -> Iterator[Note]:
    """All comments of all sheets, older and newer ones, with the answers to them."""
    people = dict(_people(side))
    for sheet in side.workbook.sheets:
        for kind, link in side.relations(sheet.part):
            if kind == "comments":
                yield from _older(sheet, side.tree(link.target))
            elif kind == "threadedComment":
                yield from _newer(sheet, side.tree(link.target), people)


def _people(side: Side) -> Iterator[tuple[str, str]]:
    for part in targets(side.package, side.workbook.part, "person"):
        for node in side.tree(part).all("person"):
            yield node.attributes.get("id", ""), node.attributes.get("displayName", "")
    for kind, link in side.relations(side.workbook.part):
        if kind == "person" and side.package.find(link.target):
            for node in side.tree(link.target).all("person"):
                yield node.attributes.get("id", ""), node.attributes.get("displayName", "")


def _older(sheet: SheetInfo, root: Node) -> Iterator[Note]:
    authors = [node.text for node in root.all("author")]
    for node in root.all("comment"):
        number = node.attributes.get("authorId", "")
        author = authors[int(number)] if number.isdecimal() and int(number) < len(authors) else ""
        text = "".join(it.text for it in node.all("t"))
        if not author.startswith(_THREAD):
            # Excel puts the author's name above what is said.
            bare = _HEAD.sub("", text) if text.startswith(f"{author}:") else text
            yield Note(sheet.name, node.attributes.get("ref", ""), bare.strip(), author.strip())


def _newer(sheet: SheetInfo, root: Node, people: Mapping[str, str]) -> Iterator[Note]:
    for node in root.all("threadedComment"):
        text = node.child("text").text.strip()
        author = people.get(node.attributes.get("personId", ""), "")
        yield Note(sheet.name, node.attributes.get("ref", ""), text, author.strip())


# Sheets, pictures, cells


def extras(host: FileHost, manifest: Manifest, master: Host, said: Collection[str] = ()) -> Iterator[Extra]:
    """What people put into a copy beside its tables, and the coordinator's workbook has not.

    `said` are the sentences that the copy had when it was sent.
    """
    side = side_of(host, manifest)
    ours = {title for it in SHEETS for title in usual_titles(it.key)}
    has_names = host.workbook.resolve(f"{PREFIX}sheet_status") is not None
    for sheet in side.own_sheets:
        if not _has_same(host, sheet, master) and (has_names or sheet.name not in ours):
            yield Extra("sheet", sheet.name, _texts(host, sheet))
    for key, sheet in side.sheets.items():
        drawn = _drawn(side, sheet, len(_charts(master, key)))
        if drawn:
            yield Extra("picture", sheet.name, count=drawn)
        # Without names nobody can tell what stands beside our cells from what stands in them.
        if has_names:
            yield from _beside(host, sheet, _known(master, key, said))


def _has_same(host: FileHost, sheet: SheetInfo, master: Host) -> bool:
    """Whether the coordinator's workbook has a sheet with the same cells: it went along, and came back so."""
    there = next((it for it in master.workbook.sheets if it.name == sheet.name), None)
    return there is not None and _filled(host, sheet) == _filled(master, there)


def _filled(host: Host, sheet: SheetInfo) -> Loose:
    cells = host.scan(sheet).cells
    return {at: it.value for at, it in cells.items() if it.value not in (None, "")}


def _texts(host: FileHost, sheet: SheetInfo) -> str:
    """What stands on a sheet, cell by cell."""
    if sheet.kind != "worksheet":
        return ""
    return "; ".join(f"{cell_name(at)}: {it}" for at, it in sorted(_filled(host, sheet).items()))


def _charts(master: Host, key: str) -> list[str]:
    """The charts on one of our sheets in the coordinator's workbook, where a file tells."""
    spot = master.workbook.resolve(f"{PREFIX}sheet_{key}")
    if spot is None or not isinstance(master, FileHost):
        return []
    return [name for name, _ in master.workbook.charts(spot[0])]


def _drawn(side: Side, sheet: SheetInfo, ours: int) -> int:
    """How many pictures, shapes and charts on a sheet are not ours."""
    anchors = [
        anchor
        for part in targets(side.package, sheet.part, "drawing")
        for anchor in side.tree(part).all(*_ANCHORS)
    ]
    pictures = sum(1 for anchor in anchors if any(anchor.all(*_PICTURES)))
    charts = [anchor for anchor in anchors if not any(anchor.all(*_PICTURES))]
    named = [name for anchor in charts for name in [_name(anchor)] if not name.startswith(_OUR_CHARTS)]
    # Some programs give our charts other names.
    return pictures + (len(named) if len(charts) > ours else 0)


def _name(anchor: Node) -> str:
    return next((node.attributes.get("name", "") for node in anchor.all("cNvPr")), "")


def _known(master: Host, key: str, said: Collection[str]) -> set[str]:
    """What stands beside the tables of a sheet without anybody having typed it there."""
    spot = master.workbook.resolve(f"{PREFIX}sheet_{key}")
    known = {*said, *(map(str, _loose(master, spot[0]).values()) if spot else ())}
    known |= {title for it in SHEETS for title in usual_titles(it.key)}
    return known | {it.name for it in master.workbook.sheets}


def _beside(host: FileHost, sheet: SheetInfo, known: Set[str]) -> Iterator[Extra]:
    """What people typed beside our tables, or below where a table ends."""
    known = known | {it.name for it in host.workbook.sheets}
    found = {at: it for at, it in _loose(host, sheet).items() if str(it) not in known}
    if found:
        text = "; ".join(f"{cell_name(at)}: {it}" for at, it in sorted(found.items()))
        yield Extra("cells", sheet.name, text, len(found))


def _loose(host: Host, sheet: SheetInfo) -> Loose:
    """The cells of a sheet that stand in no table and no region of ours."""
    taken = list(_areas(host, sheet))
    return {
        at: it for at, it in _filled(host, sheet).items() if not any(contains(area, at) for area in taken)
    }


def _areas(host: Host, sheet: SheetInfo) -> Iterator[Range]:
    for table in host.workbook.tables:
        if table.sheet.part == sheet.part:
            top, left, bottom, right = table.ref
            yield top, left, bottom, right
    for key in (*regions(host.slots), "months_shown"):
        spot = host.workbook.resolve(PREFIX + key)
        if spot is not None and spot[0].part == sheet.part:
            yield spot[1:]


def pictures(side: Side) -> Iterator[tuple[str, bytes]]:
    """The pictures that hang on sheets, by a name for each."""
    seen: set[str] = set()
    for sheet in side.workbook.sheets:
        for drawing in targets(side.package, sheet.part, "drawing"):
            for part in targets(side.package, drawing, _MEDIA):
                if part not in seen:
                    seen.add(part)
                    yield PurePath(part).name, side.package.read(part)
