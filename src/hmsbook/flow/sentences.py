"""One short sentence about an indicator, and what to do next.

Every case has a pattern of its own under `sentences` in the text files; here stands only which case it is.
"""

from __future__ import annotations

from hmsbook.analysis.assessment import Assessment
from hmsbook.analysis.fitness import RAREST_MEAN
from hmsbook.flow.figures import Figures
from hmsbook.texts.words import Words

ASSURED = {"pass": "common_pass", "inconsistent": "common_sometimes"}
# Cautions that are said at once, because nothing else would be said of a series without a signal.
SAID_AT_ONCE = ("small_denominator", "few_cases", "rare_counts", "autocorrelation")


def sentence(about: Assessment, words: Words) -> str:
    """What the numbers of an indicator say, in one sentence of at most 110 characters."""
    figures = Figures(about, words)
    if about.hidden:
        return hidden_text(about.hidden, words)
    if about.last is None:
        return words.text("sentences.no_values")
    if about.missing is None:
        return _barred(figures) if about.barred else _said(figures)
    rest = _barred(figures) if about.barred else _said(figures, short=True)
    first, last = about.missing
    return words.text("sentences.missing", n=last + 1 - first, missing=figures.period(first), rest=rest)


def hidden_text(hidden: tuple[str, int], words: Words) -> str:
    """Why a value is hidden."""
    reason, limit = hidden
    return words.text(f"mask.sentence.{reason}", limit=limit)


def _said(figures: Figures, *, short: bool = False) -> str:
    """The sentence on variation; where nothing changed also on the target, unless it must be short."""
    about = figures.about
    if about.is_signal:
        return signal(figures)
    if about.method == "control_chart" and about.advice:
        side = "high" if about.advice.high else "low"
        month = figures.period(about.advice.start)
        return figures.words.text(f"sentences.common_held.{side}", month=month)
    if about.method == "control_chart":
        return _common_short(figures) if short else _common(figures)
    return _few(figures) if about.method == "none" else _early(figures)


def signal(figures: Figures) -> str:
    """The sentence on a real change: whether it is good, which rule tells, and since when."""
    about, words = figures.about, figures.words
    certainty = "sure" if about.sure else "possible"
    head = words.text(f"sentences.head.{certainty}.{about.kind}")
    side = "high" if about.verdict.high else "low"
    return words.text(f"sentences.signal.{_rule(about)}.{side}", head=head, **_pattern(figures))


def _rule(about: Assessment) -> str:
    """Which sentence tells of the signal."""
    pattern = about.verdict.pattern
    if pattern is None:
        return "median"
    if about.holds:
        return "held"
    return "one_outside" if pattern.rule == "outside" and pattern.count == 1 else pattern.rule


def _pattern(figures: Figures) -> dict[str, str]:
    """What the patterns of signals have room for."""
    about = figures.about
    first, last = _rows(about)
    pattern = about.verdict.pattern
    return {
        "count": str(pattern.count if pattern else 0),
        "rows": str(last + 1 - first),
        "periods": figures.periods,
        "month": figures.period(first),
        "span": figures.span(first, last),
        "value": figures.value(about.last),
        "usual": figures.usual,
    }


def _rows(about: Assessment) -> tuple[int, int]:
    """First and last row of the signal; of two in three all three, though the first may be the odd one."""
    first, last = about.span or (0, 0)
    pattern = about.verdict.pattern
    three = pattern is not None and pattern.rule == "two_in_three" and not about.holds
    return (last - 2 if three else first), last


def _common(figures: Figures) -> str:
    """The sentence where nothing changed, with what that means for the target."""
    about, words = figures.about, figures.words
    if caution := said_at_once(about):
        return words.text(f"sentences.common_{caution}")
    phase = about.chart.last_phase
    if phase and phase.without == "no_variation":
        return words.text("sentences.flat", value=figures.value(about.last))
    if about.assurance is None:
        return words.text("sentences.common")
    values = {"target": figures.level(about.chart.target), "usual": figures.usual}
    return words.text(f"sentences.{assured(about)}", **values)


def said_at_once(about: Assessment) -> str | None:
    """The caution that stands in the sentence itself where nothing changed, instead of the target."""
    if about.method != "control_chart" or about.is_signal or about.missing:
        return None
    return next((it.key for it in about.unfit if it.key in SAID_AT_ONCE), None)


def _common_short(figures: Figures) -> str:
    out_of_reach = figures.about.assurance == "fail"
    return figures.words.text("sentences.common_fail" if out_of_reach else "sentences.common")


def assured(about: Assessment) -> str:
    """The key of the sentence on a target that a process reaches always, now and then, or never."""
    below = about.indicator.better == "lower"
    return ASSURED.get(about.assurance or "", f"common_fail_{'low' if below else 'high'}")


def _few(figures: Figures) -> str:
    about = figures.about
    values = {"points": str(about.verdict.points), "needed": str(about.verdict.needed)}
    phase = about.chart.last_phase
    if phase is not None and phase.start:
        return figures.words.text("sentences.few_since", month=figures.period(phase.start), **values)
    return figures.words.text("sentences.few", **values)


def _early(figures: Figures) -> str:
    """A run chart without a signal."""
    about = figures.about
    key = "early" if about.verdict.points < about.verdict.needed else "no_limits"
    values = {"points": str(about.verdict.points), "needed": str(about.verdict.needed)}
    return figures.words.text(f"sentences.{key}", **values)


def _barred(figures: Figures) -> str:
    """The sentence on an indicator that no chart suits, with the comparison that is left."""
    key = figures.about.barred.key if figures.about.barred else ""
    return {"season": _season, "rolling": _rolling, "rare_counts": _rare}.get(key, _linked)(figures)


def _season(figures: Figures) -> str:
    about, year = figures.about, figures.about.year
    if year is None or year.change is None or about.chart.last is None:
        return figures.words.text("sentences.season_alone")
    small = abs(year.change) < 0.5 * 10**-figures.decimals
    way = "same" if small else "higher" if year.change > 0 else "lower"
    return figures.words.text(
        f"sentences.season_{way}",
        month=figures.period(about.chart.last),
        change=figures.value(abs(year.change)),
        count=str(year.higher if way == "higher" else year.lower),
        compared=str(year.compared),
        periods=figures.periods,
    )


def _rolling(figures: Figures) -> str:
    about, last = figures.about, figures.about.chart.last or 0
    back = last - 12 // about.step
    before = about.chart.values[back] if back >= 0 else None
    values = {"value": figures.value(about.last), "month": figures.period(last)}
    if before is None:
        return figures.words.text("sentences.rolling_alone", **values)
    return figures.words.text("sentences.rolling", before=figures.value(before), **values)


def _rare(figures: Figures) -> str:
    phase = figures.about.chart.last_phase
    rows = figures.about.chart.values[phase.start : phase.end] if phase else ()
    have = [value for value in rows if value is not None]
    values = {"points": str(len(have)), "periods": figures.periods}
    counted = figures.about.barred is not None and figures.about.barred.bound == RAREST_MEAN
    if counted and all(value.is_integer() for value in have):
        return figures.words.text("sentences.rare", count=str(round(sum(have))), **values)
    return figures.words.text("sentences.rare_rate", count=str(sum(value == 0 for value in have)), **values)


def _linked(figures: Figures) -> str:
    return figures.words.text("sentences.linked", periods=figures.periods)


def next_step(about: Assessment) -> str:
    """What to do about an indicator now, as a key of `next_steps`."""
    if about.last is None:
        return "get_number"
    if about.is_signal:
        return _after_signal(about)
    if about.missing and about.assurance != "fail":
        return "get_number"
    if about.barred:
        return "compare" if about.barred.key == "season" else "watch"
    return _without_signal(about)


def _without_signal(about: Assessment) -> str:
    if about.advice:
        return "recalculate"
    if about.method == "control_chart":
        return {"fail": "find_measure", "pass": "keep_going"}.get(about.assurance or "", "wait")
    return "collect"


def _after_signal(about: Assessment) -> str:
    if about.kind == "improvement" and about.to_evaluate:
        return "evaluate"
    if not about.explained:
        return "ask_what_worked" if about.kind == "improvement" else "ask_why"
    if about.kind == "concern":
        return "act"
    return "recalculate" if about.advice else "keep_going"


def next_text(about: Assessment, words: Words) -> str:
    """What to do about an indicator now, in a few words; nothing where its newest value is hidden."""
    if about.hidden:
        return ""
    return words.text(f"next_steps.{next_step(about)}", measure=about.to_evaluate or "")
