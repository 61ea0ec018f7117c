"""What `hmsbook analyse` prints for people: a sentence, the figures behind it, and a chart."""

from __future__ import annotations

import textwrap
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from hmsbook.actions.analyse import Analysed, Said
from hmsbook.analysis.assessment import Assessment
from hmsbook.analysis.spc import Phase
from hmsbook.cli.analysis_json import analysed_json
from hmsbook.cli.show import print_json
from hmsbook.flow.figures import Figures
from hmsbook.flow.levels import levels
from hmsbook.flow.status import assurance_icon
from hmsbook.texts.words import printable, words

# As wide as the chart, so that the answer looks the same in every terminal.
WIDTH = 80
_INDENT = "  "

Rows = Iterator[tuple[str, str]]


def analysed(found: Analysed, options: Namespace) -> None:
    """Say what a series, or each indicator of a workbook, says."""
    if options.json:
        print_json(analysed_json(found))
        return
    parts = (_listed(said) if found.listed else _alone(said, found) for said in found.found)
    print("\n\n".join("\n".join(lines) for lines in parts))


def _listed(said: Said) -> Iterator[str]:
    yield f"{said.assessment.indicator.id:<5} {_title(said)}"
    yield from _wrapped("      ", said.sentence, f"→ {said.next_text}")


def _alone(said: Said, found: Analysed) -> Iterator[str]:
    yield _title(said) or printable(Path(found.path).name)
    yield from _wrapped(_INDENT, said.sentence, f"→ {said.next_text}")
    if _has_more(said.assessment):
        yield from ("", *_wrapped(_INDENT, said.explanation))
    if said.assessment.last is not None:
        yield from ("", *_table(said), "", said.chart)


def _has_more(about: Assessment) -> bool:
    """Whether there is more to explain than the figures, which follow anyway."""
    return bool(about.is_signal or about.unfit or about.advice or about.effects)


def _title(said: Said) -> str:
    """What the numbers are called, with their unit."""
    unit = said.assessment.indicator.unit
    return printable(f"{said.name} ({unit})".strip() if unit else said.name)


def _wrapped(indent: str, *lines: str) -> Iterator[str]:
    for line in lines:
        yield textwrap.fill(line, WIDTH, initial_indent=indent, subsequent_indent=indent)


# The figures


def _table(said: Said) -> Iterator[str]:
    """The figures behind the sentence, a line each."""
    rows = list(_rows(Figures(said.assessment, words(said.language))))
    width = max(len(label) for label, _ in rows)
    for label, text in rows:
        yield f"{_INDENT}{label:<{width}}{_INDENT}{text}"


def _rows(figures: Figures) -> Rows:
    yield figures.words.text("cli.analyse.points"), _points(figures)
    yield from _phases(figures) if len(figures.about.chart.phases) > 1 else _newest(figures)
    if figures.about.chart.target is not None:
        yield figures.words.text("cli.analyse.target"), _target(figures)


def _points(figures: Figures) -> str:
    """How many values there are, from when to when, and how many are missing."""
    values = figures.about.chart.values
    missing = values.count(None)
    shown = f"{len(values) - missing} ({figures.span(0, len(values) - 1)})"
    return f"{shown}, {figures.words.text('cli.analyse.missing', n=missing)}" if missing else shown


def _newest(figures: Figures) -> Rows:
    """Centre and usual range of a series without phases."""
    for phase in figures.about.chart.phases:
        found = levels(figures.about, phase)
        for name in ("mean", "median"):
            if name in found:
                yield figures.words.text(f"cli.analyse.{name}"), figures.level(found[name])
        if shown := _usual(figures, phase):
            yield figures.words.text("cli.analyse.usual"), shown


def _phases(figures: Figures) -> Rows:
    """What each phase was like."""
    for phase in figures.about.chart.phases:
        found = levels(figures.about, phase)
        values = {
            "n": phase.present,
            "mean": figures.level(found.get("mean", found.get("median"))),
            "usual": _usual(figures, phase),
        }
        form = "limits" if values["usual"] else next((it for it in ("mean", "median") if it in found), "bare")
        shown = figures.words.text(f"cli.analyse.phase.{form}", **values)
        yield figures.span(phase.start, phase.end - 1), shown


def _usual(figures: Figures, phase: Phase) -> str:
    """What a phase usually gave; nothing where no limits may be told of."""
    return "" if figures.about.barred or not phase.judged else figures.usual_in(phase)


def _target(figures: Figures) -> str:
    """The target, and whether it is reached."""
    about = figures.about
    shown = figures.level(about.chart.target)
    if icon := assurance_icon(about, figures.words):
        return f"{shown}{_INDENT}{icon}"
    ask = about.chart.better == "neutral" and not about.indicator.id
    return f"{shown}{_INDENT}({figures.words.text('cli.analyse.ask_better')})" if ask else shown
