"""Dekning: factors against challenges, indicators and measures."""

from __future__ import annotations

import re

from hmsbook.draw.canvas import FIRST_ROW, MARGIN, Canvas

WIDTHS = (52, 15, 13, 11, 46)


def draw(canvas: Canvas) -> None:
    """Draw the two blocks: the method's factors and the law's."""
    canvas.lead()
    canvas.links((MARGIN, MARGIN + 1))
    for offset, width in enumerate(WIDTHS):
        canvas.page.set_column(MARGIN + offset, MARGIN + offset, width)
    formats = [
        canvas.style("owned", align="left", indent=1),
        *[canvas.style("owned", align="center")] * 3,
        canvas.style("owned", indent=1),
    ]
    row = FIRST_ROW
    for key, heading in (("coverage", "factor"), ("coverage_law", "law")):
        region = canvas.desk.regions[key]
        canvas.heads(row, MARGIN, region.columns, "ui.coverage", dict.fromkeys(region.columns[1:4], "center"))
        canvas.page.write_string(
            row, MARGIN, canvas.text(f"ui.coverage.{heading}"), canvas.style("owned_head", indent=1)
        )
        canvas.region(key, row + 1, MARGIN, formats)
        row += region.rows + 3
    for sentence in re.split(r"(?<=\.) (?=[A-ZÆØÅ])", canvas.text("law.text")):
        canvas.page.write_string(row - 1, MARGIN, sentence, canvas.style("muted", text_wrap=False))
        row += 1
    canvas.print_setup(row - 1, MARGIN + len(WIDTHS) - 1, pages_high=1)
