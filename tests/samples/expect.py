"""What the commands of each sample print, and how its Status looks.

python -m tests.samples.expect      write samples/*/expected anew, to be read before it is committed
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.office import Office

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"
CASES = ("byggeplass", "sengepost", "institutt")
# The commands of which the expected output is kept; `new` only says what it made.
KEPT = ("update", "check")
DPI = 110
# The part of a landscape A4 page inside its margins, in dots.
INSIDE = ("-x", "50", "-y", "55", "-W", "1190", "-H", "805")


@dataclass(frozen=True)
class Case:
    """A sample as its case.toml describes it."""

    name: str
    facts: dict[str, Any]

    @property
    def expected(self) -> Path:
        """The folder of expected output."""
        return SAMPLES / self.name / "expected"

    @property
    def commands(self) -> dict[str, list[str]]:
        """The documented commands, in order."""
        book, as_of = self.facts["file"], ["--as-of", self.facts["as_of"]]
        return {
            "new": ["new", book, "--data", f"samples/{self.name}/data.json"],
            "update": ["update", book, *as_of],
            "check": ["check", book, *as_of],
        }

    @property
    def today(self) -> str:
        """The day the sample is told on."""
        return str(self.facts["today"])


def case(name: str) -> Case:
    """Read one sample's case.toml."""
    return Case(name, tomllib.loads((SAMPLES / name / "case.toml").read_text(encoding="utf-8")))


def hmsbook(arguments: Sequence[str], folder: Path, today: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a folder, on a day."""
    setting = os.environ | {"HMSBOOK_TODAY": today, "PYTHONPATH": str(ROOT / "src"), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "hmsbook", *arguments]
    return subprocess.run(
        command, cwd=folder, env=setting, capture_output=True, text=True, encoding="utf-8", check=False
    )


def outputs(found: Case, folder: Path) -> dict[str, str]:
    """What each documented command prints, run one after the other in a folder with the samples in it."""
    link = folder / "samples"
    if not link.exists():
        link.symlink_to(SAMPLES, target_is_directory=True)
    return {key: _output(found, arguments, folder) for key, arguments in found.commands.items()}


def _output(found: Case, arguments: Sequence[str], folder: Path) -> str:
    done = hmsbook(arguments, folder, found.today)
    if done.returncode > 1:
        raise RuntimeError(f"hmsbook {' '.join(arguments)} gave {done.returncode}: {done.stderr}")
    return done.stdout


def _picture(office: Office, book: Path, target: Path) -> None:
    """Draw Status, the first sheet and one page, without the page's margins and footer."""
    with tempfile.TemporaryDirectory() as scratch, office.open(book) as opened:
        opened.recalculate()
        pdf = opened.to_pdf(Path(scratch) / "book.pdf")
        command = [
            "pdftoppm",
            "-png",
            "-singlefile",
            "-r",
            str(DPI),
            *INSIDE,
            str(pdf),
            str(target.with_suffix("")),
        ]
        subprocess.run(command, check=True)


def main() -> None:
    """Write the expected output and the pictures of all samples."""
    with tempfile.TemporaryDirectory() as scratch, Office() as office:
        for name in CASES:
            found = case(name)
            found.expected.mkdir(exist_ok=True)
            printed = outputs(found, Path(scratch))
            for key in KEPT:
                (found.expected / f"{key}.txt").write_text(printed[key], encoding="utf-8")
            _picture(office, Path(scratch) / found.facts["file"], found.expected / "status.png")


if __name__ == "__main__":
    main()
