"""A whole workbook as read: its rows, the records made of them, and what could not be read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from hmsbook.model.frozen import NOTHING, Frozen
from hmsbook.model.problems import Problem
from hmsbook.model.records import (
    Basis,
    Challenge,
    Event,
    Indicator,
    Measure,
    Meeting,
    Member,
    Place,
    Proposal,
    Recalculation,
    Record,
    Row,
    Step,
    SurveyResult,
    Unit,
    Vote,
    Weights,
    Why,
)

R = TypeVar("R", bound=Record)


class Manifest(Frozen):
    """What hmsbook keeps about the workbook itself."""

    standard: str = ""
    language: str = "nb"
    workbook_id: str = ""
    edition: int = 0
    slots: int = 24
    values: Mapping[str, Any] = NOTHING


class Book(Frozen):
    """Rows by table, and records made of them. Empty rows are left out; ids stay as they stand.

    `masked` are the cells of a copy whose values are hidden, by table, index of the row and column: why, and
    how many people would have to be behind them.
    """

    manifest: Manifest
    rows: Mapping[str, tuple[Row, ...]]
    problems: tuple[Problem, ...] = ()
    drawn_rows: Mapping[str, tuple[Row, ...]] = NOTHING
    masked: Mapping[tuple[str, int, str], tuple[str, int]] = NOTHING

    def records(self, record: type[R]) -> tuple[R, ...]:
        """All records of one table."""
        return tuple(record.of(row) for row in self.rows.get(record.table, ()))

    @cached_property
    def unit(self) -> Unit:
        """The unit's form."""
        found = self.records(Unit)
        return found[0] if found else Unit(Row("unit", {}))

    @property
    def language(self) -> str:
        """The language the workbook was drawn in."""
        return self.manifest.language

    @property
    def method(self) -> str:
        """The method the group follows; PRoIND when none is chosen."""
        return self.unit.method or "proind"

    @cached_property
    def group(self) -> tuple[Member, ...]:
        """The members of the group."""
        return self.records(Member)

    @cached_property
    def challenges(self) -> tuple[Challenge, ...]:
        """The challenges, in the order they stand."""
        return self.records(Challenge)

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """Indicators with a name, in the order they stand."""
        return tuple(found for found in self.records(Indicator) if found.id)

    @cached_property
    def active(self) -> tuple[Indicator, ...]:
        """Indicators the group follows now."""
        return tuple(indicator for indicator in self.indicators if indicator.in_use)

    @cached_property
    def recalculations(self) -> tuple[Recalculation, ...]:
        """The months from which means start afresh."""
        return self.records(Recalculation)

    @cached_property
    def why(self) -> tuple[Why, ...]:
        """What people found when they asked why."""
        return self.records(Why)

    @cached_property
    def basis(self) -> tuple[Basis, ...]:
        """Numerators and denominators, a record a row."""
        return self.records(Basis)

    @cached_property
    def basis_sums(self) -> Mapping[str, Mapping[date, tuple[float, float]]]:
        """Sums of numerators and denominators by indicator and month, of the rows that can be used."""
        found: dict[str, dict[date, tuple[float, float]]] = {}
        for basis in self.basis:
            if (
                basis.indicator
                and basis.month
                and basis.numerator is not None
                and (basis.denominator or 0) > 0
            ):
                months = found.setdefault(basis.indicator, {})
                numerator, denominator = months.get(basis.month, (0.0, 0.0))
                months[basis.month] = (numerator + basis.numerator, denominator + (basis.denominator or 0))
        return found

    @cached_property
    def people_behind(self) -> Mapping[str, Mapping[date, float]]:
        """How many people are behind each value, by indicator and month, where somebody has counted them."""
        found: dict[str, dict[date, float]] = {}
        for basis in self.basis:
            if basis.indicator and basis.month and basis.people is not None:
                months = found.setdefault(basis.indicator, {})
                months[basis.month] = months.get(basis.month, 0.0) + basis.people
        return found

    @cached_property
    def weights(self) -> Weights:
        """What each criterion counts; nothing typed when the row is gone."""
        found = self.records(Weights)
        return found[0] if found else Weights(Row("weights", {}))

    @cached_property
    def proposals(self) -> tuple[Proposal, ...]:
        """The proposals, in the order they stand."""
        return self.records(Proposal)

    @cached_property
    def votes(self) -> tuple[Vote, ...]:
        """The members' scores of the proposals."""
        return self.records(Vote)

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """The measures, in the order they stand."""
        return self.records(Measure)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The steps of the method and how far each has come."""
        return self.records(Step)

    @cached_property
    def meetings(self) -> tuple[Meeting, ...]:
        """The meetings, in the order they stand."""
        return self.records(Meeting)

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """What happened that may explain the numbers."""
        return self.records(Event)

    @cached_property
    def survey(self) -> tuple[SurveyResult, ...]:
        """How many answered the survey, a record a theme."""
        return self.records(SurveyResult)

    @cached_property
    def values(self) -> Mapping[str, Mapping[date, float]]:
        """Typed values by indicator and month; the first one where a month stands twice."""
        found: dict[str, dict[date, float]] = {}
        for row in self.rows.get("values", ()):
            month = row.get("month")
            for key, value in row.values.items():
                if key != "month" and month is not None:
                    found.setdefault(key, {}).setdefault(month, value)
        return found

    @cached_property
    def value_places(self) -> Mapping[tuple[str, date], Place]:
        """Where each typed value stands."""
        return {
            (key, row.get("month")): row.place(key)
            for row in reversed(self.rows.get("values", ()))
            for key in row.values
            if key != "month" and row.get("month") is not None
        }

    def masked_in(self, indicator: str) -> Mapping[date, tuple[str, int]]:
        """The months of which a copy hides an indicator's value: why, and how few people are too few."""
        return self._masked_months.get(indicator, NOTHING)

    @cached_property
    def _masked_months(self) -> Mapping[str, Mapping[date, tuple[str, int]]]:
        found: dict[str, dict[date, tuple[str, int]]] = {}
        for (table, index, column), why in self.masked.items():
            row = self.drawn_rows[table][index] if table in ("values", "basis") else None
            indicator = row and (column if table == "values" else row.get("indicator"))
            if row and indicator and row.get("month"):
                found.setdefault(indicator, {})[row.get("month")] = why
        return found

    def indicator(self, key: str) -> Indicator | None:
        """The indicator with this id."""
        return next((found for found in self.indicators if found.id == key), None)

    def column_place(self, table: str, column: str) -> Place:
        """Where the first drawn cell of a column stands, for problems about what is missing."""
        rows = self.drawn_rows.get(table, ())
        return rows[0].place(column) if rows else Place()
