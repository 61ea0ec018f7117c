"""A workbook file as a package of parts: read, refuse, and replace parts without touching the rest."""

from __future__ import annotations

import os
from collections.abc import Mapping, Set
from pathlib import Path

from zlib_ng import zlib_ng as zlib

from hmsbook.errors import PackageError
from hmsbook.opc import refusals
from hmsbook.opc.directory import (
    DamageError,
    Directory,
    Entry,
    Packed,
    data_start,
    raw,
    read_directory,
    rebuild,
)

_STORED, _DEFLATED = 0, 8
# A tenth of the time that the standard library takes for the largest part at its usual level, for a file a
# fifth larger.
_LEVEL = 2


class Package:
    """The parts of a workbook file, and the exact bytes they stand in."""

    def __init__(self, data: bytes, path: str = "") -> None:
        self.data = data
        self.path = path
        self._directory = _directory(data)
        self._entries = _by_key(self._directory)
        self._cache: dict[str, bytes] = {}
        self._main = refusals.check(self)

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Package:
        """The package in a file; PackageError says why it is none that we touch."""
        return cls.from_bytes(read_file(path), os.fspath(path))

    @classmethod
    def from_bytes(cls, data: bytes, path: str = "") -> Package:
        """The package in these bytes; `path` only goes into what errors say."""
        try:
            return cls(data, path)
        except PackageError as error:
            raise PackageError(error.key, **{**error.params, "path": path}) from error

    @property
    def names(self) -> list[str]:
        """The names of all parts, in directory order."""
        return [entry.name for entry in self._entries.values()]

    @property
    def main_part(self) -> str:
        """The name of the part that holds the workbook itself."""
        return self._main

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and part_key(name) in self._entries

    def find(self, name: str) -> str | None:
        """The stored name of a part, whatever the case it is asked for in."""
        entry = self._entries.get(part_key(name))
        return entry.name if entry else None

    def read(self, name: str) -> bytes:
        """The contents of a part, checked against its CRC; KeyError when there is no such part."""
        key = part_key(name)
        if key not in self._cache:
            self._cache[key] = self._unpack(self._entries[key])
        return self._cache[key]

    def verify(self) -> None:
        """Check every part against its CRC; PackageError `truncated` names the first that fails."""
        for key, entry in self._entries.items():
            if key not in self._cache:
                self._unpack(entry)

    def replace(self, parts: Mapping[str, bytes]) -> bytes:
        """The file with new contents for some parts; the very same bytes when nothing differs."""
        changed = {
            self._entries[part_key(name)].name: _pack(content)
            for name, content in parts.items()
            if content != self.read(name)
        }
        return rebuild(self.data, self._directory, changed) if changed else self.data

    def raw(self, name: str) -> tuple[bytes, bytes]:
        """The raw zip span of a part and its directory record without the offset."""
        return raw(self.data, self._entries[part_key(name)])

    def _unpack(self, entry: Entry) -> bytes:
        start = data_start(self.data, entry)
        packed = self.data[start : start + entry.packed]
        content = packed if entry.method == _STORED else _inflate(packed, entry, self.path)
        if len(content) != entry.size or zlib.crc32(content) != entry.crc:
            raise PackageError("truncated", path=self.path, part=entry.name)
        return content


def part_key(name: str) -> str:
    """The form in which part names are compared: case and a leading slash do not count."""
    return name.replace("\\", "/").lstrip("/").lower()


def receipt(before: Package, after: bytes, changed: Set[str]) -> Package:
    """The package `after`; PackageError unless all but the changed parts are as before, to the raw record."""
    try:
        result = Package.from_bytes(after, before.path)
        for name in changed:
            result.read(name)
        result.verify()
    except PackageError as error:
        # A part that nobody reads may have been damaged all along.
        before.verify()
        raise PackageError("receipt_failed", path=before.path, part=error.params.get("part", "")) from error
    if result.names != before.names:
        raise PackageError("receipt_failed", path=before.path, part="")
    keys = {part_key(name) for name in changed}
    for name in before.names:
        if part_key(name) not in keys and before.raw(name) != result.raw(name):
            raise PackageError("receipt_failed", path=before.path, part=name)
    return result


def read_file(path: str | os.PathLike[str]) -> bytes:
    """The bytes of a file; PackageError says why they cannot be had."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise PackageError(_reason(error, path), path=os.fspath(path)) from error


def _reason(error: OSError, path: str | os.PathLike[str]) -> str:
    # Windows answers "permission denied" to opening a folder.
    if Path(path).is_dir():
        return "is_folder"
    return "file_missing" if isinstance(error, (FileNotFoundError, NotADirectoryError)) else "no_permission"


def _directory(data: bytes) -> Directory:
    refusals.check_container(data)
    try:
        directory = read_directory(data)
    except DamageError as error:
        raise PackageError("truncated", part="", reason=str(error)) from error
    if min((entry.offset for entry in directory.entries), default=0):
        raise PackageError("not_a_workbook")
    return directory


def _by_key(directory: Directory) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for entry in directory.entries:
        key = part_key(entry.name)
        if key in entries:
            raise PackageError("duplicate_part", part=entry.name)
        if entry.flags & 1:
            raise PackageError("encrypted", part=entry.name)
        if entry.method not in (_STORED, _DEFLATED):
            raise PackageError("unsupported_compression", part=entry.name, method=entry.method)
        entries[key] = entry
    return entries


def _inflate(packed: bytes, entry: Entry, path: str) -> bytes:
    try:
        # One byte more than promised shows an entry that lies about its size, without unpacking all of it.
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, entry.size + 1)
    except zlib.error as error:  # type: ignore[misc] # its stubs take the class for an exception itself
        raise PackageError("truncated", path=path, part=entry.name) from error


def _pack(content: bytes) -> Packed:
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return Packed(zlib.crc32(content), len(content), packer.compress(content) + packer.flush())
