"""The values that a chart part keeps of the cells it draws."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite

from hmsbook.opc.cells import ErrorValue, Value, number_text
from hmsbook.opc.markup import (
    CHART,
    Attributes,
    Splice,
    apply,
    dispatch,
    escape_attribute,
    escape_text,
    make_parser,
    prefix_of,
    qualified,
    require_utf8,
    run,
    starter,
    unescape_text,
)
from hmsbook.opc.survey import Element

_REFERENCE, _CACHE, _FORMULA, _VALUE, _FORMAT, _EXTENSIONS = (
    frozenset(name for local in locals_ for name in qualified(CHART, local))
    for locals_ in (
        ("numRef", "strRef"),
        ("numCache", "strCache"),
        ("f",),
        ("v",),
        ("formatCode",),
        ("extLst",),
    )
)


class _Reference(Element):
    """A reference to cells in a chart, and what it keeps of them."""

    __slots__ = (
        "cache",
        "count",
        "extensions",
        "format",
        "formats",
        "formula",
        "formula_end",
        "points",
        "text",
    )

    def __init__(self, start: int, attributes: Attributes, *, text: bool) -> None:
        super().__init__(start, attributes)
        self.text = text
        self.formula = ""
        self.formula_end = 0
        self.cache: Element | None = None
        self.count: int | None = None
        self.format: Element | None = None
        self.extensions: Element | None = None
        self.points: dict[int, str] = {}
        self.formats: dict[int, str] = {}


def refresh_caches(xml: bytes, values: Callable[[str], Sequence[Value] | None], part: str = "") -> bytes:
    """The chart with what `values` returns for each reference; the same bytes when nothing differs.

    Errors, blanks, NaN and, among numbers, texts are missing points. None leaves a cache alone.
    """
    require_utf8(xml, part)
    splices: list[Splice] = []
    for reference in _ChartReader(xml, part).references:
        wanted = values(reference.formula)
        if wanted is not None:
            splices += _refresh(xml, reference, wanted)
    return apply(xml, splices)


def _refresh(xml: bytes, reference: _Reference, wanted: Sequence[Value]) -> list[Splice]:
    show = _as_text if reference.text else _as_number
    shown = ((index, show(value)) for index, value in enumerate(wanted))
    points = {index: text for index, text in shown if text is not None}
    if reference.cache and reference.count == len(wanted) and _same(reference, points):
        return []
    new = _cache(xml, reference, points, len(wanted))
    if reference.cache:
        return [Splice(reference.cache.start, reference.cache.end, new)]
    return [Splice(reference.formula_end, reference.formula_end, new)]


def _as_text(value: Value) -> str | None:
    if value is None or isinstance(value, ErrorValue):
        return None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return value if isinstance(value, str) else _as_number(value)


def _as_number(value: Value) -> str | None:
    if value is None or isinstance(value, (bool, str)) or not isfinite(value):
        return None
    return number_text(value)


def _same(reference: _Reference, points: dict[int, str]) -> bool:
    old = reference.points
    if reference.text:
        return old == points
    return old.keys() == points.keys() and all(
        _number(old[index]) == float(points[index]) for index in points
    )


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _cache(xml: bytes, reference: _Reference, points: dict[int, str], count: int) -> bytes:
    prefix = prefix_of(xml, reference.start)
    name = prefix + (b"strCache" if reference.text else b"numCache")
    kept_format = reference.format.raw(xml) if reference.format else b""
    kept_extensions = reference.extensions.raw(xml) if reference.extensions else b""
    tag = reference.cache.tag(xml) if reference.cache else b"<%s>" % name
    head = b'<%sptCount val="%d"/>' % (prefix, count)
    body = [_point(prefix, index, text, reference.formats.get(index)) for index, text in points.items()]
    opening = tag[:-2] + b">" if tag.endswith(b"/>") else tag
    return b"".join([opening, kept_format, head, *body, kept_extensions, b"</%s>" % name])


def _point(prefix: bytes, index: int, text: str, format_code: str | None) -> bytes:
    code = b"" if format_code is None else b' formatCode="%s"' % escape_attribute(format_code)
    value = escape_text(text)
    return b'<%spt idx="%d"%s><%sv>%s</%sv></%spt>' % (prefix, index, code, prefix, value, prefix, prefix)


class _ChartReader:
    """The expat handlers of a chart part."""

    def __init__(self, xml: bytes, part: str) -> None:
        self.xml = xml
        self.references: list[_Reference] = []
        self.current: _Reference | None = None
        self.point = -1
        self.pieces: list[str] = []
        self.parser = make_parser(part)
        self.parser.StartElementHandler = starter(self._starts())
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self.pieces.append
        run(self.parser, xml, part)

    def _starts(self) -> dict[str, Callable[[Attributes], None]]:
        handlers = {
            "numRef": self._number_reference,
            "strRef": self._text_reference,
            "numCache": self._cache,
            "strCache": self._cache,
            "ptCount": self._count,
            "pt": self._point,
            "formatCode": self._format,
            "extLst": self._extensions,
            "f": self._clear,
            "v": self._clear,
        }
        return dispatch(CHART, handlers)

    def _number_reference(self, attributes: Attributes) -> None:
        self.current = _Reference(self.parser.CurrentByteIndex, attributes, text=False)

    def _text_reference(self, attributes: Attributes) -> None:
        self.current = _Reference(self.parser.CurrentByteIndex, attributes, text=True)

    def _element(self, attributes: Attributes) -> Element:
        return Element(self.parser.CurrentByteIndex, attributes)

    def _cache(self, attributes: Attributes) -> None:
        if self.current:
            self.current.cache = self._element(attributes)

    def _count(self, attributes: Attributes) -> None:
        if self.current:
            self.current.count = int(attributes.get("val", 0))

    def _point(self, attributes: Attributes) -> None:
        self.point = int(attributes.get("idx", 0))
        if self.current and "formatCode" in attributes:
            self.current.formats[self.point] = attributes["formatCode"]

    def _format(self, attributes: Attributes) -> None:
        if self.current and self.current.cache:
            self.current.format = self._element(attributes)

    def _extensions(self, attributes: Attributes) -> None:
        # Only the cache's own: one that follows the cache belongs to the reference and is not touched.
        if self.current and self.current.cache and not self.current.cache.end:
            self.current.extensions = self._element(attributes)

    def _clear(self, _: Attributes) -> None:
        self.pieces.clear()

    def _end(self, name: str) -> None:
        if self.current is None:
            return
        if name in _REFERENCE:
            self.references.append(self.current)
            self.current = None
        elif name in _VALUE:
            self.current.points[self.point] = unescape_text("".join(self.pieces))
        elif name in _FORMULA:
            self._end_formula(self.current)
        else:
            self._close(self.current, name)

    def _end_formula(self, current: _Reference) -> None:
        at = self.parser.CurrentByteIndex
        current.formula = "".join(self.pieces)
        current.formula_end = self.xml.index(b">", at) + 1 if self.xml[at : at + 2] == b"</" else at

    def _close(self, current: _Reference, name: str) -> None:
        at = self.parser.CurrentByteIndex
        for names, element in (
            (_CACHE, current.cache),
            (_FORMAT, current.format),
            (_EXTENSIONS, current.extensions),
        ):
            if name in names and element is not None and not element.end:
                element.close(self.xml, at)
