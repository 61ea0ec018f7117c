"""An update: compute, check, and write what hmsbook owns."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

from hmsbook.actions.clock import wall_clock
from hmsbook.actions.reading import Opened, OpenedFile, Restored, is_older, open_book, problems_left
from hmsbook.actions.version import VERSION
from hmsbook.analysis.snapshot import Snapshot, Snapshots
from hmsbook.analysis.summary import summarise
from hmsbook.errors import PackageError, SaveError
from hmsbook.flow.compose import Composition, Stamp
from hmsbook.flow.fill import Fill
from hmsbook.flow.numbers import new_ids
from hmsbook.hosts.owner import refuse_open
from hmsbook.model.frozen import NOTHING, Frozen
from hmsbook.model.problems import Problem
from hmsbook.model.raw import RawCell, Value
from hmsbook.model.records import Row
from hmsbook.opc.save import keep, sweep
from hmsbook.standard.book import CALC_SHEET
from hmsbook.standard.book import VERSION as STANDARD
from hmsbook.standard.sheets.log import LOG
from hmsbook.texts.words import words


class Updated(Frozen):
    """What an update did.

    `signals` says how many indicators have really changed, as far as the numbers tell. `stale_note` is the
    note of an office program that it took for forgotten, `backup` the version before.
    """

    path: Path
    language: str
    changed: dict[str, int]
    indicators: int
    problems: tuple[Problem, ...]
    restored: tuple[Restored, ...]
    numbered: dict[tuple[str, int], str]
    written: bool
    signals: int = 0
    beside: Path | None = None
    stale_note: Path | None = None
    backup: Path | None = None

    @property
    def cells(self) -> int:
        """How many cells that people see changed."""
        return sum(count for sheet, count in self.changed.items() if not sheet.startswith(CALC_SHEET))


class Along(Frozen):
    """What is written together with an update: log lines, an edition, people's cells, what was merged.

    `cells` are those of `Fill`; the workbook given to the update holds them already. `edition` and `merged`
    are None where they stay as they are.
    """

    lines: tuple[str, ...] = ()
    edition: int | None = None
    cells: Mapping[tuple[str, int, str], Value] = NOTHING
    merged: tuple[tuple[Value, ...], ...] | None = None


NOTHING_ALONG = Along()


class Planned(Frozen):
    """What an update finds, and what it writes: nothing where all is as it should be."""

    result: Updated
    fill: Fill | None


def update(
    path: Path | str,
    *,
    today: date | None = None,
    as_of: date | None = None,
    dry_run: bool = False,
    backup: bool = False,
) -> Updated:
    """Bring a workbook up to date; a second update changes nothing. `backup` keeps the version before.

    Raises PackageError when the file cannot be read or written safely, and SaveError when the result cannot
    be put in its place; the file is then as it was.
    """
    opened = open_book(path)
    planned = plan_update(opened, today=today, as_of=as_of)
    if planned.fill is None:
        sweep(path)
        return planned.result
    return _write(opened, planned.fill, planned.result, dry_run=dry_run, backup=backup)


def plan_update(
    as_found: Opened,
    *,
    today: date | None = None,
    as_of: date | None = None,
    along: Along = NOTHING_ALONG,
) -> Planned:
    """What an update of a workbook has to write; PackageError where it follows an older standard."""
    opened, ids = numbered(as_found)
    _refuse_older(opened)
    day = opened.today(today)
    summary = summarise(opened.book, day, as_of)
    problems = problems_left(opened, summary)
    before = stamp_of(opened)
    composition = Composition(opened.book, summary, problems, opened.months_shown, updated=True)
    same = _with_ids(composition.fill(before), ids)
    restored = opened.restored(same)
    result = Updated(
        opened.host.path,
        opened.book.language,
        {},
        len(opened.book.active),
        problems,
        restored,
        ids,
        written=False,
        signals=sum(summary.indicators[found.id].assessment.is_signal for found in opened.book.active),
    )
    if along == NOTHING_ALONG and before.updated and not restored and not opened.host.differs(same):
        return Planned(result, None)
    lines = (*along.lines, *_log_lines(opened, problems, restored))
    stamp = _next_stamp(before, lines, day, as_of)
    if along.edition is not None:
        stamp = stamp.but(edition=along.edition)
    if along.merged is not None:
        stamp = stamp.but(merged=along.merged)
    return Planned(result, _with_ids(composition.fill(stamp), ids).but(cells=along.cells))


def _refuse_older(opened: Opened) -> None:
    """Refuse an older frame: its owned cells lie elsewhere, under other headings than today's."""
    if is_older(opened.book.manifest):
        found = opened.book.manifest.standard
        raise PackageError("older_standard", path=str(opened.host.path), found=found, known=STANDARD)


def numbered(opened: Opened) -> tuple[Opened, dict[tuple[str, int], str]]:
    """The workbook as if new rows had their numbers already, and those numbers."""
    book = opened.book
    ids = new_ids(book)
    if not ids:
        return opened, {}
    rows, drawn = (
        {key: _rows(found, ids) for key, found in part.items()} for part in (book.rows, book.drawn_rows)
    )
    return opened.but(book=book.but(rows=rows, drawn_rows=drawn)), ids


def _rows(rows: Sequence[Row], ids: Mapping[tuple[str, int], str]) -> tuple[Row, ...]:
    return tuple(_row(row, ids.get((row.table, row.index))) for row in rows)


def _row(row: Row, new_id: str | None) -> Row:
    if new_id is None:
        return row
    return Row(row.table, {**row.values, "id": new_id}, row.sheet, row.cells, row.index, row.extra)


def _with_ids(fill: Fill, ids: Mapping[tuple[str, int], str]) -> Fill:
    return Fill(fill.regions, fill.columns, fill.hidden_rows, fill.hidden_columns, fill.sheets, ids)


def write_planned(
    opened: OpenedFile, planned: Planned, *, dry_run: bool = False, backup: bool = False
) -> Updated:
    """Write what was planned; nothing where all is as it should be."""
    if planned.fill is None:
        return planned.result
    return _write(opened, planned.fill, planned.result, dry_run=dry_run, backup=backup)


def _write(opened: OpenedFile, fill: Fill, result: Updated, *, dry_run: bool, backup: bool) -> Updated:
    rewritten = opened.host.rewrite(fill)
    result = result.but(changed=dict(rewritten.changed))
    if dry_run:
        return result
    stale = refuse_open(opened.host.path)
    with _kept_before(opened, wanted=backup) as kept:
        saved = opened.host.save(rewritten.data)
    return result.but(
        written=True,
        beside=saved.path if saved.beside else None,
        backup=kept,
        stale_note=stale.path if stale else None,
    )


@contextmanager
def _kept_before(opened: OpenedFile, *, wanted: bool) -> Iterator[Path | None]:
    """A copy of the workbook as it was; it goes again when the save says that the workbook still is so."""
    copy = _keep(opened) if wanted else None
    try:
        yield copy
    except SaveError:
        if copy:
            with suppress(OSError):
                copy.unlink()
        raise


def _keep(opened: OpenedFile) -> Path:
    """Keep the workbook under a name with the clock on the wall, whatever day was asked for."""
    day, clock = wall_clock("%Y-%m-%d"), wall_clock("%H.%M")
    mark = words(opened.book.language).text("cli.backup_mark", day=day, time=clock)
    return keep(opened.host.path, mark, opened.host.before)


def stamp_of(opened: Opened) -> Stamp:
    """The stamp of the last update."""
    found = opened.book.manifest.values
    return Stamp(
        program=VERSION,
        updated=str(found.get("updated") or ""),
        workbook_id=opened.book.manifest.workbook_id,
        edition=opened.book.manifest.edition,
        as_of=str(found.get("as_of") or ""),
        kept=_kept(opened),
        log=_used(opened, "log"),
        merged=_used(opened, "merged"),
        copy=str(found.get("copy") or ""),
        copy_for=str(found.get("copy_for") or ""),
    )


def _kept(opened: Opened) -> Snapshots:
    """What earlier updates said."""
    rows = [[cell.value for cell in row] for row in opened.raw.regions.get("snapshots", ())]
    return Snapshots(*(Snapshot.of_cells(row) for row in rows[:3]))


def _used(opened: Opened, region: str) -> tuple[tuple[Value, ...], ...]:
    """A region as it stands, with what people wrote in it, down to its last row in use."""
    rows = opened.raw.regions.get(region, ())
    used = (number for number in range(len(rows), 0, -1) if _filled(rows[number - 1]))
    return tuple(tuple(cell.value for cell in row) for row in rows[: next(used, 0)])


def _filled(row: Sequence[RawCell]) -> bool:
    return any(cell.value not in (None, "") for cell in row)


def _log_lines(opened: Opened, problems: Sequence[Problem], restored: Sequence[Restored]) -> list[str]:
    """What the log says of an update, with all that a person had typed where hmsbook writes."""
    language = words(opened.book.language)
    done = language.text("log.updated", indicators=len(opened.book.active), problems=len(problems))
    back = (language.text("log.restored", cell=f"{it.sheet}!{it.cell}", found=it.found) for it in restored)
    return [done, *back]


def _next_stamp(before: Stamp, lines: Sequence[str], day: date, as_of: date | None) -> Stamp:
    entries = tuple((day.isoformat(), who(), line, VERSION) for line in lines)
    return Stamp(
        program=VERSION,
        updated=day.isoformat(),
        workbook_id=before.workbook_id or _new_id(),
        edition=before.edition,
        as_of=as_of.isoformat()[:7] if as_of else "",
        kept=before.kept,
        log=(*before.log, *entries)[-LOG.rows :],
        merged=before.merged,
        copy=before.copy,
        copy_for=before.copy_for,
    )


def _new_id() -> str:
    """An id that no other workbook has."""
    return os.urandom(16).hex()


def who() -> str:
    """Who runs the program; nothing where the system does not tell."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
