"""The add-in on stage, in each interpreter, with and without one of our workbooks in front."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.addin.stage import Stage, in_libreoffice, in_pyopenvba, stage_file
from tests.support.office import Office

BLANK = Path(__file__).resolve().parents[2] / "workbook_templates" / "hmsbook-proind-nb.xlsx"
INTERPRETERS = ("pyopenvba", "libreoffice")


@pytest.fixture(scope="session")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The add-in with the modules of the tests in it."""
    return stage_file(tmp_path_factory.mktemp("stage"))


@pytest.fixture(scope="session")
def our_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One of our workbooks, under a name that needs care."""
    path = tmp_path_factory.mktemp("ours") / "bok æ & 100%.xlsx"
    shutil.copyfile(BLANK, path)
    return path


def _on_stage(interpreter: str, office: Office, addin: Path, books: list[Path]) -> Iterator[Stage]:
    if interpreter == "pyopenvba":
        yield in_pyopenvba(addin, books)
        return
    with ExitStack() as stack:
        stage, documents = in_libreoffice(office, addin, books)
        for document in documents:
            stack.enter_context(document)
        yield stage


@pytest.fixture(scope="module", params=INTERPRETERS)
def stage(request: pytest.FixtureRequest, office: Office, staged: Path) -> Iterator[Stage]:
    """The add-in alone: the workbook in front is none of ours."""
    yield from _on_stage(request.param, office, staged, [])


@pytest.fixture(scope="module", params=INTERPRETERS)
def ours(request: pytest.FixtureRequest, office: Office, staged: Path, our_book: Path) -> Iterator[Stage]:
    """The add-in with one of our workbooks in front."""
    yield from _on_stage(request.param, office, staged, [our_book])
