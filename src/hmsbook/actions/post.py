"""Mail sent through a server: to each once, gone on with where it broke off, and told in the log."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from datetime import date
from pathlib import Path

from hmsbook.actions.clock import moment_on
from hmsbook.actions.reading import OpenedFile, open_book
from hmsbook.actions.send import SendAsked, Sending, mails_of, prepare, require_size, write_noted
from hmsbook.actions.update import Along, plan_update
from hmsbook.errors import HmsbookError, MailError
from hmsbook.exchange.mail import LARGE, LARGEST
from hmsbook.exchange.outbox import (
    LATER,
    LOGGED,
    READY,
    REFUSED,
    SENT,
    TRYING,
    Mail,
    Note,
    Outbox,
    held,
    pending,
    put_out,
)
from hmsbook.exchange.passwords import password_of
from hmsbook.exchange.settings import Smtp, smtp_settings
from hmsbook.exchange.smtp import PATIENCE, LostError, Post, RefusedError, connected
from hmsbook.letters.recipients import Recipient, Unreached
from hmsbook.model.frozen import Frozen
from hmsbook.model.records import Member
from hmsbook.texts.words import Words, plain, words

# How often a server that hung up is called again in one run.
_CALLS = 2


class Delivered(Frozen):
    """What became of a mail: sent, refused for good, to be sent later, or uncertain; and why."""

    to: Recipient
    state: str
    reason: str = ""


class Posted(Frozen):
    """What a run sent: whether it went on with an earlier one, and whether the log tells of it."""

    language: str
    edition: int
    delivered: tuple[Delivered, ...]
    unreached: tuple[Unreached, ...] = ()
    resumed: bool = False
    logged: bool = True
    size: int = 0
    sending: Sending | None = None

    @property
    def is_large(self) -> bool:
        """Whether some mail servers may not take the mail."""
        return self.size > LARGE

    @property
    def is_done(self) -> bool:
        """Whether everybody got theirs."""
        return all(it.state == SENT for it in self.delivered)


def post(
    path: Path | str, asked: SendAsked, *, today: date | None = None, patience: float = PATIENCE
) -> Posted:
    """Send each their mail through the server that is set up, or go on with a run that broke off.

    The server is asked first, then the workbook is written, then it is sent. Raises MailError where nothing
    could be sent; what was sent before is sent to nobody again.
    """
    settings = smtp_settings()
    password = password_of(settings.user) if settings.user else ""
    workbook_id = open_book(path).book.manifest.workbook_id
    with held(workbook_id or str(Path(path).resolve())):
        run = _Run(Path(path), asked, today, _Line(settings, password, patience))
        left = pending(workbook_id) if workbook_id else None
        if left is None or asked.forget:
            return run.new(left)
        return run.resumed(left)


class _Line(Frozen):
    """The way to the server: its settings, the password, and how many seconds it may be silent."""

    settings: Smtp
    password: str
    patience: float

    def connected(self) -> AbstractContextManager[Post]:
        """The server, to send with."""
        return connected(self.settings, self.password, self.patience)


class _Run:
    """One run with one server."""

    def __init__(self, path: Path, asked: SendAsked, today: date | None, line: _Line) -> None:
        self.path, self.asked, self.today, self.line = path, asked, today, line

    def new(self, left: Outbox | None) -> Posted:
        """Send a new edition; what is left of an older one is forgotten, but for what the log is to tell."""
        opened, sender = open_book(self.path), self.line.settings
        language = words(opened.book.language)
        lines = _log_lines(left, language) if left else []
        sending = prepare(
            opened,
            self.asked,
            way="smtp",
            today=self.today,
            sender=sender.name,
            extra_lines=lines,
        )
        _require_reached(sending, self.asked)
        mails = mails_of(sending, Recipient(sender.name, sender.sender), moment_on(self.today))
        sizes = [data for _, data in mails]
        require_size(sizes, LARGEST)
        with self.line.connected() as server:
            require_size(sizes, server.largest or LARGEST)
            if left:
                left.clear()
            workbook_id = _id_of(sending)
            outbox = put_out(workbook_id, sending.edition, mails)
            _make_ready(outbox, opened, sending)
            self._deliver(outbox, outbox.mails, server)
        return self._told(outbox, language).but(
            unreached=sending.recipients.unreached,
            size=max(map(len, sizes)),
            sending=sending,
        )

    def resumed(self, outbox: Outbox) -> Posted:
        """Send what is left, to nobody twice."""
        again = (TRYING,) if self.asked.again else ()
        book = open_book(self.path).book
        language = words(book.language)
        for mail in _left(outbox.those(None, LATER, *again), book.group):
            outbox.note(mail.to.address, REFUSED, language.text("mail.left_group"))
        mails = outbox.those(None, LATER, *again)
        unsure = outbox.those(TRYING)
        if not mails and unsure:
            names = ", ".join(it.to.known_as for it in unsure)
            raise MailError("outbox_unsure", edition=outbox.edition, names=names)
        if mails:
            with self.line.connected() as server:
                self._deliver(outbox, mails, server)
        return self._told(outbox, language).but(resumed=True)

    def _deliver(self, outbox: Outbox, mails: Sequence[Mail], server: Post) -> None:
        """Send over a connection, and over another where it breaks; what is left waits for the next run."""
        left = _over(outbox, mails, server)
        for _ in range(_CALLS):
            if left:
                with (
                    suppress(MailError),
                    self.line.connected() as another,
                ):
                    left = _over(outbox, left, another)

    def _told(self, outbox: Outbox, language: Words) -> Posted:
        """What became of all, told in the workbook's log; the outbox stays where there is more to do."""
        notes = outbox.notes
        delivered = tuple(_delivered(mail.to, notes.get(mail.to.address)) for mail in outbox.mails)
        logged = self._logged(outbox, language)
        if logged and not outbox.those(None, LATER, TRYING):
            outbox.clear()
        return Posted(language.language, outbox.edition, delivered, logged=logged)

    def _logged(self, outbox: Outbox, language: Words) -> bool:
        """Tell the workbook's log; not now where somebody has it open or it cannot be written."""
        lines = _log_lines(outbox, language)
        if not lines:
            return True
        try:
            opened = open_book(self.path)
            write_noted(opened, plan_update(opened, today=self.today, along=Along(tuple(lines))))
        except HmsbookError:
            return False
        outbox.note("", LOGGED)
        return True


def _make_ready(outbox: Outbox, opened: OpenedFile, sending: Sending) -> None:
    """Let the workbook know of the edition; where it cannot, nothing waits to be sent."""
    try:
        write_noted(opened, sending.planned)
    except HmsbookError:
        outbox.clear()
        raise
    outbox.note("", READY)


def _left(mails: Sequence[Mail], group: Sequence[Member]) -> list[Mail]:
    """The mails to those who were in the group when it was written, and are not any more."""
    there = {plain((member.email or "").strip()) for member in group}
    return [mail for mail in mails if mail.to.name and plain(mail.to.address) not in there]


def _over(outbox: Outbox, mails: Sequence[Mail], server: Post) -> Sequence[Mail]:
    """Send mails over one connection; what is not sent when it broke, the one it broke at last."""
    for at, mail in enumerate(mails):
        address, data = mail.to.address, outbox.read(mail)
        try:
            server.send(data, address, lambda: outbox.note(mail.to.address, TRYING))  # noqa: B023
        except RefusedError as error:
            outbox.note(address, LATER if error.again else REFUSED, str(error.params["reason"]))
        except LostError as error:
            if error.sure:
                outbox.note(address, LATER, str(error.params["reason"]))
            return (*mails[at + 1 :], *([mail] if error.sure else ()))
        else:
            outbox.note(address, SENT)
    return ()


def _require_reached(sending: Sending, asked: SendAsked) -> None:
    """Refuse to begin where somebody would be left out, unless that is asked for."""
    found = sending.recipients
    if found.unreached and not asked.skip_missing:
        raise MailError("unreached_members", names=", ".join(map(_named, found.unreached)))
    if not found.reached:
        raise MailError("nobody_to_mail")


def _named(found: Unreached) -> str:
    return f"{found.name} ({found.place.sheet}!{found.place.cell})"


def _id_of(sending: Sending) -> str:
    """The workbook's id, which it may get only with this edition."""
    fill = sending.planned.fill
    manifest = fill.regions["manifest"] if fill else ()
    return str({row[0]: row[1] for row in manifest}.get("workbook_id"))


def _delivered(to: Recipient, note: Note | None) -> Delivered:
    state = note.state if note else LATER
    return Delivered(to, "unsure" if state == TRYING else state, note.reason if note else "")


def _log_lines(outbox: Outbox, language: Words) -> list[str]:
    """What the log is to be told: who got it, who did not, and of whom it is uncertain."""
    names = {mail.to.address: mail.to.known_as for mail in outbox.mails}
    found = outbox.unlogged
    lines = []
    for state, key in ((SENT, "sent"), (REFUSED, "refused"), (TRYING, "unsure")):
        those = [names[address] for address, note in found.items() if note.state == state]
        if those:
            lines.append(language.text(f"mail.log.{key}", edition=outbox.edition, names=those))
    return lines
