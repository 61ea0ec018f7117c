"""docs/sentences.md: what is said of an indicator in each case, by the numbers drawn for the tests.

python -m tests.docs.sentences      write the page with what is said now; read it before you commit
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hmsbook.flow.sentences import sentence
from hmsbook.texts.files import LANGUAGES
from hmsbook.texts.words import words
from tests.flow.cases import PARTS, Case

PAGE = Path(__file__).resolve().parents[2] / "docs" / "sentences.md"
INTRO = """\
# What is said of an indicator

Each indicator gets one sentence of at most 110 characters, on Status and under its chart. This page has
every case, when it is said, and an example in each language. The indicators drawn here should be low, so that
a rise is a worsening, unless the row says otherwise; an ellipsis goes on from the row above. Which case it
is, `src/hmsbook/flow/sentences.py` decides; the words stand in
`workbook_templates/texts/<lang>/numbers.toml`; `python -m tests.docs.sentences` writes this page.
"""
HEADERS = ("When", "Bokmål", "Nynorsk", "English")


def page() -> str:
    """The page as it should be today."""
    return "\n".join([INTRO, *_parts()])


def _parts() -> Iterator[str]:
    for part, cases in PARTS.items():
        yield from (f"## {part}", "", _row(HEADERS), _row(["---"] * len(HEADERS)))
        yield from (_row(_cells(case)) for case in cases)
        yield ""


def _cells(case: Case) -> list[str]:
    return [case.when, *(sentence(case.about, words(language)) for language in LANGUAGES)]


def _row(cells: tuple[str, ...] | list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Write the page anew."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
