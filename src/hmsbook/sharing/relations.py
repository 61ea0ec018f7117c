"""What a model is made of, as tables add to it: parts, figures and the relations between them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from fractions import Fraction
from math import ceil, lcm

from hmsbook.model.frozen import Frozen
from hmsbook.sharing.derive import Figure, Model, Part, Relation

Cell = tuple[str, int, str]
# A number in a cell is taken as written, to so many decimals.
DECIMALS = 6
# What hiding a cell costs; the rest of a part's cost tells which of two alike goes first.
CELL = 1000


class Terms(Frozen):
    """A quantity as a sum of figures, each times what one step of it is worth, and how exactly it is told."""

    terms: tuple[tuple[int, Fraction], ...]
    true: Fraction
    slack: Fraction = Fraction(0)


def added(quantities: Iterable[Terms]) -> Terms:
    """Quantities added up."""
    found = list(quantities)
    terms = tuple(term for one in found for term in one.terms)
    return Terms(
        terms, sum((one.true for one in found), Fraction(0)), sum((one.slack for one in found), Fraction())
    )


def times(quantity: Terms, factor: Fraction | int) -> Terms:
    """A quantity times a number."""
    terms = tuple((at, worth * factor) for at, worth in quantity.terms)
    return Terms(terms, quantity.true * factor, abs(quantity.slack * factor))


class Builder:
    """Collects a model; what is masked for its own sake is known from the start."""

    def __init__(self, primary: Collection[Cell]) -> None:
        self.primary = primary
        self.figures: list[Figure] = []
        self.relations: list[Relation] = []
        self.parts: list[Part] = []
        self.hidden: set[int] = set()

    def model(self) -> Model:
        """The model that was collected."""
        return Model(tuple(self.figures), tuple(self.relations), tuple(self.parts))

    def part(self, cells: Iterable[Cell], order: int = 0, along: Iterable[int] = ()) -> int:
        """A part of these cells; the one with the lower order is hidden sooner."""
        found = tuple(cells)
        self.parts.append(Part(found, CELL * len(found) + order, tuple(along)))
        number = len(self.parts) - 1
        if any(cell in self.primary for cell in found):
            self.hidden.add(number)
        return number

    def figure(self, figure: Figure) -> int:
        """The number of a figure that is added; what it is lies within its bounds."""
        true = figure.true
        if true is not None and not figure.low <= true <= figure.high:
            figure = figure.but(low=min(figure.low, true), high=max(figure.high, true))
        self.figures.append(figure)
        return len(self.figures) - 1

    def quantity(
        self,
        value: Fraction,
        step: Fraction,
        bounds: tuple[Fraction, Fraction],
        parts: Sequence[int],
        *,
        needs: int,
        grain: Fraction = Fraction(1),
    ) -> Terms:
        """A quantity of one figure, of which `grain` makes another candidate."""
        low, high = (int(bound / step) for bound in bounds)
        apart = max(1, ceil(grain / step))
        at = self.figure(Figure(int(value / step), low, high, tuple(parts), needs, apart))
        return Terms(((at, step),), value)

    def persons(self, count: int, limit: int, parts: Sequence[int]) -> Terms:
        """A number of persons: that it is below the limit, or not, is no secret."""
        bounds = (0, limit - 1) if count < limit else (limit, roomy(count, limit))
        at = self.figure(Figure(count, *bounds, tuple(parts), limit))
        return Terms(((at, Fraction(1)),), Fraction(count))

    def unseen(self, high: int) -> int:
        """A figure that no cell holds."""
        return self.figure(Figure(None, 0, high))

    def equal(
        self, one: Terms, other: Terms, *, given: int | None = None, defines: int | None = None
    ) -> bool:
        """Note that two quantities are the same, if they are; whether they were."""
        difference = added((one, times(other, -1)))
        if abs(difference.true) > difference.slack:
            return False
        self.relate(difference, -difference.slack, difference.slack, given=given, defines=defines)
        return True

    def at_most(self, one: Terms, other: Terms) -> None:
        """Note that a quantity is at most another, if it is."""
        difference = added((one, times(other, -1)))
        if difference.true <= difference.slack:
            self.relate(difference, None, difference.slack)

    def relate(
        self,
        quantity: Terms,
        low: Fraction | None,
        high: Fraction | None,
        *,
        given: int | None = None,
        defines: int | None = None,
    ) -> None:
        """Note that a quantity lies between two bounds."""
        terms, known = quantity.terms, quantity.true - _value(self.figures, quantity)
        if terms:
            least, most = (None if bound is None else bound - known for bound in (low, high))
            self.relations.append(Relation.of(terms, least, most, given=given, defines=defines))

    def balance(self, terms: Iterable[tuple[int, Fraction]], defines: int | None) -> None:
        """Note that figures make up for each other."""
        self.relations.append(Relation.of(terms, 0, 0, defines=defines))

    def relate_masked(self, quantity: Terms, part: int, needs: int) -> None:
        """Note that a quantity no cell holds has to stay unknown while a part is masked."""
        at = self.figure(Figure(None, 0, roomy(needs, needs), (part,), needs))
        self.relate(
            added((quantity, Terms(((at, Fraction(-1)),), Fraction(0)))), Fraction(0), Fraction(0), defines=at
        )


def _value(figures: Sequence[Figure], quantity: Terms) -> Fraction:
    """What the figures of a quantity come to; the rest of it is known to all."""
    return sum((worth * (figures[at].true or 0) for at, worth in quantity.terms), Fraction())


def exact(value: float) -> Fraction:
    """A number of a cell as it is written there."""
    return Fraction(f"{value:.{DECIMALS}f}")


def step_size(values: Iterable[Fraction]) -> Fraction:
    """The largest step of which all these values are whole numbers."""
    return Fraction(1, lcm(*(value.denominator for value in values)))


def half_digit(values: Iterable[float]) -> Fraction:
    """Half of the last decimal that any of these values is written with: what rounding may have taken."""
    decimals = max(
        (len(f"{value:.{DECIMALS}f}".rstrip("0").partition(".")[2]) for value in values), default=0
    )
    return Fraction(1, 2 * 10**decimals)


def roomy(largest: float, limit: int) -> int:
    """More than a masked number of this size can be; that much is enough to find the candidates it needs."""
    return 2 * ceil(largest) + 4 * limit
