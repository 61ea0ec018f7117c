"""However a workbook is packed and written, an update is right, or refused by name and does nothing."""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from hmsbook.actions.update import update
from hmsbook.opc.package import Package as Stored
from tests.cli.run import run
from tests.fuzz.small import small_parts
from tests.hosts.books import TODAY
from tests.opc import packages
from tests.opc.test_package import zip64
from tests.reliability.rows import Row, said, shows

LATER = TODAY + timedelta(days=40)
PACKED: dict[str, Callable[[dict[str, bytes]], bytes]] = {
    "sizes behind the data (descriptors)": packages.with_descriptors,
    "zip64": zip64,
    "zip64 without wide offsets": lambda parts: zip64(parts, wide_offsets=False),
    "parts stored, not packed": lambda parts: packages.zipped_with(parts, zipfile.ZIP_STORED),
    "a comment on the archive": lambda parts: packages.zipped_with(parts, comment=b"fra skyen"),
    "comments on entries": lambda parts: packages.zipped_with(parts, note=b"merknad PK\1\2"),
    "extra fields": lambda parts: packages.zipped_with(parts, extra=struct.pack("<HH4s", 0xA220, 4, b"pad!")),
    "parts in the opposite order": packages.backwards,
    "a directory in another order than the parts": packages.directory_backwards,
}
WRITTEN: dict[str, Callable[[dict[str, bytes]], dict[str, bytes]]] = {
    "links counted from the root": packages.absolute_targets,
    "links that go up and down": packages.roundabout_targets,
    "`x:` before every element": packages.prefixed,
    "strict namespaces": packages.strict,
    "a byte order mark before each part": packages.marked,
    "UTF-16 in parts that stay": packages.utf16(
        r"xl/(sharedStrings|tables/table\d+)\.xml|.*\.rels|\[Content_Types\]\.xml"
    ),
    "no `r=` on rows and cells": packages.without_references,
}
REFUSED: dict[str, tuple[Callable[[dict[str, bytes]], dict[str, bytes]], str]] = {
    "UTF-16 sheets": (packages.utf16(r"xl/worksheets/sheet\d+\.xml"), "unsupported_encoding"),
    "a UTF-16 workbook part": (packages.utf16(r"xl/workbook\.xml"), "unsupported_encoding"),
    "an array formula over a computed column": (packages.array_over_a_computed_column, "array_cell"),
    "a shared one over a value": (packages.shared_over_a_value, "shared_formula"),
    "a spill over a computed column": (packages.spill_over_a_computed_column, "array_cell"),
    "days counted from 1904": (packages.date1904, "date1904"),
}


RIGHT = "every cell is right, the rest identical"
SHARED = "shared formulas"


@cache
def _wanted() -> dict[tuple[str, str], tuple[object, str | None]]:
    """What the cells show after an update of the workbook as hmsbook packs it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "bok.xlsx"
        path.write_bytes(packages.zipped_with(small_parts()))
        assert update(path, today=LATER).cells > 10
        return packages.cells_of(path.read_bytes())


def _updated(path: Path, data: bytes) -> Stored:
    """The package before the update; the file holds what it became."""
    path.write_bytes(data)
    before = Stored.open(path)
    assert update(path, today=LATER).written
    return before


def _check(path: Path, before: Stored) -> str:
    """Values, what is not owned, and that there is nothing more to do: what the page says of it."""
    after = Stored.open(path)
    after.verify()
    assert after.names == before.names
    different = {name for name in before.names if before.raw(name) != after.raw(name)}
    written = r"/?xl/(workbook|worksheets/sheet\d+|charts/chart\d+)\.xml"
    assert all(re.fullmatch(written, name) for name in different)
    assert zipfile.ZipFile(BytesIO(path.read_bytes())).testzip() is None
    assert packages.cells_of(path.read_bytes()) == _wanted()
    assert not update(path, today=LATER).written
    return RIGHT


@shows("packages", *PACKED)
@pytest.mark.parametrize("how", PACKED)
def test_however_it_is_packed(how: str, tmp_path: Path) -> Row:
    path = tmp_path / "bok.xlsx"
    before = _updated(path, PACKED[how](small_parts()))
    outcome = _check(path, before)
    old, new = (zipfile.ZipFile(BytesIO(data)) for data in (before.data, path.read_bytes()))
    assert new.comment == old.comment
    about = [[(it.filename, it.comment, it.date_time) for it in archive.infolist()] for archive in (old, new)]
    assert about[0] == about[1]
    return (how, outcome)


@shows("packages", *WRITTEN)
@pytest.mark.parametrize("how", WRITTEN)
def test_however_it_is_written(how: str, tmp_path: Path) -> Row:
    path = tmp_path / "bok.xlsx"
    parts = WRITTEN[how](dict(small_parts()))
    assert parts != small_parts()
    return (how, _check(path, _updated(path, packages.zipped_with(parts))))


@shows("packages", SHARED)
def test_shared_formulas_stay_shared_and_get_their_values(tmp_path: Path) -> Row:
    path = tmp_path / "bok.xlsx"
    parts = packages.shared_formulas(dict(small_parts()))
    shared = rb'<f t="shared"[^>]*>'
    assert len(re.findall(shared, parts[packages.MEASURES])) > 10
    before = _updated(path, packages.zipped_with(parts))
    after = Stored.open(path)
    old, new = (found.read(packages.MEASURES) for found in (before, after))
    assert old != new
    assert re.findall(shared, old) == re.findall(shared, new)
    shown = {key: value for key, (value, _) in packages.cells_of(path.read_bytes()).items()}
    assert shown == {key: value for key, (value, _) in _wanted().items()}
    assert not update(path, today=LATER).written
    return (SHARED, RIGHT)


@pytest.mark.parametrize(
    "how", ["`x:` before every element", "strict namespaces", "no `r=` on rows and cells"]
)
def test_the_chart_window_is_right_too(how: str, tmp_path: Path) -> None:
    path = tmp_path / "bok.xlsx"
    path.write_bytes(packages.zipped_with(WRITTEN[how](dict(small_parts(window=True)))))
    assert update(path, today=LATER).written
    assert not update(path, today=LATER).written


@shows("unwritable", *REFUSED)
@pytest.mark.parametrize("how", REFUSED)
def test_what_cannot_be_written_is_refused_by_name(how: str, tmp_path: Path) -> Row:
    make, key = REFUSED[how]
    path = tmp_path / "bok.xlsx"
    path.write_bytes(packages.zipped_with(make(dict(small_parts()))))
    before = path.read_bytes()
    assert run("update", path, "--json", today=LATER.isoformat()).json["error"]["key"] == key
    ran = run("update", path, "--lang", "en", today=LATER.isoformat())
    assert (ran.exit, ran.out) == (2, "")
    assert path.read_bytes() == before
    assert [it.name for it in tmp_path.iterdir()] == [path.name]
    return (how, said(ran.err, path))
