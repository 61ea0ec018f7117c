"""Kills `hmsbook update` at random moments and looks at what is left.

python -m tests.faults.killing            print where the kills landed, as JSON
python -m tests.faults.killing --write    put it in docs/reliability.md too

Two ways, both with the slow disk of `tests/faults/disk.py` and SIGKILL:

- whole runs, half of them killed at a moment drawn evenly from the start of the command to the opening of
  its temporary file, half from there to the end;
- saves, where one update stops as it is about to open its temporary file and is forked there again and
  again: each fork goes on with the save and is killed at a moment drawn evenly from that point to the end.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any

from tests.faults import disk
from tests.faults.process import Child, beside, run, start
from tests.hosts.books import book, type_in
from tests.reliability.rows import PAGE

MARKS = ("<!-- kills -->\n", "<!-- end of kills -->\n")
WHOLE, SAVES = 30, 180
TOGETHER = 3
# How many random bytes the name of a temporary file takes; nothing else draws so few.
NAME_BYTES = 4
STAGES = {
    disk.COMPUTING: "reading and computing",
    disk.OPENING: "opening the temporary file",
    disk.WRITING: "writing the temporary file",
    disk.FLUSHING: "flushing it to the disk",
    disk.LOOKING: "looking at the file once more",
    disk.REPLACING: "in the replace, before the move",
    disk.MOVED: "in the replace, after the move",
    disk.AFTER: "afterwards",
}


@dataclass
class Tally:
    """Where kills landed, what stood there afterwards, and what should not have been."""

    landed: Counter[int] = field(default_factory=Counter)
    old: int = 0
    new: int = 0
    wrong: list[str] = field(default_factory=list)

    def note(self, stage: int, found: bytes, versions: tuple[bytes, bytes]) -> None:
        """Count a kill and judge the file it left."""
        self.landed[stage] += 1
        self.old += found == versions[0]
        self.new += found == versions[1]
        if found not in versions:
            self.wrong.append(f"{STAGES[stage]}: {len(found)} bytes that are neither version")
        elif (found == versions[1]) != (stage >= disk.MOVED) and stage != disk.REPLACING:
            self.wrong.append(f"{STAGES[stage]}: the other version than this stage leaves")


def books(folder: Path) -> tuple[Path, tuple[bytes, bytes]]:
    """A filled workbook with a new number in it, and its bytes before and after an update."""
    path = folder / "bok.xlsx"
    path.write_bytes(_versions()[0])
    return path, _versions()


@cache
def _versions() -> tuple[bytes, bytes]:
    with TemporaryDirectory() as folder:
        path = book(Path(folder) / "bok.xlsx")
        type_in(path, ("values", "I01", 21, 5.5))
        old = path.read_bytes()
        assert run("update", path).exit == 0
        return old, path.read_bytes()


@dataclass
class Victim:
    """An update in a folder of its own, and how long after a stage it will be killed."""

    path: Path
    gauge: disk.Gauge
    child: Child
    stage: int
    delay: float
    end: float | None = None

    @property
    def is_due(self) -> bool:
        """Whether its moment has come."""
        if self.end is None and self.gauge.stage >= self.stage:
            self.end = time.monotonic() + self.delay
        return self.end is not None and time.monotonic() >= self.end


class WholeRuns:
    """Updates side by side, half of them killed before the temporary file is there, half from then on."""

    def __init__(self, folder: Path, seed: int, seconds: float = 0.04) -> None:
        self.tally = Tally()
        self._draw = random.Random(seed)
        self._seconds = seconds
        self._paths = []
        for number in range(TOGETHER):
            (folder / str(number)).mkdir()
            path, self._versions = books(folder / str(number))
            self._paths.append(path)
        self._lengths = self._measure()

    def _measure(self) -> dict[int, float]:
        """How long the computing and the save take."""
        began = time.monotonic()
        victim = self._begin(self._paths[0], disk.COMPUTING, 0)
        victim.gauge.await_stage(disk.WRITING)
        opened = time.monotonic()
        victim.child.wait()
        return {disk.COMPUTING: opened - began, disk.WRITING: time.monotonic() - opened}

    def _begin(self, path: Path, stage: int, delay: float) -> Victim:
        if path.read_bytes() != self._versions[0]:
            path.write_bytes(self._versions[0])
        gauge = disk.Gauge()
        child = start("update", path, prepare=lambda: disk.slow_down(gauge, self._seconds))
        return Victim(path, gauge, child, stage, delay)

    def _next(self, path: Path) -> Victim:
        stage = self._draw.choice(list(self._lengths))
        return self._begin(path, stage, self._draw.uniform(0, self._lengths[stage]))

    def __call__(self, kills: int) -> Tally:
        """Kill so many."""
        alive = [self._next(path) for path in self._paths]
        while self.tally.landed.total() < kills:
            time.sleep(0.002)
            for victim in [found for found in alive if found.is_due]:
                alive.remove(victim)
                self._strike(victim)
                alive.append(self._next(victim.path))
        for victim in alive:
            victim.child.kill()
        self._last_update()
        return self.tally

    def _strike(self, victim: Victim) -> None:
        ran = victim.child.kill()
        if ran.exit != -signal.SIGKILL:
            # It was quicker than the moment drawn: no kill.
            return
        self.tally.note(victim.gauge.stage, victim.path.read_bytes(), self._versions)
        strays = beside(victim.path)
        if len(strays) > 1:
            self.tally.wrong.append(f"the update did not sweep what the one before left: {strays}")

    def _last_update(self) -> None:
        """What the last kills left goes with the next update, and the result is the same as ever."""
        for path in self._paths:
            ran = run("update", path)
            if (ran.exit, path.read_bytes(), beside(path)) != (0, self._versions[1], []):
                self.tally.wrong.append(f"not whole after the last update: {ran}, {beside(path)}")


class Saves:
    """One update that stops before its temporary file, and goes on from there many times over."""

    def __init__(self, folder: Path, seed: int, seconds: float = 0.006) -> None:
        self.tally = Tally()
        self._draw = random.Random(seed)
        self._seconds = seconds
        self._path, self._versions = books(folder)
        self.strays = 0

    def __call__(self, kills: int) -> Tally:
        """Kill so many."""
        with TemporaryFile("w+") as found:
            start("update", self._path, prepare=lambda: self._stop_at_the_door(kills, found)).wait()
            found.seek(0)
            told = json.load(found)
        self.tally = Tally(
            Counter({int(stage): count for stage, count in told["landed"].items()}),
            told["old"],
            told["new"],
            told["wrong"],
        )
        self.strays = len(beside(self._path))
        ran = run("update", self._path)
        if (ran.exit, self._path.read_bytes(), beside(self._path)) != (0, self._versions[1], []):
            self.tally.wrong.append(f"not whole after the last update: {ran}, {beside(self._path)}")
        return self.tally

    def _stop_at_the_door(self, kills: int, found: Any) -> None:
        """Stop where a temporary file gets the random part of its name, so that each fork draws its own."""
        real = os.urandom

        def drawn(size: int) -> bytes:
            if size == NAME_BYTES:
                os.urandom = real
                self._kill_many(kills, found)
            return real(size)

        os.urandom = drawn

    def _kill_many(self, kills: int, found: Any) -> None:
        """Fork until so many forks are killed, and end; only the forks return from here."""
        length: float | None = None
        while self.tally.landed.total() < kills:
            gauge = disk.Gauge()
            child = os.fork()
            if child == 0:
                disk.slow_down(gauge, self._seconds)
                gauge.stage = disk.OPENING
                return
            gauge.await_stage(disk.OPENING)
            began = time.monotonic()
            if length is not None:
                time.sleep(self._draw.uniform(0, length))
                os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            # The first one lives, and tells how long a save takes.
            length = length or time.monotonic() - began
            self._judge(gauge, os.waitstatus_to_exitcode(status))
        json.dump(vars(self.tally), found)
        found.flush()
        os._exit(0)

    def _judge(self, gauge: disk.Gauge, code: int) -> None:
        content = self._path.read_bytes()
        if code == -signal.SIGKILL:
            self.tally.note(gauge.stage, content, self._versions)
        if content != self._versions[0]:
            self._path.write_bytes(self._versions[0])


def kill(seed: int, whole: int = WHOLE, saves: int = SAVES) -> dict[str, Any]:
    """Kill many updates, and tell where the kills landed and what was wrong."""
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        runs = WholeRuns(Path(one), seed)
        first = runs(whole)
        door = Saves(Path(other), seed)
        second = door(saves)
    both = first.landed + second.landed
    return {
        "seed": seed,
        "kills": both.total(),
        "window": sum(both[stage] for stage in disk.WINDOW),
        "old": first.old + second.old,
        "new": first.new + second.new,
        "strays": door.strays,
        "wrong": first.wrong + second.wrong,
        "stages": {name: [first.landed[at], second.landed[at]] for at, name in STAGES.items()},
    }


def table(found: dict[str, Any]) -> str:
    """The histogram as a table of a page."""
    widest = max(sum(counts) for counts in found["stages"].values())
    lines = [
        "| Killed while | Whole runs | Saves | |",
        "| --- | ---: | ---: | --- |",
        *(
            f"| {name} | {one} | {other} | {'█' * round(24 * (one + other) / widest)} |"
            for name, (one, other) in found["stages"].items()
        ),
    ]
    return "\n".join(lines) + "\n"


def _write(found: dict[str, Any]) -> None:
    before, rest = PAGE.read_text(encoding="utf-8").split(MARKS[0])
    after = rest.split(MARKS[1])[1]
    day = date.today().isoformat()  # noqa: DTZ011 - the day on the wall
    said = (
        f"{day}: {found['kills']} kills, {found['window']} of them between the opening of the temporary file "
        f"and the end of the replace.\nThe file was the old one {found['old']} times, "
        f"the new one {found['new']} times, and {len(found['wrong'])} times anything else.\n"
        f"The {found['strays']} temporary files that the killed saves left were gone after the next update.\n"
    )
    text = before + MARKS[0] + said + "\n" + table(found) + MARKS[1] + after
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    result = kill(int(time.time()))
    if "--write" in sys.argv[1:]:
        _write(result)
    sys.stdout.write(json.dumps(result, indent=2) + "\n")
