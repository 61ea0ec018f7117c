"""A merge: what came back in copies goes into the workbook they were made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from hmsbook.actions.reading import Opened, OpenedFile, is_older, open_book, opened_without_frame
from hmsbook.actions.safe_copy import refuse_copy
from hmsbook.actions.update import Along, Planned, Updated, plan_update, stamp_of, write_planned
from hmsbook.errors import HmsbookError, PackageError, SaveError, UsageError
from hmsbook.hosts.file import FileHost
from hmsbook.hosts.host import whole_number
from hmsbook.hosts.recovered import RecoveredHost
from hmsbook.hosts.returned import Extra, Note, extras, notes, pictures, saved_last_by, side_of
from hmsbook.merge.base import Base, read_base
from hmsbook.merge.draft import Draft
from hmsbook.merge.findings import Finding, Person
from hmsbook.merge.ledger import Ledger
from hmsbook.merge.person import person
from hmsbook.merge.received import Chosen, apply_choices, shown, waiting, write_down
from hmsbook.merge.rows import row_name
from hmsbook.merge.sides import Returned
from hmsbook.merge.three_way import Decide, leave_open, merge_copy
from hmsbook.model.book import Book
from hmsbook.model.frozen import NOTHING, Frozen
from hmsbook.model.problems import Problem
from hmsbook.opc.save import save
from hmsbook.reading.headers import read_headers
from hmsbook.standard.book import tables
from hmsbook.standard.calc import BASE, MERGED
from hmsbook.standard.drawn import highest
from hmsbook.texts.words import Words, words

SIDES = ("mine", "theirs")
# What nobody settles unseen: a number that was hidden, and many rows that are gone at once.
_NEVER_THEIRS = ("masked", "many_gone")
# In these copies there is nothing to fill in.
_TO_READ = ("everyone", "leader")
# What some programs drop when they save, and can be found again.
_FRAME_GONE = ("names_gone", "tables_gone", "tables_broken")
_NOT_OURS = ("other_workbook", "not_a_copy", "copy_to_read", "newer_edition", "base_damaged")


class Refused(NamedTuple):
    """A file that nothing was taken from, and why."""

    path: Path
    error: HmsbookError


class Came(Frozen):
    """A copy that came back: its file, what it was, and what it said."""

    path: Path
    opened: OpenedFile
    returned: Returned
    findings: tuple[Finding, ...] = ()


class Merged(Frozen):
    """What a merge did: what each copy said, what the coordinator had chosen, and which files were refused.

    `waiting` says how many conflicts of earlier merges are not settled yet. `updated` is what the update did
    that wrote it. `saved` are the files that were put aside.
    """

    path: Path
    language: str
    came: tuple[Came, ...]
    chosen: tuple[Chosen, ...]
    refused: tuple[Refused, ...]
    waiting: int = 0
    updated: Updated | None = None
    saved: tuple[Path, ...] = ()
    edition: int = 0

    @property
    def findings(self) -> Iterator[Finding]:
        """All that came back."""
        return (finding for it in self.came for finding in it.findings)

    @property
    def conflicts(self) -> int:
        """How many conflicts somebody has to choose of now."""
        return sum(finding.is_open for finding in self.findings) + self.waiting

    @property
    def is_news(self) -> bool:
        """Whether anything came back or was chosen."""
        return any(self.findings) or any(it.done for it in self.chosen)


def merge(
    path: Path | str,
    files: Sequence[Path | str] = (),
    *,
    take: str = "",
    ask: Decide | None = None,
    save_out: Path | str | None = None,
    today: date | None = None,
    dry_run: bool = False,
    backup: bool = False,
) -> Merged:
    """Put what came back in copies into the workbook, and do what was chosen of conflicts.

    `take` settles each conflict at once, mine or theirs; `ask` is asked about each. `save_out` is a folder
    for what belongs in no table. Raises PackageError and SaveError as an update does; a file that cannot be
    merged is refused by itself.
    """
    opened = open_book(path)
    if save_out is not None and not dry_run:
        _make(Path(save_out))
    planned, merged = plan_merge(opened, files, decide=ask or deciding(take), today=today)
    if planned is not None:
        merged = merged.but(updated=write_planned(opened, planned, dry_run=dry_run, backup=backup))
    if save_out is not None and not dry_run:
        merged = merged.but(saved=tuple(_save_out(merged.came, Path(save_out))))
    return merged


def deciding(take: str) -> Decide:
    """How conflicts are settled by themselves; UsageError where nobody knows how."""
    if not take:
        return leave_open
    if take not in SIDES:
        raise UsageError("bad_take", found=take, known=", ".join(SIDES))
    return lambda conflict: "" if take == "theirs" and conflict.case in _NEVER_THEIRS else take


def plan_merge(
    opened: Opened, files: Sequence[Path | str], *, decide: Decide = leave_open, today: date | None = None
) -> tuple[Planned | None, Merged]:
    """What a merge has to write, and what it did; nothing to write where nothing is new."""
    refuse_copy(opened)
    came, refused = _read(opened, files)
    draft, ledger = _draft(opened), Ledger(stamp_of(opened).merged)
    chosen = apply_choices(draft)
    left = waiting(draft)
    came = [it.but(findings=tuple(merge_copy(draft, it.returned, ledger, decide))) for it in came]
    language = opened.book.language
    merged = Merged(
        opened.host.path,
        language,
        tuple(came),
        tuple(chosen),
        tuple(refused),
        left,
        edition=opened.book.manifest.edition,
    )
    if not merged.is_news:
        return None, merged
    return _planned(opened, draft, ledger, merged, today), merged


def _planned(opened: Opened, draft: Draft, ledger: Ledger, merged: Merged, today: date | None) -> Planned:
    language = words(opened.book.language)
    if not write_down(draft, list(merged.findings), opened.today(today), language):
        raise PackageError("received_full", path=str(opened.host.path))
    along = Along(
        lines=tuple(_log_lines(merged, language)),
        cells=draft.cells,
        merged=ledger.rows(MERGED.rows),
    )
    return plan_update(opened.but(book=draft.book), today=today, along=along)


def _draft(opened: Opened) -> Draft:
    book, host = opened.book, opened.host
    known = tables(book.manifest.slots)
    if "received" not in book.drawn_rows and not is_older(book.manifest):
        raise PackageError("received_missing", path=str(host.path))
    return Draft(
        book,
        own=own_headers(opened),
        highest={key: highest(book, key) for key, table in known.items() if table.id_kind},
        # An indicator has a column and a chart of its own; no more of them can come by themselves.
        room={key: host.room(key) for key in known if key != "indicators"},
    )


def own_headers(opened: Opened) -> dict[str, frozenset[str]]:
    """The headers of people's own columns by table."""
    found: dict[str, frozenset[str]] = {}
    for key, table in tables(opened.book.manifest.slots).items():
        raw = opened.raw.tables.get(table.name)
        if raw is not None:
            shown = tuple(row.cells[0] for row in raw.rows) if table.form else raw.headers
            keys = read_headers(table, shown, opened.book.language).keys
            pairs = enumerate(zip(shown, keys, strict=True), 1)
            found[key] = frozenset(str(it.value or f"#{at}") for at, (it, name) in pairs if name is None)
    return found


# The copies


def _read(opened: Opened, files: Sequence[Path | str]) -> tuple[list[Came], list[Refused]]:
    """The copies that can be merged, oldest edition first, and the files that cannot."""
    came: list[Came] = []
    refused: list[Refused] = []
    for path in dict.fromkeys(map(Path, files)):
        try:
            copy, base = _open(opened, path)
            came.append(Came(path, copy, _returned(opened, copy, base)))
        except HmsbookError as error:
            error.params["path"] = str(path)
            refused.append(Refused(path, error))
    return sorted(came, key=lambda it: (it.returned.edition, it.path.name)), refused


def _returned(opened: Opened, copy: OpenedFile, base: Base) -> Returned:
    manifest = copy.book.manifest
    members = [str(it.name) for it in opened.book.group if it.name]
    made_for = str(manifest.values.get("copy_for") or "")
    return Returned(
        copy.book,
        base,
        person(made_for, saved_last_by(copy.host), copy.host.path.name, members),
        str(manifest.values["copy"]),
        manifest.edition,
        copy.host.path.name,
        own_headers(copy),
        tuple(_beside(opened, copy, base)),
    )


def _open(opened: Opened, path: Path) -> tuple[OpenedFile, Base]:
    """A copy and what it was sent with, also where a program has dropped its tables or names."""
    try:
        copy = open_book(path)
    except PackageError as error:
        if not error.key.startswith(_FRAME_GONE):
            raise
        return _recovered(opened, path, error)
    _require_ours(opened, copy.host)
    return copy, _base(copy.host)


def _recovered(opened: Opened, path: Path, error: PackageError) -> tuple[OpenedFile, Base]:
    """The same from what stands in its cells; where that fails, the error it could not be opened with."""
    try:
        host = RecoveredHost(path)
        _require_ours(opened, host)
        base = _base(host)
        host.find_tables(base.heights)
        return opened_without_frame(host), base
    except PackageError as reason:
        raise (reason if reason.key in _NOT_OURS else error) from None


def _require_ours(opened: Opened, host: FileHost) -> None:
    """Raise PackageError for what is no copy of this workbook, or not one to fill in."""
    mine, theirs = opened.book.manifest, host.manifest
    audience = str(theirs.get("copy") or "")
    edition = whole_number(theirs.get("edition")) or 0
    if mine.workbook_id != str(theirs.get("workbook_id") or "") or not mine.workbook_id:
        raise PackageError("other_workbook")
    if not audience:
        raise PackageError("not_a_copy")
    if audience in _TO_READ:
        raise PackageError("copy_to_read")
    if edition > mine.edition:
        raise PackageError("newer_edition", found=edition, known=mine.edition)


def _base(host: FileHost) -> Base:
    """What a copy was sent with."""
    try:
        lines = [str(row[0].value or "") for row in host.region(BASE)]
    except PackageError:
        raise PackageError("base_damaged") from None
    return read_base(lines)


# What stands beside the tables


def _beside(opened: Opened, copy: OpenedFile, base: Base) -> Iterator[Finding]:
    side = side_of(copy.host, copy.book.manifest)
    for note in notes(side):
        yield _comment(note, copy.book)
    for extra in extras(copy.host, copy.book.manifest, opened.host, base.said):
        yield _left_out(extra)
    yield from _typed_over(copy)


def _comment(note: Note, book: Book) -> Finding:
    """A comment, with the row and column it hangs on."""
    table, row, column = _hangs_on(note, book)
    values = NOTHING if table else {"sheet": note.sheet}
    where = row or ("" if table else note.cell)
    return Finding(
        "comment",
        table,
        where,
        column,
        theirs=note.text,
        case="comment",
        values=values,
        person=Person(note.author),
    )


def _hangs_on(note: Note, book: Book) -> tuple[str, str, str]:
    for key, table in tables(book.manifest.slots).items():
        for row in book.drawn_rows.get(key, ()):
            if row.sheet == note.sheet:
                column = next((name for name, cell in (row.cells or {}).items() if cell == note.cell), None)
                if column is not None:
                    return key, row_name(table, row), column
    return "", "", ""


def _left_out(extra: Extra) -> Finding:
    values = {"sheet": extra.sheet, "n": extra.count}
    return Finding("left_out", row="", theirs=extra.text or None, case=extra.case, values=values)


def _typed_over(copy: OpenedFile) -> Iterator[Finding]:
    """What was typed where hmsbook computes, sheet by sheet."""
    typed: dict[str, list[str]] = {}
    for over in copy.typed_over:
        typed.setdefault(copy.host.sheet_name(over.region), []).append(f"{over.address}: {over.found}")
    # Where a program has dropped the frame, nobody has typed its formulas over.
    is_whole = not isinstance(copy.host, RecoveredHost)
    for problem in filter(_is_formula_gone, copy.book.problems if is_whole else ()):
        found = f"{problem.place.cell}: {problem.values['found']}"
        typed.setdefault(problem.place.sheet, []).append(found)
    for sheet, texts in typed.items():
        values = {"sheet": sheet, "n": len(texts)}
        yield Finding("left_out", theirs="; ".join(texts), case="typed_over", values=values)


def _is_formula_gone(problem: Problem) -> bool:
    return problem.case == "formula_gone"


def _make(folder: Path) -> None:
    """Make a folder, before anything is written; SaveError where there can be none."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise SaveError("no_permission", path=str(folder)) from None


def _save_out(came: Iterable[Came], folder: Path) -> Iterator[Path]:
    """Put aside the files that hold what belongs in no table, and the pictures in them."""
    for it in came:
        if it.returned.beside:
            copy = it.opened
            yield _saved(folder / it.path.name, bytes(copy.host.package.data))
            for name, data in pictures(side_of(copy.host, copy.book.manifest)):
                yield _saved(folder / f"{it.path.stem} {name}", data)


def _saved(path: Path, data: bytes) -> Path:
    """Save under a name that nothing has yet."""
    numbered = (path.with_stem(f"{path.stem} ({number})") for number in range(2, 1000))
    free = next((it for it in (path, *numbered) if not it.exists()), path)
    save(str(free), data)
    return free


# What the log says


def _log_lines(merged: Merged, language: Words) -> Iterator[str]:
    for it in merged.came:
        if it.findings:
            values = {"who": it.returned.person.name, "edition": it.returned.edition}
            counts = ", ".join(counted(it.findings, language))
            yield language.text("merge.log.merged", counts=counts, **values)
        for finding in it.findings:
            if finding.what == "deleted":
                text = shown(finding, finding.base, language)
                values = {"who": it.returned.person.name, "row": finding.row}
                yield language.text("merge.log.deleted", text=text, **values)
    done = [it for it in merged.chosen if it.done]
    if done:
        chosen = Counter(it.choice for it in done)
        yield language.text("merge.log.chosen", mine=chosen["mine"], theirs=chosen["theirs"])


def counted(findings: Iterable[Finding], language: Words) -> Iterator[str]:
    """How many findings of each sort, in words."""
    counts = Counter("settled" if it.choice else it.what for it in findings)
    order: Mapping[str, object] = language.get("merge.counts")
    return (language.text(f"merge.counts.{what}", n=counts[what]) for what in order if counts[what])
