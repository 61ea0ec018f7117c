from __future__ import annotations

from datetime import date

from hmsbook.analysis.snapshot import NO_SNAPSHOTS, Snapshot, Snapshots, snapshot
from hmsbook.analysis.summary import summarise
from hmsbook.flow.news import chance, news
from hmsbook.model.book import Book
from hmsbook.model.dates import add_months
from hmsbook.texts.words import words
from tests.rules.support import book

STABLE = [5, 6, 4, 5, 7, 5, 4, 6, 5, 5, 6, 4, 5, 6, 5, 4]
RISEN = [*STABLE, 13, 13, 14]
ROOM = 7
POINTS = ("decided", "closed")


def about(
    values: list[int], *, target: str = "", why: str = "", measures: str = "", name: str = "Overtid"
) -> Book:
    """A book with one monthly indicator that should be low, from January 2025."""
    rows = (f"| {add_months(date(2025, 1, 1), row):%Y-%m} | {value} |" for row, value in enumerate(values))
    return book(
        indicators=f"""
            | id  | name   | unit  | better | frequency | owner | target   |
            | I01 | {name} | timer | lower  | month     | Ida   | {target} |""",
        values="\n".join(["| month | I01 |", *rows]),
        why=why,
        measures=measures,
    )


def told(now: Book, before: Book | None = None, *, day: str = "2026-08-16", rows: int = ROOM) -> list[str]:
    """What is told on a day, after an update on 16 July that saw another book."""
    kept = NO_SNAPSHOTS
    if before is not None:
        earlier = summarise(before, date(2026, 7, 16))
        kept = kept.advanced(snapshot(before, earlier, "2026-07-16"))
    summary = summarise(now, date.fromisoformat(day))
    kept = kept.advanced(snapshot(now, summary, day))
    return [" | ".join(str(cell) for cell in row) for row in news(now, summary, kept, rows, words("nb"))]


def first_lines(lines: list[str]) -> list[str]:
    return [line.split("\n")[0] for line in lines]


def test_the_first_update_asks_about_what_stands() -> None:
    lines = told(about(RISEN))
    assert lines[0] == "Hva tallene ber oss snakke om | Hvem svarer"
    assert lines[1].startswith("Overtid har vært verre siden mai 2026.\nHva var annerledes")
    assert lines[1].endswith("| Ida")


def test_a_calm_book_says_so() -> None:
    assert told(about(STABLE))[1:] == [f"{words('nb').text('news.calm')} | "]
    assert told(about(STABLE), about(STABLE))[1:] == [f"{words('nb').text('news.calm')} | "]


def test_a_change_is_new_once_and_then_stands() -> None:
    before, now = about(STABLE), about(RISEN)
    new = told(now, before)
    assert new[0].startswith("Hva har endret seg siden 16. juli 2026")
    assert first_lines(new)[1:] == ["Nytt: Overtid er blitt verre siden mai 2026."]
    assert first_lines(told(now, now))[1:] == ["Overtid har vært verre siden mai 2026."]


def test_an_explained_signal_is_asked_about_no_more() -> None:
    why = "| indicator | month | text | by |\n| I01 | 2026-05 | Flyttet frist | Ida |"
    assert first_lines(told(about(RISEN, why=why)))[1:] == [f"{words('nb').text('news.calm')} | "]


def test_a_signal_that_ends_is_told() -> None:
    back = [*RISEN, 5, 4, 6, 5]
    lines = first_lines(told(about(back), about(RISEN)))
    assert lines[1] == "Nytt: Overtid er tilbake til det vanlige."


def test_a_target_that_came_out_of_reach() -> None:
    lines = first_lines(told(about(STABLE, target="1"), about(STABLE, target="5")))
    assert lines[1] == "Nytt: Overtid når trolig ikke målet slik det går nå."
    assert first_lines(told(about(STABLE, target="1")))[1] == "Overtid når trolig ikke målet slik det går nå."


def test_measures_are_told_when_they_come_to_a_new_point() -> None:
    drawing = "| id | measure | responsible | deadline | status |\n"
    before = about(STABLE, measures=drawing + "| T01 | Tak | Åse | 2026-08-01 | decided |\n")
    now = about(
        STABLE,
        measures=drawing
        + "| T01 | Tak | Åse | 2026-08-01 | ongoing |\n| T02 | Kurs | Bo | 2026-12-01 | decided |\n",
    )
    lines = told(now, before)
    assert [line.split("\n")[0] for line in lines[1:]] == [
        "Nytt: T01 er forfalt.",
        "Nytt: T02 er vedtatt eller i gang.",
    ]
    assert [line.split(" | ")[1] for line in lines[1:]] == ["Åse", "Bo"]


def test_sensitive_measures_are_never_told() -> None:
    drawing = "| id | measure | status | sensitive |\n| T01 | Sak | decided | ja |\n"
    assert len(told(about(STABLE, measures=drawing), about(STABLE))) == 2


def test_what_finds_no_room_is_counted() -> None:
    rows = "\n".join(f"| T{number:02d} | Tak | {status} |" for number, status in enumerate(POINTS, 1))
    lines = first_lines(
        told(about(RISEN, measures="| id | measure | status |\n" + rows), about(STABLE), rows=3)
    )
    assert lines[1:] == [
        "Nytt: Overtid er blitt verre siden mai 2026.",
        "og 2 saker til, se arket Trender | ",
    ]
    assert len(lines) == 3


def test_a_new_day_moves_the_comparison_and_the_same_day_does_not() -> None:
    first, second, third = (Snapshot(day, {}, {"T01": point}) for day, point in DAYS)
    kept = NO_SNAPSHOTS.advanced(first)
    assert kept == Snapshots(Snapshot(), first)
    assert kept.advanced(first.but(day="2026-09-01")) is kept
    assert kept.advanced(second) == Snapshots(first, second)
    assert kept.advanced(second).advanced(third) == Snapshots(first, third)


DAYS = (("2026-07-16", "started"), ("2026-08-16", "overdue"), ("2026-08-16", "finished"))


def test_snapshots_are_kept_as_texts() -> None:
    now = about(RISEN, target="1", measures="| id | measure | status |\n| T01 | Tak | decided |")
    found = snapshot(now, summarise(now, date(2026, 8, 16)), "2026-08-16")
    assert Snapshot.of_cells(found.cells) == found
    assert found.cells == ["2026-08-16", "I01=concern/fail", "T01=started"]
    assert Snapshot.of_cells([]) == Snapshot.of_cells([None, 7, "tull"]).but(indicators={}, measures={})


def test_a_snapshot_always_fits_its_cells() -> None:
    many = Snapshot("2026-08-16", {}, {f"T{number:04d}": "finished" for number in range(5000)})
    text = many.cells[2]
    assert len(text) < 32_767
    kept = Snapshot.of_cells(many.cells).measures
    assert 0 < len(kept) < 5000
    assert set(kept.values()) == {"finished"}


def test_false_signals_are_counted_for_charts_with_limits_only() -> None:
    nobody = book()
    assert chance(summarise(nobody, date(2026, 8, 16)), words("nb")) == ""
    assert "0,1" in chance(summarise(about(STABLE), date(2026, 8, 16)), words("nb"))
