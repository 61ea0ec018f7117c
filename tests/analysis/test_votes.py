"""What votes add up to, against the definitions, and what a talk must never miss."""

from __future__ import annotations

from statistics import fmean, pstdev

from hypothesis import given
from hypothesis import strategies as st

from hmsbook.analysis.votes import by_proposal, tally
from hmsbook.model.records import Row, Vote
from hmsbook.standard.sheets.priorities import CRITERIA

SCORES = st.none() | st.integers(1, 5)
VOTES = st.lists(st.tuples(SCORES, SCORES, SCORES, SCORES), max_size=12)
WHOLE = st.lists(st.integers(1, 5), min_size=1, max_size=12)


def vote(*scores: float | None, proposal: str | None = "P01") -> Vote:
    given_scores = {key: score for key, score in zip(CRITERIA, scores, strict=True) if score is not None}
    return Vote.of(Row("votes", {"proposal": proposal, **given_scores}))


def on_effect(*scores: float) -> tuple[str, ...]:
    return tally(vote(score, None, None, None) for score in scores).talk


@given(VOTES)
def test_mean_and_spread_by_their_definitions(drawn: list[tuple[int | None, ...]]) -> None:
    found = tally(vote(*scores) for scores in drawn)
    columns = {key: [row[at] for row in drawn if row[at] is not None] for at, key in enumerate(CRITERIA)}
    assert found.voters == sum(any(score is not None for score in row) for row in drawn)
    deviations = [pstdev(column) for column in columns.values() if len(column) > 1]
    for key, column in columns.items():
        mean = found.scores[key].mean
        assert mean is None if not column else abs(mean - fmean(column)) <= 5e-7
    if deviations:
        # Means are rounded to six decimals, as the formula's are.
        assert abs(found.spread - max(deviations)) <= 0.0051
    else:
        assert found.spread is None


@given(WHOLE)
def test_worth_a_talk_from_three_points_or_a_deviation_of_one(scores: list[int]) -> None:
    far = max(scores) - min(scores) >= 3 or pstdev(scores) >= 1
    assert on_effect(*scores) == (("effect",) if far else ())


@given(WHOLE, st.randoms())
def test_the_order_of_votes_does_not_matter(scores: list[int], random: object) -> None:
    shuffled = scores[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert tally(vote(*[it] * 4) for it in shuffled).talk == tally(vote(*[it] * 4) for it in scores).talk


@given(WHOLE, st.integers(1, 5))
def test_one_more_who_agrees_brings_nobody_nearer(scores: list[int], score: int) -> None:
    if max(scores) - min(scores) >= 3:
        assert on_effect(*scores, score) == ("effect",)


def test_scores_outside_the_scale_are_no_part_of_a_mean() -> None:
    found = tally([vote(4, 7, 0, 3), vote(5, 3, 3, -2)])
    means = [found.scores[key].mean for key in CRITERIA]
    assert (found.voters, means) == (2, [4.5, 3, 3, 3])
    assert found.talk == ()


def test_two_halves_around_a_middle_that_nobody_chose() -> None:
    assert on_effect(2, 2, 4, 4) == ("effect",)
    assert on_effect(2, 2, 3, 4) == ()


def test_a_vote_without_scores_is_no_vote() -> None:
    assert tally([vote(None, None, None, None)]).voters == 0
    assert tally([]).spread is None


def test_votes_by_proposal_leave_out_those_on_none() -> None:
    one, other, none = (
        vote(1, 1, 1, 1),
        vote(2, 2, 2, 2, proposal="P02"),
        vote(3, 3, 3, 3, proposal=None),
    )
    assert by_proposal([one, other, none]) == {"P01": [one], "P02": [other]}
