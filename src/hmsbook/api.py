"""The public functions: what the command line does, for programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from hmsbook.actions.analyse import Asked, Said, Source
from hmsbook.actions.analyse import analyse as analyse_source
from hmsbook.actions.create import Created, new
from hmsbook.actions.reading import check_book, open_book
from hmsbook.actions.update import Updated, update
from hmsbook.actions.upgrade import Upgraded, upgrade
from hmsbook.errors import UsageError
from hmsbook.model.book import Book
from hmsbook.model.problems import Problem
from hmsbook.model.records import Row

if TYPE_CHECKING:
    import pandas as pd  # noqa: TID251 - the type alone, for those who check types

__all__ = ["Created", "OpenBook", "Said", "Upgraded", "analyse", "new", "open", "upgrade"]


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


def analyse(
    series: Source,
    *,
    column: str | None = None,
    better: str | None = None,
    target: float | None = None,
    phase_starts: Iterable[str | int | date] = (),
    baseline: int | None = None,
    frequency: str | None = None,
    profile: str | None = None,
    unit: str | None = None,
    rolling: bool = False,
    lang: str | None = None,
) -> Said:
    """What a series really says: numbers in order (None is missing), numbers by month, or a file of them.

    Options are those of `hmsbook analyse`; a phase starts at a month or at the number of a point. Raises
    UsageError where it makes no sense.
    """
    asked = Asked(
        better=better,
        target=target,
        phase_starts=tuple(map(str, phase_starts)),
        baseline=baseline,
        frequency=frequency,
        profile=profile,
        unit=unit,
        rolling=rolling,
    )
    found = analyse_source(series, column=column, asked=asked, lang=lang)
    if found.listed:
        ids = ", ".join(said.assessment.indicator.id for said in found.found)
        raise UsageError("series_columns", path=found.path, known=ids)
    return found.found[0]
