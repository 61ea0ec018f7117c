"""Workbooks made by every released standard open, tell all they hold, and are never written into wrongly.

`1.0.xlsx` and `1.1.xlsx` are the building-site sample as the programs of that time made and updated it.
"""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from hmsbook.actions.create import new
from hmsbook.actions.export import export
from hmsbook.actions.reading import check_book
from hmsbook.actions.update import update
from hmsbook.actions.upgrade import upgrade
from hmsbook.errors import PackageError

HERE = Path(__file__).parent
SAMPLE = HERE.parents[1] / "samples" / "byggeplass" / "data.json"
TODAY = date(2026, 11, 16)
OLDER = sorted(HERE.glob("*.xlsx"))


@pytest.fixture(params=OLDER, ids=lambda path: path.stem)
def older(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return Path(shutil.copy(request.param, tmp_path / "eldre.xlsx"))


def rows(path: Path) -> dict[str, list[dict[str, object]]]:
    found: dict[str, list[dict[str, object]]] = json.loads(export(path).files["hmsbook.json"])
    return found


def test_it_is_checked_and_exported(older: Path) -> None:
    given = json.loads(SAMPLE.read_text(encoding="utf-8"))
    exported = rows(older)
    assert {key: len(found) for key, found in exported.items() if found} == {
        key: len(found) for key, found in given.items() if found
    }
    assert any(problem.code == "MEA-2" for problem in check_book(older, today=TODAY).problems)


def test_an_update_is_refused_and_leaves_it_alone(older: Path) -> None:
    before = older.read_bytes()
    with pytest.raises(PackageError) as refused:
        update(older, today=TODAY)
    assert refused.value.key == "older_standard"
    assert older.read_bytes() == before


def test_its_content_moves_to_a_new_workbook(older: Path, tmp_path: Path) -> None:
    data = tmp_path / "data.json"
    export(older, out=data)
    moved = tmp_path / "ny.xlsx"
    new(moved, data=data, today=TODAY)
    update(moved, today=TODAY)
    assert rows(moved) == rows(older)


def test_an_upgrade_moves_it_to_today(older: Path) -> None:
    before, kept = rows(older), older.read_bytes()
    done = upgrade(older, today=TODAY)
    assert (done.left, done.written) == ((), True)
    assert done.old is not None
    assert done.old.read_bytes() == kept
    assert rows(older) == before
    assert not update(older, today=TODAY).written
