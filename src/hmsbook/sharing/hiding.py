"""What more to hide, so that a masked figure cannot be worked out: as little as possible."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from hmsbook.sharing.derive import MOST_EFFORT, Candidates, Model, Relation, View, examine
from hmsbook.sharing.solver import Programme, Row, World

# How many parts are looked at when more has to be hidden, the nearest first: more where few do not help.
NEIGHBOURS = (60, 400)


def hide(model: Model, primary: Collection[int], effort: int = MOST_EFFORT) -> set[int]:
    """The parts to hide for the sake of those hidden first, so that no masked figure can be derived.

    Each turn hides at least one part more, so there is an end; where all is hidden that could tell, what is
    left is known without the copy. More effort hides less.
    """
    hiding = _Hiding(model, primary, effort)
    while hiding.waiting:
        hiding.turn(hiding.waiting.pop())
    return hiding.hidden


class _Hiding:
    """What is hidden so far, and the figures still to be looked at: those hidden first before all others."""

    def __init__(self, model: Model, primary: Collection[int], effort: int) -> None:
        self.model = model
        self.hidden = with_those_along(model, primary)
        self.view = View(model, self.hidden, effort)
        self.found = Candidates(model)
        self.first = {at for at in range(len(model.figures)) if self.view.masked(at)}
        self.waiting = sorted(self.first)
        self.settled = {at for at, figure in enumerate(model.figures) if not figure.needs}

    def turn(self, start: int) -> None:
        """Look at a figure and those around it, and hide more for the first that has too few candidates."""
        if start in self.settled:
            return
        if self.view.tired(start):
            self._hide_all(start)
            return
        looked_at = examine(self.view, self.found, start)
        self.settled.update(at for at in looked_at if self.found.enough(at))
        weak = [at for at in looked_at if at not in self.settled]
        if weak:
            self.waiting.append(start)
            self._hide_for(min(weak, key=lambda at: (at not in self.first, at)))

    def _hide_for(self, weak: int) -> None:
        more = with_those_along(self.model, _next(self.view, self.found, weak)) - self.hidden
        self.hidden |= more
        shown = {at for part in more for at in self.model.shows[part] if self.view.masked(at)}
        self.waiting[:0] = sorted(shown)
        if not more:
            self.settled.add(weak)

    def _hide_all(self, start: int) -> None:
        """Hide all that hangs together with a figure: then nothing is left to tell."""
        around = _Neighbourhood(self.view, start, len(self.model.parts))
        self.hidden |= with_those_along(self.model, around.parts)
        self.settled.update(around.figures)


def derivable(model: Model, hidden: Collection[int]) -> list[int]:
    """The masked figures with too few candidates, where anything that is shown can be the cause."""
    view, found = View(model, hidden), Candidates(model)
    masked = [at for at, figure in enumerate(model.figures) if figure.needs and view.masked(at)]
    for start in masked:
        if not found.enough(start):
            examine(view, found, start)
    weak = (at for at in masked if not found.enough(at) and not view.tired(at))
    return [at for at in weak if _Neighbourhood(view, at, NEIGHBOURS[0]).parts]


def with_those_along(model: Model, parts: Iterable[int]) -> set[int]:
    """Parts, and those that are hidden with them."""
    found, waiting = set[int](), list(parts)
    while waiting:
        part = waiting.pop()
        if part not in found:
            found.add(part)
            waiting += model.parts[part].along
    return found


def _next(view: View, found: Candidates, weak: int) -> set[int]:
    """The cheapest parts that give a figure more candidates; the nearest where no programme tells."""
    for size in NEIGHBOURS:
        around = _Neighbourhood(view, weak, size)
        if not around.parts:
            return set()
        if choice := _cheapest(view, found, weak, around):
            return choice
    return {around.parts[0]}


def _cheapest(view: View, found: Candidates, weak: int, around: _Neighbourhood) -> set[int]:
    """The cheapest parts of a neighbourhood that give a figure what it lacks, or else one candidate more."""
    programme, figure = around.programme(), view.model.figures[weak]
    seen = found.seen(weak) or {figure.low}
    for _ in range(2):
        view.asked(weak, len(around.figures) + len(around.parts))
    for steps in (figure.needs - found.count(weak), 1):
        away = steps * figure.apart
        higher = programme.within(weak, at_least=max(seen) + away)
        lower = programme.within(weak, at_most=min(seen) - away)
        choices = [parts for world in (higher, lower) if world and (parts := around.hidden_in(world))]
        if choices:
            return min(choices, key=lambda parts: (around.cost(parts), sorted(parts)))
    return set()


class _Neighbourhood:
    """The figures around one, shown or not, and the parts that could be hidden."""

    def __init__(self, view: View, start: int, size: int) -> None:
        self.view, self.model, self.size = view, view.model, size
        self.figures, self.relations, self.parts = [start], list[int](), list[int]()
        self._inside, used = {start}, set[int]()
        for figure in self.figures:
            for relation in self.model.around[figure]:
                if relation not in used and view.holds(relation):
                    used.add(relation)
                    self._take(relation)
        self._places = {part: -1 - part for part in self.parts}

    def _take(self, relation: int) -> None:
        found = self.model.relations[relation]
        new = [at for at, _ in found.terms if at not in self._inside and self._movable(at)]
        self.relations.append(relation)
        self.figures += new
        self._inside.update(new)
        self._offer(found, new)

    def _movable(self, figure: int) -> bool:
        """Whether a figure may take another value: it is unknown, or near enough to be hidden."""
        if self.view.unknown(figure):
            return True
        return bool(self.model.figures[figure].parts) and len(self.parts) < self.size

    def _offer(self, relation: Relation, figures: Iterable[int]) -> None:
        given = () if relation.given is None else (relation.given,)
        parts = [*given, *(part for at in figures for part in self.model.figures[at].parts)]
        for part in parts:
            for found in sorted(with_those_along(self.model, [part])):
                if found not in self.view.hidden and found not in self.parts:
                    self.parts.append(found)

    def programme(self) -> Programme:
        """The programme whose cheapest solution hides the least."""
        bounds = {at: self._bounds(at) for at in self.figures}
        bounds |= dict.fromkeys(self._places.values(), (0, 1))
        rows = [row for relation in self.relations for row in self._relation(self.model.relations[relation])]
        rows += [row for at in self.figures if not self.view.unknown(at) for row in self._shown(at)]
        rows += self._along()
        return Programme(
            bounds, rows, {self._places[part]: self.model.parts[part].cost for part in self.parts}
        )

    def hidden_in(self, world: World) -> set[int]:
        """The parts that a solution hides."""
        return {part for part, place in self._places.items() if world[place]}

    def cost(self, parts: Iterable[int]) -> int:
        """What hiding these costs."""
        return sum(self.model.parts[part].cost for part in parts)

    def _bounds(self, at: int) -> tuple[int, int]:
        figure = self.model.figures[at]
        if figure.true is None or self.view.unknown(at):
            return figure.low, figure.high
        return min(figure.low, figure.true), max(figure.high, figure.true)

    def _relation(self, found: Relation) -> Iterator[Row]:
        terms = tuple((at, factor) for at, factor in found.terms if at in self._inside)
        outside = ((at, factor) for at, factor in found.terms if at not in self._inside)
        known = sum(factor * (self.model.figures[at].true or 0) for at, factor in outside)
        low, high = (None if bound is None else bound - known for bound in (found.low, found.high))
        place = self._places.get(found.given) if found.given is not None else None
        if place is None:
            yield Row(terms, low, high)
            return
        least, most = self._reach(terms)
        if low is not None:
            yield Row((*terms, (place, max(0, low - least))), low, None)
        if high is not None:
            yield Row((*terms, (place, min(0, high - most))), None, high)

    def _reach(self, terms: Iterable[tuple[int, int]]) -> tuple[int, int]:
        ends = [sorted(factor * bound for bound in self._bounds(at)) for at, factor in terms]
        return sum(low for low, _ in ends), sum(high for _, high in ends)

    def _shown(self, at: int) -> Iterator[Row]:
        """A shown figure is what it is unless all parts that show it are hidden."""
        low, high = self._bounds(at)
        true = self.model.figures[at].true or 0
        for part in self.model.figures[at].parts:
            if place := self._places.get(part):
                yield Row(((at, 1), (place, true - high)), None, true)
                yield Row(((at, 1), (place, true - low)), true, None)

    def _along(self) -> Iterator[Row]:
        for part, place in self._places.items():
            for other in self.model.parts[part].along:
                if other in self._places:
                    yield Row(((self._places[other], 1), (place, -1)), 0, None)
