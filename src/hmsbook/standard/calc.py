"""The calculation sheets: live formulas behind charts, sparklines, the diagram and the staleness banner.

They are very hidden and never edited by people, so their cells are at fixed addresses. Results that an
update computes stand in a block keyed by month; the chart window looks values and results up by month, so
typing a value moves the chart and never slides limits onto the wrong points.
"""

from __future__ import annotations

from collections.abc import Callable

from hmsbook.standard.schema import CellFormula, Names, Region
from hmsbook.standard.sheets.priorities import BALLOT_ROWS, CRITERIA

WINDOW_POINTS = 60
# One row more, left truly empty but for its date: where every missing value of a series is #N/A,
# LibreOffice draws zeros; one empty cell among them makes it leave gaps.
WINDOW_ROWS = WINDOW_POINTS + 1
MONTH_CHOICES = (12, 24, 36, 60)
PLOT_ROWS = 40
PROBLEM_ROWS = 200
AGENDA_LINES = 10
MEETING_TYPES = ("mapping", "prioritisation", "process", "measures", "evaluation")
STATUS_KEYS = (
    "proposed",
    "decided",
    "ongoing",
    "done",
    "awaiting_evaluation",
    "closed",
    "cancelled",
    "lifted",
)
# What is stored by an update for each month and slot; kind: 1 improvement, 2 concern, 3 neutral signal;
# measure: the number of one that started, event: of one in the text below the chart.
RESULT_COLUMNS = ("value", "mean", "lower", "upper", "kind", "measure", "event")
# The number of a measure stands on a chart at its own height. What must stand higher is stored as seconds,
# which a number format can show alone: numbers of events, and of a measure that started the month after
# another one, where more months are shown than both have room in.
EVENT_HEIGHT, RAISED_HEIGHT, DAY_SECONDS = 1_000, 2_000, 86_400
MOST_SECONDS, MOST_APART = 59, 24
STALE_PARTS = ("values", "basis", "measures", "scores")

SlotFormula = Callable[[Names, int, int], str]

MANIFEST_KEYS = (
    "product",
    "standard",
    "program",
    "language",
    "workbook_id",
    "edition",
    "slots",
    "months",
    "updated",
    "as_of",
    "counters",
    "pinned_today",
    # Whom a copy is for, the member it was made for, and nothing in the workbook itself.
    "copy",
    "copy_for",
)
MANIFEST = Region("manifest", len(MANIFEST_KEYS), ("key", "value"))
TODAY = Region("today", 1, ("today",), {"today": lambda _names, _row: "=TODAY()"})
# What the latest update said, the one before it that said something else, and the copy mailed last.
SNAPSHOTS = Region("snapshots", 3, ("day", "indicators", "measures"))
PRINTS = Region("prints", 24, ("region", "print"))
# What came back in copies and is in the workbook now, so that the same is never taken twice.
MERGED = Region("merged", 3000, ("key", "value"))
# In copies only, on a sheet of its own: the rows as they were sent, line by line.
BASE = "base"


def _of_indicator(column: str) -> CellFormula:
    def formula(n: Names, row: int) -> str:
        position = n.cell("slots", row, "position")
        return f'=IF({position}=0,"",INDEX({n.column("indicators", column)},{position})&"")'

    return formula


def _position(n: Names, row: int) -> str:
    return f"=IFERROR(MATCH({n.cell('slots', row, 'id')},{n.column('indicators', 'id')},0),0)"


def _target(n: Names, row: int) -> str:
    position = n.cell("slots", row, "position")
    target = f"INDEX({n.column('indicators', 'target')},{position})"
    return f'=IF({position}=0,"",IF(ISNUMBER({target}),{target},""))'


def _step(n: Names, row: int) -> str:
    frequency = n.cell("slots", row, "frequency")
    return (
        f"=IF({frequency}={n.choice('frequencies', 'quarter')},3,"
        f"IF({frequency}={n.choice('frequencies', 'half_year')},6,"
        f"IF({frequency}={n.choice('frequencies', 'year')},12,1)))"
    )


def _active(n: Names, row: int) -> str:
    position, name = n.cell("slots", row, "position"), n.cell("slots", row, "name")
    active = f"INDEX({n.column('indicators', 'active')},{position})"
    return f'=IF({name}="",0,IF({active}={n.choice("yes_no", "no")},0,1))'


def _basis(n: Names, row: int) -> str:
    return f"=COUNTIF({n.column('basis', 'indicator')},{n.cell('slots', row, 'id')})"


def _slot_values(n: Names, row: int) -> str:
    return n.column("values", f"I{row + 1:02d}")


def _last(n: Names, row: int) -> str:
    """The newest month with a value; the one of the last update where a month cannot be computed with."""
    typed = f"SUMPRODUCT(MAX(ISNUMBER({_slot_values(n, row)})*{n.column('values', 'month')}))"
    mine = f"({n.column('basis', 'indicator')}={n.cell('slots', row, 'id')})"
    based = f"SUMPRODUCT(MAX({mine}*{_is_positive(n)}*{n.column('basis', 'month')}))"
    newest = f"MAX({typed},IF({n.cell('slots', row, 'basis')}>0,{based},0))"
    return f"=IFERROR(IF({newest}=0,0,EOMONTH({newest},-1)+1),{n.cell('slots', row, 'stored_last')})"


def _is_positive(n: Names) -> str:
    """Which denominators are above nought; to Excel a text is, too."""
    denominator = n.column("basis", "denominator")
    return f"ISNUMBER({denominator})*({denominator}>0)"


def _closing(n: Names, row: int) -> str:
    """The last month of the period that the newest value belongs to, whichever month it was brought in."""
    last = n.cell("slots", row, "last")
    return f"EDATE({last},MOD(-MONTH({last}),{n.cell('slots', row, 'step')}))"


def _end(n: Names, row: int) -> str:
    newest, last = n.cell("newest", 0, "month"), n.cell("slots", row, "last")
    first, step = n.cell("newest", 0, "first"), n.cell("slots", row, "step")
    return f"=IF({step}=1,{newest},IF({last}=0,{first},{_closing(n, row)}))"


def _count(n: Names, row: int) -> str:
    step = n.cell("slots", row, "step")
    return f"=MIN({WINDOW_POINTS},MAX(2,ROUNDUP(hms_months_shown/{step},0)))"


def _live(n: Names, row: int) -> str:
    """A sum that changes when a value is typed, weighted by month so that sorting does not change it."""
    column = _slot_values(n, row)
    return (
        f"=IFERROR(SUMPRODUCT({n.column('values', 'month')},{column})+COUNT({column}),"
        f"{n.cell('slots', row, 'stored')})"
    )


def _stale(n: Names, row: int) -> str:
    live, stored = n.cell("slots", row, "live"), n.cell("slots", row, "stored")
    return f"=IF(ABS({live}-{stored})>1E-11*MAX(1,ABS({stored})),1,0)"


def _due(n: Names, row: int) -> str:
    """The newest month that should have a value: the last one that ended with a period."""
    month = "EDATE(hms_today-DAY(hms_today)+1,-1)"
    return f"=EDATE({month},-MOD(MONTH({month}),{n.cell('slots', row, 'step')}))"


def _owes(n: Names, row: int) -> str:
    """The list of who owes a number, grown by one slot a row."""
    before = n.cell("slots", row - 1, "owes") if row else '""'
    active, last, due = (n.cell("slots", row, key) for key in ("active", "last", "due"))
    frequency = n.cell("slots", row, "frequency")
    owner, name = n.cell("slots", row, "owner"), n.cell("slots", row, "name")
    late = f"OR({last}=0,{_closing(n, row)}<{due})"
    hidden = n.cell("slots", row, "hidden")
    missing = f"AND({active}=1,{hidden}=0,{late},{frequency}<>{n.choice('frequencies', 'occasion')})"
    who = f'IF({owner}="",{n.text("ui.values.nobody")},{owner})&" ("&{name}&")"'
    return f'={before}&IF({missing},IF({before}="","",", ")&{who},"")'


def _title(n: Names, row: int) -> str:
    name, unit = n.cell("slots", row, "name"), n.cell("slots", row, "unit")
    return f'=IF({name}="",{n.cell("slots", row, "id")},{name}&IF({unit}="",""," ("&{unit}&")"))'


SLOTS = Region(
    "slots",
    24,
    (
        "id",
        "position",
        "name",
        "unit",
        "owner",
        "frequency",
        "target",
        "step",
        "active",
        "basis",
        "factor",
        "decimals",
        "stored_last",
        "last",
        # Whether a copy hides a value that is newer than the last one, which then nobody owes.
        "hidden",
        "end",
        "count",
        "live",
        "stored",
        "stale",
        "due",
        "owes",
        "title",
    ),
    {
        "position": _position,
        "name": _of_indicator("name"),
        "unit": _of_indicator("unit"),
        "owner": _of_indicator("owner"),
        "frequency": _of_indicator("frequency"),
        "target": _target,
        "step": _step,
        "active": _active,
        "basis": _basis,
        "last": _last,
        "end": _end,
        "count": _count,
        "live": _live,
        "stale": _stale,
        "due": _due,
        "owes": _owes,
        "title": _title,
    },
)


def _newest(n: Names, row: int) -> str:
    newest = f"SUMPRODUCT(MAX({n.block('slots', 'active')}*{n.block('slots', 'last')}))"
    return f"=IF({newest}=0,{n.cell('newest', row, 'first')},{newest})"


NEWEST = Region("newest", 1, ("first", "month"), {"month": _newest})


def _scores(n: Names, table: str) -> str:
    return "+".join(f"{7**power}*SUM({n.column(table, key)})" for power, key in enumerate(CRITERIA))


def _part_live(n: Names, row: int) -> str:
    statuses = "+".join(
        f"{power}*COUNTIF({n.column('measures', 'status')},{n.choice('statuses', key)})"
        for power, key in enumerate(STATUS_KEYS, 1)
    )
    deadlines = f"SUM({n.column('measures', 'deadline')},{n.column('measures', 'evaluate_on')})"
    sums = {
        "values": f"SUM({n.block('slots', 'stale')})",
        "basis": (
            f"SUMPRODUCT({n.column('basis', 'month')},{n.column('basis', 'numerator')})"
            f"+3*SUMPRODUCT({n.column('basis', 'month')},{n.column('basis', 'denominator')})"
        ),
        "measures": f"{deadlines}+1000000*({statuses})",
        "scores": f"{_scores(n, 'proposals')}+11*({_scores(n, 'votes')})",
    }
    return f"=IFERROR({sums[STALE_PARTS[row]]},{n.cell('stale', row, 'stored')})"


def _part_stale(n: Names, row: int) -> str:
    live, stored = n.cell("stale", row, "live"), n.cell("stale", row, "stored")
    return f"=IF(ABS({live}-{stored})>1E-11*MAX(1,ABS({stored})),1,0)"


def _part_list(n: Names, row: int) -> str:
    before = n.cell("stale", row - 1, "list") if row else '""'
    label = n.text(f"ui.stale.{STALE_PARTS[row]}")
    return f'={before}&IF({n.cell("stale", row, "stale")}=1,IF({before}="","",", ")&{label},"")'


STALE = Region(
    "stale",
    len(STALE_PARTS),
    ("live", "stored", "stale", "list"),
    {"live": _part_live, "stale": _part_stale, "list": _part_list},
)


def _plot_raw(axis: str, other: str) -> CellFormula:
    def formula(n: Names, row: int) -> str:
        mine, others = (f"INDEX({n.column('proposals', f'group_{key}')},{row + 1})" for key in (axis, other))
        return f"=IF(COUNT({mine},{others})=2,{mine},NA())"

    return formula


def _plot_same(n: Names, row: int) -> str:
    """How many earlier proposals stand on the same spot."""
    if row == 0:
        return "=0"
    x, y = n.cell("plot", row, "raw_x"), n.cell("plot", row, "raw_y")
    above = [n.block("plot", key, row) for key in ("raw_x", "raw_y")]
    return f"=IF(ISNUMBER({x}),COUNTIFS({above[0]},{x},{above[1]},{y}),0)"


# Proposals on one spot stand below each other, so that their labels do; every fourth begins a new column.
PLOT_ACROSS, PLOT_DOWN, PLOT_STACK = 0.5, 0.22, 3
UNSETTLED = "?"


def _plot_x(n: Names, row: int) -> str:
    return f"={n.cell('plot', row, 'raw_x')}+{PLOT_ACROSS}*INT({n.cell('plot', row, 'same')}/{PLOT_STACK})"


def _plot_y(n: Names, row: int) -> str:
    return f"={n.cell('plot', row, 'raw_y')}-{PLOT_DOWN}*MOD({n.cell('plot', row, 'same')},{PLOT_STACK})"


def _proposal(n: Names, row: int, column: str) -> str:
    return f"INDEX({n.column('proposals', column)},{row + 1})"


def _plot_id(n: Names, row: int) -> str:
    """The id at its point, with a question mark where the point is a mean that hides much."""
    return f'={_proposal(n, row, "id")}&IF({_proposal(n, row, "talk")}="","","{UNSETTLED}")'


PLOT = Region(
    "plot",
    PLOT_ROWS,
    ("id", "raw_x", "raw_y", "same", "x", "y"),
    {
        "id": _plot_id,
        "raw_x": _plot_raw("ease", "effect"),
        "raw_y": _plot_raw("effect", "ease"),
        "same": _plot_same,
        "x": _plot_x,
        "y": _plot_y,
    },
)


def _talk_list(n: Names, row: int) -> str:
    """The proposals neither chosen nor turned down that members are far apart on, grown by one a row."""
    before = n.cell("talks", row - 1, "list") if row else '""'
    talk, chosen = (_proposal(n, row, column) for column in ("talk", "chosen"))
    named = f'IF({before}="","",", ")&{_proposal(n, row, "id")}'
    return f'={before}&IF(AND({talk}<>"",{chosen}=""),{named},"")'


TALKS = Region("talks", PLOT_ROWS, ("list",), {"list": _talk_list})


def _member(n: Names, row: int) -> str:
    return f'=IFERROR(TRIM(INDEX({n.column("group", "name")},{row + 1})),"")'


def _has_voted(n: Names, row: int) -> str:
    """Whether the member has given at least one score."""
    name = n.cell("ballots", row, "name")
    mine = f'(TRIM({n.column("votes", "member")})={name})*({n.column("votes", "proposal")}<>"")'
    scores = "+".join(f"ISNUMBER({n.column('votes', key)})" for key in CRITERIA)
    return f'=IF({name}="",0,IF(SUMPRODUCT({mine}*(({scores})>0))>0,1,0))'


def _waiting(n: Names, row: int) -> str:
    """The list of members who have not voted, grown by one a row."""
    before = n.cell("ballots", row - 1, "waiting") if row else '""'
    name, answered = (n.cell("ballots", row, key) for key in ("name", "answered"))
    missing = f'AND({name}<>"",{answered}=0)'
    return f'={before}&IF({missing},IF({before}="","",", ")&{name},"")'


BALLOTS = Region(
    "ballots",
    BALLOT_ROWS,
    ("name", "answered", "waiting"),
    {"name": _member, "answered": _has_voted, "waiting": _waiting},
)


# Where the links of Kontroll go.
JUMPS = Region("jumps", PROBLEM_ROWS, ("sheet", "cell"))

# The quadrants' names and where they stand, and the ends of the two lines between them: a score above three
# is high.
QUADRANT_SPOTS = (("do_now", 5, 5.6), ("plan", 1, 5.6), ("quick_win", 5, 0.4), ("wait", 1, 0.4))
QUADRANTS = Region("quadrants", len(QUADRANT_SPOTS), ("name", "x", "y"))
CROSS_ENDS = ((3.02, 0, 0, 3.02), (3.02, 6, 6, 3.02))
CROSS = Region("cross", len(CROSS_ENDS), ("up_x", "up_y", "across_x", "across_y"))


def _next_date(n: Names, _row: int) -> str:
    dates = n.column("meetings", "date")
    return f'=IFERROR(SMALL({dates},COUNTIF({dates},"<"&hms_today)+1),0)'


def _next_type(n: Names, row: int) -> str:
    kind = (
        f"INDEX({n.column('meetings', 'type')},"
        f"MATCH({n.cell('next_meeting', row, 'date')},{n.column('meetings', 'date')},0))"
    )
    return f"=IFERROR(MATCH({kind},{n.block('agendas', 'type')},0),0)"


NEXT_MEETING = Region("next_meeting", 1, ("date", "type"), {"date": _next_date, "type": _next_type})
AGENDAS = Region(
    "agendas",
    len(MEETING_TYPES),
    ("type", "title", "purpose", *(f"line{number}" for number in range(1, AGENDA_LINES + 1))),
)


def _window_cell(n: Names, row: int, slot: int, key: str) -> str:
    return n.cell("window", row, f"{slot}_{key}")


def _slot(n: Names, slot: int, key: str) -> str:
    return n.cell("slots", slot, key)


def _result(n: Names, row: int, slot: int, key: str) -> str:
    return f"INDEX({n.block('results', f'{slot}_{key}')},{_window_cell(n, row, slot, 'row')})"


def _w_date(n: Names, row: int, slot: int) -> str:
    back = WINDOW_ROWS - 1 - row
    step, count, end = (_slot(n, slot, key) for key in ("step", "count", "end"))
    return f"=EDATE({end},-{step}*MIN({count}-1,{back}))"


def _w_value(n: Names, row: int, slot: int) -> str:
    """Numerator over denominator where the period has a basis, else the mean of what was typed in it."""
    back = WINDOW_ROWS - 1 - row
    day = _window_cell(n, row, slot, "date")
    from_, to = f'">="&EDATE({day},1-{_slot(n, slot, "step")})', f'"<"&EDATE({day},1)'
    months, ids = n.column("basis", "month"), n.column("basis", "indicator")
    numerator, denominator = n.column("basis", "numerator"), n.column("basis", "denominator")
    where = f'{ids},{_slot(n, slot, "id")},{months},{from_},{months},{to},{denominator},">0",{numerator},"<>"'
    based = f"SUMIFS({numerator},{where})/SUMIFS({denominator},{where})*{_slot(n, slot, 'factor')}"
    month = n.column("values", "month")
    typed = f"AVERAGEIFS({_slot_values(n, slot)},{month},{from_},{month},{to})"
    return (
        f"=IF({back}>={_slot(n, slot, 'count')},NA(),"
        f"IFERROR(IF({_slot(n, slot, 'basis')}>0,{based},NA()),IFERROR({typed},NA())))"
    )


def _w_row(n: Names, row: int, slot: int) -> str:
    back = WINDOW_ROWS - 1 - row
    day = _window_cell(n, row, slot, "date")
    return f"=IF({back}>={_slot(n, slot, 'count')},NA(),MATCH({day},{n.block('results', 'month')},0))"


def _w_result(key: str) -> SlotFormula:
    def formula(n: Names, row: int, slot: int) -> str:
        found = _result(n, row, slot, key)
        return f"=IF(ISNUMBER({found}),{found},NA())"

    return formula


def _w_measure(n: Names, row: int, slot: int) -> str:
    """The measure's number, raised where the one before it would be in its way."""
    found, before = _result(n, row, slot, "measure"), _window_cell(n, row - 1, slot, "measure")
    close = f'{_slot(n, slot, "count")}>{MOST_APART},COUNTIF({before},"<{EVENT_HEIGHT}")=1'
    raised = f"{RAISED_HEIGHT}+{found}/{DAY_SECONDS}"
    return f"=IF(ISNUMBER({found}),IF(AND({close},{found}<={MOST_SECONDS}),{raised},{found}),NA())"


def _w_event(n: Names, row: int, slot: int) -> str:
    """The event's number at its height."""
    found = _result(n, row, slot, "event")
    return f"=IF(ISNUMBER({found}),{EVENT_HEIGHT}+{found}/{DAY_SECONDS},NA())"


def _w_target(n: Names, row: int, slot: int) -> str:
    back = WINDOW_ROWS - 1 - row
    target, count = _slot(n, slot, "target"), _slot(n, slot, "count")
    return f"=IF(AND({back}<{count},ISNUMBER({target})),{target},NA())"


def _w_signal(kind: int) -> SlotFormula:
    """The value where its signal is of this kind and the value is still the one that was judged."""

    def formula(n: Names, row: int, slot: int) -> str:
        value = _window_cell(n, row, slot, "value")
        stored = _result(n, row, slot, "value")
        same = f"ABS({stored}-{value})<=1E-9*MAX(1,ABS({value}))"
        return f"=IF({_result(n, row, slot, 'kind')}={kind},IF({same},{value},NA()),NA())"

    return formula


def _w_ends(n: Names, row: int, slot: int) -> str:
    """The first and the last value, with the decimals people type."""
    value, day = (_window_cell(n, row, slot, key) for key in ("value", "date"))
    before = f"COUNT({n.block('window', f'{slot}_value', row)})"
    shown = f"ROUND({value},{_slot(n, slot, 'decimals')})"
    return f"=IF(OR({before}=0,{day}={_slot(n, slot, 'last')}),{shown},NA())"


WINDOW: dict[str, SlotFormula] = {
    "date": _w_date,
    "value": _w_value,
    "row": _w_row,
    "mean": _w_result("mean"),
    "lower": _w_result("lower"),
    "upper": _w_result("upper"),
    "target": _w_target,
    "improvement": _w_signal(1),
    "concern": _w_signal(2),
    "neutral": _w_signal(3),
    "ends": _w_ends,
    "measure": _w_measure,
    "event": _w_event,
}


def window_region(slots: int) -> Region:
    """The chart window: a row a month shown, a group of columns a slot."""
    formulas = {
        f"{slot}_{key}": _for_slot(key, formula, slot)
        for slot in range(slots)
        for key, formula in WINDOW.items()
    }
    return Region("window", WINDOW_ROWS, tuple(formulas), formulas)


def _for_slot(key: str, formula: SlotFormula, slot: int) -> CellFormula:
    return lambda n, row: formula(n, row, slot) if row or key == "date" else ""


def results_region(slots: int, months: int) -> Region:
    """What an update computed: a row a month of the full history, a group of columns a slot."""
    keys = tuple(f"{slot}_{key}" for slot in range(slots) for key in RESULT_COLUMNS)
    return Region("results", months, ("month", *keys))


def calc_regions(slots: int, plot_rows: int = PLOT_ROWS) -> tuple[Region, ...]:
    """The regions of the calculation sheet, from top to bottom."""
    return (
        MANIFEST,
        TODAY,
        SNAPSHOTS,
        PRINTS,
        SLOTS.but(rows=slots),
        NEWEST,
        STALE,
        NEXT_MEETING,
        AGENDAS,
        JUMPS,
        QUADRANTS,
        CROSS,
        PLOT.but(rows=plot_rows),
        TALKS.but(rows=plot_rows),
        BALLOTS,
        MERGED,
        # Last: of this sheet only what stands above the window is read.
        window_region(slots),
    )
