"""The public functions: what the command line does, for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from hmsbook.actions.create import Created, new
from hmsbook.actions.reading import check_book, open_book
from hmsbook.actions.update import Updated, update
from hmsbook.model.book import Book
from hmsbook.model.problems import Problem
from hmsbook.model.records import Row

if TYPE_CHECKING:
    import pandas as pd  # noqa: TID251 - the type alone, for those who check types

__all__ = ["Created", "OpenBook", "new", "open"]


@dataclass(frozen=True)
class OpenBook:
    """A workbook as it was read."""

    path: Path
    book: Book

    @property
    def rows(self) -> Mapping[str, tuple[Row, ...]]:
        """The filled rows of every table, by the table's key."""
        return self.book.rows

    def frame(self, table: str) -> pd.DataFrame:
        """One table as a pandas frame; KeyError when the standard has no such table."""
        from hmsbook.exchange.frames import frame
        from hmsbook.standard.book import tables

        return frame(tables(self.book.manifest.slots)[table], self.book.rows.get(table, ()))

    def check(self, *, today: date | None = None) -> tuple[Problem, ...]:
        """Every problem of the file as it is now, worst first."""
        return check_book(self.path, today=today).problems

    def update(self, *, today: date | None = None, as_of: date | None = None) -> Updated:
        """Bring the file up to date and say what changed; this object keeps what it read before."""
        return update(self.path, today=today, as_of=as_of)


def open(path: Path | str) -> OpenBook:  # noqa: A001 - reads as hmsbook.open(path)
    """Read a workbook; PackageError when the file is no hmsbook workbook."""
    return OpenBook(Path(path), open_book(path).book)
