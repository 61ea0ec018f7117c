"""A sheet being drawn: the lead line, tables, forms, owned regions and print set-up, all in one manner."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from hmsbook.draw.styles import Styles
from hmsbook.flow.fill import Fill
from hmsbook.flow.show import IN_COPIES, link_text
from hmsbook.model.book import Book
from hmsbook.model.kept import NOTHING_KEPT, Kept
from hmsbook.model.raw import Value
from hmsbook.model.records import Row
from hmsbook.standard.book import SHEETS
from hmsbook.standard.kinds import Kind, Rule
from hmsbook.standard.naming import BookNames, Spot
from hmsbook.standard.schema import Column, Region, Sheet, Table
from hmsbook.texts.words import Words

Look = Callable[[int, str], Format | None]
MARGIN = 1
LINE = 15
ROW = 18
FORM_WIDTH = 38
LEAD_ROW, LINK_ROW, FIRST_ROW = 0, 1, 3
SPARE_ROWS = 500
TALL_HEADS = ("proposals", "measures", "votes", "weights", "process", "meetings")
# What fills these comes when the workbook is drawn already, so their rows have room for lines to come.
LINES = {"received": 2}
OFFERED = ("group", "challenges", "indicators", "proposals")
LINKED = ("status", "check", "coverage", "factors", "guide")


@dataclass
class Desk:
    """What every sheet needs while a workbook is drawn."""

    workbook: Workbook
    styles: Styles
    words: Words
    names: BookNames
    book: Book
    fill: Fill
    tables: Mapping[str, Table]
    regions: Mapping[str, Region]
    months_shown: int
    kept: Kept = NOTHING_KEPT

    def title(self, sheet: str) -> str:
        """A sheet's name in the workbook's language."""
        return self.kept.titles.get(sheet) or self.words.text(f"sheets.{sheet}.title")

    @cached_property
    def copy(self) -> str:
        """Whom the workbook is a copy for; nothing for the workbook itself."""
        noted = self.fill.regions["manifest"]
        return next((str(row[1] or "") for row in noted if row[0] == "copy"), "")

    def leads_to(self, sheet: str) -> bool:
        """Whether a link may lead to a sheet: in a copy many are hidden, and Excel follows none to those."""
        return not self.copy or self.kept.states.get(sheet) == "visible"

    def is_own(self, table: Table, column: Column) -> bool:
        """Whether people added the column themselves."""
        return (table.key, column.key) in self.names.headers

    def format_of(self, column: Column) -> str:
        """The number format of a column; an indicator's has the decimals its values are typed with."""
        values = self.book.values.get(column.key)
        if not values:
            return column.kind.format
        decimals = next(
            (count for count in (0, 1) if all(_has_decimals(v, count) for v in values.values())), 2
        )
        return f"#,##0.{'0' * decimals}".rstrip(".")

    def define(self, name: str, area: str) -> None:
        """Give cells a name that finds them whatever people do to the sheets."""
        self.workbook.define_name(name, f"={area}")


@dataclass
class Canvas:
    """One sheet being drawn."""

    desk: Desk
    sheet: Sheet
    page: Worksheet

    @property
    def title(self) -> str:
        """The sheet's name."""
        return self.desk.title(self.sheet.key)

    def style(self, name: str, **extra: Any) -> Format:
        """A format."""
        return self.desk.styles.get(name, **extra)

    def text(self, key: str, **values: object) -> str:
        """Words in the workbook's language."""
        return self.desk.words.text(key, **values)

    def lead(self, **extra: Any) -> None:
        """The first row, which says what to do here, and a row of links."""
        self.page.hide_gridlines(2)
        self.page.set_default_row(ROW)
        self.page.set_column(0, 0, 1.5)
        self.page.set_row(LEAD_ROW, 30)
        text = self.desk.kept.leads.get(self.sheet.key) or self.text(f"sheets.{self.sheet.key}.lead")
        self.page.write_string(LEAD_ROW, MARGIN, text, self.style("lead", **extra))

    def links(self, columns: Sequence[int]) -> None:
        """Links to the sheets people look for, in the second row."""
        linked = (*IN_COPIES, *LINKED) if self.desk.copy else LINKED
        others = [key for key in linked if key != self.sheet.key and self.desk.leads_to(key)]
        for column, key in zip(columns, others, strict=False):
            self.link(LINK_ROW, column, key)

    def link(self, row: int, column: int, sheet: str, **extra: Any) -> None:
        """A link to another sheet."""
        title = self.desk.title(sheet)
        # By defined name, which follows the sheet when people rename it.
        self.page.write_url(
            row, column, f"internal:hms_sheet_{sheet}", self.style("link", **extra), link_text(title)
        )

    def heading(self, row: int, column: int, text: str) -> None:
        """A section's heading."""
        self.page.set_row(row, 24)
        self.page.write_string(row, column, text, self.style("heading"))

    def value(self, row: int, column: int, value: Value, style: Format | None) -> None:
        """A typed value: text never becomes a formula."""
        if value is None or value == "":
            self.page.write_blank(row, column, None, style)
        elif isinstance(value, bool):
            self.page.write_boolean(row, column, value, style)
        elif isinstance(value, str):
            self.page.write_string(row, column, value, style)
        else:
            self.page.write_number(row, column, value, style)

    # Tables

    def table(self, table: Table, row: int, column: int, *, widths: bool = True, spare: bool = True) -> int:
        """Draw a table with its header at a cell; the row below its last one."""
        rows = self.desk.book.drawn_rows[table.key]
        self.page.set_row(row, 48 if table.key in TALL_HEADS else 36)
        self.page.add_table(
            row,
            column,
            row + len(rows),
            column + len(table.columns) - 1,
            {
                "name": table.name,
                "style": None,
                "autofilter": True,
                "columns": [self._table_column(table, found) for found in table.columns],
            },
        )
        for offset, found in enumerate(table.columns):
            self._column(table, found, row, column + offset, spare=spare)
        if not table.right:
            self._heights(table, row, rows)
        if widths:
            self.widths(table, column)
        if table.key in OFFERED:
            self._offer_ids(table, row + 1, column, row + len(rows) + (SPARE_ROWS if spare else 0))
        return row + len(rows) + 1

    def _offer_ids(self, table: Table, row: int, column: int, last: int) -> None:
        """Name the first column, so that other tables can offer it in their drop-downs."""
        area = xl_range_abs(row, column, last, column)
        self.desk.define(f"hms_ids_{table.key}", f"{quoted_sheet(self.title)}!{area}")

    def _table_column(self, table: Table, column: Column) -> dict[str, Any]:
        head = "owned_head" if column.owned else "head"
        align = column.kind.align
        found: dict[str, Any] = {
            "header": self.desk.names.header(table.key, column.key),
            "header_format": self.style(head, align=align, indent=_indent(align)),
        }
        if column.formula:
            found["formula"] = column.formula(self.desk.names)
        return found

    def _column(self, table: Table, column: Column, head: int, at: int, *, spare: bool) -> None:
        rows = self.desk.book.drawn_rows[table.key]
        style = self.cell_style(column)
        formula = column.formula(self.desk.names) if column.formula else ""
        shown = self.desk.fill.columns.get((table.key, column.key), ())
        for index, row in enumerate(rows):
            if formula:
                self.page.write_formula(head + 1 + index, at, formula, style, _cached(shown[index]))
            else:
                self._typed((head + 1 + index, at), column, row, style)
        last = head + len(rows) + (SPARE_ROWS if spare else 0)
        if not (column.owned or self.desk.is_own(table, column)):
            words = f"columns.{table.key}.{_words_key(table, column)}"
            self.validate((head + 1, at, last, at), column.kind, words)

    def _typed(self, at: tuple[int, int], column: Column, row: Row, style: Format) -> None:
        """A cell people fill in: as it was typed where it comes from an older workbook, else by its kind."""
        kept = self.desk.kept.cells.get((row.table, row.index, column.key))
        if kept is None:
            self.value(*at, column.kind.write(row.get(column.key), self.desk.words), style)
            return
        if (row.table, row.index, column.key) in self.desk.book.masked:
            style = self.style("masked", align=column.kind.align, indent=_indent(column.kind.align))
        if kept.number_format:
            style = self.style("cell", num_format=kept.number_format, align=column.kind.align, indent=1)
        if kept.error:
            self.page.write_formula(*at, f"={kept.value}", style, kept.value)
        else:
            self.value(*at, kept.value, style)

    def _heights(self, table: Table, head: int, rows: Sequence[Row]) -> None:
        """Room for long texts. Other rows keep their own height and grow by themselves in Excel."""
        wrapped = [column for column in table.columns if column.kind.wrap and not column.aside]
        for index, row in enumerate(rows):
            lines = [
                lines_needed(text, _width(column))
                for column in wrapped
                if (text := self._shown(column, row, index))
            ]
            if (most := max(LINES.get(table.key, 1), *lines, 1)) > 1:
                self.page.set_row(head + 1 + index, LINE * most + 4)

    def _shown(self, column: Column, row: Row, index: int) -> str:
        """The text of a cell, its formula's where it has one."""
        computed = self.desk.fill.columns.get((row.table, column.key))
        value = computed[index] if computed else column.kind.write(row.get(column.key), self.desk.words)
        return "" if value is None else str(value)

    def cell_style(self, column: Column) -> Format:
        """The format of a column's cells."""
        kind = column.kind
        return self.style(
            "owned" if column.owned else "cell",
            num_format=self.desk.format_of(column),
            align=kind.align,
            text_wrap=kind.wrap,
            indent=_indent(kind.align),
        )

    def widths(self, table: Table, column: int) -> None:
        """Set the columns' widths; those for rare use lie in a collapsed group."""
        for offset, found in enumerate(table.columns):
            options = {"level": 1, "hidden": True} if found.aside else {}
            if not found.aside and offset and table.columns[offset - 1].aside:
                # The sign that opens the group stands on the column after it.
                options = {"collapsed": True}
            self.page.set_column(
                column + offset, column + offset, found.width or found.kind.width, None, options
            )
        if table.columns[-1].aside:
            end = column + len(table.columns)
            self.page.set_column(end, end, 3, None, {"collapsed": True})

    def form(self, table: Table, row: int, column: int) -> int:
        """Draw a table of one row on its side: a label and an answer a row; the row below the last."""
        field_label, answer_label = (
            self.text(f"columns.{table.key}.{key}.label") for key in ("field", "answer")
        )
        values = self.desk.book.drawn_rows[table.key][0]
        self.page.add_table(
            row,
            column,
            row + len(table.columns),
            column + 1,
            {
                "name": table.name,
                "style": None,
                "autofilter": False,
                "columns": [
                    {"header": field_label, "header_format": self.style("head")},
                    {"header": answer_label, "header_format": self.style("head")},
                ],
            },
        )
        for index, found in enumerate(table.columns, row + 1):
            own = self.desk.is_own(table, found)
            label = self.desk.names.header(table.key, found.key)
            self.page.write_string(index, column, label, self.style("cell" if own else "owned"))
            style = self.style("cell", num_format=found.kind.format, align="left", indent=1)
            text = str(found.kind.write(values.get(found.key), self.desk.words) or "")
            if lines_needed(text, FORM_WIDTH) > 1:
                self.page.set_row(index, LINE * lines_needed(text, FORM_WIDTH) + 4)
            self._typed((index, column + 1), found, values, style)
            if not own:
                area = (index, column + 1, index, column + 1)
                self.validate(area, found.kind, f"columns.{table.key}.{found.key}")
        return row + len(table.columns) + 1

    # Validation

    def validate(self, area: tuple[int, int, int, int], kind: Kind, words: str) -> None:
        """What the cells accept, with a helpful message when one is entered."""
        options = self._validation(kind.rule(self.desk.words), kind)
        label, text = self.text(f"{words}.label"), self.text(f"{words}.help")
        options |= {"input_title": label[:32] or None, "input_message": text[:255], "ignore_blank": True}
        self.page.data_validation(*area, options)

    def _validation(self, rule: Rule | None, kind: Kind) -> dict[str, Any]:
        if rule is None:
            return {"validate": "any"}
        if rule.type == "list":
            name = f"hms_ids_{rule.table}" if rule.table else f"hms_list_{getattr(kind, 'choices', '')}"
            found: dict[str, Any] = {"validate": "list", "source": f"={name}", "show_error": rule.strict}
        else:
            found = {
                "validate": rule.type,
                "criteria": "between",
                "minimum": rule.minimum,
                "maximum": rule.maximum,
            }
        return found | {
            "error_title": self.text("ui.invalid.title"),
            "error_message": self.text(f"ui.invalid.{rule.type}"),
        }

    # Owned regions

    def region(self, key: str, row: int, column: int, look: Look | Format | Sequence[Format]) -> Spot:
        """Draw an owned region with its values and formulas, and name it.

        `look` is one format, one a column, or a function of row and column key.
        """
        spot = Spot(quoted_sheet(self.title), row, column, self.desk.regions[key])
        self.cells(spot, self.desk.fill.regions.get(key, ()), _look(look, spot.region))
        self.desk.define(spot.region.name, spot.area)
        return spot

    def cells(self, spot: Spot, grid: Sequence[Sequence[Value]], look: Look) -> None:
        """Draw the cells of a region; `look` gives each its format by row and column key."""
        for index in range(spot.region.rows):
            row = grid[index] if index < len(grid) else ()
            for offset, name in enumerate(spot.region.columns):
                value = row[offset] if offset < len(row) else None
                self._cell(spot, (index, offset), value, look(index, name))

    def _cell(self, spot: Spot, at: tuple[int, int], value: Value, style: Format | None) -> None:
        """One cell: a live formula with what it shows, a value, or a blank that has a look."""
        index, offset = at
        row, column = spot.row + index, spot.column + offset
        formula = spot.region.formulas.get(spot.region.columns[offset])
        text = formula(self.desk.names, index) if formula else ""
        if text:
            self.page.write_formula(row, column, text, style, _cached(value))
        elif style is not None or value not in (None, ""):
            self.value(row, column, value, style)

    def heads(
        self,
        row: int,
        column: int,
        keys: Sequence[str],
        words: str,
        aligned: Mapping[str, str] | None = None,
        **extra: Any,
    ) -> None:
        """Headings above an owned region, aligned as its columns are."""
        self.page.set_row(row, 20)
        for offset, key in enumerate(keys):
            align = (aligned or {}).get(key, "left")
            style = self.style("owned_head", align=align, indent=_indent(align), **extra)
            self.page.write_string(row, column + offset, self.text(f"{words}.{key}"), style)

    def row_heights(self, key: str, row: int, height: float = ROW) -> None:
        """Set the height of a region's rows, and hide those that are not in use."""
        hidden = self.desk.fill.hidden_rows.get(key, ())
        for offset in range(self.desk.regions[key].rows):
            self.page.set_row(row + offset, height, None, {"hidden": True} if offset in hidden else {})

    # Print

    def print_setup(
        self,
        last_row: int,
        last_column: int,
        *,
        pages_high: int = 0,
        repeat: int | None = None,
        scale: int = 0,
    ) -> None:
        """A4, fitted to the width of the page or at a scale, with the title and the page in the footer."""
        if self.sheet.landscape:
            self.page.set_landscape()
        self.page.set_paper(9)
        self.page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        if scale:
            self.page.set_print_scale(scale)
        else:
            self.page.fit_to_pages(1, pages_high)
        self.page.print_area(0, 0, last_row, last_column)
        title = self.title.replace("&", "&&")
        self.page.set_footer(f"&L&9&K55626E{title}&R&9&K55626E&P / &N")
        if repeat is not None:
            self.page.repeat_rows(repeat)


def _has_decimals(value: float, count: int) -> bool:
    return abs(value - round(value, count)) < 1e-9


def _width(column: Column) -> float:
    return (column.width or column.kind.width) - 1


def _indent(align: str) -> int:
    """Air between a text and the line of the number beside it."""
    return 0 if align == "center" else 1


def lines_needed(text: str, width: float) -> int:
    """How many lines a text takes in a column of this width; words wrap a little before the edge."""
    return sum(-(-int(len(line) * 0.95 + 1) // max(1, int(width))) for line in text.split("\n"))


def _words_key(table: Table, column: Column) -> str:
    """Slots share the words of `slot`."""
    return "slot" if table.slots_written and column.key != "month" else column.key


def quoted_sheet(name: str) -> str:
    """A sheet's name as it stands in a reference."""
    return "'" + name.replace("'", "''") + "'"


def _look(look: Look | Format | Sequence[Format], region: Region) -> Look:
    if isinstance(look, Sequence):
        formats = dict(zip(region.columns, look, strict=True))
        return lambda _index, name: formats[name]
    return look if callable(look) else lambda _index, _name: look


class _NoText(str):
    """A formula's empty text: XlsxWriter stores no type for `""`, which readers take for a broken number."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = str.__hash__


_NO_TEXT = _NoText()


def _cached(value: Value) -> Value:
    return _NO_TEXT if value is None or value == "" else value


def sheet_keys() -> tuple[str, ...]:
    """All sheets' keys in tab order."""
    return tuple(sheet.key for sheet in SHEETS)
