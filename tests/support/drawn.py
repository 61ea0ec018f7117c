"""A table drawn as text in the test that needs it.

drawn('''
    | indicator | month   | value |
    | I01       | 2024-01 | 6,4   |
    | I01       | 2024-02 |       |
''')
"""

from __future__ import annotations

import re

# A bar after a backslash belongs to the text of the cell.
BAR = re.compile(r"(?<!\\)\|")
RULER = re.compile(r"(?:\|\s*:?-{2,}:?\s*)+\|")


def drawn(text: str) -> list[dict[str, str]]:
    """Return the rows of a drawn table by the names in its first line; an empty place is an empty text."""
    lines = [line.strip() for line in text.strip().splitlines()]
    header, *rows = [_cells(line) for line in lines if line and not RULER.fullmatch(line)]
    if len(set(header)) != len(header):
        raise ValueError(f"a column is drawn twice: {header}")
    return [_row(header, cells) for cells in rows]


def _cells(line: str) -> list[str]:
    if not (line.startswith("|") and line.endswith("|")):
        raise ValueError(f"a line of a drawn table begins and ends with a bar: {line}")
    return [cell.strip().replace("\\|", "|") for cell in BAR.split(line)[1:-1]]


def _row(header: list[str], cells: list[str]) -> dict[str, str]:
    if len(cells) != len(header):
        raise ValueError(f"{len(cells)} places under {len(header)} columns: {cells}")
    return dict(zip(header, cells, strict=True))
