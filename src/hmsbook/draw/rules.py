"""Conditional formats: what turns visible by itself when something is overdue, high or unsettled."""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from hmsbook.draw import styles
from hmsbook.draw.canvas import SPARE_ROWS, Canvas
from hmsbook.standard.schema import Table

# Column and allowed value to colours: the text says it, the colour only helps the eye.
_MARKS: dict[tuple[str, str], dict[str, dict[str, Any]]] = {
    ("urgency", "urgency"): {
        "overdue": {"bg_color": styles.CONCERN_TINT, "font_color": styles.CONCERN, "bold": True},
        "soon": {"bg_color": styles.DUE, "font_color": styles.INK},
        "evaluate": {"bg_color": styles.NEUTRAL_TINT, "font_color": styles.NEUTRAL, "bold": True},
    },
    ("status", "statuses"): {
        "ongoing": {"font_color": styles.IMPROVEMENT, "bold": True},
        "awaiting_evaluation": {"font_color": styles.NEUTRAL, "bold": True},
        "closed": {"font_color": styles.COMMON},
        "cancelled": {"font_color": styles.COMMON, "font_strikeout": 1},
    },
    ("status", "step_statuses"): {
        "ongoing": {"bg_color": styles.IMPROVEMENT_TINT, "font_color": styles.IMPROVEMENT, "bold": True},
        "done": {"font_color": styles.COMMON},
    },
    ("what", "received"): {
        "conflict": {"font_color": styles.CONCERN, "bold": True},
        "left_out": {"font_color": styles.COMMON, "italic": True},
    },
    ("quadrant", "quadrants"): {
        "do_now": {"bg_color": styles.IMPROVEMENT_TINT, "font_color": styles.IMPROVEMENT, "bold": True},
        "quick_win": {"font_color": styles.IMPROVEMENT},
        "plan": {"font_color": styles.NEUTRAL},
        "wait": {"font_color": styles.COMMON},
    },
}


def mark_table(canvas: Canvas, table: Table, head: int, column: int) -> None:
    """The conditional formats of a table drawn with its header at a cell."""
    last = head + len(canvas.desk.book.drawn_rows[table.key]) + SPARE_ROWS
    for offset, found in enumerate(table.columns):
        choices = getattr(found.kind, "choices", "")
        for key, look in _MARKS.get((found.key, choices), {}).items():
            area = (head + 1, column + offset, last, column + offset)
            label = canvas.desk.words.choice(choices, key)
            canvas.page.conditional_format(
                *area,
                {
                    "type": "cell",
                    "criteria": "==",
                    "value": f'"{label}"',
                    "format": canvas.desk.styles.rule(**look),
                },
            )
        if table.key == "received" and found.key == "choice":
            what = xl_rowcol_to_cell(head + 1, column + _offset(table, "what"), col_abs=True)
            _await_choice(canvas, (head + 1, column + offset, last, column + offset), what)
        if found.key == "sensitive":
            rows = (head + 1, column, last, column + len(table.columns) - 1)
            _set_apart(canvas, rows, xl_rowcol_to_cell(head + 1, column + offset, col_abs=True))


def _offset(table: Table, key: str) -> int:
    return [column.key for column in table.columns].index(key)


def _await_choice(canvas: Canvas, cells: tuple[int, int, int, int], what: str) -> None:
    """The cell to choose in is yellow as long as a conflict waits for it."""
    conflict = canvas.desk.words.choice("received", "conflict")
    choice = xl_rowcol_to_cell(cells[0], cells[1], col_abs=True)
    canvas.page.conditional_format(
        *cells,
        {
            "type": "formula",
            "criteria": f'=AND({what}="{conflict}",{choice}="")',
            "format": canvas.desk.styles.rule(bg_color=styles.DUE, border=1, border_color=styles.MUTED),
        },
    )


def _set_apart(canvas: Canvas, rows: tuple[int, int, int, int], flag: str) -> None:
    """A sensitive row is set in italics, so that everyone sees it stays here."""
    yes = canvas.desk.words.choice("yes_no", "yes")
    canvas.page.conditional_format(
        *rows,
        {
            "type": "formula",
            "criteria": f'={flag}="{yes}"',
            "format": canvas.desk.styles.rule(font_color=styles.NEUTRAL, italic=True),
        },
    )
