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
from hmsbook.sharing.solver import Programme, Row


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
        """The relation in whole numbers."""
        found = [(figure, Fraction(factor)) for figure, factor in terms]
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
    def shows(self) -> Sequence[Sequence[int]]:
        """The figures each part shows."""
        found: list[list[int]] = [[] for _ in self.parts]
        for number, figure in enumerate(self.figures):
            for part in figure.parts:
                found[part].append(number)
        return found


class View:
    """A model as a reader sees it when some parts are hidden."""

    def __init__(self, model: Model, hidden: Collection[int]) -> None:
        self.model = model
        self.hidden = hidden
        self.dropped: set[int] = set()

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
        self.figures = [start]
        self.relations: list[int] = []
        met, used, model = {start}, set[int](), view.model
        for figure in self.figures:
            for relation in model.around[figure]:
                if relation in used or not view.holds(relation):
                    continue
                if view.idle(relation) and model.relations[relation].defines != start:
                    continue
                used.add(relation)
                self.relations.append(relation)
                new = [at for at, _ in model.relations[relation].terms if at not in met and view.unknown(at)]
                met.update(new)
                self.figures += new
        self.view = view

    @property
    def free(self) -> bool:
        """Whether nothing ties the figure to anything."""
        return not self.relations

    def programme(self) -> Programme:
        """The programme whose solutions are what the figures may be."""
        figures = self.view.model.figures
        bounds = {at: (figures[at].low, figures[at].high) for at in self.figures}
        return Programme(bounds, [self.view.row(relation) for relation in self.relations])


class Candidates:
    """The different values seen of some figures."""

    def __init__(self, model: Model, figures: Iterable[int]) -> None:
        self.figures = model.figures
        self.seen: dict[int, set[int]] = {at: set() for at in figures if model.figures[at].needs}
        for at, seen in self.seen.items():
            true = self.figures[at].true
            if true is not None:
                seen.add(true)

    def add(self, world: Mapping[int, int]) -> None:
        """Note the values of one possible world."""
        for at, seen in self.seen.items():
            seen.add(world[at])

    def count(self, figure: int) -> int:
        """How many candidates there are at least, far enough apart to be told from each other."""
        return spread(self.seen[figure], self.figures[figure].apart)

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


def weakest(view: View, start: int, given_up: Collection[int] = ()) -> tuple[Candidates, int | None]:
    """The candidates of the masked figures around one, and the first of them that has too few."""
    component = _consistent(view, start)
    masked = [at for at in sorted(component.figures) if view.masked(at) and at not in given_up]
    found = Candidates(view.model, masked)
    if component.free:
        figure = view.model.figures[start]
        found.seen[start].update(range(figure.low, figure.high + 1, figure.apart))
    else:
        _collect(component.programme(), found)
    return found, next((at for at in found.seen if not found.enough(at)), None)


def _consistent(view: View, start: int) -> Component:
    """What hangs together with a figure, without what is assumed of it where the numbers contradict that."""
    component = Component(view, start)
    assumed = {relation for relation in component.relations if _assumed(view.model, relation)}
    if not assumed or not component.programme().contradictory:
        return component
    view.dropped |= assumed
    return _consistent(view, start)


def _assumed(model: Model, relation: int) -> bool:
    """Whether a relation speaks of what no cell holds; all others have been held against the book."""
    return any(model.figures[at].true is None for at, _ in model.relations[relation].terms)


def _collect(programme: Programme, found: Candidates) -> None:
    for figure in found.seen:
        for world in _walk(programme, found, figure):
            found.add(world)


def _walk(programme: Programme, found: Candidates, figure: int) -> Iterator[Mapping[int, int]]:
    """Worlds in which a figure grows, until it has been seen often enough."""
    world = None if found.enough(figure) else programme.least(figure)
    while world is not None:
        yield world
        if found.enough(figure):
            return
        world = programme.least(figure, world[figure] + found.figures[figure].apart)
