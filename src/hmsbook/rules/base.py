"""What a rule is: a code, its usual severity, where it comes from, and a function that finds things."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any

from hmsbook.analysis.summary import Summary
from hmsbook.model.book import Book
from hmsbook.model.frozen import NOTHING, Frozen
from hmsbook.model.problems import Problem
from hmsbook.model.records import Place, Row
from hmsbook.texts.files import load

# An id with its title stands inside a sentence that has to fit one line.
TITLE_ROOM = 36


class Finding(Frozen):
    """One thing a rule found; it states a severity where it is not the rule's usual one."""

    case: str
    place: Place
    values: Mapping[str, object] = NOTHING
    severity: str | None = None


Findings = Iterator[Finding]


class Subject(Frozen):
    """What is checked: a book, what its numbers say, and what several rules look up."""

    book: Book
    summary: Summary

    @property
    def today(self) -> date:
        """The day the rules are asked on."""
        return self.summary.today

    @cached_property
    def method(self) -> Mapping[str, Any]:
        """What the group's method asks for."""
        return dict(load("methods.toml").get(self.book.method, {}))

    @cached_property
    def unreadable(self) -> frozenset[Place]:
        """Cells that reading has reported already."""
        return frozenset(problem.place for problem in self.book.problems if problem.place.cell)

    @cached_property
    def months(self) -> Mapping[date, Row]:
        """The row of each month in the table of values; the first where a month stands twice."""
        return {row.values["month"]: row for row in reversed(self.filled("values")) if "month" in row.values}

    def filled(self, table: str) -> tuple[Row, ...]:
        """The rows of a table that hold something."""
        return self.book.rows.get(table, ())

    def gap(self, row: Row, key: str) -> Place | None:
        """Where a value is missing; None where it stands, or where reading has said what is wrong."""
        if row.get(key) or (row.cells and key not in row.cells):
            return None
        place = row.place(key)
        return None if place in self.unreadable else place


class Rule(Frozen):
    """One rule of the standard, with the cases it has a sentence for."""

    code: str
    severity: str
    cases: tuple[str, ...]
    source: str
    function: Callable[[Subject], Iterable[Finding]]

    def problems(self, subject: Subject) -> Iterator[Problem]:
        """Everything the rule finds, as problems."""
        for finding in self.function(subject):
            severity = finding.severity or self.severity
            yield Problem(self.code, severity, finding.case, finding.place, finding.values)


def rule(
    code: str, severity: str, *, cases: tuple[str, ...], source: str
) -> Callable[[Callable[[Subject], Iterable[Finding]]], Rule]:
    """Make a rule of a function that yields findings."""
    return lambda function: Rule(code, severity, cases, source, function)


def at(table: str, column: str | tuple[str, ...]) -> dict[str, object]:
    """The column, or columns, that a sentence names by the headers people see."""
    return {"table": table, "column": column}


def called(row_id: str | None, title: str | None) -> str:
    """A row as people know it: «U02 (Ukeplanen endres ofte)», shortened to fit a sentence."""
    short = " ".join((title or "").split())
    if len(short) > TITLE_ROOM:
        short = textwrap.shorten(short, TITLE_ROOM, placeholder="…")
    return f"{row_id or ''} ({short})".strip() if short else row_id or ""
