"""Møter: the steps of the method, the meetings, and an agenda to print for the next one."""

from hmsbook.standard.kinds import Choice, Day, Id, Person, Text
from hmsbook.standard.schema import Column, Names, Region, Sheet, Table

PROCESS = Table(
    "process",
    (
        Column("id", Id(prefix="S")),
        Column("step", Text(), width=40),
        Column("status", Choice(choices="step_statuses"), width=14),
        Column("date", Day()),
        Column("confirmed_by", Person(), width=24),
        Column("leader_asked", Day(), width=14),
        Column("risk", Text(), width=44),
        Column("action", Text(), width=36),
    ),
    rows=7,
    shared=True,
)

MEETINGS = Table(
    "meetings",
    (
        Column("id", Id(prefix="M")),
        Column("decisions", Text(), width=40),
        Column("type", Choice(choices="meeting_types"), width=14),
        Column("date", Day()),
        Column("place", Text(), width=24),
        Column("next", Text(), width=14),
        Column("attendance", Text(), width=44),
    ),
    rows=12,
    shared=True,
)


def _agenda(n: Names, row: int) -> str:
    """The heading, place and items of the next meeting, by its type."""
    kind = n.cell("next_meeting", 0, "type")
    if row == 0:
        # Not TEXT(): its date codes follow the language of the person's Excel.
        day = n.cell("next_meeting", 0, "date")
        date_text = f'DAY({day})&"."&MONTH({day})&"."&YEAR({day})'
        title = f"INDEX({n.block('agendas', 'title')},{kind})"
        return f'=IF({kind}=0,{n.text("ui.agenda.none")},{title}&" "&{date_text})'
    column = "purpose" if row == 1 else f"line{row - 1}"
    return f'=IF({kind}=0,"",INDEX({n.block("agendas", column)},{kind})&"")'


AGENDA = Region("agenda", 12, ("text",), {"text": _agenda})

SHEET = Sheet("meetings", (PROCESS, MEETINGS), (AGENDA,))
