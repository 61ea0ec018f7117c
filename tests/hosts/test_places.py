"""A name that points elsewhere, a table on the wrong sheet, a torn manifest: refused, and untouched."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hmsbook.actions.update import update
from hmsbook.errors import PackageError
from hmsbook.opc.cells import Write, range_name
from tests.cli.run import run
from tests.hosts.books import (
    TODAY,
    book,
    change,
    package,
    put,
    region_spot,
    replace_parts,
    table,
    type_in,
    value,
)
from tests.support.package import WORKBOOK

CALCULATED = (
    "today",
    "snapshots",
    "prints",
    "slots",
    "newest",
    "stale",
    "next_meeting",
    "agendas",
    "jumps",
    "quadrants",
    "cross",
    "plot",
    "window",
    "results",
    "manifest",
)
SEEN = ("status_facts", "status_counts", "problems", "value_heads", "agenda", "trend_blocks", "log")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return book(tmp_path / "bok.xlsx")


def point(path: Path, name: str, target: str) -> None:
    """Let a name point elsewhere."""
    pattern = rf'(<definedName name="hms_{name}"[^>]*>)[^<]*<'
    change(path, WORKBOOK, lambda xml: re.sub(pattern, lambda found: f"{found[1]}{target}<", xml))


def area(path: Path, name: str, *, down: int = 0, right: int = 0) -> str:
    """Where a name points, stretched."""
    pattern = rf'name="hms_{name}"[^>]*>([^<]*)!\$([A-Z]+)\$(\d+)(?::\$([A-Z]+)\$(\d+))?<'
    sheet, left, top, last, bottom = re.findall(pattern, package(path).parts[WORKBOOK].decode())[0]
    last, bottom = last or left, bottom or top
    return f"{sheet}!${left}${top}:${_moved(last, right)}${int(bottom) + down}"


def _moved(letters: str, by: int) -> str:
    return range_name((1, _number(letters) + by, 1, _number(letters) + by)).rstrip("1")


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def refused(path: Path) -> PackageError:
    """The refusal of an update, which leaves the file alone."""
    type_in(path, ("values", "I01", 21, 5.5))
    before = path.read_bytes()
    with pytest.raises(PackageError) as found:
        update(path, today=TODAY)
    assert path.read_bytes() == before
    return found.value


@pytest.mark.parametrize("name", [*CALCULATED, *SEEN])
def test_a_name_on_another_sheet_is_refused(name: str, path: Path) -> None:
    sheet = "Kartlegging"
    home = area(path, name).rpartition("!")[0].strip("'")
    point(path, name, f"{sheet}!{area(path, name).rpartition('!')[2]}")
    found = refused(path)
    assert (found.key, found.params["name"]) == ("name_elsewhere", f"hms_{name}")
    assert (found.params["sheet"], found.params["home"]) == (sheet, home)
    said = run("update", path)
    assert (said.exit, said.out) == (2, "")
    assert f"hms_{name}" in said.err
    assert "hører til på" in said.err


@pytest.mark.parametrize("name", [name for name in CALCULATED if name not in ("plot", "results")])
def test_a_name_that_has_grown_on_a_sheet_nobody_sees_is_refused(name: str, path: Path) -> None:
    point(path, name, area(path, name, down=1))
    assert refused(path).key in ("name_shape", "names_overlap")


@pytest.mark.parametrize("name", CALCULATED)
def test_a_name_with_another_width_is_refused(name: str, path: Path) -> None:
    point(path, name, area(path, name, right=1))
    found = refused(path)
    assert (found.key, found.params["name"]) == ("name_shape", f"hms_{name}")
    assert "Det er laget for" in run("update", path).err


def test_a_results_block_may_be_as_tall_as_there_are_months(path: Path) -> None:
    point(path, "results", area(path, "results", down=-40))
    type_in(path, ("values", "I01", 21, 5.5))
    assert update(path, today=TODAY).written


@pytest.mark.parametrize("name", ["slots", "prints", "results", "manifest"])
def test_a_name_that_points_nowhere_is_refused(name: str, path: Path) -> None:
    point(path, name, "#REF!")
    assert refused(path).key in ("region_missing", "names_gone")


@pytest.mark.parametrize("name", ["status_facts", "log", "problems", "coverage_law"])
def test_a_name_over_a_whole_sheet_is_refused(name: str, path: Path) -> None:
    sheet = area(path, name).rpartition("!")[0]
    point(path, name, f"{sheet}!$A$1:$AZ$9000")
    assert refused(path).key in ("name_shape", "names_overlap")


def test_a_name_of_many_million_cells_is_refused(path: Path) -> None:
    point(path, "log", "Logg!$A$1:$XFD$1048576")
    assert refused(path).key == "too_large"


def test_names_over_each_other_and_over_a_table_are_refused(path: Path) -> None:
    first = path.read_bytes()
    point(path, "status_missing", area(path, "status_counts"))
    found = refused(path)
    assert (found.key, found.params["sheet"]) == ("names_overlap", "Status")
    path.write_bytes(first)
    top, left, *_ = table(path, "values").area
    cells = range_name((top + 2, left, top + 5, left + 7)).replace(":", ":$")
    point(path, "value_heads", f"'Månedsverdier'!${cells}")
    found = refused(path)
    assert (found.key, found.params["other"]) == ("names_overlap", "hms_values")
    assert "dekker de samme cellene" in run("check", path).err


def test_a_table_drawn_over_what_hmsbook_fills_in_is_refused(path: Path) -> None:
    """What stands below a table would be taken for rows of it, and the other way round."""
    found = table(path, "indicators")
    old = range_name(found.area)
    new = range_name((*found.area[:2], found.area.bottom + 12, found.area.right))
    change(path, found.part, lambda xml: xml.replace(f'ref="{old}"', f'ref="{new}"'))
    assert refused(path).params["other"] == "hms_recalculations"


def test_a_name_of_one_sheet_never_hides_ours(path: Path) -> None:
    """Excel gives a copied sheet names of its own; a program may spell them otherwise."""
    own = '<definedName name="HMS_MANIFEST" localSheetId="3">Tiltak!$B$5:$C$16</definedName></definedNames>'
    change(path, WORKBOOK, lambda xml: xml.replace("</definedNames>", own))
    assert not update(path, today=TODAY).written


# What legitimately differs


def test_regions_people_see_may_have_grown(path: Path) -> None:
    point(path, "status_facts", area(path, "status_facts", down=1))
    point(path, "trend_blocks", area(path, "trend_blocks", down=3))
    type_in(path, ("values", "I01", 21, 5.5))
    assert update(path, today=TODAY).written


def test_a_sheet_whose_corner_was_deleted_is_known_by_its_regions(path: Path) -> None:
    """Deleting the first row or column of a sheet takes away the name of its corner."""
    for sheet in ("status", "check", "log"):
        point(path, f"sheet_{sheet}", "#REF!")
    type_in(path, ("values", "I01", 21, 5.5))
    assert update(path, today=TODAY).written
    point(path, "status_counts", "Logg!$H$1:$K$1")
    assert refused(path).key == "name_elsewhere"


def test_calculation_sheets_may_have_been_renamed(path: Path) -> None:
    """LibreOffice offers to show and rename what Excel keeps very hidden."""

    def renamed(content: bytes) -> bytes:
        text = content.decode().replace("_hms_results!", "hjelp2!").replace("_hms!", "hjelp!")
        return text.replace('name="_hms_results"', 'name="hjelp2"').replace('"_hms"', '"hjelp"').encode()

    kinds = ("xl/workbook.xml", "xl/worksheets/sheet", "xl/charts/chart")
    parts = package(path).parts
    replace_parts(path, {name: renamed(parts[name]) for name in parts if name.startswith(kinds)})
    type_in(path, ("values", "I01", 21, 5.5))
    assert update(path, today=TODAY).written
    point(path, "slots", "Tiltak!$B$100:$W$107")
    assert refused(path).key == "name_elsewhere"


# Tables


def _sheet_rels(path: Path, key: str) -> str:
    part = next(sheet.part for sheet in package(path).sheets if sheet.name == table(path, key).sheet)
    return part.replace("worksheets/", "worksheets/_rels/") + ".rels"


def test_tables_that_changed_sheets_are_refused(path: Path) -> None:
    one, other = _sheet_rels(path, "measures"), _sheet_rels(path, "mapping")
    parts = package(path).parts
    links = [re.search(rb'Target="([^"]*/table\d+\.xml)"', parts[name]) for name in (one, other)]
    first, second = (link[1] for link in links if link)
    replace_parts(path, {one: parts[one].replace(first, second), other: parts[other].replace(second, first)})
    before = path.read_bytes()
    for command in ("update", "check", "export"):
        said = run(command, path)
        assert (said.exit, said.out) == (2, "")
        assert "mistet overskrifter eller kolonner (ark: Tiltak, Kartlegging)" in said.err
    assert path.read_bytes() == before


def test_a_table_that_is_there_twice_is_refused(path: Path) -> None:
    part = table(path, "communication").part
    change(path, part, lambda xml: xml.replace("hms_communication", "hms_measures"))
    found = refused(path)
    assert (found.key, found.params["table"]) == ("table_twice", "hms_measures")
    assert "Tiltak, Kommunikasjon" in run("update", path).err


# The manifest


ROWS = {"standard": 1, "language": 3, "edition": 5, "slots": 6, "pinned_today": 11}


def _note(path: Path, field: str, content: Write) -> None:
    put(path, {region_spot(path, "manifest", ROWS[field], 1): content})


TORN: list[tuple[str, Write]] = [
    ("language", None),
    ("language", "de"),
    ("language", 7),
    ("slots", "åtte"),
    ("slots", None),
    ("slots", 0),
    ("slots", 61),
    ("slots", -8),
    ("slots", 8.5),
    ("slots", "9" * 5000),
    ("slots", "\N{ARABIC-INDIC DIGIT EIGHT}"),
    ("edition", "første"),
    ("edition", "²"),
    ("standard", None),
    ("standard", "en punkt en"),
    ("pinned_today", "i dag"),
]


@pytest.mark.parametrize(("field", "content"), TORN)
def test_a_torn_manifest_is_refused_by_name(field: str, content: Write, path: Path) -> None:
    _note(path, field, content)
    before = path.read_bytes()
    for command in ("update", "check", "export", "upgrade"):
        said = run(command, path)
        assert (said.exit, said.out) == (2, "")
        assert f"er {field} «{'' if content is None else str(content)[:40]}»" in said.err
        assert "Hent en eldre kopi" in said.err
    assert path.read_bytes() == before


def test_a_manifest_without_its_own_words_is_refused(path: Path) -> None:
    put(path, {region_spot(path, "manifest", ROWS["language"], 0): "x"})
    assert refused(path).params["field"] == "language"


@pytest.mark.parametrize("content", [8, 8.0, "8", "8.0"])
def test_a_number_may_be_written_otherwise(content: Write, path: Path) -> None:
    _note(path, "slots", content)
    assert update(path, today=TODAY).written in (True, False)
    assert value(path, *region_spot(path, "manifest", ROWS["slots"], 1)) in (8, "8")


def test_an_edition_that_is_missing_is_none(path: Path) -> None:
    _note(path, "edition", None)
    update(path, today=TODAY)
    assert value(path, *region_spot(path, "manifest", ROWS["edition"], 1)) == 0


def test_odd_counters_are_no_counters(path: Path) -> None:
    put(path, {region_spot(path, "manifest", 10, 1): "measures=²;proposals=99999999999999;x;votes="})
    type_in(path, ("measures", "measure", 9, "Ny"), ("measures", "id", 9, None))
    assert update(path, today=TODAY).numbered == {("measures", 9): "T61"}
