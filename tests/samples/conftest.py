"""The sample workbooks, made once a session."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.samples.expect import CASES, case, hmsbook


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Make the workbooks of `hmsbook demo`, which carry their own day, by the name of their sample."""
    folder = tmp_path_factory.mktemp("demo")
    done = hmsbook(["demo", "."], folder, "2030-01-01")
    assert done.returncode == 0, done.stderr
    return {name: folder / case(name).facts["file"] for name in CASES}
