"""An update leaves all it does not own as it was: parts to the raw zip record, and cells inside sheets."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from hmsbook.actions.update import update
from hmsbook.opc.package import Package as Stored
from hmsbook.opc.sheet import scan
from hmsbook.opc.workbook import Workbook
from hmsbook.standard.book import regions, tables
from tests.cli.run import run
from tests.hosts.books import SLOTS, TODAY, book, change, package, put, repack, spot, type_in
from tests.support.ooxml import lint
from tests.support.package import CONTENT_TYPES, Area, area_of, cell_place

FOREIGN = {
    "xl/persons/person.xml": b"<personList/>",
    "customXml/item1.xml": "<mitt>æøå 🙂</mitt>".encode(),
    "xl/media/bilde.png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = book(tmp_path / "bok.xlsx")
    repack(made, FOREIGN)
    types = '<Default Extension="png" ContentType="image/png"/></Types>'
    change(made, CONTENT_TYPES, lambda xml: xml.replace("</Types>", types))
    return made


def _owned_areas(path: Path) -> dict[str, list[Area]]:
    """The cells hmsbook may write, by sheet: its regions, computed columns, ids."""
    stored = package(path)
    names = {f"hms_{key}" for key in regions(SLOTS)}
    found: dict[str, list[Area]] = {}
    for entry in stored.defined_names:
        sheet, _, area = (entry.text or "").rpartition("!")
        if entry.get("name") in names:
            found.setdefault(sheet.strip("'"), []).append(area_of(area))
    for key, declared in tables(SLOTS).items():
        for number, column in enumerate(declared.columns):
            if column.owned or column.key == "id":
                table = next(table for table in stored.tables if table.name == f"hms_{key}")
                at = table.area.left + number
                found.setdefault(table.sheet, []).append(Area(table.area.top + 1, at, table.area.bottom, at))
    return found


def _inside(address: str, areas: list[Area]) -> bool:
    row, column = cell_place(address)
    return any(area.top <= row <= area.bottom and area.left <= column <= area.right for area in areas)


def test_what_is_not_owned_is_identical_to_the_raw_record(path: Path) -> None:
    type_in(path, ("values", "I01", 21, 5.5), ("measures", "status", 0, "Gjennomført"))
    before = Stored.open(str(path))
    assert update(path, today=TODAY).written
    after = Stored.open(str(path))
    assert after.names == before.names
    same = {name for name in before.names if before.raw(name) == after.raw(name)}
    stored = package(path)
    sheets = {sheet.part: sheet.name for sheet in stored.sheets}
    different = set(before.names) - same
    assert all(name == "xl/workbook.xml" or name in sheets or "/charts/" in name for name in different)
    assert same >= FOREIGN.keys()
    assert {"xl/styles.xml", "xl/sharedStrings.xml", "xl/theme/theme1.xml", CONTENT_TYPES} <= same
    assert not {name for name in different if "/tables/" in name or "/drawings/" in name}
    untouched = {sheets[part] for part in sheets.keys() & same}
    assert {"Gruppe", "Utfordringer", "Faktaark", "Veiledning", "Hendelser"} <= untouched


def test_inside_the_sheets_only_owned_cells_differ(path: Path) -> None:
    type_in(path, ("values", "I01", 21, 5.5), ("measures", "status", 0, "Gjennomført"))
    before, areas = package(path), _owned_areas(path)
    assert update(path, today=TODAY).written
    changed = 0
    for old, new in zip(before.sheets, package(path).sheets, strict=True):
        assert new.cells.keys() >= old.cells.keys()
        if old.state == "veryHidden":
            continue
        for address, cell in new.cells.items():
            was = old.cells.get(address)
            if was is None or (was.cached, was.formula, was.style) != (cell.cached, cell.formula, cell.style):
                assert _inside(address, areas.get(old.name, [])), f"{old.name}!{address}"
                changed += 1
    assert changed > 10
    assert lint(path) == []


def test_styles_and_places_of_rewritten_cells_stay(path: Path) -> None:
    type_in(path, ("values", "I01", 21, 5.5))
    before = package(path)
    update(path, today=TODAY)
    for old, new in zip(before.sheets, package(path).sheets, strict=True):
        assert [(a, c.style) for a, c in old.cells.items()] == [
            (a, c.style) for a, c in new.cells.items() if a in old.cells
        ]


def test_a_second_update_does_not_touch_the_file(path: Path) -> None:
    update(path, today=TODAY)
    before = path.stat()
    assert not update(path, today=TODAY).written
    assert run("update", path).out.startswith(f"{path} var oppdatert fra før")
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert path.stat().st_ino == before.st_ino


def test_a_dry_run_tells_the_same_and_writes_nothing(path: Path) -> None:
    type_in(path, ("values", "I01", 21, 5.5))
    before = path.read_bytes()
    tried = run("update", path, "--dry-run")
    assert tried.exit == 0
    assert "Ingenting er skrevet" in tried.out
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]
    done = run("update", path)
    assert tried.out.splitlines()[1:] == done.out.splitlines()[1:]


def test_mode_and_link_of_the_file_stay(path: Path, tmp_path: Path) -> None:
    path.chmod(0o640)
    link = tmp_path / "snarvei.xlsx"
    link.symlink_to(path)
    type_in(path, ("values", "I01", 21, 5.5))
    assert update(link, today=TODAY).written
    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_text_that_looks_like_a_formula_stays_text(path: Path) -> None:
    nasty = '=HYPERLINK("http://x","y")'
    type_in(path, ("measures", "measure", 1, nasty), ("group", "name", 0, "+47 99 99 99 99"))
    update(path, today=TODAY)
    stored = package(path)
    cells = [cell for sheet in stored.sheets for cell in sheet.cells.values()]
    assert [cell.formula for cell in cells if cell.text == nasty] != []
    assert not any(cell.formula for cell in cells if cell.text == nasty)


def test_new_rows_get_the_next_number_that_was_never_used(path: Path) -> None:
    last, ids = 45, [spot(path, "proposals", "id", row) for row in (10, 11)]
    put(path, {spot(path, "proposals", "id", 39): f"P{last}", **dict.fromkeys(ids)})
    type_in(path, ("proposals", "proposal", 10, "Ny idé"))
    done = update(path, today=TODAY)
    assert done.numbered == {("proposals", 10): "P46"}
    assert package(path).sheets
    put(path, {ids[0]: None, spot(path, "proposals", "id", 39): None})
    said = run("update", path)
    assert "P47" in said.out
    assert _text(path, ids[0]) == "P47"
    assert not update(path, today=TODAY).written


def _text(path: Path, place: tuple[str, str]) -> str | None:
    workbook = Workbook(Stored.open(str(path)))
    sheet = next(found for found in workbook.sheets if found.name == place[0])
    cells = scan(workbook.package.read(sheet.part), lambda: workbook.shared_strings).cells
    value = cells[cell_place(place[1])].value
    return value if isinstance(value, str) else None


def test_a_table_that_grew_is_read_and_numbered_to_its_end(path: Path) -> None:
    """Typing under a table makes it grow in Excel: its range is longer and its formulas are filled in."""
    part = next(table for table in package(path).tables if table.name == "hms_measures")
    bottom = part.area.bottom
    change(path, part.part, lambda xml: xml.replace(f'{bottom}"', f'{bottom + 1}"'))
    type_in(path, ("measures", "measure", 60, "Under tabellen"), ("measures", "status", 60, "Vedtatt"))
    done = update(path, today=TODAY)
    assert done.numbered == {("measures", 60): "T61"}
    assert _text(path, spot(path, "measures", "id", 60)) == "T61"
    cells = next(sheet for sheet in package(path).sheets if sheet.name == "Tiltak").cells
    assert cells[spot(path, "measures", "days_left", 60)[1]].formula
    assert not update(path, today=TODAY).written
