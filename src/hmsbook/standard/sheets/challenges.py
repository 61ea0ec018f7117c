"""Utfordringer: what to improve, to preserve and to wish for."""

from hmsbook.standard.kinds import Choice, Id, Integer, Text, YesNo
from hmsbook.standard.schema import Column, Sheet, Table

CHALLENGES = Table(
    "challenges",
    (
        Column("id", Id(prefix="U")),
        Column("description", Text(), width=52),
        Column("factor", Choice(choices="factors"), width=28),
        Column("kind", Choice(choices="kinds"), width=12),
        Column("source", Choice(choices="sources"), width=16),
        Column("mentions", Integer(), width=10),
        Column("sensitive", YesNo(), width=10),
        Column("chosen", YesNo(), width=9),
        Column("followed_without_numbers", YesNo(), width=14),
        Column("note", Text(), width=34, private=True),
    ),
    rows=20,
    shared=True,
)

SHEET = Sheet("challenges", (CHALLENGES,))
