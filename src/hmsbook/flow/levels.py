"""The lines drawn through a series: the centre of each phase and its limits, as far as they may be shown."""

from __future__ import annotations

from hmsbook.analysis.assessment import NEARLY, Assessment
from hmsbook.analysis.spc import Phase
from hmsbook.analysis.verdict import FEWEST

Levels = dict[str, float]
# The lower and the upper one, as far as there is one.
Ends = tuple[float | None, float | None]


def levels(about: Assessment, phase: Phase) -> Levels:
    """The "mean", or "median" of a run chart, of a phase, with its "lower" and "upper" limit.

    Where no chart suits there is nothing but the mean of the newest phase of a series with a season.
    """
    newest = phase == about.chart.last_phase
    found: dict[str, float | None] = {}
    if about.barred:
        found = {"mean": phase.mean} if newest and about.barred.key == "season" else {}
    elif newest and about.method == "run_chart":
        found = {"median": about.verdict.run.median if about.verdict.run else None}
    elif phase.present >= FEWEST:
        lower, upper = reachable(about, phase)
        found = {"mean": phase.mean, "lower": lower, "upper": upper}
    return {name: level for name, level in found.items() if level is not None}


def reachable(about: Assessment, phase: Phase) -> Ends:
    """The limits of a phase, None for one that no value can reach."""
    low, high = reach(about)
    lower, upper = phase.lower, phase.upper
    below = lower is not None and low is not None and lower < low - NEARLY
    above = upper is not None and high is not None and upper > high + NEARLY
    return (None if below else lower), (None if above else upper)


def reach(about: Assessment) -> Ends:
    """The lowest and the highest value there can be, as far as that is known."""
    if about.unit.between:
        return about.unit.between
    have = [value for value in about.chart.values if value is not None]
    return (0.0 if have and min(have) >= 0 else None), None
