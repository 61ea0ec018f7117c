"""What a reader with pencil and paper finds in a masked book, worked out here without the code it tests."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from hmsbook.sharing.masking import mask
from tests.sharing.drawn_books import book, columns_of, indicators, rolling, rows_of, values

FEW = 5
MOST = 80


def reader_knows(true: int, hidden: bool) -> list[int]:
    """What one number can be: itself, or what the words in its masked cell say."""
    if not hidden:
        return [true]
    return list(range(FEW)) if true < FEW else list(range(FEW, MOST))


def totals(numbers: list[list[int]]) -> set[int]:
    """What some numbers can come to in all."""
    found = {0}
    for number in numbers:
        found = {total + value for total in found for value in number}
    return found


def candidates(kinds: list[list[list[int]]], total: list[int], kind: int, place: int) -> list[int]:
    """What a group can be, when the groups of every kind come to the same total."""
    possible = set(total).intersection(*(totals(groups) for groups in kinds))
    rest = totals([number for at, number in enumerate(kinds[kind]) if at != place])
    return [value for value in kinds[kind][place] if any(whole - value in rest for whole in possible)]


@st.composite
def divided(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    """The same people divided in two ways."""
    one = draw(st.lists(st.integers(0, 14), min_size=2, max_size=4))
    cuts = sorted(draw(st.lists(st.integers(0, sum(one)), min_size=1, max_size=2)))
    return one, [high - low for low, high in zip([0, *cuts], [*cuts, sum(one)], strict=True)]


@given(divided(), st.booleans())
@settings(max_examples=150)
def test_groups_of_a_survey(groups: tuple[list[int], list[int]], with_total: bool) -> None:
    lines = ["| theme | subgroup_kind | subgroup | percentage | answered |"]
    lines += [f"| Tid | | | | {sum(groups[0])} |"] if with_total else []
    for kind, sizes in zip(("Skift", "Yrke"), groups, strict=True):
        lines += [f"| Tid | {kind} | {kind} {at} | | {size} |" for at, size in enumerate(sizes)]
    hidden = {row for table, row, _ in mask(book(survey="\n".join(lines))).cells if table == "survey"}
    rows = iter(range(len(lines)))
    total = reader_knows(sum(groups[0]), next(rows) in hidden) if with_total else list(range(MOST))
    places = [[next(rows) for _ in sizes] for sizes in groups]
    known = [
        [reader_knows(size, row in hidden) for size, row in zip(sizes, at, strict=True)]
        for sizes, at in zip(groups, places, strict=True)
    ]
    # Where nothing is shown at all, what is known is that some groups are small and others are not.
    all_hidden = len(hidden) == len(lines) - 1
    for kind, at in enumerate(places):
        for place, row in enumerate(at):
            assert row not in hidden or all_hidden or len(candidates(known, total, kind, place)) >= FEW
            assert row in hidden or groups[kind][place] >= FEW


@given(st.lists(st.integers(0, 4), min_size=6, max_size=6))
@settings(max_examples=60)
def test_months_of_quarters(months: list[int]) -> None:
    facts = indicators(
        "| I01 | antall | month | nei | ja | 3 | Lønn |", "| I02 | antall | quarter | nei | ja | 40 | Lønn |"
    )
    sums = [sum(months[:3]), sum(months[3:])]
    typed = values(1, I01=" ".join(map(str, months)), I02=f". . {sums[0]} . . {sums[1]}")
    hidden = columns_of(book(indicators=facts, values=typed))
    assert hidden["I01"] == len(months)
    # Each month can be anything from nothing to all of its quarter.
    assert hidden.get("I02", 0) == sum(total + 1 < FEW for total in sums)


def fewest_leave(figures: list[list[int]]) -> int:
    """The least by which what leaves the window is more than what was in it at first; above zero: impossible.

    From one month to the next a rolling figure falls by no more than what leaves, and all that leaves within
    a year was in the first of the figures.
    """
    best = {value: -value for value in figures[0]}
    for following in figures[1:]:
        best = {
            value: min(cost + max(0, before - value) for before, cost in best.items()) for value in following
        }
    return min(best.values())


@given(st.lists(st.integers(0, 3), min_size=16, max_size=18), st.integers(0, 20))
@settings(max_examples=60)
def test_a_rolling_figure(months: list[int], small: int) -> None:
    figures = [sum(months[at : at + 12]) for at in range(len(months) - 11)]
    few = small % len(figures)
    about = book(indicators=indicators("| I01 | antall | month | ja | ja | | |"), basis=rolling(figures, few))
    hidden = rows_of(about, "basis")
    known = [list(range(MOST)) if at in hidden else [figure] for at, figure in enumerate(figures)]
    assert few in hidden
    for at in hidden:
        possible = [
            value for value in known[at] if fewest_leave([*known[:at], [value], *known[at + 1 :]]) <= 0
        ]
        assert len(possible) >= FEW
