"""Where the peer's answer is not sensible: ours, as docs/deviations.md has it."""

from __future__ import annotations

import pytest

from hmsbook.analysis.spc import MDC, NHS_R, analyse
from tests.analysis.oracle import QUIRKS, Case, labels, names, ours

GAPS = [
    case
    for case in QUIRKS.values()
    if "missing_as_is" in case["quirks"] and any(value is not None for value in case["values"])
]
WITHOUT = {
    "c396": ("too_few", None),
    "c422": ("no_limits", None),
    "c431": ("no_variation", "common_cause"),
    "c432": ("no_variation", "common_cause"),
    "c435": ("no_variation", "common_cause"),
    "c437": ("no_limits", None),
    "c533": ("too_few", None),
}


def test_every_quirk_has_its_test() -> None:
    here = {case["id"] for case in GAPS} | WITHOUT.keys() | {"c278", "c281"}
    assert here == QUIRKS.keys()


@pytest.mark.parametrize(("key", "why", "variation"), [(key, *rest) for key, rest in WITHOUT.items()])
def test_no_limits_no_signals_no_assurance(key: str, why: str, variation: str | None) -> None:
    result = ours(QUIRKS[key])
    phase = result.phases[-1]
    assert (phase.without, phase.upper, phase.lower, phase.near_upper, phase.near_lower) == (why, *[None] * 4)
    assert (result.variation, result.assurance) == (variation, None)
    assert not any(point.rules for point in result.points[phase.start : phase.end])


@pytest.mark.parametrize("case", GAPS, ids=names(GAPS))
def test_a_gap_stays_and_breaks_patterns(case: Case) -> None:
    wanted = case["expected"] if case["expected"]["status"] == "ok" else case["derived_gap_breaks"]
    result = ours(case)
    assert labels(result) == wanted["special_cause"]
    assert result.assurance == wanted["assurance"]
    assert result.phases[-1].upper == pytest.approx(wanted["upper"], rel=1e-9)


@pytest.mark.parametrize("case", GAPS, ids=names(GAPS))
def test_the_last_value_present_decides_the_icon(case: Case) -> None:
    result = ours(case)
    assert result.last_missing == (case["values"][-1] is None)
    assert result.last is not None
    point = result.points[result.last]
    side = {None: "", True: "_high", False: "_low"}[point.high]
    assert result.variation == point.kind + side


def test_a_missing_last_month_hides_no_concern() -> None:
    peer = QUIRKS["c493"]["expected"]["variation"]
    assert (peer, ours(QUIRKS["c493"]).variation) == ("common_cause", "neutral_low")


def test_a_point_before_a_plateau_belongs_to_its_own_trend() -> None:
    case = QUIRKS["c281"]
    differs = [
        row
        for row, (ours_, peer) in enumerate(
            zip(labels(ours(case)), case["expected"]["special_cause"], strict=True)
        )
        if ours_ != peer
    ]
    assert differs == [11]
    assert labels(ours(case))[11] == "7 Point Trend (Increasing)"
    assert labels(ours(QUIRKS["c278"])) == QUIRKS["c278"]["expected"]["special_cause"]


@pytest.mark.parametrize("profile", [MDC, NHS_R])
def test_a_flat_baseline_gives_no_limits(profile: object) -> None:
    result = analyse([5.0] * 12 + [7.0] * 12, better="lower", baseline=12, profile=profile)  # type: ignore[arg-type]
    assert result.phases[0].without == "no_limits"
    assert result.variation is None
