"""Stored formulas taken apart: what they refer to, and the same formula where a sheet has another name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from hmsbook.opc.cells import MAX_ROW

_CELL = r"\$?[A-Za-z]{1,3}\$?[1-9]\d*"
_TOKEN = re.compile(
    rf"""
      (?P<string>"(?:[^"]|"")*")
    | (?P<error>\#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|[A-Z_]+!?))
    | (?P<sheet>(?:'(?:[^']|'')+'|\[?\w[\w.\[\]]*(?::\w[\w.]*)?)!)
    | (?P<table>[^\W\d][\w.\\]*\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\])
    | (?P<call>[^\W\d][\w.]*\()
    | (?P<area>{_CELL}(?::{_CELL})?(?![\w.])|\$?[A-Za-z]{{1,3}}:\$?[A-Za-z]{{1,3}}(?![\w.])|\$?\d+:\$?\d+)
    | (?P<number>\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|\.\d+)
    | (?P<name>[^\W\d][\w.\\?]*|\\[\w.\\?]*)
    | (?P<colon>:)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_COLUMN = re.compile(r"\[((?:[^\[\]']|'.)*)\]")
_PREFIXES = re.compile(r"^(?:_XLFN\.|_XLWS\.)+")
_TRUTH = ("true", "false")


class Reference(NamedTuple):
    """What a formula refers to.

    `kind` is area, name, table, external or several (a range that other pieces make); `sheet` is empty
    where the formula names none, `text` the area, the name, or the inside of a table's brackets.
    """

    kind: str
    sheet: str
    text: str


def references(formula: str) -> Iterator[Reference]:
    """Everything a formula refers to, in order."""
    sheet = ""
    for found in _TOKEN.finditer(formula):
        kind, text = found.lastgroup or "other", found[0]
        if kind == "sheet":
            sheet = unquoted(text[:-1])
            if set(sheet) & set("[:"):
                yield Reference("external" if "[" in sheet else "several", sheet, "")
            continue
        yield from _reference(kind, text, sheet)
        sheet = ""


def _reference(kind: str, text: str, sheet: str) -> Iterator[Reference]:
    if kind == "table":
        name, _, inside = text.partition("[")
        yield Reference("table", name, inside[:-1])
    elif kind == "colon":
        yield Reference("several", sheet, "")
    elif kind == "area":
        yield Reference("area" if _is_area(text) else "name", sheet, text)
    elif kind == "name" and text.casefold() not in _TRUTH:
        yield Reference(kind, sheet, text)


def _is_area(text: str) -> bool:
    """Whether a sheet is so large; what looks like a cell beyond its edges is a name."""
    plain = text.replace("$", "").upper()
    letters, numbers = re.findall("[A-Z]+", plain), re.findall("[0-9]+", plain)
    return all(len(it) < 3 or it <= "XFD" for it in letters) and all(int(it) <= MAX_ROW for it in numbers)


def unquoted(name: str) -> str:
    """A sheet's name as its tab shows it, from the way it stands in a formula."""
    return name[1:-1].replace("''", "'") if name.startswith("'") else name


def functions(formula: str) -> set[str]:
    """The functions that a formula calls, in capitals and without the prefixes of newer ones."""
    return {
        _PREFIXES.sub("", found[0][:-1].upper())
        for found in _TOKEN.finditer(formula)
        if found.lastgroup == "call"
    }


def strings(formula: str) -> set[str]:
    """The texts that stand in a formula."""
    found = (it[0] for it in _TOKEN.finditer(formula) if it.lastgroup == "string")
    return {text[1:-1].replace('""', '"') for text in found}


def columns(inside: str) -> list[str]:
    """The columns and marks such as `#Totals` inside a table's brackets."""
    found = _COLUMN.findall(inside) if "[" in inside else [inside]
    return [re.sub("'(.)", r"\1", name) for name in found if name]


def renamed(formula: str, titles: Mapping[str, str]) -> str:
    """The formula where sheets, by their case-folded old names, have new ones."""

    def name(found: re.Match[str]) -> str:
        if found.lastgroup != "sheet":
            return found[0]
        new = titles.get(unquoted(found[0][:-1]).casefold())
        return found[0] if new is None else "'" + new.replace("'", "''") + "'!"

    return _TOKEN.sub(name, formula)
