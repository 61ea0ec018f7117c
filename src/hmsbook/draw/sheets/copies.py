"""The pages that only copies have: parts below each other, each a heading above its rows."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.format import Format

from hmsbook.draw.canvas import FIRST_ROW, LINE, MARGIN, ROW, Canvas, lines_needed
from hmsbook.draw.styles import SIZES
from hmsbook.model.raw import Value

WIDTHS = {"digest": (46, 46, 20, 18), "about_copy": (32, 70)}
HEAD_HEIGHT, AIR = 26, 8


def draw(canvas: Canvas) -> None:
    """Draw the page's one region; what is empty of it stays out of sight."""
    (region,) = canvas.sheet.regions
    widths = WIDTHS[region.key]
    canvas.lead(font_size=SIZES["title"])
    for offset, width in enumerate(widths):
        canvas.page.set_column(MARGIN + offset, MARGIN + offset, width)
    grid = canvas.desk.fill.regions.get(region.key, ())
    heads = [not index or not any(grid[index - 1]) for index in range(len(grid))]
    looks = _Looks(canvas, region.columns[0])
    canvas.region(region.key, FIRST_ROW - 1, MARGIN, lambda index, name: looks.of(grid, heads, index, name))
    for index in range(region.rows):
        row = grid[index] if index < len(grid) else ()
        _height(canvas, FIRST_ROW - 1 + index, row, widths, head=index < len(grid) and heads[index])
    canvas.print_setup(FIRST_ROW - 1 + max(1, len(grid)), MARGIN + len(widths) - 1, pages_high=1)
    canvas.page.center_horizontally()


class _Looks:
    """The looks of a page's cells."""

    def __init__(self, canvas: Canvas, first: str) -> None:
        self.first = first
        beside = {"indent": 1, "align": "left"}
        self.head = canvas.style("owned_head", **beside)
        self.text = canvas.style("cell", **beside)
        self.main = canvas.style("cell", bold=True, **beside)
        self.line = canvas.style("plain", **beside)

    def of(
        self, grid: Sequence[Sequence[Value]], heads: Sequence[bool], index: int, name: str
    ) -> Format | None:
        """The look of a cell: none below the last row and between two parts."""
        if index >= len(grid) or not any(grid[index]):
            return None
        if heads[index]:
            return self.head
        if len(grid[index]) == 1 or not any(grid[index][1:]):
            return self.line
        return self.main if name == self.first else self.text


def _height(canvas: Canvas, row: int, cells: Sequence[Value], widths: Sequence[int], *, head: bool) -> None:
    """Room for the longest text of a row; a text that stands alone runs on to the right."""
    if head:
        canvas.page.set_row(row, HEAD_HEIGHT)
    elif any(cells[1:]):
        pairs = zip(cells, widths, strict=False)
        lines = max(lines_needed(str(text), width - 2) for text, width in pairs if text)
        canvas.page.set_row(row, LINE * lines + AIR)
    else:
        canvas.page.set_row(row, ROW)
