"""Edits of a part by what its elements say, and lists of elements that grow at their end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple
from xml.parsers import expat

from hmsbook.opc.markup import (
    Attributes,
    Splice,
    apply,
    escape_attribute,
    escape_xml,
    make_parser,
    opened,
    require_utf8,
    run,
    tag_end,
    tag_name,
    with_attributes,
)
from hmsbook.opc.tree import Node, tree

Tags = Callable[[str, Attributes], Mapping[str, str | None]]
Texts = Callable[[str, str], str]


class Span(NamedTuple):
    """Where an element stands in a part: its start tag, its contents and its end."""

    start: int
    inside: int
    close: int
    end: int


def rewrite(xml: bytes, tags: Tags, texts: Texts, part: str = "") -> bytes:
    """The part with what `tags` says of each element's attributes and `texts` of the text in it.

    Both are given the element's name without its namespace; `texts` is asked where there is text and
    nothing else in an element.
    """
    return _Rewriter(xml, tags, texts, part).result()


class _Rewriter:
    """The expat handlers; the text of one element is kept at a time."""

    def __init__(self, xml: bytes, tags: Tags, texts: Texts, part: str) -> None:
        require_utf8(xml, part)
        self.xml, self.tags, self.texts, self.part = xml, tags, texts, part
        self.splices: list[Splice] = []
        self.pieces: list[str] = []
        self.inside: int | None = None
        self.parser = make_parser(part)

    def result(self) -> bytes:
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self.pieces.append
        run(self.parser, self.xml, self.part)
        return apply(self.xml, self.splices)

    def _start(self, name: str, attributes: Attributes) -> None:
        at = self.parser.CurrentByteIndex
        changes = self.tags(_bare(name), attributes)
        end = tag_end(self.xml, at)
        if changes:
            self.splices.append(Splice(at, end, with_attributes(self.xml[at:end], changes)))
        self.inside = end
        self.pieces.clear()

    def _end(self, name: str) -> None:
        at = self.parser.CurrentByteIndex
        if self.inside is not None and self.pieces and at >= self.inside:
            old = "".join(self.pieces)
            new = self.texts(_bare(name), old)
            if new != old:
                self.splices.append(Splice(self.inside, at, escape_xml(new)))
        self.inside = None
        self.pieces.clear()


def spans(xml: bytes, part: str = "") -> dict[str, Span]:
    """Where the elements directly inside the root stand, by name; the root itself has the name of none."""
    return {name: span for name, span in _spans(xml, part) if name}


def root_span(xml: bytes, part: str = "") -> Span:
    """Where the root of a part stands."""
    return next(span for name, span in _spans(xml, part) if not name)


def _spans(xml: bytes, part: str) -> Iterator[tuple[str, Span]]:
    found: list[tuple[str, Span]] = []
    open_at: list[int] = []

    def start(_: str, __: Attributes) -> None:
        open_at.append(parser.CurrentByteIndex)

    def end(name: str) -> None:
        begin = open_at.pop()
        if len(open_at) <= 1:
            found.append((_bare(name) if open_at else "", _span(xml, begin, parser.CurrentByteIndex)))

    parser: expat.XMLParserType = make_parser(part)
    parser.StartElementHandler, parser.EndElementHandler = start, end
    run(parser, xml, part)
    yield from found


def _span(xml: bytes, start: int, close: int) -> Span:
    inside = tag_end(xml, start)
    if xml[close : close + 2] != b"</":
        return Span(start, inside, inside, inside)
    return Span(start, inside, close, xml.index(b">", close) + 1)


def extended(xml: bytes, lists: Mapping[str, list[bytes]], part: str = "") -> bytes:
    """The part with more elements at the end of its lists, and the new counts; a missing list comes first."""
    known, root = spans(xml, part), tree(xml, part)
    splices: list[Splice] = []
    for name, items in lists.items():
        if not items:
            continue
        if name in known:
            count = len(root.child(name).children)
            splices.append(_longer(xml, known[name], items, count))
        else:
            at = root_span(xml, part).inside
            new = b'<%s count="%d">%s</%s>' % (name.encode(), len(items), b"".join(items), name.encode())
            splices.append(Splice(at, at, new))
    return apply(xml, splices)


def _longer(xml: bytes, span: Span, items: list[bytes], count: int) -> Splice:
    tag = opened(xml[span.start : span.inside])
    more = with_attributes(tag, {"count": str(count + len(items))})
    inside = xml[span.inside : span.close]
    return Splice(span.start, span.end, b"%s%s%s</%s>" % (more, inside, b"".join(items), tag_name(tag, 0)))


def append(xml: bytes, items: bytes, part: str = "") -> bytes:
    """The part with more at the end of its root."""
    span = root_span(xml, part)
    if span.inside == span.end:
        tag = opened(xml[span.start : span.inside])
        return apply(xml, [Splice(span.start, span.end, b"%s%s</%s>" % (tag, items, tag_name(tag, 0)))])
    return apply(xml, [Splice(span.close, span.close, items)])


def markup(node: Node) -> bytes:
    """An element as markup in the namespace of where it is put; its text keeps its blanks."""
    attributes = b"".join(
        b' %s="%s"' % (key.encode(), escape_attribute(value))
        for key, value in node.attributes.items()
        if (node.name, key) != ("t", "space")
    )
    space = b' xml:space="preserve"' if node.name == "t" else b""
    tag = b"<%s%s%s>" % (node.name.encode(), attributes, space)
    inside = b"".join(map(markup, node.children)) or escape_xml(node.text)
    return b"%s%s</%s>" % (tag, inside, node.name.encode()) if inside else tag[:-1] + b"/>"


def _bare(name: str) -> str:
    return name.rpartition(" ")[2]
