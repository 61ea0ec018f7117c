"""Every way in which the masked figures of a small model can be, found by trying them all."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import product

from hmsbook.sharing.derive import Model

World = tuple[int, ...]


def worlds(model: Model, hidden: Collection[int]) -> list[World]:
    """All assignments that a reader who does not see the hidden parts must reckon with."""
    ranges = [_range(model, figure, hidden) for figure in range(len(model.figures))]
    return [world for world in product(*ranges) if _fits(model, hidden, world)]


def most_apart(values: Collection[int], apart: int) -> int:
    """How many values can be picked, each two of them so far apart: tried from every value downwards."""
    best: dict[int, int] = {}
    for value in sorted(set(values)):
        best[value] = 1 + max((count for other, count in best.items() if value - other >= apart), default=0)
    return max(best.values(), default=0)


def masked(model: Model, hidden: Collection[int]) -> Iterator[int]:
    """The figures that cells hold, all of them hidden."""
    for number, figure in enumerate(model.figures):
        if figure.parts and set(figure.parts) <= set(hidden):
            yield number


def _range(model: Model, number: int, hidden: Collection[int]) -> Collection[int]:
    figure = model.figures[number]
    if figure.true is None or number in set(masked(model, hidden)):
        return range(figure.low, figure.high + 1)
    return (figure.true,)


def _fits(model: Model, hidden: Collection[int], world: World) -> bool:
    for relation in model.relations:
        if relation.given is None or relation.given not in hidden:
            total = sum(factor * world[figure] for figure, factor in relation.terms)
            if relation.low is not None and total < relation.low:
                return False
            if relation.high is not None and total > relation.high:
                return False
    return True
