"""A real spreadsheet program in the tests: one headless LibreOffice a session, or a worker of it.

    with office.open("book.xlsx") as book:
        book.put("Månedsverdier", {"B7": 6.4})
        book.recalculate()
        assert book.value("Status", "C4") == 6.4
        book.save_as(tmp_path / "saved.xlsx")

Files are copied before they are opened, so the original is never touched and a stale lock never matters.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Self, cast

Value = float | str | None

# Debian builds the UNO bridge for its own interpreter, whichever one runs the tests.
UNO_PYTHON = os.environ.get("HMSBOOK_UNO_PYTHON", "/usr/bin/python3")
SERVER = Path(__file__).with_name("uno_server.py")
SECONDS = 180.0

FILTERS = {
    ".xlsx": "Calc MS Excel 2007 XML",
    ".xlsm": "Calc MS Excel 2007 VBA XML",
    ".xlam": "Calc MS Excel 2007 VBA XML",
    ".ods": "calc8",
    ".pdf": "calc_pdf_Export",
    ".csv": "Text - txt - csv (StarCalc)",
}


class OfficeError(Exception):
    """LibreOffice could not be started, did not answer, or refused."""


def _serial(value: date) -> float:
    """Return the number that Excel stores for a date or a time of day on it."""
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    return (moment - datetime(1899, 12, 30)).total_seconds() / 86400


def _end_group(process_id: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process_id, signal.SIGKILL)


class _Server:
    """The process that holds LibreOffice, and the lines of JSON to and from it."""

    def __init__(self, profile: Path, macro_level: int, locale: str) -> None:
        self._log = profile.with_suffix(".log")
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [UNO_PYTHON, str(SERVER), str(profile), str(macro_level), locale],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                bufsize=0,
                start_new_session=True,  # Ctrl-C ends the tests first, and they end LibreOffice
            )
        self.soffice = 0  # what `kill` may meet before there is one
        self._pending = b""
        self.soffice = cast("int", self._reply())

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, request: Mapping[str, object]) -> object:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
        except BrokenPipeError:
            self.kill()
            raise OfficeError("LibreOffice is gone") from None
        return self._reply()

    def _reply(self) -> object:
        reply = json.loads(self._line())
        if "error" in reply:
            if "DisposedException" in reply["error"]:
                self.kill()  # the program behind the bridge crashed: the next open starts a new one
            raise OfficeError(f"{reply['error']}\n{reply['trace']}")
        return reply["result"]

    def _line(self) -> bytes:
        assert self._process.stdout is not None
        give_up = time.monotonic() + SECONDS
        while b"\n" not in self._pending:
            ready, _, _ = select.select([self._process.stdout], [], [], max(0.0, give_up - time.monotonic()))
            chunk = os.read(self._process.stdout.fileno(), 1 << 20) if ready else b""
            if not chunk:
                self.kill()
                why = "LibreOffice ended" if ready else f"LibreOffice did not answer in {SECONDS:.0f} s"
                raise OfficeError(f"{why}\n{self._log.read_text(errors='replace')}")
            self._pending += chunk
        line, _, self._pending = self._pending.partition(b"\n")
        return line

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(30)
        self.kill()

    def kill(self) -> None:
        for process_id in filter(None, (self._process.pid, self.soffice)):
            _end_group(process_id)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()


class Office:
    """One LibreOffice, started when the first file is opened and started again if it crashed.

    `macro_level` is LibreOffice's macro security, 0 (low) to 3 (very high); macros run only in documents that
    are opened with `macros=True`. The locale is Norwegian as the users' is: a comma before decimals.
    """

    def __init__(self, *, macro_level: int = 0, locale: str = "nb-NO") -> None:
        self._macro_level = macro_level
        self._locale = locale
        self._folder = Path(tempfile.mkdtemp(prefix="hmsbook-office-"))
        self._count = itertools.count(1)
        self._server: _Server | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start LibreOffice unless it runs."""
        if self._server is None or not self._server.alive:
            profile = self._folder / f"profile{next(self._count)}"
            self._server = _Server(profile, self._macro_level, self._locale)

    def open(self, path: Path | str, *, macros: bool = False, window: bool = False) -> Document:
        """Open a copy of a file, with its cached values as they are until `recalculate`.

        Without a window LibreOffice forgets what belongs to one when it saves, frozen panes among it.
        """
        self.start()
        number = self.number()
        copy = self._folder / str(number) / Path(path).name
        copy.parent.mkdir()
        shutil.copyfile(path, copy)
        # LibreOffice has no filter of that extension, and the one for macro workbooks reads add-ins.
        filter_name = FILTERS[".xlam"] if copy.suffix == ".xlam" else None
        self.ask(
            "open",
            {
                "doc": number,
                "path": str(copy),
                "macros": macros,
                "filter_name": filter_name,
                "window": window,
            },
        )
        return Document(self, number)

    @property
    def process(self) -> int:
        """The process of LibreOffice, the first of its group."""
        self.start()
        assert self._server is not None
        return self._server.soffice

    def number(self) -> int:
        """Return a number that no document has."""
        return next(self._count)

    def ask(self, operation: str, arguments: Mapping[str, object]) -> object:
        """Let the server do one of its operations and return its result."""
        if self._server is None or not self._server.alive:
            raise OfficeError("LibreOffice is not running: its documents are lost")
        return self._server.ask({"do": operation, **arguments})

    def close(self) -> None:
        """End LibreOffice and remove what it left."""
        if self._server is not None:
            self._server.close()
            self._server = None
        shutil.rmtree(self._folder, ignore_errors=True)


class Document:
    """A workbook open in LibreOffice; rows count from 1, columns are letters, positions count from 0."""

    def __init__(self, office: Office, number: int) -> None:
        self._office = office
        self._number = number

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A document lost in a crash cannot be closed, and the first problem is the one to report.
        with contextlib.suppress(*([OfficeError] if problem else [])):
            self.close()

    def _ask(self, operation: str, **arguments: object) -> object:
        return self._office.ask(operation, {"doc": self._number, **arguments})

    def close(self) -> None:
        """Close without saving."""
        self._ask("close")

    def recalculate(self) -> None:
        """Compute every formula anew."""
        self._ask("recalculate")

    def sheets(self) -> list[str]:
        """Return the names of all sheets, in order."""
        return list(self.visibility())

    def visibility(self) -> dict[str, bool]:
        """Return whether each sheet shows, in order."""
        return dict(cast("list[tuple[str, bool]]", self._ask("sheets")))

    def value(self, sheet: str, cell: str) -> Value:
        """Return what a cell holds: a number, a text, the name of an error, or None when it is empty."""
        return cast("Value", self._ask("value", sheet=sheet, cell=cell))

    def text(self, sheet: str, cell: str) -> str:
        """Return what a cell shows, formatted."""
        return cast("str", self._ask("text", sheet=sheet, cell=cell))

    def formula(self, sheet: str, cell: str) -> str:
        """Return the formula in LibreOffice's English form, or the content when there is none."""
        return cast("str", self._ask("formula", sheet=sheet, cell=cell))

    def block(self, sheet: str, area: str) -> list[list[Value]]:
        """Return the values of an area row by row; here an empty cell is "" and an error is None."""
        return cast("list[list[Value]]", self._ask("block", sheet=sheet, area=area))

    def formulas(self, sheet: str) -> dict[str, Value]:
        """Return the result of every formula of a sheet by the address of its cell."""
        return cast("dict[str, Value]", self._ask("formulas", sheet=sheet))

    def put(self, sheet: str, values: Mapping[str, Value | date]) -> None:
        """Set cells to numbers, dates and texts exactly as given; None empties a cell."""
        plain = {cell: _serial(value) if isinstance(value, date) else value for cell, value in values.items()}
        self._ask("put", sheet=sheet, values=plain)

    def type(self, sheet: str, values: Mapping[str, str]) -> None:
        """Enter texts as a person types them: "6,4" gives a number, "31.12.2025" a date, "=A1" a formula."""
        self._ask("type", sheet=sheet, values=values)

    def insert_rows(self, sheet: str, row: int, count: int = 1) -> None:
        """Insert rows above a row."""
        self._ask("insert_rows", sheet=sheet, row=row, count=count)

    def delete_rows(self, sheet: str, row: int, count: int = 1) -> None:
        """Delete rows from a row on."""
        self._ask("delete_rows", sheet=sheet, row=row, count=count)

    def insert_columns(self, sheet: str, column: str, count: int = 1) -> None:
        """Insert columns before a column."""
        self._ask("insert_columns", sheet=sheet, column=column, count=count)

    def delete_columns(self, sheet: str, column: str, count: int = 1) -> None:
        """Delete columns from a column on."""
        self._ask("delete_columns", sheet=sheet, column=column, count=count)

    def sort(self, sheet: str, area: str, by: str, *, descending: bool = False, header: bool = False) -> None:
        """Sort the rows of an area by one column."""
        self._ask("sort", sheet=sheet, area=area, column=by, descending=descending, header=header)

    def filter(self, sheet: str, area: str, by: str, wanted: str) -> None:
        """Hide the rows of an area below its headers, but those with a text in one column."""
        self._ask("filter", sheet=sheet, area=area, column=by, wanted=wanted)

    def add_sheet(self, name: str, position: int = 0) -> None:
        """Insert an empty sheet."""
        self._ask("add_sheet", name=name, position=position)

    def remove_sheet(self, name: str) -> None:
        """Remove a sheet."""
        self._ask("remove_sheet", name=name)

    def rename_sheet(self, name: str, new: str) -> None:
        """Give a sheet another name."""
        self._ask("rename_sheet", name=name, new=new)

    def move_sheet(self, name: str, position: int) -> None:
        """Move a sheet to a position."""
        self._ask("move_sheet", name=name, position=position)

    def show_sheet(self, name: str, *, visible: bool = True) -> None:
        """Show or hide a sheet, very hidden ones too."""
        self._ask("show_sheet", name=name, visible=visible)

    def show_only(self, name: str) -> None:
        """Show one sheet and hide all others."""
        self.show_sheet(name)
        for other in self.sheets():
            if other != name:
                self.show_sheet(other, visible=False)

    def save_as(self, path: Path, filter_name: str | None = None) -> Path:
        """Write to a new file in the format that its extension or the filter names, and return its path."""
        self._ask("save", path=str(path.absolute()), filter_name=filter_name or FILTERS[path.suffix])
        return path

    def to_pdf(self, path: Path) -> Path:
        """Print the sheets that show to a PDF file and return its path."""
        return self.save_as(path, FILTERS[".pdf"])

    def run_macro(self, macro: str, *arguments: object) -> object:
        """Run `Project.Module.Name` and return its result; None means failure, which LibreOffice hides."""
        return self._ask("run_macro", macro=macro, arguments=arguments)
