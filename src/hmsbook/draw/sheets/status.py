"""Status: one landscape page."""

from __future__ import annotations

from hmsbook.draw import styles
from hmsbook.draw.canvas import FIRST_ROW, LINK_ROW, MARGIN, Canvas
from hmsbook.standard.sheets.status import FACT_ROWS

WIDTHS = {
    "name": 34,
    "trend": 20,
    "last": 12,
    "month": 13,
    "change": 10,
    "last_year": 10,
    "mean": 9,
    "target": 9,
    "variation": 10,
    "assurance": 10,
    "sentence": 62,
}
# Drawn for the verdict on variation, which an update does not give yet.
UNUSED = ("variation",)
CENTRED = ("trend", "month", "variation", "assurance")
SPARK_POINTS = 24
BANNER_ROW = LINK_ROW + 1


def draw(canvas: Canvas) -> None:
    """Draw facts, indicators, measures, challenges and what is missing."""
    canvas.lead()
    canvas.links((MARGIN, MARGIN + 1, MARGIN + 2, MARGIN + 4))
    for offset, (key, width) in enumerate(WIDTHS.items()):
        options = {"hidden": True} if key in UNUSED else {}
        canvas.page.set_column(MARGIN + offset, MARGIN + offset, width, None, options)
    canvas.region("status_stale", BANNER_ROW, MARGIN, canvas.style("banner"))
    row = _facts(canvas, FIRST_ROW)
    row = _indicators(canvas, row)
    row = _measures(canvas, row)
    row = _challenges(canvas, row)
    canvas.page.freeze_panes(1, 0)
    canvas.print_setup(row, MARGIN + len(WIDTHS) - 1, pages_high=1)
    canvas.page.center_horizontally()
    canvas.page.set_first_sheet()
    canvas.page.activate()


def _facts(canvas: Canvas, row: int) -> int:
    for offset, key in enumerate(FACT_ROWS):
        canvas.page.write_string(
            row + offset, MARGIN, canvas.text(f"ui.status.facts.{key}"), canvas.style("label")
        )
    canvas.region("status_facts", row, MARGIN + 1, canvas.style("plain", bold=True))
    return row + len(FACT_ROWS)


def _indicators(canvas: Canvas, row: int) -> int:
    region = canvas.desk.regions["status_indicators"]
    canvas.heading(row, MARGIN, canvas.text("ui.status.indicators"))
    aligned = {key: str(_look(key).get("align", "left")) for key in region.columns}
    canvas.heads(row + 1, MARGIN, region.columns, "ui.status.indicator", aligned, text_wrap=False)
    first = row + 2
    formats = [canvas.style("owned", **_look(key)) for key in region.columns]
    canvas.region("status_indicators", first, MARGIN, formats)
    for slot in range(region.rows):
        _sparkline(canvas, first + slot, slot)
    canvas.row_heights("status_indicators", first, 32)
    _icons(canvas, first, region.rows)
    return first + region.rows


def _look(key: str) -> dict[str, object]:
    if key in ("name", "sentence"):
        return {"bold": key == "name", "indent": 1, "align": "left"}
    if key in CENTRED:
        return {"align": "center"}
    return {"align": "right", "indent": 1, "num_format": "General"}


def _sparkline(canvas: Canvas, row: int, slot: int) -> None:
    names = canvas.desk.names
    canvas.page.add_sparkline(
        row,
        MARGIN + 1,
        {
            # No date axis: LibreOffice 7.4 crashes on one that lies on another sheet.
            "range": names.tail("window", f"{slot}_value", SPARK_POINTS),
            "type": "line",
            "series_color": styles.PETROL,
            "last_point": True,
            "last_color": styles.CONCERN,
            "weight": 1.5,
            "show_hidden": True,
        },
    )


def _icons(canvas: Canvas, first: int, rows: int) -> None:
    """Colours of meaning for the two columns of icons."""
    column = MARGIN + list(WIDTHS).index("variation")
    looks = {
        "improvement": (styles.IMPROVEMENT, styles.IMPROVEMENT_TINT),
        "concern": (styles.CONCERN, styles.CONCERN_TINT),
        "neutral": (styles.NEUTRAL, styles.NEUTRAL_TINT),
    }
    for key, (color, tint) in looks.items():
        for group in ("variation", "assurance"):
            text = canvas.desk.words.get(f"ui.icons.{group}").get(key)
            if text is None:
                continue
            canvas.page.conditional_format(
                first,
                column,
                first + rows - 1,
                column + 1,
                {
                    "type": "cell",
                    "criteria": "==",
                    "value": f'"{text}"',
                    "format": canvas.desk.styles.rule(font_color=color, bg_color=tint, bold=True),
                },
            )


def _measures(canvas: Canvas, row: int) -> int:
    canvas.heading(row, MARGIN, canvas.text("ui.status.measures"))
    counts, urgent = canvas.desk.regions["status_counts"], canvas.desk.regions["status_urgent"]
    for offset, key in enumerate(counts.columns):
        label = canvas.style("label", bg_color=styles.OWNED, indent=1)
        canvas.page.write_string(row + 1, MARGIN + offset, canvas.text(f"ui.status.counts.{key}"), label)
    canvas.region("status_counts", row + 2, MARGIN, canvas.style("number", indent=1))
    canvas.page.set_row(row + 2, 26)
    aligned = {"deadline": "right", "days_left": "right"}
    canvas.heads(row + 3, MARGIN, urgent.columns, "ui.status.urgent_columns", aligned)
    formats = [
        canvas.style("owned", indent=1),
        canvas.style("owned", indent=1),
        canvas.style("owned", num_format="dd.mm.yyyy", align="right", indent=1),
        canvas.style("owned", align="right", indent=1),
    ]
    canvas.region("status_urgent", row + 4, MARGIN, formats)
    canvas.row_heights("status_urgent", row + 4, 32)
    last = MARGIN + len(WIDTHS) - 1
    canvas.page.write_string(
        row + 3, last, canvas.text("ui.status.missing"), canvas.style("owned_head", indent=1)
    )
    canvas.region("status_missing", row + 4, last, canvas.style("owned", indent=1))
    return row + 4 + max(urgent.rows, canvas.desk.regions["status_missing"].rows)


def _challenges(canvas: Canvas, row: int) -> int:
    region = canvas.desk.regions["status_challenges"]
    canvas.heading(row, MARGIN, canvas.text("ui.status.challenges"))
    aligned = dict.fromkeys(region.columns[1:], "center")
    canvas.heads(row + 1, MARGIN, region.columns, "ui.status.challenge", aligned)
    formats = [
        canvas.style("owned", indent=1),
        *[canvas.style("owned", align="center")] * (len(region.columns) - 1),
    ]
    canvas.region("status_challenges", row + 2, MARGIN, formats)
    canvas.row_heights("status_challenges", row + 2)
    return row + 2 + region.rows
