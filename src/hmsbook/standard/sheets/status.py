"""Status: the one page a busy leader reads."""

from hmsbook.standard.calc import MANIFEST_KEYS, STALE_PARTS
from hmsbook.standard.schema import Names, Region, Sheet
from hmsbook.standard.sheets.measures import UNDER_WAY

OPEN = ("proposed", *UNDER_WAY, "awaiting_evaluation")
FINISHED = ("done", "closed")

FACT_ROWS = ("short", "unit", "period", "step", "next_meeting", "updated")
FACTS = Region("status_facts", len(FACT_ROWS), ("fact",))
INDICATORS = Region(
    "status_indicators",
    24,
    (
        "name",
        "trend",
        "last",
        "month",
        "last_year",
        "mean",
        "target",
        "assurance",
        "variation",
        "sentence",
        "next",
    ),
)


def _with_status(n: Names, keys: tuple[str, ...]) -> str:
    column = n.column("measures", "status")
    return "=" + "+".join(f"COUNTIF({column},{n.choice('statuses', key)})" for key in keys)


def _open(n: Names, _row: int) -> str:
    return _with_status(n, OPEN)


def _awaiting(n: Names, _row: int) -> str:
    return _with_status(n, ("awaiting_evaluation",))


def _done(n: Names, _row: int) -> str:
    return _with_status(n, FINISHED)


def _overdue(n: Names, _row: int) -> str:
    return f"=COUNTIF({n.column('measures', 'urgency')},{n.choice('urgency', 'overdue')})"


def _stale(n: Names, _row: int) -> str:
    """What has changed since the last update, in words; nothing when nothing has."""
    updated = n.cell("manifest", MANIFEST_KEYS.index("updated"), "value")
    parts = n.cell("stale", len(STALE_PARTS) - 1, "list")
    changed = f"{parts}&{n.text('ui.stale.changed')}"
    never = n.text("ui.stale.never")
    return f'=IF({updated}="",{never},IF({parts}="","",{changed}))'


COUNTS = Region(
    "status_counts",
    1,
    ("open", "overdue", "awaiting", "done"),
    {"open": _open, "overdue": _overdue, "awaiting": _awaiting, "done": _done},
)
URGENT = Region("status_urgent", 6, ("measure", "responsible", "deadline", "days_left"))
CHALLENGES = Region(
    "status_challenges", 10, ("factor", "improve", "preserve", "wish", "indicators", "measures")
)
MISSING = Region("status_missing", 6, ("text",))
# A heading, then what to talk about: what happened with its question, and who answers.
NEWS = Region("status_news", 7, ("text", "owner"))
CHANCE = Region("status_chance", 1, ("text",))
STALE = Region("status_stale", 1, ("text",), {"text": _stale})

SHEET = Sheet("status", regions=(FACTS, INDICATORS, CHANCE, COUNTS, URGENT, NEWS, CHALLENGES, MISSING, STALE))
