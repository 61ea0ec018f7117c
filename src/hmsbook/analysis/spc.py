"""Control charts of single values (XmR): limits, rules, variation and assurance.

Limits: Shewhart 1931; Wheeler, «Understanding Variation», 1993. Rules and icons: the NHS's «Making Data
Count». Where figures differ from other tools, docs/deviations.md says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import isfinite

from hmsbook.analysis import signals
from hmsbook.analysis.meaning import BETTER, COMMON, Point, meaning
from hmsbook.analysis.profile import MDC, NHS_R, Profile, refuse_unless
from hmsbook.analysis.signals import TOLERANCE, Value, differences, marks, mean, present, slack, steps
from hmsbook.model.frozen import Frozen

__all__ = ["MDC", "NHS_R", "Phase", "Point", "Profile", "SpcResult", "analyse", "meets"]

# Upper, lower, near upper and near lower.
Limits = tuple[Value, Value, Value, Value]

# 3 / d2 with d2 = 1.128 for ranges of two, rounded as the field does (Wheeler 1993).
LIMIT = 2.66
NEAR = 2 * (LIMIT / 3)
# D4 for ranges of two: the upper limit of a moving range, over the mean moving range (Wheeler 1993).
SCREEN = 3.267
NO_LIMITS: Limits = (None, None, None, None)
# Fewer points than this fix no limits (NHSRplotthedots; the NHS recommends 12 to 20).
SMALLEST_BASELINE = 12


class Phase(Frozen):
    """Points that are judged together, by the limits they gave themselves.

    start, end: of the phase's rows, end excluded. present: how many have a value. Figures are None where
    undefined. without: why there are no limits and no signals: "too_few" values, "no_variation" at all,
    "no_limits" because no moving range, or only zeros, came into the computation.
    """

    start: int
    end: int
    present: int
    mean: float | None = None
    upper: float | None = None
    lower: float | None = None
    near_upper: float | None = None
    near_lower: float | None = None
    mean_moving_range: float | None = None
    without: str | None = None
    tolerance: float = 0.0

    @property
    def judged(self) -> bool:
        """Whether the phase has values enough for its mean, and the rules, to say something."""
        return self.without in (None, "no_variation")


class SpcResult(Frozen):
    """A series, its phases, what the rules say of each point, and the two icons.

    last: index of the last value present, which decides the icons; None when there is none.
    """

    values: tuple[Value, ...]
    phases: tuple[Phase, ...]
    points: tuple[Point, ...]
    better: str
    target: float | None
    profile: Profile
    last: int | None
    variation: str | None = None
    assurance: str | None = None

    @property
    def last_missing(self) -> bool:
        """Whether the newest row has no value, so that an older one decides the icons."""
        return bool(self.values) and self.values[-1] is None

    @property
    def last_phase(self) -> Phase | None:
        """The phase of the value that decides the icons."""
        return None if self.last is None else next(phase for phase in self.phases if self.last < phase.end)


def analyse(
    values: Iterable[Value],
    *,
    better: str,
    target: float | None = None,
    phase_starts: Iterable[int] = (),
    baseline: int | None = None,
    profile: Profile = MDC,
) -> SpcResult:
    """What a control chart says of values, oldest first, None where one is missing.

    better: "higher", "lower" or "neutral". phase_starts: index of each new phase's first point. baseline: how
    many first rows of each phase set its limits. Raises UsageError for what makes no sense.
    """
    numbers = tuple(None if value is None else float(value) for value in values)
    starts = sorted({0, *phase_starts})
    _refuse(numbers, better, target, starts, baseline)
    profile.check()
    spans = pairwise((*starts, len(numbers))) if numbers else ()
    phases = tuple(_phase(numbers, span, baseline, profile) for span in spans)
    points = tuple(point for phase in phases for point in _points(numbers, phase, better, profile))
    last = next((row for row in reversed(range(len(numbers))) if numbers[row] is not None), None)
    result = SpcResult(numbers, phases, points, better, target, profile, last)
    return SpcResult(numbers, phases, points, better, target, profile, last, *_icons(result))


def meets(value: float, target: float | None, better: str) -> bool | None:
    """Whether a value meets the target, equal included; None without target or direction."""
    if target is None or better == "neutral":
        return None
    tolerance = slack((value, target))
    return value >= target - tolerance if better == "higher" else value <= target + tolerance


def _refuse(
    numbers: Sequence[Value], better: str, target: float | None, starts: Sequence[int], baseline: int | None
) -> None:
    refuse_unless(better in BETTER, "better", better, BETTER)
    endless = [value for value in present((*numbers, target)) if not isfinite(value)]
    refuse_unless(not endless, "values", next(iter(endless), None), ("a number",))
    last = max(len(numbers) - 1, 0)
    refuse_unless(starts[0] == 0 and starts[-1] <= last, "phase_starts", starts, (f"0-{last}",))
    right = baseline is None or baseline >= SMALLEST_BASELINE
    refuse_unless(right, "baseline", baseline, (f">= {SMALLEST_BASELINE}",))


def _phase(numbers: Sequence[Value], span: tuple[int, int], baseline: int | None, profile: Profile) -> Phase:
    """The phase of the rows of a span, its mean and its limits."""
    start, end = span
    have, used = present(numbers[start:end]), numbers[start:end][:baseline]
    tolerance = slack(have)
    centre = mean(present(used))
    spread = _mean_moving_range(used, tolerance, profile)
    without = _without(have, spread, tolerance, profile)
    limits: Limits = NO_LIMITS if without or centre is None or spread is None else _limits(centre, spread)
    return Phase(start, end, len(have), centre, *limits, spread, without, tolerance)


def _mean_moving_range(rows: Sequence[Value], tolerance: float, profile: Profile) -> float | None:
    """The mean of the differences between neighbours, large ones left out once if the profile screens.

    Screening keeps those strictly below their own upper limit, and all when nothing varies (Wheeler 1993).
    """
    ranges = [abs(change) for change in present(differences(rows))]
    limit = SCREEN * (mean(ranges) or 0)
    if profile.screen and limit > tolerance:
        ranges = [size for size in ranges if size < limit - tolerance]
    return mean(ranges)


def _without(have: Sequence[float], spread: float | None, tolerance: float, profile: Profile) -> str | None:
    """Why a phase has no limits, None when it has."""
    if len(have) < profile.minimum_points:
        return "too_few"
    if max(have) - min(have) <= tolerance:
        return "no_variation"
    return "no_limits" if spread is None or spread <= tolerance else None


def _limits(centre: float, spread: float) -> Limits:
    """The limits: 2.66 mean moving ranges from the mean, and two thirds of that."""
    far, near = LIMIT * spread, NEAR * spread
    return centre + far, centre - far, centre + near, centre - near


def _points(numbers: Sequence[Value], phase: Phase, better: str, profile: Profile) -> list[Point]:
    """What the rules say of each row of a phase; nothing where it has no limits."""
    if phase.upper is None:
        return [COMMON] * (phase.end - phase.start)
    rows = list(zip(*_found(numbers[phase.start : phase.end], phase, profile), strict=True))
    known = {row: meaning(row, better, profile) for row in set(rows)}
    return [known[row] for row in rows]


def _found(rows: Sequence[Value], phase: Phase, profile: Profile) -> tuple[list[int], ...]:
    """The marks of each rule, as meaning.ORDER has them."""
    outside = _beyond(rows, phase.lower, phase.upper, phase.tolerance)
    close = _beyond(rows, phase.near_lower, phase.near_upper, phase.tolerance)
    if profile.two_in_three == "between":
        close = [0 if out else near for out, near in zip(outside, close, strict=True)]
    sides = _beyond(rows, phase.mean, phase.mean, phase.tolerance)
    return (
        outside,
        *signals.trends(steps(rows, phase.tolerance), profile.trend_length),
        signals.two_in_three(sides, close),
        signals.one_side(sides, profile.run_length),
    )


def _beyond(rows: Sequence[Value], low: float | None, high: float | None, tolerance: float) -> list[int]:
    return [0] * len(rows) if low is None or high is None else marks(rows, low - tolerance, high + tolerance)


def _icons(result: SpcResult) -> tuple[str | None, str | None]:
    """Variation and assurance, from the last value present and the limits of its phase."""
    phase = result.last_phase
    if phase is None or result.last is None:
        return None, None
    return _variation(result.points[result.last], phase), _assurance(phase, result)


def _variation(point: Point, phase: Phase) -> str | None:
    """The icon of a point; none where its phase could not be judged."""
    if phase.without in ("too_few", "no_limits"):
        return None
    return point.kind if point.high is None else f"{point.kind}_{'high' if point.high else 'low'}"


def _assurance(phase: Phase, result: SpcResult) -> str | None:
    """Whether the process will meet the target; None without limits, target or direction."""
    target, higher = result.target, result.better == "higher"
    if target is None or result.better == "neutral" or phase.upper is None or phase.lower is None:
        return None
    tolerance = max(phase.tolerance, TOLERANCE * abs(target))
    reach = tolerance if result.profile.target_on_limit == "decided" else -tolerance
    if target >= phase.upper - reach:
        return "fail" if higher else "pass"
    if target <= phase.lower + reach:
        return "pass" if higher else "fail"
    return "inconsistent"
