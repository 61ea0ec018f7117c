"""A letter as HTML that mail programs show alike: tables, styles in the elements, nothing from outside.

Outlook draws with Word, Gmail drops style sheets, and dark modes turn colours round: so text and paper keep
the reader's own colours, and what is coloured is a dark patch with white text, which reads on both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from hmsbook.letters.letter import Letter, Section, StatusRow

_FONT = "font-family:Calibri,'Segoe UI',Arial,sans-serif;font-size:15px;line-height:1.45"
_SMALL = "font-size:14px;line-height:1.4"
_LINE = "#8A97A0"
# The colours of meaning, as in the workbook.
_PATCHES = {
    "improvement": "#1B5E9E",
    "concern": "#A84009",
    "neutral": "#6A4A9C",
    "common_cause": "#55626E",
}


def as_html(letter: Letter) -> str:
    """The letter as an HTML page."""
    body = "".join(_parts(letter))
    return (
        f'<!DOCTYPE html>\n<html lang="{letter.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(letter.subject)}</title></head>\n"
        f'<body style="margin:0;padding:8px">{_table(f"<tr><td style={_quoted(_FONT)}>{body}</td></tr>")}'
        "</body></html>\n"
    )


def _quoted(style: str) -> str:
    return f'"{escape(style)}"'


def _table(rows: str, style: str = "") -> str:
    return (
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" '
        f'style="max-width:680px;border-collapse:collapse{style}">{rows}</table>\n'
    )


def _parts(letter: Letter) -> Iterator[str]:
    yield _paragraph(letter.greeting)
    yield _paragraph(" ".join(letter.lead))
    for section in letter.sections:
        yield _section(section)
    if letter.status:
        yield _heading(letter.status_title) + _table("".join(map(_status_row, letter.status)))
    *said, regards = letter.closing
    if said:
        yield _paragraph(" ".join(said), top=18)
    yield _paragraph(regards, top=18)


def _paragraph(text: str, top: int = 0) -> str:
    return f'<p style="margin:{top}px 0 12px 0">{_lines(text)}</p>\n'


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _heading(text: str) -> str:
    style = f"margin:22px 0 8px 0;font-size:17px;line-height:1.3;border-bottom:1px solid {_LINE}"
    return f'<h2 style="{style}">{escape(text)}</h2>\n'


def _section(section: Section) -> str:
    rows = "".join(_who(who, said) for who, said in section.lines)
    return _heading(section.title) + _table(rows)


def _who(who: str, said: Iterable[str]) -> str:
    name = f'<tr><td colspan="2" style="padding:6px 0 2px 0"><b>{escape(who)}</b></td></tr>' if who else ""
    return name + "".join(_item(text) for text in said)


def _item(text: str) -> str:
    return (
        '<tr><td width="16" valign="top" style="padding:2px 0">&bull;</td>'
        f'<td valign="top" style="padding:2px 0">{_lines(text)}</td></tr>'
    )


def _status_row(row: StatusRow) -> str:
    edge = f"padding:8px 0;border-bottom:1px solid {_LINE}"
    return (
        f'<tr><td valign="top" style="{edge}"><b>{escape(row.name)}</b><br>'
        f'<span style="{_SMALL}">{escape(row.text)}</span></td>'
        f'<td width="140" valign="top" style="{edge};padding-left:14px">{_number(row)}</td></tr>'
    )


def _number(row: StatusRow) -> str:
    """The newest value above its sign, as a table: Word knows no other box with room around its text."""
    value = f'<tr><td align="right" style="{_SMALL};padding:0 0 4px 0">{escape(row.value)}</td></tr>'
    colour = _PATCHES[row.kind]
    sign = (
        f'<tr><td align="center" bgcolor="{colour}" style="background-color:{colour};color:#FFFFFF;'
        f'padding:2px 6px;font-size:13px"><font color="#FFFFFF">{escape(row.sign)}</font></td></tr>'
    )
    return _table(value + (sign if row.sign else ""), ";width:140px").rstrip("\n")
