"""The book of a new frame made of an older workbook: all rows and ids, typed cells, people's own columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from hmsbook.actions.reading import OpenedFile
from hmsbook.errors import UsageError
from hmsbook.flow.frame import steps
from hmsbook.hosts.side import USUAL_ZOOM, column_widths, usual_titles, zoom
from hmsbook.model.book import Book, Manifest
from hmsbook.model.dates import add_months
from hmsbook.model.kept import Kept, KeptCell, OwnColumn
from hmsbook.model.raw import RawCell
from hmsbook.model.records import Row
from hmsbook.opc.cells import parse_cell
from hmsbook.opc.looks import Looks
from hmsbook.opc.sheet import scan
from hmsbook.opc.tree import tree
from hmsbook.opc.workbook import SheetInfo, TableInfo
from hmsbook.reading.headers import read_headers
from hmsbook.standard.book import MAX_SLOTS, SHEETS, VERSION, slot_ids, tables
from hmsbook.standard.drawn import filled_rows, highest
from hmsbook.standard.kinds import Choice, Day
from hmsbook.standard.schema import Column, Table
from hmsbook.texts.files import LANGUAGES, load
from hmsbook.texts.words import words

SPARE_MONTHS = 12
SPARE_ROWS = 10
_OWN = "own:"


@dataclass(frozen=True)
class Plan:
    """What the new workbook is to be: `form` are answers of the unit's form that are new.

    `method` is None where the steps stay as they are; `keeps` says which rows come along.
    """

    language: str
    slots: int
    method: str | None = None
    form: Mapping[str, Any] = field(default_factory=dict)
    keeps: Callable[[Row], bool] = lambda _row: True
    new_steps: bool = False
    first_month: date | None = None


@dataclass(frozen=True)
class Carried:
    """The book to draw, and what is drawn beside its rows."""

    book: Book
    kept: Kept


def carry(opened: OpenedFile, plan: Plan) -> Carried:
    """The book and typed cells of a workbook for a new frame; UsageError when it has too few slots."""
    _check_slots(opened.book, plan)
    drawn: dict[str, tuple[Row, ...]] = {}
    cells: dict[tuple[str, int, str], KeptCell] = {}
    columns: dict[str, tuple[OwnColumn, ...]] = {}
    source = Source(opened)
    for key, table in tables(plan.slots).items():
        mover = _Mover(opened, source, table, plan)
        drawn[key] = mover.rows()
        cells |= mover.cells
        columns[key] = mover.own
    manifest = _manifest(opened, plan)
    filled = {key: filled_rows(tables(plan.slots)[key], rows) for key, rows in drawn.items()}
    kept = Kept(columns, cells, source.titles(plan.language), source.states, source.order, source.zooms)
    return Carried(Book(manifest, filled, (), drawn), kept)


def _manifest(opened: OpenedFile, plan: Plan) -> Manifest:
    old = opened.book.manifest
    kept = {key: old.values.get(key) for key in ("counters", "pinned_today") if old.values.get(key)}
    return Manifest(VERSION, plan.language, old.workbook_id, old.edition, plan.slots, kept)


def _check_slots(book: Book, plan: Plan) -> None:
    """Refuse fewer slots than hold something."""
    known = set(slot_ids(plan.slots))
    named = {str(row.get("id") or "") for row in book.rows.get("indicators", ())}
    typed = {key for row in book.rows.get("values", ()) for key in row.values if key != "month"}
    beyond = sorted(found for found in named | typed if found in slot_ids(MAX_SLOTS) and found not in known)
    if beyond:
        raise UsageError("too_few_slots", slots=plan.slots, used=", ".join(beyond))


class Source:
    """The old workbook's sheets and cells, as far as a new frame asks for them."""

    def __init__(self, opened: OpenedFile) -> None:
        self.opened = opened
        self.workbook = opened.host.workbook
        self.package = opened.host.package

    @cached_property
    def _sheets(self) -> dict[str, SheetInfo]:
        spots = ((sheet.key, self.workbook.resolve(f"hms_sheet_{sheet.key}")) for sheet in SHEETS)
        return {key: spot[0] for key, spot in spots if spot is not None}

    @property
    def order(self) -> tuple[str, ...]:
        """Our sheets from the left."""
        return tuple(sorted(self._sheets, key=lambda key: self._sheets[key].index))

    @property
    def states(self) -> dict[str, str]:
        """Whether each sheet is visible or hidden."""
        return {key: sheet.state for key, sheet in self._sheets.items()}

    @property
    def zooms(self) -> dict[str, int]:
        """At how many percent sheets are looked at, where people chose it."""
        found = {key: zoom(tree(self.package.read(it.part), it.part)) for key, it in self._sheets.items()}
        return {key: percent for key, percent in found.items() if percent != USUAL_ZOOM}

    def titles(self, language: str) -> dict[str, str]:
        """The names of the tabs that people renamed, but for one that another sheet will have."""
        taken = {words(language).text(f"sheets.{sheet.key}.title").casefold() for sheet in SHEETS}
        found: dict[str, str] = {}
        for key, sheet in self._sheets.items():
            own = _is_name(sheet.name) and sheet.name not in usual_titles(key)
            if own and sheet.name.casefold() not in taken:
                found[key] = sheet.name
        return found

    @cached_property
    def _looks(self) -> Looks:
        return Looks(self.package, self.workbook.part)

    @cached_property
    def _styles(self) -> dict[str, dict[tuple[int, int], int]]:
        return {}

    def table(self, name: str) -> TableInfo | None:
        """A table as it stands."""
        return next((table for table in self.workbook.tables if table.name == name), None)

    def number_format(self, table: TableInfo, address: str) -> str:
        """How a cell shows a number."""
        part = table.sheet.part
        if part not in self._styles:
            found = scan(self.package.read(part), lambda: self.workbook.shared_strings, part=part)
            self._styles[part] = {at: cell.style for at, cell in found.cells.items()}
        found_format = self._looks[self._styles[part].get(parse_cell(address), 0)].number_format
        return "" if found_format == "General" else found_format

    def width(self, table: TableInfo, offset: int) -> float | None:
        """The width of a column of a table."""
        stated = column_widths(tree(self.package.read(table.sheet.part))).get(table.ref[1] + offset)
        return stated[0] if stated and stated[0] > 0 else None


class _Mover:
    """Moves one table: its rows in their order, then empty ones, with all that was typed."""

    def __init__(self, opened: OpenedFile, source: Source, table: Table, plan: Plan) -> None:
        self.opened, self.source, self.table, self.plan = opened, source, table, plan
        self.cells: dict[tuple[str, int, str], KeptCell] = {}
        self.raw = opened.raw.tables.get(table.name)
        self.own = self._own_columns()

    @property
    def _language(self) -> str:
        return self.opened.book.language

    def rows(self) -> tuple[Row, ...]:
        """The new table's rows; `cells` then holds what was typed in them."""
        if self.table.key == "process" and self._has_new_steps():
            return tuple(self._numbered(steps(self.plan.language, self._method)))
        old = self.opened.book.drawn_rows.get(self.table.key, ())
        stays = (row for row in old if self.plan.keeps(row) and not self._is_too_many(row))
        moved = [self._moved(row, index) for index, row in enumerate(stays)]
        padding = self._padding(moved)
        return (*moved, *self._numbered(padding, len(moved)))

    def _is_too_many(self, row: Row) -> bool:
        """Whether a row is an empty one, drawn for a slot that the new workbook has no room for."""
        if self.table.key != "indicators" or row.get("id") in (None, *slot_ids(self.plan.slots)):
            return False
        return not any(_holds_something(cell) for key, cell in self._typed(row) if key != "id")

    @property
    def _method(self) -> str:
        return self.plan.method or self.opened.book.method

    def _has_new_steps(self) -> bool:
        return self.plan.new_steps or changes_steps(self.opened.book, self.plan.method)

    def _numbered(self, rows: Sequence[Mapping[str, Any]], first: int = 0) -> Iterator[Row]:
        return (Row(self.table.key, values, index=index) for index, values in enumerate(rows, first))

    # What was typed

    def _moved(self, row: Row, index: int) -> Row:
        changed = self._changed(row)
        for key, cell in self._typed(row):
            if key not in changed and _holds_something(cell):
                kept = self._kept(key, cell, row)
                if kept is not None:
                    self.cells[self.table.key, index, key] = kept
        values = {**row.values, **changed}
        return Row(self.table.key, values, index=index, extra=row.extra)

    def _changed(self, row: Row) -> dict[str, Any]:
        """The values that the plan changes, or that are words of ours in another language."""
        if self.table.key == "unit":
            return dict(self.plan.form)
        if self.table.key == "process" and self.plan.language != self._language:
            title = _translated(str(row.get("step") or ""), self._method, self.plan.language)
            return {"step": title} if title else {}
        return {}

    def _typed(self, row: Row) -> Iterator[tuple[str, RawCell]]:
        """The cells of a row by column key, people's own among them."""
        if self.raw is None:
            return
        if self.table.form:
            places = enumerate(raw.cells[1] for raw in self.raw.rows if len(raw.cells) > 1)
        else:
            places = enumerate(self.raw.rows[row.index].cells)
        for position, cell in places:
            yield self._keys[position], cell

    @cached_property
    def _keys(self) -> list[str]:
        """The key of each column, or of each field of a form; a key of its own for people's."""
        labels = self._labels
        found = read_headers(self.table, labels, self._language).keys if labels else ()
        return [key or f"{_OWN}{position}" for position, key in enumerate(found)]

    @property
    def _labels(self) -> tuple[RawCell, ...]:
        if self.raw is None:
            return ()
        return tuple(row.cells[0] for row in self.raw.rows) if self.table.form else self.raw.headers

    @cached_property
    def _columns(self) -> dict[str, Column]:
        return {column.key: column for column in self.table.columns}

    def _kept(self, key: str, cell: RawCell, row: Row) -> KeptCell | None:
        """A cell to write as it was typed; None where its value is written in the words of the language."""
        column = self._columns.get(key)
        if column is None:
            return self._own_cell(cell)
        same = self.plan.language == self._language
        if column.owned or (isinstance(column.kind, Choice) and key in row.values and not same):
            return None
        # A typed day may come from a program that counts otherwise; the kind has understood it.
        if isinstance(column.kind, Day) and key in row.values and isinstance(cell.value, str):
            return None
        return KeptCell(cell.value, cell.error)

    def _own_cell(self, cell: RawCell) -> KeptCell:
        table = self.source.table(self.table.name)
        shown = self.source.number_format(table, cell.address) if table else ""
        return KeptCell(cell.value, cell.error, shown)

    # People's own columns

    def _own_columns(self) -> tuple[OwnColumn, ...]:
        return tuple(self._find_own()) if self.raw is not None else ()

    def _find_own(self) -> Iterator[OwnColumn]:
        table = self.source.table(self.table.name)
        taken = {str(word).casefold() for word in self._new_headers()}
        for position, (key, label) in enumerate(zip(self._keys, self._labels, strict=True)):
            if not key.startswith(_OWN) or (self.table.form and not self._is_used(position)):
                continue
            header = _free(str(label.value or f"#{position + 1}"), taken)
            taken.add(header.casefold())
            width = self.source.width(table, position) if table and not self.table.form else None
            yield OwnColumn(key, header, width)

    def _is_used(self, position: int) -> bool:
        """Whether a field of a form has a label or an answer."""
        cells = self.raw.rows[position].cells[:2] if self.raw else ()
        return any(map(_holds_something, cells))

    def _new_headers(self) -> Iterator[str]:
        if self.table.form:
            return
        text = words(self.plan.language)
        for column in self.table.columns:
            label = f"columns.{self.table.key}.{column.key}.label"
            yield text.text(label) if text.has(label) else column.key

    # Empty rows

    def _padding(self, rows: Sequence[Row]) -> list[dict[str, Any]]:
        table = self.table
        if table.key == "values":
            return self._months(rows)
        if table.key == "indicators":
            return self._slots(rows)
        if table.form or table.key in ("weights", "process"):
            return [] if rows else self._missing_form()
        if (kind := table.id_kind) is not None:
            first = highest(self.opened.book, table.key) + 1
            return [{"id": kind.number(first + more)} for more in range(table.rows - len(rows))]
        used = max((row.index + 1 for row in rows if row.values or row.extra), default=0)
        return [{} for _ in range(max(table.rows, used + SPARE_ROWS) - len(rows))]

    def _missing_form(self) -> list[dict[str, Any]]:
        """What stands in a table that somebody has deleted and that is never empty."""
        if self.table.key == "process":
            return steps(self.plan.language, self._method)
        if self.table.key == "weights":
            return [{column.key: 1 for column in self.table.columns}]
        return [dict(self.plan.form)]

    def _slots(self, rows: Sequence[Row]) -> list[dict[str, Any]]:
        taken = {row.get("id") for row in rows}
        bare = sum(1 for row in rows if not row.get("id") and row.values)
        free = [slot for slot in slot_ids(self.plan.slots) if slot not in taken]
        # An indicator without an id gets the first free one back at the update.
        return [{"id": slot} for slot in free[bare:]]

    def _months(self, rows: Sequence[Row]) -> list[dict[str, Any]]:
        months = [row.get("month") for row in rows if row.get("month")]
        filled = [row.get("month") for row in rows if row.get("month") and len(row.values) > 1]
        form_first = self.opened.book.unit.first_month
        last = max(months, default=add_months(self.plan.first_month or form_first or date(2026, 1, 1), -1))
        wanted = add_months(max([*filled, self.plan.first_month or last], default=last), SPARE_MONTHS)
        found: list[dict[str, Any]] = []
        while len(rows) + len(found) < self.table.rows or last < wanted:
            last = add_months(last, 1)
            found.append({"month": last})
        return found


def _holds_something(cell: RawCell) -> bool:
    return cell.value is not None and bool(str(cell.value).strip())


def _is_name(title: str) -> bool:
    """Whether Excel allows the name of a sheet; other programs allow more."""
    return len(title) <= 31 and title.strip("'") == title and not set(title) & set("[]:*?/\\")


def _free(header: str, taken: set[str]) -> str:
    """A header that no other column has."""
    found, number = header, 1
    while found.casefold() in taken:
        number += 1
        found = f"{header} ({number})"
    return found


def changes_steps(book: Book, method: str | None) -> bool:
    """Whether the steps that stand in the workbook are another method's than the one asked for."""
    if method is None:
        return False
    titles = (str(row.get("step") or "") for row in book.drawn_rows.get("process", ()))
    known = [found for found in ({step[0] for step in _steps_of(title)} for title in titles) if found]
    return method not in set.intersection(*known) if known else method != book.method


def _steps_of(title: str) -> list[tuple[str, str]]:
    """The methods and steps that a title names in any language."""
    return [
        (method, step)
        for method, facts in load("methods.toml").items()
        for step in facts["steps"]
        if any(words(known).text(f"steps.{method}.{step}.title") == title for known in LANGUAGES)
    ]


def _translated(title: str, method: str, language: str) -> str:
    """A step's title in another language; nothing where people wrote it themselves."""
    found = sorted(_steps_of(title), key=lambda step: step[0] != method)
    return words(language).text(f"steps.{found[0][0]}.{found[0][1]}.title") if found else ""
