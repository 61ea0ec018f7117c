"""The sheet of trends: what a chart is made of, and that three of them fit a page."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest

from hmsbook.actions.create import new
from hmsbook.draw.canvas import ROW
from hmsbook.draw.sheets.trends import BLOCKS_ROW, PER_PAGE
from hmsbook.standard.sheets.trends import BLOCK_ROWS
from hmsbook.texts.words import words

TODAY = date(2026, 11, 16)
A4_HEIGHT, INCH = 842, 72
# Programs differ a little in what they make of a height.
SPARE = 0.98


@pytest.fixture(scope="module", params=["nb", "nn", "en"])
def book(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    path = tmp_path_factory.mktemp("trends") / "book.xlsx"
    new(path, lang=request.param, today=TODAY)
    return request.param, path


@pytest.fixture
def chart(book: tuple[str, Path]) -> str:
    with ZipFile(book[1]) as package:
        parts = (package.read(name).decode() for name in package.namelist() if "/charts/chart" in name)
        return next(part for part in parts if "dateAx" in part)


@pytest.fixture
def sheet(book: tuple[str, Path]) -> str:
    with ZipFile(book[1]) as package:
        names = re.findall(r'<sheet name="(.*?)"', package.read("xl/workbook.xml").decode())
        number = names.index(words(book[0]).text("sheets.trends.title")) + 1
        return package.read(f"xl/worksheets/sheet{number}.xml").decode()


def named(chart: str) -> list[str]:
    """What the legend names, in its order."""
    names = re.findall(r"<c:tx><c:v>(.*?)</c:v>", chart)
    left_out = {int(index) for index in re.findall(r'<c:legendEntry><c:idx val="(\d+)"/>', chart)}
    return [name for index, name in enumerate(names) if index not in left_out]


def test_the_legend_names_each_thing_once_in_the_books_language(book: tuple[str, Path], chart: str) -> None:
    keys = ("mean", "lower", "target", "improvement", "concern", "neutral")
    assert named(chart) == [words(book[0]).text(f"ui.trends.{key}") for key in keys]


def test_marks_have_an_axis_that_is_there_and_is_not_seen(chart: str) -> None:
    """Excel moves the series of a deleted value axis to the other one."""
    _, second = re.findall(r"<c:valAx>.*?</c:valAx>", chart)
    assert "<c:delete" not in second
    assert '<c:tickLblPos val="none"/>' in second
    assert '<c:max val="10000"/><c:min val="-600"/>' in second
    assert chart.count("<c:errBars>") == 2


def test_marks_write_their_numbers_themselves(chart: str) -> None:
    assert 'formatCode="[&lt;1000]&quot;T&quot;00;&quot;T&quot;ss"' in chart
    assert 'formatCode="s&quot;)&quot;"' in chart


def test_only_the_newest_label_stands_beside_its_point(chart: str) -> None:
    labels = re.findall(r"<c:dLbl>.*?</c:dLbl>", chart)
    assert [re.findall(r'(?:idx|dLblPos) val="(\w+)"', label) for label in labels] == [["60", "r"]]


def test_three_blocks_fit_a_page(sheet: str) -> None:
    heights = {
        int(row): float(height) for row, height in re.findall(r'<row r="(\d+)"[^>]*? ht="(.*?)"', sheet)
    }
    used = sum(heights.get(row, ROW) for row in range(1, BLOCKS_ROW + PER_PAGE * BLOCK_ROWS + 1))
    top, bottom = (float(size) for size in re.findall(r'<pageMargins.*?top="(.*?)" bottom="(.*?)"', sheet)[0])
    scale = int(re.findall(r'<pageSetup .*?scale="(\d+)"', sheet)[0]) / 100
    assert used * scale <= (A4_HEIGHT - INCH * (top + bottom)) * SPARE


def test_a_page_breaks_between_blocks(sheet: str) -> None:
    breaks = [int(row) for row in re.findall(r'<brk id="(\d+)"', sheet)]
    assert breaks == [BLOCKS_ROW + slot * BLOCK_ROWS for slot in range(PER_PAGE, 24, PER_PAGE)]
