"""Undersøkelse: results of a working-environment survey, theme by theme."""

from hmsbook.standard.kinds import Choice, Integer, Number, Text
from hmsbook.standard.schema import Column, Sheet, Table

SURVEY = Table(
    "survey",
    (
        Column("round", Text(), width=12),
        Column("level", Choice(choices="survey_levels"), width=12),
        Column("theme", Text(), width=40),
        Column("theme_group", Text(), width=24),
        Column("scale", Text(), width=9),
        Column("subgroup_kind", Text(), width=16),
        Column("subgroup", Text(), width=18),
        Column("mean", Number(format="0.0"), width=10),
        Column("deviation", Number(format="0.0", minimum=0), width=10),
        Column("percentage", Number(format="0.0", minimum=0, maximum=100), width=10),
        Column("answered", Integer(), width=10),
        Column("invited", Integer(), width=10),
    ),
    rows=150,
    shared=True,
)

SHEET = Sheet("survey", (SURVEY,), shown="method")
