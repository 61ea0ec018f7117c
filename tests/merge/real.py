"""A workbook, the copies made of it, and what people type in them, as files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hmsbook.actions.merge import Merged, merge
from hmsbook.actions.reading import open_book
from hmsbook.actions.safe_copy import CopyAsked, prepare_copies
from hmsbook.actions.update import write_planned
from hmsbook.merge.findings import Finding
from hmsbook.model.records import Row
from hmsbook.standard.book import tables
from hmsbook.texts.words import words
from tests.hosts.books import SLOTS, TODAY, book, put
from tests.support.drawn import drawn

MASTER = "bok.xlsx"
ME = "vi"


class Circle:
    """The coordinator's workbook and the copies that are out."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.master = book(folder / MASTER)

    def send(self, *names: str, audience: str = "group") -> None:
        """Make a copy for each, under the name they send it back by; all of the same edition."""
        asked = tuple(dict.fromkeys((audience, name if audience == "score" else "") for name in names))
        after, copies = _sent(self.master.read_bytes(), asked)
        self.master.write_bytes(after)
        for name in names:
            self.path(name).write_bytes(copies[audience, name if audience == "score" else ""])

    def path(self, who: str) -> Path:
        """The file of a person, or the workbook itself."""
        return self.master if who == ME else self.folder / f"svar {who}.xlsx"

    def type(self, text: str) -> None:
        """Type into the files: who, table, row by its number or place, column, and what."""
        for line in drawn(text):
            path = self.path(line["who"])
            row = place(path, line["table"], line["row"])
            put(
                path,
                {
                    cell_of(path, line["table"], line["column"], row): typed(
                        line["table"], line["column"], line["typed"]
                    )
                },
            )

    def fetch(self, *names: str, **options: Any) -> Merged:
        """Merge what came back from these."""
        return merge(self.master, [self.path(name) for name in names], today=TODAY, **options)

    def row(self, table: str, key: str) -> Mapping[str, Any]:
        """A row of the workbook by its number, or by its place."""
        return rows_of(self.master, table)[place(self.master, table, key)].values

    def received(self) -> list[Row]:
        """What the workbook says came back."""
        return list(open_book(self.master).book.rows.get("received", ()))

    def log(self) -> list[str]:
        """What the log says."""
        return [str(row[2].value or "") for row in open_book(self.master).host.region("log")]


@lru_cache(maxsize=8)
def _sent(master: bytes, asked: tuple[tuple[str, str], ...]) -> tuple[bytes, dict[tuple[str, str], bytes]]:
    """A workbook after copies were made of it, and those copies: most tests begin with the same."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / MASTER
        path.write_bytes(master)
        opened = open_book(path)
        made = prepare_copies(opened, [CopyAsked(*it) for it in asked], today=TODAY)
        write_planned(opened, made.planned)
        return path.read_bytes(), {it: copy.data for it, copy in zip(asked, made.copies, strict=True)}


def cell_of(path: Path, table: str, column: str, row: int) -> tuple[str, str]:
    """The sheet and address of a cell."""
    return finder(path)(table, column, row)


def finder(path: Path) -> Callable[[str, str, int], tuple[str, str]]:
    """What finds the sheet and address of any cell of a workbook, which is read once."""
    drawn = open_book(path).book.drawn_rows

    def find(table: str, column: str, row: int) -> tuple[str, str]:
        found = drawn[table][row]
        return found.sheet, (found.cells or {})[column]

    return find


def rows_of(path: Path, table: str) -> tuple[Row, ...]:
    """All drawn rows of a table."""
    return open_book(path).book.drawn_rows[table]


def place(path: Path, table: str, key: str) -> int:
    """The place of a row."""
    if key.isdecimal():
        return int(key)
    found = [row.index for row in rows_of(path, table) if key in (row.get("id"), str(row.get("month"))[:7])]
    return found[0]


def typed(table: str, column: str, text: str) -> Any:
    """A value as a cell holds it, from how it is drawn."""
    kind = tables(SLOTS)[table].column(column).kind
    if not text:
        return None
    if text.startswith("'"):
        return text[1:]
    if kind.name in ("number", "integer", "score"):
        return float(text) if "." in text else int(text)
    if kind.name in ("date", "month"):
        return kind.write(date.fromisoformat(text), words("nb"))
    return text


def told(findings: Any) -> list[tuple[str, ...]]:
    """What was found, in the words of a test."""
    return [_told(it) for it in findings]


def _told(it: Finding) -> tuple[str, ...]:
    return (it.what, it.table, it.row, it.column, *((it.case,) if it.case else ()))
