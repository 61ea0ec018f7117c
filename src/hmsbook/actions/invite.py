"""The next meetings and deadlines as a file for calendars."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from hmsbook.actions.reading import Opened, open_book
from hmsbook.actions.safe_copy import refuse_copy, require_no_identity_numbers
from hmsbook.errors import PackageError, UsageError
from hmsbook.exchange.calendar import Calendar, as_ical
from hmsbook.letters.dates import measure_days, meeting_days
from hmsbook.model.frozen import Frozen
from hmsbook.opc.save import save
from hmsbook.sharing.audiences import audience
from hmsbook.sharing.masking import mask
from hmsbook.sharing.permitted import permitted, split_for
from hmsbook.texts.words import words


class Invited(Frozen):
    """A calendar file: how many meetings and other days it holds, and where it was written."""

    language: str
    path: Path
    meetings: int
    days: int


def invite(
    path: Path | str,
    *,
    out: Path | None = None,
    meetings: bool = False,
    deadlines: bool = False,
    today: date | None = None,
) -> Invited:
    """Write the next meetings and deadlines, or only one of them; what is sensitive is not among them.

    A file made again moves the same entries. Raises PackageError for a workbook without an id, and UsageError
    where there is nothing to write or another kind of file would be replaced.
    """
    opened = open_book(path)
    refuse_copy(opened)
    require_no_identity_numbers(opened)
    if not opened.book.manifest.workbook_id:
        raise PackageError("no_workbook_id", path=str(path))
    both = meetings == deadlines
    calendar, counted = _calendar(
        opened, opened.today(today), meetings=meetings or both, days=deadlines or both
    )
    target = out or Path(path).with_suffix(".ics")
    if target.suffix.lower() != ".ics":
        raise UsageError("not_ics", path=str(target))
    save(str(target), as_ical(calendar))
    return Invited(opened.book.language, target, *counted)


def _calendar(opened: Opened, today: date, *, meetings: bool, days: bool) -> tuple[Calendar, tuple[int, int]]:
    book = permitted(split_for(opened.book, audience("group"), mask(opened.book))).book
    met = meeting_days(book, today) if meetings else ()
    due = measure_days(book, today) if days else ()
    if not met and not due:
        raise UsageError("nothing_to_invite", day=today)
    unit = book.unit.unit or book.unit.organisation or opened.host.path.stem
    name = words(book.language).text("invite.name", unit=unit)
    manifest = opened.book.manifest
    calendar = Calendar(name, manifest.workbook_id, manifest.edition, today, (*met, *due))
    return calendar, (len(met), len(due))
