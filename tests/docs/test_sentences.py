"""docs/sentences.md says what is said today."""

from __future__ import annotations

from tests.docs.sentences import PAGE, page


def test_kept_page_is_the_one_of_today() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "if this is meant, run python -m tests.docs.sentences"
