"""The last look refuses a copy with anything in it that must not be there, however it got in."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from hmsbook.actions import copy_frame
from hmsbook.actions.copy_gate import require_nothing_more
from hmsbook.actions.reading import OpenedFile, open_book, open_bytes
from hmsbook.actions.safe_copy import CopyAsked, prepare_copies
from hmsbook.errors import LeakError
from hmsbook.flow.fill import Fill
from hmsbook.model.book import Book
from hmsbook.model.kept import Kept
from tests.hosts.books import TODAY, book

Looked = tuple[OpenedFile, Book, Fill, Kept]


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> Looked:
    """What the last look is given when a copy is made."""
    seen: list[Looked] = []

    def note(*given: object) -> None:
        require_nothing_more(*given)  # type: ignore[arg-type] # it is given what it takes
        seen.append(given)  # type: ignore[arg-type]

    path = book(tmp_path_factory.mktemp("gate") / "bok.xlsx")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(copy_frame, "require_nothing_more", note)
        prepare_copies(open_book(path), [CopyAsked()], today=TODAY)
    return seen[0]


def _changed(data: bytes, part: str, edit: Callable[[str], str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == part:
                after = edit(content.decode()).encode()
                assert after != content, f"nothing to change in {part}"
                content = after
            new.writestr(info, content)
        if part not in old.namelist():
            new.writestr(part, edit(""))
    return target.getvalue()


# What is written where: the part, what stands there, and what comes in its place.
TEXTS = {
    "another text in a cell": ("xl/sharedStrings.xml", "Fast ukeplan", "Ny ukeplan"),
    "a property": ("docProps/core.xml", "hmsbook<", "Ømtålig forfatter<"),
    "a name": ("xl/workbook.xml", 'name="hms_sheet_guide"', 'name="hms_ømtålig"'),
    "a sheet's name": ("xl/workbook.xml", '"Faktaark"', '"Ømtålig"'),
    "a message of a cell": ("xl/worksheets/sheet2.xml", ' prompt="', ' prompt="Ømtålig '),
    "a footer": ("xl/worksheets/sheet1.xml", "<oddFooter>", "<oddFooter>Ømtålig "),
    "a chart's memory": ("xl/charts/chart1.xml", "<c:v>", "<c:v>Ømtålig "),
    "a picture's text": ("xl/drawings/drawing1.xml", ' name="', ' name="Ømtålig '),
    "a part of another kind": ("customXml/item1.xml", "", "<a/>"),
    "comments": ("xl/comments1.xml", "", "<comments/>"),
}


@pytest.mark.parametrize("what", TEXTS)
def test_whatever_is_more_is_refused(looked: Looked, what: str) -> None:
    copy, wanted, fill, kept = looked
    part, old, new = TEXTS[what]
    tampered = _changed(copy.host.package.data, part, lambda it: it.replace(old, new, 1))
    with pytest.raises(LeakError):
        require_nothing_more(open_bytes(tampered, "kopi.xlsx"), wanted, fill, kept)


def test_another_value_in_a_row_is_refused(looked: Looked) -> None:
    copy, wanted, fill, kept = looked
    row = wanted.rows["measures"][0]
    other = type(row)(row.table, {**row.values, "progress": 77}, row.sheet, row.cells, row.index)
    rows = {**wanted.rows, "measures": (other, *wanted.rows["measures"][1:])}
    with pytest.raises(LeakError) as told:
        require_nothing_more(copy, wanted.but(rows=rows), fill, kept)
    assert told.value.params == {"part": "hms_measures"}


def test_a_value_that_would_have_to_be_masked_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where masking itself would have let it through."""
    from hmsbook.actions import safe_copy
    from hmsbook.sharing.masking import Masked

    monkeypatch.setattr(safe_copy, "mask", lambda _book: Masked({}))
    with pytest.raises(LeakError) as told:
        prepare_copies(open_book(book(tmp_path / "bok.xlsx")), [CopyAsked()], today=TODAY)
    assert told.value.key == "more_in_copy"
