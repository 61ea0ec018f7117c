"""Whom a copy is for, and so which tables, columns and rows it may hold and which sheets it shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hmsbook.errors import UsageError
from hmsbook.model.frozen import NOTHING, Frozen
from hmsbook.model.records import Row
from hmsbook.standard.book import TABLES
from hmsbook.standard.sheets.measures import UNDER_WAY
from hmsbook.standard.sheets.priorities import CRITERIA
from hmsbook.standard.sheets.status import FINISHED

DECIDED = (*UNDER_WAY, *FINISHED, "awaiting_evaluation")
# What a table may hold that goes along whole, but for what is private.
WHOLE: tuple[str, ...] = ("*",)


class Audience(Frozen):
    """A kind of copy: what it may hold, and what it shows.

    `columns` names the columns of each table that goes along; a table that is not there stays empty. `rows`
    says of a table which of its rows go along. `sheets` are those that show, the first one first; without
    any they show as in the workbook. `nameless` copies name nobody but who is responsible, and hold nothing
    about indicators of which a value is hidden. What is `returned` is meant to come back.
    """

    key: str
    columns: Mapping[str, tuple[str, ...]]
    rows: Mapping[str, Callable[[Row], bool]] = NOTHING
    sheets: tuple[str, ...] = ()
    nameless: bool = False
    returned: bool = False

    def holds(self, table: str, column: str) -> bool:
        """Whether a column may go along; one that people added goes where its table goes whole."""
        named = self.columns.get(table, ())
        return named == WHOLE or column in named

    def takes(self, row: Row) -> bool:
        """Whether a row is of those that this audience gets."""
        return row.table in self.columns and self.rows.get(row.table, _any)(row)


def _any(_row: Row) -> bool:
    return True


def _is_chosen(row: Row) -> bool:
    return row.get("chosen") is True


def _is_decided(row: Row) -> bool:
    return row.get("status") in DECIDED


def _is_in_use(row: Row) -> bool:
    return row.get("active") is not False


_FORM = ("organisation", "unit", "parent_unit", "method", "language", "first_month")
_LIMITS = ("smallest_group", "smallest_bullying_group", "smaller_because")
_INDICATOR = ("id", "name", "unit", "better", "frequency", "target", "challenges", "active", "rolling")

GROUP = Audience(
    "group",
    {key: WHOLE for key, table in TABLES.items() if table.shared},
    returned=True,
)
EVERYONE = Audience(
    "everyone",
    {
        "unit": (*_FORM, *_LIMITS),
        "challenges": ("id", "description", "factor", "kind", "chosen"),
        "indicators": (*_INDICATOR, "about_persons", "fewest_people", "baseline_from", "baseline_to"),
        "recalculations": ("indicator", "from_month"),
        "values": WHOLE,
        "basis": ("month", "indicator", "numerator", "denominator", "people"),
        "measures": (
            "id",
            "measure",
            "challenges",
            "responsible",
            "deadline",
            "status",
            "achieve",
            "indicators",
            "start",
        ),
        "process": ("id", "step", "status"),
    },
    {"challenges": _is_chosen, "indicators": _is_in_use, "measures": _is_decided},
    sheets=("digest", "trends", "about_copy"),
    nameless=True,
)
LEADER = Audience(
    "leader",
    {
        **dict.fromkeys(("unit", "challenges", "indicators", "recalculations", "values", "why"), WHOLE),
        **dict.fromkeys(("basis", "measures", "process", "events", "survey"), WHOLE),
        "group": ("name", "role", "can_decide"),
        "meetings": ("id", "type", "date", "place", "next"),
    },
    sheets=("digest", "status", "trends", "measures", "about_copy"),
)
SCORE = Audience(
    "score",
    {
        "unit": _FORM,
        "challenges": ("id", "description", "factor", "kind", "chosen"),
        "proposals": ("id", "proposal", "challenge", *CRITERIA, "kind", "iglo", "resources"),
        "weights": WHOLE,
        "process": ("id", "step", "status"),
    },
    sheets=("priorities", "challenges", "about_copy"),
    returned=True,
)
AUDIENCES: Mapping[str, Audience] = {it.key: it for it in (GROUP, EVERYONE, LEADER, SCORE)}


def audience(key: str) -> Audience:
    """The audience with this key; UsageError when there is none."""
    if key not in AUDIENCES:
        raise UsageError("unknown_audience", found=key, known=", ".join(AUDIENCES))
    return AUDIENCES[key]
