"""Books drawn for masking, and what is masked in them."""

from __future__ import annotations

from collections.abc import Sequence

from hmsbook.model.book import Book
from hmsbook.sharing.masking import mask
from tests.rules.support import book


def masked(about: Book, table: str = "", reason: str = "") -> list[str]:
    """The masked cells as «row key: reason», all of them or those of a table or for a reason."""
    found = mask(about).cells.items()
    return [
        f"{row} {key}: {hidden.reason}"
        for (where, row, key), hidden in sorted(found)
        if table in ("", where) and reason in ("", hidden.reason)
    ]


def rows_of(about: Book, table: str, reason: str = "") -> list[int]:
    """The rows of a table in which something is masked."""
    cells = mask(about).cells.items()
    return sorted(
        {row for (where, row, _), hidden in cells if where == table and reason in ("", hidden.reason)}
    )


def columns_of(about: Book) -> dict[str, int]:
    """How many values of each indicator are masked."""
    found: dict[str, int] = {}
    for table, _, key in mask(about).cells:
        if table == "values":
            found[key] = found.get(key, 0) + 1
    return found


def indicators(*lines: str) -> str:
    """Indicators: id, unit, frequency, rolling, about persons, fewest people, data source."""
    return "\n".join(
        ["| id | unit | frequency | rolling | about_persons | fewest_people | data_source |", *lines]
    )


def values(first_month: int, **columns: str) -> str:
    """Values by month from a month of 2024 on; a dot is an empty cell."""
    texts = {key: text.split() for key, text in columns.items()}
    lines = [f"| month | {' | '.join(texts)} |"]
    for number in range(max(map(len, texts.values()))):
        month = first_month - 1 + number
        cells = (column[number] if number < len(column) else "." for column in texts.values())
        shown = " | ".join("" if cell == "." else cell for cell in cells)
        lines.append(f"| {2024 + month // 12}-{month % 12 + 1:02d} | {shown} |")
    return "\n".join(lines)


def rolling(numerators: Sequence[int], few: int) -> str:
    """Rows of a rolling count by month, of which one tells of few people."""
    lines = ["| month | indicator | numerator | denominator | people |"]
    for number, numerator in enumerate(numerators):
        month, people = f"{2023 + number // 12}-{number % 12 + 1:02d}", 3 if number == few else 30
        lines.append(f"| {month} | I01 | {numerator} | {9000 + number * 37 % 113} | {people} |")
    return "\n".join(lines)


__all__ = ["book", "columns_of", "indicators", "masked", "rolling", "rows_of", "values"]
