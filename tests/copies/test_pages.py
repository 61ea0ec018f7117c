"""What the pages of a copy say, in each language."""

from __future__ import annotations

from datetime import date

import pytest

from hmsbook.analysis.summary import summarise
from hmsbook.flow.copies import Sending, about, digest, lead
from hmsbook.model.book import Book
from hmsbook.model.records import Place
from hmsbook.sharing.audiences import AUDIENCES
from hmsbook.sharing.permitted import LeftOut
from hmsbook.sharing.told import short
from hmsbook.standard.sheets.about_copy import ABOUT
from hmsbook.standard.sheets.digest import DIGEST
from hmsbook.texts.words import words
from tests.rules.support import TODAY, book

MEASURES = """
    | id  | measure      | status              | responsible | deadline   | evaluate_on | achieve    |
    | T01 | Fast ukeplan | ongoing             | Kari Ås     | 2026-10-01 |             |            |
    | T02 | Ny brakke    | awaiting_evaluation | Ola Øy      | 2026-01-01 | 2026-11-01  | Tørre klær |
    | T03 | Kurs         | closed              | Ola Øy      | 2025-01-01 |             |            |
    | T04 | Kanskje      | proposed            |             |            |             |            |
"""
LEFT = tuple(
    LeftOut(what, why, Place("Tiltak", f"B{number}"))
    for number, (what, why) in enumerate(
        [("note", "private"), *[("number", "few")] * 7, *[("measure", "sensitive")] * 3]
    )
)


def sending(key: str, member: str = "") -> Sending:
    return Sending(AUDIENCES[key], 3, date(2026, 11, 16), member, "Ida Nes")


def drawn(**tables: str) -> Book:
    return book(measures=MEASURES, indicators="| id | name | owner |\n| I01 | Rot | Ida |", **tables)


def in_brief(key: str, about_what: Book) -> list[list[object]]:
    return [list(row) for row in digest(sending(key), about_what, summarise(about_what, TODAY))]


def test_everyone_reads_what_is_decided_with_what_is_open_first() -> None:
    page = in_brief("everyone", drawn())
    at = page.index(["Dette er vedtatt", "Status", "Ansvarlig", "Frist"])
    assert page[at + 1 : at + 5] == [
        ["T02  Ny brakke", "Venter på evaluering", "Ola Øy", "1. januar 2026"],
        ["T01  Fast ukeplan", "Pågår", "Kari Ås", "1. oktober 2026"],
        ["T03  Kurs", "Lukket", "Ola Øy", "1. januar 2025"],
        [],
    ]


def test_a_leader_reads_what_is_late_first_and_then_what_waits() -> None:
    page = in_brief("leader", drawn())
    assert page[:6] == [
        ["Over fristen", "Status", "Ansvarlig", "Frist"],
        ["T01  Fast ukeplan", "Pågår", "Kari Ås", "1. oktober 2026"],
        [],
        ["Venter på evaluering", "Skulle oppnå", "Ansvarlig", "Evalueres"],
        ["T02  Ny brakke", "Tørre klær", "Ola Øy", "1. november 2026"],
        [],
    ]
    assert ["Rot", None, "Ida", "oktober 2026"] in page


def test_a_part_without_rows_says_so() -> None:
    page = in_brief("leader", book())
    assert ["Ingen tiltak er over fristen.", None, None, None] in page


def test_the_group_gets_the_workbook_itself_and_no_page_in_brief() -> None:
    assert in_brief("group", drawn()) == []


def test_more_than_there_is_room_for_is_counted() -> None:
    rows = "\n".join(f"| T{number:02d} | Noe | decided |" for number in range(1, 200))
    page = in_brief("everyone", book(measures=f"| id | measure | status |\n{rows}"))
    assert len(page) == DIGEST.rows
    assert page[-1] == ["… og 47 til"]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("nb", "3 tiltak, 7 tall, 1 merknad"),
        ("nn", "3 tiltak, 7 tal, 1 merknad"),
        ("en", "3 measures, 7 numbers, 1 note"),
    ],
)
def test_what_was_left_out_is_counted_in_one_line(language: str, expected: str) -> None:
    assert short(LEFT, words(language)) == expected


@pytest.mark.parametrize("key", AUDIENCES)
def test_the_page_on_the_copy_counts_and_never_says_which(key: str) -> None:
    page = [list(row) for row in about(sending(key, "Kari Ås"), drawn(), LEFT)]
    assert (["3 tiltak", "Sensitivt"] in page) is (key != "everyone")
    assert ["Utgave", "3"] in page
    assert (["Send tilbake til", "Ida Nes"] in page) is AUDIENCES[key].returned
    assert "Tiltak" not in repr(page).replace("Tiltak,", "")
    assert len(page) <= ABOUT.rows


def test_what_hangs_on_a_wall_does_not_tell_that_anything_is_sensitive() -> None:
    secret = [it for it in LEFT if it.why == "sensitive"]
    assert secret
    everyone = sending("everyone")
    assert about(everyone, drawn(), secret) == about(everyone, drawn(), ())


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("group", "Din kopi, utgave 3: Skriv rett inn i arkene, lagre, og send fila tilbake til Ida Nes."),
        ("score", "Kari: Gi hvert forslag 1–5 poeng (5 er best), lagre, og send fila tilbake til Ida Nes."),
    ],
)
def test_the_first_line_says_what_is_asked(key: str, said: str) -> None:
    assert lead(sending(key, "Kari"), drawn()) == said


def test_a_lower_limit_is_told_with_its_reason() -> None:
    unit = "| smallest_group | smaller_because |\n| 3 | Alle fire er enige |"
    page = repr(about(sending("group"), book(unit=unit), ()))
    assert "færre enn 3 personer" in page
    assert "Alle fire er enige" in page
