"""How many signals chance alone gives on a page of indicators that do not change.

Shares of 20 000 simulated series each, normal and independent, so a floor: counts, seasons and values that
depend on the one before give more. tests/analysis/test_false_signals.py simulates again, in small.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from math import exp, log1p

from hmsbook.analysis.profile import MDC, Profile
from hmsbook.model.frozen import Frozen

# Values simulated.
LENGTHS = (13, 18, 24, 36, 48, 60)

# By screen, two_in_three, run_length and trend_length: shares with a signal anywhere, and at the last point.
RATES = {
    (False, "beyond", 7, 7): (
        (0.0539, 0.1028, 0.1548, 0.2553, 0.3528, 0.4395),
        (0.0114, 0.0138, 0.0138, 0.0169, 0.0165, 0.0169),
    ),
    (False, "beyond", 6, 6): (
        (0.1049, 0.1906, 0.2851, 0.4406, 0.5697, 0.6700),
        (0.0208, 0.0250, 0.0276, 0.0328, 0.0319, 0.0330),
    ),
    (False, "beyond", 8, 7): (
        (0.0445, 0.0759, 0.1122, 0.1830, 0.2560, 0.3209),
        (0.0089, 0.0095, 0.0091, 0.0100, 0.0101, 0.0097),
    ),
    (True, "between", 7, 7): (
        (0.0790, 0.1333, 0.1852, 0.2884, 0.3866, 0.4733),
        (0.0146, 0.0165, 0.0155, 0.0191, 0.0181, 0.0181),
    ),
}


class FalseSignals(Frozen):
    """Of so many charts with limits: how many have a false signal somewhere, and at their last value."""

    charts: int
    somewhere: float
    at_last: float


def expected_false_signals(lengths: Iterable[int], profile: Profile = MDC) -> FalseSignals | None:
    """What to expect of charts with so many values each; None for a profile that was not simulated."""
    key = (profile.screen, profile.two_in_three, profile.run_length, profile.trend_length)
    judged = [length for length in lengths if length >= profile.minimum_points]
    if key not in RATES:
        return None
    anywhere, newest = RATES[key]
    somewhere = sum(_rate(length, anywhere) for length in judged)
    at_last = sum(_rate(min(length, LENGTHS[-1]), newest) for length in judged)
    return FalseSignals(len(judged), somewhere, at_last)


def _rate(length: int, rates: tuple[float, ...]) -> float:
    """The share at a length, the logarithm of what is left without a signal straight between lengths."""
    lasting = [0.0, *(-log1p(-rate) for rate in rates)]
    known = (0, *LENGTHS)
    part = min(bisect_left(known, length), len(known) - 1)
    slope = (lasting[part] - lasting[part - 1]) / (known[part] - known[part - 1])
    return 1 - exp(-max(lasting[part] + slope * (length - known[part]), 0.0))
