"""The cells of one worksheet part: reading them, and writing values between the bytes that stay."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from hmsbook.errors import PackageError
from hmsbook.opc import plain
from hmsbook.opc.cells import (
    MAX_COLUMN,
    Position,
    Range,
    Value,
    Write,
    column_number,
    contains,
    decode,
    parse_range,
)
from hmsbook.opc.markup import (
    MAIN,
    Attributes,
    ElementHandler,
    dispatch,
    make_parser,
    qualified,
    require_utf8,
    run,
    starter,
)
from hmsbook.opc.patch import Edit, Plan
from hmsbook.opc.survey import survey

Strings = Callable[[], Sequence[str]]

_TRUE = ("1", "true", "on")
_FAR = 1 << 30
# The types whose values are numbers, which hold no entities when they are written the usual way.
_BARE = (b"", b"n", b"s")
_FRACTION = re.compile(rb"-?[0-9]{1,15}\.[0-9]{1,18}").fullmatch
# A number with so many digits may be one that no cell can hold.
_LONG = 16


class Cell(NamedTuple):
    """What one cell holds; `formula` is empty text for the followers of a shared formula."""

    value: Value
    formula: str | None
    style: int
    array: bool = False

    @property
    def is_formula(self) -> bool:
        """Whether the cell computes its value."""
        return self.formula is not None


class SheetScan:
    """What a worksheet part says about its cells, merges and hidden rows and columns."""

    def __init__(self) -> None:
        self.cells: dict[Position, Cell] = {}
        self.merges: list[Range] = []
        self.arrays: list[Range] = []
        self.hidden_rows: set[int] = set()
        self.hidden_cols: set[int] = set()
        self.dimension: Range | None = None

    @cached_property
    def rows_in_use(self) -> frozenset[int]:
        """The rows that have a cell."""
        return frozenset(row for row, _ in self.cells)


class Sheet:
    """A worksheet part; what is found out about its bytes is found out once.

    One that `is_sound` is known to be well-formed and written the usual way. `formulas` are the first and
    last row of those that may hold nothing but formulas; where it is known already, whoever says so looks.
    """

    def __init__(
        self,
        xml: bytes,
        part: str = "",
        *,
        is_sound: bool = False,
        formulas: tuple[int, int] | None = None,
    ) -> None:
        self.xml, self.part = xml, part
        self._is_sound, self.formulas = is_sound, formulas

    @cached_property
    def rows(self) -> plain.Rows | None:
        """The rows of a part that is written the usual way; None where only expat can tell."""
        return plain.rows(self.xml, self.formulas, is_sound=self._is_sound)

    def scan(
        self, strings: Strings, rows: tuple[int, int] | None = None, *, blanks: bool = False
    ) -> SheetScan:
        """The cells with a value or formula (`blanks`: all) in the rows first to last, and the frame."""
        scanner = _Scanner(strings, rows or (1, _FAR), blanks, self.part)
        try:
            scanner.read(self.xml, self.rows)
        except ValueError as error:
            raise PackageError("broken_part", part=self.part, reason=str(error)) from error
        self._is_sound = True
        _mark_arrays(scanner.result)
        return scanner.result

    def plan(self, edit: Edit, strings: Strings = tuple) -> Plan:
        """How an edit is made. Without the shared strings a text that stands there counts as different."""
        require_utf8(self.xml, self.part)
        wanted = edit.writes, edit.hidden_rows
        found = survey(self.xml, *wanted, self.part, rows=self.rows, is_sound=self._is_sound)
        self._is_sound = True
        return Plan(self.xml, found, edit, strings, self.part)


def scan(
    xml: bytes, strings: Strings, rows: tuple[int, int] | None = None, *, blanks: bool = False, part: str = ""
) -> SheetScan:
    """What `Sheet.scan` finds, in a part that is read once."""
    return Sheet(xml, part).scan(strings, rows, blanks=blanks)


def splice(
    xml: bytes, writes: Mapping[Position, Write], *, strings: Strings = tuple, part: str = "", **more: Any
) -> bytes:
    """The part with an edit made; the same bytes when nothing differs."""
    return Sheet(xml, part).plan(Edit(writes, **more), strings).result()


def _mark_arrays(result: SheetScan) -> None:
    left = set(result.cells) if result.arrays else set()
    for area in result.arrays:
        inside = {position for position in left if contains(area, position)}
        for position in inside:
            result.cells[position] = result.cells[position]._replace(array=True)
        left -= inside


class _Scanner:
    """The expat handlers; what they keep between events is one row and one cell."""

    def __init__(self, strings: Strings, rows: tuple[int, int], blanks: bool, part: str) -> None:
        self.result = SheetScan()
        self.first, self.last = rows
        self.strings, self.blanks, self.part = strings, blanks, part
        self.shared: Sequence[str] | None = None
        self.row = self.column = 0
        self.kind, self.style, self.has_value, self.skipping = "n", 0, False, False
        self.value: Value = None
        self.formula: str | None = None
        self.pieces: list[str] = []
        self.texts: list[str] | None = None
        self.phonetic = False

    def read(self, xml: bytes, rows: plain.Rows | None) -> None:
        self.parser = make_parser(self.part)
        self.parser.StartElementHandler = starter(self._frame_handlers())
        at, view = rows.start if rows else 0, memoryview(xml)
        run(self.parser, view[:at], self.part, final=False)
        if rows and self.parser.EndElementHandler and self._read_plain(xml, rows):
            # The cells are known already; expat only checks that they are well-formed.
            self._silence()
            first, last = rows.known
            run(self.parser, view[at:first], self.part, final=False)
            # Of rows of formulas only what is said of them is not known to be well-formed.
            tags = b"".join(b'<row r="1"%s/>' % said for said in rows.known_tags)
            run(self.parser, tags, self.part, final=False)
            run(self.parser, view[last : rows.end], self.part, final=False)
            self._end_sheet_data()
            at = rows.end
        run(self.parser, view[at:], self.part)

    def _silence(self) -> None:
        self.parser.StartElementHandler = None
        self.parser.EndElementHandler = None
        self.parser.CharacterDataHandler = None

    def _read_plain(self, xml: bytes, rows: plain.Rows) -> bool:
        """Read the rows the fast way; False, and nothing read, when a cell is not written plainly."""
        try:
            for row in rows:
                if b"hidden" in row.raw_attributes and row.attributes.get("hidden") in _TRUE:
                    self.result.hidden_rows.add(row.number)
                # Without an end tag of its own there is nothing in a row but looks.
                inside = row.end - (0 if row.empty else len(b"</row>"))
                is_empty = not self.blanks and xml.find(b"</", row.tag_end, inside) < 0
                if not is_empty and self.first <= row.number <= self.last:
                    self._plain_row(xml, row)
        except plain.IrregularError:
            self.result.hidden_rows.clear()
            self.result.cells.clear()
            return False
        return True

    def _plain_row(self, xml: bytes, row: plain.Row) -> None:
        numbers = None if self.blanks else plain.numbers(xml, row)
        if numbers is None:
            self._plain_cells(xml, row)
            return
        found, known = self.result.cells, plain.columns.get
        for _, letters, _, style, text in numbers:
            if text:
                at = row.number, known(letters) or plain.column(letters)
                found[at] = Cell(float(text) if b"." in text else int(text), None, int(style or 0))

    def _plain_cells(self, xml: bytes, row: plain.Row) -> None:
        number, found, blanks, columns = row.number, self.result.cells, self.blanks, plain.columns
        for _, letters, _, style, kind, formula, text, value, inline in plain.contents(xml, row):
            if not (value or formula or inline or blanks):
                continue
            if value and (inline or (b"&" in value and kind in _BARE)):
                raise plain.IrregularError
            shown = self._plain_value(kind, value) if value else self._plain_inline(inline)
            if shown is not None or formula or blanks:
                own = plain.text(text) if formula else None
                column = columns.get(letters) or plain.column(letters)
                found[number, column] = Cell(shown, own, int(style) if style else 0)

    def _plain_value(self, kind: bytes, value: bytes) -> Value:
        """The value of a cell of that type, from its value element."""
        text = value[3:-4]
        if not kind:
            if len(text) < _LONG and text.isdigit():
                return int(text)
            # The usual fraction; what is out of the ordinary is looked at more closely.
            return float(text) if _FRACTION(text) else decode("n", text.decode(), self.part)
        if kind == b"s":
            return self._shared(text)
        return decode(kind.decode(), plain.text(text), self.part)

    def _plain_inline(self, inline: bytes) -> Value:
        return decode("inlineStr", plain.text(plain.inline_text(inline)), self.part) if inline else None

    def _frame_handlers(self) -> dict[str, ElementHandler]:
        handlers: dict[str, ElementHandler] = {
            "dimension": self._dimension,
            "col": self._col,
            "sheetData": self._sheet_data,
            "mergeCell": self._merge,
        }
        return dispatch(MAIN, handlers)

    def _cell_handlers(self) -> dict[str, ElementHandler]:
        handlers: dict[str, ElementHandler] = {
            "c": self._cell,
            "v": self._text,
            "row": self._row,
            "f": self._formula,
            "t": self._text,
            "is": self._inline,
            "rPh": self._phonetic,
        }
        return dispatch(MAIN, handlers)

    def _enders(self) -> Callable[[str], None]:
        ends: dict[str, Callable[[], None]] = {
            "c": self._end_cell,
            "v": self._end_value,
            "f": self._end_formula,
            "t": self._end_text,
            "is": self._end_inline,
            "rPh": self._end_phonetic,
            "sheetData": self._end_sheet_data,
        }
        find = {name: end for local, end in ends.items() for name in qualified(MAIN, local)}.get

        def end(name: str) -> None:
            handler = find(name)
            if handler is not None:
                handler()

        return end

    def _dimension(self, attributes: Attributes) -> None:
        self.result.dimension = parse_range(attributes.get("ref", "A1"))

    def _col(self, attributes: Attributes) -> None:
        if attributes.get("hidden") in _TRUE:
            last = min(int(attributes["max"]), MAX_COLUMN)
            self.result.hidden_cols.update(range(int(attributes["min"]), last + 1))

    def _merge(self, attributes: Attributes) -> None:
        self.result.merges.append(parse_range(attributes["ref"]))

    def _sheet_data(self, _: Attributes) -> None:
        self.parser.StartElementHandler = starter(self._cell_handlers())
        self.parser.EndElementHandler = self._enders()
        self.parser.CharacterDataHandler = self.pieces.append

    def _end_sheet_data(self) -> None:
        self._silence()
        self.parser.StartElementHandler = starter(self._frame_handlers())

    def _row(self, attributes: Attributes) -> None:
        number = attributes.get("r")
        self.row = int(number) if number else self.row + 1
        self.column = 0
        self.skipping = not self.first <= self.row <= self.last
        if attributes.get("hidden") in _TRUE:
            self.result.hidden_rows.add(self.row)

    def _cell(self, attributes: Attributes) -> None:
        get = attributes.get
        reference = get("r")
        self.column = column_number(reference.rstrip("0123456789")) if reference else self.column + 1
        self.kind = get("t", "n")
        self.style = int(get("s", 0))
        self.value = self.formula = None
        self.has_value = False

    def _text(self, _: Attributes) -> None:
        self.pieces.clear()

    def _formula(self, attributes: Attributes) -> None:
        self.pieces.clear()
        if attributes.get("t") in ("array", "dataTable") and "ref" in attributes:
            self.result.arrays.append(parse_range(attributes["ref"]))

    def _inline(self, _: Attributes) -> None:
        self.texts = []

    def _phonetic(self, _: Attributes) -> None:
        self.phonetic = True

    def _end_phonetic(self) -> None:
        self.phonetic = False

    def _end_text(self) -> None:
        if self.texts is not None and not self.phonetic:
            self.texts.append("".join(self.pieces))

    def _end_inline(self) -> None:
        self.value = decode("inlineStr", "".join(self.texts or ()), self.part)
        self.texts = None

    def _end_formula(self) -> None:
        self.formula = "".join(self.pieces)

    def _end_value(self) -> None:
        if self.skipping:
            return
        text = "".join(self.pieces)
        self.value = self._shared(text) if self.kind == "s" else decode(self.kind, text, self.part)

    def _shared(self, text: str | bytes) -> str:
        if self.shared is None:
            self.shared = self.strings()
        number = int(text)
        if not 0 <= number < len(self.shared):
            raise PackageError("broken_part", part=self.part, reason=f"shared string {number}")
        return self.shared[number]

    def _end_cell(self) -> None:
        if self.skipping or (self.value is None and self.formula is None and not self.blanks):
            return
        self.result.cells[self.row, self.column] = Cell(self.value, self.formula, self.style)
