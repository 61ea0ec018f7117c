"""Gruppe: the unit, and who takes part."""

from hmsbook.standard.kinds import Choice, Email, Integer, Month, Text, YesNo
from hmsbook.standard.schema import Column, Sheet, Table

UNIT = Table(
    "unit",
    (
        Column("organisation", Text()),
        Column("unit", Text()),
        Column("unit_id", Text()),
        Column("parent_unit", Text()),
        Column("method", Choice(choices="methods")),
        Column("language", Choice(choices="languages")),
        Column("first_month", Month()),
        Column("headcount", Integer()),
        Column("smallest_group", Integer(minimum=1)),
        Column("smallest_bullying_group", Integer(minimum=1)),
        Column("smaller_because", Text()),
        Column("votes_open", YesNo()),
        Column("process_leader", Text()),
        Column("minute_taker", Text()),
        Column("success_criteria", Text()),
        Column("time_frame", Text()),
        Column("contact", Text()),
    ),
    rows=1,
    form=True,
    shared=True,
)

GROUP = Table(
    "group",
    (
        Column("name", Text(), width=30),
        Column("role", Choice(choices="roles"), width=40),
        Column("email", Email(), width=34),
        Column("can_decide", YesNo(), width=14),
        Column("receives_mail", YesNo(), width=14),
        Column("note", Text(), width=36, private=True),
    ),
    rows=20,
    shared=True,
)

SHEET = Sheet("group", (UNIT, GROUP))
