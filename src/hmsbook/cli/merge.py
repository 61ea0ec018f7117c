"""Runs `hmsbook merge`: asks about conflicts where it is told to, and prints what came back."""

from __future__ import annotations

import sys
from argparse import Namespace

from hmsbook.actions.merge import merge as do
from hmsbook.actions.reading import language_of
from hmsbook.cli.show_merge import conflict_lines, merged
from hmsbook.commands import EXIT_CODES
from hmsbook.errors import UsageError
from hmsbook.merge.findings import Finding
from hmsbook.texts.words import Words, words

_ANSWERS = {"1": "mine", "2": "theirs", "": ""}


def merge(options: Namespace) -> int:
    """Merge, and tell by the exit code whether somebody still has to choose, or a file was refused."""
    language = words(options.lang or language_of(options.book) or "nb")
    is_asking = options.take == "ask"
    if is_asking and not sys.stdin.isatty():
        raise UsageError("nobody_to_ask")
    done = do(
        options.book,
        options.returned or (),
        take="" if is_asking else options.take or "",
        ask=(lambda conflict: _ask(conflict, language)) if is_asking else None,
        save_out=options.save_out,
        today=options.today,
        dry_run=options.dry_run,
        backup=options.backup,
    )
    merged(done, options)
    return EXIT_CODES["problems" if done.conflicts or done.refused else "fine"]


def _ask(conflict: Finding, language: Words) -> str:
    """What a person answers; whatever is no answer is asked again."""
    for line in conflict_lines(conflict, language):
        print(line)
    while True:
        answer = input(language.text("merge.said.ask")).strip()
        if answer in _ANSWERS:
            return _ANSWERS[answer]
