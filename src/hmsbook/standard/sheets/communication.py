"""Kommunikasjon: what is told to whom, where and how often."""

from hmsbook.standard.kinds import Choice, Day, Person, Text
from hmsbook.standard.schema import Column, Sheet, Table

COMMUNICATION = Table(
    "communication",
    (
        Column("message", Text(), width=52),
        Column("audience", Text(), width=24),
        Column("channel", Choice(choices="channels"), width=16),
        Column("interval", Text(), width=18),
        Column("owner", Person(), width=20),
        Column("next_date", Day(), width=13),
    ),
    rows=20,
    shared=True,
)

SHEET = Sheet("communication", (COMMUNICATION,), shown="used")
