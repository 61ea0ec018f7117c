"""The words of the table: what counts as kept, and what as less."""

from __future__ import annotations

import pytest

from tests.resaved.features import Found, outcome

TEN: Found = dict.fromkeys(range(10), "a")


@pytest.mark.parametrize(
    ("after", "word"),
    [
        (TEN, "kept"),
        ({**TEN, 10: "more"}, "kept"),
        ({**TEN, 0: "b"}, "mostly"),
        (dict.fromkeys(range(8), "a"), "partly"),
        ({0: "a"}, "partly"),
        (dict.fromkeys(TEN, "b"), "damaged"),
        ({}, "lost"),
        ({10: "a"}, "lost"),
    ],
)
def test_what_became_of_ten_things(after: Found, word: str) -> None:
    assert outcome(TEN, after) == word


def test_widths_may_differ_by_what_no_one_sees() -> None:
    assert outcome({1: 10.0}, {1: 10.7}) == "kept"
    assert outcome({1: 10.0}, {1: 14.0}) == "damaged"


def test_a_feature_must_be_there_to_be_measured() -> None:
    with pytest.raises(AssertionError, match="nothing to lose"):
        outcome({}, TEN)
