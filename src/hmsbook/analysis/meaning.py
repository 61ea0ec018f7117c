"""What the rules that fire at a point say: the rule shown, its label, and whether it is good news."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from hmsbook.analysis.profile import Profile
from hmsbook.model.frozen import Frozen

RULES = ("outside", "trend", "two_in_three", "one_side")
# What decides a point's label. A turning point ends one trend and starts another, which goes first.
ORDER = ("outside", "trend", "trend", "two_in_three", "one_side")
BETTER = ("higher", "lower", "neutral")

COMMON_CAUSE = "common_cause"
LABELS = {
    "outside": ("Below LCL", "Above UCL"),
    "trend": ("{trend} Point Trend (Decreasing)", "{trend} Point Trend (Increasing)"),
    "two_in_three": ("2 in 3 Below CL", "2 in 3 Above CL"),
    "one_side": ("{run} Points Below CL", "{run} Points Above CL"),
}


class Point(Frozen):
    """What the rules say of one value.

    rules: all that fire; rule: the one shown, None for common cause; high: whether it points up.
    """

    rules: frozenset[str] = frozenset()
    label: str = "Common Cause"
    kind: str = COMMON_CAUSE
    high: bool | None = None
    rule: str | None = None


COMMON = Point()


def kind_of(high: bool, better: str) -> str:
    """What a move up or down means: "improvement", "concern", or "neutral" where neither is better."""
    if better == "neutral":
        return "neutral"
    return "improvement" if high == (better == "higher") else "concern"


@cache
def meaning(found: tuple[int, ...], better: str, profile: Profile) -> Point:
    """The point with these marks, one for each of ORDER; a few kinds of point make up every series."""
    fired = [(rule, mark > 0) for rule, mark in zip(ORDER, found, strict=True) if mark]
    if not fired:
        return COMMON
    rule, high = _shown(fired, better, profile)
    words = LABELS[rule][high].format(trend=profile.trend_length, run=profile.run_length)
    return Point(frozenset(name for name, _ in fired), words, kind_of(high, better), high, rule)


def _shown(fired: Sequence[tuple[str, bool]], better: str, profile: Profile) -> tuple[str, bool]:
    """The first rule, or under the improvement rule the first that tells of an improvement."""
    good = (found for found in fired if kind_of(found[1], better) == "improvement")
    return next(good, fired[0]) if profile.conflict == "improvement" else fired[0]
