from __future__ import annotations

import pytest

from hmsbook.rules.people import anyone_of, same_person
from tests.rules.support import book, problems, said, values

SOUND = """
    | name            | role                  | email              | can_decide |
    | Sindre Bakkemo  | leader                | sindre@example.no  | ja         |
    | Jonas Krogsæter | safety_representative | jonas@example.no   | nei        |
    | Even Moldskred  | employee              | even@example.no    | nei        |
    | Silje Brekkhus  | middle_manager        | silje@example.no   |            |
"""


def meeting(attendance: str, kind: str = "measures") -> str:
    return f"""
        | id  | type   | attendance   |
        | M03 | {kind} | {attendance} |
    """


@pytest.mark.parametrize("code", ["GRP-1", "GRP-2", "GRP-3", "GRP-4"])
def test_a_sound_group_is_left_alone(code: str) -> None:
    assert said(code, book(group=SOUND, meetings=meeting("Sindre Bakkemo, Jonas Krogsæter"))) == []


@pytest.mark.parametrize(
    ("code", "said_of_it"),
    [
        ("GRP-1", ["W nobody_decides D2"]),
        ("GRP-2", ["W nobody_represents B2"]),
        ("GRP-3", ["R roles_missing B2"]),
        ("GRP-4", []),
    ],
)
def test_an_empty_group_gives_one_problem_a_rule(code: str, said_of_it: list[str]) -> None:
    assert said(code, book()) == said_of_it


def test_nobody_can_decide() -> None:
    group = "| name | can_decide |\n| Kaja | nei |\n| Ida | |"
    assert said("GRP-1", book(group=group)) == ["W nobody_decides D2"]


@pytest.mark.parametrize(
    ("attendance", "kind", "said_of_it"),
    [
        ("Jonas Krogsæter, Even Moldskred", "measures", ["E nobody_who_decides_came G2"]),
        ("Jonas Krogsæter, Even Moldskred", "process", []),
        ("Even og Sindre", "measures", []),
        ("S. Bakkemo", "measures", []),
        ("", "measures", []),
    ],
)
def test_measures_are_decided_with_someone_who_can(attendance: str, kind: str, said_of_it: list[str]) -> None:
    about = book(group=SOUND, meetings=meeting(attendance, kind))
    assert said("GRP-1", about) == said_of_it
    assert [problem.values["meeting"] for problem in problems("GRP-1", about)] == ["M03"] * len(said_of_it)


def test_a_union_representative_represents_too() -> None:
    assert said("GRP-2", book(group="| role |\n| union_representative |")) == []
    assert said("GRP-2", book(group="| role |\n| employee |")) == ["W nobody_represents B2"]


@pytest.mark.parametrize(
    ("method", "missing"),
    [
        ("proind", ("middle_manager", "employee")),
        ("skoen", ("superior_leader", "union_representative", "staff_resource")),
    ],
)
def test_roles_of_the_method(method: str, missing: tuple[str, ...]) -> None:
    group = "| role |\n| leader |\n| safety_representative |"
    assert values("GRP-3", book(method, group=group)) == {"role": missing}


def test_a_method_without_roles_asks_for_none() -> None:
    assert said("GRP-3", book("survey")) == []


def test_facts_that_arbeidsplassutvikling_prepares() -> None:
    unit = "| process_leader | minute_taker | success_criteria |\n| Kaja | | |"
    about = book("apu", unit=unit)
    assert said("GRP-3", about) == ["R facts_missing N2"]
    assert values("GRP-3", about) == {"table": "unit", "column": ("minute_taker", "success_criteria")}
    filled = "| process_leader | minute_taker | success_criteria |\n| Kaja | Ida | Færre avbrudd |"
    assert said("GRP-3", book("apu", unit=filled)) == []


@pytest.mark.parametrize(
    "address",
    [
        "kaja",
        "kaja@",
        "@example.no",
        "kaja@example",
        "kaja@example,no",
        "kaja solbu@example.no",
        "kaja@example.no, ida@example.no",
        "kaja@@example.no",
        "kaja..solbu@example.no",
        "kaja@-example.no",
        "<kaja@example.no>",
    ],
)
def test_what_cannot_be_an_address(address: str) -> None:
    about = book(group=f"| name | email |\n| Kaja | {address} |")
    assert said("GRP-4", about) == ["E bad_address C2"]
    assert values("GRP-4", about) == {"found": address, "name": "Kaja"}


@pytest.mark.parametrize(
    "address", ["kaja.solbu@example.no", "k+hms@sub.example.museum", "kåre@blåbær.no", "a_b-c@x1.no"]
)
def test_what_can_be_an_address(address: str) -> None:
    assert said("GRP-4", book(group=f"| name | email |\n| Kaja | {address} |")) == []


def test_the_same_address_twice() -> None:
    about = book(group="| name | email |\n| Kaja | k@example.no |\n| Ida | K@Example.no |")
    assert said("GRP-4", about) == ["E same_address C3"]
    assert values("GRP-4", about) == {"found": "K@Example.no", "name": "Ida", "other": "C2"}


@pytest.mark.parametrize("written", ["Kari Anne Lundemo", "kari  anne", "Kari", "K. Lundemo", "Kari (leder)"])
def test_ways_to_write_the_same_name(written: str) -> None:
    assert same_person(written, "Kari Anne Lundemo")
    assert anyone_of(f"Ola Nordmann, {written}", ["Kari Anne Lundemo"])


@pytest.mark.parametrize("written", ["Karin Lundemo", "Lunde Kari Berg", "", "(leder)", "."])
def test_another_name(written: str) -> None:
    assert not same_person(written, "Kari Anne Lundemo")
