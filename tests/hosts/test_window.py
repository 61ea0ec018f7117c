"""The chart window is compared by its values alone, and what another program dropped there comes back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from hmsbook.actions.create import new
from hmsbook.actions.update import update
from hmsbook.hosts.file import FileHost
from hmsbook.hosts.window import Rewritten, is_right, rewritten
from hmsbook.opc.cells import ErrorValue
from hmsbook.opc.markup import MAIN
from hmsbook.opc.patch import Edit
from hmsbook.opc.sheet import Sheet

TODAY = date(2026, 11, 16)
SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "byggeplass" / "data.json"
NA = ErrorValue("#N/A")
VALUE = re.compile(rb"<v>[^<]*</v>")


def sheet(*rows: str) -> bytes:
    body = "".join(f'<row r="{number}">{cells}</row>' for number, cells in enumerate(rows, 1))
    return f'<worksheet xmlns="{MAIN[0]}"><sheetData>{body}</sheetData></worksheet>'.encode()


def cell(at: str, shown: str, kind: str = "") -> str:
    return f'<c r="{at}"{kind}><f>A1</f><v>{shown}</v></c>'


ERROR = ' t="e"'
TWO = sheet("", cell("B2", "4.5") + cell("C2", "#N/A", ERROR), cell("B3", "0") + cell("C3", "-2"))


def two(xml: bytes, rows: tuple[int, int] = (2, 3)) -> Sheet:
    return Sheet(xml, formulas=rows)


def one(xml: bytes) -> Sheet:
    return two(xml, (1, 1))


def made(new: Rewritten) -> Sheet:
    return two(two(TWO).plan(Edit(rows=new.rows)).result())


@pytest.mark.parametrize(
    ("grid", "same"),
    [
        ([[4.5, NA], [0, -2]], True),
        ([[4.5, NA]], True),
        ([[4.5 * (1 + 1e-15), NA], [0, -2.0]], True),
        ([[4.6, NA], [0, -2]], False),
        ([[4.5, 1], [0, -2]], False),
        ([[NA, NA], [0, -2]], False),
    ],
)
def test_values_are_compared_one_by_one(grid: list[list[float | ErrorValue | None]], same: bool) -> None:
    new = rewritten(two(TWO), 2, 2, grid)
    assert new is not None
    assert (new.rows == {}) is (new.cells == 0) is same
    if not same:
        assert rewritten(made(new), 2, 2, grid) == ({}, 0)


def test_only_values_and_their_types_change() -> None:
    new = rewritten(two(TWO), 2, 2, [[NA, 1.5], [0, -2]])
    assert new is not None
    after = sheet("", cell("B2", "#N/A", ERROR) + cell("C2", "1.5"), cell("B3", "0") + cell("C3", "-2"))
    assert (made(new).xml, new.cells) == (after, 2)


@pytest.mark.parametrize(("kind", "shown", "value"), [(ERROR, "5", 5.0), ("", "#N/A", NA)])
def test_a_value_that_is_called_something_else_is_seen(
    kind: str, shown: str, value: float | ErrorValue
) -> None:
    before, other = sheet(cell("A1", "#N/A", ERROR)), ERROR if kind == "" else ""
    assert is_right(one(before), one(sheet(cell("A1", shown, other))), 1, [[value]])
    assert not is_right(one(before), one(sheet(cell("A1", shown, kind))), 1, [[value]])


@pytest.mark.parametrize("value", ["text", "", True, float("nan")])
def test_what_is_neither_number_nor_error_is_not_written_here(value: str | float) -> None:
    assert rewritten(two(TWO), 2, 2, [[value, NA], [0, -2]]) is None


UNUSUAL = {
    "a comment": (b"<sheetData>", b"<sheetData><!-- -->"),
    "a cell that is gone": (b'<c r="C3"><f>A1</f><v>-2</v></c>', b""),
    "a cell in another place": (b'"C3"', b'"D3"'),
    "a value without formula": (b"<f>A1</f><v>-2", b"<v>-2"),
    "a formula without value": (b"<v>-2</v>", b""),
    "a shared formula": (b"<f>A1</f><v>-2", b'<f t="shared" si="0">A1</f><v>-2'),
    "text that looks like a number": (b'<c r="C3"', b'<c r="C3" t="str"'),
    "an error that is no error": (b' t="e"', b""),
    "a row that is gone": (b'<row r="3">', b'<row r="4">'),
    "a cell more": (b"</row></sheetData>", b'<c r="D3"><v>1</v></c></row></sheetData>'),
}


@pytest.mark.parametrize("how", UNUSUAL)
def test_what_is_written_in_an_unusual_way_is_not_trusted(how: str) -> None:
    xml = TWO.replace(*UNUSUAL[how])
    assert xml != TWO
    assert rewritten(two(xml), 2, 2, [[4.5, NA], [0, -2]]) is None


@pytest.fixture(scope="module")
def updated(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("window") / "bok.xlsx"
    new(path, data=SAMPLE, today=TODAY)
    update(path, today=TODAY)
    return path.read_bytes()


def shown(xml: bytes) -> list[bytes]:
    """The values shown, however a whole number is written."""
    return [value.replace(b".0<", b"<") for value in VALUE.findall(xml)]


def without_values(xml: bytes) -> bytes:
    return VALUE.sub(b"", xml)


def one_changed(xml: bytes) -> bytes:
    """The newest value of the first indicator, which stands in the window's last row."""
    start = xml.rindex(b"<row ")
    return xml[:start] + re.sub(rb"<v>6\.[^<]*</v>", b"<v>7</v>", xml[start:], count=1)


@pytest.mark.parametrize("damage", [without_values, one_changed])
def test_values_that_are_lost_or_wrong_come_back(
    updated: bytes, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "bok.xlsx"
    path.write_bytes(updated)
    host = FileHost(path)
    spot = host.workbook.resolve("hms_window")
    assert spot is not None
    whole = host.package.read(spot[0].part)
    start = whole.index(b'<row r="%d"' % spot[1])
    damaged = whole[:start] + damage(whole[start:])
    assert damaged != whole
    path.write_bytes(host.package.replace({spot[0].part: damaged}))
    assert update(path, today=TODAY).written
    mended = FileHost(path).package.read(spot[0].part)
    assert shown(mended[start:]) == shown(whole[start:])
    assert not update(path, today=TODAY).written


def test_an_update_that_changes_nothing_leaves_the_window(updated: bytes, tmp_path: Path) -> None:
    path = tmp_path / "bok.xlsx"
    path.write_bytes(updated)
    assert not update(path, today=TODAY).written
    assert path.read_bytes() == updated
