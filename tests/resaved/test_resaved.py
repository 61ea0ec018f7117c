"""A workbook that another program saved is updated with nothing lost, or refused with what was taken."""

from __future__ import annotations

import re
import shutil
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from hmsbook.actions.reading import open_book
from hmsbook.actions.update import update
from hmsbook.actions.upgrade import not_carried
from hmsbook.opc.package import Package as Stored
from hmsbook.opc.saved_by import saved_by
from tests.cli.run import run
from tests.reliability.rows import Row, said, shows
from tests.resaved import measured
from tests.resaved.features import OURS, THEIRS, Feature, results
from tests.resaved.measured import of_ours, of_theirs, version, works
from tests.resaved.programs import PROGRAMS, REFUSED
from tests.resaved.saves import BELOW, DEADLINE, MEASURE, VALUE, Saves, exported
from tests.support.ooxml import lint
from tests.support.package import Package

every_program = pytest.mark.parametrize("program", PROGRAMS)
UPDATED = [program for program in PROGRAMS if program not in REFUSED]
each_updated = pytest.mark.parametrize("program", UPDATED)
each_refused = pytest.mark.parametrize("program", REFUSED)
# Apache POI leaves what the file says of its program.
VERSION, WORKS = "the version measured", "**`hmsbook update`**"
SAYS = {program: program for program in PROGRAMS} | {"Apache POI": ""}


@every_program
def test_the_file_tells_which_program_saved_it(program: str, saves: Saves) -> None:
    assert saved_by(Stored.open(saves.by(program).sample)) == SAYS[program]


@each_updated
def test_everything_people_typed_is_read(program: str, saves: Saves) -> None:
    assert exported(saves.by(program).sample) == exported(saves.sample)


@each_updated
def test_an_update_puts_back_every_result(program: str, saves: Saves, tmp_path: Path) -> None:
    path = _copy(saves.by(program).sample, tmp_path)
    usual = lint(path)
    update(path, today=saves.today)
    assert set(lint(path)) <= set(usual)
    assert not update(path, today=saves.today).written
    before, after = (_shown(found) for found in (saves.sample, path))
    assert {place for place in before if before[place] != after.get(place)} == set()
    assert exported(path) == exported(saves.sample)


def _shown(path: Path) -> dict[Any, object]:
    """What formulas show, but for the log, where an update writes that it was there."""
    return {place: value for place, value in results(Package(path)).items() if place[0] != "Logg"}


@each_updated
def test_what_a_colleague_changed_there_is_read_and_updated(
    program: str, saves: Saves, tmp_path: Path
) -> None:
    path = _copy(saves.by(program).edited, tmp_path)
    assert exported(path) == _edited(exported(saves.sample), below={})
    done = update(path, today=saves.today)
    assert done.written
    assert done.numbered
    assert exported(path) == _edited(exported(saves.sample), below={"id": "T61"})
    assert not update(path, today=saves.today).written


def _edited(
    rows: dict[str, list[dict[str, Any]]], *, below: dict[str, str]
) -> dict[str, list[dict[str, Any]]]:
    """The rows with what `Saves.edits` changes in them."""
    changed = deepcopy(rows)
    measures = changed["measures"]
    changed["values"][0]["I01"] = VALUE
    measures[0]["status"] = "done"
    measures[1]["deadline"] = DEADLINE.isoformat()
    number = f"T{len(measures) + 1:02d}"
    changed["measures"] += [{"id": number, "measure": MEASURE}, {**below, "measure": BELOW}]
    return changed


@each_updated
def test_a_workbook_with_one_of_everything_is_updated_as_well(
    program: str, saves: Saves, tmp_path: Path
) -> None:
    saved = saves.by(program)
    path = _copy(saved.foreign or saved.plainer, tmp_path)
    before = exported(path)
    update(path, today=saves.today)
    assert exported(path) == before == exported(saves.foreign)
    assert not update(path, today=saves.today).written


@each_refused
@pytest.mark.parametrize("which", ["sample", "edited"])
def test_what_cannot_be_read_is_refused_with_what_is_gone(
    program: str, which: str, saves: Saves, tmp_path: Path
) -> None:
    path = _copy(getattr(saves.by(program), which), tmp_path)
    before = path.read_bytes()
    for command in ("update", "check", "export"):
        ran = run(command, path)
        assert (ran.exit, ran.out) == (2, "")
        assert ran.err.startswith(f"Feil: {program} har fjernet ")
        assert "(ark: Gruppe, Utfordringer, Indikatorer, Månedsverdier, " in ran.err
        assert "eldre kopi" in ran.err
    assert run("check", path, "--json").json["error"]["key"] == REFUSED[program]
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@each_updated
@pytest.mark.parametrize("which", ["sample", "edited"])
def test_an_upgrade_takes_none_of_it_for_what_people_made(program: str, which: str, saves: Saves) -> None:
    """Looks, page set-up, rules, widths and charts that a program writes in its own way are the same."""
    opened = open_book(getattr(saves.by(program), which))
    assert not_carried(opened, saves.today) == ()


def _copy(path: Path, folder: Path) -> Path:
    return Path(shutil.copyfile(path, folder / "bok.xlsx"))


@shows("ours", VERSION, WORKS)
def test_what_an_update_makes_of_it(saves: Saves) -> list[Row]:
    return [(VERSION, *map(version, PROGRAMS)), (WORKS, *(works(program, saves) for program in PROGRAMS))]


@shows("ours", *(feature.title for feature in OURS))
@pytest.mark.parametrize("feature", OURS, ids=lambda feature: feature.title)
def test_what_became_of_what_hmsbook_draws(feature: Feature, saves: Saves) -> Row:
    return (feature.title, *(of_ours(program, feature, saves) for program in PROGRAMS))


@shows("theirs", *(feature.title for feature in THEIRS))
@pytest.mark.parametrize("feature", THEIRS, ids=lambda feature: feature.title)
def test_what_became_of_what_people_add(feature: Feature, saves: Saves) -> Row:
    return (feature.title, *(of_theirs(program, feature, saves) for program in PROGRAMS))


@shows("taken", *REFUSED)
@each_refused
def test_what_is_said_of_what_a_program_took(program: str, saves: Saves) -> Row:
    """The sheets stand in a row of their own names; the first two tell how it reads."""
    sentence = said(measured.update(program, saves).stderr, "book.xlsx").partition(". ")[0]
    return (program, re.sub(r"(sheets: \w+, \w+), .*\)", r"\1, …)", sentence) + ".")
