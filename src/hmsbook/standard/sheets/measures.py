"""Tiltak: what was decided, who does it, by when, and whether it worked."""

from hmsbook.standard.kinds import (
    Choice,
    Choices,
    Day,
    Id,
    Integer,
    Number,
    Person,
    References,
    Text,
    YesNo,
)
from hmsbook.standard.schema import Column, Names, Sheet, Table

UNDER_WAY = ("decided", "ongoing")
FINISHED = ("done", "awaiting_evaluation", "closed", "cancelled", "lifted")
SOON_DAYS = 14


def _days_left(n: Names) -> str:
    deadline, status = n.this("measures", "deadline"), n.this("measures", "status")
    finished = ",".join(f"{status}={n.choice('statuses', key)}" for key in FINISHED)
    return f'=IF(ISNUMBER({deadline}),IF(OR({finished}),"",INT({deadline})-hms_today),"")'


def _urgency(n: Names) -> str:
    left, status = n.this("measures", "days_left"), n.this("measures", "status")
    evaluate_on = n.this("measures", "evaluate_on")
    awaiting = f"AND({status}={n.choice('statuses', 'awaiting_evaluation')},ISNUMBER({evaluate_on}))"
    evaluate = f'IF({evaluate_on}<hms_today,{n.choice("urgency", "evaluate")},"")'
    late = (
        f"IF({left}<0,{n.choice('urgency', 'overdue')},"
        f'IF({left}<={SOON_DAYS},{n.choice("urgency", "soon")},""))'
    )
    return f'=IF({awaiting},{evaluate},IF(ISNUMBER({left}),{late},""))'


MEASURES = Table(
    "measures",
    (
        Column("id", Id(prefix="T")),
        Column("measure", Text(), width=42),
        Column("challenges", References(table="challenges"), width=12),
        Column("responsible", Person(), width=20),
        Column("deadline", Day(), width=12),
        Column("days_left", Integer(minimum=None), formula=_days_left, width=8),
        Column("urgency", Choice(choices="urgency"), formula=_urgency, width=12),
        Column("status", Choice(choices="statuses"), width=19),
        Column("achieve", Text(), width=34),
        Column("evaluate_on", Day(), width=12),
        Column("sensitive", YesNo()),
        Column("kind", Choice(choices="kinds"), aside=True, width=12),
        Column("iglo", Choice(choices="iglo"), aside=True, width=14),
        Column("indicators", References(table="indicators"), aside=True),
        Column("start", Day(), aside=True),
        Column("progress", Number(format="0", minimum=0, maximum=100), aside=True, width=10),
        Column("resources", Text(), aside=True),
        Column("when_changed", Text(), aside=True, width=28),
        Column("sources", Choices(choices="sources"), aside=True, width=24),
        Column("asked_beyond", YesNo(), aside=True, width=14),
        Column("decided_by", Person(), aside=True),
        Column("lifted_to", Text(), aside=True, width=20),
        Column("channels", Choices(choices="channels"), aside=True, width=20),
        Column("evaluation", Text(), aside=True, width=36),
    ),
    rows=60,
    shared=True,
)

SHEET = Sheet("measures", (MEASURES,))
