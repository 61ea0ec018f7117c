"""The workbooks of these tests, saved by every program; one run of a program saves all of its own."""

from __future__ import annotations

import pytest

from tests.resaved.saves import Saves
from tests.support.office import Office


@pytest.fixture(scope="session")
def saves(tmp_path_factory: pytest.TempPathFactory, office: Office) -> Saves:
    """Give the saved workbooks, each program's when it is first asked for."""
    return Saves(tmp_path_factory.mktemp("resaved"), office)
