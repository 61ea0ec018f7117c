"""A whole round: copies mailed to eight members, answers from eight programs, choices, the next edition.

Each stage is played once, in a folder of its own, from where the one before it ended.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from hmsbook.actions.reading import open_book
from hmsbook.model.records import Row
from tests.copies.leaks import places
from tests.hosts.books import put
from tests.merge.real import finder, place
from tests.round import members
from tests.round.play import MASTER, Coordinator, Done, attached, findings, letter, text, zipped
from tests.samples.expect import SAMPLES
from tests.support.drawn import drawn
from tests.support.office import Office
from tests.support.ooxml import lint, sdk_errors

FIRST = "byggeplass – utgave 1.eml"
THIRD = "byggeplass – utgave 3.eml"
SCORED = "byggeplass – utgave 2 – Amalie Ryggvik.xlsx"

# The files as the coordinator saves what comes by mail. Whose Jonas' is, his program tells.
ANSWERS: dict[str, Callable[[Path, Office], None]] = {
    "svar Sindre Bakkemo.xlsx": members.types_in_libreoffice,
    "Torunn Hegglid.xlsx": members.sorts_and_saves_twice,
    "byggeplass – utgave 1 - Kaja Solbu.xlsx": members.saves_with_a_program_that_loses_much,
    "byggeplass – utgave 1 (2).xlsx": members.edits_in_excel,
    "Zielonka, Piotr.xlsx": members.gives_back_from_google,
    "Re_ byggeplass – utgave 1 Even Moldskred.xlsx": members.types_on_a_phone,
    SCORED: members.fills_in_scores,
    "IDA NESVOLD.xlsx": members.makes_a_mess,
}
FOUND = """
| who             | what     | table      | row                            | column           | case       |
| Sindre Bakkemo  | change   | values     | 2026-10                        | I02              |            |
| Sindre Bakkemo  | change   | measures   | T05                            | status           |            |
| Sindre Bakkemo  | conflict | measures   | T05                            | deadline         |            |
| Torunn Hegglid  | conflict | measures   | T06                            | progress         |            |
| Kaja Solbu      | change   | challenges | U07                            | description      |            |
| Kaja Solbu      | added    | why        | I02, 2026-10, Kaja Solbu       |                  |            |
| Kaja Solbu      | conflict | measures   | T12                            |                  | gone_here  |
| Jonas Krogsæter | change   | measures   | T05                            | deadline         |            |
| Jonas Krogsæter | change   | meetings   | M08                            | place            |            |
| Jonas Krogsæter | added    | proposals  | P17                            |                  | renumbered |
| Piotr Zielonka  | change   | measures   | T06                            | status           |            |
| Piotr Zielonka  | added    | events     | 2026-10, Polsk tolk på plassen |                  |            |
| Piotr Zielonka  | conflict | values     | 2026-05                        | I07              | masked     |
| Even Moldskred  | change   | measures   | T04                            | status           |            |
| Amalie Ryggvik  | vote     | votes      | Amalie Ryggvik, P12            | effect           |            |
| Amalie Ryggvik  | vote     | votes      | Amalie Ryggvik, P12            | ease             |            |
| Amalie Ryggvik  | vote     | votes      | Amalie Ryggvik, P12            | quality          |            |
| Amalie Ryggvik  | vote     | votes      | Amalie Ryggvik, P12            | cost             |            |
| Amalie Ryggvik  | vote     | votes      | Amalie Ryggvik, P15            | effect           |            |
| Amalie Ryggvik  | vote     | votes      | Amalie Ryggvik, P15            | ease             |            |
| Amalie Ryggvik  | vote     | votes      | Amalie Ryggvik, P15            | quality          |            |
| Amalie Ryggvik  | vote     | votes      | Amalie Ryggvik, P15            | cost             |            |
| Ida Nesvold     | added    | proposals  | P16                            |                  |            |
| Ida Nesvold     | deleted  | measures   | T08                            |                  |            |
| Ida Nesvold     | deleted  | measures   | T12                            |                  |            |
| Ida Nesvold     | comment  | measures   | T04                            | measure          | comment    |
| Ida Nesvold     | left_out | measures   |                                | own:Hva tror vi? | own_column |
| Ida Nesvold     | left_out |            |                                |                  | sheet      |
| Ida Nesvold     | left_out |            |                                |                  | picture    |
"""
CHOICES = {"T05": "Deres", "T06": "Vårt", "T12": "Deres", "mai 2026": "Vårt"}


class Stage(NamedTuple):
    """Where the coordinator is, and what the last command said to programs."""

    me: Coordinator
    done: Done


@cache
def secrets() -> frozenset[str]:
    """What nobody but the coordinator may read: what is sensitive, and every note."""
    data = json.loads((SAMPLES / "byggeplass" / "data.json").read_text(encoding="utf-8"))
    rows = [row for row in (*data["measures"], *data["challenges"]) if row.get("sensitive")]
    told = {row[key] for row in rows for key in ("measure", "achieve", "description") if key in row}
    notes = {row["note"] for row in (*data["group"], *data["challenges"]) if row.get("note")}
    # What this job is called stands in every workbook.
    return frozenset(told | notes - {"HMS-koordinator"})


def mailed(folder: Path) -> Iterator[bytes]:
    """All that was mailed: what comes with each letter, and the letter as it is and as it reads."""
    for path in sorted(folder.rglob("*.eml")):
        mail = letter(path)
        yield attached(mail)
        yield zipped(path.read_bytes(), text(mail).encode(), text(mail, "html").encode())


def faults(path: Path) -> list[str]:
    """What is wrong with a workbook as Excel sees it."""
    return [*lint(path), *sdk_errors(path)]


def received(me: Coordinator) -> list[Row]:
    """What stands on the sheet Tilbakemeldinger."""
    return list(open_book(me.master).book.rows.get("received", ()))


def open_conflicts(me: Coordinator) -> list[Row]:
    """The conflicts there that nobody has settled."""
    return [row for row in received(me) if row.get("what") == "conflict"]


def choose(me: Coordinator, choices: Mapping[str, str]) -> None:
    """Choose of the conflicts in the sheet, by the row they are about."""
    cell = finder(me.master)
    rows = open_conflicts(me)
    put(me.master, {cell("received", "choice", row.index): choices[row.get("row")] for row in rows})


def wrong(path: Path, expected: str) -> list[str]:
    """What of a drawn table does not stand in a workbook."""
    rows = open_book(path).book.drawn_rows
    return [
        f"{line['table']} {line['row']} {line['column']}: {found!r}"
        for line in drawn(expected)
        if (found := cell_text(rows[line["table"]], line["row"], line["column"])) != line["value"]
    ]


def cell_text(rows: tuple[Row, ...], key: str, column: str) -> str:
    """What stands in a cell of the row with a number or month, as a test draws it."""
    found = next(row.get(column) for row in rows if key in (row.get("id"), str(row.get("month"))[:7]))
    return "" if found is None else str(found)


# The stages


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Coordinator:
    """The first edition is sent to all, and the second to two who are to score."""
    me = Coordinator(tmp_path_factory.mktemp("sent"))
    me.make_demo()
    me.run("send", MASTER)
    me.run("send", MASTER, "--for", "score", "--to", "Amalie Ryggvik, Ida Nesvold")
    return me


@pytest.fixture(scope="module")
def answered(sent: Coordinator, tmp_path_factory: pytest.TempPathFactory, office: Office) -> Coordinator:
    """Eight answers lie beside the workbook, in which the coordinator has gone on with a measure too."""
    me = sent.copied(tmp_path_factory.mktemp("answered"))
    for_all = attached(letter(me.folder / FIRST))
    to_score = attached(letter(me.folder / "byggeplass – utgave 2" / "Amalie Ryggvik.eml"))
    for name, edit in ANSWERS.items():
        path = me.folder / name
        path.write_bytes(to_score if name == SCORED else for_all)
        edit(path, office)
    progress = finder(me.master)("measures", "progress", place(me.master, "measures", "T06"))
    put(me.master, {progress: 70})
    return me


@pytest.fixture(scope="module")
def merged(answered: Coordinator, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """All eight are merged at once."""
    me = answered.copied(tmp_path_factory.mktemp("merged"))
    return Stage(me, me.merge(*ANSWERS, "--save-out", "til side", code=1))


@pytest.fixture(scope="module")
def chosen(merged: Stage, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """The coordinator has chosen in the sheet."""
    me = merged.me.copied(tmp_path_factory.mktemp("chosen"))
    choose(me, CHOICES)
    return Stage(me, me.merge())


@pytest.fixture(scope="module")
def sent_again(chosen: Stage, tmp_path_factory: pytest.TempPathFactory) -> Coordinator:
    """The next edition is sent to all."""
    me = chosen.me.copied(tmp_path_factory.mktemp("again"))
    me.run("send", MASTER)
    return me


# What is asked of each


def test_the_first_letters_go_to_those_who_get_mail(sent: Coordinator) -> None:
    mail = letter(sent.folder / FIRST)
    assert len(mail["To"].addresses) == 8
    assert "svar innen 2. desember" in mail["Subject"]
    assert sorted(it.name for it in (sent.folder / "byggeplass – utgave 2").iterdir()) == [
        "Amalie Ryggvik.eml",
        "Ida Nesvold.eml",
    ]


def test_nothing_sensitive_is_in_any_byte_that_is_mailed(sent_again: Coordinator) -> None:
    everything = list(mailed(sent_again.folder))
    assert len(everything) == 2 * 4
    assert [
        (secret, places(data, secret)) for data in everything for secret in secrets() if places(data, secret)
    ] == []
    # The same search finds them where they are.
    assert all(places(sent_again.master.read_bytes(), secret) for secret in secrets())


def test_a_dry_run_says_it_all_and_writes_nothing(answered: Coordinator, merged: Stage) -> None:
    before = answered.master.read_bytes()
    done = answered.merge(*ANSWERS, "--dry-run", code=1)
    assert answered.master.read_bytes() == before
    assert list(findings(done)) == list(findings(merged.done))


def test_every_edit_comes_back_and_it_says_whose_it_is(merged: Stage) -> None:
    assert merged.done["refused"] == []
    lines = drawn(FOUND)
    expected = [tuple(filter(None, line.values())) for line in lines]
    assert sorted(findings(merged.done)) == sorted(expected)


def test_what_somebody_changed_stands_in_the_workbook_and_who_did_it_on_its_sheet(merged: Stage) -> None:
    expected = """
        | table      | row     | column      | value                           |
        | values     | 2026-10 | I02         | 8.4                             |
        | values     | 2026-05 | I07         | 3.2                             |
        | measures   | T04     | status      | awaiting_evaluation             |
        | measures   | T05     | status      | ongoing                         |
        | measures   | T05     | deadline    | 2026-12-31                      |
        | measures   | T06     | status      | done                            |
        | measures   | T06     | progress    | 70                              |
        | measures   | T08     | measure     |                                 |
        | measures   | T12     | measure     |                                 |
        | measures   | T09     | responsible | Torunn Hegglid                  |
        | challenges | U07     | description | Lærlingene lærer av fagfolk     |
        | challenges | U07     | mentions    | 8                               |
        | meetings   | M08     | place       | Møterigg A                      |
        | proposals  | P16     | proposal    | Lys over trappa                 |
        | proposals  | P17     | proposal    | Sand i kassene ved adkomstveien |
        | proposals  | P17     | challenge   | U05                             |
    """
    assert wrong(merged.me.master, expected) == []
    told = received(merged.me)
    assert len(told) == sum(len(copy["findings"]) for copy in merged.done["copies"])
    assert {row.get("who") for row in told} == {copy["person"] for copy in merged.done["copies"]}
    log = [str(row[2].value) for row in open_book(merged.me.master).host.region("log")]
    assert sum(line.startswith("Hentet svar fra ") for line in log) == len(ANSWERS)


def test_what_no_table_holds_is_put_aside(merged: Stage) -> None:
    aside = merged.me.folder / "til side"
    assert sorted(it.name for it in aside.iterdir()) == ["IDA NESVOLD image1.png", "IDA NESVOLD.xlsx"]
    (sheet,) = [row for row in received(merged.me) if row.get("where") == "Idas ark"]
    assert sheet.get("theirs") == "B2: Ring Dag om krana"


def test_a_conflict_shows_all_three(merged: Stage) -> None:
    found = {row.get("row"): row for row in open_conflicts(merged.me)}
    assert found.keys() == CHOICES.keys()
    sides = [found["T05"].get(side) for side in ("base", "mine", "theirs")]
    assert sides == ["30. oktober 2026", "31. desember 2026", "24. desember 2026"]
    assert [found[row].get("field") for row in ("T05", "T06", "T12")] == [
        "Frist (vårt kom fra Jonas Krogsæter)",
        "Framdrift %",
        "raden er slettet hos dere og endret hos dem; vårt kom fra Ida Nesvold",
    ]


def test_what_was_chosen_is_done_and_nothing_is_left(chosen: Stage) -> None:
    assert [it["done"] for it in chosen.done["chosen"]] == [True] * len(CHOICES)
    assert open_conflicts(chosen.me) == []
    expected = """
        | table    | row     | column      | value      |
        | measures | T05     | deadline    | 2026-12-24 |
        | measures | T06     | progress    | 70         |
        | measures | T12     | responsible | Kaja Solbu |
        | values   | 2026-05 | I07         | 3.2        |
    """
    assert wrong(chosen.me.master, expected) == []


def test_the_same_answers_once_more_change_nothing(
    chosen: Stage, sent_again: Coordinator, tmp_path: Path
) -> None:
    for me in (chosen.me.copied(tmp_path / "før"), sent_again.copied(tmp_path / "etter")):
        before = me.master.read_bytes()
        assert list(findings(me.merge(*ANSWERS))) == []
        assert me.master.read_bytes() == before


def test_the_next_letter_tells_what_is_new(sent_again: Coordinator) -> None:
    said = " ".join(text(letter(sent_again.folder / THIRD)).split())
    assert "Nytt siden 16. november" in said
    assert "Gjennomført eller lukket: T04 Rydderunde" in said
    assert "Vedtatt eller i gang: T05 Tak for overtid" in said
    # It was not to be evaluated before March.
    assert "T04 Rydderunde hver fredag kl. 13 med fast ansvar per sone: skulle" not in said


def test_the_next_copy_holds_what_all_of_them_did(sent_again: Coordinator, tmp_path: Path) -> None:
    copy = tmp_path / "kopi.xlsx"
    copy.write_bytes(attached(letter(sent_again.folder / THIRD)))
    expected = """
        | table      | row     | column      | value                           |
        | values     | 2026-10 | I02         | 8.4                             |
        | values     | 2026-05 | I07         |                                 |
        | measures   | T04     | status      | awaiting_evaluation             |
        | measures   | T05     | deadline    | 2026-12-24                      |
        | measures   | T06     | progress    | 70                              |
        | measures   | T12     | responsible | Kaja Solbu                      |
        | challenges | U07     | description | Lærlingene lærer av fagfolk     |
        | proposals  | P16     | proposal    | Lys over trappa                 |
        | proposals  | P17     | proposal    | Sand i kassene ved adkomstveien |
    """
    assert wrong(copy, expected) == []
    assert open_book(copy).book.rows.get("votes", ()) == ()
    assert open_book(copy).book.rows.get("received", ()) == ()


def test_a_late_answer_to_the_first_edition_is_merged(sent_again: Coordinator, tmp_path: Path) -> None:
    me = sent_again.copied(tmp_path / "sent")
    late = me.folder / "Amalie Ryggvik, sent svar.xlsx"
    late.write_bytes(attached(letter(me.folder / FIRST)))
    cell = finder(late)
    put(
        late,
        {
            cell("meetings", "next", place(late, "meetings", "M08")): "Kransikkerhet",
            cell("measures", "deadline", place(late, "measures", "T05")): members.END_OF_YEAR,
        },
    )
    assert "Siste utgave er 3." in me.run("merge", MASTER, late.name, "--dry-run", code=1)
    done = me.merge(late.name, code=1)
    assert sorted(findings(done)) == [
        ("Amalie Ryggvik", "change", "meetings", "M08", "next"),
        ("Amalie Ryggvik", "conflict", "measures", "T05", "deadline"),
    ]


def test_all_that_was_written_is_valid(sent: Coordinator, sent_again: Coordinator, tmp_path: Path) -> None:
    copies = [tmp_path / f"{number}.xlsx" for number in range(3)]
    scoring = sent.folder / "byggeplass – utgave 2" / "Ida Nesvold.eml"
    letters = (sent.folder / FIRST, scoring, sent_again.folder / THIRD)
    for copy, path in zip(copies, letters, strict=True):
        copy.write_bytes(attached(letter(path)))
    assert [faults(path) for path in (*copies, sent_again.master)] == [[]] * 4
