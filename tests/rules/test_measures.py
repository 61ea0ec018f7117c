from __future__ import annotations

from datetime import date

import pytest

from tests.rules.support import book, problems, said, values

GROUP = "| name |\n| Kaja Solbu |"
SOUND = {
    "id": "T05",
    "measure": "Tak for overtid",
    "responsible": "Kaja Solbu",
    "deadline": "2026-12-18",
    "status": "decided",
    "achieve": "Overtiden er tilbake på nivået fra 2024",
    "evaluate_on": "2027-04-30",
    "iglo": "group",
    "when_changed": "Når overtiden er under taket i tre måneder",
    "sources": "statistics, dialogue",
    "asked_beyond": "ja",
}
CODES = ["MEA-1", "MEA-2", "MEA-3", "MEA-4", "MEA-6"]
CALLED = {"measure": "T05 (Tak for overtid)"}


def measures(*changes: dict[str, str]) -> str:
    """One sound measure for each set of changes."""
    rows = [SOUND | change for change in changes]
    keys = list(dict.fromkeys(key for row in rows for key in row))
    lines = ["| " + " | ".join(row.get(key, "") for key in keys) + " |" for row in rows]
    return "\n".join(["| " + " | ".join(keys) + " |", *lines])


def told(code: str, **changes: str) -> list[str]:
    return said(code, book(group=GROUP, measures=measures(changes)))


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("status", ["decided", "ongoing", "done", "awaiting_evaluation"])
def test_a_sound_measure_is_left_alone(code: str, status: str) -> None:
    assert told(code, status=status) == []


@pytest.mark.parametrize("code", [*CODES, "MEA-5"])
def test_a_blank_table_says_nothing(code: str) -> None:
    assert said(code, book(group=GROUP)) == []


@pytest.mark.parametrize("code", [code for code in CODES if code != "MEA-4"])
@pytest.mark.parametrize("status", ["proposed", ""])
def test_what_is_only_proposed_may_lack_anything(code: str, status: str) -> None:
    bare = dict.fromkeys(("responsible", "achieve", "sources", "when_changed", "asked_beyond"), "")
    assert told(code, **bare, status=status, deadline="2020-01-01") == []


@pytest.mark.parametrize("status", ["decided", "ongoing", "done", "awaiting_evaluation", "closed", "lifted"])
@pytest.mark.parametrize(("missing", "cell"), [("responsible", "D2"), ("deadline", "E2"), ("achieve", "I2")])
def test_a_decided_measure_lacks_something(status: str, missing: str, cell: str) -> None:
    changed = {missing: "", "status": status}
    assert told("MEA-1", **changed) == [f"W no_{missing} {cell}"]
    assert values("MEA-1", book(group=GROUP, measures=measures(changed))) == CALLED


def test_a_cancelled_measure_needs_no_deadline() -> None:
    assert told("MEA-1", status="cancelled", deadline="") == []


@pytest.mark.parametrize("status", ["decided", "ongoing"])
def test_overdue(status: str) -> None:
    changes = {"status": status, "deadline": "2026-11-15"}
    about = book(group=GROUP, measures=measures(changes))
    assert said("MEA-2", about) == ["W overdue E2"]
    who = {"responsible": "Kaja Solbu", "deadline": date(2026, 11, 15), "status": "done"}
    assert values("MEA-2", about) == CALLED | who
    assert told("MEA-2", **changes, responsible="") == ["W overdue_without_responsible E2"]


@pytest.mark.parametrize(
    "changes",
    [
        {"deadline": "2026-11-16"},
        {"deadline": "2026-11-15", "status": "done"},
        {"deadline": "2026-11-15", "status": "lifted", "lifted_to": "Regionen"},
        {"deadline": ""},
    ],
)
def test_not_overdue(changes: dict[str, str]) -> None:
    assert told("MEA-2", **changes) == []


def test_waiting_for_evaluation_past_its_date() -> None:
    changes = {"status": "awaiting_evaluation", "evaluate_on": "2026-06-30"}
    about = book(group=GROUP, measures=measures(changes))
    assert said("MEA-2", about) == ["W evaluation_late J2"]
    assert values("MEA-2", about)["date"] == date(2026, 6, 30)
    assert told("MEA-2", status="awaiting_evaluation", evaluate_on="2026-11-16") == []
    assert told("MEA-2", status="ongoing", evaluate_on="2026-06-30") == []


@pytest.mark.parametrize(
    ("responsible", "gone"),
    [("Ola Hansen", True), ("kaja solbu", False), ("Kaja", False), ("K. Solbu", False)],
)
def test_responsible_is_in_the_group(responsible: str, gone: bool) -> None:
    assert told("MEA-2", responsible=responsible) == (["W responsible_gone D2"] if gone else [])


def test_nobody_has_left_a_group_that_is_not_written_down() -> None:
    assert said("MEA-2", book(measures=measures({}))) == []


@pytest.mark.parametrize("status", ["closed", "cancelled", "lifted"])
def test_who_has_left_does_not_matter_when_all_is_over(status: str) -> None:
    assert told("MEA-2", responsible="Ola Hansen", status=status) == []


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"sources": ""}, "few_sources S2"),
        ({"sources": "statistics"}, "few_sources S2"),
        ({"sources": "statistics, statistics"}, "few_sources S2"),
        ({"when_changed": ""}, "no_when_changed R2"),
        ({"asked_beyond": ""}, "nobody_asked T2"),
        ({"asked_beyond": "nei"}, "nobody_asked T2"),
    ],
)
def test_decided_on_too_little(changes: dict[str, str], found: str) -> None:
    assert told("MEA-3", **changes) == [f"R {found}"]


def test_how_many_sources_and_which_column() -> None:
    about = book(group=GROUP, measures=measures({"sources": "statistics"}))
    assert values("MEA-3", about) == CALLED | {"table": "measures", "column": "sources", "n": 1}


def test_what_is_over_is_not_asked_for_its_grounds() -> None:
    assert told("MEA-3", status="closed", sources="", when_changed="", asked_beyond="") == []


@pytest.mark.parametrize("status", ["proposed", "decided", "closed", ""])
def test_a_sensitive_measure_with_a_channel(status: str) -> None:
    changes = {"sensitive": "ja", "channels": "poster, mail", "status": status}
    assert told("MEA-4", **changes) == ["E sensitive_channel W2"]


@pytest.mark.parametrize(
    "changes", [{"sensitive": "ja"}, {"channels": "poster"}, {"sensitive": "nei", "channels": "poster"}]
)
def test_sensitive_or_told_but_not_both(changes: dict[str, str]) -> None:
    assert told("MEA-4", **changes) == []


def levels(*iglo: str, status: str = "ongoing") -> str:
    return measures(*({"iglo": level, "status": status} for level in iglo))


def test_levels_left_empty() -> None:
    about = book(measures=levels("group", "leadership", "group"))
    assert said("MEA-5", about) == ["R level_empty M2"]
    assert values("MEA-5", about) == {"iglo": ("individual", "organisation")}


def test_all_on_the_individual_level() -> None:
    about = book(measures=levels("individual", "individual"))
    assert said("MEA-5", about) == ["R only_individual M2"]
    assert values("MEA-5", about) == {"n": 2}


def test_all_levels_are_used() -> None:
    assert said("MEA-5", book(measures=levels("individual", "group", "leadership", "organisation"))) == []


@pytest.mark.parametrize("status", ["proposed", "cancelled", ""])
def test_only_decided_measures_fill_a_level(status: str) -> None:
    assert said("MEA-5", book(measures=levels("individual", status=status))) == []


@pytest.mark.parametrize(
    ("status", "case", "cell", "mended"),
    [
        ("closed", "closed_without_evaluation", "X2", {"evaluation": "Virker."}),
        ("cancelled", "cancelled_without_reason", "X2", {"evaluation": "Ble for dyrt."}),
        ("lifted", "lifted_to_nobody", "V2", {"lifted_to": "Regionleder"}),
    ],
)
def test_endings(status: str, case: str, cell: str, mended: dict[str, str]) -> None:
    assert told("MEA-6", status=status) == [f"W {case} {cell}"]
    assert told("MEA-6", status=status, **mended) == []


def test_one_problem_a_row_where_many_lack_the_same() -> None:
    about = book(group=GROUP, measures=measures(*({"id": f"T{n:02d}", "deadline": ""} for n in range(1, 4))))
    assert [problem.place.cell for problem in problems("MEA-1", about)] == ["E2", "E3", "E4"]
