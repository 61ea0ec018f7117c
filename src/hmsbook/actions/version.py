"""The version of the program, as the installed package states it."""

from __future__ import annotations

import re
from pathlib import Path

# Read as text: asking the installed package's metadata costs tens of milliseconds at every start.
_SOURCE = (Path(__file__).parents[1] / "__init__.py").read_text(encoding="utf-8")
_FOUND = re.search(r'__version__ = "([^"]+)"', _SOURCE)
VERSION = _FOUND[1] if _FOUND else ""
