"""The numbers are made up, with the check digits worked out here; none is known to be anyone's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hmsbook.rules.identity import holds_identity_number, is_identity_number
from tests.rules.support import book, problems, said


def number(born: str, individual: int) -> str:
    """An identity number by the book, or the next one that has check digits at all."""
    for serial in range(individual, 1000):
        digits = f"{born}{serial:03d}"
        first = -sum(int(d) * w for d, w in zip(digits, (3, 7, 6, 1, 8, 9, 4, 5, 2), strict=True)) % 11
        nine = f"{digits}{first}"
        second = -sum(int(d) * w for d, w in zip(nine, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=False)) % 11
        if first < 10 and second < 10:
            return f"{nine}{second}"
    raise ValueError(born)


PERSON = number("150190", 123)
D_NUMBER = number("550190", 200)
LEADING_ZERO = number("050190", 300)


@pytest.mark.parametrize("born", ["150190", "550190", "154190", "158190", "010100", "311299", "711299"])
def test_numbers_of_every_kind(born: str) -> None:
    assert is_identity_number(number(born, 100))


@pytest.mark.parametrize("born", ["000190", "320190", "400190", "720190", "150090", "151390", "153990"])
def test_no_such_date(born: str) -> None:
    assert not is_identity_number(number(born, 100))


def test_one_digit_off() -> None:
    wrong = PERSON[:-1] + str((int(PERSON[-1]) + 1) % 10)
    assert not is_identity_number(wrong)
    assert not is_identity_number(PERSON[:-1])
    assert not is_identity_number("")


@given(st.integers(0, 10), st.integers(1, 9))
def test_no_single_slip_goes_unseen(position: int, step: int) -> None:
    digit = str((int(PERSON[position]) + step) % 10)
    assert not is_identity_number(PERSON[:position] + digit + PERSON[position + 1 :])


@pytest.mark.parametrize(
    "text",
    [
        PERSON,
        f"Ring {PERSON}, gjerne i dag",
        f"{PERSON[:6]} {PERSON[6:]}",
        f"{PERSON[:6]}-{PERSON[6:]}",
        f"{PERSON[:2]}.{PERSON[2:4]}.{PERSON[4:6]} {PERSON[6:9]} {PERSON[9:]}",
        f"f.nr.{D_NUMBER}",
        f"{PERSON[:6]}\N{EN DASH}{PERSON[6:]}",
        f"{PERSON[:6]} - {PERSON[6:]}",
        f"{PERSON[:6]}\N{ZERO WIDTH SPACE}{PERSON[6:]}",
        f"{PERSON[:6]}\n{PERSON[6:]}",
        f"{PERSON[:6]} ({PERSON[6:]})",
        f"{PERSON[:2]}/{PERSON[2:4]}-{PERSON[4:6]}_{PERSON[6:]}",
        f"{PERSON[:2]}.{PERSON[2:4]}.19{PERSON[4:6]} {PERSON[6:]}",
        int(PERSON),
        float(PERSON),
        int(LEADING_ZERO),
        ("U01", PERSON),
    ],
)
def test_however_it_is_written(text: object) -> None:
    assert holds_identity_number(text)


@pytest.mark.parametrize(
    "text",
    [
        f"1{PERSON}",
        f"{PERSON}0",
        "12345678901",
        "Tlf. 22 33 44 55, konto 1234 56 78901",
        "2026-11-16 kl. 13.00",
        "",
        12,
        6.4,
        True,
        None,
        float("nan"),
        ("U01",),
    ],
)
def test_what_is_none(text: object) -> None:
    assert not holds_identity_number(text)


@pytest.mark.parametrize(
    ("tables", "cell"),
    [
        ({"group": f"| name | note |\n| Kaja | {PERSON} |"}, "F2"),
        ({"measures": f"| id | measure |\n| T01 | Samtale med {D_NUMBER} |"}, "B2"),
        ({"basis": f"| month | source |\n| 2026-01 | {PERSON[:6]} {PERSON[6:]} |"}, "F2"),
        ({"basis": f"| month | numerator |\n| 2026-01 | {LEADING_ZERO} |"}, "C2"),
        ({"unit": f"| contact |\n| {PERSON} |"}, "Q2"),
    ],
)
def test_found_in_any_table(tables: dict[str, str], cell: str) -> None:
    assert said("PRV-3", book(**tables)) == [f"E identity_number {cell}"]


def test_found_in_a_column_of_peoples_own() -> None:
    about = book(group=f"| name | +Ansattnr |\n| Kaja | {PERSON} |")
    assert said("PRV-3", about) == ["E identity_number_own_column A2"]
    assert [problem.values for problem in problems("PRV-3", about)] == [{"header": "Ansattnr"}]


def test_the_number_is_never_repeated() -> None:
    about = book(group=f"| name | note | +Ansattnr |\n| Kaja | {PERSON} | {PERSON} |")
    assert PERSON not in repr(problems("PRV-3", about))


def test_each_cell_is_named_where_many_hold_it() -> None:
    about = book(group=f"| name | note |\n| Kaja | {PERSON} |\n| Ida | {PERSON} |")
    assert said("PRV-3", about) == ["E identity_number F2", "E identity_number F3"]


def test_sound_text_is_left_alone() -> None:
    assert said("PRV-3", book(group="| name | email | note |\n| Kaja | k@example.no | Tlf. 22334455 |")) == []
