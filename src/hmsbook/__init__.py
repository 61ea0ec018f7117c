"""hmsbook: one standard workbook for those who work systematically with the working environment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hmsbook.api import OpenBook, analyse, new, open, upgrade  # noqa: A004 - hmsbook.open(path)

__version__ = "0.1.0"
__all__ = ["OpenBook", "analyse", "new", "open", "upgrade"]


def __getattr__(name: str) -> Any:
    """The public functions, imported when they are asked for: most programs need only one."""
    if name in __all__:
        from hmsbook import api

        return getattr(api, name)
    raise AttributeError(name)
