from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hmsbook.actions.reading import open_book
from hmsbook.errors import PackageError
from hmsbook.merge.base import base_lines, read_base
from hmsbook.model.book import Book
from tests.hosts.books import book
from tests.merge.small import book_of, books

BOOK = book_of(
    {
        "measures": [{"id": "T01", "measure": "Fast ukeplan 🙂 " * 2_000, "deadline": date(2026, 12, 1)}],
        "values": [{"month": date(2026, 1, 1), "I01": 6.4}, {"month": date(2026, 2, 1), "I01": 0.1 + 0.2}],
    }
)
MASKED = [("values", 1, "I01")]


@given(books())
def test_what_is_sent_is_read_back(sent: Book) -> None:
    found = read_base(base_lines(sent))
    for key, rows in sent.drawn_rows.items():
        held = [row for row in rows if row.values or row.extra]
        assert [(row.index, row.values, row.extra) for row in found.rows[key]] == [
            (row.index, row.values, row.extra) for row in held
        ]


def test_a_masked_cell_leaves_its_place_and_nothing_of_its_value() -> None:
    lines = base_lines(BOOK, MASKED)
    assert "0.3" not in "".join(lines)
    assert read_base(lines).masked == {("values", 1, "I01")}
    assert "I01" not in read_base(lines).rows["values"][1].values


def test_no_line_is_longer_than_a_cell_and_no_program_trims_one() -> None:
    lines = base_lines(BOOK)
    assert len(lines) > 2
    assert max(len(line.encode("utf-16-le")) // 2 for line in lines) <= 32_767
    assert all(line == line.strip() and line[0] in "{0" for line in lines)


DAMAGE: dict[str, Callable[[list[str]], list[str]]] = {
    "a line is gone": lambda lines: [lines[0], *lines[2:]],
    "lines have changed places": lambda lines: [lines[0], lines[2], lines[1], *lines[3:]],
    "a value is another": lambda lines: [line.replace("6.4", "6.5") for line in lines],
    "the head is gone": lambda lines: lines[1:],
    "the head is no head": lambda lines: ["[]", *lines[1:]],
    "all is gone": lambda _: [],
    "another format": lambda lines: [lines[0].replace('"hmsbook_base": 1', '"hmsbook_base": 2'), *lines[1:]],
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_seen(damage: str) -> None:
    with pytest.raises(PackageError, match="base_damaged"):
        read_base(DAMAGE[damage](list(base_lines(BOOK))))


@given(st.data())
def test_any_other_character_is_seen(data: st.DataObject) -> None:
    lines = list(base_lines(BOOK))
    at = data.draw(st.integers(1, len(lines) - 1))
    where = data.draw(st.integers(5, len(lines[at]) - 2))
    if lines[at][where] != "#":
        lines[at] = f"{lines[at][:where]}#{lines[at][where + 1 :]}"
        with pytest.raises(PackageError, match="base_damaged"):
            read_base(lines)


def test_what_follows_the_last_line_is_no_damage() -> None:
    assert read_base([*base_lines(BOOK), "", ""]) == read_base(base_lines(BOOK))


def test_a_real_workbook_is_read_back(tmp_path: Path) -> None:
    sent = open_book(book(tmp_path / "bok.xlsx")).book
    found = read_base(base_lines(sent))
    for key, rows in sent.drawn_rows.items():
        assert [row.values for row in found.rows[key]] == [
            row.values for row in rows if row.values or row.extra
        ]


FORGED: dict[str, Mapping[str, Any]] = {
    "more slots than there are": {"slots": 10**9},
    "slots that are no number": {"slots": True},
    "rows that are no rows": {"rows": {"measures": [["x", {}, {}]]}},
    "a row above the first": {"rows": {"measures": [[-1, {}, {}]]}},
    "columns that are no columns": {"rows": {"measures": [[0, {}, ["x"]]]}},
    "heights that are none": {"heights": [1]},
    "a table without end": {"heights": {"values": 10**12}},
}


@pytest.mark.parametrize("forged", FORGED)
def test_what_nobody_wrote_so_is_damage_also_with_the_right_sum(forged: str) -> None:
    with pytest.raises(PackageError, match="base_damaged"):
        read_base(_summed(json.dumps({**_EMPTY, **FORGED[forged]})))


def test_brackets_without_end_are_damage() -> None:
    with pytest.raises(PackageError, match="base_damaged"):
        read_base(_summed("[" * 100_000))


_EMPTY = {"slots": 4, "masked": [], "said": [], "heights": {}, "rows": {}}


def _summed(text: str) -> list[str]:
    """A text as lines that say of themselves that they are whole."""
    assert read_base(_lines(json.dumps(_EMPTY))).rows == {}
    return _lines(text)


def _lines(text: str) -> list[str]:
    parts = [text[at : at + 15_000] for at in range(0, len(text), 15_000)]
    head = {"hmsbook_base": 1, "lines": len(parts), "sha256": sha256(text.encode()).hexdigest()}
    return [json.dumps(head), *(f"{number:04d}|{part}|" for number, part in enumerate(parts, 1))]
