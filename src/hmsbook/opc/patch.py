"""The bytes to write into a worksheet part, once it is known where things stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from hmsbook.errors import PackageError
from hmsbook.model.frozen import NOTHING
from hmsbook.opc import plain
from hmsbook.opc.cells import (
    Encoded,
    Formula,
    Position,
    Range,
    Value,
    Write,
    cell_name,
    decode,
    encode,
    parse_range,
    range_name,
    same,
)
from hmsbook.opc.markup import Attributes, Splice, apply, closed, escape_xml, opened, with_attributes
from hmsbook.opc.rest import kept, rest
from hmsbook.opc.survey import CellPlace, Element, Survey, styles_above

Strings = Callable[[], Sequence[str]]

_TRUE = ("1", "true", "on")
_PLAIN = {"r", "s", "t", "cm", "vm"}
_USUAL_WIDTH = "9.140625"


class Edit(NamedTuple):
    """What is to change in a worksheet part: cells, which rows and columns are hidden, and whole rows.

    A new cell takes its style from `styles`, else from the nearest cell above it. `rows` are new contents of
    rows that are written the usual way, by number.
    """

    writes: Mapping[Position, Write] = NOTHING
    hidden_rows: Mapping[int, bool] = NOTHING
    hidden_cols: Mapping[int, bool] = NOTHING
    styles: Mapping[Position, int] = NOTHING
    rows: Mapping[int, bytes] = NOTHING


class Plan:
    """What has to change in one worksheet part."""

    def __init__(self, xml: bytes, found: Survey, edit: Edit, strings: Strings, part: str) -> None:
        self.xml, self.found, self.part = xml, found, part
        self.writes, self.strings = edit.writes, strings
        self.hidden_rows, self.hidden_cols = edit.hidden_rows, edit.hidden_cols
        self.edit = edit

    def result(self) -> bytes:
        """The part as wanted; the same bytes when it already is."""
        return apply(self.xml, [*self._whole_rows(), *self._splices()])

    def carried_out(self) -> bytes:
        """What becomes of a part in which all has been done already, whole rows apart: the same bytes."""
        return apply(self.xml, self._splices())

    def rest(self) -> bytes:
        """All of the part that must be the same in the result, apart from rows that are new as a whole."""
        return rest(self.xml, self.found, self.hidden_cols, self._rows())

    def kept(self, among: Iterable[Position]) -> list[object]:
        """What must stay of cells that are there: style, extensions, and a formula where none is written."""
        cells = ((at, self.found.cells.get(at)) for at in among)
        return [
            cell and (kept(self.xml, cell), self._formula_kept(cell, self.writes[at])) for at, cell in cells
        ]

    def _formula_kept(self, cell: CellPlace, write: Write) -> bytes:
        return b"" if isinstance(write, Formula) or cell.formula is None else cell.formula.raw(self.xml)

    def _whole_rows(self) -> Iterator[Splice]:
        for row in self._rows():
            yield Splice(row.tag_end, row.end, self.edit.rows[row.number])

    def _rows(self) -> list[plain.Row]:
        """The rows that get new contents as a whole."""
        wanted = self.edit.rows
        return [row for row in self.found.all_rows or () if row.number in wanted] if wanted else []

    def _splices(self) -> list[Splice]:
        new = self._new_cells()
        return [
            *self._changed_cells(),
            *self._changed_rows(new),
            *self._new_rows(new),
            *self._dimension(new),
            *column_splices(self.xml, self.found, self.hidden_cols),
        ]

    def _changed_cells(self) -> Iterable[Splice]:
        for position, cell in self.found.cells.items():
            new = self._changed_cell(cell, position)
            if new is not None:
                yield Splice(cell.start, cell.end, new)

    def _changed_cell(self, cell: CellPlace, position: Position) -> bytes | None:
        write = self.writes[position]
        formula = self._formula(cell, write, position) if isinstance(write, Formula) else None
        value = write.value if isinstance(write, Formula) else write
        if formula is None and same(self._old_value(cell), value):
            return None
        kept = formula if formula is not None else cell.formula.raw(self.xml) if cell.formula else b""
        return self._cell(cell, kept, encode(value, bool(kept), self.found.prefix))

    def _cell(self, cell: CellPlace, formula: bytes, new: Encoded) -> bytes:
        tag = self._cell_tag(cell, new.type)
        inside = formula + new.content + b"".join(extension.raw(self.xml) for extension in cell.extensions)
        return opened(tag) + inside + _end(b"c", self.found.prefix) if inside else closed(tag)

    def _cell_tag(self, cell: CellPlace, kind: str | None) -> bytes:
        old = cell.attributes
        if old.keys() <= _PLAIN:
            kept = [(name, old[name]) for name in ("r", "s") if name in old]
            return _tag(b"c", self.found.prefix, [*kept, ("t", kind)] if kind else kept)
        return with_attributes(cell.tag(self.xml), _fresh(old, kind))

    def _formula(self, cell: CellPlace, write: Formula, position: Position) -> bytes | None:
        """The formula to put in the place of the one there, if any has to be; nothing for an empty one."""
        wanted = write.text.removeprefix("=")
        if cell.formula is not None:
            if cell.formula_text == wanted and wanted:
                return None
            if cell.formula.attributes.get("t") == "shared" and "ref" in cell.formula.attributes:
                raise PackageError("shared_formula", part=self.part, cell=cell_name(position))
        return _formula_markup(wanted, self.found.prefix) if wanted else b""

    def _old_value(self, cell: CellPlace) -> Value:
        kind = cell.attributes.get("t", "n")
        if kind == "inlineStr":
            return None if cell.inline is None else decode(kind, cell.inline)
        if cell.text is None:
            return None
        return self._shared(cell.text) if kind == "s" else decode(kind, cell.text, self.part)

    def _shared(self, text: str) -> Value:
        strings = self.strings()
        # Without the strings, or with a broken index, what stands there is unknown and never the same.
        return strings[int(text)] if text.isdecimal() and int(text) < len(strings) else float("nan")

    def _new_cells(self) -> dict[int, list[tuple[Position, bytes]]]:
        """The cells to insert, by row and in order."""
        missing = sorted(at for at in self.found.missing_cells if self.writes[at] is not None)
        chosen = self._styles(missing)
        rows: dict[int, list[tuple[Position, bytes]]] = {}
        for position in missing:
            new = self._new_cell(position, chosen.get(position, ""))
            rows.setdefault(position[0], []).append((position, new))
        return rows

    def _styles(self, missing: list[Position]) -> dict[Position, str]:
        styles = self.edit.styles
        unstyled = [position for position in missing if position not in styles]
        above = styles_above(self.xml, unstyled, self.part, self.found.all_rows) if unstyled else {}
        return above | {position: str(style) for position, style in styles.items()}

    def _new_cell(self, position: Position, style: str) -> bytes:
        write, prefix = self.writes[position], self.found.prefix
        is_formula = isinstance(write, Formula)
        value = write.value if isinstance(write, Formula) else write
        formula = _formula_markup(write.text.removeprefix("="), prefix) if isinstance(write, Formula) else b""
        new = encode(value, is_formula, prefix)
        kind = f' t="{new.type}"' if new.type else ""
        styled = f' s="{style}"' if style not in ("", "0") else ""
        tag = f'c r="{cell_name(position)}"{styled}{kind}>'.encode()
        return b"<%s%s%s%s</%sc>" % (prefix, tag, formula, new.content, prefix)

    def _changed_rows(self, new: Mapping[int, list[tuple[Position, bytes]]]) -> Iterable[Splice]:
        for number, row in self.found.rows.items():
            cells = new.get(number, [])
            tag = with_attributes(row.tag(self.xml), self._row_changes(number, row, cells))
            if cells and row.end == row.tag_end:
                inside = b"".join(content for _, content in cells)
                yield Splice(row.start, row.end, opened(tag) + inside + _end(b"row", self.found.prefix))
                continue
            if tag != row.tag(self.xml):
                yield Splice(row.start, row.tag_end, tag)
            for position, content in cells:
                at = self.found.missing_cells[position]
                yield Splice(at, at, content)

    def _row_changes(
        self, number: int, row: Element, cells: Sequence[tuple[Position, bytes]]
    ) -> dict[str, str | None]:
        changes: dict[str, str | None] = {}
        spans = row.attributes.get("spans")
        if spans and cells:
            changes |= _wider(spans, [position[1] for position, _ in cells])
        wanted = self.hidden_rows.get(number)
        if wanted is not None and wanted is not (row.attributes.get("hidden") in _TRUE):
            changes["hidden"] = "1" if wanted else None
        return changes

    def _new_rows(self, new: Mapping[int, list[tuple[Position, bytes]]]) -> Iterable[Splice]:
        at_end = self.found.sheet_data
        rows = [(at, self._new_row(row, new)) for row, at in sorted(self.found.missing_rows.items())]
        rows = [(at, content) for at, content in rows if content]
        if at_end is not None and at_end.end == at_end.tag_end:
            if rows:
                inside = b"".join(content for _, content in rows)
                tag = opened(at_end.tag(self.xml))
                yield Splice(at_end.start, at_end.end, tag + inside + _end(b"sheetData", self.found.prefix))
            return
        for at, content in rows:
            yield Splice(at, at, content)

    def _new_row(self, number: int, new: Mapping[int, list[tuple[Position, bytes]]]) -> bytes:
        """A row that was not there, or nothing when nothing calls for it."""
        cells = b"".join(content for _, content in new.get(number, ()))
        hidden = b' hidden="1"' if self.hidden_rows.get(number) else b""
        if not cells and not hidden:
            return b""
        tag = b'<%srow r="%d"%s>' % (self.found.prefix, number, hidden)
        return tag + cells + _end(b"row", self.found.prefix) if cells else closed(tag)

    def _dimension(self, new: Mapping[int, list[tuple[Position, bytes]]]) -> Iterable[Splice]:
        place = self.found.dimension
        positions = [position for cells in new.values() for position, _ in cells]
        if place is None or not positions:
            return
        old = parse_range(place.attributes.get("ref", "A1"))
        wide = _around(old, positions)
        if wide != old:
            tag = with_attributes(place.tag(self.xml), {"ref": range_name(wide)})
            yield Splice(place.start, place.tag_end, tag)


def _fresh(old: Attributes, kind: str | None) -> dict[str, str | None]:
    """The changes that make a cell's attributes right for a new value."""
    changes: dict[str, str | None] = {name: None for name in ("cm", "vm") if name in old}
    if old.get("t") != kind:
        changes["t"] = kind
    return changes


def _tag(name: bytes, prefix: bytes, attributes: Iterable[tuple[str, str]]) -> bytes:
    """A start tag; the values hold nothing that needs escaping."""
    inside = "".join(f' {key}="{value}"' for key, value in attributes)
    return b"<%s%s%s>" % (prefix, name, inside.encode())


def _end(name: bytes, prefix: bytes) -> bytes:
    return b"</%s%s>" % (prefix, name)


def _formula_markup(text: str, prefix: bytes) -> bytes:
    return b"<%sf>%s</%sf>" % (prefix, escape_xml(text), prefix)


def _wider(spans: str, columns: Iterable[int]) -> dict[str, str | None]:
    try:
        pairs = [(int(low), int(high)) for low, _, high in (pair.partition(":") for pair in spans.split())]
    except ValueError:
        # What they say is only a hint, and this one says nothing.
        return {"spans": None}
    if all(any(low <= column <= high for low, high in pairs) for column in columns):
        return {}
    ends = [*columns, *(end for pair in pairs for end in pair)]
    return {"spans": f"{min(ends)}:{max(ends)}"}


def _around(area: Range, positions: Iterable[Position]) -> Range:
    rows, columns = zip(*positions, strict=True)
    return min(area[0], *rows), min(area[1], *columns), max(area[2], *rows), max(area[3], *columns)


def column_splices(xml: bytes, found: Survey, hidden: Mapping[int, bool]) -> list[Splice]:
    """The changes that hide or show columns, with ranges split where they must be."""
    splices: list[Splice] = []
    left = dict(hidden)
    for col in found.col:
        low, high = int(col.attributes["min"]), int(col.attributes["max"])
        inside = {column: left.pop(column) for column in list(left) if low <= column <= high}
        is_hidden = col.attributes.get("hidden") in _TRUE
        wrong = {column: state for column, state in inside.items() if state is not is_hidden}
        if wrong:
            splices.append(Splice(col.start, col.end, _split(xml, found, col, (low, high), wrong)))
    return splices + _new_columns(xml, found, sorted(column for column, state in left.items() if state))


def _split(
    xml: bytes, found: Survey, col: Element, ends: tuple[int, int], wrong: Mapping[int, bool]
) -> bytes:
    pieces: list[bytes] = []
    at = ends[0]
    for low, high in _runs(sorted(wrong)):
        if low > at:
            pieces.append(_col_tag(xml, col, (at, low - 1), {}))
        pieces.append(_col_tag(xml, col, (low, high), _col_changes(found, col, wrong[low])))
        at = high + 1
    if at <= ends[1]:
        pieces.append(_col_tag(xml, col, (at, ends[1]), {}))
    return b"".join(pieces)


def _col_tag(xml: bytes, col: Element, ends: tuple[int, int], changes: Mapping[str, str | None]) -> bytes:
    tag = closed(col.tag(xml))
    wanted = {"min": str(ends[0]), "max": str(ends[1])}
    moved = {name: value for name, value in wanted.items() if col.attributes[name] != value}
    return with_attributes(tag, {**moved, **changes})


def _col_changes(found: Survey, col: Element, hide: bool) -> dict[str, str | None]:
    if hide:
        return {"hidden": "1"}
    # A column that Excel hid without ever having a width has width 0, which would keep it unseen.
    if float(col.attributes.get("width", "1")) == 0:
        return {"hidden": None, "width": found.default_width or _USUAL_WIDTH, "customWidth": None}
    return {"hidden": None}


def _runs(columns: Iterable[int]) -> list[tuple[int, int]]:
    """Neighbouring numbers as ranges."""
    runs: list[tuple[int, int]] = []
    for column in columns:
        if runs and runs[-1][1] == column - 1:
            runs[-1] = (runs[-1][0], column)
        else:
            runs.append((column, column))
    return runs


def _new_columns(xml: bytes, found: Survey, columns: Sequence[int]) -> list[Splice]:
    """Hidden columns where no `<col>` speaks of them yet."""
    runs = [(low, _new_col(found, low, high)) for low, high in _runs(columns)]
    if not runs:
        return []
    if found.cols is None or found.cols.end == found.cols.tag_end:
        return [_new_cols(xml, found, b"".join(content for _, content in runs))]
    return [Splice(at := _col_position(found, low), at, content) for low, content in runs]


def _new_col(found: Survey, low: int, high: int) -> bytes:
    width = (found.default_width or _USUAL_WIDTH).encode()
    return b'<%scol min="%d" max="%d" width="%s" hidden="1"/>' % (found.prefix, low, high, width)


def _new_cols(xml: bytes, found: Survey, inside: bytes) -> Splice:
    end = _end(b"cols", found.prefix)
    if found.cols is not None:
        return Splice(found.cols.start, found.cols.end, opened(found.cols.tag(xml)) + inside + end)
    at = found.sheet_data.start if found.sheet_data else 0
    return Splice(at, at, b"<%scols>" % found.prefix + inside + end)


def _col_position(found: Survey, low: int) -> int:
    later = [col.start for col in found.col if int(col.attributes["min"]) > low]
    return min(later) if later else found.cols.inner_end if found.cols else 0
