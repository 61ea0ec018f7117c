"""A book from tables drawn in the test, and what a rule says of it.

Cells are written by the kind of their column: `ja`/`nei`, 2026-03-01, 2026-03, 6,4, ids and choices with
comma between. A column whose name begins with + is people's own. Row 1 holds the headers, so the first row
is row 2.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from hmsbook.analysis.summary import summarise
from hmsbook.model.book import Book, Manifest
from hmsbook.model.dates import add_months
from hmsbook.model.problems import Problem
from hmsbook.model.records import Row
from hmsbook.rules.registry import RULES, check
from hmsbook.standard.book import sheet_of, tables
from hmsbook.standard.kinds import Choices, Day, Kind, Month, Number, References, YesNo
from hmsbook.standard.schema import Table
from tests.support.drawn import drawn

TODAY = date(2026, 11, 16)
CASES = {rule.code: rule.cases for rule in RULES}
OWN = "+"
# Two years in which nothing happened to a number.
STABLE = "20 24 21 25 19 22 24 18 23 20 22 25 21 19 24 22 20 23 18 25 22 20 24 21".split()


def book(method: str = "proind", *, reported: tuple[Problem, ...] = (), **drawings: str) -> Book:
    """A book of this method with the tables drawn; every other table has one empty row."""
    rows = {key: _rows(table, method, drawings.get(key, "")) for key, table in tables().items()}
    filled = {key: tuple(row for row in found if _exists(tables()[key], row)) for key, found in rows.items()}
    return Book(Manifest(), filled, reported, {key: tuple(found) for key, found in rows.items()})


def said(code: str, about: Book, today: date = TODAY) -> list[str]:
    """What one rule says: severity, case and cell of each problem, in the order of the check."""
    return [f"{found.severity} {found.case} {found.place.cell}" for found in problems(code, about, today)]


def problems(code: str, about: Book, today: date = TODAY) -> list[Problem]:
    """The problems of one rule; every case is one that the rule declares."""
    found = [problem for problem in check(about, summarise(about, today)) if problem.code == code]
    assert {problem.case for problem in found} <= set(CASES[code])
    return found


def values(code: str, about: Book, today: date = TODAY) -> dict[str, Any]:
    """The values of the one problem a rule finds."""
    (problem,) = problems(code, about, today)
    return dict(problem.values)


def months(first: str, *typed: str) -> str:
    """Values of I01 by month, from the first month on."""
    start = date.fromisoformat(f"{first}-01")
    lines = [f"| {add_months(start, number).isoformat()[:7]} | {text} |" for number, text in enumerate(typed)]
    return "\n".join(["| month | I01 |", *lines])


def _rows(table: Table, method: str, drawing: str) -> list[Row]:
    given = drawn(drawing) if drawing else [{}]
    if table.key == "unit":
        given[0]["method"] = method
    return [_row(table, index, cells) for index, cells in enumerate(given)]


def _row(table: Table, index: int, cells: dict[str, str]) -> Row:
    addresses = {column.key: f"{_letter(number)}{index + 2}" for number, column in enumerate(table.columns)}
    known = {
        key: _typed(table.column(key).kind, text) for key, text in cells.items() if text and key[0] != OWN
    }
    extra = {key[1:]: text for key, text in cells.items() if text and key[0] == OWN}
    return Row(table.key, known, sheet_of(table.key).key, addresses, index, extra or None)


def _letter(number: int) -> str:
    return chr(ord("A") + number) if number < 26 else "A" + _letter(number - 26)


def _exists(table: Table, row: Row) -> bool:
    drawn_first = {table.columns[0].key} if table.id_kind or table.slots_written else set()
    return bool(row.extra) or bool(set(row.values) - drawn_first)


def _typed(kind: Kind, text: str) -> Any:
    if isinstance(kind, YesNo):
        return {"ja": True, "nei": False}[text]
    if isinstance(kind, Choices | References):
        return tuple(part.strip() for part in text.split(","))
    if isinstance(kind, Month):
        return date.fromisoformat(f"{text}-01")
    if isinstance(kind, Day):
        return date.fromisoformat(text)
    if isinstance(kind, Number):
        return float(text.replace(",", ".")) if "," in text else int(text)
    return text
