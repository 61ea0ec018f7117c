"""Faktaark: a card a factor, a few to a page."""

from __future__ import annotations

from hmsbook.draw.canvas import FIRST_ROW, MARGIN, Canvas

WIDTH = 104
LINE = 15
CHARACTERS = 118
PER_PAGE = 3


def draw(canvas: Canvas) -> None:
    """Draw what each factor is, why it matters, and questions for the group."""
    canvas.lead()
    canvas.links((MARGIN,))
    canvas.page.set_column(MARGIN, MARGIN, WIDTH)
    row = FIRST_ROW
    breaks = []
    for number, factor in enumerate(canvas.desk.words.choices("factors")):
        if number and number % PER_PAGE == 0:
            breaks.append(row)
        row = _card(canvas, factor, row) + 1
    # At a scale, since Excel leaves manual page breaks out where a sheet is fitted to pages.
    canvas.print_setup(row, MARGIN, scale=83)
    canvas.page.set_h_pagebreaks(breaks)


def _card(canvas: Canvas, factor: str, row: int) -> int:
    facts = canvas.desk.words.get(f"factors.{factor}")
    canvas.heading(row, MARGIN, canvas.desk.words.choice("factors", factor))
    row = paragraph(canvas, row + 1, facts["what"])
    row = small_heading(canvas, row, canvas.text("ui.factors.why"))
    row = paragraph(canvas, row, facts["why"])
    row = small_heading(canvas, row, canvas.text("ui.factors.questions"))
    for question in facts["questions"]:
        canvas.page.write_string(row, MARGIN, f"•  {question}", canvas.style("plain"))
        row += 1
    return row


def small_heading(canvas: Canvas, row: int, text: str) -> int:
    """A heading inside a card; the row below it."""
    canvas.page.write_string(row, MARGIN, text, canvas.style("plain", bold=True))
    return row + 1


def paragraph(canvas: Canvas, row: int, text: str) -> int:
    """Running text in one row, high enough for its lines; the row below it."""
    canvas.page.set_row(row, LINE * (len(text) // CHARACTERS + 1) + 3)
    canvas.page.write_string(row, MARGIN, text, canvas.style("text"))
    return row + 1
