"""Where the text of the add-in lies, installed or in a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

NAME = "hmsbook.xlam"
RIBBON = "customUI14.xml"
LABELS = "HmsLabels.bas"


PACKAGE = Path(__file__).resolve().parents[1]


@cache
def macros(package: Path = PACKAGE) -> Path:
    """The folder `macros`, as shipped in the package or as it lies in the checkout around it."""
    shipped = package / "macros"
    return shipped if shipped.is_dir() else package.parents[1] / "macros"
