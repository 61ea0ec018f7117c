"""An update: compute, check, and write what hmsbook owns."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from uuid import uuid4

from hmsbook.actions.reading import Opened, open_book, problems_of
from hmsbook.actions.version import VERSION
from hmsbook.analysis.summary import Summary, summarise
from hmsbook.flow.compose import Stamp, compose
from hmsbook.flow.fill import Fill
from hmsbook.flow.prints import TypedOver
from hmsbook.model.problems import Problem
from hmsbook.standard.sheets.log import LOG
from hmsbook.texts.words import words


@dataclass(frozen=True)
class Updated:
    """What an update did."""

    path: Path
    language: str
    changed: dict[str, int]
    indicators: int
    problems: tuple[Problem, ...]
    restored: tuple[TypedOver, ...]
    numbered: dict[tuple[str, int], str]
    written: bool
    beside: Path | None = None

    @property
    def cells(self) -> int:
        """How many cells changed."""
        return sum(self.changed.values())


def update(
    path: Path | str, *, today: date | None = None, as_of: date | None = None, dry_run: bool = False
) -> Updated:
    """Bring a workbook up to date; a second update changes nothing.

    Raises PackageError when the file cannot be read or written safely, and SaveError when the result cannot
    be put in its place; the file is then as it was.
    """
    opened = open_book(path)
    day = opened.today(today)
    summary = summarise(opened.book, day, as_of)
    problems = problems_of(opened, summary)
    before = _stamp_of(opened)
    same = compose(opened.book, summary, problems, before, opened.months_shown)
    numbered = dict(same.ids)
    result = Updated(
        Path(path),
        opened.book.language,
        {},
        len(opened.book.active),
        problems,
        opened.overwritten,
        numbered,
        False,
    )
    if before.updated and not opened.overwritten and not opened.host.differs(same):
        return result
    fill = compose(
        opened.book,
        summary,
        problems,
        _next_stamp(opened, before, summary, problems, day, as_of),
        opened.months_shown,
    )
    return _write(opened, fill, result, dry_run=dry_run)


def _write(opened: Opened, fill: Fill, result: Updated, *, dry_run: bool) -> Updated:
    rewritten = opened.host.rewrite(fill)
    result = replace(result, changed=dict(rewritten.changed))
    if dry_run:
        return result
    saved = opened.host.save(rewritten.data)
    return replace(result, written=True, beside=Path(saved.path) if saved.beside else None)


def _stamp_of(opened: Opened) -> Stamp:
    """The stamp of the last update."""
    found = opened.book.manifest.values
    log = tuple(
        tuple(str(cell.value) for cell in row)
        for row in opened.raw.regions.get("log", ())
        if any(cell.value not in (None, "") for cell in row)
    )
    return Stamp(
        program=VERSION,
        updated=str(found.get("updated") or ""),
        workbook_id=opened.book.manifest.workbook_id,
        edition=opened.book.manifest.edition,
        as_of=str(found.get("as_of") or ""),
        log=log,
    )


def _next_stamp(
    opened: Opened,
    before: Stamp,
    summary: Summary,
    problems: Sequence[Problem],
    day: date,
    as_of: date | None,
) -> Stamp:
    language = words(opened.book.language)
    lines = [
        language.text("log.updated", indicators=len(opened.book.active), problems=len(problems)),
        *(
            language.text(
                "log.restored",
                cell=f"{opened.host.sheet_name(found.region)}!{found.address}",
                found=found.found,
            )
            for found in opened.overwritten
        ),
    ]
    entries = tuple((day.isoformat(), _who(), line, VERSION) for line in lines)
    return replace(
        before,
        updated=day.isoformat(),
        workbook_id=before.workbook_id or str(uuid4()),
        as_of=as_of.isoformat()[:7] if as_of else "",
        log=(*before.log, *entries)[-LOG.rows :],
    )


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
