"""Whether a control chart suits a series, and why not.

Each reason has a key, the figure found, the bound it broke, and what it takes away: "no_verdict" means that
variation and assurance should not be shown, "caution" that they need the reason beside them. Neighbours that
resemble each other and rare counts call for caution, and bar a verdict where they are strong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import sqrt

from hmsbook.analysis.levels import Points, paired, points_off_phase_means, residuals, squares
from hmsbook.analysis.runchart import median
from hmsbook.analysis.season import STRONG, seasonality
from hmsbook.analysis.signals import Value, mean, present, slack
from hmsbook.analysis.spc import Phase, SpcResult
from hmsbook.analysis.verdict import FEWEST
from hmsbook.model.frozen import Frozen

REASONS = {
    "rolling": "no_verdict",
    "season": "no_verdict",
    "autocorrelation": "caution",
    "rare_counts": "caution",
    "near_bounds": "caution",
    "small_denominator": "caution",
    "few_cases": "caution",
}

# Under this mean a count is skewed and its moving ranges come in few sizes (Wheeler 2011, «Working with Rare
# Events»; a stable Poisson count of mean 2 gives nearly twice the false charts of a normal series).
RAREST_MEAN = 3.0
# The same for rates: more zeros than this share.
MOST_ZEROS = 0.25
# From here on a false signal at the last of 36 stable values is too common to show any: 5-57 % of counts with
# a mean of 1 or less, 15 % with this correlation of neighbours, against 1.7 % (tests/analysis/simulate.py).
BARRING_MEAN = 1.0
BARRING_ZEROS = 0.5
BARRING_CORRELATION = 0.5
# Fewer points tell nothing of neighbours.
FEWEST_NEIGHBOURS = 20
# The normal distribution's upper 5 % point; by 1/sqrt(n) for a correlation of neighbours (Bartlett 1946).
CORRELATED = 1.645
# n p and n (1 - p) of a share under which it is far from normal (Cochran 1954; Montgomery, «Introduction to
# Statistical Quality Control»).
FEWEST_EXPECTED = 5.0
SHARE: tuple[float, float] = (0.0, 100.0)


class Unfit(Frozen):
    """Why a control chart suits a series badly; found and bound are None where nothing is measured."""

    key: str
    found: float | None = None
    bound: float | None = None

    @property
    def weight(self) -> str:
        """What the reason takes away: "no_verdict" or "caution"."""
        return "no_verdict" if self.strong else REASONS[self.key]

    @property
    def strong(self) -> bool:
        """Whether a reason that usually calls for caution bars any verdict."""
        found = self.found or 0.0
        if self.key == "autocorrelation":
            return found >= BARRING_CORRELATION
        if self.key == "rare_counts":
            return found < BARRING_MEAN if self.bound == RAREST_MEAN else found > BARRING_ZEROS
        return False


def fitness(
    chart: SpcResult,
    *,
    period: int | None = 12,
    rolling: bool = False,
    count: bool | None = None,
    bounds: tuple[float, float] | None = None,
    denominators: Sequence[Value] | None = None,
    smallest: float = 5,
) -> tuple[Unfit, ...]:
    """The reasons, the weightiest first.

    period: rows a year, None where rows are not evenly spaced. rolling: each value covers a year. count:
    whether values count events; None takes whole numbers with a zero among them for counts. bounds: what a
    value lies between, as (0, 100) for a share, which is no count. denominators: behind each row. smallest:
    people or units below which a denominator is small.
    """
    phase = chart.last_phase
    if phase is None or phase.present < FEWEST:
        return (Unfit("rolling"),) if rolling else ()
    rows = slice(phase.start, phase.end)
    rare = [] if bounds else [*_rare(present(chart.values[rows]), count)]
    found = [
        *([Unfit("rolling")] if rolling else ()),
        # A handful of events over some years has no season that could be seen.
        *(() if rolling or any(reason.strong for reason in rare) else _in_time(chart, period)),
        *rare,
        *_near_bounds(phase, bounds),
        *_small(chart.values[rows], (denominators or ())[rows], bounds, smallest),
    ]
    return tuple(found)


def _in_time(chart: SpcResult, period: int | None) -> Iterator[Unfit]:
    """A season, and neighbours that resemble each other when season and level are taken away."""
    points = points_off_phase_means(chart)
    left = residuals(points)
    if max(map(abs, left)) <= slack(chart.values):
        return
    season = seasonality(points, left, period)
    if season and season[0] > STRONG:
        yield Unfit("season", season[0], STRONG)
        left = season[1]
    if len(points) >= FEWEST_NEIGHBOURS:
        found, bound = neighbours(points, left), CORRELATED / sqrt(len(points))
        if found > bound:
            yield Unfit("autocorrelation", found, bound)


def neighbours(points: Points, left: Sequence[float]) -> float:
    """The correlation of residuals one row apart, gaps not bridged (Box & Jenkins 1970)."""
    pairs = list(paired(points, left))
    size = squares(left)
    if not pairs or not size:
        return 0.0
    return sum(before * after for before, after in pairs) / len(pairs) * (len(left) - 1) / size


def _rare(values: Sequence[float], count: bool | None) -> Iterator[Unfit]:
    """Counts with a small mean, or rates with many zeros."""
    if min(values) < 0:
        return
    zeros = sum(value == 0 for value in values) / len(values)
    centre = mean(values) or 0.0
    counts = zeros > 0 and all(value.is_integer() for value in values) if count is None else count
    if counts and centre < RAREST_MEAN:
        yield Unfit("rare_counts", centre, RAREST_MEAN)
    elif zeros > MOST_ZEROS:
        yield Unfit("rare_counts", zeros, MOST_ZEROS)


def _near_bounds(phase: Phase, bounds: tuple[float, float] | None) -> Iterator[Unfit]:
    """A limit where no value can be: values are pressed together at that end (limits are never clipped)."""
    if bounds is None or phase.lower is None or phase.upper is None:
        return
    if phase.lower < bounds[0] - phase.tolerance:
        yield Unfit("near_bounds", phase.lower, bounds[0])
    elif phase.upper > bounds[1] + phase.tolerance:
        yield Unfit("near_bounds", phase.upper, bounds[1])


def _small(
    values: Sequence[Value],
    denominators: Sequence[Value],
    bounds: tuple[float, float] | None,
    smallest: float,
) -> Iterator[Unfit]:
    """A denominator under the smallest group, or a share with too few expected on either side."""
    have = present(denominators)
    if have and min(have) < smallest:
        yield Unfit("small_denominator", min(have), smallest)
    elif have and bounds == SHARE:
        share = (mean(present(values)) or 0.0) / 100
        expected = (median(have) or 0.0) * min(share, 1 - share)
        if expected < FEWEST_EXPECTED - slack((FEWEST_EXPECTED,)):
            yield Unfit("few_cases", expected, FEWEST_EXPECTED)
