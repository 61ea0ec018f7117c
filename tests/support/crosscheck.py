"""Are the values that were stored beside the formulas the right ones? LibreOffice computes them anew."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.office import Office, Value
from tests.support.package import Package, Sheet

TOLERANCE = 1e-9


def crosscheck(office: Office, path: Path | str) -> list[str]:
    """Return every formula whose stored value differs from LibreOffice's result, as readable lines.

    Formulas that depend on today must take the day from the named cell `hms_today`, which tests set to a
    constant.
    """
    package = Package(path)
    with office.open(path) as book, TemporaryDirectory() as folder:
        book.recalculate()
        # Saved and read back: asking for each cell over the bridge takes milliseconds a cell.
        again = Package(book.save_as(Path(folder) / "again.xlsx"))
    computed = {sheet.name: _computed(sheet) for sheet in again.sheets}
    return [line for sheet in package.sheets for line in _differences(sheet, computed[sheet.name])]


def _computed(sheet: Sheet) -> dict[str, Value]:
    return {address: cell.cached for address, cell in sheet.cells.items() if cell.formula is not None}


def formula_count(path: Path | str) -> int:
    """Return how many formulas a workbook holds, so that a test can tell that it compared something."""
    return sum(cell.formula is not None for sheet in Package(path).sheets for cell in sheet.cells.values())


def _differences(sheet: Sheet, computed: dict[str, Value]) -> Iterator[str]:
    stored = {address: cell for address, cell in sheet.cells.items() if cell.formula is not None}
    for address, cell in stored.items():
        where = f"{sheet.name}!{address} ={cell.formula}"
        if address not in computed:
            yield f"{where}: LibreOffice read no formula here"
        elif not same(cell.cached, computed[address]):
            yield f"{where}: stored {cell.cached!r}, LibreOffice {computed[address]!r}"


def same(stored: Value, computed: Value) -> bool:
    """Return whether two values are equal, numbers to nine digits."""
    if isinstance(stored, float) and isinstance(computed, float):
        return math.isclose(stored, computed, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    # LibreOffice leaves the type out where a formula's text is empty.
    return stored == computed or {stored, computed} <= {"", None}
