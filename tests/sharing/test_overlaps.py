"""What has to go with a masked figure, since it could be worked out: each way there is, in a small book."""

from __future__ import annotations

import pytest

from hmsbook.sharing.masking import offences
from tests.sharing.drawn_books import book, columns_of, indicators, masked, rolling, rows_of, values

SHOWN, SMALL = "ja | 40 | Lønn |", "ja | 4 | Lønn |"


def survey(*rows: str) -> str:
    """Rows of one round: theme, kind of group, group, mean, answered."""
    return "\n".join(["| theme | subgroup_kind | subgroup | mean | answered |", *rows])


def test_the_total_minus_the_rest() -> None:
    about = book(
        survey=survey(
            "| Samarbeid |       |       | 3,5 | 48 |",
            "| Samarbeid | Skift | Dag   | 3,6 | 30 |",
            "| Samarbeid | Skift | Kveld | 3,4 | 14 |",
            "| Samarbeid | Skift | Natt  | 3,3 | 4  |",
        )
    )
    assert rows_of(about, "survey", "few") == [3]
    assert rows_of(about, "survey", "derivable") == [2], "the smaller of the two others"


def test_groups_that_are_not_all_there_is_give_nothing_away() -> None:
    about = book(
        survey=survey(
            "| Samarbeid |       |       | 3,5 | 70 |",
            "| Samarbeid | Skift | Dag   | 3,6 | 30 |",
            "| Samarbeid | Skift | Natt  | 3,3 | 4  |",
        )
    )
    assert rows_of(about, "survey", "derivable") == []


def test_two_ways_to_divide_the_same_people() -> None:
    about = book(
        survey=survey(
            "| Samarbeid | Skift | Dag     | 3,6 | 30 |",
            "| Samarbeid | Skift | Natt    | 3,3 | 4  |",
            "| Samarbeid | Kjønn | Kvinner | 3,6 | 20 |",
            "| Samarbeid | Kjønn | Menn    | 3,5 | 14 |",
        )
    )
    assert len(rows_of(about, "survey", "derivable")) == 1


def test_the_same_people_answered_the_next_theme() -> None:
    themes = ("Samarbeid", "Tid", "Støtte")
    rows = [
        row
        for theme in themes
        for row in (f"| {theme} | | | 3,5 | 48 |", f"| {theme} | Skift | Dag | 3,6 | 30 |",
                    f"| {theme} | Skift | Kveld | 3,4 | 14 |", f"| {theme} | Skift | Natt | 3,3 | 4 |")
    ]  # fmt: skip
    assert rows_of(book(survey=survey(*rows)), "survey", "derivable") == [2, 6, 10]


def test_months_within_a_quarter() -> None:
    facts = indicators(f"| I01 | antall | month | nei | {SMALL}", f"| I02 | antall | quarter | nei | {SHOWN}")
    few = book(indicators=facts, values=values(1, I01="0 1 1 2 0 0", I02=". . 2 . . 2"))
    assert columns_of(few) == {"I01": 6, "I02": 2}, "two cases in three months leave three candidates"
    many = book(indicators=facts, values=values(1, I01="4 6 3 7 5 4", I02=". . 13 . . 16"))
    assert columns_of(many) == {"I01": 6}


def test_numbers_that_contradict_each_other_are_not_of_the_same() -> None:
    facts = indicators(f"| I01 | antall | month | nei | {SMALL}", f"| I02 | antall | quarter | nei | {SHOWN}")
    other = book(indicators=facts, values=values(1, I01="0 1 1 2 0 0", I02=". . 2 . . 3"))
    assert columns_of(other) == {"I01": 6}


def test_another_source_is_another_figure() -> None:
    facts = indicators(
        f"| I01 | antall | month | nei | {SMALL}", "| I02 | antall | quarter | nei | ja | 40 | Avvik |"
    )
    about = book(indicators=facts, values=values(1, I01="0 1 1 2 0 0", I02=". . 2 . . 2"))
    assert columns_of(about) == {"I01": 6}


def test_a_rolling_figure_and_its_months() -> None:
    facts = indicators(f"| I01 | antall | month | nei | {SMALL}", f"| I02 | antall | month | ja | {SHOWN}")
    three = book(
        indicators=facts,
        values=values(1, I01="0 1 0 0 1 0 0 0 0 0 0 1 0 0", I02=". . . . . . . . . . . 3 3 2"),
    )
    assert columns_of(three) == {"I01": 14, "I02": 3}
    nine = book(
        indicators=facts,
        values=values(1, I01="0 3 0 1 1 0 0 1 0 1 0 2 0 3", I02=". . . . . . . . . . . 9 9 9"),
    )
    assert columns_of(nine) == {"I01": 14}


def test_a_masked_month_between_zeros_is_zero() -> None:
    facts = indicators("| I01 | antall | month | ja | ja | | |")
    about = book(indicators=facts, basis=rolling([0] * 30, 15))
    hidden = rows_of(about, "basis")
    assert 15 in hidden
    assert set(hidden) >= set(range(15, 27)) or set(hidden) >= set(range(4, 16)), "a whole year on one side"


def test_a_masked_month_at_the_end_is_what_the_months_before_leave() -> None:
    facts = indicators("| I01 | antall | month | ja | ja | | |")
    about = book(
        indicators=facts, basis=rolling([30, 31, 29, 30, 32, 30, 31, 29, 30, 30, 28, 30, 31, 30], 13)
    )
    assert rows_of(about, "basis") == [13], "what left the window and what came in are not known"


def test_nothing_in_two_years_of_rates_is_nothing_in_a_masked_month() -> None:
    facts = indicators("| I01 | per mill. timer | month | ja | ja | 30 | |")
    few = "| month | indicator | people |\n| 2025-04 | I01 | 3 |"
    zeros = book(indicators=facts, values=values(1, I01="0 " * 30), basis=few)
    assert columns_of(zeros)["I01"] >= 12
    some = book(indicators=facts, values=values(1, I01="3,1 2,9 " * 15), basis=few)
    assert columns_of(some) == {"I01": 1}


def test_shares_of_the_headcount_are_counts() -> None:
    facts = indicators(
        f"| I01 | per 100 ansatte | month | nei | {SMALL}",
        f"| I02 | per 100 ansatte | quarter | nei | {SHOWN}",
    )
    typed = values(1, I01="0 2 2 4 2 0 0 2 4", I02=". . 4 . . 6 . . 6")
    assert columns_of(book(unit="| headcount |\n| 50 |", indicators=facts, values=typed)) == {
        "I01": 9,
        "I02": 3,
    }


def test_a_mean_at_the_end_of_its_scale() -> None:
    facts = indicators(
        f"| I01 | skala 1–5 | month | nei | {SMALL}", f"| I02 | skala 1–5 | quarter | nei | {SHOWN}"
    )
    about = book(indicators=facts, values=values(1, I01="5 5 5 3 4 2", I02=". . 5 . . 3"))
    assert masked(about, "values", "derivable") == ["2 I02: derivable"]


@pytest.mark.parametrize(("numerator", "typed", "hidden"), [("0", "0,0", 1), ("30", "5,5", 0)])
def test_no_cases_in_all_are_no_cases_in_any_source(numerator: str, typed: str, hidden: int) -> None:
    about = book(
        indicators=indicators("| I01 | % | month | nei | ja | | |"),
        values=values(1, I01=typed),
        basis=f"""
            | month   | indicator | numerator   | denominator | people |
            | 2024-01 | I01       | {numerator} | 50          | 3      |
            | 2024-01 | I01       | {numerator} | 1041        | 40     |
        """,
    )
    assert rows_of(about, "basis") == [0, 1]
    assert columns_of(about).get("I01", 0) == hidden


def test_rates_of_a_quarter_and_the_rows_of_its_months() -> None:
    facts = indicators("| I01 | % | month | nei | ja | | Lønn |", f"| I02 | % | quarter | nei | {SHOWN}")
    rows = "| month | indicator | numerator | denominator | people |"
    for month in ("01", "02", "03"):
        rows += f"\n| 2024-{month} | I01 | {{}} | 60 | 3 |"
    none = book(indicators=facts, values=values(1, I02=". . 0"), basis=rows.format(0, 0, 0))
    assert columns_of(none) == {"I02": 1}
    many = book(indicators=facts, values=values(1, I02=". . 15"), basis=rows.format(8, 10, 9))
    assert columns_of(many) == {}


def test_a_total_of_its_parts() -> None:
    facts = indicators(
        f"| I01 | antall | month | nei | {SHOWN}",
        f"| I02 | antall | month | nei | {SHOWN}",
        f"| I03 | antall | month | nei | {SMALL}",
    )
    about = book(indicators=facts, values=values(1, I01="21 24 19 26", I02="17 21 16 20", I03="4 3 3 6"))
    hidden = columns_of(about)
    assert hidden["I03"] == 4
    assert hidden.get("I01", 0) + hidden.get("I02", 0) == 4


def test_the_complement_of_a_share() -> None:
    facts = indicators(f"| I01 | % | month | nei | {SHOWN}", f"| I02 | % | month | nei | {SMALL}")
    about = book(indicators=facts, values=values(1, I01="75 50 100 75", I02="25 50 0 25"))
    assert columns_of(about) == {"I01": 4, "I02": 4}


def test_tables_that_add_up_to_all() -> None:
    about = book(
        mapping="""
            | count_kind | round | table | text       | agree | of_all |
            | smiley     | 2026  | 1     | Tatt pause | 15    | 40     |
            | smiley     | 2026  | 2     | Tatt pause | 1     | 3      |
            | smiley     | 2026  | Alle  | Tatt pause | 16    | 43     |
        """
    )
    assert masked(about, reason="few") == ["1 agree: few", "1 of_all: few"]
    assert masked(about, reason="derivable") == ["0 agree: derivable", "0 of_all: derivable"]


def test_three_faces_of_one_question() -> None:
    about = book(
        mapping="""
            | count_kind | round | table | text       | valence  | agree | of_all |
            | smiley     | 2026  | Alle  | Tatt pause | strength | 30    | 40     |
            | smiley     | 2026  | Alle  | Tatt pause | improve  | 8     | 40     |
            | smiley     | 2026  | Alle  | Tatt pause |          | 2     | 40     |
        """
    )
    assert masked(about) == ["1 agree: derivable", "2 agree: few"]


@pytest.mark.parametrize(("headcount", "hidden"), [("43", ["0 invited: derivable"]), ("60", [])])
def test_people_that_add_up_to_the_headcount(headcount: str, hidden: list[str]) -> None:
    about = book(
        unit=f"| headcount |\n| {headcount} |",
        survey="""
            | theme     | subgroup_kind | subgroup | mean | answered | invited |
            | Samarbeid | Skift         | Dag      | 3,6  | 30       | 40      |
            | Samarbeid | Skift         | Natt     | 3,3  | 3        | 3       |
        """,
    )
    assert masked(about, reason="derivable") == hidden


def test_the_gate_sees_what_was_left_and_what_can_be_derived() -> None:
    drawing = survey(
        "| Samarbeid |       |       | 3,5 | 48 |",
        "| Samarbeid | Skift | Dag   | 3,6 | 30 |",
        "| Samarbeid | Skift | Kveld | 3,4 | 14 |",
        "| Samarbeid | Skift | Natt  | 3,3 | 4  |",
    )
    whole = book(survey=drawing)
    assert {offence.how for offence in offences(whole, whole)} == {"shown"}
    one = drawing.replace("| 3,3 | 4  |", "| | |")
    assert {(offence.how, offence.cell) for offence in offences(book(survey=one), whole)} == {
        ("derivable", ("survey", 3, "mean")),
        ("derivable", ("survey", 3, "answered")),
    }
    assert offences(book(survey=one.replace("| 3,4 | 14 |", "| | |")), whole) == ()
