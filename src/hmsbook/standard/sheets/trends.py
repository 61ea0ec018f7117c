"""Trender: a chart an indicator."""

from hmsbook.standard.schema import Region, Sheet

# A block of rows an indicator: the chart stands over the first, what it says stands in those below.
CHART_ROWS = 10
SENTENCE, EXPLANATION, MARKS, SPACE = range(CHART_ROWS, CHART_ROWS + 4)
BLOCK_ROWS = SPACE + 1


def event_label(number: int) -> str:
    """An event's number as the chart writes it, like that of a footnote.

    Not H1, H2 …: those are the names of injury rates.
    """
    return f"{number})"


def blocks(slots: int) -> Region:
    """A block of rows an indicator slot."""
    return Region("trend_blocks", slots * BLOCK_ROWS, ("text",))


SHEET = Sheet("trends", regions=(blocks(24),), landscape=False)
