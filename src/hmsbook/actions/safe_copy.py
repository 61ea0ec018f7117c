"""Safe copies: fresh workbooks drawn from what may leave the building, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from hmsbook.actions.reading import Opened, open_bytes, problems_of
from hmsbook.actions.update import Along, Planned, numbered, plan_update
from hmsbook.actions.version import VERSION
from hmsbook.analysis.summary import Summary, summarise
from hmsbook.errors import LeakError, PackageError, UsageError
from hmsbook.flow.compose import Composition, Stamp, compose
from hmsbook.flow.copies import Sending, about, digest, lead, whom
from hmsbook.flow.fill import Fill
from hmsbook.flow.show import visibility
from hmsbook.merge.base import base_lines
from hmsbook.model.book import Book
from hmsbook.model.frozen import Frozen
from hmsbook.model.kept import Kept, KeptCell
from hmsbook.model.problems import Problem
from hmsbook.opc.cells import cell_name
from hmsbook.rules.identity import holds_identity_number
from hmsbook.sharing.audiences import Audience, audience
from hmsbook.sharing.limits import limits
from hmsbook.sharing.permitted import LeftOut, permitted
from hmsbook.sharing.told import short
from hmsbook.standard.book import SHEETS
from hmsbook.standard.masks import mask_text
from hmsbook.texts.words import plain, words


class CopyAsked(Frozen):
    """A copy that is asked for: for whom, of score copies for which member, and what of people's own goes.

    `sheets` are names of sheets that people made, `columns` headers of columns that they added.
    """

    audience: str = "group"
    member: str = ""
    sheets: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


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
    _require_no_identity_numbers(found)
    day, edition = opened.today(today), opened.book.manifest.edition + 1
    made = [_Making(found, one, edition, day) for one in asked]
    lines = [line for making in made for line in making.log_lines]
    along = Along(lines=(*dict.fromkeys(lines), *extra_lines), edition=edition)
    planned = plan_update(opened, today=today, along=along)
    workbook_id = _noted_id(planned)
    return Prepared(planned, tuple(making.copied(workbook_id) for making in made))


def refuse_copy(opened: Opened) -> None:
    """Raise PackageError where a workbook is itself a copy."""
    if opened.book.manifest.values.get("copy"):
        raise PackageError("is_copy", path=str(opened.host.path))


def _noted_id(planned: Planned) -> str:
    """The id of the workbook, which it may get only now."""
    noted = planned.fill.regions["manifest"] if planned.fill else ()
    return next(str(value) for key, value in noted if key == "workbook_id")


def _require_no_identity_numbers(opened: Opened) -> None:
    """Raise LeakError where any cell of the workbook holds a national identity number."""
    for sheet in opened.host.workbook.sheets:
        for at, cell in opened.host.scan(sheet).cells.items():
            if holds_identity_number(cell.value):
                raise LeakError("identity_number", sheet=sheet.name, cell=cell_name(at))


class _Making:
    """One copy on its way."""

    def __init__(self, opened: Opened, asked: CopyAsked, edition: int, day: date) -> None:
        self.opened, self.asked, self.edition, self.day = opened, asked, edition, day
        self.audience = audience(asked.audience)
        self.member = _member(opened.book, self.audience, asked.member)
        self.permitted = permitted(opened.book, self.audience, self.member)
        self.language = words(opened.book.language)
        self.sending = Sending(self.audience, edition, day, self.member, _back_to(opened.book))

    @property
    def log_lines(self) -> list[str]:
        """What the log says of the copy."""
        values = {"edition": self.edition, "whom": whom(self.sending, self.language)}
        left = short(self.permitted.left_out, self.language)
        return [self.language.text("copies.log.made", left_out=left, **values), *self._lowered]

    @property
    def _lowered(self) -> list[str]:
        """A line where fewer people than usual may be behind a number."""
        found = limits(self.opened.book.unit)
        values = {"group": found.general, "bullying": found.bullying, "reason": found.reason}
        text = self.language.text("copies.log.lowered", edition=self.edition, **values)
        return [text] if found.lowered else []

    def copied(self, workbook_id: str) -> Copied:
        """The copy, made and looked through."""
        book = self.permitted.book
        manifest = book.manifest.but(workbook_id=workbook_id, edition=self.edition)
        book = book.but(manifest=manifest)
        data = self._data(book)
        return Copied(self.asked, self.edition, data, self.name, self.permitted.left_out, book)

    @property
    def name(self) -> str:
        """What the file of the copy may be called."""
        key = "copies.file_name_for" if self.member else "copies.file_name"
        text = self.language.text(
            key, book=self.opened.host.path.stem, edition=self.edition, name=self.member
        )
        return "".join("-" if sign in '\\/:*?"<>|' else sign for sign in text) + ".xlsx"

    def _data(self, book: Book) -> bytes:
        """The bytes of a frame drawn of nothing but this book, brought up to date."""
        frame = open_bytes(self._frame(book), self.name)
        summary = summarise(frame.book, self.day)
        problems = _problems(frame, summary, self.audience)
        composed = Composition(frame.book, summary, problems, self.opened.months_shown, updated=True)
        fill = composed.fill(self._stamp(book).but(updated=self.day.isoformat()))
        return frame.host.rewrite(self._with_pages(fill, frame.book, summary).but(sheets={})).data

    def _frame(self, book: Book) -> bytes:
        from hmsbook.draw.book import draw

        summary = summarise(book, self.day)
        fill = compose(book, summary, (), self._stamp(book), self.opened.months_shown)
        return draw(
            book,
            _counted(self._with_pages(fill, book, summary), book),
            created=self.day,
            months_shown=self.opened.months_shown,
            kept=self._kept(book),
            base=base_lines(book, tuple(book.masked)),
        )

    def _stamp(self, book: Book) -> Stamp:
        return Stamp(
            VERSION,
            workbook_id=book.manifest.workbook_id,
            edition=self.edition,
            copy=self.audience.key,
            copy_for=self.member,
        )

    def _with_pages(self, fill: Fill, book: Book, summary: Summary) -> Fill:
        pages = {
            "about_copy": about(self.sending, book, self.permitted.left_out),
            "digest": digest(self.sending, book, summary),
        }
        return fill.but(regions={**fill.regions, **pages})

    def _kept(self, book: Book) -> Kept:
        """How the frame of a copy differs from any other."""
        shown = self.audience.sheets or _shown_to_group(book)
        rest = tuple(sheet.key for sheet in SHEETS if sheet.key not in shown)
        cells = {
            at: KeptCell(mask_text(reason, limit, self.language))
            for at, (reason, limit) in book.masked.items()
        }
        return Kept(
            cells=cells,
            states={sheet.key: "visible" if sheet.key in shown else "hidden" for sheet in SHEETS},
            order=(*shown, *rest),
            leads={shown[0]: lead(self.sending, book)},
        )


def _shown_to_group(book: Book) -> tuple[str, ...]:
    """The sheets that a member of the group sees, in their usual order; last the page on the copy."""
    shown = visibility(book, (), updated=False).sheets
    return (*(sheet.key for sheet in SHEETS if shown[sheet.key]), "about_copy")


def _member(book: Book, audience: Audience, asked: str) -> str:
    """The member a copy is for, by the name that stands in the group; UsageError when there is none."""
    if audience.key != "score":
        return ""
    known = {plain(it.name): it.name for it in book.group if it.name}
    if plain(asked) not in known:
        raise UsageError("unknown_member", found=asked, known=", ".join(known.values()))
    return known[plain(asked)]


def _back_to(book: Book) -> str:
    """Who gets a copy back: the one whom colleagues may ask, else who leads the process."""
    return str(book.unit.row.get("contact") or book.unit.process_leader or "")


def _counted(fill: Fill, book: Book) -> Fill:
    """The fill with the highest numbers of the workbook, so that those of the copy go on after them."""
    counters = book.manifest.values["counters"]
    manifest = [[key, counters if key == "counters" else value] for key, value in fill.regions["manifest"]]
    return fill.but(regions={**fill.regions, "manifest": manifest})


# What these rules miss may only have been left out.
_OF_THE_WHOLE = (
    "CHA-1",
    "IND-2",
    "IND-4",
    "IND-6",
    "IND-7",
    "MEA-1",
    "MEA-3",
    "MEA-5",
    "MEA-6",
    "MEA-7",
    "PRI-2",
    "REF-1",
)


def _problems(frame: Opened, summary: Summary, audience: Audience) -> tuple[Problem, ...]:
    """What Kontroll and Status say is wrong; only the group is told, and of nothing that was left out."""
    if audience.key != "group":
        return ()
    return tuple(it for it in problems_of(frame, summary) if it.code not in _OF_THE_WHOLE)
