"""A series drawn as text."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from hmsbook.analysis.assessment import Assessment, assess_series
from hmsbook.analysis.series import Series, grid
from hmsbook.analysis.units import unit_facts
from hmsbook.flow.text_chart import NARROWEST, text_chart
from hmsbook.model.dates import add_months
from hmsbook.model.records import Indicator, Row
from hmsbook.texts.words import words

FIRST = date(2023, 1, 1)
STEADY = [5.0, 6.0, 5.5, 4.5, 5.0, 5.5, 6.0, 5.0, 4.5, 5.5, 5.0, 6.0, 5.5]
NB = words("nb")
Value = float | None


def about(values: list[Value], *, months: bool = True, **how: object) -> Assessment:
    """The assessment of monthly values."""
    facts = {"better": "lower", "frequency": "month" if months else "occasion", "target": None, "unit": None}
    starts = how.pop("starts", ())
    facts |= how
    indicator = Indicator(Row("indicators", {}), **facts)
    known = grid(FIRST, add_months(FIRST, len(values) - 1), 1) if months and values else ()
    return assess_series(
        Series(known, tuple(values), 1),
        indicator,
        unit_facts(indicator.unit, "nb"),
        starts=starts,  # type: ignore[arg-type]
    )


def test_a_chart_looks_like_this() -> None:
    assert text_chart(about([*STEADY, None, 9.0], target=4.0), NB, width=60) == (
        "jan. 23  5,0  ┊  ×       •    │               ┊",
        "feb. 23  6,0  ┊  ×            │   •           ┊",
        "mars 23  5,5  ┊  ×           •│               ┊",
        "apr. 23  4,5  ┊  ×   •        │               ┊",
        "mai 23   5,0  ┊  ×       •    │               ┊",
        "juni 23  5,5  ┊  ×           •│               ┊",
        "juli 23  6,0  ┊  ×            │   •           ┊",
        "aug. 23  5,0  ┊  ×       •    │               ┊",
        "sep. 23  4,5  ┊  ×   •        │               ┊",
        "okt. 23  5,5  ┊  ×           •│               ┊",
        "nov. 23  5,0  ┊  ×       •    │               ┊",
        "des. 23  6,0  ┊  ×            │   •           ┊",
        "jan. 24  5,5  ┊  ×           •│               ┊",
        "feb. 24       ┊  ×            │               ┊",
        "mars 24  9,0  ┊  ×            │               ┊            ◆",
        "              3,7            5,6             7,5",
        "◆ Verre  • Måling  │ Snitt  ┊ Grenser  × Mål",
    )


def test_points_without_months_are_numbered() -> None:
    lines = text_chart(about(list(STEADY), months=False), NB)
    assert [line.split()[0] for line in lines[:13]] == [str(number) for number in range(1, 14)]
    assert lines[0].startswith(" 1  5,0")


def test_a_missing_value_has_no_sign() -> None:
    lines = text_chart(about([*STEADY, None, 5.0]), NB)
    (gap,) = (line for line in lines if line.startswith("feb. 24"))
    assert not set("•▲◆■") & set(gap)
    assert gap.split()[2] != "5,0"


def test_limits_start_afresh_below_a_rule() -> None:
    moved = [value + 10 for value in STEADY]
    lines = text_chart(about([*STEADY, *moved], starts=(13,)), NB)
    rules = [at for at, line in enumerate(lines) if set(line) == {"─"}]
    assert rules == [13]
    before, after = (
        {line.index("│") for line in lines[part] if "│" in line} for part in (slice(0, 13), slice(14, 27))
    )
    assert len(before) == len(after) == 1
    assert before.pop() < after.pop()
    assert "─ Nye grenser" in lines[-1]
    assert "─" not in text_chart(about(list(STEADY)), NB)[-1]


def test_the_newest_points_are_shown_and_the_others_counted() -> None:
    lines = text_chart(about(STEADY * 6, starts=(10,)), NB)
    assert lines[0] == "18 eldre målinger er ikke med"
    assert lines[1].startswith("juli 24")
    assert sum(line[:3].isalpha() for line in lines) >= 60
    assert not any(set(line) == {"─"} for line in lines)
    assert text_chart(about(list(STEADY)), NB, newest=12)[0] == "1 eldre måling er ikke med"


def test_signs_are_those_of_status_and_the_legend_names_only_those_there_are() -> None:
    values: list[Value] = [*STEADY, 7.5, 7.6, 7.4, 7.5, 7.6, 7.8, 7.9]
    for better, sign in (("lower", "◆ Verre"), ("higher", "▲ Bedre"), ("neutral", "■ Endret")):
        *rows, _, legend = text_chart(about(values, better=better), NB)
        assert sign in legend
        assert sign[0] in rows[-1]


def test_a_target_is_drawn_and_named_only_where_there_is_one() -> None:
    assert "× Mål" in text_chart(about(list(STEADY), target=4.0), NB)[-1]
    assert "×" not in "".join(text_chart(about(list(STEADY)), NB))


def test_few_points_have_no_lines_and_some_have_a_median() -> None:
    assert not set("│┊") & set("".join(text_chart(about([5.0, 6.0, 7.0]), NB)))
    some = text_chart(about([5.0, 6.0, 5.5, 4.5, 5.0, 5.5, 6.0]), NB)
    assert "│ Median" in some[-1]
    assert "┊" not in "".join(some)


def test_a_run_on_one_side_of_the_median_is_marked() -> None:
    lines = text_chart(about([1.0, 1.1, 1.0, 1.2, 1.1, 1.2, 5.0, 5.1, 5.2, 5.1, 5.0, 5.3]), NB)
    assert ["◆" in line for line in lines[:12]] == [False] * 6 + [True] * 6


def test_where_no_chart_suits_no_signals_and_limits_are_drawn() -> None:
    rare = about([0.0] * 20 + [1.0] * 2, unit="antall")
    assert rare.barred
    assert not set("│┊▲◆■") & set("".join(text_chart(rare, NB)))


def test_a_limit_no_value_can_reach_is_not_drawn() -> None:
    low = [0.0, 1.0, 0.5, 3.0, 0.2, 2.0, 0.1, 1.0, 2.5, 0.4, 1.1, 0.3, 2.2]
    lines = text_chart(about(list(low)), NB)
    assert {line.count("┊") for line in lines[:13]} == {1}


def test_nothing_is_drawn_of_nothing() -> None:
    assert text_chart(about([]), NB) == text_chart(about([None, None]), NB) == ()


def test_what_never_varies_stands_in_the_middle() -> None:
    lines = text_chart(about([3.0] * 14), NB)
    assert len({line.index("•") for line in lines[:14]}) == 1


@given(
    values=st.lists(st.none() | st.floats(-1e15, 1e15).map(lambda it: round(it, 2)), max_size=80),
    width=st.integers(NARROWEST, 120),
    target=st.none() | st.floats(-1e15, 1e15),
    starts=st.lists(st.integers(0, 79), max_size=3),
    months=st.booleans(),
    lang=st.sampled_from(("nb", "nn", "en")),
)
def test_a_chart_is_never_wider_than_asked(
    *, values: list[Value], width: int, target: float | None, starts: list[int], months: bool, lang: str
) -> None:
    inside = tuple(start for start in starts if start < len(values))
    found = about(values, target=target, starts=inside, months=months)
    lines = text_chart(found, words(lang), width=width)
    assert all(len(line) <= width for line in lines)
    assert all(line == line.rstrip() for line in lines)
