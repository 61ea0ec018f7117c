"""Hidden numbers as people write them in texts: in full, rounded or cut, with a space between thousands."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal

# A day or a number of a chapter has more than one point.
_FIGURE = re.compile(r"(?<![\d.,])\d+(?:[.,]\d+)?(?!\d|[.,]\d)")
_SHARE = re.compile(
    r"(?<![\d.,/])(\d+)\s*(?:/|\b(?:ut)?av\b|\b(?:out )?of\b)\s*(?:de |dei |the )?(\d+)(?![\d/]|[.,]\d)"
)
_THOUSANDS = re.compile(r"(?<![\d.,])(\d{1,3}(?:[ .]\d{3})+)(,\d+)?(?!\d|[.,]\d)")
# Small whole numbers stand for too much else, and so do those that can be years, unless they are the number.
_TELLING = 100
_YEARS = range(1990, 2100)


def tells(text: str, numbers: Iterable[Decimal]) -> bool:
    """Whether a text gives one of the numbers away, in full or with fewer decimals."""
    figures = [figure for figure in _figures(text) if _places(figure) or figure >= _TELLING]
    return bool(figures) and any(_is(figure, number) for number in numbers for figure in figures)


def tells_share(text: str, shares: Collection[tuple[float, float]]) -> bool:
    """Whether a text says «2 av 3» of any of these."""
    return bool(shares) and any(
        (int(part), int(whole)) in shares for part, whole in _SHARE.findall(text.casefold())
    )


def _figures(text: str) -> Iterator[Decimal]:
    yield from (Decimal(found.replace(",", ".")) for found in _FIGURE.findall(text))
    for whole, decimals in _THOUSANDS.findall(text):
        yield Decimal(re.sub(r"\D", "", whole) + decimals.replace(",", "."))


def _places(figure: Decimal) -> int:
    return -int(figure.as_tuple().exponent)


def _is(figure: Decimal, number: Decimal) -> bool:
    """Whether a figure is the number, rounded or cut to the decimals that it has."""
    more, last = number - figure, Decimal(1).scaleb(-_places(figure))
    if more and not _places(figure) and int(figure) in _YEARS:
        return False
    return -last / 2 <= more < last
