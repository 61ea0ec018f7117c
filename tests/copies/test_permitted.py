"""What of a drawn workbook may leave, for whom, and what is told of the rest."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hmsbook.errors import LeakError, UsageError
from hmsbook.model.book import Book
from hmsbook.sharing.audiences import AUDIENCES, audience
from hmsbook.sharing.masking import mask
from hmsbook.sharing.permitted import Permitted, permitted, split_for
from hmsbook.sharing.scan import Traces
from tests.rules.support import book

MEASURES = """
    | id  | measure                     | challenges | status  | sensitive | responsible | channels |
    | T01 | Fast ukeplan                | U01, U02   | ongoing | nei       | Kari Ås     |          |
    | T02 | Samtaler om tonen i lag 3   | U02        | decided | ja        | Ola Øy      |          |
    | T03 | Egen oppfølging             | U02        | decided |           | Ola Øy      |          |
    | T04 | Kurs i å si fra             | U02        | decided | nei       | Ola Øy      |          |
    | T05 | Ny brakke                   |            | proposed |          |             |          |
"""
CHALLENGES = """
    | id  | description           | sensitive | chosen | note        |
    | U01 | Ukeplanen endres ofte |           | ja     | Sagt av Per |
    | U02 | Hard tone i lag 3     | ja        | ja     |             |
    | U03 | Godt samhold          |           |        |             |
"""


def of(about: Book, key: str = "group", member: str = "") -> Permitted:
    """What one audience may have of a book."""
    return permitted(split_for(about, audience(key), mask(about)), member)


def column(found: Permitted, table: str, key: str) -> list[Any]:
    """What stands in a column of the filled rows."""
    return [row.get(key) for row in found.book.rows[table]]


def told(found: Permitted) -> list[str]:
    """What was left out, why, and where it stands."""
    return sorted(f"{it.what} {it.why} {it.place.cell}" for it in found.left_out)


def test_sensitive_rows_stay_and_so_does_what_only_belongs_to_them() -> None:
    found = of(book(challenges=CHALLENGES, measures=MEASURES))
    assert column(found, "challenges", "id") == ["U01", "U03"]
    assert column(found, "measures", "id") == ["T01", "T04", "T05"]
    assert column(found, "measures", "challenges") == [("U01",), None, None]
    assert told(found) == [
        "challenge sensitive A3",
        "measure sensitive A3",
        "measure sensitive A4",
        "note private J2",
        "reference sensitive C2",
        "reference sensitive C5",
    ]


def test_ids_that_stay_are_not_drawn_as_empty_rows_and_numbers_go_on_after_the_highest() -> None:
    found = of(book(challenges=CHALLENGES, measures=MEASURES))
    assert [row.get("id") for row in found.book.drawn_rows["measures"]] == ["T01", "T04", "T05"]
    assert [row.index for row in found.book.drawn_rows["measures"]] == [0, 1, 2]
    assert "measures=5" in str(found.book.manifest.values["counters"])


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("T02 gikk bra", True),
        ("Se t2.", True),
        ("Som sagt om T 02", True),
        ("Tiltak 2 er utsatt", True),
        ("tiltak nr. 02 er utsatt", True),
        ("Samtaler om tonen i lag 3 er i gang", True),
        ("SAMTALER om tonen\ni lag 3!", True),
        ("hard tone i lag 3", True),
        ("T20 gikk bra", False),
        ("AT02 er navnet på en bil", False),
        ("Tiltak 20 er utsatt", False),
        ("Samtaler om ukeplanen", False),
        ("Vi var 2 på møtet", False),
    ],
)
def test_a_text_that_tells_of_what_stays_is_left_out(text: str, tells: bool) -> None:
    meetings = f"| id | decisions |\n| M01 | {text.strip()} |".replace("\nI", " I").replace(
        "tonen\ni", "tonen i"
    )
    found = of(book(challenges=CHALLENGES, measures=MEASURES, meetings=meetings))
    assert ("text sensitive B2" in told(found)) is tells
    assert [row.get("id") for row in found.book.drawn_rows["meetings"]] == ["M01"]
    assert (not found.book.rows["meetings"]) is tells


def test_a_row_without_a_number_goes_with_its_text() -> None:
    found = of(
        book(
            measures=MEASURES,
            challenges=CHALLENGES,
            events="""
                | month   | text          |
                | 2026-01 | T02 begynte   |
                | 2026-02 | Ny formann    |
            """,
        )
    )
    assert column(found, "events", "text") == ["Ny formann"]


VALUES = """
    | month   | I01  | I02 |
    | 2026-01 | 6,25 | 3   |
    | 2026-02 | 7,75 | 4   |
"""
INDICATORS = """
    | id  | name       | about_persons | owner   |
    | I01 | Sykefravær | ja            | Kari Ås |
    | I02 | Rot        | nei           |         |
"""
BASIS = """
    | month   | indicator | people |
    | 2026-01 | I01       | 40     |
    | 2026-02 | I01       | 3      |
"""


def test_a_masked_value_is_nowhere_in_the_book_and_its_cell_is_named() -> None:
    found = of(book(indicators=INDICATORS, values=VALUES, basis=BASIS))
    assert found.book.values["I01"] == {found.book.rows["values"][0].get("month"): 6.25}
    assert found.book.masked == {("values", 1, "I01"): ("few", 5), ("basis", 1, "people"): ("few", 5)}


@pytest.mark.parametrize("text", ["Da ble det 7,75", "Fraværet var 7.75 %", "Hele 7,8 prosent"])
def test_a_text_that_gives_away_a_masked_number_is_left_out(text: str) -> None:
    events = f"| month | text |\n| 2026-03 | {text} |"
    found = of(book(indicators=INDICATORS, values=VALUES, basis=BASIS, events=events))
    assert "text secrets B2" in told(found)
    assert not found.book.rows["events"]


def test_why_a_masked_value_is_what_it_is_stays() -> None:
    why = """
        | indicator | month   | text            |
        | I01       | 2026-02 | To var syke     |
        | I01       | 2026-01 | Influensa       |
    """
    found = of(book(indicators=INDICATORS, values=VALUES, basis=BASIS, why=why))
    assert column(found, "why", "text") == ["Influensa"]


def test_everyone_gets_no_indicator_with_something_to_hide_and_no_names() -> None:
    found = of(
        book(
            group="| name | email |\n| Kari Ås | kari@bygg.example |",
            indicators=INDICATORS,
            values=VALUES,
            basis=BASIS,
            challenges=CHALLENGES,
            measures=f"{MEASURES}\n    | T06 | Spør Kari om hjelp | U01 | ongoing | | Kari Ås | |",
        ),
        "everyone",
    )
    assert column(found, "indicators", "id") == ["I02"]
    assert [sorted(row.values) for row in found.book.rows["values"]] == [["I02", "month"]] * 2
    assert not found.book.rows["group"]
    assert not found.book.rows["basis"]
    assert column(found, "challenges", "id") == ["U01"]
    assert column(found, "measures", "responsible") == ["Kari Ås", "Ola Øy"]
    assert {"text names B7", "indicator secrets A2"} <= set(told(found))


PROPOSALS = """
    | id  | proposal     | challenge | effect | ease |
    | P01 | Fast ukeplan | U01       | 4      | 4    |
    | P02 | Mekling      | U02       | 5      | 1    |
"""
VOTES = """
    | member  | proposal | effect | ease |
    | Kari Ås | P01      | 2      | 3    |
    | Ola Øy  | P01      | 5      | 5    |
    | kari ås | P01      | 3      | 3    |
"""
GROUP = "| name | receives_mail |\n| Kari Ås | ja |\n| Ola Øy | ja |"


def test_a_copy_to_score_in_has_the_members_own_scores_and_nobody_elses() -> None:
    about = book(challenges=CHALLENGES, proposals=PROPOSALS, votes=VOTES, group=GROUP)
    found = of(about, "score", "Kari Ås")
    assert column(found, "proposals", "id") == ["P01"]
    assert (column(found, "proposals", "effect"), column(found, "proposals", "ease")) == ([3], [3])
    assert (found.book.rows["votes"], found.book.rows["group"]) == ((), ())
    assert column(of(about, "score", "Per"), "proposals", "effect") == [None]


@pytest.mark.parametrize(("agreed", "votes"), [("ja", 3), ("nei", 0), ("", 0)])
def test_votes_go_along_only_where_the_group_has_agreed(agreed: str, votes: int) -> None:
    about = book(
        challenges=CHALLENGES, proposals=PROPOSALS, votes=VOTES, unit=f"| votes_open |\n| {agreed} |"
    )
    assert len(of(about).book.rows["votes"]) == votes
    assert of(about, "leader").book.rows["votes"] == ()


def test_people_s_own_columns_stay_unless_they_are_named() -> None:
    about = book(measures="| id | measure | +Kostnad | +Internt |\n| T01 | Kurs | 200 kr | Ikke si det |")
    split = split_for(about, audience("group"), mask(about))
    assert permitted(split).book.rows["measures"][0].extra is None
    named = permitted(split, "", {"measures": ["Kostnad"]})
    assert named.book.rows["measures"][0].extra == {"Kostnad": "200 kr"}


def test_an_audience_nobody_knows_is_refused() -> None:
    with pytest.raises(UsageError, match="unknown_audience"):
        audience("alle")


marks = st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), min_size=1, max_size=6)


@given(marks, st.sampled_from(sorted(AUDIENCES)))
def test_no_id_that_stays_is_anywhere_in_a_copy(rows: list[tuple[bool, bool, bool]], key: str) -> None:
    """Whatever is marked, linked and told of: no cell names a row that is not there."""
    challenges = ["| id | description | sensitive | chosen |"]
    measures = ["| id | measure | challenges | sensitive | status |"]
    meetings = ["| id | decisions |"]
    for number, (challenge, measure, tells) in enumerate(rows, 1):
        challenges.append(f"| U{number:02d} | Sak nummer {number} her | {'ja' if challenge else ''} | ja |")
        linked = f"U{number:02d}, U{len(rows):02d}"
        measures.append(
            f"| T{number:02d} | Gjøre {number} | {linked} | {'ja' if measure else ''} | decided |"
        )
        meetings.append(f"| M{number:02d} | {f'T{number:02d} og U{number:02d}' if tells else 'Ja'} |")
    drawn = {"challenges": challenges, "measures": measures, "meetings": meetings}
    found = of(book(**{table: "\n".join(lines) for table, lines in drawn.items()}), key)
    ids = {row.get("id") for table in found.book.rows.values() for row in table}
    sensitive = {f"U{number:02d}" for number, it in enumerate(rows, 1) if it[0]}
    sensitive |= {f"T{number:02d}" for number, it in enumerate(rows, 1) if it[1]}
    text = repr([row.values for table in found.book.drawn_rows.values() for row in table])
    assert [row_id for row_id in sensitive if row_id in text] == []
    named = {it for row in found.book.rows["measures"] for it in row.get("challenges") or ()}
    assert named <= ids


def test_a_copy_is_refused_where_the_mark_is_gone() -> None:
    about = book(measures=MEASURES)
    row = about.rows["measures"][0]
    cells = {key: cell for key, cell in (row.cells or {}).items() if key != "sensitive"}
    gone = about.but(
        rows={**about.rows, "measures": (type(row)("measures", row.values, "Tiltak", cells, 0),)}
    )
    with pytest.raises(LeakError, match="sensitive_unknown"):
        of(gone)


def test_a_single_word_is_only_known_where_it_stands_alone() -> None:
    traces = Traces(texts=("Mobbing",))
    assert traces.told_in("mobbing", people=False) == "sensitive"
    assert traces.told_in("Kurs om mobbing", people=False) == ""


def test_why_any_month_of_a_masked_quarter_is_what_it_is_stays() -> None:
    found = of(
        book(
            indicators="| id | about_persons | frequency |\n| I01 | ja | quarter |",
            values="| month | I01 |\n| 2026-03 | 7,75 |",
            basis="| month | indicator | people |\n| 2026-03 | I01 | 3 |",
            why="""
                | indicator | month   | text            |
                | I01       | 2026-01 | To var syke     |
                | I01       | 2026-04 | Influensa       |
            """,
        )
    )
    assert column(found, "why", "text") == ["Influensa"]


@pytest.mark.parametrize(("typed", "stays"), [("u2", True), ("U2", True), ("U02, U77", True), ("U77", False)])
def test_what_belongs_to_a_sensitive_row_stays_however_its_id_is_typed(typed: str, stays: bool) -> None:
    measures = f"| id | measure | challenges |\n| T01 | Egen oppfølging | {typed} |"
    found = of(book(challenges=CHALLENGES, measures=measures))
    assert (column(found, "measures", "measure") == []) is stays


OWN = """
    | month   | I01  | +Antall |
    | 2026-01 | 6,25 | 12      |
    | 2026-02 | 7,75 | 2       |
"""


def test_what_people_note_beside_a_masked_value_stays() -> None:
    about = book(indicators=INDICATORS, values=OWN, basis=BASIS)
    found = permitted(split_for(about, audience("group"), mask(about)), "", {"values": ["Antall"]})
    assert [row.extra for row in found.book.rows["values"]] == [{"Antall": "12"}]


BULLYING = """
    | id  | description | factor     | sensitive |
    | U01 | Hard tone   | harassment | {}        |
"""


@pytest.mark.parametrize(
    ("sensitive", "name", "shown"),
    [
        ("ja", "Gode dager", ("derivable", 10)),
        ("nei", "Gode dager", ("few", 10)),
        ("ja", "Mobbesaker", ("few", 10)),
    ],
)
def test_a_higher_limit_does_not_tell_of_a_sensitive_challenge(
    sensitive: str, name: str, shown: tuple[str, int]
) -> None:
    indicators = f"| id | name | challenges | fewest_people |\n| I01 | {name} | U01 | 7 |"
    values = "| month | I01 |\n| 2026-01 | 7,75 |"
    found = of(book(challenges=BULLYING.format(sensitive), indicators=indicators, values=values))
    assert found.book.masked["values", 0, "I01"] == shown


@pytest.mark.parametrize(
    "told",
    ["Spør Per Hansen", "Pers forslag", "Spør OLA", "Meld fra til vakt@bygg.example"],
)
def test_everyone_is_told_of_nobody_also_of_those_outside_the_group(told: str) -> None:
    measures = f"""
        | id  | measure     | status  | responsible       | decided_by |
        | T01 | {told}      | decided | Verneombudet      | Per Hansen |
        | T02 | Fast plan   | decided | kari@bygg.example |            |
        | T03 | Ny brakke   | decided | Ola Øy            |            |
    """
    found = of(book(measures=measures), "everyone")
    assert column(found, "measures", "measure") == ["Fast plan", "Ny brakke"]
    assert column(found, "measures", "responsible") == [None, "Ola Øy"]


def test_a_text_that_says_how_many_of_the_few_stays() -> None:
    basis = """
        | month   | indicator | numerator | denominator | people |
        | 2026-01 | I01       | 5         | 40          | 40     |
        | 2026-02 | I01       | 2         | 3           | 3      |
    """
    events = """
        | month   | text                    |
        | 2026-01 | 5 av 40 var borte       |
        | 2026-02 | 2 av 3 var borte        |
    """
    found = of(book(indicators=INDICATORS, basis=basis, events=events))
    assert column(found, "events", "text") == ["5 av 40 var borte"]
