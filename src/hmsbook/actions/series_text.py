"""A file of numbers as a table of texts: its encoding, what divides its columns, its header."""

from __future__ import annotations

import csv
import io
import json
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from hmsbook.actions.series_cells import day, is_missing, is_number
from hmsbook.errors import UsageError
from hmsbook.model.frozen import Frozen

# A run chart's bounds of more points take seconds; four hundred years of months are fewer.
MOST_ROWS = 5_000
MOST_COLUMNS = 500
MOST_BYTES = 5_000_000
# So many lines show what divides columns.
SAMPLE = 200
# A month in words, «1. september 2025», is at most so many words.
MONTH_WORDS = 3
# Control characters that no text has: all but tabs, ends of lines and pages, and the end of a DOS file.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f]")
# A divider that stands in no text, since control characters are refused.
_NONE = "\x1f"
_WORD = re.compile(r"[^ \t]+")
_EXCEL_HINT = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)

Line = tuple[int, list[str]]
Cut = Callable[[str], list[Line]]


class Table(Frozen):
    """The cells of a file: columns' names, none without a header, and rows with the line each stands on.

    listed: whether rows are not lines but items of JSON. dated: whether the first column must be months.
    """

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    listed: bool = False
    dated: bool = False

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.rows[0]) if self.rows else 0

    def column(self, at: int) -> tuple[str, ...]:
        """The cells of a column."""
        return tuple(row[at] for row in self.rows)


def read_table(data: bytes, path: str) -> Table:
    """The table a file holds; UsageError where it is no text, or larger than anyone's series."""
    _refuse_beyond(path, size=len(data))
    text = decoded(data, path)
    is_json = path.lower().endswith(".json") or text.lstrip()[:1] in ("[", "{")
    return json_table(text, path) if is_json else text_table(text, path)


def _refuse_beyond(path: str, *, size: int = 0, rows: int = 0, columns: int = 0) -> None:
    """Refuse what is larger than anyone's series."""
    if size > MOST_BYTES or rows > MOST_ROWS or columns > MOST_COLUMNS:
        most = {"rows": MOST_ROWS, "columns": MOST_COLUMNS, "megabytes": MOST_BYTES // 1_000_000}
        raise UsageError("series_too_large", path=path, **most)


def decoded(data: bytes, path: str) -> str:
    """The text of bytes: with a byte order mark as it says, else UTF-8, else as Windows wrote it."""
    wide = data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text):
            return text.rstrip("\x1a")
    raise UsageError("series_binary", path=path)


# Text


def text_table(text: str, path: str) -> Table:
    """The table of a text, by whichever divider gives most numbers and months."""
    hint = _EXCEL_HINT.match(text)
    body = text[hint.end() :] if hint else text
    try:
        rows = (_divided_by(hint[1]) if hint else _cut(body))(body)
    except csv.Error as reason:
        raise UsageError("bad_data", path=path, reason=str(reason)) from None
    skipped = 1 if hint else 0
    return _table([(line + skipped, cells) for line, cells in rows], path)


def _cut(text: str) -> Cut:
    """How a text falls into cells: not at all if every line is a number, else where most cells are clean."""
    sample = "".join(text.splitlines(keepends=True)[:SAMPLE])
    lines = [cells[0] for _, cells in _whole(sample) if any(cells)]
    if all(is_number(line) or is_missing(line) for line in lines[1:] or lines):
        return _whole
    return max(CUTS, key=lambda cut: _clean(cut(sample), alone=cut is _whole))


def _clean(rows: Sequence[Line], *, alone: bool) -> float:
    """The share of cells below the first row that are numbers or months; -1 where there is one column."""
    filled = [cells for _, cells in rows if any(cells)]
    cells = [cell for row in filled[1:] or filled for cell in row if cell]
    if not alone and 2 * sum(len(row) > 1 for row in filled) <= len(filled):
        return -1.0
    clean = sum(is_missing(cell) or is_number(cell) or day(cell) is not None for cell in cells)
    return clean / len(cells) if cells else 0.0


def _divided_by(sign: str) -> Cut:
    def cut(text: str) -> list[Line]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, skipinitialspace=True)
        return [(reader.line_num, [cell.strip() for cell in row]) for row in reader]

    return cut


def _divided_by_blanks(text: str) -> list[Line]:
    """Cells with blanks between, where a month in words is one cell, and what the header has too much."""
    rows = [_joined_month(_WORD.findall(line)) for line in text.splitlines()]
    widths = Counter(len(row) for row in rows if row).most_common(1)
    head = next(filter(None, rows), [])
    if widths and not any(map(is_number, head)):
        head[widths[0][0] - 1 :] = [" ".join(head[widths[0][0] - 1 :])]
    return list(enumerate(rows, 1))


def _joined_month(words: list[str]) -> list[str]:
    """Words with the longest month they begin with as one."""
    for count in range(MONTH_WORDS, 1, -1):
        if len(words) > count and day(" ".join(words[:count])):
            return [" ".join(words[:count]), *words[count:]]
    return words


_whole = _divided_by(_NONE)
# In the order that decides where two read a text equally well.
CUTS: tuple[Cut, ...] = (_divided_by("\t"), _divided_by(";"), _divided_by(","), _divided_by_blanks, _whole)


def _table(found: Sequence[Line], path: str) -> Table:
    """The table of lines: empty ones at both ends left out, the first one taken for names if it can be."""
    rows = _trimmed(found)
    width = max((len(cells) for _, cells in rows), default=0)
    _refuse_beyond(path, rows=len(rows), columns=width)
    names = rows.pop(0)[1] if len(rows) > 1 and _is_header([cells for _, cells in rows]) else []
    for line, cells in rows:
        if names and any(cells[len(names) :]):
            raise UsageError("series_ragged", line=line, found=len(cells), known=len(names))
    padded = (tuple(cells + [""] * (width - len(cells))) for _, cells in rows)
    return Table(tuple(names), tuple(padded), tuple(line for line, _ in rows))


def _trimmed(rows: Sequence[Line]) -> list[Line]:
    filled = [at for at, (_, cells) in enumerate(rows) if any(cells)]
    return list(rows[filled[0] : filled[-1] + 1]) if filled else []


def _is_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names columns: it has no number and no month, or stands above months."""
    first = rows[0][0]
    if all(map(is_missing, rows[0])):
        return False
    named = not is_missing(first) and not is_number(first) and day(first) is None
    above_months = named and all(day(row[0]) for row in rows[1:] if any(row))
    return above_months or not any(is_number(cell) or day(cell) for cell in rows[0])


# JSON


def json_table(text: str, path: str) -> Table:
    """The table of a JSON list or object; UsageError for other forms."""
    try:
        found = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as reason:
        raise UsageError("bad_data", path=path, reason=str(reason)) from None
    return value_table(found, path)


def _no_number(name: str) -> None:
    raise ValueError(name)


def value_table(found: Any, path: str) -> Table:
    """The table of values, lists or objects in a list; of an object of lists, or of values by month."""
    if isinstance(found, Mapping):
        columns = list(found.values())
        if columns and not any(isinstance(value, list | Mapping) for value in columns):
            return _of_rows([], list(found.items()), path, dated=True)
        if columns and _all(columns, list) and len({len(column) for column in columns}) == 1:
            return _of_rows([str(key) for key in found], list(zip(*columns, strict=True)), path)
    elif isinstance(found, list):
        return _of_rows(*_listed(found, path), path)
    raise UsageError("series_json", path=path)


def _listed(found: Sequence[Any], path: str) -> tuple[list[str], list[Sequence[Any]]]:
    """Names and rows of a list."""
    if found and _all(found, Mapping):
        names = list(dict.fromkeys(key for row in found for key in row))
        _refuse_beyond(path, rows=len(found), columns=len(names))
        return names, [[row.get(name) for name in names] for row in found]
    if found and _all(found, list):
        width = max(map(len, found))
        _refuse_beyond(path, rows=len(found), columns=width)
        return [], [[*row, *[None] * (width - len(row))] for row in found]
    return [], [[value] for value in found]


def _all(found: Iterable[Any], kind: type[Any]) -> bool:
    return all(isinstance(value, kind) for value in found)


def _of_rows(names: Sequence[str], rows: Sequence[Sequence[Any]], path: str, *, dated: bool = False) -> Table:
    _refuse_beyond(path, rows=len(rows), columns=len(names))
    cells = tuple(tuple(map(_json_cell, row)) for row in rows)
    return Table(tuple(names), cells, tuple(range(1, len(rows) + 1)), listed=True, dated=dated)


def _json_cell(value: Any) -> str:
    """A value as a cell has it."""
    return "" if value is None else str(value).strip()
