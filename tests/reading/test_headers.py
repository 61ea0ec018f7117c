"""Headers: any shipped language, any order, whatever case, blanks and hyphens; the rest is people's own."""

from __future__ import annotations

import random

import pytest

from hmsbook.model.raw import RawCell
from hmsbook.reading.headers import find_column, labels, read_headers
from hmsbook.standard.book import tables
from hmsbook.texts.files import LANGUAGES
from hmsbook.texts.words import words

TABLES = tables(8)


def _labels(key: str, language: str) -> dict[str, str]:
    columns = TABLES[key].columns
    return {
        column.key: column.key
        if column.key.isupper()
        else words(language).text(f"columns.{key}.{column.key}.label")
        for column in columns
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", TABLES)
def test_every_label_is_found_whatever_language_the_book_has(key: str, language: str) -> None:
    for column, label in _labels(key, language).items():
        assert {find_column(TABLES[key], label, book) for book in LANGUAGES} == {column}, label


@pytest.mark.parametrize("key", TABLES)
def test_order_case_blanks_and_hyphens_make_no_difference(key: str) -> None:
    shown = [
        f"  {label.upper().replace('-', '')}\N{NO-BREAK SPACE}: " for label in _labels(key, "nb").values()
    ]
    keys = list(_labels(key, "nb"))
    together = list(zip(shown, keys, strict=True))
    random.Random(key).shuffle(together)
    found = read_headers(
        TABLES[key], [RawCell(label, f"A{at}") for at, (label, _) in enumerate(together)], "nb"
    )
    assert list(found.keys) == [column for _, column in together]
    assert (found.doubled, found.missing, found.own) == ((), (), ())


def test_doubled_missing_and_own_columns_are_told_apart() -> None:
    cells = [
        RawCell(text, f"{letter}1")
        for letter, text in zip("ABCD", ["Navn", "Rolle", "navn", "Bil"], strict=True)
    ]
    found = read_headers(TABLES["group"], cells, "nb")
    assert found.keys == ("name", "role", None, None)
    assert found.doubled == (cells[2],)
    assert found.own == (cells[3],)
    assert "email" in found.missing


def test_an_empty_header_is_nobodys() -> None:
    assert find_column(TABLES["group"], "", "nb") is None
    assert find_column(TABLES["values"], "I09", "nb") is None
    assert find_column(TABLES["values"], " i08 ", "nb") == "I08"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_columns_of_a_table_share_a_label(language: str) -> None:
    for key, table in TABLES.items():
        declared = {column.key for column in table.columns if not column.key.isupper()}
        assert declared <= set(labels(key, language).values())
        assert len(set(_labels(key, language).values())) == len(table.columns)
