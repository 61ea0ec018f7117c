from __future__ import annotations

from datetime import date

import pytest

from tests.rules.support import book, said, values

HEADER = "| id | step | status | date | confirmed_by | leader_asked |"


def steps(*rows: str) -> str:
    """Steps S01 on: status, date, who confirmed it, when the leader asked."""
    lines = [f"| S{n:02d} | Steg {n} | {row} |" for n, row in enumerate(rows, 1)]
    return "\n".join([HEADER, *lines])


DONE = "done | 2026-09-01 | Leder og verneombud | 2026-09-10"


def test_one_step_after_the_other() -> None:
    assert said("PRO-1", book(process=steps(DONE, "ongoing | | |", "not_started | | |"))) == []


def test_a_new_process_says_nothing() -> None:
    assert said("PRO-1", book(process=steps(*["not_started | | |"] * 5))) == []
    assert said("PRO-1", book(process=steps("ongoing | | |", *["not_started | | |"] * 4))) == []


@pytest.mark.parametrize("before", ["ongoing", "not_started", ""])
@pytest.mark.parametrize("status", ["ongoing", "done"])
def test_started_too_early(before: str, status: str) -> None:
    about = book(process=steps(f"{before} | | | 2026-11-01", f"{status} | | |", "not_started | | |"))
    assert said("PRO-1", about) == ["R not_finished C3"]
    assert values("PRO-1", about) == {"step": "Steg 2", "before": "Steg 1"}


def test_nobody_confirmed_the_step_before() -> None:
    about = book(process=steps("done | 2026-09-01 | | 2026-09-10", "ongoing | | |"))
    assert said("PRO-1", about) == ["R not_confirmed E2"]
    assert values("PRO-1", about) == {"step": "Steg 2", "before": "Steg 1"}


def test_sorted_steps_are_compared_in_their_own_order() -> None:
    rows = steps(DONE, "ongoing | | |").splitlines()
    assert said("PRO-1", book(process="\n".join([rows[0], rows[2], rows[1]]))) == []


@pytest.mark.parametrize(("asked", "silent"), [("2026-08-16", True), ("2026-08-17", False)])
def test_three_months_since_the_leader_asked(asked: str, silent: bool) -> None:
    about = book(process=steps(f"done | 2026-05-01 | Leder | {asked}", "ongoing | | |"))
    assert said("PRO-1", about) == (["R leader_silent F3"] if silent else [])


def test_who_is_silent_and_since_when() -> None:
    about = book(process=steps("done | 2026-05-01 | Leder | 2026-06-18", "ongoing | | | 2026-02-01"))
    assert values("PRO-1", about) == {
        "date": date(2026, 6, 18),
        "step": "Steg 2",
        "table": "process",
        "column": "leader_asked",
    }


def test_never_asked_since_the_first_thing_that_was_done() -> None:
    assert said("PRO-1", book(process=steps("done | 2026-05-01 | Leder |", "ongoing | | |"))) == [
        "R leader_never_asked F3"
    ]
    begun = steps("ongoing | | |")
    assert said("PRO-1", book(process=begun, meetings="| id | date |\n| M01 | 2026-03-07 |")) == [
        "R leader_never_asked F2"
    ]
    assert said("PRO-1", book(process=begun, meetings="| id | date |\n| M01 | 2026-11-07 |")) == []


def test_nobody_needs_to_ask_when_all_is_done() -> None:
    assert said("PRO-1", book(process=steps("done | 2025-05-01 | Leder | 2025-06-18"))) == []
