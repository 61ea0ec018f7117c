"""The central directory of a zip archive: reading it, and writing it again with moved entries."""

from __future__ import annotations

import struct
from itertools import pairwise
from typing import NamedTuple

from hmsbook.errors import PackageError

LOCAL = b"PK\x03\x04"
CENTRAL = b"PK\x01\x02"
END = b"PK\x05\x06"
END64 = b"PK\x06\x06"
LOCATOR64 = b"PK\x06\x07"

MAX_ENTRIES = 20_000
MAX_PART = 64 << 20
MAX_TOTAL = 512 << 20
MAX_RATIO = 200
RATIO_FROM = 1 << 20

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_END64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR64 = struct.Struct("<4sIQI")
_FULL32 = 0xFFFFFFFF
_FULL16 = 0xFFFF
_UTF8 = 0x800
# Bit 0 (encrypted), 1-2 (compression effort) and 3 (sizes follow the data) do not hold for rewritten data.
_KEPT_FLAGS = 0xFFF0


class DamageError(Exception):
    """The archive is not whole; the text says where."""


class Entry(NamedTuple):
    """One record of the central directory, and where its bytes are."""

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    span_end: int
    record: bytes


class Directory(NamedTuple):
    """All entries in directory order, and the end records of the archive."""

    entries: list[Entry]
    start: int
    end: int


class Packed(NamedTuple):
    """New contents of an entry, compressed with deflate."""

    crc: int
    size: int
    data: bytes


def read_directory(data: bytes) -> Directory:
    """The central directory; DamageError when it or anything it points to is not there."""
    try:
        count, start, end = _locate(data)
        _check_count(count)
        entries = _with_spans(_records(data, count, start, end), start)
        for entry in entries:
            _check_local(data, entry)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise DamageError(str(error)) from error
    _check_sizes(entries)
    return Directory(entries, start, end)


def end_of_archive(data: bytes) -> int:
    """The offset of the end record, whose comment reaches the end of the data; -1 if there is none."""
    at = data.rfind(END, max(0, len(data) - _END.size - _FULL16))
    while at >= 0:
        if at + _END.size <= len(data) and at + _END.size + _END.unpack_from(data, at)[7] == len(data):
            return at
        at = data.rfind(END, max(0, len(data) - _END.size - _FULL16), at)
    return -1


def _locate(data: bytes) -> tuple[int, int, int]:
    """Count, first and last offset of the central directory."""
    at = end_of_archive(data)
    if at < 0:
        raise DamageError("no end record")
    _, disk, first_disk, here, count, size, start, _ = _END.unpack_from(data, at)
    tail = at
    if data[at - _LOCATOR64.size : at - _LOCATOR64.size + 4] == LOCATOR64 and at >= _LOCATOR64.size:
        tail, (disk, first_disk, here, count, size, start) = _locate64(data, at - _LOCATOR64.size)
    if disk or first_disk or here != count:
        raise DamageError("several disks")
    # Programs that find the directory from behind would else read another one than we do.
    if start + size != tail:
        raise DamageError("directory out of place")
    return count, start, start + size


def _locate64(data: bytes, locator: int) -> tuple[int, tuple[int, ...]]:
    at = _LOCATOR64.unpack_from(data, locator)[2]
    if data[at : at + 4] != END64:
        raise DamageError("no zip64 end record")
    return at, _END64.unpack_from(data, at)[4:]


def _check_count(count: int) -> None:
    if count > MAX_ENTRIES:
        raise PackageError("too_large", part="", size=count, limit=MAX_ENTRIES)


def _records(data: bytes, count: int, start: int, end: int) -> list[Entry]:
    entries: list[Entry] = []
    at = start
    for _ in range(count):
        entry = _record(data, at)
        entries.append(entry)
        at += len(entry.record)
    if at != end:
        raise DamageError("directory of another length")
    return entries


def _record(data: bytes, at: int) -> Entry:
    fields = _CENTRAL.unpack_from(data, at)
    name_end = at + _CENTRAL.size + fields[10]
    extra_end = name_end + fields[11]
    record = data[at : extra_end + fields[12]]
    if fields[0] != CENTRAL or len(record) < _CENTRAL.size + sum(fields[10:13]):
        raise DamageError("broken directory record")
    name = data[at + _CENTRAL.size : name_end].decode("utf-8" if fields[3] & _UTF8 else "cp437")
    size, packed, offset = _wide((fields[9], fields[8], fields[16]), data[name_end:extra_end])
    return Entry(name, fields[3], fields[4], fields[7], packed, size, offset, 0, record)


def _wide(narrow: tuple[int, int, int], extra: bytes) -> tuple[int, ...]:
    """Size, packed size and offset, each from the zip64 field where it is too wide for its own."""
    if _FULL32 not in narrow:
        return narrow
    at = 0
    found = _zip64_field(extra)
    wide: list[int] = []
    for value in narrow:
        is_wide = value == _FULL32
        wide.append(struct.unpack_from("<Q", found, at)[0] if is_wide else value)
        at += 8 * is_wide
    return tuple(wide)


def _fields(extra: bytes) -> list[tuple[int, bytes]]:
    """The extra fields, each with its header; what is too short for a field is left out."""
    found: list[tuple[int, bytes]] = []
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        found.append((kind, extra[at : at + 4 + size]))
        at += 4 + size
    return found


def _zip64_field(extra: bytes) -> bytes:
    return next((field[4:] for kind, field in _fields(extra) if kind == 1), b"")


def _without_zip64(extra: bytes) -> bytes:
    return b"".join(field for kind, field in _fields(extra) if kind != 1)


def _with_spans(entries: list[Entry], limit: int) -> list[Entry]:
    """The entries, each with where the next one begins."""
    starts = sorted(entry.offset for entry in entries)
    ends = dict(pairwise([*starts, limit]))
    if len(ends) < len(entries) or (starts and starts[-1] >= limit):
        raise DamageError("entries overlap")
    return [entry._replace(span_end=ends[entry.offset]) for entry in entries]


def data_start(data: bytes, entry: Entry) -> int:
    """Where the packed bytes of an entry begin."""
    name_size, extra_size = struct.unpack_from("<HH", data, entry.offset + 26)
    return entry.offset + _LOCAL.size + int(name_size) + int(extra_size)


def _check_local(data: bytes, entry: Entry) -> None:
    at = entry.offset
    start = data_start(data, entry)
    name_size = struct.unpack_from("<H", data, at + 26)[0]
    name = data[at + _LOCAL.size : at + _LOCAL.size + name_size]
    recorded = entry.record[_CENTRAL.size : _CENTRAL.size + struct.unpack_from("<H", entry.record, 28)[0]]
    if data[at : at + 4] != LOCAL or name != recorded or start + entry.packed > entry.span_end:
        raise DamageError(f"broken entry {entry.name}")


def _check_sizes(entries: list[Entry]) -> None:
    for entry in entries:
        if entry.size > MAX_PART:
            raise PackageError("too_large", part=entry.name, size=entry.size, limit=MAX_PART)
        if entry.size > RATIO_FROM and entry.size > MAX_RATIO * entry.packed:
            raise PackageError("too_large", part=entry.name, size=entry.size, limit=MAX_RATIO * entry.packed)
    total = sum(entry.size for entry in entries)
    if total > MAX_TOTAL:
        raise PackageError("too_large", part="", size=total, limit=MAX_TOTAL)


def rebuild(data: bytes, directory: Directory, changed: dict[str, Packed]) -> bytes:
    """The archive with new contents for some entries; all else moves but does not change."""
    pieces: list[bytes] = []
    offsets: dict[int, int] = {}
    at = 0
    for entry in sorted(directory.entries, key=lambda entry: entry.offset):
        offsets[entry.offset] = at
        packed = changed.get(entry.name)
        pieces.append(_span(data, entry) if packed is None else _new_span(data, entry, packed))
        at += len(pieces[-1])
    records = [_moved(entry, offsets[entry.offset], changed.get(entry.name)) for entry in directory.entries]
    return b"".join([*pieces, *records, _new_end(data, directory, at, sum(map(len, records)))])


def _span(data: bytes, entry: Entry) -> bytes:
    return data[entry.offset : entry.span_end]


def raw(data: bytes, entry: Entry) -> tuple[bytes, bytes]:
    """The span of an entry and its directory record without the offset: what must not change."""
    return _span(data, entry), _moved(entry, 0, None)


def _new_span(data: bytes, entry: Entry, packed: Packed) -> bytes:
    fields = _LOCAL.unpack_from(data, entry.offset)
    name_end = entry.offset + _LOCAL.size + fields[9]
    extra = _without_zip64(data[name_end : name_end + fields[10]])
    flags = fields[2] & _KEPT_FLAGS
    sizes = (packed.crc, len(packed.data), packed.size)
    header = _LOCAL.pack(LOCAL, fields[1], flags, 8, *fields[4:6], *sizes, fields[9], len(extra))
    return b"".join([header, data[entry.offset + _LOCAL.size : name_end], extra, packed.data])


def _moved(entry: Entry, offset: int, packed: Packed | None) -> bytes:
    if packed is not None:
        return _new_record(entry.record, offset, packed)
    if struct.unpack_from("<I", entry.record, 42)[0] != _FULL32:
        return entry.record[:42] + struct.pack("<I", offset) + entry.record[46:]
    at = _wide_offset_at(entry.record)
    return entry.record[:at] + struct.pack("<Q", offset) + entry.record[at + 8 :]


def _wide_offset_at(record: bytes) -> int:
    """Where in the record its zip64 field holds the offset, which stands behind the wide sizes."""
    packed, size, name_size, extra_size = struct.unpack_from("<IIHH", record, 20)
    start = _CENTRAL.size + name_size
    at = start
    for kind, field in _fields(record[start : start + extra_size]):
        if kind == 1:
            return int(at + 4 + 8 * ((size == _FULL32) + (packed == _FULL32)))
        at += len(field)
    raise DamageError("no zip64 field")


def _new_record(record: bytes, offset: int, packed: Packed) -> bytes:
    fields = _CENTRAL.unpack_from(record)
    name_end = _CENTRAL.size + fields[10]
    extra = _without_zip64(record[name_end : name_end + fields[11]])
    sizes = (packed.crc, len(packed.data), packed.size, fields[10], len(extra), fields[12])
    head = (*fields[:3], fields[3] & _KEPT_FLAGS, 8, *fields[5:7], *sizes, 0, *fields[14:16], offset)
    return _CENTRAL.pack(*head) + record[_CENTRAL.size : name_end] + extra + record[name_end + fields[11] :]


def _new_end(data: bytes, directory: Directory, start: int, size: int) -> bytes:
    """Everything after the directory, with the directory's new place in it."""
    at = end_of_archive(data)
    tail = bytearray(data[directory.end :])
    end = at - directory.end
    if tail[end - _LOCATOR64.size : end - _LOCATOR64.size + 4] == LOCATOR64 and end >= _LOCATOR64.size:
        moved = (start + size) - directory.end
        _patch_end64(tail, end - _LOCATOR64.size, directory, (start, size), moved)
    for place, value in ((end + 12, size), (end + 16, start)):
        if struct.unpack_from("<I", tail, place)[0] != _FULL32:
            struct.pack_into("<I", tail, place, value)
    return bytes(tail)


def _patch_end64(
    tail: bytearray, locator: int, directory: Directory, place: tuple[int, int], moved: int
) -> None:
    old = struct.unpack_from("<Q", tail, locator + 8)[0]
    struct.pack_into("<Q", tail, locator + 8, old + moved)
    struct.pack_into("<2Q", tail, old - directory.end + 40, place[1], place[0])
