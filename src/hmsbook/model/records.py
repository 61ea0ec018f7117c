"""One record a table, with the fields code computes with; everything else stays in the row's values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar, Self

from hmsbook.model.frozen import Frozen


class Place(Frozen):
    """Where something stands in the workbook, as a person finds it."""

    sheet: str = ""
    cell: str = ""


class Row(Frozen):
    """One row people filled in: values by column key, and the address of each cell.

    `extra` holds what stands in columns people added themselves, by their header.
    """

    table: str
    values: Mapping[str, Any]
    sheet: str = ""
    cells: Mapping[str, str] | None = None
    index: int = 0
    extra: Mapping[str, Any] | None = None

    def get(self, key: str) -> Any:
        """The value in a column, None when the cell is empty."""
        return self.values.get(key)

    def place(self, key: str | None = None) -> Place:
        """Where a value stands; the row's first cell when no column is named."""
        cells = self.cells or {}
        return Place(self.sheet, cells.get(key or "", "") or next(iter(cells.values()), ""))


class Record(Frozen):
    """A row as code computes with it."""

    table: ClassVar[str]
    row: Row

    @classmethod
    def of(cls, row: Row) -> Self:
        """The record of a row."""
        values = {name: row.values[name] for name in cls._fields if name in row.values}
        return cls(row=row, **values)

    def place(self, key: str | None = None) -> Place:
        """Where a value of the record stands."""
        return self.row.place(key)


class Unit(Record):
    """The unit's form: who the workbook is about, and what its people have agreed on."""

    table = "unit"
    organisation: str | None = None
    unit: str | None = None
    method: str | None = None
    language: str | None = None
    first_month: date | None = None
    headcount: int | None = None
    smallest_group: int | None = None
    smallest_bullying_group: int | None = None
    smaller_because: str | None = None
    votes_open: bool | None = None
    process_leader: str | None = None
    minute_taker: str | None = None
    success_criteria: str | None = None


class Member(Record):
    """A person in the group that does the work."""

    table = "group"
    name: str | None = None
    role: str | None = None
    email: str | None = None
    can_decide: bool | None = None
    receives_mail: bool | None = None


class Challenge(Record):
    """Something to improve or preserve, under the factor it belongs to."""

    table = "challenges"
    id: str | None = None
    description: str | None = None
    factor: str | None = None
    kind: str | None = None
    sensitive: bool | None = None
    chosen: bool | None = None
    followed_without_numbers: bool | None = None


class Indicator(Record):
    """A number the group follows; its id is the column of its monthly values."""

    table = "indicators"
    id: str = ""
    name: str | None = None
    unit: str | None = None
    better: str | None = None
    frequency: str | None = None
    rolling: bool | None = None
    target: float | None = None
    data_source: str | None = None
    owner: str | None = None
    challenges: tuple[str, ...] = ()
    active: bool | None = None
    about_persons: bool | None = None
    fewest_people: int | None = None
    baseline_from: date | None = None
    baseline_to: date | None = None

    @property
    def known_as(self) -> str:
        """What people call it: its name, else its id."""
        return self.name or self.id

    @property
    def in_use(self) -> bool:
        """Whether the group follows the indicator now."""
        return self.active is not False


class Recalculation(Record):
    """A month from which an indicator's mean starts afresh, and why."""

    table = "recalculations"
    indicator: str | None = None
    from_month: date | None = None
    reason: str | None = None
    author: str | None = None


class Why(Record):
    """What people found when they asked why an indicator had the value of a month."""

    table = "why"
    indicator: str | None = None
    month: date | None = None
    text: str | None = None
    by: str | None = None


class Basis(Record):
    """Numerator and denominator behind an indicator's value of a month."""

    table = "basis"
    month: date | None = None
    indicator: str | None = None
    numerator: float | None = None
    denominator: float | None = None
    people: int | None = None


class Weights(Record):
    """How much each criterion counts when proposals are ranked."""

    table = "weights"
    effect: float | None = None
    ease: float | None = None
    quality: float | None = None
    cost: float | None = None


class Proposal(Record):
    """A proposal for a measure, with the scores typed beside it."""

    table = "proposals"
    id: str | None = None
    proposal: str | None = None
    challenge: str | None = None
    effect: float | None = None
    ease: float | None = None
    quality: float | None = None
    cost: float | None = None
    chosen: bool | None = None
    answer: str | None = None
    kind: str | None = None
    low_hanging: bool | None = None


class Vote(Record):
    """One member's scores of one proposal."""

    table = "votes"
    member: str | None = None
    proposal: str | None = None
    effect: float | None = None
    ease: float | None = None
    quality: float | None = None
    cost: float | None = None


class Measure(Record):
    """What is to be done: for which challenges, by whom, by when, and how it is evaluated."""

    table = "measures"
    id: str | None = None
    measure: str | None = None
    kind: str | None = None
    challenges: tuple[str, ...] = ()
    responsible: str | None = None
    deadline: date | None = None
    status: str | None = None
    achieve: str | None = None
    sensitive: bool | None = None
    evaluate_on: date | None = None
    indicators: tuple[str, ...] = ()
    iglo: str | None = None
    start: date | None = None
    when_changed: str | None = None
    sources: tuple[str, ...] = ()
    asked_beyond: bool | None = None
    lifted_to: str | None = None
    channels: tuple[str, ...] = ()
    evaluation: str | None = None


class Step(Record):
    """How far the group has come with one step of the method."""

    table = "process"
    id: str | None = None
    status: str | None = None
    date: dt.date | None = None
    confirmed_by: str | None = None
    leader_asked: dt.date | None = None


class Meeting(Record):
    """A meeting: when, of which type, and what it decided."""

    table = "meetings"
    id: str | None = None
    type: str | None = None
    date: dt.date | None = None
    attendance: str | None = None
    decisions: str | None = None


class Event(Record):
    """Something that happened in a month and may explain the numbers."""

    table = "events"
    month: date | None = None
    text: str | None = None
    indicators: tuple[str, ...] = ()

    def touches(self, indicator: str) -> bool:
        """Whether an indicator may have felt the event; one that names none may have touched them all."""
        return not self.indicators or indicator in self.indicators


class SurveyResult(Record):
    """How many of those invited answered a survey about one theme."""

    table = "survey"
    level: str | None = None
    theme: str | None = None
    answered: int | None = None
    invited: int | None = None
