"""The last look at a copy before anybody gets it: that it holds what it may, and nothing else.

It reads the finished bytes and knows nothing of how they were made. The rows must be the permitted ones, and
hold no value that a copy may not show. Any text, wherever in the file, must stand in those rows, be what was
to be filled in, or stand in a frame of an empty book too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from datetime import date
from functools import lru_cache
from html import unescape
from itertools import chain

from hmsbook.actions.reading import OpenedFile
from hmsbook.actions.version import VERSION
from hmsbook.analysis.summary import summarise
from hmsbook.errors import LeakError
from hmsbook.flow.compose import Stamp, compose
from hmsbook.flow.fill import Fill
from hmsbook.flow.frame import new_book
from hmsbook.hosts.file import FileHost
from hmsbook.model.book import Book
from hmsbook.model.kept import Kept
from hmsbook.opc.package import Package
from hmsbook.sharing.masking import mask
from hmsbook.standard.book import SHEETS, tables
from hmsbook.standard.calc import BASE, MONTH_CHOICES
from hmsbook.texts.words import words

# What has no two words and no long one is a number, an address or a mark of the format.
_TELLING = re.compile(r"[^\W\d_]{3,}")
# An address on a sheet: the sheets' names are looked at where they stand by themselves.
_ADDRESS = re.compile(r"('(?:[^']|'')+'|[\w.]+)!\$?[A-Z]{1,3}\$?\d*(:\$?[A-Z]{1,3}\$?\d+)?")
# The number of a conditional format, which XlsxWriter counts.
_COUNTED = re.compile(r"\{[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\}")
_NUMBERED = re.compile(r"\d+")
# Attributes and texts outside the cells of a sheet, which are read by themselves.
_PIECES = re.compile(rb'"([^"]*)"|>([^<>]+)<')
_CELLS = re.compile(rb"<sheetData>.*</sheetData>", re.DOTALL)
# Remarks, sections and declarations; attributes in single quotation marks.
_UNUSUAL = re.compile(rb"<!|<\?(?!xml )|<[^>\"]*='")
_SOME_DAY = date(2026, 1, 1)


def require_nothing_more(copy: OpenedFile, book: Book, fill: Fill, kept: Kept) -> None:
    """Raise LeakError where a copy holds anything but this book, this fill and a frame of ours."""
    _require_rows(copy.book, book)
    ours, parts = _empty(book.language, book.method, book.manifest.slots)
    package = copy.host.package
    for name in package.names:
        if _kind(name) not in parts:
            raise LeakError("more_in_copy", part=name)
    known = _texts_of(book).union(_texts_filled(fill), _texts_kept(kept))
    known |= {str(row[0].value) for row in copy.host.region(BASE)}
    every = ours | known
    for part, text in chain(_cell_texts(copy.host), _markup_texts(package)):
        if text not in known and _kind(text) not in ours and not _is_harmless(text, every):
            raise LeakError("more_in_copy", part=part)


def _require_rows(found: Book, wanted: Book) -> None:
    """Raise LeakError where the rows are others, or show what a copy may not show."""
    for key, rows in wanted.rows.items():
        pairs = [[(row.values, row.extra) for row in part] for part in (rows, found.rows.get(key, ()))]
        if pairs[0] != pairs[1]:
            raise LeakError("more_in_copy", part=f"hms_{key}")
    shown = mask(found).cells
    if shown or found.masked.keys() != wanted.masked.keys():
        raise LeakError("more_in_copy", part="hms_values")


# Texts that may be there


@lru_cache(maxsize=4)
def _empty(language: str, method: str, slots: int) -> tuple[frozenset[str], frozenset[str]]:
    """The texts of a frame of an empty book, whatever the numbers in them, and what kinds of parts it has."""
    from hmsbook.draw.book import draw

    rows = {"unit": [{"language": language, "method": method, "first_month": _SOME_DAY}]}
    book = new_book(rows, language=language, method=method, first_month=_SOME_DAY, slots=slots)
    fill = compose(book, summarise(book, _SOME_DAY), (), Stamp(VERSION), MONTH_CHOICES[1])
    shown = fill.but(sheets=dict.fromkeys((sheet.key for sheet in SHEETS), True))
    data = draw(book, shown, created=_SOME_DAY, base=("",))
    host = FileHost("", data)
    found = (text for _, text in chain(_cell_texts(host), _markup_texts(host.package)))
    return frozenset(map(_kind, found)), frozenset(map(_kind, host.package.names))


def _kind(text: str) -> str:
    """A text or the name of a part, whichever of its kind."""
    return _NUMBERED.sub("", text)


def _texts_of(book: Book) -> set[str]:
    """The texts that stand in the rows, as their columns write them."""
    language, declared = words(book.language), tables(book.manifest.slots)
    found: set[str] = set()
    for key, rows in book.drawn_rows.items():
        columns = {column.key: column.kind for column in declared[key].columns}
        for row in rows:
            found |= {str(columns[name].write(value, language)) for name, value in row.values.items()}
            found |= set(map(str, (row.extra or {}).values()))
    return found


def _texts_filled(fill: Fill) -> set[str]:
    grids = chain.from_iterable(fill.regions.values())
    return {str(value) for row in chain(grids, fill.columns.values()) for value in row}


def _texts_kept(kept: Kept) -> Iterator[str]:
    yield from (str(cell.value) for cell in kept.cells.values())
    yield from (column.header for columns in kept.columns.values() for column in columns)
    yield from kept.leads.values()
    for sheet in kept.sheets:
        yield sheet.title
        for cell in sheet.cells.values():
            yield from (str(cell.value), cell.number_format)


# Texts that are there


def _cell_texts(host: FileHost) -> Iterator[tuple[str, str]]:
    """The texts in cells, also of sheets that nobody sees."""
    for sheet in host.workbook.sheets:
        for cell in host.scan(sheet).cells.values():
            if isinstance(cell.value, str):
                yield sheet.part, cell.value


def _markup_texts(package: Package) -> Iterator[tuple[str, str]]:
    """Every other text of every part: of elements and of attributes, as our own parts are written."""
    for name in package.names:
        if not name.endswith("sharedStrings.xml"):
            yield from ((name, text) for text in _texts(name, package.read(name)))


def _texts(part: str, xml: bytes) -> Iterator[str]:
    rest = _CELLS.sub(b"", xml)
    if _UNUSUAL.search(rest):
        # What no part of ours has could hold anything.
        raise LeakError("more_in_copy", part=part)
    for attribute, text in _PIECES.findall(rest):
        yield unescape((attribute or text).decode())


def _is_harmless(text: str, known: Set[str]) -> bool:
    """Whether a text tells nothing but numbers, and addresses on sheets that are known by name."""
    sheets = {name.strip("'").replace("''", "'") for name, _ in _ADDRESS.findall(text)}
    rest = _COUNTED.sub("", _ADDRESS.sub("", text))
    return not _TELLING.search(rest) and all(it in known or it.startswith("_hms") for it in sheets)
