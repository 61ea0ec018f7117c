"""A headless LibreOffice behind lines of JSON; `office.py` starts this and talks to it.

It is a process of its own, run by Debian's Python, for three reasons: the UNO bridge is built for that
interpreter only, importing it replaces `builtins.__import__`, and its crash must not end the tests.
When standard input ends, for whatever reason, LibreOffice is ended too.
"""

import contextlib
import importlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import traceback
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

import uno
import unohelper
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

START_SECONDS = 60
STOP_SECONDS = 10

NEVER_EXECUTE = 0
ALWAYS_EXECUTE_NO_WARN = 4

# com.sun.star.sheet.CellFlags and FormulaResult
FORMULA_CELLS = 16
ALL_CONTENT = 1 | 2 | 4 | 16
ERROR_RESULTS = 4

ERRORS = {
    501: "#NUM!",
    502: "#VALUE!",
    503: "#NUM!",
    504: "#REF!",
    519: "#VALUE!",
    524: "#REF!",
    525: "#NAME?",
    532: "#DIV/0!",
    32767: "#N/A",
}

# Recalculation mode 1 is "never": the cached values are seen as a reader without a formula engine sees them.
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
 <item oor:path="/org.openoffice.Office.Common/Security/Scripting">
  <prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>{macro_level}</value></prop></item>
 <item oor:path="/org.openoffice.Office.Calc/Formula/Load">
  <prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>1</value></prop></item>
 <item oor:path="/org.openoffice.Setup/L10N">
  <prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>{locale}</value></prop></item>
</oor:items>
"""


def properties(**values: object) -> tuple[Any, ...]:
    """Return named values in the form UNO wants them."""
    return tuple(PropertyValue(name, 0, value, 0) for name, value in values.items())


def letters(column: int) -> str:
    """Return the letters of a column counted from 0."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def number(column: str) -> int:
    """Return the column counted from 0 that the letters name."""
    total = 0
    for letter in column.upper():
        total = total * 26 + ord(letter) - 64
    return total - 1


def result(cell: Any) -> float | str | None:
    """Return what a cell holds: a number, a text, the name of an error, or nothing."""
    if cell.getError():
        return ERRORS.get(cell.getError(), f"Err:{cell.getError()}")
    kind = (
        cell.FormulaResultType2
        if cell.Type.value == "FORMULA"
        else {"VALUE": 1, "TEXT": 2}.get(cell.Type.value)
    )
    if kind is None:
        return None
    return float(cell.Value) if kind == 1 else str(cell.String)


class Program:
    """One soffice with a profile of its own, reached over a pipe."""

    def __init__(self, profile: Path, macro_level: int, locale: str) -> None:
        (profile / "user").mkdir(parents=True)
        settings = SETTINGS.format(macro_level=macro_level, locale=locale)
        (profile / "user" / "registrymodifications.xcu").write_text(settings, encoding="utf-8")
        soffice = shutil.which("soffice")
        if soffice is None:
            raise FileNotFoundError("soffice is not installed: run tools/setup")
        pipe = f"hmsbook{uuid.uuid4().hex[:12]}"
        self.process = subprocess.Popen(
            [
                soffice,
                f"-env:UserInstallation={profile.as_uri()}",
                "--headless",
                "--norestore",
                "--nologo",
                "--nodefault",
                "--nofirststartwizard",
                f"--accept=pipe,name={pipe};urp;",
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # soffice is a wrapper: only its process group reaches all of it
        )
        try:
            self._context = self._connect(pipe)
            self.desktop = self.service("com.sun.star.frame.Desktop")
        except BaseException:
            self.kill()
            raise

    def _connect(self, pipe: str) -> Any:
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        give_up = time.monotonic() + START_SECONDS
        while True:
            try:
                context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            except NoConnectException:
                if self.process.poll() is not None or time.monotonic() > give_up:
                    raise RuntimeError("soffice did not start") from None
                time.sleep(0.05)
            else:
                return context

    def service(self, name: str) -> Any:
        """Return an instance of one of LibreOffice's services."""
        return self._context.ServiceManager.createInstanceWithContext(name, self._context)

    def close(self) -> None:
        """End LibreOffice politely, then whatever is left of its process group."""
        # UNO's exceptions have no common base that can be imported.
        with contextlib.suppress(Exception):
            self.desktop.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(STOP_SECONDS)
        self.kill()

    def kill(self) -> None:
        """End the process group."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Operations:
    """What a client can ask for: each public method is one operation, called with the request's arguments."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.documents: dict[int, Any] = {}
        self.others: dict[str, object] = {}
        self.asked = 0

    def load(self, name: str, module: str) -> None:
        """Offer what a module's `operations` gives as `name.operation`; loading it again changes nothing."""
        if name not in self.others:
            self.others[name] = importlib.import_module(module).operations(self)

    def open(self, doc: int, path: str, macros: bool, filter_name: str | None, window: bool) -> None:
        """Open a file, with its cached values as they are."""
        mode = ALWAYS_EXECUTE_NO_WARN if macros else NEVER_EXECUTE
        arguments: dict[str, object] = {"Hidden": not window, "MacroExecutionMode": mode}
        if filter_name:
            arguments["FilterName"] = filter_name
        url = unohelper.systemPathToFileUrl(path)
        document = self.program.desktop.loadComponentFromURL(url, "_blank", 0, properties(**arguments))
        if document is None or not document.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
            raise OSError(f"LibreOffice did not open {Path(path).name} as a workbook")
        self.documents[doc] = document

    def close(self, doc: int) -> None:
        """Close a document without saving it."""
        self.documents.pop(doc).close(True)

    def recalculate(self, doc: int) -> None:
        """Compute every formula anew."""
        self.documents[doc].calculateAll()

    def sheets(self, doc: int) -> list[list[object]]:
        """Return name and visibility of every sheet, in order."""
        return [[sheet.Name, sheet.IsVisible] for sheet in self.documents[doc].Sheets]

    def value(self, doc: int, sheet: str, cell: str) -> float | str | None:
        """Return what a cell holds."""
        return result(self._cell(doc, sheet, cell))

    def text(self, doc: int, sheet: str, cell: str) -> str:
        """Return what a cell shows."""
        return str(self._cell(doc, sheet, cell).String)

    def formula(self, doc: int, sheet: str, cell: str) -> str:
        """Return the formula, or the content as it would be typed in English."""
        return str(self._cell(doc, sheet, cell).Formula)

    def block(self, doc: int, sheet: str, area: str) -> list[list[object]]:
        """Return the values of an area, row by row; an empty cell is an empty text, an error is nothing."""
        return [list(row) for row in self._area(doc, sheet, area).getDataArray()]

    def formulas(self, doc: int, sheet: str) -> dict[str, float | str | None]:
        """Return the result of every cell of a sheet that holds a formula."""
        page = self._sheet(doc, sheet)
        found: dict[str, float | str | None] = {}
        for place in page.queryContentCells(FORMULA_CELLS).RangeAddresses:
            found |= self._results(page, place)
        # getDataArray hides which error it is, so those cells are asked one by one.
        for cell in page.queryFormulaCells(ERROR_RESULTS).Cells:
            found[letters(cell.CellAddress.Column) + str(cell.CellAddress.Row + 1)] = result(cell)
        return found

    def put(self, doc: int, sheet: str, values: dict[str, float | str | None]) -> None:
        """Set numbers and texts as they are; nothing empties the cell."""
        for address, value in values.items():
            cell = self._cell(doc, sheet, address)
            if value is None:
                cell.clearContents(ALL_CONTENT)
            elif isinstance(value, str):
                cell.setString(value)
            else:
                cell.setValue(value)

    def type(self, doc: int, sheet: str, values: dict[str, str]) -> None:
        """Enter texts as a person types them and let LibreOffice make of them what it does."""
        for address, text in values.items():
            self._cell(doc, sheet, address).FormulaLocal = text

    def insert_rows(self, doc: int, sheet: str, row: int, count: int) -> None:
        """Insert rows above a row counted from 1."""
        self._sheet(doc, sheet).Rows.insertByIndex(row - 1, count)

    def delete_rows(self, doc: int, sheet: str, row: int, count: int) -> None:
        """Delete rows from a row counted from 1."""
        self._sheet(doc, sheet).Rows.removeByIndex(row - 1, count)

    def insert_columns(self, doc: int, sheet: str, column: str, count: int) -> None:
        """Insert columns before a column given by its letters."""
        self._sheet(doc, sheet).Columns.insertByIndex(number(column), count)

    def delete_columns(self, doc: int, sheet: str, column: str, count: int) -> None:
        """Delete columns from a column given by its letters."""
        self._sheet(doc, sheet).Columns.removeByIndex(number(column), count)

    def sort(self, doc: int, sheet: str, area: str, column: str, descending: bool, header: bool) -> None:
        """Sort the rows of an area by one column given by its letters."""
        target = self._area(doc, sheet, area)
        field = uno.createUnoStruct("com.sun.star.table.TableSortField")
        field.Field = number(column) - target.RangeAddress.StartColumn
        field.IsAscending = not descending
        fields = uno.Any("[]com.sun.star.table.TableSortField", (field,))
        uno.invoke(target, "sort", (properties(SortFields=fields, ContainsHeader=header),))

    def filter(self, doc: int, sheet: str, area: str, column: str, wanted: str) -> None:
        """Hide the rows of an area below its headers, but those with a text in one column, by its letters."""
        target = self._area(doc, sheet, area)
        field = uno.createUnoStruct("com.sun.star.sheet.TableFilterField")
        field.Field = number(column) - target.RangeAddress.StartColumn
        field.StringValue = wanted
        field.Operator = uno.Enum("com.sun.star.sheet.FilterOperator", "EQUAL")
        descriptor = target.createFilterDescriptor(True)
        descriptor.ContainsHeader = True
        descriptor.setFilterFields((field,))
        target.filter(descriptor)

    def add_sheet(self, doc: int, name: str, position: int) -> None:
        """Insert an empty sheet at a position counted from 0."""
        self.documents[doc].Sheets.insertNewByName(name, position)

    def remove_sheet(self, doc: int, name: str) -> None:
        """Remove a sheet."""
        self.documents[doc].Sheets.removeByName(name)

    def rename_sheet(self, doc: int, name: str, new: str) -> None:
        """Give a sheet another name."""
        self._sheet(doc, name).Name = new

    def move_sheet(self, doc: int, name: str, position: int) -> None:
        """Move a sheet to a position counted from 0."""
        self.documents[doc].Sheets.moveByName(name, position)

    def show_sheet(self, doc: int, name: str, visible: bool) -> None:
        """Show or hide a sheet."""
        self._sheet(doc, name).IsVisible = visible

    def save(self, doc: int, path: str, filter_name: str) -> None:
        """Write the document to a new file in a format."""
        url = unohelper.systemPathToFileUrl(path)
        self.documents[doc].storeToURL(url, properties(FilterName=filter_name, Overwrite=True))

    def run_macro(self, doc: int, macro: str, arguments: list[object]) -> object:
        """Run a Sub or Function of the document, `Project.Module.Name`, and return what it gave."""
        provider = self.documents[doc].getScriptProvider()
        script = provider.getScript(f"vnd.sun.star.script:{macro}?language=Basic&location=document")
        value: object = script.invoke(tuple(arguments), (), ())[0]
        return value

    def _sheet(self, doc: int, name: str) -> Any:
        sheets = self.documents[doc].Sheets
        if not sheets.hasByName(name):
            raise KeyError(f"no sheet {name!r} among {', '.join(sheets.ElementNames)}")
        return sheets.getByName(name)

    def _area(self, doc: int, sheet: str, area: str) -> Any:
        return self._sheet(doc, sheet).getCellRangeByName(area)

    def _cell(self, doc: int, sheet: str, address: str) -> Any:
        if not re.fullmatch(r"[A-Za-z]{1,3}[1-9]\d*", address):
            raise ValueError(f"{address!r} is not the address of one cell")
        return self._area(doc, sheet, address).getCellByPosition(0, 0)

    @staticmethod
    def _results(page: Any, place: Any) -> dict[str, float | str | None]:
        corners = (place.StartColumn, place.StartRow, place.EndColumn, place.EndRow)
        rows = page.getCellRangeByPosition(*corners).getDataArray()
        return {
            letters(place.StartColumn + across) + str(place.StartRow + down + 1): value
            for down, row in enumerate(rows)
            for across, value in enumerate(row)
        }


def named(operations: Operations, name: str) -> Callable[..., object]:
    """Return the operation of a name, `name` or `module.name`, and count it."""
    operations.asked += 1
    owner, _, last = name.rpartition(".")
    operation: Callable[..., object] = getattr(operations.others[owner] if owner else operations, last)
    return operation


def answer(operations: Operations, line: str) -> dict[str, object]:
    """Do what one request asks and return the reply to it."""
    request = json.loads(line)
    try:
        return {"result": named(operations, request.pop("do"))(**request)}
    except Exception as problem:  # whatever went wrong belongs in the reply, and the next request may succeed
        message = f"{type(problem).__name__}: {getattr(problem, 'Message', problem)}"
        return {"error": message, "trace": traceback.format_exc()}


def serve(replies: TextIO, profile: Path, macro_level: int, locale: str) -> None:
    """Start LibreOffice, then answer one request a line until input ends."""
    program = Program(profile, macro_level, locale)
    try:
        operations = Operations(program)
        print(json.dumps({"result": program.process.pid}), file=replies, flush=True)
        for line in sys.stdin:
            print(json.dumps(answer(operations, line)), file=replies, flush=True)
    finally:
        program.close()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))  # what is loaded later is found as the tests find it
    # The bridge and the libraries under it sometimes print: only replies may reach standard output.
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    serve(channel, Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
