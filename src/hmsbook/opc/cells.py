"""Cell references and typed cell values, as a spreadsheet stores them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from math import isfinite
from typing import NamedTuple

from hmsbook.errors import PackageError
from hmsbook.opc.markup import escape_text, escape_xml, unescape_text

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384
# A range with more cells than this is never gone through cell by cell.
MAX_AREA = 1 << 20

# From so many digits on, a number may be too large for a cell.
_LONG = 300

Range = tuple[int, int, int, int]
Position = tuple[int, int]


class ErrorValue(str):
    """An error as a cell value, such as `#N/A`."""

    __slots__ = ()


class IsoDate(str):
    """A date that is stored as ISO 8601 text (`t="d"`)."""

    __slots__ = ()


Value = None | bool | int | float | str


class Formula(NamedTuple):
    """A formula to (re)write, without its equals sign, and its cached value; an empty text takes one away."""

    text: str
    value: Value


Write = Value | Formula


class Encoded(NamedTuple):
    """A value as the type attribute of a cell and the markup inside it."""

    type: str | None
    content: bytes


_columns: dict[str, int] = {}


def column_number(letters: str) -> int:
    """1 for `A`, 27 for `AA`; ValueError for anything but one to three letters."""
    number = _columns.get(letters)
    if number is None:
        number = _columns[letters] = _count_letters(letters)
    return number


def _count_letters(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z":
            raise ValueError(letters)
        number = number * 26 + ord(letter) - 64
    if not 1 <= number <= MAX_COLUMN:
        raise ValueError(letters)
    return number


@cache
def column_letters(number: int) -> str:
    """`A` for 1, `AA` for 27."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(position: Position) -> str:
    """`B3` for (3, 2)."""
    return f"{column_letters(position[1])}{position[0]}"


def parse_cell(reference: str) -> Position:
    """(3, 2) for `B3` or `$B$3`; ValueError when it is no cell."""
    plain = reference.replace("$", "")
    letters = plain.rstrip("0123456789")
    row = int(plain[len(letters) :])
    if not 1 <= row <= MAX_ROW:
        raise ValueError(reference)
    return row, column_number(letters)


def parse_range(reference: str) -> Range:
    """(1, 1, 3, 2) for `A1:B3`; one cell is a range too; ValueError when it is neither."""
    first, _, last = reference.partition(":")
    top, left = parse_cell(first)
    bottom, right = parse_cell(last or first)
    return min(top, bottom), min(left, right), max(top, bottom), max(left, right)


def range_name(area: Range) -> str:
    """`A1:B3` for (1, 1, 3, 2), `A1` for a single cell."""
    first, last = cell_name(area[:2]), cell_name(area[2:])
    return first if first == last else f"{first}:{last}"


def contains(area: Range, position: Position) -> bool:
    """Whether the cell lies in the range."""
    return area[0] <= position[0] <= area[2] and area[1] <= position[1] <= area[3]


def size(area: Range) -> int:
    """How many cells the range has."""
    return (area[2] - area[0] + 1) * (area[3] - area[1] + 1)


def same(old: Value, new: Value) -> bool:
    """Whether two values are the same to a spreadsheet: numbers as floats, all else by type."""
    return _kind(old) is _kind(new) and old == new


def _kind(value: Value) -> type:
    return float if type(value) is int else type(value)


def to_number(text: str) -> int | float:
    """An int where the text is one, else a float; ValueError when it is no number that a cell can hold."""
    # A failed int() costs more than this look.
    is_whole = text.isdecimal() or (text[:1] in "+-" and text[1:].isdecimal())
    number = int(text) if is_whole and len(text) < _LONG else float(text)
    if not isfinite(number) or "_" in text:
        raise ValueError(text)
    return int(number) if is_whole else number


def decode(kind: str, text: str, part: str = "") -> Value:
    """The value of a cell from its type and the text of its `<v>`; shared strings not included."""
    try:
        return _DECODERS[kind](text)
    except (ValueError, KeyError) as error:
        raise PackageError("broken_part", part=part, reason=f"{kind}:{text[:40]}") from error


def _decode_number(text: str) -> Value:
    stripped = text.strip()
    return to_number(stripped) if stripped else None


def _decode_text(text: str) -> Value:
    return unescape_text(text)


def _decode_bool(text: str) -> Value:
    return text.strip() in ("1", "true")


_DECODERS: dict[str, Callable[[str], Value]] = {
    "n": _decode_number,
    "str": _decode_text,
    "inlineStr": _decode_text,
    "b": _decode_bool,
    "e": ErrorValue,
    "d": IsoDate,
}


def encode(value: Value, in_formula: bool, prefix: bytes = b"") -> Encoded:
    """A value as markup; a formula's text is `str`, other text an inline string."""
    if value is None:
        return Encoded(None, b"")
    if isinstance(value, bool):
        return Encoded("b", _tagged(b"v", b"01"[value : value + 1], prefix))
    if isinstance(value, (int, float)):
        return Encoded(None, _tagged(b"v", number_text(value).encode(), prefix))
    if isinstance(value, (ErrorValue, IsoDate)):
        kind = "e" if isinstance(value, ErrorValue) else "d"
        return Encoded(kind, _tagged(b"v", escape_xml(value), prefix))
    if in_formula:
        return Encoded("str", _tagged(b"v", escape_text(value), prefix))
    return Encoded("inlineStr", _tagged(b"is", _inline(value, prefix), prefix))


def _inline(text: str, prefix: bytes) -> bytes:
    space = b' xml:space="preserve"' if _needs_preserve(text) else b""
    return b"<%st%s>%s</%st>" % (prefix, space, escape_text(text), prefix)


def _needs_preserve(text: str) -> bool:
    return text != text.strip() or any(blank in text for blank in ("\n", "\t", "  "))


def _tagged(name: bytes, content: bytes, prefix: bytes) -> bytes:
    return b"<%s%s>%s</%s%s>" % (prefix, name, content, prefix, name)


def number_text(number: int | float) -> str:
    """The shortest text that reads back as the same number; ValueError for NaN and infinities."""
    if not isfinite(number):
        raise ValueError(f"not a number that a cell can hold: {number!r}")
    if isinstance(number, float) and number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return repr(number)
