"""The ribbon as a picture, from its XML and its words.

python -m tests.docs.ribbon     write docs/pictures/ribbon.svg; look at it before you commit

Office's own icons are Microsoft's: what stands here are plain drawings of the same things.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from hmsbook.addin.labels import said
from hmsbook.addin.ribbon import ribbon

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "pictures" / "ribbon.svg"
LANGUAGE = "nb"
# Some of the tabs that Excel has itself, before ours, so that people see where to look.
EXCELS_TABS = ("Fil", "Hjem", "Sett inn", "Formler", "Data", "Se gjennom")

STRIP, HEIGHT, ROW, PADDING = 34, 136, 25, 12
ICON, LETTER, LARGE = 16, 6.7, 84
# Where the first group begins.
FIRST = 10.0
GREEN, INK, PALE, LINE = "#185c37", "#262626", "#616161", "#d6d6d6"
FONT = "font-family=\"'Segoe UI', Carlito, 'DejaVu Sans', sans-serif\" font-size=\"13\""

# In squares of 16: the path, drawn as a line.
ICONS = {
    "ChartTypeLineInsertGallery": "M2 2v12h12M4 11l3-4 3 2 4-6",
    "Consolidate": "M2 3h5v4H2zM2 9h5v4H2zM9 8h5M11.5 5.5L14 8l-2.5 2.5",
    "Copy": "M5 5V2h9v9h-3M2 5h9v9H2z",
    "ErrorChecking": "M3 2h10v12H3zM5.5 8l2 2 3.5-4",
    "ExportTextFile": "M9 2H3v12h10V9M8 8l6-6M10 2h4v4",
    "FileNew": "M4 1.5h6l3 3v10H4zM10 1.5v3h3M8.5 7v5M6 9.5h5",
    "FileSendAsAttachment": "M2 4h12v9H2zM2 4l6 5 6-5",
    "FunctionsDateTimeInsertGallery": "M2 3.5h12v10H2zM2 6.5h12M5 1.5v3M11 1.5v3M5 9h2M9 9h2M5 11.5h2",
    "Help": "M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 1 1 0-13M6 6.2a2 2 0 1 1 2.9 1.9Q8 8.6 8 9.6M8 11.6v.6",
    "Info": "M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 1 1 0-13M8 7v5M8 4.2v.6",
    "RefreshAll": "M13.5 6.5A6 6 0 0 0 3 4.5L2 6M2 2v4h4M2.5 9.5A6 6 0 0 0 13 11.5l1-1.5M14 14v-4h-4",
    "TraceError": "M8 1.8L14.8 14H1.2zM8 6v4M8 11.8v.6",
    "ViewPageLayoutView": "M3 2h10v12H3zM5 5h6M5 7.5h6M5 10h3.5",
}


class Placed(NamedTuple):
    """Pieces of the drawing and how wide they are together."""

    pieces: list[str]
    width: float


def drawing() -> str:
    """The picture as SVG."""
    words, tree = said(LANGUAGE), ElementTree.fromstring(ribbon())
    tab = next(element for element in tree.iter() if element.tag.endswith("}tab"))
    pieces, left = [], FIRST
    for group in tab:
        placed = _group(group, words, left)
        pieces += placed.pieces
        left += placed.width
    width = round(left) + 10
    strip = list(_strip(words[f"{tab.get('id')}.label"]))
    return "\n".join([*_paper(width), *strip, *pieces, "</svg>"]) + "\n"


def _paper(width: int) -> Iterator[str]:
    size = f'width="{width}" height="{HEIGHT + STRIP}" viewBox="0 0 {width} {HEIGHT + STRIP}"'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" {size} {FONT}>'
    yield f'<rect width="{width}" height="{HEIGHT + STRIP}" fill="#f3f3f3"/>'
    size = f'width="{width - 12}" height="{HEIGHT - 6}"'
    yield f'<rect x="6" y="{STRIP}" {size} rx="6" fill="#fff" stroke="{LINE}"/>'


def _strip(ours: str) -> Iterator[str]:
    left = 18.0
    for label in (*EXCELS_TABS, ours):
        mine = label == ours
        width = _width(label) * (1.3 if mine else 1)
        yield _text(left, 22, label, GREEN if mine else INK, weight="600" if mine else "400")
        if mine:
            yield f'<rect x="{left:.0f}" y="28" width="{width:.0f}" height="3" rx="1" fill="{GREEN}"/>'
        left += width + 24


def _group(group: Element, words: dict[str, str], left: float) -> Placed:
    pieces, across, column = [], left + PADDING, []
    for control in group:
        if control.get("size") == "large":
            pieces += _large(control, words, across)
            across += LARGE
        else:
            column.append(control)
    for start in range(0, len(column), 3):
        placed = _column(column[start : start + 3], words, across)
        pieces += placed.pieces
        across += placed.width
    label = words[f"{group.get('id')}.label"]
    width = max(across - left, _width(label) + 2 * PADDING)
    pieces.append(_text(left + width / 2, STRIP + HEIGHT - 18, label, PALE, anchor="middle"))
    if left > FIRST:
        pieces.append(f'<path d="M{left:.1f} {STRIP + 12}v{HEIGHT - 34}" stroke="{LINE}"/>')
    return Placed(pieces, width)


def _column(controls: Iterable[Element], words: dict[str, str], left: float) -> Placed:
    pieces, widest = [], 0.0
    for row, control in enumerate(controls):
        top, label = STRIP + 14 + row * ROW, _label(control, words)
        pieces += [_icon(control, left, top, 1), _text(left + ICON + 7, top + 13, label, INK)]
        widest = max(widest, _width(label))
    return Placed(pieces, widest + ICON + 7 + PADDING)


def _large(control: Element, words: dict[str, str], left: float) -> Iterator[str]:
    middle = left + LARGE / 2 - PADDING / 2
    yield _icon(control, middle - ICON, STRIP + 12, 2)
    for row, word in enumerate(_label(control, words).split(" ", maxsplit=1)):
        yield _text(middle, STRIP + 62 + row * 17, word, INK, anchor="middle")


def _label(control: Element, words: dict[str, str]) -> str:
    label = words[f"{control.get('id')}.label"]
    return f"{label} \N{BLACK DOWN-POINTING SMALL TRIANGLE}" if control.tag.endswith("}menu") else label


def _icon(control: Element, left: float, top: float, scale: int) -> str:
    place = f"translate({left:.1f} {top:.1f}) scale({scale})"
    look = f'fill="none" stroke="{GREEN}" stroke-width="{1.3 / scale + 0.4:.2f}" stroke-linejoin="round"'
    return f'<path transform="{place}" {look} d="{ICONS[control.get("imageMso", "")]}"/>'


def _text(x: float, y: float, text: str, fill: str, *, anchor: str = "start", weight: str = "400") -> str:
    look = f'fill="{fill}" text-anchor="{anchor}" font-weight="{weight}"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {look}>{escape(text)}</text>'


def _width(text: str) -> float:
    return len(text) * LETTER


def main() -> None:
    """Write the picture anew."""
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(drawing(), encoding="utf-8")


if __name__ == "__main__":
    main()
