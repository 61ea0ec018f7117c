"""Command lines with hostile paths, made by the VBA in both interpreters and read as Windows reads them."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from tests.addin.stage import Stage
from tests.addin.windows import argv, expanded

HOSTILE = [
    r"C:\Users\Kari Nordmann\HMS bok.xlsx",
    r"C:\Brukere\Åse Sjøli\Vårt æøå.xlsx",
    r"C:\Łódź\książka.xlsx",
    r"C:\100% HMS\90%TEMP%10.xlsx",
    r"C:\R&D\a^b (1) [x] {y}.xlsx",
    r"\\server\felles mappe\bok.xlsx",
    "C:\\trailing\\",
    "C:\\trailing blank\\\\",
    'say "hi" \\" there',
    "https://firma.sharepoint.com/sites/HMS/Delte%20dokumenter/bok.xlsx",
    "Mappe1",
    "a;b,c=d!e'f`g$h#i@j~k+l-m",
    "%HMSBOOK_PERCENT%",
]
VARIABLES = {"TEMP": r"C:\Temp", "HMSBOOK_PERCENT": "%"}


# The reader of command lines, by the examples of Microsoft's documentation


@pytest.mark.parametrize(
    ("line", "arguments"),
    [
        (r'x "abc" d e', ["abc", "d", "e"]),
        (r'x a\\b d"e f"g h', [r"a\\b", "de fg", "h"]),
        (r"x a\\\"b c d", [r"a\"b", "c", "d"]),
        (r'x a\\\\"b c" d e', [r"a\\b c", "d", "e"]),
        (r'x "" y', ["", "y"]),
        ("x  y\tz ", ["y", "z"]),
    ],
)
def test_the_reader_splits_as_windows_does(line: str, arguments: list[str]) -> None:
    assert argv(line) == ["x", *arguments]


def test_the_programs_name_takes_backslashes_as_they_are() -> None:
    assert argv(r'"C:\a b\x.exe" y') == [r"C:\a b\x.exe", "y"]
    assert argv(r"C:\a\x.exe y") == [r"C:\a\x.exe", "y"]


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("%TEMP%x", r"C:\Tempx"),
        ("100 %temp%", r"100 C:\Temp"),
        ("%NONE%", "%NONE%"),
        ("%HMSBOOK_PERCENT%TEMP%HMSBOOK_PERCENT%", "%TEMP%"),
    ],
)
def test_variables_are_filled_in_once(text: str, after: str) -> None:
    assert expanded(text, VARIABLES) == after


# What the add-in makes


def _drawn() -> Iterator[str]:
    """Texts of all signs that mean something to anybody, the same at every run."""
    draw = random.Random(5)
    for _ in range(60):
        yield "".join(draw.choices('\\\\"" \t%ab\'&^æ', k=draw.randint(0, 12)))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_path_arrives_whole(stage: Stage, text: str) -> None:
    assert argv(f"x {stage.ask('StageQuoted', text)}") == ["x", text]


def test_any_text_arrives_whole(stage: Stage) -> None:
    wrong = [text for text in _drawn() if argv(f"x {stage.ask('StageQuoted', text)}") != ["x", text]]
    assert wrong == []


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_between_percent_signs_is_filled_in(stage: Stage, text: str) -> None:
    assert expanded(stage.ask("StageUnexpanded", text), VARIABLES) == text
