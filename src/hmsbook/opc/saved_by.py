"""Which program saved a workbook last, as far as the file tells."""

from __future__ import annotations

import re
from contextlib import suppress

from hmsbook.opc import plain
from hmsbook.opc.package import Package
from hmsbook.opc.rels import targets

_APPLICATION = re.compile(rb"<(?:\w+:)?Application(?: [^>]*)?>([^<]*)<")
# How programs that call themselves otherwise, or Excel among other things, are known.
_KNOWN = {"openpyxl": "openpyxl", "gnumeric": "Gnumeric"}
# ExcelJS passes for Excel, by the numbers of two versions of it that never were one.
_EXCELJS = (b'rupBuild="9303"', b'calcId="171027"')
_LONGEST = 40


def saved_by(package: Package) -> str:
    """The program that saved a workbook last; empty where it says Excel, as most libraries do, or nothing."""
    said = _application(package)
    for mark, name in _KNOWN.items():
        if mark in said.casefold():
            return name
    if said.startswith("Microsoft") or not said:
        return _posing(package.read(package.main_part))
    # LibreOffice adds its version and the system it runs on.
    return said.partition("/")[0][:_LONGEST]


def _application(package: Package) -> str:
    for part in targets(package, "", "extended-properties"):
        found = _APPLICATION.search(package.read(part))
        if found:
            with suppress(plain.IrregularError, UnicodeDecodeError):
                return plain.text(found[1]).strip()
    return ""


def _posing(workbook: bytes) -> str:
    return "ExcelJS" if all(mark in workbook for mark in _EXCELJS) else ""
