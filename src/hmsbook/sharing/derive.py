"""What a reader of a copy can work out: how many whole counts are still possible for each masked figure.

A model is a set of whole numbers, the figures, and linear relations between them. A copy shows some figures
and masks others; a figure that no cell holds is never shown. How many candidates a masked figure has is found
by linear programmes with whole numbers (the attacker's problem of statistical disclosure control; see
Hundepool et al. 2012, Statistical Disclosure Control, section 4.2). Every assignment the solver proposes is
checked in whole numbers, so its tolerances can only hide too much, never too little.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Self

from hmsbook.model.frozen import Frozen
from hmsbook.sharing.repair import Repair
from hmsbook.sharing.solver import Programme, Row, World

# How much may be asked of the solver before more is hidden than may be needed, since a person waits for the
# answer: so many figures in all its programmes, of what hangs together at least so many, and each programme
# costs as much as so many more.
MOST_EFFORT = 200_000
LEAST_EFFORT = 1500
EACH = 50


class Part(Frozen):
    """Cells that are masked together; hiding them costs so much, and takes other parts along."""

    cells: tuple[tuple[str, int, str], ...]
    cost: int
    along: tuple[int, ...] = ()


class Figure(Frozen):
    """A whole number, in steps of which `apart` make another candidate.

    true: what it is; None for what no cell holds. low, high: what is known of it while it is masked. parts:
    the parts that show it, and it is masked when all of them are. needs: how many candidates it must have.
    """

    true: int | None
    low: int
    high: int
    parts: tuple[int, ...] = ()
    needs: int = 0
    apart: int = 1


class Relation(Frozen):
    """A sum of figures that lies between two bounds, as long as the part `given` is shown.

    defines: the figure the relation says something of, where it would say nothing without that figure.
    """

    terms: tuple[tuple[int, int], ...]
    low: int | None
    high: int | None
    given: int | None = None
    defines: int | None = None

    @classmethod
    def of(
        cls,
        terms: Iterable[tuple[int, Fraction | int]],
        low: Fraction | int | None,
        high: Fraction | int | None,
        *,
        given: int | None = None,
        defines: int | None = None,
    ) -> Self:
        """The relation in whole numbers, with each figure once."""
        factors: dict[int, Fraction] = {}
        for figure, factor in terms:
            factors[figure] = factors.get(figure, Fraction(0)) + factor
        found = [(figure, factor) for figure, factor in factors.items() if factor]
        bounds = [None if bound is None else Fraction(bound) for bound in (low, high)]
        scale = lcm(*(x.denominator for x in (*(f for _, f in found), *(b for b in bounds if b is not None))))
        lowest, highest = (None if bound is None else int(bound * scale) for bound in bounds)
        return cls(tuple((at, int(f * scale)) for at, f in found), lowest, highest, given, defines)


class Model(Frozen):
    """Figures, the relations between them, and the parts that show them."""

    figures: Sequence[Figure]
    relations: Sequence[Relation]
    parts: Sequence[Part]

    @cached_property
    def around(self) -> Sequence[Sequence[int]]:
        """The relations each figure stands in."""
        found: list[list[int]] = [[] for _ in self.figures]
        for number, relation in enumerate(self.relations):
            for figure, _ in relation.terms:
                found[figure].append(number)
        return found

    @cached_property
    def regions(self) -> Sequence[int]:
        """For each figure the first of all that hang together with it, shown or not."""
        found = [-1] * len(self.figures)
        for first in range(len(self.figures)):
            waiting = [first] if found[first] < 0 else []
            while waiting:
                figure = waiting.pop()
                if found[figure] < 0:
                    found[figure] = first
                    waiting += [at for r in self.around[figure] for at, _ in self.relations[r].terms]
        return found

    @cached_property
    def shows(self) -> Sequence[Sequence[int]]:
        """The figures each part shows."""
        found: list[list[int]] = [[] for _ in self.parts]
        for number, figure in enumerate(self.figures):
            for part in figure.parts:
                found[part].append(number)
        return found


class View:
    """A model as a reader sees it when some parts are hidden."""

    def __init__(self, model: Model, hidden: Collection[int], effort: int = MOST_EFFORT) -> None:
        self.model = model
        self.hidden = hidden
        self.dropped: set[int] = set()
        # What the solver has been asked of the figures that hang together, by the first of them.
        self._effort: dict[int, int] = {}
        regions = len({model.regions[at] for at in range(len(model.figures)) if self.masked(at)})
        self._most = max(min(LEAST_EFFORT, effort), effort // max(regions, 1))

    def asked(self, figure: int, size: int) -> None:
        """Note that the solver is asked for so many numbers."""
        region = self.model.regions[figure]
        self._effort[region] = self._effort.get(region, 0) + EACH + size

    def tired(self, figure: int) -> bool:
        """Whether so much has been asked of what hangs together with a figure that a person would wait."""
        return self._effort.get(self.model.regions[figure], 0) >= self._most

    def masked(self, figure: int) -> bool:
        """Whether cells hold the figure and none of them is shown."""
        parts = self.model.figures[figure].parts
        return bool(parts) and all(part in self.hidden for part in parts)

    def unknown(self, figure: int) -> bool:
        """Whether a reader has to work the figure out."""
        return self.model.figures[figure].true is None or self.masked(figure)

    def holds(self, relation: int) -> bool:
        """Whether a reader can use a relation."""
        found = self.model.relations[relation]
        if relation in self.dropped or found.given in self.hidden:
            return False
        return all(self._stands(figure) for figure, _ in found.terms)

    def _stands(self, figure: int) -> bool:
        """A figure that stands for a masked cell is none while the cell is shown."""
        found = self.model.figures[figure]
        return found.true is not None or not found.parts or self.masked(figure)

    def idle(self, relation: int) -> bool:
        """Whether a relation only says what one unknown figure is, about which nothing else is known."""
        figure = self.model.relations[relation].defines
        if figure is None or not self.unknown(figure):
            return False
        return all(other == relation or not self.holds(other) for other in self.model.around[figure])

    def row(self, relation: int) -> Row:
        """A relation between what is unknown, with what is shown put in."""
        found = self.model.relations[relation]
        known = sum(
            factor * (self.model.figures[figure].true or 0)
            for figure, factor in found.terms
            if not self.unknown(figure)
        )
        terms = tuple((figure, factor) for figure, factor in found.terms if self.unknown(figure))
        low, high = (None if bound is None else bound - known for bound in (found.low, found.high))
        return Row(terms, low, high)


class Component:
    """The unknown figures that hang together with one of them, and what is known of them."""

    def __init__(self, view: View, start: int) -> None:
        self.view = view
        self.figures = [start]
        self.relations: list[int] = []
        met, used, model = {start}, set[int](), view.model
        for figure in self.figures:
            for relation in self._leading_on(figure, start):
                if relation not in used:
                    used.add(relation)
                    self.relations.append(relation)
                    terms = model.relations[relation].terms
                    new = [at for at, _ in terms if at not in met and view.unknown(at)]
                    met.update(new)
                    self.figures += new

    def _leading_on(self, figure: int, start: int) -> list[int]:
        """The relations of a figure; those that only say what another one is matter where it is tied."""
        found = [relation for relation in self.view.model.around[figure] if self.view.holds(relation)]
        if figure == start:
            return found
        tied = [relation for relation in found if not self.view.idle(relation)]
        return found if tied else []

    @property
    def free(self) -> bool:
        """Whether nothing ties the figure to anything."""
        return not self.relations

    @cached_property
    def rows(self) -> Sequence[Row]:
        """What is known of the unknown figures."""
        return [self.view.row(relation) for relation in self.relations]

    @cached_property
    def bounds(self) -> Mapping[int, tuple[int, int]]:
        """Between what each of the figures lies."""
        figures = self.view.model.figures
        return {at: (figures[at].low, figures[at].high) for at in self.figures}

    @cached_property
    def programme(self) -> Programme:
        """The programme whose solutions are what the figures may be."""
        return Programme(self.bounds, self.rows)

    @cached_property
    def repair(self) -> Repair:
        """What finds worlds near a possible one."""
        return Repair(self.rows, self.bounds)

    @cached_property
    def possible(self) -> World | None:
        """One way in which the figures can be: what they are, where cells hold all of them."""
        found = {at: self.view.model.figures[at].true for at in self.figures}
        known = {at: true for at, true in found.items() if true is not None}
        return known if len(known) == len(found) else self.solved()

    def solved(self, figure: int | None = None, at_least: int | None = None) -> World | None:
        """What the programme finds, with a figure as small as it can be; what that took is noted."""
        self.view.asked(self.figures[0], len(self.figures))
        figure = self.figures[0] if figure is None else figure
        return self.programme.least(figure, at_least)


class Candidates:
    """The different values seen of the masked figures; hiding more never takes one away."""

    def __init__(self, model: Model) -> None:
        self.figures = model.figures
        self._seen: dict[int, set[int]] = {}

    def seen(self, figure: int) -> set[int]:
        """The values a figure can have, as far as they have been looked for."""
        if figure not in self._seen:
            true = self.figures[figure].true
            self._seen[figure] = set() if true is None else {true}
        return self._seen[figure]

    def add(self, world: Mapping[int, int]) -> None:
        """Note the values of one possible world."""
        for at, value in world.items():
            if self.figures[at].needs:
                self.seen(at).add(value)

    def count(self, figure: int) -> int:
        """How many candidates there are at least, far enough apart to be told from each other."""
        return spread(self.seen(figure), self.figures[figure].apart)

    def enough(self, figure: int) -> bool:
        """Whether the figure has the candidates it needs."""
        return self.count(figure) >= self.figures[figure].needs


def spread(values: Iterable[int], apart: int) -> int:
    """How many of the values can be picked so that each two are so far apart."""
    count, last = 0, None
    for value in sorted(values):
        if last is None or value - last >= apart:
            count, last = count + 1, value
    return count


def examine(view: View, found: Candidates, start: int) -> list[int]:
    """Look for candidates of a masked figure and those around it; which figures were looked at."""
    component = _consistent(view, start)
    masked = [at for at in sorted(component.figures) if view.masked(at) and view.model.figures[at].needs]
    if component.free:
        figure = view.model.figures[start]
        found.seen(start).update(range(figure.low, figure.high + 1, figure.apart))
    else:
        _collect(component, found, masked)
    return masked


def _consistent(view: View, start: int) -> Component:
    """What hangs together with a figure, without what is assumed of it where the numbers contradict that."""
    component = Component(view, start)
    if component.free or component.possible or not component.programme.contradictory:
        return component
    view.dropped.update(relation for relation in component.relations if _assumed(view.model, relation))
    return Component(view, start)


def _assumed(model: Model, relation: int) -> bool:
    """Whether a relation speaks of what no cell holds; all others have been held against the book."""
    return any(model.figures[at].true is None for at, _ in model.relations[relation].terms)


def _collect(component: Component, found: Candidates, masked: Iterable[int]) -> None:
    for figure in masked:
        for world in _near(component, found, figure):
            found.add(world)
        for world in _walk(component, found, figure):
            found.add(world)


def _near(component: Component, found: Candidates, figure: int) -> Iterator[Mapping[int, int]]:
    """Worlds near a possible one: cheap to find, and nearly always enough."""
    base = component.possible
    if base is None or found.enough(figure):
        return
    found.add(base)
    apart, needs = found.figures[figure].apart, found.figures[figure].needs
    for steps in (sign * count for count in range(1, needs) for sign in (-1, 1)):
        if world := component.repair.nearby(base, figure, base[figure] + steps * apart):
            yield world
        if found.enough(figure):
            return


def _walk(component: Component, found: Candidates, figure: int) -> Iterator[Mapping[int, int]]:
    """Worlds in which a figure grows, until it has been seen often enough."""
    at_least = None
    while not found.enough(figure) and not component.view.tired(figure):
        world = component.solved(figure, at_least)
        if world is None:
            return
        yield world
        at_least = world[figure] + found.figures[figure].apart
