"""What holds for every series: direction, scale, phases, missing months, and exact arithmetic."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from hmsbook.analysis.runchart import run_chart
from hmsbook.analysis.spc import MDC, NHS_R, Profile, SpcResult, analyse
from tests.analysis.exact import exact_rules
from tests.analysis.oracle import labels, rows_of

# Tenths, few enough that ties, values on the mean and constant series come up.
TENTHS = st.one_of(st.integers(0, 8), st.integers(-400, 400), st.integers(100, 9999))
SERIES = st.one_of(
    st.lists(TENTHS, min_size=1, max_size=40),
    st.integers(2, 12).flatmap(lambda top: st.lists(st.integers(0, top), min_size=13, max_size=40)),
    st.lists(st.integers(-30, 40), min_size=7, max_size=30).map(
        lambda steps: [sum(steps[: n + 1]) for n in range(len(steps))]
    ),
)
GAPPY = SERIES.flatmap(
    lambda values: st.lists(st.integers(0, 9), min_size=len(values), max_size=len(values)).map(
        lambda lots: [None if lot == 0 else value for lot, value in zip(lots, values, strict=True)]
    )
)
PROFILES = st.builds(
    Profile.but,
    st.sampled_from([MDC, NHS_R]),
    screen=st.booleans(),
    two_in_three=st.sampled_from(["between", "beyond"]),
    conflict=st.sampled_from(["precedence", "improvement"]),
    run_length=st.integers(6, 9),
    trend_length=st.integers(5, 8),
)
STARTS = st.lists(st.integers(0, 39), max_size=2)
BETTER = st.sampled_from(["higher", "lower", "neutral"])
OTHER = {"higher": "lower", "lower": "higher", "neutral": "neutral"}
SWAPPED = {"improvement": "concern", "concern": "improvement"}


def tenths(values: list[int | None]) -> list[float | None]:
    """Tenths as people type them."""
    return [None if value is None else value / 10 for value in values]


def within(starts: list[int], values: list[Any]) -> list[int]:
    return [start for start in starts if start < len(values)]


def signs(result: SpcResult) -> list[set[tuple[str, int]]]:
    """Rules at each row with the sign of the one shown."""
    return [{(point.rule, 1 if point.high else -1)} if point.rule else set() for point in result.points]


@given(GAPPY, STARTS, st.one_of(st.none(), st.integers(12, 30)), PROFILES, BETTER)
def test_rules_fire_as_in_exact_arithmetic(
    values: Any, starts: Any, baseline: Any, profile: Any, better: Any
) -> None:
    starts = within(starts, values)
    exact = exact_rules(values, starts, baseline, profile)
    result = analyse(tenths(values), better=better, phase_starts=starts, baseline=baseline, profile=profile)
    assert [point.rules for point in result.points] == [{rule for rule, _ in row} for row in exact]
    assert all(shown <= row for shown, row in zip(signs(result), exact, strict=True))


@given(GAPPY, STARTS, PROFILES, st.integers(-100, 600))
def test_the_other_direction_swaps_improvement_and_concern(
    values: Any, starts: Any, profile: Any, target: int
) -> None:
    profile = profile.but(conflict="precedence")
    starts = within(starts, values)
    up, down = (
        analyse(tenths(values), better=better, target=target / 10, phase_starts=starts, profile=profile)
        for better in ("higher", "lower")
    )
    assert [SWAPPED.get(point.kind, point.kind) for point in up.points] == [
        point.kind for point in down.points
    ]
    assert labels(up) == labels(down)
    assert {"pass": "fail", "fail": "pass"}.get(up.assurance or "", up.assurance) == down.assurance


@given(GAPPY, PROFILES, BETTER, st.integers(-100, 600))
def test_a_mirrored_series_tells_the_same_story(values: Any, profile: Any, better: Any, target: int) -> None:
    mirrored = [None if value is None else -value for value in values]
    one = analyse(tenths(values), better=better, target=target / 10, profile=profile)
    other = analyse(tenths(mirrored), better=OTHER[better], target=-target / 10, profile=profile)
    assert [(point.rules, point.kind) for point in one.points] == [
        (point.rules, point.kind) for point in other.points
    ]
    assert one.assurance == other.assurance


@given(
    GAPPY, STARTS, PROFILES, BETTER, st.tuples(st.sampled_from([0.001, 0.5, 3, 1000]), st.integers(-50, 1000))
)
def test_scale_and_shift_change_no_label(
    values: Any, starts: Any, profile: Any, better: Any, move: Any
) -> None:
    starts = within(starts, values)
    scale, shift = move
    moved = [None if value is None else value * scale + shift for value in tenths(values)]
    one = analyse(tenths(values), better=better, phase_starts=starts, profile=profile)
    other = analyse(moved, better=better, phase_starts=starts, profile=profile)
    assert one.points == other.points
    assert one.variation == other.variation


@given(GAPPY, GAPPY, GAPPY, PROFILES, BETTER)
def test_a_phase_never_sees_anothers_points(
    first: Any, second: Any, third: Any, profile: Any, better: Any
) -> None:
    bounds = [0, len(first), len(first) + len(second)]
    whole = analyse(tenths([*first, *second, *third]), better=better, phase_starts=bounds, profile=profile)
    for rows, start, phase in zip((first, second, third), bounds, whole.phases, strict=True):
        alone = analyse(tenths(rows), better=better, profile=profile)
        assert whole.points[start : start + len(rows)] == alone.points
        assert (phase.mean, phase.upper, phase.lower) == (
            alone.phases[0].mean,
            alone.phases[0].upper,
            alone.phases[0].lower,
        )


@given(GAPPY, st.integers(1, 4), st.integers(1, 4), PROFILES, BETTER)
def test_months_missing_outside_the_series_change_nothing(
    values: Any, before: int, after: int, profile: Any, better: Any
) -> None:
    alone = analyse(tenths(values), better=better, target=5, profile=profile)
    longer = analyse(
        [None] * before + tenths(values) + [None] * after, better=better, target=5, profile=profile
    )
    assert longer.points[before:-after] == alone.points
    assert (longer.variation, longer.assurance) == (alone.variation, alone.assurance)
    assert longer.last_missing


@given(SERIES, st.integers(0, 40), PROFILES)
def test_a_month_missing_inside_breaks_only_patterns_across_it(values: Any, gap: int, profile: Any) -> None:
    assume(0 < gap < len(values))
    whole = analyse(tenths(values), better="higher", profile=profile)
    broken = analyse(tenths([*values[:gap], None, *values[gap:]]), better="higher", profile=profile)
    assume(whole.phases[0].without is None and broken.phases[0].without is None)
    pieces = [
        analyse(tenths(part), better="higher", profile=profile.but(minimum_points=2))
        for part in (values[:gap], values[gap:])
    ]
    trends = rows_of(pieces[0], "trend") + [row + gap + 1 for row in rows_of(pieces[1], "trend")]
    assert rows_of(broken, "trend") == [row for row in trends if _limits(pieces, row, gap)]
    assert broken.points[gap].rules == frozenset()


def _limits(pieces: list[SpcResult], row: int, gap: int) -> bool:
    return pieces[row > gap].phases[0].without is None


@given(GAPPY)
def test_run_charts_leave_missing_months_out(values: Any) -> None:
    have = [value for value in values if value is not None]
    assert run_chart(tenths(values)) == run_chart(tenths(have))


@given(GAPPY, st.integers(-100, 600), BETTER)
def test_the_icon_is_the_last_point(values: Any, target: int, better: Any) -> None:
    result = analyse(tenths(values), better=better, target=target / 10)
    if result.variation is not None and result.last is not None:
        assert result.variation.startswith(result.points[result.last].kind)
    if result.variation is None:
        assert result.assurance is None
