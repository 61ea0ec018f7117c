"""Try mutated packages in a process of its own, with little memory and little time.

`python -m tests.fuzz.trial FOLDER SEED FIRST LAST` tries these packages. What goes wrong is left in the
folder with its seed and number; where an update never ends, an alarm ends the process.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
from collections import Counter
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from traceback import format_exc

from hmsbook.actions.update import update
from hmsbook.errors import HmsbookError
from hmsbook.hosts import file
from hmsbook.hosts import window as chart_window
from hmsbook.opc import sheet
from hmsbook.opc.package import Package
from hmsbook.texts.words import words
from tests.fuzz.mutate import mutant
from tests.fuzz.small import Parts, small_parts
from tests.hosts.books import TODAY

MEMORY = 600 << 20
SECONDS = 10
# Mostly there is nothing to write but what the mutation calls for, and the chart window is left out.
_LATER_EACH = 6
_WHOLE_EACH = 50
LATER = TODAY + timedelta(days=40)


def main(folder: Path, seed: int, first: int, last: int) -> Counter[str]:
    """Try the packages and count how they ended; what ends wrongly is kept and counted as `wrong`."""
    _read_once()
    small, whole = (_kept(folder, window=window) for window in (False, True))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    ends: Counter[str] = Counter()
    for number in range(first, last):
        what, data = mutant(seed, number, small if number % _WHOLE_EACH else whole)
        path = folder / f"{seed}-{number}.xlsx"
        path.write_bytes(data)
        signal.alarm(SECONDS)
        ends[f"{what}: {_tried(path, data, LATER if number % _LATER_EACH == 0 else TODAY)}"] += 1
        signal.alarm(0)
    return ends


def _kept(folder: Path, *, window: bool) -> Parts:
    """The parts of the small workbook, which take a second to make, made once in a folder."""
    kept = folder / f"parts-{window}.json"
    if not kept.exists():
        made = {name: content.decode("latin-1") for name, content in small_parts(window=window).items()}
        kept.write_text(json.dumps(made), encoding="utf-8")
    return {name: text.encode("latin-1") for name, text in json.loads(kept.read_text("utf-8")).items()}


def _tried(path: Path, data: bytes, day: date) -> str:
    """How an update of the file ended; it is only left behind when that was wrong."""
    try:
        end = _end(path, data, day)
    except Exception:  # noqa: BLE001 - whatever it is, it is what is looked for
        end = _wrong(path, data)
    if end != "wrong":
        path.unlink()
    return end


def _wrong(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    path.with_suffix(".txt").write_text(format_exc(), encoding="utf-8")
    return "wrong"


def _end(path: Path, data: bytes, day: date) -> str:
    try:
        done = update(path, today=day)
    except HmsbookError as error:
        _check_refusal(path, data, error)
        return error.key
    _check_folder(path)
    if not done.written:
        _check(path.read_bytes() == data, "said that nothing was written")
        return "nothing to do"
    Package.open(path).verify()
    again = update(path, today=day)
    _check(not again.written, f"a second update wrote again: {again.changed} {again.restored}")
    return "written"


def _check_refusal(path: Path, data: bytes, error: HmsbookError) -> None:
    _check(words("nb").has(f"errors.{error.key}"), f"no words for {error.key}")
    words("nb").text(f"errors.{error.key}", **{**error.params, "path": str(path)})
    _check(path.read_bytes() == data, "refused and changed")
    _check_folder(path)


def _check_folder(path: Path) -> None:
    strays = [it.name for it in path.parent.iterdir() if it.name.startswith(".hmsbook")]
    _check(not strays, f"left behind: {strays}")


def _check(holds: bool, otherwise: str) -> None:
    if not holds:
        raise RuntimeError(otherwise)


def _read_once() -> None:
    """Read parts that no mutation touched only once; what is tried is the same, only sooner."""
    scans: dict[object, sheet.SheetScan] = {}

    def scan(xml, strings, rows=None, *, part=""):
        key = (xml, rows, part, tuple(strings()) if b't="s"' in xml else ())
        if key not in scans:
            scans[key] = sheet.scan(xml, strings, rows, part=part)
        return scans[key]

    file.scan = scan
    holds = chart_window.holds
    chart_window.holds = lambda xml, rows, grid: _held(holds, xml, rows, tuple(map(tuple, grid)))


@lru_cache(maxsize=8)
def _held(holds, xml, rows, grid):
    return holds(xml, rows, grid)


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), *map(int, sys.argv[2:5]))))  # noqa: T201 - what the test reads
