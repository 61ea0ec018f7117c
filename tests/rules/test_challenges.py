from __future__ import annotations

import pytest

from tests.rules.support import book, said, values


def challenge(chosen: str = "ja", without_numbers: str = "") -> str:
    return f"""
        | id  | description            | chosen   | followed_without_numbers |
        | U02 | Ukeplanen endres ofte  | {chosen} | {without_numbers}        |
    """


def test_chosen_and_not_followed() -> None:
    about = book(challenges=challenge())
    assert said("CHA-1", about) == ["R not_followed H2"]
    assert values("CHA-1", about) == {
        "challenge": "U02 (Ukeplanen endres ofte)",
        "table": "challenges",
        "column": "followed_without_numbers",
    }


def test_a_long_description_is_shortened() -> None:
    long = "Ukeplanen endres ofte på kort varsel, og det gir stress og venting"
    about = book(challenges=f"| id | description | chosen |\n| U01 | {long} | ja |")
    assert values("CHA-1", about)["challenge"] == "U01 (Ukeplanen endres ofte på kort…)"


@pytest.mark.parametrize(
    "tables",
    [
        {"challenges": challenge(chosen="nei")},
        {"challenges": challenge(chosen="")},
        {"challenges": challenge(without_numbers="ja")},
        {"challenges": challenge(), "indicators": "| id | name | challenges |\n| I01 | Overtid | U01, U02 |"},
        {"challenges": challenge(), "measures": "| id | measure | challenges |\n| T01 | Fast plan | U02 |"},
    ],
)
def test_not_chosen_or_followed(tables: dict[str, str]) -> None:
    assert said("CHA-1", book(**tables)) == []


@pytest.mark.parametrize(
    "tables",
    [
        {"indicators": "| id | name | challenges | active |\n| I01 | Overtid | U02 | nei |"},
        {"measures": "| id | measure | challenges | status |\n| T01 | Fast plan | U02 | cancelled |"},
    ],
)
def test_followed_no_longer(tables: dict[str, str]) -> None:
    assert said("CHA-1", book(challenges=challenge(), **tables)) == ["R not_followed H2"]


def test_a_blank_table_says_nothing() -> None:
    assert said("CHA-1", book()) == []
