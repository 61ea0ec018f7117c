"""The package layer keeps every byte it is not told to change, and refuses what it must not touch."""

from __future__ import annotations

import io
import struct
import zipfile
from contextlib import suppress

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hmsbook.errors import PackageError
from hmsbook.opc import directory
from hmsbook.opc.package import Package, receipt
from tests.opc import build

SHEET = "xl/worksheets/sheet1.xml"


def refused(data: bytes) -> PackageError:
    with pytest.raises(PackageError) as caught:
        Package.from_bytes(data, "the path").verify()
    assert caught.value.params["path"] == "the path"
    return caught.value


def test_parts_are_read_and_found_in_any_case():
    package = Package.from_bytes(build.drawn())
    assert package.main_part == "xl/workbook.xml"
    assert package.find("/XL/Workbook.xml") == "xl/workbook.xml"
    assert "xl/WORKBOOK.xml" in package
    assert "xl/nothing.xml" not in package
    archive = zipfile.ZipFile(io.BytesIO(package.data))
    assert package.names == archive.namelist()
    assert all(package.read(name) == archive.read(name) for name in package.names)


def test_replacing_with_the_same_gives_the_same_bytes():
    package = Package.from_bytes(build.drawn())
    assert package.replace({name: package.read(name) for name in package.names}) is package.data


def spans(data: bytes) -> dict[str, tuple[bytes, bytes]]:
    """The raw bytes of entries, found by zipfile and not by the code under test."""
    infos = zipfile.ZipFile(io.BytesIO(data)).infolist()
    starts = [info.header_offset for info in infos]
    assert starts == sorted(starts)
    ends = [*starts[1:], data.index(b"PK\x01\x02")]
    return {
        info.filename: (data[start:end], struct.pack("<I", info.CRC) + info.extra + info.comment)
        for info, start, end in zip(infos, starts, ends, strict=True)
    }


@pytest.mark.parametrize(
    "make", [build.zipped, build.streamed, lambda p: build.zipped(p, zipfile.ZIP_STORED)]
)
def test_untouched_entries_are_raw_identical(make):
    before = make(dict(zip(*contents(), strict=True)))
    package = Package.from_bytes(before)
    longer = package.read(SHEET).replace(b"<v>1</v>", b"<v>1234567890</v>")
    after = package.replace({SHEET: longer})
    old, new = spans(before), spans(after)
    assert list(old) == list(new)
    assert [name for name in old if old[name] != new[name]] == [SHEET]
    archive = zipfile.ZipFile(io.BytesIO(after))
    assert archive.testzip() is None
    assert archive.read(SHEET) == longer
    receipt(package, after, {SHEET})


def contents() -> tuple[list[str], list[bytes]]:
    archive = zipfile.ZipFile(io.BytesIO(build.zipped(build.minimal())))
    names = archive.namelist()
    return names, [archive.read(name) for name in names]


def test_every_part_of_a_drawn_workbook_can_be_replaced_and_openpyxl_reads_the_result():
    package = Package.from_bytes(build.drawn())
    xml = [name for name in package.names if name.endswith((".xml", ".rels"))]
    after = package.replace({name: package.read(name) + b"<!-- more -->" for name in xml})
    receipt(package, after, set(xml))
    assert openpyxl.load_workbook(io.BytesIO(after)).sheetnames == ["Data", "It's mine", "Secret"]


def test_extra_fields_comments_and_attributes_stay():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.comment = b"a comment of the archive"
        for name, content in build.minimal().items():
            info = zipfile.ZipInfo(name, (2001, 2, 3, 4, 5, 6))
            info.extra = struct.pack("<HH4s", 0xA220, 4, b"pad!")
            info.comment = b"an entry's comment"
            info.external_attr = 0o600 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    package = Package.from_bytes(stream.getvalue())
    result = zipfile.ZipFile(io.BytesIO(package.replace({SHEET: build.sheet()})))
    assert result.comment == b"a comment of the archive"
    assert result.testzip() is None
    for info in result.infolist():
        assert (info.date_time, info.comment) == ((2001, 2, 3, 4, 5, 6), b"an entry's comment")
        assert (info.extra, info.external_attr) == (struct.pack("<HH4s", 0xA220, 4, b"pad!"), 0o600 << 16)


def zip64(parts: dict[str, bytes], *, wide_offsets: bool = True) -> bytes:
    """An archive that uses the zip64 fields for all it can, though it is small."""
    body, records = b"", b""
    for name, content in parts.items():
        raw, crc, size = name.encode(), zipfile.crc32(content), len(content)
        local_extra = struct.pack("<HHQQ", 1, 16, size, size)
        wide = struct.pack("<Q", len(body)) if wide_offsets else b""
        extra = struct.pack("<HH", 1, 16 + len(wide)) + struct.pack("<QQ", size, size) + wide
        full = 0xFFFFFFFF
        head = (45, 0x800, 0, 0, 0x21, crc, full, full, len(raw))
        offset = full if wide_offsets else len(body)
        records += (
            struct.pack("<4s6H3I5H2I", b"PK\1\2", 45, *head, len(extra), 0, 0, 0, 0, offset) + raw + extra
        )
        body += struct.pack("<4s5H3I2H", b"PK\3\4", *head, len(local_extra)) + raw + local_extra + content
    count, start = len(parts), len(body)
    end = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, len(records), start)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, start + len(records), 1)
    last = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return body + records + end + locator + last


@pytest.mark.parametrize("wide_offsets", [True, False])
def test_zip64_archives(wide_offsets):
    data = zip64(build.minimal(), wide_offsets=wide_offsets)
    assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None
    package = Package.from_bytes(data)
    assert package.replace({SHEET: package.read(SHEET)}) is data
    name = "xl/workbook.xml"
    after = package.replace({name: package.read(name) + b"<!-- something longer -->"})
    result = zipfile.ZipFile(io.BytesIO(after))
    assert result.testzip() is None
    assert result.namelist() == package.names
    receipt(package, after, {name})
    again = Package.from_bytes(after)
    assert again.replace({name: package.read(name)}) != after


@given(
    st.dictionaries(st.text("abcæø/", min_size=1, max_size=8), st.binary(max_size=60), max_size=6), st.data()
)
@settings(max_examples=60, deadline=None)
def test_any_archive_survives_any_replacement(extra, data):
    parts = {**build.minimal(), **{f"x/{name}": content for name, content in extra.items()}}
    package = Package.from_bytes(data.draw(st.sampled_from([build.zipped, build.streamed, zip64]))(parts))
    chosen = data.draw(st.sets(st.sampled_from(sorted(f"x/{name}" for name in extra)))) if extra else set()
    new = {name: data.draw(st.binary(max_size=60)) for name in chosen}
    after = package.replace(new)
    result = zipfile.ZipFile(io.BytesIO(after))
    assert {name: result.read(name) for name in result.namelist()} == {**parts, **new}
    receipt(package, after, set(chosen))


@given(st.binary(max_size=200), st.integers(0, 5000), st.integers(0, 3))
@settings(max_examples=150, deadline=None)
def test_damaged_files_are_refused_or_read_but_nothing_else(noise, at, how):
    good = build.zipped(build.minimal())
    at %= len(good)
    bad = [good[:at], good[:at] + noise, good[:at] + noise + good[at + len(noise) :], noise][how]
    with suppress(PackageError):
        Package.from_bytes(bad).verify()


def test_receipt_sees_a_change_in_what_should_have_stayed():
    package = Package.from_bytes(build.zipped(build.minimal()))
    after = package.replace({SHEET: build.sheet(), "xl/workbook.xml": package.read("xl/workbook.xml") + b" "})
    with pytest.raises(PackageError, match="receipt_failed") as caught:
        receipt(package, after, {SHEET})
    assert caught.value.params["part"] == "xl/workbook.xml"


def test_receipt_sees_recompression_and_missing_parts_and_damage():
    parts = build.minimal()
    package = Package.from_bytes(build.zipped(parts))
    broken = bytearray(package.data)
    broken[package.data.index(b"sheet1.xml") + 15] ^= 0xFF
    for after in (
        build.zipped(parts, zipfile.ZIP_STORED),
        build.zipped({**parts, "more.xml": b"<a/>"}),
        bytes(broken),
        b"",
    ):
        with pytest.raises(PackageError, match="receipt_failed"):
            receipt(package, after, set())


def ole(*streams: str) -> bytes:
    names = b"".join((name + "\0").encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", *streams))
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + names.ljust(2048, b"\0")


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "not_a_workbook"),
        (b"name;value\r\n1;2\r\n", "not_a_workbook"),
        (b"junk before" + build.zipped(build.minimal()), "not_a_workbook"),
        (build.zipped(build.minimal())[:-300], "truncated"),
        (build.zipped(build.minimal())[:-1], "truncated"),
        (build.zipped(build.minimal()) + b"trailing", "truncated"),
        (ole("EncryptionInfo", "EncryptedPackage"), "encrypted"),
        (ole("Workbook"), "old_xls"),
        (ole("Book"), "old_xls"),
        (ole("WordDocument"), "not_a_workbook"),
        (build.zipped({}), "not_a_spreadsheet"),
        (build.zipped({"a.txt": b"a"}), "not_a_spreadsheet"),
        (build.zipped(build.minimal(workbook=None)), "not_a_spreadsheet"),
        (build.zipped(build.minimal(types=None)), "not_a_spreadsheet"),
        (build.zipped({**build.minimal(), "_xmlsignatures/origin.sigs": b""}), "signed"),
        (build.zipped({**build.minimal(), "xl/revisions/revisionHeaders.xml": b""}), "legacy_shared"),
        (build.zipped({**build.minimal(), "XL/workbook.xml": b"<a/>"}), "duplicate_part"),
        (build.zipped({**build.minimal(), "big": bytes(2 << 20)}), "too_large"),
        (build.zipped({f"a{number}": b"" for number in range(20_001)}), "too_large"),
        (build.zipped(build.minimal(), zipfile.ZIP_BZIP2), "unsupported_compression"),
        (build.zipped(build.minimal(rels=b"<!DOCTYPE a><a/>")), "dtd"),
        (build.zipped(build.minimal(rels=b"<Relationships>")), "broken_part"),
    ],
)
def test_refusals(data, key):
    assert refused(data).key == key


def test_a_word_document_is_no_spreadsheet():
    parts = build.minimal()
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        build.SHEET_TYPE.encode(), word.encode()
    )
    assert refused(build.zipped(parts)).key == "not_a_spreadsheet"


def test_a_binary_workbook_is_refused():
    kind = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
    parts = build.minimal(
        types=(
            f'<Types xmlns="{build.TYPES}"><Default Extension="bin" ContentType="{kind}"/></Types>'
        ).encode(),
        rels=build.rels(("rId1", "officeDocument", "xl/workbook.bin")),
    )
    assert refused(build.zipped({**parts, "xl/workbook.bin": b"1"})).key == "binary_xlsb"


@pytest.mark.parametrize(
    "kind",
    [
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml",
    ],
)
def test_macro_workbooks_and_templates_are_workbooks(kind):
    parts = build.minimal()
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        build.SHEET_TYPE.encode(), kind.encode()
    )
    assert Package.from_bytes(build.zipped(parts)).main_part == "xl/workbook.xml"


@pytest.mark.parametrize(
    ("patch", "key"),
    [
        ((24, 65 << 20), "too_large"),
        ((24, 7), "truncated"),
        ((16, 1), "truncated"),
        ((8, 0x801), "encrypted"),
    ],
)
def test_lies_in_the_directory_are_seen(patch, key):
    data = bytearray(build.zipped(build.minimal()))
    at = data.rindex(b"PK\x01\x02") + patch[0]
    struct.pack_into("<H" if patch[0] == 8 else "<I", data, at, patch[1])
    assert refused(bytes(data)).key == key


def test_the_sum_of_all_parts_is_limited(monkeypatch):
    monkeypatch.setattr(directory, "MAX_TOTAL", 1000)
    assert refused(build.zipped(build.minimal())).key == "too_large"


def test_overlapping_entries_are_refused():
    data = bytearray(build.zipped(build.minimal()))
    last = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, last + 42, 0)
    assert refused(bytes(data)).key == "truncated"


def test_files_that_cannot_be_opened(tmp_path):
    for path, key in ((tmp_path / "none.xlsx", "file_missing"), (tmp_path, "is_folder")):
        with pytest.raises(PackageError) as caught:
            Package.open(path)
        assert caught.value.key == key
        assert caught.value.params == {"path": str(path)}


def test_a_file_that_may_not_be_read():
    # Not even root may read this one; it is there on every Linux.
    with pytest.raises(PackageError) as caught:
        Package.open("/proc/self/mem")
    assert caught.value.key == "no_permission"


def test_a_good_file_opens(tmp_path):
    path = tmp_path / "æøå.xlsx"
    path.write_bytes(build.drawn())
    assert Package.open(path).path == str(path)


def test_a_part_that_was_damaged_all_along_is_no_failed_receipt():
    parts = {**build.minimal(), "xl/media/image1.bin": bytes(range(256))}
    data = bytearray(build.zipped(parts, zipfile.ZIP_STORED))
    data[data.index(bytes(range(256))) + 7] ^= 0xFF
    package = Package.from_bytes(bytes(data))
    after = package.replace({SHEET: build.sheet()})
    with pytest.raises(PackageError) as caught:
        receipt(package, after, {SHEET})
    assert (caught.value.key, caught.value.params["part"]) == ("truncated", "xl/media/image1.bin")
