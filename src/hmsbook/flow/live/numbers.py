"""Numbers as Excel rounds and compares them."""

from __future__ import annotations

from hmsbook.opc.cells import ErrorValue

NA = ErrorValue("#N/A")


def differs(one: float, other: float, tolerance: float = 1e-11) -> bool:
    """Whether two numbers differ by more than the noise of adding in another order."""
    return abs(one - other) > tolerance * max(1.0, abs(other))


def excel_round(value: float, decimals: int) -> float:
    """The value rounded half away from zero, as Excel's ROUND does."""
    scale = float(10**decimals)
    shifted = abs(value) * scale
    # Excel rounds what it shows at 15 digits, so 2.675 becomes 2.68 although it is stored a hair below.
    whole = int(float(f"{shifted:.15g}") + 0.5)
    return (whole if value >= 0 else -whole) / scale
