"""What `send` and `invite` print."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from typing import Any

from hmsbook.actions.invite import Invited
from hmsbook.actions.post import Posted
from hmsbook.actions.send import Sending, Sent
from hmsbook.cli.show import print_json
from hmsbook.exchange.outbox import LATER
from hmsbook.letters.letter import ANSWERING
from hmsbook.letters.recipients import Unreached
from hmsbook.letters.text import as_text
from hmsbook.sharing.told import counted, short
from hmsbook.texts.words import Words, words


def sent(done: Sent, options: Namespace) -> None:
    """Say where the draft lies, to whom it goes and what was left out; of a dry run the letter itself."""
    sending = done.sending
    language = words(options.lang or sending.opened.book.language)
    if options.json:
        print_json(_sent_json(done))
        return
    for line in _sent_lines(done, language):
        print(line)


def _sent_lines(done: Sent, language: Words) -> Iterator[str]:
    sending = done.sending
    yield _headline(done, language)
    yield from _facts(sending, language)
    yield from _unreached(sending.recipients.unreached, language)
    yield from _large(done, language)
    if done.way == "dry_run":
        letter = sending.mailings[0].letter
        yield f"\n{letter.subject}\n\n{as_text(letter)}".rstrip()


def _headline(done: Sent, language: Words) -> str:
    edition = done.sending.edition
    if done.way != "draft":
        return language.text("mail.would" if done.way == "dry_run" else "mail.outlook", edition=edition)
    if len(done.files) == 1:
        return language.text("mail.draft", edition=edition, path=done.files[0])
    return language.text("mail.drafts", edition=edition, n=len(done.files), path=done.files[0].parent)


def _facts(sending: Sending, language: Words) -> Iterator[str]:
    names = [person.known_as for person in sending.recipients.reached]
    yield "  " + (language.text("mail.to", names=names) if names else language.text("mail.to_nobody"))
    if sending.audience in ANSWERING:
        yield "  " + language.text("mail.by", day=sending.by)
    if sending.left_out:
        yield "  " + language.text("mail.left_out", what=short(sending.left_out, language))


def _unreached(found: Sequence[Unreached], language: Words) -> Iterator[str]:
    for it in found:
        cell = f"{it.place.sheet}!{it.place.cell}"
        yield "  " + language.text(f"mail.{it.reason}", name=it.name, found=it.found, cell=cell)


def _large(done: Sent | Posted, language: Words) -> Iterator[str]:
    if done.is_large:
        yield language.text("mail.large", size=done.size // 1_000_000)


def _sent_json(done: Sent) -> dict[str, Any]:
    return {
        "way": done.way,
        **_sending_json(done.sending),
        "files": [str(file) for file in done.files],
        "letters": [
            {
                "to": [person.address for person in it.to],
                "subject": it.letter.subject,
                "text": as_text(it.letter),
            }
            for it in done.sending.mailings
        ],
    }


def _sending_json(sending: Sending) -> dict[str, Any]:
    return {
        "edition": sending.edition,
        "audience": sending.audience,
        "by": sending.by.isoformat(),
        "recipients": [{"name": it.name, "address": it.address} for it in sending.recipients.reached],
        "unreached": _unreached_json(sending.recipients.unreached),
        "left_out": [
            {"what": what, "why": why, "count": count}
            for (what, why), count in counted(sending.left_out).items()
        ],
    }


def _unreached_json(found: Sequence[Unreached]) -> list[dict[str, str]]:
    return [
        {"name": it.name, "reason": it.reason, "sheet": it.place.sheet, "cell": it.place.cell} for it in found
    ]


def posted(done: Posted, options: Namespace) -> None:
    """Say who got the mail, who did not, and what to do about it."""
    language = words(options.lang or done.language)
    if options.json:
        print_json(_posted_json(done))
        return
    for line in _posted_lines(done, language):
        print(line)


def _posted_lines(done: Posted, language: Words) -> Iterator[str]:
    if done.resumed:
        yield language.text("mail.resumed", edition=done.edition)
    yield language.text("mail.all_sent" if done.is_done else "mail.not_all", edition=done.edition)
    for it in done.delivered:
        yield "  " + language.text(f"mail.state.{it.state}", who=it.to.known_as, reason=it.reason)
    yield from _unreached(done.unreached, language)
    yield from _large(done, language)
    states = {it.state for it in done.delivered}
    if LATER in states:
        yield language.text("mail.go_on")
    elif "unsure" in states:
        yield language.text("mail.uncertain")
    if not done.logged:
        yield language.text("mail.unlogged")


def _posted_json(done: Posted) -> dict[str, Any]:
    delivered = [
        {"name": it.to.name, "address": it.to.address, "state": it.state, "reason": it.reason}
        for it in done.delivered
    ]
    facts = _sending_json(done.sending) if done.sending else {"edition": done.edition}
    return {
        "way": "smtp",
        **facts,
        "delivered": delivered,
        "unreached": _unreached_json(done.unreached),
        "resumed": done.resumed,
        "logged": done.logged,
    }


def password_kept(user: str, options: Namespace) -> None:
    """Say that the password is stored; never what it is."""
    if options.json:
        print_json({"user": user})
    else:
        print(words(options.lang or "nb").text("mail.password_kept", user=user))


def invited(made: Invited, options: Namespace) -> None:
    """Say where the calendar file lies and what is in it."""
    if options.json:
        print_json({"path": str(made.path), "meetings": made.meetings, "days": made.days})
        return
    language = words(options.lang or made.language)
    counts = {key: language.text(f"mail.{key}", n=getattr(made, key)) for key in ("meetings", "days")}
    print(language.text("mail.invited", path=made.path, **counts))
