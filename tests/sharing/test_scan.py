"""What tells of something that stays is known again however people write it, and other texts go along."""

from __future__ import annotations

import unicodedata

import pytest

from hmsbook.sharing.scan import Traces

TITLE = "Samtaler om tonen på lag 3"
IDS = Traces(ids=(("measures", "T02"),))
ODD = Traces(ids=(("measures", "TA-B"),))
SAID = Traces(texts=(TITLE,), more_texts=("Ola og formannen har hatt fire samtaler, og Ola bytter lag",))


@pytest.mark.parametrize(
    "text",
    [
        "T02 er utsatt",
        "T\N{NON-BREAKING HYPHEN}02",
        "T\N{EN DASH}2",
        "T_02",
        "T\N{SOFT HYPHEN}02",
        "T\N{ZERO WIDTH SPACE}02",
        "\N{FULLWIDTH LATIN CAPITAL LETTER T}02",
        "T nr. 2",
        "tiltak 1 og 2 er utsatt",
        "tiltakene 1, 2 og 3",
        "T01, 02 og 03",
        "T1/2",
        "measures 1 and 2",
    ],
)
def test_a_row_is_named_in_many_ways(text: str) -> None:
    assert IDS.told_in(text, people=False) == "sensitive"


def test_an_id_of_any_other_kind_is_known_again_as_it_is_written() -> None:
    assert ODD.told_in("Se ta\N{EN DASH}b", people=False) == "sensitive"
    assert ODD.told_in("Ta båten", people=False) == ""


@pytest.mark.parametrize(
    "text", ["T20", "AT02", "Tiltak 1 og 3", "Vi var 2", "Ta 2 til", "T01–T03", "T12/22"]
)
def test_another_row_or_number_is_none_of_them(text: str) -> None:
    assert IDS.told_in(text, people=False) == ""


@pytest.mark.parametrize(
    "text",
    [
        TITLE,
        unicodedata.normalize("NFD", f"Vi har hatt {TITLE} i dag"),
        "Samtalene om tonen på laget",
        "den harde tonen på lag 3",
        "Lag 3: samtale om tone",
        "Sam\N{SOFT HYPHEN}taler om to\N{ZERO WIDTH SPACE}nen på lag\N{NO-BREAK SPACE}3",
        "De har hatt fire samtaler, og Ola bytter nok",
    ],
)
def test_a_text_is_known_again_with_other_endings_in_parts_and_in_another_order(text: str) -> None:
    assert SAID.told_in(text, people=False) == "sensitive"


@pytest.mark.parametrize(
    "text",
    [
        "Samtaler om ukeplanen",
        "Ny brakke til lag 3",
        "Tonen er god",
        "Vi tok tre samtaler. Lag 2 ordner brakka, og så var det en god del annet, som tonen. Lag 3.",
        "Ola og formannen er på plass",
    ],
)
def test_a_text_with_some_of_the_same_words_goes_along(text: str) -> None:
    assert SAID.told_in(text, people=False) == ""


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1234.5, "1 234,5 timer"),
        (1234.5, "1.234,5 timer"),
        (1234.5, "1\N{NO-BREAK SPACE}235 timer"),
        (1500, "Det ble 1 500 timer"),
        (7.25, "7,3 %"),
        (7.25, "7,2 %"),
        (7.75, "7,7 %"),
        (137.5, "ca. 138"),
        (137.5, "137"),
        (137, "lag 3 137 timer"),
        (-7.25, "-7,25"),
        (12.0, "12,0 %"),
        (2025, "2025 timer"),
    ],
)
def test_a_hidden_number_is_known_again(number: float, text: str) -> None:
    assert Traces(numbers=(number,)).told_in(text, people=False) == "secrets"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (7.25, "7"),
        (7.25, "7.25.1"),
        (7.25, "17,25"),
        (12, "12 på møtet"),
        (2025.4, "i 2025"),
        (137.5, "1375"),
        (7.25, "møtet 7.2.2026"),
    ],
)
def test_another_number_tells_nothing(number: float, text: str) -> None:
    assert Traces(numbers=(number,)).told_in(text, people=False) == ""


SHARES = Traces(shares=((2, 3.0),))


@pytest.mark.parametrize("text", ["2 av 3 var syke", "2/3", "2 av de 3", "Bare 2 utav 3", "2 out of 3"])
def test_small_numbers_tell_what_part_of_which(text: str) -> None:
    assert SHARES.told_in(text, people=False) == "secrets"


@pytest.mark.parametrize("text", ["3 av 2", "12 av 3", "2 av 30", "2 og 3", "2/3/2026", "møte 1/2/3"])
def test_the_same_numbers_apart_tell_nothing(text: str) -> None:
    assert SHARES.told_in(text, people=False) == ""


NAMES = Traces(names=("Kari Ås", "Bo Li", "Liv Dag", "HMS-rådgiver Per", "MAY BRITT"))


@pytest.mark.parametrize(
    "text",
    [
        "Spør Kari",
        "Karis forslag",
        "KARI tar det",
        "Spør bo li",
        "Mail kari@bygg.example",
        "Kari's",
        "Si fra til May",
    ],
)
def test_a_name_is_known_again(text: str) -> None:
    assert NAMES.told_in(text, people=True) == "names"


@pytest.mark.parametrize("text", ["Et godt liv", "En dag til", "karius", "HMS-avvik"])
def test_words_that_could_be_names_are_words(text: str) -> None:
    assert NAMES.told_in(text, people=True) == ""
