"""What is wrong, as a value: a code, how bad it is, where it stands; the words come from the text files."""

from __future__ import annotations

from collections.abc import Mapping

from hmsbook.model.frozen import NOTHING, Frozen
from hmsbook.model.records import Place

SEVERITIES = ("E", "W", "R")
NOWHERE = Place()


class Problem(Frozen):
    """One problem: `case` picks the sentence among those of its rule, `values` fill its blanks."""

    code: str
    severity: str
    case: str
    place: Place = NOWHERE
    values: Mapping[str, object] = NOTHING

    @property
    def order(self) -> tuple[int, str]:
        """Errors first, then by code."""
        return SEVERITIES.index(self.severity), self.code
