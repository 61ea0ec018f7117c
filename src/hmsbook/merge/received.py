"""The table of what came back: a row for each thing a copy says, and what the coordinator chose of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Set
from datetime import date
from typing import Any

from hmsbook.merge.draft import Draft, number_of
from hmsbook.merge.findings import OWN, Finding
from hmsbook.merge.rows import key_of, print_of, ways
from hmsbook.merge.taking import take
from hmsbook.model.frozen import Frozen
from hmsbook.model.records import Row
from hmsbook.standard.book import TABLES, sheet_of
from hmsbook.standard.kinds import Choice, Kind, Month, Unreadable
from hmsbook.standard.schema import Table
from hmsbook.standard.sheets.priorities import CRITERIA
from hmsbook.texts.words import Words

TABLE = "received"
# A cell of Excel's holds no more.
_LONGEST = 32_000
_MORE = " …"
# The table is drawn short, and grows to so many rows before what is settled gives way.
_KEPT = 300
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


class Chosen(Frozen):
    """What a coordinator chose of a conflict: its number, where it is, and whether it could be done."""

    id: str
    table: str
    row: str
    column: str
    choice: str
    done: bool


# Writing down


def write_down(draft: Draft, findings: list[Finding], day: date, language: Words) -> bool:
    """A row for each finding; whether there was room for all that somebody has to choose."""
    fresh: set[int] = set()
    for finding in findings:
        at = _free_row(draft, fresh)
        if at is None:
            return False
        fresh.add(at)
        for column, value in _cells(draft, finding, day, language).items():
            if value not in (None, ""):
                draft.put(TABLE, at, column, value)
    return True


def _free_row(draft: Draft, fresh: Set[int]) -> int | None:
    """An empty row; where many are in use, the oldest that needs no choice gives way, under a new number.

    What nobody has seen yet gives way only where the table cannot grow.
    """
    rows = draft.rows.get(TABLE, [])
    at = draft.place(TABLE, growing=False)
    if at is not None:
        return at
    settled = [index for index, row in enumerate(rows) if not _is_open(row)]
    seen = [index for index in settled if index not in fresh]
    if (not seen or len(rows) < _KEPT) and (at := draft.place(TABLE)) is not None:
        return at
    at = min(seen or settled, key=lambda index: number_of(rows[index]), default=None)
    if at is not None:
        draft.clear(TABLE, at)
        draft.renumber(TABLE, at)
    return at


def _is_open(row: Row) -> bool:
    return bool(row.get("what") == "conflict")


def _cells(draft: Draft, finding: Finding, day: date, language: Words) -> dict[str, Any]:
    is_settled = finding.what == "conflict" and finding.choice
    return {
        "what": "change" if is_settled else finding.what,
        "where": where(finding, language),
        "row": row_text(finding, language),
        "field": field(finding, language),
        "base": shown(finding, finding.base, language),
        "mine": shown(finding, finding.mine, language),
        "theirs": shown(finding, finding.theirs, language),
        "choice": finding.choice or None,
        "who": finding.person.name,
        "received_on": day,
        "edition": finding.edition,
        "file": finding.file,
        **(_to_do(draft, finding) if finding.is_open else {}),
    }


def where(finding: Finding, language: Words) -> str:
    """What people call the sheet that something stands on."""
    if not finding.table:
        return str(finding.values.get("sheet", ""))
    return language.text(f"sheets.{sheet_of(finding.table).key}.title")


def row_text(finding: Finding, language: Words) -> str:
    """What people call the row: of the monthly values by its month."""
    if finding.table == "values" and _MONTH.fullmatch(finding.row):
        return language.month(date.fromisoformat(f"{finding.row}-01"))
    return finding.row


def field(finding: Finding, language: Words) -> str:
    """What people call the column, and what there is to say of it."""
    cases = (finding.case, "ours_from" if "ours" in finding.values else "")
    said = "; ".join(language.text(f"merge.case.{it}", **finding.values) for it in cases if it)
    named = _label(finding, language)
    return f"{named} ({said})" if named and said else named or said


def _label(finding: Finding, language: Words) -> str:
    column = finding.column
    if not finding.table or not column or column.startswith(OWN):
        return column.removeprefix(OWN)
    if column in CRITERIA:
        # Headers of these are broken to be narrow.
        return language.choice("criteria", column)
    key = f"columns.{finding.table}.{column}.label"
    # A column of the monthly values is called by its indicator.
    return language.text(key) if language.has(key) else column


def shown(finding: Finding, value: Any, language: Words) -> str:
    """A value, or all values of a row, as people read it."""
    if isinstance(value, Mapping):
        parts = (
            f"{_label(finding.but(column=key), language) or key}: {_one(finding.table, key, it, language)}"
            for key, it in value.items()
            if key != "id"
        )
        return _fitting("; ".join(parts))
    return _fitting(_one(finding.table, finding.column, value, language))


def _fitting(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + _MORE


def _one(table: str, column: str, value: Any, language: Words) -> str:
    kind = _kind(table, column)
    if value is None:
        return ""
    if isinstance(value, date) and isinstance(kind, Month):
        return language.month(value)
    if isinstance(kind, Choice) and not isinstance(value, bool):
        return _choice(kind, value, language)
    return language.show(value)


def _choice(kind: Choice, value: Any, language: Words) -> str:
    """The label of a choice; a text that is none stays what it is."""
    known = kind.choices and language.choices(kind.choices)
    items = value if isinstance(value, tuple) else (value,)
    return ", ".join(str(known.get(item, item)) if known else str(item) for item in items)


def _kind(table: str, column: str) -> Kind | None:
    if table not in TABLES or not column or column.startswith(OWN):
        return None
    try:
        return TABLES[table].column(column).kind
    except KeyError:
        return None


# For later: which cell, and what they wrote


def _to_do(draft: Draft, finding: Finding) -> dict[str, str]:
    """What a program needs to do what they did; nothing where that is too much for a cell."""
    table = draft.tables[finding.table]
    where = _locator(draft, table, finding.at)
    key = json.dumps([finding.table, where, finding.column], ensure_ascii=False)
    value = json.dumps(value_json(table.key, finding.column, finding.theirs), ensure_ascii=False)
    return {"key": key, "value": value} if max(len(key), len(value)) <= _LONGEST else {}


def _locator(draft: Draft, table: Table, at: int) -> Any:
    """What tells a row from the others, also when it has moved; None for one that is gone."""
    if at < 0:
        return None
    row = draft.rows[table.key][at]
    for columns in ways(table):
        if key_of(row, columns) is not None:
            return {it: table.column(it).kind.json(row.get(it)) for it in columns}
    return {"print": print_of(row)}


def value_json(table: str, column: str, value: Any) -> Any:
    """A value, or all values of a row, as JSON carries them."""
    if isinstance(value, Mapping):
        return {key: value_json(table, key, it) for key, it in value.items()}
    kind = _kind(table, column)
    return value if kind is None or value is None or isinstance(value, str) else kind.json(value)


def _parsed(table: str, column: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _parsed(table, key, it) for key, it in value.items()}
    kind = _kind(table, column)
    if kind is None or value is None:
        return value
    try:
        return kind.parse(value)
    except Unreadable:
        # What could not be read in their cell stays the text it is.
        return value


# What was chosen


def apply_choices(draft: Draft) -> list[Chosen]:
    """Do what the coordinator chose of each conflict, and mark it as settled."""
    return list(_applied(draft))


def waiting(draft: Draft) -> int:
    """How many conflicts somebody still has to choose of."""
    return sum(map(_is_open, draft.rows.get(TABLE, ())))


def _applied(draft: Draft) -> Iterator[Chosen]:
    for at, row in enumerate(list(draft.rows.get(TABLE, ()))):
        if not (_is_open(row) and row.get("choice")):
            continue
        try:
            table, where, column = json.loads(str(row.get("key")))
            done = row.get("choice") == "mine" or _take(draft, table, where, column, str(row.get("value")))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, Unreadable):
            table, column, done = "", "", row.get("choice") == "mine"
        if done:
            draft.put(TABLE, at, "what", "change")
        yield Chosen(
            str(row.get("id") or ""), table, str(row.get("row") or ""), column, row.get("choice"), done
        )


def _take(draft: Draft, table: str, where: Any, column: str, value: str) -> bool:
    """Put what they wrote where it belongs; whether that could be found."""
    declared = draft.tables[table]
    at = -1 if where is None else _found(draft, declared, where)
    if at is None or (column and at < 0):
        return False
    theirs = _parsed(table, column, json.loads(value))
    if column:
        is_possible = _is_theirs(draft, table, column) and not isinstance(theirs, Mapping)
    else:
        is_possible = theirs is None or isinstance(theirs, Mapping)
        theirs = theirs and {key: it for key, it in theirs.items() if _is_theirs(draft, table, key)}
    return is_possible and take(draft, Finding("conflict", table, column=column, theirs=theirs, at=at))


def _is_theirs(draft: Draft, table: str, column: str) -> bool:
    """Whether a column is there, and people fill it in; KeyError where no column is called so."""
    if column.startswith(OWN):
        return column.removeprefix(OWN) in draft.own.get(table, ())
    return (
        column not in {"id", *draft.missing.get(table, ())} and not draft.tables[table].column(column).owned
    )


def _found(draft: Draft, table: Table, where: Mapping[str, Any]) -> int | None:
    """The one row that a locator means."""
    rows = draft.rows.get(table.key, ())
    if "print" in where:
        found = [at for at, row in enumerate(rows) if print_of(row) == where["print"]]
    else:
        columns = tuple(where)
        wanted = key_of(Row(table.key, _parsed(table.key, "", where)), columns)
        found = [at for at, row in enumerate(rows) if key_of(row, columns) == wanted]
    return found[0] if len(found) == 1 else None
