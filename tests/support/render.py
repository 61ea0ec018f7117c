"""Draw a workbook as pictures, to be looked at.

    python -m tests.support.render FILE OUTDIR [DPI] [--sheet NAME] [--each] [--hidden]

The pages are the ones a printer would give. Hidden and very hidden sheets are drawn when they are named, or
all of them with `--hidden`.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import tempfile
from pathlib import Path

from tests.support.office import Document, Office

DPI = 80
SECONDS = 180


def render(
    office: Office,
    path: Path,
    folder: Path,
    *,
    dpi: int = DPI,
    sheet: str | None = None,
    hidden: bool = False,
) -> list[Path]:
    """Write the pages of a workbook, or of one of its sheets, as PNG files and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = path.stem if sheet is None else f"{path.stem} {sheet}"
    with tempfile.TemporaryDirectory() as scratch, office.open(path) as book:
        _choose(book, sheet, hidden)
        book.recalculate()
        pdf = book.to_pdf(Path(scratch) / "book.pdf")
        return draw_pages(pdf, folder, stem, dpi)


def draw_pages(pdf: Path, folder: Path, stem: str, dpi: int = DPI) -> list[Path]:
    """Write each page of a PDF file as `STEM-N.png`, in place of older ones, and return their paths."""
    pattern = re.compile(rf"{re.escape(stem)}-(\d+)\.png")
    for old in _pages(folder, pattern):
        old.unlink()
    command = ["pdftoppm", "-r", str(dpi), "-png", str(pdf), str(folder / stem)]
    subprocess.run(command, check=True, timeout=SECONDS)
    return _pages(folder, pattern)


def _pages(folder: Path, pattern: re.Pattern[str]) -> list[Path]:
    found = [(match, page) for page in folder.iterdir() if (match := pattern.fullmatch(page.name))]
    return [page for match, page in sorted(found, key=lambda pair: int(pair[0][1]))]


def _choose(book: Document, sheet: str | None, hidden: bool) -> None:
    if sheet is not None:
        book.show_only(sheet)
    elif hidden:
        for name in book.sheets():
            book.show_sheet(name)


def main() -> None:
    """Draw what the command line asks for and print the paths of the pages."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.support.render", description="Draw a workbook as PNG pages."
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("dpi", type=int, nargs="?", default=DPI)
    parser.add_argument("--sheet", action="append", help="draw this sheet only, hidden or not (repeatable)")
    parser.add_argument(
        "--each", action="store_true", help="draw every sheet that shows by itself, named after it"
    )
    parser.add_argument("--hidden", action="store_true", help="draw hidden sheets too")
    wanted = parser.parse_args()
    with Office() as office:
        for sheet in _wanted_sheets(office, wanted):
            pages = render(
                office, wanted.file, wanted.folder, dpi=wanted.dpi, sheet=sheet, hidden=wanted.hidden
            )
            print(*pages, sep="\n")


def _wanted_sheets(office: Office, wanted: argparse.Namespace) -> list[str | None]:
    if wanted.sheet:
        return [*wanted.sheet]
    if not wanted.each:
        return [None]
    with office.open(wanted.file) as book:
        return [name for name, visible in book.visibility().items() if visible or wanted.hidden]


if __name__ == "__main__":
    main()
