"""A small workbook of ours that holds every foreign feature, on sheets people added and on ours."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hmsbook.actions.update import update
from tests.hosts.books import DATA, SLOTS, TODAY
from tests.hosts.foreign import handmade
from tests.hosts.foreign.assembly import Assembly
from tests.hosts.foreign.drawn import draw


@cache
def _made(*, macros: bool, newer_rules: bool) -> bytes:
    with TemporaryDirectory() as folder:
        data, path = Path(folder) / "data.json", Path(folder) / "bok.xlsx"
        data.write_text(json.dumps(DATA), encoding="utf-8")
        draw(path, data, SLOTS, TODAY)
        book = Assembly(path)
        for feature in handmade.FEATURES:
            if newer_rules or feature is not handmade.newer_rules:
                feature(book)
        if macros:
            handmade.macros(book)
        book.save()
        update(path, today=TODAY)
        return path.read_bytes()


def foreign_book(path: Path, *, newer_rules: bool = True) -> Path:
    """Put the workbook at a path, with macros where the name ends in .xlsm, and return it."""
    path.write_bytes(_made(macros=path.suffix == ".xlsm", newer_rules=newer_rules))
    return path
