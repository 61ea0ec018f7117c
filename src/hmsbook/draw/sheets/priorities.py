"""Prioritering: weights, the proposals, and a diagram of ease and effect beside them."""

from __future__ import annotations

from typing import Any

from xlsxwriter.chart import Chart

from hmsbook.draw import styles
from hmsbook.draw.canvas import FIRST_ROW, MARGIN, SPARE_ROWS, Canvas
from hmsbook.draw.rules import mark_table
from hmsbook.standard.calc import QUADRANT_SPOTS
from hmsbook.standard.sheets.priorities import CRITERIA

TABLE_ROW = FIRST_ROW + 4
BARS = ("quality", "cost")


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
    _bars(canvas, keys)
    _disagreement(canvas, keys, end)
    right = MARGIN + len(proposals.columns) + 1
    canvas.page.insert_chart(
        FIRST_ROW,
        right,
        _diagram(canvas),
        {"object_position": 2, "description": canvas.text("ui.priorities.alt")},
    )
    canvas.page.freeze_panes(TABLE_ROW + 1, MARGIN + 2)
    # The table on one page, the diagram on the next.
    canvas.print_setup(end - 1, right + 9, repeat=TABLE_ROW, scale=70)
    canvas.page.set_v_pagebreaks([right])


def _bars(canvas: Canvas, keys: list[str]) -> None:
    last = TABLE_ROW + len(canvas.desk.book.drawn_rows["proposals"]) + SPARE_ROWS
    for key in BARS:
        column = MARGIN + keys.index(key)
        canvas.page.conditional_format(
            TABLE_ROW + 1,
            column,
            last,
            column,
            {
                "type": "data_bar",
                "data_bar_2010": True,
                "bar_color": "#A9C7D3",
                "bar_solid": True,
                "min_type": "num",
                "min_value": 0,
                "max_type": "num",
                "max_value": 5,
            },
        )


def _disagreement(canvas: Canvas, keys: list[str], end: int) -> None:
    """A wide spread among the votes is worth a talk."""
    column = MARGIN + keys.index("spread")
    canvas.page.conditional_format(
        TABLE_ROW + 1,
        column,
        end + SPARE_ROWS,
        column,
        {
            "type": "cell",
            "criteria": "between",
            "minimum": 1,
            "maximum": 5,
            "format": canvas.desk.styles.rule(
                bg_color=styles.NEUTRAL_TINT, font_color=styles.NEUTRAL, bold=True
            ),
        },
    )


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
