"""Trender: a chart an indicator."""

from hmsbook.standard.schema import Region, Sheet

# A chart stands over a block of rows: the sentence, the chart, what the marks mean.
BLOCK_ROWS = 14


def blocks(slots: int) -> Region:
    """A block of rows an indicator slot; the first holds its sentence, the last its marks."""
    return Region("trend_blocks", slots * BLOCK_ROWS, ("text",))


SHEET = Sheet("trends", regions=(blocks(24),), landscape=False)
