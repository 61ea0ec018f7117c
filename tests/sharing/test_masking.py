"""Which cells a copy may not show."""

from __future__ import annotations

import pytest

from hmsbook.sharing.masking import mask
from tests.rules.support import book


def masked(**drawings: str) -> list[str]:
    """The masked cells of a drawn book, as «values 0 I01: few 5»."""
    found = mask(book(**drawings)).cells
    return [
        f"{t} {row} {key}: {hidden.reason} {hidden.limit}" for (t, row, key), hidden in sorted(found.items())
    ]


def indicator(**cells: str) -> str:
    """I01 with these cells."""
    cells = {"id": "I01", "name": "Fravær", "about_persons": "ja"} | cells
    return f"| {' | '.join(cells)} |\n| {' | '.join(cells.values())} |"


ONE_VALUE = "| month | I01 |\n| 2026-01 | 6,4 |"


@pytest.mark.parametrize(
    ("cells", "hidden"),
    [
        ({"fewest_people": "5"}, []),
        ({"fewest_people": "4"}, ["indicators 0 fewest_people: few 5", "values 0 I01: few 5"]),
        ({}, ["values 0 I01: unknown 5"]),
        ({"about_persons": ""}, ["values 0 I01: unknown 5"]),
        ({"about_persons": "", "fewest_people": "5"}, []),
        ({"about_persons": "nei"}, []),
        ({"about_persons": "nei", "fewest_people": "4"}, []),
        ({"name": "Opplevd mobbing", "fewest_people": "10"}, []),
        (
            {"name": "Bullied at work", "fewest_people": "9"},
            ["indicators 0 fewest_people: few 10", "values 0 I01: few 10"],
        ),
    ],
)
def test_a_typed_value(cells: dict[str, str], hidden: list[str]) -> None:
    assert masked(indicators=indicator(**cells), values=ONE_VALUE) == hidden
