"""Hendelser: what happened in the unit that may show in the figures."""

from hmsbook.standard.kinds import Month, References, Text
from hmsbook.standard.schema import Column, Sheet, Table

EVENTS = Table(
    "events",
    (
        Column("month", Month(), width=12),
        Column("text", Text(), width=60),
        Column("indicators", References(table="indicators"), width=16),
    ),
    rows=40,
    shared=True,
)

SHEET = Sheet("events", (EVENTS,), shown="used", landscape=False)
