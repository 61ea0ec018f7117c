"""What was found or done on a machine, without words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hmsbook.errors import HmsbookError
from hmsbook.model.frozen import NOTHING, Frozen

OK, WARNING, ERROR = "ok", "warning", "error"


class Finding(Frozen):
    """One thing a support person would ask about: what it concerns, how serious it is, and the facts.

    `topic` and `case` name words in the text file `addin`; `problem` is what stopped a closer look.
    """

    topic: str
    severity: str
    case: str
    values: Mapping[str, object] = NOTHING
    problem: HmsbookError | None = None


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether something does not work, or will not."""
    return any(finding.severity == ERROR for finding in findings)
