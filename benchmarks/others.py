"""What hmsbook is compared with, each as a program of its own.

python benchmarks/others.py load-save BOOK TARGET     openpyxl: load the workbook, save it
python benchmarks/others.py cells BOOK CELLS          list the workbook's cells (preparation, not measured)
python benchmarks/others.py write CELLS TARGET        XlsxWriter: write the same cells
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any


def load_save(book: str, target: str) -> None:
    from openpyxl import load_workbook

    load_workbook(book).save(target)


def cells(book: str, target: str) -> None:
    """Write each sheet's cells as [row, column, formula or null, value], counted from 0."""
    from openpyxl import load_workbook

    formulas, values = load_workbook(book), load_workbook(book, data_only=True)
    found = {sheet.title: list(_cells(sheet, values[sheet.title])) for sheet in formulas}
    Path(target).write_text(json.dumps(found), encoding="utf-8")


def _cells(formulas: Iterable[Any], values: Any) -> Iterator[list[Any]]:
    for cell in (cell for row in formulas for cell in row if cell.value is not None):
        formula = cell.value if str(cell.value).startswith("=") else None
        yield [cell.row - 1, cell.column - 1, formula, _plain(values[cell.coordinate].value)]


def _plain(value: object) -> object:
    return (value.date() - date(1899, 12, 30)).days if isinstance(value, datetime) else value


def write(source: str, target: str) -> None:
    import xlsxwriter

    sheets = json.loads(Path(source).read_text(encoding="utf-8"))
    with xlsxwriter.Workbook(target) as workbook:
        for title, found in sheets.items():
            page = workbook.add_worksheet(title)
            for row, column, formula, value in found:
                if formula:
                    page.write_formula(row, column, formula, None, "" if value is None else value)
                elif isinstance(value, str):
                    page.write_string(row, column, value)
                else:
                    page.write_number(row, column, value)


PROGRAMS = {"load-save": load_save, "cells": cells, "write": write}

if __name__ == "__main__":
    PROGRAMS[sys.argv[1]](*sys.argv[2:])
