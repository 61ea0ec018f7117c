"""Runs `send` and `invite`."""

from __future__ import annotations

from argparse import Namespace

from hmsbook.actions.send import SendAsked
from hmsbook.cli import show_mail
from hmsbook.commands import EXIT_CODES
from hmsbook.errors import UsageError
from hmsbook.texts.words import words

# Only one of these at a time.
_WAYS = ("draft", "outlook", "smtp", "dry_run", "password")


def run_send(options: Namespace) -> int:
    """Mail a workbook, or store the password for it."""
    ways = [f"--{way.replace('_', '-')}" for way in _WAYS if getattr(options, way)]
    if len(ways) > 1:
        raise UsageError("one_way", found=", ".join(ways))
    if options.password:
        return _keep_password(options)
    if options.book is None:
        raise UsageError("argument_missing", found="book", command="hmsbook send")
    return _post(options) if options.smtp else _draft(options)


def _asked(options: Namespace) -> SendAsked:
    return SendAsked(
        getattr(options, "for"),
        tuple(options.to or ()),
        options.by,
        tuple(options.with_sheet or ()),
        tuple(options.with_column or ()),
        options.skip_missing,
        options.again,
        options.forget,
    )


def _draft(options: Namespace) -> int:
    from hmsbook.actions.send import send_draft, show_in_outlook, show_letter

    asked, today = _asked(options), options.today
    if options.dry_run:
        sent = show_letter(options.book, asked, today=today)
    elif options.outlook:
        sent = show_in_outlook(options.book, asked, today=today)
    else:
        sent = send_draft(options.book, asked, out=options.draft, today=today)
    show_mail.sent(sent, options)
    return EXIT_CODES["fine"]


def _post(options: Namespace) -> int:
    from hmsbook.actions.post import post

    done = post(options.book, _asked(options), today=options.today)
    show_mail.posted(done, options)
    return EXIT_CODES["fine" if done.is_done else "problems"]


def _keep_password(options: Namespace) -> int:
    """Ask for the password where nobody sees it, and store it in the system's key store."""
    import getpass

    from hmsbook.exchange.passwords import keep_password
    from hmsbook.exchange.settings import mail_user

    language = words(options.lang or "nb")
    user = mail_user()
    keep_password(user, getpass.getpass(language.text("mail.password", user=user)))
    show_mail.password_kept(user, options)
    return EXIT_CODES["fine"]


def run_invite(options: Namespace) -> int:
    """Write meetings and deadlines for calendars."""
    from hmsbook.actions.invite import invite

    made = invite(
        options.book,
        out=options.out,
        meetings=options.meetings,
        deadlines=options.deadlines,
        today=options.today,
    )
    show_mail.invited(made, options)
    return EXIT_CODES["fine"]
