from __future__ import annotations

from datetime import date
from time import perf_counter

import pytest

from hmsbook.analysis.summary import summarise
from hmsbook.model.book import Book
from hmsbook.rules.registry import check
from tests.rules.support import STABLE, TODAY, book, months, problems, said, values

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
CODES = ["MEA-1", "MEA-2", "MEA-3", "MEA-4", "MEA-6", "MEA-7"]
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


# MEA-7: two years of overtime in which nothing happened, then what is given; all from January 2024 on.

WORSE = "27 29 28 30 27 29 28".split()
BETTER = "15 13 14 12 15 13 14".split()
OUTLIER = ["40"]
INDICATORS = """
    | id  | name    | unit  | better | frequency | active | rolling |
    | I01 | Overtid | timer | lower  | month     |        |         |
"""
RECALCULATED = "| indicator | reason | author | from_month |\n| I01 | Ny app | Ida | {} |"


def begun(*typed: str, drawn: str = INDICATORS, notes: str = "", asked: str = "", **changes: str) -> Book:
    """A measure meant for an indicator that had these values after two stable years."""
    return book(
        indicators=drawn,
        values=months("2024-01", *STABLE, *typed),
        why=notes,
        recalculations=asked,
        measures=measures({"indicators": "I01"} | changes),
    )


def early(*typed: str, **drawn: str) -> list[str]:
    """What MEA-7 says of it."""
    return said("MEA-7", begun(*typed, **drawn))


def why(month: str, key: str = "I01") -> str:
    return f"| indicator | month | text |\n| {key} | {month} | To lag i ferie |"


@pytest.mark.parametrize("status", ["decided", "ongoing"])
@pytest.mark.parametrize(
    ("typed", "changes", "found"),
    [
        (OUTLIER, {"sources": "statistics"}, ["R one_point H2"]),
        (OUTLIER, {"sources": "statistics, statistics"}, ["R one_point H2"]),
        (OUTLIER, {"sources": ""}, ["R one_point H2"]),
        (OUTLIER, {}, ["R no_why H2"]),
        (["40", "41"], {"sources": "statistics"}, ["R no_why H2"]),
        (WORSE, {"sources": "statistics"}, ["R no_why H2"]),
        (WORSE, {}, ["R no_why H2"]),
        (WORSE[:6], {}, []),
        (BETTER, {"sources": "statistics"}, []),
        ([], {"sources": "statistics"}, []),
        (OUTLIER, {"indicators": "", "sources": "statistics"}, []),
        (OUTLIER, {"indicators": "I07", "sources": "statistics"}, []),
    ],
)
def test_decided_too_early(status: str, typed: list[str], changes: dict[str, str], found: list[str]) -> None:
    assert early(*typed, status=status, **changes) == found


@pytest.mark.parametrize(
    "status", ["proposed", "done", "awaiting_evaluation", "closed", "cancelled", "lifted", ""]
)
def test_what_is_not_under_way_is_not_early(status: str) -> None:
    assert early(*OUTLIER, status=status, sources="statistics") == []


def test_what_was_too_early_and_about_which_months() -> None:
    shown = CALLED | {"indicator": "I01 (Overtid)", "month": date(2026, 1, 1)}
    for typed in (WORSE, OUTLIER):
        assert values("MEA-7", begun(*typed, sources="statistics")) == shown


@pytest.mark.parametrize(
    ("start", "found"),
    [
        ("2026-01-31", []),
        ("2026-02-01", ["R one_point H2"]),
        ("2026-02-28", ["R one_point H2"]),
        ("2026-03-01", []),
        ("2026-09-30", []),
        ("2026-10-01", ["R no_why H2"]),
        ("2027-01-01", ["R no_why H2"]),
        ("", ["R no_why H2"]),
        ("2019-01-01", []),
    ],
)
def test_only_months_that_had_ended_were_known(start: str, found: list[str]) -> None:
    """One high month, calm again, then seven higher ones from March to September."""
    typed = ["40", "20", *WORSE]
    assert early(*typed, start=start, sources="statistics") == found


@pytest.mark.parametrize(
    ("note", "sources", "found"),
    [
        ("2026-01", "statistics, dialogue", []),
        ("2026-07", "statistics, dialogue", []),
        ("2025-12", "statistics, dialogue", []),
        ("2025-09", "statistics, dialogue", ["R no_why H2"]),
        ("2026-01", "statistics", []),
    ],
)
def test_the_why_was_discussed(note: str, sources: str, found: list[str]) -> None:
    assert early(*WORSE, notes=why(note), sources=sources) == found
    assert early(*WORSE, notes=why(note, "I02"), sources=sources) == ["R no_why H2"]


def test_one_point_stays_one_point_when_it_is_explained() -> None:
    assert early(*OUTLIER, notes=why("2026-01"), sources="statistics") == ["R one_point H2"]
    assert early(*OUTLIER, notes=why("2026-01")) == []


def test_a_why_that_was_found_later_will_do() -> None:
    """The measure began when the signal was new; the note is about its later months."""
    longer = [*WORSE, *WORSE[::-1]]
    assert early(*longer, start="2026-08-03") == ["R no_why H2"]
    assert early(*longer, start="2026-08-03", notes=why("2026-12")) == []


def test_the_why_of_a_change_that_has_passed() -> None:
    assert early(*OUTLIER, "20", start="2026-02-02") == ["R no_why H2"]
    assert early(*OUTLIER, "20", start="2026-02-02", notes=why("2026-01")) == []


def test_to_know_why_it_is_better_now_is_not_to_know_why_it_was_worse() -> None:
    assert early(*OUTLIER, *BETTER, start="2026-02-02", notes=why("2026-08")) == ["R no_why H2"]


def test_one_more_point_on_a_level_that_has_held_is_not_one_point() -> None:
    held = "29 31 30 32 29 31 30 32 29 31 30 20 48".split()
    assert early(*held, sources="statistics") == ["R no_why H2"]
    assert early(*held, "20", start="2027-02-01", sources="statistics") == ["R no_why H2"]


def test_what_turned_out_to_be_the_season_was_no_concern() -> None:
    """After thirteen months it looked like a trend; after two years it is the winter."""
    typed = "30 28 26 22 18 16 15 17 20 24 27 29 31 28 25 22 19 16 14 17 21 24 26 30".split()
    meant = measures({"indicators": "I01", "start": "2025-02-01"})
    drawn = {"indicators": INDICATORS, "measures": meant}
    assert said("MEA-7", book(**drawn, values=months("2024-01", *typed[:14]))) == ["R no_why H2"]
    assert said("MEA-7", book(**drawn, values=months("2024-01", *typed))) == []


def test_limits_are_those_of_the_baseline() -> None:
    """Against its first year the number went up; against all that was known it did not."""
    typed = "20 22 21 23 20 22 21 23 20 22 21 23 24 25 24 26 24 25".split()
    meant = measures({"indicators": "I01", "start": "2025-05-01"})
    drawn = {"values": months("2024-01", *typed), "measures": meant}
    based = "| id | unit | name | better | baseline_to |\n| I01 | timer | Overtid | lower | {} |"
    assert said("MEA-7", book(**drawn, indicators=based.format(""))) == []
    assert said("MEA-7", book(**drawn, indicators=based.format("2024-12"))) == ["R no_why H2"]


def test_limits_are_those_of_the_calculation_at_that_time() -> None:
    """A new level of its own is no concern; a calculation that starts later changes nothing."""
    assert early(*WORSE, *WORSE, start="2026-09-01", asked=RECALCULATED.format("2026-01")) == []
    later = RECALCULATED.format("2026-10")
    assert early(*WORSE, *WORSE, start="2026-09-01", asked=later) == ["R no_why H2"]


@pytest.mark.parametrize(
    "instead",
    [
        ("| lower  |", "| higher |"),
        ("| lower  |", "| neutral |"),
        ("|        |         |", "| nei    |         |"),
        ("|        |         |", "|        | ja      |"),
        ("| month     |", "| occasion  |"),
    ],
)
def test_indicators_that_speak_of_no_concern(instead: tuple[str, str]) -> None:
    expected = ["R no_why H2"] if "occasion" in instead[1] else []
    assert early(*WORSE, drawn=INDICATORS.replace(*instead)) == expected


def test_the_worst_of_several_indicators() -> None:
    drawn = [line.rstrip("|") for line in months("2024-01", *STABLE, *WORSE).splitlines()]
    other = [*STABLE, *STABLE[:6], "40"]
    table = "\n".join(f"{line}| {cell} |" for line, cell in zip(drawn, ["I02", *other], strict=True))
    about = book(
        indicators=INDICATORS + "| I02 | Fravær | timer | lower | month | | |",
        values=table,
        measures=measures(
            {"indicators": "I01, I02", "sources": "statistics"}, {"id": "T06", "indicators": "I01"}
        ),
    )
    found = problems("MEA-7", about)
    assert [(problem.case, problem.place.cell) for problem in found] == [
        ("one_point", "H2"),
        ("no_why", "H3"),
    ]
    assert found[0].values["indicator"] == "I02 (Fravær)"


def test_a_sensitive_measure_is_asked_too() -> None:
    assert early(*WORSE, sensitive="ja") == ["R no_why H2"]


def test_sixty_measures_are_judged_at_once() -> None:
    """Twenty years of numbers, and each measure judged by what was known when it began."""
    typed = months("2006-11", *STABLE * 10)
    changes = [
        {"id": f"T{n:02d}", "indicators": "I01", "start": f"{2010 + n // 12}-{n % 12 + 1:02d}-01"}
        for n in range(60)
    ]
    about = book(indicators=INDICATORS, values=typed, measures=measures(*changes))
    summary = summarise(about, TODAY)
    start = perf_counter()
    check(about, summary)
    # Around 40 ms; the rest is for slow machines.
    assert perf_counter() - start < 0.5
