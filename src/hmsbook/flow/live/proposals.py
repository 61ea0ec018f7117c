"""Proposals: the group's scores, ranks and quadrants, and the points of the diagram."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from math import sqrt

from hmsbook.flow.live.numbers import NA, excel_round
from hmsbook.model.book import Book
from hmsbook.model.raw import Grid, Value
from hmsbook.model.records import Row, Vote, Weights
from hmsbook.standard.calc import PLOT_ACROSS, PLOT_DOWN, PLOT_STACK
from hmsbook.standard.sheets.priorities import CRITERIA
from hmsbook.texts.words import Words

Means = Mapping[str, float | None]

_COLUMNS = ("score", "rank", "quadrant", "voters", *(f"group_{key}" for key in CRITERIA), "spread")
_HIGH = 3


def columns(book: Book, words: Words) -> dict[str, list[Value]]:
    """The computed columns, a value a drawn row."""
    votes: dict[str, list[Vote]] = {}
    for vote in book.votes:
        if vote.proposal:
            votes.setdefault(vote.proposal, []).append(vote)
    drawn = book.drawn_rows.get("proposals", ())
    rows = [_row(book, row, votes.get(row.get("id") or "", []), words) for row in drawn]
    scores = sorted(score for row in rows if isinstance(score := row["score"], float))
    for row in rows:
        row["rank"] = _rank(row["score"], scores)
    return {key: [row[key] for row in rows] for key in _COLUMNS}


def _row(book: Book, row: Row, votes: Sequence[Vote], words: Words) -> dict[str, Value]:
    means = {key: _mean([getattr(vote, key) for vote in votes], row.get(key)) for key in CRITERIA}
    groups = {f"group_{key}": "" if mean is None else mean for key, mean in means.items()}
    return {
        "voters": len(votes),
        **groups,
        "score": _score(means, book.weights),
        "quadrant": _quadrant(means["effect"], means["ease"], words),
        "spread": _spread(votes, means) if len(votes) > 1 else "",
    }


def _mean(votes: Sequence[float | None], typed: Value) -> float | None:
    """The votes' mean where there are votes, else the score typed in the row."""
    given = [vote for vote in votes if vote is not None]
    if given:
        return excel_round(sum(given) / len(given), 6)
    return typed if isinstance(typed, int | float) else None


def _score(means: Means, weights: Weights) -> Value:
    given = {key: getattr(weights, key) or 0 for key in CRITERIA}
    if None in means.values() or not sum(given.values()):
        return ""
    total = sum((means[key] or 0) * given[key] for key in CRITERIA)
    return excel_round(total / sum(given.values()), 4)


def _rank(score: Value, scores: Sequence[float]) -> Value:
    """The place of a score among all, of which the lowest comes first."""
    return 1 + len(scores) - bisect_right(scores, score) if isinstance(score, float) else ""


def _quadrant(effect: float | None, ease: float | None, words: Words) -> str:
    if effect is None or ease is None:
        return ""
    easy, hard = ("do_now", "plan") if effect > _HIGH else ("quick_win", "wait")
    return words.choice("quadrants", easy if ease > _HIGH else hard)


def _spread(votes: Sequence[Vote], means: Means) -> Value:
    """The largest standard deviation among the criteria."""
    if None in means.values():
        return ""
    variances = [
        sum((getattr(vote, key) or 0) ** 2 for vote in votes) / len(votes) - (means[key] or 0) ** 2
        for key in CRITERIA
    ]
    return excel_round(sqrt(max(0.0, *variances)), 2)


def plot(book: Book, found: Mapping[str, Sequence[Value]]) -> Grid:
    """The points of the diagram, spread where several stand on the same spot."""
    rows: Grid = []
    seen: Counter[tuple[Value, Value]] = Counter()
    spots = zip(found["group_ease"], found["group_effect"], strict=True)
    for row, spot in zip(book.drawn_rows.get("proposals", ()), spots, strict=True):
        rows.append([str(row.get("id") or ""), *_point(*spot, seen[spot])])
        seen[spot] += 1
    return rows


def _point(x: Value, y: Value, same: int) -> list[Value]:
    """A point and where it is drawn when `same` others stand on its spot."""
    if not isinstance(x, int | float) or not isinstance(y, int | float):
        return [NA, NA, 0, NA, NA]
    across, down = PLOT_ACROSS * (same // PLOT_STACK), PLOT_DOWN * (same % PLOT_STACK)
    return [x, y, same, x + across, y - down]
