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
    assert said("PRI-2", about) == ["R no_measure K2"]
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
    assert said("PRI-2", about) == ["R no_measure K2"]


@pytest.mark.parametrize(("chosen", "said_of_it"), [("nei", ["R no_answer L2"]), ("", [])])
def test_an_answer_is_due_when_the_group_has_decided(chosen: str, said_of_it: list[str]) -> None:
    assert said("PRI-2", book(proposals=proposal(chosen=chosen, answer=""))) == said_of_it


def test_once_something_is_chosen_the_others_have_their_answer_too() -> None:
    proposals = """
        | id  | proposal       | chosen | answer   |
        | P01 | Rydderunde     | ja     | Vedtatt. |
        | P02 | Ny tavle       |        |          |
        | P03 |                |        |          |
    """
    assert said("PRI-2", book(proposals=proposals, measures=MEASURES)) == ["R no_answer L3"]
