"""Twenty copies at once, in any order, and more rows than the tables were drawn with."""

from __future__ import annotations

import time
from pathlib import Path

from hmsbook.opc.cells import Write
from tests.hosts.books import put
from tests.merge.real import Circle, finder, rows_of

PEOPLE = [f"Medlem Nr{number}" for number in range(1, 21)]


def _filled(circle: Circle) -> None:
    """Each writes three proposals in the same empty rows, gives scores and changes one thing of their own."""
    circle.send(*PEOPLE)
    for at, name in enumerate(PEOPLE):
        path = circle.path(name)
        find = finder(path)
        cells: dict[tuple[str, str], Write] = {
            find("votes", "member", 2): name,
            find("votes", "proposal", 2): "P03",
            find("votes", "cost", 2): 3,
        }
        for more in range(3):
            cells[find("proposals", "proposal", 2 + more)] = f"Forslag {more} fra {name}"
            cells[find("proposals", "effect", 2 + more)] = 1 + (at + more) % 5
        put(path, cells)


def test_nothing_of_twenty_copies_is_lost(tmp_path: Path) -> None:
    circle = Circle(tmp_path)
    find = finder(circle.master)
    put(circle.master, {find("group", "name", 2 + at): name for at, name in enumerate(PEOPLE[:18])})
    _filled(circle)
    before = time.process_time()
    found = circle.fetch(*PEOPLE)
    spent = time.process_time() - before
    assert found.refused == ()
    assert not found.conflicts
    rows = {row.get("proposal"): row for row in rows_of(circle.master, "proposals") if row.get("proposal")}
    wanted = {f"Forslag {more} fra {name}" for name in PEOPLE for more in range(3)}
    assert wanted <= rows.keys()
    assert len({row.get("id") for row in rows.values()}) == len(rows) == 62
    votes = [row for row in rows_of(circle.master, "votes") if row.get("member")]
    mine = {(row.get("member"), row.get("proposal"), row.get("cost")) for row in votes}
    for name in PEOPLE:
        assert (name, rows[f"Forslag 0 fra {name}"].get("id"), 3) in mine
    # A limit with much to spare: what matters is that twenty take no longer than twenty times one.
    assert spent < 60, spent
    after = circle.master.read_bytes()
    assert not circle.fetch(*reversed(PEOPLE)).is_news
    assert circle.master.read_bytes() == after
