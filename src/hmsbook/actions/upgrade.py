"""An upgrade: a fresh frame with all that a workbook holds, and the old file kept beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from hmsbook.actions.carry import Carried, Plan, carry, changes_steps
from hmsbook.actions.create import check_frame, save_new
from hmsbook.actions.reading import OpenedFile, open_book, version_number
from hmsbook.actions.update import stamp_of, update, who
from hmsbook.actions.version import VERSION
from hmsbook.analysis.summary import summarise
from hmsbook.errors import PackageError, SaveError, UsageError
from hmsbook.flow.compose import Stamp, compose
from hmsbook.flow.fill import with_counters
from hmsbook.flow.show import visibility
from hmsbook.hosts.foreign import left_behind, stays
from hmsbook.hosts.own_sheets import Luggage, choose, move, require_moved
from hmsbook.hosts.owner import refuse_open
from hmsbook.hosts.pair import Left
from hmsbook.hosts.side import Side, usual_titles
from hmsbook.model.book import Book
from hmsbook.model.raw import Value
from hmsbook.model.records import Row
from hmsbook.opc.package import Package
from hmsbook.opc.save import keep, save
from hmsbook.standard.book import TABLES
from hmsbook.standard.book import VERSION as STANDARD
from hmsbook.standard.drawn import highest
from hmsbook.standard.sheets.log import LOG
from hmsbook.texts.words import words


@dataclass(frozen=True)
class Upgraded:
    """What an upgrade did, or would do: what it changes from and to, and what stays in the old file.

    `changes` tell each old and new standard, slots, language and method that differ. `old` is where the old
    file is now; `beside` where the result is when it could not take the old name.
    """

    path: Path
    language: str
    changes: dict[str, tuple[str, str]]
    left: tuple[Left, ...]
    rows: int
    written: bool = False
    refused: bool = False
    old: Path | None = None
    beside: Path | None = None


def upgrade(
    path: Path | str,
    *,
    slots: int | None = None,
    lang: str | None = None,
    method: str | None = None,
    out: Path | str | None = None,
    leave_behind: bool = False,
    today: date | None = None,
    dry_run: bool = False,
) -> Upgraded:
    """Move a workbook to today's standard, more slots, another language or method.

    The old file is kept beside the new one, or left alone where `out` is given. What cannot be moved is
    found first; the result is then `refused` and nothing is written unless `leave_behind` is set. Raises
    UsageError when the request makes no sense, PackageError when the file cannot be read and SaveError when
    the result cannot be put in its place; the file is then as it was.
    """
    target = Path(out or path)
    _refuse_name(Path(path), Path(out) if out else None)
    opened = open_book(path)
    refuse_other_calendar(opened)
    plan = _plan(opened, slots, lang, method)
    changes = _changes(opened, plan)
    rows = sum(map(len, opened.book.rows.values()))
    result = Upgraded(target, plan.language, changes, (), rows)
    if not changes:
        return result
    day = opened.today(today)
    new = _New(opened, plan, day)
    result = replace(result, left=(*_steps_left(opened, plan), *new.left, *not_carried(opened, day)))
    result = replace(result, refused=bool(result.left) and not leave_behind)
    if result.refused or dry_run:
        return result
    return _write(opened, new.data(), result, out=out is not None)


def _refuse_name(path: Path, out: Path | None) -> None:
    target = out or path
    if target.suffix.lower() == ".xlsm" and out is None:
        raise UsageError("upgrade_macros", path=str(path))
    if target.suffix.lower() != ".xlsx":
        raise UsageError("not_xlsx", path=str(target))
    if out is not None and out.exists():
        raise UsageError("out_exists", path=str(out))


def refuse_other_calendar(opened: OpenedFile) -> None:
    """Raise PackageError where days are counted from 1904: a new frame counts them otherwise."""
    if opened.raw.date1904:
        raise PackageError("date1904", path=str(opened.host.path))


def _plan(opened: OpenedFile, slots: int | None, lang: str | None, method: str | None) -> Plan:
    manifest = opened.book.manifest
    form = {key: value for key, value in (("language", lang), ("method", method)) if value}
    plan = Plan(
        lang or manifest.language, slots=manifest.slots if slots is None else slots, method=method, form=form
    )
    check_frame(opened.book.method if method is None else method, plan.language, plan.slots)
    return plan


def _changes(opened: OpenedFile, plan: Plan) -> dict[str, tuple[str, str]]:
    """What is going to be another: its old and its new value."""
    old = opened.book.manifest
    pairs = {
        "standard": (old.standard, STANDARD),
        "slots": (str(old.slots), str(plan.slots)),
        "language": (old.language, plan.language),
        "method": (opened.book.method, plan.method or opened.book.method),
    }
    found = {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}
    if version_number(old.standard) == version_number(STANDARD):
        found.pop("standard", None)
    if "method" not in found and changes_steps(opened.book, plan.method):
        found["method"] = pairs["method"]
    return found


# What stays


def not_carried(opened: OpenedFile, day: date) -> tuple[Left, ...]:
    """What of the workbook no frame of ours can take over."""
    same = Plan(opened.book.language, opened.book.manifest.slots)
    fresh = draw_carried(carry(opened, same), Stamp(""), opened.months_shown, day)
    package = Package.from_bytes(fresh, str(opened.host.path))
    return left_behind(opened.host.package, package, opened.book.manifest)


def _steps_left(opened: OpenedFile, plan: Plan) -> tuple[Left, ...]:
    """What was noted about the steps of a method that the workbook is to follow no longer."""
    if not changes_steps(opened.book, plan.method):
        return ()
    begun = [row for row in opened.book.rows.get("process", ()) if _is_begun(row.values)]
    return (Left("steps", begun[0].sheet, len(begun)),) if begun else ()


def _is_begun(values: Mapping[str, Any]) -> bool:
    drawn = values.keys() <= {"id", "step", "status"}
    return not drawn or values.get("status", "not_started") != "not_started"


# The new frame


class _New:
    """The new workbook, made as far as it is asked for."""

    def __init__(self, opened: OpenedFile, plan: Plan, day: date) -> None:
        self.opened, self.plan, self.day = opened, plan, day
        self.carried = carry(opened, plan)
        self.old = side_of(opened)

    @cached_property
    def _updated(self) -> bytes:
        """The workbook with all but people's own sheets and names."""
        frame = _frame(self.opened, self.carried, self.plan, self.day)
        return _updated(frame, self.carried, self.day)

    @cached_property
    def _luggage(self) -> Luggage | None:
        """People's own sheets and names, as far as there are any."""
        return choose(self.old, self._side(self._updated)) if self.old.has_own else None

    def _side(self, data: bytes) -> Side:
        return Side(Package.from_bytes(data, str(self.opened.host.path)), self.carried.book.manifest)

    @property
    def left(self) -> tuple[Left, ...]:
        """The sheets and names that cannot be moved."""
        found = stays(self._luggage) if self._luggage else ()
        return (*found, *self._titles_left())

    def _titles_left(self) -> Iterator[Left]:
        """Sheets whose new names cannot be kept."""
        for key, sheet in self.old.sheets.items():
            if sheet.name not in usual_titles(key) and key not in self.carried.kept.titles:
                yield Left("title", sheet.name)

    def data(self) -> bytes:
        """The bytes of the new workbook."""
        if self._luggage is None or not (self._luggage.sheets or self._luggage.names):
            return self._updated
        data = move(self.old, self._side(self._updated), self._luggage)
        require_moved(self.old, self._side(data), self._luggage.sheets)
        _require_same(self.carried.book, _read_again(data))
        return data


def side_of(opened: OpenedFile) -> Side:
    """The workbook as a whole."""
    manifest = opened.book.manifest
    return Side(opened.host.package, manifest, manifest.standard)


def draw_carried(carried: Carried, stamp: Stamp, months_shown: int, day: date) -> bytes:
    """The bytes of a frame with all that is carried, not yet updated."""
    from hmsbook.draw.book import draw

    book = carried.book
    fill = compose(book, summarise(book, day), (), stamp, months_shown)
    return draw(
        book, with_counters(fill, _counters(book)), created=day, months_shown=months_shown, kept=carried.kept
    )


def _counters(book: Book) -> str:
    return ";".join(f"{key}={highest(book, key)}" for key, table in TABLES.items() if table.id_kind)


def _frame(opened: OpenedFile, carried: Carried, plan: Plan, day: date) -> bytes:
    stamp = stamp_of(opened).but(updated="", log=_log(opened, plan, day))
    return draw_carried(_shown(carried, plan), stamp, opened.months_shown, day)


def _log(opened: OpenedFile, plan: Plan, day: date) -> tuple[tuple[Value, ...], ...]:
    """The log as it stands, with the upgrade and what had been typed where hmsbook writes."""
    language = words(plan.language)
    versions = {"old": opened.book.manifest.standard, "new": STANDARD}
    typed = (language.text("log.restored", cell=cell, found=found) for cell, found in _typed_over(opened))
    lines = (language.text("log.upgraded", **versions), *typed)
    entries = ((day.isoformat(), who(), line, VERSION) for line in lines)
    return (*stamp_of(opened).log, *entries)[-LOG.rows :]


def _typed_over(opened: OpenedFile) -> Iterator[tuple[str, Value]]:
    for typed in opened.typed_over:
        yield f"{opened.host.sheet_name(typed.region)}!{typed.address}", typed.found
    for problem in opened.book.problems:
        if problem.case == "formula_gone":
            yield f"{problem.place.sheet}!{problem.place.cell}", cast("Value", problem.values["found"])


def _shown(carried: Carried, plan: Plan) -> Carried:
    """Sheets stay hidden or shown; those that a new method asks for are shown."""
    if plan.method is None:
        return carried
    wanted = visibility(carried.book, (), updated=False).sheets
    states = {key: "visible" if wanted.get(key) else state for key, state in carried.kept.states.items()}
    return Carried(carried.book, carried.kept.but(states=states))


def _updated(frame: bytes, carried: Carried, day: date) -> bytes:
    """The frame after its first update, if it then holds all that was carried."""
    with TemporaryDirectory(prefix="hmsbook-") as folder:
        path = Path(folder) / "upgrade.xlsx"
        path.write_bytes(frame)
        update(path, today=day)
        _require_same(carried.book, open_book(path).book)
        return path.read_bytes()


def _read_again(data: bytes) -> Book:
    """What a workbook of these bytes holds."""
    with TemporaryDirectory(prefix="hmsbook-") as folder:
        path = Path(folder) / "upgrade.xlsx"
        path.write_bytes(data)
        return open_book(path).book


def _require_same(wanted: Book, found: Book) -> None:
    """Raise PackageError where the new workbook does not read as the old one did."""
    for key, rows in wanted.rows.items():
        pairs = zip(rows, found.rows.get(key, ()), strict=False)
        if len(rows) != len(found.rows.get(key, ())) or not all(_holds(*pair) for pair in pairs):
            raise PackageError("receipt_failed", part=f"hms_{key}")


def _holds(wanted: Row, found: Row) -> bool:
    """Whether a row has all that was carried; an update may have given it a number."""
    own = [list((row.extra or {}).values()) for row in (wanted, found)]
    return wanted.values.items() <= found.values.items() and own[0] == own[1]


# Putting it in its place


def _write(opened: OpenedFile, data: bytes, result: Upgraded, *, out: bool) -> Upgraded:
    if out:
        save_new(result.path, data)
        return replace(result, written=True, old=opened.host.path)
    refuse_open(opened.host.path)
    mark = words(opened.book.language).text("cli.before_upgrade")
    old = keep(opened.host.path, mark, opened.host.before)
    try:
        saved = save(opened.host.path, data, expected=opened.host.before)
    except SaveError:
        # The workbook is as it was, so its copy tells nothing.
        old.unlink(missing_ok=True)
        raise
    return replace(result, written=True, old=old, beside=saved.path if saved.beside else None)
