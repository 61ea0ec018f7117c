"""Numbers as Excel rounds them."""

from __future__ import annotations


def excel_round(value: float, decimals: int) -> float:
    """The value rounded half away from zero, as Excel's ROUND does."""
    scale = float(10**decimals)
    shifted = abs(value) * scale
    # Excel rounds what it shows at 15 digits, so 2.675 becomes 2.68 although it is stored a hair below.
    whole = int(float(f"{shifted:.15g}") + 0.5)
    return (whole if value >= 0 else -whole) / scale
