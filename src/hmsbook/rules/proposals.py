"""Rules about proposals: scores that can be used, votes that can be counted, and answers to who proposed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hmsbook.analysis.votes import by_proposal, has_scores, tally
from hmsbook.model.records import Proposal, Row, Vote
from hmsbook.rules.base import Finding, Findings, Subject, at, called, rule
from hmsbook.standard.sheets.priorities import CRITERIA
from hmsbook.texts.words import plain

SCORES = frozenset(range(1, 6))
SHORT_WORD = 3


@rule(
    "PRI-1",
    "E",
    cases=("score", "vote"),
    source="Convention of this workbook: four scores from 1 to 5, 5 always the good end.",
)
def scores_are_one_to_five(subject: Subject) -> Findings:
    """Every score, the row's own and each member's, is a whole number from 1 to 5."""
    for row in subject.filled("proposals"):
        yield from _bad_scores(row, "score", {"id": row.get("id") or ""})
    for row in subject.filled("votes"):
        who = {"id": row.get("proposal") or "", "member": row.get("member") or ""}
        yield from _bad_scores(row, "vote", who)


def _bad_scores(row: Row, case: str, values: dict[str, object]) -> Findings:
    for key in CRITERIA:
        found = row.get(key)
        if found is not None and found not in SCORES:
            yield Finding(case, row.place(key), values | at(row.table, key) | {"found": found})


@rule(
    "PRI-2",
    "R",
    cases=("no_measure", "no_answer"),
    source="Arbeidsplassutvikling and PRoIND: everyone who proposes something hears what came of it.",
)
def proposals_lead_somewhere(subject: Subject) -> Findings:
    """A chosen proposal became a measure; once the group has chosen, every proposal has an answer."""
    book = subject.book
    measures = [measure.measure for measure in book.measures if measure.measure]
    has_chosen = any(proposal.chosen for proposal in book.proposals)
    for proposal in book.proposals:
        values = {"proposal": called(proposal.id, proposal.proposal)}
        if proposal.chosen and not any(_alike(proposal.proposal or "", measure) for measure in measures):
            yield Finding("no_measure", proposal.place("chosen"), values | at("proposals", "chosen"))
        place = subject.gap(proposal.row, "answer")
        if place and _awaits_answer(proposal, has_chosen):
            yield Finding("no_answer", place, values)


def _awaits_answer(proposal: Proposal, has_chosen: bool) -> bool:
    """Before the group has chosen there is nothing to answer."""
    return bool(proposal.proposal) and (has_chosen or proposal.chosen is not None)


def _alike(proposal: str, measure: str) -> bool:
    """Whether a measure says what the proposal said: at least half of the proposal's longer words."""
    if plain(proposal) == plain(measure):
        return True
    words = _long_words(proposal)
    return bool(words) and 2 * len(words & _long_words(measure)) >= len(words)


def _long_words(text: str) -> set[str]:
    return {word.strip(".,:;!?«»()") for word in plain(text).split() if len(word) > SHORT_WORD}


@rule(
    "PRI-3",
    "R",
    cases=("apart",),
    source="Der skoen trykker: where we disagree, and what the others know that I do not.",
)
def disagreement_is_talked_about(subject: Subject) -> Findings:
    """What members are far apart on is talked about before the proposal is chosen or turned down."""
    votes = by_proposal(subject.book.votes)
    for proposal in subject.book.proposals:
        apart = tally(votes.get(proposal.id or "", ())).talk
        if apart and proposal.chosen is None:
            values = {"proposal": called(proposal.id, proposal.proposal), "criterion": apart}
            yield Finding("apart", proposal.place("chosen"), values)


@rule(
    "PRI-4",
    "W",
    cases=("twice", "stranger", "unclear"),
    source="Convention of this workbook: a mean of the group counts each member once.",
)
def members_vote_once(subject: Subject) -> Findings:
    """Each vote has a member of the group and a proposal, and stands once."""
    votes = [vote for vote in subject.book.votes if has_scores(vote)]
    yield from _unclear(votes)
    yield from _twice(votes)
    yield from _strangers(subject, votes)


def _unclear(votes: Iterable[Vote]) -> Findings:
    for vote in votes:
        for key in ("member", "proposal"):
            if not vote.row.get(key):
                yield Finding("unclear", vote.place(key), at("votes", key))


def _twice(votes: Iterable[Vote]) -> Findings:
    first: dict[tuple[str, str], Vote] = {}
    for vote in votes:
        if vote.member and vote.proposal:
            earlier = first.setdefault((plain(vote.member), vote.proposal), vote)
            if earlier is not vote:
                other = earlier.place("member").cell
                values = {"member": vote.member, "id": vote.proposal, "other": other}
                yield Finding("twice", vote.place("member"), values, "E")


def _strangers(subject: Subject, votes: Iterable[Vote]) -> Findings:
    """The first vote of each whose name stands in no row of the group."""
    names = {plain(member.name) for member in subject.book.group if member.name}
    for vote in _first_of_each(votes):
        if names and plain(vote.member or "") not in names:
            yield Finding("stranger", vote.place("member"), {"member": vote.member or ""})


def _first_of_each(votes: Iterable[Vote]) -> Iterator[Vote]:
    seen: set[str] = set()
    for vote in votes:
        name = plain(vote.member or "")
        if name and name not in seen:
            seen.add(name)
            yield vote
