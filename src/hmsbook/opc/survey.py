"""Where in a worksheet part the things stand that are about to change."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from contextlib import suppress
from re import Match

from hmsbook.errors import PackageError
from hmsbook.opc import plain
from hmsbook.opc.cells import Position, Range, cell_name, column_number, contains, parse_range
from hmsbook.opc.markup import (
    MAIN,
    Attributes,
    ElementHandler,
    dispatch,
    make_parser,
    prefix_of,
    qualified,
    run,
    starter,
    tag_end,
    walk,
)

_CELL, _ROW, _SHEET_DATA, _COLS, _COL, _VALUE, _FORMULA, _INLINE, _TEXT, _PHONETIC, _EXTENSIONS = (
    frozenset(qualified(MAIN, local))
    for local in ("c", "row", "sheetData", "cols", "col", "v", "f", "is", "t", "rPh", "extLst")
)


_FAR = 1 << 30


class Element:
    """An element's bytes: `start` to `tag_end` is its start tag, `end` the offset after all of it."""

    __slots__ = ("attributes", "end", "inner_end", "start", "tag_end")

    def __init__(self, start: int, attributes: Attributes) -> None:
        self.start, self.attributes = start, attributes
        self.tag_end = self.inner_end = self.end = 0

    def close(self, xml: bytes, end_event: int) -> None:
        """Note where the element ends, from where expat saw its end."""
        self.tag_end = tag_end(xml, self.start)
        self.inner_end = end_event
        empty = xml[self.tag_end - 2] == 0x2F
        self.end = end_event if empty else xml.index(b">", end_event) + 1

    def tag(self, xml: bytes) -> bytes:
        """The raw start tag."""
        return xml[self.start : self.tag_end]

    def raw(self, xml: bytes) -> bytes:
        """All of the element."""
        return xml[self.start : self.end]


class CellPlace(Element):
    """A cell that is there, with its formula, the text of its value and its extensions."""

    __slots__ = ("extensions", "formula", "formula_text", "inline", "text")

    def __init__(self, start: int, attributes: Attributes) -> None:
        # Without the call of the other one: there can be thousands.
        self.start, self.attributes = start, attributes
        self.tag_end = self.inner_end = self.end = 0
        self.formula: Element | None = None
        self.formula_text = ""
        self.text: str | None = None
        self.inline: str | None = None
        self.extensions: list[Element] = []


class Survey:
    """What was found: the places of wanted things, and where the missing ones belong."""

    def __init__(self) -> None:
        self.sheet_data: Element | None = None
        self.prefix = b""
        self.dimension: Element | None = None
        self.default_width = ""
        self.cols: Element | None = None
        self.col: list[Element] = []
        self.rows: dict[int, Element] = {}
        self.missing_rows: dict[int, int] = {}
        self.cells: dict[Position, CellPlace] = {}
        self.missing_cells: dict[Position, int] = {}
        self.arrays: list[Range] = []
        self.all_rows: plain.Rows | None = None


def survey(
    xml: bytes,
    cells: Iterable[Position],
    hidden: Iterable[int],
    part: str = "",
    *,
    rows: plain.Rows | None = None,
    is_sound: bool = False,
) -> Survey:
    """Find these cells, and the rows to hide or show; `rows` are all rows of a part written the usual way.

    A part that `is_sound` is known to be well-formed. Raises PackageError `array_cell` when a cell belongs to
    an array formula.
    """
    surveyor = _Surveyor(xml, _by_row(cells, hidden), part)
    try:
        surveyor.read(rows, is_sound=is_sound)
    except ValueError as error:
        raise PackageError("broken_part", part=part, reason=str(error)) from error
    result = surveyor.result
    if result.sheet_data is None:
        raise PackageError("broken_part", part=part, reason="sheetData")
    for position in (*result.cells, *result.missing_cells):
        if any(contains(area, position) for area in result.arrays):
            raise PackageError("array_cell", part=part, cell=cell_name(position))
    return result


def _check_col(attributes: Attributes) -> None:
    """ValueError or KeyError for columns that cannot be told apart."""
    if not 1 <= int(attributes["min"]) <= int(attributes["max"]):
        raise ValueError(f"columns {attributes['min']} to {attributes['max']}")
    float(attributes.get("width", 1))


def _by_row(cells: Iterable[Position], rows: Iterable[int]) -> dict[int, list[int]]:
    wanted: dict[int, list[int]] = {row: [] for row in rows}
    for row, column in cells:
        wanted.setdefault(row, []).append(column)
    return wanted


def _plain_cell(match: Match[bytes]) -> CellPlace:
    letters, row, style, kind, inside, formula, formula_attributes, formula_text, text, inline = (
        match.groups()
    )
    start, end = match.span()
    cell = CellPlace(start, {"r": (letters + row).decode()})
    if style:
        cell.attributes["s"] = style.decode()
    if kind:
        cell.attributes["t"] = kind.decode()
    cell.tag_end = end if inside is None else match.start(plain.INSIDE)
    cell.inner_end = cell.end = end
    if text is not None:
        cell.text = plain.text(text)
    if inline is not None:
        cell.inline = plain.text(inline)
    if formula is not None:
        cell.formula = Element(match.start(plain.FORMULA), plain.attributes(formula_attributes))
        cell.formula.end = match.end(plain.FORMULA)
        cell.formula_text = plain.text(formula_text or b"")
    return cell


class _Surveyor:
    """The expat handlers; only rows that are wanted are looked into."""

    def __init__(self, xml: bytes, wanted: dict[int, list[int]], part: str) -> None:
        self.xml, self.part = xml, part
        self.wanted = {row: sorted(columns) for row, columns in wanted.items()}
        self.rows = sorted(wanted)
        self.next_row = self.row = self.column = 0
        self.columns: list[int] = []
        self.next_column = 0
        self.cell: CellPlace | None = None
        self.open: Element | None = None
        self.pieces: list[str] = []
        self.phonetic = False
        self.result = Survey()
        self.parser = make_parser(part)

    def read(self, rows: plain.Rows | None, *, is_sound: bool) -> None:
        frame: dict[str, ElementHandler] = {
            "dimension": self._dimension,
            "sheetFormatPr": self._format,
            "cols": self._cols,
            "col": self._col,
            "sheetData": self._sheet_data,
        }
        self.start_row = starter(dispatch(MAIN, {"row": self._row, "f": self._foreign_formula}))
        self.start_cell = starter(dispatch(MAIN, {"c": self._cell, "f": self._foreign_formula}))
        self.parser.StartElementHandler = starter(dispatch(MAIN, frame))
        self.parser.EndElementHandler = self._end_frame
        at, view = rows.start if rows else 0, memoryview(self.xml)
        run(self.parser, view[:at], self.part, final=False)
        data = self.result.sheet_data
        # The tag that looks like it may be another's, in what follows the rows.
        is_ours = rows and data and not data.end and data.start + len(b"<sheetData>") == rows.start
        self.result.all_rows = rows if is_ours else None
        if rows and data and is_ours and self._read_plain(rows, data):
            # The rows are known already; expat only checks that they are well-formed.
            self.parser.StartElementHandler = self.parser.EndElementHandler = None
            at = len(self.xml) if is_sound else at
        if at < len(self.xml):
            run(self.parser, view[at:], self.part)

    def _read_plain(self, rows: plain.Rows, data: Element) -> bool:
        """Read the rows the fast way; False, and nothing read, when a cell is not written plainly."""
        try:
            self._plain_rows(rows)
        except plain.IrregularError:
            self._forget()
            return False
        data.tag_end, data.inner_end = rows.start, rows.end
        data.end = rows.end + len(b"</sheetData>")
        self._note_missing_rows(_FAR, rows.end)
        return True

    def _forget(self) -> None:
        self.next_row = self.row = self.column = 0
        for found in (self.result.rows, self.result.cells):
            found.clear()
        for missing in (self.result.missing_rows, self.result.missing_cells):
            missing.clear()

    def _plain_rows(self, rows: plain.Rows) -> None:
        for row in rows:
            if self.next_row == len(self.rows):
                return
            if self.rows[self.next_row] > row.number:
                continue
            self._note_missing_rows(row.number, row.start)
            if row.number in self.wanted:
                self._plain_row(row)

    def _plain_row(self, row: plain.Row) -> None:
        self.row = row.number
        self.next_row += 1
        self.columns, self.next_column = self.wanted[self.row], 0
        place = Element(row.start, row.attributes)
        place.tag_end, place.end = row.tag_end, row.end
        place.inner_end = row.end - (0 if row.empty else len(b"</row>"))
        self.result.rows[self.row] = place
        self._plain_cells(row)
        self._note_missing_cells(_FAR, place.inner_end)

    def _plain_cells(self, row: plain.Row) -> None:
        before = 0
        wanted = set(self.columns)
        if not wanted:
            return
        for match in plain.cells(self.xml, row):
            column = plain.column(match[plain.COLUMN])
            if column <= before:
                raise plain.IrregularError
            before = column
            if self.next_column < len(self.columns) and self.columns[self.next_column] < column:
                self._note_missing_cells(column, match.start())
            if column in wanted:
                self.next_column += 1
                self.result.cells[row.number, column] = _plain_cell(match)
                wanted.discard(column)

    def _element(self, attributes: Attributes) -> Element:
        return Element(self.parser.CurrentByteIndex, attributes)

    def _dimension(self, attributes: Attributes) -> None:
        parse_range(attributes.get("ref", "A1"))
        self.result.dimension = self._element(attributes)
        self.result.dimension.close(self.xml, self.result.dimension.start)

    def _format(self, attributes: Attributes) -> None:
        self.result.default_width = attributes.get("defaultColWidth", "")

    def _cols(self, attributes: Attributes) -> None:
        self.result.cols = self._element(attributes)

    def _col(self, attributes: Attributes) -> None:
        _check_col(attributes)
        self.result.col.append(self._element(attributes))

    def _end_frame(self, name: str) -> None:
        if name in _COL:
            self.result.col[-1].close(self.xml, self.parser.CurrentByteIndex)
        elif name in _COLS and self.result.cols:
            self.result.cols.close(self.xml, self.parser.CurrentByteIndex)

    def _sheet_data(self, attributes: Attributes) -> None:
        self.result.sheet_data = self._element(attributes)
        self.result.prefix = prefix_of(self.xml, self.result.sheet_data.start)
        self._between_rows()

    def _between_rows(self) -> None:
        self.parser.StartElementHandler = self.start_row
        self.parser.EndElementHandler = self._end_data
        self.parser.CharacterDataHandler = None

    def _end_data(self, name: str) -> None:
        if name in _SHEET_DATA and self.result.sheet_data:
            self.result.sheet_data.close(self.xml, self.parser.CurrentByteIndex)
            self._note_missing_rows(_FAR, self.result.sheet_data.inner_end)
            self.parser.StartElementHandler = None
            self.parser.EndElementHandler = None

    def _foreign_formula(self, attributes: Attributes) -> None:
        if attributes.get("t") in ("array", "dataTable") and "ref" in attributes:
            self.result.arrays.append(parse_range(attributes["ref"]))

    def _row(self, attributes: Attributes) -> None:
        number = attributes.get("r")
        row = int(number) if number else self.row + 1
        if row <= self.row:
            raise ValueError(f"row {row} after row {self.row}")
        self.row, self.column = row, 0
        if self.next_row < len(self.rows) and self.rows[self.next_row] <= row:
            self._note_missing_rows(row, self.parser.CurrentByteIndex)
            self._enter(attributes)

    def _note_missing_rows(self, before: int, position: int) -> None:
        stop = bisect_left(self.rows, before)
        for row in self.rows[self.next_row : stop]:
            self.result.missing_rows[row] = position
            self.result.missing_cells.update({(row, column): position for column in self.wanted[row]})
        self.next_row = max(stop, self.next_row)

    def _enter(self, attributes: Attributes) -> None:
        if self.row not in self.wanted:
            return
        self.next_row += 1
        self.columns, self.next_column = self.wanted[self.row], 0
        self.result.rows[self.row] = self._element(attributes)
        self.parser.StartElementHandler = self.start_cell
        self.parser.EndElementHandler = self._end_in_row

    def _end_in_row(self, name: str) -> None:
        if name in _ROW:
            self.result.rows[self.row].close(self.xml, self.parser.CurrentByteIndex)
            self._note_missing_cells(_FAR, self.parser.CurrentByteIndex)
            self._between_rows()

    def _cell(self, attributes: Attributes) -> None:
        reference = attributes.get("r")
        column = column_number(reference.rstrip("0123456789")) if reference else self.column + 1
        if column <= self.column:
            raise ValueError(f"column {column} after column {self.column} in row {self.row}")
        self.column = column
        if self.next_column < len(self.columns) and self.columns[self.next_column] <= column:
            self._note_missing_cells(column, self.parser.CurrentByteIndex)
            self._enter_cell(attributes)

    def _note_missing_cells(self, before: int, position: int) -> None:
        stop = bisect_left(self.columns, before)
        for column in self.columns[self.next_column : stop]:
            self.result.missing_cells[self.row, column] = position
        self.next_column = max(stop, self.next_column)

    def _enter_cell(self, attributes: Attributes) -> None:
        if self.next_column == len(self.columns) or self.columns[self.next_column] != self.column:
            return
        self.next_column += 1
        self.cell = CellPlace(self.parser.CurrentByteIndex, attributes)
        self.result.cells[self.row, self.column] = self.cell
        self.parser.StartElementHandler = self._start_in_cell
        self.parser.EndElementHandler = self._end_in_cell
        self.parser.CharacterDataHandler = self.pieces.append

    def _start_in_cell(self, name: str, attributes: Attributes) -> None:
        if name in _FORMULA or name in _EXTENSIONS:
            self.open = self._element(attributes)
        if name in _FORMULA:
            self._foreign_formula(attributes)
        if name in _INLINE and self.cell:
            self.cell.inline = ""
        if name in _PHONETIC:
            self.phonetic = True
        self.pieces.clear()

    def _end_in_cell(self, name: str) -> None:
        if self.cell is None:
            return
        if name in _CELL:
            self._leave_cell(self.cell)
        elif name in _FORMULA or name in _EXTENSIONS:
            self._keep(self.cell, name in _FORMULA)
        else:
            self._take_text(self.cell, name, "".join(self.pieces))
        self.pieces.clear()

    def _keep(self, cell: CellPlace, is_formula: bool) -> None:
        if self.open is None:
            return
        self.open.close(self.xml, self.parser.CurrentByteIndex)
        if is_formula:
            cell.formula, cell.formula_text = self.open, "".join(self.pieces)
        else:
            cell.extensions.append(self.open)

    def _take_text(self, cell: CellPlace, name: str, text: str) -> None:
        if name in _VALUE:
            cell.text = text
        elif name in _PHONETIC:
            self.phonetic = False
        elif name in _TEXT and cell.inline is not None and not self.phonetic:
            cell.inline += text

    def _leave_cell(self, cell: CellPlace) -> None:
        cell.close(self.xml, self.parser.CurrentByteIndex)
        self.cell = self.open = None
        self.parser.StartElementHandler = self.start_cell
        self.parser.EndElementHandler = self._end_in_row
        self.parser.CharacterDataHandler = None


def styles_above(
    xml: bytes, cells: Iterable[Position], part: str = "", rows: plain.Rows | None = None
) -> dict[Position, str]:
    """For each cell the style of the nearest cell above it, where there is one."""
    wanted = sorted(cells)
    with suppress(plain.IrregularError):
        if rows is not None:
            return plain.styles_above(xml, wanted, rows)
    finder = _StyleFinder(wanted)
    walk(xml, dispatch(MAIN, {"row": finder.row, "c": finder.cell}), part)
    finder.settle(_FAR)
    return finder.found


class _StyleFinder:
    """Keeps the last style of each column that is asked for, row by row."""

    def __init__(self, cells: Sequence[Position]) -> None:
        self.wanted = list(reversed(cells))
        self.columns = {column for _, column in self.wanted}
        self.last: dict[int, str] = {}
        self.found: dict[Position, str] = {}
        self.at_row = self.at_column = 0

    def settle(self, row: int) -> None:
        """Answer for the wanted cells that stand in this row or above it."""
        while self.wanted and self.wanted[-1][0] <= row:
            position = self.wanted.pop()
            with suppress(KeyError):
                self.found[position] = self.last[position[1]]

    def row(self, attributes: Attributes) -> None:
        """Note the next row."""
        number = attributes.get("r")
        self.at_row, self.at_column = int(number) if number else self.at_row + 1, 0
        self.settle(self.at_row)

    def cell(self, attributes: Attributes) -> None:
        """Note the next cell."""
        reference = attributes.get("r")
        self.at_column = column_number(reference.rstrip("0123456789")) if reference else self.at_column + 1
        if self.at_column in self.columns:
            self.last[self.at_column] = attributes.get("s", "")
