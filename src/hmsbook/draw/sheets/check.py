"""Kontroll: problems, with links that jump to the cell."""

from __future__ import annotations

from typing import Any

from hmsbook.draw import styles
from hmsbook.draw.canvas import FIRST_ROW, MARGIN, Canvas

ROW_HEIGHT = 34
WIDTHS = {"severity": 11, "code": 9, "sheet": 18, "cell": 9, "text": 72, "fix": 72}


def draw(canvas: Canvas) -> None:
    """Draw the list of problems."""
    canvas.lead()
    canvas.links((MARGIN, MARGIN + 1, MARGIN + 2))
    region = canvas.desk.regions["problems"]
    for offset, key in enumerate(region.columns):
        canvas.page.set_column(MARGIN + offset, MARGIN + offset, WIDTHS[key])
    canvas.heads(FIRST_ROW, MARGIN, region.columns, "ui.check")
    looks: dict[str, dict[str, Any]] = {
        "cell": {"font_color": styles.PETROL, "underline": 1},
        "severity": {"bold": True},
    }
    formats = [canvas.style("owned", indent=1, **looks.get(key, {})) for key in region.columns]
    canvas.region("problems", FIRST_ROW + 1, MARGIN, formats)
    canvas.region(
        "problems_more", FIRST_ROW + 1 + region.rows, MARGIN, canvas.style("muted", text_wrap=False)
    )
    canvas.row_heights("problems", FIRST_ROW + 1, ROW_HEIGHT)
    _severities(canvas, region.rows)
    canvas.page.freeze_panes(FIRST_ROW + 1, 0)
    canvas.print_setup(FIRST_ROW + 1 + region.rows, MARGIN + len(region.columns) - 1, repeat=FIRST_ROW)


def _severities(canvas: Canvas, rows: int) -> None:
    for key, color in (("E", styles.CONCERN), ("W", styles.NEUTRAL), ("R", styles.IMPROVEMENT)):
        canvas.page.conditional_format(
            FIRST_ROW + 1,
            MARGIN,
            FIRST_ROW + rows,
            MARGIN,
            {
                "type": "cell",
                "criteria": "==",
                "value": f'"{canvas.desk.words.choice("severities", key)}"',
                "format": canvas.desk.styles.rule(font_color=color),
            },
        )
