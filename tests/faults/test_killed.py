"""An update that is killed leaves the old file or the new one, and what it leaves beside is swept."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.docs.paths import named_paths
from tests.faults.killing import MARKS, PAGE, books, table
from tests.faults.process import beside, run

ROOT = Path(__file__).resolve().parents[2]


def test_killed_at_any_moment_the_file_is_the_old_or_the_new() -> None:
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


def test_the_page_shows_a_run_and_names_what_exists() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text.count(MARKS[0]) == text.count(MARKS[1]) == 1
    assert [path for path in named_paths(text) if not any(ROOT.glob(path))] == []
