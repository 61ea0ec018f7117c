"""Workbooks to mail, drawn once and copied, with a group of the test's own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hmsbook.actions.create import new
from hmsbook.actions.update import update
from tests.hosts.books import DATA, SLOTS
from tests.support.drawn import drawn

TODAY = date(2026, 11, 16)
SAMPLES = Path(__file__).resolve().parents[2] / "samples"

GROUP = """
    | name      | role                  | email            | receives_mail |
    | Kari Ås   | leader                | kari@bygg.example | ja           |
    | Ola Øy    | safety_representative | ola@bygg.example  | ja           |
    | Per Lie   | superior_leader       | per@bygg.example  | nei          |
    | Åse Bø    | employee              | aase@bygg.example | ja           |
"""


def members(text: str) -> list[dict[str, Any]]:
    """A drawn group as data."""
    rows = drawn(text)
    return [
        {key: value for key, value in row.items() if value} | {"receives_mail": row["receives_mail"] == "ja"}
        for row in rows
    ]


@cache
def _bytes(group: str, lang: str, more: str) -> bytes:
    # Numbers about things, which every copy shows.
    indicators = [row | {"about_persons": False} for row in DATA["indicators"]]
    data = DATA | {"group": members(group), "indicators": indicators} | json.loads(more)
    with TemporaryDirectory() as folder:
        source, path = Path(folder) / "data.json", Path(folder) / "bok.xlsx"
        source.write_text(json.dumps(data), encoding="utf-8")
        new(path, data=source, lang=lang, slots=SLOTS, today=TODAY)
        update(path, today=TODAY)
        return path.read_bytes()


def book(path: Path, group: str = GROUP, lang: str = "nb", **more: Sequence[Mapping[str, Any]]) -> Path:
    """Put a workbook with this group at a path; `more` are rows of other tables."""
    path.write_bytes(_bytes(group, lang, json.dumps(more)))
    return path


@cache
def _sample(name: str, lang: str) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.xlsx"
        new(path, data=SAMPLES / name / "data.json", lang=lang, today=TODAY)
        update(path, today=TODAY, as_of=date(2026, 10, 1))
        return path.read_bytes()


def sample(path: Path, name: str, lang: str = "nb") -> Path:
    """Put one of the samples at a path."""
    path.write_bytes(_sample(name, lang))
    return path
