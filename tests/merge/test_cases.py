"""The rule of three case by case, on books of a few rows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hmsbook.merge.findings import Finding
from hmsbook.merge.ledger import Ledger
from hmsbook.merge.rows import ways
from hmsbook.model.book import Book
from hmsbook.model.problems import Problem
from hmsbook.model.records import Place
from tests.merge.small import TABLES, Rows, book_of, merged, returned
from tests.support.drawn import drawn

WHEN = date(2026, 1, 1)
FIELD = """
| base | mine | theirs | result | what     |
| a    | a    | a      | a      |          |
| a    | b    | a      | b      |          |
| a    | a    | b      | b      | change   |
| a    | b    | b      | b      |          |
| a    | b    | c      | b      | conflict |
| a    |      | b      |        | conflict |
| a    | b    |        | b      | conflict |
| a    | a    |        |        | change   |
|      | a    |        | a      |          |
|      |      | a      | a      | change   |
|      | a    | b      | a      | conflict |
|      | a    | a      | a      |          |
"""


def _measure(text: str) -> Book:
    """A measure with a name, and with this as what it should achieve."""
    return book_of({"measures": [{"id": "T01", "measure": "Lys"} | ({"achieve": text} if text else {})]})


@pytest.mark.parametrize("case", drawn(FIELD), ids=lambda case: "-".join(case.values()))
def test_one_cell(case: dict[str, str]) -> None:
    base, mine, theirs = (_measure(case[side]) for side in ("base", "mine", "theirs"))
    result, found = merged(mine, returned(base, theirs))
    assert (result.rows["measures"][0].get("achieve") or "") == case["result"]
    assert [it.what for it in found] == ([case["what"]] if case["what"] else [])


@pytest.mark.parametrize(
    ("table", "column", "one", "other"),
    [
        ("measures", "achieve", "en\r\nto", "en\nto"),
        ("measures", "achieve", "en  \nto ", "en\nto"),
        ("measures", "achieve", "Kari A\u030as", "Kari Ås"),
        ("values", "I01", 0.1 + 0.2, 0.3),
        ("values", "I01", 3, 3.0),
        ("values", "I01", -0.0, 0),
        ("measures", "deadline", date(2026, 1, 1), date(2026, 1, 1)),
    ],
)
def test_what_programs_change_is_no_change(table: str, column: str, one: Any, other: Any) -> None:
    first = {"id": "T01", "measure": "Lys"} if table == "measures" else {"month": WHEN}
    sent, back = (book_of({table: [{**first, column: it}]}) for it in (one, other))
    assert merged(sent, returned(sent, back))[1] == []


def test_lists_get_what_each_side_added() -> None:
    base, mine, theirs = (
        book_of({"measures": [{"id": "T01", "measure": "Lys", "challenges": found}]})
        for found in (("U01", "U02"), ("U01", "U02", "U07"), ("U02", "U05"))
    )
    result, found = merged(mine, returned(base, theirs))
    assert result.rows["measures"][0].get("challenges") == ("U02", "U07", "U05")
    assert [it.what for it in found] == ["change"]


def test_what_was_left_out_of_the_copy_stays() -> None:
    """References to what is sensitive, private columns and masked numbers are not in the copy."""
    mine = book_of(
        {
            "measures": [
                {"id": "T01", "measure": "Lys", "challenges": ("U01", "U07")},
                {"id": "T02", "measure": "X"},
            ],
            "group": [{"name": "Kari Ås", "note": "ring"}],
            "values": [{"month": WHEN, "I01": 4}],
        }
    )
    sent = book_of(
        {
            "measures": [{"id": "T01", "measure": "Lys", "challenges": ("U01",)}],
            "group": [{"name": "Kari Ås"}],
            "values": [{"month": WHEN}],
        }
    )
    result, found = merged(mine, returned(sent, sent, masked=[("values", 0, "I01")]))
    assert (result, found) == (mine, [])


def _gone(rows: Rows, key: str = "measures") -> tuple[Book, list[Finding]]:
    sent = book_of({key: [{"id": f"T{at:02d}", "measure": f"Tiltak {at}"} for at in range(1, 7)]})
    return merged(sent, returned(sent, book_of({key: rows})))


def test_one_row_gone_is_a_deletion_and_many_are_asked_about() -> None:
    rows = [{"id": f"T{at:02d}", "measure": f"Tiltak {at}"} for at in range(1, 7)]
    result, found = _gone(rows[:-1])
    assert [(it.what, it.row) for it in found] == [("deleted", "T06")]
    assert [row.get("id") for row in result.rows["measures"]] == ["T01", "T02", "T03", "T04", "T05"]
    result, found = _gone(rows[:1])
    assert {(it.what, it.case) for it in found} == {("conflict", "many_gone")}
    assert len(result.rows["measures"]) == 6


def test_a_month_that_is_gone_deletes_no_values() -> None:
    sent = book_of({"values": [{"month": WHEN, "I01": 4}, {"month": date(2026, 2, 1), "I01": 5}]})
    back = book_of({"values": [{"month": WHEN, "I01": 4}]})
    result, found = merged(sent, returned(sent, back))
    assert [(it.what, it.row, it.case) for it in found] == [("left_out", "2026-02", "row_missing")]
    assert result == sent


def test_a_month_that_stands_twice_never_overwrites() -> None:
    sent = book_of({"values": [{"month": WHEN, "I01": 4}]})
    back = book_of({"values": [{"month": WHEN, "I01": 4}, {"month": WHEN, "I01": 9, "I02": 1}]})
    result, found = merged(sent, returned(sent, back))
    assert [(it.what, it.column) for it in found] == [("conflict", "I01"), ("change", "I02")]
    assert [row.values for row in result.rows["values"]] == [{"month": WHEN, "I01": 4, "I02": 1}]


@pytest.mark.parametrize("what", ["column_missing", "table_missing"])
def test_what_did_not_come_back_is_no_deletion(what: str) -> None:
    sent = book_of({"measures": [{"id": "T01", "measure": "Lys", "status": "ongoing"}]})
    back = book_of({"measures": [{"id": "T01", "measure": "Lys"}]} if what == "column_missing" else {})
    place, values = Place(), {"table": "measures", "column": "status"}
    back = back.but(problems=(Problem("WBK-1", "W", "column_missing", place, values),))
    result, found = merged(sent, returned(sent, back))
    assert result == sent
    assert [(it.what, it.case) for it in found] == [("left_out", what)]


def test_references_follow_a_row_that_gets_another_number() -> None:
    numbered = [{"id": "U01", "description": "Støy"}, {"id": "U02"}, {"id": "U03"}]
    sent = book_of({"challenges": numbered, "measures": [{"id": "T01", "measure": "Lys"}, {"id": "T02"}]})
    mine = book_of(
        {
            "challenges": [numbered[0], {"id": "U02", "description": "Kulde"}, numbered[2]],
            "measures": [{"id": "T01", "measure": "Lys"}, {"id": "T02"}],
        }
    )
    back = book_of(
        {
            "challenges": [numbered[0], {"id": "U02", "description": "Varme"}, numbered[2]],
            "measures": [
                {"id": "T01", "measure": "Lys", "challenges": ("U02",)},
                {"id": "T02", "measure": "Vifter", "challenges": ("U01", "U02")},
            ],
        }
    )
    result, _ = merged(mine, returned(sent, back))
    assert [row.get("description") for row in result.rows["challenges"]] == ["Støy", "Kulde", "Varme"]
    assert [row.get("challenges") for row in result.rows["measures"]] == [("U03",), ("U01", "U03")]


def test_values_follow_an_indicator_that_gets_another_column() -> None:
    slots = [{"id": f"I0{at}"} for at in range(1, 5)]
    sent = book_of({"indicators": slots, "values": [{"month": WHEN}]})
    mine, back = (
        book_of(
            {
                "indicators": [{"id": "I01", "name": name}, *slots[1:]],
                "values": [{"month": WHEN, "I01": value}],
            }
        )
        for name, value in (("Avvik", 3), ("Trivsel", 4.5))
    )
    result, _ = merged(mine, returned(sent, back))
    assert [row.get("name") for row in result.rows["indicators"]] == ["Avvik", "Trivsel"]
    assert result.rows["values"][0].values == {"month": WHEN, "I01": 3, "I02": 4.5}


def test_two_copies_of_one_person_that_go_different_ways_undo_nothing() -> None:
    sent = book_of(
        {"measures": [{"id": "T01", "measure": "Lys", "status": "ongoing"}, {"id": "T02", "measure": "Luft"}]}
    )
    pc, phone = (
        book_of({"measures": rows})
        for rows in (
            [{"id": "T01", "measure": "Lys", "status": "done"}, {"id": "T02", "measure": "Luft"}],
            [{"id": "T01", "measure": "Lys", "status": "ongoing"}, {"id": "T02", "measure": "Frisk luft"}],
        )
    )
    result, found = merged(sent, returned(sent, pc), returned(sent, phone), ledger=Ledger())
    assert [it.what for it in found] == ["change", "change"]
    assert [(row.get("measure"), row.get("status")) for row in result.rows["measures"]] == [
        ("Lys", "done"),
        ("Frisk luft", None),
    ]


def test_what_a_person_takes_back_is_taken_back() -> None:
    sent = book_of({"measures": [{"id": "T01", "measure": "Lys", "status": "ongoing", "achieve": "Ro"}]})
    first, later = (
        book_of({"measures": [{"id": "T01", "measure": "Lys", "status": status, "achieve": "Mer ro"}]})
        for status in ("done", "ongoing")
    )
    result, _ = merged(sent, returned(sent, first), returned(sent, later), ledger=Ledger())
    assert result.rows["measures"][0].get("status") == "ongoing"


def test_the_same_from_two_people_is_there_once() -> None:
    sent = book_of({"events": [{}, {}, {}]})
    back = book_of({"events": [{"month": WHEN, "text": "Ny formann"}, {}, {}]})
    result, found = merged(sent, returned(sent, back), returned(sent, back, "Ola Øy"))
    assert len(result.rows["events"]) == 1
    assert [it.what for it in found] == ["added"]


def test_an_unreadable_cell_of_ours_is_never_overwritten() -> None:
    sent = book_of({"values": [{"month": WHEN}]})
    row = sent.drawn_rows["values"][0].but(cells={"month": "B9", "I01": "C9"})
    place = Place(row.sheet, "C9")
    problem = Problem(
        "IND-3", "E", "not_a_number", place, {"table": "values", "column": "I01", "found": "seks"}
    )
    mine = sent.but(rows={"values": (row,)}, drawn_rows={"values": (row,)}, problems=(problem,))
    result, found = merged(mine, returned(sent, book_of({"values": [{"month": WHEN, "I01": 4}]})))
    assert [(it.what, it.mine, it.theirs) for it in found] == [("conflict", "seks", 4)]
    assert result.drawn_rows == mine.drawn_rows


def test_every_table_has_a_way_to_tell_its_rows_apart() -> None:
    assert [key for key, table in TABLES.items() if not ways(table)] == []
