"""Blank workbooks of every method and language: accepted by Excel's judges, right in every stored value."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hmsbook.actions.create import new
from tests.support.crosscheck import crosscheck, formula_count
from tests.support.office import Office
from tests.support.ooxml import lint, newer_functions, sdk_errors

TODAY = date(2026, 11, 16)
# Every method and every language, each language with more than one method.
BOOKS = [("proind", "nb"), ("proind", "en"), ("skoen", "nn"), ("apu", "nb"), ("survey", "en"), ("apu", "nn")]


@pytest.fixture(scope="module", params=BOOKS, ids="-".join)
def book(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    method, language = request.param
    path = tmp_path_factory.mktemp("frame") / f"{method}-{language}.xlsx"
    new(
        path,
        method=method,
        lang=language,
        org="Ås & Sønn «A/S»",
        unit="Enhet 'én'",
        today=TODAY,
        pin_today=True,
    )
    return path


def test_excel_accepts_it(book: Path) -> None:
    assert lint(book) == []
    assert sdk_errors(book) == []


def test_every_stored_value_is_what_libreoffice_computes(book: Path, office: Office) -> None:
    assert formula_count(book) > 15_000
    assert crosscheck(office, book) == []


def test_it_needs_nothing_newer_than_excel_2016(book: Path) -> None:
    assert newer_functions(book) == frozenset()


def test_the_sheets_of_the_method_show(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "apu.xlsx"
    new(path, method="apu", today=TODAY)
    with office.open(path) as opened:
        shown = [sheet for sheet, visible in opened.visibility().items() if visible]
    assert shown == [
        "Status",
        "Gruppe",
        "Utfordringer",
        "Prioritering",
        "Tiltak",
        "Møter",
        "Kartlegging",
        "Kontroll",
        "Dekning",
        "Faktaark",
        "Veiledning",
    ]


@pytest.mark.parametrize("slots", [1, 8, 40])
def test_any_number_of_slots(slots: int, tmp_path: Path) -> None:
    path = tmp_path / "slots.xlsx"
    new(path, slots=slots, today=TODAY)
    assert lint(path) == []
