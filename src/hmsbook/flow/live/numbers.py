"""Numbers as Excel compares them."""

from __future__ import annotations

from hmsbook.opc.cells import ErrorValue

NA = ErrorValue("#N/A")


def differs(one: float, other: float, tolerance: float = 1e-11) -> bool:
    """Whether two numbers differ by more than the noise of adding in another order."""
    return abs(one - other) > tolerance * max(1.0, abs(other))
