"""The words about what the numbers say: every sentence fits its place, whatever is filled in."""

from __future__ import annotations

import pytest

from tests.content.texts import SENTENCE, blanks, every_language, in_all_languages, strings

NUMBERS = in_all_languages("numbers")

EXPLAINED, NEXT_STEP, NEWS = 130, 32, 95
# What is put together into sentences.
PARTS = ("period", "period_short", "periods", "usual", "head", "point", "points")
# What can follow the words about a missing number, which take room too.
AFTER_MISSING = (
    "signal.",
    "few",
    "early",
    "no_limits",
    "season_",
    "rolling",
    "rare",
    "linked",
)
AFTER_MISSING_WHOLE = ("common", "common_fail")

# Long, but nothing out of the ordinary. Only months can be missing: other periods end at their newest number.
MONTH = {"nb": "sep. 2025", "nn": "sep. 2025", "en": "Sep 2025"}
SPAN = {"nb": "sep. 2025–sep. 2026", "nn": "sep. 2025–sep. 2026", "en": "Sep 2025–Sep 2026"}
LONG = "1 234,5"
TYPICAL = {
    "after": LONG,
    "before": LONG,
    "by": "HMS-koordinator",
    "change": LONG,
    "charts": "24",
    "compared": "12",
    "count": "13",
    "date": "3. desember 2026",
    "fewest": "4",
    "indicator": "Rapporterte uønskede hendelser (RUH) 1234",
    "last": "0,4",
    "mean": LONG,
    "measure": "T03",
    "measures": "T01, T02, T03, T04",
    "median": LONG,
    "n": "12",
    "needed": "13",
    "others": "T04 · Ny turnus fra mai",
    "points": "12",
    "rest": "",
    "rows": "3",
    "somewhere": "13,4",
    "target": LONG,
    "text": "Ny turnus fra mai, og to vikarer fikk fast stilling i juni og juli",
    "value": LONG,
}


def typical(language: str) -> dict[str, str]:
    """What fills the blanks in one language, the longest form of each part."""
    parts = NUMBERS[language]["sentences"]
    usual = (parts["usual"][form] for form in ("between", "up_to", "from"))
    heads = (head for group in parts["head"].values() for head in group.values())
    return TYPICAL | {
        "head": max(heads, key=len),
        "missing": MONTH[language],
        "month": MONTH[language],
        "periods": parts["periods"]["month"],
        "since": MONTH[language],
        "span": SPAN[language],
        "usual": max((form.format(lower=LONG, upper=LONG) for form in usual), key=len),
    }


def filled(language: str, section: str) -> dict[str, str]:
    """The sentences of a section by their keys, filled."""
    values = typical(language)
    return {
        key: text.format_map(values)
        for key, text in strings(NUMBERS[language][section])
        if section != "sentences" or key.partition(".")[0] not in PARTS
    }


def too_long(found: dict[str, str], most: int) -> list[tuple[str, int, str]]:
    return [(key, len(text), text) for key, text in found.items() if len(text) > most]


def follows_missing(key: str) -> bool:
    return key.startswith(AFTER_MISSING) or key in AFTER_MISSING_WHOLE


@every_language
def test_short_sentences_fit_their_row(language: str) -> None:
    assert too_long(filled(language, "sentences"), SENTENCE) == []


@every_language
def test_what_follows_a_missing_number_fits_its_row_too(language: str) -> None:
    found = filled(language, "sentences")
    before = max((text for key, text in found.items() if key.startswith("missing.")), key=len)
    after = {key: before + text for key, text in found.items() if follows_missing(key)}
    assert len(after) > 20
    assert too_long(after, SENTENCE) == []


@every_language
@pytest.mark.parametrize(("section", "most"), [("explain", EXPLAINED), ("next_steps", NEXT_STEP)])
def test_the_other_words_are_short(language: str, section: str, most: int) -> None:
    assert too_long(filled(language, section), most) == []


@every_language
def test_news_and_questions_are_short(language: str) -> None:
    found = filled(language, "news")
    chance = found.pop("chance")
    assert len(chance) <= SENTENCE
    assert too_long(found, NEWS) == []


@every_language
def test_sentences_are_whole(language: str) -> None:
    parts = ("sentences", "explain", "news")
    told = {f"{part}.{key}": text for part in parts for key, text in filled(language, part).items()}
    wrong = {key: text for key, text in told.items() if not text.rstrip().endswith((".", "?"))}
    assert set(wrong) == {"news.since", "news.first", "news.owner", "news.more.one", "news.more.other"}
    questions = {key for key, text in told.items() if text.endswith("?")}
    assert questions == {key for key in told if key.startswith("news.question.")}


@every_language
def test_steps_are_no_sentences(language: str) -> None:
    assert [text for _, text in strings(NUMBERS[language]["next_steps"]) if text.endswith(".")] == []


@every_language
def test_every_case_of_the_news_has_its_question(language: str) -> None:
    news = NUMBERS[language]["news"]
    told = set(news["new"]) | set(news["standing"])
    assert {case.removeprefix("maybe_") for case in told} == set(news["question"])


def test_nothing_but_what_is_known_is_filled_in() -> None:
    known = typical("nb").keys() | {"number", "first", "last", "lower", "upper", "year", "yy"}
    assert {name for _, text in strings(NUMBERS["nb"]) for name in blanks(text)} <= known
