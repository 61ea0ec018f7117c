"""Everything an update writes: values of owned cells, what live formulas show, and what is hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hmsbook.model.frozen import NOTHING, Frozen
from hmsbook.model.raw import Value


class Fill(Frozen):
    """Cell values by region and by computed table column, and visibility.

    `regions` holds one row of values a region row; `columns` one value a drawn table row; `hidden_rows`
    row offsets inside a region; `hidden_columns` whether a table's column is hidden, those that are not named
    being people's to hide or show; `sheets` whether a sheet shows;
    `ids` new row numbers by table and index of the row; `cells` what else is written into people's own
    cells, by table, index of the row and column key: an index beyond the last row is a new row.
    """

    regions: Mapping[str, Sequence[Sequence[Value]]]
    columns: Mapping[tuple[str, str], Sequence[Value]]
    hidden_rows: Mapping[str, frozenset[int]] = NOTHING
    hidden_columns: Mapping[str, Mapping[str, bool]] = NOTHING
    sheets: Mapping[str, bool] = NOTHING
    ids: Mapping[tuple[str, int], str] = NOTHING
    cells: Mapping[tuple[str, int, str], Value] = NOTHING


def with_counters(fill: Fill, counters: Value) -> Fill:
    """The fill with the highest numbers so far in its manifest, so that no id is given twice."""
    manifest = [[key, counters if key == "counters" else value] for key, value in fill.regions["manifest"]]
    return fill.but(regions={**fill.regions, "manifest": manifest})
