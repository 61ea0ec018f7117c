"""What the ribbon asks for: the same actions as on the command line, on the open workbook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from datetime import date
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from hmsbook.actions.reading import Opened, check_opened, opened_in
from hmsbook.actions.update import Updated, plan_update
from hmsbook.actions.version import VERSION
from hmsbook.errors import ExcelError, PackageError, UsageError
from hmsbook.flow.check import sentences
from hmsbook.hosts import com
from hmsbook.hosts.excel import ExcelHost
from hmsbook.hosts.running import find_app, find_book, last_name
from hmsbook.model.frozen import Frozen
from hmsbook.model.problems import Problem
from hmsbook.opc.save import save
from hmsbook.standard.book import VERSION as STANDARD
from hmsbook.standard.calc import MONTH_CHOICES
from hmsbook.texts.words import Words, words

if TYPE_CHECKING:
    from hmsbook.actions.merge import Refused

# How much a box of Excel's shows, with room for how many more there are.
_LONGEST = 850
# What says that no workbook of ours is in front.
_NO_BOOK = ("excel_not_running", "not_ours", "excel_no_book", "excel_book_missing", "excel_sheet_missing")


class Asked(Frozen):
    """What was asked for: the verb and its choice, which workbook, in which window, and in which language."""

    verb: str
    choice: str | None = None
    book: str | None = None
    hwnd: int | None = None
    lang: str | None = None
    today: date | None = None


class Answer(Frozen):
    """What to tell: `ok` in passing, `note` to be read; an `error` says what went wrong."""

    kind: str
    text: str


def live(asked: Asked) -> Answer:
    """Do what the ribbon asks for; HmsbookError where it cannot be done, and the workbook is as it was."""
    verb = _VERBS.get(asked.verb)
    if verb is None:
        raise UsageError("unknown_verb", found=asked.verb, known=", ".join(_VERBS))
    called = last_name(asked.book) if asked.book else words(asked.lang or "nb").text("live.the_book")
    with com.asking(book=called):
        return verb(asked)


class _Open(Frozen):
    """The workbook asked for, read, and the words to answer in."""

    host: ExcelHost
    opened: Opened
    words: Words


@contextmanager
def _opened(asked: Asked) -> Iterator[_Open]:
    """The workbook asked for; the status bar says what goes on meanwhile."""
    book = find_book(asked.book, asked.hwnd)
    say = words(asked.lang or "nb")
    try:
        com.say(book.app, say.text("live.reading"))
        host = ExcelHost(book)
        opened = opened_in(host)
        yield _Open(host, opened, words(asked.lang or opened.book.language))
    finally:
        com.say(book.app, None)


def _update(asked: Asked) -> Answer:
    with _opened(asked) as it:
        planned = plan_update(it.opened, today=asked.today)
        result = planned.result
        if planned.fill is None:
            return Answer("ok", it.words.text("live.unchanged"))
        com.say(it.host.book.app, it.words.text("live.writing"))
        changed = it.host.write(planned.fill)
        return Answer("ok", _updated_text(result.but(changed=changed, written=True), it.words))


def _updated_text(done: Updated, language: Words) -> str:
    counts = {"indicators": done.indicators, "signals": done.signals, "problems": len(done.problems)}
    parts = [language.text(f"live.counts.{key}", n=number) for key, number in counts.items()]
    text = language.text("live.updated", parts=", ".join(parts))
    back = language.text("live.restored", n=len(done.restored)) if done.restored else ""
    return f"{text}. {back}" if back else text


def _check(asked: Asked) -> Answer:
    with _opened(asked) as it:
        problems = check_opened(it.opened, today=asked.today)
        return Answer("note" if problems else "ok", "\n".join(_check_lines(problems, it.words)))


def _check_lines(problems: tuple[Problem, ...], language: Words) -> Iterator[str]:
    if not problems:
        yield language.text("live.nothing_wrong")
        return
    found = Counter(problem.severity for problem in problems)
    yield ", ".join(language.text(f"live.severity.{it}", n=found[it]) for it in "EWR" if found[it])
    told = [f"{_where(problem)}{' '.join(sentences(problem, language))}" for problem in problems]
    fitting = sum(length <= _LONGEST for length in accumulate(len(text) + 2 for text in told))
    for text in told[:fitting]:
        yield from ("", text)
    if fitting < len(told):
        yield from ("", language.text("live.more_problems", n=len(told) - fitting))


def _where(problem: Problem) -> str:
    place = problem.place
    return f"{place.sheet}!{place.cell}: " if place.cell else f"{place.sheet}: " if place.sheet else ""


def _go(sheet: str) -> Callable[[Asked], Answer]:
    def go(asked: Asked) -> Answer:
        book = find_book(asked.book, asked.hwnd)
        host = ExcelHost(book)
        spot = host.workbook.resolve(f"hms_sheet_{sheet}")
        if spot is None:
            raise ExcelError("excel_sheet_missing", sheet=words(asked.lang or "nb").text(f"sheets.{sheet}"))
        com.go(host.workbook.sheet(spot[0].part))
        return Answer("ok", "")

    return go


def _go_problem(asked: Asked) -> Answer:
    with _opened(asked) as it:
        problems = check_opened(it.opened, today=asked.today)
        first = next((problem for problem in problems if problem.place.cell), None)
        if first is None:
            return Answer("ok", it.words.text("live.nothing_wrong"))
        com.go(it.host.workbook.sheet(first.place.sheet), first.place.cell)
        return Answer("ok", " ".join(sentences(first, it.words)))


def _months(asked: Asked) -> Answer:
    months = next((number for number in MONTH_CHOICES if str(number) == asked.choice), None)
    if months is None:
        raise UsageError("bad_months", found=asked.choice or "", known=", ".join(map(str, MONTH_CHOICES)))
    with _opened(asked) as it:
        it.host.show_months(months)
        return Answer("ok", it.words.text("live.months", n=months))


def _export(asked: Asked) -> Answer:
    from hmsbook.actions.export import export_opened

    with _opened(asked) as it:
        folder = _documents() / it.words.text("live.export_folder", book=Path(it.host.book.name).stem)
        files = export_opened(it.opened, format="csv", out=folder, force=True).written
        return Answer("note", it.words.text("live.exported", n=len(files), folder=folder))


def _merge(asked: Asked) -> Answer:
    from hmsbook.actions.merge import counted, plan_merge

    with _opened(asked) as it:
        files = com.ask_files(it.host.book.app, it.words.text("live.merge_files"))
        com.say(it.host.book.app, it.words.text("live.reading"))
        planned, merged = plan_merge(it.opened, files, today=asked.today)
        if planned is not None and planned.fill is not None:
            com.say(it.host.book.app, it.words.text("live.writing"))
            it.host.write(planned.fill)
        counts = ", ".join(counted(merged.findings, it.words))
        lines = [it.words.text("live.merged", counts=counts) if counts else it.words.text("live.nothing_new")]
        lines += [_why_refused(refused, it.words) for refused in merged.refused]
        if merged.conflicts:
            lines.append(it.words.text("live.merge_conflicts", n=merged.conflicts))
        return Answer("note" if merged.is_news or merged.refused else "ok", "\n\n".join(lines))


def _why_refused(refused: Refused, language: Words) -> str:
    """Why nothing was taken from a file, by its name alone: a box has little room."""
    error, name = refused.error, refused.path.name
    key = f"errors.{error.key}"
    if not language.has(key):
        return language.text("errors.unknown", key=error.key, details=name)
    return language.text(key, **{"part": "", "cell": "", "reason": "", **error.params, "path": name})


def _send(asked: Asked) -> Answer:
    """A draft of the mail to the group, opened in the mail program."""
    from hmsbook.actions.send import SendAsked, draft_name, drafts_of, prepare, put_drafts

    with _opened(asked) as it:
        sending = prepare(it.opened, SendAsked(), way="draft", today=asked.today)
        drafts = drafts_of(sending, _free(_documents() / draft_name(sending), set()))
        com.say(it.host.book.app, it.words.text("live.writing"))
        if sending.planned.fill is not None:
            it.host.write(sending.planned.fill)
        path = put_drafts(drafts)[0]
        missing = [found.name for found in sending.recipients.unreached]
        lines = [it.words.text(f"live.{_shown(path)}"), str(path)]
        return Answer("note", "\n".join([*lines, *_without_address(missing, it.words)]))


def _shown(draft: Path) -> str:
    """Open a draft in the mail program, and give the key of what to say; it is there in any case."""
    try:
        com.start(draft)
    except ExcelError:
        return "draft_unopened"
    return "drafted"


def _without_address(names: list[str], language: Words) -> list[str]:
    return ["", language.text("live.no_address", names=names)] if names else []


def _copy(asked: Asked) -> Answer:
    from hmsbook.actions.safe_copy import CopyAsked, each, prepare_copies
    from hmsbook.sharing.told import short

    with _opened(asked) as it:
        wanted = each(it.opened, CopyAsked(asked.choice or "group"))
        prepared = prepare_copies(it.opened, wanted, today=asked.today)
        if prepared.planned.fill is not None:
            # The log of the workbook tells of the copies before there are any.
            it.host.write(prepared.planned.fill)
        files = [_saved(_documents() / copied.name, copied.data) for copied in prepared.copies]
        left = short(prepared.copies[0].left_out, it.words)
        where = "\n".join(map(str, files))
        return Answer("note", it.words.text("live.copied", n=len(files), where=where, left_out=left))


def _saved(path: Path, data: bytes) -> Path:
    """Put a file where nothing is yet."""
    found = _free(path, set())
    save(str(found), data)
    return found


def _new(asked: Asked) -> Answer:
    from hmsbook.actions.create import new

    app, language = _app(asked.hwnd), words(asked.lang or "nb")
    # Excel cannot have two workbooks of one name open.
    taken = {book.name.casefold() for book in app.books} if app else set()
    path = _free(_documents() / language.text("live.new_name"), taken)
    new(path, method=asked.choice, lang=language.language, today=asked.today)
    if app:
        app.books.open(str(path))
    else:
        com.start(path)
    return Answer("note", language.text("live.created", path=path))


def _app(hwnd: int | None) -> com.App | None:
    """The running Excel; none where it has no workbook open, and so cannot be found."""
    try:
        return find_app(hwnd)
    except ExcelError as error:
        if error.key != "excel_not_running":
            raise
        return None


def _documents() -> Path:
    """Where people keep their files: never a folder that somebody else's program syncs by address."""
    home = Path.home()
    return next((it for it in (home / "Documents", home / "Dokumenter") if it.is_dir()), home)


def _free(path: Path, taken: Set[str]) -> Path:
    """A name that nothing has yet: the same with a number behind it."""
    tried = (path.with_stem(f"{path.stem} {number}") for number in range(2, 1000))
    free = (it for it in (path, *tried) if not it.exists() and it.name.casefold() not in taken)
    return next(free, path)


def _about(asked: Asked) -> Answer:
    language = words(asked.lang or "nb")
    return Answer("note", language.text("live.about", version=VERSION, standard=STANDARD))


def _help(asked: Asked) -> Answer:
    """The guide of the workbook in front; without one, how to come by one."""
    try:
        return _go("guide")(asked)
    except (ExcelError, PackageError) as error:
        if error.key not in _NO_BOOK:
            raise
        return Answer("note", words(asked.lang or "nb").text("live.help"))


_VERBS: dict[str, Callable[[Asked], Answer]] = {
    "update": _update,
    "check": _check,
    "go_status": _go("status"),
    "go_trends": _go("trends"),
    "go_problem": _go_problem,
    "months": _months,
    "export": _export,
    "merge": _merge,
    "send": _send,
    "copy": _copy,
    "new": _new,
    "help": _help,
    "about": _about,
}
