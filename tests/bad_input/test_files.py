"""Files that are no workbook of ours: one sentence, exit code 2, and the file is as it was."""

from __future__ import annotations

import json
import re
import struct
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import xlsxwriter

from tests.cli.run import run
from tests.hosts.books import book, put, region_spot, repack
from tests.opc.build import SHEET_TYPE
from tests.reliability.rows import Row, said, shows
from tests.support.package import CONTENT_TYPES, WORKBOOK, Package

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _ole(path: Path, stream: str) -> None:
    """The container of old Office formats: a directory record of 128 bytes names each stream."""
    record = (stream + "\0").encode("utf-16-le").ljust(128, b"\0")
    path.write_bytes(OLE.ljust(512, b"\0") + record + bytes(1024))


def _text(path: Path) -> None:
    path.write_text("Måned;Sykefravær\n2026-01;6,4\n", encoding="utf-8")


def _plain(path: Path) -> None:
    with xlsxwriter.Workbook(path) as workbook:
        workbook.add_worksheet("Ark1").write(0, 0, "Hei")


def _zip_of_something(path: Path) -> None:
    book(path)
    repack(path, {"notat.txt": b"hei"}, without=Package(path).names)


def _damaged(path: Path) -> None:
    """A byte of a packed part has changed on the way."""
    whole = bytearray(book(path).read_bytes())
    whole[whole.index(b"xl/worksheets/sheet5.xml") + 2000] ^= 0xFF
    path.write_bytes(bytes(whole))


def _signed(path: Path) -> None:
    book(path)
    repack(path, {"_xmlsignatures/origin.sigs": b""})


def _with(path: Path, parts: dict[str, bytes]) -> None:
    book(path)
    repack(path, parts)


def _changed(path: Path, part: str, old: bytes, new: bytes) -> None:
    """The workbook with something in one part that should not be there."""
    before = Package(book(path)).parts[part]
    assert old in before
    repack(path, {part: before.replace(old, new, 1)})


def _cut_off(path: Path, quarter: int) -> None:
    """As much of the workbook as a broken copy has; the last quarter lacks a single byte."""
    whole = book(path).read_bytes()
    path.write_bytes(whole[: len(whole) * quarter // 4 - 1])


def _part_twice(path: Path) -> None:
    book(path)
    repack(path, {"xl/Worksheets/Sheet1.xml": b"<worksheet/>"})


def _too_many(path: Path) -> None:
    book(path)
    repack(path, {f"a{number}": b"" for number in range(20_001)})


def _says_it_holds(path: Path, megabytes: int, parts: int) -> None:
    """Parts that say they hold so much each, none packed more tightly than a part may be."""
    book(path)
    films = {f"xl/media/film{number}.bin": bytes(400_000) for number in range(parts)}
    repack(path, films, method=zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    for found in re.finditer(rb"PK\x01\x02.{42}xl/media/film", bytes(data), re.DOTALL):
        struct.pack_into("<I", data, found.start() + 24, megabytes << 20)
    path.write_bytes(bytes(data))


def _twice(path: Path) -> None:
    """The first directory seen from the front is not the one seen from behind."""
    whole = book(path).read_bytes()
    path.write_bytes(whole + whole)


def _opendocument(path: Path) -> None:
    book(path)
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    repack(path, {"mimetype": kind, "content.xml": b"<content/>"}, without=Package(path).names)


def _binary(path: Path) -> None:
    kind = b"application/vnd.ms-excel.sheet.binary.macroEnabled.main"
    _changed(path, CONTENT_TYPES, SHEET_TYPE.encode(), kind)


def _lost(path: Path, part: str) -> None:
    book(path)
    repack(path, {}, without=[part])


def _no_number(path: Path) -> None:
    _changed(path, "xl/worksheets/sheet5.xml", b"<v>6.4</v>", b"<v>1e999</v>")


def _newer(path: Path) -> None:
    book(path)
    sheet, cell = region_spot(path, "manifest", 1, 1)
    put(path, {(sheet, cell): "99.0"})


FILES: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "a text file": (_text, "not_a_workbook", "ikke en Excel-arbeidsbok"),
    "an empty file": (partial(Path.write_bytes, data=b""), "not_a_workbook", "ikke en Excel-arbeidsbok"),
    "another zip file": (_zip_of_something, "not_a_spreadsheet", "zip-fil"),
    "another workbook": (_plain, "not_ours", "ikke en hmsbook-arbeidsbok"),
    "an old .xls": (partial(_ole, stream="Workbook"), "old_xls", ".xls"),
    "a binary .xlsb": (_binary, "binary_xlsb", ".xlsb"),
    "an .ods": (_opendocument, "opendocument", ".ods"),
    "a password": (partial(_ole, stream="EncryptedPackage"), "encrypted", "passord"),
    "a label that encrypts": (
        partial(_ole, stream="EncryptionInfo"),
        "encrypted",
        "følsomhetsetikett",
    ),
    "a signed workbook": (_signed, "signed", "signert"),
    "a workbook shared the old way": (
        partial(_with, parts={"xl/revisions/revisionHeaders.xml": b"<headers/>"}),
        "legacy_shared",
        "Slå av deling",
    ),
    "a workbook of a newer standard": (_newer, "newer_standard", "standard 99.0"),
    "a bomb: a part packed more than 200 times": (
        partial(_with, parts={"xl/media/bilde.bin": bytes(8 << 20)}),
        "too_large",
        "unormalt stor",
    ),
    "a bomb: a part of more than 64 MB": (
        partial(_says_it_holds, megabytes=65, parts=1),
        "too_large",
        "unormalt stor",
    ),
    "a bomb: more than 512 MB in all": (
        partial(_says_it_holds, megabytes=60, parts=9),
        "too_large",
        "unormalt stor",
    ),
    "a bomb: more than 20,000 parts": (_too_many, "too_large", "unormalt stor"),
    "a bomb: an area of over a million cells": (
        partial(_changed, part=WORKBOOK, old=b"'Logg'!$B$5:$E$2004", new=b"'Logg'!$A$1:$XFD$1048576"),
        "too_large",
        "unormalt stor",
    ),
    "a DTD, which may hold entities": (
        partial(_changed, part=WORKBOOK, old=b"<workbook", new=b'<!DOCTYPE a [<!ENTITY a "b">]><workbook'),
        "dtd",
        "DTD",
    ),
    "a part that is there twice": (_part_twice, "duplicate_part", "to ganger"),
    **{
        f"cut off: {cut}": (partial(_cut_off, quarter=quarter), "truncated", "ødelagt")
        for quarter, cut in enumerate(
            ("after a quarter", "half way", "after three quarters", "the last byte"), 1
        )
    },
    "a workbook with a byte changed on the way": (_damaged, "truncated", "ødelagt"),
    "two workbooks one after the other": (_twice, "truncated", "ødelagt"),
    "a sheet that is gone": (
        partial(_lost, part="xl/worksheets/sheet3.xml"),
        "broken_part",
        "sheet3.xml",
    ),
    "a number like 1e999": (_no_number, "broken_part", "sheet5.xml"),
    "a folder": (Path.mkdir, "is_folder", "en mappe"),
    "no file at all": (lambda _: None, "file_missing", "Fant ikke filen"),
}


@shows("refused", *FILES)
@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_none_of_ours_gives_one_sentence_and_stays_as_it_was(name: str, tmp_path: Path) -> Row:
    make, key, says = FILES[name]
    path = tmp_path / "Ærlig bok 🙂.xlsx"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    in_english = run("update", path, "--lang", "en")
    for command in ("check", "update", "export"):
        ran = run(command, path)
        assert (ran.exit, ran.out) == (2, ""), command
        assert ran.err.startswith("Feil: ")
        assert ran.err.count("\n") == 1
        assert says in ran.err
        assert path.name in ran.err
    assert (path.read_bytes() if path.is_file() else None) == before
    assert [entry.name for entry in tmp_path.iterdir()] == ([path.name] if path.exists() else [])
    assert run("check", path, "--json").json["error"]["key"] == key
    return (name, said(in_english.err, path))


@pytest.mark.parametrize(("lang", "says"), [("nn", "ikkje"), ("en", "not an Excel workbook")])
def test_the_sentence_is_in_the_language_asked_for(lang: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "bok.xlsx"
    _text(path)
    assert says in run("check", path, "--lang", lang).err


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("[1, 2]", "kan ikke leses"),
        ('{"values": 5}', "kan ikke leses"),
        ('{"values": ["I01"]}', "kan ikke leses"),
        ('{"values": [{"month": "2026-01", "I01": NaN}]}', "kan ikke leses"),
        ("{", "kan ikke leses"),
        ('{"tall": []}', "«tall» finnes ikke"),
        ('{"group": [{"navn": "Kari"}]}', "ingen kolonne «navn»"),
        ('{"group": [{"role": "sjef"}]}', "«sjef»"),
        ('{"values": [{"I01": 6.4}]}', "mangler måned"),
        ('{"values": [{"month": "2026-01"}, {"month": "2026-01"}]}', "to ganger"),
        ('{"measures": [{"measure": "Uten id"}]}', "mangler id"),
    ],
)
def test_data_that_do_not_fit_give_one_sentence_and_no_file(content: str, says: str, tmp_path: Path) -> None:
    data = tmp_path / "data.json"
    data.write_text(content, encoding="utf-8")
    ran = run("new", tmp_path / "bok.xlsx", "--data", data)
    assert ran.exit == 2
    assert says in ran.err
    assert not (tmp_path / "bok.xlsx").exists()


def test_a_name_with_letters_and_emoji_works_all_the_way(tmp_path: Path) -> None:
    folder = tmp_path / "HMS på Øya 🏗️"
    folder.mkdir()
    path = book(folder / "bok æøå 🙂.xlsx", updated=False)
    assert run("update", path).exit == 0
    assert run("check", path).exit == 1
    exported = run("export", path, "--out", folder / "ut på tur 🙂.json")
    assert exported.exit == 0
    data = json.loads((folder / "ut på tur 🙂.json").read_text(encoding="utf-8"))
    assert data["measures"][0]["measure"] == "Fast ukeplan 🙂"
    assert data["group"][1]["name"] == "Ola Øy"
