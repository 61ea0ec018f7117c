"""A table as a pandas frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hmsbook.model.records import Row
from hmsbook.standard.schema import Table

if TYPE_CHECKING:
    import pandas as pd


def frame(table: Table, rows: Sequence[Row]) -> pd.DataFrame:
    """The rows of a table, one column a column of the standard that people fill."""
    import pandas as pd

    columns = [column.key for column in table.columns if not column.owned]
    return pd.DataFrame([{key: row.get(key) for key in columns} for row in rows], columns=columns)
