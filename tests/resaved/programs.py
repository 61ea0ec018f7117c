"""The programs and libraries that colleagues save a workbook with, and how each is driven here.

Every one of them does the same steps: open a file, type texts, numbers and dates into cells, let a table
grow by a row, save as another file.
"""

from __future__ import annotations

import os
import subprocess
import warnings
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import openpyxl

from hmsbook.opc.cells import parse_range
from tests.support.office import Document, Office

HERE = Path(__file__).parent
CACHE = HERE.parents[1] / ".cache"
SECONDS = 300


class Step(NamedTuple):
    """One thing to do: `open` and `save` a file, `grow` a table, or type `text`, `number` or `date`."""

    do: str
    place: str
    what: str = ""
    value: str = ""

    @property
    def line(self) -> str:
        """The step as a line of the file that the programs in other languages read."""
        return "\t".join(filter(None, self))


Steps = Iterable[Step]


class CannotSaveError(Exception):
    """A program did not get through; its own words."""


def opened(path: Path) -> Step:
    """Open a file."""
    return Step("open", str(path))


def saved(path: Path) -> Step:
    """Save what is open as another file."""
    return Step("save", str(path))


def _run(command: list[str], **more: str) -> None:
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=SECONDS, env=os.environ | more, check=False
    )
    if done.returncode:
        raise CannotSaveError(done.stderr)


def _with_file(steps: Steps) -> Path:
    steps = list(steps)
    path = Path(next(step.place for step in steps if step.do == "save")).with_suffix(".steps")
    path.write_text("\n".join(step.line for step in steps), encoding="utf-8")
    return path


def exceljs(steps: Steps, _: Office) -> None:
    """ExcelJS, a library for JavaScript."""
    _run(["node", str(HERE / "exceljs.cjs"), str(_with_file(steps))], NODE_PATH=str(CACHE / "node_modules"))


def sheetjs(steps: Steps, _: Office) -> None:
    """SheetJS, a library for JavaScript."""
    _run(["node", str(HERE / "sheetjs.cjs"), str(_with_file(steps))], NODE_PATH=str(CACHE / "node_modules"))


def poi(steps: Steps, _: Office) -> None:
    """Apache POI, a library for Java."""
    jars = CACHE / "poi" / "*"
    _run(["java", "-Xshare:auto", "-cp", str(jars), str(HERE / "Poi.java"), str(_with_file(steps))])


def gnumeric(steps: Steps, _: Office) -> None:
    """Gnumeric, which can change cells of the first sheet only without its window."""
    source, typed = "", list[str]()
    for step in steps:
        if step.do == "open":
            source, typed = step.place, []
        elif step.do == "save":
            _run(["ssconvert", *typed, source, step.place])
        elif step.do != "grow":
            typed += ["--set", f"A1={step.value}"]


def openpyxl_(steps: Steps, _: Office) -> None:
    """Openpyxl, a library for Python, as it is installed by itself: without Pillow it keeps no pictures."""
    book = openpyxl.Workbook()
    with warnings.catch_warnings(), mock.patch("openpyxl.reader.drawings.PILImage", new=False):
        # It says itself what it drops.
        warnings.simplefilter("ignore")
        for step in steps:
            if step.do == "open":
                book = openpyxl.load_workbook(step.place)
            elif step.do == "save":
                book.save(step.place)
            elif step.do == "grow":
                book[step.place].tables[step.what].ref = step.value
            else:
                book[step.place][step.what] = _VALUES[step.do](step.value)


def libreoffice(steps: Steps, office: Office) -> None:
    """LibreOffice, which inserts a row above the last of a table to let it grow."""
    document: Document | None = None
    for step in steps:
        if step.do == "open":
            document = office.open(step.place, window=True)
            continue
        assert document is not None
        if step.do == "save":
            document.save_as(Path(step.place))
            document.close()
        elif step.do == "grow":
            document.insert_rows(step.place, parse_range(step.value)[2] - 1)
        else:
            document.put(step.place, {step.what: _VALUES[step.do](step.value)})


_VALUES: dict[str, Callable[[str], str | float | date]] = {
    "text": str,
    "number": float,
    "date": date.fromisoformat,
}

PROGRAMS: dict[str, Callable[[Steps, Office], None]] = {
    "LibreOffice": libreoffice,
    "Gnumeric": gnumeric,
    "openpyxl": openpyxl_,
    "Apache POI": poi,
    "ExcelJS": exceljs,
    "SheetJS": sheetjs,
}
# Those whose result hmsbook refuses, by name, with the reason.
REFUSED = {"Gnumeric": "tables_gone_by", "SheetJS": "tables_gone_by", "ExcelJS": "tables_broken_by"}
