"""A filled sample and a workbook with one of everything, as every program saves them.

Each program saves the sample as it is, then opens that again, changes it and saves it; and it saves the
workbook that holds what people add.
"""

from __future__ import annotations

import json
import tomllib
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from hmsbook.actions.create import new
from hmsbook.actions.export import export
from hmsbook.actions.update import update
from hmsbook.opc.cells import cell_name, range_name
from tests.hosts.books import spot, table
from tests.hosts.foreign.book import foreign_book
from tests.resaved.programs import PROGRAMS, CannotSaveError, Step, opened, saved
from tests.samples.expect import SAMPLES
from tests.support.office import Office

CASE = SAMPLES / "byggeplass"
STATUS, DEADLINE, VALUE, MEASURE, BELOW = (
    "Gjennomført",
    date(2026, 12, 31),
    4.75,
    "Nytt tiltak æøå 🙂",
    "Enda ett",
)


class Saved(NamedTuple):
    """What one program made of the sample, of the sample once more with changes, and of what people add.

    `foreign` is None where the program cannot save it; `plainer` is then the same without newer rules.
    """

    sample: Path
    edited: Path
    foreign: Path | None
    plainer: Path | None


class Saves:
    """The workbooks before, and after each program."""

    def __init__(self, folder: Path, office: Office) -> None:
        self.folder, self.office = folder, office
        self._saved: dict[str, Saved] = {}

    @cached_property
    def today(self) -> date:
        """The day of the sample."""
        return self._facts["today"]

    @cached_property
    def _facts(self) -> dict[str, Any]:
        return tomllib.loads((CASE / "case.toml").read_text(encoding="utf-8"))

    @cached_property
    def sample(self) -> Path:
        """The filled sample after an update, with no more room than its indicators take."""
        path = self.folder / str(self._facts["file"])
        new(path, data=CASE / "data.json", slots=8, today=self.today, pin_today=True)
        update(path, today=self.today)
        return path

    @cached_property
    def foreign(self) -> Path:
        """The workbook with one of everything that people add."""
        return foreign_book(self.folder / "everything.xlsx")

    @cached_property
    def plainer(self) -> Path:
        """The same without the rules that one program stumbles over."""
        return foreign_book(self.folder / "plainer.xlsx", newer_rules=False)

    def by(self, program: str) -> Saved:
        """What a program makes of them."""
        if program not in self._saved:
            self._saved[program] = self._save(program)
        return self._saved[program]

    def _save(self, program: str) -> Saved:
        made = self.folder / program
        made.mkdir()
        sample, edited, foreign, plainer = (
            made / name for name in ("sample.xlsx", "edited.xlsx", "foreign.xlsx", "plainer.xlsx")
        )
        run = PROGRAMS[program]
        steps = [opened(self.sample), saved(sample), opened(sample), *self.edits(program), saved(edited)]
        try:
            run([*steps, opened(self.foreign), saved(foreign)], self.office)
        except CannotSaveError:
            # What came before is done: only the last workbook is too much for it.
            run([opened(self.plainer), saved(plainer)], self.office)
            return Saved(sample, edited, None, plainer)
        return Saved(sample, edited, foreign, None)

    def edits(self, program: str) -> list[Step]:
        """What a colleague changes: a number, a choice, a date, a new measure, one more in a new row."""
        measures = table(self.sample, "measures")
        number, status, deadline, free = (
            spot(self.sample, key, column, row)
            for key, column, row in (
                ("values", "I01", 0),
                ("measures", "status", 0),
                ("measures", "deadline", 1),
                ("measures", "measure", len(measures_of(self.sample))),
            )
        )
        area = measures.area
        # LibreOffice inserts the new row above the last one.
        row = area.bottom if program == "LibreOffice" else area.bottom + 1
        below = cell_name((row, area.left + measures.columns.index("Tiltak")))
        grown = range_name((area.top, area.left, area.bottom + 1, area.right))
        return [
            Step("number", *number, str(VALUE)),
            Step("text", *status, STATUS),
            Step("date", *deadline, DEADLINE.isoformat()),
            Step("text", *free, MEASURE),
            Step("grow", measures.sheet, measures.name, grown),
            Step("text", measures.sheet, below, BELOW),
        ]


def measures_of(path: Path) -> list[dict[str, Any]]:
    """The measures of a workbook as an export gives them."""
    return exported(path)["measures"]


def exported(path: Path) -> dict[str, list[dict[str, Any]]]:
    """What an export of a workbook holds."""
    (text,) = export(path).files.values()
    return json.loads(text)
