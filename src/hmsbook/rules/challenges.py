"""Rules about challenges: what the group has chosen is followed up."""

from __future__ import annotations

from hmsbook.rules.base import Finding, Findings, Subject, at, called, rule


@rule(
    "CHA-1",
    "R",
    cases=("not_followed",),
    source="PRoIND: what the group chooses is followed by numbers, by measures, or by talk on purpose.",
)
def chosen_is_followed(subject: Subject) -> Findings:
    """A chosen challenge has an indicator or a measure, or is followed without numbers."""
    book = subject.book
    followed = {key for indicator in book.active for key in indicator.challenges}
    for measure in book.measures:
        followed.update(() if measure.status == "cancelled" else measure.challenges)
    for challenge in book.challenges:
        if challenge.chosen and not challenge.followed_without_numbers and challenge.id not in followed:
            values = at("challenges", "followed_without_numbers")
            values["challenge"] = called(challenge.id, challenge.description)
            yield Finding("not_followed", challenge.place("chosen"), values)
