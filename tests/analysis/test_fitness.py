"""When a control chart does not suit a series, and how often that is said of one it suits."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from math import exp
from random import Random

import pytest

from hmsbook.analysis.fitness import REASONS, Unfit, fitness
from hmsbook.analysis.season import STRONG, deviate, year_on_year
from hmsbook.analysis.spc import SpcResult, analyse
from tests.analysis.simulate import Process

STEADY = [Process().series(36, Random(seed)) for seed in range(40)]


def chart(values: list[float | None] | list[float], **options: object) -> SpcResult:
    return analyse(values, better="lower", **options)  # type: ignore[arg-type]


def keys(found: tuple[Unfit, ...]) -> list[str]:
    return [reason.key for reason in found]


def weights(found: tuple[Unfit, ...]) -> list[tuple[str, str]]:
    return [(reason.key, reason.weight) for reason in found]


def share(process: Process, length: int, key: str, runs: int = 300) -> float:
    """The share of simulated series for which a reason is given."""
    random = Random(f"{process}{length}")
    return sum(key in keys(fitness(chart(process.series(length, random)))) for _ in range(runs)) / runs


@pytest.mark.parametrize("length", [24, 36, 60])
@pytest.mark.parametrize("key", ["season", "autocorrelation"])
def test_little_is_found_where_nothing_is(key: str, length: int) -> None:
    assert share(Process(), length, key) <= 0.04


@pytest.mark.parametrize(
    "process",
    [
        Process(step=2, at=18),
        Process(step=3, at=24),
        Process(step=2, at=28),
        Process(rise=0.1),
        Process(rise=-0.2),
    ],
)
@pytest.mark.parametrize("key", ["season", "autocorrelation"])
def test_a_real_change_is_neither_season_nor_autocorrelation(key: str, process: Process) -> None:
    assert share(process, 36, key) <= 0.06


@pytest.mark.parametrize("correlation", [0.3, 0.6, 0.8])
def test_autocorrelation_is_no_season(correlation: float) -> None:
    assert share(Process(correlation=correlation), 36, "season") <= 0.04


@pytest.mark.parametrize(("length", "season", "least"), [(24, 3, 0.85), (36, 2, 0.9), (60, 1.5, 0.95)])
def test_a_strong_season_is_found(length: int, season: float, least: float) -> None:
    assert share(Process(season=season), length, "season") >= least


@pytest.mark.parametrize(("length", "correlation", "least"), [(36, 0.6, 0.6), (36, 0.8, 0.8), (60, 0.6, 0.9)])
def test_autocorrelation_is_found(length: int, correlation: float, least: float) -> None:
    assert share(Process(correlation=correlation), length, "autocorrelation") >= least


def test_a_perfect_season_is_found_and_two_years_are_needed() -> None:
    year = [3.0, 4, 5, 6, 7, 8, 9, 8, 7, 6, 5, 4]
    assert "season" in keys(fitness(chart(year * 2)))
    assert "season" not in keys(fitness(chart([*year, *year[:11]])))
    assert "season" not in keys(fitness(chart(year * 2), period=None))


def test_a_season_survives_missing_months() -> None:
    values: list[float | None] = list(Process(season=3).series(48, Random(5)))
    for row in (3, 17, 30):
        values[row] = None
    assert "season" in keys(fitness(chart(values)))


def test_a_quarterly_season_needs_points_enough_to_tell() -> None:
    quarters = [5.0, 9, 6, 2]
    noise = Random(4)
    values = [value + noise.gauss(0, 0.5) for value in quarters * 4]
    assert "season" in keys(fitness(chart(values), period=4))
    assert "season" not in keys(fitness(chart(values[:10]), period=4))


def test_a_new_level_after_recalculation_is_no_autocorrelation() -> None:
    random = Random(9)
    values = [random.gauss(level, 1) for level in (5, 9, 5) for _ in range(14)]
    assert keys(fitness(chart(values, phase_starts=[14, 28]))) == []


@pytest.mark.parametrize(
    ("above", "below", "upper_five_percent"),
    [(11, 12, 2.717), (3, 10, 3.708), (11, 47, 1.998), (1, 10, 4.965)],
)
def test_paulson_against_the_table_of_f(above: int, below: int, upper_five_percent: float) -> None:
    """Upper 5 % points of F, as tables print them; the normal one is 1.645."""
    assert deviate(upper_five_percent, above, below) == pytest.approx(1.645, abs=0.03)


def test_the_bounds_are_those_stated() -> None:
    found = fitness(chart(Process(season=3).series(48, Random(5))))[0]
    assert (found.key, found.bound, found.weight) == ("season", STRONG, "no_verdict")
    assert found.found is not None
    assert found.found > STRONG


FEW = [0.0, 1, 0, 0, 2, 0, 1, 0, 0, 1, 0, 3, 0, 0]


@pytest.mark.parametrize(
    ("mean", "found"),
    [
        (13 / 14, [("rare_counts", "no_verdict")]),
        (14 / 14, [("rare_counts", "caution")]),
        (41 / 14, [("rare_counts", "caution")]),
        (42 / 14, []),
    ],
)
def test_rare_counts_at_each_side_of_each_bound(mean: float, found: list[tuple[str, str]]) -> None:
    """Fourteen counts with a given mean and a zero among them, which the last one brings to it."""
    values = [0.0, *([2.0, 4.0] * 6 if mean > 2 else FEW[:12])]
    values.append(round(mean * 14) - sum(values))
    assert weights(fitness(chart(values))) == found


def test_what_counts_are_is_told_or_guessed_by_their_zeros() -> None:
    assert fitness(chart(FEW))[0].found == pytest.approx(8 / 14)
    assert keys(fitness(chart([value + 4 for value in FEW]))) == []
    assert keys(fitness(chart([value + 1 for value in FEW]))) == []
    assert weights(fitness(chart([value + 1 for value in FEW]), count=True)) == [("rare_counts", "caution")]
    assert weights(fitness(chart([0.0] * 14))) == [("rare_counts", "no_verdict")]


@pytest.mark.parametrize(
    ("zeros", "found"),
    [
        (4, []),
        (5, [("rare_counts", "caution")]),
        (8, [("rare_counts", "caution")]),
        (9, [("rare_counts", "no_verdict")]),
    ],
)
def test_rates_at_each_side_of_each_bound(zeros: int, found: list[tuple[str, str]]) -> None:
    """Sixteen rates of which so many are zeros, spread among the others."""
    rates = [3.4, 4.1, 6.8, 5.2, 3.3, 7.1, 3.2, 4.4, 3.9, 5.7, 6.1, 4.8, 3.6, 5.5, 4.2, 6.4]
    spots = {5 * row % 16 for row in range(zeros)}
    assert weights(fitness(chart([0.0 if row in spots else rate for row, rate in enumerate(rates)]))) == found


@pytest.mark.parametrize(("seed", "weight"), [(29, "caution"), (3, "no_verdict")])
def test_neighbours_that_resemble_each_other_bar_a_verdict_from_a_half_on(seed: int, weight: str) -> None:
    """Series drawn with correlations found of 0.490 and 0.501."""
    values = Process(correlation={29: 0.6, 3: 0.7}[seed]).series(60, Random(seed))
    found = fitness(chart(values))
    assert found[0].found == pytest.approx(0.5, abs=0.011)
    assert weights(found) == [("autocorrelation", weight)]


def test_a_handful_of_events_has_neither_season_nor_resembling_neighbours() -> None:
    few = [*[0.0] * 9, *[1.0] * 3, *[0.0] * 4, *[1.0] * 13, 0.0]
    assert weights(fitness(chart(few))) == [("rare_counts", "no_verdict")]
    assert keys(fitness(chart([value + 4 for value in few]))) == ["autocorrelation"]


def poisson(mean: float, random: Random) -> float:
    """A count with a mean (Knuth 1969)."""
    count, product_, least = -1.0, 1.0, exp(-mean)
    while product_ > least:
        product_ *= random.random()
        count += 1
    return count


def falsely(draw: Callable[[Random], list[float]], runs: int = 400) -> float:
    """The share of stable series with a signal at the last value."""
    ends = (chart(draw(Random(seed))).variation for seed in range(runs))
    return sum(end != "common_cause" for end in ends) / runs


@pytest.mark.parametrize(
    ("correlation", "least", "most"),
    [(0.0, 0.0, 0.03), (0.3, 0.03, 0.1), (0.5, 0.09, 0.2), (0.6, 0.14, 0.27)],
)
def test_false_signals_of_neighbours_that_resemble_each_other(
    correlation: float, least: float, most: float
) -> None:
    """What docs/deviations.md says of them: 2, 7, 15 and 21 %."""
    assert least <= falsely(lambda random: Process(correlation).series(36, random)) <= most


@pytest.mark.parametrize(
    ("mean", "least", "most"), [(2, 0.0, 0.07), (0.5, 0.03, 0.11), (0.3, 0.12, 0.25), (0.1, 0.45, 0.7)]
)
def test_false_signals_of_rare_counts(mean: float, least: float, most: float) -> None:
    """What docs/deviations.md says of them: 3, 7, 18 and 57 %."""
    assert least <= falsely(lambda random: [poisson(mean, random) for _ in range(36)]) <= most


def test_a_mean_score_is_no_count() -> None:
    assert keys(fitness(chart([-3.0, -2, -5, -3, -2, -4, -3, -2, -3, -4, -2, -3, -5, -2]))) == []


def test_shares_near_their_bounds() -> None:
    near = [98.0, 100, 97, 99, 96, 100, 98, 99, 97, 100, 98, 96, 99, 100]
    assert keys(fitness(chart(near), bounds=(0, 100))) == ["near_bounds"]
    assert keys(fitness(chart([100 - value for value in near]), bounds=(0, 100))) == ["near_bounds"]
    assert keys(fitness(chart(near))) == []
    assert keys(fitness(chart([value - 50 for value in near]), bounds=(0, 100))) == []


def test_rolling_figures_say_nothing_more() -> None:
    random = Random(3)
    months = [random.gauss(5, 1) for _ in range(60)]
    rolling = [sum(months[row - 12 : row]) / 12 for row in range(12, 60)]
    assert keys(fitness(chart(rolling), rolling=True)) == ["rolling"]
    assert "autocorrelation" in keys(fitness(chart(rolling)))


def test_small_denominators() -> None:
    values = [50.0, 40, 60, 45, 55, 50, 40, 60, 45, 55, 50, 60, 40, 50]
    assert keys(fitness(chart(values), denominators=[12.0] * 13 + [4.0])) == ["small_denominator"]
    assert keys(fitness(chart(values), denominators=[12.0] * 14)) == []
    assert keys(fitness(chart(values), denominators=[12.0] * 14, smallest=15)) == ["small_denominator"]


@pytest.mark.parametrize("flip", [False, True])
def test_shares_of_few_cases(flip: bool) -> None:
    """A quarter of 20 is just enough, on whichever side; a mean score of the same height is no share."""
    values = [24.0, 26, 25, 27, 23, 25, 25] * 2
    values = [100 - value for value in values] if flip else values
    assert weights(fitness(chart(values), denominators=[19.0] * 14, bounds=(0, 100))) == [
        ("few_cases", "caution")
    ]
    assert keys(fitness(chart(values), denominators=[20.0] * 14, bounds=(0, 100))) == []
    assert keys(fitness(chart(values), denominators=[19.0] * 14, bounds=(0, 101))) == []
    assert keys(fitness(chart(values), denominators=[19.0] * 14)) == []


def test_a_group_too_small_is_not_told_of_as_few_cases_too() -> None:
    values = [24.0, 26, 25, 27, 23, 25, 25] * 2
    found = fitness(chart(values), denominators=[19.0] * 13 + [4.0], bounds=(0, 100))
    assert weights(found) == [("small_denominator", "caution")]


def test_only_the_newest_phase_has_small_denominators() -> None:
    values = [50.0, 40, 60, 45, 55, 50, 40, 60] * 4
    result = chart(values, phase_starts=[16])
    assert keys(fitness(result, denominators=[3.0] * 16 + [30.0] * 16)) == []
    assert keys(fitness(result, denominators=[30.0] * 16 + [3.0] * 16)) == ["small_denominator"]


def test_constant_and_straight_series_are_not_correlated() -> None:
    assert keys(fitness(chart([5.1] * 40))) == []
    assert keys(fitness(chart([5 + 0.1 * row for row in range(40)]))) == []
    assert fitness(chart([])) == ()
    assert keys(fitness(chart([1.0, 2.0]), rolling=True)) == ["rolling"]


def test_no_reason_is_without_a_weight() -> None:
    assert set(REASONS.values()) == {"no_verdict", "caution"}
    assert len(REASONS) == 7


def test_year_on_year() -> None:
    values: list[float | None] = [float(row) for row in range(12)] + [row - 1.0 for row in range(12)]
    values[15] = None
    values[20] = 30
    assert year_on_year([*values, None], 12) == year_on_year(values, 12)
    found = year_on_year(values, 12)
    assert (found.change, found.higher, found.lower, found.compared) == (-1, 1, 10, 11)
    assert year_on_year(values[:12], 12).change is None
    assert year_on_year([], 12).compared == 0


def test_equal_values_are_neither_higher_nor_lower() -> None:
    assert [year_on_year(list(pair), 1).compared for pair in product([0.3], [0.1 + 0.2])] == [1]
    assert year_on_year([0.3, 0.1 + 0.2], 1).higher == 0
