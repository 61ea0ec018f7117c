"""Small changes to a possible world: one number is moved, and others make up for it, without a solver."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from hmsbook.sharing.solver import Row, World

Bounds = Mapping[int, tuple[int, int]]
# So many changes are tried before a programme is asked, and so many in vain before none is tried any more.
MOST_TRIES = 40
MOST_IN_VAIN = 800


class Repair:
    """Depth first: each sum that does not hold any more is mended by one number that has not been moved."""

    def __init__(self, rows: Sequence[Row], bounds: Bounds) -> None:
        self.bounds = bounds
        self.around: dict[int, list[Row]] = {key: [] for key in bounds}
        for row in rows:
            for key, _ in row.terms:
                self.around[key].append(row)
        self.left = 0
        self.in_vain = 0

    def nearby(self, world: World, key: int, value: int) -> World | None:
        """A world like a possible one, but with this value of a number; None where none was found quickly."""
        low, high = self.bounds[key]
        if not low <= value <= high or self.in_vain > MOST_IN_VAIN:
            return None
        self.left = MOST_TRIES
        found = self._settled({**world, key: value}, (key,))
        self.in_vain += 0 if found else MOST_TRIES - self.left
        return found

    def _settled(self, world: World, moved: tuple[int, ...]) -> World | None:
        """The world with all sums right again."""
        wrong = next((row for key in moved for row in self.around[key] if not row.holds(world)), None)
        if wrong is None:
            return world
        for key, value in self._mended(wrong, world, moved):
            self.left -= 1
            if self.left < 0:
                return None
            if found := self._settled({**world, key: value}, (*moved, key)):
                return found
        return None

    def _mended(self, row: Row, world: World, moved: tuple[int, ...]) -> Iterator[tuple[int, int]]:
        """Each number that alone can put a sum right, and what it must be."""
        lacking = row.lacking(world)
        for key, factor in row.terms:
            # Away from zero, so that the sum gets all it lacks.
            value = world[key] + (
                -(-lacking // factor) if (lacking > 0) == (factor > 0) else lacking // factor
            )
            low, high = self.bounds[key]
            if key not in moved and low <= value <= high:
                yield key, value
