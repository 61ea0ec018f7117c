"""Try mutated packages in a process of its own, with little memory and little time.

`python -m tests.fuzz.trial FOLDER SEED FIRST LAST` tries these packages. What goes wrong is left in the
folder with its seed and number; where an update never ends, an alarm ends the process: one that counts the
time of the processor, which a busy machine does not stretch, and one that counts the time on the wall.

Wrong is: any other exception than a refusal with words; a refused file that changed; a temporary file left
behind; a written file that zipfile or an XML parser does not take, whose other parts are not the raw bytes
they were, or that changed outside the cells hmsbook owns; a second update that finds something to do.
"""

from __future__ import annotations

import json
import re
import resource
import signal
import sys
import zipfile
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from traceback import format_exc
from xml.etree import ElementTree

from hmsbook.actions.update import update
from hmsbook.errors import HmsbookError
from hmsbook.hosts import window as chart_window
from hmsbook.opc import sheet
from hmsbook.opc.package import Package, part_key
from hmsbook.texts.words import words
from tests.fuzz.mutate import mutant
from tests.fuzz.small import Parts, small_parts, zipped
from tests.hosts.books import TODAY
from tests.hosts.foreign.outside import outside, owned_areas
from tests.support.package import Area

# Beyond what the process takes before it begins; a package is 60 kB, 2 MB unpacked.
MEMORY = 160 << 20
SECONDS, WALL_SECONDS = 3, 60
# The others have nothing to write but what the mutation calls for; and mostly the chart window is left out.
_LATER_EACH = 3
_WHOLE_EACH = 50
LATER = TODAY + timedelta(days=40)
# What the tests' reader of workbooks raises where a part is missing or stands in an odd place.
_TOO_ODD = (KeyError, NotImplementedError, StopIteration, ValueError)
_SHOWN = re.compile(rb' (?:hidden="[01]"|state="hidden")')
_MINE = re.compile(r"/?xl/(workbook|worksheets/[^/]+|charts/[^/]+)\.xml", re.IGNORECASE)


def main(folder: Path, seed: int, first: int, last: int) -> Counter[str]:
    """Try the packages and count how they ended; what ends wrongly is kept and counted as `wrong`."""
    _read_once()
    small, whole = (_kept(folder, window=window) for window in (False, True))
    most = _memory() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    ends: Counter[str] = Counter()
    for number in range(first, last):
        what, data = mutant(seed, number, small if number % _WHOLE_EACH else whole)
        path = folder / f"{seed}-{number}.xlsx"
        path.write_bytes(data)
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        signal.alarm(WALL_SECONDS)
        ends[f"{what}: {_tried(path, data, LATER if number % _LATER_EACH == 0 else TODAY)}"] += 1
        signal.alarm(0)
        signal.setitimer(signal.ITIMER_PROF, 0)
    return ends


def _memory() -> int:
    """How much memory the process has asked for."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    return int(pages) * resource.getpagesize()


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
    _check_written(Package.from_bytes(data), Package.open(path), path)
    again = update(path, today=day)
    _check(not again.written, f"a second update wrote again: {again.changed} {again.restored}")
    return "written"


def _check_written(before: Package, after: Package, path: Path) -> None:
    """The file is whole, and nothing in it changed but the cells hmsbook owns."""
    _check(_whole(path.read_bytes()) or not _whole(before.data), "zipfile finds it broken")
    _check(after.names == before.names, "parts came, went or moved")
    changed = [name for name in before.names if before.raw(name) != after.raw(name)]
    _check(all(_MINE.fullmatch(name) for name in changed), f"not ours to write: {changed}")
    owned = _owned(path)
    for name in changed:
        old, new = before.read(name), after.read(name)
        _check(_well_formed(new) or not _well_formed(old), f"{name} is no XML any more")
        same = _kept_of(name, old, owned) == _kept_of(name, new, owned)
        _check(same, f"{name} changed outside what hmsbook owns")


def _kept_of(part: str, xml: bytes, owned: Mapping[str, list[Area]]) -> bytes:
    """What must stay of a part; which rows and sheets are shown follows what the workbook lacks."""
    return _SHOWN.sub(b"", outside(part_key(part), xml, owned))


def _owned(path: Path) -> dict[str, list[Area]]:
    """The cells hmsbook owns; those of the whole workbook where this one lacks too much to tell."""
    try:
        found = owned_areas(path)
    except (zipfile.BadZipFile, ElementTree.ParseError, *_TOO_ODD):
        found = _usual_areas(path.parent)
    return {part_key(part): areas for part, areas in found.items()}


@lru_cache(maxsize=1)
def _usual_areas(folder: Path) -> dict[str, list[Area]]:
    usual = folder / "usual.xlsx"
    usual.write_bytes(zipped(_kept(folder, window=True)))
    return owned_areas(usual)


def _whole(data: bytes) -> bool:
    """Whether zipfile reads every part."""
    try:
        return zipfile.ZipFile(BytesIO(data)).testzip() is None
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def _well_formed(xml: bytes) -> bool:
    try:
        ElementTree.fromstring(xml)
    except (ElementTree.ParseError, ValueError):
        return False
    return True


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
    scan, rewritten = sheet.Sheet.scan, chart_window.rewritten

    def scanned(self, strings, rows=None, *, blanks=False):
        key = (self.xml, rows, blanks, self.part, tuple(strings()) if b't="s"' in self.xml else ())
        if key not in scans:
            scans[key] = scan(self, strings, rows, blanks=blanks)
        return scans[key]

    @lru_cache(maxsize=8)
    def held(xml, part, top, left, grid):
        return rewritten(sheet.Sheet(xml, part), top, left, grid)

    sheet.Sheet.scan = scanned
    chart_window.rewritten = lambda it, top, left, grid: held(
        it.xml, it.part, top, left, tuple(map(tuple, grid))
    )


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), *map(int, sys.argv[2:5]))))  # noqa: T201 - what the test reads
