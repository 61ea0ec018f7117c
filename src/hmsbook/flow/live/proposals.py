"""Proposals: the group's scores, ranks and quadrants, and the points of the diagram."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence

from hmsbook.analysis.rounding import excel_round
from hmsbook.analysis.votes import by_proposal, tally
from hmsbook.flow.live.numbers import NA
from hmsbook.model.book import Book
from hmsbook.model.raw import Grid, Value
from hmsbook.model.records import Row, Vote, Weights
from hmsbook.standard.calc import PLOT_ACROSS, PLOT_DOWN, PLOT_STACK, UNSETTLED
from hmsbook.standard.sheets.priorities import CRITERIA, VOTED
from hmsbook.texts.words import Words

Means = Mapping[str, float | None]
Columns = Mapping[str, Sequence[Value]]

_COLUMNS = (*VOTED, "score", "rank", "quadrant")
_HIGH = 3


def columns(book: Book, words: Words) -> dict[str, list[Value]]:
    """The computed columns, a value a drawn row."""
    votes = by_proposal(book.votes)
    drawn = book.drawn_rows.get("proposals", ())
    rows = [_row(book, row, votes.get(row.get("id") or "", ()), words) for row in drawn]
    scores = sorted(score for row in rows if isinstance(score := row["score"], float))
    for row in rows:
        row["rank"] = _rank(row["score"], scores)
    return {key: [row[key] for row in rows] for key in _COLUMNS}


def _row(book: Book, row: Row, votes: Sequence[Vote], words: Words) -> dict[str, Value]:
    found = tally(votes)
    means = {key: _mean(found.scores[key].mean, row.get(key)) for key in CRITERIA}
    groups = {f"group_{key}": "" if mean is None else mean for key, mean in means.items()}
    return {
        "voters": found.voters if votes else "",
        **groups,
        "spread": "" if found.spread is None else found.spread,
        "score": _score(means, book.weights),
        "quadrant": _quadrant(means["effect"], means["ease"], words),
        "talk": _talk(found.talk, words),
    }


def _talk(apart: Sequence[str], words: Words) -> str:
    """The criteria that members are far apart on, in words."""
    if len(apart) == len(CRITERIA):
        return words.text("ui.priorities.every")
    return ", ".join(words.choice("criteria", key) for key in apart)


def _mean(votes: float | None, typed: Value) -> float | None:
    """The votes' mean where there are votes, else the score typed in the row."""
    if votes is not None:
        return votes
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


def plot(book: Book, found: Columns) -> Grid:
    """The points of the diagram, spread where several stand on the same spot."""
    rows: Grid = []
    seen: Counter[tuple[Value, Value]] = Counter()
    spots = zip(found["group_ease"], found["group_effect"], strict=True)
    drawn = zip(book.drawn_rows.get("proposals", ()), found["talk"], spots, strict=True)
    for row, talk, spot in drawn:
        label = f"{row.get('id') or ''}{UNSETTLED if talk else ''}"
        rows.append([label, *_point(*spot, seen[spot])])
        seen[spot] += 1
    return rows


def _point(x: Value, y: Value, same: int) -> list[Value]:
    """A point and where it is drawn when `same` others stand on its spot."""
    if not isinstance(x, int | float) or not isinstance(y, int | float):
        return [NA, NA, 0, NA, NA]
    across, down = PLOT_ACROSS * (same // PLOT_STACK), PLOT_DOWN * (same % PLOT_STACK)
    return [x, y, same, x + across, y - down]
