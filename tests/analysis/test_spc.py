"""Known figures, the profile of the product, targets, and what is refused."""

from __future__ import annotations

import time
from random import Random
from typing import Any

import pytest

from hmsbook.analysis.profile import Profile
from hmsbook.analysis.spc import MDC, NHS_R, analyse, meets
from hmsbook.errors import UsageError

STEADY = [5.0, 7.0, 6.0, 8.0, 5.0, 7.0, 6.0, 8.0, 5.0, 7.0, 6.0, 8.0, 5.0, 7.0]


def test_known_limits_by_hand() -> None:
    """Mean 6, ranges 2, 1, 2: mean range 5/3, 2.66 times that is 4.4333 (Wheeler 1993)."""
    phase = analyse([5, 7, 6, 8, 4], better="lower", profile=NHS_R.but(screen=False)).phases[0]
    assert phase.mean == pytest.approx(6)
    assert phase.mean_moving_range == pytest.approx(9 / 4)
    assert phase.upper == pytest.approx(6 + 2.66 * 9 / 4)
    assert phase.near_lower == pytest.approx(6 - 2.66 * 9 / 4 * 2 / 3)


def test_limits_of_a_textbook_series() -> None:
    """Viscosity of primer paint, from Montgomery, «Introduction to Statistical Quality Control»."""
    batches = "33.75 33.05 34 33.81 33.46 34.02 33.68 33.27 33.49 33.2 33.62 33 33.54 33.12 33.84"
    phase = analyse(map(float, batches.split()), better="neutral").phases[0]
    assert (round(phase.mean or 0, 2), round(phase.mean_moving_range or 0, 2)) == (33.52, 0.48)
    assert (round(phase.upper or 0, 2), round(phase.lower or 0, 2)) == (34.8, 32.24)


def test_limits_come_with_thirteen_values() -> None:
    twelve, thirteen = (analyse(STEADY[:count], better="lower", target=20) for count in (12, 13))
    assert (twelve.variation, twelve.assurance, twelve.phases[0].without) == (None, None, "too_few")
    assert (thirteen.variation, thirteen.assurance) == ("common_cause", "pass")


def test_missing_values_are_not_counted_as_points() -> None:
    result = analyse([*STEADY[:12], None, None], better="lower")
    assert (result.phases[0].present, result.phases[0].without) == (12, "too_few")


@pytest.mark.parametrize("profile", [MDC, NHS_R])
@pytest.mark.parametrize(
    ("better", "target", "expected"),
    [
        ("higher", 100, "fail"),
        ("higher", -100, "pass"),
        ("lower", 100, "pass"),
        ("lower", -100, "fail"),
        ("lower", 6, "inconsistent"),
        ("neutral", 100, None),
        ("lower", None, None),
    ],
)
def test_assurance(profile: Profile, better: str, target: float | None, expected: str | None) -> None:
    assert analyse(STEADY, better=better, target=target, profile=profile).assurance == expected


def test_equal_meets_the_target_whatever_the_arithmetic() -> None:
    assert 7 / 100 * 100 > 7
    assert meets(7 / 100 * 100, 7, "lower")
    assert meets(0.1 + 0.2, 0.3, "lower")
    assert not meets(3.96, 4.0, "higher")
    assert not meets(4.0000001, 4.0, "lower")
    assert meets(5, 4, "neutral") is None
    assert meets(5, None, "lower") is None


def test_baseline_sets_the_limits_of_each_phase() -> None:
    values = [*STEADY, *(value + 20 for value in STEADY)]
    result = analyse(values, better="lower", baseline=14)
    assert result.phases[0].mean == analyse(STEADY, better="lower").phases[0].mean
    assert result.variation == "concern_high"
    assert result.points[-1].label == "Above UCL"


def test_labels_follow_the_chosen_lengths() -> None:
    falling = [*STEADY, 6.9, 6.6, 6.3, 6.0, 5.7, 5.4]
    result = analyse(falling, better="lower", profile=MDC.but(trend_length=6))
    assert result.points[-1].label == "6 Point Trend (Decreasing)"
    assert (result.points[-1].kind, result.points[-1].high) == ("improvement", False)


def test_nothing_in_nothing_out() -> None:
    result = analyse([], better="lower", target=4)
    assert (result.phases, result.points, result.variation, result.assurance) == ((), (), None, None)
    assert not result.last_missing


@pytest.mark.parametrize(
    "wrong",
    [
        {"better": "up"},
        {"phase_starts": [-1]},
        {"phase_starts": [14]},
        {"baseline": 11},
        {"target": float("nan")},
        {"values": [1.0, float("inf")]},
        {"profile": MDC.but(conflict="loudest")},
        {"profile": MDC.but(run_length=1)},
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    arguments = {"values": STEADY, "better": "lower", **wrong}
    with pytest.raises(UsageError) as caught:
        analyse(arguments.pop("values"), **arguments)
    assert caught.value.key == "bad_analysis"


def test_results_are_frozen() -> None:
    result = analyse(STEADY, better="lower")
    for part, field in (
        (result, "variation"),
        (result.phases[0], "mean"),
        (result.points[0], "kind"),
        (MDC, "screen"),
    ):
        with pytest.raises(AttributeError, match="cannot assign"):
            setattr(part, field, None)


def test_a_whole_workbook_takes_no_time() -> None:
    random = Random(24)
    series = [[random.gauss(50, 5) for _ in range(240)] for _ in range(24)]
    times = []
    for _ in range(7):
        started = time.process_time()
        for values in series:
            analyse(values, better="lower", target=45)
        times.append(time.process_time() - started)
    assert min(times) < 0.05
