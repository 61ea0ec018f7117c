"""All rules in the order of the standard, and the check of a whole book."""

from __future__ import annotations

import re
from collections.abc import Callable

from hmsbook.analysis.summary import Summary
from hmsbook.model.book import Book
from hmsbook.model.problems import Problem
from hmsbook.rules import (
    challenges,
    development,
    group,
    indicators,
    measures,
    privacy,
    process,
    proposals,
    references,
    survey,
)
from hmsbook.rules.base import Rule, Subject

RULES: tuple[Rule, ...] = (
    group.someone_decides,
    group.employees_are_represented,
    group.method_roles_are_filled,
    group.addresses_reach_one_person,
    challenges.chosen_is_followed,
    indicators.as_many_as_the_method_asks,
    indicators.indicators_are_described,
    indicators.values_can_be_used,
    indicators.values_keep_coming,
    development.limits_can_be_relied_on,
    development.concern_has_a_why,
    indicators.numbers_have_grounds,
    privacy.no_identity_numbers,
    proposals.scores_are_one_to_five,
    proposals.proposals_lead_somewhere,
    proposals.disagreement_is_talked_about,
    proposals.members_vote_once,
    measures.decided_measures_are_clear,
    measures.measures_are_followed_up,
    measures.measures_are_well_founded,
    measures.sensitive_measures_stay,
    measures.measures_cover_levels,
    measures.measures_end_well,
    measures.measures_wait_for_the_why,
    survey.survey_leads_to_action,
    survey.few_wishes_at_a_time,
    process.steps_follow_each_other,
    references.ids_are_found_once,
)

_CELL = re.compile(r"([A-Z]+)(\d+)")

Position = tuple[int, int, int, str]


def check(book: Book, summary: Summary) -> tuple[Problem, ...]:
    """Every problem the rules find: errors first, then by code, sheet and cell."""
    subject = Subject(book, summary)
    found = [problem for entry in RULES for problem in entry.problems(subject)]
    position = positions(book)
    return tuple(sorted(found, key=lambda problem: (problem.order, position(problem))))


def positions(book: Book) -> Callable[[Problem], Position]:
    """How problems stand in the workbook: sheets in their usual order, cells row by row."""
    rows = [row for table in (*book.drawn_rows.values(), *book.rows.values()) for row in table[:1]]
    sheets = {sheet: number for number, sheet in enumerate(dict.fromkeys(row.sheet for row in rows))}

    def position(problem: Problem) -> Position:
        cell = _CELL.fullmatch(problem.place.cell)
        column, row = cell.groups() if cell else ("", "0")
        return sheets.get(problem.place.sheet, len(sheets)), int(row), len(column), column

    return position
