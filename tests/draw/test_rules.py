"""What turns visible by itself does so in the right rows: each condition is asked of LibreOffice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hmsbook.opc.cells import cell_name, parse_cell
from tests.hosts.books import book, package, spot
from tests.support.office import Document, Office
from tests.support.package import MAIN


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return book(tmp_path_factory.mktemp("rules") / "bok.xlsx")


@pytest.fixture
def opened(path: Path, office: Office) -> Iterator[Document]:
    with office.open(path) as found:
        yield found


def conditions(path: Path, key: str, column: str) -> list[str]:
    """The formulas of the conditional formats that begin at a column's first cell."""
    name, first = spot(path, key, column)
    sheet = next(it for it in package(path).sheets if it.name == name)
    blocks = sheet.element.iter(f"{MAIN}conditionalFormatting")
    mine = [block for block in blocks if (block.get("sqref") or "").split(":")[0] == first]
    return [
        rule.findtext(f"{MAIN}formula") or ""
        for block in mine
        for rule in block.iter(f"{MAIN}cfRule")
        if rule.get("type") == "expression"
    ]


def holds(opened: Document, sheet: str, condition: str) -> bool:
    """Whether a condition holds of the row it is written for."""
    # Typed as in Norway, with decimal comma.
    opened.type(sheet, {"AZ1": f"={condition.replace(',', ';').replace('.', ',')}"})
    return opened.value(sheet, "AZ1") == 1


@pytest.mark.parametrize(
    ("what", "choice", "waits"),
    [("Konflikt", "", True), ("Konflikt", "Vårt", False), ("Endring", "", False), ("", "", False)],
)
def test_a_conflict_waits_for_a_choice(
    path: Path, opened: Document, what: str, choice: str, waits: bool
) -> None:
    (condition,) = conditions(path, "received", "choice")
    sheet, cell = spot(path, "received", "what")
    opened.put(sheet, {cell: what, spot(path, "received", "choice")[1]: choice})
    assert holds(opened, sheet, condition) is waits


def test_what_is_worth_a_talk_is_marked_in_the_row(path: Path, opened: Document) -> None:
    sheet, voters = spot(path, "votes", "member")
    row, column = parse_cell(voters)
    for at, (member, effect) in enumerate((("Kari Ås", 1), ("Ola Øy", 4))):
        cells = (member, "P01", effect, 3, 3, 3)
        opened.put(sheet, {cell_name((row + at, column + it)): cell for it, cell in enumerate(cells)})
    name = spot(path, "proposals", "rank")[0]
    for key in ("score", "rank", "quadrant", "talk", "spread", "effect"):
        (condition,) = conditions(path, "proposals", key)
        assert holds(opened, name, condition), key
    opened.put(sheet, {cell_name((row, column + 2)): 4})
    for key in ("rank", "talk", "spread"):
        (condition,) = conditions(path, "proposals", key)
        assert not holds(opened, name, condition), key
    opened.put(sheet, {cell_name((row + at, column + 1)): None for at in range(2)})
    (condition,) = conditions(path, "proposals", "effect")
    assert not holds(opened, name, condition)
