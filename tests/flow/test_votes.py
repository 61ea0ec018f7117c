"""What the group voted shows by itself: means, who is missing, what to talk about, and nothing before that.

The odd cases are held against LibreOffice's own computing, and the same is typed by hand into a workbook that
nobody has updated.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from hmsbook.actions.create import new
from hmsbook.actions.update import update
from hmsbook.hosts.side import column_widths
from hmsbook.opc.cells import parse_cell
from hmsbook.opc.tree import tree
from hmsbook.standard.sheets.group import UNIT
from hmsbook.standard.sheets.priorities import VOTED
from tests.hosts.books import change, package, put, region_spot, spot, type_in, value
from tests.support.crosscheck import crosscheck
from tests.support.drawn import drawn
from tests.support.office import Document, Office

TODAY = date(2026, 11, 16)
SHEET, VOTES = "Prioritering", "Stemmer"
GROUP = """
    | name      |
    | Kari Dale |
    | Ola  Vik  |
    | Per Moe   |
"""
PROPOSALS = """
    | id  | proposal  | effect | ease | quality | cost | chosen |
    | P01 | Pauser    | 5      | 4    | 3       | 4    |        |
    | P02 | Kurs      | 2      | 2    | 2       | 2    |        |
    | P03 | Turnus    |        |      |         |      |        |
    | P04 | Heis      | 5      | 1    | 4       | 1    | nei    |
    | P05 | Tavle     | 3      | 3    | 3       | 3    |        |
    | P06 | Lys       | 3      | 3    | 3       | 3    |        |
"""
# One votes twice, one has left, one has no name, one is spelled in another way; some scores are missing, or
# none is there, or they are no scores; two halves, a lone voice, agreement, and a vote on nothing.
ODD = """
    | member     | proposal | effect | ease | quality | cost |
    | Kari Dale  | P01      | 5      | 4    | 4       | 1    |
    | ola vik    | P01      | 4      | 4    | 3       | 5    |
    | Per Moe    | P01      | 4      | 4    |         | 4    |
    | Kari Dale  | P02      | 2      | 4    | 1       | 1    |
    | Kari Dale  | P02      | 4      | 2    | 5       | 4    |
    | Siv Lund   | P03      | 3      |      | 7       | 0    |
    |            | P03      | 4      | 3    | -2      | 2    |
    | Siv Lund   | P04      | 1      | 1    | 5       | 1    |
    | Per Moe    | P04      | 5      | 1    | 5       | 1    |
    | Per Moe    | P05      |        |      |         |      |
    | Kari Dale  |          | 1      | 5    | 1       | 5    |
    | Kari Dale  | P99      | 1      | 5    | 1       | 5    |
    | Kari Dale  | P06      | 3      |      |         |      |
"""
YES_NO = {"ja": True, "nei": False}


def rows(text: str) -> list[dict[str, object]]:
    """Drawn rows as JSON carries them."""
    return [{key: _value(cell) for key, cell in row.items() if cell} for row in drawn(text)]


def _value(cell: str) -> object:
    return YES_NO[cell] if cell in YES_NO else int(cell) if cell.lstrip("-").isdigit() else cell


def made(path: Path, votes: str = "", proposals: str = PROPOSALS, group: str = GROUP) -> Path:
    unit = [{"unit": "Prøve", "method": "proind", "language": "nb", "first_month": "2026-01"}]
    data = {"unit": unit, "group": rows(group), "proposals": rows(proposals)}
    source = path.with_suffix(".json")
    source.write_text(json.dumps(data | ({"votes": rows(votes)} if votes else {})), encoding="utf-8")
    new(path, data=source, today=TODAY, pin_today=True)
    return path


def said(path: Path) -> list[object]:
    """The two lines above the table, as they are stored."""
    return [value(path, *region_spot(path, "priorities_said", row)) or "" for row in range(2)]


def column(path: Path, key: str, count: int = 6) -> list[object]:
    """What a computed column of the proposals shows."""
    return [value(path, *spot(path, "proposals", key, row)) or "" for row in range(count)]


def widths(path: Path) -> dict[str, tuple[float, bool]]:
    """Width and hidden of the columns about votes."""
    part = next(sheet.part for sheet in package(path).sheets if sheet.name == SHEET)
    found = column_widths(tree(package(path).parts[part], part))
    return {key: found[parse_cell(spot(path, "proposals", key)[1])[1]] for key in VOTED}


def hidden(path: Path) -> set[str]:
    """The columns about votes that nobody sees."""
    return {key for key, (_, is_hidden) in widths(path).items() if is_hidden}


def state(path: Path) -> str:
    """Whether the sheet that says who voted what can be seen."""
    return next(sheet.state for sheet in package(path).sheets if sheet.name == VOTES)


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("votes") / "rart.xlsx", ODD)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = made(tmp_path_factory.mktemp("votes") / "tom.xlsx")
    update(path)
    return path


@pytest.fixture
def book(empty: Path, office: Office) -> Iterator[Document]:
    with office.open(empty) as opened:
        yield opened


def test_the_formulas_say_what_python_says_of_odd_votes(odd: Path, office: Office) -> None:
    assert crosscheck(office, odd) == []


def test_what_the_group_voted(odd: Path) -> None:
    assert column(odd, "voters") == [3, 2, 2, 2, "", 1]
    assert column(odd, "group_effect") == [pytest.approx(13 / 3, abs=1e-6), 3, 3.5, 3, 3, 3]
    # The score in the row counts where nobody has voted, and where no vote can be used.
    assert column(odd, "group_quality") == [3.5, 3, "", 5, 3, 3]
    assert column(odd, "spread") == [1.7, 2, 0.5, 2, "", ""]


def test_what_the_group_is_to_talk_about(odd: Path) -> None:
    assert column(odd, "talk") == ["Kostnad", "Alle fire", "", "Effekt", "", ""]
    # What is turned down is no longer to be chosen.
    assert said(odd)[1] == "Dere er uenige om P01, P02. Snakk sammen før dere velger."
    assert value(odd, *region_spot(odd, "priorities_mark")).startswith("? bak et forslag")  # type: ignore[union-attr]
    labels = [value(odd, *region_spot(odd, "plot", row)) for row in range(5)]
    assert labels == ["P01?", "P02?", "P03", "P04?", "P05"]


def test_who_has_answered_and_who_has_not(odd: Path, tmp_path: Path) -> None:
    assert said(odd)[0] == "Alle i gruppa har svart."
    one = "| member | proposal | effect |\n| kari  dale | P01 | 5 |\n| Per Moe | P01 | |"
    assert said(made(tmp_path / "en.xlsx", one)) == ["Har svart: 1 av 3. Mangler: Ola Vik, Per Moe.", ""]


@pytest.mark.parametrize("votes", ["", "| member | proposal | effect |\n| Kari Dale | P01 | |"])
def test_nothing_is_said_before_anybody_has_voted(votes: str, tmp_path: Path) -> None:
    assert said(made(tmp_path / "ingen.xlsx", votes)) == ["", ""]


def test_votes_show_who_is_missing_even_when_only_others_have_voted(tmp_path: Path) -> None:
    left = "| member | proposal | effect |\n| Siv Lund | P01 | 4 |"
    assert said(made(tmp_path / "annen.xlsx", left))[0] == (
        "Har svart: 0 av 3. Mangler: Kari Dale, Ola Vik, Per Moe."
    )


def test_a_workbook_without_a_group_waits_for_nobody(tmp_path: Path) -> None:
    alone = "| member | proposal | effect |\n| Siv Lund | P01 | 4 |"
    assert said(made(tmp_path / "alene.xlsx", alone, group="| name |"))[0] == ""


def test_votes_typed_by_hand_show_at_once(book: Document) -> None:
    assert [book.text(SHEET, cell) for cell in ("B6", "B7")] == ["", ""]
    book.put(VOTES, {"B5": "Kari Dale", "C5": "P01", "D5": 5, "E5": 3, "F5": 3, "G5": 3})
    assert book.text(SHEET, "B6") == "Har svart: 1 av 3. Mangler: Ola Vik, Per Moe."
    book.put(VOTES, {"B6": "per moe", "C6": "P01", "D6": 2, "E6": 3, "F6": 3, "G6": 3})
    assert book.text(SHEET, "B6") == "Har svart: 2 av 3. Mangler: Ola Vik."
    assert [book.text(SHEET, cell) for cell in ("I9", "R9")] == ["2", "Effekt"]
    assert book.text(SHEET, "B7") == "Dere er uenige om P01. Snakk sammen før dere velger."
    book.type(SHEET, {"S9": "Ja"})
    assert (book.text(SHEET, "B7"), book.text(SHEET, "R9")) == ("", "Effekt")


def test_sorted_proposals_keep_their_votes(book: Document) -> None:
    votes = {"B5": "Kari Dale", "C5": "P01", "D5": 1, "B6": "Per Moe", "C6": "P01", "D6": 5}
    book.put(VOTES, votes)
    book.sort(SHEET, "B9:X48", by="B", descending=True)
    found = {book.text(SHEET, f"B{row}"): book.text(SHEET, f"R{row}") for row in range(9, 49)}
    assert {key: talk for key, talk in found.items() if talk} == {"P01": "Effekt"}


def test_columns_about_votes_are_seen_when_there_are_votes(empty: Path, odd: Path, tmp_path: Path) -> None:
    assert hidden(odd) == set()
    assert hidden(empty) == set(VOTED)
    path = Path(shutil.copy(empty, tmp_path / "bok.xlsx"))
    type_in(path, ("votes", "member", 0, "Per Moe"), ("votes", "proposal", 0, "P02"), ("votes", "ease", 0, 4))
    update(path)
    assert hidden(path) == set()
    assert said(path)[0] == "Har svart: 1 av 3. Mangler: Kari Dale, Ola Vik."
    assert {key: width for key, (width, _) in widths(path).items()} == {
        key: width for key, (width, _) in widths(odd).items()
    }


def test_a_column_that_a_person_has_shown_stays(empty: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(empty, tmp_path / "bok.xlsx"))
    part = next(sheet.part for sheet in package(path).sheets if sheet.name == SHEET)
    change(path, part, lambda xml: xml.replace(' hidden="1" customWidth="1"/>', ' customWidth="1"/>', 1))
    shown = hidden(path)
    assert len(shown) < len(VOTED)
    type_in(path, ("proposals", "effect", 2, 4))
    update(path)
    assert hidden(path) == shown


GOOD = "| member | proposal | effect |\n| Kari Dale | P01 | 5 |"
TWICE = f"{GOOD}\n| Kari Dale | P01 | 2 |"


@pytest.mark.parametrize(
    ("votes", "is_open", "shown"),
    [(GOOD, None, False), (GOOD, False, False), (GOOD, True, True), (TWICE, None, True)],
)
def test_who_voted_what_is_seen_when_the_group_has_agreed(
    votes: str, is_open: bool | None, shown: bool, tmp_path: Path
) -> None:
    path = made(tmp_path / "bok.xlsx", votes)
    if is_open is not None:
        row = [column.key for column in UNIT.columns].index("votes_open")
        put(path, {spot(path, "unit", "answer", row): "Ja" if is_open else "Nei"})
    update(path)
    assert (state(path) == "visible") is shown


def test_a_sheet_of_votes_that_a_person_has_shown_stays(empty: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(empty, tmp_path / "bok.xlsx"))
    change(path, "xl/workbook.xml", lambda xml: re.sub(f'(name="{VOTES}"[^>]*) state="hidden"', r"\1", xml))
    type_in(path, ("votes", "member", 0, "Per Moe"), ("votes", "proposal", 0, "P02"), ("votes", "ease", 0, 4))
    update(path)
    assert state(path) == "visible"
