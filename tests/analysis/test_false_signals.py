"""The table of false signals against a small simulation, and against the one it was compared with."""

from __future__ import annotations

from random import Random

import pytest

from hmsbook.analysis.false_signals import expected_false_signals
from hmsbook.analysis.spc import MDC, NHS_R, Profile, analyse
from tests.analysis.simulate import Process

SIX = MDC.but(run_length=6, trend_length=6)
EIGHT = MDC.but(run_length=8)


@pytest.mark.parametrize("profile", [MDC, SIX, EIGHT, NHS_R], ids=["mdc", "six", "eight", "nhs_r"])
@pytest.mark.parametrize("length", [13, 24, 30])
def test_simulated_again_in_small(profile: Profile, length: int) -> None:
    """1,000 series: 3.5 standard errors of the share are allowed."""
    random, runs = Random(length), 1000
    charts = [
        analyse(Process().series(length, random), better="neutral", profile=profile) for _ in range(runs)
    ]
    table = expected_false_signals([length], profile)
    assert table is not None
    for found, share in (
        (sum(any(point.rules for point in chart.points) for chart in charts), table.somewhere),
        (sum(bool(chart.points[-1].rules) for chart in charts), table.at_last),
    ):
        assert abs(found / runs - share) <= 3.5 * (share * (1 - share) / runs) ** 0.5 + 0.003


def test_the_peers_rules_give_what_an_earlier_simulation_gave() -> None:
    """8.1, 18.4, 29.6 and 46.6 % of charts with 13, 24, 36 and 60 points, 20,000 series each."""
    for length, share in ((13, 0.081), (24, 0.184), (36, 0.296), (60, 0.466)):
        table = expected_false_signals([length], NHS_R)
        assert table is not None
        assert table.somewhere == pytest.approx(share, abs=0.01)


def test_thirty_indicators_with_two_years() -> None:
    table = expected_false_signals([24] * 30)
    assert table is not None
    assert table.charts == 30
    assert table.somewhere == pytest.approx(4.6, abs=0.1)
    assert table.at_last == pytest.approx(0.41, abs=0.02)


def test_charts_without_limits_give_none() -> None:
    table = expected_false_signals([5, 12, 12])
    assert table is not None
    assert (table.charts, table.somewhere, table.at_last) == (0, 0, 0)


def test_more_points_give_more() -> None:
    shares = [expected_false_signals([length]) for length in range(13, 200)]
    somewhere = [share.somewhere for share in shares if share]
    assert somewhere == sorted(somewhere)
    assert all(share.at_last < 0.02 for share in shares if share)
    assert somewhere[-1] < 1


def test_a_profile_that_was_not_simulated_is_unknown() -> None:
    assert expected_false_signals([24], MDC.but(run_length=9)) is None
