"""How often Excel is called: each call goes between processes, so their number must not follow the size."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from hmsbook.actions.create import new
from hmsbook.actions.live import Asked, live
from tests.hosts.books import DATA, TODAY
from tests.live.seen import opened
from tests.support.xlwings_uno.engine import UnoEngine

SLOTS = 24
SMALL, LARGE = (60, 5), (240, 60)
# What is said in Status and Kontroll, and which rows are hidden, are a few areas more or less.
FEW = 10
MOST = 1200


def _data(months: int, measures: int) -> dict[str, Any]:
    first = TODAY.year * 12 + TODAY.month - 2 - months
    names = [f"I{slot:02d}" for slot in range(1, SLOTS + 1)]
    return DATA | {
        "unit": [DATA["unit"][0] | {"first_month": f"{(first + 1) // 12}-{(first + 1) % 12 + 1:02d}"}],
        "indicators": [
            {"id": name, "name": f"Tall {name}", "unit": "%", "better": "lower", "frequency": "month"}
            for name in names
        ],
        "values": [
            {"month": f"{at // 12}-{at % 12 + 1:02d}"}
            | {name: 5 + (at * (7 + slot)) % 13 / 10 for slot, name in enumerate(names)}
            for at in range(first + 1, first + 1 + months)
        ],
        "why": [],
        "events": [],
        "measures": [
            {"id": f"T{at:02d}", "measure": f"Tiltak {at}", "status": "decided", "deadline": "2026-12-01"}
            for at in range(1, measures + 1)
        ],
    }


def _calls(engine: UnoEngine, folder: Path, months: int, measures: int) -> list[Counter[str]]:
    """What an update that writes all, one after a new number, and one with nothing to do call."""
    data = folder / f"{months}-{measures}.json"
    data.write_text(json.dumps(_data(months, measures)), encoding="utf-8")
    new(data.with_suffix(".xlsx"), data=data, slots=SLOTS, today=TODAY, pin_today=True)
    found = []
    with opened(data.with_suffix(".xlsx")) as book:
        for change in (None, 9.5, None):
            if change:
                book.sheets["Månedsverdier"].api.Range(f"C{8 + months}").Value2 = change
            engine.calls.reset()
            assert live(Asked("update", book=book.name, today=TODAY)).kind == "ok"
            found.append(Counter(engine.calls.members))
    return found


def test_calls_do_not_follow_the_size(engine: UnoEngine, tmp_path: Path) -> None:
    small, large = (_calls(engine, tmp_path, *size) for size in (SMALL, LARGE))
    for one, other in zip(small, large, strict=True):
        assert other.total() <= one.total() + FEW, other - one
        assert other.total() < MOST
    written = [[calls[f"Range.{member}="] for member in ("Value2", "Formula", "Hidden")] for calls in large]
    assert sum(written[0]) < 30
    assert sum(written[1]) < 30
    assert written[2] == [0, 0, 0]
