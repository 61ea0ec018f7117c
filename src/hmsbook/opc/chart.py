"""The values that a chart part keeps of the cells it draws."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from math import isfinite
from typing import NamedTuple

from hmsbook.model.frozen import NOTHING
from hmsbook.opc import plain
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

Values = Callable[[str], Sequence[Value] | None]

# A reference as XlsxWriter and Excel write it.
_PLAIN = re.compile(
    rb"<c:(num|str)Ref><c:f>([^<]*)</c:f>(<c:\1Cache>(<c:formatCode>[^<]*</c:formatCode>)?"
    rb'(<c:ptCount val="([0-9]{1,9})"/>(?:<c:pt idx="[0-9]{1,9}"><c:v>[^<]*</c:v></c:pt>)*)'
    rb"</c:\1Cache>)?</c:\1Ref>"
)
_POINT = re.compile(rb'<c:pt idx="([0-9]+)"><c:v>([^<]*)</c:v>')
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


class Wanted(NamedTuple):
    """The points that a cache should hold, by index, the number of cells, and both as Excel writes them."""

    points: dict[int, str]
    cells: int
    markup: bytes


class Chart:
    """A chart part."""

    def __init__(self, xml: bytes, part: str = "") -> None:
        require_utf8(xml, part)
        self.xml, self.part = xml, part

    @cached_property
    def plain(self) -> list[re.Match[bytes]] | None:
        """The references of a chart that is written the usual way; None where only expat can tell."""
        xml, found = self.xml, list(_PLAIN.finditer(self.xml))
        references = xml.count(b"<c:numRef") + xml.count(b"<c:strRef")
        spaces = sum(map(xml.count, map(str.encode, CHART)))
        named = sum(xml.count(b'xmlns:c="%s"' % space.encode()) for space in CHART)
        is_usual = spaces == named == xml.count(b"xmlns:c=") == 1 and b"<!" not in xml
        if len(found) != references or not is_usual:
            return None
        return found if all(map(_is_readable, found)) else None

    @cached_property
    def references(self) -> list[_Reference]:
        """The references, as expat finds them."""
        return _ChartReader(self.xml, self.part).references


class Caches:
    """What charts should keep of the cells that they show.

    `values` returns what the cells of a reference hold, or None to leave a cache alone. Errors, blanks, NaN
    and, among numbers, texts are missing points.
    """

    def __init__(self, values: Values) -> None:
        self.values = values
        self._known: dict[tuple[str, bool], Wanted | None] = {}

    def refreshed(self, chart: Chart) -> bytes:
        """The chart with these values in its caches; the same bytes when nothing differs."""
        try:
            splices = list(self._plain_splices(chart))
        except (plain.IrregularError, UnicodeDecodeError):
            splices = list(self._splices(chart))
        return apply(chart.xml, splices)

    def rest(self, chart: Chart) -> bytes:
        """The chart without the values that it should keep: what must stay."""
        if chart.plain is None:
            ours = (it for it in chart.references if self._wanted(it.formula, is_text=it.text))
            return apply(chart.xml, [splice for it in ours for splice in _bare(chart.xml, it)])
        matches = (it for it in chart.plain if it[3] is not None and self._wanted_by(it))
        return apply(chart.xml, [Splice(*it.span(3), it[4] or b"") for it in matches])

    def _wanted_by(self, match: re.Match[bytes]) -> Wanted | None:
        return self._wanted(plain.text(match[2]), is_text=match[1] == b"str")

    def _wanted(self, formula: str, *, is_text: bool) -> Wanted | None:
        key = formula, is_text
        if key not in self._known:
            values = self.values(formula)
            self._known[key] = None if values is None else _wanted(values, is_text=is_text)
        return self._known[key]

    def _plain_splices(self, chart: Chart) -> Iterator[Splice]:
        if chart.plain is None:
            raise plain.IrregularError
        for match in chart.plain:
            yield from self._plain_splice(match)

    def _plain_splice(self, match: re.Match[bytes]) -> Iterator[Splice]:
        wanted, old = self._wanted_by(match), match[5]
        if wanted is None or wanted.markup == old:
            return
        if old is None:
            name = b"c:%sCache" % match[1]
            at = match.end(2) + len(b"</c:f>")
            yield Splice(at, at, b"<%s>%s</%s>" % (name, wanted.markup, name))
        elif not _shows(match, wanted, is_text=match[1] == b"str"):
            yield Splice(*match.span(5), wanted.markup)

    def _splices(self, chart: Chart) -> Iterator[Splice]:
        for reference in chart.references:
            wanted = self._wanted(reference.formula, is_text=reference.text)
            if wanted is not None:
                yield from _refresh(chart.xml, reference, wanted)


def _bare(xml: bytes, reference: _Reference) -> Iterator[Splice]:
    """A cache with nothing but what stays of it."""
    if reference.cache:
        stays = (it.raw(xml) for it in (reference.format, reference.extensions) if it)
        yield Splice(reference.cache.start, reference.cache.end, b"".join(stays))


def _is_readable(match: re.Match[bytes]) -> bool:
    """Whether the text of a reference holds no entity but the usual ones."""
    with suppress(plain.IrregularError, UnicodeDecodeError):
        plain.text(match[2])
        return True
    return False


def _shows(match: re.Match[bytes], wanted: Wanted, *, is_text: bool) -> bool:
    """Whether a cache that is written otherwise holds these points all the same."""
    if int(match[6]) != wanted.cells or match[5].count(b"<c:pt ") != len(wanted.points):
        return False
    old = ((int(it[1]), unescape_text(plain.text(it[2]))) for it in _POINT.finditer(match[5]))
    return all(
        at == new_at and (text == new if is_text else _number(text) == float(new))
        for (at, text), (new_at, new) in zip(old, wanted.points.items(), strict=True)
    )


def _refresh(xml: bytes, reference: _Reference, wanted: Wanted) -> Iterator[Splice]:
    is_same = reference.count == wanted.cells and _same(reference, wanted.points)
    if reference.cache and is_same:
        return
    new = _cache(xml, reference, wanted)
    if reference.cache:
        yield Splice(reference.cache.start, reference.cache.end, new)
    else:
        yield Splice(reference.formula_end, reference.formula_end, new)


def _wanted(values: Sequence[Value], *, is_text: bool) -> Wanted:
    show = _as_text if is_text else _as_number
    points = {at: text for at, value in enumerate(values) if (text := show(value)) is not None}
    return Wanted(points, len(values), _body(b"c:", points, len(values), NOTHING))


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


def _cache(xml: bytes, reference: _Reference, wanted: Wanted) -> bytes:
    prefix = prefix_of(xml, reference.start)
    name = prefix + (b"strCache" if reference.text else b"numCache")
    kept_format = reference.format.raw(xml) if reference.format else b""
    kept_extensions = reference.extensions.raw(xml) if reference.extensions else b""
    tag = reference.cache.tag(xml) if reference.cache else b"<%s>" % name
    opening = tag[:-2] + b">" if tag.endswith(b"/>") else tag
    body = _body(prefix, wanted.points, wanted.cells, reference.formats)
    return b"".join([opening, kept_format, body, kept_extensions, b"</%s>" % name])


def _body(prefix: bytes, points: dict[int, str], count: int, formats: Mapping[int, str]) -> bytes:
    """How many points there are, and those that show."""
    shown = [_point(prefix, index, text, formats.get(index)) for index, text in points.items()]
    return b"".join([b'<%sptCount val="%d"/>' % (prefix, count), *shown])


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
