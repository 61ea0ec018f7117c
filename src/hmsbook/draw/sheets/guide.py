"""Veiledning: how the workbook is used, for this method."""

from __future__ import annotations

from collections.abc import Sequence

from hmsbook.draw.canvas import FIRST_ROW, LINKED, MARGIN, Canvas, sheet_keys

WIDTH = 104


def draw(canvas: Canvas) -> None:
    """Draw the guide: this method first, then the workbook month by month, then links to every sheet."""
    canvas.lead()
    canvas.page.set_column(MARGIN, MARGIN, WIDTH)
    words, method = canvas.desk.words, canvas.desk.book.method
    row = _section(
        canvas,
        FIRST_ROW - 1,
        words.choice("methods", method),
        [words.text(f"methods.{method}.summary"), *words.get(f"guide.methods.{method}.lines")],
    )
    for section in words.get("guide.sections"):
        row = _section(canvas, row, section["title"], section["lines"])
    row = _section(canvas, row, canvas.text("ui.guide.sheets"), ())
    for key in sheet_keys():
        listed = key not in ("guide", "log") and (key in LINKED or canvas.desk.fill.sheets[key])
        if listed and canvas.desk.leads_to(key):
            canvas.link(row, MARGIN, key, font_size=11)
            row += 1
    canvas.print_setup(row, MARGIN)


def _section(canvas: Canvas, row: int, title: str, lines: Sequence[str]) -> int:
    canvas.heading(row, MARGIN, title)
    for offset, line in enumerate(lines, 1):
        canvas.page.write_string(row + offset, MARGIN, f"•  {line}", canvas.style("plain"))
    return row + len(lines) + 2
