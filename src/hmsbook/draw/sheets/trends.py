"""Trender: a sentence and a chart an indicator; the rows of unused slots are hidden with their charts."""

from __future__ import annotations

from typing import Any

from hmsbook.draw import styles
from hmsbook.draw.canvas import FIRST_ROW, LINK_ROW, MARGIN, Canvas
from hmsbook.draw.charts import TrendChart, add_trend_chart
from hmsbook.standard.book import slot_ids
from hmsbook.standard.calc import MONTH_CHOICES
from hmsbook.standard.sheets.trends import BLOCK_ROWS

CHOICE_ROW = LINK_ROW + 1
BLOCKS_ROW = FIRST_ROW + 1
CHART_ROWS = 12
PER_PAGE = 3
ROW_PIXELS = 24
WIDTHS = (30, 12, 46)
CHART_WIDTH = 618


def draw(canvas: Canvas) -> None:
    """Draw the cell that chooses the months shown, and a block a slot."""
    canvas.lead()
    canvas.links((MARGIN,))
    for offset, width in enumerate(WIDTHS):
        canvas.page.set_column(MARGIN + offset, MARGIN + offset, width)
    _choice(canvas)
    looks = {0: canvas.style("plain", bold=True), BLOCK_ROWS - 1: canvas.style("label")}
    canvas.region("trend_blocks", BLOCKS_ROW, MARGIN, lambda row, _name: looks.get(row % BLOCK_ROWS))
    slots = canvas.desk.book.manifest.slots
    for slot, slot_id in enumerate(slot_ids(slots)):
        _block(canvas, slot, slot_id)
    canvas.row_heights("trend_blocks", BLOCKS_ROW)
    canvas.page.freeze_panes(CHOICE_ROW + 1, 0)
    canvas.print_setup(BLOCKS_ROW + slots * BLOCK_ROWS - 1, MARGIN + len(WIDTHS) - 1, scale=88)
    canvas.page.set_h_pagebreaks(
        [BLOCKS_ROW + slot * BLOCK_ROWS for slot in range(PER_PAGE, slots, PER_PAGE)]
    )


def _choice(canvas: Canvas) -> None:
    canvas.page.write_string(CHOICE_ROW, MARGIN, canvas.text("ui.trends.months_shown"), canvas.style("label"))
    style = canvas.style("cell", align="center", bold=True, border=1, border_color=styles.MUTED)
    canvas.page.write_number(CHOICE_ROW, MARGIN + 1, canvas.desk.months_shown, style)
    canvas.page.data_validation(
        CHOICE_ROW,
        MARGIN + 1,
        CHOICE_ROW,
        MARGIN + 1,
        {"validate": "list", "source": [str(months) for months in MONTH_CHOICES]},
    )
    title = canvas.title.replace("'", "''")
    canvas.desk.define("hms_months_shown", f"'{title}'!$C${CHOICE_ROW + 1}")


def _block(canvas: Canvas, slot: int, slot_id: str) -> None:
    row = BLOCKS_ROW + slot * BLOCK_ROWS
    chart = _chart(canvas, slot, slot_id)
    canvas.page.insert_chart(
        row + 1,
        MARGIN,
        chart,
        {
            # Laid over rows that may be hidden: only this mode anchors it where it belongs.
            "object_position": 4,
            "description": canvas.text("ui.trends.alt", id=slot_id),
        },
    )


def _chart(canvas: Canvas, slot: int, slot_id: str) -> TrendChart:
    chart = add_trend_chart(canvas.desk.workbook, f"hms_trend_{slot_id}")
    for key, look in _series().items():
        chart.add_series(
            {
                "name": canvas.text(f"ui.trends.{key}") if key != "ends" else canvas.text("ui.trends.value"),
                "categories": f"={canvas.desk.names.block('window', f'{slot}_date')}",
                "values": f"={canvas.desk.names.block('window', f'{slot}_{key}')}",
                **look,
            }
        )
    font = {"name": styles.FONT, "size": 9, "color": styles.MUTED}
    title = canvas.desk.names.cell("slots", slot, "title")
    chart.set_title(
        {
            "name": f"={title}",
            "name_font": {"name": styles.FONT, "size": 12, "bold": True, "color": styles.INK},
            "overlay": False,
            "layout": {"x": 0.01, "y": 0.02},
        }
    )
    chart.set_x_axis(
        {
            "date_axis": True,
            "num_format": "mmm yy",
            "num_font": font,
            "line": {"color": styles.LINE},
            "major_tick_mark": "outside",
        }
    )
    chart.set_y_axis(
        {
            "num_font": font,
            "num_format": "General",
            "line": {"none": True},
            "major_gridlines": {"visible": True, "line": {"color": "#E6EBEE", "width": 0.75}},
        }
    )
    chart.set_legend({"position": "bottom", "font": font, "delete_series": _left_out()})
    chart.set_chartarea({"border": {"none": True}, "fill": {"color": styles.WHITE}})
    chart.set_plotarea({"fill": {"none": True}})
    chart.set_size({"width": CHART_WIDTH, "height": CHART_ROWS * ROW_PIXELS - 6})
    chart.show_na_as_empty_cell()
    chart.show_hidden_data()
    return chart


def _left_out() -> list[int]:
    """Series the legend does not name: two limits are one thing, and the labels are none."""
    keys = list(_series())
    return [keys.index("upper"), keys.index("ends")]


def _series() -> dict[str, dict[str, Any]]:
    """The series from back to front: limits and mean first, signals on top."""
    none = {"none": True}
    return {
        "lower": _line(styles.COMMON, 1, "dash"),
        "upper": _line(styles.COMMON, 1, "dash"),
        "mean": _line(styles.COMMON, 1.25, None),
        "target": _line(styles.TARGET, 1.5, "long_dash"),
        # Behind the value, whose point then stands in the ring.
        "mark": {
            "line": none,
            "marker": {
                "type": "circle",
                "size": 12,
                "border": {"color": styles.INK, "width": 1.25},
                "fill": {"color": styles.WHITE},
            },
        },
        "value": {
            "line": {"color": styles.PETROL, "width": 1.75},
            "marker": _marker("circle", 5, styles.PETROL),
        },
        "improvement": {"line": none, "marker": _marker("square", 8, styles.IMPROVEMENT)},
        "concern": {"line": none, "marker": _marker("diamond", 9, styles.CONCERN)},
        "neutral": {"line": none, "marker": _marker("triangle", 8, styles.NEUTRAL)},
        "ends": {
            "line": none,
            "marker": {"type": "none"},
            "data_labels": {
                "value": True,
                "position": "above",
                "num_format": "#,##0.0",
                "font": {"name": styles.FONT, "size": 10, "bold": True, "color": styles.INK},
            },
        },
    }


def _line(color: str, width: float, dash: str | None) -> dict[str, Any]:
    line: dict[str, Any] = {"color": color, "width": width}
    if dash:
        line["dash_type"] = dash
    return {"line": line, "marker": {"type": "none"}}


def _marker(kind: str, size: int, color: str) -> dict[str, Any]:
    return {"type": kind, "size": size, "fill": {"color": color}, "border": {"color": styles.WHITE}}
