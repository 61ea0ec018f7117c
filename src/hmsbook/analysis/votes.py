"""How a group's votes on a proposal add up: means, spread, and what is worth a talk.

A mean hides that some think one thing and some another, so what members are far apart on is named beside it:
three points or more between two of them, or a standard deviation of 1 or more. Three of the four steps of
the scale is one who says low against one who says high. A lone voice may know what the others do not, so it
counts in a large group as in a small one. The deviation adds what two points can hide: two halves of a group
around a middle that nobody chose.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import sqrt

from hmsbook.analysis.rounding import excel_round
from hmsbook.model.frozen import Frozen
from hmsbook.model.records import Vote
from hmsbook.standard.sheets.priorities import APART, CRITERIA, HIGHEST, LOWEST, WIDE


class Scores(Frozen):
    """The scores a proposal got by one criterion; those outside the scale are left to the rules."""

    given: tuple[float, ...]

    @property
    def mean(self) -> float | None:
        """Their mean, None where there are none."""
        return excel_round(sum(self.given) / len(self.given), 6) if self.given else None

    @property
    def variance(self) -> float:
        """The variance of these scores themselves; none where fewer than two can differ."""
        if len(self.given) < 2:
            return 0.0
        return sum(score**2 for score in self.given) / len(self.given) - (self.mean or 0) ** 2

    @property
    def is_apart(self) -> bool:
        """Whether members are so far from each other that it is worth a talk."""
        far = any(low in self.given and any(high in self.given for high in highs) for low, highs in APART)
        return far or self.variance >= WIDE


class Tally(Frozen):
    """The votes on one proposal: how many have given a score, and the scores by criterion."""

    voters: int
    scores: Mapping[str, Scores]

    @property
    def spread(self) -> float | None:
        """The widest standard deviation among the criteria; None where nobody can disagree."""
        if all(len(scores.given) < 2 for scores in self.scores.values()):
            return None
        return excel_round(sqrt(max(0.0, *(scores.variance for scores in self.scores.values()))), 2)

    @property
    def talk(self) -> tuple[str, ...]:
        """The criteria that the members are far apart on."""
        return tuple(key for key, scores in self.scores.items() if scores.is_apart)


def tally(votes: Iterable[Vote]) -> Tally:
    """What these votes on one proposal add up to."""
    given = [vote for vote in votes if has_scores(vote)]
    scores = {key: _usable(getattr(vote, key) for vote in given) for key in CRITERIA}
    return Tally(len(given), scores)


def has_scores(vote: Vote) -> bool:
    """Whether a member has given at least one score."""
    return any(getattr(vote, key) is not None for key in CRITERIA)


def _usable(scores: Iterable[float | None]) -> Scores:
    return Scores(tuple(score for score in scores if score is not None and LOWEST <= score <= HIGHEST))


def by_proposal(votes: Iterable[Vote]) -> dict[str, list[Vote]]:
    """The votes of each proposal, by its id."""
    found: dict[str, list[Vote]] = {}
    for vote in votes:
        if vote.proposal:
            found.setdefault(vote.proposal, []).append(vote)
    return found
