"""Prioritering: weights, the proposals with what the group voted, and a diagram of ease and effect."""

from __future__ import annotations

from typing import Any

from xlsxwriter.chart import Chart
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell

from hmsbook.draw import styles
from hmsbook.draw.canvas import FIRST_ROW, MARGIN, SPARE_ROWS, Canvas
from hmsbook.draw.rules import mark_table
from hmsbook.standard.calc import QUADRANT_SPOTS
from hmsbook.standard.sheets.priorities import CRITERIA, SAID, VOTED, WIDE

TABLE_ROW = FIRST_ROW + 4
BARS = ("quality", "cost", "group_quality", "group_cost")
# The table with its votes is as wide as a page at this scale.
SCALE = 56
# What is worked out of the means, and says less where they hide much.
UNSURE = ("score", "rank", "quadrant", "talk")


def draw(canvas: Canvas) -> None:
    """Draw weights, proposals and diagram."""
    canvas.lead()
    canvas.links((MARGIN, MARGIN + 1))
    weights, proposals = canvas.desk.tables["weights"], canvas.desk.tables["proposals"]
    keys = [column.key for column in proposals.columns]
    at = MARGIN + keys.index(CRITERIA[0])
    canvas.page.write_string(
        FIRST_ROW, at - 1, canvas.text("tables.weights"), canvas.style("label", align="right")
    )
    canvas.table(weights, FIRST_ROW, at, widths=False, spare=False)
    end = canvas.table(proposals, TABLE_ROW, MARGIN)
    mark_table(canvas, proposals, TABLE_ROW, MARGIN)
    _said(canvas)
    _bars(canvas, keys)
    _votes(canvas, keys)
    right = MARGIN + len(proposals.columns) + 1
    canvas.region("priorities_mark", FIRST_ROW - 1, right, canvas.style("muted", text_wrap=False))
    canvas.page.insert_chart(
        FIRST_ROW,
        right,
        _diagram(canvas),
        {"object_position": 2, "description": canvas.text("ui.priorities.alt")},
    )
    canvas.page.freeze_panes(TABLE_ROW + 1, MARGIN + 2)
    # The table on one page, the diagram on the next.
    canvas.print_setup(end - 1, right + 9, repeat=TABLE_ROW, scale=SCALE)
    canvas.page.set_v_pagebreaks([right])


def _said(canvas: Canvas) -> None:
    """Who has voted and what to talk about; the columns about votes are hidden until there are some."""
    answered = canvas.style("plain", bold=True, font_color=styles.PETROL)
    apart = canvas.style("plain", bold=True, font_color=styles.NEUTRAL)
    at = TABLE_ROW - SAID.rows
    canvas.region("priorities_said", at, MARGIN, lambda row, _name: apart if row else answered)
    for offset, column in enumerate(canvas.desk.tables["proposals"].columns):
        if column.key in VOTED and not canvas.desk.book.votes:
            at = MARGIN + offset
            canvas.page.set_column(at, at, column.width, None, {"hidden": True})


def _bars(canvas: Canvas, keys: list[str]) -> None:
    bar = {
        "type": "data_bar",
        "data_bar_2010": True,
        "bar_color": "#A9C7D3",
        "bar_solid": True,
        "min_type": "num",
        "min_value": 0,
        "max_type": "num",
        "max_value": 5,
    }
    for key in BARS:
        column = MARGIN + keys.index(key)
        canvas.page.conditional_format(TABLE_ROW + 1, column, _last(canvas), column, bar)


def _votes(canvas: Canvas, keys: list[str]) -> None:
    """What is worth a talk stands out, and a score that votes have taken the place of steps back."""
    rule = canvas.desk.styles.rule
    apart = rule(bg_color=styles.NEUTRAL_TINT, font_color=styles.NEUTRAL, bold=True)
    talk, voters = (
        xl_rowcol_to_cell(TABLE_ROW + 1, MARGIN + keys.index(key), col_abs=True) for key in ("talk", "voters")
    )
    spread = xl_rowcol_to_cell(TABLE_ROW + 1, MARGIN + keys.index("spread"), col_abs=True)
    for key in UNSURE:
        _when(canvas, keys, key, f'={talk}<>""', apart)
    _when(canvas, keys, "spread", f"=AND(ISNUMBER({spread}),{spread}>={WIDE})", apart)
    for key in CRITERIA:
        _when(canvas, keys, key, f"=N({voters})>0", rule(font_color=styles.COMMON, italic=True))


def _when(canvas: Canvas, keys: list[str], key: str, criteria: str, look: Format) -> None:
    """A look that a column's cells take on where something holds of their row."""
    column = MARGIN + keys.index(key)
    options = {"type": "formula", "criteria": criteria, "format": look}
    canvas.page.conditional_format(TABLE_ROW + 1, column, _last(canvas), column, options)


def _last(canvas: Canvas) -> int:
    return TABLE_ROW + len(canvas.desk.book.drawn_rows["proposals"]) + SPARE_ROWS


def _diagram(canvas: Canvas) -> Chart:
    chart = canvas.desk.workbook.add_chart({"type": "scatter", "name": "hms_priorities"})
    rows = canvas.desk.names.spots["plot"].region.rows
    for row in range(rows):
        chart.add_series(_point(canvas, row))
    for series in _frame(canvas):
        chart.add_series(series)
    font = {"name": styles.FONT, "size": 10, "color": styles.MUTED}
    for axis, key in ((chart.set_x_axis, "ease"), (chart.set_y_axis, "effect")):
        axis(
            {
                "name": canvas.text(f"ui.priorities.{key}"),
                "name_font": {"name": styles.FONT, "size": 11, "color": styles.INK},
                "num_font": font,
                # Room around the scores; 0 and 6 are no scores, so their labels are left out.
                "num_format": '[=0]"";[=6]"";0',
                "min": 0,
                "max": 6,
                "major_unit": 1,
                "major_gridlines": {"visible": False},
                "line": {"color": styles.LINE},
            }
        )
    chart.set_title(
        {
            "name": canvas.text("ui.priorities.title"),
            "name_font": {"name": styles.FONT, "size": 13, "color": styles.PETROL},
        }
    )
    chart.set_legend({"none": True})
    chart.set_chartarea({"border": {"none": True}})
    chart.set_size({"width": 560, "height": 520})
    return chart


def _point(canvas: Canvas, row: int) -> dict[str, Any]:
    names = canvas.desk.names
    return {
        "name": f"={names.cell('plot', row, 'id')}",
        "categories": f"={names.cell('plot', row, 'x')}",
        "values": f"={names.cell('plot', row, 'y')}",
        "marker": {
            "type": "circle",
            "size": 9,
            "fill": {"color": styles.PETROL},
            "border": {"color": styles.WHITE},
        },
        "data_labels": {
            "series_name": True,
            "value": False,
            "position": "right",
            "font": {"name": styles.FONT, "size": 9, "bold": True, "color": styles.INK},
        },
    }


def _frame(canvas: Canvas) -> list[dict[str, Any]]:
    """The lines between the quadrants and their names."""
    names = canvas.desk.names
    line = {"color": styles.LINE, "width": 1.5}
    lines = [
        {
            "categories": f"={names.block('cross', f'{way}_x')}",
            "values": f"={names.block('cross', f'{way}_y')}",
        }
        for way in ("up", "across")
    ]
    return [{**found, "line": line, "marker": {"type": "none"}} for found in lines] + [
        _quadrant(canvas, row) for row in range(len(QUADRANT_SPOTS))
    ]


def _quadrant(canvas: Canvas, row: int) -> dict[str, Any]:
    names = canvas.desk.names
    return {
        "name": f"={names.cell('quadrants', row, 'name')}",
        "categories": f"={names.cell('quadrants', row, 'x')}",
        "values": f"={names.cell('quadrants', row, 'y')}",
        "marker": {"type": "none"},
        "data_labels": {
            "series_name": True,
            "value": False,
            "position": "center",
            "font": {"name": styles.FONT, "size": 11, "italic": True, "color": styles.MUTED},
        },
    }
