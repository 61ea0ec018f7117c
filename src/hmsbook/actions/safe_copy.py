"""Safe copies: fresh workbooks drawn from what may leave the building, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from hmsbook.actions.copy_frame import CopyAsked, Making, file_name, next_edition
from hmsbook.actions.reading import Opened, OpenedFile, open_book
from hmsbook.actions.update import Along, Planned, Updated, numbered, plan_update, write_planned
from hmsbook.errors import LeakError, PackageError, UsageError
from hmsbook.model.book import Book
from hmsbook.model.frozen import Frozen
from hmsbook.opc.cells import cell_name
from hmsbook.opc.save import save
from hmsbook.rules.identity import holds_identity_number
from hmsbook.sharing.masking import mask
from hmsbook.sharing.permitted import LeftOut

__all__ = ["Copied", "CopyAsked", "CopyMade", "Prepared", "copy_book", "prepare_copies", "refuse_copy"]


class Copied(Frozen):
    """A copy that was made: its bytes, what its file may be called, and what was left out of it."""

    asked: CopyAsked
    edition: int
    data: bytes
    name: str
    left_out: tuple[LeftOut, ...]
    book: Book


class Prepared(Frozen):
    """Copies of one edition, and the update of the workbook that tells of them; nothing is written yet."""

    planned: Planned
    copies: tuple[Copied, ...]


class CopyMade(Frozen):
    """Copies in their files, and what became of the workbook they are of; with `dry_run` none is written."""

    path: Path
    language: str
    copies: tuple[Copied, ...]
    files: tuple[Path, ...]
    workbook: Updated
    written: bool


def prepare_copies(
    opened: Opened,
    asked: Sequence[CopyAsked],
    *,
    today: date | None = None,
    extra_lines: Sequence[str] = (),
) -> Prepared:
    """Make copies of a workbook; the update that notes their edition is to be written before any of them.

    `extra_lines` go into the log too. Raises LeakError where something would leave that must not,
    PackageError where the workbook is a copy itself, and UsageError for what makes no sense.
    """
    refuse_copy(opened)
    found, _ = numbered(opened)
    require_no_identity_numbers(found)
    masked = mask(found.book)
    made = [Making(found, one, masked, opened.today(today)) for one in asked]
    lines = [line for making in made for line in making.log_lines]
    along = Along(lines=(*dict.fromkeys(lines), *extra_lines), edition=next_edition(opened))
    planned = plan_update(opened, today=today, along=along)
    workbook_id = _noted_id(planned)
    return Prepared(planned, tuple(_copied(making, workbook_id) for making in made))


def refuse_copy(opened: Opened) -> None:
    """Raise PackageError where a workbook is itself a copy."""
    if opened.book.manifest.values.get("copy"):
        raise PackageError("is_copy", path=str(opened.host.path))


def _copied(making: Making, workbook_id: str) -> Copied:
    book = making.book(workbook_id)
    return Copied(making.asked, making.edition, making.data(book), making.name, making.left_out, book)


def _noted_id(planned: Planned) -> str:
    """The id of the workbook, which it may get only now."""
    noted = planned.fill.regions["manifest"] if planned.fill else ()
    return next(str(value) for key, value in noted if key == "workbook_id")


def require_no_identity_numbers(opened: Opened) -> None:
    """Raise LeakError where a cell, a sheet's name or the file's own holds a national identity number."""
    if holds_identity_number(opened.host.path.stem):
        raise LeakError("identity_number_in_name")
    for number, sheet in enumerate(opened.host.workbook.sheets, 1):
        if holds_identity_number(sheet.name):
            raise LeakError("identity_number_in_sheet", number=number)
        for at, cell in opened.host.scan(sheet).cells.items():
            if holds_identity_number(cell.value):
                raise LeakError("identity_number", sheet=sheet.name, cell=cell_name(at))


# Files


def copy_book(
    path: Path | str,
    asked: CopyAsked,
    *,
    out: Path | str | None = None,
    today: date | None = None,
    dry_run: bool = False,
    force: bool = False,
) -> CopyMade:
    """Make a copy of a workbook beside it or at `out`; for scores one for each member, or for the one asked.

    The workbook notes the edition before any copy is written. Raises UsageError where something would be
    written over without `force`, what `prepare_copies` raises, and SaveError where a file cannot be written.
    """
    opened = open_book(path)
    wanted = each(opened, asked)
    names = [file_name(opened, one.member) for one in wanted]
    files = _targets(opened, names, Path(out) if out is not None else None)
    _refuse_taken(opened, files, force=force)
    prepared = prepare_copies(opened, wanted, today=today)
    workbook = write_planned(opened, prepared.planned, dry_run=dry_run)
    for copied, file in zip(prepared.copies, files, strict=True):
        if not dry_run:
            save(str(file), copied.data)
    return CopyMade(Path(path), opened.book.language, prepared.copies, files, workbook, written=not dry_run)


def each(opened: Opened, asked: CopyAsked) -> tuple[CopyAsked, ...]:
    """One copy, or for scores one for each member who gets mail."""
    if asked.audience != "score":
        return (asked.but(member=""),)
    if asked.member:
        return (asked,)
    members = [it.name for it in opened.book.group if it.name and it.receives_mail]
    if not members:
        raise UsageError("nobody_scores")
    return tuple(asked.but(member=name) for name in dict.fromkeys(members))


def _targets(opened: OpenedFile, names: Sequence[str], out: Path | None) -> tuple[Path, ...]:
    """Where each copy goes."""
    is_file = out is not None and out.suffix.lower() == ".xlsx" and not out.is_dir()
    if out is not None and is_file and len(names) == 1:
        return (out,)
    if out is not None and not out.is_dir():
        raise UsageError("copies_need_folder" if is_file else "folder_missing", path=str(out))
    folder = opened.host.path.parent if out is None else out
    return tuple(folder / name for name in names)


def _refuse_taken(opened: OpenedFile, files: Sequence[Path], *, force: bool) -> None:
    """Raise UsageError where a copy would take the place of the workbook, or of another file."""
    for file in files:
        if file.exists() and file.samefile(opened.host.path):
            raise UsageError("copy_over_book", path=str(file))
        if file.exists() and not force:
            raise UsageError("exists", path=str(file))
        if not file.parent.is_dir():
            raise UsageError("folder_missing", path=str(file.parent))
