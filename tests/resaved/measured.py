"""What became of each feature in each program, and what hmsbook says to what the program saved."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

import openpyxl

from tests.resaved.features import NEWER_RULES, Feature, outcome
from tests.resaved.programs import CACHE
from tests.resaved.saves import Saves
from tests.samples.expect import hmsbook
from tests.support.package import Package


def of_ours(program: str, feature: Feature, saves: Saves) -> str:
    """What became of something hmsbook draws or people type into it."""
    return _outcome(feature, saves.sample, saves.by(program).sample)


def _outcome(feature: Feature, before: Path, after: Path) -> str:
    return outcome(feature.find(_package(before)), feature.find(_package(after)))


def of_theirs(program: str, feature: Feature, saves: Saves) -> str:
    """What became of something people add."""
    made = saves.by(program)
    if made.foreign is not None:
        return _outcome(feature, saves.foreign, made.foreign)
    if feature is NEWER_RULES or made.plainer is None:
        return "cannot be saved"
    return _outcome(feature, saves.plainer, made.plainer)


@lru_cache(maxsize=32)
def _package(path: Path) -> Package:
    return Package(path)


def works(program: str, saves: Saves) -> str:
    """Whether an update takes what the program saved."""
    return {0: "**works**", 2: "**refuses**"}[update(program, saves).returncode]


def update(program: str, saves: Saves) -> subprocess.CompletedProcess[str]:
    """An update of what the program saved."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copyfile(saves.by(program).sample, Path(folder) / "book.xlsx")
        return hmsbook(["update", "book.xlsx", "--lang", "en"], Path(folder), "")


def version(program: str) -> str:
    """The version that was measured."""
    return ".".join(_VERSIONS[program]())


def _said(*command: str) -> list[str]:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return _numbers(done.stdout)


def _numbers(text: str) -> list[str]:
    found = re.search(r"\d+(?:\.\d+)+", text)
    return found[0].split(".") if found else []


def _of_package(name: str) -> list[str]:
    return _numbers((CACHE / "node_modules" / name / "package.json").read_text().partition('"version"')[2])


_VERSIONS = {
    "LibreOffice": lambda: _said("soffice", "--version")[:2],
    "Gnumeric": lambda: _said("ssconvert", "--version"),
    "openpyxl": lambda: openpyxl.__version__.split(".")[:2],
    "Apache POI": lambda: _numbers(next((CACHE / "poi").glob("poi-5*.jar")).stem),
    "ExcelJS": lambda: _of_package("exceljs"),
    "SheetJS": lambda: _of_package("xlsx"),
}
