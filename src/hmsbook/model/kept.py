"""What a new frame takes over as it stands from the workbook before it, beside the rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from hmsbook.model.frozen import NOTHING, Frozen
from hmsbook.model.raw import Value


class OwnColumn(NamedTuple):
    """A column, or a field of a form, that people added: a key of its own, its header and its width."""

    key: str
    header: str
    width: float | None = None


class KeptCell(NamedTuple):
    """A cell as it was typed; `number_format` says how a number in it is shown, where that is not ours."""

    value: Value
    error: bool = False
    number_format: str = ""


class OwnSheet(NamedTuple):
    """The cells of a sheet that people made, by row and column from 1, and the widths of its columns."""

    title: str
    cells: Mapping[tuple[int, int], KeptCell]
    widths: Mapping[int, float]


class Kept(Frozen):
    """People's own columns by table, typed cells by table, row and column, and what they made of the tabs.

    `titles` are the names of renamed sheets, `states` visible or hidden, `order` the sheets from the left,
    `zooms` at how many percent a sheet is looked at. `leads` are first rows that say something of their own,
    `sheets` those that people made, of which only what stands in their cells is taken.
    """

    columns: Mapping[str, tuple[OwnColumn, ...]] = NOTHING
    cells: Mapping[tuple[str, int, str], KeptCell] = NOTHING
    titles: Mapping[str, str] = NOTHING
    states: Mapping[str, str] = NOTHING
    order: tuple[str, ...] = ()
    zooms: Mapping[str, int] = NOTHING
    leads: Mapping[str, str] = NOTHING
    sheets: tuple[OwnSheet, ...] = ()


NOTHING_KEPT = Kept()
