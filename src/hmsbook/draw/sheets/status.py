"""Status: one landscape page."""

from __future__ import annotations

from collections.abc import Iterator

from xlsxwriter.utility import xl_rowcol_to_cell

from hmsbook.draw import styles
from hmsbook.draw.canvas import FIRST_ROW, LINK_ROW, MARGIN, Canvas
from hmsbook.standard.sheets.status import FACT_ROWS

WIDTHS = {
    "name": 36,
    "trend": 19,
    "last": 12,
    "month": 12,
    "last_year": 9,
    "mean": 9,
    "target": 9,
    "assurance": 13,
    "variation": 15,
    "sentence": 62,
    "next": 29,
}
CENTRED = ("trend", "month", "variation", "assurance")
SPARK_POINTS = 24
BANNER_ROW = LINK_ROW + 1


def draw(canvas: Canvas) -> None:
    """Draw facts, indicators, measures, challenges and what is missing."""
    canvas.lead()
    canvas.links((MARGIN, MARGIN + 1, MARGIN + 2, MARGIN + 4))
    for offset, width in enumerate(WIDTHS.values()):
        canvas.page.set_column(MARGIN + offset, MARGIN + offset, width)
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
    canvas.region("status_chance", first + region.rows, MARGIN, canvas.style("label"))
    return first + region.rows + 1


def _look(key: str) -> dict[str, object]:
    if key in ("name", "sentence", "next"):
        return {"bold": key != "sentence", "indent": 1, "align": "left"}
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


# Colour and tint of each sign; what is as before has no colour, so that the eye finds what is not.
UNSURE = "maybe_"
LOOKS = {
    "variation": {
        "improvement": (styles.IMPROVEMENT, styles.IMPROVEMENT_TINT),
        "concern": (styles.CONCERN, styles.CONCERN_TINT),
        "neutral": (styles.NEUTRAL, styles.NEUTRAL_TINT),
    },
    "assurance": {
        "pass": (styles.IMPROVEMENT, styles.IMPROVEMENT_TINT),
        "fail": (styles.CONCERN, styles.CONCERN_TINT),
    },
}


def _icons(canvas: Canvas, first: int, rows: int) -> None:
    """Colours of meaning for the two columns of icons."""
    for group, looks in LOOKS.items():
        column = MARGIN + list(WIDTHS).index(group)
        area = (first, column, first + rows - 1, column)
        for key, (color, tint) in looks.items():
            look = canvas.desk.styles.rule(font_color=color, bg_color=tint, bold=True)
            for sign in _signs(canvas, group, key):
                rule = {"type": "cell", "criteria": "==", "value": f'"{sign}"', "format": look}
                canvas.page.conditional_format(*area, rule)


def _signs(canvas: Canvas, group: str, key: str) -> Iterator[str]:
    """A sign as it stands in cells, and as it stands where something calls for caution."""
    known = canvas.desk.words.get(f"ui.icons.{group}")
    return (known[name] for name in (key, f"{UNSURE}{key}") if name in known)


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
    shared = {"valign": "vcenter", "indent": 1}
    formats = [
        canvas.style("text", **shared),
        canvas.style("text", **shared),
        canvas.style("text", num_format="dd.mm.yyyy", align="right", **shared),
        canvas.style(
            "text", align="right", num_format=f'0" ";0" {canvas.text("ui.status.late")} "', **shared
        ),
    ]
    canvas.region("status_urgent", row + 4, MARGIN, formats)
    last = row + 3 + urgent.rows
    days = MARGIN + len(urgent.columns) - 1
    late = canvas.desk.styles.rule(font_color=styles.CONCERN, bg_color=styles.CONCERN_TINT, bold=True)
    rule = {"type": "cell", "criteria": "<", "value": 0, "format": late}
    canvas.page.conditional_format(row + 4, days, last, days, rule)
    _tint_filled(canvas, (row + 4, MARGIN, last, days))
    canvas.row_heights("status_urgent", row + 4, 32)
    return max(row + 4 + urgent.rows, _news(canvas, row + 3))


def _news(canvas: Canvas, row: int) -> int:
    """What changed, beside the most urgent measures; its heading stands level with theirs."""
    column = MARGIN + list(WIDTHS).index("sentence")
    canvas.heading(row - 1, column, canvas.text("ui.status.for_meeting"))
    head, line = canvas.style("owned_head", indent=1), canvas.style("text", valign="vcenter", indent=1)
    canvas.region("status_news", row, column, lambda index, _name: head if index == 0 else line)
    below = row + canvas.desk.regions["status_news"].rows
    _tint_filled(canvas, (row + 1, column, below - 1, column + 1))
    return below


def _tint_filled(canvas: Canvas, area: tuple[int, int, int, int]) -> None:
    """Rows that hold something look owned; those that wait for something are as the page."""
    look = canvas.desk.styles.rule(bg_color=styles.OWNED, bottom=1, bottom_color=styles.LINE)
    key = xl_rowcol_to_cell(area[0], area[1], col_abs=True)
    canvas.page.conditional_format(*area, {"type": "formula", "criteria": f'={key}<>""', "format": look})


def _missing(canvas: Canvas, row: int) -> int:
    """What the method asks for, beside the challenges: one line each, running into the next column."""
    column = MARGIN + list(WIDTHS).index("sentence")
    canvas.heading(row, column, canvas.text("ui.status.missing"))
    region = canvas.desk.regions["status_missing"]
    canvas.region("status_missing", row + 1, column, canvas.style("plain", font_size=styles.SIZES["small"]))
    return row + 1 + region.rows


def _challenges(canvas: Canvas, row: int) -> int:
    region = canvas.desk.regions["status_challenges"]
    canvas.heading(row, MARGIN, canvas.text("ui.status.challenges"))
    below = _missing(canvas, row)
    aligned = dict.fromkeys(region.columns[1:], "center")
    canvas.heads(row + 1, MARGIN, region.columns, "ui.status.challenge", aligned)
    formats = [
        canvas.style("owned", indent=1),
        *[canvas.style("owned", align="center", num_format='0;-0;"–"')] * (len(region.columns) - 1),
    ]
    canvas.region("status_challenges", row + 2, MARGIN, formats)
    canvas.row_heights("status_challenges", row + 2)
    return max(below, row + 2 + region.rows)
