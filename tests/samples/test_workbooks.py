"""The sample workbooks are sound: for Excel's rules, Microsoft's validator, and LibreOffice."""

from __future__ import annotations

import logging
import time
from pathlib import Path

import pytest

from tests.samples.expect import CASES
from tests.support.crosscheck import crosscheck, formula_count
from tests.support.office import Office
from tests.support.ooxml import lint, newer_functions, sdk_errors

# The aim is 4 seconds; a busy machine must not turn it into a failure.
SECONDS = 10.0

every_case = pytest.mark.parametrize("name", CASES)


@every_case
def test_excel_would_accept_it(name: str, demo: dict[str, Path]) -> None:
    assert lint(demo[name]) == []
    assert newer_functions(demo[name]) == frozenset()


@every_case
def test_the_validator_accepts_it(name: str, demo: dict[str, Path]) -> None:
    assert sdk_errors(demo[name]) == []


@every_case
def test_stored_values_are_what_libreoffice_computes(
    name: str, demo: dict[str, Path], office: Office
) -> None:
    assert formula_count(demo[name]) > 5000
    assert crosscheck(office, demo[name]) == []


@every_case
def test_it_opens_fast(name: str, demo: dict[str, Path], office: Office) -> None:
    office.start()
    begun = time.perf_counter()
    with office.open(demo[name]):
        seconds = time.perf_counter() - begun
    # Shown by pytest -o log_cli=true -o log_cli_level=info
    logging.getLogger(__name__).info("%s opened in %.2f s", name, seconds)
    assert seconds < SECONDS
