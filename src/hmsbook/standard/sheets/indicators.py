"""Indikatorer: the six to ten figures the group follows, and where their limits start anew."""

from hmsbook.standard.kinds import (
    Choice,
    Id,
    Integer,
    Month,
    Number,
    Person,
    Reference,
    References,
    Text,
    YesNo,
)
from hmsbook.standard.schema import Column, Sheet, Table

# The id of an indicator is its slot: its column in the monthly values and its place in every chart.
SLOT_ID = Id(prefix="I")

INDICATORS = Table(
    "indicators",
    (
        Column("id", SLOT_ID, width=11),
        Column("name", Text(), width=34),
        Column("unit", Text(), width=16),
        Column("better", Choice(choices="better"), width=12),
        Column("frequency", Choice(choices="frequencies"), width=13),
        Column("target", Number(), width=9),
        Column("owner", Person(), width=20),
        Column("challenges", References(table="challenges"), width=14),
        Column("active", YesNo(), width=8),
        Column("data_source", Text(), aside=True, width=26),
        Column("rolling", YesNo(), aside=True, width=12),
        Column("about_persons", YesNo(), aside=True, width=12),
        Column("fewest_people", Integer(), aside=True, width=12),
        Column("baseline_from", Month(), aside=True, width=12),
        Column("baseline_to", Month(), aside=True, width=12),
    ),
    rows=24,
    shared=True,
)

RECALCULATIONS = Table(
    "recalculations",
    (
        Column("indicator", Reference(table="indicators")),
        Column("reason", Text(), width=34),
        Column("author", Person(), width=16),
        Column("from_month", Month()),
    ),
    rows=10,
    shared=True,
)

SHEET = Sheet("indicators", (INDICATORS, RECALCULATIONS))
