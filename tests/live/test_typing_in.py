"""What is put into cells so that they hold just what is meant, and how it is cut into blocks."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlwings
from hypothesis import given
from hypothesis import strategies as st

from hmsbook.hosts import com, typing_in
from hmsbook.hosts.open_book import read_cells
from hmsbook.hosts.typing_in import LONGEST, around, blocks, content, positions, typed, typed_formula
from hmsbook.opc.cells import ErrorValue, Formula
from tests.support.xlwings_uno.engine import UnoEngine

SENTENCES = Path(__file__).parents[2] / "docs" / "sentences.md"

cells = st.dictionaries(
    st.tuples(st.integers(1, 12), st.integers(1, 8)),
    st.one_of(st.integers(0, 9), st.sampled_from(["a", "b" * (LONGEST + 1), None])),
)

# What Excel or LibreOffice, in Norwegian or English, may take for something else than a text.
LOOKALIKES = """
1-2|1/2|1.2|1,2|1.2.2026|31.12.2025|2025-01-31|12/31/2025|1-2-3|jan 26|januar 2026|mai 2026|1. mai|May 1|
1 May|mar1|SEPT2|Oct-4|des. 25|31 desember 2025 kl 12|Mon May 4 2026 1:30 PM|
mandag 4. mai 2026 kl. 12.30.00|
May 1 2025 12 : 30 : 45 PM|12:30|12.30|1:30 PM|1 p|1 a|24:00:00|12 %|12%|
-5|- 5|+5|(5)|(5,00)|5-|1e5|2E-3|1E+10|
1 000|1 000,5|1,000.5|1.000,50|1 1/2|0 3/4|5 kr|kr 5|NOK 5|$5|€ 5|5 £|
SANN|USANN|TRUE|FALSE|sann|True|Sann.|ja|nei|
=1+1|=A1|=|==|+A1|-A1|@SUM(A1)|#N/A|#I/T|#REF!|#DIV/0!|#VERDI!|#NAVN?|
'|''|'tekst|'=1+1|"|^midt|\\fyll|/meny|
 1| 1 |1 |	1|0123|007|00|0x1F|1_000|INF|NaN|-0|1..2|1,|,5|.5|5.|1;2|A1|R1C1|RC|hms_t[Id]|
https://x.example|kari@x.example|
Én setning til|ja/nei|Kari Ås|E-post|a|æ|🙂|١٢|１２|Ⅻ|½|²|i dag og i morgen|Fra 3 til 4 av 5 på 6 nå
""".replace("\n", "").split("|")
OTHERS = [
    "to\nlinjer",
    "1\n2",
    "\n",
    "=1\n+1",
    "31.12.2025\n",
    "Første linje er en hel setning med mange ord\n12",
    "0123456789abcdef" * 1000,
    "9" * 16000,
    "1 " * 4000,
    "e" * 32766,
    "a" * LONGEST,
    "a" * (LONGEST + 1),
]


@given(cells)
def test_blocks_cover_just_the_cells(wanted: dict[tuple[int, int], object]) -> None:
    for cut in (blocks, typing_in.lines):
        found = [
            (at, value)
            for block in cut(wanted)
            for at, value in zip(positions(block.area), (it for row in block.rows for it in row), strict=True)
        ]
        assert len(found) == len(wanted)
        assert dict(found) == wanted


@given(cells)
def test_long_texts_are_put_in_alone_and_lines_are_one_row(wanted: dict[tuple[int, int], object]) -> None:
    for block in blocks(wanted):
        texts = [it for row in block.rows for it in row]
        assert len(texts) == 1 or all(not isinstance(it, str) or len(it) <= LONGEST for it in texts)
    assert all(len(block.rows) == 1 for block in typing_in.lines(wanted))


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 9), st.integers(1, 9))
def test_a_full_rectangle_is_one_block(top: int, left: int, height: int, width: int) -> None:
    area = (top, left, top + height - 1, left + width - 1)
    (only,) = blocks(dict.fromkeys(positions(area), 1))
    assert only.area == area == around(positions(area))


@pytest.fixture(scope="module")
def sheet(engine: UnoEngine) -> Iterator[xlwings.Sheet]:
    assert engine.calls.writes >= 0
    book = xlwings.books.add()
    yield book.sheets[0]
    book.close()


def _put(sheet: xlwings.Sheet, values: list[object]) -> list[object]:
    """What cells hold when values have been put into them."""
    wanted = {(row, 2): typed(value) for row, value in enumerate(values, 1)}  # type: ignore[arg-type]
    for block in blocks(wanted):
        com.put_values(sheet, block.area, block.rows)
    found = dict(read_cells(sheet, around(wanted)))
    assert [cell for cell in found.values() if cell.is_formula] == []
    return [found[at].value if at in found else None for at in wanted]


def test_a_text_stays_the_text_it_is(sheet: xlwings.Sheet) -> None:
    texts = [*LOOKALIKES, *OTHERS]
    found = _put(sheet, list(texts))
    assert [
        (text[:40], type(one).__name__) for text, one in zip(texts, found, strict=True) if one != text
    ] == []


def test_our_sentences_go_as_they_are(sheet: xlwings.Sheet) -> None:
    rows = [
        line.split("|")[2:5] for line in SENTENCES.read_text(encoding="utf-8").splitlines() if "|" in line
    ]
    sentences = [cell.strip() for row in rows for cell in row if re.search(r"[.!?]$", cell.strip())]
    whole = [text for text in sentences if not text.startswith("…")]
    assert len(whole) > 100
    marked = [text for text in whole if typed(text) != text]
    assert len(marked) < len(whole) / 20, marked
    assert _put(sheet, list(whole)) == whole


def test_all_else_is_what_it_was(sheet: xlwings.Sheet) -> None:
    values: list[object] = [True, False, 0, -1.5, 46000, 1e-300, 0.1 + 0.2, None, ""]
    assert _put(sheet, values) == [True, False, 0, -1.5, 46000, 1e-300, 0.1 + 0.2, None, None]
    # An error is put back as the error it was; the text that looks like one stays a text.
    assert [typed(ErrorValue("#N/A")), typed("#N/A")] == ["#N/A", "'#N/A"]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60))
def test_a_mark_is_an_apostrophe_before_the_very_text(text: str) -> None:
    assert typed(text) in (text, f"'{text}")
    assert typed(f"{{={text}}}") == f"'{{={text}}}"
    # What could be a number, a date, a truth or a formula never goes without one.
    if not re.search(r"[^\W\d_]{2,}[^\w]+[^\W\d_]{2,}", text) and len(text) > 1:
        words = re.findall(r"[^\W\d_]+", text)
        assert typed(text) == f"'{text}" or len(words) > 1


def test_even_the_longest_text_is_judged_at_once() -> None:
    texts = ["a " * 16000 + "\n", "a" * 32000, "9" * 32000, "ord " * 8000, "a-" * 16000]
    began = time.process_time()
    assert [typed(text)[:1] for text in texts] == ["'", "'", "'", "o", "'"]
    assert time.process_time() - began < 1


def test_formulas_go_without_the_prefix_of_files() -> None:
    assert typed_formula(Formula("_xlfn.IFNA(A1,_xlfn.CONCAT(B1))", None)) == "=IFNA(A1,CONCAT(B1))"
    assert (content(Formula("", "1-2")), content(Formula("A1", 2)), content("1-2")) == ("'1-2", "=A1", "'1-2")
