"""Månedsverdier: one row a month, one column an indicator; beside it, why a figure changed."""

from hmsbook.standard.kinds import Month, Number, Person, Reference, Text
from hmsbook.standard.schema import CellFormula, Column, Names, Region, Sheet, Table

VALUES = Table(
    "values",
    (Column("month", Month(), width=17),),
    rows=120,
    shared=True,
    slots=lambda indicator: Column(indicator, Number(), width=12),
)

WHY = Table(
    "why",
    (
        Column("indicator", Reference(table="indicators")),
        Column("month", Month()),
        Column("text", Text(wrap=False), width=70),
        Column("by", Person(), width=16),
    ),
    rows=60,
    shared=True,
    right=True,
)

HEAD_ROWS = ("name", "unit", "owner", "due")


def heads(slots: int) -> Region:
    """What stands above each indicator's column: its name, unit, owner, and the month to fill next."""
    formulas = {f"I{slot + 1:02d}": _head(slot) for slot in range(slots)}
    return Region("value_heads", len(HEAD_ROWS), tuple(formulas), formulas)


def _head(slot: int) -> CellFormula:
    def formula(n: Names, row: int) -> str:
        if HEAD_ROWS[row] != "due":
            return f"={n.cell('slots', slot, HEAD_ROWS[row])}"
        active, last, due, hidden = (
            n.cell("slots", slot, key) for key in ("active", "last", "due", "hidden")
        )
        frequency = f"{n.cell('slots', slot, 'frequency')}<>{n.choice('frequencies', 'occasion')}"
        return f'=IF(AND({active}=1,{hidden}=0,{last}<{due},{frequency}),{due},"")'

    return formula


def _due(n: Names, _row: int) -> str:
    """Who owes a number, in words."""
    owes = f"INDEX({n.block('slots', 'owes')},ROWS({n.block('slots', 'owes')}))"
    said = f'IF({owes}="",{n.text("ui.values.all_in")},{n.text("ui.values.owes")}&{owes})'
    return f'=IF(SUM({n.block("slots", "active")})=0,"",{said})'


DUE = Region("values_due", 1, ("text",), {"text": _due})

SHEET = Sheet("values", (VALUES, WHY), (heads(24), DUE))
