"""The lines drawn through a series: the centre of each phase and its limits, as far as they may be shown."""

from __future__ import annotations

from hmsbook.analysis.assessment import NEARLY, Assessment
from hmsbook.analysis.spc import Phase
from hmsbook.analysis.verdict import FEWEST
from hmsbook.flow.figures import reach

Levels = dict[str, float]


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
        found = {"mean": phase.mean, **_limits(about, phase)}
    return {name: level for name, level in found.items() if level is not None}


def _limits(about: Assessment, phase: Phase) -> dict[str, float | None]:
    """The limits, None for one that no value can reach."""
    low, high = reach(about)
    lower, upper = phase.lower, phase.upper
    return {
        "lower": None if lower is None or (low is not None and lower < low - NEARLY) else lower,
        "upper": None if upper is None or (high is not None and upper > high + NEARLY) else upper,
    }
