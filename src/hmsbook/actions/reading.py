"""A workbook read and checked, whichever host holds it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, cast

from hmsbook.actions.clock import current_day
from hmsbook.analysis.summary import Summary, summarise
from hmsbook.errors import HmsbookError, PackageError
from hmsbook.flow.fill import Fill
from hmsbook.flow.prints import TypedOver, typed_over
from hmsbook.hosts.changes import PREFIX
from hmsbook.hosts.file import FileHost
from hmsbook.hosts.host import Host, whole_number
from hmsbook.hosts.places import require_places, require_shapes
from hmsbook.model.book import Book, Manifest
from hmsbook.model.frozen import Frozen
from hmsbook.model.problems import Problem
from hmsbook.model.raw import RawBook, Value
from hmsbook.model.records import Place
from hmsbook.reading.book import read_book
from hmsbook.rules.registry import check, positions
from hmsbook.standard.book import MAX_SLOTS, SHEETS, VERSION, regions
from hmsbook.standard.calc import MONTH_CHOICES
from hmsbook.texts.files import LANGUAGES
from hmsbook.texts.words import met

_STANDARD = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){1,2}")
_SHOWN = 40


class Restored(NamedTuple):
    """A cell that a person had typed over: where it stands, what was typed, and what stands there again."""

    sheet: str
    cell: str
    found: Value
    value: Value


class Opened(Frozen):
    """A workbook as it stands: its host, its book, its cells that were typed over."""

    host: Host
    raw: RawBook
    book: Book
    typed_over: tuple[TypedOver, ...]

    def restored(self, fill: Fill) -> tuple[Restored, ...]:
        """The cells that were typed over, with what a fill puts there."""
        return (*self._values_back(fill), *self._formulas_back(fill))

    def _values_back(self, fill: Fill) -> Iterator[Restored]:
        declared = regions(self.book.manifest.slots)
        for found in self.typed_over:
            grid = fill.regions.get(found.region, ())
            row = grid[found.row] if found.row < len(grid) else ()
            column = declared[found.region].columns.index(found.column)
            value = row[column] if column < len(row) else None
            yield Restored(self.host.sheet_name(found.region), found.address, found.found, value)

    def _formulas_back(self, fill: Fill) -> Iterator[Restored]:
        for problem in self._formulas_gone:
            table, column, row, typed = (problem.values[key] for key in ("table", "column", "row", "found"))
            value = fill.columns[str(table), str(column)][cast("int", row)]
            yield Restored(problem.place.sheet, problem.place.cell, cast("Value", typed), value)

    @property
    def _formulas_gone(self) -> Iterator[Problem]:
        """Computed cells that hold a constant, where an update can put the formula back."""
        for problem in self.book.problems:
            if problem.case == "formula_gone" and self.host.has_formula(
                str(problem.values["table"]), str(problem.values["column"])
            ):
                yield problem

    @cached_property
    def mended(self) -> frozenset[Place]:
        """Where an update puts right what a person typed over."""
        typed = (Place(self.host.sheet_name(found.region), found.address) for found in self.typed_over)
        return frozenset((*typed, *(problem.place for problem in self._formulas_gone)))

    @cached_property
    def pinned(self) -> date | None:
        """The day a sample's date is fixed to."""
        value = self.book.manifest.values.get("pinned_today")
        return date.fromisoformat(str(value)) if value else None

    def today(self, today: date | None) -> date:
        """The day to reckon with: the one asked for, a sample's own, else the calendar's."""
        return today or self.pinned or current_day()

    @property
    def months_shown(self) -> int:
        """How many months the charts show."""
        found = self.host.months_shown
        return found if found in MONTH_CHOICES else MONTH_CHOICES[1]


class OpenedFile(Opened):
    """A closed workbook as it stands."""

    host: FileHost


def language_of(path: Path | str) -> str | None:
    """The language a workbook was drawn in; None when it cannot be told."""
    try:
        found = FileHost(path).manifest.get("language")
    except HmsbookError:
        return None
    return None if found is None else str(found)


def open_book(path: Path | str) -> OpenedFile:
    """Read a workbook; PackageError when the file is no workbook of ours."""
    host = FileHost(path)
    return OpenedFile(host, *_read(host))


def open_bytes(data: bytes, path: Path | str) -> OpenedFile:
    """Read a workbook that is no file yet; PackageError when it is none of ours."""
    host = FileHost(path, data)
    return OpenedFile(host, *_read(host))


def opened_without_frame(host: FileHost) -> OpenedFile:
    """The rows of a workbook whose tables were found again; what was typed over, nobody can tell."""
    manifest = _manifest(host)
    raw = host.read()
    return OpenedFile(host, raw, read_book(raw, manifest), ())


def opened_in(host: Host) -> Opened:
    """The workbook of a host; PackageError when it is none of ours."""
    return Opened(host, *_read(host))


def _read(host: Host) -> tuple[RawBook, Book, tuple[TypedOver, ...]]:
    require_places(host.workbook)
    manifest = _manifest(host)
    if not is_older(manifest):
        require_shapes(host.workbook, manifest.slots)
    declared = regions(manifest.slots)
    raw = host.read((*declared, "prints", "snapshots", "merged"))
    stored = {str(row[0].value): str(row[1].value or "") for row in raw.regions.get("prints", ())}
    typed = tuple(typed_over(raw.regions, stored, declared, host.formula_stands, host.is_other_formula))
    book = read_book(raw, manifest)
    return raw, book.but(problems=(*book.problems, *_replaced(host))), typed


def _replaced(host: Host) -> Iterator[Problem]:
    """A problem for each formula of ours in a table that a person has replaced by another."""
    for it in host.other_formulas():
        where = {"table": it.table.removeprefix(PREFIX), "column": it.column, "row": it.row}
        place = Place(it.sheet, it.address)
        yield Problem("WBK-1", "W", "formula_gone", place, {**where, "found": f"={it.formula}"})


def _manifest(host: Host) -> Manifest:
    """What the workbook says of itself; PackageError when it makes no sense."""
    found = host.manifest
    standard = _noted(host, "standard", _STANDARD.fullmatch)
    if version_number(standard) > version_number(VERSION):
        raise PackageError("newer_standard", path=str(host.path), found=standard, known=VERSION)
    _noted(host, "slots", lambda text: 1 <= (whole_number(text) or 0) <= MAX_SLOTS)
    _noted(host, "edition", lambda text: not text or whole_number(text) is not None)
    _noted(host, "pinned_today", lambda text: not text or _is_day(text))
    language = _noted(host, "language", LANGUAGES.__contains__)
    met(language)
    return Manifest(
        standard=standard,
        language=language,
        workbook_id=str(found.get("workbook_id") or ""),
        edition=whole_number(found.get("edition")) or 0,
        slots=host.slots,
        values=found,
    )


def _noted(host: Host, field: str, makes_sense: Callable[[str], object]) -> str:
    value = host.manifest.get(field)
    text = "" if value is None else str(value)
    if not makes_sense(text):
        raise PackageError("manifest_broken", path=str(host.path), field=field, found=text[:_SHOWN])
    return text


def _is_day(text: str) -> bool:
    with suppress(ValueError):
        return bool(date.fromisoformat(text))
    return False


def version_number(version: str) -> tuple[int, ...]:
    """A version of the standard as numbers to compare."""
    return tuple(int(part) for part in version.split("."))


def is_older(manifest: Manifest) -> bool:
    """Whether a workbook follows an older standard than today's."""
    return version_number(manifest.standard) < version_number(VERSION)


def problems_of(opened: Opened, summary: Summary) -> tuple[Problem, ...]:
    """Everything that is wrong: what could not be read, what was typed over, and what the rules say."""
    typed = [_typed_over_problem(opened.host, found) for found in opened.typed_over]
    position = positions(opened.book)
    found = (*opened.book.problems, *_sheets_gone(opened), *typed, *check(opened.book, summary))
    return tuple(sorted(found, key=lambda problem: (problem.order, position(problem))))


def problems_left(opened: Opened, summary: Summary) -> tuple[Problem, ...]:
    """Everything that is still wrong after an update has put back what was typed over."""
    found = problems_of(opened, summary)
    return tuple(it for it in found if it.code != "WBK-1" or it.place not in opened.mended)


def _sheets_gone(opened: Opened) -> Iterator[Problem]:
    """A problem for each sheet of which nothing is left that hmsbook fills in; older ones lack some."""
    for sheet in SHEETS:
        keys = {region.key for region in sheet.regions}
        if keys and keys.isdisjoint(opened.raw.regions) and not is_older(opened.book.manifest):
            yield Problem("WBK-1", "W", "sheet_missing", values={"sheet": sheet.key})


def _typed_over_problem(host: Host, found: TypedOver) -> Problem:
    place = Place(host.sheet_name(found.region), found.address)
    return Problem("WBK-1", "W", "typed_over", place, {"found": found.found})


class Checked(Frozen):
    """All problems of a workbook, worst first."""

    path: Path
    language: str
    problems: tuple[Problem, ...]


def check_book(path: Path | str, *, today: date | None = None, as_of: date | None = None) -> Checked:
    """Every problem of a workbook; the file is only read."""
    opened = open_book(path)
    problems = check_opened(opened, today=today, as_of=as_of)
    return Checked(Path(path), opened.book.language, problems)


def check_opened(
    opened: Opened, *, today: date | None = None, as_of: date | None = None
) -> tuple[Problem, ...]:
    """Every problem of a workbook that has been read, worst first."""
    return problems_of(opened, summarise(opened.book, opened.today(today), as_of))


def has_errors(problems: Sequence[Problem], *, strict: bool) -> bool:
    """Whether the problems call for action: errors and warnings, with `strict` advice too."""
    return any(strict or problem.severity in "EW" for problem in problems)
