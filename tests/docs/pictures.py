"""Pictures of sheets for the pages that show a coordinator how to begin, and how to send out and fetch.

python -m tests.docs.pictures      write docs/pictures anew, to be looked at before it is committed
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from datetime import date
from pathlib import Path
from typing import NamedTuple

from hmsbook.actions.merge import merge
from hmsbook.actions.reading import open_book
from hmsbook.actions.safe_copy import Copied, CopyAsked, prepare_copies
from hmsbook.actions.update import write_planned
from hmsbook.model.dates import to_serial
from hmsbook.opc.cells import Write
from tests.hosts.books import change, type_in
from tests.samples.expect import ROOT, case, outputs
from tests.support.office import Office

PICTURES = ROOT / "docs" / "pictures"
SAMPLE, VOTED = "byggeplass", "institutt"
DPI, LEFT, TOP, WIDTH = 90, 40, 30, 990
# Each copy that comes back: who saved it, and what was written in it.
ANSWERS: dict[str, tuple[tuple[str, str, int, Write], ...]] = {
    "Jonas Krogsæter": (
        ("measures", "deadline", 2, to_serial(date(2026, 12, 15))),
        ("measures", "responsible", 4, "Jonas Krogsæter"),
        ("proposals", "proposal", 15, "Egen bod for verneutstyr ved port 1"),
    ),
    "Piotr Zielonka": (
        ("challenges", "description", 1, "Overtid brukes for å nå milepælene"),
        ("measures", "achieve", 7, "Færre er borte mer enn 16 dager i strekk"),
    ),
}
MINE = ("challenges", "description", 1, "Overtid er blitt vanlig, også i helgene")


class Picture(NamedTuple):
    """A picture of a sheet: which workbook it is in, and how much of its first page, in dots from the top."""

    book: str
    sheet: str
    height: int


WANTED = {
    "gruppe": Picture("sample", "Gruppe", 590),
    "indikatorer": Picture("sample", "Indikatorer", 226),
    "maanedsverdier": Picture("sample", "Månedsverdier", 655),
    "trender": Picture("sample", "Trender", 655),
    "prioritering": Picture("voted", "Prioritering", 440),
    "om-kopien": Picture("copy", "Om kopien", 590),
    "tilbakemeldinger": Picture("answered", "Tilbakemeldinger", 330),
}


def write() -> None:
    """Write the picture of each page."""
    with tempfile.TemporaryDirectory() as scratch, Office() as office:
        for name, path in _books(Path(scratch)).items():
            with office.open(path) as book:
                book.recalculate()
                pdf = book.to_pdf(Path(scratch) / f"{name}.pdf")
            for target, picture in WANTED.items():
                if picture.book == name:
                    _draw(pdf, _page(pdf, picture.sheet), picture.height, PICTURES / target)


def _books(folder: Path) -> dict[str, Path]:
    """The workbooks that there are pictures of."""
    made = {}
    for name, sample in (("sample", SAMPLE), ("voted", VOTED), ("answered", SAMPLE)):
        (folder / name).mkdir()
        outputs(case(sample), folder / name)
        made[name] = folder / name / case(sample).facts["file"]
    return made | {"copy": _answered(made["answered"])}


def _answered(path: Path) -> Path:
    """Send a workbook out and fetch the answers into it; the copy that was sent."""
    opened, today = open_book(path), date.fromisoformat("2026-11-16")
    sent = prepare_copies(opened, [CopyAsked()], today=today)
    write_planned(opened, sent.planned, dry_run=False, backup=False)
    (copied,) = sent.copies
    type_in(path, MINE)
    answers = [_answer(path.parent, copied, name) for name in ANSWERS]
    merge(path, answers, today=today)
    return _kept(path.parent / copied.name, copied)


def _kept(path: Path, copied: Copied) -> Path:
    path.write_bytes(copied.data)
    return path


def _answer(folder: Path, copied: Copied, name: str) -> Path:
    """A copy as a member filled it in, and saved it."""
    path = _kept(folder / f"{name}.xlsx", copied)
    type_in(path, *ANSWERS[name])
    saved = f"<cp:lastModifiedBy>{name}</cp:lastModifiedBy>"
    change(
        path,
        "docProps/core.xml",
        lambda xml: re.sub("<cp:lastModifiedBy>.*?</cp:lastModifiedBy>", saved, xml),
    )
    return path


def _page(pdf: Path, sheet: str) -> int:
    """The first page of a sheet, by the name in its footer."""
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True)
    feet = [page.rstrip().rpartition("\n")[2] for page in text.stdout.split("\f")]
    return 1 + next(at for at, foot in enumerate(feet) if re.match(rf" *{re.escape(sheet)} {{2,}}", foot))


def _draw(pdf: Path, page: int, height: int, target: Path) -> None:
    area = ["-x", str(LEFT), "-y", str(TOP), "-W", str(WIDTH), "-H", str(height)]
    pages = ["-f", str(page), "-l", str(page), "-singlefile", "-png", "-r", str(DPI)]
    subprocess.run(["pdftoppm", *pages, *area, str(pdf), str(target)], check=True)


if __name__ == "__main__":
    write()
