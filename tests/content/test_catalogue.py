"""The starting catalogue: its facts fit the standard, and its words are whole in every language."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

TEMPLATES = Path(__file__).resolve().parents[2] / "workbook_templates"
LANGUAGES = ("nb", "nn", "en")
FACTORS = {
    "job_insecurity",
    "control",
    "social_support",
    "harassment",
    "time_pressure",
    "relations",
    "culture",
    "formal_structure",
    "technology",
    "other",
}
KEYS = {
    "better",
    "frequency",
    "rolling",
    "unit",
    "decimals",
    "factors",
    "law",
    "about_persons",
    "fewest_people",
    "timing",
    "evidence",
}
VALUES: dict[str, set[object]] = {
    "better": {"higher", "lower", "neutral"},
    "frequency": {"month", "quarter", "half_year", "year", "occasion"},
    "rolling": {True, False},
    "decimals": {0, 1, 2},
    "about_persons": {True, False},
    "fewest_people": {0, 5, 10},
    "timing": {"lead", "early", "lag"},
    "evidence": {"sourced", "convention", "practice"},
}
TEXTS = ("name", "definition", "data", "source")
CUSTOM = {
    "nb": "Innarbeidet praksis; ingen felles norsk definisjon",
    "nn": "Innarbeidd praksis; ingen felles norsk definisjon",
    "en": "Established practice; no common Norwegian definition",
}
# Bullying and harassment, in any text of the three languages.
HARASSMENT = re.compile(r"mobb|trakasser|bull(y|ied)|harass|psykososial|psychosocial", re.IGNORECASE)
# A definition that speaks of a percentage is measured in one of these.
PERCENT = {"percent", "percent_of_staff", "percent_of_hours"}

ENGLISH = set(
    "see from each the and with without this workbook never always month months year rolling note "
    "deadline feedback onboarding workload survey score target share rate count helpdesk employees".split()
)
BOKMAL = set(
    "ikke hvor hva hvem hvordan hvorfor hver hvert jeg noe noen mye mer flere uke uker uken ukene måned "
    "måneder måneden månedene dager dagene timer timene ansatt ansatte ansettelse nyansatte "
    "deltidsansatte enhet enheter enheten virksomhet fravær fraværet sykefravær sykefraværet sykmelding "
    "syk sykdom egenmelding egenmeldt leder ledere lederen ledelse hendelse hendelser hendelsen skader "
    "meldere meldinger vernerunder verneombudet tillitsvalgt tillitsvalgte undersøkelse undersøkelsen "
    "medarbeider spørsmålene arbeidsmiljøloven ferieloven folketrygdloven fra også bare sammenlign "
    "samme selv først vært gjøre gjennomsnittlig antall andel siden sluttet lukket endret veileder "
    "forskjell høyt lavt høyere lavere trusler vold arbeidede innleide avtaler stillinger medvirkning "
    "utenfor sjelden vises telles regnes føres settes snus kilde forbedring bedring brudd".split()
)
A_INFINITIVES = set("vera gjera fylgja følgja koma seia skriva samanlikna telja melda bruka".split())
PRODUCTS = re.compile(r"\bForBedring\b")


def read(*parts: str) -> dict[str, Any]:
    """The content of one TOML file of the templates."""
    return tomllib.loads(TEMPLATES.joinpath(*parts).read_text(encoding="utf-8"))


CATALOGUE = read("catalogue.toml")
UNITS = read("units.toml")
WORDS = {language: read("texts", language, "catalogue.toml") for language in LANGUAGES}


def written(language: str) -> list[tuple[str, str]]:
    """Every text of one language with the place it stands in."""
    units = [(f"units.{key}", label) for key, label in WORDS[language]["units"].items()]
    return units + [
        (f"{key}.{field}", text)
        for key, entry in WORDS[language]["indicators"].items()
        for field, text in entry.items()
    ]


def tokens(text: str) -> set[str]:
    """The words of a text in lower case, names of products left out."""
    return set(re.findall(r"[^\W\d_]+", PRODUCTS.sub("", text).lower()))


def words_found(language: str, unwanted: set[str]) -> dict[str, set[str]]:
    """The unwanted words of one language with the place each stands in."""
    found = {place: tokens(text) & unwanted for place, text in written(language)}
    return {place: words for place, words in found.items() if words}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_indicator_and_unit_in_the_same_order(language: str) -> None:
    assert list(WORDS[language]["indicators"]) == list(CATALOGUE)
    assert list(WORDS[language]["units"]) == list(UNITS)
    assert set(WORDS[language]) == {"units", "indicators"}


def test_ids_are_a_letter_two_digits_and_a_letter_where_an_entry_was_split() -> None:
    assert [key for key in CATALOGUE if not re.fullmatch(r"[FJTMLOHU]\d\d[a-c]?", key)] == []
    split = {key[:3] for key in CATALOGUE if len(key) == 4}
    assert split.isdisjoint(CATALOGUE)
    assert all(f"{stem}a" in CATALOGUE and f"{stem}b" in CATALOGUE for stem in split)


@pytest.mark.parametrize("key", CATALOGUE)
def test_facts_have_the_keys_and_values_the_standard_knows(key: str) -> None:
    entry = CATALOGUE[key]
    assert set(entry) - {"target"} == KEYS
    assert {name: entry[name] for name, allowed in VALUES.items() if entry[name] not in allowed} == {}
    assert entry["unit"] in UNITS
    assert set(entry["factors"]) <= FACTORS
    assert set(entry["law"]) <= set("abcd")
    assert entry.get("target", 0) == 0


@pytest.mark.parametrize("key", CATALOGUE)
def test_what_is_about_persons_has_a_smallest_group(key: str) -> None:
    entry = CATALOGUE[key]
    assert entry["about_persons"] == (entry["fewest_people"] > 0)


@pytest.mark.parametrize("key", CATALOGUE)
def test_bullying_and_harassment_need_ten_people(key: str) -> None:
    said = " ".join(text for word in WORDS.values() for text in word["indicators"][key].values())
    if HARASSMENT.search(said) or "harassment" in CATALOGUE[key]["factors"]:
        assert CATALOGUE[key]["fewest_people"] == 10


@pytest.mark.parametrize("key", CATALOGUE)
def test_a_target_is_given_only_where_lower_is_better(key: str) -> None:
    if "target" in CATALOGUE[key]:
        assert CATALOGUE[key]["better"] == "lower"


OPTIONAL = {"counts", "between"}


def test_units_that_have_ends_or_count_say_so() -> None:
    assert {key: unit["between"] for key, unit in UNITS.items() if "between" in unit} == {
        "percent": [0, 100],
        "score_1_5": [1, 5],
        "score_0_100": [0, 100],
    }
    assert [key for key, unit in UNITS.items() if "counts" in unit] == ["count"]


def test_units_have_a_multiplier_and_say_whether_they_are_shares() -> None:
    assert {key for key, unit in UNITS.items() if set(unit) - OPTIONAL != {"multiplier", "share"}} == set()
    assert {unit["multiplier"] for unit in UNITS.values()} == {1, 100, 1_000_000}
    assert [key for key, unit in UNITS.items() if unit["share"]] == ["percent"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_unit_labels_are_short_and_tell_units_apart(language: str) -> None:
    labels = WORDS[language]["units"].values()
    assert len(set(labels)) == len(labels)
    assert [label for label in labels if not label or len(label) > 24] == []


@pytest.mark.parametrize("key", CATALOGUE)
def test_shares_are_measured_in_percent(key: str) -> None:
    says = {language: word["indicators"][key]["definition"] for language, word in WORDS.items()}
    is_share = CATALOGUE[key]["unit"] in PERCENT
    found = [bool(re.search(r"\b(prosent|percentage)\b", text)) for text in says.values()]
    assert found == [is_share] * 3


@pytest.mark.parametrize("key", CATALOGUE)
def test_rates_name_their_denominator(key: str) -> None:
    says = {language: word["indicators"][key]["definition"] for language, word in WORDS.items()}
    wanted = {
        "per_100_employees": ("per 100 ansatte", "per 100 tilsette", "per 100 employees"),
        "per_100_fte": ("per 100 årsverk", "per 100 årsverk", "per 100 full-time equivalents"),
        "per_100_shifts": ("per 100 gjennomførte vakter", "per 100 gjennomførte vakter", "per 100 shifts"),
        "per_million_hours": (
            "per million arbeidede timer",
            "per million arbeidde timar",
            "per million hours",
        ),
    }.get(CATALOGUE[key]["unit"], ("", "", ""))
    assert all(phrase in says[language] for language, phrase in zip(LANGUAGES, wanted, strict=True))


@pytest.mark.parametrize("key", CATALOGUE)
def test_rolling_figures_say_over_which_period(key: str) -> None:
    rolling = CATALOGUE[key]["rolling"]
    for word in WORDS.values():
        says = word["indicators"][key]["definition"]
        assert bool(re.search(r"\b(12|52)\b", says)) == rolling


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_indicator_has_its_texts_and_nothing_else(language: str) -> None:
    for key, entry in WORDS[language]["indicators"].items():
        assert set(entry) - {"note"} == set(TEXTS), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_neatly_written(language: str) -> None:
    for place, text in written(language):
        assert text, place
        assert text == text.strip(), place
        assert not re.search(r"\s\s|\n|[\"*…]|\s[.,;:]", text), place
        assert not re.search(r"\d-\d", re.sub(r"(§§?|sections?|og|and) ?\d+-\d+|\d+-FAKTOR", "", text)), place


@pytest.mark.parametrize("language", LANGUAGES)
def test_definitions_and_notes_are_sentences(language: str) -> None:
    for place, text in written(language):
        if place.endswith((".definition", ".note")):
            assert re.match(r"[A-ZÆØÅÉ]", text), place
            assert text.endswith("."), place
        else:
            assert not text.endswith("."), place


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_are_short_and_unlike(language: str) -> None:
    names = [entry["name"] for entry in WORDS[language]["indicators"].values()]
    assert len({name.casefold() for name in names}) == len(names)
    assert [name for name in names if len(name) > 40] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", CATALOGUE)
def test_the_source_fits_the_evidence(key: str, language: str) -> None:
    source = WORDS[language]["indicators"][key]["source"]
    assert source.startswith(CUSTOM[language]) == (CATALOGUE[key]["evidence"] == "convention")


@pytest.mark.parametrize("key", CATALOGUE)
def test_the_languages_cite_the_same_sections(key: str) -> None:
    cited = [set(re.findall(r"\d+-\d+", word["indicators"][key]["source"])) for word in WORDS.values()]
    assert cited[0] == cited[1] == cited[2]


@pytest.mark.parametrize("key", CATALOGUE)
def test_a_caution_stands_in_all_languages_or_in_none(key: str) -> None:
    assert len({"note" in word["indicators"][key] for word in WORDS.values()}) == 1


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_norwegian_texts_hold_no_english(language: str) -> None:
    found = {
        place: sorted(tokens(text) & ENGLISH) for place, text in written(language) if tokens(text) & ENGLISH
    }
    assert found == {}


def test_nynorsk_is_nynorsk() -> None:
    assert words_found("nn", BOKMAL | A_INFINITIVES) == {}
