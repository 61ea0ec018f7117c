"""One copy on its way: what may go of a workbook, and the frame that is drawn of that and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property

from hmsbook.actions.copy_gate import require_nothing_more
from hmsbook.actions.copy_own import (
    Sheets,
    kept_columns,
    not_asked_for,
    require_harmless_names,
    wanted_columns,
    wanted_sheets,
    without_formulas,
)
from hmsbook.actions.reading import Opened, open_bytes, problems_of
from hmsbook.actions.version import VERSION
from hmsbook.analysis.summary import Summary, summarise
from hmsbook.errors import UsageError
from hmsbook.flow.compose import Composition, Stamp, compose
from hmsbook.flow.copies import Sending, about, digest, lead, whom
from hmsbook.flow.fill import Fill, with_counters
from hmsbook.flow.show import IN_COPIES, link_text, visibility
from hmsbook.merge.base import base_lines
from hmsbook.model.book import Book
from hmsbook.model.frozen import Frozen
from hmsbook.model.kept import Kept, KeptCell, OwnSheet
from hmsbook.model.problems import Problem
from hmsbook.model.raw import Grid
from hmsbook.sharing.audiences import Audience, audience
from hmsbook.sharing.limits import limits
from hmsbook.sharing.masking import Masked
from hmsbook.sharing.permitted import LeftOut, permitted, split_for
from hmsbook.sharing.told import short
from hmsbook.standard.book import SHEETS
from hmsbook.standard.masks import mask_text
from hmsbook.texts.words import plain, words

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
# Those who see what the method asks for.
_TOLD = ("group", "leader")
_NOT_IN_NAMES = '\\/:*?"<>|'


class CopyAsked(Frozen):
    """A copy that is asked for: for whom, of score copies for which member, and what of people's own goes.

    `sheets` are names of sheets that people made, `columns` headers of columns that they added.
    """

    audience: str = "group"
    member: str = ""
    sheets: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


class Making:
    """One copy on its way."""

    def __init__(self, opened: Opened, asked: CopyAsked, masked: Masked, day: date) -> None:
        self.opened, self.asked, self.day = opened, asked, day
        self.edition = next_edition(opened)
        self.audience = audience(asked.audience)
        self.member = _member(opened.book, self.audience, asked.member)
        self.language = words(opened.book.language)
        self.sending = Sending(self.audience, self.edition, day, self.member, _back_to(opened.book))
        self.columns = wanted_columns(opened.book, asked.columns)
        self.wanted = wanted_sheets(opened.host, asked.sheets)
        typed = without_formulas(opened.book, opened.raw)
        self.split = split_for(typed, self.audience, masked)
        require_harmless_names(self._own_names, self.split.traces, nameless=self.audience.nameless)
        self.permitted = permitted(self.split, self.member, self.columns)

    @cached_property
    def left_out(self) -> tuple[LeftOut, ...]:
        """All that was left out."""
        own = not_asked_for(self.opened.host, self.opened.book, self.wanted, self.columns)
        return (*self.permitted.left_out, *own, *self._sheets[1])

    @cached_property
    def _sheets(self) -> tuple[tuple[OwnSheet, ...], list[LeftOut]]:
        """People's own sheets as far as they go, and what of them stays."""
        found = Sheets(
            self.opened.host, self.split.traces, nameless=self.audience.nameless, language=self.language
        )
        return tuple(map(found.sheet, self.wanted)), found.left

    @property
    def log_lines(self) -> list[str]:
        """What the log says of the copy."""
        values = {"edition": self.edition, "whom": whom(self.sending, self.language)}
        left = short(self.left_out, self.language)
        return [self.language.text("copies.log.made", left_out=left, **values), *self._more_lines()]

    def _more_lines(self) -> Iterator[str]:
        """Lines on a limit that is lower than usual, and on what people asked to have in the copy."""
        found = limits(self.opened.book.unit)
        if found.lowered:
            values = {"group": found.general, "bullying": found.bullying, "reason": found.reason}
            yield self.language.text("copies.log.lowered", edition=self.edition, **values)
        if self._own_names:
            yield self.language.text("copies.log.along", edition=self.edition, names=self._own_names)

    @property
    def _own_names(self) -> tuple[str, ...]:
        return (*(it.name for it in self.wanted), *(it for own in self.columns.values() for it in own))

    @property
    def name(self) -> str:
        """What the file of the copy may be called."""
        return file_name(self.opened, self.member)

    def book(self, workbook_id: str) -> Book:
        """The book of the copy, which is of the same workbook and of this edition."""
        book = self.permitted.book
        return book.but(manifest=book.manifest.but(workbook_id=workbook_id, edition=self.edition))

    def data(self, book: Book) -> bytes:
        """The bytes of a frame drawn of nothing but this book, brought up to date and looked through."""
        kept = self._kept(book)
        frame = open_bytes(self._frame(book, kept), self.name)
        summary = summarise(frame.book, self.day)
        problems = _problems(frame, summary, self.audience)
        composed = Composition(frame.book, summary, problems, self.opened.months_shown, updated=True)
        fill = composed.fill(self._stamp(book).but(updated=self.day.isoformat()))
        fill = self._with_pages(fill, frame.book, summary).but(sheets={})
        data = frame.host.rewrite(fill).data
        require_nothing_more(open_bytes(data, self.name), book, fill, kept)
        return data

    def _frame(self, book: Book, kept: Kept) -> bytes:
        from hmsbook.draw.book import draw

        summary = summarise(book, self.day)
        fill = compose(book, summary, (), self._stamp(book), self.opened.months_shown)
        return draw(
            book,
            with_counters(self._with_pages(fill, book, summary), book.manifest.values["counters"]),
            created=self.day,
            months_shown=self.opened.months_shown,
            kept=kept,
            base=base_lines(book, tuple(book.masked), self._said(book, kept)),
        )

    def _said(self, book: Book, kept: Kept) -> tuple[str, ...]:
        """What only a copy says beside its tables: its first line, and the way to its page on itself."""
        titles = (words(book.language).text(f"sheets.{key}.title") for key in IN_COPIES)
        return (*kept.leads.values(), *map(link_text, titles))

    def _stamp(self, book: Book) -> Stamp:
        return Stamp(
            VERSION,
            workbook_id=book.manifest.workbook_id,
            edition=self.edition,
            copy=self.audience.key,
            copy_for=self.member,
        )

    def _with_pages(self, fill: Fill, book: Book, summary: Summary) -> Fill:
        """The fill with the pages of copies, and without what the method asks for where nobody is told."""
        pages = {
            "about_copy": about(self.sending, book, self.left_out),
            "digest": digest(self.sending, book, summary),
        }
        untold: dict[str, Grid] = {} if self.audience.key in _TOLD else {"status_missing": []}
        return fill.but(regions={**fill.regions, **pages, **untold})

    def _kept(self, book: Book) -> Kept:
        """How the frame of a copy differs from any other."""
        shown = self.audience.sheets or _shown_to_group(book)
        rest = tuple(sheet.key for sheet in SHEETS if sheet.key not in shown)
        masks = {
            at: KeptCell(mask_text(reason, limit, self.language))
            for at, (reason, limit) in book.masked.items()
        }
        columns, cells = kept_columns(book)
        return Kept(
            columns=columns,
            cells=cells | masks,
            states={sheet.key: "visible" if sheet.key in shown else "hidden" for sheet in SHEETS},
            order=(*shown, *rest),
            leads={shown[0]: lead(self.sending, book)},
            sheets=self._sheets[0],
        )


def file_name(opened: Opened, member: str) -> str:
    """What the file of the next copy may be called."""
    key = "copies.file_name_for" if member else "copies.file_name"
    values = {"book": opened.host.path.stem, "edition": next_edition(opened), "name": member}
    text = words(opened.book.language).text(key, **values)
    return "".join("-" if sign in _NOT_IN_NAMES else sign for sign in text) + ".xlsx"


def next_edition(opened: Opened) -> int:
    """The number of the next edition."""
    return opened.book.manifest.edition + 1


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


def _problems(frame: Opened, summary: Summary, audience: Audience) -> tuple[Problem, ...]:
    """What Kontroll and Status say is wrong, but for what may only have been left out."""
    if audience.key not in _TOLD:
        return ()
    return tuple(it for it in problems_of(frame, summary) if it.code not in _OF_THE_WHOLE)
