"""Who is mailed: by the group table, by name or by address; each once, and whom no mail reaches by cell."""

from __future__ import annotations

import pytest

from hmsbook.errors import UsageError
from hmsbook.letters.recipients import Recipients, is_mailable, recipients
from hmsbook.model.records import Member, Row
from tests.support.drawn import drawn

GROUP = """
    | name          | role            | email               | receives_mail |
    | Kari Ås       | leader          | kari@bygg.example   | ja            |
    | Ola Øy        | employee        | ola@bygg.example    | nei           |
    | Ola Nordmann  | employee        | nord@bygg.example   | ja            |
    | Per Lie       | superior_leader | per@bygg.example    | nei           |
    | Åse Bø        | employee        |                     | ja            |
    | Eli Vik       | employee        | eli at bygg.example | ja            |
    | Kari Ås igjen | employee        | KARI@bygg.example   | ja            |
    | Liv Moe       | employee        | liv@ærlig.example   | ja            |
    | Jon Dal       | employee        | jøn@bygg.example    | ja            |
"""


def found(audience: str = "group", *asked: str) -> Recipients:
    members = []
    for at, row in enumerate(drawn(GROUP)):
        values = {key: value for key, value in row.items() if value}
        values["receives_mail"] = row["receives_mail"] == "ja"
        members.append(Member.of(Row("group", values, "Gruppe", {"email": f"D{at + 22}"}, at)))
    return recipients(members, audience, asked)


def addresses(it: Recipients) -> list[str]:
    return [person.address for person in it.reached]


def test_those_who_receive_mail_each_address_once() -> None:
    assert addresses(found()) == ["kari@bygg.example", "nord@bygg.example", "liv@ærlig.example"]


def test_whom_no_mail_reaches_is_told_with_the_cell() -> None:
    told = [(it.name, it.reason, it.place.cell, it.found) for it in found().unreached]
    assert told == [
        ("Åse Bø", "missing", "D26", ""),
        ("Eli Vik", "impossible", "D27", "eli at bygg.example"),
        ("Jon Dal", "impossible", "D30", "jøn@bygg.example"),
    ]


def test_the_digest_goes_to_the_superior_leader_and_a_poster_to_nobody_by_itself() -> None:
    assert addresses(found("leader")) == ["per@bygg.example"]
    assert addresses(found("everyone")) == []


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (("Per",), ["per@bygg.example"]),
        (("Ola Øy", "kari ås"), ["ola@bygg.example", "kari@bygg.example"]),
        (("ny@annet.example", "PER@bygg.example"), ["ny@annet.example", "per@bygg.example"]),
        (("ola@bygg.example", "Ola Øy"), ["ola@bygg.example"]),
    ],
)
def test_names_and_addresses_that_are_asked_for(asked: tuple[str, ...], expected: list[str]) -> None:
    assert addresses(found("group", *asked)) == expected


@pytest.mark.parametrize(
    ("asked", "key"),
    [("Ola", "recipient_unclear"), ("Nina", "recipient_unknown"), ("bygg@", "bad_recipient")],
)
def test_who_is_nobody_or_several_is_asked_about(asked: str, key: str) -> None:
    with pytest.raises(UsageError) as caught:
        found("group", asked)
    assert caught.value.key == key


def test_one_asked_for_who_has_no_address_is_told_of() -> None:
    assert [it.name for it in found("group", "Åse Bø", "Per Lie").unreached] == ["Åse Bø"]


def test_a_domain_that_no_server_can_have_is_no_address() -> None:
    assert is_mailable("kari@ærlig.example")
    assert not is_mailable(f"kari@{'ø' * 70}.example")
