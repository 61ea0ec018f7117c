"""A workbook with a secret in every place where one can be, and what of it may be told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hmsbook.actions.update import update
from hmsbook.standard.book import TABLES
from hmsbook.standard.kinds import Person, Text
from tests.copies.planted import draw_planted
from tests.hosts.books import TODAY

MEMBER, OTHER = "Synnøve Åkervik", "Ottar Brekkmo"
# Numbers with few people behind them, or nobody knows how many; and one that may be shown.
FEW, UNKNOWN, SHOWN = 17.3125, 29.4375, 6.0625
NUMERATOR, DENOMINATOR = 137.5, 794.21875
MONTHS = [f"2025-{month:02d}" for month in range(1, 13)]


def secret(table: str, column: str) -> str:
    """A text that stands in one column only, and may not leave."""
    return f"Hemmelighet {table} {column} ømtålig"


def allowed(table: str, column: str) -> str:
    """A text that stands in one column only, and goes along to the group."""
    return f"Kjent {table} {column} åpent"


def texts(table: str, say: Any, **values: Any) -> dict[str, Any]:
    """A row with a text of its own in each column of text, and these values."""
    columns = [it for it in TABLES[table].columns if not it.owned]
    words = {
        it.key: say(table, it.key) for it in columns if isinstance(it.kind, Text | Person) and not it.private
    }
    notes = {it.key: secret(table, it.key) for it in columns if it.private}
    return words | notes | values


DATA: dict[str, list[dict[str, Any]]] = {
    "unit": [
        texts(
            "unit",
            allowed,
            process_leader=MEMBER,
            minute_taker=OTHER,
            contact=MEMBER,
            method="proind",
            language="nb",
            first_month="2025-01",
            headcount=40,
        )
    ],
    "group": [
        texts("group", allowed, name=MEMBER, role="leader", email="synnove@bygg.example", receives_mail=True),
        texts("group", allowed, name=OTHER, role="safety_representative", receives_mail=True),
    ],
    "challenges": [
        texts("challenges", allowed, id="U01", factor="relations", kind="improve", chosen=True),
        texts("challenges", secret, id="U02", factor="harassment", kind="improve", sensitive=True),
    ],
    "indicators": [
        texts("indicators", allowed, id="I01", challenges=["U01", "U02"], about_persons=True, unit="%"),
        texts("indicators", allowed, id="I02", name="Andel uten kjent antall", about_persons=True, unit="%"),
        texts("indicators", allowed, id="I03", name="Rot på plassen", about_persons=False, unit="antall"),
    ],
    "values": [
        {"month": it, "I01": 5.0 + at / 8, "I02": UNKNOWN + at, "I03": SHOWN + at}
        for at, it in enumerate(MONTHS)
    ]
    + [{"month": "2026-01", "I01": FEW, "I03": 9}],
    "basis": [{"month": it, "indicator": "I01", "people": 40} for it in MONTHS]
    + [
        {
            "month": "2026-01",
            "indicator": "I01",
            "numerator": NUMERATOR,
            "denominator": DENOMINATOR,
            "people": 3,
        }
    ],
    "why": [
        texts("why", secret, indicator="I01", month="2026-01"),
        texts("why", allowed, indicator="I03", month="2025-03"),
    ],
    "recalculations": [texts("recalculations", allowed, indicator="I03", from_month="2025-06")],
    "proposals": [
        texts("proposals", allowed, id="P01", challenge="U01", effect=4, ease=4, quality=4, cost=4),
        texts("proposals", secret, id="P02", challenge="U02", effect=5, ease=2, quality=2, cost=2),
    ],
    "votes": [
        {"member": MEMBER, "proposal": "P01", "effect": 2, "ease": 3, "quality": 1, "cost": 5},
        {"member": OTHER, "proposal": "P01", "effect": 5, "ease": 5, "quality": 5, "cost": 5},
        {"member": "Hemmelig Velgersen", "proposal": "P02", "effect": 1},
    ],
    "measures": [
        texts("measures", allowed, id="T01", challenges=["U01"], status="ongoing", deadline="2026-03-01"),
        texts("measures", secret, id="T02", challenges=["U01"], status="decided", sensitive=True),
        texts("measures", allowed, id="T03", challenges=["U02"], status="decided", sensitive=False),
        texts(
            "measures",
            secret,
            id="T04",
            challenges=["U02"],
            status="ongoing",
            measure="Hemmelig arvet tiltak",
        ),
    ],
    "meetings": [
        {
            "id": "M01",
            "type": "measures",
            "date": "2026-12-03",
            "decisions": "Det ømtålige T02 ble Hemmelig utsatt",
        },
        texts("meetings", allowed, id="M02", type="mapping", date="2026-12-10"),
    ],
    "events": [
        {"month": "2025-05", "text": f"Gjentatt: {secret('measures', 'measure')} i mai"},
        {"month": "2025-06", "text": "Fraværet ble 17,3125 da noen Hemmelig sluttet"},
        texts("events", allowed, month="2025-07"),
    ],
    "communication": [texts("communication", allowed), {"message": "Si fra om utfordring nr. 2 Hemmelig"}],
    "mapping": [texts("mapping", allowed, count_kind="note", agree=3, of_all=4)],
    "survey": [
        texts("survey", allowed, mean=3.28125, answered=30, invited=40),
        texts("survey", allowed, theme="Få svar", mean=1.84375, answered=3, invited=40),
    ],
}


def secrets() -> Iterator[str | float]:
    """Everything that no copy may hold."""
    hidden = json.dumps(DATA, ensure_ascii=False)
    for table, declared in TABLES.items():
        for column in declared.columns:
            if secret(table, column.key) in hidden:
                yield secret(table, column.key)
    yield from (FEW, UNKNOWN, UNKNOWN + 5, NUMERATOR, DENOMINATOR, 1.84375)
    yield from ("Hemmelig", "Hemmelighet", "T02", "T04", "U02", "P02")


@cache
def _made() -> bytes:
    with TemporaryDirectory() as folder:
        data, path = Path(folder) / "data.json", Path(folder) / "bok.xlsx"
        data.write_text(json.dumps(DATA), encoding="utf-8")
        draw_planted(path, data, 4, TODAY)
        update(path, today=TODAY)
        return path.read_bytes()


def master(path: Path) -> Path:
    """Put the workbook at a path and return it."""
    path.write_bytes(_made())
    return path
