"""Stemmer: how each member scored each proposal."""

from hmsbook.standard.kinds import Person, Reference, Score
from hmsbook.standard.schema import Column, Sheet, Table

VOTES = Table(
    "votes",
    (
        Column("member", Person(), width=24),
        Column("proposal", Reference(table="proposals"), width=11),
        Column("effect", Score()),
        Column("ease", Score()),
        Column("quality", Score()),
        Column("cost", Score()),
    ),
    rows=200,
)

SHEET = Sheet("votes", (VOTES,), shown="agreed", landscape=False)
