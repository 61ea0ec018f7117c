from __future__ import annotations

import pytest

from tests.rules.support import book, said, values

MEASURES = """
    | id  | measure                                                     |
    | T01 | Rydderunde hver fredag kl. 13, med fast ansvar for hver sone |
"""


def proposal(text: str = "Rydderunde hver fredag", chosen: str = "ja", answer: str = "Vedtatt.") -> str:
    return f"""
        | id  | proposal | chosen   | answer   |
        | P04 | {text}   | {chosen} | {answer} |
    """


@pytest.mark.parametrize("score", ["0", "6", "2,5", "-1"])
@pytest.mark.parametrize(("column", "cell"), [("effect", "D2"), ("cost", "G2")])
def test_a_score_outside_one_to_five(score: str, column: str, cell: str) -> None:
    about = book(proposals=f"| id | proposal | {column} |\n| P04 | Rydderunde | {score} |")
    assert said("PRI-1", about) == [f"E score {cell}"]
    found = float(score.replace(",", "."))
    shown = {"id": "P04", "table": "proposals", "column": column, "found": found}
    assert values("PRI-1", about) == shown


def test_a_vote_outside_one_to_five() -> None:
    about = book(votes="| member | proposal | effect | ease |\n| Kaja | P04 | 5 | 7 |")
    assert said("PRI-1", about) == ["E vote D2"]
    assert values("PRI-1", about) == {
        "id": "P04",
        "member": "Kaja",
        "table": "votes",
        "column": "ease",
        "found": 7,
    }


def test_every_whole_score_from_one_to_five_will_do() -> None:
    proposals = "| id | effect | ease | quality | cost |\n| P01 | 1 | 2 | 3 | 4 |\n| P02 | 5 | 5,0 | | |"
    assert said("PRI-1", book(proposals=proposals)) == []


def test_a_chosen_proposal_that_became_no_measure() -> None:
    about = book(proposals=proposal("Én koordinator med myndighet"), measures=MEASURES)
    assert said("PRI-2", about) == ["R no_measure R2"]
    assert values("PRI-2", about) == {
        "proposal": "P04 (Én koordinator med myndighet)",
        "table": "proposals",
        "column": "chosen",
    }


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("Rydderunde hver fredag kl. 13, med fast ansvar for hver sone", "ja"),
        ("rydderunde  hver FREDAG", "ja"),
        ("Fast rydderunde med ansvar", "ja"),
        ("Én koordinator med myndighet", "nei"),
        ("Én koordinator med myndighet", ""),
    ],
)
def test_became_a_measure_or_was_not_chosen(text: str, chosen: str) -> None:
    assert said("PRI-2", book(proposals=proposal(text, chosen), measures=MEASURES)) == []


def test_short_words_alone_are_no_likeness() -> None:
    about = book(proposals=proposal("Ro på vakt"), measures="| id | measure |\n| T01 | Ro på jobb |")
    assert said("PRI-2", about) == ["R no_measure R2"]


@pytest.mark.parametrize(("chosen", "said_of_it"), [("nei", ["R no_answer S2"]), ("", [])])
def test_an_answer_is_due_when_the_group_has_decided(chosen: str, said_of_it: list[str]) -> None:
    assert said("PRI-2", book(proposals=proposal(chosen=chosen, answer=""))) == said_of_it


def test_once_something_is_chosen_the_others_have_their_answer_too() -> None:
    proposals = """
        | id  | proposal       | chosen | answer   |
        | P01 | Rydderunde     | ja     | Vedtatt. |
        | P02 | Ny tavle       |        |          |
        | P03 |                |        |          |
    """
    assert said("PRI-2", book(proposals=proposals, measures=MEASURES)) == ["R no_answer S3"]


GROUP = "| name |\n| Kari Dale |\n| Ola Vik |\n| Per Moe |"
PROPOSALS = """
    | id  | proposal   | chosen |
    | P01 | Rydderunde |        |
    | P02 | Ny tavle   | ja     |
    | P03 | Heis       | nei    |
"""


def vote(member: str, proposal: str, *scores: str) -> str:
    return f"| {member} | {proposal} | {' | '.join(scores)} |"


def votes(*rows: str) -> str:
    return "\n".join(["| member | proposal | effect | ease | quality | cost |", *rows])


def two_on(proposal: str, effect: str, other: str) -> str:
    return votes(
        vote("Kari Dale", proposal, effect, "3", "3", "3"), vote("Ola Vik", proposal, other, "3", "3", "3")
    )


@pytest.mark.parametrize(
    ("effect", "other", "said_of_it"),
    [("1", "4", ["R apart R2"]), ("5", "2", ["R apart R2"]), ("2", "4", ["R apart R2"]), ("3", "4", [])],
)
def test_disagreement_is_to_be_talked_about(effect: str, other: str, said_of_it: list[str]) -> None:
    assert said("PRI-3", book(proposals=PROPOSALS, votes=two_on("P01", effect, other))) == said_of_it


def test_what_the_group_disagrees_about_is_named() -> None:
    drawn_votes = votes(
        vote("Kari Dale", "P01", "1", "3", "3", "5"), vote("Ola Vik", "P01", "4", "4", "3", "2")
    )
    assert values("PRI-3", book(proposals=PROPOSALS, votes=drawn_votes)) == {
        "proposal": "P01 (Rydderunde)",
        "criterion": ("effect", "cost"),
    }


@pytest.mark.parametrize("proposal", ["P02", "P03"])
def test_what_is_chosen_or_turned_down_has_been_talked_about(proposal: str) -> None:
    assert said("PRI-3", book(proposals=PROPOSALS, votes=two_on(proposal, "1", "5"))) == []


def test_a_lone_voice_counts_in_a_large_group() -> None:
    many = [vote(f"Medlem {number}", "P01", "4", "3", "3", "3") for number in range(12)]
    about = book(proposals=PROPOSALS, votes=votes(*many, vote("Kari Dale", "P01", "1", "3", "3", "3")))
    assert said("PRI-3", about) == ["R apart R2"]


def test_a_member_who_votes_twice_on_a_proposal() -> None:
    drawn_votes = votes(
        vote("Kari Dale", "P01", "1", "2", "3", "4"),
        vote("Ola Vik", "P01", "1", "2", "3", "4"),
        vote("Kari Dale", "P02", "1", "2", "3", "4"),
        vote("kari  DALE", "P01", "1", "2", "3", "4"),
    )
    about = book(group=GROUP, proposals=PROPOSALS, votes=drawn_votes)
    assert said("PRI-4", about) == ["E twice A5"]
    assert values("PRI-4", about) == {"member": "kari  DALE", "id": "P01", "other": "A2"}


def test_who_has_voted_and_is_not_in_the_group_is_named_once() -> None:
    drawn_votes = votes(
        vote("Siv Lund", "P01", "1", "2", "3", "4"),
        vote("Kari", "P01", "1", "2", "3", "4"),
        vote("Siv Lund", "P02", "1", "2", "3", "4"),
    )
    about = book(group=GROUP, proposals=PROPOSALS, votes=drawn_votes)
    assert said("PRI-4", about) == ["W stranger A2", "W stranger A3"]
    assert said("PRI-4", book(proposals=PROPOSALS, votes=drawn_votes)) == []


def test_who_has_no_opinion_leaves_the_score_out() -> None:
    drawn_votes = votes(vote("Kari Dale", "P01", "1", "2", "", "4"), vote("Ola Vik", "P01", "", "", "", ""))
    assert said("PRI-4", book(group=GROUP, proposals=PROPOSALS, votes=drawn_votes)) == []


@pytest.mark.parametrize(("member", "id_", "cell"), [("", "P01", "A2"), ("Kari Dale", "", "B2")])
def test_a_vote_of_nobody_or_on_nothing(member: str, id_: str, cell: str) -> None:
    about = book(group=GROUP, proposals=PROPOSALS, votes=votes(vote(member, id_, "1", "2", "3", "4")))
    assert said("PRI-4", about) == [f"W unclear {cell}"]
