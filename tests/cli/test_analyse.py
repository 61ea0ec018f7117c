"""hmsbook analyse: what it reads, what it says of it, and what it refuses."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hmsbook
from hmsbook import commands
from hmsbook.actions.analyse import PROFILES, Asked, Said, analyse, frequency_of
from hmsbook.actions.series_file import Numbers, series_in
from hmsbook.actions.series_text import MOST_BYTES, MOST_ROWS, read_table
from hmsbook.analysis.meaning import BETTER
from hmsbook.analysis.series import STEPS
from hmsbook.cli.analysis_json import said_json
from hmsbook.errors import UsageError
from hmsbook.model.dates import add_months
from hmsbook.texts.words import words
from tests.cli.run import Ran, run
from tests.hosts.books import book

FLAT = [6.1, 5.9, 6.4, 6.0, 6.2, 5.8, 6.3, 5.9, 6.1, 6.4, 5.8, 6.0, 6.2, 6.1]
SHIFT = [*FLAT, 7.4, 7.6, 7.3, 7.7, 7.5, 7.4, 7.6]
CSV = "Måned;Fravær %\n" + "".join(
    f"{add_months(date(2024, 1, 1), at):%Y-%m};{value}\n".replace(".", ",") for at, value in enumerate(SHIFT)
)

Value = float | None


def said(text: str | bytes, *options: str, monkeypatch: pytest.MonkeyPatch) -> Ran:
    """What the command says of standard input."""
    data = text.encode() if isinstance(text, str) else text
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    return run("analyse", "-", *options)


def numbers(text: str | bytes, name: str = "tall.csv", column: str | None = None) -> Numbers:
    """The series in a text."""
    return series_in(read_table(text.encode() if isinstance(text, str) else text, name), name, column)


def refused(text: str | bytes, **options: object) -> tuple[str, dict[str, object]]:
    """The key and the facts of what a text is refused for."""
    with pytest.raises(UsageError) as raised:
        analyse(text.encode() if isinstance(text, str) else text, **options)  # type: ignore[arg-type]
    return raised.value.key, raised.value.params


# Every form gives the same series


def _comma(value: Value) -> str:
    return "" if value is None else str(value).replace(".", ",")


def _grouped(value: Value) -> str:
    """A number as Norwegian Excel shows it: comma, no-break spaces, a real minus."""
    if value is None:
        return "NA"
    return f"{value:,}".translate({44: "\u00a0", 46: ",", 45: "\u2212"})


def _point(value: Value) -> str:
    return "-" if value is None else str(value)


def _lines(rows: Sequence[Sequence[str]], sign: str, head: Sequence[str] = ()) -> str:
    return "\r\n".join(sign.join(row) for row in [*([head] if head else []), *rows]) + "\r\n"


HEAD = ("Måned", "Fravær")
DAYS: dict[str, Callable[[date], str]] = {
    "iso month": lambda day: f"{day:%Y-%m}",
    "iso day": lambda day: f"{day:%Y-%m-%d}",
    "pandas": lambda day: f"{day:%Y-%m-%d} 00:00:00",
    "norwegian day": lambda day: f"{day:%d.%m.%Y}",
    "slashed": lambda day: f"{day:%m/%Y}",
    "dotted": lambda day: f"{day:%m.%Y}",
    "statistics": lambda day: f"{day:%Y}M{day:%m}",
    "short": lambda day: _in_words(day, "nb", "months_short"),
    "nynorsk": lambda day: _in_words(day, "nn", "months"),
    "english": lambda day: _in_words(day, "en", "months"),
}
FORMS: dict[str, Callable[[list[str], list[Value]], str]] = {
    "semicolon": lambda days, values: _lines([*zip(days, map(_comma, values), strict=True)], ";", HEAD),
    "no header": lambda days, values: _lines([*zip(days, map(_grouped, values), strict=True)], ";"),
    "tab": lambda days, values: _lines([*zip(days, map(_grouped, values), strict=True)], "\t", HEAD),
    "comma": lambda days, values: _lines([*zip(days, map(_point, values), strict=True)], ",", HEAD),
    "quoted": lambda days, values: _lines(
        [(day, f'"{_comma(value)}"') for day, value in zip(days, values, strict=True)], ", ", HEAD
    ),
    "blanks": lambda days, values: _lines([*zip(days, map(_grouped, values), strict=True)], "   ", HEAD),
    "excel": lambda days, values: (
        "sep=,\r\n" + _lines([*zip(days, map(_point, values), strict=True)], ",", HEAD)
    ),
    "json columns": lambda days, values: json.dumps({"months": days, "values": values}),
    "json rows": lambda days, values: json.dumps(
        [{"month": day, "value": value} for day, value in zip(days, values, strict=True)]
    ),
    "json pairs": lambda days, values: json.dumps(list(zip(days, values, strict=True))),
    "json by month": lambda days, values: json.dumps(dict(zip(days, values, strict=True))),
}
BARE: dict[str, Callable[[list[Value]], str]] = {
    "column": lambda values: _lines([[_comma(value)] for value in values], "", ["Fravær, i %"]),
    "grouped": lambda values: _lines([[_grouped(value)] for value in values], ""),
    "points": lambda values: "\n".join(map(_point, values)),
    "quoted": lambda values: _lines([[f'"{_comma(value)}"'] for value in values], ""),
    "json": json.dumps,
    "json values": lambda values: json.dumps({"values": values}),
}


def _in_words(day: date, language: str, form: str) -> str:
    return f"{words(language).get(f'format.{form}')[day.month - 1]} {day.year}"


found_values = st.lists(
    st.none() | st.integers(-99_999_99, 99_999_99).map(lambda cents: cents / 100), min_size=2, max_size=30
).filter(lambda values: values[-1] is not None and values[0] is not None)


@pytest.mark.parametrize("form", FORMS)
@given(found_values, st.sampled_from(sorted(DAYS)), st.dates(date(1951, 1, 1), date(2140, 1, 1)))
def test_a_dated_series_reads_the_same_in_every_form(
    form: str, values: list[Value], written: str, first: date
) -> None:
    months = [add_months(first, at) for at in range(len(values))]
    text = FORMS[form]([DAYS[written](month) for month in months], values)
    if form == "blanks" and written == "pandas":
        return  # the hour would be a column of its own
    found = numbers(text, "tall.json" if "json" in form else "tall.csv")
    assert (found.days, found.values) == (tuple(months), tuple(values))


@pytest.mark.parametrize("form", BARE)
@given(found_values)
def test_a_series_without_months_reads_the_same_in_every_form(form: str, values: list[Value]) -> None:
    assert numbers(BARE[form](values)) == Numbers(
        {"column": "Fravær, i %", "json values": "values"}.get(form, ""), (), tuple(values)
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_usual_encoding_is_read(encoding: str) -> None:
    assert numbers(CSV.encode(encoding)).name == "Fravær %"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1.234,5\n987,5\n1.000\n", (1234.5, 987.5, 1000)),
        ("1,234.5\n987.5\n1,000\n", (1234.5, 987.5, 1000)),
        ("1 234,5\n987\n", (1234.5, 987)),
        ("6,4 %\n7 %\n", (6.4, 7)),
        ("1e3\n-2.5E-1\n", (1000, -0.25)),
        ("5\n\n#I/T\n..\n7\n\n\n", (5, None, None, None, 7)),
        ("\n\nAntall\n5\n6", (5, 6)),
        ("5;\n6;\n", (5, 6)),
        ("4\n", (4,)),
    ],
)
def test_numbers_are_read_as_they_were_meant(text: str, values: tuple[Value, ...]) -> None:
    assert numbers(text).values == values


@pytest.mark.parametrize(
    ("texts", "days"),
    [
        (["2023", "2024", "2025"], [date(2023, 12, 1), date(2024, 12, 1), date(2025, 12, 1)]),
        (["2025K1", "2025K2", "2025K3"], [date(2025, 3, 1), date(2025, 6, 1), date(2025, 9, 1)]),
        (
            ["4. kvartal 2025", "1. kv. 26", "Q2 2026"],
            [date(2025, 12, 1), date(2026, 3, 1), date(2026, 6, 1)],
        ),
        (["2. halvår 2025", "H1 2026"], [date(2025, 12, 1), date(2026, 6, 1)]),
    ],
)
def test_other_periods_are_read_too(texts: list[str], days: list[date]) -> None:
    text = "".join(f"{period};{at}\n" for at, period in enumerate(texts))
    assert list(numbers(text).days) == days


def test_numbers_that_look_like_years_or_months_alone_are_numbers() -> None:
    assert numbers("2023\n2024\n2025\n").values == (2023, 2024, 2025)
    assert numbers("1.2025\n2.2025\n").values == (1.2025, 2.2025)


def test_columns_of_text_and_other_numbers_are_left_alone() -> None:
    text = "Enhet;Måned;Antall;Timer\nNord, øst;2025-01;3;120,5\nNord, øst;2025-02;4;130\n"
    assert numbers(text, column="antall") == Numbers("Antall", (date(2025, 1, 1), date(2025, 2, 1)), (3, 4))
    assert numbers(text, column="4").values == (120.5, 130)
    assert numbers("a b c\n1 x 2,5\n2 y 3,5\n", column="c").values == (2.5, 3.5)


# Months and phases


def test_months_are_sorted_and_those_between_are_gaps() -> None:
    about = analyse(b"2025-06;3\n2025-01;1\n2025-02;2").found[0].assessment
    assert about.months == tuple(date(2025, month, 1) for month in range(1, 7))
    assert about.chart.values == (1, 2, None, None, None, 3)


@pytest.mark.parametrize(
    ("months", "frequency"),
    [
        ((1, 2, 4), "month"),
        ((1, 4, 10), "quarter"),
        ((3, 9, 15), "half_year"),
        ((6, 18, 42), "year"),
        ((1, 4), "month"),
        ((1, 1, 1), "month"),
        ((), "occasion"),
    ],
)
def test_how_often_points_come_is_seen_from_the_months(months: Sequence[int], frequency: str) -> None:
    assert frequency_of([add_months(date(2024, 1, 1), month) for month in months]) == frequency


def test_a_quarter_is_the_calendars_whichever_month_it_was_written_in() -> None:
    about = analyse(b"2025-01;1\n2025-05;2\n2025-12;3", asked=Asked(frequency="quarter")).found[0].assessment
    assert about.months == tuple(date(2025, month, 1) for month in (3, 6, 9, 12))
    assert about.chart.values == (1, 2, None, 3)


def test_several_in_a_month_are_an_error_unless_they_come_on_occasion() -> None:
    weekly = "2025-09-01;1\n2025-09-08;2\n2025-09-15;NA\n2025-09-22;3"
    assert refused(weekly) == ("series_twice", {"month": "2025-09"})
    about = analyse(weekly.encode(), asked=Asked(frequency="occasion")).found[0].assessment
    assert about.chart.values == (1, 2, 3)
    key, _ = refused("2025-09-01;1\n2025-09-01;2", asked=Asked(frequency="occasion"))
    assert key == "series_twice"


@pytest.mark.parametrize("start", ["2025-03", "mars 2025", "15"])
def test_a_phase_starts_at_a_month_or_a_point(start: str) -> None:
    about = analyse(CSV.encode(), asked=Asked(phase_starts=(start,))).found[0].assessment
    assert [phase.start for phase in about.chart.phases] == [0, 14]


@pytest.mark.parametrize("start", ["2023-12", "2026-01", "0", "22", "vår", ""])
def test_a_phase_that_starts_nowhere_is_refused(start: str) -> None:
    key, facts = refused(CSV, asked=Asked(phase_starts=(start,)))
    assert (key, facts) == ("series_phase_start", {"found": start, "last": 21})


def test_phases_may_be_given_together_or_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for options in (["8,15"], ["8", "--phase-start", "2025-03"]):
        ran = said(CSV, "--phase-start", *options, "--json", monkeypatch=monkeypatch)
        assert [phase["from"] for phase in ran.json["phases"]] == [1, 8, 15]


def test_the_baseline_and_the_profile_reach_the_analysis() -> None:
    phase = analyse(CSV.encode(), asked=Asked(baseline=14)).found[0].assessment.chart.phases[0]
    assert phase.mean == pytest.approx(sum(FLAT) / 14)
    few = analyse(b"1\n2\n1\n3\n2\n2\n", asked=Asked(profile="nhs_r")).found[0].assessment
    assert few.method == "control_chart"


# What cannot be read


@pytest.mark.parametrize(
    ("text", "key", "facts"),
    [
        ("", "no_numbers", {}),
        ("-\n-\n", "no_numbers", {}),
        ("bare\nord\nher\n", "no_numbers", {}),
        ("5\n6\nsyv\n8\n", "not_a_number", {"line": 3, "found": "syv"}),
        ("5\n6\nNaN\n8\n", "not_a_number", {"line": 3, "found": "NaN"}),
        ("5\n6\ninf\n8\n", "not_a_number", {"line": 3, "found": "inf"}),
        ("2025-01;5\n2025-02;ukjent\n2025-03;7\n", "not_a_number", {"line": 2, "found": "ukjent"}),
        ("M;V\n2025-01;5\n2025-02;" + "x" * 99, "not_a_number", {"line": 3, "found": "x" * 39 + "…"}),
        ("1,5\n2.5\n", "decimals", {"line": 2, "found": "2.5"}),
        ("1,5\n2.500\n", "decimals", {"line": 2, "found": "2.500"}),
        ("5\n1e400\n", "too_big", {"line": 2, "found": "1e400"}),
        ("9" * 50 + "\n5\n", "too_big", {"line": 1}),
        ("2025-01;5\nmai;6\n2025-03;7\n", "not_a_month", {"line": 2, "found": "mai"}),
        ("2025-01;5\n;6\n2025-03;7\n", "no_month", {"line": 2}),
        ("2025-02;5\n2025-01;6\n2025-02;7\n", "twice", {"month": "2025-02"}),
        ("a;b\n1;2\n3;4\n", "columns", {"known": "a, b"}),
        ("1;2\n3;4\n", "columns", {"known": "1, 2"}),
        ("Måned,Verdi\n2025-01,3,5\n", "ragged", {"line": 2, "found": 3, "known": 2}),
        ("PNG\x00\x01", "binary", {}),
        (b"\xff\xfeh\x00\x00\x00", "binary", {}),
        (b"\x81\x8d\x8f", "binary", {}),
        ("5\n" * (MOST_ROWS + 1), "too_large", {"rows": MOST_ROWS}),
        (b" " * (MOST_BYTES + 1), "too_large", {}),
        ("1;" * 600 + "1\n", "too_large", {}),
        (f"[{'{},' * 9}" + json.dumps({str(at): 1 for at in range(600)}) + "]", "too_large", {}),
        (json.dumps([[1]] * 9 + [[1] * 600]), "too_large", {}),
        ("{}", "json", {}),
        ('{"a": {"b": 1}}', "json", {}),
        ('{"months": ["2025-01"], "values": [1, 2]}', "json", {}),
        ('{"a": 1, "b": 2}', "not_a_month", {"line": 1, "found": "a"}),
        ("[1, true]", "not_a_number_item", {"line": 2, "found": "True"}),
        ("[1, [2]]", "not_a_number_item", {"line": 2}),
        ('[1, "1e999"]', "too_big_item", {"line": 2}),
        ('["1,5", 2.5]', "decimals_item", {"line": 2}),
        ('[["2025-01", 1], ["2025-02", 2], ["mai", 3]]', "not_a_month_item", {"line": 3, "found": "mai"}),
    ],
)
def test_what_cannot_be_read_is_told_by_place(text: str | bytes, key: str, facts: dict[str, object]) -> None:
    found, params = refused(text)
    assert found == f"series_{key}"
    assert facts.items() <= params.items()


@pytest.mark.parametrize("text", ["[1,", "[NaN]", "[1, Infinity]", "[" * 100_000, "[" + "9" * 5000 + "]"])
def test_broken_json_is_told(text: str) -> None:
    assert refused(text)[0] in ("bad_data", "series_too_big_item")


def test_a_cell_without_end_is_told() -> None:
    assert refused('a;b\n1;"' + "x" * 200_000)[0] == "bad_data"


@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({"column": "c"}, "series_no_column"),
        ({"column": "0"}, "series_no_column"),
        ({"asked": Asked(frequency="week")}, "bad_analysis"),
        ({"asked": Asked(profile="lean")}, "bad_analysis"),
        ({"asked": Asked(better="more")}, "bad_analysis"),
        ({"asked": Asked(baseline=3)}, "bad_analysis"),
        ({"asked": Asked(target=float("nan"))}, "bad_analysis"),
    ],
)
def test_what_makes_no_sense_is_refused(options: dict[str, object], key: str) -> None:
    assert refused(CSV, **options)[0] == key


@given(
    st.binary(max_size=300) | st.text(alphabet="0159,.;:\t\n -–{}[]\"'aekmNA%", max_size=80).map(str.encode)
)
def test_nothing_a_file_holds_makes_it_fall(data: bytes) -> None:
    with suppress(UsageError):
        assert analyse(data).found[0].sentence


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["analyse"], "Du må oppgi series"),
        (["analyse", "borte.csv"], "Fant ikke filen borte.csv"),
        (["analyse", "{folder}"], "er en mappe"),
        (["analyse", "{folder}/\0"], "kan ikke leses"),
        (["analyse", "{csv}", "--target", "høyt"], "«høyt» er ikke et tall"),
        (["analyse", "{csv}", "--baseline", "ti"], "«ti» er ikke et helt tall"),
        (["analyse", "{csv}", "--column", "Uro"], "Velg en av disse: Måned, Fravær %."),
        (["analyse", "{book}", "--column", "I99"], "Velg en av disse: I01, I02, I03."),
        (["analyse", "{book}", "--phase-start", "3"], "--phase-start gjelder ikke arbeidsbøker"),
        (["analyse", "{book}", "--rolling"], "--rolling gjelder ikke"),
        (["analyse", "{other}"], "en annen slags Excel-fil"),
        (["analyse", "{zip}"], "ødelagt"),
    ],
)
def test_a_wrong_request_gets_one_sentence(arguments: list[str], says: str, tmp_path: Path) -> None:
    from openpyxl import Workbook

    places = {name: tmp_path / f"{name}.xlsx" for name in ("book", "other", "zip")}
    places |= {"csv": tmp_path / "tall.csv", "folder": tmp_path}
    book(places["book"])
    Workbook().save(places["other"])
    places["zip"].write_bytes(b"PK\x03\x04")
    places["csv"].write_text(CSV, encoding="utf-8")
    ran = run(*(part.format_map(places) for part in arguments), today=None)
    assert (ran.exit, ran.out) == (2, "")
    assert says in ran.err
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize("lang", ["nb", "nn", "en"])
def test_problems_have_words_in_every_language(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ("5\nx\n6", "1,5\n2.5", "[1,{}]", "2025-01;5\n2025-01;6", "", "a;b\n1;2", "1\n1e99"):
        ran = said(text, "--lang", lang, monkeypatch=monkeypatch)
        assert ran.exit == 2
        assert "series_" not in ran.err


# What is said


def test_people_get_a_sentence_figures_and_a_chart(tmp_path: Path) -> None:
    path = tmp_path / "tall.csv"
    path.write_text(CSV, encoding="utf-8")
    ran = run("analyse", path, "--better", "lower", "--target", "5,5", "--unit", "%")
    lines = ran.out.splitlines()
    assert (ran.exit, ran.err) == (0, "")
    assert lines[0] == "Fravær % (%)"
    assert lines[1].startswith("  Reell forverring: ")
    assert lines[2] == "  → Spør hvorfor"
    figures = [line.split(maxsplit=1) for line in lines if line.startswith("  ")]
    assert ["Målinger", "21 (jan. 2024–sep. 2025)"] in figures
    assert ["Snitt", "6,6"] in figures
    assert any("◆" in line for line in lines if line.startswith("sep. 25"))
    assert max(map(len, lines)) <= 80


def test_a_target_without_a_direction_asks_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "5,5  (velg --better" in said(CSV, "--target", "5.5", monkeypatch=monkeypatch).out


def test_phases_are_told_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    out = said(CSV, "--phase-start", "2025-03", monkeypatch=monkeypatch).out
    assert "  jan. 2024–feb. 2025  snitt 6,1, det vanlige 5,2–6,9" in out
    assert "  mars–sep. 2025       median 7,5" in out


def test_what_standard_input_has_no_name_for_is_called_so(monkeypatch: pytest.MonkeyPatch) -> None:
    assert said("5\n6\n7\n", monkeypatch=monkeypatch).out.startswith("stdin\n")


def test_a_name_cannot_steer_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = said('"Fra\nvær \u202e"\n5\n6\n7\n', monkeypatch=monkeypatch)
    assert ran.out.splitlines()[0] == "Fra vær \ufffd"


KEYS = """id name unit frequency better sentence next_step explanation method variation direction signal
    target assurance last_meets_target values missing median unfit advice phases points""".split()


def test_programs_get_the_same_keys_always(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for text in (CSV, "5\n6\n", "0\n" * 20 + "1\n", "[1, 2, 3, 4, 5, 6, 7, 8, null]"):
        assert list(said(text, "--json", monkeypatch=monkeypatch).json) == ["path", *KEYS]
    found = run("analyse", book(tmp_path / "bok.xlsx"), "--json").json
    assert list(found) == ["path", "indicators"]
    assert all(list(entry) == KEYS for entry in found["indicators"])


def test_programs_get_what_people_read(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = said(CSV, "--better", "lower", "--target", "5,5", "--json", monkeypatch=monkeypatch).json
    assert (answer["variation"], answer["direction"], answer["assurance"]) == ("concern", "high", "fail")
    assert answer["next_step"] == {"key": "ask_why", "text": "Spør hvorfor"}
    assert answer["signal"]["from_month"] == "2025-03"
    assert (answer["values"], answer["missing"], answer["last_meets_target"]) == (21, None, False)
    (phase,) = answer["phases"]
    assert phase["lower"] < phase["mean"] < phase["upper"]
    last = answer["points"][-1]
    assert (last["point"], last["month"], last["value"]) == (21, "2025-09", 7.6)
    assert (last["variation"], last["direction"]) == ("concern", "high")
    assert "one_side" in last["rules"]


def test_what_is_missing_at_the_end_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = said(CSV + "2025-10;\n2025-11;-\n", "--json", monkeypatch=monkeypatch).json
    assert answer["missing"] == {"from": 22, "to": 23, "from_month": "2025-10", "to_month": "2025-11"}
    assert answer["points"][-1]["variation"] is None


def test_where_no_chart_suits_nothing_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = said(CSV, "--rolling", "--json", monkeypatch=monkeypatch).json
    assert (answer["method"], answer["variation"], answer["assurance"]) == ("none", None, None)
    assert [it["key"] for it in answer["unfit"]] == ["rolling"]
    assert answer["phases"][0]["upper"] is None
    assert {point["label"] for point in answer["points"]} == {None}
    assert not set("▲◆■┊│") & set(said(CSV, "--rolling", monkeypatch=monkeypatch).out)


SWAPPED = {"improvement": "concern", "concern": "improvement"}


@given(st.lists(st.none() | st.integers(0, 400).map(lambda tenth: tenth / 10), min_size=1, max_size=60))
def test_turning_the_direction_swaps_improvement_and_concern(values: list[Value]) -> None:
    if not any(value is not None for value in values):
        return
    high, low = (
        said_json(hmsbook.analyse(values, better=better, profile="nhs_r")) for better in ("higher", "lower")
    )
    assert low["variation"] == SWAPPED.get(high["variation"], high["variation"])
    assert [point["variation"] for point in low["points"]] == [
        SWAPPED.get(point["variation"], point["variation"]) for point in high["points"]
    ]
    same = ("method", "direction", "signal", "phases", "unfit", "missing")
    assert [low[key] for key in same] == [high[key] for key in same]


# Workbooks


def test_a_workbook_gives_a_sentence_an_indicator(tmp_path: Path) -> None:
    ran = run("analyse", book(tmp_path / "bok.xlsx"))
    parts = ran.out.split("\n\n")
    assert [part.split("\n")[0] for part in parts] == [
        "I01   Sykefravær (%)",
        "I02   Avvik (antall)",
        "I03   Trivsel (poeng)",
    ]
    assert all("\n      → " in part for part in parts)


@pytest.mark.parametrize("column", ["I01", "i01", "sykefravær"])
def test_an_indicator_of_a_workbook_gets_its_chart(column: str, tmp_path: Path) -> None:
    ran = run("analyse", book(tmp_path / "bok.xlsx"), "--column", column)
    assert ran.out.startswith("Sykefravær (%)\n")
    assert "\njan. 25  6,4  " in ran.out


def test_a_workbook_is_told_of_in_its_language(tmp_path: Path) -> None:
    path = book(tmp_path / "book.xlsx", "en")
    assert "Values  " in run("analyse", path, "--column", "I01").out
    assert run("analyse", path, "--column", "I09").err.startswith("Error: ")
    assert "Målingar  " in run("analyse", path, "--column", "I01", "--lang", "nn").out


def test_what_is_exported_can_be_analysed(tmp_path: Path) -> None:
    path = book(tmp_path / "bok.xlsx")
    run("export", path, "--table", "values", "--format", "csv", "--out", tmp_path / "ut")
    answers = [
        run("analyse", source, "--column", "I01", *options, "--json").json
        for source, options in (
            (path, ()),
            (tmp_path / "ut" / "values.csv", ("--better", "lower", "--unit", "%")),
        )
    ]
    assert len({answer["sentence"] for answer in answers}) == 1
    assert answers[0]["points"] == answers[1]["points"]


# From Python


def test_python_gets_what_the_command_says() -> None:
    found = hmsbook.analyse(SHIFT, better="lower", target=5.5)
    assert isinstance(found, Said)
    assert found.sentence.startswith("Reell forverring")
    assert (found.next_step, found.next_text) == ("ask_why", "Spør hvorfor")
    assert found.explanation
    assert "◆" in found.chart
    assert hmsbook.analyse(SHIFT, better="lower", lang="en").next_text == "Ask why"


def test_python_may_give_numbers_by_month_or_a_file(tmp_path: Path) -> None:
    months = {date(2025, 1, 1): 1.0, "2025-03": None, "apr. 2025": 2.5}
    assert hmsbook.analyse(months).assessment.chart.values == (1.0, None, None, 2.5)
    path = tmp_path / "tall.csv"
    path.write_text(CSV, encoding="utf-8")
    found = hmsbook.analyse(str(path), phase_starts=[date(2025, 3, 1)])
    assert found.name == "Fravær %"
    assert len(found.assessment.chart.phases) == 2
    bok = book(tmp_path / "bok.xlsx")
    assert hmsbook.analyse(bok, column="I02").assessment.indicator.id == "I02"
    with pytest.raises(UsageError, match="series_columns"):
        hmsbook.analyse(bok)


# The list of commands


def test_the_list_of_commands_names_what_the_analysis_knows() -> None:
    assert commands.BETTER == BETTER
    assert set(commands.FREQUENCIES) == set(STEPS)
    (command,) = (command for command in commands.COMMANDS if command.key == "analyse")
    choices = {option.key: option.choices for option in command.options}
    assert set(choices["profile"]) == set(PROFILES)
