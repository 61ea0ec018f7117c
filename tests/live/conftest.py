"""The program that plays Excel."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.office import Office
from tests.support.xlwings_uno.engine import UnoEngine, running


@pytest.fixture(scope="module")
def engine(office: Office) -> Iterator[UnoEngine]:
    """LibreOffice as the engine of xlwings."""
    with running(office) as engine:
        yield engine
