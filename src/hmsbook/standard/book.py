"""The whole standard in tab order, and the ways to look something up in it."""

from __future__ import annotations

from hmsbook.standard.schema import Region, Sheet, Table
from hmsbook.standard.sheets import (
    about_copy,
    basis,
    challenges,
    check,
    communication,
    coverage,
    digest,
    events,
    factors,
    group,
    guide,
    indicators,
    log,
    mapping,
    measures,
    meetings,
    priorities,
    received,
    status,
    survey,
    trends,
    values,
    votes,
)

VERSION = "1.2"
DEFAULT_SLOTS = 24
MAX_SLOTS = 60
CALC_SHEET = "_hms"
RESULTS_SHEET = "_hms_results"
MERGED_SHEET = "_hms_merged"
LISTS_SHEET = "_hms_lists"
BASE_SHEET = "_hms_base"
# Calculation regions with a sheet of their own: where they stand among the others, all their rows are read.
SEPARATE = {"results": RESULTS_SHEET, "merged": MERGED_SHEET}

SHEETS: tuple[Sheet, ...] = (
    status.SHEET,
    group.SHEET,
    challenges.SHEET,
    indicators.SHEET,
    values.SHEET,
    trends.SHEET,
    priorities.SHEET,
    measures.SHEET,
    meetings.SHEET,
    mapping.SHEET,
    survey.SHEET,
    check.SHEET,
    coverage.SHEET,
    factors.SHEET,
    guide.SHEET,
    basis.SHEET,
    events.SHEET,
    votes.SHEET,
    received.SHEET,
    communication.SHEET,
    log.SHEET,
    digest.SHEET,
    about_copy.SHEET,
)

TABLES: dict[str, Table] = {table.key: table for sheet in SHEETS for table in sheet.tables}


def sheet_of(table: str) -> Sheet:
    """The sheet that holds a table."""
    return next(sheet for sheet in SHEETS if any(found.key == table for found in sheet.tables))


def tables(slots: int = DEFAULT_SLOTS) -> dict[str, Table]:
    """All tables with their slot columns written out, and a row for the indicator of each slot."""
    ids = slot_ids(slots)
    found = {key: table.with_slots(ids) for key, table in TABLES.items()}
    found["indicators"] = found["indicators"].but(rows=slots)
    return found


def slot_ids(slots: int) -> tuple[str, ...]:
    """The ids of the indicator slots, `I01` first."""
    return tuple(indicators.SLOT_ID.number(number) for number in range(1, slots + 1))


def regions(slots: int = DEFAULT_SLOTS) -> dict[str, Region]:
    """All owned regions of the visible sheets, as tall and wide as the slots ask for."""
    found = {region.key: region for sheet in SHEETS for region in sheet.regions}
    found["value_heads"] = values.heads(slots)
    found["trend_blocks"] = trends.blocks(slots)
    found["status_indicators"] = found["status_indicators"].but(rows=slots)
    return found
