"""What indicators tell of themselves and each other: shares, sums, and periods that overlap.

Whether two indicators tell of the same thing stands nowhere, so it is assumed where their unit and data
source are the same, and the assumption is dropped where the numbers contradict it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import combinations

from hmsbook.model.dates import add_months
from hmsbook.model.frozen import Frozen
from hmsbook.sharing.numbers import WHOLE, YEAR, Numbers
from hmsbook.sharing.relations import Builder, Terms, added, roomy, times
from hmsbook.texts.words import plain

# So many values with something in them must agree before it is no accident.
FEWEST_ALIKE = 3
# The parts of a sum are looked for among so many indicators at a time.
MOST_PARTS = 3

Series = Mapping[date, Terms]
# The same as plain numbers, each with how exactly it is told.
Rough = Mapping[date, tuple[float, float]]
ROUGHLY = 1e-6


def relate_numbers(builder: Builder, numbers: Sequence[Numbers], headcount: Terms | None) -> None:
    """Note all that the indicators tell of themselves and each other."""
    for one in numbers:
        _shares(builder, one)
        _rates(builder, one, one)
        _rolling(builder, one, [other for other in numbers if _overlap(builder, other, one)])
        _people(builder, one, headcount)
    for alike in _kinds(numbers):
        _sums(builder, [one.values for one in alike])
        _sums(builder, [one.cases for one in alike if one.rows])
        _sums(builder, [one.parts_of_whole for one in alike if one.rows])
        _complements(builder, alike)
    _sums(builder, [one.persons_by_point for one in numbers if one.persons])


def _kinds(numbers: Sequence[Numbers]) -> Iterable[list[Numbers]]:
    found: dict[object, list[Numbers]] = {}
    for one in numbers:
        found.setdefault(one.kind, []).append(one)
    return found.values()


def _shares(builder: Builder, one: Numbers) -> None:
    """A part of a whole is no more than the whole."""
    for row in sorted(one.numerators.keys() & one.denominators.keys()) if one.facts.share else ():
        builder.at_most(one.numerators[row], one.denominators[row])


def _people(builder: Builder, one: Numbers, headcount: Terms | None) -> None:
    """The people of several rows may be all there are."""
    for month, rows in one.persons_by_rows.items():
        if headcount and len(rows) > 1:
            builder.equal(one.persons_by_point[month], headcount)


def _overlap(builder: Builder, fine: Numbers, coarse: Numbers) -> bool:
    """Note that one indicator tells of the same as another in longer periods, if so; whether it does."""
    if not _may_be_the_same(fine, coarse):
        return False
    if _agree(fine, coarse, fine.cases, coarse.cases):
        _periods(builder, fine, coarse, fine.cases, coarse.cases)
        if _agree(fine, coarse, fine.parts_of_whole, coarse.parts_of_whole):
            _periods(builder, fine, coarse, fine.parts_of_whole, coarse.parts_of_whole)
        return True
    return _rates(builder, fine, coarse) or _means(builder, fine, coarse)


def _may_be_the_same(fine: Numbers, coarse: Numbers) -> bool:
    if fine is coarse or coarse.span % fine.span or fine.kind[1:] == coarse.kind[1:]:
        return False
    if fine.span == coarse.span and not fine.indicator.rolling:
        return False
    source, other = (plain(one.indicator.data_source or "") for one in (fine, coarse))
    return bool(fine.rows and coarse.rows) or bool(source == other != "" and fine.kind[0] == coarse.kind[0])


def _windows(fine: Numbers, coarse: Numbers, found: Iterable[date]) -> Iterator[tuple[date, list[date]]]:
    """The points of the longer periods, each with those of the shorter ones within."""
    for month in found:
        yield month, [add_months(month, -fine.span * back) for back in range(coarse.span // fine.span)]


def _complete(fine: Numbers, coarse: Numbers, parts: Series, wholes: Series) -> Iterator[tuple[Terms, Terms]]:
    for month, months in _windows(fine, coarse, wholes):
        if all(other in parts for other in months):
            yield added(parts[other] for other in months), wholes[month]


def _agree(fine: Numbers, coarse: Numbers, parts: Series, wholes: Series) -> bool:
    """Whether the shorter periods add up to the longer ones wherever all are known."""
    found = list(_complete(fine, coarse, parts, wholes))
    return bool(found) and all(map(_same, found))


def _periods(builder: Builder, fine: Numbers, coarse: Numbers, parts: Series, wholes: Series) -> None:
    for one, other in _complete(fine, coarse, parts, wholes):
        builder.equal(one, other)


def _rates(builder: Builder, fine: Numbers, coarse: Numbers) -> bool:
    """Note that typed rates are those of the rows behind them, if they are; whether they are."""
    found = list(_founded(fine, coarse))
    right = [rate for rate in found if rate.holds]
    if fine is not coarse and (len(right) < len(found) or not found):
        return False
    for rate in right:
        rate.relate(builder)
    return True


class _Rate(Frozen):
    """A typed rate, shown by a part, and the cases and the whole it is to be the rate of."""

    value: Terms
    cases: Terms
    whole: Terms
    part: int

    @property
    def holds(self) -> bool:
        """Whether it is that rate, give or take what it was rounded by."""
        return abs(self.cases.true - self.value.true * self.whole.true) <= self.value.slack * self.whole.true

    def relate(self, builder: Builder) -> None:
        """Note it: the rate is a known number while its cell is shown."""
        for sign in (1, -1):
            bound = times(self.whole, sign * self.value.slack - self.value.true)
            low, high = (Fraction(0), None) if sign > 0 else (None, Fraction(0))
            builder.relate(added((self.cases, bound)), low, high, given=self.part)


def _founded(fine: Numbers, coarse: Numbers) -> Iterator[_Rate]:
    """The typed rates with rows behind all of their period, from which they may be hidden apart."""
    multiplier = Fraction(coarse.facts.multiplier)
    typed = {coarse.point(month): month for month in coarse.values}
    for point, months in _windows(fine, coarse, typed):
        month = typed[point]
        if all(each in fine.rows for each in months) and not _hidden_together(fine, coarse, month):
            cases = times(added(fine.cases[each] for each in months), multiplier)
            whole = added(fine.parts_of_whole[each] for each in months)
            value = coarse.values[month]
            # A reader takes zero for nothing at all, and is right.
            nothing = value.true == cases.true == 0
            value = value.but(slack=Fraction(0)) if nothing else value
            yield _Rate(value, cases, whole, coarse.value_parts[month])


def _hidden_together(fine: Numbers, coarse: Numbers, month: date) -> bool:
    """Whether a value is never shown without the rows behind it."""
    return fine is coarse and coarse.value_parts[month] == fine.row_parts.get(coarse.point(month))


def _means(builder: Builder, fine: Numbers, coarse: Numbers) -> bool:
    """Note that rates of longer periods are the mean of the shorter ones, if they are; whether they are."""
    if coarse.counts or fine.counts:
        return False
    count = coarse.span // fine.span
    wholes = {month: times(value, count) for month, value in coarse.single.items()}
    if not _agree(fine, coarse, fine.single, wholes):
        return False
    _periods(builder, fine, coarse, fine.single, wholes)
    return True


def _rolling(builder: Builder, one: Numbers, finer: Sequence[Numbers]) -> None:
    """A figure of twelve months is the sum of what happened in each, and neighbours share eleven of them."""
    if not one.indicator.rolling or one.step != 1:
        return
    for series in (lambda each: each.cases, lambda each: each.parts_of_whole):
        _sums_of_months(builder, one, series, finer)
    if not one.cases:
        _nothing_happened(builder, one)


def _sums_of_months(
    builder: Builder, one: Numbers, series: Callable[[Numbers], Series], finer: Sequence[Numbers]
) -> None:
    wholes = series(one)
    monthly = next((series(each) for each in finer if each.span == 1), {})
    known = monthly if monthly and _agree_monthly(wholes, monthly) else {}
    months = _Months(builder, wholes, known)
    for month, whole in wholes.items():
        within = [add_months(month, -back) for back in range(YEAR)]
        if not all(each in known for each in within):
            terms = [(at, -worth) for each in within for at, worth in months.of(each).terms]
            builder.balance([*whole.terms, *terms], whole.terms[0][0] if len(whole.terms) == 1 else None)


def _agree_monthly(wholes: Series, monthly: Series) -> bool:
    windows = {month: [add_months(month, -back) for back in range(YEAR)] for month in wholes}
    known = {month: within for month, within in windows.items() if all(each in monthly for each in within)}
    return bool(known) and all(
        sum(monthly[each].true for each in within) == wholes[month].true for month, within in known.items()
    )


class _Months:
    """What happened in each month, which no cell holds unless another indicator tells."""

    def __init__(self, builder: Builder, wholes: Series, known: Series) -> None:
        self.builder = builder
        self.found = dict(known)
        terms = [term for whole in wholes.values() for term in whole.terms]
        self.worth = min((worth for _, worth in terms), default=Fraction(1))
        largest = max((whole.true for whole in wholes.values()), default=Fraction(0))
        self.high = int(roomy(float(largest), FEWEST_ALIKE) / self.worth)

    def of(self, month: date) -> Terms:
        """The quantity of a month."""
        if month not in self.found:
            self.found[month] = Terms(((self.builder.unseen(self.high), self.worth),), Fraction(0))
        return self.found[month]


def _nothing_happened(builder: Builder, one: Numbers) -> None:
    """Of a rate whose whole is unknown: zero is nothing in twelve months, and all else is something."""
    months = _Months(builder, {}, {})
    for month, value in one.single.items():
        (part,) = builder.figures[value.terms[0][0]].parts
        happened = added(months.of(add_months(month, -back)) for back in range(YEAR))
        bounds = (Fraction(1), None) if value.true else (Fraction(0), Fraction(0))
        builder.relate(happened, *bounds, given=part)
        builder.relate_masked(happened, part, one.limit)


def _sums(builder: Builder, series: Sequence[Series]) -> None:
    """Note which series are the sum of others wherever all of them have a value."""
    rough = [{month: (float(one.true), float(one.slack)) for month, one in each.items()} for each in series]
    alive = [number for number, each in enumerate(rough) if _something(each) >= FEWEST_ALIKE]
    for total in alive:
        others = [number for number in alive if number != total]
        for count in range(1, MOST_PARTS + 1):
            for parts in combinations(others, count):
                if _roughly(rough[total], [rough[part] for part in parts]):
                    _sum(builder, series[total], [series[part] for part in parts])


def _something(rough: Rough) -> int:
    return sum(value != 0 for value, _ in rough.values())


def _roughly(total: Rough, parts: Sequence[Rough]) -> bool:
    """Whether a series can be the sum of others: quick, since nearly all are not."""
    alike = 0
    for month, whole in total.items():
        found = [part[month] for part in parts if month in part]
        if len(found) == len(parts):
            left, slack = whole
            for value, more in found:
                left, slack = left - value, slack + more
            if abs(left) > slack + ROUGHLY:
                return False
            alike += 1
    return alike >= FEWEST_ALIKE


def _sum(builder: Builder, total: Series, parts: Sequence[Series]) -> None:
    """Note a sum month by month, if it really is one."""
    months = [month for month in total if all(month in part for part in parts)]
    found = [(total[month], added(part[month] for part in parts)) for month in months]
    if sum(whole.true != 0 for whole, _ in found) >= FEWEST_ALIKE and all(map(_same, found)):
        for whole, rest in found:
            builder.equal(whole, rest)


def _same(pair: tuple[Terms, Terms]) -> bool:
    one, other = pair
    return abs(one.true - other.true) <= one.slack + other.slack


def _complements(builder: Builder, alike: Sequence[Numbers]) -> None:
    """Note which two shares make up the whole in every month they have in common."""
    whole = Terms((), WHOLE)
    for one, other in combinations([each for each in alike if each.facts.share], 2):
        months = sorted(one.values.keys() & other.values.keys())
        found = [added((one.values[month], other.values[month])) for month in months[:FEWEST_ALIKE]]
        if len(found) == FEWEST_ALIKE and all(_same((both, whole)) for both in found):
            found += [added((one.values[month], other.values[month])) for month in months[FEWEST_ALIKE:]]
            for both in found if all(_same((both, whole)) for both in found) else ():
                builder.equal(both, whole)
