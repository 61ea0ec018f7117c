"""Møter: the steps, the meetings, and the agenda of the next one on a page of its own."""

from __future__ import annotations

from hmsbook.draw.canvas import FIRST_ROW, MARGIN, Canvas
from hmsbook.draw.rules import mark_table

# The agenda is printed on a page of its own, at the scale of the wide tables above it.
AGENDA_HEIGHT = 30


def draw(canvas: Canvas) -> None:
    """Draw steps, meetings and agenda."""
    canvas.lead()
    canvas.links((MARGIN + 1, MARGIN + 2))
    process, meetings = canvas.desk.tables["process"], canvas.desk.tables["meetings"]
    canvas.heading(FIRST_ROW - 1, MARGIN, canvas.text("tables.process"))
    row = canvas.table(process, FIRST_ROW, MARGIN, spare=False) + 1
    mark_table(canvas, process, FIRST_ROW, MARGIN)
    canvas.heading(row, MARGIN, canvas.text("tables.meetings"))
    row = canvas.table(meetings, row + 1, MARGIN, widths=False, spare=False) + 1
    canvas.heading(row, MARGIN, canvas.text("ui.agenda.heading"))
    agenda = canvas.desk.regions["agenda"]
    for offset in range(agenda.rows):
        canvas.page.set_row(row + 1 + offset, AGENDA_HEIGHT)
    heading, item = canvas.style("plain", bold=True, font_size=20), canvas.style("plain", font_size=15)
    canvas.region("agenda", row + 1, MARGIN + 1, lambda index, _name: item if index else heading)
    canvas.page.freeze_panes(1, 0)
    # At a scale, since Excel leaves manual page breaks out where a sheet is fitted to pages.
    canvas.print_setup(row + agenda.rows, MARGIN + len(process.columns) - 1, scale=54)
    canvas.page.set_h_pagebreaks([row])
