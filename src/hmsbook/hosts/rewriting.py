"""The parts of a workbook that change, and the check of each before the file may take the old one's place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from functools import cached_property

from hmsbook.errors import PackageError
from hmsbook.hosts import calc_chain, window
from hmsbook.hosts.changes import EMPTY, Changes, Scan, plain
from hmsbook.model.frozen import NOTHING
from hmsbook.model.raw import Value
from hmsbook.opc.cells import MAX_AREA, Formula, Position, Range, Write, size
from hmsbook.opc.chart import Caches, Chart
from hmsbook.opc.package import Package, receipt
from hmsbook.opc.patch import Plan
from hmsbook.opc.rels import targets
from hmsbook.opc.sheet import Sheet
from hmsbook.opc.table import reaching
from hmsbook.opc.workbook import SheetInfo, Workbook

OWNED_CHARTS = ("hms_trend_", "hms_priorities")


class Rewriting:
    """Changes to the sheets of a workbook, with all that follows from them in its other parts."""

    def __init__(
        self,
        workbook: Workbook,
        changes: Mapping[str, Changes],
        states: Mapping[str, str],
        sheet: Callable[[str], Sheet],
        scan: Scan,
        *,
        grown: Mapping[str, Range] = NOTHING,
    ) -> None:
        self.workbook, self.package = workbook, workbook.package
        self.changes, self.states, self.sheet, self.scan = changes, states, sheet, scan
        self.grown = grown
        self.plans: Mapping[str, Plan] = {
            part: sheet(part).plan(change.edit, lambda: workbook.shared_strings)
            for part, change in changes.items()
        }
        self.caches = Caches(self._values)

    def data(self) -> bytes:
        """The file with the changes made, once it is sure that nothing else is different in it."""
        if not self.changes and not self.states:
            return self.package.data
        data, changed = self._replaced()
        self.inspect(receipt(self.package, data, changed), changed)
        return data

    def _replaced(self) -> tuple[bytes, Set[str]]:
        """The file with the changes made, and the names of the parts that differ."""
        parts = {part: plan.result() for part, plan in self.plans.items()}
        parts |= {part: self.caches.refreshed(chart) for part, chart in self._charts.items()}
        parts |= {part: reaching(self.package.read(part), area, part) for part, area in self.grown.items()}
        if self._chain and self._gone:
            parts[self._chain] = calc_chain.without(self.package.read(self._chain), self._gone, self._chain)
        parts[self.workbook.part] = self.workbook.workbook_xml_with(self.states, full_calc_on_load=True)
        changed = {part: xml for part, xml in parts.items() if xml != self.package.read(part)}
        return self.package.replace(changed), set(changed)

    @cached_property
    def _charts(self) -> dict[str, Chart]:
        named = [pair for sheet in self.workbook.sheets for pair in self.workbook.charts(sheet)]
        owned = sorted({part for name, part in named if name.startswith(OWNED_CHARTS)})
        return {part: Chart(self.package.read(part), part) for part in owned}

    @cached_property
    def _chain(self) -> str:
        """Excel's list of formulas, which it does not need to have."""
        return next(iter(targets(self.package, self.workbook.part, "calcChain")), "")

    @cached_property
    def _gone(self) -> Set[tuple[str, Position]]:
        """The cells whose formula is taken away, by the number of their sheet."""
        numbers = calc_chain.sheet_ids(self.workbook)
        return {
            (numbers[part], at)
            for part, change in self.changes.items()
            for at in change.cells
            if _taken(change.cells[at])
        }

    def _values(self, reference: str) -> list[Value] | None:
        """What the cells of a chart's reference are to hold; None where none of them changes."""
        area = self.workbook.locate(reference)
        change = self.changes.get(area[0].part) if area else None
        if area is None or change is None or size(area[1:]) > MAX_AREA:
            return None
        shown = change.block.column(area) if change.block else None
        if shown is not None:
            return shown
        new, positions = change.cells, list(_positions(area))
        if not any(at in new for at in positions):
            return None
        old = self.scan(area[0]).cells
        return [plain(new[at]) if at in new else old.get(at, EMPTY).value for at in positions]

    # The receipt inside the parts

    def inspect(self, after: Package, changed: Set[str]) -> None:
        """Check that in the changed parts just what was wanted is different; PackageError names the first."""
        for part in changed:
            if not self._is_right(part, after):
                raise PackageError("receipt_failed", path=after.path, part=part)

    def _is_right(self, part: str, after: Package) -> bool:
        if part in self.plans:
            return self._is_sheet_right(self.plans[part], after.read(part))
        if part in self._charts:
            old, new = self._charts[part], Chart(after.read(part), part)
            return self.caches.refreshed(new) is new.xml and self.caches.rest(new) == self.caches.rest(old)
        if part in self.grown:
            return self._is_table_right(part, after)
        if part == self._chain:
            old_cells = calc_chain.listed(self.package.read(part), part)
            return calc_chain.listed(after.read(part), part) == [
                it for it in old_cells if it not in self._gone
            ]
        return part == self.workbook.part and self._is_workbook_right(Workbook(after))

    def _is_table_right(self, part: str, after: Package) -> bool:
        """Whether a table reaches as far as it shall, and is else what it was."""
        old, new = (
            next(table.ref for table in found.tables if table.part == part)
            for found in (self.workbook, Workbook(after))
        )
        back = reaching(after.read(part), old, part)
        return new == self.grown[part] and back == self.package.read(part)

    def _is_sheet_right(self, plan: Plan, xml: bytes) -> bool:
        # What has the rest of a sound part, and cells that are read without expat, is sound itself.
        formulas = self.sheet(plan.part).formulas if self.changes[plan.part].block else None
        sheet = Sheet(xml, plan.part, is_sound=plan.found.all_rows is not None, formulas=formulas)
        again = sheet.plan(plan.edit, plan.strings)
        there = plan.found.cells
        return (
            again.rest() == plan.rest()
            and again.carried_out() == xml
            and self._is_block_right(plan, sheet)
            and again.kept(there) == plan.kept(there)
        )

    def _is_block_right(self, plan: Plan, after: Sheet) -> bool:
        block = self.changes[plan.part].block
        if block is None:
            return True
        return window.is_right(self.sheet(plan.part), after, block.spot[1], block.grid)

    def _is_workbook_right(self, new: Workbook) -> bool:
        states = {sheet.part: sheet.state for sheet in self.workbook.sheets}
        wanted = states | self.workbook.allowed(self.states)
        found = {sheet.part: sheet.state for sheet in new.sheets}
        return found == wanted and new.full_calc and new.rest() == self.workbook.rest()


def _positions(area: tuple[SheetInfo, int, int, int, int]) -> Iterator[Position]:
    _, top, left, bottom, right = area
    return ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))


def _taken(value: Write) -> bool:
    """Whether a formula is taken away."""
    return isinstance(value, Formula) and not value.text
