from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from tests.support import office as module
from tests.support.crosscheck import crosscheck, formula_count
from tests.support.office import Document, Office, OfficeError
from tests.support.package import Package
from tests.support.render import main, render
from tests.support_tests.specimen import SHEET, altered, specimen

PNG = b"\x89PNG"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return specimen(tmp_path / "bøk 1.xlsx")


@pytest.fixture
def book(office: Office, path: Path) -> Iterator[Document]:
    with office.open(path) as opened:
        yield opened


def test_stored_values_are_seen_until_recalculation(book: Document) -> None:
    assert book.value("Tall", "D8") == 1
    book.recalculate()
    assert book.value("Tall", "D8") == pytest.approx(1)
    assert book.value("Tall", "A8") == 45012
    assert book.value("Tall", "C8") == "ja; «nei»"
    assert book.value("Tall", "E8") == "#N/A"
    assert book.value("Tall", "A1") is None
    assert book.block("Tall", "A2:B3") == [["Verdi", "Dobbel"], [1, 2]]
    assert book.formula("Tall", "D8") == "=STDEV.S(A3:A5)"


def test_values_are_put_as_given_and_typed_as_a_norwegian_types(book: Document) -> None:
    book.put("Tall", {"J1": 6.5, "J2": "6,5", "J3": date(2025, 12, 31), "A3": None})
    book.type("Tall", {"K1": "6,5", "K2": "tekst", "K3": "31.12.2025", "K4": "=SUM(A3:A5)"})
    assert book.block("Tall", "J1:K4") == [[6.5, 6.5], ["6,5", "tekst"], [46022, 46022], ["", 5]]
    assert book.text("Tall", "K1") == "6,5"
    assert book.value("Tall", "A3") is None


def test_rows_and_columns_move_and_formulas_follow(book: Document) -> None:
    book.insert_rows("Tall", 1, 2)
    book.delete_rows("Tall", 1)
    book.insert_columns("Tall", "A", 3)
    book.delete_columns("Tall", "B", 1)
    assert book.formula("Tall", "F9") == "=STDEV.S(C4:C6)"


def test_rows_are_sorted(book: Document) -> None:
    book.sort("Tall", "A3:A5", "A", descending=True)
    assert book.block("Tall", "A3:A5") == [[3], [2], [1]]
    book.sort("Tall", "A2:A5", "A", header=True)
    assert book.block("Tall", "A2:A5") == [["Verdi"], [1], [2], [3]]


def test_sheets_are_renamed_moved_shown_added_and_removed(book: Document) -> None:
    assert book.visibility() == {"Tall": True, "Skjult ark": False}
    book.rename_sheet("Tall", "Månedstall")
    book.add_sheet("Mine notater", 0)
    book.move_sheet("Mine notater", 3)
    book.show_sheet("Skjult ark")
    assert book.visibility() == {"Månedstall": True, "Skjult ark": True, "Mine notater": True}
    book.remove_sheet("Mine notater")
    assert book.sheets() == ["Månedstall", "Skjult ark"]


def test_what_was_changed_is_saved_beside_the_original(book: Document, path: Path, tmp_path: Path) -> None:
    before = path.read_bytes()
    book.put("Tall", {"A3": 10})
    saved = Package(book.save_as(tmp_path / "lagret.xlsx"))
    assert saved.sheets[0].cells["A3"].cached == 10
    assert saved.sheets[0].cells["A8"].cached == 45030
    assert path.read_bytes() == before
    assert book.save_as(tmp_path / "lagret.ods").stat().st_size > 0


def test_a_wrong_place_is_an_error_and_the_document_lives_on(book: Document) -> None:
    with pytest.raises(OfficeError, match="no sheet 'Borte' among Tall, Skjult ark"):
        book.value("Borte", "A1")
    with pytest.raises(OfficeError, match="not the address of one cell"):
        book.value("Tall", "A1:B2")
    assert book.value("Tall", "A3") == 1


def test_what_is_no_workbook_is_an_error(office: Office, tmp_path: Path) -> None:
    text = tmp_path / "notat.docx"
    text.write_bytes(b"PK\x03\x04 half a file")
    with pytest.raises(OfficeError, match=r"did not open notat\.docx"):
        office.open(text)


def test_a_crash_costs_the_open_documents_only(path: Path) -> None:
    with Office() as own:
        lost = own.open(path)
        assert own._server is not None
        own._server.kill()
        with pytest.raises(OfficeError, match="its documents are lost"):
            lost.value("Tall", "A3")
        with own.open(path) as found:
            assert found.value("Tall", "A3") == 1


def test_silence_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.01)
    with Office() as own, pytest.raises(OfficeError, match="did not answer"):
        own.start()


def test_right_stored_values_pass_and_are_counted(office: Office, path: Path) -> None:
    assert crosscheck(office, path) == []
    assert formula_count(path) == 8


@pytest.mark.parametrize(
    ("old", "new", "answer"),
    [
        (
            "<v>45012</v>",
            "<v>45013</v>",
            "Tall!A8 =SUM(tall[Dobbel])+hms_today: stored 45013.0, LibreOffice 45012.0",
        ),
        ("<v>45012</v>", "", "stored None, LibreOffice 45012.0"),
        ("<v>ja; «nei»</v>", "<v></v>", "stored '', LibreOffice 'ja; «nei»'"),
        ('t="e"><f>NA()</f><v>#N/A</v>', "><f>NA()</f><v>0</v>", "stored 0.0, LibreOffice '#N/A'"),
        ("<f>_xlfn.STDEV.S(A3:A5)</f>", "<f>_xlfn.STDEV.Q(A3:A5)</f>", "stored 1.0, LibreOffice '#NAME?'"),
    ],
)
def test_a_wrong_stored_value_is_found(office: Office, path: Path, old: str, new: str, answer: str) -> None:
    (line,) = crosscheck(office, altered(path, SHEET, old, new))
    assert answer in line


def test_pages_are_drawn_of_one_sheet_of_all_and_of_hidden_ones(
    office: Office, path: Path, tmp_path: Path
) -> None:
    out = tmp_path / "sider"
    shown = render(office, path, out)
    hidden = render(office, path, out, sheet="Skjult ark", dpi=40)
    everything = render(office, path, out, hidden=True, dpi=40)
    assert [page.name for page in hidden] == ["bøk 1 Skjult ark-1.png"]
    assert len(everything) == len(shown) + 1
    assert all(page.read_bytes().startswith(PNG) for page in [*hidden, *everything])


def test_sheets_without_a_print_area_are_drawn_too(office: Office, tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "two.xlsx")
    for name in ("Med", "Uten"):
        book.add_worksheet(name).write_string("A1", name)
    book.get_worksheet_by_name("Med").print_area("A1:B2")
    book.close()
    assert len(render(office, tmp_path / "two.xlsx", tmp_path)) == 2


def test_the_command_line_draws_each_sheet(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], path: Path, tmp_path: Path
) -> None:
    arguments = ["render", str(path), str(tmp_path / "sider"), "30", "--each", "--hidden"]
    monkeypatch.setattr("sys.argv", arguments)
    main()
    names = {Path(line).name for line in capsys.readouterr().out.splitlines()}
    assert {"bøk 1 Tall-1.png", "bøk 1 Skjult ark-1.png"} <= names
