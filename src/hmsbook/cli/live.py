"""What the ribbon asks for, answered in a file that the add-in shows, or in the terminal."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from hmsbook.actions.live import Answer, Asked
from hmsbook.actions.live import live as do
from hmsbook.cli.failures import error_text, unexpected
from hmsbook.cli.show import print_json
from hmsbook.commands import EXIT_CODES
from hmsbook.errors import HmsbookError
from hmsbook.texts.words import words


def live(options: Namespace) -> int:
    """Do it, and answer: there is always an answer, whatever goes wrong."""
    answer = _answered(options)
    if options.answer:
        write_answer(options.answer, answer.kind, answer.text)
    elif options.json:
        print_json({"kind": answer.kind, "text": answer.text})
    else:
        print(answer.text, file=sys.stderr if answer.kind == "error" else sys.stdout)
    return EXIT_CODES["failed" if answer.kind == "error" else "fine"]


def _answered(options: Namespace) -> Answer:
    asked = Asked(
        options.verb,
        options.choice,
        options.book,
        options.hwnd,
        options.lang,
        options.today,
    )
    try:
        return do(asked)
    except HmsbookError as error:
        problem = error
    except Exception as error:  # noqa: BLE001 - the last net: a coordinator never sees a traceback
        problem = unexpected(error)
    problem.params.setdefault("path", Path(options.book or "").name)
    language = words(options.lang or "nb")
    key = f"live.errors.{problem.key}"
    known = language.has(key)
    return Answer("error", language.text(key, **problem.params) if known else error_text(problem, language))


def write_answer(target: Path, kind: str, text: str) -> None:
    """Put an answer where the add-in looks for it: its kind on the first line, the text below."""
    target.write_text(f"{kind}\n{text}\n", encoding="utf-8", newline="\n")
