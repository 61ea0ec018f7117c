"""Pictures of sheets for the page that shows a coordinator how to begin.

python -m tests.docs.pictures      write docs/pictures anew, to be looked at before it is committed
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from tests.samples.expect import ROOT, case, outputs
from tests.support.office import Office

PICTURES = ROOT / "docs" / "pictures"
SAMPLE = "byggeplass"
# The printed page of each, and how much of it from the top, in dots.
PAGES = {"gruppe": (2, 530), "indikatorer": (4, 226), "maanedsverdier": (5, 655), "trender": (11, 655)}
DPI, LEFT, TOP, WIDTH = 90, 40, 30, 990


def write() -> None:
    """Write the picture of each page."""
    with tempfile.TemporaryDirectory() as scratch, Office() as office:
        found = case(SAMPLE)
        outputs(found, Path(scratch))
        with office.open(Path(scratch) / found.facts["file"]) as book:
            book.recalculate()
            pdf = book.to_pdf(Path(scratch) / "book.pdf")
        for name, (page, height) in PAGES.items():
            _draw(pdf, page, height, PICTURES / name)


def _draw(pdf: Path, page: int, height: int, target: Path) -> None:
    area = ["-x", str(LEFT), "-y", str(TOP), "-W", str(WIDTH), "-H", str(height)]
    pages = ["-f", str(page), "-l", str(page), "-singlefile", "-png", "-r", str(DPI)]
    subprocess.run(["pdftoppm", *pages, *area, str(pdf), str(target)], check=True)


if __name__ == "__main__":
    write()
