"""A letter as plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from hmsbook.letters.letter import Letter, Section, StatusRow

_WIDTH = 76


def as_text(letter: Letter) -> str:
    """The letter as mail programs without HTML show it."""
    # Blanks that no line breaks at have done their work.
    return "\n\n".join(_parts(letter)).replace("\xa0", " ") + "\n"


def _parts(letter: Letter) -> Iterator[str]:
    yield letter.greeting
    yield textwrap.fill(" ".join(letter.lead), _WIDTH)
    for section in letter.sections:
        yield _section(section)
    if letter.status:
        yield "\n".join((_heading(letter.status_title), *map(_row, letter.status)))
    *said, regards = letter.closing
    if said:
        yield textwrap.fill(" ".join(said), _WIDTH)
    yield regards


def _heading(title: str) -> str:
    return f"{title}\n{'-' * len(title)}"


def _section(section: Section) -> str:
    lines = [_heading(section.title)]
    for who, said in section.lines:
        lines += [who] if who else []
        lines += map(_item, said)
    return "\n".join(lines)


def _row(row: StatusRow) -> str:
    sign = f" ({row.sign})" if row.sign else ""
    number = f"{row.value}{sign}. " if row.value else ""
    return _item(f"{row.name}: {number}{row.text}")


def _item(text: str) -> str:
    return textwrap.fill(f"* {text}", _WIDTH, subsequent_indent="  ", break_long_words=False)
