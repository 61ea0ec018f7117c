"""Numbers, periods and spans of an indicator, as its sentences write them."""

from __future__ import annotations

from datetime import date

from hmsbook.analysis.assessment import Assessment
from hmsbook.analysis.spc import Phase
from hmsbook.flow.levels import reach, reachable
from hmsbook.texts.words import Words

# The last month of a quarter or half-year belongs to it, whichever month the number was brought in.
_PARTS = {3: "quarter", 6: "half_year", 12: "year"}
_PLURALS = {1: "month", **_PARTS}
# Nobody tells 12,345.6 from 12,346 in a sentence, and a sentence has its row to fit.
MOST_FIGURES = 5


class Figures:
    """The figures of one assessment in one language."""

    def __init__(self, assessment: Assessment, words: Words) -> None:
        self.about = assessment
        self.words = words
        self.decimals = assessment.decimals

    def value(self, number: float | None) -> str:
        """A value with the decimals people type."""
        if number is None:
            return ""
        places = _places(number, self.decimals)
        return self.words.number(_tidy(number, places), places)

    def level(self, number: float | None) -> str:
        """A mean, a limit or a target: with one decimal more than none."""
        if number is None:
            return ""
        return self.words.number(_tidy(number, _places(number, max(1, self.decimals))))

    def period(self, row: int) -> str:
        """The period of a row: «okt. 2026», «3. kvartal 2026», or its number where no months are known."""
        months = self.about.months
        if not months:
            return self.words.text("sentences.point", number=row + 1)
        return period_name(months[row], self.about.step, self.words)

    def span(self, first: int, last: int) -> str:
        """The periods from one row to another: «mai–des. 2026»."""
        months = self.about.months
        if first == last:
            return self.period(first)
        if not months:
            return self.words.text("sentences.points", first=first + 1, last=last + 1)
        start, end = self.period(first), self.period(last)
        if self.about.step < 12 and months[first].year == months[last].year:
            start = start.removesuffix(f" {months[first].year}")
        return f"{start}–{end}"

    @property
    def periods(self) -> str:
        """What several points are called: months, quarters, or measurements."""
        regular = self.about.months and self.about.indicator.frequency != "occasion"
        return self.words.text(f"sentences.periods.{_PLURALS[self.about.step] if regular else 'point'}")

    @property
    def usual(self) -> str:
        """What the process gives now: between its limits, as far as values can reach them."""
        phase = self.about.chart.last_phase
        return self.usual_in(phase) if phase else ""

    def usual_in(self, phase: Phase) -> str:
        """What a phase usually gave; nothing where it has no limits."""
        if phase.lower is None or phase.upper is None:
            return ""
        low, high = reach(self.about)
        lower, upper = reachable(self.about, phase)
        form = {(False, False): "between", (True, False): "up_to", (False, True): "from", (True, True): "all"}
        return self.words.text(
            f"sentences.usual.{form[lower is None, upper is None]}",
            lower=self.level(low if lower is None else lower),
            upper=self.level(high if upper is None else upper),
        )


def period_name(month: date, step: int, words: Words, *, short: bool = False) -> str:
    """The period that a month ends: «okt. 2026», «3. kvartal 2026», «2026»; short «3. kv. 26»."""
    if part := _PARTS.get(step):
        values = {
            "number": (month.month - 1) // step + 1,
            "year": month.year,
            "yy": f"{month.year % 100:02d}",
        }
        return words.text(f"sentences.{'period_short' if short else 'period'}.{part}", **values)
    if short:
        return words.month(month, short=True)
    return f"{words.get('format.months_short')[month.month - 1]} {month.year}"


def _places(number: float, decimals: int) -> int:
    """How many decimals of a number to write; fewer where it has many figures before them."""
    return max(0, min(decimals, MOST_FIGURES - len(str(int(abs(number))))))


def _tidy(number: float, places: int) -> float:
    """A number rounded, and never a negative zero."""
    return round(number, places) + 0.0
