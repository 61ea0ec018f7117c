"""Two thousand hostile packages: each is updated rightly, or refused with a sentence and untouched."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.trial import SECONDS

EACH = 252
SEEDS = range(1, 9)
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


@pytest.mark.parametrize("seed", SEEDS)
def test_a_mutated_package_never_does_harm(seed: int, folder: Path) -> None:
    """No other exception, no hang, no memory beyond 600 MB, no broken file; cases that fail are kept."""
    command = [sys.executable, "-m", "tests.fuzz.trial", str(folder), str(seed), "0", str(EACH)]
    most = EACH * SECONDS
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=most, check=False)
    kept = sorted(folder.glob(f"{seed}-*.*"))
    print(f"seed {seed}: {ran.stdout}{ran.stderr}")  # noqa: T201 - shown where it fails
    assert ran.returncode == 0, f"ended by signal {-ran.returncode}: {kept}"
    assert kept == [], "\n".join(it.read_text("utf-8")[-600:] for it in kept if it.suffix == ".txt")
    ends = json.loads(ran.stdout)
    assert sum(ends.values()) == EACH
    assert sum(count for end, count in ends.items() if end.endswith((": written", ": nothing to do"))) > 20
