"""Copies as files: sent, typed in, sent back and merged."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hmsbook.actions.reading import open_book
from hmsbook.merge.draft import unreadable
from hmsbook.opc.cells import cell_name, parse_cell
from tests.hosts.books import put
from tests.merge.real import Circle, cell_of, rows_of, told


@pytest.fixture
def circle(tmp_path: Path) -> Circle:
    return Circle(tmp_path)


def test_a_copy_that_nobody_touched_changes_nothing(circle: Circle) -> None:
    circle.send("Kari Ås", "Ola Øy")
    before = circle.master.read_bytes()
    found = circle.fetch("Kari Ås", "Ola Øy")
    assert told(found.findings) == []
    assert circle.master.read_bytes() == before


def test_whose_a_copy_is_hmsbook_never_is(circle: Circle) -> None:
    circle.send("noen")
    circle.type("""
        | who  | table    | row | column | typed   |
        | noen | meetings | M01 | place  | Kantina |
    """)
    (found,) = circle.fetch("noen").findings
    assert found.person.name == "svar noen.xlsx"


def test_a_conflict_says_whose_answer_stands_there(circle: Circle) -> None:
    circle.send("Kari Ås", "Ola Øy")
    circle.type("""
        | who     | table    | row | column   | typed      |
        | Kari Ås | measures | T01 | deadline | 2026-12-24 |
        | Ola Øy  | measures | T01 | deadline | 2026-12-31 |
        | Ola Øy  | measures | T02 | status   | Pågår      |
        | vi      | measures | T02 | status   | Avbrutt    |
    """)
    found = [dict(it.values) for it in circle.fetch("Kari Ås", "Ola Øy").findings if it.is_open]
    assert found == [{"ours": "Kari Ås"}, {}]


def test_who_changed_what(circle: Circle) -> None:
    circle.send("Kari Ås", "Ola Øy")
    circle.type("""
        | who     | table    | row     | column      | typed        |
        | Kari Ås | measures | T01     | status      | Gjennomført  |
        | Kari Ås | measures | T03     | measure     | Ny vaktplan  |
        | Kari Ås | measures | T03     | deadline    | 2026-12-24   |
        | Ola Øy  | meetings | M01     | place       | Kantina      |
        | Ola Øy  | unit     | 0       | success_criteria | Færre avvik |
        | vi      | measures | T02     | responsible | Gro Hagen    |
    """)
    found = circle.fetch("Kari Ås", "Ola Øy")
    assert told(found.findings) == [
        ("change", "measures", "T01", "status"),
        ("added", "measures", "T03", ""),
        ("change", "unit", "", "success_criteria"),
        ("change", "meetings", "M01", "place"),
    ]
    assert circle.row("measures", "T01")["status"] == "done"
    assert circle.row("measures", "T02")["responsible"] == "Gro Hagen"
    assert circle.row("measures", "T03") == {
        "id": "T03",
        "measure": "Ny vaktplan",
        "deadline": date(2026, 12, 24),
    }
    assert circle.row("meetings", "M01")["place"] == "Kantina"
    assert [(it.get("who"), it.get("what")) for it in circle.received()] == [
        ("Kari Ås", "change"),
        ("Kari Ås", "added"),
        ("Ola Øy", "change"),
        ("Ola Øy", "change"),
    ]
    assert "Hentet svar fra Kari Ås (utgave 1): 1 endring, 1 ny rad." in circle.log()
    assert "Hentet svar fra Ola Øy (utgave 1): 2 endringer." in circle.log()


def test_what_both_changed_waits_for_a_choice_and_is_done_when_chosen(circle: Circle) -> None:
    circle.send("Kari Ås")
    circle.type("""
        | who     | table    | row | column      | typed     |
        | Kari Ås | measures | T02 | responsible | Kari Ås   |
        | Kari Ås | measures | T01 | achieve     | Mer ro    |
        | vi      | measures | T02 | responsible | Gro Hagen |
        | vi      | measures | T01 | achieve     | Stille    |
    """)
    found = circle.fetch("Kari Ås")
    assert told(found.findings) == [
        ("conflict", "measures", "T01", "achieve"),
        ("conflict", "measures", "T02", "responsible"),
    ]
    assert found.conflicts == 2
    assert circle.row("measures", "T02")["responsible"] == "Gro Hagen"
    circle.type("""
        | who | table    | row | column | typed |
        | vi  | received | 0   | choice | Vårt  |
        | vi  | received | 1   | choice | Deres |
    """)
    again = circle.fetch()
    assert [(it.id, it.choice, it.done) for it in again.chosen] == [
        ("R01", "mine", True),
        ("R02", "theirs", True),
    ]
    assert circle.row("measures", "T01")["achieve"] == "Stille"
    assert circle.row("measures", "T02")["responsible"] == "Kari Ås"
    assert [it.get("what") for it in circle.received()] == ["change", "change"]
    before = circle.master.read_bytes()
    assert not circle.fetch("Kari Ås").is_news
    assert circle.master.read_bytes() == before


def test_two_people_who_fill_the_same_empty_row_give_two_rows(circle: Circle) -> None:
    circle.send("Kari Ås", "Ola Øy")
    circle.type("""
        | who     | table     | row | column   | typed      |
        | Kari Ås | proposals | P03 | proposal | Mer lys    |
        | Ola Øy  | proposals | P03 | proposal | Pauser     |
        | Ola Øy  | votes     | 2   | member   | Ola Øy     |
        | Ola Øy  | votes     | 2   | proposal | P03        |
        | Ola Øy  | votes     | 2   | effect   | 4          |
    """)
    circle.fetch("Kari Ås", "Ola Øy")
    assert circle.row("proposals", "P03")["proposal"] == "Mer lys"
    assert circle.row("proposals", "P04")["proposal"] == "Pauser"
    assert circle.row("votes", "2") == {"member": "Ola Øy", "proposal": "P04", "effect": 4}


def test_scores_are_votes_of_the_one_who_gave_them(circle: Circle) -> None:
    circle.send("Kari Ås", audience="score")
    circle.type("""
        | who     | table     | row | column | typed |
        | Kari Ås | proposals | P01 | effect | 1     |
        | Kari Ås | proposals | P02 | ease   | 3     |
    """)
    found = circle.fetch("Kari Ås")
    assert told(found.findings) == [
        ("vote", "votes", "Kari Ås, P01", "effect"),
        ("vote", "votes", "Kari Ås, P02", "ease"),
    ]
    assert circle.row("votes", "0")["effect"] == 1
    assert circle.row("votes", "2") == {"member": "Kari Ås", "proposal": "P02", "ease": 3}
    assert circle.row("proposals", "P01")["effect"] == 5


def test_a_masked_value_never_overwrites_a_real_one(circle: Circle) -> None:
    circle.send("Kari Ås")
    masked = sorted(open_book(circle.path("Kari Ås")).book.masked)
    table, row, column = masked[0]
    assert table == "values"
    real = circle.row("values", str(row))[column]
    circle.type(f"""
        | who     | table  | row        | column   | typed |
        | Kari Ås | values | {row}      | {column} | 77    |
        | Kari Ås | values | {row + 1}  | {column} |       |
    """)
    found = circle.fetch("Kari Ås", take="theirs")
    assert [(*it[:2], *it[3:]) for it in told(found.findings)] == [("conflict", "values", column, "masked")]
    assert circle.row("values", str(row))[column] == real
    assert circle.row("values", str(row + 1))[column] is not None


def test_a_deleted_row_goes_and_its_text_is_kept(circle: Circle) -> None:
    circle.send("Kari Ås", "Ola Øy")
    circle.type("""
        | who     | table  | row | column | typed |
        | Kari Ås | events | 0   | month  |       |
        | Kari Ås | events | 0   | text   |       |
        | Ola Øy  | challenges | U02 | description |       |
        | Ola Øy  | challenges | U02 | factor      |       |
        | Ola Øy  | challenges | U02 | kind        |       |
        | Ola Øy  | challenges | U02 | chosen      |       |
        | vi      | challenges | U02 | description | Godt og trygt samhold |
    """)
    found = list(circle.fetch("Kari Ås", "Ola Øy").findings)
    assert [(it.what, it.table, it.case) for it in found] == [
        ("deleted", "events", ""),
        ("conflict", "challenges", "gone_there"),
    ]
    assert circle.row("events", "0") == {}
    assert circle.row("challenges", "U02")["description"] == "Godt og trygt samhold"
    assert "Ny formann" in str(circle.received()[0].get("base"))
    assert any("Ny formann" in line for line in circle.log())


def test_a_text_in_a_number_s_cell_is_told_with_its_text(circle: Circle) -> None:
    circle.send("Kari Ås")
    circle.type("""
        | who     | table  | row     | column | typed     |
        | Kari Ås | values | 2025-04 | I01    | 'seks, tror jeg |
    """)
    found = list(circle.fetch("Kari Ås").findings)
    assert told(found) == [("left_out", "values", "2025-04", "I01", "unreadable")]
    assert found[0].theirs == "seks, tror jeg"
    assert circle.row("values", "2025-04")["I01"] == 6.6


def test_a_second_return_goes_on_from_the_first(circle: Circle) -> None:
    circle.send("Kari Ås")
    circle.type("""
        | who     | table    | row | column | typed       |
        | Kari Ås | measures | T01 | status | Gjennomført |
        | Kari Ås | measures | T03 | measure | Ny vaktplan |
    """)
    circle.fetch("Kari Ås")
    circle.type("""
        | who     | table    | row | column  | typed         |
        | Kari Ås | measures | T01 | status  | Lukket        |
        | Kari Ås | measures | T03 | achieve | Bedre søvn    |
    """)
    found = circle.fetch("Kari Ås")
    assert told(found.findings) == [
        ("change", "measures", "T01", "status"),
        ("change", "measures", "T03", "achieve"),
    ]
    assert circle.row("measures", "T01")["status"] == "closed"
    assert circle.row("measures", "T03")["achieve"] == "Bedre søvn"


def test_conflicts_can_be_settled_at_once(circle: Circle) -> None:
    circle.send("Kari Ås")
    circle.type("""
        | who     | table    | row | column      | typed     |
        | Kari Ås | measures | T02 | responsible | Kari Ås   |
        | vi      | measures | T02 | responsible | Gro Hagen |
    """)
    found = circle.fetch("Kari Ås", take="theirs")
    assert found.conflicts == 0
    assert circle.row("measures", "T02")["responsible"] == "Kari Ås"
    assert [(it.get("what"), it.get("choice"), it.get("mine")) for it in circle.received()] == [
        ("change", "theirs", "Gro Hagen")
    ]


def test_an_older_edition_merges_all_the_same(circle: Circle) -> None:
    circle.send("Kari Ås")
    circle.send("Ola Øy")
    circle.type("""
        | who     | table    | row | column | typed       |
        | Kari Ås | measures | T01 | status | Gjennomført |
        | Ola Øy  | measures | T02 | status | Avbrutt     |
    """)
    found = circle.fetch("Ola Øy", "Kari Ås")
    assert [it.returned.edition for it in found.came] == [1, 2]
    assert circle.row("measures", "T01")["status"] == "done"
    assert circle.row("measures", "T02")["status"] == "cancelled"


def test_what_was_deleted_here_and_changed_there_comes_back_when_chosen(circle: Circle) -> None:
    circle.send("Kari Ås")
    circle.type("""
        | who     | table    | row | column      | typed     |
        | Kari Ås | measures | T02 | achieve     | Felleskap |
        | vi      | measures | T02 | measure     |           |
        | vi      | measures | T02 | responsible |           |
        | vi      | measures | T02 | deadline    |           |
        | vi      | measures | T02 | status      |           |
    """)
    found = circle.fetch("Kari Ås")
    assert told(found.findings) == [("conflict", "measures", "T02", "", "gone_here")]
    circle.type("""
        | who | table    | row | column | typed |
        | vi  | received | 0   | choice | Deres |
    """)
    circle.fetch()
    row = circle.row("measures", "T02")
    assert (row["measure"], row["achieve"], row["status"]) == ("Felles lunsj", "Felleskap", "decided")


def test_a_dry_run_writes_nothing_and_tells_all(circle: Circle) -> None:
    circle.send("Kari Ås")
    circle.type("""
        | who     | table    | row | column | typed       |
        | Kari Ås | measures | T01 | status | Gjennomført |
    """)
    before = circle.master.read_bytes()
    found = circle.fetch("Kari Ås", dry_run=True)
    assert told(found.findings) == [("change", "measures", "T01", "status")]
    assert circle.master.read_bytes() == before


def test_a_month_typed_over_empties_no_month(circle: Circle) -> None:
    circle.send("Kari Ås")
    before = rows_of(circle.master, "values")[4].values
    circle.type("""
        | who     | table  | row     | column | typed      |
        | Kari Ås | values | 2025-05 | month  | 2025-04-01 |
    """)
    circle.fetch("Kari Ås")
    assert rows_of(circle.master, "values")[4].values == before


def test_a_text_in_a_date_s_cell_here_keeps_its_row(circle: Circle) -> None:
    circle.send("Kari Ås")
    circle.type("""
        | who     | table    | row | column      | typed        |
        | vi      | measures | T02 | evaluate_on | 'til våren   |
        | vi      | measures | T03 | deadline    | 'til høsten  |
        | Kari Ås | measures | T02 | measure     |              |
        | Kari Ås | measures | T02 | responsible |              |
        | Kari Ås | measures | T02 | deadline    |              |
        | Kari Ås | measures | T02 | status      |              |
        | Kari Ås | measures | T03 | measure     | Ny vaktplan  |
    """)
    found = circle.fetch("Kari Ås")
    assert told(found.findings) == [
        ("conflict", "measures", "T02", "", "gone_there"),
        ("added", "measures", "T04", "", "renumbered"),
    ]
    assert "til våren" in str(circle.received()[0].get("mine"))
    assert circle.row("measures", "T02")["measure"] == "Felles lunsj"
    circle.type("""
        | who | table    | row | column | typed |
        | vi  | received | 0   | choice | Deres |
    """)
    circle.fetch()
    assert circle.row("measures", "T02") == {"id": "T02"}
    assert set(unreadable(open_book(circle.master).book).values()) == {"til høsten"}


def test_what_stands_in_a_column_that_is_gone_here_is_told(circle: Circle) -> None:
    circle.send("Kari Ås")
    sheet, cell = cell_of(circle.master, "measures", "achieve", 0)
    row, column = parse_cell(cell)
    put(circle.master, {(sheet, cell_name((row - 1, column))): "Noe annet"})
    circle.type("""
        | who     | table    | row | column  | typed       |
        | Kari Ås | measures | T01 | achieve | Mer ro      |
        | Kari Ås | measures | T03 | measure | Ny vaktplan |
        | Kari Ås | measures | T03 | achieve | Bedre søvn  |
    """)
    found = list(circle.fetch("Kari Ås").findings)
    assert told(found) == [
        ("left_out", "measures", "", "achieve", "own_column"),
        ("added", "measures", "T03", ""),
    ]
    assert found[0].theirs == {"T01": "Mer ro", "T03": "Bedre søvn"}
    assert not circle.fetch("Kari Ås").is_news
