"""Formulas between Excel's English text and the one LibreOffice's interface takes and gives.

Excel        =SUM('Mitt ark'!A1:B2,hms_values[[#This Row],[I01]],{1,2;3,4})
LibreOffice  =SUM($'Mitt ark'.A1:B2;hms_values[[#This Row];[I01]];{1;2|3;4})
"""

from __future__ import annotations

import re

_TEXT = r'(?P<text>"(?:[^"]|"")*")'
_ERROR = r"(?P<error>#(?:REF!|DIV/0!|N/A|NAME\?|NULL!|NUM!|VALUE!))"
_QUOTED = r"'(?:[^']|'')+'"
_PLAIN = r"[^\W\d]\w*"
_PLACE = r"(?=\$?[A-Za-z]{1,3}\$?[1-9]|\$?[A-Za-z]{1,3}:|\$?[1-9]\d*:|#REF!)"

_EXCEL = re.compile(
    rf"{_TEXT}|{_ERROR}|(?P<sheet>{_QUOTED})!|(?P<plain>[^\W\d][\w.]*)!"
    r"|(?<![\w.])(?P<truth>TRUE|FALSE)(?![\w.(])|(?P<sign>[\[\]{},;])"
)
_CALC = re.compile(
    rf"{_TEXT}|{_ERROR}|\$?(?P<sheet>{_QUOTED}|{_PLAIN})\.{_PLACE}"
    r"|COM\.SUN\.STAR\.SHEET\.ADDIN\.\w+\.GET(?P<added>\w+)"
    r"|(?<![\w.])(?P<truth>TRUE|FALSE)\(\)|(?P<sign>[\[\]{};|])"
)

# How the signs between values are written: in an array constant, and everywhere else.
_TO_CALC = {True: {",": ";", ";": "|"}, False: {",": ";"}}
_TO_EXCEL = {True: {";": ",", "|": ";"}, False: {";": ","}}


class _Nesting:
    """How deep in brackets and in an array constant a sign stands."""

    def __init__(self) -> None:
        self.brackets = 0
        self.braces = 0

    def written(self, sign: str, signs: dict[bool, dict[str, str]]) -> str:
        """Return a sign as the other side writes it; what stands in inner brackets is a name."""
        self.brackets += (sign == "[") - (sign == "]")
        self.braces += (sign == "{") - (sign == "}")
        return sign if self.brackets > 1 else signs[self.braces > 0].get(sign, sign)


def _this_row(formula: str) -> str:
    """Return a formula with `tbl[@Name]` and `tbl[@[My name]]` written as files have them."""
    formula = re.sub(r"\[@\[([^\[\]]+)\]\]", r"[[#This Row],[\1]]", formula)
    return re.sub(r"\[@([^\[\]]+)\]", r"[[#This Row],[\1]]", formula)


def to_calc(formula: str) -> str:
    """Return what LibreOffice takes for an Excel formula; anything but a formula comes back as it is."""
    if not formula.startswith("="):
        return formula
    nesting = _Nesting()

    def written(found: re.Match[str]) -> str:
        if sheet := found["sheet"] or (found["plain"] and f"'{found['plain']}'"):
            return f"${sheet}."
        if found["sign"]:
            return nesting.written(found["sign"], _TO_CALC)
        return f"{found['truth']}()" if found["truth"] else found[0]

    return _EXCEL.sub(written, _this_row(formula))


def to_excel(formula: str) -> str:
    """Return what Excel shows for a formula of LibreOffice; anything but a formula comes back as it is."""
    array = formula.startswith("{=") and formula.endswith("}")
    if not array and not formula.startswith("="):
        return formula
    nesting = _Nesting()

    def written(found: re.Match[str]) -> str:
        if found["sheet"]:
            return f"{found['sheet']}!"
        if found["sign"]:
            return nesting.written(found["sign"], _TO_EXCEL)
        return found["added"] or found["truth"] or found[0]

    return _CALC.sub(written, formula[1:-1] if array else formula)
