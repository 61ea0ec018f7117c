"""The choices on which users of control charts differ, and two named sets of them."""

from __future__ import annotations

from typing import Literal

from hmsbook.errors import UsageError
from hmsbook.model.frozen import Frozen

TwoInThree = Literal["between", "beyond"]
Conflict = Literal["precedence", "improvement"]
TargetOnLimit = Literal["inconsistent", "decided"]

CHOICES = {
    "two_in_three": ("between", "beyond"),
    "conflict": ("precedence", "improvement"),
    "target_on_limit": ("inconsistent", "decided"),
}
LEAST = {"minimum_points": 2, "run_length": 2, "trend_length": 3}


class Profile(Frozen):
    """How limits are computed and rules read.

    screen: whether moving ranges of 3.267 times their mean or more are left out of the mean of moving ranges.
    two_in_three: the points that count lie "between" near limit and limit, or "beyond" the near limit.
    conflict: where rules disagree, fixed "precedence" decides, or "improvement" is shown.
    target_on_limit: a target equal to a limit leaves assurance "inconsistent", or it is "decided".
    minimum_points: present values a phase needs before it has limits and signals.
    run_length, trend_length: points of a run on one side of the mean, and of a trend.
    """

    screen: bool = False
    two_in_three: TwoInThree = "beyond"
    conflict: Conflict = "improvement"
    target_on_limit: TargetOnLimit = "decided"
    minimum_points: int = 13
    run_length: int = 7
    trend_length: int = 7

    def check(self) -> None:
        """Refuse a profile that means nothing."""
        for option, known in CHOICES.items():
            refuse_unless(getattr(self, option) in known, option, getattr(self, option), known)
        for option, least in LEAST.items():
            refuse_unless(getattr(self, option) >= least, option, getattr(self, option), (f">= {least}",))


def refuse_unless(right: bool, option: str, found: object, known: tuple[str, ...]) -> None:
    """Raise a UsageError that names the option, what was given, and what is allowed."""
    if not right:
        raise UsageError("bad_analysis", option=option, found=found, known=", ".join(known))


# The customary Excel tool of the NHS's «Making Data Count» team, as far as its rules are published.
MDC = Profile()

# NHSRplotthedots 0.2.2, the R package of the NHS-R community.
NHS_R = Profile(
    screen=True,
    two_in_three="between",
    conflict="precedence",
    target_on_limit="inconsistent",
    minimum_points=2,
)
