"""The page of what was tested holds just the rows that tests find, and reads well."""

from __future__ import annotations

from tests.docs.paths import named_paths
from tests.reliability.rows import PAGE, ROOT, declare_all, rewritten, sections

TEXT = PAGE.read_text(encoding="utf-8")
LONGEST = 140


def test_each_row_has_its_test_and_each_test_its_row() -> None:
    on_page = {key: [row[0] for row in rows] for key, rows in sections(TEXT).items()}
    assert {key: sorted(names) for key, names in on_page.items()} == {
        key: sorted(names) for key, names in declare_all().items()
    }


def test_every_table_on_the_page_is_made_of_such_rows() -> None:
    """But for the histogram, whose kills land elsewhere each time."""
    made = sum(len(rows) + 2 for rows in sections(TEXT).values())
    histogram = TEXT.partition("<!-- kills -->")[2].partition("<!-- end of kills -->")[0]
    lines = [line for line in TEXT.splitlines() if line.startswith("|")]
    assert len(lines) == made + histogram.count("\n|")


def test_writing_the_rows_that_stand_there_keeps_them() -> None:
    declare_all()
    found = {(key, row[0]): row for key, rows in sections(TEXT).items() for row in rows}
    again = rewritten(TEXT, found)
    assert {key: set(rows) for key, rows in sections(again).items()} == {
        key: set(rows) for key, rows in sections(TEXT).items()
    }


def test_lines_are_short_and_what_is_named_exists() -> None:
    assert [line for line in TEXT.splitlines() if len(line) > LONGEST] == []
    assert [path for path in named_paths(TEXT) if not any(ROOT.glob(path))] == []
