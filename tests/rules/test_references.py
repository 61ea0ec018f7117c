from __future__ import annotations

import pytest

from hmsbook.rules.references import POINTERS
from tests.rules.support import book, said, values

CHALLENGES = "| id | description |\n| U01 | Ukeplanen |\n| U02 | Overtid |\n| U03 | |"
INDICATORS = "| id | name |\n| I01 | Overtid |"
PROPOSALS = "| id | proposal |\n| P01 | Rydderunde |"
TARGETS = {"challenges": CHALLENGES, "indicators": INDICATORS, "proposals": PROPOSALS}
FIRST = {"challenges": "U01", "indicators": "I01", "proposals": "P01"}


def pointing(table: str, column: str, found: str) -> dict[str, str]:
    """Drawings in which one cell points to this id, and all that exists in the other tables."""
    own = {"indicators": "I01", "proposals": "P01", "measures": "T01"}.get(table)
    drawing = f"| id | {column} |\n| {own} | {found} |" if own else f"| {column} |\n| {found} |"
    return TARGETS | {table: drawing}


@pytest.mark.parametrize(("table", "column", "target"), POINTERS)
def test_every_column_that_points(table: str, column: str, target: str) -> None:
    assert said("REF-1", book(**pointing(table, column, FIRST[target]))) == []
    about = book(**pointing(table, column, "X99"))
    (problem,) = said("REF-1", about)
    assert problem.startswith("E unknown ")
    assert values("REF-1", about) == {"found": "X99", "table": target}


def test_each_unknown_id_of_a_list() -> None:
    measures = "| id | challenges |\n| T01 | U01, U19, U20, U19 |"
    about = book(challenges=CHALLENGES, measures=measures)
    assert said("REF-1", about) == ["E unknown C2", "E unknown C2"]


def test_a_numbered_row_that_is_empty_is_nothing() -> None:
    measures = "| id | challenges |\n| T01 | U03 |"
    assert said("REF-1", book(challenges=CHALLENGES, measures=measures)) == ["E unknown C2"]


def test_an_id_used_twice() -> None:
    about = book(challenges="| id | description |\n| U01 | Ukeplanen |\n| U02 | Overtid |\n| U01 | Støy |")
    assert said("REF-1", about) == ["E twice A4"]
    assert values("REF-1", about) == {"found": "U01", "other": "A2"}


def test_an_id_twice_on_empty_rows_does_no_harm() -> None:
    assert said("REF-1", book(challenges="| id | description |\n| U01 | Ukeplanen |\n| U01 | |")) == []


def test_values_of_an_indicator_that_is_not_described() -> None:
    about = book(
        indicators=INDICATORS, values="| month | I01 | I03 |\n| 2026-01 | 6 | |\n| 2026-02 | 6 | 4 |"
    )
    assert said("REF-1", about) == ["E values_of_nothing D3"]
    assert values("REF-1", about) == {"found": "I03"}


@pytest.mark.parametrize(
    ("found", "shown"), [("T99999999999999", "T99999999999999"), ("T" + "9" * 5000, "T" + "9" * 23 + "…")]
)
def test_an_id_that_nobody_counts_to(found: str, shown: str) -> None:
    about = book(measures=f"| id | measure |\n| {found} | Fast ukeplan |")
    assert said("REF-1", about) == ["E too_long A2"]
    assert values("REF-1", about) == {"found": shown, "maximum": 7}


@pytest.mark.parametrize("found", ["T07", "T2026001", "T2026-0000001", "Tiltak"])
def test_an_id_may_be_numbered_in_other_ways(found: str) -> None:
    assert said("REF-1", book(measures=f"| id | measure |\n| {found} | Fast ukeplan |")) == []
