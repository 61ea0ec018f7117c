"""A PC around the add-in, as far as its process module reaches out: the objects of Windows and of Office.

Each does what the real one does, on this machine: programs are really started, with the arguments that
Windows would give them, and files are really read and removed.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.apps.excel._model import Application
from pyopenvba.interpreter._intrinsics import INTRINSICS
from pyopenvba.interpreter._objects import VBAObject, member, method, setter
from pyopenvba.interpreter._values import EMPTY, VBAInt, error

from tests.addin.windows import argv, expanded

PERMISSION_DENIED = 70


class Variables(VBAObject):
    """The environment of a process."""

    def __init__(self, values: dict[str, str]) -> None:
        self.values = values

    @member(default=True)
    def Item(self, Name: object) -> object:
        return self.values.get(str(Name), "")

    @setter("Item")
    def _set_item(self, name: object, value: object) -> None:
        self.values[str(name)] = str(value)


class Shell(VBAObject):
    """WScript.Shell."""

    def __init__(self, pc: PC) -> None:
        self.pc = pc

    @member
    def Environment(self, Type: object) -> object:
        assert Type == "PROCESS"
        return Variables(self.pc.variables)

    @method
    def Run(self, Command: object, Style: object, Wait: object) -> object:
        assert (int(str(Style)), Wait) == (0, True), "a window would show, or Excel would not wait"
        arguments = argv(expanded(str(Command), self.pc.variables))
        self.pc.started.append(arguments)
        self.pc.shown.append(str(self.pc.excel.application.status_bar))
        try:
            done = subprocess.run(arguments, check=False, timeout=60)
        except PermissionError:
            raise error(PERMISSION_DENIED) from None
        return VBAInt(done.returncode, "Long")


class Folder(VBAObject):
    """A folder of Scripting.FileSystemObject."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @member(default=True)
    def Path(self) -> object:
        return str(self.path)


class FileSystem(VBAObject):
    """Scripting.FileSystemObject."""

    def __init__(self, pc: PC) -> None:
        self.pc = pc

    @method
    def FileExists(self, FileName: object) -> object:
        return Path(str(FileName)).is_file()

    @method
    def DeleteFile(self, FileName: object) -> object:
        Path(str(FileName)).unlink()
        return EMPTY

    @method
    def GetSpecialFolder(self, Which: object) -> object:
        assert int(str(Which)) == 2
        return Folder(self.pc.temporary)

    @method
    def GetTempName(self) -> object:
        return f"rad{len(self.pc.started):05}.tmp"


class Stream(VBAObject):
    """ADODB.Stream, reading text."""

    def __init__(self) -> None:
        self.settings: dict[str, object] = {}
        self.text = ""

    @member
    def Type(self) -> object:
        return self.settings["type"]

    @setter("Type")
    def _set_type(self, value: object) -> None:
        self.settings["type"] = int(str(value))

    @member
    def Charset(self) -> object:
        return self.settings["charset"]

    @setter("Charset")
    def _set_charset(self, value: object) -> None:
        self.settings["charset"] = value

    @method
    def Open(self) -> object:
        assert self.settings == {"type": 2, "charset": "utf-8"}
        return EMPTY

    @method
    def LoadFromFile(self, FileName: object) -> object:
        # As bytes, so that line ends stay; a mark at the beginning is taken away.
        self.text = Path(str(FileName)).read_bytes().decode("utf-8-sig")
        return EMPTY

    @method
    def ReadText(self) -> object:
        return self.text

    @method
    def Close(self) -> object:
        return EMPTY


class Languages(VBAObject):
    """The languages of Office."""

    @member
    def LanguageID(self, Which: object) -> object:
        assert int(str(Which)) == 2, "the language of the user interface"
        return VBAInt(2068, "Long")


class Excel(Application):
    """What pyOpenVBA's Excel does not have."""

    takes_keys = False

    @member
    def Hwnd(self) -> object:
        return VBAInt(263370, "Long")

    @member
    def LanguageSettings(self) -> object:
        return Languages()

    @member
    def Interactive(self) -> object:
        return self.takes_keys

    @setter("Interactive")
    def _set_interactive(self, value: object) -> None:
        self.takes_keys = bool(value)

    @method
    def OnTime(self, EarliestTime: object, Procedure: object) -> object:
        self.later = (EarliestTime, Procedure)
        return EMPTY


class PC:
    """A PC with the add-in as it is shipped, and the folder its temporary files are in."""

    def __init__(self, addin: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.temporary = folder / "Temp æ"
        self.temporary.mkdir()
        self.variables = {"TEMP": str(self.temporary)}
        self.settings: dict[tuple[object, ...], str] = {}
        self.started: list[list[str]] = []
        self.shown: list[str] = []
        self.excel = ExcelApplication.open(addin)
        self.excel.application.__class__ = Excel
        monkeypatch.setattr(self.excel.interpreter.host, "create", self.create)
        monkeypatch.setitem(INTRINSICS, "getsetting", self.setting)

    def create(self, name: str) -> VBAObject:
        """What CreateObject gives."""
        made = {"WScript.Shell": Shell, "Scripting.FileSystemObject": FileSystem}
        return made[name](self) if name in made else {"ADODB.Stream": Stream}[name]()

    def setting(self, _: object, arguments: list[object], __: dict[str, object]) -> object:
        """What GetSetting gives."""
        *place, default = arguments
        return self.settings.get(tuple(place), default)
