"""Before and after a measure, the advice to recalculate, and how often chance alone gives either."""

from __future__ import annotations

from random import Random

import pytest

from hmsbook.analysis.advice import recalculate
from hmsbook.analysis.effect import effect
from hmsbook.analysis.spc import MDC, NHS_R, analyse
from tests.analysis.simulate import Process

LOW = [4.0, 5.0, 6.0, 5.0, 4.0, 6.0, 5.0, 4.5, 5.5, 5.0, 4.0, 6.0, 5.0, 5.5]
HIGH = [value + 5 for value in LOW]


def share(process: Process, before: int, after: int, runs: int = 400) -> float:
    """The share of simulated measures for which a change is told."""
    random = Random(f"{process}{before}{after}")
    found = (effect(process.series(before + after, random), before, better="lower") for _ in range(runs))
    return sum(one.high is not None for one in found) / runs


@pytest.mark.parametrize(
    ("before", "after", "method"),
    [(5, 14, "none"), (14, 5, "none"), (6, 6, "run_chart"), (12, 14, "run_chart"), (13, 6, "control_chart")],
)
def test_points_on_each_side_decide_the_method(before: int, after: int, method: str) -> None:
    found = effect([*HIGH[:before], *LOW[:after]], before, better="lower")
    assert found.method == method
    assert found.kind == (None if method == "none" else "improvement")


def test_before_and_after() -> None:
    found = effect([*HIGH, *LOW], 14, better="lower")
    assert (found.kind, found.high, found.before, found.after) == ("improvement", False, 14, 14)
    assert found.change == pytest.approx(-5)
    assert effect([*HIGH, *LOW], 14, better="higher").kind == "concern"
    assert effect([*HIGH, *LOW], 14, better="neutral").kind == "neutral"
    assert effect([*LOW, *LOW], 14, better="lower").kind == "common_cause"


def test_timing_is_no_proof_and_other_events_are_named() -> None:
    values = [*HIGH, *LOW]
    assert effect(values, 14, better="lower").cautions == ("timing",)
    found = effect(values, 14, better="lower", events={"T02": 12, "H1": 27, "T09": 60})
    assert found.others == ("T02", "H1")
    assert found.cautions == ("timing", "other_events")


def test_other_phases_are_left_out() -> None:
    found = effect([*LOW, *HIGH, *LOW, *HIGH], 28, better="lower", phase_starts=[14, 28, 42])
    assert (found.start, found.end, found.kind) == (14, 42, "improvement")


def test_missing_months_are_not_points() -> None:
    assert effect([*HIGH[:5], None, *LOW], 6, better="lower").method == "none"
    assert effect([*HIGH[:6], None, *LOW], 7, better="lower").method == "run_chart"


def test_a_flat_line_before_is_read_as_a_run_chart() -> None:
    found = effect([9.0] * 14 + LOW, 14, better="lower")
    assert (found.method, found.kind) == ("run_chart", "improvement")


@pytest.mark.parametrize(
    ("before", "after"), [(6, 6), (8, 12), (12, 12), (13, 6), (13, 12), (24, 12), (24, 24)]
)
def test_chance_is_seldom_an_effect(before: int, after: int) -> None:
    assert share(Process(), before, after) <= 0.04


@pytest.mark.parametrize(
    ("before", "after", "least"), [(6, 6, 0.6), (12, 12, 0.85), (13, 6, 0.9), (24, 12, 0.97)]
)
def test_a_large_effect_is_mostly_told(before: int, after: int, least: float) -> None:
    assert share(Process(step=3, at=before), before, after) >= least


def test_a_few_odd_months_make_no_new_level() -> None:
    usual = [5.0, 6, 4, 5, 7, 5, 4, 6, 5, 5, 6, 4, 5, 6, 5, 4]
    assert recalculate(analyse([*usual, 13, 13, 14, 5, 4, 6, 5, 5, 6, 4], better="lower")) is None


def test_advice_to_recalculate() -> None:
    found = recalculate(analyse([*HIGH, *LOW[:13]], better="lower"))
    assert found is not None
    assert (found.start, found.since, found.high, found.kind) == (14, 12, False, "improvement")
    assert found.run == 13


def test_advice_waits_for_twelve_points_since_the_first() -> None:
    assert recalculate(analyse([*HIGH, *LOW[:12]], better="lower")) is None
    assert recalculate(analyse([*HIGH, *LOW[:12], None, None], better="lower")) is None


def test_advice_falls_with_a_run_back() -> None:
    assert recalculate(analyse([*HIGH, *LOW, *HIGH[:4]], better="lower")) is not None
    assert recalculate(analyse([*HIGH, *LOW, *HIGH[:8]], better="lower")) is None


def test_advice_is_about_the_newest_run() -> None:
    found = recalculate(analyse([*HIGH, *LOW, *HIGH], better="lower"))
    assert found is not None
    assert (found.start, found.kind) == (28, "concern")


def test_advice_after_recalculation_is_spent() -> None:
    assert recalculate(analyse([*HIGH, *LOW], better="lower", phase_starts=[14])) is None
    assert recalculate(analyse([], better="lower")) is None
    assert recalculate(analyse(LOW[:6], better="lower")) is None


@pytest.mark.parametrize("length", [24, 36, 60])
def test_a_stable_series_is_seldom_advised(length: int) -> None:
    random = Random(length)
    charts = [analyse(Process().series(length, random), better="lower") for _ in range(400)]
    assert sum(recalculate(chart) is not None for chart in charts) <= 12


@pytest.mark.parametrize("profile", [MDC, NHS_R])
def test_a_new_phase_from_the_advice_has_limits(profile: object) -> None:
    values = [*HIGH, *LOW[:13]]
    found = recalculate(analyse(values, better="lower", profile=profile))  # type: ignore[arg-type]
    assert found is not None
    again = analyse(values, better="lower", phase_starts=[found.start], profile=profile)  # type: ignore[arg-type]
    assert again.phases[-1].upper is not None
    assert again.variation == "common_cause"
