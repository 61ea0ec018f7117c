"""Rules about indicators and their values: enough of them, fully described, and numbers that can be right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from hmsbook.analysis.runchart import median
from hmsbook.analysis.series import step_of, value_of
from hmsbook.analysis.summary import IndicatorSummary
from hmsbook.model.dates import add_months, months_between
from hmsbook.model.records import Basis, Indicator, Recalculation, Row
from hmsbook.rules.base import Finding, Findings, Subject, at, called, rule

REQUIRED = ("unit", "better", "frequency", "owner", "challenges", "data_source")
PATIENCE_MONTHS = 2
PERCENT = 100
# A share typed as a fraction, times 100, comes within this factor of what is usual, seen in so many values.
NEAR = 2
FEWEST_OTHERS = 3
# What a computer's own rounding may add to or take from a number.
SLACK = 1e-9


@rule(
    "IND-1",
    "W",
    cases=("none", "too_few", "too_many"),
    source="PRoIND: a group can follow six to ten indicators.",
)
def as_many_as_the_method_asks(subject: Subject) -> Findings:
    """The number of indicators in use is the one the method asks for, where it asks."""
    minimum = subject.method.get("indicators_min", 0)
    maximum = subject.method.get("indicators_max", float("inf"))
    count = len(subject.book.active)
    if not minimum <= count <= maximum:
        case = "too_many" if count > maximum else "too_few" if count else "none"
        values = at("indicators", "active") | {"n": count, "minimum": minimum, "maximum": maximum}
        yield Finding(case, subject.book.column_place("indicators", "name"), values)


@rule(
    "IND-2",
    "W",
    cases=("not_described",),
    source="PRoIND: everyone reads an indicator alike, and someone brings its number.",
)
def indicators_are_described(subject: Subject) -> Findings:
    """An indicator in use has unit, direction, frequency, owner, challenge and data source."""
    for indicator in subject.book.active:
        missing = tuple(key for key in REQUIRED if subject.gap(indicator.row, key))
        if missing:
            values = at("indicators", missing) | {"indicator": _called(indicator)}
            yield Finding("not_described", indicator.place(missing[0]), values)


@rule(
    "IND-3",
    "E",
    cases=(
        "month_twice",
        "no_month",
        "no_indicator",
        "half_basis",
        "denominator_zero",
        "over_100",
        "basis_over_100",
        "fraction",
        "future_month",
    ),
    source="Convention of this workbook: shares in percentage points, one row a month, empty is missing.",
)
def values_can_be_used(subject: Subject) -> Findings:
    """Every value has its month, and can be what it says."""
    yield from _value_rows(subject)
    yield from _basis_rows(subject)
    for summary in subject.summary.indicators.values():
        typed = subject.book.values.get(summary.indicator.id, {})
        if summary.unit.share:
            yield from _over_100(subject, summary.indicator, typed)
        if summary.unit.multiplier == PERCENT:
            yield from _fractions(subject, summary.indicator, typed)


def _value_rows(subject: Subject) -> Findings:
    for row in subject.filled("values"):
        month = row.get("month")
        if month is None:
            yield from _missing(subject, row, "month", "no_month")
        elif (first := subject.months[month]) is not row:
            values = {"month": month, "other": first.place("month").cell}
            yield Finding("month_twice", row.place("month"), values)
        yield from _future(subject, row)


def _basis_rows(subject: Subject) -> Findings:
    shares = {key for key, summary in subject.summary.indicators.items() if summary.unit.share}
    for basis in subject.book.basis:
        if not _sound(basis, subject.today):
            yield from _basis_row(subject, basis, shares)


def _sound(basis: Basis, today: date) -> bool:
    """Whether a row surely has nothing to say of; there may be thousands, nearly all of them so."""
    month, numerator, denominator = basis.month, basis.numerator, basis.denominator
    if month is None or numerator is None or denominator is None or not basis.indicator:
        return False
    return month <= today and 0 < denominator >= numerator


def _basis_row(subject: Subject, basis: Basis, shares: set[str]) -> Findings:
    row, numerator, denominator = basis.row, basis.numerator, basis.denominator
    yield from _missing(subject, row, "month", "no_month")
    yield from _missing(subject, row, "indicator", "no_indicator")
    yield from _future(subject, row)
    if numerator is None or denominator is None:
        yield from _half(subject, row)
    elif denominator <= 0:
        yield Finding("denominator_zero", row.place("denominator"), {"found": denominator})
    elif numerator > denominator and basis.indicator in shares:
        values = {"numerator": numerator, "denominator": denominator, "indicator": basis.indicator}
        yield Finding("basis_over_100", row.place("numerator"), values)


def _missing(subject: Subject, row: Row, key: str, case: str) -> Findings:
    if place := subject.gap(row, key):
        yield Finding(case, place)


def _half(subject: Subject, row: Row) -> Findings:
    """Numerator without denominator, or the other way round; neither may stand beside the people behind."""
    lacks = [key for key in ("numerator", "denominator") if row.get(key) is None]
    if len(lacks) == 1 and (place := subject.gap(row, lacks[0])):
        yield Finding("half_basis", place, at("basis", lacks[0]))


def _future(subject: Subject, row: Row) -> Findings:
    month = row.get("month")
    if month is not None and month > subject.today:
        yield Finding("future_month", row.place("month"), {"month": month}, "W")


def _over_100(subject: Subject, indicator: Indicator, typed: Mapping[date, float]) -> Findings:
    for month, value in typed.items():
        if not 0 <= value <= PERCENT:
            values = {"indicator": _called(indicator), "month": month, "found": value}
            yield Finding("over_100", subject.months[month].place(indicator.id), values)


def _fractions(subject: Subject, indicator: Indicator, typed: Mapping[date, float]) -> Findings:
    small = [(month, value) for month, value in typed.items() if 0 < value < 1]
    usual = _usual(typed.values()) if small else None
    for month, value in small:
        meant = round(value * PERCENT, 10)
        if usual and usual / NEAR <= meant <= usual * NEAR:
            values = {"indicator": _called(indicator), "month": month, "found": value, "guess": meant}
            yield Finding("fraction", subject.months[month].place(indicator.id), values, "W")


def _usual(values: Iterable[float]) -> float | None:
    """The median of the values that are no fractions; None when they are too few to compare with."""
    whole = [value for value in values if value >= 1]
    return median(whole) if len(whole) >= FEWEST_OTHERS else None


@rule(
    "IND-4",
    "R",
    cases=("late", "late_without_owner", "never"),
    source="Convention of this workbook: one period, and two months to bring the number.",
)
def values_keep_coming(subject: Subject) -> Findings:
    """An indicator in use has had a new value within one period plus two months."""
    rows = {row.values.get("month"): row for row in subject.book.drawn_rows.get("values", ())}
    for indicator in subject.book.active:
        last = subject.summary.indicators[indicator.id].last
        since = last[0] if last else subject.summary.first_month
        if indicator.frequency == "occasion" or since is None or not _late(subject, indicator, since):
            continue
        due = rows.get(add_months(since, step_of(indicator)))
        place = due.place(indicator.id) if due and last else indicator.place("name")
        values = {"indicator": _called(indicator), "month": since, "owner": indicator.owner or ""}
        yield Finding(_late_case(indicator, last is not None), place, values | at("indicators", "active"))


def _late(subject: Subject, indicator: Indicator, since: date) -> bool:
    return months_between(since, subject.today) > step_of(indicator) + PATIENCE_MONTHS


def _late_case(indicator: Indicator, has_values: bool) -> str:
    if not has_values:
        return "never"
    return "late" if indicator.owner else "late_without_owner"


@rule(
    "IND-7",
    "W",
    cases=("no_reason", "no_author", "differs"),
    source="Convention of this workbook: limits move for a reason people can read, and numbers agree.",
)
def numbers_have_grounds(subject: Subject) -> Findings:
    """A recalculation has a reason and an author, and a typed value is that of its basis."""
    for recalculation in subject.book.recalculations:
        if recalculation.indicator:
            yield from _groundless(subject, recalculation)
    for indicator_id in subject.book.basis_sums:
        summary = subject.summary.indicators.get(indicator_id)
        if summary:
            yield from _differing(subject, summary)


def _groundless(subject: Subject, recalculation: Recalculation) -> Findings:
    """A recalculation without a reason; who decided it is asked for when the reason stands."""
    row, values = recalculation.row, {"indicator": recalculation.indicator}
    if place := subject.gap(row, "reason"):
        yield Finding("no_reason", place, values)
    elif recalculation.reason and (place := subject.gap(row, "author")):
        yield Finding("no_author", place, values, "R")


def _differing(subject: Subject, summary: IndicatorSummary) -> Findings:
    indicator = summary.indicator
    for month, typed, expected in _typed_and_based(subject, summary):
        if abs(expected - typed) > SLACK and not rounds_to(expected, typed):
            values = {"indicator": _called(indicator), "month": month, "found": typed}
            shown = {"expected": round(expected, _decimals(typed) + 1)}
            yield Finding("differs", subject.months[month].place(indicator.id), values | shown)


def _typed_and_based(subject: Subject, summary: IndicatorSummary) -> Iterator[tuple[date, float, float]]:
    """Each month with a typed value and a basis: the month, the value, and what the basis gives."""
    step, multiplier = step_of(summary.indicator), summary.unit.multiplier
    sums = subject.book.basis_sums[summary.indicator.id]
    for month, typed in subject.book.values.get(summary.indicator.id, {}).items():
        if step == 1 and month in sums:
            numerator, denominator = sums[month]
            yield month, typed, numerator / denominator * multiplier
        elif step > 1 and (expected := value_of({}, sums, month, step, multiplier)) is not None:
            yield month, typed, expected


def rounds_to(exact: float, typed: float) -> bool:
    """Whether a typed value is the exact one, rounded to the decimals that were typed."""
    difference = abs(exact - typed)
    slack = SLACK * max(1.0, abs(exact))
    return difference <= slack or difference <= 0.5 * 10 ** -_decimals(typed) + slack


def _decimals(value: float) -> int:
    """How many decimals were typed, as far as a cell keeps them: fifteen digits."""
    digits, _, power = f"{value:.15g}".partition("e")
    return max(0, len(digits.partition(".")[2]) - int(power or 0))


def _called(indicator: Indicator) -> str:
    return called(indicator.id, indicator.name)
