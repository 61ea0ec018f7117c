"""Two thousand hostile packages: each is updated rightly, or refused with a sentence and untouched."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.fuzz.trial import WALL_SECONDS
from tests.reliability.rows import Row, shows

EACH = 252
SEEDS = range(1, 9)
ROOT = Path(__file__).parents[2]
DAMAGED = "packages damaged at random, each updated"
PATHS = os.pathsep.join([str(ROOT / "src"), str(ROOT)])

Ends = Callable[[int], dict[str, int]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


@pytest.fixture(scope="module")
def ends(folder: Path) -> Ends:
    """How the packages of a seed ended, tried once."""

    @cache
    def ended(seed: int) -> dict[str, int]:
        command = [sys.executable, "-m", "tests.fuzz.trial", str(folder), str(seed), "0", str(EACH)]
        ran = subprocess.run(
            command,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": PATHS},
            capture_output=True,
            text=True,
            timeout=EACH * WALL_SECONDS,
            check=False,
        )
        print(f"seed {seed}: {ran.stdout}{ran.stderr}")  # noqa: T201 - shown where it fails
        assert ran.returncode == 0, f"ended by signal {-ran.returncode}: {sorted(folder.glob(f'{seed}-*.*'))}"
        return json.loads(ran.stdout)

    return ended


@pytest.mark.parametrize("seed", SEEDS)
def test_a_mutated_package_never_does_harm(seed: int, ends: Ends, folder: Path) -> None:
    """No other exception, no hang, no memory beyond a limit, no broken file; cases that fail are kept."""
    ended = ends(seed)
    kept = sorted(folder.glob(f"{seed}-*.*"))
    assert kept == [], "\n".join(it.read_text("utf-8")[-600:] for it in kept if it.suffix == ".txt")
    assert sum(ended.values()) == EACH
    assert sum(count for end, count in ended.items() if end.endswith(": written")) > 15
    assert sum(count for end, count in ended.items() if end.endswith(": nothing to do")) > 20


@shows("tried", DAMAGED)
def test_that_many_were_tried(ends: Ends) -> Row:
    counts = [count for seed in SEEDS for count in ends(seed).items()]
    wrong = sum(count for end, count in counts if end.endswith(": wrong"))
    return (DAMAGED, f"{sum(count for _, count in counts):,}", str(wrong))
