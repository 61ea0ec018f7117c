"""What is wrong, as a value: a code, how bad it is, where it stands; the words come from the text files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hmsbook.model.records import Place

SEVERITIES = ("E", "W", "R")
NOWHERE = Place()


@dataclass(frozen=True)
class Problem:
    """One problem: `case` picks the sentence among those of its rule, `values` fill its blanks."""

    code: str
    severity: str
    case: str
    place: Place = NOWHERE
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def order(self) -> tuple[int, str]:
        """Errors first, then by code."""
        return SEVERITIES.index(self.severity), self.code
