"""From raw cells to records: what exists, what is kept, and where it stood."""

from __future__ import annotations

from hmsbook.model.book import Manifest
from hmsbook.model.raw import RawBook, RawCell, RawRow, RawTable, Value
from hmsbook.model.records import Place
from hmsbook.reading.book import read_book
from tests.support.drawn import drawn


def _table(name: str, drawing: str, *, merged: tuple[str, ...] = ()) -> RawTable:
    rows = drawn(drawing)
    headers = list(rows[0])
    return RawTable(
        f"hms_{name}",
        "Ark",
        tuple(RawCell(header, f"{letter}1") for letter, header in zip("ABCDEFGH", headers, strict=False)),
        tuple(RawRow(number, _cells(number, list(row.values()))) for number, row in enumerate(rows, 2)),
        merged,
    )


def _cells(number: int, texts: list[str]) -> tuple[RawCell, ...]:
    """An equals sign marks a formula; digits are a number."""
    return tuple(
        RawCell(_value(text.removeprefix("=")), f"{letter}{number}", text.startswith("="))
        for letter, text in zip("ABCDEFGH", texts, strict=False)
    )


def _value(text: str) -> Value:
    return int(text) if text.isdecimal() else text or None


def _read(*tables: RawTable) -> tuple[dict[str, list[dict[str, object]]], list[str]]:
    book = read_book(RawBook({table.name: table for table in tables}, {}), Manifest(slots=2))
    rows = {key: [dict(row.values) for row in found] for key, found in book.rows.items() if found}
    said = [f"{it.severity} {it.case} {it.place.cell}" for it in book.problems if it.case != "table_missing"]
    return rows, said


def test_a_row_exists_when_something_besides_its_number_is_filled() -> None:
    rows, _ = _read(
        _table(
            "challenges",
            """
        | Id  | Beskrivelse | Mitt |
        | U01 | Støy        |      |
        | U02 |             |      |
        | U03 |             | Hei  |
        |     | Uten id     |      |
    """,
        )
    )
    assert [row.get("id") for row in rows["challenges"]] == ["U01", "U03", None]


def test_a_month_alone_is_no_row() -> None:
    rows, _ = _read(
        _table(
            "values",
            """
        | Måned | I01 |
        | 45658 | 6   |
        | 45689 |     |
    """,
        )
    )
    assert [row["I01"] for row in rows["values"]] == [6]


def test_computed_cells_are_not_read_and_must_be_computed() -> None:
    rows, said = _read(
        _table(
            "measures",
            """
        | Id  | Tiltak | Dager igjen |
        | T01 | Rydde  | =15         |
        | T02 | Male   | 15          |
        | T03 | Vaske  |             |
    """,
        )
    )
    assert all("days_left" not in row for row in rows["measures"])
    assert [line for line in said if "formula_gone" in line] == ["W formula_gone C3"]


def test_merged_cells_are_named_by_their_first() -> None:
    _, said = _read(
        _table(
            "events",
            """
        | Måned | Hendelse |
        | 45658 | Ny leder |
    """,
            merged=("A2:B3",),
        )
    )
    assert "E merged A2" in said


def test_what_is_missing_is_told_of_every_table() -> None:
    book = read_book(RawBook({}, {}), Manifest(slots=2))
    assert {problem.case for problem in book.problems} == {"table_missing"}
    assert all(problem.place == Place() for problem in book.problems)
    assert book.unit.method is None


def test_a_field_of_their_own_in_a_form_is_kept_under_its_label() -> None:
    form = RawTable(
        "hms_unit",
        "Gruppe",
        (RawCell("Opplysning", "A1"), RawCell("Svar", "B1")),
        (
            RawRow(2, (RawCell("Enhet", "A2"), RawCell("Post 2", "B2"))),
            RawRow(3, (RawCell("Etasje", "A3"), RawCell(4, "B3"))),
        ),
    )
    book = read_book(RawBook({form.name: form}, {}), Manifest(slots=2))
    (row,) = book.rows["unit"]
    assert (row.get("unit"), row.extra) == ("Post 2", {"Etasje": 4})
