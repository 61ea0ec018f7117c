"""The table of docs/other-programs.md: what became of each feature in each program.

python -m tests.resaved.page      write the page with what is measured now; read it before you commit
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import openpyxl

from tests.resaved.features import NEWER_RULES, OURS, THEIRS, Feature, outcome
from tests.resaved.programs import CACHE, PROGRAMS, REFUSED
from tests.resaved.saves import Saves
from tests.samples.expect import hmsbook
from tests.support.office import Office
from tests.support.package import Package

PAGE = Path(__file__).resolve().parents[2] / "docs" / "other-programs.md"
_PLACES = re.compile(r"(<!-- (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def rewritten(text: str, saves: Saves) -> str:
    """The page with what is measured now between its marks."""
    made = {"ours": _ours, "theirs": _theirs, "refused": _refused}
    return _PLACES.sub(lambda found: f"{found[1]}{made[found[2]](saves)}\n{found[3]}", text)


def _ours(saves: Saves) -> str:
    update = ["**`hmsbook update`**", *(_updates(program, saves) for program in PROGRAMS)]
    rows = [[feature.title, *(_ours_by(program, feature, saves) for program in PROGRAMS)] for feature in OURS]
    return _table([["Feature", *map(_version, PROGRAMS)], update, *rows])


def _theirs(saves: Saves) -> str:
    rows = [
        [feature.title, *(_theirs_by(program, feature, saves) for program in PROGRAMS)] for feature in THEIRS
    ]
    return _table([["Feature", *PROGRAMS], *rows])


def _ours_by(program: str, feature: Feature, saves: Saves) -> str:
    return _outcome(feature, saves.sample, saves.by(program).sample)


def _outcome(feature: Feature, before: Path, after: Path) -> str:
    return outcome(feature.find(_package(before)), feature.find(_package(after)))


def _theirs_by(program: str, feature: Feature, saves: Saves) -> str:
    made = saves.by(program)
    if made.foreign is not None:
        return _outcome(feature, saves.foreign, made.foreign)
    if feature is NEWER_RULES or made.plainer is None:
        return "cannot be saved"
    return _outcome(feature, saves.plainer, made.plainer)


@lru_cache(maxsize=32)
def _package(path: Path) -> Package:
    return Package(path)


def _updates(program: str, saves: Saves) -> str:
    return {0: "**works**", 2: "**refuses**"}[_update(program, saves).returncode]


def _update(program: str, saves: Saves) -> subprocess.CompletedProcess[str]:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copyfile(saves.by(program).sample, Path(folder) / "book.xlsx")
        return hmsbook(["update", "book.xlsx", "--lang", "en"], Path(folder), "")


def _refused(saves: Saves) -> str:
    return "\n".join(["```text", *(_update(program, saves).stderr.strip() for program in REFUSED), "```"])


def _table(rows: Iterable[Sequence[str]]) -> str:
    head, *body = rows
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---", *["---"] * (len(head) - 1)], *body))


def _version(program: str) -> str:
    """The program with the version that was measured."""
    return f"{program} {'.'.join(_VERSIONS[program]())}"


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


def main() -> None:
    """Write the page anew."""
    with tempfile.TemporaryDirectory() as folder, Office() as office:
        PAGE.write_text(
            rewritten(PAGE.read_text(encoding="utf-8"), Saves(Path(folder), office)), encoding="utf-8"
        )


if __name__ == "__main__":
    main()
