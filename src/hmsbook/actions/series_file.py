"""The series that a file holds: the column of numbers meant, and the day of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from hmsbook.actions.series_cells import WRITINGS, days, is_missing, is_number, number, writing
from hmsbook.actions.series_text import Table
from hmsbook.errors import UsageError
from hmsbook.model.frozen import Frozen
from hmsbook.standard.kinds import LARGEST
from hmsbook.texts.words import plain

# How much of a strange cell, and how many columns, a message shows.
SHOWN = 40
NAMED = 8


class Numbers(Frozen):
    """A series as a file has it: its column's name, days in order (none where there are none), and values."""

    name: str
    days: tuple[date, ...]
    values: tuple[float | None, ...]


def series_in(table: Table, path: str, column: str | None = None) -> Numbers:
    """The series in the column named, else in the only one with numbers; UsageError says what is wrong."""
    days_at = _days_at(table)
    if table.dated and days_at is None:
        raise UsageError("series_not_a_month", path=path, found=_short(table.rows[0][0]), line=table.lines[0])
    names = _names(table)
    at = _at(column, names, path) if column else _only(_number_columns(table, days_at), names, path)
    values = _values(table, at)
    found = Numbers(names[at] if table.names else "", (), values)
    return found if days_at is None else _dated(found, table, days_at)


def _names(table: Table) -> list[str]:
    """What columns are called: as in the header, else by their number."""
    given = [" ".join(name.split()) for name in table.names] + [""] * table.width
    return [given[at] or str(at + 1) for at in range(table.width)]


def _days_at(table: Table) -> int | None:
    """The first column of days."""
    return next((at for at in range(table.width) if _days(table, at) is not None), None)


def _days(table: Table, at: int) -> list[date | None] | None:
    beside = at == 0 and any(_is_numeric(table.column(other)) for other in range(1, table.width))
    return days(table.column(at), beside_numbers=beside)


def _number_columns(table: Table, days_at: int | None) -> list[int]:
    return [at for at in range(table.width) if at != days_at and _is_numeric(table.column(at))]


def _is_numeric(texts: Sequence[str]) -> bool:
    """Whether at least half of what is there is numbers."""
    filled = [text for text in texts if not is_missing(text)]
    return bool(filled) and 2 * sum(map(is_number, filled)) >= len(filled)


def _at(column: str, names: Sequence[str], path: str) -> int:
    """The column of a name, or of a number counted from 1."""
    for at, name in enumerate(names):
        if plain(name) == plain(column):
            return at
    if column.isdecimal() and 1 <= int(column) <= len(names):
        return int(column) - 1
    raise UsageError("series_no_column", path=path, column=_short(column), known=_known(names))


def _only(found: Sequence[int], names: Sequence[str], path: str) -> int:
    if not found:
        raise UsageError("series_no_numbers", path=path)
    if len(found) > 1:
        raise UsageError("series_columns", path=path, known=_known([names[at] for at in found]))
    return found[0]


def _known(names: Sequence[str]) -> str:
    more = ["…"] if len(names) > NAMED else []
    return ", ".join([*map(_short, names[:NAMED]), *more])


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"


def _values(table: Table, at: int) -> tuple[float | None, ...]:
    """The numbers of a column."""
    texts = table.column(at)
    how = writing(text for text in texts if is_number(text))
    values = tuple(None if is_missing(text) else number(text, how) for text in texts)
    for text, value, line in zip(texts, values, table.lines, strict=True):
        if value is None and not is_missing(text):
            key = "decimals" if any(number(text, other) is not None for other in WRITINGS) else "not_a_number"
            raise UsageError(_key(key, table), found=_short(text), line=line)
        if value is not None and abs(value) >= LARGEST:
            raise UsageError(_key("too_big", table), found=_short(text), line=line)
    return values


def _key(key: str, table: Table) -> str:
    """A problem's key, by whether the file has lines or items."""
    return f"series_{key}{'_item' if table.listed else ''}"


def _dated(found: Numbers, table: Table, days_at: int) -> Numbers:
    """A series in the order of its days; rows with neither day nor number are nothing."""
    read = _days(table, days_at) or ()
    rows = []
    for text, day, value, line in zip(table.column(days_at), read, found.values, table.lines, strict=True):
        if day is not None:
            rows.append((day, value))
        elif not is_missing(text):
            raise UsageError(_key("not_a_month", table), found=_short(text), line=line)
        elif value is not None:
            raise UsageError(_key("no_month", table), line=line)
    rows.sort(key=lambda row: row[0])
    return found.but(days=tuple(day for day, _ in rows), values=tuple(value for _, value in rows))
