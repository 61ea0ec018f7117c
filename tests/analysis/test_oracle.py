"""Our answers against those of NHSRplotthedots, and against its rules with other choices."""

from __future__ import annotations

import pytest

from hmsbook.analysis.runchart import run_chart
from tests.analysis.oracle import CASES, CORE, Case, labels, names, ours, point_type, rows_of

ALTERNATIVES = [case for case in CASES if "alt" in case and case["conformance"] == "core"]
FIGURES = {
    "start": "start",
    "end": "end",
    "mean": "mean",
    "upper": "upper",
    "lower": "lower",
    "near_upper": "near_upper",
    "near_lower": "near_lower",
    "mean_moving_range": "mr_mean",
}
RULES = {"outside": "outside", "trend": "trend", "two_in_three": "two_in_three", "one_side": "seven_one_side"}


def test_every_core_case_is_here() -> None:
    assert len(CASES) == 207
    assert len(CORE) == 184


@pytest.mark.parametrize("case", CORE, ids=names(CORE))
def test_core_cases_are_met_exactly(case: Case) -> None:
    result, expected = ours(case), case["expected"]
    assert labels(result) == expected["special_cause"]
    assert [point_type(point) for point in result.points] == expected["point_type"]
    assert {rule: rows_of(result, rule) for rule in RULES} == {
        rule: expected["rules"][name] for rule, name in RULES.items()
    }
    assert (result.variation, result.assurance) == (expected["variation"], expected["assurance"])
    for phase, wanted in zip(result.phases, expected["phases"], strict=True):
        found = {name: getattr(phase, name) for name in FIGURES}
        assert found == {name: pytest.approx(wanted[key], rel=1e-9) for name, key in FIGURES.items()}


@pytest.mark.parametrize("case", ALTERNATIVES, ids=names(ALTERNATIVES))
def test_two_in_three_of_2023(case: Case) -> None:
    result, wanted = ours(case, two_in_three="beyond"), case["alt"]["mdc2023_two_in_three"]
    changed = {
        str(row): label
        for row, (label, before) in enumerate(
            zip(labels(result), case["expected"]["special_cause"], strict=True)
        )
        if label != before
    }
    assert rows_of(result, "two_in_three") == wanted["points"]
    assert changed == wanted["special_cause_changes"]
    assert result.variation == wanted.get("variation", case["expected"]["variation"])


@pytest.mark.parametrize("case", ALTERNATIVES, ids=names(ALTERNATIVES))
def test_improvement_wins_where_rules_disagree(case: Case) -> None:
    result, peer = ours(case, conflict="improvement"), list(case["expected"]["point_type"])
    for conflict in case["alt"].get("conflicts", ()):
        peer[conflict["index"]] = conflict["improvement_wins"]
    assert [point_type(point) for point in result.points] == peer
    if wanted := case["alt"].get("improvement_wins_variation"):
        assert result.variation == wanted


@pytest.mark.parametrize("case", ALTERNATIVES, ids=names(ALTERNATIVES))
def test_a_target_on_a_limit_is_decided(case: Case) -> None:
    wanted = case["alt"].get("mdc_assurance_ge", case["expected"]["assurance"])
    assert ours(case, target_on_limit="decided").assurance == wanted


@pytest.mark.parametrize("case", ALTERNATIVES, ids=names(ALTERNATIVES))
def test_other_lengths(case: Case) -> None:
    for length, wanted in case["alt"].get("run_length", {}).items():
        result = ours(case, run_length=int(length))
        assert rows_of(result, "one_side") == sorted(wanted["above"] + wanted["below"])
    for length, wanted in case["alt"].get("trend_length", {}).items():
        result = ours(case, trend_length=int(length))
        assert rows_of(result, "trend") == sorted({*wanted["up"], *wanted["down"]})


@pytest.mark.parametrize("case", CASES, ids=names(CASES))
def test_run_charts_of_qicharts2(case: Case) -> None:
    for wanted in case["anhoej"]:
        run = run_chart(case["values"][wanted["start"] : wanted["end"]])
        assert (run.points, run.useful) == (wanted["n_obs"] - _missing(case, wanted), wanted["n_useful"])
        assert (run.longest_run, run.longest_allowed) == (wanted["longest_run"], wanted["longest_run_max"])
        assert (run.crossings, run.fewest_crossings) == (wanted["n_crossings"], wanted["n_crossings_min"])
        assert run.signal == wanted["runs_signal"]
        assert run.median == (wanted["median"] and pytest.approx(wanted["median"], rel=1e-9))


def _missing(case: Case, phase: dict[str, int]) -> int:
    return case["values"][phase["start"] : phase["end"]].count(None)
