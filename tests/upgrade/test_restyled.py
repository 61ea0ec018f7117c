"""What people made of the looks of our sheets is told, and only that."""

from __future__ import annotations

from pathlib import Path

import pytest

from hmsbook.actions.demo import demo
from hmsbook.actions.reading import open_book
from hmsbook.actions.upgrade import not_carried
from hmsbook.opc.cells import column_letters
from hmsbook.texts.files import LANGUAGES
from tests.cli.run import run
from tests.hosts.books import TODAY, book, change, package, region_spot, spot, table
from tests.resaved.programs import PROGRAMS, opened, saved
from tests.support.office import Office
from tests.support.ooxml import sdk_errors
from tests.upgrade.looks import STYLES, restyle, restyle_column, restyle_row
from tests.upgrade.support import add_column

YELLOW = '<fill><patternFill patternType="solid"><fgColor rgb="FFFFFF00"/></patternFill></fill>'
NAMED = '<fill><patternFill patternType="solid"><fgColor theme="4" tint="0.4"/></patternFill></fill>'
INK = '<color rgb="FF1F2A33"/><name val="Calibri"/>'
LINE = "<border><left/><right/><top/>{}<diagonal/></border>"
BOTTOM = '<bottom style="thin"><color rgb="FFCBD5DB"/></bottom>'
# Each cell of a column that is alike in all rows, with one facet of its look changed.
FACETS = {
    "B5": ("fill", YELLOW),
    "C5": ("fill", NAMED),
    "C6": ("font", f'<font><b/><sz val="11"/>{INK}</font>'),
    "C7": ("font", f'<font><sz val="14"/>{INK}</font>'),
    "C8": ("font", '<font><sz val="11"/><color rgb="FF1F2A33"/><name val="Arial"/></font>'),
    "C9": ("font", '<font><sz val="11"/><color rgb="FFFF0000"/><name val="Calibri"/></font>'),
    "C10": ("border", LINE.format("<bottom/>")),
    "C11": ("border", LINE.format(BOTTOM.replace("thin", "thick"))),
    "C12": ("format", '<numFmt numFmtId="400" formatCode="0.000"/>'),
    "C13": ("alignment", '<alignment vertical="center" horizontal="right" wrapText="1"/>'),
    "C14": ("alignment", '<alignment vertical="center"/>'),
    "C15": ("protection", '<protection locked="0"/>'),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return book(tmp_path / "bok.xlsx")


def told(path: Path) -> list[tuple[str, str, int, str]]:
    """What would stay: the kind, the sheet, how many and which."""
    return [(it.case, it.sheet, it.count, it.name) for it in not_carried(open_book(path), TODAY)]


def test_every_facet_of_a_look_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hmsbook.hosts.pair.MOST_CELLS", len(FACETS))
    for cell, (facet, content) in FACETS.items():
        restyle(path, "Tiltak", cell, facet, content)
    assert sdk_errors(path) == []
    in_order = sorted(FACETS, key=lambda cell: (int(cell[1:]), cell))
    assert told(path) == [("format", "Tiltak", len(FACETS), ", ".join(in_order))]


def restyled(path: Path) -> list[tuple[str, str, int, str]]:
    """Restyle headers, owned cells, cells of tables and others; what is to be told of that."""
    owned, header, form = (
        region_spot(path, "status_facts"),
        spot(path, "measures", "measure", -1),
        ("Gruppe", "C5"),
    )
    for sheet, cell in (owned, header, form, spot(path, "measures", "measure", 1), ("Tiltak", "B1")):
        restyle(path, sheet, cell, "fill", YELLOW)
    restyle(path, "Kontroll", "F40", "fill", YELLOW)
    return [
        ("format", "Status", 1, owned[1]),
        ("format", "Gruppe", 1, form[1]),
        ("format", "Tiltak", 3, f"B1, {header[1]}, {spot(path, 'measures', 'measure', 1)[1]}"),
        ("format", "Kontroll", 1, "F40"),
    ]


@pytest.mark.parametrize("program", [None, "LibreOffice", "openpyxl"])
def test_what_people_restyle_is_told_whichever_program_saved_it(
    path: Path, office: Office, program: str | None
) -> None:
    expected = restyled(path)
    if program:
        PROGRAMS[program]([opened(path), saved(path.with_name("lagret.xlsx"))], office)
    assert told(path.with_name("lagret.xlsx") if program else path) == expected


def test_nothing_is_told_of_a_sample_that_nobody_restyled(tmp_path: Path, office: Office) -> None:
    assert len(list(demo(tmp_path))) == 3
    for path in list(tmp_path.iterdir()):
        assert told(path) == []
        again = tmp_path / f"lagret {path.name}"
        PROGRAMS["openpyxl"]([opened(path), saved(again)], office)
        assert told(again) == []


def test_the_same_look_written_in_another_way_is_the_same(path: Path) -> None:
    """What theme, palette and unwritten defaults say, stated; and quotes and signs of number formats."""
    white = '<color rgb="FFFFFFFF"/>'
    change(path, STYLES, lambda xml: xml.replace(white, '<color theme="0"/>').replace("<b/>", '<b val="1"/>'))
    change(path, STYLES, lambda xml: xml.replace('"dd.mm.yyyy"', '"dd/mm/yyyy"'))
    change(
        path,
        STYLES,
        lambda xml: xml.replace('vertical="center"', 'horizontal="general" vertical="center"', 1),
    )
    change(path, STYLES, lambda xml: xml.replace('theme="1"', 'indexed="64"'))
    assert told(path) == []


def test_rows_and_columns_are_told(path: Path) -> None:
    restyle_row(path, "Kontroll", 4, YELLOW)
    restyle_column(path, "Kontroll", 40, YELLOW)
    assert told(path) == [("lines", "Kontroll", 2, "4:4, AN:AN")]


def test_own_columns_are_told_where_they_stand_out(path: Path) -> None:
    add_column(path, "measures", "Merknad", ["Haster", 3.5])
    sheet, cell = spot(path, "measures", "measure")
    assert told(path) == []
    area = table(path, "measures").area
    own = f"{column_letters(area.right)}{cell[1:]}"
    restyle(path, sheet, own, "format", '<numFmt numFmtId="400" formatCode="0.000"/>')
    assert told(path) == []
    restyle(path, sheet, own, "fill", YELLOW)
    assert told(path) == [("format", sheet, 1, own)]


def test_a_style_of_a_table_is_told(path: Path) -> None:
    part = next(it.part for it in package(path).tables if it.name == "hms_measures")
    named = '<tableStyleInfo name="TableStyleMedium2" '
    change(path, part, lambda xml: xml.replace("<tableStyleInfo ", named))
    assert told(path) == [("tablestyle", "Tiltak", 1, "")]


def test_other_colours_of_a_rule_are_told(path: Path) -> None:
    change(path, STYLES, lambda xml: xml.replace('<bgColor rgb="FFFFF1B8"/>', '<bgColor rgb="FF00FF00"/>'))
    assert {it[0] for it in told(path)} == {"rule"}


def test_an_older_standard_is_told_of_what_no_frame_had(tmp_path: Path) -> None:
    path = tmp_path / "bok.xlsx"
    path.write_bytes((Path(__file__).parents[1] / "standards" / "1.0.xlsx").read_bytes())
    for sheet, cell in (spot(path, "measures", "measure", -1), ("Status", "B4")):
        restyle(path, sheet, cell, "fill", YELLOW)
    assert {(case, sheet, count) for case, sheet, count, _ in told(path)} == {
        ("format", "Tiltak", 1),
        ("format", "Status", 1),
    }


# The command


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_command_lists_it(path: Path, lang: str) -> None:
    restyle(path, "Tiltak", "C5", "fill", YELLOW)
    restyle_row(path, "Kontroll", 4, YELLOW)
    ran = run("upgrade", path, "--slots", "24", "--dry-run", "--lang", lang)
    assert ran.exit == 0
    assert [line.strip() for line in ran.out.splitlines() if "C5" in line or "4:4" in line] == _LINES[lang]


_LINES = {
    "nb": [
        "Tiltak: 1 celle med eget utseende (C5)",
        "Kontroll: 1 hel rad eller kolonne med eget utseende (4:4)",
    ],
    "nn": [
        "Tiltak: 1 celle med eigen utsjånad (C5)",
        "Kontroll: 1 heil rad eller kolonne med eigen utsjånad (4:4)",
    ],
    "en": [
        "Tiltak: 1 cell with a look of its own (C5)",
        "Kontroll: 1 whole row or column with a look of its own (4:4)",
    ],
}
