"""Every case that a sentence on an indicator tells of: when it is said, and numbers drawn to show it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain
from math import sin
from random import Random
from typing import Any, NamedTuple

from hmsbook.analysis.assessment import Assessment, assess_series
from hmsbook.analysis.series import STEPS, Series
from hmsbook.analysis.units import UnitFacts
from hmsbook.model.dates import add_months
from hmsbook.model.records import Indicator, Row

Values = Sequence[float | None]

LAST = date(2026, 10, 1)
RATIO = UnitFacts(1, share=False)
COUNT = UnitFacts(1, share=False, counts=True)
PERCENT = UnitFacts(100, share=True, between=(0.0, 100.0))

# Numbers round 50 in which nothing happens; what happens comes after them, or in their mirror image.
STABLE = (50, 52, 49, 51, 48, 50, 52, 49, 51, 50, 48, 51, 49, 50)
CENTRE = 100
# By rule: numbers whose last ones make its pattern upwards.
PATTERNS: dict[str, Values] = {
    "one_outside": (*STABLE, 65),
    "outside": (*STABLE, 68, 70, 69),
    "trend": (*(44, 56) * 6, 45, 46, 47, 48, 50, 53, 56),
    "two_in_three": (*(46, 54) * 6, 72, 58, 72),
    "one_side": (*(46, 54) * 6, 53, 54, 53, 54, 53, 54, 53),
    "held": (*(41, 44, 42, 40) * 2, 43, *(52, 55) * 4, 44, 53, 54, 53, 54, 53, 54, 53),
    "median": (48, 49, 47, 48, 49, 48, 53, 52, 54, 53, 52, 53),
}
# A new level in which no rule fires at the newest value.
HELD = (*PATTERNS["held"], 47)
SIDES = ("high", "low")
KINDS = ("improvement", "concern", "neutral")
FEW_BEHIND = 3.0


def drawn(
    values: Values,
    *,
    better: str = "lower",
    frequency: str = "month",
    unit: UnitFacts = RATIO,
    target: float | None = None,
    rolling: bool = False,
    months: bool = True,
    **options: Any,
) -> Assessment:
    """What is said of values whose last row is October 2026, or the period that ends then."""
    step = STEPS[frequency]
    ends = tuple(add_months(LAST, step * (row + 1 - len(values))) for row in range(len(values)))
    series = Series(ends if months else (), tuple(values), step)
    indicator = Indicator(
        row=Row("indicators", {}),
        id="I01",
        name="Overtid",
        better=better,
        frequency=frequency,
        target=target,
        rolling=rolling,
    )
    return assess_series(series, indicator, unit, **options)


def toward(kind: str, side: str) -> str:
    """Which way must be better for a change to one side to be of a kind."""
    if kind == "neutral":
        return "neutral"
    return "higher" if (kind == "improvement") == (side == "high") else "lower"


def mirrored(values: Values, side: str) -> Values:
    """The values, or their mirror image where they shall point down."""
    return [value if side == "high" or value is None else CENTRE - value for value in values]


def signal(rule: str, side: str, kind: str, *, sure: bool = True, **options: Any) -> Assessment:
    """A change of a kind that a rule tells of."""
    values = mirrored(PATTERNS[rule], side)
    if not sure:
        options["denominators"] = [FEW_BEHIND] * len(values)
    return drawn(values, better=toward(kind, side), **options)


def yearly(change: float | None) -> list[float | None]:
    """Months that follow the seasons, two of three off the year before, the newest by a change.

    None leaves the value a year before out.
    """
    off = -1.5 if change and change < 0 else 1.5
    year = (43, 45, 48, 52, 55, 57, 58, 55, 52, 48, 45, 43)
    values: list[float | None] = [year[row % 12] + off * (row > 18 and row % 3 > 0) for row in range(30)]
    before = values[-12] or 0.0
    if change is None:
        values[-12] = None
    return [*values, before + (change or 0.0)]


def linked(strength: float, length: int = 36, seed: int = 3) -> list[float]:
    """Values of which each leans on the one before."""
    random, lean, values = Random(seed), 0.0, []
    for _ in range(length):
        lean = strength * lean + random.gauss(0, 1)
        values.append(round(50 + lean, 1))
    return values


class Case(NamedTuple):
    """A case: its name, when it is said, and one example."""

    name: str
    when: str
    about: Assessment


# One or two events in most months, and hardly any; a share and a rate of the same kinds.
UNCOMMON = (1, 2, 0, 1, 3, 1, 2, 0, 1, 2, 1, 0, 2, 1)
RARE = (0, 1, 0, 0, 2, 0, 1, 0, 0, 1, 0, 0, 0, 0)
SHARES = (20, 30, 25, 35, 20, 30, 25, 30, 20, 35, 25, 30, 20, 25)
SCARCE = (0, 3.4, 0, 0, 0, 6.8, 0, 0, 3.3, 0, 0, 3.4, 0, 0)


def too_few() -> Iterator[Case]:
    """Numbers of which little can be said yet."""
    apart = [value for pair in zip(STABLE, [None] * len(STABLE), strict=True) for value in pair][:-1]
    since = drawn(STABLE, starts=[10])
    yield Case("no_values", "No number has been brought in", drawn([None, None]))
    yield Case("few", "Under 6 values", drawn(STABLE[:4]))
    yield Case("few_since", "Under 6 values since a recalculation or the baseline's first month", since)
    yield Case("early", "6-12 values, and a run chart without a signal", drawn(STABLE[:9]))
    yield Case(
        "no_limits", "13 values or more that give no limits, as when no two are neighbours", drawn(apart)
    )


def unchanged() -> Iterator[Case]:
    """Common cause, with what that means for the target."""
    low, high = drawn(STABLE, target=40), drawn(STABLE, target=60, better="higher")
    yield Case("common", "No target, or no direction", drawn(STABLE))
    yield Case("flat", "All values since limits were last computed are equal", drawn([4] * 14))
    for side, values in zip(SIDES, (HELD, [98 - value for value in HELD]), strict=True):
        when = "No pattern now, but a level that came 12 values ago or more and has held"
        yield Case(f"common_held.{side}", when, drawn(values))
    yield Case("common_pass", "The target is beyond the limit on the worse side", drawn(STABLE, target=60))
    yield Case("common_sometimes", "The target is between the limits", drawn(STABLE, target=50))
    yield Case("common_fail_low", "Lower is better, and the target is below the limits", low)
    yield Case("common_fail_high", "Higher is better, and the target is above the limits", high)


def weakened() -> Iterator[Case]:
    """Common cause, with what the numbers suffer from."""
    small = drawn(STABLE, denominators=[FEW_BEHIND] * len(STABLE), target=60)
    few = drawn(SHARES, unit=PERCENT, denominators=[12.0] * len(SHARES))
    near = drawn(linked(0.45, seed=1))
    yield Case("common_small_denominator", "A denominator is under the smallest group", small)
    yield Case("common_few_cases", "A share has under 5 expected on either side", few)
    yield Case(
        "common_rare_counts",
        "Counts with a mean of 1-3, or rates with many zeros",
        drawn(UNCOMMON, unit=COUNT),
    )
    yield Case("common_autocorrelation", "Neighbours are correlated, by less than 0.5", near)


WHEN = {
    "one_outside": ("The newest value is above the upper limit", "… below the lower limit"),
    "outside": ("The newest values are above the upper limit", "… below the lower limit"),
    "trend": ("Seven values or more in a row rise", "… fall"),
    "two_in_three": (
        "Two of three values are over two thirds of the way to the upper limit",
        "… the lower limit",
    ),
    "one_side": ("Seven values or more in a row are above the mean", "… below the mean"),
    "held": (
        "The same or another rule, in a level that rose 12 values ago or more, and has held",
        "… that fell",
    ),
    "median": (
        "6-12 values, a run chart with a signal, and the last run is above the median",
        "… below the median",
    ),
}


def changed() -> Iterator[Case]:
    """Every rule both ways, where lower is better; then what else the first words can be."""
    for rule, whens in WHEN.items():
        for side, kind, when in zip(SIDES, ("concern", "improvement"), whens, strict=True):
            yield Case(f"{rule}.{side}", when, signal(rule, side, kind))
    yield Case("neutral", "Neither direction is better", signal("one_side", "high", "neutral"))
    for kind, better in zip(KINDS, ("higher is better", "lower is better", "neither is better"), strict=True):
        about = signal("one_side", "high", kind, sure=False)
        yield Case(f"possible.{kind}", f"There is a caution, and {better}", about)


def unsuited() -> Iterator[Case]:
    """What bars a verdict."""
    year, wave = linked(0.9, 24), [50 + round(8 * sin(row / 4), 1) for row in range(32)]
    yield Case("season_higher", "A season, and more than a year before", drawn(yearly(2.5)))
    yield Case("season_lower", "A season, and less than a year before", drawn(yearly(-2.5)))
    yield Case("season_same", "A season, and the same as a year before", drawn(yearly(0)))
    yield Case("season_alone", "A season, and no value a year before", drawn(yearly(None)))
    yield Case("rolling", "Each value covers twelve months", drawn(year, rolling=True))
    yield Case("rolling_alone", "The same, and no value a year before", drawn(year[:8], rolling=True))
    yield Case("rare", "Counts with a mean under 1", drawn(RARE, unit=COUNT))
    yield Case("rare_rate", "Rates of which over half are zeros", drawn(SCARCE))
    yield Case("linked", "Neighbours are correlated, by 0.5 or more", drawn(wave))


def late() -> Iterator[Case]:
    """Months without a number after the newest one; what else there is to say comes after, in short."""
    yield Case("missing", "The newest month has no number", drawn([*STABLE, None]))
    yield Case("missing_several", "Several of the newest months have none", signal_late("one_side", 2))
    yield Case("missing_fail", "… and the target is out of reach", drawn([*STABLE, None], target=40))


def signal_late(rule: str, months: int, **options: Any) -> Assessment:
    """A concern after which so many months have no number."""
    return drawn([*PATTERNS[rule], *[None] * months], **options)


PARTS: dict[str, tuple[Case, ...]] = {
    "Too few numbers": tuple(too_few()),
    "No signal": tuple(unchanged()),
    "No signal, but a caution": tuple(weakened()),
    "A signal": tuple(changed()),
    "Numbers that no control chart suits": tuple(unsuited()),
    "Numbers that are missing": tuple(late()),
}
CASES = tuple(chain.from_iterable(PARTS.values()))
BY_NAME = {case.name: case.about for case in CASES}
