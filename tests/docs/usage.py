"""The examples of docs/usage.md, run in order in one folder; those for a PC with Excel on a drawn one.

python -m tests.docs.usage      write the page with what the commands print now; read it before you commit
"""

from __future__ import annotations

import re
import shlex
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hmsbook.addin.doctor import doctor
from hmsbook.addin.install import install
from hmsbook.addin.system import System
from hmsbook.cli.show_addin import lines
from hmsbook.texts.words import words
from tests.addin_install.machines import blocked_pc
from tests.samples.expect import hmsbook

PAGE = Path(__file__).resolve().parents[2] / "docs" / "usage.md"
TODAY = "2026-11-16"
BLOCK = re.compile(r"```console\n(.*?)```\n", re.DOTALL)
PC_BLOCK = re.compile(r"```text\n\$ hmsbook (addin install|doctor)\n(.*?)```\n", re.DOTALL)
MORE = "…"
# How much of a long answer the page shows.
LINES = 9


@dataclass(frozen=True)
class Example:
    """One command and what the page shows of its answer."""

    command: str
    shown: list[str]

    def answer(self, folder: Path) -> list[str]:
        """What the command prints, cut where the page is."""
        done = hmsbook(shlex.split(self.command)[1:], folder, TODAY)
        lines = (done.stdout or done.stderr).rstrip("\n").split("\n")
        cut = self.shown[-1:] == [MORE] and len(lines) > LINES
        return [*lines[:LINES], MORE] if cut else lines


def examples(block: str) -> Iterator[Example]:
    """Yield the commands of a block with their answers."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, *shown = part.rstrip("\n").split("\n")
        yield Example(command, shown)


def rewritten(text: str, folder: Path) -> str:
    """The page with the answers of today."""

    def block(found: re.Match[str]) -> str:
        lines = [
            line
            for example in examples(found[1])
            for line in (f"$ {example.command}", *example.answer(folder))
        ]
        return "\n".join(["```console", *lines, "```", ""])

    def pc_block(found: re.Match[str]) -> str:
        drawn = Path(tempfile.mkdtemp(dir=folder))
        return f"```text\n$ hmsbook {found[1]}\n{printed(found[1], blocked_pc(drawn))}\n```\n"

    return PC_BLOCK.sub(pc_block, BLOCK.sub(block, text))


def printed(command: str, system: System) -> str:
    """What a command about the machine prints on this one."""
    work = {"addin install": install, "doctor": doctor}[command]
    return "\n".join(lines(work(system), words("nb")))


def main() -> None:
    """Write the page anew."""
    with tempfile.TemporaryDirectory() as folder:
        PAGE.write_text(rewritten(PAGE.read_text(encoding="utf-8"), Path(folder)), encoding="utf-8")


if __name__ == "__main__":
    main()
