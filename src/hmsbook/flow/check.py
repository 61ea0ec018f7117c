"""Kontroll: problems in words, as rows of the sheet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from hmsbook.model.problems import Problem
from hmsbook.model.raw import Grid
from hmsbook.texts.words import Words

# The list of allowed values that each of these parameters holds a key of.
_LABELLED = {
    "role": "roles",
    "factor": "factors",
    "status": "statuses",
    "iglo": "iglo",
    "criterion": "criteria",
}


def problem_rows(
    problems: Sequence[Problem], room: int, language: Words, *, updated: bool
) -> tuple[Grid, str]:
    """The rows that fit, and what to say of those that do not."""
    rows: Grid = [
        [
            language.choice("severities", problem.severity),
            problem.code,
            problem.place.sheet,
            problem.place.cell,
            *sentences(problem, language),
        ]
        for problem in problems[:room]
    ]
    if not rows and updated:
        rows = [["", "", "", "", language.text("ui.check.none"), ""]]
    more = language.text("ui.check.more", n=len(problems) - room) if len(problems) > room else ""
    return rows, more


def sentences(problem: Problem, language: Words) -> tuple[str, str]:
    """What is wrong, and how to mend it."""
    section = "reading" if language.has(f"reading.{problem.case}") else f"rules.{problem.code}"
    values = {name: labelled(name, value, problem, language) for name, value in problem.values.items()}
    return (
        language.text(f"{section}.{problem.case}.text", **values),
        language.text(f"{section}.{problem.case}.fix", **values),
    )


def labelled(name: str, value: object, problem: Problem, language: Words) -> object:
    """A key of the standard as the people of this workbook know it."""
    if isinstance(value, tuple):
        return tuple(labelled(name, item, problem, language) for item in value)
    return _label(name, value, problem, language)


def _label(name: str, value: object, problem: Problem, language: Words) -> object:
    if name in ("table", "sheet"):
        return language.text(f"tables.{value}" if name == "table" else f"sheets.{value}.title")
    if name == "column":
        key = str(value)
        return key if key[1:].isdigit() else language.text(f"columns.{problem.values['table']}.{key}.label")
    if name == "month" and isinstance(value, date):
        return language.month(value)
    if name == "choices":
        return list(language.choices(str(value)).values())
    if isinstance(value, str) and name in _LABELLED:
        return language.choice(_LABELLED[name], value)
    return value
