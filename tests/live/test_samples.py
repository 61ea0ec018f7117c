"""The samples updated in the open workbook hold what they hold when the closed file is updated."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import tomli

from hmsbook.actions.create import new
from hmsbook.actions.demo import ORDER, samples_folder
from hmsbook.actions.live import Asked, live
from hmsbook.actions.update import update
from tests.live.seen import differences, opened, seen
from tests.support.xlwings_uno.engine import UnoEngine

NEW_ID = re.compile(r"_hms!C\d+ values: '[0-9a-f]{32}' and '[0-9a-f]{32}'")

pytestmark = pytest.mark.usefixtures("engine")


class Sample:
    """A sample as it is drawn, not yet updated."""

    def __init__(self, name: str, folder: Path) -> None:
        source = samples_folder() / name
        case: dict[str, Any] = tomli.loads((source / "case.toml").read_text(encoding="utf-8"))
        self.today: date = case["today"]
        self.path = folder / case["file"]
        new(self.path, data=source / "data.json", today=self.today, pin_today=True)


@pytest.fixture(scope="module", params=ORDER)
def sample(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Sample:
    return Sample(request.param, tmp_path_factory.mktemp(request.param))


def test_both_hosts_give_the_same_workbook(sample: Sample, engine: UnoEngine, tmp_path: Path) -> None:
    closed = Path(shutil.copy(sample.path, tmp_path / "lukket.xlsx"))
    update(closed, today=sample.today)
    with opened(closed) as book:
        by_file = seen(book)
    with opened(sample.path) as book:
        answer = live(Asked("update", book=book.name, today=sample.today))
        by_hand = seen(book)
        engine.calls.reset()
        again = live(Asked("update", book=book.name, today=sample.today))
        written = engine.calls.writes - engine.calls.operations["set_status"]
        book.save(tmp_path / "lagret.xlsx")
    assert answer.kind == again.kind == "ok"
    assert answer.text.startswith("Oppdatert: ")
    (only,) = differences(by_file, by_hand)
    assert NEW_ID.fullmatch(only)
    assert (again.text, written) == ("Alt er oppdatert fra før", 0)
    assert not update(tmp_path / "lagret.xlsx", today=sample.today).written
