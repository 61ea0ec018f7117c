"""Where the text files lie, installed or in a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import tomli

LANGUAGES = ("nb", "nn", "en")


@cache
def templates() -> Path:
    """The folder `workbook_templates`, as shipped in the package or as it lies in the checkout."""
    package = Path(__file__).resolve().parents[1]
    shipped = package / "workbook_templates"
    return shipped if shipped.is_dir() else package.parents[1] / "workbook_templates"


@cache
def load(*parts: str) -> dict[str, Any]:
    """The content of one TOML file under `workbook_templates`."""
    with templates().joinpath(*parts).open("rb") as file:
        return tomli.load(file)
