"""People's own cells, where a merge writes: found by table, row and column, and tables that get more rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hmsbook.actions.reading import OpenedFile, open_book
from hmsbook.actions.update import Along, plan_update
from hmsbook.merge.findings import OWN
from hmsbook.model.records import Row
from hmsbook.opc.package import Package as Stored
from hmsbook.opc.workbook import Workbook
from hmsbook.texts.words import words
from tests.hosts.books import TODAY, book, package, spot, table, value

Cells = dict[tuple[str, int, str], Any]


def written(path: Path, cells: Cells) -> OpenedFile:
    """The workbook after these cells were written along with an update."""
    opened = open_book(path)
    along = Along(lines=("Hentet svar",), cells=cells)
    planned = plan_update(opened, today=TODAY, along=along)
    assert planned.fill is not None
    path.write_bytes(opened.host.rewrite(planned.fill).data)
    return open_book(path)


def row_of(opened: OpenedFile, key: str, index: int) -> Row:
    return opened.book.drawn_rows[key][index]


def test_cells_are_written_where_they_belong(tmp_path: Path) -> None:
    path = book(tmp_path / "bok.xlsx")
    opened = written(
        path,
        {
            ("measures", 1, "responsible"): "Kari Ås",
            ("measures", 2, "measure"): "Ny vaktplan",
            ("values", 0, "I01"): 7.25,
            ("unit", 0, "headcount"): 42,
            ("weights", 0, "cost"): 2,
        },
    )
    assert row_of(opened, "measures", 1).get("responsible") == "Kari Ås"
    assert row_of(opened, "measures", 2).values == {"id": "T03", "measure": "Ny vaktplan"}
    assert row_of(opened, "values", 0).get("I01") == 7.25
    assert opened.book.unit.headcount == 42
    assert opened.book.weights.cost == 2


def test_a_value_takes_the_place_of_a_persons_own_formula(tmp_path: Path) -> None:
    from hmsbook.opc.cells import Formula
    from tests.hosts.books import formula, type_in

    path = book(tmp_path / "bok.xlsx")
    type_in(path, ("values", "I01", 0, Formula("1+1", 2)))
    written(path, {("values", 0, "I01"): 5.5})
    sheet, cell = spot(path, "values", "I01", 0)
    assert formula(path, sheet, cell) is None
    assert value(path, sheet, cell) == 5.5


def test_nothing_but_the_cells_and_what_follows_from_them_changes(tmp_path: Path) -> None:
    path = book(tmp_path / "bok.xlsx")
    before = Stored.open(path)
    written(path, {("measures", 1, "responsible"): "Kari Ås"})
    after = Stored.open(path)
    different = {name for name in before.names if before.raw(name) != after.raw(name)}
    assert all(name.startswith(("xl/workbook.xml", "xl/worksheets/", "xl/charts/")) for name in different)


@pytest.mark.parametrize("key", ["measures", "votes", "group", "proposals", "received"])
def test_a_full_table_gets_more_rows(tmp_path: Path, key: str) -> None:
    path = book(tmp_path / "bok.xlsx")
    opened = open_book(path)
    last, column = len(opened.book.drawn_rows[key]), _text_column(key)
    assert opened.host.room(key) >= 10
    found = written(path, {(key, last, column): "Enda en", (key, last + 1, column): "Og en til"})
    assert [row_of(found, key, last + more).get(column) for more in (0, 1)] == ["Enda en", "Og en til"]
    area = table(path, key).area
    assert area.bottom - area.top == last + 2
    filters = [it for it in Workbook(Stored.open(path)).tables if it.name == f"hms_{key}"]
    assert filters[0].ref[2] == area.bottom


def _text_column(key: str) -> str:
    return {
        "measures": "measure",
        "votes": "member",
        "group": "name",
        "proposals": "proposal",
        "received": "row",
    }[key]


def test_computed_columns_go_on_in_new_rows(tmp_path: Path) -> None:
    from tests.hosts.books import formula

    path = book(tmp_path / "bok.xlsx")
    opened = open_book(path)
    last = len(opened.book.drawn_rows["measures"])
    rows = {**opened.book.drawn_rows}
    rows["measures"] = (*rows["measures"], Row("measures", {"id": "T99", "measure": "Ny"}, index=last))
    changed = opened.but(
        book=opened.book.but(drawn_rows=rows, rows={**opened.book.rows, "measures": rows["measures"]})
    )
    cells = {("measures", last, "id"): "T99", ("measures", last, "measure"): "Ny"}
    planned = plan_update(changed, today=TODAY, along=Along(cells=cells))
    assert planned.fill is not None
    path.write_bytes(opened.host.rewrite(planned.fill).data)
    sheet, cell = spot(path, "measures", "days_left", last)
    above = spot(path, "measures", "days_left", last - 1)[1]
    assert formula(path, sheet, cell) == formula(path, sheet, above)


def test_there_is_no_room_where_another_table_follows(tmp_path: Path) -> None:
    host = open_book(book(tmp_path / "bok.xlsx")).host
    assert host.room("indicators") < 10
    assert host.room("process") < 10


def test_own_columns_are_found_by_their_headers(tmp_path: Path) -> None:
    path = book(tmp_path / "bok.xlsx")
    sheet, cell = spot(path, "measures", "evaluation", -1)
    from tests.hosts.books import put

    label = words("nb").text("columns.measures.evaluation.label")
    put(path, {(sheet, cell): "Min egen"})
    part = table(path, "measures").part
    xml = package(path).parts[part].decode()
    from tests.hosts.books import replace_parts

    replace_parts(path, {part: xml.replace(f'name="{label}"', 'name="Min egen"').encode()})
    opened = written(path, {("measures", 0, f"{OWN}Min egen"): "hei"})
    assert row_of(opened, "measures", 0).extra == {"Min egen": "hei"}
