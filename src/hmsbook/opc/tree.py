"""The markup of a part as a small tree, for what is looked into and never changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from hmsbook.opc.markup import Attributes, make_parser, run

# The cells of a sheet are read by `scan`; here they would only take room.
_LEFT_OUT = "sheetData"


@dataclass(frozen=True)
class Node:
    """An element: its name and attributes without namespaces, the elements in it, and its text."""

    name: str
    attributes: Attributes
    children: list[Node] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text directly inside the element."""
        return "".join(self.pieces)

    def all(self, *names: str) -> Iterator[Node]:
        """Every element inside with one of these names, at any depth."""
        for child in self.children:
            if child.name in names:
                yield child
            yield from child.all(*names)

    def child(self, name: str) -> Node:
        """The first element directly inside with this name, else an empty one."""
        return next((child for child in self.children if child.name == name), Node(name, {}))


def tree(xml: bytes, part: str = "") -> Node:
    """The root of a part's markup, without the cells of a sheet."""
    stack = [Node("", {})]

    def start(name: str, attributes: Attributes) -> None:
        bare = {_bare(key): value for key, value in attributes.items()}
        stack.append(Node(_bare(name), bare))

    def end(_: str) -> None:
        node = stack.pop()
        if not any(parent.name == _LEFT_OUT for parent in stack):
            stack[-1].children.append(node)

    def text(found: str) -> None:
        stack[-1].pieces.append(found)

    parser = make_parser(part)
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    run(parser, xml, part)
    return stack[0].children[0]


def _bare(name: str) -> str:
    return name.rpartition(" ")[2]
