"""Where the text of the add-in lies, installed or in a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

NAME = "hmsbook.xlam"
RIBBON = "customUI14.xml"
LABELS = "HmsLabels.bas"


@cache
def macros() -> Path:
    """The folder `macros`, as shipped in the package or as it lies in the checkout."""
    package = Path(__file__).resolve().parents[1]
    shipped = package / "macros"
    return shipped if shipped.is_dir() else package.parents[1] / "macros"
