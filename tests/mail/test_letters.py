"""What letters say: kept to be read, the same in both forms, and never more than the copy."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from hmsbook.actions.reading import open_book
from hmsbook.actions.send import SendAsked, Sending, prepare, send_draft
from hmsbook.letters.html import as_html
from hmsbook.letters.letter import Letter, Section, StatusRow
from hmsbook.letters.text import as_text
from hmsbook.model.dates import to_serial
from tests.hosts.books import DATA, MONTHS, type_in
from tests.mail.books import TODAY, book, sample
from tests.mail.golden import FOLDER, LANGUAGES, SAMPLES, letter_to, letters

NAME = "Kari <Ås> & co"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_letters_of_the_samples_are_as_they_were_read(tmp_path: Path, name: str, lang: str) -> None:
    found = dict(letters(name, lang, tmp_path))
    assert found == {file: (FOLDER / file).read_text(encoding="utf-8") for file in found}


def test_every_letter_that_is_kept_is_written() -> None:
    kept = {file.name for file in FOLDER.iterdir()}
    assert len(kept) == len(LANGUAGES) * (len(SAMPLES) + 3)


def sending(path: Path, asked: SendAsked | None = None, way: str = "draft", today: date = TODAY) -> Sending:
    return prepare(open_book(path), asked or SendAsked(), way=way, today=today)


def one(path: Path, today: date = TODAY) -> Letter:
    return sending(path, today=today).mailings[0].letter


class _Read(HTMLParser):
    """The words a person sees, and every element and attribute."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._hidden = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, dict(attrs)))
        self._hidden = tag in ("title", "style", "script")

    def handle_endtag(self, tag: str) -> None:
        """Words show again."""
        self._hidden = self._hidden and tag == "br"

    def handle_data(self, data: str) -> None:
        """Note words."""
        if not self._hidden:
            self.words += data.split()


def read(html: str) -> _Read:
    reader = _Read()
    reader.feed(html)
    return reader


def plain(words: list[str]) -> set[str]:
    """Words without what text and HTML write around them in their own way."""
    return {bare for word in words if (bare := word.strip("().*-•:,"))}


@pytest.mark.parametrize("audience", ["group", "leader", "score", "everyone"])
def test_both_forms_say_the_same(tmp_path: Path, audience: str) -> None:
    found = letter_to(open_book(sample(tmp_path / "b.xlsx", "byggeplass")).book, audience)
    assert plain(read(as_html(found)).words) == plain(as_text(found).split())


def test_mail_programs_can_show_it_without_asking_anybody(tmp_path: Path) -> None:
    html = as_html(letter_to(open_book(sample(tmp_path / "b.xlsx", "byggeplass")).book, "group"))
    elements = read(html).elements
    assert {tag for tag, _ in elements} & {"img", "style", "script", "link", "svg", "a", "div"} == set()
    assert re.findall(r"https?://|url\(|src=|@import", html) == []
    patches = [attrs for tag, attrs in elements if tag == "td" and "bgcolor" in attrs]
    assert len(patches) == 7  # one of eight is hidden
    assert all("color:#FFFFFF" in (attrs["style"] or "") for attrs in patches)
    # Paper and text keep the reader's own colours.
    assert "background" not in (dict(elements)["body"]["style"] or "")


def test_what_people_typed_is_no_markup() -> None:
    row = StatusRow("A<b>", "1 & 2", "<i>", "concern", "x > y")
    letter = Letter("nb", NAME, NAME, (NAME,), (Section(NAME, ((NAME, (NAME,)),)),), NAME, (row,), (NAME,))
    reader = read(as_html(letter))
    assert {tag for tag, _ in reader.elements} & {"i", "ås"} == set()
    assert {"A<b>", "<Ås>", "&", "<i>", "1"} <= set(reader.words)


def test_a_line_of_text_is_never_too_long_for_a_mail(tmp_path: Path) -> None:
    text = as_text(letter_to(open_book(sample(tmp_path / "b.xlsx", "sengepost")).book, "group"))
    assert max(map(len, text.splitlines())) <= 76


def test_by_server_each_is_asked_for_their_own(tmp_path: Path) -> None:
    mailings = sending(book(tmp_path / "bok.xlsx"), way="smtp").mailings
    found = {it.to[0].name: as_text(it.letter) for it in mailings}
    assert list(found) == ["Kari Ås", "Ola Øy", "Åse Bø"]
    assert found["Kari Ås"].startswith("Hei, Kari!")
    assert "Dette trenger vi fra deg" in found["Ola Øy"]
    assert "T02 Felles lunsj: fristen var 1. oktober. Hvordan går det?" in found["Ola Øy"]
    assert "T02 Felles lunsj: fristen" not in found["Kari Ås"]
    assert "* Tall for okt. 2026: Sykefravær." in found["Kari Ås"]
    assert "Du skylder ingenting nå." in found["Åse Bø"]


def test_a_draft_to_all_names_them(tmp_path: Path) -> None:
    text = as_text(one(book(tmp_path / "bok.xlsx")))
    assert re.search(r"\nKari Ås\n\* Tall for okt. 2026: Sykefravær.\n", text)
    assert re.search(r"\nMangler ansvarlig\n\* Tall for okt. 2026: Avvik.\n", text)


def test_the_second_letter_says_what_is_new(tmp_path: Path) -> None:
    path = book(tmp_path / "bok.xlsx")
    assert "Nytt siden" not in as_text(one(path))
    send_draft(path, SendAsked(), today=TODAY)
    assert "Nytt siden 16. november\n-----------------------\n* Ingenting nytt" in as_text(one(path))
    type_in(path, ("measures", "status", 0, "Gjennomført"))
    later = one(path, date(2026, 11, 30))
    assert "* Gjennomført eller lukket: T01 Fast ukeplan 🙂." in as_text(later)
    assert "utgave 2" in later.subject


def test_those_who_answered_are_thanked_and_their_new_rows_are_named(tmp_path: Path) -> None:
    path = book(tmp_path / "bok.xlsx")
    send_draft(path, SendAsked(), today=TODAY)
    type_in(
        path,
        ("received", "what", 0, "Ny rad"),
        ("received", "row", 0, "T01"),
        ("received", "who", 0, "Kari Ås"),
        ("received", "received_on", 0, to_serial(date(2026, 11, 20))),
        ("received", "what", 1, "Ny rad"),
        ("received", "row", 1, "T99"),
        ("received", "who", 1, "svar (2).xlsx"),
        ("received", "received_on", 1, to_serial(date(2026, 11, 20))),
        ("received", "what", 2, "Ny rad"),
        ("received", "row", 2, "T02"),
        ("received", "who", 2, "Ola Øy"),
        ("received", "received_on", 2, to_serial(date(2026, 11, 1))),
    )
    new = next(it for it in one(path, date(2026, 11, 30)).sections if it.title.startswith("Nytt siden"))
    assert new.lines[0][1][:2] == ("Takk for svar fra Kari Ås.", "Nytt tiltak: T01 Fast ukeplan 🙂.")
    assert not [line for line in new.lines[0][1][2:] if line.startswith(("Takk", "Ny"))]


@pytest.mark.parametrize(
    ("day", "asked"),
    [
        ("2026-11-10", "T01 Lys: skulle evalueres 10. november. Virket det?"),
        ("2026-11-20", "T01 Lys: skal evalueres 20. november."),
        ("2027-03-31", ""),
        ("", "T01 Lys: venter på evaluering. Virket det?"),
    ],
)
def test_whether_it_worked_is_asked_when_it_is_time(tmp_path: Path, day: str, asked: str) -> None:
    measure = {"id": "T01", "measure": "Lys", "status": "awaiting_evaluation", "evaluate_on": day or None}
    measures = [{key: value for key, value in measure.items() if value}]
    said = " ".join(as_text(one(book(tmp_path / "bok.xlsx", measures=measures))).split())
    assert asked in said
    assert said.count("T01 Lys") == bool(asked)


def test_a_poster_or_a_dry_run_is_not_what_the_group_was_told(tmp_path: Path) -> None:
    path = book(tmp_path / "bok.xlsx")
    send_draft(path, SendAsked("everyone"), today=TODAY)
    assert "Nytt siden" not in as_text(one(path))


@pytest.mark.parametrize(
    ("meetings", "expected"),
    [
        ([("2026-11-24",)], date(2026, 11, 23)),
        ([("2027-02-01",), ("2026-12-03",), ("2026-11-16",)], date(2026, 12, 2)),
        ([("2026-11-17",)], TODAY),
        ([("2026-11-01",)], date(2026, 11, 23)),
        ([], date(2026, 11, 23)),
    ],
)
def test_an_answer_is_due_before_the_next_meeting(
    tmp_path: Path, meetings: list[tuple[str]], expected: date
) -> None:
    rows = [{"id": f"M{at:02}", "type": "process", "date": day} for at, (day,) in enumerate(meetings, 1)]
    assert sending(book(tmp_path / "bok.xlsx", meetings=rows)).by == expected


def test_an_answer_is_due_when_that_is_said(tmp_path: Path) -> None:
    found = sending(book(tmp_path / "bok.xlsx"), SendAsked(by=date(2026, 12, 24)))
    assert "innen 24. desember" in found.mailings[0].letter.subject


SECRET = "Hemmeligstein"
SECRETS = {
    "measures": [
        *DATA["measures"],
        {
            "id": "T03",
            "measure": f"Samtaler om {SECRET}",
            "responsible": SECRET,
            "deadline": "2026-10-01",
            "status": "ongoing",
            "sensitive": True,
        },
    ],
    "challenges": [
        *DATA["challenges"],
        {"id": "U03", "description": SECRET, "factor": "harassment", "sensitive": True},
    ],
    "values": [{"month": month, "I01": 3.25} for month in MONTHS],
    "basis": [
        {"month": month, "indicator": "I01", "numerator": 1, "denominator": 4, "people": 4}
        for month in MONTHS[-1:]
    ],
    "indicators": [DATA["indicators"][0] | {"about_persons": True, "fewest_people": 4}],
}


@pytest.mark.parametrize("audience", ["group", "leader", "score", "everyone"])
def test_a_letter_tells_no_more_than_the_copy(tmp_path: Path, audience: str) -> None:
    path = book(tmp_path / "bok.xlsx", **SECRETS)
    for it in sending(path, SendAsked(audience), way="draft").mailings:
        for text in (it.letter.subject, as_text(it.letter), as_html(it.letter)):
            assert SECRET not in text
            assert "T03" not in text
            assert "3,25" not in text
