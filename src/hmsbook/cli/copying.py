"""The command that makes safe copies, and what it prints."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from typing import Any

from hmsbook.actions.safe_copy import Copied, CopyAsked, CopyMade, copy_book
from hmsbook.cli.show import print_json, updated_json
from hmsbook.commands import EXIT_CODES
from hmsbook.sharing.permitted import LeftOut
from hmsbook.sharing.told import counted, short
from hmsbook.texts.words import Words, printable, words

# So many places are named in a line for people; programs get them all.
_NAMED = 6


def copy(options: Namespace) -> int:
    """Make the copies that are asked for, and say what was left out of them."""
    asked = CopyAsked(
        getattr(options, "for") or "group",
        options.member or "",
        tuple(options.with_sheet or ()),
        tuple(options.with_column or ()),
    )
    made = copy_book(
        options.book,
        asked,
        out=options.out,
        today=options.today,
        dry_run=options.dry_run,
        force=options.force,
    )
    language = words(options.lang or made.language)
    if options.json:
        print_json(_json(made, language))
    else:
        print("\n".join(_lines(made, language)))
    return EXIT_CODES["fine"]


def _lines(made: CopyMade, language: Words) -> Iterator[str]:
    key = "cli.copied" if made.written else "cli.would_copy"
    for file, copied in zip(made.files, made.copies, strict=True):
        yield language.text(key, path=file, edition=copied.edition)
    for copied in made.copies[:1]:
        yield language.text("cli.left_out", left_out=short(copied.left_out, language))
        yield from _left_lines(copied.left_out, language)
    if made.workbook.beside:
        yield language.text("cli.saved_beside", path=made.path, beside=made.workbook.beside)


def _left_lines(left_out: Sequence[LeftOut], language: Words) -> Iterator[str]:
    for (what, why), count in counted(left_out).items():
        number = language.text(f"copies.what.{what}", n=count)
        reason = language.text(f"copies.why.{what}.{why}")
        found = _places(left_out, what, why)
        more = f" {language.text('copies.more', n=len(found) - _NAMED)}" if len(found) > _NAMED else ""
        yield printable(f"  {number}: {reason} ({', '.join(found[:_NAMED])}{more})")


def _places(left_out: Sequence[LeftOut], what: str, why: str) -> list[str]:
    """Where the things of a kind stand in the workbook."""
    places = (it.place for it in left_out if (it.what, it.why) == (what, why))
    return list(dict.fromkeys("!".join(filter(None, (place.sheet, place.cell))) for place in places))


def _json(made: CopyMade, language: Words) -> dict[str, Any]:
    return {
        "workbook": updated_json(made.workbook, language),
        "written": made.written,
        "copies": [
            {"file": str(file), **copied_json(copied, language)}
            for file, copied in zip(made.files, made.copies, strict=True)
        ],
    }


def copied_json(copied: Copied, language: Words) -> dict[str, Any]:
    """A copy for programs: its edition, for whom it is, and what was left out, why, and where that stands."""
    return {
        "edition": copied.edition,
        "for": copied.asked.audience,
        "member": copied.asked.member,
        "left_out": [
            {
                "what": what,
                "why": why,
                "count": count,
                "text": language.text(f"copies.why.{what}.{why}"),
                "places": _places(copied.left_out, what, why),
            }
            for (what, why), count in counted(copied.left_out).items()
        ],
    }
