"""What Excel refuses in the stored text of a formula."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

LENGTH = 8192

TOKEN = re.compile(
    r"""
      (?P<string>"(?:[^"]|"")*")
    | (?P<error>\#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A))
    | (?P<sheet>(?:'(?:[^']|'')+'|\[?\w[\w.\[\]]*(?::\w[\w.]*)?)!)
    | (?P<table>[^\W\d][\w.\\]*\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\])
    | (?P<call>[^\W\d][\w.]*\()
    | (?P<cell>\$?[A-Za-z]{1,3}\$?[1-9]\d*(?![\w.]))
    | (?P<column>\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}(?![\w.]))
    | (?P<number>\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|\.\d+)
    | (?P<name>[^\W\d][\w.\\?]*)
    | (?P<array>\{[^{}]*\})
    | (?P<open>\()
    | (?P<close>\))
    | (?P<mark>[-+*/^&=<>%,:$\s]+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
NEVER_WRONG = {"string", "cell", "column", "number", "array", "mark"}
COLUMN = re.compile(r"\[((?:[^\[\]']|'.)*)\]")
QUOTE = re.compile(r"'(.)")
YEAR = re.compile(r'\bTEXT\((?:[^"()]|\([^()]*\))*"[^"]*[yY]')

# Stored with this prefix since the file format was fixed in 2007; without it Excel shows #NAME?.
FUTURE = "_xlfn."
PREFIXES = re.compile(r"_XLFN\.(?:_XLWS\.)?")
_EXCEL_2013 = """
ACOT ACOTH ARABIC BASE BETA.DIST BETA.INV BINOM.DIST BINOM.DIST.RANGE BINOM.INV BITAND BITLSHIFT BITOR
BITRSHIFT BITXOR CEILING.MATH CHISQ.DIST CHISQ.DIST.RT CHISQ.INV CHISQ.INV.RT CHISQ.TEST COMBINA
CONFIDENCE.NORM CONFIDENCE.T COT COTH COVARIANCE.P COVARIANCE.S CSC CSCH DAYS DECIMAL ENCODEURL
ERF.PRECISE ERFC.PRECISE EXPON.DIST F.DIST F.DIST.RT F.INV F.INV.RT F.TEST FILTERXML FLOOR.MATH
FORMULATEXT GAMMA GAMMA.DIST GAMMA.INV GAMMALN.PRECISE GAUSS HYPGEOM.DIST IFNA IMCOSH IMCOT IMCSC IMCSCH
IMSEC IMSECH IMSINH IMTAN ISFORMULA ISOWEEKNUM LOGNORM.DIST LOGNORM.INV MODE.MULT MODE.SNGL MUNIT
NEGBINOM.DIST NORM.DIST NORM.INV NORM.S.DIST NORM.S.INV NUMBERVALUE PDURATION PERCENTILE.EXC
PERCENTILE.INC PERCENTRANK.EXC PERCENTRANK.INC PERMUTATIONA PHI POISSON.DIST QUARTILE.EXC QUARTILE.INC
RANK.AVG RANK.EQ RRI SEC SECH SHEET SHEETS SKEW.P STDEV.P STDEV.S T.DIST T.DIST.2T T.DIST.RT T.INV
T.INV.2T T.TEST UNICHAR UNICODE VAR.P VAR.S WEBSERVICE WEIBULL.DIST XOR Z.TEST
"""
_NEWER = """
ARRAYTOTEXT BYCOL BYROW CHOOSECOLS CHOOSEROWS CONCAT DROP EXPAND FILTER FORECAST.ETS FORECAST.LINEAR
HSTACK IFS LAMBDA LET MAKEARRAY MAP MAXIFS MINIFS RANDARRAY REDUCE SCAN SEQUENCE SORT SORTBY SWITCH TAKE
TEXTAFTER TEXTBEFORE TEXTJOIN TEXTSPLIT TOCOL TOROW UNIQUE VALUETOTEXT VSTACK WRAPCOLS WRAPROWS XLOOKUP
XMATCH
"""
EXCEL_2013 = frozenset(_EXCEL_2013.split())
NEWER = frozenset(_NEWER.split())
PREFIXED = EXCEL_2013 | NEWER


@dataclass(frozen=True)
class Known:
    """What a formula may refer to, all in case-folded form; columns by table."""

    sheets: Collection[str] = ()
    names: Collection[str] = ()
    columns: Mapping[str, Collection[str]] = field(default_factory=dict)
    tables_allowed: bool = True


@lru_cache(maxsize=1 << 15)
def pieces(formula: str) -> tuple[tuple[str, str], ...]:
    """Return kind and text of each piece of a stored formula that can be wrong, and of its parentheses."""
    # Kept, as many as a workbook has: the formulas of one test's workbook are mostly those of the next.
    found = ((match.lastgroup or "other", match[0]) for match in TOKEN.finditer(formula))
    return tuple((kind, sys.intern(text)) for kind, text in found if kind not in NEVER_WRONG)


def problems(formula: str, known: Known) -> Iterator[str]:
    """Yield what Excel would refuse or not understand in a stored formula."""
    if formula.startswith("="):
        yield "begins with '='"
        formula = formula[1:]
    if len(formula) > LENGTH:
        yield f"has {len(formula)} characters (most {LENGTH})"
    if YEAR.search(formula):
        yield "formats a year with TEXT: the letter differs between languages of Excel"
    yield from _unbalanced(formula)
    for kind, text in pieces(formula):
        yield from CHECKS[kind](text, known) if kind in CHECKS else ()


def functions(formula: str) -> set[str]:
    """Return the functions that a formula calls, without their prefixes."""
    calls = (text[:-1].upper() for kind, text in pieces(formula) if kind == "call")
    return {PREFIXES.sub("", call) for call in calls}


def _unbalanced(formula: str) -> Iterator[str]:
    kinds = [kind for kind, _ in pieces(formula)]
    if kinds.count("open") + kinds.count("call") != kinds.count("close"):
        yield "has unbalanced parentheses"


def _call(text: str, _known: Known) -> Iterator[str]:
    name = text[:-1].upper()
    if name in PREFIXED:
        yield f"needs {FUTURE}{name}"


def _sheet(text: str, known: Known) -> Iterator[str]:
    plain = text[:-1].strip("'").replace("''", "'")
    if "[" in plain:
        yield f"refers to another workbook: {plain}"
        return
    for name in plain.split(":"):
        if name.casefold() not in known.sheets:
            yield f"names the unknown sheet {name}"


def _name(text: str, known: Known) -> Iterator[str]:
    if text.upper() in {"TRUE", "FALSE"} or text.casefold() in known.names:
        return
    # A table's name alone means its body.
    if text.casefold() not in known.columns:
        yield f"uses the unknown name {text}"


def _error(text: str, _known: Known) -> Iterator[str]:
    if text == "#REF!":
        yield "holds #REF!"


def _table(text: str, known: Known) -> Iterator[str]:
    name, _, rest = text.partition("[")
    inner = rest[:-1]
    if not known.tables_allowed:
        yield f"refers to a table where Excel allows none: {text}"
    if name.casefold() not in known.columns:
        yield f"names the unknown table {name}"
    elif inner.startswith("@"):
        yield f"uses the display form @ instead of [#This Row]: {text}"
    elif COLUMN.sub("", inner).strip(",: ") and "[" in inner:
        yield f"has a column outside brackets: {text}"
    else:
        yield from _columns(name, inner, known)


def _columns(table: str, inner: str, known: Known) -> Iterator[str]:
    for column in COLUMN.findall(inner) if "[" in inner else [inner]:
        plain = QUOTE.sub(r"\1", column)
        if plain and not plain.startswith("#") and plain.casefold() not in known.columns[table.casefold()]:
            yield f"names the unknown column {table}[{plain}]"


def _other(text: str, _known: Known) -> Iterator[str]:
    yield "separates with ';' where the stored form has ','" if text == ";" else f"has an unexpected {text!r}"


CHECKS = {"call": _call, "sheet": _sheet, "name": _name, "error": _error, "table": _table, "other": _other}
