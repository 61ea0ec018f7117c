"""Whether to consider new limits: advice for people, never done for them.

After the Stable Shift Algorithm (Woodcock 2025, BMJ Qual Saf): a run that has stood long without a run back.
"""

from __future__ import annotations

from collections.abc import Sequence

from hmsbook.analysis.meaning import kind_of
from hmsbook.analysis.signals import marks, mean, present, streaks
from hmsbook.analysis.spc import Phase, SpcResult
from hmsbook.model.frozen import Frozen

RUN = 8
SINCE = 12
# The share of points since the run began that must lie on its side: a chance run long ago is no advice.
HELD = 0.75


class Recalculate(Frozen):
    """Advice to consider a new phase from row start: the run, and how many points came since its first."""

    start: int
    run: int
    since: int
    high: bool
    kind: str


def recalculate(chart: SpcResult) -> Recalculate | None:
    """The advice for the newest phase: a run of 8, 12 points since, no run back, a new level that held."""
    phase = chart.last_phase
    if phase is None or phase.mean is None or phase.upper is None:
        return None
    reach = phase.mean - phase.tolerance, phase.mean + phase.tolerance
    sides = marks(chart.values[phase.start : phase.end], *reach)
    found = _first_of_last_side(list(streaks(sides, RUN)))
    if found is None or not _stands(chart, phase, sides, found):
        return None
    start, end, mark = found
    since = len(present(chart.values[phase.start + start : phase.end])) - 1
    return Recalculate(phase.start + start, end - start, since, mark > 0, kind_of(mark > 0, chart.better))


def _first_of_last_side(runs: Sequence[tuple[int, int, int]]) -> tuple[int, int, int] | None:
    """The first run after the last one on the other side; none that the phase itself begins with."""
    found = None
    for run in reversed(runs):
        if run[2] != runs[-1][2]:
            break
        found = run if run[0] else found
    return found


def _stands(chart: SpcResult, phase: Phase, sides: Sequence[int], run: tuple[int, int, int]) -> bool:
    """Whether points enough have come since the run began, most of them on its side, from another level."""
    start, _, mark = run
    first = phase.start + start
    count = len(present(chart.values[first : phase.end]))
    held = count > SINCE and sides[start:].count(mark) >= HELD * count
    return held and _other_side(present(chart.values[phase.start : first]), phase, mark)


def _other_side(before: Sequence[float], phase: Phase, mark: int) -> bool:
    """Whether the values before a run lay on the other side: else a few odd months since make the run."""
    return ((mean(before) or 0.0) - (phase.mean or 0.0)) * mark < 0
