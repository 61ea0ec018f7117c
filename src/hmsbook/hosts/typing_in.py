"""What has to be put into an open workbook's cells so that they hold just what is meant.

Excel takes a text that comes from a program for one that is typed: «1-2» becomes a date, «12 %» a number, and
what begins like a formula is one. An apostrophe before it, which is not shown, keeps it a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hmsbook.model.raw import Value
from hmsbook.opc.cells import ErrorValue, Formula, Position, Range, Write

# Without a digit, and long enough to be no name of a truth, nothing is taken for anything but text.
_WORDS = re.compile(r"[^\W\d_]+(?:[ ,.;:()«»\"/–-]+[^\W\d_]+)+[.:?!)»]*")
# A sentence has so many words, and so many of letters only: a date has a weekday, a month and AM at most.
_SENTENCE, _LETTERS_ONLY = 6, 4
_WORD = re.compile(r"[«(\"]*[^\W\d_]{2,}[.,:;?!)»\"]*")
# A longer text cannot go along in a block.
LONGEST = 8000
_PREFIX = "_xlfn."


class Block:
    """A rectangle of cells to be put in in one go."""

    def __init__(self, at: Position, row: list[Any]) -> None:
        self.at = at
        self.rows = [row]

    @property
    def area(self) -> Range:
        """The cells of the block."""
        top, left = self.at
        return top, left, top + len(self.rows) - 1, left + len(self.rows[0]) - 1

    def split(self) -> Iterator[Block]:
        """The rows of the block, as a block each."""
        return (Block((self.at[0] + down, self.at[1]), row) for down, row in enumerate(self.rows))


def typed(value: Value) -> Any:
    """What to put into a cell for it to hold a value: an empty text, as xlwings does, empties it."""
    if value is None or value == "":
        return ""
    if isinstance(value, ErrorValue):
        return str(value)
    if isinstance(value, str):
        return value if _is_safe(value) else f"'{value}"
    return value if isinstance(value, bool) else float(value)


def _is_safe(text: str) -> bool:
    return bool(_WORDS.fullmatch(text)) or (text[0].isalpha() and _is_sentence(text))


def _is_sentence(text: str) -> bool:
    words = text.split(" ") if "\n" not in text else []
    return len(words) >= _SENTENCE and sum(map(bool, map(_WORD.fullmatch, words))) >= _LETTERS_ONLY


def typed_formula(formula: Formula) -> str:
    """What to put into a cell for it to hold a formula: Excel adds the prefix of newer functions itself."""
    return "=" + formula.text.removeprefix("=").replace(_PREFIX, "")


def is_formula(write: Write) -> bool:
    """Whether a formula is to be written; one without text takes away what stands there."""
    return isinstance(write, Formula) and bool(write.text)


def content(write: Write) -> Any:
    """What to put into a cell."""
    if isinstance(write, Formula):
        return typed_formula(write) if write.text else typed(write.value)
    return typed(write)


def blocks(cells: Mapping[Position, Any]) -> list[Block]:
    """The cells as rectangles without gaps: neighbours in a row together, and like rows below each other."""
    alone = {at: it for at, it in cells.items() if isinstance(it, str) and len(it) > LONGEST}
    found = [Block(at, [it]) for at, it in alone.items()]
    growing: dict[tuple[int, int], Block] = {}
    for at, row in _lines({at: it for at, it in cells.items() if at not in alone}):
        span = at[1], len(row)
        above = growing.get(span)
        if above is not None and above.area[2] == at[0] - 1:
            above.rows.append(row)
        else:
            growing[span] = Block(at, row)
            found.append(growing[span])
    return found


def lines(cells: Mapping[Position, Any]) -> list[Block]:
    """The cells as blocks of one row each."""
    return [part for block in blocks(cells) for part in block.split()]


def around(cells: Iterable[Position]) -> Range:
    """The smallest area that holds all of these cells."""
    rows, columns = zip(*cells, strict=True)
    return min(rows), min(columns), max(rows), max(columns)


def positions(area: Range) -> Iterator[Position]:
    """All cells of an area."""
    top, left, bottom, right = area
    return ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))


def _lines(cells: Mapping[Position, Any]) -> Iterator[tuple[Position, list[Any]]]:
    """Neighbouring cells of a row, with the position of the first, from the top."""
    start, line = (0, 0), list[Any]()
    for at in sorted(cells):
        if line and at == (start[0], start[1] + len(line)):
            line.append(cells[at])
            continue
        if line:
            yield start, line
        start, line = at, [cells[at]]
    if line:
        yield start, line
