"""Trender: a chart an indicator and what it says; the rows of unused slots are hidden with their charts."""

from __future__ import annotations

from typing import Any

from xlsxwriter.format import Format

from hmsbook.draw import styles
from hmsbook.draw.canvas import FIRST_ROW, LINK_ROW, MARGIN, ROW, Canvas
from hmsbook.draw.charts import TrendChart, add_trend_chart
from hmsbook.standard.book import slot_ids
from hmsbook.standard.calc import EVENT_HEIGHT, MONTH_CHOICES, WINDOW_POINTS
from hmsbook.standard.sheets.trends import (
    BLOCK_ROWS,
    CHART_ROWS,
    EXPLANATION,
    MARKS,
    SENTENCE,
    SPACE,
)

CHOICE_ROW = LINK_ROW + 1
BLOCKS_ROW = FIRST_ROW
PER_PAGE = 3
TEXT_WIDTH, CHOICE_WIDTH = 97, 11
# Three lines for the explanation, two for the marks.
HEIGHTS = {SENTENCE: 20, EXPLANATION: 40, MARKS: 27, SPACE: 8}
CHART_WIDTH = 764
GAP = 4
CHART_HEIGHT = CHART_ROWS * ROW * 4 // 3 - GAP
# Shares of the chart: all plots stand in line, with room for the last value at their right.
PLOT = {"x": 0.055, "y": 0.155, "width": 0.89, "height": 0.565}
LEGEND = {"x": 0.05, "y": 0.885, "width": 0.9, "height": 0.1}
# Numbers of measures and events stand low on this axis, and a line from each reaches its ends.
MARKS_BOTTOM, MARKS_TOP = -600, 10_000
MEASURE, EVENT = f'[<{EVENT_HEIGHT}]"T"00;"T"ss', 's")"'
GRID = "#E6EBEE"
MEASURE_LINE = {"color": "#86AEB2", "width": 1.25}
EVENT_LINE = {"color": "#9AA5AD", "width": 1, "dash_type": "round_dot"}
NONE = {"none": True}
# As large as the largest marker, so that a label stands clear of it.
UNSEEN = {"type": "circle", "size": 9, "fill": NONE, "border": NONE}
# The year below the month, so that five years have room.
MONTH = 'mmm" \n"yyyy'
PALE = {"color": styles.WHITE, "transparency": 25}
SMALL = {"name": styles.FONT, "size": 9, "color": styles.MUTED}
STRONG = {"name": styles.FONT, "size": 10, "color": styles.INK, "bold": True}


def draw(canvas: Canvas) -> None:
    """Draw the cell that chooses the months shown, and a block a slot."""
    canvas.lead()
    canvas.links((MARGIN,))
    canvas.page.set_column(MARGIN, MARGIN, TEXT_WIDTH)
    canvas.page.set_column(MARGIN + 1, MARGIN + 1, CHOICE_WIDTH)
    _choice(canvas)
    looks = _looks(canvas)
    canvas.region("trend_blocks", BLOCKS_ROW, MARGIN, lambda row, _name: looks.get(row % BLOCK_ROWS))
    slots = canvas.desk.book.manifest.slots
    for slot, slot_id in enumerate(slot_ids(slots)):
        _insert(canvas, slot, slot_id)
    _heights(canvas, slots)
    canvas.page.freeze_panes(CHOICE_ROW + 1, 0)
    canvas.print_setup(BLOCKS_ROW + slots * BLOCK_ROWS - 1, MARGIN + 1, scale=82)
    canvas.page.set_h_pagebreaks(
        [BLOCKS_ROW + slot * BLOCK_ROWS for slot in range(PER_PAGE, slots, PER_PAGE)]
    )


def _choice(canvas: Canvas) -> None:
    at = (CHOICE_ROW, MARGIN + 1)
    label = canvas.style("label", align="right", indent=1)
    canvas.page.write_string(CHOICE_ROW, MARGIN, canvas.text("ui.trends.months_shown"), label)
    style = canvas.style("cell", align="center", bold=True, border=1, border_color=styles.MUTED)
    canvas.page.write_number(*at, canvas.desk.months_shown, style)
    choices = [str(months) for months in MONTH_CHOICES]
    canvas.page.data_validation(*at, *at, {"validate": "list", "source": choices})
    title = canvas.title.replace("'", "''")
    canvas.desk.define("hms_months_shown", f"'{title}'!$C${CHOICE_ROW + 1}")


def _looks(canvas: Canvas) -> dict[int, Format]:
    """The formats of a block's texts."""
    small = {"font_size": styles.SIZES["small"], "valign": "top"}
    return {
        SENTENCE: canvas.style("plain", bold=True),
        EXPLANATION: canvas.style("text", **small),
        MARKS: canvas.style("muted", **small),
    }


def _heights(canvas: Canvas, slots: int) -> None:
    """The rows' heights; those of unused slots are hidden."""
    hidden = canvas.desk.fill.hidden_rows.get("trend_blocks", ())
    for row in range(slots * BLOCK_ROWS):
        options = {"hidden": True} if row in hidden else {}
        canvas.page.set_row(BLOCKS_ROW + row, HEIGHTS.get(row % BLOCK_ROWS, ROW), None, options)


def _insert(canvas: Canvas, slot: int, slot_id: str) -> None:
    """The chart of a slot, over the first rows of its block."""
    chart = add_trend_chart(canvas.desk.workbook, f"hms_trend_{slot_id}")
    _add_series(canvas, chart, slot)
    _frame(canvas, chart, slot)
    # Laid over rows that may be hidden: only position 4 anchors it where it belongs.
    options = {
        "object_position": 4,
        "y_offset": GAP,
        "description": canvas.text("ui.trends.alt", id=slot_id),
    }
    canvas.page.insert_chart(BLOCKS_ROW + slot * BLOCK_ROWS, MARGIN, chart, options)


# The chart


def _add_series(canvas: Canvas, chart: TrendChart, slot: int) -> None:
    for key, look in _series().items():
        chart.add_series(
            {
                "name": canvas.text(f"ui.trends.{_NAMES.get(key, key)}"),
                "categories": f"={canvas.desk.names.block('window', f'{slot}_date')}",
                "values": f"={canvas.desk.names.block('window', f'{slot}_{key}')}",
                **look,
            }
        )


def _frame(canvas: Canvas, chart: TrendChart, slot: int) -> None:
    """Title, axes, legend and size."""
    chart.set_title(
        {
            "name": f"={canvas.desk.names.cell('slots', slot, 'title')}",
            "name_font": {"name": styles.FONT, "size": 12, "bold": True, "color": styles.INK},
            "overlay": True,
            "layout": {"x": 0.005, "y": 0.015},
        }
    )
    chart.set_x_axis(_months())
    chart.set_y_axis(_values())
    chart.set_y2_axis(_numbers())
    chart.set_legend({"position": "bottom", "font": SMALL, "layout": LEGEND, "delete_series": _left_out()})
    chart.set_chartarea({"border": NONE, "fill": {"color": styles.WHITE}})
    chart.set_plotarea({"fill": NONE, "layout": PLOT})
    chart.set_size({"width": CHART_WIDTH, "height": CHART_HEIGHT})
    chart.show_na_as_empty_cell()
    chart.show_hidden_data()


def _months() -> dict[str, Any]:
    """A tick and a name every third month, so that five years have room."""
    return {
        "date_axis": True,
        "num_format": MONTH,
        "num_font": {**SMALL, "rotation": 0},
        "line": {"color": styles.LINE},
        "major_unit": 3,
        "major_unit_type": "months",
        "major_tick_mark": "outside",
        "minor_tick_mark": "none",
        "label_position": "low",
    }


def _values() -> dict[str, Any]:
    return {
        "num_font": SMALL,
        "num_format": "General",
        "line": NONE,
        "major_tick_mark": "none",
        "major_gridlines": {"visible": True, "line": {"color": GRID, "width": 0.75}},
    }


def _numbers() -> dict[str, Any]:
    """An axis nobody sees. Excel moves the series of a deleted axis to the other one, so it is there."""
    return {
        "min": MARKS_BOTTOM,
        "max": MARKS_TOP,
        "label_position": "none",
        "line": NONE,
        "major_tick_mark": "none",
        "minor_tick_mark": "none",
    }


def _left_out() -> list[int]:
    """Series the legend does not name: limits are one thing, the title says what the value is."""
    keys = list(_series())
    return [keys.index(key) for key in ("upper", "value", "ends", "measure", "event")]


# What a series is called where its key has no words of its own.
_NAMES = {"ends": "value"}


def _series() -> dict[str, dict[str, Any]]:
    """The series from back to front: limits and mean first, signals on top, lines that mark a month."""
    return {
        "ends": {"line": NONE, "marker": UNSEEN, "data_labels": _ends()},
        "mean": _line(styles.COMMON, 1.25, None),
        "lower": _line(styles.COMMON, 1, "dash"),
        "upper": _line(styles.COMMON, 1, "dash"),
        "target": _line(styles.TARGET, 1.5, "long_dash"),
        "value": {
            "line": {"color": styles.PETROL, "width": 1.75},
            "marker": _marker("circle", 5, styles.PETROL),
        },
        "improvement": {"line": NONE, "marker": _marker("triangle", 9, styles.IMPROVEMENT)},
        "concern": {"line": NONE, "marker": _marker("diamond", 9, styles.CONCERN)},
        "neutral": {"line": NONE, "marker": _marker("square", 8, styles.NEUTRAL)},
        "measure": _mark(MEASURE, styles.PETROL, MEASURE_LINE),
        "event": _mark(EVENT, styles.MUTED, EVENT_LINE),
    }


def _line(color: str, width: float, dash: str | None) -> dict[str, Any]:
    line: dict[str, Any] = {"color": color, "width": width}
    if dash:
        line["dash_type"] = dash
    return {"line": line, "marker": {"type": "none"}}


def _marker(kind: str, size: int, color: str) -> dict[str, Any]:
    return {"type": kind, "size": size, "fill": {"color": color}, "border": {"color": styles.WHITE}}


def _ends() -> dict[str, Any]:
    """Labels above, on white; the newest month's stands beside its point, where no line comes."""
    beside: list[dict[str, Any] | None] = [
        *[None] * WINDOW_POINTS,
        {"position": "right", "font": STRONG},
    ]
    return {"value": True, "position": "above", "font": STRONG, "fill": PALE, "custom": beside}


def _mark(number_format: str, color: str, line: dict[str, Any]) -> dict[str, Any]:
    """A line through the chart, and beside its foot the number of what happened."""
    return {
        "y2_axis": True,
        "line": NONE,
        "marker": {"type": "none"},
        "data_labels": {
            "value": True,
            "position": "right",
            "num_format": number_format,
            "font": {**SMALL, "color": color, "bold": True},
        },
        "y_error_bars": {
            "type": "fixed",
            "value": MARKS_TOP,
            "direction": "both",
            "end_style": 0,
            "line": line,
        },
    }
