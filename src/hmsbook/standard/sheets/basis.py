"""Grunnlag: numerators and denominators behind the values, mostly filled by import."""

from hmsbook.standard.kinds import Integer, Month, Number, Reference, Text
from hmsbook.standard.schema import Column, Sheet, Table

BASIS = Table(
    "basis",
    (
        Column("month", Month(), width=12),
        Column("indicator", Reference(table="indicators"), width=11),
        Column("numerator", Number(format="#,##0.##"), width=12),
        Column("denominator", Number(format="#,##0.##"), width=12),
        Column("people", Integer(), width=12),
        Column("source", Text(), width=34),
    ),
    rows=300,
    shared=True,
)

SHEET = Sheet("basis", (BASIS,), shown="used", landscape=False)
