"""Rules about the choices the methods of survey and of wishes ask for."""

from __future__ import annotations

from hmsbook.model.records import Proposal, SurveyResult
from hmsbook.rules.base import Finding, Findings, Subject, at, rule

THEMES = 2
MEASURES = 3
LOWEST_RATE = 50
WISHES = 3


@rule(
    "SUR-1",
    "R",
    cases=("themes", "measures", "few_answers"),
    source="From survey to action: two areas to preserve, two to improve, three measures for each kind.",
)
def survey_leads_to_action(subject: Subject) -> Findings:
    """Two themes to preserve and two to improve, three measures for each, and half of the unit answered."""
    if subject.book.method == "survey":
        yield from _themes(subject)
        yield from _measures(subject)
        yield from _few_answers(subject)


def _themes(subject: Subject) -> Findings:
    chosen = [challenge.kind for challenge in subject.book.challenges if challenge.chosen]
    counts = {"preserve": chosen.count("preserve"), "improve": chosen.count("improve")}
    if chosen and set(counts.values()) != {THEMES}:
        yield Finding("themes", subject.book.column_place("challenges", "chosen"), counts)


def _measures(subject: Subject) -> Findings:
    kinds = [measure.kind for measure in subject.book.measures if measure.status != "cancelled"]
    counts = {"preserve": kinds.count("preserve"), "improve": kinds.count("improve")}
    if kinds and min(counts.values()) < MEASURES:
        place = subject.book.column_place("measures", "kind")
        yield Finding("measures", place, at("measures", "kind") | counts)


def _few_answers(subject: Subject) -> Findings:
    """One finding a round, of the unit as a whole."""
    best: dict[str, SurveyResult] = {}
    for result in subject.book.survey:
        name = result.row.get("round") or ""
        if not result.row.get("subgroup") and result.invited and result.answered is not None:
            best[name] = max(result, best.get(name, result), key=_rate)
    for name, result in best.items():
        if _rate(result) < LOWEST_RATE:
            values = {"round": name, "answered": result.answered, "invited": result.invited}
            yield Finding("few_answers", result.place("answered"), values | {"percent": int(_rate(result))})


def _rate(result: SurveyResult) -> float:
    return 100 * (result.answered or 0) / (result.invited or 1)


@rule(
    "APU-1",
    "R",
    cases=("too_many_wishes",),
    source="Arbeidsplassutvikling: one to three wishes at a time, and low-hanging fruit beside them.",
)
def few_wishes_at_a_time(subject: Subject) -> Findings:
    """The group works on three wishes at a time at most, low-hanging fruit aside."""
    if subject.book.method == "apu" and (count := len(_wishes(subject))) > WISHES:
        place = subject.book.column_place("challenges", "chosen")
        values = at("challenges", "chosen") | {"n": count, "maximum": WISHES}
        yield Finding("too_many_wishes", place, values)


def _wishes(subject: Subject) -> set[str]:
    """Chosen wishes, by their own id; a wish met by low-hanging fruit alone is none."""
    proposals = [proposal for proposal in subject.book.proposals if proposal.chosen]
    low = {_wish(proposal) for proposal in proposals if proposal.low_hanging}
    larger = {_wish(proposal) for proposal in proposals if not proposal.low_hanging}
    wishes = {found.id or "" for found in subject.book.challenges if found.chosen and found.kind == "wish"}
    own = {_wish(proposal) for proposal in proposals if proposal.kind == "wish" and not proposal.low_hanging}
    return (wishes - (low - larger)) | own


def _wish(proposal: Proposal) -> str:
    return proposal.challenge or proposal.id or ""
