"""An update that is killed leaves the old file or the new one, and what it leaves beside is swept."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.faults.killing import MARKS, STAGES, books, table
from tests.faults.process import beside, run
from tests.reliability.rows import PAGE, Row, shows

KILLED = "killed at any moment"
ROOT = Path(__file__).resolve().parents[2]


@shows("faults", KILLED)
def test_killed_at_any_moment_the_file_is_the_old_or_the_new() -> Row:
    # A process of its own, as small and single-threaded as a process must be to be forked often.
    command = [sys.executable, "-m", "tests.faults.killing"]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(["src", "."])}
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    head = f"{found['kills']} kills, {found['window']} in the window, seed {found['seed']}"
    sys.stdout.write(f"{head}\n{table(found)}")
    assert found["wrong"] == []
    assert found["old"] + found["new"] == found["kills"] >= 200
    assert found["window"] >= 100
    assert found["strays"] >= 20
    return (KILLED, "old or new", "–", "")


def test_the_installed_command_is_killed_as_well(tmp_path: Path) -> None:
    path, versions = books(tmp_path)
    draw = random.Random(4)
    for _ in range(5):
        command = [sys.executable, "-m", "hmsbook", "update", str(path), "--today", "2026-11-16"]
        child = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | {"PYTHONPATH": "src"}, stdout=subprocess.DEVNULL
        )
        time.sleep(draw.uniform(0, 1.2))
        child.send_signal(signal.SIGKILL)
        child.wait()
        assert path.read_bytes() in versions
    assert run("update", path).exit == 0
    assert (path.read_bytes(), beside(path)) == (versions[1], [])


def test_the_page_shows_a_run_of_enough_kills() -> None:
    shown = PAGE.read_text(encoding="utf-8").split(MARKS[0])[1].split(MARKS[1])[0]
    kills, window = map(int, re.findall(r"(\d+) kills, (\d+) of them", shown)[0])
    counts = re.findall(r"^\| [^|]+ \| (\d+) \| (\d+) \|", shown, re.MULTILINE)
    assert len(counts) == len(STAGES)
    assert sum(int(whole) + int(saves) for whole, saves in counts) == kills >= 200
    assert window >= 100
