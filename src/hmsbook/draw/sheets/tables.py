"""Sheets that hold tables only, one below the other."""

from __future__ import annotations

from collections.abc import Sequence

from hmsbook.draw.canvas import FIRST_ROW, MARGIN, Canvas
from hmsbook.draw.rules import mark_table
from hmsbook.standard.schema import Table

ONE_PAGE = 55


def draw(canvas: Canvas) -> None:
    """Draw the sheet's tables from top to bottom, with a heading each where there are several."""
    canvas.lead()
    canvas.links((MARGIN, MARGIN + 1))
    tables = [canvas.desk.tables[table.key] for table in canvas.sheet.tables]
    row = FIRST_ROW
    for table in tables:
        if len(tables) > 1:
            canvas.heading(row - 1, MARGIN, canvas.text(f"tables.{table.key}"))
        head = row
        last = table is tables[-1]
        if table.form:
            row = canvas.form(table, row, MARGIN) + 2
            continue
        row = canvas.table(table, row, MARGIN, widths=_widest(tables) is table, spare=last) + 2
        mark_table(canvas, table, head, MARGIN)
    main = _widest(tables)
    if len(tables) == 1:
        canvas.page.freeze_panes(FIRST_ROW + 1, MARGIN + 1 if main.id_kind is None else MARGIN + 2)
    else:
        canvas.page.freeze_panes(1, 0)
    last_in_view = max(offset for offset, column in enumerate(main.columns) if not column.aside)
    canvas.print_setup(
        row - 3,
        MARGIN + last_in_view,
        pages_high=1 if row < ONE_PAGE else 0,
        repeat=FIRST_ROW if len(tables) == 1 else None,
    )


def _widest(tables: Sequence[Table]) -> Table:
    """The table whose columns set the widths of the sheet."""
    return max((table for table in tables if not table.form), key=lambda table: len(table.columns))
