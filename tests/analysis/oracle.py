"""The cases of data/spc_cases.json, and our answer in their words."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from hmsbook.analysis.spc import NHS_R, Point, Profile, SpcResult, analyse

Case = dict[str, Any]

CASES: list[Case] = json.loads((Path(__file__).parent / "data" / "spc_cases.json").read_text("utf-8"))[
    "cases"
]
CORE = [case for case in CASES if case["conformance"] == "core"]
QUIRKS = {case["id"]: case for case in CASES if case["conformance"] == "quirk"}
BETTER = {"increase": "higher", "decrease": "lower", "neutral": "neutral"}


def names(cases: Iterable[Case]) -> list[str]:
    """Names of tests, one a case."""
    return [f"{case['id']}-{case['name']}" for case in cases]


def ours(case: Case, **changes: Any) -> SpcResult:
    """Our answer to a case with the peer's profile, or with some of its choices changed."""
    profile: Profile = NHS_R.but(screen=case["options"]["screen_outliers"], **changes)
    return analyse(
        case["values"],
        better=BETTER[case["improvement_direction"]],
        target=case["target"],
        phase_starts=case["rebase"],
        baseline=case["fix_after_n"],
        profile=profile,
    )


def point_type(point: Point) -> str:
    """A point's kind in the words of the cases."""
    side = {True: "_high", False: "_low"}.get(point.high, "") if point.kind == "neutral" else ""  # type: ignore[arg-type]
    return point.kind if point.rule is None else f"special_cause_{point.kind}{side}"


def rows_of(result: SpcResult, rule: str) -> list[int]:
    """The rows where a rule fires."""
    return [row for row, point in enumerate(result.points) if rule in point.rules]


def labels(result: SpcResult) -> list[str]:
    """The label of each point."""
    return [point.label for point in result.points]
