"""Kartlegging: what came out of the dialogue, counted."""

from hmsbook.standard.kinds import Choice, Integer, Text
from hmsbook.standard.schema import Column, Sheet, Table

MAPPING = Table(
    "mapping",
    (
        Column("round", Text(), width=14),
        Column("count_kind", Choice(choices="count_kinds"), width=14),
        Column("table", Text(), width=10),
        Column("text", Text(), width=56),
        Column("category", Choice(choices="factors"), width=28),
        Column("valence", Choice(choices="valences"), width=14),
        Column("agree", Integer(), width=10),
        Column("of_all", Integer(), width=10),
    ),
    rows=100,
    shared=True,
)

SHEET = Sheet("mapping", (MAPPING,), shown="method")
