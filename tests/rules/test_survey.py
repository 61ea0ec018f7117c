from __future__ import annotations

import pytest

from tests.rules.support import book, said, values


def chosen(*kinds: str) -> str:
    """A challenge a kind; `-wish` is one that is not chosen."""
    rows = [
        f"| U{n:02d} | {kind.strip('-')} | {'nei' if kind[0] == '-' else 'ja'} |"
        for n, kind in enumerate(kinds, 1)
    ]
    return "\n".join(["| id | kind | chosen |", *rows])


def measures(*kinds: str, status: str = "decided") -> str:
    rows = [f"| T{n:02d} | {kind} | {status} |" for n, kind in enumerate(kinds, 1)]
    return "\n".join(["| id | kind | status |", *rows])


TWO_AND_TWO = chosen("preserve", "preserve", "improve", "improve", "-improve")
THREE_AND_THREE = measures(*["preserve"] * 3, *["improve"] * 4)


def test_two_and_two_themes_and_three_and_three_measures() -> None:
    assert said("SUR-1", book("survey", challenges=TWO_AND_TWO, measures=THREE_AND_THREE)) == []


def test_a_blank_book_says_nothing() -> None:
    assert said("SUR-1", book("survey")) == []
    assert said("APU-1", book("apu")) == []


@pytest.mark.parametrize(
    "kinds", [("preserve",), ("preserve", "preserve", "improve"), ("preserve", "preserve", *["improve"] * 3)]
)
def test_another_number_of_themes(kinds: tuple[str, ...]) -> None:
    about = book("survey", challenges=chosen(*kinds))
    assert said("SUR-1", about) == ["R themes H2"]
    assert values("SUR-1", about) == {"preserve": kinds.count("preserve"), "improve": kinds.count("improve")}


def test_fewer_than_three_measures_of_a_kind() -> None:
    about = book("survey", measures=measures(*["preserve"] * 3, *["improve"] * 2))
    assert said("SUR-1", about) == ["R measures L2"]
    assert values("SUR-1", about) == {"preserve": 3, "improve": 2, "table": "measures", "column": "kind"}


def test_cancelled_measures_do_not_count() -> None:
    assert said("SUR-1", book("survey", measures=measures("preserve", status="cancelled"))) == []


SURVEY = """
    | round | theme     | subgroup | answered | invited |
    | 2024  | Tidspress |          | 45       | 92      |
    | 2024  | Støtte    |          | 44       | 92      |
    | 2026  | Tidspress |          | 46       | 92      |
    | 2026  | Tidspress | Natt     | 3        | 12      |
"""


def test_fewer_than_half_answered() -> None:
    about = book("survey", survey=SURVEY)
    assert said("SUR-1", about) == ["R few_answers K2"]
    assert values("SUR-1", about) == {"round": "2024", "answered": 45, "invited": 92, "percent": 48}


def test_a_survey_without_numbers_of_people_says_nothing() -> None:
    assert said("SUR-1", book("survey", survey="| round | theme | answered |\n| 2024 | Støtte | 4 |")) == []


@pytest.mark.parametrize("method", ["proind", "skoen", "apu"])
def test_only_for_the_survey_method(method: str) -> None:
    assert said("SUR-1", book(method, challenges=chosen("preserve"), survey=SURVEY)) == []


def test_more_than_three_wishes() -> None:
    about = book("apu", challenges=chosen(*["wish"] * 4))
    assert said("APU-1", about) == ["R too_many_wishes H2"]
    assert values("APU-1", about) == {"n": 4, "maximum": 3, "table": "challenges", "column": "chosen"}
    assert said("APU-1", book("proind", challenges=chosen(*["wish"] * 4))) == []


def test_three_wishes_and_others_that_wait() -> None:
    assert said("APU-1", book("apu", challenges=chosen(*["wish"] * 3, "-wish", "preserve"))) == []


def test_low_hanging_fruit_is_not_counted() -> None:
    low = "| id | proposal | challenge | chosen | low_hanging |\n| P01 | Krok | U01 | ja | ja |"
    assert said("APU-1", book("apu", challenges=chosen(*["wish"] * 4), proposals=low)) == []
    more = f"{low}\n| P02 | Nytt møterom | U01 | ja | nei |"
    assert said("APU-1", book("apu", challenges=chosen(*["wish"] * 4), proposals=more)) == [
        "R too_many_wishes H2"
    ]


def test_wishes_written_as_proposals_count_once() -> None:
    header = "| id | proposal | kind | challenge | chosen | low_hanging |"
    of_one_wish = [f"| P{n:02d} | Forslag | wish | U01 | ja | |" for n in range(1, 6)]
    assert said("APU-1", book("apu", proposals="\n".join([header, *of_one_wish]))) == []
    loose = [f"| P{n:02d} | Forslag | wish | | ja | |" for n in range(1, 5)]
    assert said("APU-1", book("apu", proposals="\n".join([header, *loose]))) == ["R too_many_wishes H2"]
    low = [row.removesuffix("|") + "ja |" for row in loose]
    assert said("APU-1", book("apu", proposals="\n".join([header, *low]))) == []
