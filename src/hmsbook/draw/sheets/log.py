"""Logg: what hmsbook did."""

from __future__ import annotations

from hmsbook.draw.canvas import FIRST_ROW, MARGIN, Canvas

WIDTHS = (17, 20, 90, 12)


def draw(canvas: Canvas) -> None:
    """Draw the log's plain range."""
    canvas.lead()
    canvas.links((MARGIN, MARGIN + 1))
    region = canvas.desk.regions["log"]
    for offset, width in enumerate(WIDTHS):
        canvas.page.set_column(MARGIN + offset, MARGIN + offset, width)
    canvas.heads(FIRST_ROW, MARGIN, region.columns, "ui.log")
    canvas.region("log", FIRST_ROW + 1, MARGIN, [canvas.style("text", indent=1)] * len(region.columns))
    canvas.page.freeze_panes(FIRST_ROW + 1, 0)
    canvas.print_setup(FIRST_ROW + 60, MARGIN + len(WIDTHS) - 1, repeat=FIRST_ROW)
