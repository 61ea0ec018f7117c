"""The longer why behind a sentence: what weakens it, what may have caused it, what it rests on."""

from __future__ import annotations

from collections.abc import Iterator

from hmsbook.analysis.assessment import Assessment
from hmsbook.analysis.effect import Effect
from hmsbook.flow.figures import Figures
from hmsbook.flow.sentences import assured, said_at_once
from hmsbook.texts.words import Words

# As much as three lines under a chart hold.
ROOM = 300
NOTE_ROOM = 90
# Of what else happened beside a measure, so many are named.
OTHERS_NAMED = 2


def explanation(about: Assessment, words: Words) -> str:
    """Why the sentence says what it says: as many sentences, the weightiest first, as there is room for."""
    shown = ""
    for part in explained(about, words):
        if len(shown) + 1 + len(part) <= ROOM:
            shown = f"{shown} {part}".lstrip()
    return shown


def explained(about: Assessment, words: Words) -> tuple[str, ...]:
    """All there is to say beyond the sentence, the weightiest first."""
    if about.last is None:
        return ()
    figures = Figures(about, words)
    return (
        *_cautions(figures),
        *_effects(figures),
        *_notes(figures),
        *_grounds(figures),
        *_target(figures),
        *_advice(figures),
        *_rule(figures),
    )


def _grounds(figures: Figures) -> Iterator[str]:
    """What the verdict rests on: how many values, around what."""
    about, words = figures.about, figures.words
    phase, run = about.chart.last_phase, about.verdict.run
    values = {"points": str(about.verdict.points), "needed": str(about.verdict.needed)}
    if about.method == "control_chart" and phase and phase.upper is not None:
        yield words.text(
            "explain.control_chart",
            since=figures.period(phase.start),
            mean=figures.level(phase.mean),
            usual=figures.usual,
            **values,
        )
    elif about.method == "run_chart" and run and about.verdict.points < about.verdict.needed:
        yield words.text("explain.run_chart", median=figures.level(run.median), **values)


def _cautions(figures: Figures) -> Iterator[str]:
    """What makes the numbers weaker than they look, beyond what the sentence says."""
    said = said_at_once(figures.about)
    for reason in (it for it in figures.about.unfit if it.key != said):
        values = {"fewest": figures.words.number(reason.found or 0.0, 0), "periods": figures.periods}
        yield figures.words.text(f"explain.{reason.weight}.{reason.key}", **values)


def _effects(figures: Figures) -> Iterator[str]:
    """How the level moved when each measure began, the clearest first."""
    found = figures.about.effects.items()
    for key, effect in sorted(found, key=lambda item: item[1].kind == "common_cause"):
        if effect.kind is not None:
            yield _effect(key, effect, figures)


def _effect(key: str, effect: Effect, figures: Figures) -> str:
    values = {
        "measure": key,
        "before": figures.level(effect.level_before),
        "after": figures.level(effect.level_after),
        "month": figures.period(effect.row),
        "others": " · ".join(effect.others[:OTHERS_NAMED]),
    }
    if effect.kind == "common_cause":
        return figures.words.text("explain.effect.none", **values)
    return figures.words.text(f"explain.effect.{'others' if effect.others else 'alone'}", **values)


def _notes(figures: Figures) -> Iterator[str]:
    """What people found when they asked why."""
    for note in reversed(figures.about.notes):
        text = (note.text or "").strip().rstrip(".")
        short = text if len(text) <= NOTE_ROOM else f"{text[: NOTE_ROOM - 1].rstrip()}…"
        who = {"by": note.by} if note.by else {}
        yield figures.words.text(f"explain.note{'_by' if note.by else ''}", text=short, **who)


def _target(figures: Figures) -> Iterator[str]:
    """What the sentence left out of the target, because it told of something else."""
    about = figures.about
    if about.assurance and (about.is_signal or about.missing or said_at_once(about)):
        key = assured(about).removeprefix("common_")
        values = {"target": figures.level(about.chart.target), "usual": figures.usual}
        yield figures.words.text(f"explain.target.{key}", **values)


def _advice(figures: Figures) -> Iterator[str]:
    advice = figures.about.advice
    if advice is not None:
        values = {"month": figures.period(advice.start), "count": str(advice.since + 1)}
        yield figures.words.text("explain.recalculate", periods=figures.periods, **values)


def _rule(figures: Figures) -> Iterator[str]:
    """Why a pattern counts as a change."""
    about = figures.about
    if about.is_signal:
        pattern = about.verdict.pattern
        yield figures.words.text(f"explain.rule.{pattern.rule if pattern else 'median'}")
