"""An upgrade moves all that a workbook holds, keeps the old file, and loses nothing without saying so."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from hmsbook.actions.create import new
from hmsbook.actions.reading import open_book
from hmsbook.actions.update import update
from hmsbook.actions.upgrade import Upgraded, upgrade
from hmsbook.commands import METHODS
from hmsbook.errors import PackageError, SaveError, UsageError
from hmsbook.flow.frame import new_book
from hmsbook.opc.cells import Formula
from hmsbook.standard.book import MAX_SLOTS, VERSION, slot_ids
from hmsbook.texts.files import LANGUAGES
from hmsbook.texts.words import words
from tests.cli.run import run
from tests.hosts.books import SLOTS, TODAY, book, package, put, region_spot, replace_parts, spot, type_in
from tests.hosts.by_hand import add_own, rename_sheets, reverse_sheets, swap_columns
from tests.hosts.foreign.book import foreign_book
from tests.support.office import Office
from tests.support.ooxml import lint, sdk_errors
from tests.upgrade.support import add_column, rows, without_words

OLDER = Path(__file__).parents[1] / "standards" / "1.0.xlsx"
KEPT = "bok (før oppgradering).xlsx"
HOSTILE = ('=HYPERLINK("http://x.example")', "+1+1", "-2+3", "@SUM(A1)", "<b>&amp; \"'", "_x0041_", "{=1}")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return book(tmp_path / "bok.xlsx")


def moved(path: Path, **options: object) -> Upgraded:
    """Upgrade a workbook of which everything can be carried."""
    done = upgrade(path, today=TODAY, **options)  # type: ignore[arg-type]
    assert done.left == ()
    assert done.written
    return done


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("method", METHODS)
def test_every_method_and_language(path: Path, method: str, lang: str) -> None:
    before, kept = rows(path), path.read_bytes()
    if (method, lang) == ("proind", "nb"):
        assert not upgrade(path, method=method, lang=lang, today=TODAY).changes
        return
    done = moved(path, method=method, lang=lang)
    assert done.old is not None
    assert done.old.read_bytes() == kept
    after = rows(path)
    assert without_words(after) == without_words(before)
    assert (after["unit"][0]["method"], after["unit"][0]["language"]) == (method, lang)
    titles = {words(lang).text(f"steps.{method}.{key}.title") for key in words(lang).get(f"steps.{method}")}
    assert {row["step"] for row in after["process"]} <= titles
    assert not update(path, today=TODAY).written


@pytest.mark.parametrize("slots", [24, 40])
def test_more_slots(path: Path, slots: int) -> None:
    before = rows(path)
    done = moved(path, slots=slots)
    assert done.changes == {"slots": (str(SLOTS), str(slots))}
    assert rows(path) == before
    assert open_book(path).book.manifest.slots == slots
    assert len(open_book(path).book.drawn_rows["indicators"]) == slots
    assert not update(path, today=TODAY).written
    assert (lint(path), sdk_errors(path)) == ([], [])


@pytest.mark.parametrize("options", [{}, {"lang": "en", "slots": 40}])
def test_an_older_standard(tmp_path: Path, options: dict[str, object]) -> None:
    path = Path(shutil.copy(OLDER, tmp_path / "bok.xlsx"))
    before = rows(path)
    done = moved(path, **options)
    assert done.changes["standard"] == ("1.0", VERSION)
    assert (tmp_path / KEPT).read_bytes() == OLDER.read_bytes()
    after = rows(path)
    assert (without_words(after), len(after["process"])) == (without_words(before), len(before["process"]))
    if not options:
        assert after == before
    assert not update(path, today=TODAY).written
    assert (lint(path), sdk_errors(path)) == ([], [])


def test_a_new_workbook_has_a_row_for_each_indicator(tmp_path: Path) -> None:
    for slots in range(1, MAX_SLOTS + 1):
        start = new_book({}, language="nb", method="proind", first_month=date(2026, 1, 1), slots=slots)
        assert [row.get("id") for row in start.drawn_rows["indicators"]] == list(slot_ids(slots))
    path = new(tmp_path / "ny.xlsx", slots=MAX_SLOTS, today=TODAY).path
    assert (lint(path), sdk_errors(path)) == ([], [])
    moved(path, slots=3)
    assert [row.get("id") for row in open_book(path).book.drawn_rows["indicators"]] == ["I01", "I02", "I03"]


def test_the_book_itself_goes_on(path: Path) -> None:
    """Identity, counters, the fixed day and the log are those of the old file."""
    before = open_book(path)
    moved(path, slots=24)
    after = open_book(path)
    for key in ("workbook_id", "edition"):
        assert getattr(after.book.manifest, key) == getattr(before.book.manifest, key)
    assert after.book.manifest.values["pinned_today"] == before.book.manifest.values["pinned_today"]
    counters = [str(found.book.manifest.values["counters"]) for found in (before, after)]
    assert counters[1] == counters[0].replace(f"indicators={SLOTS};", "indicators=24;")
    lines = [[row[2].value for row in found.raw.regions["log"] if row[2].value] for found in (before, after)]
    assert lines[1][: len(lines[0])] == lines[0]
    assert lines[1][len(lines[0])].startswith("Oppgradert")  # type: ignore[union-attr]


def test_ids_are_never_given_again(path: Path) -> None:
    """The last row of a table is gone; its number stays taken."""
    last = len(open_book(path).book.drawn_rows["measures"]) - 1
    type_in(path, ("measures", "id", last, None), ("measures", "measure", last, "Uten nummer"))
    moved(path, slots=24)
    assert rows(path)["measures"][-1]["id"] == f"T{last + 2}"


def test_what_cannot_be_read_is_carried_as_it_stands(path: Path) -> None:
    type_in(
        path,
        ("values", "I01", 3, "ca. 6,4"),
        ("measures", "deadline", 0, "til jul"),
        ("measures", "status", 1, "Kanskje"),
        ("challenges", "factor", 0, "#N/A"),
        ("values", "month", 30, "mars"),
        ("values", "I02", 30, 7),
        ("group", "role", 1, "Sjef"),
    )
    before = open_book(path).book
    assert len(before.problems) >= 5
    moved(path, lang="nn", slots=24)
    after = open_book(path).book
    shown = [[(it.case, it.values.get("found")) for it in found.problems] for found in (before, after)]
    assert shown[1] == shown[0]


def test_own_columns_are_carried(path: Path) -> None:
    day = 46000
    add_column(path, "measures", "Hvem & hva <\"'>", ["Ja", None, 3.5, "=1+1"])
    add_column(path, "values", "Merknad", ["Ferie", day])
    add_column(path, "process", "Deadline", ["Snart"])
    before = rows(path)
    moved(path, slots=24)
    assert rows(path) == before
    found = next(found for found in package(path).tables if found.name == "hms_measures")
    assert found.columns[-1] == "Hvem & hva <\"'>"
    moved(path, lang="en", method="skoen")
    assert [row.get("extra") for row in rows(path)["measures"]] == [
        row.get("extra") for row in before["measures"]
    ]
    assert not update(path, today=TODAY).written
    assert (lint(path), sdk_errors(path)) == ([], [])


def test_hostile_text_stays_text(path: Path) -> None:
    type_in(path, *(("measures", "measure", at, text) for at, text in enumerate(HOSTILE)))
    type_in(path, *(("challenges", "description", at, text) for at, text in enumerate(HOSTILE)))
    add_column(path, "challenges", "=cmd|'/c calc'!A1", HOSTILE)
    before = rows(path)
    moved(path, lang="nn")
    assert without_words(rows(path)) == without_words(before)
    cells = {sheet.name: sheet.cells for sheet in package(path).sheets}
    for at in range(len(HOSTILE)):
        sheet, cell = spot(path, "measures", "measure", at, "nn")
        assert cells[sheet][cell].formula is None


def test_tabs_keep_names_places_and_whether_they_show(path: Path) -> None:
    rename_sheets(path, {"Tiltak": "Kari's tiltak &amp; mål", "Status": "Oversikt"})
    reverse_sheets(path)
    before = [(sheet.name, sheet.state) for sheet in package(path).sheets]
    moved(path, slots=24)
    after = [(sheet.name, sheet.state) for sheet in package(path).sheets]
    assert [it for it in after if not it[0].startswith("_hms")] == [
        it for it in before if not it[0].startswith("_hms")
    ]
    assert (lint(path), sdk_errors(path)) == ([], [])


def test_moved_columns_come_back_to_their_places(path: Path) -> None:
    swap_columns(path, "measures", 1, 8)
    before = rows(path)
    moved(path, slots=24)
    assert rows(path) == before


def test_months_shown_are_kept(path: Path) -> None:
    found = next(it for it in package(path).defined_names if it.get("name") == "hms_months_shown")
    sheet, _, cell = (found.text or "").rpartition("!")
    put(path, {(sheet.strip("'"), cell.replace("$", "")): 36})
    moved(path, slots=24)
    assert open_book(path).months_shown == 36


# What cannot be carried


def test_what_people_made_is_listed_and_nothing_is_written(tmp_path: Path) -> None:
    path = foreign_book(tmp_path / "bok.xlsx")
    before = path.read_bytes()
    done = upgrade(path, slots=24, today=TODAY)
    assert (done.refused, done.written) == (True, False)
    assert path.read_bytes() == before
    assert [it.name for it in tmp_path.iterdir()] == ["bok.xlsx"]
    found = {(it.case, it.sheet) for it in done.left}
    assert found >= {
        ("sheet", ""),
        ("comment", "Tiltak"),
        ("drawing", "Status"),
        ("cells", "Tiltak"),
        ("rule", "Tiltak"),
        ("sparkline", "Tiltak"),
        ("slicer", "Tiltak"),
        ("control", "Status"),
        ("properties", ""),
        ("connection", ""),
        ("external", ""),
    }
    assert {it.name for it in done.left if it.case == "sheet"} == {"Mitt ark", "Min pivot", "Min liste"}


def test_it_is_left_behind_when_that_is_fine(tmp_path: Path) -> None:
    path = foreign_book(tmp_path / "bok.xlsx")
    before, kept = rows(path), path.read_bytes()
    done = upgrade(path, slots=24, today=TODAY, leave_behind=True)
    assert (done.written, bool(done.left)) == (True, True)
    assert (tmp_path / KEPT).read_bytes() == kept
    assert rows(path) == before


def test_macros_need_a_new_name(tmp_path: Path) -> None:
    path = foreign_book(tmp_path / "bok.xlsm")
    with pytest.raises(UsageError) as refused:
        upgrade(path, slots=24, today=TODAY)
    assert refused.value.key == "upgrade_macros"
    done = upgrade(path, slots=24, today=TODAY, out=tmp_path / "ny.xlsx")
    assert "macros" in {it.case for it in done.left}


def test_comments_and_pictures(path: Path) -> None:
    add_own(path, "Tiltak", "Trender")
    found = {(it.case, it.sheet, it.count) for it in upgrade(path, slots=24, today=TODAY).left}
    assert found == {("comment", "Tiltak", 1), ("drawing", "Trender", 2)}


@pytest.mark.parametrize(
    ("part", "old", "new", "case"),
    [
        (
            "Tiltak",
            "<tableParts",
            '<conditionalFormatting sqref="B9"><cfRule type="cellIs" priority="99" '
            'operator="greaterThan"><formula>5</formula></cfRule></conditionalFormatting><tableParts',
            "rule",
        ),
        (
            "Tiltak",
            "</dataValidations>",
            '<dataValidation type="whole" sqref="A40"><formula1>1</formula1>'
            "<formula2>9</formula2></dataValidation></dataValidations>",
            "validation",
        ),
        (
            "workbook",
            "<definedNames>",
            '<definedNames><definedName name="Mitt">INDIRECT("A1")</definedName>',
            "name",
        ),
        ("Tiltak", "<sheetData>", "<sheetData>", ""),
    ],
)
def test_small_things_are_found(path: Path, part: str, old: str, new: str, case: str) -> None:
    parts = {sheet.name: sheet.part for sheet in package(path).sheets} | {"workbook": "xl/workbook.xml"}
    xml = package(path).parts[parts[part]].decode()
    assert old in xml

    replace_parts(path, {parts[part]: xml.replace(old, new, 1).encode()})
    assert [it.case for it in upgrade(path, slots=24, today=TODAY, dry_run=True).left] == (
        [case] if case else []
    )


def test_formulas_and_notes_beside_the_tables(path: Path) -> None:
    sheet, cell = spot(path, "values", "I01", 4)
    put(path, {(sheet, cell): Formula("5+3", 8), ("Tiltak", "AH3"): "Husk"})
    found = {(it.case, it.sheet, it.name) for it in upgrade(path, slots=24, today=TODAY).left}
    assert found == {("formula", sheet, cell), ("cells", "Tiltak", "AH3")}
    assert upgrade(path, slots=24, today=TODAY, leave_behind=True).written
    assert rows(path)["values"][4]["I01"] == 8


# Refusals


@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({"slots": 2}, "too_few_slots"),
        ({"slots": 61}, "bad_slots"),
        ({"slots": 0}, "bad_slots"),
        ({"method": "vår"}, "unknown_method"),
        ({"lang": "sv"}, "unknown_language"),
        ({"slots": 24, "out": "ny.xlsm"}, "not_xlsx"),
        ({"slots": 24, "out": "bok.xlsx"}, "out_exists"),
        ({"slots": 24, "out": "mappe/ny.xlsx"}, "folder_missing"),
    ],
)
def test_it_is_refused(
    path: Path, options: dict[str, object], key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(path.parent)
    before = path.read_bytes()
    with pytest.raises(UsageError) as refused:
        upgrade(path, today=TODAY, **options)  # type: ignore[arg-type]
    assert refused.value.key == key
    assert path.read_bytes() == before
    assert [it.name for it in path.parent.iterdir()] == ["bok.xlsx"]


def test_another_file_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "annet.xlsx"
    other.write_bytes(b"PK")
    with pytest.raises(PackageError):
        upgrade(other, today=TODAY)


def test_a_failed_save_leaves_everything_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise SaveError("disk_full", path=str(path))

    before = path.read_bytes()
    monkeypatch.setattr("hmsbook.actions.upgrade.save", fails)
    with pytest.raises(SaveError):
        upgrade(path, slots=24, today=TODAY)
    assert path.read_bytes() == before
    assert [it.name for it in path.parent.iterdir()] == ["bok.xlsx"]


def test_an_earlier_copy_is_never_written_over(path: Path) -> None:
    (path.parent / KEPT).write_text("min")
    done = moved(path, slots=24)
    assert (path.parent / KEPT).read_text() == "min"
    assert done.old is not None
    assert done.old.name.startswith("bok (før oppgradering")


def test_out_leaves_the_workbook_alone(path: Path) -> None:
    before = path.read_bytes()
    done = moved(path, slots=24, out=path.parent / "ny.xlsx")
    assert path.read_bytes() == before
    assert rows(done.path) == rows(path)
    assert sorted(it.name for it in path.parent.iterdir()) == ["bok.xlsx", "ny.xlsx"]


def test_a_dry_run_writes_nothing(path: Path) -> None:
    before = path.read_bytes()
    done = upgrade(path, slots=24, today=TODAY, dry_run=True)
    assert (done.written, done.refused, done.left) == (False, False, ())
    assert path.read_bytes() == before


# The command


def test_the_command_tells_and_refuses(tmp_path: Path) -> None:
    path = foreign_book(tmp_path / "bok.xlsx")
    told = run("upgrade", path, "--slots", "24")
    assert told.exit == 2
    assert "Mitt ark" in told.out
    assert "--leave-behind" in told.out
    found = run("upgrade", path, "--slots", "24", "--json").json
    assert (found["written"], found["refused"]) == (False, True)
    assert {
        "case": "sheet",
        "sheet": "",
        "count": 1,
        "name": "Mitt ark",
        "reason": "spill",
        "at": "AC6",
        "text": "eget ark (Mitt ark). Grunn: formler som fyller flere celler, eller bilder i celler (AC6)",
    } in found["left"]
    assert run("upgrade", path, "--slots", "24", "--dry-run").exit == 0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_command_says_what_it_did(path: Path, lang: str) -> None:
    told = run("upgrade", path, "--slots", "24", "--lang", lang)
    assert (told.exit, told.err) == (0, "")
    assert KEPT in told.out
    again = run("upgrade", path)
    assert (again.exit, VERSION in again.out) == (0, True)


def test_it_opens_in_libreoffice(tmp_path: Path, office: Office) -> None:
    path = Path(shutil.copy(OLDER, tmp_path / "bok.xlsx"))
    moved(path, slots=40)
    sheet, cell = spot(path, "measures", "measure")
    with office.open(path) as opened:
        opened.recalculate()
        assert opened.value(sheet, cell) == rows(path)["measures"][0]["measure"]


def test_what_was_typed_over_ours_goes_to_the_log(path: Path) -> None:
    put(path, {region_spot(path, "status_facts"): "Skrevet over"})
    moved(path, slots=24)
    lines = [row[2].value for row in open_book(path).raw.regions["log"] if row[2].value]
    assert any("Skrevet over" in str(line) for line in lines)
