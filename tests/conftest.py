"""Fixtures and settings that every test can use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.support.office import Office

# A shared or slow machine must not turn a correct property into a failure.
settings.register_profile("hmsbook", deadline=None, print_blob=True)
settings.load_profile("hmsbook")


@pytest.fixture(scope="session")
def office() -> Iterator[Office]:
    """Give the session's LibreOffice; it starts with the first file opened."""
    with Office() as running:
        yield running
