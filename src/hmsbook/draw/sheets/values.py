"""Månedsverdier: the months, with each indicator's name above its column, and why beside them."""

from __future__ import annotations

from xlsxwriter.utility import xl_rowcol_to_cell

from hmsbook.draw import styles
from hmsbook.draw.canvas import FIRST_ROW, LINK_ROW, MARGIN, SPARE_ROWS, Canvas
from hmsbook.standard.sheets.values import HEAD_ROWS

DUE_ROW = LINK_ROW + 1
HEADS_ROW = FIRST_ROW
TABLE_ROW = HEADS_ROW + len(HEAD_ROWS)


def draw(canvas: Canvas) -> None:
    """Draw the table of values, the region above it and the table of reasons."""
    canvas.lead()
    canvas.links((MARGIN, MARGIN + 1))
    canvas.region("values_due", DUE_ROW, MARGIN, canvas.style("plain", bold=True, font_color=styles.PETROL))
    values, why = canvas.desk.tables["values"], canvas.desk.tables["why"]
    _heads(canvas)
    end = canvas.table(values, TABLE_ROW, MARGIN)
    _mark_due(canvas, end)
    right = MARGIN + len(values.columns) + 1
    canvas.heading(TABLE_ROW - 1, right, canvas.text("tables.why"))
    canvas.table(why, TABLE_ROW, right)
    _hide_unused(canvas)
    canvas.page.freeze_panes(TABLE_ROW + 1, MARGIN + 1)
    canvas.print_setup(end - 1, MARGIN + len(values.columns) - 1, repeat=TABLE_ROW)


def _heads(canvas: Canvas) -> None:
    for offset, key in enumerate(HEAD_ROWS):
        canvas.page.write_string(
            HEADS_ROW + offset, MARGIN, canvas.text(f"ui.values.{key}"), canvas.style("label")
        )
    small = {"align": "center", "text_wrap": True, "font_size": styles.SIZES["small"]}
    plain = canvas.style("owned", **small)
    due = canvas.style("owned", **small, num_format="mmm yyyy", bold=True)
    at = HEAD_ROWS.index("due")
    canvas.region("value_heads", HEADS_ROW, MARGIN + 1, lambda index, _name: due if index == at else plain)
    canvas.page.set_row(HEADS_ROW, 52)
    canvas.page.set_row(HEADS_ROW + 2, 30)


def _mark_due(canvas: Canvas, end: int) -> None:
    """The cell to fill next is yellow while it is empty."""
    first, due = TABLE_ROW + 1, HEADS_ROW + HEAD_ROWS.index("due")
    month = xl_rowcol_to_cell(first, MARGIN, col_abs=True)
    cell = xl_rowcol_to_cell(first, MARGIN + 1)
    wanted = xl_rowcol_to_cell(due, MARGIN + 1, row_abs=True)
    slots = len(canvas.desk.tables["values"].columns) - 1
    canvas.page.conditional_format(
        first,
        MARGIN + 1,
        end + SPARE_ROWS,
        MARGIN + slots,
        {
            "type": "formula",
            "criteria": f'=AND({month}={wanted},{cell}="")',
            "format": canvas.desk.styles.rule(bg_color=styles.DUE, border=1, border_color=styles.MUTED),
        },
    )


def _hide_unused(canvas: Canvas) -> None:
    hidden = canvas.desk.fill.hidden_columns["values"]
    for offset, column in enumerate(canvas.desk.tables["values"].columns):
        if hidden.get(column.key):
            canvas.page.set_column(MARGIN + offset, MARGIN + offset, column.width, None, {"hidden": True})
