"""A secret word in every place of a file where people, or their programs, can leave one.

The tests of lossless saving have a workbook with everything in it that people make. Here what they wrote is
replaced by secrets, in the same places; and what those tests have no use for is put in beside it.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.hosts.books import put, region_spot
from tests.hosts.foreign import handmade
from tests.hosts.foreign.assembly import Assembly
from tests.hosts.foreign.drawn import OWN, PIVOT, draw
from tests.support.package import WORKBOOK
from tests.upgrade.support import add_column

WORD = "Hemmelig"
OWN_COLUMN, OWN_SHEET, PIVOT_SHEET = f"{WORD} kolonne", f"{WORD} ark", f"{WORD} pivot"
_REPLACED = {
    "Hvem følger opp? 🙂": f"{WORD} tråd",
    "Et notat 🙂": f"{WORD} notat",
    "Vår egen boks": f"{WORD} boks",
    "Mitt topptekst": f"{WORD} topptekst",
    "Nordre Kai 🙂": f"{WORD} egenskap",
    "det der": f"{WORD} uthevet",
    "Trykk her": f"{WORD} knapp",
    'descr="Oss"': f'descr="{WORD} bilde"',
    'displayName="Kari Ås"': f'displayName="{WORD} Person"',
    "æøå 🙂": f"{WORD} xml",
    "fjoraaret.xlsx": f"{WORD}_fil.xlsx",
    "Intern": f"{WORD} merke",
    "MineAvvik": f"{WORD}Liste",
    OWN: OWN_SHEET,
    PIVOT: PIVOT_SHEET,
}


def draw_planted(path: Path, data: Path, slots: int, today: date) -> None:
    """Draw a workbook of ours with everything in it that people make, and a secret in each."""
    draw(path, data, slots, today)
    book = Assembly(path)
    for feature in handmade.FEATURES:
        feature(book)
    for name, content in book.parts.items():
        if name.endswith((".xml", ".rels", ".vml", ".bin")):
            book.parts[name] = _replaced(content)
    _more(book)
    book.save()
    _typed(path)


def _replaced(content: bytes) -> bytes:
    for old, new in _REPLACED.items():
        content = content.replace(old.encode(), new.encode())
    return content.replace(b"HP LaserJet", f"{WORD} ".encode("utf-16-le"))


def _more(book: Assembly) -> None:
    """What stands in properties, names, formats, validations, and in the cache of a chart of ours."""
    book.change("docProps/core.xml", "<dc:creator>", f"<dc:creator>{WORD} Forfatter ")
    book.change("docProps/app.xml", "<Company>", f"<Company>{WORD} Firma")
    book.change(WORKBOOK, "<definedNames>", f'<definedNames><definedName name="{WORD}_navn">42</definedName>')
    part = book.sheets["Tiltak"]
    book.change(part, "promptTitle=", f'error="{WORD} feil" promptTitle=')
    book.change("xl/charts/chart1.xml", "<c:plotArea>", f"<!-- {WORD} tittel --><c:plotArea>")
    book.change("xl/styles.xml", "<numFmts", f"<!-- {WORD} format --><numFmts")


def _typed(path: Path) -> None:
    """What people type beside the tables and where hmsbook writes, and a column of their own."""
    cells = {region_spot(path, "log", 40, 2): f"{WORD} logglinje"}
    cells[region_spot(path, "status_facts", 2)] = f"{WORD} overskrevet"
    cells["Tiltak", "AZ90"] = f"{WORD} ved siden av"
    cells["Gruppe", "B2"] = f"{WORD} lenke"
    put(path, cells)
    add_column(path, "measures", OWN_COLUMN, [f"{WORD} celle"])
