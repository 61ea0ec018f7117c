"""Linear programmes in whole numbers, solved by HiGHS and checked without rounding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from hmsbook.model.frozen import Frozen

if TYPE_CHECKING:
    import highspy

World = Mapping[int, int]
# A search cut short finds too little or something dearer, which hides too much, never too little.
MOST_NODES = 100
# What is cheapest to hide is not looked for long: what is cheap enough does as well.
FEW_NODES = 1
GAP = 0.1


class Row(Frozen):
    """A sum of unknowns between two bounds."""

    terms: tuple[tuple[int, int], ...]
    low: int | None
    high: int | None

    def holds(self, world: World) -> bool:
        """Whether the sum of a world's numbers lies between the bounds."""
        return self.lacking(world) == 0

    def lacking(self, world: World) -> int:
        """What the sum of a world's numbers must grow by to lie between the bounds; below zero: shrink."""
        total = sum(factor * world[at] for at, factor in self.terms)
        if self.low is not None and total < self.low:
            return self.low - total
        return self.high - total if self.high is not None and total > self.high else 0


class Programme:
    """Whole numbers within bounds, and sums of them within bounds."""

    def __init__(
        self,
        bounds: Mapping[int, tuple[int, int]],
        rows: Sequence[Row],
        costs: Mapping[int, int] | None = None,
    ) -> None:
        self.bounds = dict(bounds)
        self.rows = rows
        self._columns = {key: column for column, key in enumerate(self.bounds)}
        self._solver = _solver(self.bounds, rows, self._columns)
        if costs:
            self._solver.setOptionValue("mip_max_nodes", FEW_NODES)
            self._solver.setOptionValue("mip_rel_gap", GAP)
        for key, cost in (costs or {}).items():
            self._solver.changeColCost(self._columns[key], float(cost))

    @property
    def contradictory(self) -> bool:
        """Whether it is sure that no numbers fit."""
        import highspy

        self._solver.run()
        return bool(self._solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible)

    def least(self, key: int, at_least: int | None = None) -> World | None:
        """A world in which one number is as small as it can be, but not below a bound; None without any."""
        column = self._columns[key]
        self._solver.changeColCost(column, 1.0)
        world = self.within(key, at_least)
        self._solver.changeColCost(column, 0.0)
        return world

    def within(self, key: int, at_least: int | None = None, at_most: int | None = None) -> World | None:
        """The world of the least cost in which one number lies between these bounds; None without any."""
        low, high = self.bounds[key]
        low, high = (
            max(low, low if at_least is None else at_least),
            min(high, high if at_most is None else at_most),
        )
        if low > high:
            return None
        column = self._columns[key]
        self._solver.changeColBounds(column, float(low), float(high))
        world = self._world()
        self._solver.changeColBounds(column, *map(float, self.bounds[key]))
        return world if world and low <= world[key] <= high else None

    def _world(self) -> World | None:
        self._solver.run()
        if not _solved(self._solver):
            return None
        found = self._solver.getSolution().col_value
        world = {key: round(found[column]) for key, column in self._columns.items()}
        return world if self._possible(world) else None

    def _possible(self, world: World) -> bool:
        within = all(low <= world[key] <= high for key, (low, high) in self.bounds.items())
        return within and all(row.holds(world) for row in self.rows)


@cache
def _quiet() -> type[highspy.Highs]:
    """HiGHS without its callbacks: setting them up prints who it is before anything can be switched off."""
    import highspy

    class Quiet(highspy.Highs):
        def enableCallbacks(self) -> None:  # noqa: N802 - its own name
            """Leave them as they are."""

    return Quiet


def _solver(
    bounds: Mapping[int, tuple[int, int]], rows: Iterable[Row], columns: Mapping[int, int]
) -> highspy.Highs:
    solver = _quiet()()
    options: dict[str, Any] = {"output_flag": False, "threads": 1, "mip_max_nodes": MOST_NODES}
    for option, value in options.items():
        solver.setOptionValue(option, value)
    solver.passModel(_model(bounds, list(rows), columns))
    return solver


def _model(
    bounds: Mapping[int, tuple[int, int]], rows: Sequence[Row], columns: Mapping[int, int]
) -> highspy.HighsLp:
    import highspy
    import numpy as np

    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(bounds), len(rows)
    model.col_cost_ = np.zeros(len(bounds))
    model.col_lower_ = np.array([low for low, _ in bounds.values()], float)
    model.col_upper_ = np.array([high for _, high in bounds.values()], float)
    model.row_lower_ = np.array([-np.inf if row.low is None else row.low for row in rows], float)
    model.row_upper_ = np.array([np.inf if row.high is None else row.high for row in rows], float)
    terms = [term for row in rows for term in row.terms]
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.cumsum([0, *(len(row.terms) for row in rows)])
    model.a_matrix_.index_ = np.array([columns[key] for key, _ in terms])
    model.a_matrix_.value_ = np.array([factor for _, factor in terms], float)
    model.integrality_ = [highspy.HighsVarType.kInteger] * len(bounds)
    return model


def _solved(solver: highspy.Highs) -> bool:
    """Whether there is a solution, the best or one the search was cut short at."""
    import highspy

    if solver.getModelStatus() == highspy.HighsModelStatus.kOptimal:
        return True
    return bool(solver.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible)
