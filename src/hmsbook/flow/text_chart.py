"""A series as a chart of text for the terminal: time downwards, a line each point, the value across."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from hmsbook.analysis.assessment import SIGNALS, Assessment
from hmsbook.analysis.spc import Phase
from hmsbook.flow.figures import Figures, period_name
from hmsbook.flow.levels import Levels, levels
from hmsbook.texts.words import Words

NEWEST = 60
# A chart needs room for the longest period and value besides its track.
NARROWEST, WIDEST_TRACK = 60, 54
# Lines by what they show; where two meet, the later one stands.
LINES = {"lower": "┊", "upper": "┊", "mean": "│", "median": "│", "target": "×"}
# Two limits are one thing in the legend.
LEGEND = {"lower": "limits", "upper": "limits"}
# The order of lines in the legend; beneath the chart, where not every level has room, the weightiest first.
ORDER = ("mean", "median", "limits", "target")
USUAL_POINT, BREAK = "•", "─"
_GAP = "  "


def text_chart(about: Assessment, words: Words, *, width: int = 80, newest: int = NEWEST) -> tuple[str, ...]:
    """The lines of a chart of the newest points, no wider than `width` (60 or more); none without a value."""
    return tuple(_Chart(about, words, max(width, NARROWEST), newest).lines) if about.last is not None else ()


def drawn_levels(about: Assessment, phase: Phase) -> Levels:
    """Levels that may be drawn through a phase: its centre, limits that values can reach, and the target."""
    target = about.chart.target
    return levels(about, phase) | ({} if target is None else {"target": target})


class _Chart:
    """One chart being drawn."""

    def __init__(self, about: Assessment, words: Words, width: int, newest: int) -> None:
        self.about, self.words, self.figures = about, words, Figures(about, words)
        rows = len(about.chart.values)
        self.width = width
        self.rows = range(max(0, rows - newest), rows)
        self.labels = {row: self._label(row) for row in self.rows}
        self.values = {row: self.figures.value(about.chart.values[row]) for row in self.rows}

    def _label(self, row: int) -> str:
        months = self.about.months
        return period_name(months[row], self.about.step, self.words, short=True) if months else str(row + 1)

    @property
    def lines(self) -> Iterator[str]:
        """All lines, from the oldest point shown to the legend."""
        if older := sum(value is not None for value in self.about.chart.values[: self.rows.start]):
            yield self.words.text("cli.analyse.older", n=older)
        for row in self.rows:
            if any(row == phase.start and row > self.rows.start for phase in self.about.chart.phases):
                yield BREAK * (self.left + self.track)
            yield self._line(row)
        yield from self._scale()
        yield from self._legend()

    def _line(self, row: int) -> str:
        cells = [" "] * self.track
        for name, level in self.levels[row].items():
            cells[self._at(level)] = LINES[name]
        value = self.about.chart.values[row]
        if value is not None:
            cells[self._at(value)] = self._sign(row)
        return (self._head(self.labels[row], self.values[row]) + "".join(cells)).rstrip()

    def _head(self, label: str, value: str) -> str:
        shown = label.ljust(self.label_width) if self.about.months else label.rjust(self.label_width)
        return f"{shown}{_GAP}{value.rjust(self.value_width)}{_GAP}"

    # Room

    @cached_property
    def label_width(self) -> int:
        return max(map(len, self.labels.values()))

    @cached_property
    def value_width(self) -> int:
        return max(map(len, self.values.values()))

    @cached_property
    def left(self) -> int:
        return self.label_width + self.value_width + 2 * len(_GAP)

    @cached_property
    def track(self) -> int:
        return min(self.width - self.left, WIDEST_TRACK)

    @cached_property
    def levels(self) -> dict[int, Levels]:
        """The levels to draw in each row."""
        phases = self.about.chart.phases
        found = {phase.start: drawn_levels(self.about, phase) for phase in phases}
        return {row: found[max(phase.start for phase in phases if phase.start <= row)] for row in self.rows}

    @cached_property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest level to show."""
        values = (self.about.chart.values[row] for row in self.rows)
        lines = (level for row in self.rows for level in self.levels[row].values())
        shown = [*(value for value in values if value is not None), *lines]
        return min(shown), max(shown)

    def _at(self, level: float) -> int:
        """The column of a level on the track, its middle where nothing varies."""
        low, high = self.ends
        share = (level - low) / (high - low) if high > low else 0.5
        return round(share * (self.track - 1))

    # Signs

    def _sign(self, row: int) -> str:
        kind = self._kind(row)
        return self.words.text(f"ui.icons.variation.{kind}").split(" ")[0] if kind else USUAL_POINT

    def _kind(self, row: int) -> str | None:
        """The kind of signal a point is part of; None where it is of none."""
        about, span = self.about, self.about.span
        if about.method == "run_chart" and span and span[0] <= row <= span[1]:
            return about.kind
        kind = about.chart.points[row].kind
        return kind if kind in SIGNALS and not about.barred else None

    # Beneath

    def _scale(self) -> Iterator[str]:
        """The levels of the newest lines, each under its line if there is room; without a centre the ends."""
        named = self.levels[self.rows[-1]]
        found = [named[name] for name in sorted(named, key=_order)]
        if not {"mean", "median"} & set(named):
            found += self.ends
        cells = [" "] * self.track
        for level in found:
            text = self.figures.level(level)
            at = min(max(0, self._at(level) - len(text) // 2), max(0, self.track - len(text)))
            if len(text) <= self.track and not "".join(cells[max(0, at - 1) : at + len(text) + 1]).strip():
                cells[at : at + len(text)] = text
        if "".join(cells).strip():
            yield " " * self.left + "".join(cells).rstrip()

    def _legend(self) -> Iterator[str]:
        """What signs and lines mean, on as many lines as it takes."""
        line = ""
        for part in self._explained():
            if line and len(line) + len(_GAP) + len(part) > self.width:
                yield line
                line = ""
            line = f"{line}{_GAP}{part}" if line else part
        yield line

    def _explained(self) -> Iterable[str]:
        kinds = {self._kind(row) for row in self.rows if self.about.chart.values[row] is not None}
        for kind in SIGNALS:
            if kind in kinds:
                yield self.words.text(f"ui.icons.variation.{kind}")
        if None in kinds:
            yield f"{USUAL_POINT} {self.words.text('cli.analyse.legend.point')}"
        names = {name for row in self.rows for name in self.levels[row]}
        lines = {LEGEND.get(name, name): LINES[name] for name in LINES if name in names}
        for name, sign in sorted(lines.items(), key=lambda line: _order(line[0])):
            yield f"{sign} {self.words.text(f'cli.analyse.legend.{name}')}"
        if any(phase.start in self.rows[1:] for phase in self.about.chart.phases):
            yield f"{BREAK} {self.words.text('cli.analyse.legend.break')}"


def _order(name: str) -> int:
    return ORDER.index(LEGEND.get(name, name))
