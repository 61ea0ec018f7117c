"""Tilbakemeldinger: what came back in copies, who changed what, and what is to be decided."""

from hmsbook.standard.kinds import Choice, Day, Id, Integer, Text
from hmsbook.standard.schema import Column, Sheet, Table

RECEIVED = Table(
    "received",
    (
        Column("id", Id(prefix="R"), width=8),
        Column("what", Choice(choices="received"), width=15),
        Column("where", Text(), width=17),
        Column("row", Text(), width=11),
        Column("field", Text(), width=18),
        Column("base", Text(), width=30),
        Column("mine", Text(), width=30),
        Column("theirs", Text(), width=34),
        Column("choice", Choice(choices="take"), width=11),
        Column("who", Text(), width=20),
        Column("received_on", Day(), width=12),
        Column("edition", Integer(), aside=True, width=9),
        Column("file", Text(), aside=True, width=26),
        # What a program needs to do what is chosen: which cell, and what they wrote, as JSON.
        Column("key", Text(), aside=True, width=24),
        Column("value", Text(), aside=True, width=24),
    ),
    rows=60,
)

SHEET = Sheet("received", (RECEIVED,), shown="used")
