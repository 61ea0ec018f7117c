"""Nothing that may not leave is in any byte of any copy, and what may is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from hmsbook.actions.copy_own import wordless
from hmsbook.actions.reading import open_book, open_bytes
from hmsbook.actions.safe_copy import Copied, CopyAsked, prepare_copies
from hmsbook.errors import LeakError
from hmsbook.sharing.audiences import AUDIENCES
from hmsbook.sharing.masking import mask
from tests.copies.leaks import places
from tests.copies.master import FEW, MEMBER, NUMERATOR, SHOWN, UNKNOWN, allowed, master, secrets
from tests.copies.planted import OWN_COLUMN, OWN_SHEET, PIVOT_SHEET, WORD
from tests.hosts.books import TODAY, put, spot
from tests.hosts.foreign.assembly import Assembly
from tests.support.package import WORKBOOK

each_audience = pytest.mark.parametrize("audience", AUDIENCES)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return master(tmp_path_factory.mktemp("copies") / "bok.xlsx")


@pytest.fixture(scope="module")
def copies(book: Path) -> dict[str, Copied]:
    asked = [CopyAsked(key, MEMBER if key == "score" else "") for key in AUDIENCES]
    made = prepare_copies(open_book(book), asked, today=TODAY).copies
    return {copied.asked.audience: copied for copied in made}


def test_the_secrets_are_planted_in_every_kind_of_part(book: Path) -> None:
    found = " ".join(places(book.read_bytes(), WORD))
    kinds = (
        "worksheets charts drawings vmlDrawing comments threadedComments persons tables sharedStrings styles "
        "workbook.xml core.xml app.xml custom.xml customXml pivotCache externalLinks printerSettings"
    )
    assert [kind for kind in kinds.split() if kind not in found] == []


def test_every_secret_is_in_the_workbook(book: Path) -> None:
    data = book.read_bytes()
    assert [secret for secret in secrets() if not places(data, secret)] == []


@each_audience
def test_no_secret_is_in_any_copy(copies: dict[str, Copied], audience: str) -> None:
    data = copies[audience].data
    found = {str(secret): places(data, secret) for secret in secrets()}
    assert {secret: parts for secret, parts in found.items() if parts} == {}


@pytest.mark.parametrize(
    ("audience", "known"),
    [
        ("group", allowed("measures", "measure")),
        ("group", allowed("meetings", "decisions")),
        ("group", allowed("communication", "message")),
        ("group", "synnove@bygg.example"),
        ("everyone", allowed("measures", "responsible")),
        ("leader", allowed("why", "text")),
        ("score", allowed("proposals", "proposal")),
    ],
)
def test_what_may_be_told_is_found_by_the_same_search(
    copies: dict[str, Copied], audience: str, known: str
) -> None:
    assert places(copies[audience].data, known)


def test_a_number_that_may_be_shown_is_found_by_the_same_search(copies: dict[str, Copied]) -> None:
    assert "xl/worksheets/sheet5.xml" in places(copies["group"].data, SHOWN)


@pytest.mark.parametrize(
    ("audience", "untold"),
    [
        ("everyone", "synnove@bygg.example"),
        ("everyone", MEMBER),
        ("everyone", allowed("why", "text")),
        ("everyone", allowed("proposals", "proposal")),
        ("leader", "synnove@bygg.example"),
        ("leader", allowed("proposals", "proposal")),
        ("leader", allowed("meetings", "decisions")),
        ("score", allowed("measures", "measure")),
        ("score", SHOWN),
    ],
)
def test_an_audience_gets_only_what_is_for_it(
    copies: dict[str, Copied], audience: str, untold: str | float
) -> None:
    assert places(copies[audience].data, untold) == []


@each_audience
def test_a_copy_shows_nothing_that_would_have_to_be_masked(copies: dict[str, Copied], audience: str) -> None:
    assert mask(open_bytes(copies[audience].data, "kopi.xlsx").book).cells == {}


def test_masked_cells_are_read_as_empty_without_a_problem(copies: dict[str, Copied]) -> None:
    read = open_bytes(copies["group"].data, "kopi.xlsx").book
    assert read.problems == ()
    # I01 has few people for a figure about bullying, and nobody is to know that it belongs to such a one.
    assert {why for why, _ in read.masked.values()} == {"few", "unknown", "derivable"}
    assert FEW not in read.values["I01"].values()
    assert UNKNOWN not in read.values.get("I02", {}).values()
    assert all(basis.numerator != NUMERATOR for basis in read.basis)


def test_own_sheets_and_columns_go_along_only_when_they_are_named(book: Path) -> None:
    asked = CopyAsked(sheets=(OWN_SHEET,), columns=(OWN_COLUMN,))
    copied = prepare_copies(open_book(book), [asked], today=TODAY).copies[0]
    found = open_bytes(copied.data, "kopi.xlsx")
    assert OWN_SHEET in [sheet.name for sheet in found.host.workbook.sheets]
    assert found.book.rows["measures"][0].extra == {OWN_COLUMN: f"{WORD} celle"}


def test_nothing_but_typed_cells_of_an_own_sheet_goes_along(book: Path) -> None:
    asked = CopyAsked(sheets=(OWN_SHEET,))
    copied = prepare_copies(open_book(book), [asked], today=TODAY).copies[0]
    planted = ("notat", "tråd", "boks", "topptekst", "bilde", "knapp", "Person", "xml", "tittel", "feil")
    assert [word for word in planted if places(copied.data, f"{WORD} {word}")] == []
    # The formula there looks into another workbook.
    assert ("cell", "computed") in {(it.what, it.why) for it in copied.left_out}


def test_what_a_pivot_table_writes_stays(book: Path) -> None:
    asked = CopyAsked(sheets=(PIVOT_SHEET,))
    copied = prepare_copies(open_book(book), [asked], today=TODAY).copies[0]
    host = open_bytes(copied.data, "kopi.xlsx").host
    assert [dict(host.scan(it).cells) for it in host.workbook.sheets if it.name == PIVOT_SHEET] == [{}]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("#,##0.0", "#,##0.0"),
        ("dd.mm.yyyy;@", "dd.mm.yyyy;@"),
        ("0 [$Ola]", ""),
        (r"\O\l\a 0", ""),
        ('0 "Ola"', ""),
        ("[$-414]d. mmm", "[$-414]d. mmm"),
        ("General", ""),
        ("@", ""),
    ],
)
def test_the_format_of_a_number_says_no_words(written: str, kept: str) -> None:
    assert wordless(written) == kept


def test_a_national_identity_number_anywhere_stops_everything(tmp_path: Path) -> None:
    path = master(tmp_path / "bok.xlsx")
    put(path, {(OWN_SHEET, "F40"): "Se mappa til 010190 00083"})
    with pytest.raises(LeakError) as told:
        prepare_copies(open_book(path), [CopyAsked()], today=TODAY)
    assert (told.value.key, told.value.params) == ("identity_number", {"sheet": OWN_SHEET, "cell": "F40"})


def test_neither_the_file_nor_a_sheet_is_called_by_a_national_identity_number(tmp_path: Path) -> None:
    named = master(tmp_path / "Sak 010190-00083.xlsx")
    with pytest.raises(LeakError, match="identity_number_in_name"):
        prepare_copies(open_book(named), [CopyAsked()], today=TODAY)
    path = _renamed(tmp_path / "bok.xlsx", "010190 00083")
    with pytest.raises(LeakError, match="identity_number_in_sheet"):
        prepare_copies(open_book(path), [CopyAsked()], today=TODAY)


@pytest.mark.parametrize(("audience", "name"), [("group", "Om T02"), ("everyone", "Ottars ark")])
def test_a_sheet_whose_name_tells_something_does_not_go_along(
    tmp_path: Path, audience: str, name: str
) -> None:
    path = _renamed(tmp_path / "bok.xlsx", name)
    with pytest.raises(LeakError, match="own_name_tells"):
        prepare_copies(open_book(path), [CopyAsked(audience, sheets=(name,))], today=TODAY)


def _renamed(path: Path, name: str) -> Path:
    """A workbook in which the sheet that people made is called something else."""
    book = Assembly(master(path))
    book.change(WORKBOOK, f'name="{OWN_SHEET}"', f'name="{name}"')
    book.save()
    return path


def test_a_mark_that_cannot_be_read_counts_as_sensitive(tmp_path: Path) -> None:
    path = master(tmp_path / "bok.xlsx")
    put(path, {spot(path, "measures", "sensitive", 0): "kanskje"})
    copied = prepare_copies(open_book(path), [CopyAsked()], today=TODAY).copies[0]
    assert places(copied.data, allowed("measures", "measure")) == []


def test_without_the_column_that_says_what_is_sensitive_there_is_no_copy(tmp_path: Path) -> None:
    path = master(tmp_path / "bok.xlsx")
    sheet, cell = spot(path, "measures", "sensitive", -1)
    put(path, {(sheet, cell): "Ømtålig"})
    with pytest.raises(LeakError) as told:
        prepare_copies(open_book(path), [CopyAsked()], today=TODAY)
    assert (told.value.key, told.value.params) == ("sensitive_unknown", {"sheet": "Tiltak"})
