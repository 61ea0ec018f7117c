"""Formulas of the standard as they read in this workbook, to put back where a person typed over one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set

from hmsbook.opc.workbook import TableInfo
from hmsbook.reading.headers import find_column
from hmsbook.standard.book import tables
from hmsbook.standard.calc import calc_regions, results_region
from hmsbook.standard.naming import BookNames
from hmsbook.texts.words import words

_REFERENCE = re.compile(r"(hms_\w+)\[(?:\[#This Row\],\[)?((?:[^\[\]']|'.)*)\]")


def names_in(
    found: Iterable[TableInfo], language: str, slots: int, plot_rows: int, results_rows: int
) -> BookNames:
    """References by the headers the tables have now."""
    headers: dict[tuple[str, str], str] = {}
    declared = {table.name: table for table in tables(slots).values()}
    for table in found:
        if table.name in declared:
            key = declared[table.name].key
            for header in table.columns:
                column = find_column(declared[table.name], header, language)
                if column is not None:
                    headers.setdefault((key, column), header)
    return BookNames(
        words(language), calc_regions(slots, plot_rows), results_region(slots, results_rows), headers
    )


def complete(formula: str, columns: Mapping[str, Set[str]]) -> bool:
    """Whether every table column the formula names is there; Excel refuses a file where one is not."""
    named = _REFERENCE.findall(formula) if "[" in formula else ()
    return all(re.sub("'(.)", r"\1", column) in columns.get(table, ()) for table, column in named)
