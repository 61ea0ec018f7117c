"""Writes what is made from the declaration and the words: blank workbooks, the reference, the add-in.

python -m hmsbook.generate            write what differs
python -m hmsbook.generate --check    change nothing; name what differs and exit with 1
"""

from __future__ import annotations

import argparse
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from io import BytesIO
from pathlib import Path

from hmsbook.actions.create import draw_rows
from hmsbook.actions.reference import reference
from hmsbook.addin.build import build
from hmsbook.addin.files import LABELS, NAME, RIBBON
from hmsbook.addin.labels import CODE_PAGE, labels
from hmsbook.addin.ribbon import ribbon
from hmsbook.commands import EXIT_CODES, METHODS
from hmsbook.standard.book import DEFAULT_SLOTS
from hmsbook.texts.files import LANGUAGES, templates

# A day and a month that never move, so that the same declaration gives the same bytes.
DAY = date(2026, 1, 15)
FIRST_MONTH = date(2026, 1, 1)
# Half a megabyte each: every method in bokmål, and one method in the other languages.
BLANKS = (*((method, "nb") for method in METHODS), ("proind", "nn"), ("proind", "en"))

Files = dict[str, Callable[[], bytes]]

# What is made in the folder of the add-in, beside the text that people write.
ADDIN: Files = {
    RIBBON: lambda: ribbon().encode(),
    LABELS: lambda: labels().encode(CODE_PAGE),
    NAME: build,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the generated files of a checkout and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m hmsbook.generate")
    parser.add_argument("--check", action="store_true", help="change nothing; name what differs")
    checking = parser.parse_args(arguments).check
    root = templates().parent
    if not (root / "pyproject.toml").is_file():
        print("hmsbook.generate works in a checkout only")
        return EXIT_CODES["failed"]
    found = 0
    for name, made in differences(root):
        found += 1
        print(f"differs: {name}" if checking else _write(root / name, made))
    return EXIT_CODES["problems" if found and checking else "fine"]


def files() -> Files:
    """Every generated file by its path in the checkout, with what makes its bytes."""
    workbooks: Files = {blank_name(*blank): partial(blank_book, *blank) for blank in BLANKS}
    pages: Files = {reference_name(lang): partial(reference_page, lang) for lang in LANGUAGES}
    addin: Files = {f"macros/{name}": make for name, make in ADDIN.items()}
    return workbooks | pages | addin


def blank_name(method: str, lang: str) -> str:
    """Where the blank workbook of a method and a language stands in the checkout."""
    return f"workbook_templates/hmsbook-{method}-{lang}.xlsx"


def reference_name(lang: str) -> str:
    """Where the reference in a language stands in the checkout; bokmål is the usual one."""
    return "docs/reference.md" if lang == "nb" else f"docs/reference.{lang}.md"


def blank_book(method: str, lang: str) -> bytes:
    """The bytes of a workbook without data; the same every time."""
    form = {"method": method, "language": lang, "smallest_group": 5, "first_month": FIRST_MONTH}
    return draw_rows({"unit": [form]}, DAY, DEFAULT_SLOTS)


def reference_page(lang: str) -> bytes:
    """The bytes of the reference in a language."""
    return reference(lang).encode()


def differences(root: Path) -> Iterator[tuple[str, bytes | None]]:
    """Yield each file that is not what it should be, with the right bytes; None for one to remove."""
    expected = files()
    for name, make in expected.items():
        path, made = root / name, make()
        if not path.is_file() or not same(path.read_bytes(), made):
            yield name, made
    for path in sorted((root / "workbook_templates").glob("*.xlsx")):
        name = path.relative_to(root).as_posix()
        if name not in expected and not path.name.startswith("~$"):
            yield name, None


def same(found: bytes, made: bytes) -> bool:
    """Whether two files say the same; how a zip file was packed depends on the machine's zlib."""
    return found == made or (made.startswith(b"PK") and _parts(found) == _parts(made))


def _parts(data: bytes) -> list[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return [(name, archive.read(name)) for name in archive.namelist()]
    except zipfile.BadZipFile:
        return []


def _write(path: Path, made: bytes | None) -> str:
    if made is None:
        path.unlink()
        return f"removed {path.name}"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(made)
    return f"wrote {path.name}"


if __name__ == "__main__":
    raise SystemExit(main())
