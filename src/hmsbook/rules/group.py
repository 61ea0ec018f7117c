"""Rules about the group: who decides, who represents the employees, whom the method asks for."""

from __future__ import annotations

import re

from hmsbook.model.records import Member
from hmsbook.rules.base import Finding, Findings, Subject, at, rule
from hmsbook.rules.people import anyone_of
from hmsbook.texts.words import plain

REPRESENTATIVES = ("safety_representative", "union_representative")

_LABEL = r"[^\W_](?:[\w-]*[^\W_])?"
_LOCAL = r"[^\s@,;:<>()\"\[\]\\.]+"
_ADDRESS = re.compile(rf"{_LOCAL}(?:\.{_LOCAL})*@(?:{_LABEL}\.)+[^\W\d_]{{2,}}")


def is_address(text: str) -> bool:
    """Whether an e-mail address can be one."""
    return bool(_ADDRESS.fullmatch(text))


@rule(
    "GRP-1",
    "W",
    cases=("nobody_decides", "nobody_who_decides_came"),
    source="All four methods: someone in the group can decide, or has a short path to someone who can.",
)
def someone_decides(subject: Subject) -> Findings:
    """Someone in the group can decide, and was there when measures were decided."""
    book = subject.book
    names = [member.name for member in book.group if member.can_decide and member.name]
    if not any(member.can_decide for member in book.group):
        yield Finding("nobody_decides", book.column_place("group", "can_decide"), at("group", "can_decide"))
    for meeting in book.meetings:
        if meeting.type == "measures" and meeting.attendance and not anyone_of(meeting.attendance, names):
            values = {"meeting": meeting.id or ""}
            yield Finding("nobody_who_decides_came", meeting.place("attendance"), values, "E")


@rule(
    "GRP-2",
    "W",
    cases=("nobody_represents",),
    source="Working Environment Act § 4-2 and chapter 6: employees and their representatives take part.",
)
def employees_are_represented(subject: Subject) -> Findings:
    """A safety representative or another representative of the employees is in the group."""
    if not any(member.role in REPRESENTATIVES for member in subject.book.group):
        yield Finding("nobody_represents", subject.book.column_place("group", "role"))


@rule(
    "GRP-3",
    "R",
    cases=("roles_missing", "facts_missing"),
    source="The roles PRoIND and Der skoen trykker ask for, and what Arbeidsplassutvikling prepares.",
)
def method_roles_are_filled(subject: Subject) -> Findings:
    """The group has the roles, and the unit the facts, that its method asks for."""
    have = {member.role for member in subject.book.group}
    roles = tuple(role for role in subject.method.get("required_roles", ()) if role not in have)
    if roles:
        yield Finding("roles_missing", subject.book.column_place("group", "role"), {"role": roles})
    unit = subject.book.unit
    facts = tuple(key for key in subject.method.get("required_unit_fields", ()) if not unit.row.get(key))
    if facts:
        place = subject.book.column_place("unit", facts[0])
        yield Finding("facts_missing", place, at("unit", facts))


@rule(
    "GRP-4",
    "E",
    cases=("bad_address", "same_address"),
    source="The workbook is mailed to the group: every address has to reach one person.",
)
def addresses_reach_one_person(subject: Subject) -> Findings:
    """Every address can be one, and stands once."""
    first: dict[str, Member] = {}
    for member in subject.book.group:
        if not member.email:
            continue
        place, values = member.place("email"), {"found": member.email, "name": member.name or ""}
        if not is_address(member.email):
            yield Finding("bad_address", place, values)
        earlier = first.setdefault(plain(member.email), member)
        if earlier is not member:
            yield Finding("same_address", place, {**values, "other": earlier.place("email").cell})
