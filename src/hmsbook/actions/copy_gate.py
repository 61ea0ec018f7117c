"""The last look at a copy before anybody gets it: that it holds what it may, and nothing else."""

from __future__ import annotations

from hmsbook.actions.reading import OpenedFile
from hmsbook.flow.fill import Fill
from hmsbook.model.book import Book
from hmsbook.model.kept import Kept


def require_nothing_more(copy: OpenedFile, book: Book, fill: Fill, kept: Kept) -> None:
    """Raise LeakError."""
