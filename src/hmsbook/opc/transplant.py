"""Worksheets of one workbook put into another, with all that hangs on them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import NamedTuple

from hmsbook.errors import PackageError
from hmsbook.opc.baggage import PLACES
from hmsbook.opc.edit import append, markup, rewrite, spans
from hmsbook.opc.formulas import renamed
from hmsbook.opc.markup import (
    OFFICE_RELATIONSHIPS,
    Attributes,
    Splice,
    apply,
    escape_attribute,
)
from hmsbook.opc.refusals import content_type
from hmsbook.opc.rels import Relationship, relationships, rels_name, targets
from hmsbook.opc.restyle import Restyle, UnmovableError
from hmsbook.opc.tree import Node, tree
from hmsbook.opc.workbook import SheetInfo, Workbook

TYPES = "[Content_Types].xml"
_APP = "docProps/app.xml"
_DAY = (1980, 1, 1, 0, 0, 0)
_FORMULAS = frozenset(
    "f sqref formula formula1 formula2 calculatedColumnFormula totalsRowFormula definedName".split()
)
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_HEAD = b'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n'
_PERSON = "person"


class Name(NamedTuple):
    """A defined name: all that is stated of it, what it stands for, and the part of the sheet it is for."""

    attributes: Mapping[str, str]
    text: str
    sheet: str = ""


def names_of(workbook: Workbook) -> list[Name]:
    """The defined names of a workbook."""
    found: list[Name] = []
    for node in tree(workbook.xml, workbook.part).child("definedNames").children:
        local = node.attributes.get("localSheetId")
        if local is not None and not 0 <= int(local) < len(workbook.sheets):
            raise PackageError("broken_part", part=workbook.part, reason=node.attributes.get("name", ""))
        sheet = workbook.sheets[int(local)].part if local else ""
        stated = {key: value for key, value in node.attributes.items() if key != "localSheetId"}
        found.append(Name(stated, node.text, sheet))
    return found


class Transplant:
    """Moves worksheets from an old workbook into a new one.

    `titles` are new names of other sheets, by their case-folded old ones: formulas follow.
    """

    def __init__(self, old: Workbook, new: Workbook, titles: Mapping[str, str]) -> None:
        self.old, self.new, self.titles = old, new, titles
        self.styles = Restyle(old.package, old.part, new.package, new.part)
        self.parts: dict[str, bytes] = {}
        self.placed: dict[str, str] = {}
        self.types: dict[str, str] = {}
        self.texts = _Texts(old, new, self.styles)
        self.table_ids = max((_table_id(new, table.part) for table in new.tables), default=0)
        self.sheets: list[tuple[SheetInfo, str]] = []

    def take(self, sheet: SheetInfo) -> None:
        """Move a sheet and all its parts; UnmovableError when one of its formats cannot be the same."""
        self.sheets.append((sheet, self._part(sheet.part, "worksheet")))

    def result(self, names: Sequence[Name], after: Mapping[str, str]) -> bytes:
        """The new workbook with the sheets and these names.

        `after` tells which sheet stands at the left of each, by its part in the new workbook, empty for the
        left edge; the sheet itself goes by its part in the old one.
        """
        changed = {**self.texts.changed(), **self._workbook(names, after), **self._app()}
        # Only now is everything known that the styles and the list of types must hold.
        changed |= {self.styles.part: self.styles.xml, TYPES: self._types()}
        return _added(self.new.package.replace(changed), self.parts)

    # Parts

    def _part(self, part: str, kind: str) -> str:
        """Where a part is put, with all that hangs on it."""
        if part in self.placed:
            return self.placed[part]
        place = self.placed[part] = self._place(part, kind)
        links = relationships(self.old.package, part)
        if links:
            self.parts[rels_name(place)] = self._links(place, links)
        self.parts[place] = self._content(part, kind)
        self.types[place] = content_type(self.old.package, part)
        return place

    def _place(self, part: str, kind: str) -> str:
        pattern = PLACES[kind]
        if kind == "image":
            pattern += posixpath.splitext(part)[1].lower()
        taken = {name.lower() for name in (*self.new.package.names, *self.placed.values())}
        number = 1
        while pattern.format(number).lower() in taken:
            number += 1
        return pattern.format(number)

    def _links(self, place: str, links: Sequence[Relationship]) -> bytes:
        items = b"".join(self._link(place, link) for link in links)
        return b'%s<Relationships xmlns="%s">%s</Relationships>' % (_HEAD, _PACKAGE.encode(), items)

    def _link(self, place: str, link: Relationship) -> bytes:
        kind = link.type.rpartition("/")[2]
        if link.external or kind not in PLACES:
            return _relationship(link.id, link.type, link.target, external=link.external)
        target = self._part(link.target, kind)
        return _relationship(link.id, link.type, posixpath.relpath(target, posixpath.dirname(place)))

    def _content(self, part: str, kind: str) -> bytes:
        xml = self.old.package.read(part)
        if kind == "worksheet":
            return _SheetEdit(self).edited(xml, part)
        if kind in ("drawing", "chart", "chartUserShapes"):
            return rewrite(xml, self._drawing_tags, self.formula_text, part)
        return rewrite(xml, self._table_tags, self.formula_text, part) if kind == "table" else xml

    def formula_text(self, name: str, text: str) -> str:
        """The text of an element, where it is a formula with sheets by their new names."""
        return renamed(text, self.titles) if name in _FORMULAS else text

    def _drawing_tags(self, _: str, attributes: Attributes) -> dict[str, str | None]:
        link = attributes.get("textlink")
        return {"textlink": renamed(link, self.titles)} if link else {}

    def _table_tags(self, name: str, attributes: Attributes) -> dict[str, str | None]:
        changes = self.differentials(attributes)
        if name == "table":
            self.table_ids += 1
            changes["id"] = str(self.table_ids)
        elif name == "tableStyleInfo" and self.styles.has_table_style(attributes.get("name", "")):
            raise UnmovableError("look")
        return changes

    def differentials(self, attributes: Attributes) -> dict[str, str | None]:
        """The new numbers of the formats that rules and tables refer to."""
        return {
            key: str(self.styles.differential(int(value)))
            for key, value in attributes.items()
            if key.lower().endswith("dxfid")
        }

    # What the new workbook says of them

    def _workbook(self, names: Sequence[Name], after: Mapping[str, str]) -> dict[str, bytes]:
        xml, package = self.new.xml, self.new.package
        order, entries = self._order(after)
        where = spans(xml, self.new.part)
        view = [sheet.part for sheet in self.new.sheets]
        self._index = {part: at for at, part in enumerate(order)}

        def tags(name: str, attributes: Attributes) -> dict[str, str | None]:
            keys = {"workbookView": ("activeTab", "firstSheet"), "definedName": ("localSheetId",)}.get(
                name, ()
            )
            found = {
                key: int(attributes.get(key, 0)) for key in keys if key in attributes or name != "definedName"
            }
            return {
                key: str(self._index[view[at]]) for key, at in found.items() if self._index[view[at]] != at
            }

        sheets = Splice(where["sheets"].inside, where["sheets"].close, b"".join(entries))
        placed = rewrite(apply(xml, [sheets]), tags, lambda _, text: text, self.new.part)
        links = [
            _relationship(f"rIdOwn{at}", f"{OFFICE_RELATIONSHIPS[0]}/worksheet", self._relative(part))
            for at, (_, part) in enumerate(self.sheets, 1)
        ]
        links += [
            self._person(link)
            for link in relationships(self.old.package, self.old.part)
            if self._is_person(link)
        ]
        rels = package.find(rels_name(self.new.part)) or ""
        return {
            self.new.part: _with_names(placed, [self._name(name) for name in names]),
            rels: append(package.read(rels), b"".join(links), rels),
        }

    def _order(self, after: Mapping[str, str]) -> tuple[list[str], list[bytes]]:
        """The parts of all sheets from the left, and how the workbook lists them."""
        ids = [int(node.attributes["sheetId"]) for node in tree(self.new.xml).child("sheets").children]
        links = _links_by_part(self.new)
        order = [sheet.part for sheet in self.new.sheets]
        listed = {
            sheet.part: _listed(sheet.name, number, sheet.state, links[sheet.part])
            for sheet, number in zip(self.new.sheets, ids, strict=True)
        }
        for number, (sheet, part) in enumerate(self.sheets, 1):
            left = after[sheet.part]
            order.insert(order.index(left) + 1 if left else 0, part)
            listed[part] = _listed(sheet.name, max(ids) + number, sheet.state, f"rIdOwn{number}")
        return order, [listed[part] for part in order]

    def _relative(self, part: str) -> str:
        return posixpath.relpath(part, posixpath.dirname(self.new.part))

    def _is_person(self, link: Relationship) -> bool:
        """Whether a link leads to the people who wrote threads on the sheets."""
        kinds = {self.types[place] for place in self.placed.values()}
        return link.type.endswith(f"/{_PERSON}") and any("threadedcomments" in kind for kind in kinds)

    def _person(self, link: Relationship) -> bytes:
        return _relationship("rIdOwnPersons", link.type, self._relative(self._part(link.target, _PERSON)))

    def _name(self, name: Name) -> bytes:
        attributes = dict(name.attributes)
        if name.sheet:
            attributes["localSheetId"] = str(self._index[self.placed[name.sheet]])
        return markup(Node("definedName", attributes, [], [renamed(name.text, self.titles)]))

    def _types(self) -> bytes:
        xml = self.new.package.read(TYPES)
        known = {
            node.attributes.get("Extension", "").lower(): node.attributes.get("ContentType")
            for node in tree(xml).children
            if node.name == "Default"
        }
        defaults, overrides = b"", b""
        for part, kind in self.types.items():
            ending = posixpath.splitext(part)[1][1:]
            if known.setdefault(ending, kind) != kind:
                overrides += _type("Override", "PartName", f"/{part}", kind)
            elif f'"{ending}"'.encode() not in xml + defaults:
                defaults += _type("Default", "Extension", ending, kind)
        return append(xml, defaults + overrides, TYPES)

    def _app(self) -> dict[str, bytes]:
        """The properties without the list of sheets, which a program makes again."""
        if _APP not in self.new.package:
            return {}
        xml = self.new.package.read(_APP)
        gone = [spans(xml)[name] for name in ("HeadingPairs", "TitlesOfParts") if name in spans(xml)]
        return {_APP: apply(xml, [Splice(span.start, span.end, b"") for span in gone])}


class _SheetEdit:
    """A worksheet with its formats and texts by the numbers of the new workbook."""

    def __init__(self, move: Transplant) -> None:
        self.move = move
        self.kind = ""

    def edited(self, xml: bytes, part: str) -> bytes:
        return rewrite(xml, self._tags, self._text, part)

    def _tags(self, name: str, attributes: Attributes) -> dict[str, str | None]:
        found = _TAGS.get(name)
        changes = found(self, attributes) if found else {}
        if name in ("cfRule", "filterColumn", "colorFilter", "sortCondition"):
            changes |= self.move.differentials(attributes)
        return changes

    def _cell(self, attributes: Attributes) -> dict[str, str | None]:
        self.kind = attributes.get("t", "n")
        return self._style(attributes, "s", always=True)

    def _row(self, attributes: Attributes) -> dict[str, str | None]:
        return self._style(attributes, "s")

    def _column(self, attributes: Attributes) -> dict[str, str | None]:
        return self._style(attributes, "style")

    def _style(self, attributes: Attributes, key: str, *, always: bool = False) -> dict[str, str | None]:
        if key not in attributes and not always:
            return {}
        old = int(attributes.get(key, 0))
        new = self.move.styles.cell(old)
        return {key: str(new)} if new != old else {}

    def _view(self, attributes: Attributes) -> dict[str, str | None]:
        return {"tabSelected": None} if "tabSelected" in attributes else {}

    def _phonetic(self, attributes: Attributes) -> dict[str, str | None]:
        return {"fontId": str(self.move.styles.font(int(attributes.get("fontId", 0))))}

    def _link(self, attributes: Attributes) -> dict[str, str | None]:
        place = attributes.get("location")
        return {"location": renamed(place, self.move.titles)} if place else {}

    def _text(self, name: str, text: str) -> str:
        if name == "v" and self.kind == "s":
            return str(self.move.texts.number(int(text)))
        return self.move.formula_text(name, text)


_TAGS = {
    "c": _SheetEdit._cell,
    "row": _SheetEdit._row,
    "col": _SheetEdit._column,
    "sheetView": _SheetEdit._view,
    "phoneticPr": _SheetEdit._phonetic,
    "hyperlink": _SheetEdit._link,
}


class _Texts:
    """The shared texts that are moved, with their formats, to the end of the new workbook's."""

    def __init__(self, old: Workbook, new: Workbook, styles: Restyle) -> None:
        self.new, self.styles = new, styles
        found = targets(old.package, old.part, "sharedStrings")
        self.items = tree(old.package.read(found[0]), found[0]).children if found else []
        self.part = targets(new.package, new.part, "sharedStrings")[0]
        self.first = len(tree(new.package.read(self.part), self.part).children)
        self.numbers: dict[int, int] = {}

    def number(self, old: int) -> int:
        """The new number of a text."""
        if old >= len(self.items):
            raise UnmovableError("other")
        rich = any(self.items[old].all("rPr", "phoneticPr"))
        if (
            rich
            and not self.styles.same_theme
            and any(
                "theme" in node.attributes or node.name == "scheme"
                for node in self.items[old].all("color", "scheme")
            )
        ):
            raise UnmovableError("theme")
        return self.numbers.setdefault(old, self.first + len(self.numbers))

    def changed(self) -> dict[str, bytes]:
        """The new workbook's texts with those that were asked for."""
        if not self.numbers:
            return {}
        items = b"".join(markup(self._item(self.items[old])) for old in self.numbers)
        xml = append(self.new.package.read(self.part), items, self.part)
        total = {"uniqueCount": str(self.first + len(self.numbers)), "count": None}

        def tags(name: str, _: Attributes) -> dict[str, str | None]:
            return dict(total) if name == "sst" else {}

        return {self.part: rewrite(xml, tags, lambda _, text: text, self.part)}

    def _item(self, node: Node) -> Node:
        """A text with its pronunciation in the new workbook's font."""
        if node.name == "phoneticPr":
            number = self.styles.font(int(node.attributes.get("fontId", 0)))
            return Node(node.name, {**node.attributes, "fontId": str(number)})
        return Node(node.name, node.attributes, [self._item(child) for child in node.children], node.pieces)


def _table_id(workbook: Workbook, part: str) -> int:
    return int(tree(workbook.package.read(part), part).attributes.get("id", 0))


def _relationship(link: str, kind: str, target: str, *, external: bool = False) -> bytes:
    mode = b' TargetMode="External"' if external else b""
    return b'<Relationship Id="%s" Type="%s" Target="%s"%s/>' % (
        *map(escape_attribute, (link, kind, target)),
        mode,
    )


def _type(element: str, key: str, value: str, kind: str) -> bytes:
    attributes = (escape_attribute(value), escape_attribute(kind))
    return b'<%s %s="%s" ContentType="%s"/>' % (element.encode(), key.encode(), *attributes)


def _listed(name: str, number: int, state: str, link: str) -> bytes:
    stated = b"" if state == "visible" else b' state="%s"' % escape_attribute(state)
    space = OFFICE_RELATIONSHIPS[0].encode()
    return b'<sheet xmlns:r="%s" name="%s" sheetId="%d"%s r:id="%s"/>' % (
        space,
        escape_attribute(name),
        number,
        stated,
        escape_attribute(link),
    )


def _links_by_part(workbook: Workbook) -> dict[str, str]:
    return {link.target: link.id for link in relationships(workbook.package, workbook.part)}


def _with_names(xml: bytes, names: Sequence[bytes]) -> bytes:
    """The workbook part with more defined names, in the order of the alphabet as Excel keeps them."""
    span = spans(xml).get("definedNames")
    if span is None:
        return xml
    known = re.findall(rb"<definedName .*?</definedName>", xml[span.inside : span.close], re.DOTALL)
    listed = sorted([*known, *names], key=_sort_key)
    return apply(xml, [Splice(span.inside, span.close, b"".join(listed))])


def _sort_key(element: bytes) -> tuple[str, int]:
    attributes = tree(element).attributes
    return attributes.get("name", "").casefold(), int(attributes.get("localSheetId", -1))


def _added(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The package with more parts."""
    import zipfile

    target = BytesIO(data)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _DAY), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()
