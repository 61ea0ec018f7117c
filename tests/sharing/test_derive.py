"""What can be worked out: against known tables, and against trying every way there is."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hmsbook.sharing.derive import (
    MOST_EFFORT,
    Candidates,
    Component,
    Figure,
    Model,
    Part,
    Relation,
    View,
    examine,
    spread,
)
from hmsbook.sharing.hiding import hide, with_those_along
from tests.sharing.enumerated import masked, most_apart, worlds

# Investments by activity and region, the usual example of complementary suppression: Willenborg & de Waal
# 2001, Elements of Statistical Disclosure Control; Fischetti & Salazar 2000, Statistica Neerlandica 54.
INVESTMENTS = ((20, 50, 10, 80), (8, 19, 22, 49), (17, 32, 12, 61), (45, 101, 44, 190))
SENSITIVE = (1, 2)


def table(needs: int, low: int = 0, high: int = 190) -> Model:
    """The table with a part for each cell; each row and column adds up to its last cell."""
    cells = [(row, column) for row in range(4) for column in range(4)]
    place = {cell: number for number, cell in enumerate(cells)}
    figures = [
        Figure(INVESTMENTS[row][column], low, high, (place[row, column],), needs) for row, column in cells
    ]
    lines = [[(row, column) for column in range(4)] for row in range(4)]
    lines += [[(row, column) for row in range(4)] for column in range(4)]
    relations = [
        Relation.of([(place[cell], 1 if cell != line[-1] else -1) for cell in line], 0, 0) for line in lines
    ]
    return Model(figures, relations, [Part((("t", row, str(column)),), 1 + row) for row, column in cells])


def interval(model: Model, hidden: set[tuple[int, int]], cell: tuple[int, int]) -> tuple[int, int]:
    """The least and the most a hidden cell can be."""
    at = 4 * cell[0] + cell[1]
    view = View(model, {4 * row + column for row, column in hidden})
    programme = Component(view, at).programme
    least = programme.least(at)
    assert least is not None
    most = max(value for value in range(191) if programme.least(at, value))
    return least[at], most


def test_a_relation_has_whole_numbers_and_each_figure_once() -> None:
    terms = [(0, Fraction(1, 2)), (1, 1), (2, Fraction(1, 3)), (1, -1), (0, 1)]
    assert Relation.of(terms, Fraction(1, 6), None) == Relation(((0, 9), (2, 2)), 1, None)


def test_one_masked_cell_is_the_total_minus_the_rest() -> None:
    assert interval(table(5), {SENSITIVE}, SENSITIVE) == (22, 22)


def test_the_interval_is_the_one_in_the_literature() -> None:
    hidden = {(1, 0), (1, 2), (2, 0), (2, 2)}
    assert interval(table(5), hidden, SENSITIVE) == (5, 30)
    assert interval(table(5), hidden, (2, 2)) == (4, 29)
    assert interval(table(5), hidden, (1, 0)) == (0, 25)


def test_a_rectangle_is_hidden_and_no_more() -> None:
    model = table(5)
    hidden = hide(model, {4 * 1 + 2})
    assert len(hidden) == 4
    assert {part // 4 for part in hidden} == {0, 1}, "the cheapest other row"


@pytest.mark.parametrize(
    ("values", "apart", "count"), [((), 1, 0), ((3,), 2, 1), ((1, 2, 3, 4), 2, 2), ((5, 1, 3), 2, 3)]
)
def test_candidates_are_so_far_apart(values: tuple[int, ...], apart: int, count: int) -> None:
    assert spread(values, apart) == count == most_apart(values, apart)


@st.composite
def models(draw: st.DrawFn) -> tuple[Model, set[int]]:
    """A few small figures, relations that are true of them, and what is hidden first."""
    parts = draw(st.integers(2, 4))
    figures = draw(st.lists(_figures(parts), min_size=2, max_size=5))
    relations = draw(st.lists(_relations(figures, parts), min_size=1, max_size=4))
    along = [draw(st.sampled_from(((), (number - 1,)))) if number else () for number in range(parts)]
    found = [Part(((str(number), 0, ""),), draw(st.integers(1, 9)), along[number]) for number in range(parts)]
    hidden = draw(st.sets(st.integers(0, parts - 1), min_size=1, max_size=2))
    return Model(figures, relations, found), hidden


@st.composite
def _figures(draw: st.DrawFn, parts: int) -> Figure:
    low = draw(st.integers(0, 2))
    high = draw(st.integers(low + 1, 6))
    shown = draw(st.sets(st.integers(0, parts - 1), max_size=2))
    needs = draw(st.integers(2, 4)) if shown else 0
    return Figure(
        draw(st.integers(low, high)), low, high, tuple(sorted(shown)), needs, draw(st.integers(1, 2))
    )


@st.composite
def _relations(draw: st.DrawFn, figures: list[Figure], parts: int) -> Relation:
    terms = draw(
        st.lists(
            st.tuples(st.integers(0, len(figures) - 1), st.sampled_from((-2, -1, 1, 2))),
            min_size=1,
            max_size=3,
            unique_by=lambda term: term[0],
        )
    )
    total = sum(factor * (figures[at].true or 0) for at, factor in terms)
    low = draw(st.sampled_from((None, total, total - 1)))
    high = draw(st.sampled_from((total, total + 1) if low is None else (None, total, total + 2)))
    return Relation.of(terms, low, high, given=draw(st.sampled_from((None, None, *range(parts)))))


@given(models())
@settings(max_examples=300)
def test_a_figure_is_weak_just_when_too_few_values_are_possible(drawn: tuple[Model, set[int]]) -> None:
    model, first = drawn
    hidden = with_those_along(model, first)
    possible = worlds(model, hidden)
    for start in masked(model, hidden):
        found = Candidates(model)
        looked_at = examine(View(model, hidden), found, start)
        assert start in looked_at
        for at in looked_at:
            values = {world[at] for world in possible}
            count = most_apart(values, model.figures[at].apart)
            assert found.enough(at) == (count >= model.figures[at].needs)
            assert found.seen(at) <= values


@given(models(), st.sampled_from((0, 60, MOST_EFFORT)))
@settings(max_examples=400)
def test_after_hiding_no_masked_figure_has_too_few_candidates(
    drawn: tuple[Model, set[int]], effort: int
) -> None:
    model, first = drawn
    hidden = hide(model, first, effort)
    assert hidden >= first
    possible = worlds(model, hidden)
    for at in masked(model, hidden):
        count = most_apart({world[at] for world in possible}, model.figures[at].apart)
        assert count >= model.figures[at].needs or _nothing_more(model, at)


def _nothing_more(model: Model, at: int) -> bool:
    """Whether hiding everything gives the figure no more candidates than it needs."""
    everything = set(range(len(model.parts)))
    values = {world[at] for world in worlds(model, everything)}
    return most_apart(values, model.figures[at].apart) < model.figures[at].needs
