"""The table of what came back, and the choices made in it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hmsbook.merge.draft import Draft
from hmsbook.merge.findings import OWN, Finding, Person
from hmsbook.merge.received import apply_choices, waiting, write_down
from hmsbook.texts.words import words
from tests.merge.small import book_of

DAY = date(2026, 11, 16)
WORDS = words("nb")
MEASURES = [
    {"id": "T01", "measure": "Fast ukeplan", "deadline": date(2026, 12, 1), "status": "ongoing"},
    {"id": "T02"},
]
VALUES = [{"month": date(2026, 1, 1), "I01": 6.5}, {"month": date(2026, 2, 1)}]
WHY = [{"indicator": "I01", "month": date(2026, 1, 1), "text": "Influensa"}, {}]


def _draft(count: int = 6, *, room: int = 0, rows: Any = None) -> Draft:
    received = rows or [{"id": f"R{at + 1:02d}"} for at in range(count)]
    book = book_of({"measures": MEASURES, "values": VALUES, "why": WHY, "received": received})
    return Draft(book, room={"received": room}, own={"measures": frozenset(["Vårt"])})


def _conflict(table: str, at: int, column: str, theirs: Any, **more: Any) -> Finding:
    return Finding("conflict", table, "rad", column, theirs=theirs, at=at, person=Person("Kari Ås"), **more)


CASES: dict[str, tuple[Finding, Any]] = {
    "a date": (_conflict("measures", 0, "deadline", date(2027, 1, 31)), date(2027, 1, 31)),
    "a choice": (_conflict("measures", 0, "status", "closed"), "closed"),
    "nothing": (_conflict("measures", 0, "measure", None), None),
    "a number of a month": (_conflict("values", 0, "I01", 7.25), 7.25),
    "a row without a number": (_conflict("why", 0, "text", "Vikarer"), "Vikarer"),
    "a list": (_conflict("measures", 0, "challenges", ("U01", "U02")), ("U01", "U02")),
    "a truth": (_conflict("measures", 0, "sensitive", theirs=False), False),
    "a column of our own": (_conflict("measures", 0, f"{OWN}Vårt", "hei"), "hei"),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_what_is_chosen_is_done(case: str, choice: str) -> None:
    conflict, wanted = CASES[case]
    draft = _draft()
    before = draft.value(conflict.table, conflict.at, conflict.column)
    assert write_down(draft, [conflict], DAY, WORDS)
    draft.put("received", 0, "choice", choice)
    (chosen,) = apply_choices(draft)
    assert chosen.done
    found = draft.value(conflict.table, conflict.at, conflict.column)
    assert found == (wanted if choice == "theirs" else before)
    assert draft.rows["received"][0].get("what") == "change"
    assert apply_choices(draft) == []


def test_a_choice_finds_its_row_wherever_it_is_sorted_to() -> None:
    draft = _draft()
    write_down(draft, [_conflict("measures", 0, "measure", "Ny plan")], DAY, WORDS)
    moved = book_of(
        {"measures": MEASURES[::-1], "received": [dict(it.values) for it in draft.rows["received"]]}
    )
    later = Draft(moved)
    later.put("received", 0, "choice", "theirs")
    assert apply_choices(later)[0].done
    assert later.value("measures", 1, "measure") == "Ny plan"


def test_a_choice_about_a_row_that_is_gone_stays_open() -> None:
    draft = _draft()
    write_down(draft, [_conflict("why", 0, "text", "Vikarer")], DAY, WORDS)
    gone = book_of({"why": [{}, {}], "received": [dict(it.values) for it in draft.rows["received"]]})
    later = Draft(gone)
    later.put("received", 0, "choice", "theirs")
    assert [it.done for it in apply_choices(later)] == [False]
    assert later.rows["received"][0].get("what") == "conflict"


@pytest.mark.parametrize("key", ["", "[]", "{}", '["measures", {"id": "T01"}]', '["nix", null, ""]', "null"])
def test_a_key_that_somebody_has_changed_breaks_nothing(key: str) -> None:
    row = {"id": "R01", "what": "conflict", "choice": "theirs", "key": key, "value": '"x"'}
    draft = _draft(rows=[row])
    assert [it.done for it in apply_choices(draft)] == [False]


def test_a_whole_row_comes_back() -> None:
    values = {"id": "T02", "measure": "Felles lunsj", "deadline": date(2026, 12, 2), f"{OWN}Vårt": "hei"}
    draft = _draft()
    write_down(draft, [_conflict("measures", 1, "", values, case="gone_here")], DAY, WORDS)
    assert (
        draft.rows["received"][0].get("theirs") == "Tiltak: Felles lunsj; Frist: 2. desember 2026; Vårt: hei"
    )
    draft.put("received", 0, "choice", "theirs")
    apply_choices(draft)
    assert draft.rows["measures"][1].values == {k: v for k, v in values.items() if not k.startswith(OWN)}
    assert draft.rows["measures"][1].extra == {"Vårt": "hei"}


def _full() -> list[dict[str, Any]]:
    return [
        {"id": "R01", "what": "conflict", "row": "T01"},
        {"id": "R02", "what": "change", "row": "T02", "file": "a.xlsx"},
        {"id": "R03", "what": "comment", "row": "T03"},
    ]


def test_where_all_is_full_the_oldest_that_needs_no_choice_gives_way() -> None:
    draft = _draft(rows=_full())
    news = [Finding("vote", "votes", f"P{at}", "effect", theirs=at) for at in (1, 2)]
    assert write_down(draft, news, DAY, WORDS)
    assert [(it.get("id"), it.get("row")) for it in draft.rows["received"]] == [
        ("R01", "T01"),
        ("R04", "P1"),
        ("R05", "P2"),
    ]
    assert draft.rows["received"][1].get("file") is None


def test_conflicts_never_give_way() -> None:
    rows = [{**row, "what": "conflict"} for row in _full()]
    news = [Finding("change", "measures", "T09", "status", theirs="closed")]
    grown = _draft(rows=rows, room=1)
    assert write_down(grown, news, DAY, WORDS)
    assert [it.get("row") for it in grown.rows["received"]] == ["T01", "T02", "T03", "T09"]
    assert not write_down(_draft(rows=rows), news, DAY, WORDS)


def test_what_no_cell_can_hold_is_cut_and_cannot_be_chosen_by_mistake() -> None:
    draft = _draft()
    write_down(draft, [_conflict("measures", 0, "measure", "x" * 32_700)], DAY, WORDS)
    row = draft.rows["received"][0]
    assert len(str(row.get("theirs"))) < 32_767
    assert row.get("value") is None
    draft.put("received", 0, "choice", "theirs")
    assert [it.done for it in apply_choices(draft)] == [False]


def test_the_table_grows_before_anything_gives_way() -> None:
    grown = _draft(rows=_full(), room=5)
    assert write_down(grown, [Finding("vote", "votes", "P1", "effect", theirs=1)], DAY, WORDS)
    assert [it.get("row") for it in grown.rows["received"]] == ["T01", "T02", "T03", "P1"]


def test_what_nobody_has_seen_gives_way_only_where_the_table_cannot_grow() -> None:
    news = [Finding("vote", "votes", f"P{at}", "effect", theirs=at) for at in range(301)]
    many = [{"id": f"R{at:02d}", "what": "comment", "row": f"T{at}"} for at in range(1, 301)]
    grown = _draft(rows=many, room=500)
    assert write_down(grown, news, DAY, WORDS)
    assert [it.get("row") for it in grown.rows["received"]] == [f"P{at}" for at in range(301)]
    news = news[:4]
    fixed = _draft(rows=_full())
    assert write_down(fixed, news, DAY, WORDS)
    assert [it.get("row") for it in fixed.rows["received"]] == ["T01", "P2", "P3"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ('["measures", {"id": "T01"}, "nosuch"]', '"x"'),
        ('["measures", {"id": "T01"}, "id"]', '"T99"'),
        ('["measures", {"id": "T01"}, "measure"]', '{"a": 1}'),
        ('["measures", {"id": "T01"}, "own:Borte"]', '"x"'),
        ('["measures", null, ""]', '{"nosuch": 1}'),
        ('["values", {"month": "2026-01-01"}, "I99"]', "5"),
        ("[" * 20_000, "1"),
        ('["measures", {"id": "T01"}, "measure"]', "[" * 20_000),
    ],
)
def test_a_place_or_value_that_somebody_typed_over_is_not_done(key: str, value: str) -> None:
    draft = _draft(rows=[{"id": "R01", "what": "conflict", "choice": "theirs", "key": key, "value": value}])
    assert [it.done for it in apply_choices(draft)] == [False]
    assert set(draft.written) == set()
    assert waiting(draft) == 1
