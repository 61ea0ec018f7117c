"""A fast way through the rows of a worksheet part that is written the usual way.

expat needs a call of Python for each tag. Where a part has no comments, CDATA or instructions, every `<`
begins a tag, so a pattern that must match each byte of a row without a gap is just as exact. Whatever it
does not cover raises IrregularError, and expat reads the part instead.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from hmsbook.model.frozen import NOTHING
from hmsbook.opc.cells import column_letters, column_number
from hmsbook.opc.formula_rows import formula_row
from hmsbook.opc.markup import declared_utf8

_ROW = re.compile(rb'<row r="([0-9]{1,7})"((?: [A-Za-z0-9:]+="[^"<>&]*")*)(/?)>')
_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]+)"(?: s="([0-9]+)")?(?: t="([A-Za-z]+)")?'
    rb'(?:/>|>()(<f((?: [a-z0-9]+="[^"<>&]*")*)(?:/>|>([^<]*)</f>))?(?:<v>([^<]*)</v>)?'
    rb'(?:<is><t(?: xml:space="preserve")?>([^<]*)</t></is>)?</c>)'
)
# The same in as few groups as reading needs, and all of it in the first one.
_CONTENTS = re.compile(
    rb'(<c r="([A-Z]{1,3})([0-9]+)"(?: s="([0-9]+)")?(?: t="([A-Za-z]+)")?'
    rb'(?:/>|>(<f(?: [a-z0-9]+="[^"<>&]*")*(?:/>|>([^<]*)</f>))?(<v>[^<]*</v>)?'
    rb'((?:<is><t(?: xml:space="preserve")?>[^<]*</t></is>)?)</c>))'
)
# A cell with a number or with nothing but looks, as most are where there are thousands.
_NUMBER = re.compile(
    rb'(<c r="([A-Z]{1,3})([0-9]+)"(?: s="([0-9]+)")?'
    rb"(?:/>|><v>(-?[0-9]{1,15}(?:\.[0-9]{1,18})?)</v></c>))"
)
_ATTRIBUTE = re.compile(rb' ([A-Za-z0-9:]+)="([^"]*)"')
_ENTITY = re.compile("&(#x?[0-9A-Fa-f]+|[a-z]+);")
_ENTITIES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}

# The columns that have been met, by their letters.
columns: dict[bytes, int] = {}

# The groups of a cell.
COLUMN, ROW, STYLE, TYPE, INSIDE, FORMULA, FORMULA_ATTRIBUTES, FORMULA_TEXT, TEXT, INLINE = range(1, 11)


class IrregularError(Exception):
    """The part is written in a way that only expat reads."""


class Row(NamedTuple):
    """A row: its start tag ends at `tag_end`, `end` is where the next row begins."""

    number: int
    raw_attributes: bytes
    start: int
    tag_end: int
    end: int
    empty: bool

    @property
    def attributes(self) -> dict[str, str]:
        """The attributes apart from the number."""
        return attributes(self.raw_attributes)


class Rows(list[Row]):
    """The rows of a part, in ascending order, and where they begin and end.

    `formulas` are the cells of the rows that were asked for as rows of nothing but formulas, if all of them
    are; what stands in `known` need not be looked at for anything else, but for `known_tags`, what is said of
    those rows.
    """

    def __init__(self, rows: Iterable[Row], start: int, end: int) -> None:
        super().__init__(rows)
        self.start, self.end = start, end
        self.known = end, end
        self.known_tags: set[bytes] = set()
        self.formulas: Mapping[int, Sequence[bytes]] = NOTHING

    def numbered(self, first: int, last: int) -> list[Row]:
        """The rows from the first to the last number."""
        at = bisect_left(self, first, key=_number)
        return self[at : bisect_left(self, last + 1, lo=at, key=_number)]


_number = attrgetter("number")


def rows(xml: bytes, formulas: tuple[int, int] | None = None, *, is_sound: bool = False) -> Rows | None:
    """All rows, if nothing in the part speaks against reading them the fast way.

    `formulas` are the first and last row of those that may hold nothing but formulas. In a part that
    `is_sound` they are left to whoever asks.
    """
    start, end = xml.find(b"<sheetData>") + 11, xml.rfind(b"</sheetData>")
    found = _rows(xml, start, end) if 11 <= start <= end and declared_utf8(xml) else None
    if found is None:
        return None
    block = found.numbered(*formulas) if formulas else []
    if any(b"xmlns" in row.raw_attributes for row in block):
        return None
    found.formulas = NOTHING if is_sound else _formulas(xml, block)
    if block and (is_sound or found.formulas):
        found.known = block[0].start, block[-1].end
        found.known_tags = {row.raw_attributes for row in block}
    first, last = found.known
    return found if _is_usual(xml, found, 0, first) and _is_usual(xml, found, last, len(xml)) else None


def _formulas(xml: bytes, among: Iterable[Row]) -> Mapping[int, Sequence[bytes]]:
    found: dict[int, Sequence[bytes]] = {}
    for row in among:
        cells = formula_row(xml[row.tag_end : row.end])
        if cells is None:
            return NOTHING
        found[row.number] = cells
    return found


def _is_usual(xml: bytes, found: Rows, first: int, last: int) -> bool:
    """Whether what stands before or after the known rows holds nothing but what the patterns know."""
    start, end = max(found.start, first), min(found.end, last)
    if xml.count(b"<row", start, end) != sum(start <= row.start < end for row in found):
        return False
    # The tag of all rows stands before them, its end after them, and the declaration at the very beginning.
    if xml.count(b"sheetData>", first, last) != 1 or xml.rfind(b"<?", max(first, 4), last) >= 0:
        return False
    if xml.find(b"<!", first, last) >= 0:
        return False
    return not any(xml.find(word, start, end) >= 0 for word in (b"\r", b"array", b"dataTable", b"xmlns"))


def _rows(xml: bytes, start: int, end: int) -> Rows | None:
    found = list(_ROW.finditer(xml, start, end))
    starts = [match.start() for match in found] + [end]
    if starts[0] != start:
        return None
    result = [
        Row(int(match[1]), match[2], match.start(), match.end(), after, bool(match[3]))
        for match, after in zip(found, starts[1:], strict=True)
    ]
    if any(row.number >= after.number for row, after in pairwise(result)):
        return None
    if not all(
        row.end == row.tag_end if row.empty else xml.endswith(b"</row>", 0, row.end) for row in result
    ):
        return None
    return Rows(result, start, end)


def cells(xml: bytes, row: Row) -> Iterator[re.Match[bytes]]:
    """The cells of a row, in order; every byte of the row belongs to one of them."""
    at, number = row.tag_end, b"%d" % row.number
    for match in _CELL.finditer(xml, at, row.end):
        start, end = match.span()
        if start != at or match[ROW] != number:
            raise IrregularError
        at = end
        yield match
    if xml[at : row.end] != (b"" if row.empty else b"</row>"):
        raise IrregularError


def contents(xml: bytes, row: Row) -> list[tuple[bytes, ...]]:
    """What the cells of a row hold, in order; every byte of the row belongs to one of them.

    Each is a whole cell, its column, row, style and type, its formula element and the text of that, its
    value element and its inline string element; nothing where there is none.
    """
    found: list[tuple[bytes, ...]] = _CONTENTS.findall(xml, row.tag_end, row.end)
    if not _is_whole(xml, row, found):
        raise IrregularError
    return found


def numbers(xml: bytes, row: Row) -> list[tuple[bytes, ...]] | None:
    """The cells of a row that holds nothing but numbers: whole, column, row, style and number; else None."""
    if xml.find(b' t="', row.tag_end, row.end) >= 0 or xml.find(b"<f", row.tag_end, row.end) >= 0:
        return None
    found: list[tuple[bytes, ...]] = _NUMBER.findall(xml, row.tag_end, row.end)
    return found if _is_whole(xml, row, found) else None


def _is_whole(xml: bytes, row: Row, found: Sequence[tuple[bytes, ...]]) -> bool:
    """Whether matches are all that a row holds; they stand in order and do not overlap."""
    end = row.tag_end + sum([len(cell[0]) for cell in found])
    is_numbered = {cell[2] for cell in found} <= {b"%d" % row.number}
    return is_numbered and xml[end : row.end] == (b"" if row.empty else b"</row>")


def inline_text(element: bytes) -> bytes:
    """The text of an inline string element, as it is written."""
    return element[element.index(b">", len(b"<is>")) + 1 : -len(b"</t></is>")]


def styles_above(xml: bytes, wanted: Iterable[tuple[int, int]], rows: Rows) -> dict[tuple[int, int], str]:
    """For each wanted cell, in order of rows, the style of the nearest cell above it, where there is one."""
    found: dict[tuple[int, int], str] = {}
    # The row down to which a column is known, and the style there.
    known: dict[int, tuple[int, str | None]] = {}
    for position in wanted:
        number, at = position
        begin, style = known.get(at, (0, None))
        letters = column_letters(at).encode()
        above = reversed(rows.numbered(begin + 1, number - 1))
        nearest = next((new for row in above if (new := _style(xml, row, letters)) is not None), style)
        known[at] = number - 1, nearest
        if nearest is not None:
            found[position] = nearest
    return found


def _style(xml: bytes, row: Row, letters: bytes) -> str | None:
    """The style of a row's cell in a column; None where there is no cell."""
    start = xml.find(b'<c r="%s%d"' % (letters, row.number), row.tag_end, row.end)
    if start < 0:
        if xml.count(b"<c ", row.tag_end, row.end) != xml.count(b'<c r="', row.tag_end, row.end):
            raise IrregularError
        return None
    match = _CELL.match(xml, start, row.end)
    if match is None:
        raise IrregularError
    return (match[STYLE] or b"").decode()


def column(letters: bytes) -> int:
    """The number of a column."""
    number = columns.get(letters)
    if number is None:
        number = columns[letters] = column_number(letters.decode())
    return number


def attributes(raw: bytes) -> dict[str, str]:
    """Attributes that hold no entities."""
    return {name.decode(): value.decode() for name, value in _ATTRIBUTE.findall(raw)}


def text(raw: bytes) -> str:
    """The text that element contents stand for."""
    plain = raw.decode()
    return _ENTITY.sub(_character, plain) if "&" in plain else plain


def _character(found: re.Match[str]) -> str:
    name = found[1]
    try:
        if not name.startswith("#"):
            return _ENTITIES[name]
        return chr(int(f"0{name[1:]}", 0) if name[1] == "x" else int(name[1:]))
    except (KeyError, ValueError, OverflowError) as error:
        raise IrregularError from error
