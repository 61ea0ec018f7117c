"""Rows that hold nothing but formulas which show a number or an error, as what charts draw from does.

There can be many thousand of them, so one pattern a row stands for expat: what it matches from end to end,
and what holds no character or entity that XML forbids, is well-formed.
"""

from __future__ import annotations

import re

ERROR = b' t="e"'
CELL_END = b"</v></c>"
ROW_END = b"</row>"
_ROW = re.compile(
    rb'(?:<c r="[A-Z]{1,3}[0-9]{1,7}"(?: s="[0-9]+")?'
    rb"(?: t=\"e\"><f>[^<]*</f><v>#[^<]*|><f>[^<]*</f><v>[^#<][^<]*)</v></c>)+</row>"
)
_TAGS_IN_CELL = 6
_UNKNOWN_ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)")
_FORBIDDEN = bytes(set(range(0x20)) - {0x09, 0x0A})
_VALUE = b"<v>"


def formula_row(inside: bytes) -> list[bytes] | None:
    """The cells of a row, from after its tag to its end, each without `CELL_END`; None for any other row."""
    if not _ROW.fullmatch(inside):
        return None
    cells = inside.split(CELL_END)
    cells.pop()
    return cells if _is_sound(inside, len(cells)) else None


def _is_sound(inside: bytes, cells: int) -> bool:
    """Whether the texts of so many cells hold nothing that XML forbids; a `>` is one in the wrong place."""
    if inside.count(b">") != _TAGS_IN_CELL * cells + 1 or _UNKNOWN_ENTITY.search(inside):
        return False
    # The last two characters of the first plane, which are none, begin with this byte.
    if b"\xef" in inside or len(inside.translate(None, _FORBIDDEN)) != len(inside):
        return False
    try:
        return bool(inside.decode())
    except UnicodeDecodeError:
        return False


def shown(cell: bytes) -> bytes:
    """What a cell shows, as it is written."""
    return cell.rpartition(_VALUE)[2]


def unshown(cell: bytes) -> tuple[bytes, bytes]:
    """All of a cell but what it shows: its tag, without saying whether that is an error, and the formula."""
    tag, _, formula = cell.rpartition(_VALUE)[0].partition(b">")
    return tag.removesuffix(ERROR), formula


def showing(cell: bytes, text: bytes, *, is_error: bool) -> bytes:
    """The cell as it is when it shows something else."""
    tag, formula = unshown(cell)
    return b"".join([tag, ERROR if is_error else b"", b">", formula, _VALUE, text])
