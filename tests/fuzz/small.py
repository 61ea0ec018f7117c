"""A real workbook cut down to a few rows of each table and region, so that thousands can be tried."""

from __future__ import annotations

import json
import re
import struct
import zlib
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hmsbook.actions.create import new
from hmsbook.actions.update import update
from hmsbook.opc.cells import Range, parse_range, range_name
from tests.hosts.books import DATA, TODAY
from tests.hosts.by_hand import add_own
from tests.support.package import WORKBOOK, Package

SLOTS = 4
_ROWS = 7
_NAME = re.compile(r"(<definedName name=\"hms_[^>]*>)([^<]*?)!(\$[A-Z]+\$\d+):\$([A-Z]+)\$(\d+)<")
# What hmsbook keeps of itself, and what the charts show, stays whole.
_WHOLE = re.compile("manifest|prints|window|agendas|jumps|ballots|merged")
_WINDOW = '<definedName name="hms_window">[^<]*</definedName>'
_ROW = re.compile(r'<row r="(\d+)"[^>]*?(?:/>|(?<!/)>.*?</row>)', re.DOTALL)

Parts = dict[str, bytes]


@cache
def small_parts(*, window: bool = False) -> Parts:
    """The parts of the small workbook, with people's own chart, picture and comment in it, up to date.

    The chart window holds most of the cells of all; without it there is time for many more tries.
    """
    with TemporaryDirectory() as folder:
        data, path = Path(folder) / "data.json", Path(folder) / "bok.xlsx"
        data.write_text(json.dumps(DATA), encoding="utf-8")
        new(path, data=data, slots=SLOTS, today=TODAY, pin_today=True)
        add_own(path, "Tiltak", "Trender")
        path.write_bytes(zipped(_cut(Package(path), window=window)))
        update(path, today=TODAY)
        return dict(Package(path).parts)


def zipped(parts: Mapping[str, bytes] | Sequence[tuple[str, bytes]]) -> bytes:
    """The parts as a zip archive, also where a name comes twice; what is packed once is not packed again."""
    body, records, count = b"", b"", 0
    for name, content in parts.items() if isinstance(parts, Mapping) else parts:
        raw, (crc, packed) = name.encode(), _packed(content)
        head = (20, 0x800, 8, 0, 0x21, crc, len(packed), len(content), len(raw), 0)
        tail = (0, 0, 0, 0, len(body))
        records += struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, *head, *tail) + raw
        body += struct.pack("<4s5H3I2H", b"PK\3\4", *head) + raw + packed
        count += 1
    ends = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(records), len(body), 0)
    return body + records + ends


@lru_cache(maxsize=256)
def _packed(content: bytes) -> tuple[int, bytes]:
    return zlib.crc32(content), zlib.compress(content, 1, wbits=-zlib.MAX_WBITS)


def _cut(stored: Package, *, window: bool) -> Parts:
    """The parts with short tables and regions, and without the rows that belong to none."""
    parts = dict(stored.parts)
    book = _NAME.sub(_shorter, parts[WORKBOOK].decode())
    parts[WORKBOOK] = (book if window else re.sub(_WINDOW, "", book)).encode()
    kept: dict[str, list[Range]] = {}
    for name, area in re.findall(r'<definedName name="hms_[^>]*>([^<]*)!([^<!]*)<', parts[WORKBOOK].decode()):
        kept.setdefault(name.strip("'"), []).append(parse_range(area))
    for table in stored.tables:
        top, left, bottom, right = table.area
        area = (top, left, min(bottom, top + _ROWS), right)
        old, new = (f'ref="{range_name(found)}"'.encode() for found in (table.area, area))
        parts[table.part] = parts[table.part].replace(old, new)
        kept.setdefault(table.sheet, []).append(area)
    for sheet in stored.sheets:
        parts[sheet.part] = _without_rows(parts[sheet.part].decode(), kept.get(sheet.name, [])).encode()
    return parts


def _shorter(found: re.Match[str]) -> str:
    first = int(found[3].rpartition("$")[2])
    rows = 5000 if _WHOLE.search(found[1]) else _ROWS
    last = min(int(found[5]), first + rows)
    return f"{found[1]}{found[2]}!{found[3]}:${found[4]}${last}<"


def _without_rows(xml: str, areas: list[Range]) -> str:
    def kept(row: re.Match[str]) -> str:
        number = int(row[1])
        wanted = number <= _ROWS or any(top - 1 <= number <= bottom for top, _, bottom, _ in areas)
        return row[0] if wanted else ""

    return _ROW.sub(kept, xml)
