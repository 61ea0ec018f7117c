"""What is written into a cell is read back the same, by every kind of column and in every language."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hmsbook.model.dates import first_of_month
from hmsbook.model.raw import RawCell, Value
from hmsbook.standard import kinds
from hmsbook.standard.book import tables
from hmsbook.standard.guess import guess_date, guess_number
from hmsbook.standard.kinds import FIRST_DATE, LAST_DATE, Kind, Unreadable, all_keys
from hmsbook.texts.files import LANGUAGES
from hmsbook.texts.words import Words, find_choice, words

# A cell has neither control characters nor blanks that count at its ends.
TEXTS = (
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1)
    .map(str.strip)
    .filter(bool)
)
IDS = st.from_regex(r"[A-Z]{1,2}[0-9]{1,3}", fullmatch=True)
DAYS = st.dates(FIRST_DATE, LAST_DATE)
NUMBERS = st.integers(-(10**12), 10**12) | st.floats(allow_nan=False, allow_infinity=False)


def _keys(kind: Kind) -> st.SearchStrategy[str]:
    assert isinstance(kind, kinds.Choice)
    return st.sampled_from(sorted(all_keys(kind.choices)))


def _numbers(kind: Kind) -> st.SearchStrategy[float]:
    assert isinstance(kind, kinds.Number)
    low, high = kind.bounds()
    return _whole(kind) | st.floats(low, high)


def _whole(kind: Kind) -> st.SearchStrategy[int]:
    assert isinstance(kind, kinds.Number)
    low, high = kind.bounds()
    return st.integers(int(low), int(high))


VALUES: dict[str, Callable[[Kind], st.SearchStrategy[Any]]] = {
    "text": lambda _: TEXTS,
    "email": lambda _: TEXTS,
    "person": lambda _: TEXTS,
    "number": _numbers,
    "integer": _whole,
    "score": lambda _: st.integers(1, 5),
    "date": lambda _: DAYS,
    "month": lambda _: DAYS.map(first_of_month),
    "choice": _keys,
    "yes_no": lambda _: st.booleans(),
    "choices": lambda kind: st.lists(_keys(kind), min_size=1, unique=True).map(tuple),
    "id": lambda _: IDS,
    "reference": lambda _: IDS,
    "references": lambda _: st.lists(IDS, min_size=1, unique=True).map(tuple),
}
KINDS = list(
    {repr(column.kind): column.kind for table in tables().values() for column in table.columns}.values()
)


def test_every_kind_of_the_standard_is_tried() -> None:
    assert {kind.name for kind in KINDS} == VALUES.keys()


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=150)
@given(data=st.data())
def test_what_is_written_is_read_back(language: str, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(KINDS))
    value = data.draw(VALUES[kind.name](kind))
    cell = RawCell(kind.write(value, words(language)), "A1")
    assert kind.read(cell, language) == value


@settings(max_examples=150)
@given(data=st.data())
def test_a_book_in_one_language_is_read_by_a_program_in_another(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(KINDS))
    value = data.draw(VALUES[kind.name](kind))
    here, there = data.draw(st.sampled_from(LANGUAGES)), data.draw(st.sampled_from(LANGUAGES))
    assert kind.read(RawCell(kind.write(value, words(here)), "A1"), there) == value


@settings(max_examples=200)
@given(data=st.data())
def test_what_goes_out_as_json_comes_in_the_same(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(KINDS))
    value = data.draw(VALUES[kind.name](kind))
    carried = json.loads(json.dumps(kind.json(value)))
    assert kind.parse(carried) == value
    assert kind.json(kind.parse(carried)) == carried


@settings(max_examples=150)
@given(data=st.data())
def test_anything_in_a_cell_is_read_or_refused_with_a_sentence(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(KINDS))
    value = data.draw(TEXTS | NUMBERS | st.booleans())
    language = words(data.draw(st.sampled_from(LANGUAGES)))
    assert _refusal(kind, value, language) is None or language.has(
        f"reading.{_refusal(kind, value, language)}"
    )


def _refusal(kind: Kind, value: Value, language: Words) -> str | None:
    """Why a cell is not read; None when it is."""
    try:
        kind.read(RawCell(value, "A1"), language.language)
    except Unreadable as reason:
        return reason.key
    return None


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_of_one_list_never_mean_two_things(language: str) -> None:
    for choices in words("nb").get("choices"):
        for key, label in words(language).choices(choices).items():
            assert find_choice(choices, label, language) == key, (choices, label)
            assert find_choice(choices, f"  {label.upper()} ", language) == key


@given(day=DAYS)
def test_dates_count_from_1904_where_the_workbook_says_so(day: date) -> None:
    old = kinds.Day().write(day, words("nb"))
    assert isinstance(old, int)
    if old > 1462:
        assert kinds.Day().read(RawCell(old - 1462, "A1"), "nb", date1904=True) == day


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("6,4", 6.4),
        (" 1 250 ", 1250),
        ("1 250,5 %", 1250.5),
        ("\N{MINUS SIGN}3,5", -3.5),
        ("ca. 6", None),
        ("6,4,1", None),
        ("", None),
        ("12.03.2025", None),
    ],
)
def test_a_number_in_text_is_guessed_for_the_message(text: str, meant: float | None) -> None:
    assert guess_number(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("jan. 25", date(2025, 1, 1)),
        ("31.12.2025", date(2025, 12, 31)),
        ("1/2-26", date(2026, 2, 1)),
        ("2025-12", date(2025, 12, 1)),
        ("3. mars 2026", date(2026, 3, 3)),
        ("Desember 2025", date(2025, 12, 1)),
        ("March 2026", date(2026, 3, 1)),
        ("30.02.2026", None),
        ("snart", None),
    ],
)
def test_a_date_in_text_is_guessed_for_the_message(text: str, meant: date | None) -> None:
    assert guess_date(text) == meant


def test_a_number_outside_what_is_possible_is_not_read() -> None:
    for kind, value in ((kinds.Number(), 1e308), (kinds.Integer(), -1), (kinds.Number(maximum=100), 101)):
        with pytest.raises(Unreadable) as refused:
            kind.read(RawCell(value, "A1"), "nb")
        assert refused.value.key == "out_of_range"
