"""The add-in's VBA really run, in two interpreters, with its ribbon's buttons pressed.

Only the module that reaches out of the workbook is replaced, by the one in `vba`. Both interpreters have
limits. pyOpenVBA's knows no `WithEvents`. LibreOffice's ignores `#If`, passes numbers badly, cannot tell what
stands in the status bar, and gives nothing at all where an error occurred: `ask` takes that for a failure.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from pyopenvba import ExcelFile, VBAModuleKind
from pyopenvba.apps.excel import ExcelApplication

from hmsbook.addin.build import build
from hmsbook.addin.ribbon import ribbon
from tests.support.office import Document, Office

VBA = Path(__file__).with_name("vba")
PYTHON = r"C:\Program Files\Python 3.12\pythonw.exe"
LANGUAGES = {"nb": "1044", "nn": "2068", "en": "1033"}
ICONS = {"64": "note", "48": "warning"}

Run = Callable[..., object]


def text_of(name: str) -> str:
    """The VBA text of a module that only tests have."""
    return (VBA / name).read_text(encoding="ascii").replace("\n", "\r\n")


def stage_file(folder: Path) -> Path:
    """The add-in with the double in the place of its process module, and with the modules of the tests."""
    path = folder / "stage.xlam"
    path.write_bytes(build())
    with ExcelFile(path) as book:
        book.set_module("HmsProcess", text_of("HmsProcess.bas"))
        project = book.vba_project()
        for name in ("FakeControl", "FakeRibbon"):
            project.add_module(name, text_of(f"{name}.cls"), kind=VBAModuleKind.other)
        project.add_module("HmsStage", text_of("HmsStage.bas"))
        book.save()
    return path


def tags() -> dict[str, str]:
    """The tag of every control of the ribbon that has one, by its id."""
    controls = ElementTree.fromstring(ribbon()).iter()
    return {control.attrib["id"]: control.attrib["tag"] for control in controls if "tag" in control.attrib}


class Stage:
    """The add-in in an interpreter; what is not said is as on a PC where all is well, in bokmål."""

    def __init__(self, run: Run) -> None:
        self._run = run
        assert self.ask("StageCanary", "pip") == "pippip", "the interpreter does not run the project"
        self.set(
            language="1044", mac="no", python=PYTHON, missing="no", refusal="no", broken="no", answer="ok\n"
        )

    def ask(self, function: str, *arguments: str) -> str:
        """What a function of the module HmsStage gives."""
        answer = self._run(function, *arguments)
        assert isinstance(answer, str), f"{function}{arguments} failed"
        assert answer.startswith("="), f"{function}{arguments} failed"
        return answer[1:]

    def set(self, **values: str) -> None:
        """Decide what the double answers from now on."""
        for name, value in values.items():
            self.ask("StageSet", name, value)

    def says(self, question: str, control: str) -> str:
        """What the ribbon is told about a control: label, screentip, supertip, keytip or enabled."""
        return self.ask("StageAsk", question, control)

    def enabled(self, control: str) -> bool:
        """Whether a control can be pressed."""
        return {"True": True, "False": False}[self.says("enabled", control)]

    def press(self, control: str) -> list[tuple[str, ...]]:
        """Press a control and return what was done: commands run, messages shown, things put off."""
        log = self.ask("StagePress", control, tags()[control])
        return [tuple(entry.split("\t")) for entry in log.split("\r") if entry]

    def press_twice(self, control: str) -> list[tuple[str, ...]]:
        """Press a control, and again while the first press is at work; return what was done."""
        self.set(again=control)
        return self.press(control)

    def title(self) -> str:
        """The title of every message in bokmål."""
        return self.ask("StageTitle")

    def message(self, control: str) -> tuple[str, str, str]:
        """Press a control that ends in a message; return its icon, title and text."""
        kind, icon, title, text = self.press(control)[-1]
        assert kind == "say"
        return ICONS[icon], title, text


def in_pyopenvba(addin: Path, books: list[Path]) -> Stage:
    """The add-in in pyOpenVBA's interpreter, with workbooks open beside it, the last one in front."""
    path = addin.with_name("plain.xlam")
    shutil.copyfile(addin, path)
    with ExcelFile(path) as book:
        book.set_module("HmsEvents", book.get_module("HmsEvents").replace("WithEvents ", ""))
        book.save()
    excel = ExcelApplication.open(path)
    for found in books:
        excel.open_workbook(found)
    return Stage(lambda name, *texts: excel.run(f"HmsStage.{name}", *texts))


def in_libreoffice(office: Office, addin: Path, books: list[Path]) -> tuple[Stage, list[Document]]:
    """The same in LibreOffice; the documents are to be closed."""
    documents = [office.open(addin, macros=True, window=True)]
    documents += [office.open(found, window=True) for found in books]
    first: Any = documents[0]
    return Stage(lambda name, *texts: first.run_macro(f"VBAProject.HmsStage.{name}", *texts)), documents
