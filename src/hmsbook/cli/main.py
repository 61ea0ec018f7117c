"""Runs a command, prints what it gives, and turns what went wrong into words and an exit code."""

from __future__ import annotations

import atexit
import gc
import sys
import threading
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path

from hmsbook.cli import show
from hmsbook.cli.failures import error_text, unexpected
from hmsbook.cli.parser import asked_answer, asked_language, parse, today_of
from hmsbook.cli.streams import voices
from hmsbook.commands import EXIT_CODES
from hmsbook.errors import HmsbookError, UsageError
from hmsbook.texts.files import LANGUAGES
from hmsbook.texts.words import Words, newest_words, words

_PATIENCE = 1.0
# The commands that are given a workbook that is there already, and so has a language, and where.
_READING = {
    "update": "book",
    "upgrade": "book",
    "check": "book",
    "export": "book",
    "send": "book",
    "invite": "book",
    "analyse": "series",
    "merge": "book",
    "copy": "book",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    if arguments is None:
        # A process of its own ends before a collection would pay for itself: a tenth of an update's time.
        gc.disable()
        # Nor is anything looked through once more at its end.
        atexit.register(gc.freeze)
    asked = sys.argv[1:] if arguments is None else list(arguments)
    with voices() as voice:
        try:
            code, failure, options = _told(asked)
            voice.flush()
        except SystemExit:
            # Help and version are printed by the parser, which ends there.
            voice.flush()
            if voice.problem is None:
                raise
            failure, options = None, Namespace()
        except BrokenPipeError:
            voice.silence()
            return EXIT_CODES["fine"]
        if voice.problem is None:
            return code
        # What failed is told where it can be; else that the answer is lost, not the work.
        reason = voice.problem.strerror or type(voice.problem).__name__
        _fail(failure or HmsbookError("unsaid", reason=reason), asked, options, json_wanted=False)
    return EXIT_CODES["failed"]


def _told(asked: Sequence[str]) -> tuple[int, HmsbookError | None, Namespace]:
    """Run a command and tell what went wrong: the exit code, that failure, and the options."""
    options = Namespace()
    try:
        options = parse(asked)
        return _run(options), None, options
    except HmsbookError as problem:
        failure = problem
    except KeyboardInterrupt:
        return 130, None, options
    except BrokenPipeError:
        raise
    except Exception as problem:  # noqa: BLE001 - the last net: a coordinator never sees a traceback
        failure = unexpected(problem)
    _fail(failure, asked, options, json_wanted="--json" in asked)
    return EXIT_CODES["failed"], failure, options


def _run(options: Namespace) -> int:
    options.today = today_of(options.today)
    words(options.lang or "nb")  # a language nobody ships is told before any work
    with _Progress(options):
        return _COMMANDS[options.command](options)


class _Progress:
    """Says that work goes on when it takes more than a moment."""

    def __init__(self, options: Namespace) -> None:
        self._timer = threading.Timer(_PATIENCE, self._say)
        self._timer.daemon = True
        self._options = options

    def _say(self) -> None:
        # To open the workbook for its language once more would take longer than what it says.
        asked = self._options.lang
        print((words(asked) if asked else newest_words()).text("cli.working"), file=sys.stderr)

    def __enter__(self) -> None:
        if not self._options.json:
            self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()


def _language(options: Namespace) -> Words:
    """The language asked for, else the workbook's, else bokmål."""
    from hmsbook.actions.reading import language_of

    if getattr(options, "lang", None) in LANGUAGES:
        return words(options.lang)
    path = getattr(options, _READING.get(getattr(options, "command", ""), ""), None)
    found = language_of(path) if path and not _holds_numbers(options) else None
    # What a file says is not to be trusted, least of all while its error is told.
    return words(found if found in LANGUAGES else "nb")


def _holds_numbers(options: Namespace) -> bool:
    """Whether a command was given a file that is no workbook; a pipe of numbers could not be read again."""
    return options.command == "analyse" and not options.series.suffix.lower().startswith(".xls")


def _fail(problem: HmsbookError, asked: Sequence[str], options: Namespace, *, json_wanted: bool) -> None:
    language = words(asked_language(asked) or _language(options).language)
    problem.params.setdefault("path", str(getattr(options, "book", "")))
    text = error_text(problem, language)
    if _answered(asked, text):
        return
    if json_wanted:
        import json

        print(json.dumps({"error": {"key": problem.key, "text": text}}, ensure_ascii=False))
    else:
        print(f"{language.text('cli.error')}: {text}", file=sys.stderr)


def _answered(asked: Sequence[str], text: str) -> bool:
    """Whether what went wrong could be told in the file that whoever started this looks into."""
    target = asked_answer(asked)
    if target is None:
        return False
    from hmsbook.cli.live import write_answer

    try:
        write_answer(target, "error", text)
    except OSError:
        return False
    return True


def _demo(options: Namespace) -> int:
    from hmsbook.actions.demo import demo

    samples = []
    for sample in demo(options.folder, force=options.force):
        samples.append(sample)
        if not options.json:
            show.sample(sample, words(options.lang or sample.result.language))
    show.demo_end(samples, Path(options.folder), options)
    return EXIT_CODES["fine"]


def _new(options: Namespace) -> int:
    from hmsbook.actions.create import new

    start = getattr(options, "from")
    made = new(
        options.book,
        method=options.method,
        lang=options.lang,
        org=options.org,
        unit=options.unit,
        first_month=None if isinstance(start, Path) else start,
        slots=options.slots,
        indicators=options.indicators or (),
        data=options.data,
        after=start if isinstance(start, Path) else None,
        today=options.today,
        force=options.force,
    )
    show.created(made, options)
    return EXIT_CODES["fine"]


def _update(options: Namespace) -> int:
    from hmsbook.actions.update import update

    done = update(
        options.book,
        today=options.today,
        as_of=options.as_of,
        dry_run=options.dry_run,
        backup=options.backup,
    )
    show.updated(done, options)
    return EXIT_CODES["fine"]


def _upgrade(options: Namespace) -> int:
    from hmsbook.actions.upgrade import upgrade

    done = upgrade(
        options.book,
        slots=options.slots,
        lang=options.lang,
        method=options.method,
        out=options.out,
        leave_behind=options.leave_behind,
        today=options.today,
        dry_run=options.dry_run,
    )
    show.upgraded(done, options)
    return EXIT_CODES["failed" if done.refused and not options.dry_run else "fine"]


def _check(options: Namespace) -> int:
    from hmsbook.actions.reading import check_book, has_errors

    found = check_book(options.book, today=options.today, as_of=options.as_of)
    show.checked(found, options)
    return EXIT_CODES["problems" if has_errors(found.problems, strict=options.strict) else "fine"]


def _export(options: Namespace) -> int:
    from hmsbook.actions.export import export

    found = export(
        options.book, table=options.table, format=options.format, out=options.out, force=options.force
    )
    show.exported(found, options)
    return EXIT_CODES["fine"]


def _merge(options: Namespace) -> int:
    from hmsbook.cli.merge import merge

    return merge(options)


def _analyse(options: Namespace) -> int:
    from hmsbook.actions.analyse import Asked, analyse, decimal
    from hmsbook.actions.series_text import MOST_BYTES
    from hmsbook.cli.show_analysis import analysed

    asked = Asked(
        better=options.better,
        target=None if options.target is None else decimal(options.target),
        phase_starts=tuple(options.phase_start or ()),
        baseline=options.baseline,
        frequency=options.frequency,
        profile=options.profile,
        unit=options.unit,
        rolling=options.rolling,
    )
    source = sys.stdin.buffer.read(MOST_BYTES + 1) if str(options.series) == "-" else options.series
    analysed(
        analyse(source, column=options.column, asked=asked, today=options.today, lang=options.lang), options
    )
    return EXIT_CODES["fine"]


def _copy(options: Namespace) -> int:
    from hmsbook.cli.copying import copy

    return copy(options)


def _live(options: Namespace) -> int:
    from hmsbook.cli.live import live

    return live(options)


def _send(options: Namespace) -> int:
    from hmsbook.cli.mailing import run_send

    return run_send(options)


def _invite(options: Namespace) -> int:
    from hmsbook.cli.mailing import run_invite

    return run_invite(options)


def _catalogue(options: Namespace) -> int:
    from hmsbook.actions.catalogue import catalogue

    show.catalogue(catalogue(factor=options.factor, lang=options.lang or "nb"), options)
    return EXIT_CODES["fine"]


def _reference(options: Namespace) -> int:
    from hmsbook.actions.reference import reference

    show.text(reference(options.lang or "nb"), "reference", options)
    return EXIT_CODES["fine"]


def _addin(options: Namespace) -> int:
    if options.action not in _ADDIN:
        raise UsageError("unknown_action", command="addin", found=options.action, known=", ".join(_ADDIN))
    return _ADDIN[options.action](options)


def _addin_build(options: Namespace) -> int:
    from hmsbook.addin.build import write

    show.built(write(options.out), options)
    return EXIT_CODES["fine"]


def _addin_here(options: Namespace) -> int:
    from hmsbook.cli.show_addin import run_addin

    return run_addin(options)


def _doctor(options: Namespace) -> int:
    from hmsbook.cli.show_addin import run_doctor

    return run_doctor(options, error_text)


_ADDIN: dict[str, Callable[[Namespace], int]] = {
    "build": _addin_build,
    "install": _addin_here,
    "status": _addin_here,
    "uninstall": _addin_here,
}
_COMMANDS: dict[str, Callable[[Namespace], int]] = {
    "demo": _demo,
    "new": _new,
    "update": _update,
    "upgrade": _upgrade,
    "check": _check,
    "export": _export,
    "send": _send,
    "invite": _invite,
    "analyse": _analyse,
    "merge": _merge,
    "copy": _copy,
    "live": _live,
    "catalogue": _catalogue,
    "reference": _reference,
    "addin": _addin,
    "doctor": _doctor,
}
