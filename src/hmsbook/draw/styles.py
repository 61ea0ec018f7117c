"""One restrained palette and one type scale; every format of the workbook comes from here."""

from __future__ import annotations

from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

FONT = "Calibri"
INK = "#1F2A33"
MUTED = "#55626E"
PETROL = "#12555B"
OWNED_HEAD = "#4C6A77"
OWNED = "#EAF1F4"
LINE = "#CBD5DB"
WHITE = "#FFFFFF"
DUE = "#FFF1B8"

# Colours of meaning: told apart by colour-blind readers, by lightness in black-and-white print, and
# never red against green alone.
IMPROVEMENT = "#1B5E9E"
CONCERN = "#A84009"
COMMON = "#66727C"
NEUTRAL = "#6A4A9C"
TARGET = "#2E7D6B"
IMPROVEMENT_TINT = "#DCE9F5"
CONCERN_TINT = "#FBE4D5"
NEUTRAL_TINT = "#E9E2F3"

SIZES = {"title": 16, "heading": 13, "body": 11, "small": 9.5, "number": 18}

_BASE: dict[str, Any] = {
    "font_name": FONT,
    "font_size": SIZES["body"],
    "font_color": INK,
    "valign": "vcenter",
}

_NAMED: dict[str, dict[str, Any]] = {
    "plain": {},
    "lead": {"font_size": SIZES["heading"], "font_color": PETROL, "bold": True},
    "link": {"font_size": SIZES["small"], "font_color": PETROL, "underline": 1},
    "heading": {"font_size": SIZES["heading"], "font_color": PETROL, "bold": True, "valign": "bottom"},
    "head": {
        "font_color": WHITE,
        "bg_color": PETROL,
        "bold": True,
        "text_wrap": True,
        "bottom": 1,
        "bottom_color": PETROL,
    },
    "owned_head": {
        "font_color": WHITE,
        "bg_color": OWNED_HEAD,
        "bold": True,
        "text_wrap": True,
        "bottom": 1,
        "bottom_color": OWNED_HEAD,
    },
    "cell": {"bottom": 1, "bottom_color": LINE, "text_wrap": True},
    "owned": {"bottom": 1, "bottom_color": LINE, "bg_color": OWNED, "text_wrap": True},
    "label": {"font_color": MUTED, "font_size": SIZES["small"]},
    "fact": {"bg_color": OWNED, "bold": True},
    "banner": {"font_color": CONCERN, "bold": True},
    "number": {"bg_color": OWNED, "bold": True, "font_size": SIZES["number"], "align": "left"},
    "text": {"text_wrap": True, "valign": "top"},
    "masked": {"bottom": 1, "bottom_color": LINE, "font_color": MUTED, "italic": True},
    "muted": {"font_color": MUTED, "text_wrap": True},
}


class Styles:
    """Formats by name and extra properties, each made once a workbook."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def get(self, name: str, **extra: Any) -> Format:
        """The format of this name with extra properties."""
        properties = _BASE | _NAMED[name] | extra
        key: tuple[tuple[str, Any], ...] = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(properties)
        return self._made[key]

    def rule(self, **properties: Any) -> Format:
        """A format for a conditional rule, which says only what differs."""
        key = (("rule", ""), *sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(properties)
        return self._made[key]
