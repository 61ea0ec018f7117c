"""What any series of numbers really says: a file's, a list's, or those of a workbook's indicators."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from math import gcd
from pathlib import Path
from typing import Any

from hmsbook.actions.reading import open_book
from hmsbook.actions.series_cells import WRITINGS, day, number
from hmsbook.actions.series_file import Numbers, series_in
from hmsbook.actions.series_text import MOST_BYTES, read_table, value_table
from hmsbook.analysis.assessment import Assessment, assess_series
from hmsbook.analysis.profile import MDC, NHS_R, refuse_unless
from hmsbook.analysis.series import STEPS, Series, closing, grid
from hmsbook.analysis.summary import IndicatorSummary, summarise
from hmsbook.analysis.units import unit_facts
from hmsbook.errors import PackageError, UsageError
from hmsbook.flow.explanations import explained, explanation
from hmsbook.flow.sentences import next_step, next_text, sentence
from hmsbook.flow.text_chart import text_chart
from hmsbook.model.dates import first_of_month, months_between
from hmsbook.model.frozen import Frozen
from hmsbook.model.records import Indicator, Row
from hmsbook.texts.words import plain, words

PROFILES = {"mdc": MDC, "nhs_r": NHS_R}
# What zip archives and older Office files begin with: these are read, or refused, as workbooks.
_WORKBOOKS = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")
# From so many points on, their distances tell how often they come.
FEWEST_DISTANCES = 2
# What has no path is called in messages: what came in on standard input, and numbers from a program.
STDIN, GIVEN = "stdin", "values"

Source = Path | str | bytes | Iterable[float | None] | Mapping[Any, float | None]


class Asked(Frozen):
    """How a series is to be understood; what is None is the usual.

    phase_starts: months or numbers of points from which limits start afresh. baseline: how many points at the
    start of each phase set its limits. profile: a key of PROFILES.
    """

    better: str | None = None
    target: float | None = None
    phase_starts: tuple[str, ...] = ()
    baseline: int | None = None
    frequency: str | None = None
    profile: str | None = None
    unit: str | None = None
    rolling: bool = False


class Said(Frozen):
    """What is said of one series, in one language."""

    assessment: Assessment
    language: str

    @property
    def name(self) -> str:
        """What the series is called; nothing where it has no name."""
        return self.assessment.indicator.known_as

    @property
    def sentence(self) -> str:
        """What the numbers say, in one sentence."""
        return sentence(self.assessment, words(self.language))

    @property
    def next_step(self) -> str:
        """What to do now, as a key."""
        return next_step(self.assessment)

    @property
    def next_text(self) -> str:
        """What to do now, in words."""
        return next_text(self.assessment, words(self.language))

    @property
    def explanation(self) -> str:
        """Why the sentence says what it says, as much as a few lines hold."""
        return explanation(self.assessment, words(self.language))

    @property
    def explained(self) -> tuple[str, ...]:
        """All there is to say beyond the sentence, the weightiest first."""
        return explained(self.assessment, words(self.language))

    @property
    def chart(self) -> str:
        """The newest points as a chart of text."""
        return "\n".join(text_chart(self.assessment, words(self.language)))


class Analysed(Frozen):
    """What was said of a source: of one series, or `listed` of each of a workbook's indicators in use."""

    path: str
    language: str
    found: tuple[Said, ...]
    listed: bool = False


def analyse(
    source: Source,
    *,
    column: str | None = None,
    asked: Asked = Asked(),  # noqa: B008 - frozen
    today: date | None = None,
    lang: str | None = None,
) -> Analysed:
    """What a series says: numbers, a file of them, bytes as from standard input, or a workbook.

    `column` names the column or the indicator meant. Raises UsageError where the request or the file makes no
    sense, and PackageError for a workbook that cannot be read.
    """
    if isinstance(source, str | Path):
        path, data = str(source), _bytes(Path(source))
        if data.startswith(_WORKBOOKS):
            return _workbook(path, column, asked, today, lang)
        table = read_table(data, path)
    elif isinstance(source, bytes):
        path, table = STDIN, read_table(source, STDIN)
    else:
        path, table = GIVEN, value_table(_plain(source), GIVEN)
    language = lang or "nb"
    about = assessed(series_in(table, path, column), asked, language)
    return Analysed(path, language, (Said(about, language),))


def _bytes(path: Path) -> bytes:
    """What a file holds, up to a little more than is read at most."""
    if path.is_dir():
        raise UsageError("is_folder", path=str(path))
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise UsageError("file_missing", path=str(path)) from None
    except (OSError, ValueError) as reason:
        why = getattr(reason, "strerror", None) or str(reason)
        raise UsageError("bad_data", path=str(path), reason=why) from None


def _plain(values: Iterable[object]) -> object:
    """Values as JSON would have them, whatever holds them."""
    return dict(values) if isinstance(values, Mapping) else list(values)


# A series


def assessed(numbers: Numbers, asked: Asked, language: str) -> Assessment:
    """The assessment of numbers, as they are to be understood."""
    _refuse_unknown(asked)
    frequency = asked.frequency or frequency_of(numbers.days)
    series = series_of(numbers, frequency)
    indicator = Indicator(
        Row("indicators", {}),
        name=numbers.name or None,
        unit=asked.unit,
        better=asked.better,
        frequency=frequency,
        target=asked.target,
        rolling=asked.rolling,
    )
    return assess_series(
        series,
        indicator,
        unit_facts(asked.unit, language),
        starts=[_start(text, series) for text in asked.phase_starts],
        baseline=asked.baseline,
        profile=PROFILES[asked.profile or "mdc"],
    )


def _refuse_unknown(asked: Asked) -> None:
    for option, known in (("frequency", tuple(STEPS)), ("profile", tuple(PROFILES))):
        found = getattr(asked, option)
        refuse_unless(found in (None, *known), option, found, known)


def frequency_of(days: Sequence[date]) -> str:
    """How often points come: the longest period that all distances are whole numbers of."""
    distances = [months_between(before, after) for before, after in pairwise(days)]
    if not days:
        return "occasion"
    common = (gcd(*distances) if len(distances) >= FEWEST_DISTANCES else 0) or 1
    return next(key for key in ("year", "half_year", "quarter", "month") if not common % STEPS[key])


def series_of(numbers: Numbers, frequency: str) -> Series:
    """Numbers on the grid of months of a frequency; as they come where that is on occasion or unknown."""
    step = STEPS[frequency]
    if not numbers.days:
        return Series((), numbers.values, step)
    if frequency == "occasion":
        _refuse_twice(numbers.days)
        return Series(tuple(map(first_of_month, numbers.days)), numbers.values, step).occasional
    months = [closing(found, step) for found in numbers.days]
    _refuse_twice(months)
    have = dict(zip(months, numbers.values, strict=True))
    whole = grid(months[0], months[-1], step)
    return Series(whole, tuple(have.get(month) for month in whole), step)


def _refuse_twice(found: Sequence[date]) -> None:
    for before, after in pairwise(found):
        if before == after:
            raise UsageError("series_twice", month=after.isoformat().removesuffix("-01"))


def _start(text: str, series: Series) -> int:
    """The row of a phase's first point, by its number or its month."""
    rows = len(series.values)
    if text.isdecimal() and 1 <= int(text) <= rows:
        return int(text) - 1
    month = None if text.isdecimal() else day(text)
    if month and series.months and series.months[0] <= closing(month, series.step):
        for row, found in enumerate(series.months):
            if found >= first_of_month(month):
                return row
    raise UsageError("series_phase_start", found=text, last=rows)


def decimal(text: str) -> float:
    """The number someone typed, with comma or point; UsageError when it is none."""
    found = next((value for how in WRITINGS if (value := number(text, how)) is not None), None)
    if found is None:
        raise UsageError("bad_decimal", found=text)
    return found


# A workbook


def _workbook(path: str, column: str | None, asked: Asked, today: date | None, lang: str | None) -> Analysed:
    """What a workbook's indicators say; they are understood as the workbook has them."""
    for option in Asked._fields:
        if getattr(asked, option) != getattr(Asked, option):
            raise UsageError("series_in_workbook", option=f"--{option.replace('_', '-').removesuffix('s')}")
    try:
        opened = open_book(path)
    except PackageError as problem:
        raise UsageError("series_not_ours", path=path) if problem.key == "not_ours" else problem from None
    language = lang or opened.book.language
    every = summarise(opened.book, opened.today(today)).indicators.values()
    meant = [_named(column, tuple(every), path)] if column else [it for it in every if it.indicator.in_use]
    said = tuple(Said(it.assessment, language) for it in meant)
    return Analysed(path, language, said, listed=not column)


def _named(column: str, every: Sequence[IndicatorSummary], path: str) -> IndicatorSummary:
    """The indicator with an id or a name."""
    for entry in every:
        if plain(column) in (plain(entry.indicator.id), plain(entry.indicator.name or "")):
            return entry
    known = ", ".join(entry.indicator.id for entry in every)
    raise UsageError("series_no_column", path=path, column=column, known=known)
