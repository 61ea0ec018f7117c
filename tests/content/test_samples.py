"""The sample cases follow the standard, hang together, and hold what they are there to show."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from hmsbook.standard.book import TABLES, slot_ids
from hmsbook.standard.kinds import (
    Choice,
    Choices,
    Day,
    Id,
    Kind,
    Month,
    Number,
    Reference,
    References,
    Score,
    YesNo,
)
from hmsbook.standard.schema import Table
from hmsbook.texts.files import load
from hmsbook.texts.words import words

SAMPLES = Path(__file__).parents[2] / "samples"
CASES = ("byggeplass", "sengepost", "institutt")
TODAY = date(2026, 11, 16)
LAST_MONTH = "2026-10"
SLOTS = slot_ids(24)

# The one typed value that its basis contradicts, for the check that finds it.
CONTRADICTED = {("byggeplass", "2026-03", "I01")}
# The one address that cannot be one.
BAD_ADDRESSES = {"institutt": 1}
UNFINISHED = ("proposed", "decided", "ongoing")

MULTIPLIERS = {"%": 100, "% av avtalt tid": 100, "per mill. timer": 1_000_000}

Row = dict[str, Any]
Data = dict[str, list[Row]]

every_case = pytest.mark.parametrize("case", CASES)


@cache
def read(case: str) -> Data:
    text = (SAMPLES / case / "data.json").read_text(encoding="utf-8")
    data: Data = json.loads(text)
    return data


@cache
def about(case: str) -> Row:
    with (SAMPLES / case / "case.toml").open("rb") as file:
        return tomllib.load(file)


def written_out(table: str) -> Table:
    return TABLES[table].with_slots(SLOTS)


def cells(case: str) -> list[tuple[str, int, str, Kind, Any]]:
    return [
        (table, number, key, written_out(table).column(key).kind, value)
        for table, rows in read(case).items()
        for number, row in enumerate(rows, start=1)
        for key, value in row.items()
    ]


def ids(case: str, table: str) -> set[str]:
    return {row["id"] for row in read(case)[table]}


# The form of the files --------------------------------------------------------------------------------------


@every_case
def test_case_file_says_what_to_build(case: str) -> None:
    found = about(case)
    assert set(found) == {"title", "story", "today", "as_of", "file", "method", "language"}
    assert found["today"] == TODAY
    assert found["as_of"] == LAST_MONTH
    assert found["file"] == f"{case}.xlsx"
    assert "\n" not in found["story"]


@every_case
def test_case_file_agrees_with_the_unit_form(case: str) -> None:
    (unit,) = read(case)["unit"]
    assert (unit["method"], unit["language"]) == (about(case)["method"], about(case)["language"])
    assert unit["first_month"] == read(case)["values"][0]["month"]


def test_each_case_has_a_method_of_its_own() -> None:
    assert {about(case)["method"] for case in CASES} == {"proind", "skoen", "survey"}


@every_case
def test_one_row_a_line(case: str) -> None:
    lines = (SAMPLES / case / "data.json").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line.strip().rstrip(",")) for line in lines if line.startswith("    ")]
    assert rows == [row for table in read(case).values() for row in table]


# The standard -----------------------------------------------------------------------------------------------


@every_case
def test_every_key_is_a_column_that_people_fill(case: str) -> None:
    for table, rows in read(case).items():
        fillable = [column.key for column in written_out(table).columns if not column.owned]
        for row in rows:
            assert [key for key in fillable if key in row] == list(row), (table, row)


@every_case
def test_no_table_is_larger_than_drawn(case: str) -> None:
    for table, rows in read(case).items():
        assert 0 < len(rows) <= TABLES[table].rows, table


@every_case
def test_empty_fields_are_left_out(case: str) -> None:
    assert [cell for cell in cells(case) if cell[-1] in (None, "", [])] == []


@every_case
def test_values_are_of_their_columns_kind(case: str) -> None:
    for table, number, key, kind, value in cells(case):
        assert _fits(kind, value), (table, number, key, value)


def _fits(kind: Kind, value: Any) -> bool:
    if isinstance(kind, YesNo):
        return isinstance(value, bool)
    if isinstance(kind, Number):
        return isinstance(value, int | float) and not isinstance(value, bool) and _within(kind, value)
    if isinstance(kind, Choices | References):
        return isinstance(value, list) and len(set(value)) == len(value)
    if isinstance(kind, Month):
        return bool(re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", value))
    if isinstance(kind, Day):
        return bool(date.fromisoformat(value).isoformat() == value)
    return isinstance(value, str) and value == value.strip()


def _within(kind: Number, value: float) -> bool:
    low = -1e15 if kind.minimum is None else kind.minimum
    high = 1e15 if kind.maximum is None else kind.maximum
    whole = kind.format != "0" or value == int(value)
    return low <= value <= high and whole


@every_case
def test_choices_are_allowed_values(case: str) -> None:
    for table, number, key, kind, value in cells(case):
        if isinstance(kind, Choice) and not isinstance(kind, YesNo):
            allowed = words("nb").choices(kind.choices)
            for choice in value if isinstance(kind, Choices) else [value]:
                assert choice in allowed, (table, number, key, choice)


@every_case
def test_references_point_to_rows(case: str) -> None:
    for table, number, key, kind, value in cells(case):
        if isinstance(kind, Reference):
            targets = set(value) if isinstance(kind, References) else {value}
            assert targets <= ids(case, kind.table), (table, number, key, value)


@every_case
def test_ids_are_numbered_from_one_like_the_drawn_rows(case: str) -> None:
    for table, rows in read(case).items():
        kind = TABLES[table].id_kind
        if isinstance(kind, Id):
            assert [row["id"] for row in rows] == [kind.number(n) for n in range(1, len(rows) + 1)], table


# What hangs together ----------------------------------------------------------------------------------------


@every_case
def test_months_follow_each_other_to_the_last(case: str) -> None:
    months = [row["month"] for row in read(case)["values"]]
    first = int(months[0][:4]) * 12 + int(months[0][5:]) - 1
    expected = [f"{n // 12}-{n % 12 + 1:02d}" for n in range(first, first + len(months))]
    assert months == expected
    assert months[-1] == LAST_MONTH


@every_case
def test_values_stand_only_where_an_indicator_is(case: str) -> None:
    filled = {key for row in read(case)["values"] for key in row} - {"month"}
    assert filled == ids(case, "indicators")


@every_case
def test_values_agree_with_their_basis(case: str) -> None:
    units = {row["id"]: row["unit"] for row in read(case)["indicators"]}
    values = {row["month"]: row for row in read(case)["values"]}
    contradicted = set()
    for row in read(case)["basis"]:
        month, indicator = row["month"], row["indicator"]
        value = round(row["numerator"] * MULTIPLIERS[units[indicator]] / row["denominator"], 1)
        if values[month][indicator] != value:
            contradicted.add((case, month, indicator))
    assert contradicted == {found for found in CONTRADICTED if found[0] == case}


@every_case
def test_a_basis_row_stands_once(case: str) -> None:
    assert max(Counter((row["month"], row["indicator"]) for row in read(case)["basis"]).values()) == 1


@every_case
def test_fewest_people_is_not_more_than_the_basis_shows(case: str) -> None:
    for indicator in read(case)["indicators"]:
        behind = [row["people"] for row in read(case)["basis"] if row["indicator"] == indicator["id"]]
        assert not behind or indicator.get("fewest_people", 0) <= min(behind), indicator["id"]


@every_case
def test_indicators_about_persons_say_how_few(case: str) -> None:
    for indicator in read(case)["indicators"]:
        assert indicator["about_persons"] == ("fewest_people" in indicator), indicator["id"]


@every_case
def test_only_what_has_happened_is_dated_in_the_past(case: str) -> None:
    data = read(case)
    assert all(row["month"] <= LAST_MONTH for key in ("why", "events", "basis") for row in data[key])
    assert all(date.fromisoformat(row["start"]) <= TODAY for row in data["measures"] if "start" in row)
    assert all(date.fromisoformat(row["next_date"]) > TODAY for row in data["communication"])


@every_case
def test_meetings_are_in_order_and_only_the_last_is_to_come(case: str) -> None:
    *held, coming = read(case)["meetings"]
    dates = [date.fromisoformat(row["date"]) for row in read(case)["meetings"]]
    assert dates == sorted(dates)
    assert dates[-2] < TODAY < dates[-1] < date(2027, 1, 1)
    assert all({"decisions", "attendance"} <= set(row) for row in held)
    assert "type" in coming
    assert not {"decisions", "attendance"} & set(coming)


@every_case
def test_those_who_met_and_voted_are_in_the_group(case: str) -> None:
    names = {row["name"] for row in read(case)["group"]}
    met = {name for row in read(case)["meetings"] for name in row.get("attendance", "").split(", ") if name}
    assert met <= names
    assert {row["member"] for row in read(case)["votes"]} <= names


@every_case
def test_steps_are_those_of_the_method(case: str) -> None:
    steps = words("nb").get(f"steps.{about(case)['method']}")
    assert [row["step"] for row in read(case)["process"]] == [step["title"] for step in steps.values()]


@every_case
def test_invented_addresses_cannot_reach_anyone(case: str) -> None:
    addresses = [row["email"] for row in read(case)["group"] if "email" in row]
    bad = [address for address in addresses if not re.fullmatch(r"[a-z.]+@example\.no", address)]
    assert len(bad) == BAD_ADDRESSES.get(case, 0)
    assert len(set(addresses)) == len(addresses)


@every_case
def test_nothing_sensitive_is_told_or_proposed_openly(case: str) -> None:
    data = read(case)
    hidden = {row["id"] for row in data["challenges"] if row["sensitive"]}
    assert hidden
    assert all("channels" not in row for row in data["measures"] if row["sensitive"])
    assert all(row["sensitive"] for row in data["measures"] if hidden & set(row.get("challenges", [])))
    assert not hidden & {row["challenge"] for row in data["proposals"]}


# What the samples are there to show -------------------------------------------------------------------------


@every_case
def test_size_of_a_case(case: str) -> None:
    data = read(case)
    assert 36 <= len(data["values"]) <= 48
    assert len(data["indicators"]) == 8
    assert 8 <= len(data["group"]) <= 10
    assert 10 <= len(data["challenges"]) <= 14
    assert 12 <= len(data["proposals"]) <= 16
    assert 10 <= len(data["measures"]) <= 14
    assert 6 <= len(data["meetings"]) <= 8


@every_case
def test_all_states_of_a_measure(case: str) -> None:
    states = {row["status"] for row in read(case)["measures"]}
    assert states == set(words("nb").choices("statuses"))


@every_case
def test_two_measures_are_overdue(case: str) -> None:
    late = [
        row for row in read(case)["measures"] if row["status"] in UNFINISHED and _past(row.get("deadline"))
    ]
    assert len(late) == 2


@every_case
def test_a_measure_waits_for_evaluation_past_its_date(case: str) -> None:
    waiting = [row for row in read(case)["measures"] if row["status"] == "awaiting_evaluation"]
    assert any(_past(row["evaluate_on"]) for row in waiting)


def _past(day: str | None) -> bool:
    return day is not None and date.fromisoformat(day) < TODAY


@every_case
def test_one_measure_is_closed_without_an_evaluation(case: str) -> None:
    closed = [row for row in read(case)["measures"] if row["status"] == "closed"]
    assert sorted("evaluation" in row for row in closed)[:2] == [False, True]


@every_case
def test_one_iglo_level_is_empty(case: str) -> None:
    used = {row["iglo"] for row in read(case)["measures"]}
    assert len(set(words("nb").choices("iglo")) - used) == 1


@every_case
def test_an_indicator_of_every_sort(case: str) -> None:
    indicators = read(case)["indicators"]
    assert {row["better"] for row in indicators} == {"higher", "lower", "neutral"}
    assert {row["frequency"] for row in indicators} == {"month", "quarter"}
    assert any(row.get("fewest_people", 5) < 5 for row in indicators)
    assert any(_mostly_zero(case, row["id"]) for row in indicators)


def _column(case: str, indicator: str) -> list[float]:
    return [row[indicator] for row in read(case)["values"] if indicator in row]


def _mostly_zero(case: str, indicator: str) -> bool:
    values = _column(case, indicator)
    return values.count(0) > len(values) / 2 and max(values) > 0


@every_case
def test_someone_owes_the_last_month(case: str) -> None:
    last = read(case)["values"][-1]
    monthly = [row for row in read(case)["indicators"] if row["frequency"] == "month"]
    owed = [row for row in monthly if row["id"] not in last]
    assert owed
    assert all(row["owner"] for row in owed)


@every_case
def test_quarterly_values_stand_in_the_last_month_of_a_quarter(case: str) -> None:
    for indicator in read(case)["indicators"]:
        if indicator["frequency"] == "quarter":
            months = [row["month"] for row in read(case)["values"] if indicator["id"] in row]
            assert {month[5:] for month in months} == {"03", "06", "09", "12"}


@every_case
def test_proposals_fill_all_quadrants(case: str) -> None:
    places = [_place(case, row) for row in read(case)["proposals"]]
    assert {(effect > 3, ease > 3) for effect, ease in places} == {
        (True, True),
        (True, False),
        (False, True),
        (False, False),
    }


def _place(case: str, proposal: Row) -> tuple[float, float]:
    given = [row for row in read(case)["votes"] if row["proposal"] == proposal["id"]] or [proposal]
    effect, ease = (sum(row[key] for row in given) / len(given) for key in ("effect", "ease"))
    return effect, ease


@every_case
def test_two_proposals_share_every_score(case: str) -> None:
    voted = {row["proposal"] for row in read(case)["votes"]}
    scores = [_scores(row) for row in read(case)["proposals"] if row["id"] not in voted]
    assert max(Counter(scores).values()) == 2


def _scores(row: Row) -> tuple[int, ...]:
    keys = [column.key for column in TABLES["votes"].columns if isinstance(column.kind, Score)]
    return tuple(row[key] for key in keys)


@every_case
def test_members_vote_and_disagree_about_one_proposal(case: str) -> None:
    voters = Counter(row["proposal"] for row in read(case)["votes"])
    assert 6 <= len(voters) <= 8
    assert set(voters.values()) <= {5, 6, 7}
    assert len([proposal for proposal in voters if _range_of_effect(case, proposal) == 4]) == 1


def _range_of_effect(case: str, proposal: str) -> int:
    given: list[int] = [row["effect"] for row in read(case)["votes"] if row["proposal"] == proposal]
    return max(given) - min(given)


@every_case
def test_a_slow_drift_that_nobody_has_explained(case: str) -> None:
    drift = {"byggeplass": "I02", "sengepost": "I03", "institutt": "I02"}[case]
    values = _column(case, drift)
    assert sum(values[-6:]) > 1.3 * sum(values[:6])
    assert drift not in {row["indicator"] for row in read(case)["why"]}


@every_case
def test_a_real_shift_begins_where_its_measure_started(case: str) -> None:
    indicator, start = {
        "byggeplass": ("I04", "2025-09"),
        "sengepost": ("I02", "2025-09"),
        "institutt": ("I05", "2025-08"),
    }[case]
    rows = [row for row in read(case)["values"] if indicator in row]
    before = [row[indicator] for row in rows if row["month"] < start]
    after = [row[indicator] for row in rows if row["month"] > start]
    assert max(before) < min(after) or min(before) > max(after)
    measures = [row for row in read(case)["measures"] if indicator in row.get("indicators", [])]
    assert any(row.get("start", "").startswith(start) for row in measures)


def test_the_survey_has_28_themes_in_5_groups_twice() -> None:
    themes = [row for row in read("institutt")["survey"] if row["level"] == "theme" and "subgroup" not in row]
    for group in ("2024", "2026"):
        rows = [row for row in themes if row["round"] == group]
        assert len({row["theme"] for row in rows}) == len(rows) == 28
        assert len({row["theme_group"] for row in rows}) == 5


def test_survey_subgroups_add_up_to_the_whole() -> None:
    survey = read("institutt")["survey"]
    whole = {row["theme"]: row for row in survey if row["round"] == "2026" and "subgroup" not in row}
    for theme in {row["theme"] for row in survey if "subgroup" in row}:
        parts = [row for row in survey if row["theme"] == theme and "subgroup" in row]
        assert sum(row["answered"] for row in parts) == whole[theme]["answered"]
        assert sum(row["invited"] for row in parts) == whole[theme]["invited"]
        mean = sum(row["mean"] * row["answered"] for row in parts) / whole[theme]["answered"]
        assert round(mean, 2) == whole[theme]["mean"]


def test_the_ward_has_counted_its_dialogue() -> None:
    rows = read("sengepost")["mapping"]
    assert 20 <= len(rows) <= 30
    assert {row["count_kind"] for row in rows} == set(words("nb").choices("count_kinds"))
    assert all(row["agree"] <= row["of_all"] for row in rows)


def test_two_groups_lack_one_role_that_their_method_asks_for() -> None:
    lacking = {"byggeplass": {"middle_manager"}, "sengepost": {"staff_resource"}, "institutt": set()}
    for case, missing in lacking.items():
        required = load("methods.toml")[about(case)["method"]]["required_roles"]
        assert set(required) - {row["role"] for row in read(case)["group"]} == missing
