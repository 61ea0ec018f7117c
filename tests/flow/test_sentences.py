"""What is said of an indicator: one sentence a case, short and whole in every language."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hmsbook.analysis.assessment import Assessment
from hmsbook.analysis.effect import Effect
from hmsbook.analysis.series import STEPS
from hmsbook.analysis.spc import MDC
from hmsbook.flow.explanations import ROOM, explained, explanation
from hmsbook.flow.figures import Figures, period_name
from hmsbook.flow.sentences import next_step, next_text, sentence
from hmsbook.model.records import Row, Why
from hmsbook.texts.files import LANGUAGES
from hmsbook.texts.words import Words, words
from tests.content.texts import SENTENCE, strings
from tests.flow.cases import (
    BY_NAME,
    CASES,
    COUNT,
    KINDS,
    PATTERNS,
    PERCENT,
    RATIO,
    SIDES,
    STABLE,
    drawn,
    signal,
    signal_late,
)

NB = words("nb")
PARTS = ("period", "period_short", "periods", "usual", "point", "points")
HEADS = {
    "nb": {"improvement": "bedring", "concern": "forverring", "neutral": "endring"},
    "nn": {"improvement": "betring", "concern": "forverring", "neutral": "endring"},
    "en": {"improvement": "improvement", "concern": "worsening", "neutral": "change"},
}
SURE = {"nb": ("Reell ", "Mulig "), "nn": ("Reell ", "Mogleg "), "en": ("Real ", "Possible ")}

in_every_language = pytest.mark.parametrize("lang", LANGUAGES)


class Listening(Words):
    """Words that remember which sentences they were asked for."""

    def __init__(self) -> None:
        super().__init__("nb")
        self.asked: list[str] = []

    def text(self, key: str, /, **values: object) -> str:
        """The sentence, and its key kept; one and several count as two."""
        several = f".{'one' if values['n'] == 1 else 'other'}" if "n" in values else ""
        self.asked.append(key.removeprefix("sentences.") + several)
        return super().text(key, **values)


def pattern(about: Assessment) -> frozenset[str]:
    """The keys of the sentences that tell of a case."""
    listening = Listening()
    sentence(about, listening)
    return frozenset(key for key in listening.asked if key.partition(".")[0] not in PARTS)


def wrong(text: str, most: int = SENTENCE) -> bool:
    return len(text) > most or not text.endswith(".") or "{" in text or "  " in text or " ." in text


# The cases.

GOLDEN = {
    "no_values": "Ingen tall ennå.",
    "few": "For få målinger til å si noe sikkert (4 av 13).",
    "few_since": "Ny beregning fra juli 2026: for få målinger til å si noe sikkert (4 av 13).",
    "early": "Ingen endring å se så langt (9 av 13 målinger som trengs).",
    "no_limits": "Ingen endring å se. Tallene gir ikke grunnlag for å si hva som er vanlig.",
    "common": "Ingen reell endring. Tallet svinger som før.",
    "flat": "Ingen endring: alle tallene er 4.",
    "common_pass": "Ingen reell endring. Målet på 60 nås trygt, for det vanlige er 44,3–55,7.",
    "common_sometimes": "Ingen reell endring. Målet på 50 nås av og til, for det vanlige er 44,3–55,7.",
    "common_small_denominator": "Ingen reell endring. Grunnlaget er lite, så tallet svinger mye av seg selv.",
    "one_outside.high": "Reell forverring: 65 i okt. 2026 er over det vanlige (42,8–59,2).",
    "one_outside.low": "Reell bedring: 35 i okt. 2026 er under det vanlige (40,8–57,2).",
    "outside.high": "Reell forverring: 3 måneder på rad over det vanlige (aug.–okt. 2026).",
    "trend.high": "Reell forverring: stigning gjennom 7 måneder på rad (apr.–okt. 2026).",
    "trend.low": "Reell bedring: nedgang gjennom 7 måneder på rad (apr.–okt. 2026).",
    "two_in_three.high": "Reell forverring: 2 av 3 måneder langt over snittet (aug.–okt. 2026).",
    "one_side.low": "Reell bedring: 8 måneder på rad under snittet (mars–okt. 2026).",
    "held.low": "Reell bedring: nivået har holdt seg under snittet siden juli 2025.",
    "median.high": "Reell forverring: tallene har ligget over medianen siden mai 2026.",
    "neutral": "Reell endring: 8 måneder på rad over snittet (mars–okt. 2026).",
    "possible.concern": "Mulig forverring: 8 måneder på rad over snittet (mars–okt. 2026).",
    "season_higher": "Følger årstiden: okt. 2026 er 2,5 over året før (over i 9 av 12 måneder).",
    "season_lower": "Følger årstiden: okt. 2026 er 2,5 under året før (under i 9 av 12 måneder).",
    "season_same": "Følger årstiden: okt. 2026 er som på samme tid året før.",
    "rolling": "Dekker 12 måneder og endrer seg sakte: 46,2 i okt. 2026, 53,0 året før.",
    "rolling_alone": "Dekker 12 måneder og endrer seg sakte: 52,3 i okt. 2026.",
    "rare": "Sjeldne hendelser (5 på 14 måneder): én fra eller til sier lite om retningen.",
    "rare_rate": "Tallet er 0 i 10 av 14 måneder, så enkelttall sier lite om utviklingen.",
    "missing": "Mangler tall for okt. 2026. Ingen reell endring. Tallet svinger som før.",
    "missing_several": "Mangler tall siden sep. 2026. "
    "Reell forverring: 8 måneder på rad over snittet (jan.–aug. 2026).",
    "missing_fail": "Mangler tall for okt. 2026. Ingen reell endring, og målet nås trolig ikke.",
}


@pytest.mark.parametrize("name", GOLDEN)
def test_what_is_said(name: str) -> None:
    assert sentence(BY_NAME[name], NB) == GOLDEN[name]


def test_a_target_out_of_reach_says_on_which_side_it_lies() -> None:
    assert "Målet på 40 nås trolig ikke, for det ligger under" in sentence(BY_NAME["common_fail_low"], NB)
    assert "Målet på 60 nås trolig ikke, for det ligger over" in sentence(BY_NAME["common_fail_high"], NB)


def test_no_two_cases_are_told_alike() -> None:
    assert len(BY_NAME) == len(CASES)
    assert len({pattern(case.about) for case in CASES}) == len(CASES)


def test_every_sentence_is_told_in_a_case() -> None:
    declared = {key for key, _ in strings(NB.get("sentences")) if key.partition(".")[0] not in PARTS}
    assert set().union(*(pattern(case.about) for case in CASES)) == declared


@in_every_language
@pytest.mark.parametrize("name", BY_NAME)
def test_every_case_is_whole_in_every_language(name: str, lang: str) -> None:
    assert not wrong(sentence(BY_NAME[name], words(lang)))


@in_every_language
@pytest.mark.parametrize(("rule", "side", "kind"), list(product(PATTERNS, SIDES, KINDS)))
@pytest.mark.parametrize("sure", [True, False])
def test_every_rule_tells_whether_it_is_good(rule: str, side: str, kind: str, sure: bool, lang: str) -> None:
    text = sentence(signal(rule, side, kind, sure=sure), words(lang))
    assert not wrong(text)
    assert text.startswith(f"{SURE[lang][not sure]}{HEADS[lang][kind]}: ")
    assert pattern(signal(rule, side, kind)) >= {f"signal.{rule}.{side}", f"head.sure.{kind}"}


@in_every_language
@pytest.mark.parametrize("rule", PATTERNS)
@pytest.mark.parametrize("months", [1, 2, 14])
def test_a_signal_after_which_numbers_are_missing_fits_its_row(rule: str, months: int, lang: str) -> None:
    assert not wrong(sentence(signal_late(rule, months), words(lang)))


# Periods and figures.


@pytest.mark.parametrize(
    ("frequency", "said"),
    [
        ("month", "3 måneder på rad over det vanlige (aug.–okt. 2026)."),
        ("quarter", "3 kvartaler på rad over det vanlige (2. kvartal–4. kvartal 2026)."),
        ("half_year", "3 halvår på rad over det vanlige (2. halvår 2025–2. halvår 2026)."),
        ("year", "3 år på rad over det vanlige (2024–2026)."),
        ("occasion", "3 målinger på rad over det vanlige (aug.–okt. 2026)."),
    ],
)
def test_periods_are_called_what_they_are(frequency: str, said: str) -> None:
    assert sentence(signal("outside", "high", "concern", frequency=frequency), NB).endswith(said)


def test_without_months_values_are_counted() -> None:
    text = sentence(signal("one_side", "high", "concern", months=False), NB)
    assert text.endswith("8 målinger på rad over snittet (måling 12–19).")
    assert "65 i måling 15 er over" in sentence(signal("one_outside", "high", "concern", months=False), NB)


@pytest.mark.parametrize(
    ("step", "long", "short"),
    [
        (1, "sep. 2026", "sep. 26"),
        (3, "3. kvartal 2026", "3. kv. 26"),
        (6, "2. halvår 2026", "2. halvår 26"),
        (12, "2026", "2026"),
    ],
)
def test_a_period_has_a_long_and_a_short_name(step: int, long: str, short: str) -> None:
    names = [period_name(date(2026, 9, 1), step, NB, short=form) for form in (False, True)]
    assert names == [long, short]


@pytest.mark.parametrize(
    ("values", "unit", "usual"),
    [
        (STABLE, RATIO, "44,3–55,7"),
        ((2, 6, 1, 7, 2, 6, 1, 7, 2, 6, 1, 7, 4), RATIO, "opptil 16,9"),
        ((90, 99, 92, 100) * 4, PERCENT, "72,9 eller mer"),
        ((10, 90) * 7, PERCENT, "alt fra 0 til 100"),
    ],
)
def test_the_usual_ends_where_values_must(values: Any, unit: Any, usual: str) -> None:
    assert Figures(drawn(values, unit=unit), NB).usual == usual


def test_figures_have_the_decimals_people_type_and_not_more_than_tell() -> None:
    whole, tenths = Figures(drawn([4, 5]), NB), Figures(drawn([4.25, 5.5]), NB)
    assert (whole.value(4.0), whole.level(4.25), whole.level(5.0)) == ("4", "4,2", "5")
    assert (tenths.value(4.2), tenths.level(4.256)) == ("4,20", "4,26")
    assert [tenths.value(number) for number in (1234.567, 12345.678, -0.001)] == ["1 234,6", "12 346", "0,00"]


def test_rates_of_whole_numbers_are_not_counted_as_events() -> None:
    """Of injuries per million hours, 10 is one injury perhaps, and never ten."""
    assert "0 i 10 av 13 måneder" in sentence(drawn([0, 10, 0, 0, 0, 0, 10, 0, 0, 0, 20, 0, 0]), NB)


def test_two_in_three_names_all_three() -> None:
    """The first of the three may be the one that is not far out."""
    about = drawn((*(46, 54) * 6, 58, 72, 72))
    assert sentence(about, NB).endswith("2 av 3 måneder langt over snittet (aug.–okt. 2026).")


# The next step.


def with_note(about: Assessment, by: str | None = None) -> Assessment:
    """The same when somebody has written why."""
    note = Why(row=Row("why", {}), indicator="I01", month=date(2026, 9, 1), text="Ny turnus.", by=by)
    return about.but(notes=(note,))


def helped(kind: bool | None, others: tuple[str, ...] = ()) -> Effect:
    """The effect of a measure on an indicator that should be low: risen, fallen or neither."""
    return Effect("control_chart", kind, 13, 8, 55.0, 45.0, better="lower", others=others, row=2)


BETTER = signal("one_side", "low", "improvement")
WORSE = signal("one_side", "high", "concern")
HELD = signal("held", "low", "improvement")


@pytest.mark.parametrize(
    ("about", "step"),
    [
        (BY_NAME["no_values"], "get_number"),
        (BY_NAME["missing"], "get_number"),
        (BY_NAME["missing_fail"], "find_measure"),
        (BY_NAME["few"], "collect"),
        (BY_NAME["early"], "collect"),
        (BY_NAME["season_same"], "compare"),
        (BY_NAME["rolling"], "watch"),
        (BY_NAME["common"], "wait"),
        (BY_NAME["common_pass"], "keep_going"),
        (BY_NAME["common_fail_high"], "find_measure"),
        (WORSE, "ask_why"),
        (BETTER, "ask_what_worked"),
        (BETTER.but(effects={"T03": helped(False)}, unevaluated=("T03",)), "evaluate"),
        (BETTER.but(effects={"T03": helped(False)}), "ask_what_worked"),
        (BY_NAME["common_held.high"], "recalculate"),
        (with_note(WORSE), "act"),
        (with_note(BETTER), "keep_going"),
        (with_note(HELD), "recalculate"),
    ],
)
def test_the_next_step(about: Assessment, step: str) -> None:
    assert next_step(about) == step


def test_the_measure_that_helped_is_named() -> None:
    found = {"T01": helped(None), "T03": helped(False)}
    about = BETTER.but(effects=found, unevaluated=tuple(found))
    assert next_text(about, NB) == "Evaluer T03, og hold fast"


# The longer answer.


@in_every_language
@pytest.mark.parametrize("name", BY_NAME)
def test_explanations_fit_and_are_whole(name: str, lang: str) -> None:
    text = explanation(BY_NAME[name], words(lang))
    assert text == "" or not wrong(text, ROOM)


def test_a_caution_is_not_said_twice() -> None:
    assert "hendelser" not in explanation(BY_NAME["common_rare_counts"], NB)
    assert explanation(BY_NAME["possible.concern"], NB).startswith("Det er bare 3 bak enkelte av tallene")


def test_what_the_sentence_left_out_of_the_target_is_explained() -> None:
    small = explanation(BY_NAME["common_small_denominator"], NB)
    assert small.endswith("Målet på 60 nås trygt.")
    assert "Målet" not in explanation(BY_NAME["common_pass"], NB)
    assert "Målet på 40 ligger under det vanlige" in explanation(BY_NAME["missing_fail"], NB)


def test_what_people_found_is_told() -> None:
    assert "Dere fant ut: Ny turnus." in explanation(with_note(WORSE), NB)
    assert "Ida fant ut: Ny turnus." in explanation(with_note(WORSE, "Ida"), NB)


def test_the_effect_of_a_measure_is_told_and_never_as_a_proof() -> None:
    alone, none = (explanation(BETTER.but(effects={"T03": helped(up)}), NB) for up in (False, None))
    assert alone.startswith(
        "Med T03 i gang fra juni 2025 gikk nivået fra 55 til 45. Det kan også ha andre årsaker."
    )
    assert none.startswith("Nivået har ikke endret seg tydelig med T03 i gang fra juni 2025.")
    others = BETTER.but(effects={"T03": helped(False, ("T04", "Ny turnus", "Flytting"))})
    assert "Annet i perioden: T04 · Ny turnus. Årsaken er usikker." in explanation(others, NB)


def test_there_is_always_more_to_say_than_room() -> None:
    note = Why(row=Row("why", {}), indicator="I01", month=date(2026, 9, 1), text="fordi " * 40)
    full = BETTER.but(notes=(note,) * 9, effects={"T03": helped(False)})
    assert len(explanation(full, NB)) <= ROOM < sum(map(len, explained(full, NB)))


# What holds for every series.

# As large as an indicator gets in any of the units shipped.
NUMBERS = st.one_of(st.integers(0, 6), st.integers(-99, 999), st.floats(-999, 999_000, allow_nan=False))
ROWS = st.one_of(
    st.lists(st.one_of(NUMBERS, st.none()), max_size=45),
    st.integers(2, 12).flatmap(lambda top: st.lists(st.integers(0, top), min_size=13, max_size=45)),
    st.lists(st.integers(-30, 40), min_size=7, max_size=45).map(
        lambda steps: [sum(steps[: row + 1]) for row in range(len(steps))]
    ),
)
OPTIONS = st.fixed_dictionaries(
    {
        "better": st.sampled_from(("higher", "lower", "neutral")),
        "frequency": st.sampled_from(tuple(STEPS)),
        "unit": st.sampled_from((RATIO, COUNT, PERCENT)),
        "target": st.one_of(st.none(), NUMBERS),
        "rolling": st.booleans(),
        "months": st.booleans(),
        "baseline": st.one_of(st.none(), st.integers(12, 20)),
        "starts": st.lists(st.integers(0, 44), max_size=2),
        "denominators": st.one_of(st.none(), st.integers(1, 60).map(lambda count: [float(count)] * 45)),
    }
)


def any_drawn(values: list[float | None], options: dict[str, Any]) -> Assessment:
    """An assessment as a workbook can hold it: only months can lack their newest number."""
    if options["frequency"] == "occasion":
        values = [value for value in values if value is not None]
    elif options["frequency"] != "month":
        values = values[: max((row + 1 for row, value in enumerate(values) if value is not None), default=0)]
    starts = [start for start in options["starts"] if start < len(values)]
    return drawn(values, **options | {"starts": starts})


@given(ROWS, OPTIONS)
def test_any_series_is_told_of_in_every_language(values: Any, options: Any) -> None:
    about = any_drawn(values, options)
    for lang in LANGUAGES:
        text, longer = sentence(about, words(lang)), explanation(about, words(lang))
        assert not wrong(text)
        assert longer == "" or not wrong(longer, ROOM)
    assert next_step(about) in NB.get("next_steps")


@given(ROWS, OPTIONS)
def test_the_other_direction_tells_the_opposite(values: Any, options: Any) -> None:
    """Without the choice that shows an improvement where two rules disagree."""
    options = options | {"target": None, "profile": MDC.but(conflict="precedence")}
    up, down = (any_drawn(values, options | {"better": better}) for better in ("higher", "lower"))
    said = sentence(up, NB)
    swapped = said.replace("bedring", "–").replace("forverring", "bedring").replace("–:", "forverring:")
    assert swapped == sentence(down, NB)
