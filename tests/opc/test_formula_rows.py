"""Rows of formulas that one pattern takes apart are well-formed, as expat would find them."""

from __future__ import annotations

from xml.parsers import expat

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hmsbook.errors import PackageError
from hmsbook.opc.formula_rows import formula_row, showing, shown, unshown
from hmsbook.opc.markup import MAIN
from hmsbook.opc.sheet import Sheet

TWO = (
    b'<c r="B2" t="e"><f>A1&amp;"\xc3\xa5"</f><v>#N/A</v></c>'
    b'<c r="C2" s="4"><f>1&lt;2</f><v>-2.5</v></c></row>'
)


def is_well_formed(inside: bytes) -> bool:
    try:
        expat.ParserCreate().Parse(b"<row>" + inside, True)
    except expat.ExpatError:
        return False
    return True


def test_a_row_is_taken_apart() -> None:
    first, second = formula_row(TWO) or ()
    assert (shown(first), shown(second)) == (b"#N/A", b"-2.5")
    assert unshown(first) == (b'<c r="B2"', b'<f>A1&amp;"\xc3\xa5"</f>')
    assert showing(first, b"7", is_error=False) == b'<c r="B2"><f>A1&amp;"\xc3\xa5"</f><v>7'
    assert showing(second, b"#N/A", is_error=True) == b'<c r="C2" s="4" t="e"><f>1&lt;2</f><v>#N/A'


WRONG = {
    "an entity nobody knows": (b"&amp;", b"&nbsp;"),
    "an ampersand alone": (b"&amp;", b"&"),
    "half a letter": (b"\xc3\xa5", b"\xc3"),
    "a control character": (b"A1", b"A\x01"),
    "a character that is none": (b"A1", b"A\xef\xbf\xbf"),
    "the end of a section": (b"A1", b"]]>"),
    "a comment": (b"A1", b"<!-- -->"),
    "a tag more": (b"A1", b"<b/>"),
    "text between cells": (b"</c><c", b"</c> <c"),
    "a value of another kind": (b't="e"', b't="str"'),
    "an error that is not called one": (b' t="e"', b""),
    "a number that is called an error": (b"#N/A", b"1"),
    "no value": (b"<v>-2.5</v>", b""),
    "no formula": (b"<f>1&lt;2</f>", b""),
    "another row's end": (b"</row>", b"</row></row>"),
    "no end": (b"</row>", b""),
    "a carriage return": (b"A1", b"A\r1"),
}


@pytest.mark.parametrize("how", WRONG)
def test_any_other_row_is_left_to_expat(how: str) -> None:
    assert (other := TWO.replace(*WRONG[how], 1)) != TWO
    assert formula_row(other) is None


@given(
    at=st.integers(0, len(TWO)),
    length=st.integers(0, 8),
    new=st.one_of(
        st.binary(max_size=4), st.sampled_from([b"<", b">", b"&", b"&lt;", b"]]>", b'"', b"\xef\xbf\xbe"])
    ),
)
@example(at=20, length=0, new=b"]]>")
@example(at=20, length=0, new=b"\x0b")
def test_what_is_taken_for_well_formed_is(at: int, length: int, new: bytes) -> None:
    other = TWO[:at] + new + TWO[at + length :]
    assert formula_row(other) is None or is_well_formed(other)


def part(said: bytes) -> bytes:
    """A sheet with a row of text and a row of formulas, of which something is said."""
    inside = TWO.replace(b'2"', b'5"')
    rows = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="5"%s>%s' % (said, inside)
    return b'<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>' % (MAIN[0].encode(), rows)


def test_what_is_said_of_rows_of_formulas_is_looked_at() -> None:
    sheet = Sheet(part(b' ht="15" hidden="1"'), formulas=(5, 5))
    found = sheet.scan(list, (1, 4))
    assert sheet.rows is not None
    assert list(sheet.rows.formulas) == [5]
    assert (set(found.cells), found.hidden_rows) == ({(1, 1)}, {5})


@pytest.mark.parametrize(
    "said", [b' ht="1" ht="2"', b' r="7"', b' x14ac:dyDescent="1"', b' ht="\x01"', b' ht="\xff"', b' 1a="1"']
)
def test_rows_of_formulas_that_begin_wrongly_are_refused(said: bytes) -> None:
    with pytest.raises(PackageError, match="broken_part"):
        Sheet(part(said), formulas=(5, 5)).scan(list, (1, 4))


def test_rows_of_another_vocabulary_are_not_ours() -> None:
    found = Sheet(part(b' xmlns="urn:other"'), formulas=(5, 5)).scan(list)
    assert set(found.cells) == {(1, 1)}
