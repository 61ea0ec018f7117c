"""Kontroll: what is wrong, where, and how to mend it."""

from hmsbook.standard.calc import PROBLEM_ROWS
from hmsbook.standard.schema import Names, Region, Sheet


def _link(n: Names, row: int) -> str:
    """A link that jumps to the cell."""
    sheet, cell = n.cell("jumps", row, "sheet"), n.cell("jumps", row, "cell")
    target = f'"#\'"&SUBSTITUTE({sheet},"\'","\'\'")&"\'!"&{cell}'
    return f'=IF({cell}="","",HYPERLINK({target},{cell}))'


PROBLEMS = Region(
    "problems", PROBLEM_ROWS, ("severity", "code", "sheet", "cell", "text", "fix"), {"cell": _link}
)
MORE = Region("problems_more", 1, ("text",))

SHEET = Sheet("check", regions=(PROBLEMS, MORE), shown="link")
