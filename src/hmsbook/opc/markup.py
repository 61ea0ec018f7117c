"""Reading XML with expat and changing it by byte offsets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple
from xml.parsers import expat

from hmsbook.errors import PackageError

MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
CHART = (
    "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "http://purl.oclc.org/ooxml/drawingml/chart",
)
DRAWING = (
    "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
    "http://purl.oclc.org/ooxml/drawingml/spreadsheetDrawing",
)
OFFICE_RELATIONSHIPS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
PACKAGE_RELATIONSHIPS = ("http://schemas.openxmlformats.org/package/2006/relationships",)
CONTENT_TYPES = ("http://schemas.openxmlformats.org/package/2006/content-types",)

Attributes = dict[str, str]
StartHandler = Callable[[str, Attributes], None]
ElementHandler = Callable[[Attributes], None]
EndHandler = Callable[[str], None]

_SPACE = b" \t\r\n"


class Splice(NamedTuple):
    """Replace the bytes from `start` up to `end` with `new`."""

    start: int
    end: int
    new: bytes


def qualified(namespaces: Iterable[str], local: str) -> tuple[str, ...]:
    """The expat names of an element in each of the namespaces."""
    return tuple(f"{namespace} {local}" for namespace in namespaces)


def dispatch(namespaces: Iterable[str], handlers: Mapping[str, ElementHandler]) -> dict[str, ElementHandler]:
    """Handlers by expat name, for every namespace the vocabulary goes by."""
    spaces = tuple(namespaces)
    return {name: handler for local, handler in handlers.items() for name in qualified(spaces, local)}


def relationship_id(attributes: Mapping[str, str], local: str = "id") -> str:
    """The `r:id` of an element, or an empty text."""
    for name in qualified(OFFICE_RELATIONSHIPS, local):
        if name in attributes:
            return attributes[name]
    return ""


def make_parser(part: str = "") -> expat.XMLParserType:
    """A namespace-aware parser that refuses document type declarations."""

    def refuse(*_: object) -> None:
        raise PackageError("dtd", part=part)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    return parser


def run(parser: expat.XMLParserType, xml: bytes | memoryview, part: str = "", *, final: bool = True) -> None:
    """Parse `xml`; what is not well-formed or makes no sense to a handler is PackageError `broken_part`."""
    try:
        parser.Parse(xml, final)
    except (expat.ExpatError, ValueError, LookupError, OverflowError) as error:
        raise PackageError("broken_part", part=part, reason=str(error)) from error


def starter(handlers: Mapping[str, ElementHandler]) -> StartHandler:
    """One handler for all start tags, which calls the one for the element, if any."""
    find = handlers.get

    def start(name: str, attributes: Attributes) -> None:
        handler = find(name)
        if handler is not None:
            handler(attributes)

    return start


def walk(xml: bytes, handlers: Mapping[str, ElementHandler], part: str = "") -> None:
    """Call the handler of each element that has one, with the attributes of the element."""
    parser = make_parser(part)
    parser.StartElementHandler = starter(handlers)
    run(parser, xml, part)


def require_utf8(xml: bytes, part: str = "") -> None:
    """Refuse a part in an encoding whose bytes cannot be spliced."""
    if not declared_utf8(xml):
        raise PackageError("unsupported_encoding", part=part)


def declared_utf8(xml: bytes) -> bool:
    """Whether the part is in UTF-8, with or without a mark, by its declaration or for lack of one."""
    if xml[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in xml[:4]:
        return False
    return _declared_encoding(xml.removeprefix(b"\xef\xbb\xbf")) in ("", "utf-8", "utf8")


def _declared_encoding(xml: bytes) -> str:
    if not xml.startswith(b"<?xml"):
        return ""
    declaration = xml[: xml.find(b"?>")].decode("latin-1").replace('"', "'")
    _, found, rest = declaration.partition("encoding")
    return rest.split("'")[1].lower() if found and "'" in rest else ""


def apply(xml: bytes, splices: Iterable[Splice]) -> bytes:
    """The bytes with all splices made; the same object when there are none."""
    # What is inserted at a place comes before what replaces something from there on.
    ordered = sorted(splices, key=lambda splice: splice[:2])
    if not ordered:
        return xml
    # A view is cut without copying, which matters for a part of many megabytes.
    view, pieces, at = memoryview(xml), list[bytes | memoryview](), 0
    for start, end, new in ordered:
        pieces += (view[at:start], new)
        at = end
    return b"".join([*pieces, view[at:]])


def tag_end(xml: bytes, start: int) -> int:
    """The offset after the `>` of the tag that begins at `start`."""
    at = start
    while True:
        close = xml.index(b">", at)
        quote = _open_quote(xml, at, close)
        if quote < 0:
            return close + 1
        at = xml.index(xml[quote : quote + 1], quote + 1) + 1


def _open_quote(xml: bytes, at: int, stop: int) -> int:
    double, single = xml.find(b'"', at, stop), xml.find(b"'", at, stop)
    return max(double, single) if min(double, single) < 0 else min(double, single)


def tag_name(xml: bytes, start: int) -> bytes:
    """The raw name, prefix included, of the tag that begins at `start`."""
    stop = start + 1
    while xml[stop] not in b" \t\r\n/>":
        stop += 1
    return xml[start + 1 : stop]


def prefix_of(xml: bytes, start: int) -> bytes:
    """The namespace prefix with its colon, or nothing, of the tag that begins at `start`."""
    prefix, colon, _ = tag_name(xml, start).rpartition(b":")
    return prefix + colon


class RawAttribute(NamedTuple):
    """Where an attribute stands in a tag: from the blank before it to after its closing quote."""

    name: bytes
    start: int
    end: int


def raw_attributes(tag: bytes) -> list[RawAttribute]:
    """The attributes of a start tag that expat has found well-formed, in order."""
    found: list[RawAttribute] = []
    at = len(tag_name(tag, 0)) + 1
    while True:
        begin = _skip_space(tag, at)
        if tag[begin] in b"/>":
            return found
        equals = tag.index(b"=", begin)
        quote = _skip_space(tag, equals + 1)
        end = tag.index(tag[quote : quote + 1], quote + 1) + 1
        found.append(RawAttribute(tag[begin:equals].rstrip(_SPACE), at, end))
        at = end


def _skip_space(tag: bytes, at: int) -> int:
    while tag[at] in _SPACE:
        at += 1
    return at


def with_attributes(tag: bytes, changes: Mapping[str, str | None]) -> bytes:
    """A start tag with attributes set, or taken away where None; all else byte for byte as it was."""
    if all(value is None and name.encode() not in tag for name, value in changes.items()):
        return tag
    old = {attribute.name: attribute for attribute in raw_attributes(tag)}
    close = len(tag) - (2 if tag.endswith(b"/>") else 1)
    end = max((attribute.end for attribute in old.values()), default=len(tag[:close].rstrip(_SPACE)))
    splices: list[Splice] = []
    for name, value in changes.items():
        raw = name.encode()
        new = b"" if value is None else b' %s="%s"' % (raw, escape_attribute(value))
        at = old.get(raw)
        splices.append(Splice(at.start, at.end, new) if at else Splice(end, end, new))
    return apply(tag, splices)


def opened(tag: bytes) -> bytes:
    """A start tag that has contents, from one that may be an empty element's."""
    return tag[:-2] + b">" if tag.endswith(b"/>") else tag


def closed(tag: bytes) -> bytes:
    """An empty element's tag, from a start tag."""
    return tag if tag.endswith(b"/>") else tag[:-1] + b"/>"


def escape_xml(text: str) -> bytes:
    """Text as element contents."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").encode()


def escape_attribute(text: str) -> bytes:
    """Text as the inside of a double-quoted attribute."""
    return escape_xml(text).replace(b'"', b"&quot;").replace(b"\n", b"&#10;").replace(b"\t", b"&#9;")


def escape_text(text: str) -> bytes:
    """Text as a spreadsheet stores it (ST_Xstring): what XML cannot hold goes as `_xHHHH_`."""
    if "_x" in text or not text.isprintable():
        text = _hide(text)
    return escape_xml(text)


def _hide(text: str) -> str:
    import re

    literal = re.sub("_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)
    forbidden = "[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]"
    return re.sub(forbidden, lambda found: f"_x{ord(found[0]):04X}_", literal)


def unescape_text(text: str) -> str:
    """The text that a spreadsheet shows for a stored one (ST_Xstring)."""
    return _reveal(text) if "_x" in text else text


def _reveal(text: str) -> str:
    import re

    shown = re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)
    # Half a character alone is none, and nothing else could be written of it.
    return shown.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
