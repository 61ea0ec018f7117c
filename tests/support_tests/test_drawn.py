from __future__ import annotations

import pytest

from tests.support.drawn import drawn


def test_rows_come_by_the_names_in_the_first_line() -> None:
    rows = drawn("""
        | id  | verdi | merknad  |
        |-----|------:|----------|
        | I01 | 6,4   | a \\| b   |
        |     |       |          |
        | I02 | -     |          |
    """)
    assert rows == [
        {"id": "I01", "verdi": "6,4", "merknad": "a | b"},
        {"id": "", "verdi": "", "merknad": ""},
        {"id": "I02", "verdi": "-", "merknad": ""},
    ]


def test_a_header_alone_has_no_rows() -> None:
    assert drawn("| a | b |") == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("| a | a |", "drawn twice"),
        ("| a | b |\n| 1 |", "1 places under 2 columns"),
        ("| a | b |\n| 1 | 2", "begins and ends with a bar"),
    ],
)
def test_a_crooked_drawing_is_an_error(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        drawn(text)
