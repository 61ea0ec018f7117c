"""A workbook mailed to the group: a safe copy, and a letter about what is new and what is asked of whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

from hmsbook.actions.reading import Opened, OpenedFile, open_book
from hmsbook.actions.safe_copy import Copied, CopyAsked, prepare_copies, refuse_copy
from hmsbook.actions.update import Planned, Updated, stamp_of, write_planned
from hmsbook.errors import MailError, SaveError, UsageError
from hmsbook.exchange.mail import LARGE, LARGEST, Attachment, draft, mail
from hmsbook.letters.letter import About, Letter, letter, reply_by, told
from hmsbook.letters.recipients import Recipient, Recipients, recipients
from hmsbook.model.frozen import Frozen
from hmsbook.model.raw import Grid
from hmsbook.model.records import Row
from hmsbook.opc.save import save
from hmsbook.sharing.permitted import LeftOut
from hmsbook.texts.words import words

_MEGABYTE = 1_000_000


class SendAsked(Frozen):
    """What is asked for: for whom, to whom in particular, the answer by when, and what of people's own goes.

    `skip_missing` mails the others where somebody has no address. `again` and `forget` say what to do about
    an interrupted sending: send also to those it is uncertain of, or leave it.
    """

    audience: str = "group"
    to: tuple[str, ...] = ()
    by: date | None = None
    sheets: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    skip_missing: bool = False
    again: bool = False
    forget: bool = False


class Mailing(Frozen):
    """One mail: its letter, the copy, and whom it goes to."""

    letter: Letter
    copy: Attachment
    to: tuple[Recipient, ...]


class Sending(Frozen):
    """All that is sent, and the update that tells the workbook of it; nothing is written or sent yet."""

    opened: Opened
    planned: Planned
    edition: int
    audience: str
    by: date
    recipients: Recipients
    mailings: tuple[Mailing, ...]
    left_out: tuple[LeftOut, ...]


class Sent(Frozen):
    """What was done: the mails, where drafts lie, what became of the workbook, and the largest mail.

    `way` is draft, outlook or dry_run.
    """

    way: str
    sending: Sending
    files: tuple[Path, ...] = ()
    workbook: Updated | None = None
    size: int = 0

    @property
    def is_large(self) -> bool:
        """Whether some mail servers may not take the mail."""
        return self.size > LARGE


def prepare(
    opened: Opened,
    asked: SendAsked,
    *,
    way: str,
    today: date | None = None,
    sender: str = "",
    extra_lines: Sequence[str] = (),
) -> Sending:
    """Everything that is to be sent; one mail to all as a draft, one each by `smtp` and for scores.

    Raises UsageError where it makes no sense, and what `prepare_copies` raises.
    """
    refuse_copy(opened)
    found = recipients(opened.book.group, asked.audience, asked.to)
    day, edition = opened.today(today), opened.book.manifest.edition + 1
    _require_members(opened, asked.audience, found)
    names = tuple(it.known_as for it in found.reached)
    line = words(opened.book.language).text(f"mail.log.{way}", edition=edition, names=names or ("–",))
    prepared = prepare_copies(opened, _copies(asked, found), today=today, extra_lines=(line, *extra_lines))
    by = asked.by or reply_by(opened.book, day)
    abouts = _abouts(opened, prepared.copies, by, day, sender)
    pairs = list(zip(abouts, prepared.copies, strict=True))
    return Sending(
        opened,
        _remembering(prepared.planned, abouts[0]) if asked.audience == "group" else prepared.planned,
        edition,
        asked.audience,
        by,
        found,
        tuple(_mailings(pairs, found.reached, personal=way == "smtp")),
        prepared.copies[0].left_out,
    )


def _require_members(opened: Opened, audience: str, found: Recipients) -> None:
    """Refuse a copy to score in for somebody whose scores would be nobody's."""
    if audience == "score":
        for person in found.reached:
            if not person.name:
                known = ", ".join(member.name for member in opened.book.group if member.name)
                raise UsageError("unknown_member", found=person.address, known=known)
        if not found.reached:
            raise MailError("nobody_to_mail")


def _copies(asked: SendAsked, found: Recipients) -> tuple[CopyAsked, ...]:
    members = [person.name for person in found.reached] if asked.audience == "score" else [""]
    return tuple(CopyAsked(asked.audience, member, asked.sheets, asked.columns) for member in members)


def _abouts(opened: Opened, copies: Sequence[Copied], by: date, day: date, sender: str) -> list[About]:
    """What each letter is about."""
    sent = stamp_of(opened).kept.sent
    came = list(_received(opened, sent.day))
    answered = _answered(opened, came)
    added = frozenset(str(row.get("row")) for row in came if row.get("what") == "added")
    return [
        About(
            copied.book,
            copied.asked.audience,
            copied.edition,
            day,
            by,
            sent,
            bool(copied.left_out),
            sender or _leader(opened, copied),
            answered=answered,
            added=added,
        )
        for copied in copies
    ]


def _leader(opened: Opened, copied: Copied) -> str:
    """Who signs; a poster names nobody but those responsible."""
    return "" if copied.asked.audience == "everyone" else opened.book.unit.process_leader or ""


def _received(opened: Opened, since: str) -> Iterator[Row]:
    """What came back since a day; nothing where the group has not been told anything yet."""
    for row in opened.book.rows.get("received", ()):
        day = row.get("received_on")
        if since and day and day.isoformat() >= since:
            yield row


def _answered(opened: Opened, came: Sequence[Row]) -> tuple[str, ...]:
    """Those of the group who have sent answers; an unknown person is called by the file's name."""
    names = {row.get("who") for row in came}
    return tuple(member.name for member in opened.book.group if member.name and member.name in names)


def _remembering(planned: Planned, about: About) -> Planned:
    """The update with what the group is told now, so that the next letter can say what is new."""
    fill = planned.fill
    if fill is None:
        return planned
    kept = [list(row) for row in fill.regions["snapshots"][:2]]
    snapshots: Grid = [*kept, [*told(about).cells]]
    return planned.but(fill=fill.but(regions={**fill.regions, "snapshots": snapshots}))


def _mailings(
    pairs: Sequence[tuple[About, Copied]], people: Sequence[Recipient], *, personal: bool
) -> list[Mailing]:
    """A mail to each by name, or one to all."""
    about, copied = pairs[0]
    if copied.asked.member:
        each = zip(pairs, people, strict=True)
        return [_mailing(*pair, (person,), person.name) for pair, person in each]
    if personal:
        return [_mailing(about, copied, (person,), person.name or None) for person in people]
    alone = people[0].name if len(people) == 1 else None
    return [_mailing(about, copied, tuple(people), alone)]


def _mailing(about: About, copied: Copied, to: tuple[Recipient, ...], name: str | None) -> Mailing:
    return Mailing(letter(about, name), Attachment(copied.name, copied.data), to)


def show_letter(path: Path | str, asked: SendAsked, *, today: date | None = None) -> Sent:
    """What would be sent to whom; nothing is written."""
    return Sent("dry_run", prepare(open_book(path), asked, way="draft", today=today))


def send_draft(
    path: Path | str, asked: SendAsked, *, out: Path | None = None, today: date | None = None
) -> Sent:
    """Put the mail beside the workbook as a draft that opens in the mail program.

    The workbook is written first, so that nothing leaves that its log does not tell of. Raises UsageError
    where a draft would replace a file.
    """
    opened = open_book(path)
    sending = prepare(opened, asked, way="draft", today=today)
    drafts = drafts_of(sending, out or _beside(sending))
    for file in drafts:
        if file.exists():
            raise UsageError("out_exists", path=str(file))
    workbook = write_noted(opened, sending.planned)
    return Sent("draft", sending, put_drafts(drafts), workbook, max(map(len, drafts.values())))


def drafts_of(sending: Sending, target: Path) -> dict[Path, bytes]:
    """The drafts by the files they belong in: the target, or one each in it as a folder.

    Raises MailError where one is larger than mail goes, or SaveError where there is no such folder.
    """
    made = [draft(it.letter, it.copy, it.to) for it in sending.mailings]
    require_size(made, LARGEST)
    if not target.parent.is_dir():
        raise UsageError("folder_missing", path=str(target.parent))
    if sending.audience != "score":
        return {target: made[0]}
    names = _apart([_file_name(it.to[0].known_as) for it in sending.mailings])
    return {target / f"{name}.eml": data for name, data in zip(names, made, strict=True)}


def _apart(names: Sequence[str]) -> Iterator[str]:
    """The names, with a number where two people are called the same."""
    used: Counter[str] = Counter()
    for name in names:
        used[name.casefold()] += 1
        yield f"{name} ({used[name.casefold()]})" if used[name.casefold()] > 1 else name


def put_drafts(drafts: dict[Path, bytes]) -> tuple[Path, ...]:
    """Write drafts, in a folder of their own where there are several."""
    for file, data in drafts.items():
        try:
            file.parent.mkdir(exist_ok=True)
        except OSError:
            raise SaveError("no_permission", path=str(file.parent)) from None
        save(str(file), data)
    return tuple(drafts)


def write_noted(opened: OpenedFile, planned: Planned) -> Updated:
    """Write what the workbook is to know before anything leaves; SaveError where it cannot take it now."""
    done = write_planned(opened, planned)
    if done.beside:
        # In a file of its own nobody would look for it.
        done.beside.unlink()
        raise SaveError("mail_book_open", path=str(done.path))
    return done


def _beside(sending: Sending) -> Path:
    """A file beside the workbook, or a folder where each gets their own."""
    return sending.opened.host.path.with_name(draft_name(sending))


def draft_name(sending: Sending) -> str:
    """What a draft is called, or the folder of drafts."""
    language = words(sending.opened.book.language)
    stem = Path(sending.opened.host.path).stem
    name = _file_name(language.text("mail.draft_name", book=stem, edition=sending.edition))
    return name if sending.audience == "score" else f"{name}.eml"


def _file_name(text: str) -> str:
    """A text as a file may be called on any system."""
    return "".join("-" if sign in '\\/:*?"<>|' or not sign.isprintable() else sign for sign in text).strip(
        " ."
    )


def require_size(mails: Sequence[bytes], limit: int) -> None:
    """Raise MailError where a mail is larger than is taken."""
    size = max(map(len, mails), default=0)
    if size > limit:
        raise MailError("mail_too_large", size=_megabytes(size), limit=_megabytes(limit))


def _megabytes(size: int) -> str:
    return f"{size / _MEGABYTE:.1f}".rstrip("0").rstrip(".")


def show_in_outlook(path: Path | str, asked: SendAsked, *, today: date | None = None) -> Sent:
    """Open the mail in Outlook on this PC, for the person to look at and send."""
    from hmsbook.exchange.outlook import outlook, show

    program, opened = outlook(), open_book(path)
    sending = prepare(opened, asked, way="outlook", today=today)
    workbook = write_noted(opened, sending.planned)
    for it in sending.mailings:
        show(program, it.letter, it.copy, it.to)
    return Sent("outlook", sending, (), workbook)


def mails_of(sending: Sending, sender: Recipient, moment: datetime) -> list[tuple[Recipient, bytes]]:
    """A mail each, as a server sends them."""
    each = [(it, person) for it in sending.mailings for person in it.to]
    return [(person, mail(it.letter, it.copy, person, sender, moment)) for it, person in each]
