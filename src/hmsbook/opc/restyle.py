"""Formats of one workbook's cells, added to the styles of another."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from hmsbook.opc.edit import extended, markup
from hmsbook.opc.package import Package
from hmsbook.opc.rels import targets
from hmsbook.opc.tree import Node, tree

# From here on, numbers of number formats are a workbook's own (ECMA-376, part 1, 18.8.30).
_OWN_FORMATS = 164
_STYLE_FACTS = ("name", "builtinId", "iLevel", "hidden", "customBuiltin")
_XF_PARTS = {"fonts": "fontId", "fills": "fillId", "borders": "borderId"}


class UnmovableError(Exception):
    """A format that cannot be made the same in another workbook; the text is the reason."""


class Restyle:
    """Gives cells of an old workbook the numbers that their formats have in a new one."""

    def __init__(self, old: Package, old_main: str, new: Package, new_main: str) -> None:
        self.part = targets(new, new_main, "styles")[0]
        self._xml = new.read(self.part)
        self._old = _styles(old, old_main)
        self._new = tree(self._xml, self.part)
        self._added: dict[str, list[Node]] = {}
        self._cells: dict[int, int] = {}
        self._differential: dict[int, int] = {}
        self._same_theme = _theme(old, old_main) == _theme(new, new_main)
        self._same_palette = self._old.child("colors").child("indexedColors") == self._new.child(
            "colors"
        ).child("indexedColors")

    @property
    def xml(self) -> bytes:
        """The new workbook's styles with all that was asked for so far."""
        lists = {name: [markup(node) for node in found] for name, found in self._added.items()}
        return extended(self._xml, lists, self.part)

    @property
    def same_theme(self) -> bool:
        """Whether colours and fonts that are named by the theme are the same in both workbooks."""
        return self._same_theme

    def cell(self, number: int) -> int:
        """The new number of a cell format."""
        if number not in self._cells:
            self._cells[number] = self._add("cellXfs", self._format(self._at("cellXfs", number)))
        return self._cells[number]

    def differential(self, number: int) -> int:
        """The new number of the format of a rule or a table."""
        if number not in self._differential:
            found = self._at("dxfs", number)
            self._require(found)
            changed = Node(found.name, found.attributes, [self._renumbered(it) for it in found.children])
            self._differential[number] = self._add("dxfs", changed)
        return self._differential[number]

    def font(self, number: int) -> int:
        """The new number of a font."""
        return self._add("fonts", self._checked("fonts", number))

    def has_table_style(self, name: str) -> bool:
        """Whether a table style is one that people made in the old workbook."""
        return any(node.attributes.get("name") == name for node in self._old.child("tableStyles").children)

    def _format(self, found: Node) -> Node:
        base = str(self._named(int(found.attributes.get("xfId", 0))))
        return Node("xf", {**self._attributes(found), "xfId": base}, found.children)

    def _attributes(self, found: Node) -> dict[str, str]:
        """The attributes of a format with the new numbers of what it is made of."""
        self._require(found)
        numbers = {
            key: self._add(name, self._checked(name, int(found.attributes.get(key, 0))))
            for name, key in _XF_PARTS.items()
        }
        numbers["numFmtId"] = self._number_format(int(found.attributes.get("numFmtId", 0)))
        return {**found.attributes, **{key: str(number) for key, number in numbers.items()}}

    def _named(self, number: int) -> int:
        """The new number of a named style: the one of that name, or a new one."""
        name = self._style_names.get(number)
        if number == 0 or name is None:
            return 0
        for node in self._all("cellStyles"):
            if node.attributes.get("name") == name.attributes.get("name"):
                return int(node.attributes.get("xfId", 0))
        base = self._at("cellStyleXfs", number)
        at = self._add("cellStyleXfs", Node("xf", self._attributes(base), base.children))
        said = {key: name.attributes[key] for key in _STYLE_FACTS if key in name.attributes}
        self._add("cellStyles", Node("cellStyle", {**said, "xfId": str(at)}))
        return at

    @cached_property
    def _style_names(self) -> dict[int, Node]:
        return {int(it.attributes.get("xfId", 0)): it for it in self._old.child("cellStyles").children}

    def _number_format(self, number: int) -> int:
        code = self._codes.get(number)
        if code is None:
            return number
        for node in self._all("numFmts"):
            if node.attributes.get("formatCode") == code:
                return int(node.attributes["numFmtId"])
        taken = (int(node.attributes["numFmtId"]) for node in self._all("numFmts"))
        new = max(_OWN_FORMATS - 1, *taken, 0) + 1
        self._add("numFmts", Node("numFmt", {"numFmtId": str(new), "formatCode": code}))
        return new

    @cached_property
    def _codes(self) -> dict[int, str]:
        return {
            int(node.attributes["numFmtId"]): node.attributes.get("formatCode", "")
            for node in self._old.child("numFmts").children
        }

    def _renumbered(self, node: Node) -> Node:
        """A number format inside the format of a rule, under a number that means nothing else."""
        if node.name != "numFmt" or int(node.attributes.get("numFmtId", 0)) < _OWN_FORMATS:
            return node
        number = 1000 + len(self._all("dxfs"))
        return Node(node.name, {**node.attributes, "numFmtId": str(number)})

    def _checked(self, name: str, number: int) -> Node:
        found = self._at(name, number)
        self._require(found)
        return found

    def _at(self, name: str, number: int) -> Node:
        found = self._old.child(name).children
        if number >= len(found):
            # What a broken reference shows differs between programs.
            raise UnmovableError("other")
        return found[number]

    def _require(self, found: Node) -> None:
        """Raise UnmovableError where a format rests on what the new workbook has not."""
        inside = list(_inside(found))
        if any(node.name in ("extLst", "AlternateContent") for node in inside):
            raise UnmovableError("control")
        if not self._same_theme and any(
            node.name == "scheme" or "theme" in node.attributes for node in inside
        ):
            raise UnmovableError("theme")
        if not self._same_palette and any("indexed" in node.attributes for node in inside):
            raise UnmovableError("theme")

    def _all(self, name: str) -> list[Node]:
        return [*self._new.child(name).children, *self._added.get(name, ())]

    def _add(self, name: str, node: Node) -> int:
        """The number of a format in its list, at the end of which it is put unless it is there."""
        known = self._all(name)
        if node in known:
            return known.index(node)
        self._added.setdefault(name, []).append(node)
        return len(known)


def _inside(node: Node) -> Iterator[Node]:
    """An element and all in it."""
    yield node
    for child in node.children:
        yield from _inside(child)


def _styles(package: Package, main: str) -> Node:
    found = targets(package, main, "styles")
    return tree(package.read(found[0]), found[0]) if found else Node("styleSheet", {})


def _theme(package: Package, main: str) -> list[Node]:
    """The colours and fonts of a workbook's theme, by what they are."""
    found = targets(package, main, "theme")
    root = tree(package.read(found[0]), found[0]) if found else Node("theme", {})
    return [_shape(node) for node in root.all("clrScheme", "fontScheme")]


def _shape(node: Node) -> Node:
    """An element without the names that programs give it."""
    attributes = {key: value for key, value in node.attributes.items() if key != "name"}
    return Node(node.name, attributes, [_shape(child) for child in node.children])
