"""Fixtures and settings that every test can use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support.office import Office

# A shared or slow machine must not turn a correct property into a failure.
settings.register_profile("hmsbook", deadline=None, print_blob=True)
settings.load_profile("hmsbook")

HERE = Path(__file__).parent
# Begun first and in this order, so that no worker is left alone with one of them at the end.
LONGEST = ("live", "mail", "copies", "merge", "resaved", "fuzz", "upgrade", "hosts", "faults")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the modules that take longest first; the others follow in their usual order."""
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    folder = item.path.relative_to(HERE).parts[0]
    return LONGEST.index(folder) if folder in LONGEST else len(LONGEST)


@pytest.fixture(scope="session")
def office() -> Iterator[Office]:
    """Give the LibreOffice of this worker's session; it starts with the first file opened."""
    with Office() as running:
        yield running
