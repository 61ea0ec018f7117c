"""What `hmsbook analyse --json` answers: keys that never change, and figures as they were computed."""

from __future__ import annotations

from typing import Any

from hmsbook.actions.analyse import Analysed, Said
from hmsbook.analysis.assessment import Assessment
from hmsbook.analysis.spc import Phase


def analysed_json(found: Analysed) -> dict[str, Any]:
    """What was found, for programs: one series, or a workbook's indicators in a list."""
    every = [said_json(said) for said in found.found]
    return {"path": found.path, **({"indicators": every} if found.listed else every[0])}


def said_json(said: Said) -> dict[str, Any]:
    """What one series says; no limits, rules or labels where none may be shown."""
    about = said.assessment
    indicator, verdict = about.indicator, about.verdict
    return {
        "id": indicator.id or None,
        "name": indicator.name,
        "unit": indicator.unit,
        "frequency": indicator.frequency,
        "better": about.chart.better,
        "sentence": said.sentence,
        "next_step": {"key": said.next_step, "text": said.next_text},
        "explanation": list(said.explained),
        "method": about.method,
        "variation": about.kind,
        "direction": _direction(verdict.high if about.is_signal else None),
        "signal": _signal(about),
        "target": about.chart.target,
        "assurance": about.assurance,
        "last_meets_target": about.meets_target,
        "values": sum(value is not None for value in about.chart.values),
        "missing": _months(about, about.missing),
        "median": verdict.run.median if about.method == "run_chart" and verdict.run else None,
        "unfit": [
            {"key": it.key, "weight": it.weight, "found": it.found, "bound": it.bound} for it in about.unfit
        ],
        "advice": _advice(about),
        "phases": [_phase(about, phase) for phase in about.chart.phases],
        "points": [_point(about, row) for row in range(len(about.chart.values))],
    }


def _direction(high: bool | None) -> str | None:
    return None if high is None else "high" if high else "low"


def _signal(about: Assessment) -> dict[str, Any] | None:
    """The points that the newest value's signal is made of."""
    pattern = about.verdict.pattern
    span = _months(about, about.span)
    return span and {**span, "rule": pattern.rule if pattern else "median"}


def _months(about: Assessment, span: tuple[int, int] | None) -> dict[str, Any] | None:
    """First and last point of a span, by number and month."""
    if span is None:
        return None
    first, last = span
    return {
        "from": first + 1,
        "to": last + 1,
        "from_month": _month(about, first),
        "to_month": _month(about, last),
    }


def _month(about: Assessment, row: int) -> str | None:
    return about.months[row].isoformat()[:7] if about.months else None


def _advice(about: Assessment) -> dict[str, Any] | None:
    """Where new limits could start, if that should be considered."""
    found = about.advice
    if found is None:
        return None
    return {
        "key": "recalculate",
        "from": found.start + 1,
        "from_month": _month(about, found.start),
        "variation": found.kind,
        "run": found.run,
        "since": found.since,
    }


def _phase(about: Assessment, phase: Phase) -> dict[str, Any]:
    shown = not about.barred and phase.judged
    figures = {
        key: getattr(phase, key) if shown else None
        for key in ("mean", "lower", "upper", "near_lower", "near_upper")
    }
    span = _months(about, (phase.start, phase.end - 1)) or {}
    return {**span, "values": phase.present, **figures, "without": phase.without}


def _point(about: Assessment, row: int) -> dict[str, Any]:
    """A point, and what the rules say of it where they may."""
    chart = about.chart
    point, value = chart.points[row], chart.values[row]
    phase = next(it for it in chart.phases if row < it.end)
    judged = not about.barred and phase.judged and value is not None
    return {
        "point": row + 1,
        "month": _month(about, row),
        "value": value,
        "variation": point.kind if judged else None,
        "direction": _direction(point.high) if judged else None,
        "rules": sorted(point.rules) if judged else [],
        "label": point.label if judged else None,
    }
