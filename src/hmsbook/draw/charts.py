"""Trend charts: a line chart on an axis of months, with gaps as gaps."""

from __future__ import annotations

from typing import Any

from xlsxwriter.chart_line import ChartLine
from xlsxwriter.workbook import Workbook


class TrendChart(ChartLine):  # type: ignore[misc]
    """A line chart whose date axis counts in months and whose stored values have gaps where they are missing.

    XlsxWriter writes no base unit for a date axis, and LibreOffice then falls back to days and takes many
    seconds to open the book; and it stores errors as zeros.
    """

    def _write_label_offset(self, value: int) -> None:
        super()._write_label_offset(value)
        self._xml_empty_tag("c:baseTimeUnit", [("val", "months")])

    def _write_disp_blanks_as(self) -> None:
        # XlsxWriter leaves the element out for a gap, and LibreOffice then draws missing values as zero.
        self._xml_empty_tag("c:dispBlanksAs", [("val", "gap")])

    def _write_custom_labels(self, _: dict[str, Any], labels: list[dict[str, Any] | None]) -> None:
        # XlsxWriter writes no position that is the default, and the label then takes that of the others.
        for index, label in enumerate(labels):
            if label is not None:
                self._xml_start_tag("c:dLbl")
                self._write_idx(index)
                self._write_axis_font(label["font"])
                self._write_d_lbl_pos(label["position"] or self.label_positions[self.label_position_default])
                self._write_show_val()
                self._xml_end_tag("c:dLbl")

    def _write_num_cache(self, data: list[Any]) -> None:
        super()._write_num_cache([value if _is_number(value) else None for value in data or ()])


def add_trend_chart(workbook: Workbook, name: str) -> TrendChart:
    """An empty trend chart that belongs to the workbook; its name finds it again."""
    chart = TrendChart()
    chart.chart_name = name
    chart.embedded = True
    chart.date_1904 = workbook.date_1904
    chart.remove_timezone = workbook.remove_timezone
    workbook.charts.append(chart)
    return chart


def _is_number(value: object) -> bool:
    try:
        float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False
    return True
